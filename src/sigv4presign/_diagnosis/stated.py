"""The finding for the error that an answer states.

Rule: the table in `refusals` maps errors to findings; only findings that need the URL's region, service or times are
written here.
"""

from .._query_auth import S3_FAMILY
from .._time import LAST_SECOND, iso_date
from .finding import LIKELY, POSSIBLE, STATED, Finding, shown, shown_name
from .refusals import MISMATCH, refusal_of
from .remedies import REMEDIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answer import Answer
    from .finding import Findings
    from .inspect import UrlAuth
    from .refusals import Refusal
    from .request import Request

_SKEW = 900  # seconds that stores allow two clocks to differ
# Servers also answer so for other reasons.
_UNSURE = ("denied_by_policy", "unknown_access_key", "malformed_parameter", "changed_on_the_way")
# Stores answer so to any request without an algorithm in the query, or with another one in a header.
_OF_A_READABLE_URL = ("unsupported_algorithm", "unsigned_headers")


def stated(answer: "Answer", request: "Request | None", clock: int) -> "Findings":
    """Return the findings for the error that the answer states; none for a mismatch, which has no reason."""
    row = refusal_of(answer)
    code = row.finding if row is not None else ""
    region = _right_region(answer, request)
    signed_for = None if request is None or request.is_v4a else request.authorization.region
    named = answer.region if signed_for is not None else None
    if (code == "wrong_region" and not _is_v4a(request)) or (named and named != signed_for and code != MISMATCH):
        yield STATED, _wrong_region(answer, signed_for, region)
        return
    if code == MISMATCH:
        return
    seen = seen_in(answer)
    if row is None:
        if answer.status in (301, 302, 307, 308):
            # S3 and STS redirect requests without a signature to their web page.
            is_a_page = answer.headers.get("location", "").startswith("https://aws.amazon.com/")
            code = "changed_on_the_way" if is_a_page else "wrong_endpoint"
        elif answer.code or answer.message:
            yield POSSIBLE, Finding(
                "refused_otherwise", seen, "an answer without an error",
                "The server refuses the request for a reason that is not the signature: look its code up in the "
                "documentation of the store.",
            )  # fmt: skip
            return
        else:
            return
    if code == "skewed":
        code = "not_yet_valid"
        if request is not None:
            if request.expires_at is not None and clock > request.expires_at:
                code = "expired"
            elif answer.server_time is not None and request.authorization.signed_at <= answer.server_time + _SKEW:
                yield STATED, _skewed(request.authorization.signed_at, answer.server_time)
                return
    if code == "denied_by_policy" and answer.status == 401 and row is not None and not (row.fix or row.words):
        code = "changed_on_the_way"  # 401 means that no caller was identified, not that a known caller is denied
    if code == "expired_token" and request is not None and _is_googles_without_token(request):
        # Google answers so to an expired signature, and to an OAuth token in a header.
        is_over = request.expires_at is not None and clock > request.expires_at
        code, row = "expired" if is_over else "two_authentications", None
    if _saw_no_signature(answer, request):
        code, row = "changed_on_the_way", None
    if code == "not_found" and request is not None and answer.message.lower() == "not found":
        service = request.authorization.service
        code, row = ("no_such_route", None) if service == "execute-api" else (code, row)  # as HTTP APIs say it
    expected, fix = REMEDIES[code]
    if row is not None:
        expected, fix = row.expected or expected, row.fix or fix
    if code == "expired":
        if request is None or (ended_at := request.expires_at) is None:
            finding = Finding("expired", seen, expected, fix)
        elif answer.server_time is not None and answer.server_time <= ended_at:
            finding = _ended_early(ended_at, answer.server_time)
        else:
            finding = ended(request.authorization, ended_at, answer.server_time)
    elif code == "not_yet_valid":
        finding = not_yet_valid(request, answer.server_time)
    elif code == "wrong_service":
        quoted = answer.message.replace("'", '"').split('"')[1::2]
        if quoted:
            expected = shown(quoted[-1])
            fix = f"Sign with service={expected!r}."
        finding = Finding(code, seen, expected, fix)
    elif code == "wrong_endpoint":
        endpoint = shown(answer.elements.get("Endpoint") or answer.headers.get("location") or expected)
        finding = Finding(code, seen, endpoint, fix)
    elif code == "unsigned_headers":
        named = "".join(answer.message.split("`")[1:2])  # Garage: Header `x-amz-acl` should be signed
        names = shown(answer.elements.get("HeadersNotSigned") or named or "a header that was not signed")
        finding = Finding(code, names, expected, fix)
    elif code == "no_such_route" and request is not None and request.authorization.service == "iotdevicegateway":
        finding = Finding(
            code,
            seen,
            "wss://ENDPOINT/mqtt",
            "AWS IoT takes WebSockets at the path /mqtt of the account's own endpoint.",
        )
    elif code in ("wrong_checksum", "unsupported") and request is not None and (name := _checksum_of(request)):
        finding = Finding(
            code, seen, expected,
            f"The URL was signed with {shown_name(name)}, as SDKs add it for the body that they have, often none: sign "
            "without it (JavaScript and boto3: request checksums 'when_required'), or with the checksum of the file.",
        )  # fmt: skip
    elif code == "denied_by_policy" and row is not None and request is not None:
        finding = Finding(code, seen, expected, _denied(row, request, fix))
    else:
        finding = Finding(code, seen, expected, fix)
    unsure = code in _UNSURE or (code in _OF_A_READABLE_URL and request is not None)
    yield (LIKELY if unsure else STATED), finding


