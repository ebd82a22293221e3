"""The library's messages, as users of the command line read them.

Rule: a message names what can be typed here, an option rather than a parameter, and shows no signature.
"""

from ..errors import InputError

# The parameters that are options here, of the same name with hyphens...
_OPTIONS = frozenset(
    (
        "accelerate", "account_id", "acl", "addressing_style", "checksum_sha256", "content_length",
        "content_length_range", "content_type", "content_type_starts_with", "download_as", "dualstack", "endpoint",
        "expires_in", "fips", "if_none_match", "jurisdiction", "media_encoding", "metadata", "name", "nonce", "param",
        "port", "profile", "provider", "public_endpoint", "query", "region", "response", "response_content_type",
        "sample_rate", "service", "stable_for", "storage_class", "version_id",
    )
)  # fmt: skip
# ... and those that are written otherwise.
_NAMES = {
    "address": "s3://BUCKET/KEY",
    "cache_name": "CACHE",
    "cluster_name": "CLUSTER",
    "fields": "--field",
    "headers": "--header",
    "host": "HOST",
    "language_code": "LANGUAGE",
    "method": "METHOD",
    "operation": "OPERATION",
    "path": "PATH",
    "url": "URL",
    "user_id": "USER",
    "username": "USER",
}

# Where a message speaks Python, and what it says here instead.
_WORDS = {
    "needs the endpoint= whose": "needs the --endpoint whose",
    "cannot go with endpoint=;": "cannot go with --endpoint or another store;",
    "other stores need endpoint=": "other stores need --endpoint",
    "S3Presigner(endpoint=...) takes any store": "--endpoint takes any store",
    "cannot go with fips=True": "cannot go with --fips",
    "and fips=True for FIPS": "and --fips for FIPS",
    "cannot go with addressing_style='path'; let addressing_style be 'auto'": "cannot go with --addressing-style path; "
    "leave that out",
    "use addressing_style='path'": "use --addressing-style path",
    "use 'path'": "use --addressing-style path",
    "whose name is in the host; use 'auto'": "whose name is in the host; leave that out",
    "use accelerate=False": "leave --accelerate out",
    "use dualstack=False": "leave --dualstack out",
    "use fips=False": "leave --fips out",
    "where region=": "where --region ",
    "give region=,": "give --region,",
    "give account_id=": "give --account-id",
    "give endpoint=": "give --endpoint",
    "allow_dot_segments=True signs it": "--allow-dot-segments signs it",
    "and stable_for keeps": "and --stable-for keeps",
    "more than expires_in is": "more than --expires-in is",
    "use download_as=": "use --param download_as=NAME",
    "give a mapping, which is percent-encoded": "percent-encode it",
    "put_object makes a URL for PUT": "the command put makes a URL for PUT",
    "let S3Presigner shorten it with clamp_to_credentials=True": "leave --expires-in out, and it is shortened",
    "query= takes parameters, S3Presigner takes keys": "--query takes parameters; get, put, head and delete take keys",
    ", from now= and credentials=;": " by itself;",
    "; give it as payload_hash=": ", and no other can be signed here",
    "; decode file names with errors='strict'": "; the terminal gave bytes that are not UTF-8",
}


def message(fault: Exception) -> str:
    """What an error says, in the words of the command line."""
    text = str(fault)
    if isinstance(fault, InputError):
        name = fault.parameter
        option = "--" + name.replace("_", "-") if name in _OPTIONS else _NAMES.get(name, name)
        text = option + text.removeprefix(name)
    for python, here in _WORDS.items():
        text = text.replace(python, here)
    return without_secrets(text)


def without_secrets(text: str) -> str:
    """A message without the signature of a URL that was quoted in it."""
    from .._diagnosis.curl import redacted

    return " ".join([redacted(word) for word in text.split(" ")])
