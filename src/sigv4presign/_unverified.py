"""`UnverifiedRequest`: a request, parsed strictly and not yet verified.

Rule: steps 1 to 4 of `verify`.  What two programs could read differently is rejected here.
"""

from ._canonical import MAX_HEADERS, is_method, merge_headers, remove_dot_segments
from ._query_auth import REQUIRED, TOKEN_PARAMETERS, QueryAuth, is_signing_parameter, malformed
from ._text import exact_text, pairs_of
from ._url import DEFAULT_PORTS, Url, host_value, parse_query, split_target
from .errors import InputError, VerificationError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._canonical import Headers, Pairs
    from ._expectations import Expectations
    from ._query_auth import ServiceRules
    from .errors import Reason

MAX_TARGET = 16_384  # characters; S3's keys have at most 1,024 bytes and session tokens some 2,000 characters
MAX_HEADER_COUNT = 256  # servers commonly stop at 100
MAX_PARAMETERS = 256


class UnverifiedRequest:
    """A request, parsed strictly and not yet verified; one that is malformed, not presigned, or signed for something
    else is rejected.

    Attributes:
        path: The received path, with the prefix put back.
        others: The decoded parameters that are not the signature's own.
        received: All headers in canonical form.
        authorization: The parsed X-Amz-* parameters.
    """

    __slots__ = ("authorization", "host", "method", "others", "path", "received")

    def __init__(self, method: str, url: str, headers: "Headers", expected: "Expectations") -> None:
        if type(method) is not str or type(url) is not str:
            method, url = exact_text("method", method), exact_text("url", url)
        if not is_method(method):
            raise malformed_request("InvalidRequest", "The method is not an HTTP method in capitals.")
        absolute, path, pairs = _read_target(url)
        received = _read_headers(headers)
        rules = expected.rules
        if expected.path_prefix:
            path = expected.path_prefix + path
            # Dot segments could lead out of the prefix again where the service removes them.
            if rules.normalize_path and not (remove_dot_segments(path) + "/").startswith(expected.path_prefix + "/"):
                raise malformed_request("InvalidURI", "The URL's path is outside the path prefix.")
        self.method = method
        self.path = path
        self.received = received
        self.host = _agreed_host(expected.hosts, received, absolute)

        parameters, self.others = _signing_parameters(pairs, rules)
        if not parameters:
            raise _not_presigned(self.others)
        if "authorization" in received:
            raise VerificationError(
                "two_authentications",
                "InvalidArgument",
                400,
                "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string "
                "parameter or the Authorization header should be specified",
            )
        self.authorization = authorization = QueryAuth(parameters, rules.session_token)
        if authorization.expires_in > expected.longest:
            malformed("expires_out_of_range", f"X-Amz-Expires must be at most {expected.longest} seconds here.")
        if authorization.service != expected.service:
            problem = f"The service {quoted(authorization.service)} is wrong; expecting {quoted(expected.service)}."
            malformed("wrong_service", problem)
        if expected.region is not None and authorization.region != expected.region:
            problem = f"The region {quoted(authorization.region)} is wrong; expecting {quoted(expected.region)}."
            malformed("wrong_region", problem)


