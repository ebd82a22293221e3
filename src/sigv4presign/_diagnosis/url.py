"""Findings from a URL's parameters: what no server accepts, and what no signer writes.

Rule: as strict as `verify`, with the likely cause.
"""

from .._canonical import canonical_uri
from .._query_auth import S3_FAMILY, TOKEN_PARAMETERS, rules_for
from .._redaction import SHORT, decoded
from .._text import KEEP_IN_QUERY, decode, encode, escape_non_ascii
from .._time import WEEK
from .._url import Url, parse_query
from ..errors import VerificationError
from .finding import BROKEN, CERTAIN, LIKELY, POSSIBLE, Finding, shown, shown_name, shown_parameter
from .inspect import UrlAuth
from .request import Request
from .stated import is_region, region_of_host
from .text import QUOTE_IT, clean, encoded_twice, fragment, percent_lost, truncated, unreadable
from .vendors import signed_otherwise

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._url import Url
    from .finding import Ranked

_NAMES = {name.lower(): name for name in (
    "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
    "X-Amz-Security-Token", "X-Amz-S3session-Token", "X-Amz-Region-Set",
)}  # fmt: skip


def read_request(method: str, url: str, headers: "dict[str, str]") -> "tuple[list[Ranked], Request | None]":
    """Return what is wrong with the text, and its request if it can be read."""
    found: list[Ranked] = []
    text = _without_spaces(clean(url, found), found)
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
    return found, _read_parameters(method, parts, pairs, headers, found)


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
    return " " in piece and name in _NAMES and "token" not in name


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
    method: str, url: "Url", pairs: "list[tuple[str, str]]", headers: "dict[str, str]", found: "list[Ranked]"
) -> "Request | None":
    parameters: dict[str, str] = {}
    if not {"x-amz-algorithm", "x-amz-signature", "x-amz-credential"} & {name.lower() for name, _ in pairs}:
        found.append((BROKEN, _not_presigned(url, pairs)))
        return None
    for name, value in pairs:
        spelt = _NAMES.get(name.lower())
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
    if authorization.region_set is None:
        _check_signature(authorization.signature, found)
    payload = rules.payload_hash
    if "x-amz-content-sha256" in authorization.signed_headers:
        payload = headers.get("x-amz-content-sha256", payload)
    spelt_pairs = tuple([(_NAMES.get(name.lower(), name), value) for name, value in pairs])
    request = Request._restore(
        method, url.host, url.path, tuple([pair for pair in spelt_pairs if pair[0] != "X-Amz-Signature"]), url.query,
        headers, authorization, authorization.region_set is not None, rules, payload,
    )  # fmt: skip
    found += _of_parameters(request)
    found += _of_order(request)
    found += _of_other_hosts(request)
    return request


def _not_presigned(url: "Url", pairs: "list[tuple[str, str]]") -> Finding:
    """Return the finding for a URL without a signature of version 4."""
    otherwise = signed_otherwise(url, pairs)
    if otherwise is not None:
        return otherwise
    names = {name for name, _ in pairs}
    if any(name.startswith("X-Amz-Algorithm=") or "&X-Amz-" in name for name in names):
        return encoded_twice("the query string is percent-encoded as a whole")
    misspelt = [name for name in names if name.lower().replace("_", "-") in _NAMES]
    if misspelt:
        return Finding(
            "misspelt_parameter", shown_name(misspelt[0]), _NAMES[misspelt[0].lower().replace("_", "-")],
            "Something changed the spelling of the parameters' names; S3 reads them only as they were made.",
        )  # fmt: skip
    return Finding(
        "not_presigned", "no X-Amz-Algorithm" if url.query else "no query string", "a presigned URL",
        "Without its parameters the request is anonymous. " + QUOTE_IT,
    )  # fmt: skip


def _missing(parameters: "dict[str, str]", count: int, service: str, found: "list[Ranked]") -> bool:
    """Report which parameters are missing, with the likely cause."""
    missing = [name for name in tuple(_NAMES.values())[:6] if name not in parameters]
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
            "Something that stood behind the URL was copied with it: a full stop, a bracket, the next word.",
        )  # fmt: skip
    else:
        finding = Finding(
            "malformed_signature", "X-Amz-Signature is not in lower-case hex", "64 lower-case hex digits",
            "Something changed the signature's letters; take the URL as it was made.",
        )  # fmt: skip
    found.append((BROKEN, finding))


