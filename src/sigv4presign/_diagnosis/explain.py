"""`explain`: why was this presigned request refused, or why will it be?

Rule: what is certain comes before what is likely, and without a refusal at hand nothing is guessed: a URL that is in
order has no findings.
"""

from .._canonical import checked_method, fold, merge_headers
from .._credentials import freeze
from .._presigned_url import PresignedUrl
from .._query_auth import S3_FAMILY
from .._time import epoch_seconds, iso_date
from .._url import host_value
from ..errors import InputError
from .answer import Answer, read_answer
from .finding import CERTAIN, LIKELY, POSSIBLE, SHOWN, STATED, Finding, shown
from .lines import (
    changed_header,
    compare,
    compare_scopes,
    is_another_answer,
    is_local,
    missing_header,
    wrong_host,
    wrong_method,
)
from .repairs import recompute
from .request import Request, read_lines, read_string_to_sign
from .stated import ended, not_yet_valid, stated
from .url import read_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._canonical import Headers
    from .._credentials import Credentials, CredentialsSource
    from .._steps import SigningKey
    from .._time import Now
    from .finding import Findings, Ranked
    from .request import Lines

MAX_URL = 32_768  # characters; twice what `verify` reads, since damage lengthens a URL
_CLOCK_SKEW = 900  # seconds that a date may lie ahead, as in `verify`
_NO_SKEW = 60  # seconds that two clocks may differ without a word


def explain(
    method: str,
    url: str,
    *,
    headers: "Headers" = (),
    response: "str | bytes | None" = None,
    credentials: "CredentialsSource | None" = None,
    now: "Now | None" = None,
) -> "tuple[Finding, ...]":
    """Why a presigned request was refused, or will be: the findings, likeliest first; none if nothing is wrong.

    The URL may be the one that was handed out or what became of it on the way; the more of the rest is given, the surer
    the findings.  With the server's answer, its canonical request is compared with ours line by line.  With the keys,
    the signature is computed again, and the usual damages are undone one by one until it holds.  Nothing is sent.

    Args:
        method: The method that was sent.
        url: The presigned URL, damaged or not.  A `PresignedUrl` also tells its method and headers.
        headers: The headers that were sent, a mapping or pairs.
        response: The server's answer: all that `curl -si` prints, or the body alone.
        credentials: The keys that the URL should have been signed with, as `presign` takes them.
        now: The time here: epoch seconds or an aware datetime; None: this moment.  The answer's Date counts before it.

    Raises:
        InputError: A method that is none, an answer that cannot be read, or an argument that is too long.
        TypeError: An argument of the wrong type.  What a credentials callable raises passes through.

    Example:
        >>> from sigv4presign import Credentials, explain, presign
        >>> creds = Credentials("AKIDEXAMPLE", "secret")
        >>> url = presign("GET", "https://files.example.com/a.txt", credentials=creds, region="eu-west-1",
        ...               service="s3", expires_in=60, now=1764000000)
        >>> explain("GET", url, now=1764000030)
        ()
        >>> [finding.code for finding in explain("HEAD", str(url), credentials=creds, now=1764000061)]
        ['wrong_method', 'expired']

    Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html and
    https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    """
    method = checked_method(method)
    if not isinstance(url, str):
        raise TypeError(f"url: expected str, got {type(url).__name__}")
    if len(url) > MAX_URL:
        raise InputError("url", f"has more than {MAX_URL} characters")
    sent = merge_headers(headers, fold)
    answer = None if response is None else read_answer(response)
    frozen = None if credentials is None else freeze(credentials)
    moment = epoch_seconds(now)
    if answer is not None and answer.succeeded:
        return ()
    found, request = read_request(method, url, sent)
    held = None
    if request is not None:
        theirs = None if answer is None else read_lines(answer.elements.get("CanonicalRequest", ""))
        if theirs is not None:
            request = _as_it_arrived(request, theirs)
        sending = list(_of_sending(request, url))
        explained = any(rank <= CERTAIN for rank, _ in [*found, *sending])  # the time says nothing about the signature
        found += [*_of_time(request, answer, frozen, moment), *sending]
        if frozen is not None and not request.is_v4a:
            held, repairs = recompute(request, frozen, _as_handed_out(request, url), explained=explained)
            found += repairs
            if held is False and not repairs:
                found = [(rank, _unchecked(finding)) for rank, finding in found]
        if held and answer is None:
            # Spelt as no signer spells it, and read as what was signed all the same.
            found = [(rank, finding) for rank, finding in found if rank < POSSIBLE]
        if answer is not None and answer.code == "SignatureDoesNotMatch":
            explained = any(rank <= SHOWN for rank, _ in found)
            found += _of_mismatch(request, answer, theirs, held=bool(held), explained=explained)
    if answer is not None:
        found += stated(answer, request)
        if not answer.is_error_document and not any(rank <= STATED for rank, _ in found):
            method_is_known = held or request is None or isinstance(url, PresignedUrl)
            found.append(_of_silence(method, answer, method_is_known=bool(method_is_known)))
    first: dict[str, Finding] = {}
    for _, finding in sorted(found, key=lambda ranked: ranked[0]):
        first.setdefault(finding.code, finding)
    return tuple(first.values())


def _as_it_arrived(request: Request, theirs: "Lines") -> Request:
    """The request with the signed headers that we were not told of, as the server saw them."""
    signed = request.authorization.signed_headers
    seen = {name: value.strip() for name, value in theirs[3] if name in signed and name != "host" and value.strip()}
    return request.but(headers={**seen, **request.headers})


