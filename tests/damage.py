"""The damage machine: valid presigned URLs, broken as the world breaks them, and what `explain` says first.

Rule: URLs and damage are drawn at random; each kind of damage names the findings that are right for it, and whether it
leaves a trace that can be seen without the keys.

    python tests/damage.py --count 5000
"""

import argparse
import random
import secrets
import string
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import quote

import evidence

from sigv4presign import Credentials, PresignedUrl, S3Presigner, explain

NOW = 1_764_000_000
GOAL_WITH_KEYS, GOAL_WITHOUT = 0.98, 0.80
ALPHABET = string.ascii_letters + string.digits
PARTS = (
    "Report",
    "2026",
    "naïve café",
    "a+b",
    "costs & more",
    "übersicht",
    "100%",
    "data.csv",
    "IMG_0001.JPG",
    "(1)",
    "日本",
)


class Sent(NamedTuple):
    """A request as it was sent, and the keys that signed its URL."""

    method: str
    url: str
    headers: "dict[str, str]"
    keys: Credentials
    now: int = NOW + 30


class Signed(NamedTuple):
    """A URL as it was handed out, with what it takes to sign another one like it."""

    url: PresignedUrl
    keys: Credentials
    s3: S3Presigner
    bucket: str
    key: str

    def sent(self, url: "str | None" = None, method: "str | None" = None, **changes: Any) -> Sent:
        given = Sent(method or self.url.method, str(self.url) if url is None else url, self.url.headers, self.keys)
        return given._replace(**changes)

    def again(self, key: str) -> "Signed":
        """The same for another key."""
        return self._replace(url=self.s3.get_object(self.bucket, key, expires_in=900, now=NOW), key=key)


def signed(rng: random.Random) -> Signed:
    """A valid URL: for AWS or a store of one's own, by long-lived or temporary keys, for a download or an upload."""
    secret = "".join(rng.choices(ALPHABET + "+/", k=40))
    token = None if rng.random() < 0.6 else "".join(rng.choices(ALPHABET + "+/", k=rng.choice((120, 360)))) + "=="
    access_key = ("AKIA" if token is None else "ASIA") + "".join(rng.choices(string.ascii_uppercase + "234567", k=16))
    keys = Credentials(access_key, secret, token)
    bucket = "".join(rng.choices(string.ascii_lowercase + string.digits, k=rng.randrange(3, 20)))
    if rng.random() < 0.3:
        s3 = S3Presigner(keys, region="us-east-1", endpoint="http://minio:9000", addressing_style="path")
    else:
        region = rng.choice(("eu-west-1", "us-west-2", "ap-southeast-2", "eu-central-1"))
        s3 = S3Presigner(keys, region=region, addressing_style=rng.choice(("auto", "path")))
    key = "/".join([" ".join(rng.sample(PARTS, rng.choice((1, 1, 2)))) for _ in range(rng.randrange(1, 4))])
    expires_in = rng.choice((60, 300, 900, 3_600, 86_400, 604_800))
    query: dict[str, str] = {}
    if rng.random() < 0.3:
        query["versionId"] = "".join(rng.choices(ALPHABET, k=32))
    if rng.random() < 0.3:
        query["response-content-disposition"] = f'attachment; filename="{rng.choice(PARTS)}.pdf"'
    if rng.random() < 0.3:
        url = s3.put_object(
            bucket, key, content_type=rng.choice(("image/png", "text/csv")), expires_in=expires_in, now=NOW
        )
    else:
        url = s3.presign("GET", bucket, key, query=query, expires_in=expires_in, now=NOW)
    return Signed(url, keys, s3, bucket, key)


# --- damage -----------------------------------------------------------------------------------------------------------


def wrapped(rng: random.Random, one: Signed) -> Sent:
    """Chats, mails, terminals and spreadsheets put something around a URL or into it."""
    url = str(one.url)
    at = rng.randrange(40, len(url) - 70)
    forms = (
        f'"{url}"', f"<{url}>", f"({url})", f"{url}.", f"{url},", f"<{url}|the file>", f"[the file]({url})",
        f'=HYPERLINK("{url}")', f"\u201c{url}\u201d", f"`{url}`", f"curl -O '{url}'", f"\ufeff{url}", f"{url} ",
        url[:at] + "\u200b" + url[at:], url[:at] + "\u00ad" + url[at:], url[:at] + "\n" + url[at:],
        url[:at] + "\r\n   " + url[at:], "\r\n".join([url[n : n + 76] for n in range(0, len(url), 76)]),
        url.replace("&", "\\&").replace("?", "\\?").replace("=", "\\="), f"URL: {url}",
        url[:-30] + " " + url[-30:], url[:-20] + "%0A" + url[-20:], url.replace("-", "\u2011"), f"see {url} for more",
        f'<a href="{url}">file</a>', f"export URL='{url}'", url.replace("http", "hxxp", 1), f"{url}\u2026",
    )  # fmt: skip
    return one.sent(rng.choice(forms))


