"""What each store does differently from S3, as it was seen, and why.

Rule: a departure is exact: the store's name, the row's, what is seen, and the reason in words that the documentation
prints.  One that is no longer seen fails the run, as one that is not in here does.

`NotOffered` is something that a store does not have; `Departs` is something that it has and does its own way.
"""

from typing import NamedTuple, Union


class Departs(NamedTuple):
    seen: str
    why: str


class NotOffered(NamedTuple):
    seen: str
    why: str


Departure = Union[Departs, NotOffered]

FORMS = (
    "a form uploads a file under its own name", "a file that is too large", "another Content-Type", "a changed key",
    "a signature of another form", "an expired form",
)  # fmt: skip
TOKENS = (
    "a session token is accepted",
    "a form with a session token is accepted",
    "the token left out when signing",
    "another token, signed",
)
CONFIGURATIONS = ("cors", "tagging", "policy", "website", "lifecycle")


def _configurations(**seen: Departure) -> "dict[str, Departure]":
    return {f"a bucket's {name}: put, get, delete": departure for name, departure in seen.items()}


SWIFT: "dict[str, Departure]" = {
    # 28 answer 501; tags and object lock are not there, whoever asks; of three it is said what is missing.
    "the URL of each of the 109 operations is accepted, and refused with another signature": Departs(
        "75 of 109",
        "The others, those that it does not have above all, are answered before the signature is looked at.",
    ),
    "`get_object_attributes`": NotOffered(
        "another document", "s3api ignores `?attributes` and answers with the object."
    ),
    "tag an object, read and delete the tags": NotOffered("501 NotImplemented", "s3api has no tags."),
    # Its controllers for these answer 501; for lifecycle it has none, and takes the request for CreateBucket.
    **_configurations(
        cors=NotOffered("501 NotImplemented", "s3api keeps no CORS rules; Swift has its own, set on the container."),
        tagging=NotOffered("501 NotImplemented", "s3api has no tags."),
        policy=NotOffered("501 NotImplemented", "s3api has ACLs and no policies."),
        website=NotOffered("501 NotImplemented", "s3api has no websites."),
        lifecycle=NotOffered(
            "400 MalformedXML", "s3api does not know `?lifecycle` and reads the body as CreateBucket's."
        ),
    ),
    # A POST to a bucket that is neither ?delete nor ?uploads is not s3api's, and Swift finds its path malformed.
    **dict.fromkeys(FORMS, NotOffered("412", "s3api has no upload forms.")),
    # s3api compares X-Amz-Date with its clock only for headers' signatures.
    "signed by a clock that is an hour ahead": Departs("200", "s3api compares only the expiry with its clock."),
    # It asks tempauth for the key's secret; no secret is a signature that does not match.
    "an access key that nobody has": Departs("403 SignatureDoesNotMatch", "s3api does not tell the two apart."),
    "no signature": Departs("403 AccessDenied", "s3api says less of what is missing."),
    # Without a signature the request is none of s3api's, and Swift's own API has no such path.
    "no query at all": Departs(
        "400", "Without a signature it is a request to Swift's own API, which has no such path."
    ),
    **dict.fromkeys(TOKENS, NotOffered("no STS", "There is no STS.")),
    # Nothing of tempauth's gives tokens, so s3api has nothing to compare one with.
    "a token that does not belong to a long-lived key": Departs("200", "s3api verifies the signature, not the token."),
}

