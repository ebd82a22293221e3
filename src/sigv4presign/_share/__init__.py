"""What a server needs beyond `verify`: S3's refusals, and `share`, which serves files through presigned URLs."""
