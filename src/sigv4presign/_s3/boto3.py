"""boto3's calls, answered by an `S3Presigner`: its names, its arguments, its defaults.

Rule: what boto3's calls accept is accepted here and signed as they sign it, except for what S3 or HTTP would reject,
which is rejected by the name that boto3 has for it.
"""

from .._canonical import checked_method
from .._time import WEEK, lifetime_seconds
from ..errors import InputError
from .buckets import is_dns_label
from .operation_table import BUCKET, OBJECT, OPERATIONS
from .operations import close_names
from .parameter_values import http_date, iso_time
from .signer import SIGNED_ELSEWHERE, bad_key, check_segments

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Mapping
    from typing import Any

    from .._presigned_url import PresignedUrl
    from .._time import Lifetime
    from .presigner import S3Presigner

# --- generate_presigned_url ------------------------------------------------------------------------------------------

# Params of boto3 that are in the body of a request, which the client sends; they are not part of the URL.
_IN_THE_BODY = {
    "put_object": "Body",
    "upload_part": "Body",
    "restore_object": "RestoreRequest",
    "select_object_content":
        "Expression ExpressionType RequestProgress InputSerialization OutputSerialization ScanRange",
    "put_object_acl": "AccessControlPolicy",
    "put_object_tagging": "Tagging",
    "put_object_legal_hold": "LegalHold",
    "put_object_retention": "Retention",
    "update_object_encryption": "ObjectEncryption",
    "put_object_annotation": "AnnotationPayload",
    "complete_multipart_upload": "MultipartUpload",
    "create_bucket": "CreateBucketConfiguration",
    "delete_objects": "Delete",
    "put_bucket_abac": "AbacStatus",
    "put_bucket_accelerate_configuration": "AccelerateConfiguration",
    "put_bucket_acl": "AccessControlPolicy",
    "put_bucket_cors": "CORSConfiguration",
    "put_bucket_encryption": "ServerSideEncryptionConfiguration",
    "put_bucket_lifecycle_configuration": "LifecycleConfiguration",
    "put_bucket_logging": "BucketLoggingStatus",
    "put_bucket_notification_configuration": "NotificationConfiguration",
    "put_bucket_ownership_controls": "OwnershipControls",
    "put_bucket_policy": "Policy",
    "put_bucket_replication": "ReplicationConfiguration",
    "put_bucket_request_payment": "RequestPaymentConfiguration",
    "put_bucket_tagging": "Tagging",
    "put_bucket_versioning": "VersioningConfiguration",
    "put_bucket_website": "WebsiteConfiguration",
    "put_object_lock_configuration": "ObjectLockConfiguration",
    "put_public_access_block": "PublicAccessBlockConfiguration",
    "put_bucket_analytics_configuration": "AnalyticsConfiguration",
    "put_bucket_intelligent_tiering_configuration": "IntelligentTieringConfiguration",
    "put_bucket_inventory_configuration": "InventoryConfiguration",
    "put_bucket_metrics_configuration": "MetricsConfiguration",
    "create_bucket_metadata_configuration": "MetadataConfiguration",
    "create_bucket_metadata_table_configuration": "MetadataTableConfiguration",
    "update_bucket_metadata_annotation_table_configuration": "AnnotationTableConfiguration",
    "update_bucket_metadata_inventory_table_configuration": "InventoryTableConfiguration",
    "update_bucket_metadata_journal_table_configuration": "JournalTableConfiguration",
}  # fmt: skip

# Deprecated names of operations.
_TWINS = {
    f"{verb}_bucket_{what}": f"{verb}_bucket_{what}_configuration"
    for verb in ("get", "put")
    for what in ("lifecycle", "notification")
}
# boto3 requests percent-encoded keys, since XML can't represent every key; the reader of the answer decodes them.
_ENCODED = frozenset(("list_objects", "list_objects_v2", "list_object_versions"))


