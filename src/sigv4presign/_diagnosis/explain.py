"""`explain`: why a presigned request was rejected, or will be.

Rule: certain findings come before likely ones, and without an error answer nothing is guessed: a valid URL has no
findings.
"""

from .._canonical import checked_method, fold, merge_headers
from .._credentials import freeze
from .._presigned_url import PresignedUrl
from .._query_auth import S3_FAMILY
from .._redaction import hide, pieces_of, secret_values, without_digits
from .._text import checked_pairs, encode
from .._time import epoch_seconds, iso_date
from .._url import host_value
from ..errors import InputError
from .answer import Answer, read_answer
from .finding import BROKEN, CERTAIN, LIKELY, POSSIBLE, SHOWN, STATED, Finding, shown
from .inspect import bare
from .lines import (
    changed_header,
    missing_header,
    wrong_host,
    wrong_method,
)
from .mismatch import of_mismatch
from .refusals import refusal_of
from .repairs import recompute
from .request import Request, read_lines
from .silence import silence_of_a_store
from .stated import ended, not_yet_valid, stated
from .url import read_request, url_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._canonical import Headers
    from .._credentials import Credentials, CredentialsSource
    from .._steps import SigningKey
    from .._time import Now
    from .finding import Findings, Ranked
    from .request import Lines

MAX_URL = 32_768  # characters; twice what `verify` reads, since damage lengthens a URL
_CLOCK_SKEW = 900  # seconds that a date may be in the future, as in `verify`
_NO_SKEW = 60  # seconds that two clocks may differ without a finding


def explain(
    method: str,
    url: str,
    *,
    headers: "Headers" = (),
    response: "str | bytes | None" = None,
    credentials: "CredentialsSource | None" = None,
    now: "Now | None" = None,
) -> "tuple[Finding, ...]":
    """Explain why a presigned request was rejected, or will be: findings, likeliest first; none if nothing is wrong.

    The URL may be the original or a damaged copy; the more arguments are given, the more certain the findings.  With
    the server's answer, its canonical request is compared with the URL's, line by line.  With the keys, the signature
    is recomputed, and common corruptions are reversed one at a time until it matches.  Nothing is sent.

    Args:
        method: The method that was sent.
        url: The presigned URL, damaged or not, or a token that `inspect` reads.  A `PresignedUrl` also has its method
            and headers.
        headers: The headers that were sent, a mapping or pairs.
        response: The server's answer: the output of `curl -si`, or only the body.
        credentials: The keys that should have signed the URL, as `presign` takes them.
        now: The local time: epoch seconds or an aware datetime; None: the current time.  The answer's Date header wins.

    Raises:
        InputError: An invalid method, an answer that cannot be read, or an argument that is too long.
        CredentialsNotFound: A credentials callable that returns None.
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
    try:
        frozen = None if credentials is None else freeze(credentials)  # first, since it may call the caller's code
        return _findings(_Given(method, url, headers, response=response, frozen=frozen, now=epoch_seconds(now)))[0]
    except (InputError, TypeError) as fault:
        # Without the frames below, which have the URL.  An error of a credentials callable keeps its frames.
        refusal = bare(fault)
    finally:
        del url, headers, response, credentials
    raise refusal


def explain_and_check(
    method: str, url: str, headers: "Headers", *, response: "bytes | None", credentials: "Credentials | None"
) -> "tuple[tuple[Finding, ...], bool | None]":
    """Return what `explain` does, and whether the signature is valid with the credentials; None: not checked."""
    return _findings(_Given(method, url, headers, response=response, frozen=credentials, now=epoch_seconds(None)))


class _Given:
    """The arguments of `explain`, checked."""

    __slots__ = ("answer", "frozen", "handed_out", "headers", "method", "now", "url")

    answer: "Answer | None"
    frozen: "Credentials | SigningKey | None"
    handed_out: "PresignedUrl | None"  # the URL, if it is a PresignedUrl
    headers: "dict[str, str]"
    method: str
    now: int
    url: str

    def __init__(
        self,
        method: str,
        url: str,
        headers: "Headers",
        *,
        response: "str | bytes | None",
        frozen: "Credentials | SigningKey | None",
        now: int,
    ) -> None:
        self.method = checked_method(method)
        if not isinstance(url, str):
            raise TypeError(f"url: expected str, got {type(url).__name__}")
        if len(url) > MAX_URL:
            raise InputError("url", f"has more than {MAX_URL} characters")
        self.url = str.__str__(url)
        self.handed_out = url if isinstance(url, PresignedUrl) and hasattr(url, "_about") else None
        sent = merge_headers(checked_pairs("headers", headers), fold)
        self.headers = {name: value.encode("utf-8", "replace").decode() for name, value in sent.items()}
        self.answer = None if response is None else read_answer(response)
        self.frozen = frozen
        self.now = now

    @property
    def clock(self) -> int:
        """The server's time if its answer has it, else the local one."""
        server = None if self.answer is None else self.answer.server_time
        return self.now if server is None else server


