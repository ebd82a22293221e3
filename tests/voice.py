"""The voice of messages: what is wrong with how a text reads, for every error and finding that a test comes by.

Rule: what a message quotes is left out; the rest is plain words, none of them shouted, with names as their owners write
them and sentences that begin and end as sentences do.
"""

import re
from functools import lru_cache

QUOTED = re.compile(
    r"""'[^']*'|"[^"]*"|`[^`]*`|<[^>]*>|\([^()]*\)|(?:https?|s3|arn)[:/][^\s,;]*|[^\s]*[=/_][^\s]*|--[\w-]+"""
)
PLACEHOLDER = re.compile(r"(?<![A-Za-z])XX|XX(?![A-Za-z])|TODO|FIXME")
SHOUTED = re.compile(r"\b[A-Z]{2,}[,;:]? [A-Z]{3,}\b")
# Two names in a row that are no shouting.
NAMES = ("ASCII", "AWS", "CLI", "CORS", "DNS", "DSQL", "EKS", "GCS", "HMAC", "HTTP", "IAM", "IPV6", "JSON", "KMS",
         "MFA", "NTP", "POST", "PUT", "GET", "HEAD", "DELETE", "PATCH", "OPTIONS", "SAN", "SDK", "SHA", "SSE", "SSO",
         "STS", "TLS", "URL", "UTC", "UTF", "VPC", "XML", "API", "ARN", "RDS", "IOT", "MSK")  # fmt: skip
SMALL = re.compile(r"(?<!parameter )\b(?:url|urls|iam|ntp|utc|dns|ascii|xml|json|macos|ios)\b")
SMALL_NAMES = ("imgix", "nginx", "boto3")
SENTENCE = re.compile(r"[a-z]{2}\. [a-z]")


@lru_cache(maxsize=4_096)
def fault_in(text: str, *, raw: bool = False) -> str:
    """What a reader would stumble over, or nothing.  `raw`: it may be a piece of a request, spelt as it came."""
    plain = QUOTED.sub("_", text)
    found = PLACEHOLDER.search(plain)
    if found:
        return f"a placeholder, {found[0]}, in {text!r}"
    shouted = [found[0] for found in SHOUTED.finditer(plain) if not set(re.findall("[A-Z]+", found[0])) & set(NAMES)]
    if shouted:
        return f"{shouted[0]!r} is shouted in {text!r}"
    small = SMALL.search(plain)
    if small and not raw and " " in text:
        return f"{small[0]!r} is a name with capitals in {text!r}"
    begun = SENTENCE.search(plain)
    if begun and not raw:
        return f"a sentence begins in lower case, {begun[0]!r}, in {text!r}"
    return ""


def fault_in_sentence(text: str) -> str:
    """The same of a text that consists of whole sentences."""
    if text and not (text[0].isupper() or text[0] in "0123456789'`" or text.startswith(SMALL_NAMES)):
        return f"it does not begin like a sentence: {text!r}"
    if text and text[-1] not in ".?)":
        return f"it does not end like a sentence: {text!r}"
    return fault_in(text)


def fault_in_lines(printed: str) -> str:
    """The same of what a command writes to standard error, where messages are broken into lines; usage is left out."""
    lines = [line for line in printed.splitlines() if not line.startswith(("usage:", "  "))]
    return fault_in(" ".join(lines))
