"""Other makers of presigned URLs, asked for the same random requests: `make peers`."""
