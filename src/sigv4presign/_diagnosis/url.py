"""A URL, read: what no server can read in its text, and the request that is in it.

Rule: as strict as `verify`, with the likely cause.
"""

from .._canonical import canonical_uri
from .._query_auth import S3_FAMILY, rules_for
from .._redaction import SHORT, decoded
from .._text import decode, escape_non_ascii
from .._url import Url, parse_query
from ..errors import InputError, VerificationError
from .finding import BROKEN, CERTAIN, Finding, shown, shown_name
from .inspect import EKS_LIFETIME, UrlAuth, read_token
from .parameters import (
    NAMES,
    of_order,
    of_other_hosts,
    of_parameters,
)
from .request import Request
from .text import QUOTE_IT, clean, encoded_twice, fragment, percent_lost, truncated, unreadable
from .vendors import signed_otherwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from .._url import Url
    from .finding import Ranked
    from .inspect import Kind


def read_request(method: str, url: str, headers: "dict[str, str]") -> "tuple[list[Ranked], Request | None]":
    """Return what is wrong with the text, and its request if it can be read."""
    found: list[Ranked] = []
    cleaned = clean(url, found)
    try:
        kind, text = read_token(cleaned)
    except InputError:
        found.append((BROKEN, Finding(
            "malformed_url", "a token whose base64url is broken", "the token as the signer returned it",
            "Take the whole token, on one line: it was cut, or something else was copied with it.",
        )))  # fmt: skip
        return found, None
    text = _without_spaces(text, found)
    if text[:1] == "/" and "host" in headers:  # the target as a server received it
        text = f"https://{headers['host']}{text}"
    if "#" in text:
        found.append((BROKEN, fragment(text)))
        text = text.partition("#")[0]
    try:
        parts = Url(text, strict=False)
        pairs = parse_query(escape_non_ascii(parts.query))
        canonical_uri(parts.path, rules_for("s3"))
    except ValueError as fault:
        found.append((BROKEN, unreadable(text, str(fault))))
        return found, None
    if "X-Amz-Algorithm=" in decoded(parts.path) and "http" not in parts.path.lower():
        found.append((BROKEN, encoded_twice("%3F in place of the ? before the query")))
        return found, None
    holder = _holder(parts.path, pairs)
    if holder is not None:
        found.append((BROKEN, Finding(
            "wrapped_link", f"a presigned URL within another, in {holder}", "the presigned URL alone",
            "A mail filter, a search page or a chat wrapped the link in another: open the inner URL, which is "
            "its value percent-decoded once.",
        )))  # fmt: skip
        return found, None
    return found, _read_parameters(method, parts, pairs, headers, found, kind=kind)


def url_in(text: str) -> str:
    """Return the URL in a token, which a copy may have damaged; an empty text for anything else."""
    try:
        kind, url = read_token(clean(text, []))
    except InputError:
        return ""
    return url if kind else ""


def _without_spaces(text: str, found: "list[Ranked]") -> str:
    """Remove spaces inside the signing parameters, where a line was broken and joined again."""
    before, question, query = text.partition("?")
    if " " not in query:
        return text
    pieces = query.split("&")
    joined = [piece.replace(" ", "") if _is_public_piece(piece) else piece for piece in pieces]
    if joined == pieces:
        return text
    found.append((BROKEN, Finding(
        "wrapped", "a space inside a parameter of the signature", "the URL alone, without spaces",
        "A line of the URL was broken and joined with a space, or other words follow it: copy it again.",
    )))  # fmt: skip
    return before + question + "&".join(joined)


def _is_public_piece(piece: str) -> bool:
    name = piece.replace(" ", "").partition("=")[0].lower()
    return name in NAMES and "token" not in name


def _holder(path: str, pairs: "list[tuple[str, str]]") -> "str | None":
    """Return which part of a link contains a presigned URL, whose parameters are not the link's."""
    names = {name for name, _ in pairs}
    inner = decode(path).lower()
    is_joined = "http://" in path or "https://" in path  # no signer leaves the colon of a key as it is
    if "x-amz-signature=" in inner or (is_joined and any(name.startswith("X-Amz-") for name in names)):
        return "the path"
    if {"X-Amz-Algorithm", "X-Amz-Signature"} <= names:
        return None
    for name, value in pairs:
        text = value.lower()
        if text.startswith(("http://", "https://")) and "x-amz-" in text:
            return f"the parameter {shown_name(name)}"
        if text.startswith(("http-3a__", "https-3a__")) and "x-2damz-2d" in text:  # Proofpoint: - for %, _ for /
            return f"the parameter {shown_name(name)}"
    return None


