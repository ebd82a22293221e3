"""S3: where buckets live, which operations there are, and the presigner that puts them together."""
