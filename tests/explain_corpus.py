"""Broken requests, each made by breaking a real one as the world breaks it, and the finding that must come first.

Rule: a case is one damage.  The answers are those that OpenStack Swift gave (tests/data/README.md), or for what Swift
does not refuse, those that AWS documents; each of the latter names its page.
"""

import json
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import oracle

from sigv4presign import GENERIC_RULES, Credentials, S3Presigner, ServiceRules, presign

SWIFT: "list[dict[str, Any]]" = json.loads((Path(__file__).parent / "data/swift.json").read_text(encoding="utf-8"))
SWIFT_KEYS = Credentials("test:tester", "testing")
OTHER_STORES: "dict[str, list[dict[str, Any]]]" = {
    store: json.loads((Path(__file__).parent / f"data/{store}.json").read_text(encoding="utf-8"))
    for store in ("rclone", "ministack")
}
STORE_KEYS = Credentials("tester", "testing")

NOW = 1_764_000_000  # 2025-11-24T16:00:00Z
SECRET = "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"
TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE+with/plus+and/slash=="
KEYS = Credentials("AKIDEXAMPLE", SECRET)
TEMPORARY = Credentials("ASIDEXAMPLE", SECRET, TOKEN)


@dataclass(frozen=True)
class Broken:
    """A request that is or will be refused, and why."""

    name: str
    first: str
    url: str
    method: str = "GET"
    headers: "dict[str, str]" = field(default_factory=dict[str, str])
    response: "str | None" = None
    credentials: "Credentials | None" = None
    now: int = NOW + 30


# What was recorded -> the finding that must come first when we have the URL as it was handed out and the answer; as it
# arrived and the keys; as it arrived and nothing else.  None: nothing can be seen from there.
FIRST: "dict[str, tuple[str | None, str | None, str | None]]" = {
    "healthy": (None, None, None),
    "no_such_key": ("not_found", None, None),
    "no_such_bucket": ("not_found", None, None),
    "wrong_secret": ("wrong_secret", "wrong_secret", None),
    "unknown_access_key": ("wrong_secret", "wrong_access_key", None),
    "head_of_get": ("wrong_method", "wrong_method", None),
    "delete_of_get": ("wrong_secret", "wrong_method", None),
    "localhost": ("wrong_host", "wrong_host", None),
    "container_name": ("wrong_host", "wrong_secret", None),
    "proxy_host": ("wrong_host", "wrong_host", "wrong_host"),
    "proxy_drops_port": ("wrong_port", "wrong_port", "wrong_port"),
    "content_type_missing": ("missing_signed_headers", "missing_signed_headers", "missing_signed_headers"),
    "content_type_changed": ("changed_header", "changed_header", None),
    "expired": ("expired", "expired", "expired"),
    "clock_ahead": (None, "not_yet_valid", "not_yet_valid"),
    "wrong_region": ("wrong_region", None, None),
    "wrong_service": ("wrong_service", None, None),
    "too_long": ("expires_out_of_range", "changed_parameter", "expires_out_of_range"),
    "expires_no_number": ("malformed_expires", "malformed_expires", "malformed_expires"),
    "signature_cut": ("truncated", "truncated", "truncated"),
    "signature_gone": ("denied_by_policy", "truncated", "truncated"),
    "cut_by_shell": ("not_the_store", "cut_by_shell", "cut_by_shell"),
    "html_escaped": ("not_the_store", "html_escaped", "html_escaped"),
    "parameter_added": ("added_parameter", "added_parameter", "added_parameter"),
    "x_amz_header_added": ("unsigned_headers", "unsigned_headers", "unsigned_headers"),
    "authorization_too": (None, "two_authentications", "two_authentications"),
    "dots_collapsed": ("removed_dot_segments", None, None),
    "slashes_collapsed": ("merged_slashes", "merged_slashes", None),
    "plus_in_path": ("not_found", "path_reencoded", "path_reencoded"),
    "space_became_plus": ("path_reencoded", "path_reencoded", "path_reencoded"),
    "slash_decoded": ("path_reencoded", "path_reencoded", None),
    "encoded_twice": ("encoded_twice", "encoded_twice", None),
    "prefix_stripped": ("path_prefix", "path_prefix", None),
    "unicode_decomposed": ("unicode_form", "unicode_form", None),
    "slash_added": ("changed_path", "changed_path", None),
    "expires_edited": ("changed_parameter", "changed_parameter", None),
    "query_plus": ("query_reencoded", "query_reencoded", "query_reencoded"),
    "query_decoded": (None, None, "query_reencoded"),
    "access_denied": ("denied_by_policy", "wrong_access_key", None),
    "token_with_a_long_lived_key": (None, "invalid_token", None),
    "scope_of_another_day": ("malformed_credential", "malformed_credential", "malformed_credential"),
    "date_malformed": ("malformed_date", "malformed_date", "malformed_date"),
    "signed_headers_gone": ("missing_parameter", "missing_parameter", "missing_parameter"),
    "algorithm": ("unsupported_algorithm", "unsupported_algorithm", "unsupported_algorithm"),
    "v2": ("another_answer", "v2_url", "v2_url"),
    "v2_expired": ("expired", "v2_url", "v2_url"),
}


def sent_headers(entry: "dict[str, Any]") -> "dict[str, str]":
    """The headers of a recorded request; curl reads an empty one as one to leave out."""
    return {name: value for name, value in entry["sent"]["headers"].items() if value}


def recorded() -> "Iterator[Broken]":
    """Every recorded request, seen from three sides."""
    for entry in SWIFT:
        method, headers, now = entry["sent"]["method"], sent_headers(entry), entry["now"]
        handed, arrived, alone = FIRST[entry["name"]]
        if handed:
            url = entry["signed"]["url"]
            yield Broken(f"{entry['name']}-handed-out", handed, url, method, headers, entry["response"], None, now)
        url = entry["sent"]["url"]
        if arrived:
            yield Broken(f"{entry['name']}-with-keys", arrived, url, method, headers, None, SWIFT_KEYS, now)
        if alone:
            yield Broken(f"{entry['name']}-alone", alone, url, method, headers, None, None, now)


