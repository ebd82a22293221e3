"""`inspect` and `explain`, and what `repr` and logs share with them: redaction by name, and the curl command."""
