"""S3's parameters as data: query or header, name on the wire, and the kind of value.

Rule: a parameter is one row, named as in the S3 API but in snake case.  Headers are signed, so the client must send
them.  What is in a request's body is not here: the client sends it.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html
"""

from .disposition import attachment
from .parameter_values import (
    answer_header,
    boolean,
    copy_source,
    customer_key,
    digest,
    header_text,
    http_date,
    integer,
    iso_time,
    metadata,
    part_number,
    query_text,
    tags,
    words,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from .parameter_values import Pairs

    Place = tuple[str, str, Callable[[str, object], str | Pairs]]

QUERY, HEADER = "query", "header"

PARAMETERS: "dict[str, Place]" = {
    # --- which object, which part of it
    "version_id":                    (QUERY,  "versionId", query_text),
    "part_number":                   (QUERY,  "partNumber", part_number),
    "range":                         (HEADER, "range", header_text),
    "upload_id":                     (QUERY,  "uploadId", query_text),
    "annotation_name":               (QUERY,  "annotationName", query_text),
    "id":                            (QUERY,  "id", query_text),
    "object_attributes":             (HEADER, "x-amz-object-attributes", words),
    # --- on what condition
    "if_match":                      (HEADER, "if-match", header_text),
    "if_none_match":                 (HEADER, "if-none-match", header_text),
    "if_modified_since":             (HEADER, "if-modified-since", http_date),
    "if_unmodified_since":           (HEADER, "if-unmodified-since", http_date),
    "if_match_initiated_time":       (HEADER, "x-amz-if-match-initiated-time", http_date),
    "if_match_last_modified_time":   (HEADER, "x-amz-if-match-last-modified-time", http_date),
    "if_match_size":                 (HEADER, "x-amz-if-match-size", integer),
    "object_if_match":               (HEADER, "x-amz-object-if-match", header_text),
    "expected_bucket_owner":         (HEADER, "x-amz-expected-bucket-owner", header_text),
    "request_payer":                 (HEADER, "x-amz-request-payer", header_text),
    "mfa":                           (HEADER, "x-amz-mfa", header_text),
    "bypass_governance_retention":   (HEADER, "x-amz-bypass-governance-retention", boolean),
    # --- the response
    "response_cache_control":        (QUERY,  "response-cache-control", answer_header),
    "response_content_disposition":  (QUERY,  "response-content-disposition", answer_header),
    "response_content_encoding":     (QUERY,  "response-content-encoding", answer_header),
    "response_content_language":     (QUERY,  "response-content-language", answer_header),
    "response_content_type":         (QUERY,  "response-content-type", answer_header),
    "response_expires":              (QUERY,  "response-expires", http_date),
    "download_as":                   (QUERY,  "response-content-disposition", attachment),
    "checksum_mode":                 (HEADER, "x-amz-checksum-mode", header_text),
    # --- the body that the client sends
    "content_length":                (HEADER, "content-length", integer),
    "content_md5":                   (HEADER, "content-md5", digest),
    "checksum_algorithm":            (HEADER, "x-amz-sdk-checksum-algorithm", header_text),
    "checksum_type":                 (HEADER, "x-amz-checksum-type", header_text),
    "checksum_crc32":                (HEADER, "x-amz-checksum-crc32", digest),
    "checksum_crc32c":               (HEADER, "x-amz-checksum-crc32c", digest),
    "checksum_crc64nvme":            (HEADER, "x-amz-checksum-crc64nvme", digest),
    "checksum_md5":                  (HEADER, "x-amz-checksum-md5", digest),
    "checksum_sha1":                 (HEADER, "x-amz-checksum-sha1", digest),
    "checksum_sha256":               (HEADER, "x-amz-checksum-sha256", digest),
    "checksum_sha512":               (HEADER, "x-amz-checksum-sha512", digest),
    "checksum_xxhash3":              (HEADER, "x-amz-checksum-xxhash3", digest),
    "checksum_xxhash64":             (HEADER, "x-amz-checksum-xxhash64", digest),
    "checksum_xxhash128":            (HEADER, "x-amz-checksum-xxhash128", digest),
    "mpu_object_size":               (HEADER, "x-amz-mp-object-size", integer),
    "write_offset_bytes":            (HEADER, "x-amz-write-offset-bytes", integer),
    # --- what is stored with the object
    "cache_control":                 (HEADER, "cache-control", header_text),
    "content_disposition":           (HEADER, "content-disposition", header_text),
    "content_encoding":              (HEADER, "content-encoding", header_text),
    "content_language":              (HEADER, "content-language", header_text),
    "content_type":                  (HEADER, "content-type", header_text),
    "expires":                       (HEADER, "expires", http_date),
    "metadata":                      (HEADER, "x-amz-meta-*", metadata),
    "tagging":                       (HEADER, "x-amz-tagging", tags),
    "storage_class":                 (HEADER, "x-amz-storage-class", header_text),
    "website_redirect_location":     (HEADER, "x-amz-website-redirect-location", header_text),
    "object_lock_mode":              (HEADER, "x-amz-object-lock-mode", header_text),
    "object_lock_retain_until_date": (HEADER, "x-amz-object-lock-retain-until-date", iso_time),
    "object_lock_legal_hold_status": (HEADER, "x-amz-object-lock-legal-hold", header_text),
    "object_lock_event_hold":        (HEADER, "x-amz-object-lock-event-hold", header_text),
    "object_lock_event_hold_duration_days":  (HEADER, "x-amz-object-lock-event-hold-duration-days", integer),
    "object_lock_event_hold_duration_years": (HEADER, "x-amz-object-lock-event-hold-duration-years", integer),
    # --- who may use it
    "acl":                           (HEADER, "x-amz-acl", header_text),
    "grant_full_control":            (HEADER, "x-amz-grant-full-control", header_text),
    "grant_read":                    (HEADER, "x-amz-grant-read", header_text),
    "grant_read_acp":                (HEADER, "x-amz-grant-read-acp", header_text),
    "grant_write":                   (HEADER, "x-amz-grant-write", header_text),
    "grant_write_acp":               (HEADER, "x-amz-grant-write-acp", header_text),
    # --- how it is encrypted
    "server_side_encryption":        (HEADER, "x-amz-server-side-encryption", header_text),
    "sse_kms_key_id":                (HEADER, "x-amz-server-side-encryption-aws-kms-key-id", header_text),
    "sse_kms_encryption_context":    (HEADER, "x-amz-server-side-encryption-context", header_text),
    "bucket_key_enabled":            (HEADER, "x-amz-server-side-encryption-bucket-key-enabled", boolean),
    "sse_customer_algorithm":        (HEADER, "x-amz-server-side-encryption-customer-algorithm", header_text),
    "sse_customer_key":              (HEADER, "x-amz-server-side-encryption-customer-key", customer_key),
    "sse_customer_key_md5":          (HEADER, "x-amz-server-side-encryption-customer-key-md5", digest),
    # --- where it is copied from
    "copy_source":                   (HEADER, "x-amz-copy-source", copy_source),
    "copy_source_range":             (HEADER, "x-amz-copy-source-range", header_text),
    "copy_source_if_match":          (HEADER, "x-amz-copy-source-if-match", header_text),
    "copy_source_if_none_match":     (HEADER, "x-amz-copy-source-if-none-match", header_text),
    "copy_source_if_modified_since": (HEADER, "x-amz-copy-source-if-modified-since", http_date),
    "copy_source_if_unmodified_since": (HEADER, "x-amz-copy-source-if-unmodified-since", http_date),
    "copy_source_sse_customer_algorithm":
        (HEADER, "x-amz-copy-source-server-side-encryption-customer-algorithm", header_text),
    "copy_source_sse_customer_key":  (HEADER, "x-amz-copy-source-server-side-encryption-customer-key", customer_key),
    "copy_source_sse_customer_key_md5":
        (HEADER, "x-amz-copy-source-server-side-encryption-customer-key-md5", digest),
    "expected_source_bucket_owner":  (HEADER, "x-amz-source-expected-bucket-owner", header_text),
    "metadata_directive":            (HEADER, "x-amz-metadata-directive", header_text),
    "tagging_directive":             (HEADER, "x-amz-tagging-directive", header_text),
    "annotation_directive":          (HEADER, "x-amz-object-annotation-directive", header_text),
    # --- how it is renamed, in a directory bucket; the source is percent-encoded by the caller
    "rename_source":                 (HEADER, "x-amz-rename-source", header_text),
    "source_if_match":               (HEADER, "x-amz-rename-source-if-match", header_text),
    "source_if_none_match":          (HEADER, "x-amz-rename-source-if-none-match", header_text),
    "source_if_modified_since":      (HEADER, "x-amz-rename-source-if-modified-since", http_date),
    "source_if_unmodified_since":    (HEADER, "x-amz-rename-source-if-unmodified-since", http_date),
    "destination_if_match":          (HEADER, "if-match", header_text),
    "destination_if_none_match":     (HEADER, "if-none-match", header_text),
    "destination_if_modified_since": (HEADER, "if-modified-since", http_date),
    "destination_if_unmodified_since": (HEADER, "if-unmodified-since", http_date),
    "client_token":                  (HEADER, "x-amz-client-token", header_text),
    # --- lists
    "prefix":                        (QUERY,  "prefix", query_text),
    "delimiter":                     (QUERY,  "delimiter", query_text),
    "encoding_type":                 (QUERY,  "encoding-type", query_text),
    "max_keys":                      (QUERY,  "max-keys", integer),
    "marker":                        (QUERY,  "marker", query_text),
    "start_after":                   (QUERY,  "start-after", query_text),
    "continuation_token":            (QUERY,  "continuation-token", query_text),
    "fetch_owner":                   (QUERY,  "fetch-owner", boolean),
    "optional_object_attributes":    (HEADER, "x-amz-optional-object-attributes", words),
    "key_marker":                    (QUERY,  "key-marker", query_text),
    "version_id_marker":             (QUERY,  "version-id-marker", query_text),
    "max_uploads":                   (QUERY,  "max-uploads", integer),
    "upload_id_marker":              (QUERY,  "upload-id-marker", query_text),
    "max_parts":                     (QUERY,  "max-parts", integer),
    "part_number_marker":            (QUERY,  "part-number-marker", integer),
    "max_annotation_results":        (QUERY,  "max-annotation-results", integer),
    "annotation_prefix":             (QUERY,  "annotation-prefix", query_text),
    "max_buckets":                   (QUERY,  "max-buckets", integer),
    "bucket_region":                 (QUERY,  "bucket-region", query_text),
    # --- a bucket's configuration
    "bucket_namespace":              (HEADER, "x-amz-bucket-namespace", header_text),
    "object_ownership":              (HEADER, "x-amz-object-ownership", header_text),
    "object_lock_enabled_for_bucket": (HEADER, "x-amz-bucket-object-lock-enabled", boolean),
    "token":                         (HEADER, "x-amz-bucket-object-lock-token", header_text),
    "confirm_remove_self_bucket_access": (HEADER, "x-amz-confirm-remove-self-bucket-access", boolean),
    "skip_destination_validation":   (HEADER, "x-amz-skip-destination-validation", boolean),
    "transition_default_minimum_object_size":
        (HEADER, "x-amz-transition-default-minimum-object-size", header_text),
}  # fmt: skip