# What other stores answered, without the lines that they signed -> the finding that must come first with keys, URL and
# answer at hand; what is not listed is what the URL with the keys shows (`FIRST`).  None: the store let it pass, or
# nothing can be seen from there: MiniStack does not say that a service is wrong.
WITH_ANSWER: "dict[str, dict[str, str | None]]" = {
    "rclone": {
        "clock_ahead": None, "wrong_region": None, "token_with_a_long_lived_key": None,
        "container_name": "wrong_secret",
        "dots_collapsed": "changed_on_the_way", "plus_in_path": "not_found", "query_decoded": "query_reencoded",
        "authorization_too": "two_authentications", "unknown_access_key": "wrong_access_key",
        "wrong_service": "wrong_service", "no_such_key": "not_found", "no_such_bucket": "not_found",
    },
    "ministack": {
        "signature_gone": None, "x_amz_header_added": None, "authorization_too": None, "query_decoded": None,
        "algorithm": None, "wrong_service": None, "dots_collapsed": "changed_on_the_way", "plus_in_path": "not_found",
        "clock_ahead": "not_yet_valid", "wrong_region": "wrong_region", "no_such_key": "not_found",
        "no_such_bucket": "not_found", "token_with_a_long_lived_key": "invalid_token",
    },
}  # fmt: skip


def recorded_elsewhere() -> "Iterator[Broken]":
    """What rclone and MiniStack refused, each with the answer and the keys."""
    for store, entries in OTHER_STORES.items():
        for entry in entries:
            first = WITH_ANSWER[store].get(entry["name"], FIRST[entry["name"]][1])
            if first is not None:
                yield Broken(
                    f"{entry['name']}-{store}", first, entry["sent"]["url"], entry["sent"]["method"],
                    sent_headers(entry), entry["response"], STORE_KEYS, entry["now"],
                )  # fmt: skip


# --- damage that the URL itself shows ---------------------------------------------------------------------------------

s3 = S3Presigner(KEYS, region="eu-west-1")
temporary = S3Presigner(TEMPORARY, region="eu-west-1")
minio = S3Presigner(KEYS, region="us-east-1", endpoint="http://minio:9000", addressing_style="path")

GET = s3.get_object("reports", "2025/costs & more.csv", expires_in=900, now=NOW)
PLUS = s3.get_object("reports", "c++/notes.txt", expires_in=900, now=NOW)
DOWNLOAD = s3.get_object("reports", "a.pdf", expires_in=900, response_content_disposition="inline; a+b", now=NOW)
PUT = s3.put_object("photos", "cat.png", content_type="image/png", expires_in=900, now=NOW)
WITH_TOKEN = temporary.get_object("reports", "a.csv", expires_in=900, now=NOW)


def v4(method: str, url: str, **changes: Any) -> str:
    """A URL of `presign`, as a plain string: what it knows besides is lost in databases and messages."""
    given: dict[str, Any] = {
        "credentials": KEYS, "region": "eu-west-1", "service": "s3", "expires_in": 900, "now": NOW, **changes,
    }  # fmt: skip
    return str(presign(method, url, **given))


def without(url: str, name: str) -> str:
    """A URL without one of its parameters."""
    before, _, query = url.partition("?")
    return before + "?" + "&".join([piece for piece in query.split("&") if not piece.startswith(name + "=")])