def generate_presigned_url(
    presigner: "S3Presigner",
    client_method: str,
    params: "Mapping[str, Any] | None",
    expires_in: "Lifetime | None",
    http_method: "str | None",
) -> "PresignedUrl":
    """What `S3Presigner.generate_presigned_url` documents."""
    operation = _operation(client_method)
    given = _mapping("Params", params)
    bucket, key, ours = _our_parameters(operation, given)
    if operation in _ENCODED:
        ours.setdefault("encoding_type", "url")
    try:
        if isinstance(key, str):
            check_segments(key, whole=True, dots=False, way_out=SIGNED_ELSEWHERE)
        return _addressed(presigner, operation, bucket).sign_operation(
            operation,
            bucket,
            key,
            ours,
            expires_in=_lifetime(presigner, 3600 if expires_in is None else expires_in),
            now=None,
            method=_http_method(http_method),
        )
    except (InputError, TypeError) as fault:
        del params, given, ours
        raise _in_boto3s_words(fault) from None


def _addressed(presigner: "S3Presigner", operation: str, bucket: "Any") -> "S3Presigner":
    """The presigner with the addressing style that botocore's client takes for this bucket."""
    asked = style = presigner.addressing_style
    if style == "cname" or not isinstance(bucket, str):
        return presigner
    store = presigner._addresses.store
    if bucket[:4] == "arn:":
        style = "auto"  # an ARN is in the host, whatever the client says
    elif operation == "get_bucket_location" and not presigner.accelerate:
        style = "path"  # whoever asks may not know the region yet
    elif style == "virtual" and store is not None:
        dots = store.scheme == "http" and not store.is_at_aws()  # where they don't break a certificate's wildcard
        if store.is_address() or not is_dns_label(bucket, dots=dots):
            style = "path"
    return presigner if style == asked else presigner.replace(addressing_style=style)


def _operation(client_method: str) -> str:
    """The name of the operation, which is boto3's name of the client's method."""
    if not isinstance(client_method, str):
        raise TypeError(f"ClientMethod: expected str, got {type(client_method).__name__}")
    name = _TWINS.get(client_method, client_method)
    if name in OPERATIONS:
        return name
    bare = client_method.replace("_", "").lower()
    near = [right for right in OPERATIONS if right.replace("_", "") == bare] or close_names(name.lower(), OPERATIONS)
    if client_method in _NOT_HERE:
        near = [_NOT_HERE[client_method]]
    hint = f"; did you mean {near[0]!r}?" if near and near[0] else "; it is an operation of S3, such as 'get_object'"
    raise InputError("ClientMethod", f"{client_method[:60]!r} is not a method that can be presigned{hint}")


# Methods of a client that are not single requests, with the operation to presign; operations that have no URLs.
_NOT_HERE = {
    "upload_file": "put_object", "upload_fileobj": "put_object", "download_file": "get_object",
    "download_fileobj": "get_object", "copy": "copy_object", "create_session": "", "list_directory_buckets": "",
    "write_get_object_response": "",
}  # fmt: skip


def _mapping(name: str, value: "Any") -> "dict[str, Any]":
    if value is None:
        return {}
    if not hasattr(value, "keys"):
        raise TypeError(f"{name}: expected a mapping, got {type(value).__name__}")
    return dict(value)


def _our_parameters(operation: str, given: "dict[str, Any]") -> "tuple[Any, Any, dict[str, Any]]":
    """Bucket, key and the other parameters, by their names here and with values that are read as boto3 reads them."""
    row = OPERATIONS[operation]
    own = {OBJECT: ("Bucket", "Key"), BUCKET: ("Bucket",)}.get(row.scope, ())
    known = _known(operation)
    ours: dict[str, Any] = {}
    for name, value in given.items():
        if name in own:
            continue
        right = known.get(name)
        if right is None:
            raise _unknown(operation, name, [*own, *known])
        if right:
            ours[right] = _our_value(name, row.places[right][2], value, given)
    for name in [*own, *map(boto3_name, row.required)]:
        if given.get(name) is None:
            raise InputError("Params", f"{name} is missing; {operation} needs it")
        if name not in own and not isinstance(given[name], int) and not given[name]:
            raise InputError(name, f"is empty; {operation} needs it")
    return given.get("Bucket"), given.get("Key"), ours


def _known(operation: str) -> "dict[str, str]":
    """The parameters of an operation besides bucket and key: boto3's name to ours, or to "" for what is in the body."""
    known = _known_of.get(operation)
    if known is None:
        known = {boto3_name(name): name for name in OPERATIONS[operation].places if name != "download_as"}
        known.update(dict.fromkeys(_IN_THE_BODY.get(operation, "").split(), ""))
        _known_of[operation] = known
    return known


