"""Forms, URLs, tokens and answers that were changed, and what `verify_post`, `inspect` and `explain` make of them.

Rule: a changed form is refused with a `VerificationError` or yields an equal `VerifiedForm`; of the readers nothing but
an `InputError` escapes, and no text of theirs holds the secret.  Anything else is a finding.
"""

import base64
import json
import random
import string
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, unquote

import mutation
from strategies import Case

from sigv4presign import (
    Credentials,
    CredentialScope,
    S3Presigner,
    VerifiedForm,
    derive_signing_key,
    explain,
    inspect,
    presign,
    verify_post,
)
from sigv4presign.errors import InputError, VerificationError

RECORDED: "list[str]" = [
    entry["response"]
    for store in ("swift", "rclone", "ministack")
    for entry in json.loads((Path(__file__).parent / f"data/{store}.json").read_text(encoding="utf-8"))
]
ANSWERS = [
    *RECORDED,
    (
        'HTTP/2 403 \r\nx-amzn-errortype: InvalidSignatureException:http://a/\r\n\r\n{"message":"The request '
        "signature we "
        "calculated does not match\\n\\nThe Canonical String for this request should have "
        "been\\n'GET\\n/%zz\\na=b\\nhost:\\ud800"
        "\\n\\nhost\\nx'\\n\"}"
    ),
    '{"errors":[{"errorType":"ExpiredTokenException","message":"over"}]}',
    (
        "<Error><Code>SignatureDoesNotMatch</Code><StringToSign>AWS4-HMAC-SHA256\n20251124T160000Z\n20251124/%/s3/aws4_request"
        "\nx</StringToSign></Error>"
    ),
    "<Error><Code>PermanentRedirect</Code><Endpoint>%</Endpoint></Error>",
    (
        "<Error><Code>AccessDenied</Code><Message>Request has "
        "expired</Message><ServerTime>9999-12-31T23:59:59Z</ServerTime>"
        "</Error>"
    ),
]
HEADERS = (
    ("Host", "h"), ("Authorization", "Bearer x"), ("x-amz-content-sha256", "\ud800"),
    ("Content-Type", "text/plain; a=\t"),
    ("x-amz-date", "1"), ("", ""), ("é", "\0"), ("range", "bytes=0-"),
)  # fmt: skip
SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"
BASE64 = string.ascii_letters + string.digits + "+/"
PIECE = 12  # characters in a row of a secret that none of the readers may show
SIZE = 3  # bytes of the file that comes with a form
Form = tuple[tuple[str, str], ...]


def changed(rng: random.Random, text: str) -> str:
    """A text with one to three of its characters changed."""
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        text = mutation.changed(rng, text)
    return text


# --- forms ------------------------------------------------------------------------------------------------------------


def form_of(case: Case, policy: "bytes | None" = None) -> Form:
    """A form for what a case holds, with no condition that leaves the client a choice; or one with this policy."""
    s3 = S3Presigner(Credentials(*case.keys), case.region, "http://h.example", addressing_style="path")
    case = in_time(case)
    fields = {f"x-amz-meta-m{number}": value for number, (_, value) in enumerate(case.headers)}
    if policy is not None:
        return tuple(s3.post_object("photos", "k", policy=policy, fields=fields, now=case.now).fields.items())
    made = s3.post_object(
        "photos", case.path, fields=fields, content_length_range=(SIZE, SIZE), expires_in=case.expires_in, now=case.now
    )
    return tuple(made.fields.items())


def in_time(case: Case) -> Case:
    """The case at a time at which a form can begin; one that ends after the year 9999 is none."""
    return replace(case, now=min(case.now, 253_402_300_799 - case.expires_in))


def judge_form(case: Case, fields: Form) -> VerifiedForm:
    """What `verify_post` says about a form of a case."""
    return verify_post(
        fields,
        file_size=SIZE,
        bucket="photos",
        secrets={case.keys[0]: Credentials(*case.keys)},
        region=case.region,
        now=in_time(case).now,
    )


def mutated_form(rng: random.Random, fields: Form) -> Form:
    """A form with one field changed, renamed, dropped, doubled or added, or all of them in another order."""
    rows = list(fields)
    at = rng.randrange(len(rows))
    name, value = rows[at]
    kind = rng.randrange(8)
    if kind < 3:
        rows[at] = (name, changed(rng, value))
    elif kind == 3:
        rows[at] = (changed(rng, name), value)
    elif kind == 4:
        del rows[at]
    elif kind == 5:
        rows.append((name.swapcase(), changed(rng, value)))
    elif kind == 6:
        rows.append((rng.choice(("acl", "x-amz-acl", "bucket", "Policy", "x-amz-signature", "AWSAccessKeyId")), value))
    else:
        rng.shuffle(rows)
    return tuple(rows)


