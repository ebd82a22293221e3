"""Real servers, clients and proxies on loopback, and one suite over all of them: `make live`.

Rule: nothing here runs under `make test`; what a server does differently is data with its reason beside it.
"""