def _denied(row: "Refusal", request: "Request", fix: str) -> str:
    """Return what to do where a service refuses the right: the row's own way out, else the service's."""
    is_bare = "forbidden" in row.codes
    if request.rules in S3_FAMILY:  # it never says Forbidden, but clients do that print the status alone
        asked = " Ask again with curl -si: the answer's body names the cause."
        return REMEDIES[row.finding][1] + asked if is_bare else fix
    if row.fix and not is_bare:
        return fix
    return _DENIED.get(request.authorization.service, fix if is_bare else _OF_OTHERS)


_OF_OTHERS = (
    "The server accepted the signature, or was asked without one, and refused the right: look at what the signer's "
    "user or role may do, at the policies of the resource and its endpoint, and at their conditions."
)
_DENIED = {
    "lambda": (
        "The function's URL refuses the caller: its resource policy has to allow lambda:InvokeFunctionUrl, and since "
        "October 2025 lambda:InvokeFunction, to the signer's user or role."
    ),
    "appsync": (
        "AppSync refuses the signer: allow IAM for the API, the type and the field (@aws_iam), and grant "
        "appsync:GraphQL on them."
    ),
    "rds-db": (
        "The database refuses the token: grant rds-db:connect for its resource id and this user, give the user rds_iam "
        "(PostgreSQL) or AWSAuthenticationPlugin (MySQL), and sign for host, port, user and region as they are, at "
        "most 15 minutes before."
    ),
    "dsql": "Aurora DSQL refuses the signer: grant dsql:DbConnect, or dsql:DbConnectAdmin for the user admin.",
    "iotdevicegateway": (
        "AWS IoT knows no signer for the URL, or refuses it: grant iot:Connect for the client id to the signer's user "
        "or role (and to the Cognito identity), and use the account's own -ats endpoint of that region."
    ),
    "aoss": (
        "OpenSearch Serverless refuses the signer: name its user or role in a data access policy, and grant it "
        "aoss:APIAccessAll; a request with a body also needs a signed x-amz-content-sha256."
    ),
}


def _checksum_of(request: "Request") -> str:
    """Return the name of a checksum among the parameters, or an empty text."""
    names = [name for name, _ in request.pairs if name.lower().startswith("x-amz-checksum-")]
    return next((name for name in names if name.lower() != "x-amz-checksum-mode"), "")


def _ended_early(ended_at: int, server_time: int) -> Finding:
    """Return the finding for a URL that the server calls expired within its lifetime."""
    return Finding(
        "expired", f"expires at {iso_date(min(ended_at, LAST_SECOND))}, and it was {iso_date(server_time)}",
        "a URL that the server takes until then",
        "The server calls it expired within its X-Amz-Expires: the session of temporary credentials ends sooner, the "
        "store allows shorter lifetimes, or the answer is one to another URL. Make a new one, with fresh credentials.",
    )  # fmt: skip


def _skewed(signed_at: int, server_time: int) -> Finding:
    """Return the finding for a server that rejects the clock skew of a URL that is within its lifetime."""
    if signed_at >= server_time - _SKEW:
        return Finding(
            "refused_otherwise", f"a difference of {abs(server_time - signed_at)} s between X-Amz-Date and the answer",
            f"at most {_SKEW} s, as stores allow",
            "The two times agree, so the server's reason does not fit this URL: the answer is one to another request, "
            "or the server compares another header, such as Date, or a clock behind it: ask again.",
        )  # fmt: skip
    return Finding(
        "expired", f"signed at {iso_date(signed_at)}, {server_time - signed_at} s before the server's clock",
        f"at most {_SKEW} s",
        "The URL is within its X-Amz-Expires, but this server requires X-Amz-Date to be close to its own clock, "
        "as with signed headers: make the URL just before it is used.",
    )  # fmt: skip


def _is_googles_without_token(request: "Request") -> bool:
    host = f".{request.host.partition(':')[0]}"
    return request.authorization.session_token is None and host.endswith(".storage.googleapis.com")