URLS: "list[Broken]" = [
    # What gateways make of a link: none passes the query on as it is, so the store never sees the signature's names.
    Broken("safelinks", "wrapped_link", f"https://eur01.safelinks.example/?url={quote(GET, safe='')}&data=05%7C02"),
    Broken("urldefense", "wrapped_link", f"https://urldefense.example/v3/__{GET}__;Kyo!!Abc!d$"),
    Broken("urldefense-encoded", "wrapped_link", f"https://urldefense.example/v3/__{quote(GET, safe='')}__;!!Abc"),
    Broken("redirect-page", "wrapped_link", f"https://www.search.example/url?q={quote(GET, safe=':/')}&sa=D"),
    Broken("redirect-not-encoded", "wrapped_link", f"https://www.search.example/url?sa=D&q={GET}"),
    Broken(
        "filter-within-a-filter",
        "wrapped_link",
        "https://a.example/?u=" + quote(f"https://b.example/?url={quote(GET)}"),
    ),
    Broken("html", "html_escaped", GET.replace("&", "&amp;")),
    Broken("html-number", "html_escaped", GET.replace("&", "&#38;")),
    Broken("json", "json_escaped", GET.replace("&", "\\u0026")),
    Broken("quotes", "wrapped", f'"{GET}"'),
    Broken("angle-brackets", "wrapped", f"<{GET}>"),
    Broken("mail-breaks-lines", "wrapped", GET[:76] + "\r\n" + GET[76:152] + "\r\n" + GET[152:]),
    Broken("terminal-breaks-lines", "wrapped", GET[:80] + "\n    " + GET[80:]),
    Broken("zsh-backslashes", "wrapped", GET.replace("?", "\\?").replace("&", "\\&").replace("=", "\\=")),
    Broken("curl-command", "wrapped", f"curl -o costs.csv '{GET}' -H 'x: y'"),
    Broken("full-stop", "wrapped", GET + "."),
    Broken("next-word", "wrapped", GET + "%20and"),
    Broken("shell", "cut_by_shell", GET.partition("&")[0]),
    Broken("column-too-short", "truncated", GET[:255]),
    Broken("last-letter-lost", "truncated", GET[:-1]),
    Broken("cut-in-an-escape", "truncated", GET[: GET.index("%2F") + 2]),
    Broken("encoded-as-a-whole", "encoded_twice", quote(GET, safe="")),
    Broken("encoded-as-a-whole-and-cut", "encoded_twice", quote(GET, safe="")[:-70] + "%2"),
    Broken("query-encoded-again", "encoded_twice", GET.replace("%2F", "%252F")),
    Broken("query-as-one-name", "encoded_twice", GET.partition("?")[0] + "?" + quote(GET.partition("?")[2], safe="")),
    Broken("raw-hash", "fragment", GET.replace("costs", "#1")),
    Broken("no-scheme", "malformed_url", GET.partition("://")[2]),
    Broken("latin-1", "malformed_url", GET.replace("costs", "caf%E9")),
    Broken("names-lower-cased", "misspelt_parameter", GET.replace("X-Amz-", "x-amz-")),
    Broken("signature-upper-cased", "malformed_signature", GET[:-64] + GET[-64:].upper()),
    Broken("signed-twice", "duplicate_parameter", f"{GET}&{GET.partition('?')[2]}"),
    Broken("date-dropped", "missing_parameter", without(GET, "X-Amz-Date")),
    Broken("bare", "not_presigned", GET.partition("?")[0]),
    Broken("other-parameters", "not_presigned", "https://reports.s3.eu-west-1.amazonaws.com/a?versionId=1"),
    Broken("v2", "v2_url", "https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKID&Expires=1764000900&Signature=abc%3D"),
    Broken("eight-days", "expires_out_of_range", GET.replace("Expires=900", "Expires=691200")),
    Broken("zero", "expires_out_of_range", GET.replace("Expires=900", "Expires=0")),
    Broken("negative", "expires_out_of_range", GET.replace("Expires=900", "Expires=-1")),
    Broken("a-word", "malformed_expires", GET.replace("Expires=900", "Expires=15m")),
    Broken("not-sha256", "unsupported_algorithm", GET.replace("HMAC-SHA256", "HMAC-SHA1")),
    Broken("date-with-dashes", "malformed_date", GET.replace("20251124T160000Z", "2025-11-24T16:00:00Z")),
    Broken("local-day", "malformed_credential", GET.replace("%2F20251124%2F", "%2F20251125%2F")),
    Broken("credential-without-region", "malformed_credential", GET.replace("eu-west-1%2Fs3", "s3")),
    Broken("nothing-signed", "missing_signed_headers", GET.replace("SignedHeaders=host", "SignedHeaders=")),
    Broken("host-unsigned", "missing_signed_headers", GET.replace("SignedHeaders=host", "SignedHeaders=range")),
    Broken("names-unsorted", "malformed_signed_headers", GET.replace("SignedHeaders=host", "SignedHeaders=x%3Bhost")),
    Broken("token-left-out", "missing_token", v4("GET", "https://h.example/k", credentials=Credentials("ASIA1", "s"))),
    Broken("region-of-another-host", "wrong_region", v4("GET", "https://b.s3.us-west-2.amazonaws.com/k")),
    Broken("region-of-path-style", "wrong_region", v4("GET", "https://s3.dualstack.us-west-2.amazonaws.com/b/k")),
    Broken("an-hour-late", "expired", GET, now=NOW + 4_500),
    Broken("one-second-late", "expired", GET, now=NOW + 901),
    Broken("local-time-taken-for-utc", "not_yet_valid", s3.get_object("reports", "a", now=NOW + 7_200), now=NOW),
    Broken("plus-decoded-in-path", "path_reencoded", PLUS.replace("%2B", "+")),
    Broken("space-decoded-in-path", "path_reencoded", GET.replace("%20", " ")),
    Broken("lower-case-escapes-in-path", "path_reencoded", PLUS.replace("%2B", "%2b")),
    Broken("plus-decoded-in-query", "query_reencoded", DOWNLOAD.replace("%2B", "+")),
    Broken("lower-case-escapes-in-query", "query_reencoded", GET.replace("%2F", "%2f")),
    Broken("aiohttp-decodes-the-query", "query_reencoded", GET.replace("%2F", "/")),
    Broken("unescaped-letters-in-query", "query_reencoded", GET + "&note=é"),
    # Described after public reports, with other names and values.
    Broken("quoted-printable", "quoted_printable", GET.replace("=", "=3D")),
    Broken(
        "quoted-printable-with-breaks",
        "wrapped",
        "=\n".join([GET.replace("=", "=3D")[at : at + 75] for at in range(0, len(GET.replace("=", "=3D")), 75)]),
    ),
    Broken("slack", "wrapped", f"<{GET}|the report>"),
    Broken("markdown", "wrapped", f"[the report]({GET})"),
    Broken("markdown-escapes", "wrapped", GET.replace("_", "\\_")),
    Broken("excel-formula", "wrapped", f'=HYPERLINK("{GET}","report")'),
    Broken("zero-width-space", "wrapped", GET[:120] + "\u200b" + GET[120:]),
    Broken("soft-hyphen", "wrapped", GET[:90] + "\u00ad" + GET[90:]),
    Broken("typographic-quotes", "wrapped", f"\u201c{GET}\u201d"),
    Broken("ellipsis-behind", "wrapped", GET + "\u2026"),
    Broken("ellipsis-in-a-log", "truncated", GET[:200] + "..."),
    Broken("ellipsis-after-half-an-escape", "truncated", GET[: GET.index("%2F") + 1] + "\u2026"),
    Broken("entities-of-equals", "html_escaped", GET.replace("=", "&#61;")),
    Broken("break-encoded-in-the-signature", "wrapped", GET[:-20] + "%0A" + GET[-20:]),
    Broken("typographic-hyphens", "wrapped", GET.replace("-", "\u2011")),
    Broken(
        "letters-of-full-width", "wrapped", GET.replace("?", "\uff1f").replace("&", "\uff06").replace("=", "\uff1d")
    ),
    Broken("joined-with-a-space", "wrapped", GET.replace("X-Amz-Sign", "X-Amz-S ign")),
    Broken("separators-dropped", "missing_parameter", GET.replace("&", "")),
    Broken("separators-encoded", "encoded_twice", GET.replace("&", "%26")),
    Broken("question-mark-encoded", "encoded_twice", GET.replace("?", "%3F")),
    Broken("underscores", "misspelt_parameter", GET.replace("X-Amz-", "X_Amz_")),
    Broken("defanged", "wrapped", GET.replace("https", "hxxps").replace(".", "[.]")),
    Broken("semicolons", "html_escaped", GET.replace("&", ";")),
    Broken("entity-of-an-entity", "html_escaped", GET.replace("&", "&amp;amp;")),
    Broken("json-of-json", "json_escaped", GET.replace("&", "\\\\u0026")),
    Broken("batch-file", "percent_lost", GET.replace("%", "")),
    Broken("ini-file", "percent_lost", GET.replace("%", "%%")),
    Broken("second-question-mark", "added_parameter", GET + "?v=2"),
    Broken("tracker", "added_parameter", GET + "&utm_source=newsletter"),
    Broken(
        "cloudfront", "other_vendor", "https://d1.cloudfront.net/k?Expires=1&Signature=a&Key-Pair-Id=K2JCJMDEHXQW5F"
    ),
    Broken("azure", "other_vendor", "https://a.blob.core.windows.net/c/b?sv=2022-11-02&sr=b&sp=r&se=2025&sig=a%3D"),
]

