"""The file server of `sigv4presign share`: one file or one folder of this machine, through presigned URLs only."""