RCLONE: "dict[str, Departure]" = {
    **dict.fromkeys(
        ("`get_object_acl`", "`get_object_attributes`"),
        NotOffered("another document", "The parameter is ignored, and the object is the answer."),
    ),
    "`get_bucket_acl`": NotOffered("another document", "The parameter is ignored, and the listing is the answer."),
    "`list_multipart_uploads`": Departs("404 NoSuchUpload", "Without uploads there is no list."),
    "tag an object, read and delete the tags": NotOffered("no tag", "Tags are taken and forgotten."),
    "versions: switch on, list, get an older one": NotOffered("501 NotImplemented", "A directory has no versions."),
    "conditions: a second put with if-none-match, a get with if-match": Departs("200", "If-None-Match is ignored."),
    # PUT of a bucket with any parameter is read as CreateBucket.
    **_configurations(
        **dict.fromkeys(
            CONFIGURATIONS,
            NotOffered("409 BucketAlreadyExists", "The request is read as CreateBucket; nothing is kept."),
        )
    ),
    **dict.fromkeys(
        ("two slashes", "a slash at the beginning", "dot segments"),
        Departs("400 InvalidArgument", "A key is a path in a directory, where such a name cannot be."),
    ),
    "1,024 bytes without a slash": Departs("500 InternalError", "A file's name has at most 255 bytes."),
    "virtual-hosted style: the bucket in the host": NotOffered(
        "404 NoSuchBucket", "Path style only, unless it is started with `--force-path-style=false`."
    ),
    "no Content-Type, where one was signed": Departs(
        "403 AccessDenied", "A signed header that is missing is told apart."
    ),
    **dict.fromkeys(
        [f"a signed `checksum_{name}`, and another body" for name in ("sha256", "sha1", "crc32")],
        Departs("200", "Only Content-MD5 is compared."),
    ),
    **dict.fromkeys(FORMS, NotOffered("400 UnsupportedAlgorithm", "There are no upload forms with a signature.")),
    **dict.fromkeys(
        ("ranges: first bytes, last bytes, from the middle", "a signed range"),
        Departs("200", "The bytes and Content-Range are right; the status is not 206."),
    ),
    **dict.fromkeys(
        ("a link of two seconds works at once, and is refused after", "expired an hour ago"),
        Departs("400 AccessDenied", "The status is 400 where S3 says 403."),
    ),
    "seven days and a second": Departs("200", "The lifetime has no upper limit."),
    "signed by a clock that is an hour ahead": Departs("200", "Only the expiry is compared with the clock."),
    "another region": Departs("200", "The region is not compared; it only has to be the one that was signed with."),
    "another service": Departs("400 AuthorizationParameterserror", "The code is spelt so."),
    **dict.fromkeys(
        ("no signature", "no query at all"),
        Departs(
            "400 UnsupportedAlgorithm", "What is not recognised as a presigned URL is read as a signature in headers."
        ),
    ),
    "a scope of another day": Departs("403 SignatureDoesNotMatch", "The day is not compared; the signature is."),
    **dict.fromkeys(TOKENS, NotOffered("no STS", "There is no STS.")),
    "a token that does not belong to a long-lived key": Departs("200", "The signature is verified, not the token."),
    "libpresign 1.2.0": NotOffered("404 NoSuchBucket", "libpresign has virtual-hosted style only, rclone path style."),
}

MINISTACK: "dict[str, Departure]" = {
    "an x-amz header that was not signed": Departs("200", "Headers that were not signed are not looked for."),
    "another region": Departs(
        "301 PermanentRedirect", "It answers as another region's endpoint does: go to the bucket's own."
    ),
    "another service": Departs("403 SignatureDoesNotMatch", "The service is not compared; the signature is."),
    "no signature": Departs("200", "Without X-Amz-Signature nothing is verified at all: never rely on it alone."),
    "a scope of another day": Departs("403 SignatureDoesNotMatch", "The day is not compared; the signature is."),
}

OF_THE_GUARD = (
    "a prefix taken off, Host handed on: every key, by the guard's `host` and `path_prefix`",
    "Caddy, a prefix added: every key, by `endpoint` and `public_endpoint`",
    "Caddy, a prefix taken off, Host passed on: every key, by the guard's `host` and `path_prefix`",
    "Caddy, a prefix passed on: every key, by the guard's `host`",
)
for _store in (SWIFT, RCLONE, MINISTACK):
    _store |= dict.fromkeys(
        OF_THE_GUARD,
        NotOffered("no path_prefix", "A store is told of no prefix: sign what it sees, and use `public_endpoint`."),
    )

# The guard departs in nothing; the store behind it is a test's own, and small.
_SMALL = NotOffered(
    "501 NotImplemented", "The store behind the guard is small; the guard let the request through to it."
)
GUARD: "dict[str, Departure]" = {
    **dict.fromkeys(("`get_object_acl`", "`get_object_attributes`", "`get_bucket_acl`"), _SMALL),
    **dict.fromkeys(("`get_bucket_versioning`", "`list_multipart_uploads`"), _SMALL),
    "copy an object": _SMALL,
    "delete many objects by one POST": _SMALL,
    "tag an object, read and delete the tags": _SMALL,
    "versions: switch on, list, get an older one": _SMALL,
    **_configurations(**dict.fromkeys(CONFIGURATIONS, _SMALL)),
}

DEPARTURES: "dict[str, dict[str, Departure]]" = {
    "Swift": SWIFT,
    "rclone": RCLONE,
    "MiniStack": MINISTACK,
    "our guard": GUARD,
}

_COLLAPSED = Departs("403", "It takes `a/..` out of the path before it sends it.")
CLIENTS: "dict[str, dict[str, Departure]]" = {
    "requests": {"dot segments": _COLLAPSED},
    "httpx": {"dot segments": _COLLAPSED},
    "aiohttp with a str": {"dot segments": _COLLAPSED},
}
