"""What a server needs beyond `verify`: `share`, which serves files of this machine through presigned URLs."""
