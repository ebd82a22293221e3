"""S3's operations as data: method, scope, fixed query and parameters.

Rule: an operation is one row, in the words of S3's reference:
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html.  The columns are the
method, the fixed query, the required parameters and the others.
"""

from .parameter_values import header_text, integer
from .parameters import HEADER, PARAMETERS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .parameter_values import Pairs
    from .parameters import Place

OBJECT, BUCKET, SERVICE = "object", "bucket", "service"


class Operation:
    """A row.

    Attributes:
        method: The HTTP method.
        scope: OBJECT, BUCKET or SERVICE.
        query: The fixed query parameters, decoded.
        required: The names of the required parameters.
        places: Each parameter: query or header, its name on the wire, and its kind.
    """

    __slots__ = ("method", "places", "query", "required", "scope")

    def __init__(
        self, method: str, scope: str, query: "Pairs", required: "tuple[str, ...]", places: "dict[str, Place]"
    ) -> None:
        self.method = method
        self.scope = scope
        self.query = query
        self.required = required
        self.places = places


# --- groups of parameters --------------------------------------------------------------------------------------------

OWNER = "expected_bucket_owner"
COMMON = f"request_payer {OWNER}"
SSE_C = "sse_customer_algorithm sse_customer_key sse_customer_key_md5"
SSE = "server_side_encryption sse_kms_key_id sse_kms_encryption_context bucket_key_enabled"
READ_IF = "if_match if_none_match if_modified_since if_unmodified_since"
WRITE_IF = "if_match if_none_match"
ANSWER = (
    "response_cache_control response_content_disposition response_content_encoding response_content_language "
    "response_content_type response_expires"
)
CHECKSUMS = (
    "checksum_crc32 checksum_crc32c checksum_crc64nvme checksum_md5 checksum_sha1 checksum_sha256 checksum_sha512 "
    "checksum_xxhash3 checksum_xxhash64 checksum_xxhash128"
)
BODY = f"content_md5 checksum_algorithm {CHECKSUMS}"  # checksums of the client's body
GRANTS = "acl grant_full_control grant_read grant_read_acp grant_write_acp"
LOCK = (
    "object_lock_mode object_lock_retain_until_date object_lock_legal_hold_status object_lock_event_hold "
    "object_lock_event_hold_duration_days object_lock_event_hold_duration_years"
)
STORED = (
    "cache_control content_disposition content_encoding content_language content_type expires metadata tagging "
    f"storage_class website_redirect_location {GRANTS} {LOCK} {SSE} {SSE_C}"
)
FROM = (
    "copy_source_if_match copy_source_if_none_match copy_source_if_modified_since copy_source_if_unmodified_since "
    "copy_source_sse_customer_algorithm copy_source_sse_customer_key copy_source_sse_customer_key_md5 "
    "expected_source_bucket_owner"
)
LIST = f"prefix delimiter encoding_type {COMMON}"

# --- the rows --------------------------------------------------------------------------------------------------------


def _row(scope: str, method: str, query: str, required: str, optional: str, **elsewhere: "Place") -> Operation:
    """A row; `elsewhere` has the few parameters that this operation sends in another way than PARAMETERS says."""
    fixed = [(name, value) for name, _, value in [pair.partition("=") for pair in query.split("&") if pair]]
    places = {name: PARAMETERS[name] for name in f"{required} {optional}".split()}
    places.update(elsewhere)
    return Operation(method, scope, fixed, tuple(required.split()), places)


def _object(method: str, query: str, required: str, optional: str, **elsewhere: "Place") -> Operation:
    return _row(OBJECT, method, query, required, optional, **elsewhere)


def _bucket(method: str, query: str, required: str, optional: str) -> Operation:
    return _row(BUCKET, method, query, required, optional)


# A copy and a multipart upload say here how the checksum of the object to come is made.
_OF_THE_OBJECT = (HEADER, "x-amz-checksum-algorithm", header_text)