def html(rng: random.Random, one: Signed) -> Sent:
    """Copied out of a page's source."""
    return one.sent(one.url.replace("&", rng.choice(("&amp;", "&#38;", "&#x26;", "&amp;amp;"))))


def json_source(rng: random.Random, one: Signed) -> Sent:
    """Copied out of JSON, as Go, PHP and .NET write it."""
    return one.sent(one.url.replace("&", rng.choice(("\\u0026", "\\\\u0026"))))


def mail_source(rng: random.Random, one: Signed) -> Sent:
    """Copied out of a mail's source: quoted-printable."""
    text = one.url.replace("=", "=3D")
    if rng.random() < 0.5:
        text = "=\r\n".join([text[at : at + 75] for at in range(0, len(text), 75)])
    return one.sent(text)


def shell(_rng: random.Random, one: Signed) -> Sent:
    """A shell ends the command at the first &."""
    return one.sent(one.url.partition("&")[0])


def short_column(rng: random.Random, one: Signed) -> Sent:
    """A column, a form field or a message that is too short."""
    second = one.url.index("&") + 12
    most = [size for size in (255, 256, 300, 350, 400, 500, 512) if second < size < len(one.url)]
    size = rng.choice([*most, rng.randrange(second, len(one.url)), len(one.url) - 1])
    return one.sent(one.url[:size] + rng.choice(("", "", "...", "\u2026")))


def encoded_again(rng: random.Random, one: Signed) -> Sent:
    """A link builder encodes what was encoded, or the characters between the parts."""
    before, _, query = one.url.partition("?")
    forms = (
        quote(one.url, safe=""), f"{before}?{query.replace('%', '%25')}", f"{before}?{quote(query, safe='')}",
        one.url.replace("&", "%26"), one.url.replace("=", "%3D"), one.url.replace("?", "%3F"),
        quote(one.url, safe=":/"),
    )  # fmt: skip
    return one.sent(rng.choice(forms))


def percents(rng: random.Random, one: Signed) -> Sent:
    """A batch file, a format string or an ini file takes the percent signs."""
    return one.sent(one.url.replace("%", rng.choice(("", "%%"))))


def plus(rng: random.Random, one: Signed) -> Sent:
    """A form encoder or decoder at work."""
    one = one.again("a b+c.txt")
    old, new = rng.choice((("%20", "+"), ("%2B", "+")))
    return one.sent(one.url.replace(old, new))


def tracker(rng: random.Random, one: Signed) -> Sent:
    """A mailer, a chat or a cache breaker adds a parameter."""
    added = (
        "&utm_source=mail&utm_medium=x",
        "&fbclid=IwAR0",
        "&_=1764",
        "?v=2",
        "&gclid=a",
        "&mc_cid=1&mc_eid=2",
        "&t=1",
    )
    return one.sent(one.url + rng.choice(added))


def gateway(rng: random.Random, one: Signed) -> Sent:
    """A mail filter, a search page or a chat puts the link into one of its own."""
    url = str(one.url)
    forms = (
        f"https://eur01.safelinks.protection.example/?url={quote(url, safe='')}&data=05%7C02&reserved=0",
        f"https://urldefense.example/v3/__{url}__;!!abc$",
        f"https://www.search.example/url?q={quote(url, safe=':/')}&sa=D",
        f"https://l.chat.example/l.php?u={quote(url, safe='')}&h=AT0",
        f"https://translate.example/?sl=auto&u={quote(url)}",
    )  # fmt: skip
    return one.sent(rng.choice(forms))


def unfurler(rng: random.Random, one: Signed) -> Sent:
    """A preview or a monitor sends HEAD; a browser sends GET to what was signed for an upload."""
    if one.url.method == "PUT":
        return one.sent(method=rng.choice(("POST", "GET")))
    return one.sent(method=rng.choice(("HEAD", "HEAD", "POST", "OPTIONS")))


def proxy_host(rng: random.Random, one: Signed) -> Sent:
    """A proxy sends a Host of its own."""
    host = rng.choice(("files.example.com", "127.0.0.1:8080", "backend", "minio.internal:9000"))
    return one.sent(headers={**one.url.headers, "Host": host})


def container(rng: random.Random, one: Signed) -> Sent:
    """Signed for the name inside a network, opened by another."""
    s3 = one.s3.replace(endpoint="http://minio:9000", addressing_style="path")
    url = s3.get_object(one.bucket, one.key, now=NOW)
    host = rng.choice(("localhost:9000", "127.0.0.1:9000", "minio", "files.example.com"))
    return one.sent(url.replace("minio:9000", host), "GET", headers={})


