"""`S3Presigner`: presigned URLs for one store, one region, one source of credentials.

Rule: everything but the key is the same for one second, so `new_signer` computes it once a second and returns a
closure that signs keys.  The presigner keeps the last closure and what it was made for as one pair, replaced at once:
a thread sees the old pair or the new one, and needs no lock.
"""

import time

from .._canonical import checked_method
from .._credentials import Credentials, fitted_lifetime, freeze
from .._presigned_url import PresignedUrl
from .._signature import checked_scope_name
from .._text import exact_text, pairs_of
from .._time import WEEK, epoch_seconds, lifetime_seconds
from .._value import Value, set_field
from ..errors import CredentialsNotFound, InputError, frameless
from .buckets import NOTHING, THE_SERVICE, Addresses, check_options
from .signer import PLAIN, Extras, new_signer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from typing_extensions import Self, Unpack

    from .._canonical import Headers, Pairs, Query
    from .._credentials import CredentialsSource
    from .._time import Lifetime, Now
    from .buckets import AddressingStyle
    from .multipart import MultipartPlan
    from .operation_types import (
        ClientMethod,
        DeleteObject,
        GetObject,
        HeadObject,
        Operations,
        PresignerArguments,
        PutObject,
    )
    from .policy import PostObject
    from .post import PresignedPost
    from .signer import Signer

    class _Base(Value, Operations):
        """What type checkers see of the operations that are made on demand."""
else:
    _Base = Value

_freeze = frameless(freeze)  # botocore's own values print their secrets


class _Operation(str):
    """The name of an operation; as an attribute of the class it is the operation's method, made on demand.

    Not `__getattr__`, which makes every other attribute three times as slow on CPython (benchmark row "safe keys").
    """

    __slots__ = ()

    def __get__(self, presigner: "S3Presigner | None", owner: object = None) -> "Any":
        from .operations import bound, method

        return method(str(self)) if presigner is None else bound(presigner, str(self))


OPERATION_NAMES = """
abort_multipart_upload complete_multipart_upload copy_object create_bucket create_bucket_metadata_configuration
create_bucket_metadata_table_configuration create_multipart_upload delete_bucket
delete_bucket_analytics_configuration delete_bucket_cors delete_bucket_encryption
delete_bucket_intelligent_tiering_configuration delete_bucket_inventory_configuration delete_bucket_lifecycle
delete_bucket_metadata_configuration delete_bucket_metadata_table_configuration
delete_bucket_metrics_configuration delete_bucket_ownership_controls delete_bucket_policy
delete_bucket_replication delete_bucket_tagging delete_bucket_website delete_object_annotation
delete_object_tagging delete_objects delete_public_access_block get_bucket_abac
get_bucket_accelerate_configuration get_bucket_acl get_bucket_analytics_configuration get_bucket_cors
get_bucket_encryption get_bucket_intelligent_tiering_configuration get_bucket_inventory_configuration
get_bucket_lifecycle_configuration get_bucket_location get_bucket_logging get_bucket_metadata_configuration
get_bucket_metadata_table_configuration get_bucket_metrics_configuration get_bucket_notification_configuration
get_bucket_ownership_controls get_bucket_policy get_bucket_policy_status get_bucket_replication
get_bucket_request_payment get_bucket_tagging get_bucket_versioning get_bucket_website get_object_acl
get_object_annotation get_object_attributes get_object_legal_hold get_object_lock_configuration
get_object_retention get_object_tagging get_object_torrent get_public_access_block head_bucket
list_bucket_analytics_configurations list_bucket_intelligent_tiering_configurations
list_bucket_inventory_configurations list_bucket_metrics_configurations list_buckets list_multipart_uploads
list_object_annotations list_object_versions list_objects list_objects_v2 list_parts put_bucket_abac
put_bucket_accelerate_configuration put_bucket_acl put_bucket_analytics_configuration put_bucket_cors
put_bucket_encryption put_bucket_intelligent_tiering_configuration put_bucket_inventory_configuration
put_bucket_lifecycle_configuration put_bucket_logging put_bucket_metrics_configuration
put_bucket_notification_configuration put_bucket_ownership_controls put_bucket_policy put_bucket_replication
put_bucket_request_payment put_bucket_tagging put_bucket_versioning put_bucket_website put_object_acl
put_object_annotation put_object_legal_hold put_object_lock_configuration put_object_retention
put_object_tagging put_public_access_block rename_object restore_object select_object_content
update_bucket_metadata_annotation_table_configuration update_bucket_metadata_inventory_table_configuration
update_bucket_metadata_journal_table_configuration update_object_encryption upload_part upload_part_copy
""".split()  # noqa: SIM905 - a list would be a hundred lines


