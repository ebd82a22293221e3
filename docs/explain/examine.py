"""What the page shows of a URL, as JSON; runs in the page's worker, in Pyodide.

Rule: everything about signatures comes from the package's public functions.  What is shown of a secret is what
`inspect` shows of it.
"""

import contextlib
import html
import json
import re
import time
from collections import Counter
from typing import Any, cast
from urllib.parse import quote, unquote

from sigv4presign import (
    GENERIC_RULES,
    S3_RULES,
    Credentials,
    Inspection,
    S3Presigner,
    canonical_request,
    explain,
    inspect,
)
from sigv4presign.errors import InputError

HIDDEN = "<hidden>"
NOT_A_URL = ("post", "post-v2", "eks", "msk", "rds", "dsql", "elasticache", "memorydb")
S3_SERVICES = ("s3", "s3express", "s3-object-lambda", "s3-outposts")
KEY_FIELDS = ("access_key_id", "secret_access_key", "session_token")
LINES = ("Method", "Path", "Parameter", "Header", "Signed headers", "Payload")

# The parts of a URL, in the page's order and colours.
PART_OF = {
    "x-amz-credential": "who",
    "x-amz-region-set": "where",
    "x-amz-date": "when",
    "x-amz-expires": "when",
    "x-amz-signedheaders": "signed",
    "x-amz-algorithm": "signature",
    "x-amz-signature": "signature",
    "x-amz-security-token": "signature",
    "x-amz-s3session-token": "signature",
    "awsaccesskeyid": "who",
    "expires": "when",
    "signature": "signature",
}


def examine(fields_json: str) -> str:
    """Everything that the page shows, from what was typed into its fields.

    Args:
        fields_json: `url`, `response`, `method`, `headers`, `access_key_id`, `secret_access_key`, `session_token`; each
            a string, empty if nothing was typed.

    Example:
        >>> seen = json.loads(examine(json.dumps({"url": "https://files.example.com/a.txt"})))
        >>> [finding["code"] for finding in seen["findings"]]
        ['not_presigned']
        >>> seen["parts"] is None
        True
    """
    fields: dict[str, str] = json.loads(fields_json)
    fields["url"] = fields.get("url", "").strip()
    fields["response"] = pasted_answer(fields.get("response", ""))
    shown: dict[str, object] = {"findings": None, "parts": None, "lines": None, "life": None}
    now = int(time.time())
    seen: Inspection | None = None
    try:
        seen = _inspected(fields["url"])
    except (InputError, TypeError) as fault:
        shown["not_taken_apart"] = str(fault).partition(": ")[2]
    else:
        shown["parts"] = {"kind": seen.kind, "text": segments(seen), "rows": rows(seen)}
        shown["life"] = {"signed_at": seen.signed_at, "expires_at": seen.expires_at, "now": now}
    faults: list[dict[str, str]] = []
    while True:
        try:
            shown.update(_explained(fields, seen, now))
            break
        except InputError as fault:
            faults.append({"field": fault.parameter, "message": str(fault).partition(": ")[2]})
            # What cannot be read is said at its field, and the rest is explained.
            unread = KEY_FIELDS if fault.parameter in KEY_FIELDS else (fault.parameter,)
            if fault.parameter == "url" or not any(fields.get(name) for name in unread):
                break
            fields.update(dict.fromkeys(unread, ""))
    return json.dumps({**shown, "faults": faults})


def _explained(fields: "dict[str, str]", seen: "Inspection | None", now: int) -> "dict[str, object]":
    """The findings, the two canonical requests, and what they were read with."""
    url, response = fields["url"], fields["response"]
    theirs = server_lines(response)
    first = theirs.partition("\n")[0]
    method = fields.get("method") or (first if first.isalpha() and first.isascii() and first.isupper() else "GET")
    headers = sent_headers(fields.get("headers", ""))
    credentials = _credentials(fields)
    found: dict[str, object] = {"method": method}
    if seen is None or seen.kind not in NOT_A_URL:
        findings = explain(method, url, headers=headers, response=response or None, credentials=credentials, now=now)
        found["findings"] = [{name: getattr(finding, name) for name in finding._fields} for finding in findings]
        found["recomputed"] = None if credentials is None else credentials.access_key_id
    if seen is not None and seen.kind == "v4":
        with contextlib.suppress(InputError):  # lines of the server that no client could have sent
            found["lines"] = compared(canonical_text(method, url, seen, headers, theirs), theirs, url, seen)
    return found