def content_type(rng: random.Random, one: Signed) -> Sent:
    """A client sends its own Content-Type, or none."""
    url = one.s3.put_object(one.bucket, one.key, content_type="image/png", now=NOW)
    sent = rng.choice(({}, {"Content-Type": "application/octet-stream"}, {"Content-Type": "image/png; charset=utf-8"}))
    return one.sent(str(url), "PUT", headers=sent)


def sdk_header(rng: random.Random, one: Signed) -> Sent:
    """An SDK adds a header of its own, a client its login."""
    name, value = rng.choice(
        (
            ("x-amz-checksum-crc32", "AAAAAA=="), ("x-amz-acl", "private"), ("Authorization", "Bearer x"),
            ("x-amz-security-token", "x"), ("x-amz-sdk-checksum-algorithm", "CRC32"),
        )
    )  # fmt: skip
    return one.sent(headers={**one.url.headers, name: value})


def slashes(rng: random.Random, one: Signed) -> Sent:
    """A proxy merges slashes, a framework adds one."""
    one = one.again("a//b.txt")
    return one.sent(rng.choice((one.url.replace("a//b", "a/b"), one.url.replace("b.txt?", "b.txt/?"))))


def prefix(rng: random.Random, one: Signed) -> Sent:
    """A proxy adds or strips the first part of the path."""
    s3 = one.s3.replace(endpoint="https://files.example.com/s3", addressing_style="path")
    if rng.random() < 0.5:
        return one.sent(s3.get_object(one.bucket, one.key, now=NOW).replace("/s3/", "/", 1), "GET", headers={})
    s3 = one.s3.replace(endpoint="https://files.example.com", addressing_style="path")
    url = s3.get_object(one.bucket, one.key, now=NOW)
    return one.sent(
        url.replace(".com/", rng.choice((".com/s3/", ".com/minio/", ".com/storage/")), 1), "GET", headers={}
    )


def decomposed(_rng: random.Random, one: Signed) -> Sent:
    """macOS writes accents as characters of their own."""
    one = one.again("café/naïve.txt")
    return one.sent(one.url.replace(quote("café/naïve"), quote(unicodedata.normalize("NFD", "café/naïve"))))


def edited(rng: random.Random, one: Signed) -> Sent:
    """Somebody makes the link live longer."""
    old = one.url.partition("X-Amz-Expires=")[2].partition("&")[0]
    new = rng.choice([seconds for seconds in ("600", "7200", "604800", "43200") if seconds != old])
    return one.sent(one.url.replace(f"X-Amz-Expires={old}", f"X-Amz-Expires={new}"))


def letter_case(rng: random.Random, one: Signed) -> Sent:
    """A spreadsheet or a database changes the case."""
    if rng.random() < 0.5:
        return one.sent(one.url.replace("X-Amz-", "x-amz-"))
    return one.sent(one.url[:-64] + one.url[-64:].upper())


def lost_parameter(rng: random.Random, one: Signed) -> Sent:
    """A rewriting rule keeps some parameters, and drops others."""
    names = ["X-Amz-Date", "X-Amz-SignedHeaders", "X-Amz-Expires", "X-Amz-Credential"]
    names += ["X-Amz-Security-Token"] if one.keys.session_token else []
    lost = rng.choice(names)
    before, _, query = one.url.partition("?")
    return one.sent(before + "?" + "&".join([piece for piece in query.split("&") if not piece.startswith(lost + "=")]))


def late(rng: random.Random, one: Signed) -> Sent:
    """Opened too late, or signed by a clock that is wrong."""
    if rng.random() < 0.7:
        assert one.url.expires_at is not None
        return one.sent(now=one.url.expires_at + rng.choice((1, 60, 86_400)))
    return one.sent(now=NOW - rng.choice((3_600, 7_200, 86_400)))


def moved_region(rng: random.Random, one: Signed) -> Sent:
    """The region in the host is edited, or the host is the global one."""
    s3 = one.s3.replace(endpoint=None, region="eu-west-1", addressing_style="virtual")
    url = s3.get_object(one.bucket, one.key, now=NOW)
    other = rng.choice(("us-west-2", "ap-south-1"))
    return one.sent(url.replace(".s3.eu-west-1.", f".s3.{other}."), "GET", headers={})


def signer(_rng: random.Random, one: Signed) -> Sent:
    """The signer's own mistakes: a line break in the secret, a token left out."""
    keys = Credentials("ASIA" + one.keys.access_key_id[4:], one.keys.secret_access_key, "T" * 80)
    s3 = S3Presigner(Credentials(keys.access_key_id, keys.secret_access_key), region="eu-west-1")
    return one.sent(str(s3.get_object(one.bucket, one.key, now=NOW)), "GET", headers={}, keys=keys)