# --- damage that shows when the URL is compared with what was sent ----------------------------------------------------

SENT: "list[Broken]" = [
    Broken("head", "wrong_method", GET, "HEAD"),
    Broken("put-by-get", "wrong_method", PUT, "GET", {"Content-Type": "image/png"}),
    Broken("no-content-type", "missing_signed_headers", PUT, "PUT"),
    Broken("browser-content-type", "changed_header", PUT, "PUT", {"content-type": "application/octet-stream"}),
    Broken("acl-unsigned", "unsigned_headers", GET, headers={"x-amz-acl": "public-read"}),
    Broken("bearer", "two_authentications", GET, headers={"Authorization": "Bearer abc"}),
    Broken("container-name", "wrong_host", minio.get_object("b", "k", now=NOW), headers={"Host": "localhost:9000"}),
    Broken("cname", "wrong_host", GET, headers={"Host": "files.example.com"}),
    Broken("proxy-drops-port", "wrong_port", minio.get_object("b", "k", now=NOW), headers={"Host": "minio"}),
    Broken("target-only", "expired", GET[GET.index("/2025") :], headers={"Host": "h.example"}, now=NOW + 901),
]

# --- damage that shows when the signature is computed again -----------------------------------------------------------

GENERIC = v4("GET", "https://h.example/b/a%20b", rules=GENERIC_RULES)
NFC = unicodedata.normalize("NFC", "/b/café.txt")


def keyed(name: str, first: str, url: str, method: str = "GET", keys: Credentials = KEYS, **headers: str) -> Broken:
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    return Broken(name, first, url, method, sent, None, keys)


# Host and path are signed: what opens one style in the other, or by another of S3's hosts, is no repair of the request
# but another request, to which S3 answers SignatureDoesNotMatch; a region in the host that the scope has not, it names.
VIRTUAL = s3.get_object("reports", "a/b.csv", now=NOW)
IN_PATH = S3Presigner(KEYS, region="eu-west-1", addressing_style="path").get_object("reports", "a/b.csv", now=NOW)


def with_query_of(signed: str, sent: str) -> str:
    return f"{sent.partition('?')[0]}?{signed.partition('?')[2]}"


