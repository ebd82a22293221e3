"""`inspect`, `explain` and the curl command of a `PresignedUrl`.  Optional: the rest works without this folder."""
