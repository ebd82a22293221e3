"""`presign`: a URL for any service that reads Signature Version 4 from the query string.

Rule: the clock is read once, the credentials once, and the URL is encoded once.
"""

from ._canonical import (
    canonical_uri,
    checked_method,
    encode_pairs,
    encode_query,
    headers_to_sign,
    join_canonical_request,
    signed_query_string,
)
from ._credentials import fitted_lifetime, freeze
from ._presigned_url import PresignedUrl
from ._query_auth import (
    S3_FAMILY,
    check_query_names,
    checked_payload_hash,
    checked_rules,
    rules_for,
    signing_parameters,
)
from ._signature import state_for, string_to_sign
from ._text import exact_text
from ._time import amz_date, epoch_seconds, lifetime_seconds
from ._url import Url, parse_query
from .errors import InputError, without_our_frames

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._canonical import Headers, Pairs, Query
    from ._credentials import Credentials, CredentialsSource
    from ._query_auth import ServiceRules
    from ._signature import SigningState
    from ._sigv4a import V4aSigningState
    from ._steps import SigningKey
    from ._time import Lifetime, Now


class _Default(int):
    """An int that `is` not the same number given by a caller."""


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

    Guarantees that the URL is exactly what was signed, that nothing is added unasked, and that the result depends only
    on the arguments (and, with `now=None`, on the clock, read once).

    Args:
        method: The HTTP method, in upper case.
        url: The absolute URL as it will be requested, percent-encoded.  A `+` in its query is read as a space.
        credentials: `Credentials`, a `SigningKey`, botocore's object, or a callable that returns one of these.
        region: `eu-west-1`, or what the store is configured with.
        service: The service's name in credential scopes: `s3`, `execute-api`, `rds-db`, ...
        expires_in: The lifetime, in whole seconds or as a timedelta; 3600 if not given.  None leaves X-Amz-Expires
            out, for the services that allow it.
        query: Further parameters as plain text, a mapping or pairs; they are encoded here.
        headers: Headers that the client will send; each one is signed.
        payload_hash: The last line of the canonical request; None: what the rules say.  Adds no header.
        rules: How the service differs; None: looked up by the service's name.
        region_set: Instead of `region`, for SigV4A: `*`, `us-*`, several joined with commas, or a list or tuple of
            them.  Takes `Credentials`, not a `SigningKey`.
        now: When the lifetime begins: epoch seconds or an aware datetime; None: the current time.

    Returns:
        The URL, a `str` with the attributes method, headers and expires_at.

    Raises:
        InputError: An argument that can't be signed without guessing, or that the service would reject.
        CredentialsExpireFirst: `expires_in` was given and the credentials expire before the URL would.
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
    try:
        try:
            frozen = freeze(credentials, region)
        finally:
            del credentials  # botocore's own objects print their secrets, and so does a tuple of keys
        method = checked_method(method)
        # The types are compared here to spare the calls: benchmark row "general".
        if type(service) is not str or type(url) is not str:
            service, url = exact_text("service", service), exact_text("url", url)
        rules = rules_for(service) if rules is None else checked_rules(rules)
        payload = rules.payload_hash if payload_hash is None else checked_payload_hash(payload_hash)
        try:
            parts = Url(url)
            others = encode_pairs(parse_query(parts.query)) if parts.query else []
        except ValueError as fault:
            problem = str(fault)
            if "unescaped" in problem:
                problem += ", or give plain text: query= takes parameters, S3Presigner takes keys"
            raise InputError("url", problem) from None
        if others:
            check_query_names("url", others, rules)
        if query is not None:
            given = encode_query(query)
            check_query_names("query", given, rules)
            others += given
        lines, signed_headers = f"host:{parts.host}\n", "host"
        to_send: Pairs = []
        if headers is not None:
            lines, signed_headers, to_send = headers_to_sign(headers, parts.host, payload)

        second = epoch_seconds(now)
        lifetime = _lifetime(expires_in, second, frozen, rules)
        date = amz_date(second)
        state: SigningState | V4aSigningState
        regions = ""
        if region_set is None:
            if type(region) is not str:
                region = _checked_region(region)
            state = state_for(frozen, date[:8], region, service)
        else:
            state, regions = _for_regions(region_set, region, frozen, date[:8], service)

        own = signing_parameters(state, date, lifetime, signed_headers, rules.session_token, regions)
        query_string = signed_query_string(own, others)
        uri = canonical_uri(parts.path, rules)
        canonical_request = join_canonical_request(method, uri, query_string, lines, signed_headers, payload)
        signature = state.sign(string_to_sign(state.algorithm, date, state.scope, canonical_request))

        sent_path = parts.path if rules.double_encode else uri
        text = f"{parts.scheme}://{parts.host}{sent_path}?{query_string}&X-Amz-Signature={signature}"
        if state.token is not None and rules.session_token == "appended":
            text += "&X-Amz-Security-Token=" + state.token
        presigned = PresignedUrl(text)
        presigned._about = (method, tuple(to_send), None if lifetime is None else second + lifetime)
    except BaseException as fault:  # noqa: BLE001 - any error leaves without our frames
        del url, query, headers
        others, given, lines, to_send = [], [], "", []  # a token in the URL, the key of SSE-C in a header
        raise without_our_frames(fault)  # noqa: B904 - it is the same error
    return presigned


def _checked_region(region: "str | None") -> str:
    if region is None:
        raise InputError("region", "is missing; give 'eu-west-1' or the like, or region_set= for SigV4A")
    return exact_text("region", region)


def _for_regions(
    region_set: "str | list[str] | tuple[str, ...]",
    region: "str | None",
    frozen: "Credentials | SigningKey",
    date: str,
    service: str,
) -> "tuple[V4aSigningState, str]":
    """The state of SigV4A, and X-Amz-Region-Set, percent-encoded."""
    if region is not None:
        raise InputError("region", "region and region_set are mutually exclusive; leave one out")
    try:
        from ._sigv4a import encoded_region_set, v4a_state
    except ImportError:
        raise InputError(
            "region_set", "needs _sigv4a.py and _p256.py, which this copy of sigv4presign leaves out"
        ) from None
    return v4a_state(frozen, date, service), encoded_region_set(region_set)


def _lifetime(
    expires_in: "Lifetime | None", second: int, credentials: "Credentials | SigningKey", rules: "ServiceRules"
) -> "int | None":
    """X-Amz-Expires, at most what the rules and the credentials allow; None leaves it out."""
    if expires_in is None:
        if rules in S3_FAMILY:
            raise InputError("expires_in", "None leaves X-Amz-Expires out, which S3 rejects; give a lifetime")
        if credentials.expires_at is not None:
            fitted_lifetime(1, second, credentials.expires_at, shorten=True)  # raises if they have expired
        return None
    lifetime = lifetime_seconds(expires_in, "expires_in", rules.max_expires_in)
    if credentials.expires_at is not None:
        shorten = expires_in is DEFAULT_EXPIRES_IN
        lifetime = fitted_lifetime(lifetime, second, credentials.expires_at, shorten=shorten)
    return lifetime
