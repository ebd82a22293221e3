"""`explain`: why a presigned request was refused.  Optional: without this folder all the rest still works."""
