"""The operations for type checkers: each with its parameters, by name and by type.

Rule: never loaded at run time; tests compare it with `operation_table`.  `None` is a parameter that is not given.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from typing import Literal

    from typing_extensions import NotRequired, TypedDict, Unpack

    from .._credentials import CredentialsSource
    from .._presigned_url import PresignedUrl
    from .._time import Lifetime, Now
    from .buckets import AddressingStyle

    # --- groups of parameters, as in the table -----------------------------------------------------------------------

    class CopySource(TypedDict):
        """The object that is copied, as plain text."""

        bucket: str
        key: str
        version_id: NotRequired[str | None]

    class _Link(TypedDict, total=False):
        stable_for: Lifetime | None
        nonce: bool
        allow_dot_segments: bool

    class _Call(_Link, total=False):
        expires_in: Lifetime | None
        now: Now | None

    class _Owner(TypedDict, total=False):
        expected_bucket_owner: str | None

    class _Common(_Owner, total=False):
        request_payer: str | None

    class _CustomerKey(TypedDict, total=False):
        sse_customer_algorithm: str | None
        sse_customer_key: bytes | str | None
        sse_customer_key_md5: str | None

    class _Encryption(TypedDict, total=False):
        server_side_encryption: str | None
        sse_kms_key_id: str | None
        sse_kms_encryption_context: str | None
        bucket_key_enabled: bool | None

    class _ReadIf(TypedDict, total=False):
        if_match: str | None
        if_none_match: str | None
        if_modified_since: datetime | str | None
        if_unmodified_since: datetime | str | None

    class _WriteIf(TypedDict, total=False):
        if_match: str | None
        if_none_match: str | None

    class _Answer(TypedDict, total=False):
        response_cache_control: str | None
        response_content_disposition: str | None
        response_content_encoding: str | None
        response_content_language: str | None
        response_content_type: str | None
        response_expires: datetime | str | None

    class _Checksums(TypedDict, total=False):
        checksum_crc32: str | None
        checksum_crc32c: str | None
        checksum_crc64nvme: str | None
        checksum_md5: str | None
        checksum_sha1: str | None
        checksum_sha256: str | None
        checksum_sha512: str | None
        checksum_xxhash3: str | None
        checksum_xxhash64: str | None
        checksum_xxhash128: str | None

    class _Body(_Checksums, total=False):
        content_md5: str | None
        checksum_algorithm: str | None

    class _Grants(TypedDict, total=False):
        acl: str | None
        grant_full_control: str | None
        grant_read: str | None
        grant_read_acp: str | None
        grant_write_acp: str | None

    class _Lock(TypedDict, total=False):
        object_lock_mode: str | None
        object_lock_retain_until_date: datetime | str | None
        object_lock_legal_hold_status: str | None
        object_lock_event_hold: str | None
        object_lock_event_hold_duration_days: int | None
        object_lock_event_hold_duration_years: int | None

    class _From(TypedDict, total=False):
        copy_source_if_match: str | None
        copy_source_if_none_match: str | None
        copy_source_if_modified_since: datetime | str | None
        copy_source_if_unmodified_since: datetime | str | None
        copy_source_sse_customer_algorithm: str | None
        copy_source_sse_customer_key: bytes | str | None
        copy_source_sse_customer_key_md5: str | None
        expected_source_bucket_owner: str | None

    class _List(_Common, total=False):
        prefix: str | None
        delimiter: str | None
        encoding_type: str | None

    class _Stored(_Grants, _Lock, _Encryption, _CustomerKey, total=False):
        cache_control: str | None
        content_disposition: str | None
        content_encoding: str | None
        content_language: str | None
        content_type: str | None
        expires: datetime | str | None
        metadata: Mapping[str, str] | None
        tagging: Mapping[str, str] | str | None
        storage_class: str | None
        website_redirect_location: str | None

    # --- what several operations take besides what they require ------------------------------------------------------

    class OfOwner(_Call, _Owner, total=False):
        """What requests take that have no parameters of their own."""

    class OfPayer(_Call, _Common, total=False):
        """The same, where the requester may pay."""

    class OfVersion(_Call, _Common, total=False):
        """What is asked of an object, or of one version of it."""

        version_id: str | None

    class ChangeOfVersion(_Call, _Body, _Common, total=False):
        """What is changed by a body in an object, or in one version of it."""

        version_id: str | None

    class Configuration(_Call, _Body, _Owner, total=False):
        """What is configured by a body."""

    class ConfigurationWithId(_Call, _Owner, total=False):
        """What is configured by a body, one of several."""

        content_md5: str | None

    class ListOfConfigurations(_Call, _Owner, total=False):
        """What lists of these take."""

        continuation_token: str | None

    # --- what the others take besides what they require --------------------------------------------------------------

    class GetObject(_Link, _Answer, _ReadIf, _CustomerKey, _Common, total=False):
        """What `get_object` takes."""

        version_id: str | None
        part_number: int | None
        range: str | None
        download_as: str | None
        checksum_mode: str | None

    class HeadObject(_Link, _Answer, _ReadIf, _CustomerKey, _Common, total=False):
        """What `head_object` takes."""

        version_id: str | None
        part_number: int | None
        range: str | None
        checksum_mode: str | None

    class PutObject(_Link, _Body, _Stored, _WriteIf, _Common, total=False):
        """What `put_object` takes."""

        content_length: int | None
        write_offset_bytes: int | None

    class CopyObject(_Call, _From, _Stored, _WriteIf, _Common, total=False):
        """What `copy_object` takes."""

        metadata_directive: str | None
        tagging_directive: str | None
        annotation_directive: str | None
        checksum_algorithm: str | None

    class RenameObject(_Call, total=False):
        """What `rename_object` takes."""

        source_if_match: str | None
        source_if_none_match: str | None
        source_if_modified_since: datetime | str | None
        source_if_unmodified_since: datetime | str | None
        destination_if_match: str | None
        destination_if_none_match: str | None
        destination_if_modified_since: datetime | str | None
        destination_if_unmodified_since: datetime | str | None
        client_token: str | None

    class DeleteObject(_Link, _Common, total=False):
        """What `delete_object` takes."""

        version_id: str | None
        if_match: str | None
        if_match_last_modified_time: datetime | str | None
        if_match_size: int | None
        mfa: str | None
        bypass_governance_retention: bool | None

    class SelectObjectContent(_Call, _CustomerKey, _Owner, total=False):
        """What `select_object_content` takes."""

        content_md5: str | None

    class GetObjectAttributes(_Call, _CustomerKey, _Common, total=False):
        """What `get_object_attributes` takes."""

        version_id: str | None
        max_parts: int | None
        part_number_marker: int | None

    class PutObjectAcl(_Call, _Grants, _Body, _Common, total=False):
        """What `put_object_acl` takes."""

        version_id: str | None
        grant_write: str | None

    class DeleteObjectTagging(_Call, _Owner, total=False):
        """What `delete_object_tagging` takes."""

        version_id: str | None

    class PutObjectRetention(_Call, _Body, _Common, total=False):
        """What `put_object_retention` takes."""

        version_id: str | None
        bypass_governance_retention: bool | None

    class GetObjectAnnotation(_Call, _Common, total=False):
        """What `get_object_annotation` takes."""

        version_id: str | None
        checksum_mode: str | None

    class PutObjectAnnotation(_Call, _Body, _Common, total=False):
        """What `put_object_annotation` takes."""

        version_id: str | None
        object_if_match: str | None

    class DeleteObjectAnnotation(_Call, _Common, total=False):
        """What `delete_object_annotation` takes."""

        version_id: str | None
        object_if_match: str | None

    class ListObjectAnnotations(_Call, _Common, total=False):
        """What `list_object_annotations` takes."""

        version_id: str | None
        annotation_prefix: str | None
        continuation_token: str | None
        max_annotation_results: int | None

    class CreateMultipartUpload(_Call, _Stored, _Common, total=False):
        """What `create_multipart_upload` takes."""

        checksum_type: str | None
        checksum_algorithm: str | None

    class UploadPart(_Call, _Body, _CustomerKey, _Common, total=False):
        """What `upload_part` takes."""

        content_length: int | None

    class UploadPartCopy(_Call, _From, _CustomerKey, _Common, total=False):
        """What `upload_part_copy` takes."""

        copy_source_range: str | None

    class ListParts(_Call, _CustomerKey, _Common, total=False):
        """What `list_parts` takes."""

        part_number_marker: int | None
        max_parts: int | None

    class CompleteMultipartUpload(_Call, _Checksums, _CustomerKey, _WriteIf, _Common, total=False):
        """What `complete_multipart_upload` takes."""

        content_md5: str | None
        checksum_type: str | None
        mpu_object_size: int | None

    class AbortMultipartUpload(_Call, _Common, total=False):
        """What `abort_multipart_upload` takes."""

        if_match_initiated_time: datetime | str | None

    class CreateBucket(_Call, _Grants, total=False):
        """What `create_bucket` takes."""

        grant_write: str | None
        object_ownership: str | None
        object_lock_enabled_for_bucket: bool | None
        bucket_namespace: str | None
        content_md5: str | None

    class ListObjects(_Call, _List, total=False):
        """What `list_objects` takes."""

        marker: str | None
        max_keys: int | None
        optional_object_attributes: Sequence[str] | None

    class ListObjectsV2(_Call, _List, total=False):
        """What `list_objects_v2` takes."""

        start_after: str | None
        continuation_token: str | None
        max_keys: int | None
        fetch_owner: bool | None
        optional_object_attributes: Sequence[str] | None

    class ListObjectVersions(_Call, _List, total=False):
        """What `list_object_versions` takes."""

        key_marker: str | None
        version_id_marker: str | None
        max_keys: int | None
        optional_object_attributes: Sequence[str] | None

    class ListMultipartUploads(_Call, _List, total=False):
        """What `list_multipart_uploads` takes."""

        key_marker: str | None
        upload_id_marker: str | None
        max_uploads: int | None

    class DeleteObjects(_Call, _Body, _Common, total=False):
        """What `delete_objects` takes."""

        mfa: str | None
        bypass_governance_retention: bool | None

    class ListBuckets(_Call, total=False):
        """What `list_buckets` takes."""

        prefix: str | None
        bucket_region: str | None
        continuation_token: str | None
        max_buckets: int | None

    class PutBucketAcl(_Call, _Grants, _Body, _Owner, total=False):
        """What `put_bucket_acl` takes."""

        grant_write: str | None

    class PutBucketLifecycleConfiguration(_Call, _Body, _Owner, total=False):
        """What `put_bucket_lifecycle_configuration` takes."""

        transition_default_minimum_object_size: str | None

    class PutBucketNotificationConfiguration(_Call, _Owner, total=False):
        """What `put_bucket_notification_configuration` takes."""

        skip_destination_validation: bool | None
        content_md5: str | None

    class PutBucketPolicy(_Call, _Body, _Owner, total=False):
        """What `put_bucket_policy` takes."""

        confirm_remove_self_bucket_access: bool | None

    class PutBucketReplication(_Call, _Body, _Owner, total=False):
        """What `put_bucket_replication` takes."""

        token: str | None

    class PutBucketVersioning(_Call, _Body, _Owner, total=False):
        """What `put_bucket_versioning` takes."""

        mfa: str | None

    class PutObjectLockConfiguration(_Call, _Body, _Common, total=False):
        """What `put_object_lock_configuration` takes."""

        token: str | None

    # --- the operations ----------------------------------------------------------------------------------------------

    class Operations:
        """The methods of `S3Presigner`, besides the four that it spells out itself."""

        def copy_object(
            self, bucket: str, key: str, *, copy_source: CopySource | str, **params: Unpack[CopyObject]
        ) -> PresignedUrl: ...
        def rename_object(
            self, bucket: str, key: str, *, rename_source: str, **params: Unpack[RenameObject]
        ) -> PresignedUrl: ...
        def restore_object(self, bucket: str, key: str, **params: Unpack[ChangeOfVersion]) -> PresignedUrl: ...
        def select_object_content(
            self, bucket: str, key: str, **params: Unpack[SelectObjectContent]
        ) -> PresignedUrl: ...
        def get_object_attributes(
            self, bucket: str, key: str, *, object_attributes: Sequence[str], **params: Unpack[GetObjectAttributes]
        ) -> PresignedUrl: ...
        def get_object_torrent(self, bucket: str, key: str, **params: Unpack[OfPayer]) -> PresignedUrl: ...
        def get_object_acl(self, bucket: str, key: str, **params: Unpack[OfVersion]) -> PresignedUrl: ...
        def put_object_acl(self, bucket: str, key: str, **params: Unpack[PutObjectAcl]) -> PresignedUrl: ...
        def get_object_tagging(self, bucket: str, key: str, **params: Unpack[OfVersion]) -> PresignedUrl: ...
        def put_object_tagging(self, bucket: str, key: str, **params: Unpack[ChangeOfVersion]) -> PresignedUrl: ...
        def delete_object_tagging(
            self, bucket: str, key: str, **params: Unpack[DeleteObjectTagging]
        ) -> PresignedUrl: ...
        def get_object_legal_hold(self, bucket: str, key: str, **params: Unpack[OfVersion]) -> PresignedUrl: ...
        def put_object_legal_hold(self, bucket: str, key: str, **params: Unpack[ChangeOfVersion]) -> PresignedUrl: ...
        def get_object_retention(self, bucket: str, key: str, **params: Unpack[OfVersion]) -> PresignedUrl: ...
        def put_object_retention(self, bucket: str, key: str, **params: Unpack[PutObjectRetention]) -> PresignedUrl: ...
        def update_object_encryption(
            self, bucket: str, key: str, **params: Unpack[ChangeOfVersion]
        ) -> PresignedUrl: ...
        def get_object_annotation(
            self, bucket: str, key: str, *, annotation_name: str, **params: Unpack[GetObjectAnnotation]
        ) -> PresignedUrl: ...
        def put_object_annotation(
            self, bucket: str, key: str, *, annotation_name: str, **params: Unpack[PutObjectAnnotation]
        ) -> PresignedUrl: ...
        def delete_object_annotation(
            self, bucket: str, key: str, *, annotation_name: str, **params: Unpack[DeleteObjectAnnotation]
        ) -> PresignedUrl: ...
        def list_object_annotations(
            self, bucket: str, key: str, **params: Unpack[ListObjectAnnotations]
        ) -> PresignedUrl: ...
        def create_multipart_upload(
            self, bucket: str, key: str, **params: Unpack[CreateMultipartUpload]
        ) -> PresignedUrl: ...
        def upload_part(
            self, bucket: str, key: str, *, part_number: int, upload_id: str, **params: Unpack[UploadPart]
        ) -> PresignedUrl: ...
        def upload_part_copy(
            self,
            bucket: str,
            key: str,
            *,
            copy_source: CopySource | str,
            part_number: int,
            upload_id: str,
            **params: Unpack[UploadPartCopy],
        ) -> PresignedUrl: ...
        def list_parts(self, bucket: str, key: str, *, upload_id: str, **params: Unpack[ListParts]) -> PresignedUrl: ...
        def complete_multipart_upload(
            self, bucket: str, key: str, *, upload_id: str, **params: Unpack[CompleteMultipartUpload]
        ) -> PresignedUrl: ...
        def abort_multipart_upload(
            self, bucket: str, key: str, *, upload_id: str, **params: Unpack[AbortMultipartUpload]
        ) -> PresignedUrl: ...
        def create_bucket(self, bucket: str, **params: Unpack[CreateBucket]) -> PresignedUrl: ...
        def head_bucket(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def delete_bucket(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def list_objects(self, bucket: str, **params: Unpack[ListObjects]) -> PresignedUrl: ...
        def list_objects_v2(self, bucket: str, **params: Unpack[ListObjectsV2]) -> PresignedUrl: ...
        def list_object_versions(self, bucket: str, **params: Unpack[ListObjectVersions]) -> PresignedUrl: ...
        def list_multipart_uploads(self, bucket: str, **params: Unpack[ListMultipartUploads]) -> PresignedUrl: ...
        def delete_objects(self, bucket: str, **params: Unpack[DeleteObjects]) -> PresignedUrl: ...
        def list_buckets(self, **params: Unpack[ListBuckets]) -> PresignedUrl: ...
        def get_bucket_abac(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_abac(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def get_bucket_accelerate_configuration(self, bucket: str, **params: Unpack[OfPayer]) -> PresignedUrl: ...
        def put_bucket_accelerate_configuration(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def get_bucket_acl(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_acl(self, bucket: str, **params: Unpack[PutBucketAcl]) -> PresignedUrl: ...
        def get_bucket_cors(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_cors(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def delete_bucket_cors(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_encryption(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_encryption(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def delete_bucket_encryption(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_lifecycle_configuration(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_lifecycle_configuration(
            self, bucket: str, **params: Unpack[PutBucketLifecycleConfiguration]
        ) -> PresignedUrl: ...
        def delete_bucket_lifecycle(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_location(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_logging(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_logging(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def get_bucket_notification_configuration(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_notification_configuration(
            self, bucket: str, **params: Unpack[PutBucketNotificationConfiguration]
        ) -> PresignedUrl: ...
        def get_bucket_ownership_controls(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_ownership_controls(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def delete_bucket_ownership_controls(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_policy(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_policy(self, bucket: str, **params: Unpack[PutBucketPolicy]) -> PresignedUrl: ...
        def delete_bucket_policy(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_policy_status(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_replication(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_replication(self, bucket: str, **params: Unpack[PutBucketReplication]) -> PresignedUrl: ...
        def delete_bucket_replication(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_request_payment(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_request_payment(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def get_bucket_tagging(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_tagging(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def delete_bucket_tagging(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_bucket_versioning(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_versioning(self, bucket: str, **params: Unpack[PutBucketVersioning]) -> PresignedUrl: ...
        def get_bucket_website(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_bucket_website(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def delete_bucket_website(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def get_object_lock_configuration(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_object_lock_configuration(
            self, bucket: str, **params: Unpack[PutObjectLockConfiguration]
        ) -> PresignedUrl: ...
        def get_public_access_block(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def put_public_access_block(self, bucket: str, **params: Unpack[Configuration]) -> PresignedUrl: ...
        def delete_public_access_block(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def list_bucket_analytics_configurations(
            self, bucket: str, **params: Unpack[ListOfConfigurations]
        ) -> PresignedUrl: ...
        def get_bucket_analytics_configuration(
            self, bucket: str, *, id: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def put_bucket_analytics_configuration(
            self, bucket: str, *, id: str, **params: Unpack[ConfigurationWithId]
        ) -> PresignedUrl: ...
        def delete_bucket_analytics_configuration(
            self, bucket: str, *, id: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def list_bucket_intelligent_tiering_configurations(
            self, bucket: str, **params: Unpack[ListOfConfigurations]
        ) -> PresignedUrl: ...
        def get_bucket_intelligent_tiering_configuration(
            self, bucket: str, *, id: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def put_bucket_intelligent_tiering_configuration(
            self, bucket: str, *, id: str, **params: Unpack[ConfigurationWithId]
        ) -> PresignedUrl: ...
        def delete_bucket_intelligent_tiering_configuration(
            self, bucket: str, *, id: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def list_bucket_inventory_configurations(
            self, bucket: str, **params: Unpack[ListOfConfigurations]
        ) -> PresignedUrl: ...
        def get_bucket_inventory_configuration(
            self, bucket: str, *, id: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def put_bucket_inventory_configuration(
            self, bucket: str, *, id: str, **params: Unpack[ConfigurationWithId]
        ) -> PresignedUrl: ...
        def delete_bucket_inventory_configuration(
            self, bucket: str, *, id: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def list_bucket_metrics_configurations(
            self, bucket: str, **params: Unpack[ListOfConfigurations]
        ) -> PresignedUrl: ...
        def get_bucket_metrics_configuration(
            self, bucket: str, *, id: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def put_bucket_metrics_configuration(
            self, bucket: str, *, id: str, **params: Unpack[ConfigurationWithId]
        ) -> PresignedUrl: ...
        def delete_bucket_metrics_configuration(
            self, bucket: str, *, id: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def create_bucket_metadata_configuration(
            self, bucket: str, **params: Unpack[Configuration]
        ) -> PresignedUrl: ...
        def get_bucket_metadata_configuration(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def delete_bucket_metadata_configuration(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def create_bucket_metadata_table_configuration(
            self, bucket: str, **params: Unpack[Configuration]
        ) -> PresignedUrl: ...
        def get_bucket_metadata_table_configuration(self, bucket: str, **params: Unpack[OfOwner]) -> PresignedUrl: ...
        def delete_bucket_metadata_table_configuration(
            self, bucket: str, **params: Unpack[OfOwner]
        ) -> PresignedUrl: ...
        def update_bucket_metadata_annotation_table_configuration(
            self, bucket: str, **params: Unpack[Configuration]
        ) -> PresignedUrl: ...
        def update_bucket_metadata_inventory_table_configuration(
            self, bucket: str, **params: Unpack[Configuration]
        ) -> PresignedUrl: ...
        def update_bucket_metadata_journal_table_configuration(
            self, bucket: str, **params: Unpack[Configuration]
        ) -> PresignedUrl: ...

    # --- boto3's calls -----------------------------------------------------------------------------------------------

    class PresignerArguments(TypedDict, total=False):
        """What `from_boto3` takes besides: the arguments of `S3Presigner`."""

        credentials: CredentialsSource
        region: str
        endpoint: str | None
        public_endpoint: str | None
        addressing_style: AddressingStyle
        dualstack: bool
        fips: bool
        accelerate: bool
        default_expires_in: Lifetime
        clamp_to_credentials: bool
        provider: str | None
        max_expires_in: Lifetime | None

    # Deprecated names of two configurations among them.
    ClientMethod = Literal[
        "abort_multipart_upload",
        "complete_multipart_upload",
        "copy_object",
        "create_bucket",
        "create_bucket_metadata_configuration",
        "create_bucket_metadata_table_configuration",
        "create_multipart_upload",
        "delete_bucket",
        "delete_bucket_analytics_configuration",
        "delete_bucket_cors",
        "delete_bucket_encryption",
        "delete_bucket_intelligent_tiering_configuration",
        "delete_bucket_inventory_configuration",
        "delete_bucket_lifecycle",
        "delete_bucket_metadata_configuration",
        "delete_bucket_metadata_table_configuration",
        "delete_bucket_metrics_configuration",
        "delete_bucket_ownership_controls",
        "delete_bucket_policy",
        "delete_bucket_replication",
        "delete_bucket_tagging",
        "delete_bucket_website",
        "delete_object",
        "delete_object_annotation",
        "delete_object_tagging",
        "delete_objects",
        "delete_public_access_block",
        "get_bucket_abac",
        "get_bucket_accelerate_configuration",
        "get_bucket_acl",
        "get_bucket_analytics_configuration",
        "get_bucket_cors",
        "get_bucket_encryption",
        "get_bucket_intelligent_tiering_configuration",
        "get_bucket_inventory_configuration",
        "get_bucket_lifecycle",
        "get_bucket_lifecycle_configuration",
        "get_bucket_location",
        "get_bucket_logging",
        "get_bucket_metadata_configuration",
        "get_bucket_metadata_table_configuration",
        "get_bucket_metrics_configuration",
        "get_bucket_notification",
        "get_bucket_notification_configuration",
        "get_bucket_ownership_controls",
        "get_bucket_policy",
        "get_bucket_policy_status",
        "get_bucket_replication",
        "get_bucket_request_payment",
        "get_bucket_tagging",
        "get_bucket_versioning",
        "get_bucket_website",
        "get_object",
        "get_object_acl",
        "get_object_annotation",
        "get_object_attributes",
        "get_object_legal_hold",
        "get_object_lock_configuration",
        "get_object_retention",
        "get_object_tagging",
        "get_object_torrent",
        "get_public_access_block",
        "head_bucket",
        "head_object",
        "list_bucket_analytics_configurations",
        "list_bucket_intelligent_tiering_configurations",
        "list_bucket_inventory_configurations",
        "list_bucket_metrics_configurations",
        "list_buckets",
        "list_multipart_uploads",
        "list_object_annotations",
        "list_object_versions",
        "list_objects",
        "list_objects_v2",
        "list_parts",
        "put_bucket_abac",
        "put_bucket_accelerate_configuration",
        "put_bucket_acl",
        "put_bucket_analytics_configuration",
        "put_bucket_cors",
        "put_bucket_encryption",
        "put_bucket_intelligent_tiering_configuration",
        "put_bucket_inventory_configuration",
        "put_bucket_lifecycle",
        "put_bucket_lifecycle_configuration",
        "put_bucket_logging",
        "put_bucket_metrics_configuration",
        "put_bucket_notification",
        "put_bucket_notification_configuration",
        "put_bucket_ownership_controls",
        "put_bucket_policy",
        "put_bucket_replication",
        "put_bucket_request_payment",
        "put_bucket_tagging",
        "put_bucket_versioning",
        "put_bucket_website",
        "put_object",
        "put_object_acl",
        "put_object_annotation",
        "put_object_legal_hold",
        "put_object_lock_configuration",
        "put_object_retention",
        "put_object_tagging",
        "put_public_access_block",
        "rename_object",
        "restore_object",
        "select_object_content",
        "update_bucket_metadata_annotation_table_configuration",
        "update_bucket_metadata_inventory_table_configuration",
        "update_bucket_metadata_journal_table_configuration",
        "update_object_encryption",
        "upload_part",
        "upload_part_copy",
    ]