KEYED: "list[Broken]" = [
    keyed("get-of-an-upload", "wrong_method", PUT),
    keyed("get-of-an-upload-stored", "wrong_method", str(PUT)),
    keyed("path-style-opened-virtual", "wrong_host", with_query_of(IN_PATH, VIRTUAL)),
    keyed("virtual-opened-path-style", "wrong_host", with_query_of(VIRTUAL, IN_PATH)),
    keyed("minio-opened-virtual", "wrong_host", minio.get_object("b", "k", now=NOW).replace("minio:9000/b",
          "b.minio:9000")),
    keyed("region-dropped-from-host", "wrong_host", VIRTUAL.replace("s3.eu-west-1.", "s3.")),
    keyed("region-put-into-host", "wrong_host", v4("GET", "https://reports.s3.amazonaws.com/k").replace("s3.",
          "s3.eu-west-1.")),
    keyed("region-of-host-edited", "wrong_region", VIRTUAL.replace("s3.eu-west-1.", "s3.us-west-2.")),
    keyed("another-secret", "wrong_secret", str(GET), keys=Credentials("AKIDEXAMPLE", "another")),
    keyed("another-key", "wrong_access_key", str(GET), keys=Credentials("AKIDOTHER", SECRET)),
    keyed("another-token", "invalid_token", str(WITH_TOKEN), keys=Credentials("ASIDEXAMPLE", SECRET, "another")),
    keyed("token-of-nobody", "invalid_token", str(WITH_TOKEN), keys=Credentials("ASIDEXAMPLE", SECRET)),
    keyed("token-lost", "missing_parameter", without(WITH_TOKEN, "X-Amz-Security-Token"), keys=TEMPORARY),
    keyed("token-never-signed", "missing_token", str(GET), keys=Credentials("AKIDEXAMPLE", SECRET, TOKEN)),
    keyed("token-appended", "invalid_token", v4("GET", "https://h.example/k", credentials=Credentials("ASIDEXAMPLE",
          SECRET)) + "&X-Amz-Security-Token=" + quote(TOKEN, safe=""), keys=TEMPORARY),
    keyed("token-plus", "query_reencoded", WITH_TOKEN.replace("%2B", "+"), keys=TEMPORARY),
    keyed("head", "wrong_method", str(GET), "HEAD"),
    keyed("post-for-put", "wrong_method", v4("PUT", "https://h.example/k"), "POST"),
    keyed("container-host", "wrong_host", v4("GET", "http://minio:9000/b/k").replace("minio", "localhost")),
    keyed("port-lost", "wrong_port", v4("GET", "http://h.example:9000/b/k").replace(":9000", "")),
    keyed("default-port-signed", "wrong_port", v4("GET", "http://h.example:443/b/k").replace("http:", "https:")),
    keyed("slashes", "merged_slashes", v4("GET", "https://h.example/b//a///c").replace("b//a///c", "b/a//c")),
    keyed("leading-slash", "merged_slashes", v4("GET", "https://h.example//k").replace("//k", "/k")),
    keyed("many-slashes", "merged_slashes", v4("GET", "https://h.example/1/2/3/4/5/6/7/8//9").replace("//9", "/9")),
    keyed("slash-decoded", "path_reencoded", v4("GET", "https://h.example/b/a%2Fb%2Fc").replace("a%2Fb%2Fc", "a/b/c")),
    keyed("encoded-again", "encoded_twice", v4("GET", "https://h.example/a%20b").replace("a%20b", "a%2520b")),
    keyed("signed-encoded-again", "encoded_twice", v4("GET", "https://h.example/a%2520b").replace("%2520", "%20")),
    keyed("plus-for-space", "path_reencoded", v4("GET", "https://h.example/a%20b").replace("a%20b", "a%2Bb")),
    keyed("prefix-added", "path_prefix", v4("GET", "https://h.example/b/k").replace("/b/k", "/s3/b/k")),
    keyed("prefix-stripped", "path_prefix", v4("GET", "https://h.example/minio/b/k").replace("/minio", "")),
    keyed("macos", "unicode_form", v4("GET", "https://h.example" + quote(NFC)).replace("%C3%A9", "e%CC%81")),
    keyed("slash-appended", "changed_path", v4("GET", "https://h.example/b/k").replace("/b/k", "/b/k/")),
    keyed("second-question", "added_parameter", f"{GET}?v=2"),
    keyed("mailer", "added_parameter", f"{GET}&utm_source=mail"),
    keyed("mailer-twice", "added_parameter", f"{v4('GET', 'https://h.example/k?v=1')}&utm_source=mail&utm_medium=x"),
    keyed("cache-buster", "added_parameter", f"{GET}&_=1764000000"),
    keyed("lives-longer", "changed_parameter", GET.replace("Expires=900", "Expires=86400")),
    keyed("query-plus", "query_reencoded", DOWNLOAD.replace("a%2Bb", "a+b").replace("+b", "%20b")),
    keyed("query-literal-plus", "query_reencoded", DOWNLOAD.replace("%2B", "+")),
    keyed("query-encoded-again", "query_reencoded", DOWNLOAD.replace("%2B", "%252B").replace("%20", "%2520")),
    keyed("other-services-path", "wrong_rules", GENERIC),
    keyed("s3-path-elsewhere", "wrong_rules", v4("GET", "https://h.example/a%20b", service="lambda",
          rules=ServiceRules(normalize_path=False, double_encode=False))),
    keyed("lost-charset", "changed_header", v4("PUT", "https://h.example/k", headers={"Content-Type": "text/plain"}),
          "PUT", Content_Type="text/plain; charset=utf-8"),
    keyed("payload-hash", "payload_hash_mismatch",
          v4("GET", "https://h.example/k", payload_hash=GENERIC_RULES.payload_hash)),
    keyed("content-type-not-told", "missing_signed_headers",
          v4("PUT", "https://h.example/k", headers={"Content-Type": "image/png"}), "PUT"),
    keyed("secret-with-line-break", "wrong_secret", oracle.presigned_url(
          "s3", "GET", "https://h.example/k", keys=("AKIDEXAMPLE", SECRET + "\n", None), region="eu-west-1",
          service="s3", expires_in=900, now=NOW)),
    Broken("credentials-ended", "expired_token", str(GET),
           credentials=Credentials("AKIDEXAMPLE", SECRET, expires_at=NOW + 10)),
]  # fmt: skip

# --- damage that the answer shows -------------------------------------------------------------------------------------


def error(code: str, message: str, **elements: str) -> str:
    """An error as S3 sends it: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#RESTErrorResponses."""
    more = "".join([f"<{name}>{text}</{name}>" for name, text in elements.items()])
    return (
        f"<Error><Code>{code}</Code><Message>{message}</Message>{more}<RequestId>4442587FB7D0A2F9</RequestId></Error>"
    )


def http(status: str, body: str = "", *headers: str) -> str:
    """What `curl -si` prints."""
    return "\r\n".join([f"HTTP/1.1 {status}", "Date: Mon, 24 Nov 2025 16:00:20 GMT", *headers, "", body])


MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
LAMBDA = v4("GET", "https://abc.lambda-url.eu-west-1.on.aws/a", service="lambda")
# What API Gateway, Lambda and the like say; the lines stand in the message.
LAMBDA_LINES = (
    f"{MISMATCH[:-31]} Check your AWS Secret Access Key and signing method. Consult the service documentation for "
    "details.\n\nThe Canonical String for this request should have been\n'GET\n/b\n"
    + LAMBDA.partition("?")[2].partition("&X-Amz-Signature")[0]
    + "\nhost:abc.lambda-url.eu-west-1.on.aws\n\nhost\n" + GENERIC_RULES.payload_hash
    + "'\n\nThe String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20251124T160000Z\n"
    "20251124/eu-west-1/lambda/aws4_request\n" + "0" * 64 + "'\n"
)  # fmt: skip


