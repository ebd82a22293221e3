"""What `wsgi`, `asgi` and `_share` have in common: requests, bodies, S3's refusals, forms, one-time links."""