class Damage(NamedTuple):
    """A kind of damage, the findings that name it, and whether it can be seen without the keys."""

    apply: "Callable[[random.Random, Signed], Sent]"
    names: "frozenset[str]"
    leaves_trace: bool


def _kind(apply: "Callable[[random.Random, Signed], Sent]", names: str, *, trace: bool = True) -> Damage:
    return Damage(apply, frozenset(names.split()), trace)


KINDS = (
    _kind(wrapped, "wrapped"),
    _kind(html, "html_escaped"),
    _kind(json_source, "json_escaped"),
    _kind(mail_source, "quoted_printable wrapped"),
    _kind(shell, "cut_by_shell"),
    _kind(short_column, "truncated"),
    _kind(encoded_again, "encoded_twice"),
    _kind(percents, "percent_lost"),
    _kind(plus, "path_reencoded query_reencoded"),
    _kind(tracker, "added_parameter"),
    _kind(gateway, "wrapped_link"),
    _kind(unfurler, "wrong_method", trace=False),
    _kind(proxy_host, "wrong_host wrong_port"),
    _kind(container, "wrong_host wrong_port", trace=False),
    _kind(content_type, "missing_signed_headers changed_header", trace=False),
    _kind(sdk_header, "unsigned_headers two_authentications"),
    _kind(slashes, "merged_slashes changed_path", trace=False),
    _kind(prefix, "path_prefix", trace=False),
    _kind(decomposed, "unicode_form", trace=False),
    _kind(edited, "changed_parameter", trace=False),
    _kind(letter_case, "misspelt_parameter malformed_signature"),
    _kind(lost_parameter, "missing_parameter missing_token"),
    _kind(late, "expired not_yet_valid"),
    _kind(moved_region, "wrong_region"),
    _kind(signer, "missing_token"),
)


# --- the count --------------------------------------------------------------------------------------------------------


class Count:
    """How often the first finding named the damage."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.named: Counter[str] = Counter()
        self.misses: list[str] = []

    def add(self, kind: Damage, sent: Sent, *, keys: bool) -> None:
        name = kind.apply.__name__
        found = explain(
            sent.method, sent.url, headers=sent.headers, credentials=sent.keys if keys else None, now=sent.now
        )
        first = found[0].code if found else None
        self.ran[name] += 1
        self.named[name] += first in kind.names
        if first not in kind.names:
            self.misses.append(f"{name}: {first} for {sent.method} {sent.url}")

    def of(self, name: str) -> str:
        return f"{self.named[name]} of {self.ran[name]}" if self.ran[name] else "-"

    @property
    def share(self) -> float:
        return sum(self.named.values()) / sum(self.ran.values())


def count(number: int, seed: int) -> "tuple[Count, Count]":
    """What came first for so many damaged URLs: with the keys, and without them where the damage leaves a trace."""
    rng = random.Random(seed)
    with_keys, without = Count(), Count()
    for at in range(number):
        kind = KINDS[at % len(KINDS)]
        sent = kind.apply(rng, signed(rng))
        with_keys.add(kind, sent, keys=True)
        if kind.leaves_trace:
            without.add(kind, sent, keys=False)
    return with_keys, without


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=5_000, help="damaged URLs (default: 5,000)")
    parser.add_argument("--seed", type=int, default=secrets.randbits(32), help="to run again what was run before")
    parser.add_argument("--record", action="store_true", help="write the result into docs/evidence.md and README.md")
    arguments = parser.parse_args()
    with_keys, without = count(arguments.count, arguments.seed)
    for miss in [*with_keys.misses, *without.misses][:10]:
        sys.stdout.write(miss + "\n")
    line = (
        f"the first finding names {with_keys.share:.1%} of {sum(with_keys.ran.values()):,} damaged URLs with the keys, "
        f"{without.share:.1%} of the {sum(without.ran.values()):,} that show it without"
    )
    sys.stdout.write(f"--seed {arguments.seed}\n{line}\n")
    if arguments.record:
        rows = [
            (str(kind.apply.__doc__), with_keys.of(kind.apply.__name__), without.of(kind.apply.__name__))
            for kind in KINDS
        ]  # fmt: skip
        body = f"{len(KINDS)} kinds of damage; {line}; `--seed {arguments.seed}`.\n\n"
        evidence.write("make damage", body + evidence.table(("damage", "with keys", "without"), rows, (1, 2)), line)
    return 0 if with_keys.share >= GOAL_WITH_KEYS and without.share >= GOAL_WITHOUT else 1


if __name__ == "__main__":
    sys.exit(main())