def _as_handed_out(request: Request, url: str) -> Request:
    """The request as the signer meant it, where the URL tells."""
    if not isinstance(url, PresignedUrl):
        return request
    return request.but(method=url.method, headers={**request.headers, **merge_headers(url.headers, fold)})


def _unchecked(finding: Finding) -> Finding:
    """A finding that says what it leaves unknown."""
    if finding.code != "missing_signed_headers":
        return finding
    fix = f"{finding.fix} Until then neither the signature nor the secret key can be checked."
    return Finding(finding.code, finding.seen, finding.expected, fix)


def _of_time(
    request: Request, answer: "Answer | None", frozen: "Credentials | SigningKey | None", moment: int
) -> "Findings":
    """Whether the URL has ended, has not begun, or is carried by credentials that ended."""
    seen = request.authorization
    server = None if answer is None else answer.server_time
    clock = moment if server is None else server
    # An answer that gives another reason was given while the URL lived, or at least not for its age.
    rank = CERTAIN if answer is None or not answer.code else POSSIBLE
    if seen.signed_at > clock + _CLOCK_SKEW:
        yield rank, not_yet_valid(None, request, clock)
    elif not request.endless and clock > seen.signed_at + seen.expires_in:
        yield rank, ended(request, clock)
    if frozen is not None and frozen.expires_at is not None and clock > frozen.expires_at:
        yield rank, Finding(
            "expired_token", f"credentials that ended at {iso_date(frozen.expires_at)}", "credentials that still live",
            "A URL ends with the credentials that signed it: sign with fresh ones, and ask for no longer lifetime than "
            "theirs.",
        )  # fmt: skip
    if server is not None and moment < server - _NO_SKEW:
        yield POSSIBLE, Finding(
            "clock_behind", f"{iso_date(moment)} here", f"{iso_date(server)}, as the server's clock says",
            "The clock here is behind, so URLs that are signed here end early: set it by NTP.",
        )  # fmt: skip


def _of_sending(request: Request, url: str) -> "Findings":
    """Method, Host and headers that were sent, against those that were signed."""
    promised: dict[str, str] = {}
    if isinstance(url, PresignedUrl):
        promised = url.headers
        if url.method != request.method:
            yield SHOWN, wrong_method(request.method, url.method)
    host = request.headers.get("host")
    if host is not None and not _same_host(host, request.host):
        yield CERTAIN, wrong_host(host, request.host)
    for name in request.authorization.signed_headers:
        if name == "host":
            continue
        if name not in request.headers:
            yield CERTAIN, missing_header(name, promised.get(name, ""))
        elif name in promised and " ".join(promised[name].split()) != request.headers[name]:
            yield SHOWN, changed_header(name, request.headers[name], promised[name])
    if "authorization" in request.headers:
        yield CERTAIN, Finding(
            "two_authentications", "an Authorization header", "the signature in the query string alone",
            "Send no Authorization header along with a presigned URL: many clients keep it for every request, and "
            "across redirects.",
        )  # fmt: skip
    if request.rules in S3_FAMILY:
        signed = request.authorization.signed_headers
        unsigned = [name for name in request.headers if name[:6] == "x-amz-" and name not in signed]
        if unsigned:
            yield CERTAIN, Finding(
                "unsigned_headers", shown(", ".join(unsigned)), "no x-amz-* header that was not signed",
                "Every x-amz-* header that is sent has to be signed: sign with it, or leave it out.",
            )  # fmt: skip


def _same_host(host: str, other: str) -> bool:
    try:
        return other in (host_value(host), host_value(host, "80"), host_value(host, "443"))
    except ValueError:
        return False


def _of_mismatch(
    request: Request, answer: Answer, theirs: "Lines | None", *, held: bool, explained: bool
) -> "Findings":
    """What a SignatureDoesNotMatch shows: the server's lines against ours."""
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
            "Give the URL and the answer of one and the same request.",
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
    if held:
        yield (SHOWN, _OTHER_SECRET) if is_same else (LIKELY, _changed_on_the_way("a signature that holds here"))
    elif not explained:
        yield from _guesses(request, is_same=is_same)


def _guesses(request: Request, *, is_same: bool) -> "Findings":
    """What is left when the server saw what we see: the URL was damaged before, or the secret is another."""
    if request.method in ("HEAD", "OPTIONS"):
        yield LIKELY, wrong_method(request.method, "GET")
    for name in request.authorization.signed_headers:
        if name in request.headers and name != "host":
            yield LIKELY, changed_header(name, request.headers[name], "the value that was signed")
    shape = "what the server signed is what this URL says" if is_same else "no lines to compare"
    yield LIKELY, Finding(
        "wrong_secret", f"{shape}, and another signature", "the signature of the server's secret key",
        "The secret key that signed is not the one that the server has for this access key; or the URL was changed "
        "before it was handed to you: give the credentials too, to find out which.",
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
    "wrong_secret", "a signature that holds with the keys given here", "the signature of the server's secret key",
    "URL and keys belong together, and the server saw the same request: it has another secret for this access key.",
)  # fmt: skip


def _of_silence(method: str, answer: Answer, *, method_is_known: bool) -> "Ranked":
    """What to make of an answer that gives no reason."""
    if method in ("HEAD", "OPTIONS") and not method_is_known and answer.status in (400, 403):
        return LIKELY, wrong_method(method, "GET, as most URLs are signed for")
    return POSSIBLE, Finding(
        "not_the_store", f"status {answer.status} without an error in XML or JSON", "the store's own error",
        "A proxy, a gateway or a firewall answered, or the method was HEAD, whose answers have no body: ask the store "
        "directly, with GET.",
    )  # fmt: skip