def answered(name: str, first: str, response: str, url: str = GET, **given: Any) -> Broken:
    return Broken(name, first, url, response=response, **given)


ANSWERED: "list[Broken]" = [
    answered("expired", "expired", http("403 Forbidden", error("AccessDenied", "Request has expired",
             Expires="2025-11-24T15:15:00Z", ServerTime="2025-11-24T15:16:00Z"))),
    answered("not-yet", "not_yet_valid", error("AccessDenied", "Request is not valid yet")),
    answered("skewed", "not_yet_valid", error("RequestTimeTooSkewed", "The difference between the request time "
             "and the current time is too large.", ServerTime="2025-11-24T15:00:00Z")),
    answered("date-shows-the-end", "expired", "HTTP/2 403 \r\ndate: Mon, 24 Nov 2025 16:20:00 GMT\r\n\r\n"),
    answered("session-over", "expired_token", http("400 Bad Request", error("ExpiredToken", "The provided token has "
             "expired."))),
    answered("token-of-another-key", "invalid_token", error("InvalidToken", "The provided token is malformed or "
             "otherwise invalid.")),
    answered("key-deleted", "unknown_access_key", error("InvalidAccessKeyId", "The AWS Access Key Id you provided "
             "does not exist in our records.")),
    answered("temporary-key-alone", "missing_token", error("InvalidAccessKeyId", "The AWS Access Key Id you provided "
             "does not exist in our records."), v4("GET", "https://h.example/", credentials=Credentials("ASIA1", "s"))),
    answered("policy", "denied_by_policy", http("403 Forbidden", error("AccessDenied", "Access Denied"))),
    answered("headers-not-signed", "unsigned_headers", error("AccessDenied", "There were headers present in the "
             "request which were not signed", HeadersNotSigned="x-amz-acl")),
    answered("redirect-followed-with-authorization", "two_authentications", error("InvalidArgument", "Only one auth "
             "mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the "
             "Authorization header should be specified", ArgumentName="Authorization", ArgumentValue="Bearer")),
    answered("region-in-header", "wrong_region", http("400 Bad Request", "", "x-amz-bucket-region: us-west-2")),
    answered("region-in-element", "wrong_region", error("AuthorizationHeaderMalformed", "The authorization header is "
             "malformed; the region 'eu-west-1' is wrong; expecting 'us-west-2'", Region="us-west-2")),
    answered("global-endpoint", "wrong_endpoint", http("307 Temporary Redirect", error("TemporaryRedirect", "Please "
             "re-send this request to the specified temporary endpoint.", Endpoint="b.s3.us-west-2.amazonaws.com"))),
    answered("plain-redirect", "wrong_endpoint", http("301 Moved Permanently", "", "Location: https://b.s3.example/")),
    answered("kms-with-v2", "v2_url", error("InvalidArgument", "Requests specifying Server Side Encryption with AWS "
             "KMS managed keys require AWS Signature Version 4.")),
    answered("frankfurt-with-v2", "v2_url", error("InvalidRequest", "The authorization mechanism you have provided is "
             "not supported. Please use AWS4-HMAC-SHA256.")),
    answered("no-such-key", "not_found", http("404 Not Found", error("NoSuchKey", "The specified key does not "
             "exist."))),
    answered("chunked", "chunked_body", http("501 Not Implemented", error("NotImplemented", "A header you provided "
             "implies functionality that is not implemented", Header="Transfer-Encoding"))),
    answered("length-missing", "chunked_body", error("MissingContentLength", "You must provide the Content-Length HTTP "
             "header.")),
    answered("body-changed", "payload_hash_mismatch", error("XAmzContentSHA256Mismatch", "The provided "
             "'x-amz-content-sha256' header does not match what was computed.")),
    answered("busy", "refused_otherwise", http("503 Service Unavailable", error("SlowDown", "Please reduce your "
             "request rate."))),
    answered("firewall", "not_the_store", http("403 Forbidden", "<html><h1>Request blocked</h1></html>")),
    answered("head-of-a-text", "wrong_method", http("403 Forbidden"), str(GET), method="HEAD"),
    answered("preflight", "wrong_method", http("403 Forbidden"), str(GET), method="OPTIONS"),
    answered("lambda-path", "changed_path", http("403 Forbidden", json.dumps({"message": LAMBDA_LINES})), LAMBDA),
    answered("sts-service", "wrong_service", "<ErrorResponse xmlns='https://sts.amazonaws.com/doc/2011-06-15/'><Error>"
             "<Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>Credential should be scoped to correct "
             "service: 'sts'. </Message></Error></ErrorResponse>", LAMBDA),
    answered("sts-expired", "expired", "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code><Message>Signature "
             "expired: 20251124T160000Z is now earlier than 20251124T160500Z (20251124T162000Z - 15 min.)</Message>"
             "</Error></ErrorResponse>", LAMBDA),
    answered("parameters", "malformed_parameter", error("AuthorizationQueryParametersError", "Error parsing it")),
    answered("mismatch-alone", "wrong_secret", error("SignatureDoesNotMatch", MISMATCH)),
    answered("in-order-here", "changed_on_the_way", error("SignatureDoesNotMatch", MISMATCH), credentials=KEYS),
    answered("clock-of-ours", "clock_behind", http("503 Service Unavailable"), str(GET), now=NOW - 60),
]  # fmt: skip

