"""Whether a URL is right: nothing is timed before its URLs are.

Rule: two opinions, neither the maker's own word.  botocore's signer signs the same request at the same second and has
to come to the same signature, and `sigv4presign.verify`, with the secret known, has to accept the URL.
"""

import os
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

os.environ["BOTO_DISABLE_CRT"] = "true"

from datetime import datetime, timezone

from inputs import (
    ACCESS_KEY_ID,
    BUCKET,
    EXPIRES_IN,
    GENERAL_HEADERS,
    GENERAL_PATH,
    GENERAL_QUERY,
    GENERAL_REGION,
    GENERAL_SERVICE,
    REGION,
    SECRET_ACCESS_KEY,
)
from maker import load

from sigv4presign import Credentials, verify
from sigv4presign.errors import VerificationError


def fault_of_object_url(url: str, key: str, token: "str | None" = None) -> "str | None":
    """What is wrong with the URL of a GET of an object, or None."""
    parts = urlsplit(url)
    path = f"/{key}" if parts.netloc.startswith(BUCKET + ".") else f"/{BUCKET}/{key}"
    if unquote(parts.path) != path:
        return f"its path is {parts.path}, not {quote(path)}"
    return _fault(url, {}, token, REGION, "s3")


def fault_of_general_url(url: str) -> "str | None":
    """What is wrong with the URL of the general request, or None."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if parts.path != GENERAL_PATH or not GENERAL_QUERY.items() <= query.items():
        return "its path or its query is another"
    if query["X-Amz-SignedHeaders"] != ";".join(sorted(["host", *GENERAL_HEADERS])):
        return "its signed headers are others"
    return _fault(url, GENERAL_HEADERS, None, GENERAL_REGION, GENERAL_SERVICE)


def _fault(url: str, headers: "dict[str, str]", token: "str | None", region: str, service: str) -> "str | None":
    parts = urlsplit(url)
    query = parse_qsl(parts.query, keep_blank_values=True)
    signing = {name: value for name, value in query if name.startswith("X-Amz-")}
    if signing.get("X-Amz-Expires") != str(EXPIRES_IN):
        return f"its lifetime is {signing.get('X-Amz-Expires')}, not {EXPIRES_IN}"
    if signing.get("X-Amz-Security-Token") != token:
        return "its session token is another"
    moment = datetime.strptime(signing["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)

    others = [(name, value) for name, value in query if name not in signing]
    bare = f"{parts.scheme}://{parts.netloc}{parts.path}" + (f"?{urlencode(others, quote_via=quote)}" if others else "")
    expected = _botocore(bare, headers, token, region, service, moment)
    if signing.get("X-Amz-Signature") != dict(parse_qsl(urlsplit(expected).query))["X-Amz-Signature"]:
        return "botocore comes to another signature"

    secrets = {ACCESS_KEY_ID: Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token)}
    try:
        verify("GET", url, headers=headers, secrets=secrets, service=service, region=region, now=moment)
    except VerificationError as refusal:
        return f"verify refuses it: {refusal.reason}"
    return None


def _botocore(
    url: str, headers: "dict[str, str]", token: "str | None", region: str, service: str, moment: datetime
) -> str:
    auth: Any = load("botocore.auth")
    credentials = load("botocore.credentials").Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token)
    kind = auth.S3SigV4QueryAuth if service == "s3" else auth.SigV4QueryAuth
    request = load("botocore.awsrequest").AWSRequest("GET", url, headers=headers)
    clock = auth.get_current_datetime
    auth.get_current_datetime = lambda *_args, **_kwargs: moment  # pyright: ignore[reportUnknownLambdaType]
    try:
        kind(credentials, service, region, expires=EXPIRES_IN).add_auth(request)
    finally:
        auth.get_current_datetime = clock
    return str(request.url)