def form_finding(case: Case, rng: random.Random) -> "str | None":
    """None if a change of a form is refused, or identical."""
    fields = form_of(case)
    original = judge_form(case, fields)
    mutation_of_it = mutated_form(rng, fields)
    try:
        seen = judge_form(case, mutation_of_it)
    except VerificationError as refused:
        return _leak(case, str(refused))
    return None if seen == original else f"{case}\n  {mutation_of_it}\n  was seen as {seen}"


def policy_finding(case: Case, rng: random.Random) -> "str | None":
    """None if a policy that was changed before it was signed is accepted or refused, and nothing else."""
    policy = base64.b64decode(dict(form_of(case))["policy"]).decode()
    written = changed(rng, policy)
    try:
        fields = form_of(case, written.encode("utf-8", "surrogatepass"))
    except InputError:  # the signer saw it
        return None
    try:
        judge_form(case, mutated_form(rng, fields) if rng.random() < 0.5 else fields)
    except VerificationError as refused:
        return _leak(case, str(refused))
    return None


# --- texts ------------------------------------------------------------------------------------------------------------


def inspect_finding(case: Case, rng: random.Random) -> "str | None":
    """None if `inspect` reads a changed URL, token or form, or says what is wrong with it."""
    url = mutation.both_makers(case)[rng.randrange(2)]
    kind = rng.randrange(4)
    given: Any = changed(rng, url)
    if kind == 1:
        token = base64.urlsafe_b64encode(url.encode()).rstrip(b"=").decode()
        given = changed(rng, rng.choice(("k8s-aws-v1.", "")) + token)
    elif kind == 2:
        given = changed(rng, url.partition("://")[2])
    elif kind == 3:
        given = dict(mutated_form(rng, form_of(case)))
    try:
        text = repr(inspect(given))
    except InputError as refused:
        text = str(refused)
    return _leak(case, text)


def explain_finding(case: Case, rng: random.Random) -> "str | None":
    """None if `explain` says something about a changed request and a changed answer, or refuses to read them."""
    case = odd(case, rng)
    made = mutation.both_makers(case)[rng.randrange(2)]
    request = mutation.received(case, made)
    for _ in range(rng.choice((0, 1, 2))):
        request = mutation.mutated(rng, request)
    url: Any = request.url if rng.random() < 0.3 else f"{case.scheme}://{case.host}{request.url}"
    if rng.random() < 0.1:
        url = made  # which knows its method and headers
    elif rng.random() < 0.2:
        url = damaged(rng, url, "")
    response: Any = None
    if rng.random() < 0.7:
        response = changed(rng, rng.choice(ANSWERS).replace("test:tester", case.keys[0]))
        if rng.random() < 0.2:
            response = response.encode("utf-8", "surrogatepass")
    keys: Any = rng.choice((None, Credentials(*case.keys), Credentials(case.keys[0], "another", expires_at=case.now)))
    if keys is not None and rng.random() < 0.2:
        keys = signing_key(case)
    headers = [*request.headers, *rng.sample(HEADERS, rng.choice((0, 0, 1, 3)))]
    try:
        found = explain(
            request.method, url, headers=headers, response=response, credentials=keys, now=min(case.now + 1, LAST)
        )
        text = "\n".join(map(repr, found)) + "\n".join(map(str, found))
    except InputError as refused:
        text = str(refused)
    return _leak(case, text)


LAST = 253_402_300_799


def odd(case: Case, rng: random.Random) -> Case:
    """The case at an S3 host, or with a region that means something to a URL, now and then."""
    if rng.random() < 0.3:
        host = rng.choice(
            ("b.s3.eu-west-1.amazonaws.com", "s3.amazonaws.com", "minio:9000", "h.s3.%s.amazonaws.com" % "r")
        )
        return replace(case, host=host, region=rng.choice((case.region, "%", "%2F", "a.b", "?", "#", "eu-west-1")))
    return case


def signing_key(case: Case) -> "Any":
    """A key for the case's own scope, or for another one."""
    return derive_signing_key(Credentials(*case.keys), CredentialScope("20251124", case.region, case.service))


def damage_finding(case: Case, rng: random.Random) -> "str | None":
    """None if neither reader shows a piece of the token or of the signature of a URL that was damaged on the way."""
    token = "".join(rng.choices(BASE64, k=rng.choice((100, 400, 900)))) + "=="
    keys = Credentials(rng.choice(("ASIAEXAMPLE", case.keys[0])), SECRET, token)
    if rng.random() < 0.5:
        # Without the one name that signers sort in front of the token's: it may take up the rest of the token.
        query, path = tuple([pair for pair in case.query if pair[0] != "X-Amz-Meta"]), case.path
    else:
        query = (("response-content-disposition", "attachment; filename=a b.csv"), ("versionId", token[::3][:32]))
        path = "/reports/2025/costs%20%26%20more.csv"
    url = str(
        presign("GET", f"https://{case.host}{path}", query=query, credentials=keys, region="eu-west-1", service="s3",
                now=case.now)
    )  # fmt: skip
    sent = url
    for _ in range(rng.choice((1, 1, 2, 3))):
        sent = damaged(rng, sent, token)
    text = ""
    try:
        text += repr(inspect(sent))
    except InputError as refused:
        text += str(refused)
    credentials = None if rng.random() < 0.8 else keys
    text += "\n".join(map(repr, explain("GET", sent, credentials=credentials, now=case.now)))
    plain = unquote(text).replace(" ", "+")
    signature = url.rpartition("X-Amz-Signature=")[2][:64]
    for secret in (token, signature, SECRET, quote(token, safe="")):
        for at in range(len(secret) - PIECE + 1):
            piece = secret[at : at + PIECE]
            if (piece in text or piece in plain) and not is_told_by_nothing(sent, piece):
                return f"{sent!r}\n  {piece!r} stands in {text!r}"
    return None