REPORTED: "list[Broken]" = [
    answered("api-gateway-route", "no_such_route", http("403 Forbidden", '{"message":"Missing Authentication Token"}',
             "x-amzn-errortype: MissingAuthenticationTokenException"), LAMBDA),
    answered("api-gateway-forbidden", "denied_by_policy", http("403 Forbidden", '{"message":"Forbidden"}',
             "x-amzn-ErrorType: ForbiddenException"), LAMBDA),
    answered("lambda-url-refuses", "denied_by_policy", http("403 Forbidden", '{"Message":"Forbidden. For '
        'troubleshooting '
             'Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"}',
             "x-amzn-errortype: AccessDeniedException"), LAMBDA),
    answered("appsync", "unknown_access_key", '{"errors":[{"errorType":"UnrecognizedClientException","message":"The '
             'security token included in the request is invalid."}]}', LAMBDA),
    answered("opensearch-anonymous", "denied_by_policy", '{"Message":"User: anonymous is not authorized to perform: '
             'es:ESHttpGet with an explicit deny in a resource-based policy"}', LAMBDA),
    answered("msk", "expired", "SASL error: Session too short", LAMBDA),
    answered("object-lock", "missing_checksum", error("InvalidRequest", "Content-MD5 OR x-amz-checksum- HTTP header is "
             "required for Put Object requests with Object Lock parameters")),
    answered("location", "wrong_region", error("IllegalLocationConstraintException", "The unspecified location "
        "constraint "
             "is incompatible for the region specific endpoint this request was sent to.")),
    answered("b2-header", "unsupported", error("InvalidArgument", "Unsupported header 'x-amz-checksum-crc32' "
        "received for "
             "this API call.")),
    answered("b2-key", "unknown_access_key", error("InvalidAccessKeyId", "Malformed Access Key Id")),
    answered("r2-acl", "unsupported", error("NotImplemented", "Header 'x-amz-acl' with value 'public-read' not "
             "implemented")),
    answered("r2-key", "unknown_access_key", error("InvalidArgument", "Credential access key has length 40, "
        "should be 32")),
    answered("r2-region", "wrong_region", error("InvalidRegionName", "The region name 'eu-west-1' is not valid. "
        "Must be "
             "one of: wnam, enam, weur, eeur, apac, auto, or us-east-1")),
    answered("gcs-key", "unknown_access_key", error("InvalidSecurity", "The provided security credentials are not "
        "valid.")),
    answered("garage-scope", "wrong_region", error("AuthorizationHeaderMalformed", "Authorization header malformed, "
             "unexpected scope: 20251124/eu-west-1/s3/aws4_request")),
    answered("garage-key", "unknown_access_key", error("AccessDenied", "Forbidden: No such key: "
        "GK31c2f218a2e44f485b94239e")),
    answered("seaweedfs-expired", "expired", error("ExpiredPresignRequest", "")),
    answered("ceph-skewed", "not_yet_valid", error("RequestTimeTooSkewed", ""), now=NOW + 60),
    answered("minio-head", "expired", http("403 Forbidden", "", "x-minio-error-code: AccessDenied",
             'x-minio-error-desc: "Request has expired"')),
    answered("sts-region", "wrong_region", error("SignatureDoesNotMatch", "Credential should be scoped to a valid "
        "region."),
             LAMBDA),
    answered("region-in-a-mismatch", "wrong_region", error("SignatureDoesNotMatch", "Credential should be scoped "
        "to a valid "
             "Region, not us-east-1"), v4("GET", "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity",
             service="sts", region="us-east-1")),
    answered("tracker-and-a-mismatch", "added_parameter", error("SignatureDoesNotMatch", MISMATCH),
             GET + "&utm_source=x"),
    answered("old-link-at-rclone", "expired", error("AccessDenied", "The difference between the request time and the "
             "server's time is too large"), now=NOW + 1_980),
    answered("curl-head", "wrong_method", http("403 Forbidden", "", "Server: AmazonS3"), str(GET)),
    answered("form-too-large", "form_refused", error("EntityTooLarge", "Your proposed upload exceeds the maximum "
        "allowed "
             "size")),
    answered("glacier", "archived_object", error("InvalidObjectState", "The operation is not valid for the "
        "object's storage "
             "class")),
    answered("if-none-match", "precondition_failed", error("PreconditionFailed", "At least one of the "
        "pre-conditions you "
             "specified did not hold")),
    answered("kms-disabled", "key_unusable", error("KMS.DisabledException", "arn:aws:kms:... is disabled.")),
    answered("digest", "wrong_checksum", error("BadDigest", "The CRC32 you specified did not match the calculated "
             "checksum.")),
    answered("bad-argument", "bad_request", error("InvalidArgument", "Part number must be an integer between 1 "
        "and 10000")),
    answered("code-that-nobody-knows", "refused_otherwise", error("XVendorSays", "no")),
    Broken("iot-token-signed", "invalid_token", v4("GET", "wss://a-ats.iot.eu-west-1.amazonaws.com/mqtt",
           credentials=TEMPORARY, service="iotdevicegateway", rules=ServiceRules(session_token="signed")),
           credentials=TEMPORARY),
]  # fmt: skip

# --- the same, as clients, logs and browsers print it, and in the words of more stores --------------------------------

MSK = v4("GET", "https://kafka.eu-west-1.amazonaws.com/?Action=kafka-cluster%3AConnect", service="kafka-cluster")
STS = v4("GET", "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity", service="sts")
R2 = v4("GET", "https://b.account.r2.cloudflarestorage.com/k", region="auto")
SASL = "org.apache.kafka.common.errors.SaslAuthenticationException: "
ONE = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)
BROWSER = "This XML file does not appear to have any style information associated with it.\n"