def _findings(given: _Given) -> "tuple[tuple[Finding, ...], bool | None]":
    """Return the findings, and whether the signature is valid with the keys; None: not checked."""
    answer, frozen = given.answer, given.frozen
    if answer is not None and answer.succeeded:
        return (), None
    found, request = read_request(given.method, given.url, given.headers)
    method, held = given.method, None
    if request is not None and frozen is not None and _was_head(request, frozen, given):
        method, request = "HEAD", request.but(method="HEAD")
    if request is not None:
        theirs = None if answer is None else read_lines(answer.elements.get("CanonicalRequest", ""))
        if theirs is not None:
            request = _as_it_arrived(request, theirs)
        sending = list(_of_sending(request, given.handed_out))
        if frozen is None:
            sending = [(rank, one) for rank, one in sending if one is not _CLUSTER]
        explained = any(rank <= CERTAIN for rank, _ in [*found, *sending])  # the time says nothing about the signature
        found += [*_of_time(request, given), *sending]
        if frozen is not None and not request.is_v4a:
            handed_out = _as_handed_out(request, given.handed_out)
            held, repairs = recompute(request, frozen, handed_out, explained=explained)
            found += repairs
            if held is False and not repairs:
                found = [(rank, _unchecked(finding)) for rank, finding in found]
        if held or given.handed_out is not None:  # every parameter in the URL was signed
            found = [(rank, one) for rank, one in found if rank == BROKEN or one.code != "added_parameter"]
        if held and answer is None:
            # No signer spells it so, but it is read as what was signed.
            found = [ranked for ranked in found if ranked[0] < POSSIBLE]
        elif held and answer is not None and not answer.is_mismatch:
            found = [(rank, one) for rank, one in found if rank < POSSIBLE or one.code not in _SPELT]
        if answer is not None and answer.is_mismatch:
            explained = any(rank <= SHOWN or finding.code in _OF_THE_URL for rank, finding in found)
            found += of_mismatch(request, answer, theirs, held=bool(held), explained=explained)
    if answer is not None:
        found += stated(answer, request, given.clock)
        if held is False and any(one.code == "denied_by_policy" for _, one in found):
            found = [(POSSIBLE, _other_keys(one)) if one.code == "wrong_secret" else (r, one) for r, one in found]
        if not answer.is_error_document and not any(rank <= STATED for rank, _ in found):
            method_is_known = held or request is None or given.handed_out is not None
            token = None if request is None else request.authorization.session_token
            # An answer without a body is not the one to GET; of an upload's a script may have shown the status alone.
            is_known = bool(method_is_known) and method != "GET"
            of_status = silence_of_a_store(answer, method_is_known=is_known, has_token=token is not None)
            found.append(of_status or _of_silence(method, answer, method_is_known=bool(method_is_known)))
    first: dict[str, Finding] = {}
    for _, finding in sorted(found, key=lambda ranked: ranked[0]):
        first.setdefault(finding.code, finding)
    return tuple(_without_secrets(list(first.values()), given, request)), held


# What is missing to check the signature of a token for EKS.
_CLUSTER = Finding(
    "missing_signed_headers", "no x-k8s-aws-id", "the name of the cluster that the token was signed for",
    "The API server adds this header: give it to explain as headers={'x-k8s-aws-id': NAME}.",
)  # fmt: skip
_SPELT = ("path_reencoded", "query_reencoded")
# Findings from the URL's text alone, likely but not certain: they come before guesses.
_OF_THE_URL = ("added_parameter", "path_reencoded", "query_reencoded", "invalid_token")


def _without_secrets(findings: "list[Finding]", given: _Given, request: "Request | None") -> "Iterator[Finding]":
    """Hide every piece of the URL's signature and token in the findings, wherever an answer or damage put it."""
    is_intact = request is None or request.is_intact
    secrets = {*secret_values(given.url), *secret_values(url_in(given.url))}
    if request is not None:
        secrets |= {request.authorization.signature, request.authorization.session_token or ""}
    if given.frozen is not None:
        secrets.add(given.frozen.session_token or "")
    spelt = [encode(secret.encode("utf-8", "replace").decode()) for secret in secrets]
    pieces = pieces_of((*secrets, *spelt))
    for finding in findings:
        seen, expected, fix, lines = finding.seen, finding.expected, finding.fix, finding.comparison
        seen, fix = hide(seen, pieces), hide(fix, pieces)
        if request is not None:  # else these are words of this library, which damage may have put into a token
            expected = hide(expected, pieces)
        if lines is not None:
            lines = tuple([(hide(one, pieces), hide(other, pieces)) for one, other in lines])
        if not is_intact:
            seen, expected, fix = [without_digits(text) for text in (seen, expected, fix)]
        yield Finding(finding.code, seen, expected, fix, comparison=lines)