OPERATIONS: "dict[str, Operation]" = {
    # --- an object
    "get_object": _object("GET", "", "", f"""
        version_id part_number range download_as checksum_mode {ANSWER} {READ_IF} {SSE_C} {COMMON}"""),
    "head_object": _object("HEAD", "", "", f"""
        version_id part_number range checksum_mode {ANSWER} {READ_IF} {SSE_C} {COMMON}"""),
    "put_object": _object("PUT", "", "", f"""
        content_length {BODY} write_offset_bytes {STORED} {WRITE_IF} {COMMON}"""),
    "copy_object": _object("PUT", "", "copy_source", f"""
        metadata_directive tagging_directive annotation_directive {FROM} {STORED} {WRITE_IF} {COMMON}""",
        checksum_algorithm=_OF_THE_OBJECT),
    "rename_object": _object("PUT", "renameObject", "rename_source", """
        source_if_match source_if_none_match source_if_modified_since source_if_unmodified_since destination_if_match
        destination_if_none_match destination_if_modified_since destination_if_unmodified_since client_token"""),
    "delete_object": _object("DELETE", "", "", f"""
        version_id if_match if_match_last_modified_time if_match_size mfa bypass_governance_retention {COMMON}"""),
    "restore_object": _object("POST", "restore", "", f"version_id {BODY} {COMMON}"),
    "select_object_content": _object("POST", "select&select-type=2", "", f"content_md5 {SSE_C} {OWNER}"),
    "get_object_attributes": _object("GET", "attributes", "object_attributes", f"version_id {SSE_C} {COMMON}",
        max_parts=(HEADER, "x-amz-max-parts", integer),
        part_number_marker=(HEADER, "x-amz-part-number-marker", integer)),
    "get_object_torrent": _object("GET", "torrent", "", COMMON),

    # --- what belongs to an object
    "get_object_acl":           _object("GET", "acl", "", f"version_id {COMMON}"),
    "put_object_acl":           _object("PUT", "acl", "", f"version_id {GRANTS} grant_write {BODY} {COMMON}"),
    "get_object_tagging":       _object("GET", "tagging", "", f"version_id {COMMON}"),
    "put_object_tagging":       _object("PUT", "tagging", "", f"version_id {BODY} {COMMON}"),
    "delete_object_tagging":    _object("DELETE", "tagging", "", f"version_id {OWNER}"),
    "get_object_legal_hold":    _object("GET", "legal-hold", "", f"version_id {COMMON}"),
    "put_object_legal_hold":    _object("PUT", "legal-hold", "", f"version_id {BODY} {COMMON}"),
    "get_object_retention":     _object("GET", "retention", "", f"version_id {COMMON}"),
    "put_object_retention":     _object("PUT", "retention", "", f"""
        version_id bypass_governance_retention {BODY} {COMMON}"""),
    "update_object_encryption": _object("PUT", "encryption", "", f"version_id {BODY} {COMMON}"),
    "get_object_annotation":    _object("GET", "annotation", "annotation_name", f"version_id checksum_mode {COMMON}"),
    "put_object_annotation":    _object("PUT", "annotation", "annotation_name", f"""
        version_id object_if_match {BODY} {COMMON}"""),
    "delete_object_annotation": _object("DELETE", "annotation", "annotation_name", f"""
        version_id object_if_match {COMMON}"""),
    "list_object_annotations":  _object("GET", "annotation", "", f"""
        version_id annotation_prefix continuation_token max_annotation_results {COMMON}"""),

    # --- an upload in parts
    "create_multipart_upload": _object("POST", "uploads", "", f"checksum_type {STORED} {COMMON}",
        checksum_algorithm=_OF_THE_OBJECT),
    "upload_part": _object("PUT", "", "part_number upload_id", f"content_length {BODY} {SSE_C} {COMMON}"),
    "upload_part_copy": _object("PUT", "", "copy_source part_number upload_id", f"""
        copy_source_range {FROM} {SSE_C} {COMMON}"""),
    "list_parts": _object("GET", "", "upload_id", f"part_number_marker max_parts {SSE_C} {COMMON}"),
    "complete_multipart_upload": _object("POST", "", "upload_id", f"""
        content_md5 checksum_type mpu_object_size {CHECKSUMS} {SSE_C} {WRITE_IF} {COMMON}"""),
    "abort_multipart_upload": _object("DELETE", "", "upload_id", f"if_match_initiated_time {COMMON}"),

    # --- a bucket and what is in it
    "create_bucket": _bucket("PUT", "", "", f"""
        {GRANTS} grant_write object_ownership object_lock_enabled_for_bucket bucket_namespace content_md5"""),
    "head_bucket": _bucket("HEAD", "", "", OWNER),
    "delete_bucket": _bucket("DELETE", "", "", OWNER),
    "list_objects": _bucket("GET", "", "", f"marker max_keys optional_object_attributes {LIST}"),
    "list_objects_v2": _bucket("GET", "list-type=2", "", f"""
        start_after continuation_token max_keys fetch_owner optional_object_attributes {LIST}"""),
    "list_object_versions": _bucket("GET", "versions", "", f"""
        key_marker version_id_marker max_keys optional_object_attributes {LIST}"""),
    "list_multipart_uploads": _bucket("GET", "uploads", "", f"key_marker upload_id_marker max_uploads {LIST}"),
    "delete_objects": _bucket("POST", "delete", "", f"mfa bypass_governance_retention {BODY} {COMMON}"),
    "list_buckets": _row(SERVICE, "GET", "", "", "prefix bucket_region continuation_token max_buckets"),

    # --- how a bucket is configured
    "get_bucket_abac":                        _bucket("GET", "abac", "", OWNER),
    "put_bucket_abac":                        _bucket("PUT", "abac", "", f"{BODY} {OWNER}"),
    "get_bucket_accelerate_configuration":    _bucket("GET", "accelerate", "", COMMON),
    "put_bucket_accelerate_configuration":    _bucket("PUT", "accelerate", "", f"{BODY} {OWNER}"),
    "get_bucket_acl":                         _bucket("GET", "acl", "", OWNER),
    "put_bucket_acl":                         _bucket("PUT", "acl", "", f"{GRANTS} grant_write {BODY} {OWNER}"),
    "get_bucket_cors":                        _bucket("GET", "cors", "", OWNER),
    "put_bucket_cors":                        _bucket("PUT", "cors", "", f"{BODY} {OWNER}"),
    "delete_bucket_cors":                     _bucket("DELETE", "cors", "", OWNER),
    "get_bucket_encryption":                  _bucket("GET", "encryption", "", OWNER),
    "put_bucket_encryption":                  _bucket("PUT", "encryption", "", f"{BODY} {OWNER}"),
    "delete_bucket_encryption":               _bucket("DELETE", "encryption", "", OWNER),
    "get_bucket_lifecycle_configuration":     _bucket("GET", "lifecycle", "", OWNER),
    "put_bucket_lifecycle_configuration":     _bucket("PUT", "lifecycle", "", f"""
        transition_default_minimum_object_size {BODY} {OWNER}"""),
    "delete_bucket_lifecycle":                _bucket("DELETE", "lifecycle", "", OWNER),
    "get_bucket_location":                    _bucket("GET", "location", "", OWNER),
    "get_bucket_logging":                     _bucket("GET", "logging", "", OWNER),
    "put_bucket_logging":                     _bucket("PUT", "logging", "", f"{BODY} {OWNER}"),
    "get_bucket_notification_configuration":  _bucket("GET", "notification", "", OWNER),
    "put_bucket_notification_configuration":  _bucket("PUT", "notification", "", f"""
        skip_destination_validation content_md5 {OWNER}"""),
    "get_bucket_ownership_controls":          _bucket("GET", "ownershipControls", "", OWNER),
    "put_bucket_ownership_controls":          _bucket("PUT", "ownershipControls", "", f"{BODY} {OWNER}"),
    "delete_bucket_ownership_controls":       _bucket("DELETE", "ownershipControls", "", OWNER),
    "get_bucket_policy":                      _bucket("GET", "policy", "", OWNER),
    "put_bucket_policy":                      _bucket("PUT", "policy", "", f"""
        confirm_remove_self_bucket_access {BODY} {OWNER}"""),
    "delete_bucket_policy":                   _bucket("DELETE", "policy", "", OWNER),
    "get_bucket_policy_status":               _bucket("GET", "policyStatus", "", OWNER),
    "get_bucket_replication":                 _bucket("GET", "replication", "", OWNER),
    "put_bucket_replication":                 _bucket("PUT", "replication", "", f"token {BODY} {OWNER}"),
    "delete_bucket_replication":              _bucket("DELETE", "replication", "", OWNER),
    "get_bucket_request_payment":             _bucket("GET", "requestPayment", "", OWNER),
    "put_bucket_request_payment":             _bucket("PUT", "requestPayment", "", f"{BODY} {OWNER}"),
    "get_bucket_tagging":                     _bucket("GET", "tagging", "", OWNER),
    "put_bucket_tagging":                     _bucket("PUT", "tagging", "", f"{BODY} {OWNER}"),
    "delete_bucket_tagging":                  _bucket("DELETE", "tagging", "", OWNER),
    "get_bucket_versioning":                  _bucket("GET", "versioning", "", OWNER),
    "put_bucket_versioning":                  _bucket("PUT", "versioning", "", f"mfa {BODY} {OWNER}"),
    "get_bucket_website":                     _bucket("GET", "website", "", OWNER),
    "put_bucket_website":                     _bucket("PUT", "website", "", f"{BODY} {OWNER}"),
    "delete_bucket_website":                  _bucket("DELETE", "website", "", OWNER),
    "get_object_lock_configuration":          _bucket("GET", "object-lock", "", OWNER),
    "put_object_lock_configuration":          _bucket("PUT", "object-lock", "", f"token {BODY} {COMMON}"),
    "get_public_access_block":                _bucket("GET", "publicAccessBlock", "", OWNER),
    "put_public_access_block":                _bucket("PUT", "publicAccessBlock", "", f"{BODY} {OWNER}"),
    "delete_public_access_block":             _bucket("DELETE", "publicAccessBlock", "", OWNER),

    # --- configurations of which a bucket has several, told apart by their id
    "list_bucket_analytics_configurations":   _bucket("GET", "analytics", "", f"continuation_token {OWNER}"),
    "get_bucket_analytics_configuration":     _bucket("GET", "analytics", "id", OWNER),
    "put_bucket_analytics_configuration":     _bucket("PUT", "analytics", "id", f"content_md5 {OWNER}"),
    "delete_bucket_analytics_configuration":  _bucket("DELETE", "analytics", "id", OWNER),
    "list_bucket_intelligent_tiering_configurations":
        _bucket("GET", "intelligent-tiering", "", f"continuation_token {OWNER}"),
    "get_bucket_intelligent_tiering_configuration":    _bucket("GET", "intelligent-tiering", "id", OWNER),
    "put_bucket_intelligent_tiering_configuration":
        _bucket("PUT", "intelligent-tiering", "id", f"content_md5 {OWNER}"),
    "delete_bucket_intelligent_tiering_configuration": _bucket("DELETE", "intelligent-tiering", "id", OWNER),
    "list_bucket_inventory_configurations":   _bucket("GET", "inventory", "", f"continuation_token {OWNER}"),
    "get_bucket_inventory_configuration":     _bucket("GET", "inventory", "id", OWNER),
    "put_bucket_inventory_configuration":     _bucket("PUT", "inventory", "id", f"content_md5 {OWNER}"),
    "delete_bucket_inventory_configuration":  _bucket("DELETE", "inventory", "id", OWNER),
    "list_bucket_metrics_configurations":     _bucket("GET", "metrics", "", f"continuation_token {OWNER}"),
    "get_bucket_metrics_configuration":       _bucket("GET", "metrics", "id", OWNER),
    "put_bucket_metrics_configuration":       _bucket("PUT", "metrics", "id", f"content_md5 {OWNER}"),
    "delete_bucket_metrics_configuration":    _bucket("DELETE", "metrics", "id", OWNER),

    # --- S3 Metadata: tables about a bucket's objects
    "create_bucket_metadata_configuration":   _bucket("POST", "metadataConfiguration", "", f"{BODY} {OWNER}"),
    "get_bucket_metadata_configuration":      _bucket("GET", "metadataConfiguration", "", OWNER),
    "delete_bucket_metadata_configuration":   _bucket("DELETE", "metadataConfiguration", "", OWNER),
    "create_bucket_metadata_table_configuration": _bucket("POST", "metadataTable", "", f"{BODY} {OWNER}"),
    "get_bucket_metadata_table_configuration":    _bucket("GET", "metadataTable", "", OWNER),
    "delete_bucket_metadata_table_configuration": _bucket("DELETE", "metadataTable", "", OWNER),
    "update_bucket_metadata_annotation_table_configuration":
        _bucket("PUT", "metadataAnnotationTable", "", f"{BODY} {OWNER}"),
    "update_bucket_metadata_inventory_table_configuration":
        _bucket("PUT", "metadataInventoryTable", "", f"{BODY} {OWNER}"),
    "update_bucket_metadata_journal_table_configuration":
        _bucket("PUT", "metadataJournalTable", "", f"{BODY} {OWNER}"),
}  # fmt: skip

# --- what differs for directory buckets and access points ------------------------------------------------------------

# Operations on a directory bucket go to its zone, with a session's token (CreateSession), except for these two sets:
# https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-express-differences.html
_IN_THE_ZONE = frozenset((
    "delete_objects", "get_bucket_abac", "get_object_lock_configuration", "head_bucket", "list_multipart_uploads",
    "list_object_versions", "list_objects", "list_objects_v2", "put_bucket_abac", "put_object_lock_configuration",
))  # fmt: skip
# To the region's control endpoint, path style, with ordinary credentials.
CONTROL = frozenset([name for name, row in OPERATIONS.items() if row.scope == BUCKET]) - _IN_THE_ZONE
# To the zone with ordinary credentials, since they also read from another bucket.
ORDINARY = frozenset(("copy_object", "upload_part_copy"))
# Not for access points.
NO_ACCESS_POINTS = frozenset(("create_bucket",))
