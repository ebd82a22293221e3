"""Requests that were changed on the way, and what `verify` makes of them.

Rule: a change is either refused with a `VerificationError` or yields a `VerifiedRequest` equal to the unchanged one;
anything else is a finding.
"""

import random
import string
from dataclasses import dataclass, replace

import agreement
from strategies import Case

from sigv4presign import Credentials, VerifiedRequest, verify
from sigv4presign.errors import VerificationError

ALPHABET = string.printable + "é\0\x85\u2028🦊"


@dataclass(frozen=True)
class Request:
    """A request as a server receives it."""

    method: str
    url: str
    headers: "tuple[tuple[str, str], ...]"


def received(case: Case, url: str) -> Request:
    """A presigned URL and its headers as they arrive: origin-form target, a Host header, the signed headers."""
    scheme, _, rest = url.partition("://")
    authority, slash, target = rest.partition("/")
    host = authority.removesuffix({"http": ":80", "https": ":443"}[scheme])
    return Request(case.method, slash + target, (("Host", host), *case.headers))


def judge(case: Case, request: Request) -> VerifiedRequest:
    """What `verify` says about a request, for the service that a case was signed for."""
    return verify(
        request.method,
        request.url,
        headers=request.headers,
        secrets={case.keys[0]: Credentials(*case.keys)},
        service=case.service,
        region=case.region,
        now=case.now,
    )


def changed(rng: random.Random, text: str) -> str:
    """One character changed, added, dropped or swapped with its neighbour."""
    at = rng.randrange(len(text) + 1)
    kind = rng.randrange(5)
    if kind == 0:
        return text[:at] + rng.choice(ALPHABET) + text[at:]
    if kind == 1:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        return text[:at] + text[at + 1 : at + 2] + text[at : at + 1] + text[at + 2 :]
    if kind == 3:
        return text[:at] + text[at : at + 1].swapcase() + text[at + 1 :]
    return text[:at] + rng.choice(ALPHABET) + text[at + 1 :]


def mutated(rng: random.Random, request: Request) -> Request:
    """The request with one thing changed: mostly one byte, sometimes a whole parameter or header."""
    kind = rng.randrange(12)
    if kind == 0:
        return replace(request, method=changed(rng, request.method))
    if kind == 1 and request.headers:
        at = rng.randrange(len(request.headers))
        name, value = request.headers[at]
        pair = (changed(rng, name), value) if rng.random() < 0.3 else (name, changed(rng, value))
        return replace(request, headers=(*request.headers[:at], pair, *request.headers[at + 1 :]))
    if kind == 2 and request.headers:
        at = rng.randrange(len(request.headers))
        return replace(request, headers=(*request.headers[:at], *request.headers[at + 1 :]))
    if kind == 3:
        extra = rng.choice(
            [("x-amz-acl", "public-read"), ("Host", "evil.example"), ("X-Amz-Date", "x"), ("Authorization", "x")]
        )
        return replace(request, headers=(*request.headers, extra))
    if kind == 4:
        path, _, query = request.url.partition("?")
        fields = query.split("&")
        at = rng.randrange(len(fields))
        action = rng.randrange(4)
        if action == 0:
            fields.append(fields[at])
        elif action == 1:
            del fields[at]
        elif action == 2:
            fields.append(
                rng.choice(["a=1", "X-Amz-Expires=1", "x-amz-date=1", "", "&", "X-Amz-Signature=", "%58-Amz-Date=1"])
            )
        else:
            rng.shuffle(fields)
        return replace(request, url=path + "?" + "&".join(fields))
    return replace(request, url=changed(rng, request.url))


def finding(case: Case, rng: random.Random, request: Request, original: VerifiedRequest) -> "str | None":
    """None if a mutation of the request is refused or identical."""
    mutation = mutated(rng, request)
    try:
        seen = judge(case, mutation)
    except VerificationError:
        return None
    return None if seen == original else f"{case}\n  {mutation}\n  was seen as {seen}"


def both_makers(case: Case) -> "list[str]":
    """The URLs that we and botocore make of a case."""
    return [agreement.ours(case), agreement.theirs(case)]
