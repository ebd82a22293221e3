"""Compares the canonical request of a server with the URL's, line by line.

Rule: a finding names the usual cause of a difference, such as merged slashes, not just the difference.
"""

from collections import Counter

from .._canonical import remove_dot_segments
from .._redaction import decoded, redacted_pairs
from .finding import SHOWN, Finding, escaped, shown, shown_header, shown_name, shown_parameter
from .parameters import added_parameter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._canonical import Pairs
    from .finding import Comparison, Findings
    from .request import Lines, Request

LOCAL = ("localhost", "127.0.0.1", "[::1]", "host.docker.internal")


def compare(ours: "Lines", theirs: "Lines") -> "Findings":
    """Return the differences between the URL's lines and the server's, each with all lines side by side."""
    lines = side_by_side(ours, theirs)
    for rank, finding in _differences(ours, theirs):
        yield rank, finding.but(comparison=lines)


def side_by_side(expected: "Lines", seen: "Lines") -> "Comparison":
    """Return two canonical requests as pairs of lines, headers of one name in one pair, with secret values hidden."""
    ours, theirs = dict(expected.headers), dict(seen.headers)
    headers = [(_header_line(name, ours), _header_line(name, theirs)) for name in sorted({*ours, *theirs})]
    pairs = [
        (expected.method, seen.method), (expected.uri, seen.uri),
        (_query_line(expected.query), _query_line(seen.query)), *headers, ("", ""),
        (expected.signed_headers, seen.signed_headers), (expected.payload, seen.payload),
    ]  # fmt: skip
    return tuple([(escaped(one), escaped(other)) for one, other in pairs])


def _header_line(name: str, headers: "dict[str, str]") -> str:
    return f"{name}:{redacted_pairs([(name, headers[name])])[0][1]}" if name in headers else ""


def _query_line(query: str) -> str:
    return "&".join([f"{name}={value}" for name, value in redacted_pairs(_pairs(query))])


def _differences(ours: "Lines", theirs: "Lines") -> "Findings":
    if ours.method != theirs.method:
        yield SHOWN, wrong_method(theirs.method, ours.method)
    if ours.uri != theirs.uri:
        yield SHOWN, path_change(theirs.uri, ours.uri)
    if ours.query != theirs.query:
        yield from _query_changes(theirs.query, ours.query)
    seen = dict(theirs.headers)
    for name, value in ours.headers:
        if name == "host" and seen.get(name) != value:
            yield SHOWN, wrong_host(seen.get(name, ""), value)
        elif name not in seen or (value and not seen[name].strip()):
            yield SHOWN, missing_header(name, value)
        elif " ".join(seen[name].split()) != value:
            yield SHOWN, changed_header(name, seen[name], value)
    if ours.payload != theirs.payload:
        yield SHOWN, payload_mismatch(theirs.payload, ours.payload)


def wrong_method(seen: str, expected: str) -> Finding:
    return Finding(
        "wrong_method", shown(seen), shown(expected),
        f"A URL answers only the method it was signed for: send {shown(expected)}, or sign one for {shown(seen)}; curl "
        "-I and link previews send HEAD.",
    )  # fmt: skip


def wrong_host(seen: str, expected: str) -> Finding:
    """Return the finding for another host, or the same host with another port."""
    code = "wrong_port" if seen.partition(":")[0] == expected.partition(":")[0] else "wrong_host"
    if code == "wrong_port":
        fix = (
            "Sign for the host with the port that the client uses, or let the proxy pass Host on unchanged (nginx: "
            "proxy_set_header Host $http_host)."
        )
    elif is_local(seen) or is_local(expected):
        fix = (
            "Sign for the host that the client opens, not for the name that the server has inside its network: "
            "S3Presigner(endpoint=..., public_endpoint=...); signing needs no connection."
        )
    else:
        fix = (
            "Sign for the host that the client opens, or let the proxy pass Host on unchanged; if it must change it, "
            "sign with endpoint= for the store and public_endpoint= for the client."
        )
    return Finding(code, shown(seen) or "no Host", shown(expected), fix)


def is_local(host: str) -> bool:
    """Whether a host is known only within one machine or network."""
    name = host.partition(":")[0]
    return name in LOCAL or "." not in name


def missing_header(name: str, value: str) -> Finding:
    return Finding(
        "missing_signed_headers", f"no {shown(name)}", shown_header(name, value) if value else shown(name),
        f"The URL was signed with {shown(name)}, so the client has to send it with exactly the value that was signed "
        "(PresignedUrl.headers lists them); or sign without it.",
    )  # fmt: skip


def changed_header(name: str, seen: str, expected: str) -> Finding:
    return Finding(
        "changed_header", shown_header(name, seen), shown_header(name, expected),
        f"Send {shown(name)} with exactly the value that was signed, parameters such as charset included; browsers and "
        "HTTP libraries set a Content-Type of their own unless told otherwise.",
    )  # fmt: skip


def payload_mismatch(seen: str, expected: str) -> Finding:
    return Finding(
        "payload_hash_mismatch", shown(seen), shown(expected),
        "The last line of the canonical request differs: S3 takes UNSIGNED-PAYLOAD in presigned URLs, other services "
        "the SHA-256 of the body that is sent, or of no bytes if there is no body. Sign with payload_hash= "
        "for the body that is sent; where x-amz-content-sha256 is signed, send it too.",
    )  # fmt: skip


