"""What the status of a store means if the answer has no body, as always for HEAD.

Rule: S3 checks the signature before it looks for the object, so a 404 or a 412 means that the signature was valid.

Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
"""

from .finding import LIKELY, POSSIBLE, STATED, Finding
from .remedies import REMEDIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answer import Answer
    from .finding import Ranked

_NO_BODY = "The answer to a HEAD has no body, so the status is all there is. "
_ASK = " Ask again with GET and a URL that was signed for GET: that answer has a body, which names the cause."


def silence_of_a_store(answer: "Answer", *, method_is_known: bool, has_token: bool) -> "Ranked | None":
    """Return the finding for a store's answer without a body; None if the status alone says nothing.

    `method_is_known`: the URL was signed for the method that was sent, and that is not GET.  `has_token`: the URL has
    a session token.
    """
    if answer.has_body or not answer.is_of_a_store:
        return None
    status = answer.status or 0
    if status == 404:
        return STATED, _of_status(
            status, "not_found",
            "The signature was valid, and there is no such object, version or bucket: compare bucket and key letter by "
            "letter, escapes included. To a signer without s3:ListBucket S3 answers 403 in place of 404, so this "
            "signer has that right.",
        )  # fmt: skip
    if status in (412, 416):
        return STATED, _of_status(status, "precondition_failed", REMEDIES["precondition_failed"][1])
    if status == 429 or status >= 500:
        return STATED, _of_status(
            status, "refused_otherwise",
            "The signature is not the problem: 503 is S3's SlowDown, the others are faults of the store. Try again "
            "later, more slowly, with the same URL while it is valid.",
        )  # fmt: skip
    if status == 400 and has_token:
        return LIKELY, _of_status(
            status, "expired_token",
            "To HEAD S3 answers 400 where it would name ExpiredToken or InvalidToken: the credentials that signed the "
            "URL have most likely expired; sign with fresh ones." + _ASK,
        )  # fmt: skip
    if status == 400:
        return LIKELY, _of_status(
            status, "wrong_region",
            "To HEAD S3 answers 400 where a URL is signed for another region than the bucket's: look at the header "
            "x-amz-bucket-region, and sign for that region and its endpoint." + _ASK,
        )  # fmt: skip
    if status == 403 and method_is_known:
        return POSSIBLE, _of_status(
            status, "denied_by_policy",
            "The signer lacks a right, or the object does not exist and the signer lacks s3:ListBucket, without which "
            "S3 answers 403 in place of 404; or the URL has expired." + _ASK,
        )  # fmt: skip
    return None


def _of_status(status: int, code: str, fix: str) -> Finding:
    return Finding(code, f"status {status} without a body, as to HEAD", REMEDIES[code][0], _NO_BODY + fix)