def _of_parameters(request: Request) -> "list[Ranked]":
    """Return findings for well-formed values that no server accepts, and for spellings that no signer writes."""
    found: list[Ranked] = []
    seen = request.authorization
    longest = request.rules.max_expires_in
    if longest is not None and seen.expires_in is not None and seen.expires_in > longest:
        found.append((CERTAIN, Finding(
            "expires_out_of_range", f"X-Amz-Expires={seen.expires_in}",
            f"at most {longest} s" + (", seven days" if longest == WEEK else ""),
            "Sign with a shorter lifetime; for longer ones hand out a link of your own that redirects to a fresh URL.",
        )))  # fmt: skip
    if seen.expires_in == 0:
        found.append((CERTAIN, Finding(
            "expires_out_of_range", "X-Amz-Expires=0", "at least 1 s", "Sign with a lifetime that is not zero.",
        )))  # fmt: skip
    if "host" not in seen.signed_headers:
        found.append((CERTAIN, Finding(
            "missing_signed_headers", "X-Amz-SignedHeaders without host", "host among the signed headers",
            "AWS rejects URLs that do not sign the host; use another signer.",
        )))  # fmt: skip
    if seen.access_key_id.startswith("ASIA") and seen.session_token is None:
        token = TOKEN_PARAMETERS[request.rules.session_token]
        found.append((CERTAIN, Finding(
            "missing_token", f"a temporary access key, ASIA..., and no {token}", token,
            "Keys that begin with ASIA work only together with their session token: give it to the signer, as "
            "Credentials(..., session_token) or AWS_SESSION_TOKEN.",
        )))  # fmt: skip
    found += _of_spelling(request)
    found += of_aws_host(request)
    return found


def _of_spelling(request: Request) -> "list[Ranked]":
    """Return findings for a path or a query that is not encoded as signers encode it."""
    found: list[Ranked] = []
    intact = request.is_intact  # else path and values may contain a part of the signature
    if intact and request.rules in S3_FAMILY:
        uri = canonical_uri(request.path, request.rules)
        if uri != request.path:
            found.append((LIKELY if "+" in request.path else POSSIBLE, Finding(
                "path_reencoded", shown(request.path), shown(uri),
                "A client or a proxy decoded or encoded the path again, which not every server undoes; a plus in a key "
                "has to arrive as %2B, a space as %20.",
            )))  # fmt: skip
    for piece in request.query.split("&"):
        name, _, value = piece.partition("=")
        if _is_spelt(name) and _is_spelt(value):
            continue
        canonical = shown_parameter(encode(decode(name)), encode(decode(value.replace("+", "%20"))), intact=intact)
        found.append((LIKELY if "+" in piece or not piece.isascii() else POSSIBLE, Finding(
            "query_reencoded", shown_parameter(name, value, intact=intact), canonical,
            "A client or a proxy decoded or encoded the query again, and a + is read as a space: hand the URL on as it "
            "was made, with %2B for a plus and %20 for a space.",
        )))  # fmt: skip
    return found


# Parameters that mailers, chats, shops and pages add to every link, and that nobody signs.
_TRACKERS = ("utm_", "mc_", "_hs", "__hs", "pk_", "mtm_", "vero_", "oly_", "_ga", "hsa_")
_CLICK_IDS = frozenset(
    ("fbclid", "gclid", "gclsrc", "dclid", "msclkid", "yclid", "igshid", "igsh", "twclid", "ttclid", "li_fat_id",
     "wbraid", "gbraid", "mkt_tok", "s_cid", "srsltid", "epik", "rdt_cid", "sccid")
)  # fmt: skip
# The same, but a signer may have signed these.
_ADDED_NAMES = frozenset(
    ("trk", "si", "_", "cb", "cachebuster", "cache_buster", "nocache", "rnd", "_t", "_r",
     "preview", "download", "ref", "source", "v", "ver", "timestamp", "share")
)  # fmt: skip


def _is_click_id(name: str) -> bool:
    lower = name.lower()
    return lower.startswith(_TRACKERS) or lower in _CLICK_IDS


def is_tracker(name: str) -> bool:
    """Whether a parameter is usually added to finished links, and is not one of S3's."""
    lower = name.lower()
    return _is_click_id(name) or lower.startswith("ref_") or lower in _ADDED_NAMES


def added_parameter(name: str, value: str, *, intact: bool = True) -> Finding:
    seen = shown_parameter(name, value, intact=intact)
    return Finding(
        "added_parameter", seen, f"no {seen.rpartition('=')[0]}",
        "Every parameter of the query is signed, so none can be added later, as mailers and trackers do: "
        "send the URL unchanged, or sign with the parameter.",
    )  # fmt: skip