def path_change(seen: str, expected: str) -> Finding:
    """Return what changed a path, from its two canonical forms."""
    code, fix = _path_cause(seen, expected)
    return Finding(code, shown(seen), shown(expected), fix)


def _path_cause(seen: str, expected: str) -> "tuple[str, str]":
    if merged(expected) == merged(seen):
        return "merged_slashes", (
            "A client or a proxy merged slashes, or doubled one: switch that off (nginx: "
            "merge_slashes off), or use keys without empty parts."
        )
    if "/." in expected and remove_dot_segments(expected) == remove_dot_segments(seen):
        return "removed_dot_segments", (
            "Most clients collapse . and .. in a path; send it raw (curl --path-as-is), or use keys without such parts."
        )
    if decoded(seen) == decoded(expected) or _spaced(seen) == _spaced(expected):
        return "path_reencoded", (
            "A client or a proxy decoded or encoded the path again: pass the URL on unchanged, with %2F for a "
            "slash within a name, %2B for a plus and %20 for a space."
        )
    if decoded(seen) == expected or decoded(expected) == seen:
        return "encoded_twice", (
            "The path was percent-encoded once more: give the signer the plain key, and the client the URL unchanged."
        )
    if seen.endswith(expected) or expected.endswith(seen):
        return "path_prefix", (
            "A proxy adds or strips the first part of the path: sign what the store sees and hand out what the client "
            "opens, with S3Presigner(endpoint=..., public_endpoint=...)."
        )
    if _composed(decoded(seen)) == _composed(decoded(expected)):
        return "unicode_form", (
            "Both paths look the same but differ in their bytes: one side composes accents, the other does not (NFC "
            "and NFD, as macOS); use the key as the store has it."
        )
    return "changed_path", "The path on its way to the server is not the one that was signed: look at what rewrites it."


def merged(path: str) -> str:
    while "//" in path:
        path = path.replace("//", "/")
    return path


def _spaced(path: str) -> str:
    return path.replace("%20", "+").replace("%2B", "+")


def _composed(text: str) -> str:
    import unicodedata

    return unicodedata.normalize("NFC", text)


def _query_changes(seen: str, expected: str) -> "Findings":
    """Return findings for parameters that were added, lost or changed."""
    theirs, ours = _pairs(seen), _pairs(expected)
    extra, lost = list((Counter(theirs) - Counter(ours)).elements()), Counter(ours) - Counter(theirs)
    rest = dict(extra)
    for name, value in lost.elements():
        if name in rest:
            yield SHOWN, changed_parameter(name, rest.pop(name), value)
        else:
            yield SHOWN, Finding(
                "missing_parameter", f"no {shown_name(name)}", shown_parameter(name, value),
                "Something dropped a signed parameter on the way; pass the query string on unchanged.",
            )  # fmt: skip
    for name, value in rest.items():
        yield SHOWN, added_parameter(name, value)
    if not extra and not lost:
        yield SHOWN, Finding(
            "query_reencoded", "a canonical query string in another order or spelling", "the same as ours",
            "The server or a proxy before it spells or sorts parameters in its own way; keep to names and values that "
            "need no escapes.",
        )  # fmt: skip


def _pairs(query: str) -> "Pairs":
    return [(name, value) for name, _, value in [piece.partition("=") for piece in query.split("&") if piece]]


def changed_parameter(name: str, seen: str, expected: str) -> Finding:
    """Return the finding for a parameter with another value; both are percent-encoded."""
    respelt = _spaced(seen) == _spaced(expected) or decoded(decoded(seen)) == decoded(expected)
    return Finding(
        "query_reencoded" if respelt else "changed_parameter",
        shown_parameter(name, seen),
        shown_parameter(name, expected),
        "A + in a query is read as a space: write %2B for a plus, %20 for a space, and encode once."
        if respelt
        else f"The value of {shown_name(name)} was signed too: make a new URL instead of editing this one.",
    )


def compare_scopes(to_sign: "list[str]", request: "Request") -> "Findings":
    """Return the differences between the URL's scope and that in the server's string to sign."""
    _, region, service, _ = to_sign[2].split("/")
    seen = request.authorization
    for code, word, ours, theirs in (
        ("wrong_region", "region", seen.region, region),
        ("wrong_service", "service", seen.service, service),
    ):
        if ours != theirs:
            yield SHOWN, Finding(
                code, f"signed for {shown(ours)}", shown(theirs),
                f"The server signs for another {word} than the URL names: sign with {word}={shown(theirs)!r}.",
            )  # fmt: skip


def is_another_answer(theirs: "Lines | None", to_sign: "list[str] | None", request: "Request") -> bool:
    """Whether a server's lines are of a URL with another date or access key id."""
    if to_sign is not None and to_sign[1] != request.authorization.amz_date:
        return True
    if theirs is None:
        return False
    pairs = dict(_pairs(theirs.query))
    own = dict(_pairs(request.lines().query))
    return any(name in pairs and pairs[name] != own.get(name) for name in ("X-Amz-Date", "X-Amz-Credential"))
