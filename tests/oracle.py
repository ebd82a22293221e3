"""botocore's query signers, as the outside opinion that our URLs are held against.

Rule: nothing here computes anything of its own; the clock is set, the request is handed over, the URL comes back.
"""

import os

os.environ["BOTO_DISABLE_CRT"] = "true"  # else botocore swaps its own signer for awscrt's where that is installed

import datetime
from collections.abc import Callable, Iterable
from typing import Any

import botocore.auth
import botocore.awsrequest
import botocore.credentials

auth: Any = botocore.auth
awsrequest: Any = botocore.awsrequest
credentials_module: Any = botocore.credentials


def botocore_credentials(access_key: str, secret_key: str, token: "str | None" = None) -> Any:
    """botocore's own credentials object."""
    return credentials_module.Credentials(access_key, secret_key, token)


def _presigned(
    signer: Any, method: str, url: str, headers: "Iterable[tuple[str, str]]", now: int, context: "dict[str, Any]"
) -> str:
    request = awsrequest.AWSRequest(method=method, url=url)
    for name, value in headers:
        request.headers.add_header(name, value)
    request.context.update(context)
    moment = datetime.datetime.fromtimestamp(now, datetime.timezone.utc)
    clock: Callable[..., datetime.datetime] = lambda *_args, **_kwargs: moment  # noqa: E731 - one line says it
    before = auth.get_current_datetime
    auth.get_current_datetime = clock
    try:
        signer.add_auth(request)
    finally:
        auth.get_current_datetime = before
    return str(request.url)


def presigned_url(
    kind: str,
    method: str,
    url: str,
    *,
    keys: "tuple[str, str, str | None]",
    region: str,
    service: str,
    expires_in: int,
    headers: "Iterable[tuple[str, str]]" = (),
    now: int,
) -> str:
    """The URL that botocore's signer of a kind, `s3` or `generic`, makes of a request."""
    signers = {"s3": auth.S3SigV4QueryAuth, "generic": auth.SigV4QueryAuth}
    signer = signers[kind](botocore_credentials(*keys), service, region, expires=expires_in)
    return _presigned(signer, method, url, headers, now, {})
