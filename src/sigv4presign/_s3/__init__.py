"""S3: the presigner and its fast path, and what only some URLs need, which is loaded for them."""
