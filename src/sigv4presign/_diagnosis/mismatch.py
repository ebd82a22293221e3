"""Findings from a SignatureDoesNotMatch: the lines that the server signed, beside those that the URL says.

Rule: where a line differs, nothing is guessed.
"""

from .answer import Answer
from .finding import LIKELY, POSSIBLE, SHOWN, Finding, shown
from .lines import (
    changed_header,
    compare,
    compare_scopes,
    is_another_answer,
    is_local,
    wrong_host,
    wrong_method,
)
from .request import Request, read_string_to_sign
from .stated import region_of_store

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .finding import Findings
    from .request import Lines


def of_mismatch(request: Request, answer: Answer, theirs: "Lines | None", *, held: bool, explained: bool) -> "Findings":
    """Compare the lines in a SignatureDoesNotMatch with the URL's."""
    provided = answer.elements.get("SignatureProvided", "")
    signature = request.authorization.signature
    if provided and provided != signature and signature.startswith(provided):
        yield SHOWN, Finding(
            "truncated", f"X-Amz-Signature with {len(provided)} hex digits, as it arrived", "64 hex digits",
            "The end of the URL was lost on its way to the server: look at what shortens it.",
        )  # fmt: skip
        return
    to_sign = read_string_to_sign(answer.elements.get("StringToSign", ""))
    if (provided and provided != signature) or is_another_answer(theirs, to_sign, request):
        yield SHOWN, Finding(
            "another_answer", "an answer to a request with another signature", "the answer to this URL",
            "Give the URL and the answer of the same request.",
        )  # fmt: skip
        return
    differences = [] if theirs is None else list(compare(request.lines(), theirs))
    if to_sign is not None:
        differences += compare_scopes(to_sign, request)
    yield from differences
    if differences:
        return
    is_same = theirs is not None
    if theirs is None and to_sign is not None:
        is_same = to_sign[3] == request.string_to_sign()[-64:]
        if not is_same:
            yield SHOWN, _changed_on_the_way("a string to sign of which the last line, the request's hash, differs")
            return
    if held and is_same:
        yield SHOWN, _OTHER_SECRET
    elif held and not explained:
        yield LIKELY, _changed_on_the_way("a signature that is valid here")
    elif not explained:
        yield from _guesses(request, is_same=is_same)


def _guesses(request: Request, *, is_same: bool) -> "Findings":
    """Return what remains if the server saw this request: the URL was damaged earlier, or the secret differs."""
    if request.method in ("HEAD", "OPTIONS"):
        yield LIKELY, wrong_method(request.method, "GET")
    if ".cdn.digitaloceanspaces." in request.host:  # the CDN asks the origin under the origin's name
        yield LIKELY, wrong_host(request.host.replace(".cdn.", "."), request.host)
    region, signed_for = region_of_store(request.host), request.authorization.region
    if region not in (None, signed_for):
        yield LIKELY, Finding(
            "wrong_region", f"signed for {shown(signed_for)}, sent to {shown(str(region))}", shown(str(region)),
            f"Sign with region={shown(str(region))!r}, as the store's host has it.",
        )  # fmt: skip
    for name in request.authorization.signed_headers:
        if name in request.headers and name != "host":
            yield LIKELY, changed_header(name, request.headers[name], "the value that was signed")
    shape = "what the server signed is what this URL says" if is_same else "no lines to compare"
    excluded = "the form of the URL and of its parameters, its age, the headers that were named"
    if is_same:
        excluded += ", and any change of method, host, path, query or headers between this URL and the server"
    open_question = "the URL was changed before it was handed to you"
    if not is_same:
        open_question = "something between this URL and the server changed method, host, path, query or headers"
    yield LIKELY, Finding(
        "wrong_secret", f"{shape}, and another signature", "the signature of the server's secret key",
        f"The secret key that signed is not the one that the server has for this access key. Excluded: {excluded}. Not "
        f"excluded: {open_question}; give the credentials too, to find out which.",
    )  # fmt: skip
    if is_local(request.host):
        yield POSSIBLE, wrong_host(request.host, "the host that it was signed for")
    yield POSSIBLE, wrong_method(request.method, "the method that it was signed for")


def _changed_on_the_way(seen: str) -> Finding:
    return Finding(
        "changed_on_the_way", seen, "the same at the server",
        "The server saw another request than this one, or has another secret for the key: look for a proxy that "
        "changes Host, path or query, and compare method and headers with those that were sent.",
    )  # fmt: skip


_OTHER_SECRET = Finding(
    "wrong_secret", "a signature that is valid with the keys given here", "the signature of the server's secret key",
    "URL and keys belong together, and the server saw the same request: it has another secret for this access key.",
)  # fmt: skip
