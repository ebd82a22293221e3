"""`presign`: a URL for any service that reads Signature Version 4 from the query string.

Rule: one reading of the clock, one of the credentials, one encoding; everything in the URL follows from these.
"""

from ._canonical import canonical_uri, checked_method, headers_to_sign, join_canonical_request
from ._encoding import amz_date, encode_pairs, encode_query, epoch_seconds, exact_text, lifetime_seconds
from ._signature import (
    ALGORITHM,
    ALGORITHM_V4A,
    S3_FAMILY,
    check_query_names,
    checked_payload_hash,
    freeze,
    rules_for,
    sha256,
    sign,
    signed_query,
    state_for,
)
from ._url import parse_query, split_url
from ._values import Credentials, PresignedUrl, fitted_lifetime
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._encoding import Pairs
    from ._signature import ServiceRules
    from ._steps import SigningKey
    from .types import CredentialsSource, Headers, Lifetime, Now, Query


class _Default(int):
    """An int that is told from the same int given by a caller."""


DEFAULT_EXPIRES_IN = _Default(3600)


def presign(
    method: str,
    url: str,
    *,
    credentials: "CredentialsSource",
    region: "str | None" = None,
    service: str,
    expires_in: "Lifetime | None" = DEFAULT_EXPIRES_IN,
    query: "Query | None" = None,
    headers: "Headers | None" = None,
    payload_hash: "str | None" = None,
    rules: "ServiceRules | None" = None,
    region_set: "str | list[str] | tuple[str, ...] | None" = None,
    now: "Now | None" = None,
) -> PresignedUrl:
    """Sign a request in its query string.

    Guarantees that the URL says exactly what was signed, that nothing is added which was not asked for, and that the
    result does not depend on anything but the arguments (and, with `now=None`, the clock, read once).

    Args:
        method: The HTTP method, in capitals.
        url: The absolute URL as it will be requested, percent-encoded.  A `+` in its query is read as a space.
        credentials: `Credentials`, a `SigningKey`, botocore's object, or a callable that returns one of these.
        region: `eu-west-1`, or what the store is configured with.
        service: The service's name in credential scopes: `s3`, `execute-api`, `rds-db`, ...
        expires_in: The lifetime, in whole seconds or as a timedelta; 3600 if not given.  None leaves X-Amz-Expires
            out, for the services that allow it.
        query: Further parameters as plain text, a mapping or pairs; they are encoded here.
        headers: Headers that the client will send; each becomes a signed header.
        payload_hash: The last line of the canonical request; None: what the rules say.  Adds no header.
        rules: How the service differs; None: looked up by the service's name.
        region_set: Instead of `region`, for SigV4A: `*`, `us-*`, several joined with commas, or a list or tuple of
            them.  Takes `Credentials`, not a `SigningKey`.
        now: When the lifetime begins: epoch seconds or an aware datetime; None: this moment.

    Returns:
        The URL, a `str` that also knows its method, the headers to send, and when it expires.

    Raises:
        InputError: An argument that cannot be signed without guessing, or that the service would refuse.
        CredentialsExpireFirst: `expires_in` was given and the credentials end before it.
        TypeError: An argument of the wrong type.

    Example:
        >>> from sigv4presign import Credentials, presign
        >>> url = presign("GET", "https://examplebucket.s3.amazonaws.com/test.txt",
        ...               credentials=Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        ...               region="us-east-1", service="s3", expires_in=86400, now=1369353600)
        >>> url[-64:]
        'aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404'
        >>> url.method, url.headers, url.expires_at
        ('GET', {}, 1369440000)

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    """
    method = checked_method(method)
    if type(service) is not str:
        service = exact_text("service", service)
    if rules is None:
        rules = rules_for(service)
    payload = rules.payload_hash if payload_hash is None else checked_payload_hash(payload_hash)

    if type(url) is not str:
        url = exact_text("url", url)
    pairs: Pairs = []
    try:
        scheme, host, path, raw_query = split_url(url)
        if raw_query:
            pairs = encode_pairs(parse_query(raw_query))
    except ValueError as fault:
        raise InputError("url", str(fault)) from None
    if pairs:
        check_query_names("url", pairs, rules)
    if query is not None:
        given = encode_query(query)
        check_query_names("query", given, rules)
        pairs += given
    canonical_headers, signed_headers = f"host:{host}\n", "host"
    to_send: Pairs = []
    if headers is not None:
        canonical_headers, signed_headers, to_send = headers_to_sign(headers, host, payload)

    now = epoch_seconds(now)
    frozen: Credentials | SigningKey = credentials if isinstance(credentials, Credentials) else freeze(credentials)
    lifetime = None
    if expires_in is not None:
        lifetime = lifetime_seconds(expires_in, "expires_in", rules.max_expires_in)
        if frozen.expires_at is not None:
            shorten = expires_in is DEFAULT_EXPIRES_IN
            lifetime = fitted_lifetime(lifetime, now, frozen.expires_at, shorten=shorten)
    elif rules in S3_FAMILY:
        raise InputError("expires_in", "None leaves X-Amz-Expires out, which S3 refuses; give a lifetime")
    elif frozen.expires_at is not None:
        fitted_lifetime(1, now, frozen.expires_at, shorten=True)  # for the error, if they have ended

    date = amz_date(now)
    rule = rules.session_token
    state: "Any"
    finish: "Any"
    if region_set is None:
        if region is None:
            raise InputError("region", "is needed: 'eu-west-1' or the like; or region_set=, for SigV4A")
        if type(region) is not str:
            region = exact_text("region", region)
        state = state_for(frozen, date[:8], region, service)
        scope, credential, token, _, _ = state
        query_string = signed_query(credential, date, lifetime, signed_headers, token, rule, pairs)
        algorithm, finish = ALGORITHM, sign
    else:
        if region is not None:
            raise InputError("region", "and region_set= exclude each other; leave one out")
        try:
            from ._sigv4a import encoded_region_set, sign_v4a, v4a_state
        except ImportError:
            raise InputError("region_set", "needs _sigv4a.py and _p256.py, which this copy leaves out") from None
        state = v4a_state(frozen, date[:8], service)
        scope, credential, token, _ = state
        regions = "&X-Amz-Region-Set=" + encoded_region_set(region_set)
        query_string = signed_query(
            credential, date, lifetime, signed_headers, token, rule, pairs, ALGORITHM_V4A, regions
        )
        algorithm, finish = ALGORITHM_V4A, sign_v4a
    uri = canonical_uri(path, rules)
    canonical = join_canonical_request(method, uri, query_string, canonical_headers, signed_headers, payload)
    signature: str = finish(state, f"{algorithm}\n{date}\n{scope}\n{sha256(canonical.encode()).hexdigest()}".encode())

    sent_path = path if rules.double_encode else uri
    text = f"{scheme}://{host}{sent_path}?{query_string}&X-Amz-Signature={signature}"
    if token is not None and rules.session_token == "appended":
        text += "&X-Amz-Security-Token=" + token
    presigned = PresignedUrl(text)
    presigned._about = (method, tuple(to_send), None if lifetime is None else now + lifetime)
    return presigned
