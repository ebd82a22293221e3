"""Findings from a URL that can be read: values that no server accepts, and what no signer writes.

Rule: one URL is enough; what was sent and what was answered is not looked at.
"""

from .._canonical import canonical_uri
from .._query_auth import S3_FAMILY, TOKEN_PARAMETERS
from .._redaction import decoded
from .._text import decode, encode
from .._time import WEEK
from .finding import CERTAIN, LIKELY, POSSIBLE, Finding, shown, shown_parameter
from .request import Request
from .stated import is_region, region_of_host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .finding import Ranked

NAMES = {name.lower(): name for name in (
    "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature",
    "X-Amz-Security-Token", "X-Amz-S3session-Token", "X-Amz-Region-Set",
)}  # fmt: skip


def of_parameters(request: Request) -> "list[Ranked]":
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
_ADDEDNAMES = frozenset(
    ("trk", "si", "_", "cb", "cachebuster", "cache_buster", "nocache", "rnd", "_t", "_r",
     "preview", "download", "ref", "source", "v", "ver", "timestamp", "share")
)  # fmt: skip


def _is_click_id(name: str) -> bool:
    lower = name.lower()
    return lower.startswith(_TRACKERS) or lower in _CLICK_IDS


def is_tracker(name: str) -> bool:
    """Whether a parameter is usually added to finished links, and is not one of S3's."""
    lower = name.lower()
    return _is_click_id(name) or lower.startswith("ref_") or lower in _ADDEDNAMES


def added_parameter(name: str, value: str, *, intact: bool = True) -> Finding:
    seen = shown_parameter(name, value, intact=intact)
    return Finding(
        "added_parameter", seen, f"no {seen.rpartition('=')[0]}",
        "Every parameter of the query is signed, so none can be added later, as mailers and trackers do: "
        "send the URL unchanged, or sign with the parameter.",
    )  # fmt: skip


def of_order(request: Request) -> "list[Ranked]":
    """Return findings for parameters added after signing: behind a signature that comes last, or never signed."""
    names = [decoded(piece.partition("=")[0]) for piece in request.query.split("&")]
    spelt = [NAMES.get(name.lower(), name) for name in names]
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
    added = [name for name in behind if name and name not in NAMES.values() and name not in allowed]
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
    return encode(decode(text)) == text


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


def of_other_hosts(request: Request) -> "Iterator[Ranked]":
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