class S3Presigner(_Base):
    """Makes presigned URLs for one store and region.  Immutable and thread-safe; makes no requests.

    Besides the methods below it has one for each S3 operation that makes sense as a URL, under its name in snake case:
    `list_objects_v2`, `upload_part`, `copy_object`, ...; `help(s3.upload_part)` shows what it takes.  A pickle of it
    holds the credentials.

    Args:
        credentials: `Credentials`, a `SigningKey`, botocore's object, or a callable that returns one of these and is
            called for each signature (once for a batch).
        region: `eu-west-1`, or what the store is configured with.
        endpoint: The store's URL if it is not AWS, as the store sees it: `http://minio:9000`.  Its host is signed.
        public_endpoint: The URL that clients open, if a proxy in between rewrites Host or strips a path prefix.
        addressing_style: `"virtual"` puts the bucket into the host, `"path"` into the path, `"cname"` nowhere, since
            the endpoint's host names the bucket.  `"auto"`: the host at AWS, except for names that can't be one DNS
            label; the path at other endpoints.
        dualstack: Use AWS's endpoints that also answer over IPv6.
        fips: Use AWS's FIPS endpoints.
        accelerate: Use S3 Transfer Acceleration.
        default_expires_in: The lifetime if a call gives none, in whole seconds or as a timedelta.
        clamp_to_credentials: Shorten a URL that would outlive its credentials, even if a lifetime was given.
        provider: The store's name in `for_provider`, whose limits then apply.
        max_expires_in: The longest lifetime that the store at `endpoint` allows, in whole seconds or as a timedelta;
            None: 7 days.  Stores can allow more, AWS never does.

    A directory bucket (`name--usw2-az1--x-s3`) takes the credentials of a session, which `providers.directory_bucket`
    gets; a role's own credentials sign URLs that S3 rejects.  `copy_object`, `upload_part_copy` and the operations that
    configure such a bucket take ordinary credentials.

    Raises:
        InputError: An argument that can't work, or two that contradict each other; the message says what to do.
        TypeError: An argument of the wrong type.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> url = s3.get_object("reports", "2026/costs & more.csv", expires_in=900)
        >>> url.partition("?")[0]
        'https://reports.s3.eu-west-1.amazonaws.com/2026/costs%20%26%20more.csv'
    """

    __slots__ = (
        "_addresses", "_latest", "_longest", "accelerate", "addressing_style",
        "clamp_to_credentials", "credentials", "default_expires_in", "dualstack", "endpoint", "fips", "max_expires_in",
        "provider", "public_endpoint", "region",
    )  # fmt: skip
    _fields = (
        "credentials", "region", "endpoint", "public_endpoint", "addressing_style", "dualstack", "fips", "accelerate",
        "default_expires_in", "clamp_to_credentials", "provider", "max_expires_in",
    )  # fmt: skip
    _hidden = ("credentials",)  # botocore's own objects print their secrets

    credentials: "CredentialsSource"
    region: str
    endpoint: "str | None"
    public_endpoint: "str | None"
    addressing_style: "AddressingStyle"
    dualstack: bool
    fips: bool
    accelerate: bool
    default_expires_in: int
    clamp_to_credentials: bool
    provider: "str | None"
    max_expires_in: "int | None"
    _addresses: Addresses
    _longest: int
    _latest: "tuple[Any, Any]"  # what the last signer was made for, and the signer
    # Not setattr, which takes twice as long: benchmark "cold start".
    vars().update(zip(OPERATION_NAMES, map(_Operation, OPERATION_NAMES), strict=True))

    @frameless
    def __init__(
        self,
        credentials: "CredentialsSource",
        region: str,
        endpoint: "str | None" = None,
        public_endpoint: "str | None" = None,
        addressing_style: "AddressingStyle" = "auto",
        *,
        dualstack: bool = False,
        fips: bool = False,
        accelerate: bool = False,
        default_expires_in: "Lifetime" = 3600,
        clamp_to_credentials: bool = False,
        provider: "str | None" = None,
        max_expires_in: "Lifetime | None" = None,
    ) -> None:
        set_field(self, "credentials", credentials)
        region = checked_scope_name("region", region)
        check_options(
            region=region, endpoint=endpoint, style=addressing_style, dualstack=dualstack, fips=fips,
            accelerate=accelerate,
        )  # fmt: skip
        set_field(self, "region", region)
        set_field(self, "endpoint", endpoint)
        set_field(self, "public_endpoint", public_endpoint)
        set_field(self, "addressing_style", addressing_style)
        set_field(self, "dualstack", dualstack)
        set_field(self, "fips", fips)
        set_field(self, "accelerate", accelerate)
        if not isinstance(clamp_to_credentials, bool):
            raise TypeError(f"clamp_to_credentials: expected bool, got {type(clamp_to_credentials).__name__}")
        set_field(self, "clamp_to_credentials", clamp_to_credentials)
        set_field(self, "provider", provider)
        if max_expires_in is not None:
            max_expires_in = lifetime_seconds(max_expires_in, "max_expires_in", None)
        set_field(self, "max_expires_in", max_expires_in)
        if not callable(self.credentials):
            freeze(self.credentials)  # raises for what can't be credentials
        self._start_caches()
        self._check_limits()
        set_field(
            self, "default_expires_in", lifetime_seconds(default_expires_in, "default_expires_in", self._longest)
        )  # fmt: skip

    def _check_limits(self) -> None:
        """Reject an unknown provider, and a limit that is not the store's to set."""
        limit = WEEK
        if self.provider is not None:
            from .stores import store_named

            limit = store_named(self.provider).max_expires_in
        if self.max_expires_in is None:
            return
        store = self._addresses.store
        if store is None or store.is_at_aws():
            raise InputError("max_expires_in", "is for stores with an endpoint= of their own; AWS allows 7 days")
        if self.provider is not None and self.max_expires_in > limit:
            raise InputError("max_expires_in", f"{self.provider!r} allows at most {limit} s")

    def _start_caches(self) -> None:
        set_field(self, "_addresses", Addresses(self))
        set_field(self, "_longest", WEEK if self.max_expires_in is None else self.max_expires_in)
        set_field(self, "_latest", NOTHING)

    @classmethod
    @frameless
    def for_provider(
        cls,
        provider: str,
        credentials: "CredentialsSource",
        *,
        public_endpoint: "str | None" = None,
        default_expires_in: "Lifetime" = 3600,
        clamp_to_credentials: bool = False,
        **settings: "str | None",
    ) -> "Self":
        """A presigner for a store by its name: `aws`, `r2`, `b2`, `gcs`, `minio`, `ceph`, `wasabi` or `spaces`.

        Args:
            provider: The store's name.
            credentials: As for the class.
            public_endpoint: As for the class.
            default_expires_in: As for the class.
            clamp_to_credentials: As for the class.
            **settings: `region`, and what the store's address is made of: `account_id` (and `jurisdiction`) for r2,
                `endpoint` for minio and ceph.

        Raises:
            InputError: An unknown store, or a setting that is missing or that the store does not have.

        Example:
            >>> from sigv4presign import Credentials, S3Presigner
            >>> r2 = S3Presigner.for_provider("r2", Credentials("AKIDEXAMPLE", "secret"), account_id="0123abcd")
            >>> r2.get_object("photos", "cat.png").partition("?")[0]
            'https://0123abcd.r2.cloudflarestorage.com/photos/cat.png'
        """
        from .stores import store_arguments

        store = store_arguments(provider, **settings)
        return cls(
            credentials,
            store["region"],
            store["endpoint"],
            public_endpoint,
            store["addressing_style"],
            default_expires_in=default_expires_in,
            clamp_to_credentials=clamp_to_credentials,
            provider=provider,
        )

    @classmethod
    @frameless
    def from_settings(cls, profile: "str | None" = None, *, region: "str | None" = None, **arguments: "Any") -> "Self":
        """A presigner with what the AWS CLI would use here: credentials, region, endpoint, and how to reach it.

        Credentials are those of `providers.resolve`, fetched with the first URL; the rest is read now, by
        `providers.settings`, from the environment and the profile in the shared files.

        Args:
            profile: The profile; if not given, what the environment says, else `default`.
            region: Overrides the settings, as every argument does.
            **arguments: Those of the class, such as `endpoint`, `fips` and `default_expires_in`; `mfa` and `network` as
                for `providers.resolve`.

        Raises:
            InputError: No region anywhere, a malformed setting, or two that contradict each other; the message says
                where each comes from.
            CredentialsNotFound: There is no such profile, or a file that cannot be parsed.

        Example:
            >>> s3 = S3Presigner.from_settings(region="eu-west-1", endpoint="http://127.0.0.1:9000")
            >>> s3.region, s3.endpoint
            ('eu-west-1', 'http://127.0.0.1:9000')

        Source: https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
        """
        try:
            from ..providers import _settings
        except ImportError:
            raise CredentialsNotFound(
                "from_settings needs the providers package, which this copy of sigv4presign leaves out"
            ) from None
        made: Self = _settings.presigner_from_settings(cls, profile, region, arguments)
        return made

    @frameless
    def replace(self, **changes: "Any") -> "Self":
        """The same presigner with other arguments: `s3.replace(region="eu-central-1")`."""
        for name in changes:
            if name not in self._fields:
                raise TypeError(f"replace() takes the arguments of S3Presigner; {name!r} is not one")
        arguments: dict[str, Any] = dict(zip(self._fields, self._key()))  # noqa: B905 - of one length
        made = type(self)(**{**arguments, **changes})
        forbidden = dict(self._addresses.forbidden)
        if "endpoint" in changes:
            forbidden.pop("another host", None)  # it was about the endpoint that stands for the client's use_ssl=False
        made._addresses.forbidden = forbidden
        return made

    def __reduce__(self) -> "tuple[Any, ...]":
        return _unpickled, (self._restore, self._addresses.forbidden, self._key())

    # --- operations --------------------------------------------------------------------------------------------------

    def get_object(
        self,
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: "Unpack[GetObject]",
    ) -> PresignedUrl:
        """A URL that downloads an object with GET.

        Args:
            bucket: The bucket's name, or the ARN of an access point.
            key: The object's key as plain text, any characters.
            expires_in: The lifetime, whole seconds or a timedelta, 1 second to 7 days; None: the presigner's default.
            now: When it begins: epoch seconds or an aware datetime; None: the current time.
            **params: `version_id`, `part_number`, `download_as="naïve.pdf"`, the `response_*` overrides of the headers
                that S3 will answer with, conditions (`if_match`, ...), SSE-C, `request_payer`; and what every operation
                takes:

                - `stable_for`: The same URL for this many seconds, for caches; it is valid for at least `expires_in`,
                  at most these seconds longer.
                - `nonce=True`: A random signed `x-nonce` parameter, so that no two links are the same.
                - `allow_dot_segments=True`: Sign a key with a `.` or `..` segment, which most HTTP clients collapse.

        Raises:
            InputError: A bucket, key or value that can't be signed.
            CredentialsExpireFirst: The credentials expire before `expires_in`.
            TypeError: A value of the wrong type, or a parameter that GetObject does not have.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> url = s3.get_object("reports", "7f3a", download_as="costs.csv", expires_in=900, stable_for=300)

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        if params:
            return self.sign_operation("get_object", bucket, key, params, expires_in=expires_in, now=now)
        return self._signer("GET", bucket, expires_in, now)(key)

    def head_object(
        self,
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: "Unpack[HeadObject]",
    ) -> PresignedUrl:
        """A URL that gets an object's headers with HEAD; a GET URL does not answer HEAD.

        Arguments and errors are those of `get_object`, without `download_as`.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
        """
        if params:
            return self.sign_operation("head_object", bucket, key, params, expires_in=expires_in, now=now)
        return self._signer("HEAD", bucket, expires_in, now)(key)

    def put_object(
        self,
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: "Unpack[PutObject]",
    ) -> PresignedUrl:
        """A URL that uploads an object with PUT.

        Each of `params` becomes a signed header, which the client has to send exactly: see `.headers` of the result.
        What is not given is not checked: without `content_type` any Content-Type is accepted.  A range of sizes can't
        be signed in a URL; use `post_object`.

        Args:
            bucket: The bucket's name, or the ARN of an access point.
            key: The object's key as plain text, any characters.
            expires_in: As for `get_object`.
            now: As for `get_object`.
            **params: `content_type`, `content_length` (the exact size in bytes), `content_md5`, `checksum_sha256` and
                its like, `metadata={...}`, `tagging` (text or mapping), `acl`, `storage_class`, server-side encryption,
                `if_none_match="*"`, object lock, `cache_control`, ...: those of PutObject in snake case.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> s3.put_object("photos", "a.png", content_type="image/png", metadata={"owner": "al"}).headers
            {'content-type': 'image/png', 'x-amz-meta-owner': 'al'}

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
        """
        if params:
            return self.sign_operation("put_object", bucket, key, params, expires_in=expires_in, now=now)
        return self._signer("PUT", bucket, expires_in, now)(key)

    def delete_object(
        self,
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: "Unpack[DeleteObject]",
    ) -> PresignedUrl:
        """A URL that deletes an object with DELETE, or one version of it with `version_id`.

        Arguments and errors are those of `get_object`.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
        """
        if params:
            return self.sign_operation("delete_object", bucket, key, params, expires_in=expires_in, now=now)
        return self._signer("DELETE", bucket, expires_in, now)(key)

    @frameless
    def sign_operation(
        self,
        operation: str,
        bucket: "str | None",
        key: "str | None",
        params: "Any",
        *,
        expires_in: "Lifetime | None",
        now: "Now | None",
        method: "str | None" = None,
    ) -> PresignedUrl:
        """Put an operation's parameters where S3 reads them, and sign: what every operation's method calls.

        `params` is emptied.  `method` replaces the operation's, as boto3's `HttpMethod` does.
        """
        from .operation_table import OBJECT, OPERATIONS, SERVICE
        from .operations import place_parameters

        try:
            stable_for, nonce = params.pop("stable_for", None), params.pop("nonce", False)
            dots = params.pop("allow_dot_segments", False)
            query, headers = place_parameters(operation, params)
            row = OPERATIONS[operation]
            scope = row.scope
            if scope == OBJECT:
                key = exact_text("key", key)  # type: ignore[arg-type]  # None too: without a key it is another operation
            where: Any = THE_SERVICE if scope == SERVICE else bucket
            return self._sign(
                method or row.method, where, key, query or None, headers or None, expires_in=expires_in,
                stable_for=stable_for, nonce=nonce, dots=dots, now=now,
                operation=None if scope == SERVICE else operation,
            )  # fmt: skip
        except BaseException:
            params.clear()  # it is the caller's too, and may hold the key of SSE-C
            raise

    @frameless
    def presign(
        self,
        method: str,
        bucket: str,
        key: "str | None" = None,
        *,
        query: "Query | None" = None,
        headers: "Headers | None" = None,
        expires_in: "Lifetime | None" = None,
        stable_for: "Lifetime | None" = None,
        nonce: bool = False,
        allow_dot_segments: bool = False,
        now: "Now | None" = None,
    ) -> PresignedUrl:
        """A URL for any request to S3, operations that have no method here included.

        With a directory bucket it signs for the bucket's zone; operations that configure such a bucket go to another
        host, so use their methods (`get_bucket_policy`).

        Args:
            method: The HTTP method, in upper case.
            bucket: The bucket's name, or the ARN of an access point.
            key: The object's key; None: the bucket itself.
            query: Parameters as plain text, a mapping or pairs; one without a value, as in `?tagging`, has `""`.
            headers: Headers that the client will send; each one is signed.
            expires_in: As for `get_object`.
            stable_for: As for `get_object`.
            nonce: As for `get_object`.
            allow_dot_segments: As for `get_object`.
            now: As for `get_object`.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> url = s3.presign("PUT", "reports", "costs.csv", query={"tagging": ""})
            >>> url.method, "&tagging=&" in url
            ('PUT', True)
        """
        method = checked_method(method)
        return self._sign(
            method, bucket, key, query, headers, expires_in=expires_in, stable_for=stable_for, nonce=nonce,
            dots=allow_dot_segments, now=now,
        )  # fmt: skip

    @frameless
    def presign_many(
        self,
        method: str,
        bucket: str,
        keys: "Iterable[str]",
        *,
        query: "Query | None" = None,
        headers: "Headers | None" = None,
        expires_in: "Lifetime | None" = None,
        stable_for: "Lifetime | None" = None,
        allow_dot_segments: bool = False,
        now: "Now | None" = None,
    ) -> "Iterator[PresignedUrl]":
        """One URL for each key, lazily, in constant memory.

        Arguments are checked, and clock and credentials read, at this call; an invalid key raises when it is reached.
        Arguments and errors are those of `presign`.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> urls = s3.presign_many("GET", "photos", (f"{n}.jpeg" for n in range(10_000)), expires_in=600)
            >>> next(urls).partition("?")[0]
            'https://photos.s3.eu-west-1.amazonaws.com/0.jpeg'
        """
        method = checked_method(method)
        if isinstance(keys, (str, bytes)) or not hasattr(keys, "__iter__"):
            raise TypeError(f"keys: expected an iterable of keys, got {type(keys).__name__}")
        extras = _extras(query, headers, whole=False, dots=allow_dot_segments)
        return map(self._signer(method, bucket, expires_in, now, stable_for=stable_for, extras=extras), keys)

    def multipart_plan(
        self,
        bucket: str,
        key: str,
        *,
        upload_id: str,
        part_count: int,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
    ) -> "MultipartPlan":
        """All URLs of a multipart upload that was created: its parts, lazily, complete and abort.

        Args:
            bucket: The bucket's name.
            key: The object's key.
            upload_id: What CreateMultipartUpload answered.
            part_count: How many parts there are, 1 to 10,000.
            expires_in: As for `get_object`; the same for all of them.
            now: As for `get_object`; read once for all of them.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> plan = s3.multipart_plan("videos", "cat.mp4", upload_id="abc", part_count=3)
            >>> [part.method for part in plan.parts], plan.complete.method, plan.abort.method
            (['PUT', 'PUT', 'PUT'], 'POST', 'DELETE')

        Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
        """
        from .multipart import MultipartPlan

        return MultipartPlan(
            self, bucket, key, upload_id=upload_id, part_count=part_count, expires_in=expires_in,
            second=epoch_seconds(now),
        )  # fmt: skip

    @frameless
    def post_object(
        self,
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: "Unpack[PostObject]",
    ) -> "PresignedPost":
        """A form that uploads a file with POST, as browsers do; `${filename}` in the key becomes the file's name.

        Every field of the form is covered by a condition of its policy.

        Args:
            bucket: The bucket's name.
            key: The object's key.
            expires_in: As for `get_object`; left out with `policy`.
            now: As for `get_object`.
            **params: `fields`, `conditions`, `content_length_range=(least, most)` in bytes, `content_type` or
                `content_type_starts_with="image/"`, `acl`, `metadata`, `tagging`, `success_action_redirect`,
                `success_action_status`, `storage_class`, ..., or `policy`, the bytes of a policy of yours.

        Raises:
            InputError: A form that S3 would reject, or a store that takes no forms.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> form = s3.post_object("photos", "user/42/${filename}", expires_in=600,
            ...                       content_length_range=(1, 5_000_000), now=1764000000)
            >>> form.url, form.expires_at
            ('https://photos.s3.eu-west-1.amazonaws.com/', 1764000600)

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
        """
        from .post import post_object

        if self.provider is not None:
            from .stores import STORES

            if not STORES[self.provider].post_supported:
                raise InputError("provider", f"{self.provider!r} takes no POST forms; use put_object")
        bucket = exact_text("bucket", bucket)
        second, credentials = epoch_seconds(now), freeze(self.credentials, self.region)
        address = self._addresses.of(bucket)
        if address.service == "s3express":
            is_temporary = credentials.session_token is not None
            address = self._addresses.of_operation(address, bucket, None, self.credentials, is_temporary=is_temporary)
        lifetime = None
        if expires_in is not None or params.get("policy") is None:
            lifetime = self._lifetime(expires_in, second, second, 0, credentials.expires_at)
        return post_object(
            address, credentials, bucket, key, second=second, lifetime=lifetime, longest=self._longest, **params
        )

    # --- boto3's calls -----------------------------------------------------------------------------------------------

    @classmethod
    @frameless
    def from_boto3(cls, client_or_session: "Any", **arguments: "Unpack[PresignerArguments]") -> "Self":
        """A presigner for what a client or a session of boto3 is set up with; boto3 itself is not imported.

        It takes over the credentials (read again for each URL, so renewed ones are used), region, endpoint, addressing
        style, FIPS, dual stack, acceleration, `use_ssl`, and which ARNs it rejects (`use_arn_region`,
        `s3_disable_multiregion_access_points`), wherever boto3 found them.

        Args:
            client_or_session: An S3 client, `boto3.resource("s3")` or one of its buckets or objects, or a session,
                from which an S3 client is made.  botocore's own work too.
            **arguments: Arguments of the class; each overrides what the client says.

        Raises:
            TypeError: Neither a client nor a session, or one of aiobotocore, whose credentials must be awaited: pass
                `credentials=await creds.get_frozen_credentials()`.
            InputError: A client of another service, or a setting that can't work here.
            CredentialsNotFound: Later, when a URL is signed: the client has no credentials, or signs nothing.

        Example:
            >>> import botocore.session  # boto3's client is botocore's
            >>> client = botocore.session.get_session().create_client(
            ...     "s3", "eu-west-1", aws_access_key_id="AKIDEXAMPLE", aws_secret_access_key="secret")
            >>> s3 = S3Presigner.from_boto3(client)
            >>> url = s3.generate_presigned_url("get_object", Params={"Bucket": "photos", "Key": "cat.png"})
            >>> url.partition("?")[0]
            'https://photos.s3.eu-west-1.amazonaws.com/cat.png'
        """
        from .boto3_client import presigner_from_boto3

        made: Self = presigner_from_boto3(cls, client_or_session, arguments)
        return made

    @frameless
    def generate_presigned_url(
        self,
        ClientMethod: "ClientMethod",  # noqa: N803 - boto3's names
        Params: "Mapping[str, Any] | None" = None,  # noqa: N803
        ExpiresIn: "Lifetime | None" = 3600,  # noqa: N803
        HttpMethod: "str | None" = None,  # noqa: N803
    ) -> PresignedUrl:
        """boto3's method of this name: the same arguments, the same URL, and it knows what the client has to send.

        The host is the regional one.  Parameters that belong in a request's body, such as `Body` or `Delete`, are
        accepted and ignored.  `None` means not given.

        Args:
            ClientMethod: The name of an operation: `"get_object"`.
            Params: Its parameters by boto3's names: `{"Bucket": "b", "Key": "k", "VersionId": "1"}`.
            ExpiresIn: The lifetime in seconds or as a timedelta, at most 7 days.  The default, an hour, is shortened to
                what temporary credentials have left; a longer one that was given is an error.
            HttpMethod: The method to sign for instead of the operation's.

        Raises:
            InputError: An unknown method or parameter (the message has the right name), a missing one, or a value that
                S3 would reject.
            CredentialsExpireFirst: The credentials expire before `ExpiresIn`.
            CredentialsNotFound: There are no credentials.
            TypeError: A value of the wrong type.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> url = s3.generate_presigned_url("get_object", Params={"Bucket": "reports", "Key": "costs.csv"})
            >>> url == s3.get_object("reports", "costs.csv")
            True

        Source: https://docs.aws.amazon.com/boto3/latest/reference/services/s3/client/generate_presigned_url.html
        """
        from .boto3 import generate_presigned_url

        return generate_presigned_url(self, ClientMethod, Params, ExpiresIn, HttpMethod)

    @frameless
    def generate_presigned_post(
        self,
        Bucket: str,  # noqa: N803
        Key: str,  # noqa: N803
        Fields: "Mapping[str, str] | None" = None,  # noqa: N803
        Conditions: "Iterable[Any] | None" = None,  # noqa: N803
        ExpiresIn: "Lifetime" = 3600,  # noqa: N803
    ) -> "dict[str, Any]":
        """boto3's method of this name: the same arguments, and its dict of `url` and `fields`.

        A field without a condition, which S3 would reject, gets one.  Nothing that is passed in is changed.

        Args:
            Bucket: The bucket's name.
            Key: The object's key, which may hold `${filename}`.
            Fields: Form fields as S3 names them.
            Conditions: Conditions as the policy has them.
            ExpiresIn: As for `generate_presigned_url`.

        Raises:
            InputError: A form that S3 would reject.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> form = s3.generate_presigned_post("photos", "user/42/${filename}", Fields={"acl": "private"})
            >>> form["url"], form["fields"]["acl"]
            ('https://photos.s3.eu-west-1.amazonaws.com/', 'private')

        Source: https://docs.aws.amazon.com/boto3/latest/reference/services/s3/client/generate_presigned_post.html
        """
        from .boto3 import generate_presigned_post

        return generate_presigned_post(self, Bucket, Key, Fields, Conditions, ExpiresIn)

    @frameless
    def object_url(self, bucket: str, key: str, **query: str) -> str:
        """The URL of an object without a signature, for objects that are public or signed elsewhere.

        Credentials are not read.

        Args:
            bucket: As for `get_object`.
            key: As for `get_object`.
            **query: Query parameters: those of `get_object` by their names here (`version_id="1"`,
                `download_as="a.pdf"`); any other keeps its name.  Arguments that are about signing, such as
                `expires_in`, are rejected.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> s3.object_url("photos", "cats & dogs.png", version_id="1")
            'https://photos.s3.eu-west-1.amazonaws.com/cats%20%26%20dogs.png?versionId=1'
        """
        from .boto3 import object_url

        return object_url(self, bucket, key, query)

    # --- from a call to a URL -----------------------------------------------------------------------------------------

    def _sign(
        self,
        method: str,
        bucket: str,
        key: "str | None",
        query: "Query | None",
        headers: "Headers | None",
        *,
        expires_in: "Lifetime | None",
        stable_for: "Lifetime | None",
        nonce: bool,
        dots: bool,
        now: "Now | None",
        operation: "str | None" = None,
    ) -> PresignedUrl:
        if nonce is not False and nonce is not None:
            query = _with_nonce(query, nonce, stable_for)
        extras = _extras(query, headers, whole=key is None, dots=dots, operation=operation)
        signer = self._signer(method, bucket, expires_in, now, stable_for=stable_for, extras=extras)
        return signer("" if key is None else key)

    def _signer(
        self,
        method: str,
        bucket: str,
        expires_in: "Lifetime | None",
        now: "Now | None",
        *,
        stable_for: "Lifetime | None" = None,
        extras: Extras = PLAIN,
    ) -> "Signer":
        """The closure that signs keys: the last one if nothing that it depends on has changed, else a new one."""
        second = int(time.time()) if now is None else epoch_seconds(now)
        credentials: Any = self.credentials
        if type(credentials) is not Credentials:
            credentials = _freeze(credentials, self.region)
        if expires_in is not None and type(expires_in) is not int:  # so that 1, True and 1.0 are told apart below
            expires_in = lifetime_seconds(expires_in, "expires_in", None)
        if type(bucket) is not str and bucket is not THE_SERVICE:
            bucket = exact_text("bucket", bucket)
        wanted = (second, method, bucket, expires_in, credentials)
        made_for, signer = self._latest
        if made_for == wanted and extras is PLAIN and stable_for is None:
            return signer  # type: ignore[no-any-return]  # the pair's type does not say what its parts are
        addresses = self._addresses
        last_bucket, address = addresses.last
        if last_bucket != bucket:
            address = addresses.of(bucket)
        if address.service == "s3express" or (extras.operation is not None and bucket[:4] == "arn:"):
            is_temporary = credentials.session_token is not None
            address = addresses.of_operation(
                address, bucket, extras.operation, self.credentials, is_temporary=is_temporary
            )  # fmt: skip
        if address.region is None and addresses.public is not None:
            raise InputError("public_endpoint", "does not work with a multi-region access point; leave it out")
        window = 0 if stable_for is None else lifetime_seconds(stable_for, "stable_for", self._longest)
        start = second - second % window if window else second
        lifetime = self._lifetime(expires_in, second, start, window, credentials.expires_at)
        signer = new_signer(method, address, credentials, extras, start, lifetime)
        if extras is PLAIN and stable_for is None:
            set_field(self, "_latest", (wanted, signer))
        return signer

    def _lifetime(
        self, expires_in: "Lifetime | None", second: int, start: int, window: int, credentials_expire_at: "int | None"
    ) -> int:
        """X-Amz-Expires of a URL signed as of `start`: what is asked for from `second` on, and the window if stable.

        Credentials have to last as long as what is asked for; the rest of the window is shortened to them.
        """
        asked = self.default_expires_in
        if expires_in is not None:
            asked = lifetime_seconds(expires_in, "expires_in", self._longest)
        lifetime = asked + window
        if lifetime > self._longest:
            raise InputError("stable_for", f"expires_in + stable_for is {lifetime} s; the maximum is {self._longest}")
        if credentials_expire_at is not None:
            shorten = expires_in is None or self.clamp_to_credentials
            fitted_lifetime(asked, second, credentials_expire_at, shorten=shorten)
            lifetime = min(lifetime, credentials_expire_at - start)
        return lifetime


def _unpickled(restore: "Any", forbidden: "dict[str, str]", fields: "tuple[Any, ...]") -> "Any":
    made = restore(*fields)
    made._addresses.forbidden = forbidden
    return made


def _extras(
    query: "Query | None", headers: "Headers | None", *, whole: bool, dots: bool, operation: "str | None" = None
) -> Extras:
    """What a URL has besides its key; `PLAIN`, whose closure is kept, if it has nothing."""
    if dots is not True and dots is not False and dots is not None:
        raise TypeError(f"allow_dot_segments: expected bool, got {type(dots).__name__}")
    if query is None and headers is None and not whole and not dots:
        return PLAIN
    return Extras(query, headers, whole=whole, dots=dots, operation=operation)


def _with_nonce(query: "Query | None", nonce: "Any", stable_for: "Lifetime | None") -> "Pairs":
    """The query with a random parameter; S3 ignores unknown ones that begin with `x-`, and logs them.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#LogFormatCustom
    """
    import os

    if nonce is not True:
        raise TypeError(f"nonce: expected bool, got {type(nonce).__name__}")
    if stable_for is not None:
        raise InputError("nonce", "nonce and stable_for are mutually exclusive; leave one out")
    return [*pairs_of("query", () if query is None else query), ("x-nonce", os.urandom(16).hex())]
