"""Where a peer and we differ, who is right, and by which source.

Rule: a row is expected to occur; a difference without a row fails the command, and so does a row that no longer occurs.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Disagreement:
    """A row.

    Attributes:
        maker: The peer.
        outcome: The beginning of the outcome, as `judge` words it.
        who: Who is right.
        why: Why, with the source.
    """

    maker: str
    outcome: str
    who: str
    why: str


_KEYS = "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html"

TABLE = [
    Disagreement(
        "minio-py",
        "refused: ValueError: object name with '.' or '..'",
        "both",
        "S3 has such keys, and most HTTP clients collapse them on the way; here they take `allow_dot_segments=True`. "
        f"{_KEYS}",
    ),
    Disagreement(
        "minio-py",
        "refused: ValueError:",
        "ours",
        f"a key may be white space alone; minio-py takes it for empty. {_KEYS}",
    ),
    Disagreement(
        "obstore",
        "another object",
        "ours",
        "`/` at the beginning and the end belongs to the key; obstore's `Path` drops it, so its URL names another "
        "object. https://docs.rs/object_store/latest/object_store/path/struct.Path.html",
    ),
    Disagreement(
        "obstore",
        "refused: TypeError: Expected string path",
        "ours",
        "S3's keys may have empty segments and control characters; obstore's `Path` may not. "
        "https://docs.rs/object_store/latest/object_store/path/struct.Path.html",
    ),
    Disagreement(
        "s3cmd",
        "version 2",
        "ours",
        "`s3cmd signurl` signs with version 2, which regions opened since 2014 reject. "
        "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
    ),
    Disagreement(
        "aws4fetch",
        "another object",
        "ours",
        "a dot segment belongs to the key, and JavaScript's `URL` removes it before it is signed. "
        "https://url.spec.whatwg.org/#path-state",
    ),
    Disagreement(
        "s3-lite-client",
        "another object",
        "ours",
        "the key is taken for a path with a query: what follows `?` is lost. presignV4 in signing.ts splits it there",
    ),
    Disagreement(
        "s3-lite-client",
        "signature_mismatch",
        "ours",
        "parameters are sorted as `name=value`, so that `X=` comes after `X-Amz-Date=`; SigV4 sorts by name. "
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html",
    ),
]