def _as_it_arrived(request: Request, theirs: "Lines") -> Request:
    """Return the request with the server's values of signed headers that were not given."""
    signed = request.authorization.signed_headers
    seen = {
        name: value.strip() for name, value in theirs.headers if name in signed and name != "host" and value.strip()
    }
    return request.but(headers={**seen, **request.headers})


def _as_handed_out(request: Request, url: "PresignedUrl | None") -> Request:
    """Return the request with the method and headers of a `PresignedUrl`."""
    if url is None:
        return request
    return request.but(method=url.method, headers={**request.headers, **merge_headers(url.headers, fold)})


def _was_head(request: Request, frozen: "Credentials | SigningKey", given: _Given) -> bool:
    """Whether an answer without a body is that to HEAD, for which these keys signed the URL."""
    answer = given.answer
    if answer is None or answer.has_body or not answer.is_of_a_store or given.method == "HEAD" or request.is_v4a:
        return False
    as_head = request.but(method="HEAD")
    held, _ = recompute(as_head, frozen, as_head, explained=True)
    return held is True


def _other_keys(finding: Finding) -> Finding:
    """Return the finding for a secret that did not sign a URL whose signature the store accepted."""
    return Finding(
        finding.code, finding.seen, finding.expected,
        "The store answered as to a valid signature, so the secret given here is not the signer's: compare these two, "
        "not the URL.",
    )  # fmt: skip


def _unchecked(finding: Finding) -> Finding:
    """Return the finding with a sentence about what could not be checked."""
    if finding.code != "missing_signed_headers":
        return finding
    fix = f"{finding.fix} Until then neither the signature nor the secret key can be checked."
    return Finding(finding.code, finding.seen, finding.expected, fix)


def _of_time(request: Request, given: _Given) -> "Findings":
    """Whether the URL or its credentials have expired, or it is not valid yet."""
    seen, answer, frozen, clock = request.authorization, given.answer, given.frozen, given.clock
    # An answer that gives another reason was given while the URL was valid, or at least not for its age.
    rank = CERTAIN
    if answer is not None and answer.is_mismatch:
        rank = LIKELY
    elif answer is not None and answer.code and not _says_only_no(answer):
        rank = POSSIBLE
    if seen.signed_at > clock + _CLOCK_SKEW:
        yield rank, not_yet_valid(request, clock)
    elif (ended_at := request.expires_at) is not None and clock > ended_at:
        yield rank, ended(seen, ended_at, clock)
    if frozen is not None and frozen.expires_at is not None and clock > frozen.expires_at:
        yield rank, Finding(
            "expired_token", f"credentials that expired at {iso_date(frozen.expires_at)}", "valid credentials",
            "A URL expires with the credentials that signed it: sign with fresh ones, and ask for no longer lifetime "
            "than theirs.",
        )  # fmt: skip
    if answer is not None and answer.server_time is not None and given.now < clock - _NO_SKEW:
        yield POSSIBLE, Finding(
            "clock_behind", f"{iso_date(given.now)} here", f"{iso_date(clock)}, as the server's clock says",
            "The clock here is behind, so URLs that are signed here expire early: set it by NTP.",
        )  # fmt: skip


def _says_only_no(answer: Answer) -> bool:
    """Whether an answer rejects the request without a reason."""
    row = refusal_of(answer)
    return row is not None and row.finding == "denied_by_policy" and not row.words and not row.fix


def _of_sending(request: Request, url: "PresignedUrl | None") -> "Findings":
    """Compare method, Host and headers that were sent with those that were signed."""
    promised: dict[str, str] = {}
    if url is not None:
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
            # The API server of the token's cluster adds its name.
            yield CERTAIN, _CLUSTER if request.kind == "eks" else missing_header(name, promised.get(name, ""))
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


def _of_silence(method: str, answer: Answer, *, method_is_known: bool) -> "Ranked":
    """Return a finding for an answer without a reason."""
    if answer.status in (400, 403, 404, 405) and not answer.has_body:
        if method in ("HEAD", "OPTIONS") and not method_is_known and answer.status != 404:
            return LIKELY, wrong_method(method, "GET, as most URLs are signed for")
        if method == "GET" and answer.is_of_a_store:
            return LIKELY, Finding(
                "wrong_method", "an answer of the store without a body, as it answers HEAD", "GET",
                "The method is signed too, and curl -I, link previews and monitors send HEAD: send GET (curl -si), or "
                "sign a URL with head_object.",
            )  # fmt: skip
    server = answer.headers.get("server", "")
    by = f" by {shown(server[:40])}" if server else ""
    return POSSIBLE, Finding(
        "not_the_store", f"status {answer.status} without an error in XML or JSON{by}", "the store's own error",
        "A proxy, a gateway or a firewall answered, the client prints the status alone, or the method was HEAD, whose "
        "answers have no body: ask the store directly, with GET (curl -si), and give all that it answers.",
    )  # fmt: skip
