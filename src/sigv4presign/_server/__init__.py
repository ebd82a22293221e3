"""What `wsgi`, `asgi` and `_share` have in common: the guarded request, its body, S3's refusals, forms, one-time links."""
