"""Whether `presign` and botocore agree about one request, and where they are known not to.

Rule: compared are the signature, the path, and the decoded parameters; the order of parameters is free.
"""

from urllib.parse import parse_qsl, quote, unquote, urlsplit

import oracle
from strategies import Case

from sigv4presign import Credentials, PresignedUrl, presign


def ours(case: Case, *, query_as_argument: bool = False) -> PresignedUrl:
    """Our URL for a case; the query goes into the URL or into `query=`."""
    url = f"{case.scheme}://{case.host}{case.path}" if query_as_argument else case.url
    return presign(
        case.method,
        url,
        credentials=Credentials(*case.keys),
        region=case.region,
        service=case.service,
        expires_in=case.expires_in,
        query=case.query if query_as_argument else None,
        headers=case.headers,
        now=case.now,
    )


def theirs(case: Case) -> str:
    """botocore's URL for a case."""
    path = case.path
    if case.kind == "s3":
        # botocore signs an S3 path as it is given, so it is given in S3's own spelling: decoded and encoded once.
        path = "/".join(quote(unquote(segment, errors="strict"), safe="-_.~") for segment in path.split("/"))
    return oracle.presigned_url(
        case.kind,
        case.method,
        f"{case.scheme}://{case.host}{path}" + (f"?{case.raw_query}" if case.raw_query else ""),
        keys=case.keys,
        region=case.region,
        service=case.service,
        expires_in=case.expires_in,
        headers=case.headers,
        now=case.now,
    )


def parts(url: str) -> "tuple[str, str, list[tuple[str, str]]]":
    """Scheme and host, path, and the sorted decoded parameters, the signature among them, of a URL."""
    split = urlsplit(str(url))
    port = {"http": ":80", "https": ":443"}[split.scheme]
    host = split.netloc.lower().removesuffix(port)
    return f"{split.scheme}://{host}", split.path, sorted(parse_qsl(split.query, keep_blank_values=True))


def disagreement(case: Case) -> "str | None":
    """None if both make the same URL of a case, else both of them."""
    expected = parts(theirs(case))
    for query_as_argument in (False, True):
        url = ours(case, query_as_argument=query_as_argument)
        if parts(url) != expected:
            return f"{case}\n  ours   {parts(url)}\n  theirs {expected}"
    return None