def _saw_no_signature(answer: "Answer", request: "Request | None") -> bool:
    """Whether a service without routes, such as STS, did not find the URL's signature."""
    if request is None or answer.code.lower() != "missingauthenticationtoken":
        return False
    return request.authorization.service not in ("s3", "execute-api", "iotdevicegateway")


def seen_in(answer: "Answer") -> str:
    """Return code and message of an answer on one line."""
    message = shown(answer.message.partition("\n")[0])
    return ": ".join([text for text in (shown(answer.code), message) if text]) or f"status {answer.status}"


def _is_v4a(request: "Request | None") -> bool:
    return request is not None and request.is_v4a


def _wrong_region(answer: "Answer", signed_for: "str | None", region: "str | None") -> Finding:
    seen = "another region" if signed_for is None else f"signed for {shown(signed_for)}"
    message = answer.message.lower()
    if "location" in message or "location" in answer.code.lower():
        return Finding(
            "wrong_region", seen_in(answer), "a bucket in the region of the endpoint",
            "To create a bucket, send the request to the host of the region that its body names as LocationConstraint, "
            "and sign for that region; in us-east-1 leave the body out.",
        )  # fmt: skip
    if "unexpected scope" in message:
        return Finding(
            "wrong_region", seen, shown(region or "the s3_region of Garage's configuration"),
            "Sign with the region that Garage's configuration names as s3_region, which is 'garage' unless it was "
            "changed.",
        )  # fmt: skip
    if region is None or region == signed_for:
        return Finding("wrong_region", seen, *REMEDIES["wrong_region"])
    if " " in region:  # several
        return Finding("wrong_region", seen, shown(region), "Sign with one of these regions.")
    return Finding(
        "wrong_region", seen, shown(region), f"Sign with region={shown(region)!r}, and for that region's own endpoint."
    )


def _right_region(answer: "Answer", request: "Request | None") -> "str | None":
    """Return the region that the answer asks for, else the one in the host."""
    for before, after in (("expecting '", "'"), ("Must be one of: ", "\n"), ("expected: ", "/s3")):
        _, found, rest = answer.message.partition(before)
        if found:
            return rest.partition(after)[0].rpartition("/")[2] if after == "/s3" else rest.partition(after)[0]
    if answer.region:
        return answer.region
    return None if request is None else region_of_host(request.host)


def region_of_host(host: str) -> "str | None":
    """Return the region in an AWS host, such as `abc.execute-api.eu-west-1.amazonaws.com`; None if it has none."""
    name = host.partition(":")[0]
    if not name.endswith((".amazonaws.com", ".amazonaws.com.cn", ".on.aws", ".api.aws", ".amazonaws.eu")):
        return None
    labels = name.split(".")
    at = max((n for n, label in enumerate(labels) if label.partition("-")[0] in ("s3", "s3express")), default=0)
    if labels[at][:3] == "s3-" and is_region(labels[at][3:]):  # s3-eu-west-1, as S3 names its older regions too
        return labels[at][3:]
    found = [label for label in labels[at:] if is_region(label)]  # a bucket may be named like a region
    return found[-1] if found else None


def region_of_store(host: str) -> "str | None":
    """Return the region in a host of B2 or Wasabi, such as `s3.us-west-004.backblazeb2.com`; None if it has none."""
    labels = host.partition(":")[0].split(".")
    has_region = labels[-2:] in (["backblazeb2", "com"], ["wasabisys", "com"]) and "s3" in labels[:-3]
    return labels[-3] if has_region else None


def is_region(label: str) -> bool:
    """Whether a label of a host has the form of a region: `eu-west-1`, `us-gov-west-1`."""
    parts = label.split("-")
    return len(parts) >= 3 and len(parts[0]) in (2, 4) and parts[-1].isdigit() and all(p.isalpha() for p in parts[:-1])


def ended(seen: "UrlAuth", ended_at: int, clock: "int | None") -> Finding:
    """Return the finding for an expired URL."""
    end = iso_date(min(ended_at, LAST_SECOND))
    at = "" if clock is None else f", and it was {iso_date(clock)}"
    return Finding(
        "expired", f"expired at {end}{at}", f"use within {seen.expires_in} s of {iso_date(seen.signed_at)}",
        "Make a new URL, with a longer expires_in if people need it. If it was made just now, the signer's clock is "
        "behind: set it by NTP.",
    )  # fmt: skip


def not_yet_valid(request: "Request | None", clock: "int | None") -> Finding:
    """Return the finding for a URL whose signer's clock was ahead."""
    signed = "a date ahead" if request is None else f"signed at {iso_date(request.authorization.signed_at)}"
    return Finding(
        "not_yet_valid", signed, "a date up to now" if clock is None else f"not after {iso_date(clock)}",
        "The clock of the machine that signs is ahead: set it by NTP, and check that it does not take local time for "
        "UTC.",
    )  # fmt: skip