def _read_parameters(
    method: str,
    url: "Url",
    pairs: "list[tuple[str, str]]",
    headers: "dict[str, str]",
    found: "list[Ranked]",
    *,
    kind: "Kind | Literal['']",
) -> "Request | None":
    parameters: dict[str, str] = {}
    if not {"x-amz-algorithm", "x-amz-signature", "x-amz-credential"} & {name.lower() for name, _ in pairs}:
        found.append((BROKEN, _not_presigned(url, pairs)))
        return None
    for name, value in pairs:
        spelt = NAMES.get(name.lower())
        if spelt is None:
            continue
        if spelt in parameters:
            found.append((BROKEN, Finding(
                "duplicate_parameter", f"{spelt} more than once", "each signing parameter once",
                "The URL was signed twice, or two URLs were joined: sign the URL without any X-Amz-* of a signature.",
            )))  # fmt: skip
            return None
        if spelt != name:
            found.append((BROKEN, Finding(
                "misspelt_parameter", shown_name(name), spelt,
                "Something changed the case of the parameters' names; S3 reads them only as they were made.",
            )))  # fmt: skip
        parameters[spelt] = value
    credential = parameters.get("X-Amz-Credential", "")
    if not {"/", "%"} & {*credential} and "Faws4_request" in credential:  # in a batch file %2 is an argument
        found.append((BROKEN, percent_lost("X-Amz-Credential without its percent signs")))
        return None
    if "%2F" in credential.upper():
        found.append((BROKEN, encoded_twice("%252F in X-Amz-Credential")))
        return None
    service = credential.rsplit("/", 2)[-2:][0]
    rules = rules_for(service)
    if _missing(parameters, len(pairs), service, found):
        return None
    try:
        authorization = UrlAuth(parameters, rules.session_token)
    except VerificationError as fault:
        found.append((CERTAIN, _malformed(fault, parameters)))
        return None
    if kind == "eks":
        authorization.expires_in = EKS_LIFETIME
    if authorization.region_set is None:
        _check_signature(authorization.signature, found)
    payload = rules.payload_hash
    if "x-amz-content-sha256" in authorization.signed_headers:
        payload = headers.get("x-amz-content-sha256", payload)
    spelt_pairs = tuple([(NAMES.get(name.lower(), name), value) for name, value in pairs])
    request = Request._restore(
        method, url.host, url.path, tuple([pair for pair in spelt_pairs if pair[0] != "X-Amz-Signature"]), url.query,
        headers, authorization, authorization.region_set is not None, rules, payload, kind,
    )  # fmt: skip
    found += of_parameters(request)
    found += of_order(request)
    found += of_other_hosts(request)
    return request


def _not_presigned(url: "Url", pairs: "list[tuple[str, str]]") -> Finding:
    """Return the finding for a URL without a signature of version 4."""
    otherwise = signed_otherwise(url, pairs)
    if otherwise is not None:
        return otherwise
    names = [name for name, _ in pairs]
    if any(name.startswith("X-Amz-Algorithm=") or "&X-Amz-" in name for name in names):
        return encoded_twice("the query string is percent-encoded as a whole")
    meant = [(name, NAMES.get(name.lower().replace("_", "-"), name)) for name in names]
    misspelt = [(name, spelt) for name, spelt in meant if spelt != name]
    if misspelt:
        return Finding(
            "misspelt_parameter", shown_name(misspelt[0][0]), misspelt[0][1],
            "Something changed the spelling of the parameters' names; S3 reads them only as they were made.",
        )  # fmt: skip
    return Finding(
        "not_presigned", "no X-Amz-Algorithm" if url.query else "no query string", "a presigned URL",
        "Without its parameters the request is anonymous. " + QUOTE_IT,
    )  # fmt: skip