_known_of: "dict[str, dict[str, str]]" = {}  # one for each operation in use


_CAPITALS = frozenset(
    "acl acp crc32 crc32c crc64nvme kms md5 mfa sha1 sha256 sha512 sse xxhash128 xxhash3 xxhash64".split()  # noqa: SIM905
)


def boto3_name(name: str) -> str:
    """`sse_kms_key_id` as boto3 has it, `SSEKMSKeyId`."""
    return "".join([word.upper() if word in _CAPITALS else word.capitalize() for word in name.split("_")])


def _unknown(operation: str, name: "Any", known: "list[str]") -> Exception:
    if not isinstance(name, str):
        return TypeError(f"Params: expected names that are str, got {type(name).__name__}")
    bare = {right.lower(): right for right in known}
    near = [bare[right] for right in close_names(name.replace("_", "").lower(), bare)]
    hint = f"did you mean {near[0]}?" if near else f"it takes {', '.join(known) or 'none'}"
    if near and near[0].lower() == name.replace("_", "").lower():
        hint = f"use {near[0]}"
    return InputError("Params", f"{operation} has no parameter {name[:60]!r}; {hint}")


def _our_value(name: str, kind: "Any", value: "Any", given: "dict[str, Any]") -> "Any":
    if kind in (http_date, iso_time):
        return _moment(name, value)
    if name == "CopySource" and hasattr(value, "keys"):
        return _copy_source(dict(value))
    if name.endswith("SSECustomerKey") and isinstance(value, str) and given.get(f"{name}MD5") is None:
        raw = value.encode("utf-8", "replace")
        return raw if len(raw) == 32 else value  # botocore encodes a key in base64 where no MD5 comes with it
    if type(value) in (list, tuple) and not value:
        return None  # botocore sends no header of an empty list
    return value


def _copy_source(source: "dict[str, Any]") -> "dict[str, Any]":
    names = {"Bucket": "bucket", "Key": "key", "VersionId": "version_id"}
    for name in source:
        if name not in names:
            raise InputError("CopySource", f"has no {str(name)[:60]!r}; it takes Bucket, Key and VersionId")
    for name in ("Bucket", "Key"):
        if source.get(name) is None:
            raise InputError("CopySource", f"{name} is missing")
    return {names[name]: value for name, value in source.items()}


def _moment(name: str, value: "Any") -> "Any":
    """A time as botocore reads it: a datetime, UTC where it has no zone; epoch seconds; a date of HTTP or ISO 8601."""
    import datetime

    utc = datetime.timezone.utc
    if isinstance(value, str):
        text = value
        try:
            value = float(text)
        except ValueError:
            try:
                value = datetime.datetime.fromisoformat(text[:-1] + "+00:00" if text[-1:] in "zZ" else text)
            except ValueError:
                return text  # an HTTP date, or rejected later
    if isinstance(value, datetime.datetime):
        return value if value.tzinfo is not None else value.replace(tzinfo=utc)
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return value
    if name.endswith("Expires") and 0 <= value <= WEEK:
        return value  # refused: the lifetime of a URL, meant for ExpiresIn
    try:
        return datetime.datetime.fromtimestamp(value, utc)
    except (ValueError, OverflowError, OSError):
        raise InputError(name, f"{value!r} is not a time in epoch seconds") from None


def _lifetime(presigner: "S3Presigner", expires_in: "Any") -> "Lifetime | None":
    """The lifetime; None for boto3's default, which is ours too, so that credentials that end before may shorten it."""
    lifetime_seconds(expires_in, "ExpiresIn", None)  # for the error it raises
    return None if expires_in == 3600 == presigner.default_expires_in else expires_in


def _http_method(method: "Any") -> "str | None":
    """The method to sign for; botocore reads it without regard to case."""
    if method is None:
        return None
    if not isinstance(method, str):
        raise TypeError(f"HttpMethod: expected str, got {type(method).__name__}")
    try:
        return checked_method(method.upper())
    except InputError as fault:
        raise InputError("HttpMethod", str(fault).partition(": ")[2]) from None


_ARGUMENTS = {"expires_in": "ExpiresIn", "fields": "Fields", "conditions": "Conditions"}