def example() -> str:
    """Fields to try the page with: S3's answer to a link that a newsletter's click counter lengthened.

    Example:
        >>> [finding["code"] for finding in json.loads(examine(example()))["findings"]]
        ['added_parameter']
    """
    keys = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    s3 = S3Presigner(keys, region="eu-west-1")
    url = s3.get_object("photos-2026", "summer/sea & sun.jpg", expires_in=900, now=int(time.time()) - 300)
    unsigned, _, signature = url.partition("&X-Amz-Signature=")
    lines = canonical_request("GET", f"{unsigned}&utm_source=newsletter", headers={}, rules=S3_RULES)
    response = f"""HTTP/1.1 403 Forbidden
Content-Type: application/xml

<Error><Code>SignatureDoesNotMatch</Code><Message>The request signature we calculated does not match the signature you
provided. Check your key and signing method.</Message><AWSAccessKeyId>{keys.access_key_id}</AWSAccessKeyId>
<SignatureProvided>{signature}</SignatureProvided>
<CanonicalRequest>{html.escape(lines, quote=False)}</CanonicalRequest></Error>"""
    return json.dumps({"url": url, "response": response})


# --- what was typed ---------------------------------------------------------------------------------------------------


def sent_headers(text: str) -> "list[tuple[str, str]]":
    """Headers as people have them: a line each, as they are or as `curl -v` prints them.

    Example:
        >>> sent_headers("> PUT /cat.png HTTP/1.1\\n> Content-Type: image/png\\n>\\nx-amz-acl: private")
        [('Content-Type', 'image/png'), ('x-amz-acl', 'private')]
    """
    found: list[tuple[str, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.removeprefix(">").strip()
        if not bare or re.fullmatch(r"[A-Z]+ \S+ HTTP/[\d.]+", bare):
            continue
        name, colon, value = bare.partition(":")
        if not colon or not name:
            raise InputError("headers", f"line {number} is not a header; write Name: value")
        found.append((name.strip(), value.strip()))
    return found


def pasted_answer(text: str) -> str:
    """An answer without the sentence that a browser prints above XML.

    Example:
        >>> pasted_answer("This XML file has no style information.\\n<Error><Code>A</Code></Error>")
        '<Error><Code>A</Code></Error>'
    """
    above, error, rest = text.partition("<Error>")
    return error + rest if error and not above.lstrip().startswith(("HTTP/", "<", "{")) else text


def _inspected(url: str) -> Inspection:
    """As the command line does it: a form is pasted as a JSON object."""
    if url[:1] != "{":
        return inspect(url)
    try:
        return inspect(json.loads(url))
    except (ValueError, RecursionError) as fault:
        if isinstance(fault, InputError):
            raise
        raise InputError("url", "is not a JSON object of a form's fields") from None


def _credentials(fields: "dict[str, str]") -> "Credentials | None":
    key, secret, token = (fields.get(name, "") for name in KEY_FIELDS)
    if not key and not secret and not token:
        return None
    if not key:
        raise InputError("access_key_id", "is empty; the signature is recomputed only with both keys")
    if not secret:
        raise InputError("secret_access_key", "is empty; the signature is recomputed only with both keys")
    return Credentials(key, secret, token or None)


# --- the URL, taken apart ---------------------------------------------------------------------------------------------

AWS_SUFFIXES = (".amazonaws.com", ".amazonaws.com.cn")


def bucket_and_key(seen: Inspection) -> "tuple[str, str, bool] | None":
    """The bucket and the raw key of an S3 URL, and whether the host names the bucket; None if they are unknown.

    At AWS the host tells which of the two names the bucket.  Elsewhere nothing tells, and mostly the path does.
    """
    path = seen.path or ""
    if seen.service not in (*S3_SERVICES, None) or not path or seen.kind in NOT_A_URL:
        return None
    bucket = _bucket_of_aws_host(seen.host or "")
    if bucket:
        return bucket, path[1:], True
    bucket, _, key = path[1:].partition("/")
    return (bucket, key, False) if bucket else None


def _bucket_of_aws_host(host: str) -> str:
    """The labels before that of S3's endpoint, which is the last one that looks like it."""
    name = host.partition(":")[0]
    suffix = next((suffix for suffix in AWS_SUFFIXES if name.endswith(suffix)), None)
    labels = name.removesuffix(suffix).split(".") if suffix else []
    for at in range(len(labels) - 1, -1, -1):
        if labels[at] == "s3" or labels[at].startswith(("s3-", "s3express-")):
            return "" if labels[at] == "s3-control" else ".".join(labels[:at])
    return ""


def segments(seen: Inspection) -> "list[tuple[str, str]]":
    """The URL as `inspect` shows it, in pieces: the text and the name of its part, empty for punctuation."""
    if seen.url is None:
        return []
    before, question, query = seen.url.partition("?")
    scheme, separator, rest = before.rpartition("://")
    authority, _, _ = rest.partition("/")
    path = rest[len(authority) :]
    found = [(scheme + separator, "")]
    place = bucket_and_key(seen)
    if place is None:
        found += [(authority, "host"), (path, "path")]
    elif place[2]:
        bucket = authority[: len(place[0])]
        found += [(bucket, "bucket"), (authority[len(bucket) :], "host"), ("/", ""), (path[1:], "key")]
    else:
        bucket, slash, key = path[1:].partition("/")
        found += [(authority, "host"), ("/", ""), (bucket, "bucket"), (slash, ""), (key, "key")]
    found.append((question, ""))
    for number, piece in enumerate(query.split("&") if question else ()):
        found += [("&" if number else "", ""), *_parameter(piece)]
    return [(text, part) for text, part in found if text]


def _parameter(piece: str) -> "list[tuple[str, str]]":
    name, equals, value = piece.partition("=")
    part = PART_OF.get(unquote(name).lower(), "query")
    if part != "who" or unquote(name).lower() == "awsaccesskeyid":
        return [(name + equals, "name"), (value, part)]
    slash = "%2F" if "%2F" in value else "/"
    names = value.split(slash)
    if len(names) < 4:
        return [(name + equals, "name"), (value, part)]
    middle = {-1: "signature", -2: "where", -3: "where"}
    if names[-3].isdigit() and len(names[-3]) == 8:  # SigV4A has no region here
        middle[-3] = "when"
    dated = -3 if middle[-3] == "when" else -4
    found = [(name + equals, "name"), (slash.join(names[:dated]), "who")]
    for at in range(dated, 0):
        found += [(slash, ""), (names[at], "when" if at == dated else middle[at])]
    return found


def rows(seen: Inspection) -> "list[dict[str, str]]":
    """The legend of the URL: part, label, value, and a remark where the value needs one."""
    found: list[dict[str, str]] = []

    def add(part: str, label: str, value: "str | None", remark: str = "") -> None:
        if value:
            found.append({"part": part, "label": label, "value": value, "remark": remark})

    add("host", "Host", seen.host)
    place = bucket_and_key(seen)
    if place is None:
        add("path", "Path", seen.path)
    else:
        bucket, key, in_host = place
        at_aws = in_host or (seen.host or "").endswith(AWS_SUFFIXES)
        add("bucket", "Bucket", bucket, "" if at_aws else "if the store takes the bucket from the path")
        add("key", "Key", unquote(key), "" if key else "none: the request is about the bucket")
    add("who", "Access key", seen.access_key_id, _of_the_key(seen))
    region = ", ".join(seen.region_set) if seen.region_set else seen.region
    add("where", "Region", region)
    add("where", "Service", seen.service)
    add("signed", "Signed headers", ", ".join(seen.signed_headers), _of_what_is_signed(seen))
    for name, value in seen.query:
        add("query", "Parameter", f"{name}={value}" if value else name)
    for name, value in seen.fields or ():
        add("query", "Field", f"{name}={value}")
    for condition in seen.conditions or ():
        add("signed", "Condition", " ".join(condition))
    return found


def _of_the_key(seen: Inspection) -> str:
    if seen.has_session_token:
        return "temporary: a session token comes with it, and the URL expires with it at the latest"
    return ""


def _of_what_is_signed(seen: Inspection) -> str:
    others = [name for name in seen.signed_headers if name != "host"]
    sending = f"the client has to send {', '.join(others)} with the signed value; " if others else ""
    return f"{sending}method, path and every parameter are signed too"


# --- the canonical requests -------------------------------------------------------------------------------------------


def server_lines(response: str) -> str:
    """The canonical request that an answer shows, or nothing: an element of S3's XML, or quoted in a message.

    Example:
        >>> server_lines("<Error><CanonicalRequest>GET\\n/a\\nX-Amz-Date=1&amp;a=b</CanonicalRequest></Error>")
        'GET\\n/a\\nX-Amz-Date=1&a=b'
    """
    element = _between(response, "<CanonicalRequest>", "</CanonicalRequest>")
    if element:
        return html.unescape(element).replace("\r\n", "\n").strip("\n")
    try:
        document: Any = json.loads(response[response.find("{") :])
    except (ValueError, RecursionError):
        document = None
    message = html.unescape(response)
    if isinstance(document, dict):
        texts = cast("dict[str, object]", document)
        message = str(texts.get("message") or texts.get("Message"))
    return _between(message, "Canonical String for this request should have been\n'", "'\n")


def _between(text: str, before: str, after: str) -> str:
    """What stands between two texts, or nothing."""
    _, start, rest = text.partition(before)
    found, end, _ = rest.partition(after)
    return found if start and end else ""


def canonical_text(method: str, url: str, seen: Inspection, headers: "list[tuple[str, str]]", theirs: str) -> str:
    """The canonical request of the URL as it was pasted; headers that we were not told of as the server saw them."""
    sent = {name.lower(): value for name, value in _header_lines(theirs)}
    sent.update({name.lower(): value for name, value in headers})
    before, question, query = url.partition("?")
    left_out = ["x-amz-signature"] + ["x-amz-security-token"] * (seen.service == "iotdevicegateway")
    pieces = [piece for piece in query.split("&") if unquote(piece.partition("=")[0]).lower() not in left_out]
    signed = {name: sent.get(name, "") for name in seen.signed_headers if name != "host"}
    return canonical_request(
        method,
        before + question + "&".join(pieces),
        headers=signed,
        payload_hash=signed.get("x-amz-content-sha256") or None,
        rules=S3_RULES if seen.service in S3_SERVICES else GENERIC_RULES,
    )


def compared(ours: str, theirs: str, url: str, seen: Inspection) -> "dict[str, object]":
    """Both canonical requests in rows of one line or one parameter: label, ours, theirs, and whether they differ."""
    secret = _hidden_names(url, seen.url or "")
    mine, others = _by_label(ours), _by_label(theirs)
    found: list[dict[str, object]] = []
    for label in sorted({**mine, **others}, key=lambda label: LINES.index(label[0])):
        line, name, _ = label
        a, b = mine.get(label), others.get(label)
        is_secret = (line == "Parameter" and name.lower() in secret) or (line == "Header" and _is_secret_header(name))
        found.append(
            {
                "label": f"{line} {name}".strip(),
                "ours": HIDDEN if a and is_secret else a,
                "theirs": HIDDEN if b and is_secret else b,
                "differs": bool(others) and a != b,
            }
        )
    return {"rows": found, "has_theirs": bool(others)}


def _is_secret_header(name: str) -> bool:
    """Whether `inspect` would hide a parameter of this name: the list of secret names is the library's.

    Example:
        >>> [_is_secret_header(name) for name in ("content-type", "x-amz-server-side-encryption-customer-key")]
        [False, True]
    """
    url = f"https://h.example/?AWSAccessKeyId=a&Expires=1&Signature=a&{quote(name, errors='replace')}=value"
    return dict(inspect(url).query).get(name) != "value"


def _hidden_names(url: str, shown: str) -> "set[str]":
    """The names of the parameters whose values `inspect` hides."""
    raw, safe = (text.partition("?")[2].split("&") for text in (url, shown))
    return {unquote(a.partition("=")[0]).lower() for a, b in zip(raw, safe, strict=False) if a != b}


def _by_label(canonical: str) -> "dict[tuple[str, str, int], str]":
    """The lines of a canonical request by what they are, the query's line in its parameters: line, name, which of them.

    Empty if the text is no canonical request.
    """
    lines = canonical.split("\n")
    if len(lines) < 6:
        return {}
    method, path, query = lines[:3]
    found = {("Method", "", 0): method, ("Path", "", 0): path}
    times: Counter[str] = Counter()
    for piece in query.split("&") if query else ():
        name, _, value = piece.partition("=")
        found["Parameter", unquote(name), times[name]] = value
        times[name] += 1
    for name, value in _header_lines(canonical):
        found["Header", name, 0] = value
    found["Signed headers", "", 0], found["Payload", "", 0] = lines[-2:]
    return found


def _header_lines(canonical: str) -> "list[tuple[str, str]]":
    lines = canonical.split("\n")
    if len(lines) < 6:
        return []
    return [(name, value) for name, _, value in [line.partition(":") for line in lines[3:-3]]]