def _missing(parameters: "dict[str, str]", count: int, service: str, found: "list[Ranked]") -> bool:
    """Report which parameters are missing, with the likely cause."""
    missing = [name for name in tuple(NAMES.values())[:6] if name not in parameters]
    if service and rules_for(service) not in S3_FAMILY and missing == ["X-Amz-Expires"]:
        return False
    if not missing:
        return False
    seen = f"no {', '.join(missing)}"
    rest = parameters.get("X-Amz-Algorithm", "")
    if count == 1 and "X-Amz-Credential" in rest:
        if "&X-Amz-" in rest:
            finding = encoded_twice("%26 in place of the & between the parameters")
        else:
            finding = Finding(
                "missing_parameter", "parameters without & between them", "& between the parameters",
                "Something took each & away or put another character there: copy the URL again from where it was made.",
            )  # fmt: skip
    elif list(parameters) == ["X-Amz-Algorithm"] and count == 1:
        finding = Finding("cut_by_shell", "nothing after the first &", "the whole URL", QUOTE_IT)
    elif "X-Amz-Signature" in missing:
        finding = truncated(seen)
    else:
        finding = Finding(
            "missing_parameter", seen, "all six parameters of the signature",
            "Something dropped a part of the query string on the way: pass it on unchanged.",
        )  # fmt: skip
    found.append((BROKEN, finding))
    return True


def _malformed(fault: VerificationError, parameters: "dict[str, str]") -> Finding:
    """Return the finding for a parameter that `verify` would reject."""
    parameter = {
        "malformed_credential": "X-Amz-Credential",
        "malformed_date": "X-Amz-Date",
        "malformed_expires": "X-Amz-Expires",
        "expires_out_of_range": "X-Amz-Expires",
        "unsupported_algorithm": "X-Amz-Algorithm",
        "missing_parameter": "X-Amz-Region-Set",
    }.get(fault.reason, "X-Amz-SignedHeaders")
    value = parameters.get(parameter)
    return Finding(
        fault.reason, f"no {parameter}" if value is None else f"{parameter}={_shown_malformed(value)}", str(fault),
        "Make a new URL; a value that is edited afterwards breaks the signature.",
    )  # fmt: skip


def _shown_malformed(value: str) -> str:
    """Return a malformed value of a public parameter, hidden if it may contain a piece of another parameter."""
    is_date = not value.strip("0123456789-:.TZ+ ") and len(value) <= 40
    key, *scope = value.split("/")
    is_scope = (
        key.isalnum()
        and scope[-1:] == ["aws4_request"]
        and all(len(part) <= 24 and not part.strip(_SCOPE) for part in scope)
    )
    return shown(value) if is_date or is_scope or len(value) <= SHORT else f"<hidden, {len(value)} characters>"


_SCOPE = "abcdefghijklmnopqrstuvwxyz0123456789-_*."


def _check_signature(signature: str, found: "list[Ranked]") -> None:
    digits = len(signature) - len(signature.lstrip("0123456789abcdef"))
    if len(signature) == digits == 64:
        return
    if len("".join(signature.split())) == 64 and not "".join(signature.split()).strip("0123456789abcdef"):
        found.append((BROKEN, Finding(
            "wrapped", "white space inside X-Amz-Signature", "64 hex digits and nothing else",
            "A line of the URL was broken there, and the break was encoded: copy it again, on one line.",
        )))  # fmt: skip
        return
    if digits == len(signature) < 64:
        finding = truncated(f"X-Amz-Signature with {digits} hex digits")
    elif digits >= 64:
        finding = Finding(
            "wrapped", f"{len(signature) - 64} more characters after the signature", "64 hex digits and nothing else",
            "Text after the URL was copied with it: a full stop, a bracket, the next word.",
        )  # fmt: skip
    else:
        finding = Finding(
            "malformed_signature", "X-Amz-Signature is not in lower-case hex", "64 lower-case hex digits",
            "Something changed the signature's letters; take the URL as it was made.",
        )  # fmt: skip
    found.append((BROKEN, finding))


def damage_of(url: str) -> "Finding | None":
    """Return the damage that a text shows which is not a valid presigned URL."""
    found, _ = read_request("GET", url, {})
    return next((finding for rank, finding in found if rank == BROKEN), None)
