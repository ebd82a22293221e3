"""What the property tests draw from: everything that a request can legally be, with the nasty corners made likely."""

import string
from dataclasses import dataclass

from hypothesis import strategies as st

UNRESERVED = string.ascii_letters + string.digits + "-._~"
PCHAR = UNRESERVED + "!$&'()*+,;=:@"
TOKEN = string.ascii_lowercase + string.digits + "-!#$%&'*+.^_`|~"
PRINTABLE = "".join(chr(code) for code in range(0x21, 0x7F))

NASTY = ["", ".", "..", " ", "+", "%", "%2F", "%zz", "//", "~", "é", "e\u0301", "\u1234", "🦊", "\0", "\n", "'", '"',
         "a=b&c", "a;b", "?", "#", "[x]", "a\\b", "X-Amz-Meta", "X", "X-Amz", "\u202e", "\ufeff"]  # fmt: skip

SIGNING = {"x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires", "x-amz-signedheaders",
           "x-amz-signature", "x-amz-security-token", "x-amz-region-set"}  # fmt: skip

NEVER = {"authorization", "baggage", "connection", "expect", "keep-alive", "proxy-authenticate", "proxy-authorization",
         "te", "traceparent", "tracestate", "trailer", "transfer-encoding", "upgrade", "user-agent", "x-amzn-trace-id",
         "x-amz-date", "x-amz-security-token", "x-amz-content-sha256", "host"}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A request to presign, in full."""

    kind: str
    method: str
    scheme: str
    host: str
    path: str
    query: "tuple[tuple[str, str], ...]"
    raw_query: str
    headers: "tuple[tuple[str, str], ...]"
    keys: "tuple[str, str, str | None]"
    region: str
    service: str
    expires_in: int
    now: int

    @property
    def url(self) -> str:
        return f"{self.scheme}://{self.host}{self.path}" + (f"?{self.raw_query}" if self.raw_query else "")


text = st.one_of(st.sampled_from(NASTY), st.text(st.characters(exclude_categories=["Cs"]), max_size=12))


@st.composite
def spelling(draw: st.DrawFn, plain: str, legal: str, *, plus: bool = False) -> str:
    """A percent-encoded spelling of a text: legal characters raw or escaped, hex in either case."""
    if not draw(st.booleans()):
        return "".join(c if c in UNRESERVED else _escaped(c) for c in plain)
    out: list[str] = []
    for character in plain:
        style = draw(st.integers(0, 3))
        if plus and character == " " and style:
            out.append("+")
        elif character in legal and style:
            out.append(character)
        else:
            escaped = _escaped(character)
            out.append(escaped.lower() if style == 2 else escaped)
    return "".join(out)


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02X}" for byte in character.encode())


label = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=8)
host = st.one_of(
    st.lists(label, min_size=1, max_size=4).map(".".join),
    st.sampled_from(["localhost", "127.0.0.1", "[::1]", "[2001:db8::1]", "Bucket.S3.Amazonaws.com", "a-b.c_d"]),
)
scope_name = st.one_of(
    st.sampled_from(["us-east-1", "eu-west-1", "auto", "s3", "execute-api", "*"]),
    st.text(PRINTABLE.replace("/", ""), min_size=1, max_size=12),
)
header_name = st.text(TOKEN + string.ascii_uppercase, min_size=1, max_size=12).filter(lambda n: n.lower() not in NEVER)
header_value = st.text([chr(code) for code in range(0x20, 0x7F)] + ["\t", " ", " "], max_size=20)
credential = st.text(PRINTABLE, min_size=1, max_size=40)


@st.composite
def cases(draw: st.DrawFn, kind: "str | None" = None) -> Case:
    """Any request that `presign` and botocore must agree on."""
    kind = kind or draw(st.sampled_from(["s3", "generic"]))
    segments = draw(st.lists(text, max_size=5))
    path = "".join("/" + draw(spelling(segment, PCHAR)) for segment in segments) or "/"
    # botocore keeps only the first of repeated names: see the table of known disagreements.
    query = draw(
        st.lists(st.tuples(text, text), max_size=4, unique_by=lambda pair: pair[0]).filter(
            lambda pairs: all(name.lower() not in SIGNING for name, _ in pairs)
        )
    )
    legal = PCHAR.replace("&", "").replace("=", "").replace("+", "") + "/?"
    raw_query = "&".join(
        draw(spelling(name, legal, plus=True)) + "=" + draw(spelling(value, legal + "=", plus=True))
        for name, value in query
    )
    scheme = draw(st.sampled_from(["https", "http"]))
    port = draw(
        st.one_of(st.just(""), st.sampled_from([":80", ":443", ":9000"]), st.integers(1, 65535).map(":{}".format))
    )
    return Case(
        kind=kind,
        method=draw(st.sampled_from(["GET", "PUT", "HEAD", "DELETE", "POST", "PATCH", "OPTIONS", "M-SEARCH"])),
        scheme=scheme,
        host=draw(host) + port,
        path=path,
        query=tuple(query),
        raw_query=raw_query,
        headers=tuple(draw(st.lists(st.tuples(header_name, header_value), max_size=3))),
        keys=(draw(credential), draw(credential), draw(st.none() | st.text(PRINTABLE, min_size=1, max_size=80))),
        region=draw(scope_name),
        service="s3" if kind == "s3" else draw(scope_name.filter(lambda name: name not in SPECIAL_SERVICES)),
        expires_in=draw(st.one_of(st.integers(1, 604_800), st.sampled_from([1, 604_800]))),
        now=draw(st.one_of(st.integers(0, 253_402_300_799), st.sampled_from([0, 951_782_399, 1_369_353_600]))),
    )


SPECIAL_SERVICES = {"s3", "s3express", "s3-object-lambda", "s3-outposts", "iotdevicegateway", "bedrock-agentcore",
                    "transcribe", "vpc-lattice-svcs"}  # fmt: skip