PRINTED: "list[Broken]" = [
    answered("kafka-denied", "denied_by_policy", f"{SASL}Access denied", MSK),
    answered("kafka-denied-with-an-id", "denied_by_policy", f"{SASL}[cc8333d3]: Access denied", MSK),
    answered("kafka-go", "denied_by_policy", "kafka server: SASL Authentication failed: [a1] Access denied", MSK),
    answered("kafka-node", "denied_by_policy", "SASL_AUTHENTICATION_FAILED: SASL Authentication failed.", MSK),
    answered("elasticache", "wrong_secret", "WRONGPASS invalid username-password pair or user is disabled.", STS),
    answered("dsql", "denied_by_policy", "FATAL: unable to accept connection, access denied", STS),
    answered("two-for-s3", "two_authentications", error("InvalidArgument", ONE, ArgumentName="X-Amz-Algorithm")),
    answered("two-for-minio", "two_authentications", error("InvalidRequest", "Invalid Request (request has multiple "
             "authentication types, please use one)")),
    answered("two-for-api-gateway", "two_authentications", '{"message":"\'eyJ\' not a valid key=value pair (missing '
             'equal-sign) in Authorization header: \'Bearer eyJ\'."}', LAMBDA),
    answered("r2-unauthorized", "changed_on_the_way", error("Unauthorized", "Unauthorized"), R2),
    answered("r2-unauthorized-as-a-word", "changed_on_the_way", "Unauthorized", R2),
    answered("r2-token", "invalid_token", error("InvalidArgument", "X-Amz-Security-Token"), R2),
    answered("kubernetes", "changed_on_the_way", '{"kind":"Status","message":"Unauthorized","reason":"Unauthorized",'
             '"code":401}', STS),
    answered("sts-shows-its-page", "changed_on_the_way", http("302 Found", "", "Location: https://aws.amazon.com/iam"),
             STS),
    answered("botocore-denied", "denied_by_policy", "botocore.exceptions.ClientError: An error occurred (AccessDenied) "
             "when calling the GetObject operation: Access Denied"),
    answered("botocore-head", "denied_by_policy", "An error occurred (403) when calling the HeadObject operation: "
             "Forbidden"),
    answered("botocore-head-of-nothing", "not_found", "An error occurred (404) when calling the HeadObject operation: "
             "Not Found"),
    answered("botocore-token", "expired_token", "An error occurred (ExpiredToken) when calling the PutObject "
             "operation: The provided token has expired."),
    answered("java", "not_found", "com.amazonaws.services.s3.model.AmazonS3Exception: The specified key does not "
             "exist. (Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey; Request ID: A1)"),
    answered("go", "denied_by_policy", "operation error S3: GetObject, https response error StatusCode: 403, "
             "RequestID: A, HostID: b, api error AccessDenied: Access Denied"),
    answered("rust", "wrong_secret", 'S3Error { code: "SignatureDoesNotMatch", message: "The request signature we '
             'calculated does not match the signature you provided.", resource: "" }'),
    answered("javascript", "wrong_region", "AuthorizationHeaderMalformed: The authorization header is malformed; the "
             "region 'us-east-1' is wrong; expecting 'eu-west-2'"),
    answered("browser", "denied_by_policy", BROWSER + error("AccessDenied", "Access Denied")),
    answered("browser-expired", "expired", BROWSER + error("AccessDenied", "Request has expired")),
    answered("indented", "denied_by_policy", "<Error>\n\t<Code>\n\t\tAccessDenied\n\t</Code>\n</Error>"),
    answered("curl-v", "not_found", "* Connected\n> GET / HTTP/1.1\n>\n< HTTP/1.1 404 Not Found\n< Content-Type: "
             "application/xml\n<\n" + error("NoSuchKey", "The specified key does not exist.")),
    answered("log", "not_found", "code=404: <?xml version='1.0'?>\n" + error("NoSuchKey", "No.")),
    answered("b2-version-2", "denied_by_policy", error("UnauthorizedAccess", "bucket is not authorized: mybucket")),
    answered("garage-lost-key", "bad_request", error("InvalidRequest", "Bad request: Invalid create bucket XML query")),
    answered("oss-endpoint", "wrong_endpoint", error("AccessDenied", "The bucket you are attempting to access must be "
             "addressed using the specified endpoint.", Endpoint="oss-cn-beijing.example.com")),
    answered("oss-style", "unsupported", error("SecondLevelDomainForbidden", "Please use virtual hosted style to "
             "access.")),
    answered("minio-console", "wrong_endpoint", error("InvalidArgument", "S3 API Requests must be made to API port.")),
    answered("cloudfront", "wrong_endpoint", http("403 Forbidden", error("MissingKey", "Missing Key-Pair-Id query "
             "parameter or cookie value"))),
    answered("oracle", "unknown_access_key", error("SignatureDoesNotMatch", "The secret key required to complete "
             "authentication could not be found. The region must be specified if this is not the home region.")),
    answered("supabase", "not_found", '{"statusCode":"404","error":"not_found","message":"Object not found"}'),
    answered("supabase-mismatch", "wrong_secret", '{"statusCode":"403","error":"SignatureDoesNotMatch"}'),
    answered("cors", "denied_by_policy", error("AccessForbidden", "CORSResponse: CORS is not enabled.")),
    answered("access-point-of-many-regions", "unsupported_algorithm", error("InvalidRequest", "The authorization "
             "mechanism you have provided is not supported. Please use AWS4-ECDSA-P256-SHA256.")),
    answered("host-not-signed", "missing_signed_headers", error("AccessDenied", "'Host' or ':authority' must be a "
             "'SignedHeader' in the AWS Authorization.")),
    answered("appsync-field", "denied_by_policy", '{"data":null,"errors":[{"errorType":"Unauthorized","message":"Not '
             'Authorized to access x on type Query"}]}', LAMBDA),
    answered("api-gateway-denies", "denied_by_policy", '{"Message":"User is not authorized to access this resource '
             'with an explicit deny"}', LAMBDA),
    answered("checksum", "wrong_checksum", error("InvalidRequest", "Value for x-amz-checksum-crc32 is invalid.")),
]  # fmt: skip

BROKEN: "list[Broken]" = [*URLS, *SENT, *KEYED, *ANSWERED, *REPORTED, *PRINTED, *recorded(), *recorded_elsewhere()]