def _not_presigned(parameters: "Pairs") -> VerificationError:
    """The error for a request without a signature of this version."""
    if _is_of_version_2(parameters):
        return VerificationError(
            "unsupported_algorithm",
            "InvalidRequest",
            400,
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. (The URL is "
            "signed with Signature Version 2: it has AWSAccessKeyId and Signature.)",
        )
    return VerificationError(
        "missing_parameter", "AccessDenied", 403, "The request has no signature in its query string."
    )


def _is_of_version_2(parameters: "Pairs") -> bool:
    """Whether a request is signed with Signature Version 2 in its query string."""
    names = {name for name, _ in parameters}
    return names >= {"AWSAccessKeyId", "Signature"} and "X-Amz-Algorithm" not in names


def quoted(text: str) -> str:
    """A piece of the request for a message, on one line and of bounded length."""
    return ascii(text[:60])


def malformed_request(code: str, problem: str, reason: "Reason" = "malformed_request") -> VerificationError:
    return VerificationError(reason, code, 400, problem)


def _read_target(url: str) -> "tuple[Url | None, str, Pairs]":
    """Read a request target: the URL if it is an absolute one, the path, and the decoded parameters."""
    if len(url) > MAX_TARGET:
        raise malformed_request("InvalidURI", f"The URL is longer than {MAX_TARGET} characters.", "too_large")
    try:
        if url[:1] == "/":
            absolute = None
            path, query = split_target(url)
        elif "://" not in url.partition("?")[0]:
            problem = "The request target is empty or does not begin with /; it is /path?query or a whole URL."
            raise malformed_request("InvalidURI", problem)
        else:
            absolute = Url(url)
            path, query = absolute.path, absolute.query
        pairs = parse_query(query)
    except ValueError as fault:
        raise malformed_request("InvalidURI", f"The URL {fault}.") from None
    if len(pairs) > MAX_PARAMETERS:
        raise malformed_request("InvalidURI", f"The URL has more than {MAX_PARAMETERS} parameters.", "too_large")
    return absolute, path, pairs


def _received(_name: str, value: str) -> str:
    """Tabs are spaces; other control characters are kept, and rejected if the header is signed."""
    return " ".join([word for word in value.replace("\t", " ").split(" ") if word])


def _read_headers(headers: "Headers") -> "dict[str, str]":
    """All headers in canonical form."""
    given: Any = headers
    if type(headers) is not dict and not hasattr(headers, "__len__"):
        counted = zip(range(MAX_HEADER_COUNT + 1), pairs_of("headers", headers))  # noqa: B905 - of any length
        given = [pair for _, pair in counted]
    if len(given) > MAX_HEADER_COUNT:  # first, since merging a repeated header is quadratic
        problem = f"The request has more than {MAX_HEADER_COUNT} headers."
        raise malformed_request("RequestHeaderSectionTooLarge", problem, "too_large")
    try:
        return merge_headers(given, _received)
    except InputError:
        problem = f"The headers have more than {MAX_HEADERS} characters."
        raise malformed_request("RequestHeaderSectionTooLarge", problem, "too_large") from None
    except (TypeError, ValueError) as fault:
        if str(fault)[:8] == "headers:":
            raise
        raise TypeError("headers: expected pairs of a name and a value") from None


def _agreed_host(expected: "tuple[str, ...] | None", received: "dict[str, str]", absolute: "Url | None") -> str:
    """The host, on which the request's parts and the caller's `host` must agree."""
    agreed = default_port = None
    if absolute is not None:
        agreed, default_port = absolute.host, DEFAULT_PORTS[absolute.scheme]
    for name in ("host", ":authority"):
        if name in received:
            try:
                named = host_value(received[name], default_port)
            except ValueError as fault:
                problem = f"The {name} header {fault}."
                if "," in received[name]:  # joins repeated headers; no host has one
                    problem = f"The request has more than one {name} header, or a comma in it."
                raise malformed_request("InvalidRequest", problem, "wrong_host") from None
            if agreed is not None and named != agreed:
                raise malformed_request("InvalidRequest", "The request names more than one host.", "wrong_host")
            agreed = named
    if expected is not None:
        if agreed is None and len(expected) == 1:
            [agreed] = expected
        elif agreed is not None and agreed not in expected:
            raise VerificationError("wrong_host", "AccessDenied", 403, "The request is for another host.")
    if agreed is None:
        raise malformed_request("InvalidRequest", "The request has no Host header.", "missing_host")
    return agreed


def _signing_parameters(pairs: "Pairs", rules: "ServiceRules") -> "tuple[dict[str, str], Pairs]":
    """The signature's own parameters, each there at most once and spelt exactly; and all the others."""
    parameters: dict[str, str] = dict(pairs)
    if len(parameters) == len(pairs) and _SPELT.issuperset(parameters):  # as in most requests: nothing else, none twice
        return parameters, []
    parameters = {}
    others: Pairs = []
    token_name = TOKEN_PARAMETERS[rules.session_token]
    for pair in pairs:
        name, value = pair
        if name in _SPELT or name == token_name:
            if name in parameters:
                malformed("duplicate_parameter", f"{name} is there more than once.")
            parameters[name] = value
        elif name[:6].lower() != "x-amz-" or not is_signing_parameter(name, rules.session_token):
            others.append(pair)
        elif name == "X-Amz-Region-Set":
            malformed("unsupported_algorithm", "X-Amz-Region-Set belongs to SigV4A, which is not verified here.")
        elif _is_of_version_2(pairs):  # of which the token is spelt x-amz-security-token
            raise _not_presigned(pairs)
        else:
            malformed("malformed_request", f"{quoted(name)} does not belong here, or is spelt in another case.")
    if "X-Amz-Algorithm" not in parameters and _is_of_version_2(pairs):
        raise _not_presigned(pairs)
    return parameters, others


_SPELT = frozenset(REQUIRED)
