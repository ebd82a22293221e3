"""With the keys: finds the one change after which the signature matches.

Rule: a repair is tested, never assumed.  If the repaired request has the URL's signature, that proves the damage.  Each
test takes two hashes.
"""

import unicodedata
from hmac import compare_digest
from itertools import islice

from .._credentials import Credentials
from .._query_auth import (
    EMPTY_SHA256,
    S3_FAMILY,
    TOKEN_PARAMETERS,
    UNSIGNED_PAYLOAD,
    ServiceRules,
    is_signing_parameter,
)
from .._redaction import decoded
from .._signature import scope_state, state_for
from .._steps import SigningKey
from .._text import decode, encode, encode_path, escape_non_ascii
from .._url import parse_query
from .finding import LIKELY, POSSIBLE, SHOWN, Finding, shown
from .lines import (
    LOCAL,
    changed_header,
    changed_parameter,
    is_local,
    merged,
    missing_header,
    path_change,
    payload_mismatch,
    side_by_side,
    wrong_host,
    wrong_method,
)
from .parameters import added_parameter, is_tracker, of_aws_host, signed_iot_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._signature import SigningState
    from .finding import Ranked
    from .request import Request

    Repair = tuple[Finding, Request]
    Query = tuple[tuple[str, str], ...]

_METHODS = ("GET", "PUT", "HEAD", "POST", "DELETE", "PATCH", "OPTIONS")
_CONTAINERS = ("minio", "localstack", "s3", "ceph", "rgw", "garage", "seaweedfs", "rustfs")
# Content-Types that browsers, curl and HTTP libraries send by default.
_CONTENT_TYPES = (
    "application/octet-stream", "binary/octet-stream", "text/plain", "application/json", "image/png", "image/jpeg",
    "application/pdf", "text/csv", "video/mp4", "application/x-www-form-urlencoded", "text/html", "application/zip",
    "multipart/form-data", "text/plain; charset=utf-8", "text/plain;charset=UTF-8", "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
)  # fmt: skip
# Usual lifetimes: minutes up to an hour, multiples of five minutes up to a day, hours up to a week.
_LIFETIMES = (*range(60, 3_600, 60), *range(3_600, 86_400, 300), *range(86_400, 604_801, 3_600), 10, 15, 30, 45, 90)
_PREFIXES = ("s3", "minio", "storage", "files", "objects", "media")  # usual path prefixes of stores behind proxies
_MOST = 64  # positions in one path or query at which a repair is tried
_MOST_REPAIRS = 2_000
_MOST_CHARACTERS = 2_000_000  # in all repairs together, which limits the time for a long URL
_PIECE = 30  # characters that take as long as one more parameter or one more segment of the path
_MOST_SUBSETS = 8  # positions of which every combination is tried
_SIGNED_TOKEN = ServiceRules(session_token="signed")


def recompute(
    request: "Request", frozen: "Credentials | SigningKey", handed_out: "Request", *, explained: bool
) -> "tuple[bool | None, list[Ranked]]":
    """Return whether the signature is valid (None: unknown with these keys), and if not, why.

    `handed_out` has the method and the headers of a `PresignedUrl`.  `explained`: another finding, such as a missing
    signed header, already explains an invalid signature, so nothing is known about the secret.
    """
    seen = request.authorization
    token_name = TOKEN_PARAMETERS[request.rules.session_token]
    if frozen.access_key_id != seen.access_key_id:
        return None, [(SHOWN, Finding(
            "wrong_access_key", f"signed by {shown(seen.access_key_id)}", shown(frozen.access_key_id),
            "The URL was signed by another access key than the credentials given here: look which ones the signer "
            "finds first, in its environment, profile, container or instance.",
        ))]  # fmt: skip
    found: list[Ranked] = []
    if frozen.session_token != seen.session_token:
        found.append((SHOWN, _token_differs(token_name, frozen.session_token, seen.session_token)))
    if len(seen.signature) != 64 or seen.signature.strip("0123456789abcdef"):
        return None, found  # other damage, already reported
    state = state_for(frozen, seen.date, seen.region, seen.service)
    if _gives(request, state):
        return True, found
    if _gives(handed_out, state):
        return False, found  # the difference was already reported
    repair = _first_that_gives(request, frozen, state)
    if repair is not None:
        finding, repaired = repair
        lines = side_by_side(repaired.lines(), request.lines())
        lost = [name for name in repaired.headers if name not in request.headers]
        told = [(SHOWN, missing_header(name, repaired.headers[name])) for name in lost]
        return False, [(SHOWN, finding.but(comparison=lines)), *told, *found]
    if isinstance(frozen, Credentials):
        for ending in ("\n", "\r\n", " ", "\r"):
            other = scope_state(
                seen.access_key_id, frozen.secret_access_key + ending, None, seen.date, seen.region, seen.service
            )
            if _gives(request, other):
                return False, [(SHOWN, Finding(
                    "wrong_secret", "signed with the secret key and white space behind it", "the secret key alone",
                    "Strip the line break from the file or the variable that the signer reads its secret from.",
                )), *found]  # fmt: skip
    if explained or found:
        return False, found
    found.append((LIKELY, _unexplained()))
    sent = [name for name in seen.signed_headers if name in request.headers and name != "host"]
    found += [(POSSIBLE, changed_header(name, request.headers[name], "the value that was signed")) for name in sent]
    if is_local(request.host):
        found.append((POSSIBLE, wrong_host(request.host, "the host that it was signed for")))
    return False, found


