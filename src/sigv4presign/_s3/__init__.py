"""What few S3 URLs need, loaded when they do: operations with parameters, forms, other stores' addresses, ARNs."""