def _in_boto3s_words(fault: "InputError | TypeError") -> Exception:
    """The same error by the name that the caller wrote."""
    import re

    name, colon, problem = str(fault).partition(": ")
    if not colon or not name.isidentifier() or not name.islower():
        return fault
    written = _ARGUMENTS.get(name) or (boto3_name(name) if name in _PARAMETER_NAMES else name)
    problem = re.sub(_VALUE_OR_NAME, _as_written, problem)
    if isinstance(fault, InputError):
        return fault if type(fault) is not InputError else InputError(written, problem)
    return TypeError(f"{written}: {problem}")


def _as_written(found: "re.Match[str]") -> str:
    """A name by boto3's; a value, and a name that boto3 does not have, as they are."""
    name = found[0]
    return _ARGUMENTS.get(name) or (boto3_name(name) if name in _PARAMETER_NAMES else name)


# What is quoted is the caller's; names of one word are English words too.
_VALUE_OR_NAME = r"""(?<!\w)'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b[a-z]+(?:_[a-z0-9]+)+\b"""
_PARAMETER_NAMES = {"bucket", "key", *[name for row in OPERATIONS.values() for name in row.places]} - {"download_as"}

# --- generate_presigned_post -----------------------------------------------------------------------------------------


def generate_presigned_post(
    presigner: "S3Presigner",
    bucket: str,
    key: str,
    fields: "Mapping[str, Any] | None",
    conditions: "Iterable[Any] | None",
    expires_in: "Lifetime",
) -> "dict[str, Any]":
    """What `S3Presigner.generate_presigned_post` documents."""
    texts = {name: _as_sent(value) for name, value in _mapping("Fields", fields).items()}
    stated: Any = () if conditions is None else conditions
    if type(stated) in (list, tuple):
        stated = [_condition(each) for each in stated]
    try:
        form = _addressed(presigner, "post_object", bucket).post_object(
            bucket,
            key,
            expires_in=_lifetime(presigner, expires_in),
            fields=texts,
            conditions=stated,
        )
    except (InputError, TypeError) as fault:
        raise _in_boto3s_words(fault) from None
    return {"url": form.url, "fields": form.fields}


def _as_sent(value: "Any") -> "Any":
    """A field's value, where a number is the text that a client sends."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _condition(written: "Any") -> "Any":
    """A condition with texts for fields and numbers for sizes, which boto3 passes on unchanged."""
    if hasattr(written, "items"):
        return {name: _as_sent(value) for name, value in written.items()}
    if type(written) not in (list, tuple) or len(written) != 3:
        return written
    parts: list[Any] = list(written)
    if parts[0] == "content-length-range":
        return [int(part) if isinstance(part, str) and part.isascii() and part.isdigit() else part for part in parts]
    return [*parts[:2], _as_sent(parts[2])]


# --- object_url ------------------------------------------------------------------------------------------------------


def object_url(presigner: "S3Presigner", bucket: str, key: str, query: "Mapping[str, Any]") -> str:
    """What `S3Presigner.object_url` documents."""
    from .._canonical import canonical_query_string, encode_query
    from .._text import encode_path, exact_text
    from .operations import place_parameters
    from .parameters import QUERY

    bucket, key = exact_text("bucket", bucket), exact_text("key", key)
    places = OPERATIONS["get_object"].places
    for name in query:
        if name in ("expires_in", "now", "stable_for", "nonce", "allow_dot_segments"):
            raise InputError(name, "is for signed URLs, and object_url() does not sign; leave it out")
        if name in places and places[name][0] != QUERY:
            raise InputError(name, "is a header, which a URL can't contain; leave it out")
    pairs, _ = place_parameters("get_object", {name: value for name, value in query.items() if name in places})
    pairs += [(name, exact_text(name, value)) for name, value in query.items() if name not in places]
    if not key:
        raise InputError("key", "is empty; give an object's key")
    check_segments(key, whole=False, dots=False, way_out=SIGNED_ELSEWHERE)
    address = presigner._addresses.of(bucket)
    try:
        path = encode_path(key)
    except UnicodeEncodeError:
        raise bad_key(key, address.longest_key) from None
    query_string = canonical_query_string(encode_query(pairs))
    return f"{address.opening}/{path}{f'?{query_string}' if query_string else ''}"
