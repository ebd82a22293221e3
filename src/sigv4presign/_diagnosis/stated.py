"""What a server says is wrong: its code, its message, its headers.

Rule: codes and messages are those of AWS and of the stores that imitate it; where a message is all there is, the words
that they have in common decide.  https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from .._time import LAST_SECOND, iso_date
from .finding import LIKELY, POSSIBLE, STATED, Finding, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answer import Answer
    from .finding import Findings
    from .request import Request

# Words of a message, in small letters -> the code of the finding; the first that is there counts.
_WORDS = (
    ("request has expired", "expired"),
    ("signature expired", "expired"),
    ("not valid yet", "not_yet_valid"),
    ("not yet valid", "not_yet_valid"),
    ("not yet current", "not_yet_valid"),
    ("which were not signed", "unsigned_headers"),
    ("only one auth mechanism", "two_authentications"),
    ("please use aws4-hmac-sha256", "v2_url"),
    ("require aws signature version 4", "v2_url"),
    ("less than a week", "expires_out_of_range"),
    ("non-negative", "expires_out_of_range"),
    ("x-amz-expires should be a number", "malformed_expires"),
    ("valid date or x-amz-date", "malformed_date"),
    ("iso8601", "malformed_date"),
    ("invalid credential date", "malformed_credential"),
    ("incorrect service", "wrong_service"),
    ("correct service", "wrong_service"),
    ("the region '", "wrong_region"),
    ("valid region", "wrong_region"),
    ("query-string authentication version 4 requires", "missing_parameter"),
    ("requires three components", "missing_parameter"),
)
_CODES = {
    "ExpiredToken": "expired_token",
    "ExpiredTokenException": "expired_token",
    "TokenRefreshRequired": "expired_token",
    "InvalidToken": "invalid_token",
    "InvalidClientTokenId": "unknown_access_key",
    "InvalidAccessKeyId": "unknown_access_key",
    "UnrecognizedClientException": "unknown_access_key",
    "RequestTimeTooSkewed": "not_yet_valid",
    "NoSuchKey": "not_found",
    "NoSuchBucket": "not_found",
    "NoSuchVersion": "not_found",
    "NoSuchUpload": "not_found",
    "XAmzContentSHA256Mismatch": "payload_hash_mismatch",
    "MissingContentLength": "chunked_body",
    "PermanentRedirect": "wrong_endpoint",
    "TemporaryRedirect": "wrong_endpoint",
    "AuthorizationQueryParametersError": "malformed_parameter",
    "AuthorizationHeaderMalformed": "malformed_parameter",
    "AccessDenied": "denied_by_policy",
    "AccessDeniedException": "denied_by_policy",
}
_FIXES = {
    "unsigned_headers": "Every x-amz-* header that is sent has to be signed: sign with it, or leave it out.",
    "two_authentications": "Send no Authorization header along with a presigned URL: many clients keep it for every "
    "request, and across redirects.",
    "v2_url": "Sign again with version 4: boto3 does with Config(signature_version='s3v4').",
    "expires_out_of_range": "Sign with a lifetime of 1 second to 7 days.",
    "malformed_expires": "X-Amz-Expires is a plain number of seconds.",
    "malformed_date": "X-Amz-Date has the form YYYYMMDDTHHMMSSZ; make the URL anew.",
    "malformed_credential": "X-Amz-Credential and X-Amz-Date have to be of one reading of the clock, in UTC.",
    "malformed_parameter": "Make the URL anew, and hand it on unchanged.",
    "missing_parameter": "Something dropped a part of the query string: copy the URL again, in 'single quotes'.",
    "unsupported_algorithm": "Sign with AWS4-HMAC-SHA256, or with SigV4A where the endpoint asks for it.",
    "expired_token": "The temporary credentials that signed the URL have ended, and the URL with them, whatever its "
    "X-Amz-Expires says: sign with fresh ones, and give their expires_at to the signer.",
    "invalid_token": "Key, secret and session token belong together: take all three from one and the same answer of "
    "STS; for SigV4A from a regional STS endpoint.",
    "unknown_access_key": "The server has no such access key: it was deleted, belongs to another store or partition, "
    "or is temporary and came without its session token.",
    "payload_hash_mismatch": "The body is not the one whose SHA-256 was signed: send that, or sign without the hash.",
    "chunked_body": "S3 takes no chunked uploads here: send a body whose length is known, with Content-Length.",
    "not_found": "The signature held, and there is nothing of that name: compare bucket, key and version letter by "
    "letter, escapes included.",
    "denied_by_policy": "The server accepted the signature, or was asked without one, and refused the right: look at "
    "what the signer's user or role may do, the bucket policy, block public access, the KMS key, and at conditions "
    "such as aws:SourceIp or s3:signatureAge.",
}
_UNSURE = ("denied_by_policy", "unknown_access_key", "malformed_parameter")


def stated(answer: "Answer", request: "Request | None") -> "Findings":
    """What the answer itself says, but for a mismatch, which says nothing."""
    region = answer.region if request is not None and not request.is_v4a else None
    _, expecting, rest = answer.message.partition("expecting '")
    if expecting and "region" in answer.message:
        region = rest.partition("'")[0]
    signed_for = None if request is None or request.is_v4a else request.authorization.region
    if region and region != signed_for and answer.code != "SignatureDoesNotMatch":
        yield STATED, Finding(
            "wrong_region", "another region" if signed_for is None else f"signed for {shown(signed_for)}",
            shown(region), f"Sign with region={shown(region)!r}, and for that region's own endpoint.",
        )  # fmt: skip
        return
    code = _finding_code(answer)
    if code in ("", "SignatureDoesNotMatch"):
        return
    message = shown(answer.message.partition("\n")[0])
    seen = ": ".join([text for text in (shown(answer.code), message) if text]) or f"status {answer.status}"
    if code == "expired":
        yield STATED, expired(answer, request)
    elif code == "not_yet_valid":
        yield STATED, not_yet_valid(answer, request)
    elif code == "wrong_service":
        quoted = answer.message.replace("'", '"').split('"')[1::2]
        expected = shown(quoted[-1]) if quoted else "the service of this endpoint"
        yield (
            STATED,
            Finding(
                code,
                seen,
                expected,
                f"Sign with service={expected!r}." if quoted else "Sign for the endpoint's service.",
            ),
        )
    elif code == "wrong_endpoint":
        endpoint = shown(answer.elements.get("Endpoint") or answer.headers.get("location") or "the bucket's endpoint")
        yield STATED, Finding(
            code, seen, endpoint,
            "Sign for the endpoint of the bucket's own region: Host is signed, so no redirect keeps the signature.",
        )  # fmt: skip
    elif code == "unsigned_headers":
        names = shown(answer.elements.get("HeadersNotSigned", "a header that was not signed"))
        yield STATED, Finding(code, names, "no x-amz-* header that was not signed", _FIXES[code])
    elif code in _FIXES:
        yield (LIKELY if code in _UNSURE else STATED), Finding(code, seen, _expected(code), _FIXES[code])
    else:
        yield POSSIBLE, Finding(
            "refused_otherwise", seen, "an answer without an error",
            "The server refuses the request for a reason of its own, which is not the signature: look its code up in "
            "the documentation of the store.",
        )  # fmt: skip


def _expected(code: str) -> str:
    return {
        "not_found": "an object of that name",
        "denied_by_policy": "a right to do this",
        "unknown_access_key": "an access key that the server knows",
        "expired_token": "credentials that live as long as the URL",
        "invalid_token": "the token of the access key",
        "two_authentications": "the signature in the query string alone",
        "v2_url": "Signature Version 4",
        "chunked_body": "Content-Length",
    }.get(code, "parameters as the signer made them")


def _finding_code(answer: "Answer") -> str:
    """The code of the finding that an answer leads to; SignatureDoesNotMatch as it is, nothing for an empty answer."""
    message = answer.message.lower()
    for words, code in _WORDS:
        if words in message:
            return code
    if answer.elements.get("ArgumentName") == "X-Amz-Algorithm":
        return "unsupported_algorithm"
    if answer.elements.get("Header") == "Transfer-Encoding":
        return "chunked_body"
    if answer.code == "SignatureDoesNotMatch":
        return answer.code
    if answer.status in (301, 302, 307, 308):
        return "wrong_endpoint"
    return _CODES.get(answer.code, answer.code or ("refused_otherwise" if answer.message else ""))


def expired(answer: "Answer", request: "Request | None") -> Finding:
    """The URL's time was over, by the server's clock."""
    server = answer.server_time
    if request is None or request.endless:
        return Finding("expired", shown(answer.message), "a URL within its lifetime", "Make a new URL.")
    return ended(request, server)


def ended(request: "Request", clock: "int | None") -> Finding:
    """The URL's time is over by a clock."""
    seen = request.authorization
    end = iso_date(min(seen.signed_at + seen.expires_in, LAST_SECOND))
    at = "" if clock is None else f", and it was {iso_date(clock)}"
    return Finding(
        "expired", f"ended at {end}{at}", f"use within {seen.expires_in} s of {iso_date(seen.signed_at)}",
        "Make a new URL, with a longer expires_in if people need it. If it was made just now, the signer's clock is "
        "behind: set it by NTP.",
    )  # fmt: skip


def not_yet_valid(answer: "Answer | None", request: "Request | None", clock: "int | None" = None) -> Finding:
    """The URL was signed by a clock that runs ahead."""
    if clock is None and answer is not None:
        clock = answer.server_time
    signed = "a date ahead" if request is None else f"signed at {iso_date(request.authorization.signed_at)}"
    return Finding(
        "not_yet_valid", signed, "a date up to now" if clock is None else f"not after {iso_date(clock)}",
        "The clock of the machine that signs is ahead: set it by NTP, and check that it does not take local time for "
        "UTC.",
    )  # fmt: skip