def _of_order(request: Request) -> "list[Ranked]":
    """Return findings for parameters added after signing: behind a signature that comes last, or never signed."""
    names = [decoded(piece.partition("=")[0]) for piece in request.query.split("&")]
    spelt = [_NAMES.get(name.lower(), name) for name in names]
    at, token = spelt.index("X-Amz-Signature"), TOKEN_PARAMETERS[request.rules.session_token]
    # Signers that sort all parameters put X-Amz-Signature before X-Amz-SignedHeaders, and further ones after both.
    is_last = "X-Amz-SignedHeaders" in spelt[:at]
    behind = spelt[at + 1 :] if is_last else []
    service = request.authorization.service
    found: list[Ranked] = []
    if token in behind and request.rules.session_token != "appended":
        found.append((CERTAIN, Finding(
            "invalid_token", f"{token} added after the signature", f"{token} among what is signed",
            "Only AWS IoT takes the token unsigned: give it to the signer instead of appending it.",
        )))  # fmt: skip
    elif request.rules.session_token == "appended" and token in spelt[:at] and is_last:
        found.append((CERTAIN, signed_iot_token(token)))
    allowed = ("User-Agent", "x-id") if service == "kafka-cluster" else ("x-id",)
    pairs = dict(request.pairs)
    added = [name for name in behind if name and name not in _NAMES.values() and name not in allowed]
    added += [name for name in (spelt[:at] if is_last else spelt) if _is_click_id(name)]
    if added:  # one is enough
        value = encode(pairs.get(added[0], ""))
        found.append((LIKELY, added_parameter(added[0], value, intact=request.is_intact)))
    return found


def signed_iot_token(name: str) -> Finding:
    return Finding(
        "invalid_token", f"{name} among what is signed", f"{name} appended after the signature",
        "AWS IoT does not sign the session token: sign without it and append it to the URL, as tokens.iot_mqtt() does.",
    )  # fmt: skip


def _is_spelt(text: str) -> bool:
    """Whether a name or a value is percent-encoded as by signers."""
    raw = text.encode()
    if raw.translate(KEEP_IN_QUERY) == raw:
        return True
    return "+" not in text and text.isascii() and encode(decode(text)) == text


def of_aws_host(request: Request) -> "list[Ranked]":
    """Compare the region in a host of AWS with the region of the scope."""
    seen = request.authorization
    region = None if request.is_v4a else region_of_host(request.host)
    if region is None or region == seen.region:
        return []
    return [(CERTAIN, Finding(
        "wrong_region", f"signed for {shown(seen.region)}, sent to {shown(region)}", shown(region),
        f"Sign with region={shown(region)!r}, or send it to the host of the region that it is signed for.",
    ))]  # fmt: skip


# A label of an AWS host -> the service that its URLs are signed for.
_SERVICES = {
    "execute-api": "execute-api", "lambda-url": "lambda", "appsync-api": "appsync", "es": "es",
    "appsync-realtime-api": "appsync", "aos": "es", "aoss": "aoss", "sts": "sts", "dsql": "dsql",
}  # fmt: skip


def _of_other_hosts(request: Request) -> "Iterator[Ranked]":
    """Compare the service in an AWS host with that of the scope, and name hosts that check no signature."""
    host, service = request.host.partition(":")[0], request.authorization.service
    is_of_aws = host.endswith((".amazonaws.com", ".amazonaws.com.cn", ".on.aws", ".api.aws"))
    labels = [label for label in host.removesuffix(".cn").split(".")[:-2] if is_of_aws and not is_region(label)]
    before = "".join(labels[-1:])
    expected = _SERVICES.get(before.removesuffix("-fips"))
    if before == "iot" and request.path == "/mqtt":
        expected = "iotdevicegateway"
    if expected is not None and service != expected:
        yield CERTAIN, Finding(
            "wrong_service", f"signed for {shown(service)}, sent to {shown(host)}", expected,
            f"Sign with service={expected!r}, or send the URL to the host of its own service.",
        )  # fmt: skip
    public = ("a website endpoint of S3", "BUCKET.s3.REGION.amazonaws.com") if before.startswith("s3-website") else None
    if host.endswith(".r2.dev"):  # https://developers.cloudflare.com/r2/api/s3/presigned-urls/
        public = ("a public bucket's host of R2", "ACCOUNT.r2.cloudflarestorage.com")
    if public is not None:
        yield CERTAIN, Finding(
            "wrong_endpoint", f"{shown(host)}, {public[0]}", public[1],
            "This host checks no signature and serves public objects alone: sign for the host of the S3 API, and open "
            "the URL there.",
        )  # fmt: skip


def damage_of(url: str) -> "Finding | None":
    """Return the damage that a text shows which is not a valid presigned URL."""
    found, _ = read_request("GET", url, {})
    return next((finding for rank, finding in found if rank == BROKEN), None)
