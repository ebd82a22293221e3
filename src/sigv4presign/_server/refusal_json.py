"""The answer to a rejected request as JSON, for `error_format="json"`.

Rule: the members are the elements of `refusal.error_xml`, and the reason.
"""

from json.encoder import encode_basestring_ascii as quoted  # json.dumps takes twice the time

from ..errors import SignatureMismatch, VerificationError
from .refusal import CANONICAL_SHOWN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .refusal import Refused


def error_json(error: "Refused | VerificationError", resource: str, request_id: str) -> bytes:
    """The content of S3's XML as JSON, with `reason`."""
    text = (
        f'{{"code": {quoted(error.code)}, "message": {quoted(str(error))}, "resource": {quoted(resource)}, '
        f'"request_id": {quoted(request_id)}'
    )
    if isinstance(error, VerificationError):
        text += f', "reason": {quoted(error.reason)}'
    if isinstance(error, SignatureMismatch):  # both contain only what the requester sent
        text += f', "string_to_sign": {quoted(error.string_to_sign)}'
        if len(error.canonical_request) <= CANONICAL_SHOWN:
            text += f', "canonical_request": {quoted(error.canonical_request)}'
    return (text + "}").encode()