def is_told_by_nothing(url: str, piece: str) -> bool:
    """Whether damage made a URL that is complete, and went into a parameter of the caller's own or into the path.

    Of two or three damages one may take away what another one left behind.  Nobody could tell such a piece from what
    the caller put there, so what hides it would hide the parameters of every URL.
    """
    before, _, query = url.partition("?")
    pairs = parse_qsl(query, keep_blank_values=True)
    signing = [(name, value) for name, value in pairs if name.startswith("X-Amz-")]
    given = dict(signing)
    whole = (
        len(given) == len(signing)
        and {"X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders"} <= set(given)
        and len(given.get("X-Amz-Signature", "").strip(string.whitespace)) == 64
    )
    own = [f"{name}={value}" for name, value in pairs if value and not name.lower().startswith("x-amz-")]
    texts = [text.replace(" ", "+") for text in (*own, unquote(before))]
    shown = "\n".join([*texts, *map(repr, texts), *[quote(text, safe="") for text in texts]]).lower()
    return whole and piece.lower() in shown


def damaged(rng: random.Random, url: str, token: str) -> str:
    """A URL as mails, shells, spreadsheets, templates and people leave it.

    One damage is left out: a piece from inside the token that goes to another parameter or into the path, while
    everything else stays as it was.  Nobody could tell it from a part of that path.
    """
    one, two = sorted(rng.choices(range(len(url) + 1), k=2))
    kind = rng.randrange(9)
    if kind == 0:
        return url[:one] + url[two:]
    if kind == 1:
        return url[:two] + url[one:]
    if kind == 2:  # a piece that went elsewhere
        two = min(two, one + 40)
        piece, rest = url[one:two], url[:one] + url[two:]
        plain = unquote(unquote(piece))
        if "=" not in piece and any(token[at : at + PIECE] in plain for at in range(len(token))):
            return rest
        at = rng.randrange(len(rest) + 1)
        return rest[:at] + piece + rest[at:]
    if kind == 3:
        at = rng.randrange(len(url) + 1)
        return url[:at] + rng.choice(("\n", "\r\n", "=\r\n", " ", "&gt;", "&", "?", "#", "%", "é", "...")) + url[at:]
    if kind == 4:
        return rng.choice(
            (quote(url, safe=""), quote(url, safe=":/"), quote(url, safe=":/?"), unquote(url), url.lower())
        )
    if kind == 5:
        return changed(rng, url)
    old, new = rng.choice(
        (("&", ";"), ("&", "&amp;"), ("&", "\\u0026"), ("&", "%26"), ("&", ""), ("&", " "), ("&", "\n"), ("=", "%3D"),
         ("=", "%253D"), ("=", ":"), ("=", ""), ("=", "=3D"), ("%2B", " "), ("%2B", "+"), ("%2F", "/"), ("%3D", "="),
         ("%", "%25"), ("%", ""), ("X-Amz-", ""), ("-", "_"), ("-", ""), ("-", "%2D"), ("?", ""), ("?", "/"),
         ("Security", "Securty"), ("Token", "Tken"), ("Signature", "Signatre"), ("o", "0"), ("e", ""))
    )  # fmt: skip
    if kind < 8:
        return url.replace(old, new)
    places = [at for at in range(len(url)) if url.startswith(old, at)]
    at = rng.choice(places) if places else 0
    return url[:at] + new + url[at + len(old) :]


def _leak(case: Case, text: str) -> "str | None":
    return f"{case}\n  the secret stands in {text!r}" if SECRET in text else None


def documented(find: "Callable[[Case, random.Random], str | None]", case: Case, rng: random.Random) -> "str | None":
    """What `find` finds, with a secret that is in no text by chance; any other exception is a finding too."""
    try:
        return find(replace(case, keys=(case.keys[0], SECRET, case.keys[2])), rng)
    except Exception:  # noqa: BLE001 - that is what is looked for
        return f"{case}\n  {traceback.format_exc()}"


FINDERS = {
    "forms": form_finding,
    "policies": policy_finding,
    "inspections": inspect_finding,
    "explanations": explain_finding,
    "damages": damage_finding,
}
