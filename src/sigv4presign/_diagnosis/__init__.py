"""`inspect`, `explain` and the curl command of a `PresignedUrl`.  Optional: without this folder all the rest works."""