def _first_that_gives(request: "Request", frozen: "Credentials | SigningKey", state: "SigningState") -> "Repair | None":
    """Return the first repair after which the secret gives the URL's signature."""
    size = len(request.path) + len(request.query) + _PIECE * (len(request.pairs) + request.path.count("/"))
    left = min(_MOST_REPAIRS, max(25, _MOST_CHARACTERS // size))
    repairs = _repairs(request, frozen)
    return next((repair for repair in islice(repairs, left) if _gives(repair[1], state)), None)


def _gives(request: "Request", state: "SigningState") -> bool:
    try:
        return compare_digest(request.signature(state), request.authorization.signature)
    except ValueError:  # an undecodable path was not signed
        return False


def _unexplained() -> Finding:
    return Finding(
        "wrong_secret", "a signature that these keys do not give", "the signature of these keys",
        "The URL was signed with another secret than this access key has, or was changed in an unusual way. Excluded: "
        "the usual other methods, hosts, ports, Content-Types, paths, parameters, lifetimes, path rules and tokens, "
        "which were tried. Compare the secret's first and last letters where it is signed; take the URL from there.",
    )  # fmt: skip


def _token_differs(name: str, ours: "str | None", theirs: "str | None") -> Finding:
    if theirs is None:
        return Finding(
            "missing_token", f"no {name}", f"the token of the credentials in {name}",
            "The credentials are temporary: give their session token to the signer too.",
        )  # fmt: skip
    if ours is None:
        return Finding(
            "invalid_token", f"a token in {name}", "none: the credentials given here have no session token",
            "Leave the token out, or take key, secret and token from the same place.",
        )  # fmt: skip
    if theirs.replace(" ", "+") == ours:
        return Finding(
            "query_reencoded", f"spaces in {name}", "plus signs",
            "Something turned the token's %2B into +, which is read as a space: pass the URL on unchanged.",
        )  # fmt: skip
    return Finding(
        "invalid_token", f"another token in {name}", "that of the credentials given here",
        "Key, secret and token belong together: take all three from the same answer of STS.",
    )  # fmt: skip


def _repairs(request: "Request", frozen: "Credentials | SigningKey") -> "Iterator[Repair]":
    yield from _other_methods(request)
    yield from _other_headers(request)
    yield from _other_paths(request)
    yield from _other_queries(request)
    yield from _other_hosts(request)
    yield from _other_rules(request)
    yield from _other_tokens(request, frozen.session_token)


def _other_methods(request: "Request") -> "Iterator[Repair]":
    for method in _METHODS:
        yield wrong_method(request.method, method), request.but(method=method)
    headers = request.headers
    if "content-type" in request.authorization.signed_headers and "content-type" not in headers:
        for method in _METHODS:
            if method != request.method:
                for value in _CONTENT_TYPES:
                    changed = request.but(method=method, headers={**headers, "content-type": value})
                    yield wrong_method(request.method, method), changed


def _other_hosts(request: "Request") -> "Iterator[Repair]":
    name, _, port = request.host.partition(":")
    hosts = [request.headers.get("host", ""), name, f"{name}:443", f"{name}:80", f"{name}:9000"]
    hosts += [f"{other}:{number}" for other in (*LOCAL, *_CONTAINERS) for number in (port, "9000", "4566") if number]
    hosts += [*LOCAL, *_CONTAINERS]
    for host in hosts:
        yield wrong_host(request.host, host), request.but(host=host)
    if request.rules in S3_FAMILY:
        of_regions = _of_other_regions(request.host, request.authorization.region)
        for host in of_regions:
            region = of_aws_host(request)
            yield region[0][1] if region else wrong_host(request.host, host), request.but(host=host)
        for host in (request.host, *of_regions):
            yield from _other_styles(request, host)


def _of_other_regions(host: str, region: str) -> "list[str]":
    """Return the S3 hosts that may have been changed into this one: with the region, with or without dual stack."""
    labels = host.split(".")
    if "s3" not in labels or "amazonaws" not in labels:
        return []
    before, after = labels[: labels.index("s3") + 1], labels[labels.index("amazonaws") :]
    return [".".join([*before, *between, *after]) for between in ([region], ["dualstack", region], [])]


def _other_styles(request: "Request", host: str) -> "Iterator[Repair]":
    """Move the bucket from the host to the path, and from the path to the host."""
    bucket, _, key = request.path[1:].partition("/")
    labels = host.split(".")
    endings = ("/", "") if request.path == "/" else (request.path,)  # of a bucket itself, with its slash or without
    moved = [
        (".".join(labels[at:]), f"/{'.'.join(labels[:at])}{ending}")
        for at in range(1, len(labels))
        for ending in endings
    ]
    if bucket:
        moved.append((f"{bucket}.{host}", f"/{key}"))
    for other, path in moved:
        yield Finding(
            "wrong_host", shown(request.host + request.path), shown(other + path),
            "The bucket was moved between host and path, which are both signed: open the URL as it was made, or sign "
            "with the addressing_style that the client needs.",
        ), request.but(host=other, path=path)  # fmt: skip


def _other_headers(request: "Request") -> "Iterator[Repair]":
    for name in request.authorization.signed_headers:
        if name == "host":
            continue
        sent = request.headers.get(name)
        values = list(_CONTENT_TYPES) if name == "content-type" else []
        if sent is not None:
            values = [sent.partition(";")[0].strip(), sent.lower(), sent.strip('"'), "", *values]
        for value in values:
            finding = missing_header(name, value) if sent is None else changed_header(name, sent, value)
            yield finding, request.but(headers={**request.headers, name: value})


def _other_paths(request: "Request") -> "Iterator[Repair]":
    path = request.path
    slashes = [at for at, letter in enumerate(path) if letter == "/"][:_MOST]
    first, second = path[: path.find("/", 1) + 1], path[path.find("/", 1) + 1 :]
    variants = [
        path.replace("+", "%20"), path.replace("+", "%2B"), path.replace("%20", "%2B"), path.replace("%2B", "%20"),
        path.replace("%25", "%"), path.replace("%", "%25"), path.replace("%2F", "/"), "/" + path, path + "/",
        path.rstrip("/"), merged(path), "/" + path[1:].replace("/", "%2F"), first + second.replace("/", "%2F"),
        "/" + second, "/" + second.partition("/")[2],
    ]  # fmt: skip
    variants += [f"/{prefix}{path}" for prefix in (*_PREFIXES, request.host.partition(".")[0])]
    variants += [*_with_some_replaced(path, slashes, "//"), *_with_some_replaced(path, slashes[1:], "%2F")]
    uri = request.lines().uri
    for variant in dict.fromkeys(variants):
        changed = request.but(path=variant)
        try:
            yield path_change(uri, changed.lines().uri), changed
        except ValueError:  # undecodable, so it was not signed
            continue
    for form in ("NFC", "NFD"):
        changed = request.but(path=encode_path(unicodedata.normalize(form, decode(path))))
        yield path_change(uri, changed.lines().uri), changed


def _with_some_replaced(text: str, places: "list[int]", by: str) -> "Iterator[str]":
    """Replace every combination of some positions of a text; of many positions only all together and each alone."""
    choices = [set(places), *[{at} for at in places]]
    if len(places) <= _MOST_SUBSETS:
        choices = [{at for n, at in enumerate(places) if 1 << n & bits} for bits in range(1, 1 << len(places))]
    for choice in choices:
        changed, end = "", 0
        for at in sorted(choice):
            changed += text[end:at] + by
            end = at + 1
        yield changed + text[end:]


def _other_queries(request: "Request") -> "Iterator[Repair]":
    rule = request.rules.session_token
    pairs = request.pairs
    own = [pair for pair in pairs if is_signing_parameter(pair[0], rule)]
    others = [pair for pair in pairs if not is_signing_parameter(pair[0], rule)]
    for pair in others[:_MOST]:
        yield added_parameter(*pair), request.but(pairs=tuple([other for other in pairs if other is not pair]))
    if others:
        yield added_parameter(*others[-1]), request.but(pairs=tuple(own))
    trackers = [pair for pair in others if is_tracker(pair[0])]
    if trackers:
        yield added_parameter(*trackers[0]), request.but(pairs=tuple([p for p in pairs if p not in trackers]))
    for variant in _respelt(pairs, request.query):
        changed_at = next((at for at, pair in enumerate(pairs) if pair != variant[at]), None)
        if changed_at is not None:
            name, value = pairs[changed_at]
            yield changed_parameter(name, encode(value), encode(variant[changed_at][1])), request.but(pairs=variant)
    for seconds in _LIFETIMES:
        lifetime = str(request.authorization.expires_in)
        changed = tuple([(n, str(seconds)) if n == "X-Amz-Expires" else (n, v) for n, v in pairs])
        yield changed_parameter("X-Amz-Expires", lifetime, str(seconds)), request.but(pairs=changed)


def _respelt(pairs: "Query", query: str) -> "Iterator[Query]":
    """Return the parameters as they may have been before they were encoded or decoded again."""
    yield tuple([(name, value.replace("+", " ")) for name, value in pairs])
    yield tuple([(name, decoded(value)) for name, value in pairs])
    if "+" in query:  # a plus that was signed as %2B
        literal = parse_query(escape_non_ascii(query).replace("+", "%2B"))
        values = [value for name, value in literal if name.lower() != "x-amz-signature"]
        yield tuple([(name, value) for (name, _), value in zip(pairs, values, strict=True)])
    for at, (name, value) in enumerate(pairs):
        spaces = [place for place, letter in enumerate(value) if letter == " "][:_MOST]
        for respelt in _with_some_replaced(value, spaces, "+"):
            yield (*pairs[:at], (name, respelt), *pairs[at + 1 :])


def _other_rules(request: "Request") -> "Iterator[Repair]":
    """Sign with the path or payload rules of another kind of service."""
    for double_encode in (request.rules.double_encode, not request.rules.double_encode):
        for normalize in (request.rules.normalize_path, not request.rules.normalize_path):
            for payload in (request.payload, UNSIGNED_PAYLOAD, EMPTY_SHA256):
                rules = ServiceRules(
                    normalize_path=normalize, double_encode=double_encode, session_token=request.rules.session_token
                )
                changed = request.but(rules=rules, payload=payload)
                if rules.double_encode == request.rules.double_encode and normalize == request.rules.normalize_path:
                    finding = payload_mismatch(payload, request.payload)
                else:
                    finding = Finding(
                        "wrong_rules", f"a path signed as {shown(changed.lines().uri)}", shown(request.lines().uri),
                        "The signer uses the path rule of another kind of service: S3 takes the path encoded once, all "
                        "others normalised and encoded twice; name the right service to it.",
                    )  # fmt: skip
                yield finding, changed


def _other_tokens(request: "Request", token: "str | None") -> "Iterator[Repair]":
    name = TOKEN_PARAMETERS[request.rules.session_token]
    if request.rules.session_token == "appended":
        yield signed_iot_token(name), request.but(rules=_SIGNED_TOKEN)
    without = tuple([pair for pair in request.pairs if pair[0] != name])
    if len(without) != len(request.pairs):
        yield Finding(
            "invalid_token", f"{name} added after the signature", f"{name} among what is signed",
            "Only AWS IoT takes the token unsigned: give it to the signer instead of appending it.",
        ), request.but(pairs=without)  # fmt: skip
    elif token is not None:
        yield Finding(
            "missing_parameter", f"no {name}", name,
            "The URL was signed with its session token and lost it on the way; pass the query string on unchanged.",
        ), request.but(pairs=(*without, (name, token)))  # fmt: skip
