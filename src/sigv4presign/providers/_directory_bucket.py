"""Sessions for directory buckets (S3 Express One Zone), by a presigned CreateSession.

Rule: the request follows botocore's model; the answer is read like STS's.
"""

from .._credentials import Credentials
from ..errors import CredentialsExpireFirst, CredentialsNotFound, InputError
from ._answer import code_name, credentials_from
from ._lookup import Lookup
from ._provider import Found, Later, check_flag, check_text
from ._services import server_of
from ._sts import xml_texts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import CredentialsSource

_SIGNED_FOR = 60  # seconds


def session_fetch(
    bucket: str, credentials: "CredentialsSource", region: str, *, read_only: bool, endpoint: "str | None"
) -> Later:
    """Return the function that fetches a session; the arguments are checked now."""
    from .._credentials import freeze
    from .._s3.buckets import address_at_aws

    for parameter, text in (("bucket", bucket), ("region", region)):
        if not isinstance(text, str):
            raise TypeError(f"{parameter}: expected str, got {type(text).__name__}")
    check_text("endpoint", endpoint)
    check_flag("read_only", read_only)
    if not bucket.endswith(("--x-s3", "--xa-s3")):
        raise InputError("bucket", f"{bucket[:80]!r} is not a directory bucket, such as 'name--usw2-az1--x-s3'")
    address = address_at_aws(bucket, region=region, style="auto", dualstack=False, fips=False, accelerate=False)
    if not callable(credentials):
        freeze(credentials)  # for the error it raises
    url = address.opening + "/" if endpoint is None else endpoint.rstrip("/") + "/"
    return Later(_fetch, bucket, credentials, region, url, read_only)


def _fetch(bucket: str, credentials: "CredentialsSource", region: str, url: str, read_only: bool) -> Found:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateSession.html"""
    from .._presign import presign
    from .._query_auth import S3_RULES

    mode = {"x-amz-create-session-mode": "ReadOnly"} if read_only else {}
    try:
        server = server_of("S3", Lookup(None), url)
        signed = presign(
            "GET",
            url,
            credentials=credentials,
            region=region,
            service="s3express",
            expires_in=_SIGNED_FOR,
            query={"session": ""},
            headers=mode,
            # The caller's token is sent under its usual name; a session's token has another name.
            rules=S3_RULES,
        )
    except CredentialsExpireFirst as fault:
        problem = f"the credentials for CreateSession expire in {fault.seconds_left} s"
    except InputError as fault:
        problem = f"S3 cannot be asked for a session: {fault}"
    else:
        return Found(
            _session(*server.ask("GET", signed, mode), server_name=server.who), f"a session for the bucket {bucket}"
        )
    raise CredentialsNotFound(problem)


def _session(status: int, answer: bytes, *, server_name: str) -> Credentials:
    texts: dict[str, str] = {}
    try:
        texts = xml_texts(answer)
    except ValueError:
        problem = f"{server_name} answered CreateSession with something that is not its XML (status {status})"
    else:
        problem = f"{server_name} refused CreateSession with {code_name(texts.get('Code'))} (status {status})"
    if status != 200 or not texts:
        raise CredentialsNotFound(problem)
    return credentials_from(server_name, texts, token="SessionToken", temporary=True)
