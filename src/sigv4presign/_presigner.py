"""`S3Presigner`: presigned URLs for one store, one region, one source of credentials.

Rule: everything but the key is constant for a second.  So `_signer` has it put together once a second, by `new_signer`,
as a function of the key, and that function is all that runs for each URL.  The presigner remembers the last such
function beside what it was made for, in one tuple that is replaced whole: a thread sees the old one or the new one,
never half, and needs no lock.
"""

import time

from ._buckets import LONGEST_KEY, check_options, new_signer, place_at_aws
from ._encoding import epoch_seconds, exact_text, lifetime_seconds
from ._signature import checked_scope_name, freeze, rules_for
from ._values import Credentials, PresignedUrl, Value, fitted_lifetime, set_field
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from typing_extensions import Self, Unpack

    from ._buckets import AddressingStyle, Signer, SigningPlace, Special
    from ._encoding import Pairs
    from ._s3.endpoints import Endpoint
    from ._s3.multipart import MultipartPlan
    from ._s3.operation_types import DeleteObject, GetObject, HeadObject, Operations, PutObject
    from ._s3.policy import PostObject
    from ._s3.post import PresignedPost
    from .types import CredentialsSource, Headers, Lifetime, Now, Query

    class _Base(Value, Operations):
        """What type checkers see of the operations that are made on demand."""
else:
    _Base = Value

_NOTHING = (object(), None)  # equal to nothing that is asked for
LONGEST = 604_800  # seconds, of every store known here; sigv4-query-string-auth.html
_NO_LIMIT = 1 << 62
_PLAIN = (None, None, False, False)
_METHODS = frozenset(("GET", "HEAD", "PUT", "POST", "DELETE"))
_SERVICE: "Any" = object()  # in place of a bucket: the service itself, for ListBuckets


class _Operation(str):
    """The name of an operation; as an attribute it is the operation's method, made from the table when asked for.

    Not `__getattr__`: with that in a class every attribute of it costs more, on CPython three times as much.
    """

    __slots__ = ()

    def __get__(self, presigner: "S3Presigner | None", owner: object = None) -> "Any":
        from ._s3.operations import bound, method

        return method(str(self)) if presigner is None else bound(presigner, str(self))


_NAMES = """
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
    """Makes presigned URLs for one store and region.  Immutable, safe to share between threads, never on the network.

    Besides the methods below it has one for each S3 operation that makes sense as a URL, under its name in snake case:
    `list_objects_v2`, `upload_part`, `copy_object`, ...; `help(s3.upload_part)` shows what it takes.

    Args:
        credentials: `Credentials`, a `SigningKey`, botocore's object, or a callable that returns one of these and is
            called for each signature (once for a batch).
        region: `eu-west-1`, or what the store is configured with.
        endpoint: The store's own URL, as the store sees it, if it is not AWS: `http://minio:9000`.  It is signed.
        public_endpoint: The URL that clients open, if a proxy in between rewrites Host or strips a path prefix.
        addressing_style: `"virtual"` puts the bucket into the host, `"path"` into the path, `"cname"` nowhere, since
            the endpoint's host stands for the bucket.  `"auto"`: the host at AWS, except for names that cannot be one
            DNS label; the path at other endpoints.
        dualstack: Use AWS's endpoints that answer over IPv6 too.
        fips: Use AWS's FIPS endpoints.
        accelerate: Use S3 Transfer Acceleration.
        default_expires_in: The lifetime if a call gives none, in whole seconds or as a timedelta.
        clamp_to_credentials: Shorten a URL that would outlive its credentials even if its lifetime was given.
        provider: The store's name in `for_provider`, whose limits then hold.

    Raises:
        InputError: An argument that cannot work, or two that contradict each other; the message says what to do.
        TypeError: An argument of the wrong type.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> url = s3.get_object("reports", "2026/costs & more.csv", expires_in=900)
        >>> url.partition("?")[0]
        'https://reports.s3.eu-west-1.amazonaws.com/2026/costs%20%26%20more.csv'
    """

    __slots__ = (
        "_last_place", "_latest", "_public", "_store", "accelerate", "addressing_style", "clamp_to_credentials",
        "credentials", "default_expires_in", "dualstack", "endpoint", "fips", "provider", "public_endpoint", "region",
    )  # fmt: skip
    _fields = (
        "credentials", "region", "endpoint", "public_endpoint", "addressing_style", "dualstack", "fips", "accelerate",
        "default_expires_in", "clamp_to_credentials", "provider",
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
    _store: "Endpoint | None"
    _public: "Endpoint | None"
    _latest: "tuple[Any, Any]"  # what the last signer was made for, and the signer
    _last_place: "tuple[Any, Any]"  # the last bucket, and where it is

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
    ) -> None:
        region = checked_scope_name("region", region)
        check_options(
            region=region, endpoint=endpoint, style=addressing_style, dualstack=dualstack, fips=fips,
            accelerate=accelerate,
        )  # fmt: skip
        set_field(self, "credentials", credentials)
        set_field(self, "region", region)
        set_field(self, "endpoint", endpoint)
        set_field(self, "public_endpoint", public_endpoint)
        set_field(self, "addressing_style", addressing_style)
        set_field(self, "dualstack", bool(dualstack))
        set_field(self, "fips", bool(fips))
        set_field(self, "accelerate", bool(accelerate))
        set_field(self, "default_expires_in", lifetime_seconds(default_expires_in, "default_expires_in", LONGEST))
        set_field(self, "clamp_to_credentials", bool(clamp_to_credentials))
        set_field(self, "provider", provider)
        if not callable(credentials):
            freeze(credentials)  # for the error it raises
        self._start_caches()

    def _start_caches(self) -> None:
        store = public = None  # a store's own addresses, read; AWS's need no reading
        if self.endpoint is not None or self.public_endpoint is not None:
            from ._s3.endpoints import read_endpoint

            store = read_endpoint("endpoint", self.endpoint)
            public = read_endpoint("public_endpoint", self.public_endpoint)
        set_field(self, "_store", store)
        set_field(self, "_public", public)
        set_field(self, "_latest", _NOTHING)
        set_field(self, "_last_place", _NOTHING)

    @classmethod
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
            InputError: No such store, or a setting that is missing or that the store does not have.

        Example:
            >>> from sigv4presign import Credentials, S3Presigner
            >>> r2 = S3Presigner.for_provider("r2", Credentials("AKIDEXAMPLE", "secret"), account_id="0123abcd")
            >>> r2.get_object("photos", "cat.png").partition("?")[0]
            'https://0123abcd.r2.cloudflarestorage.com/photos/cat.png'
        """
        from ._s3.stores import store_arguments

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
    def from_settings(cls, profile: "str | None" = None, *, region: "str | None" = None, **arguments: "Any") -> "Self":
        """A presigner with what the AWS CLI would use here: credentials, region, endpoint, and how to reach it.

        Credentials are those of `providers.resolve`, fetched with the first URL; the rest is read now, by
        `providers.settings`, from the environment and the profile in the shared files.

        Args:
            profile: The profile; if not given, what the environment says, else `default`.
            region: Counts before the settings, as each argument does.
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
            from .providers import _settings
        except ImportError:
            from .errors import CredentialsNotFound

            raise CredentialsNotFound("from_settings needs the providers package, which this copy leaves out") from None
        return _settings.presigner_from_settings(cls, profile, region, arguments)

    def replace(self, **changes: "Any") -> "Self":
        """The same presigner with other arguments: `s3.replace(region="eu-central-1")`."""
        for name in changes:
            if name not in self._fields:
                raise TypeError(f"replace() takes the arguments of S3Presigner; {name!r} is none of them")
        arguments: dict[str, Any] = dict(zip(self._fields, self._key()))  # noqa: B905 - of one length
        return type(self)(**{**arguments, **changes})

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
            now: When it begins: epoch seconds or an aware datetime; None: this moment.
            **params: `version_id`, `part_number`, `download_as="naïve.pdf"`, the `response_*` overrides of the headers
                that S3 will answer with, conditions (`if_match`, ...), SSE-C, `request_payer`; and what every operation
                takes:

                - `stable_for`: The same URL for so many seconds, for caches; it lives at least `expires_in`, at most
                  these seconds longer.
                - `nonce=True`: A random signed `x-nonce` parameter, so that no two links are the same one.
                - `allow_dot_segments=True`: Sign a key with a `.` or `..` segment, which most HTTP clients collapse.

        Raises:
            InputError: A bucket, key or value that cannot be signed.
            CredentialsExpireFirst: The credentials end before `expires_in`.
            TypeError: A value of the wrong type, or a parameter that GetObject does not have.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> url = s3.get_object("reports", "7f3a", download_as="costs.csv", expires_in=900, stable_for=300)

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        if params:
            return self.sign_operation("get_object", bucket, key, expires_in, now, params)
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
        """A URL that asks for an object's headers with HEAD; a GET URL does not answer HEAD.

        Arguments and errors are those of `get_object`, without `download_as`.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
        """
        if params:
            return self.sign_operation("head_object", bucket, key, expires_in, now, params)
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
        What is not given is not checked: without `content_type` any Content-Type is accepted.  A range of sizes cannot
        be signed; `post_object` can.

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
            return self.sign_operation("put_object", bucket, key, expires_in, now, params)
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
            return self.sign_operation("delete_object", bucket, key, expires_in, now, params)
        return self._signer("DELETE", bucket, expires_in, now)(key)

    # All the other operations.  In the class's own namespace: to set them later would double what the class costs.
    vars().update(zip(_NAMES, map(_Operation, _NAMES)))  # noqa: B905 - of one length, being one list

    def sign_operation(
        self,
        operation: str,
        bucket: "str | None",
        key: "str | None",
        expires_in: "Lifetime | None",
        now: "Now | None",
        params: "Any",
    ) -> PresignedUrl:
        """What every operation's method calls: its parameters placed where S3 reads them, and signed."""
        from ._s3.operation_table import OBJECT, OPERATIONS, SERVICE
        from ._s3.operations import place_parameters

        params = dict(params)
        stable_for, nonce = params.pop("stable_for", None), params.pop("nonce", False)
        dots = params.pop("allow_dot_segments", False)
        query, headers = place_parameters(operation, params)
        method, scope = OPERATIONS[operation][:2]
        if scope == OBJECT:
            key = exact_text("key", key)  # type: ignore[arg-type]  # None too: without a key it is another operation
        where: Any = _SERVICE if scope == SERVICE else bucket
        return self._sign(method, where, key, query or None, headers or None, expires_in, stable_for, nonce, dots, now)

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
        """A URL for anything that S3 has or will have.

        Args:
            method: The HTTP method, in capitals.
            bucket: The bucket's name, or the ARN of an access point.
            key: The object's key; None: the bucket itself.
            query: Parameters as plain text, a mapping or pairs; one without a value, as in `?tagging`, has `""`.
            headers: Headers that the client will send; each becomes a signed header.
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
        method = _checked_method(method)
        return self._sign(
            method, bucket, key, query, headers, expires_in, stable_for, nonce, allow_dot_segments, now
        )  # fmt: skip

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

        Arguments are checked, and clock and credentials read, at this call; a bad key raises when its turn comes.
        Arguments and errors are those of `presign`.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> urls = s3.presign_many("GET", "photos", (f"{n}.jpeg" for n in range(10_000)), expires_in=600)
            >>> next(urls).partition("?")[0]
            'https://photos.s3.eu-west-1.amazonaws.com/0.jpeg'
        """
        method = _checked_method(method)
        if isinstance(keys, (str, bytes)):
            raise TypeError(f"keys: expected an iterable of keys, got one {type(keys).__name__}")
        special = _special(query, headers, whole=False, dots=allow_dot_segments)
        return map(self._signer(method, bucket, expires_in, now, stable_for, special), keys)

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
        """All URLs of a multipart upload that has been created: its parts, lazily, complete and abort.

        Args:
            bucket: The bucket's name.
            key: The object's key.
            upload_id: What CreateMultipartUpload answered.
            part_count: How many parts there are, 1 to 10,000.
            expires_in: As for `get_object`; it holds for all of them.
            now: As for `get_object`; read once for all of them.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> plan = s3.multipart_plan("videos", "cat.mp4", upload_id="abc", part_count=3)
            >>> [part.method for part in plan.parts], plan.complete.method, plan.abort.method
            (['PUT', 'PUT', 'PUT'], 'POST', 'DELETE')

        Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
        """
        from ._s3.multipart import MultipartPlan

        return MultipartPlan(self, bucket, key, upload_id, part_count, expires_in, epoch_seconds(now))

    def post_object(
        self,
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: "Unpack[PostObject]",
    ) -> "PresignedPost":
        """A form that uploads a file with POST, as browsers do; `${filename}` in the key is the file's own name.

        Every field of the form is covered by a condition of its policy.

        Args:
            bucket: The bucket's name.
            key: The object's key.
            expires_in: As for `get_object`; left out with `policy`.
            now: As for `get_object`.
            **params: `fields`, `conditions`, `content_length_range=(least, most)` in bytes, `content_type` or
                `content_type_starts_with="image/"`, `acl`, `metadata`, `tagging`, `success_action_redirect`,
                `success_action_status`, `storage_class`, ..., or `policy`, the policy's own bytes.

        Raises:
            InputError: A form that S3 must refuse, or a store that takes no forms.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> form = s3.post_object("photos", "user/42/${filename}", expires_in=600,
            ...                       content_length_range=(1, 5_000_000), now=1764000000)
            >>> form.url, form.expires_at
            ('https://photos.s3.eu-west-1.amazonaws.com/', 1764000600)

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html
        """
        from ._s3.post import post_object

        if self.provider is not None:
            from ._s3.stores import STORES

            if not STORES[self.provider].post_supported:
                raise InputError("provider", f"{self.provider!r} takes no POST forms; put_object makes a URL for PUT")
        bucket = exact_text("bucket", bucket)
        second, credentials = epoch_seconds(now), freeze(self.credentials)
        _, _, opening, region, service, rules = self._place(bucket)
        if region is None:
            raise InputError("bucket", "a multi-region access point takes no POST forms, which have no SigV4A")
        lifetime = None
        if expires_in is not None or params.get("policy") is None:
            lifetime = self._lifetime(expires_in, second, credentials.expires_at, 0)
        scheme, _, rest = opening.partition("://")
        host, slash, path = rest.partition("/")
        return post_object(
            (scheme, host, slash + path),
            credentials,
            second,
            lifetime,
            rules.session_token,
            bucket,
            key,
            region=region,
            service=service,
            **params,
        )

    # --- the one way to a URL ----------------------------------------------------------------------------------------

    def _sign(
        self,
        method: str,
        bucket: str,
        key: "str | None",
        query: "Query | None",
        headers: "Headers | None",
        expires_in: "Lifetime | None",
        stable_for: "Lifetime | None",
        nonce: bool,
        dots: bool,
        now: "Now | None",
    ) -> PresignedUrl:
        if nonce:
            query = _with_nonce(query, stable_for)
        special = _special(query, headers, whole=key is None, dots=dots)
        return self._signer(method, bucket, expires_in, now, stable_for, special)("" if key is None else key)

    def _signer(
        self,
        method: str,
        bucket: str,
        expires_in: "Lifetime | None",
        now: "Now | None",
        stable_for: "Lifetime | None" = None,
        special: "Special" = _PLAIN,
    ) -> "Signer":
        """The function that signs a key: the last one again if nothing it depends on has changed, else a new one."""
        second = int(time.time()) if now is None else epoch_seconds(now)
        credentials: Any = self.credentials
        if type(credentials) is not Credentials:
            credentials = freeze(credentials)
        if expires_in is not None and type(expires_in) is not int:  # so that 1, True and 1.0 are told apart below
            expires_in = lifetime_seconds(expires_in, "expires_in", None)
        if stable_for is not None:
            stable_for = lifetime_seconds(stable_for, "stable_for", LONGEST)
            if credentials.expires_at is not None:  # at this moment, not only at the window's beginning
                fitted_lifetime(1, second, credentials.expires_at, shorten=False)
            second -= second % stable_for
        if type(bucket) is not str and bucket is not _SERVICE:
            bucket = exact_text("bucket", bucket)
        wanted = (second, method, bucket, expires_in, stable_for, credentials)
        made_for, signer = self._latest
        if made_for == wanted and special is _PLAIN:
            return signer  # type: ignore[no-any-return]  # the tuple's own type says nothing of its parts
        last_bucket, place = self._last_place
        if last_bucket != bucket:
            place = self._place(bucket)
        lifetime = self._lifetime(expires_in, second, credentials.expires_at, stable_for or 0)
        if place[3] is None:
            if self._public is not None:
                raise InputError("public_endpoint", "cannot stand before a multi-region access point; leave it out")
            from ._s3.multi_region import multi_region_signer

            signer = multi_region_signer(method, place[2], lifetime, second, credentials, special)
        else:
            longest = LONGEST_KEY if self._store is None else _NO_LIMIT  # what other stores allow is theirs to say
            signer = new_signer(method, place, lifetime, second, credentials, longest, special)
        if special is _PLAIN:
            set_field(self, "_latest", (wanted, signer))
        return signer

    def _place(self, bucket: str) -> "SigningPlace":
        """Where a bucket is, worked out and remembered.  The region of a multi-region access point is None."""
        store, style = self._store, self.addressing_style
        if bucket is _SERVICE:
            if store is None:
                scheme, host, path, region, service = place_at_aws(
                    "any-bucket", region=self.region, style="path", dualstack=self.dualstack, fips=self.fips,
                    accelerate=False,
                )  # fmt: skip
                path = ""
            else:
                scheme, host, path, region, service = store.scheme, store.host, store.base, self.region, "s3"
        elif store is None:
            scheme, host, path, region, service = place_at_aws(
                bucket, region=self.region, style=style, dualstack=self.dualstack, fips=self.fips,
                accelerate=self.accelerate,
            )  # fmt: skip
        else:
            from ._s3.endpoints import place_at_endpoint

            scheme, host, path, region, service = place_at_endpoint(store, bucket, region=self.region, style=style)
        opening = f"{scheme}://{host}{path}"
        if self._public is not None:
            opening = "{}://{}{}".format(*self._public.place(bucket, self._public_style(bucket, path)))
        place = (host, path, opening, region, service, rules_for(service))
        set_field(self, "_last_place", (bucket, place))
        return place

    def _public_style(self, bucket: str, path: str) -> "AddressingStyle":
        """Where the public endpoint has the bucket: where the store has it; an ARN is in the store's host alone."""
        if bucket is _SERVICE or bucket[:4] == "arn:":
            return "cname"
        if self._store is None:
            return "path" if path else "virtual"
        return "path" if self.addressing_style == "auto" else self.addressing_style

    def _lifetime(
        self, expires_in: "Lifetime | None", second: int, credentials_end: "int | None", stable_for: int
    ) -> int:
        lifetime = self.default_expires_in
        if expires_in is not None:
            lifetime = lifetime_seconds(expires_in, "expires_in", LONGEST)
        if stable_for:
            lifetime += stable_for
            if lifetime > LONGEST:
                raise InputError(
                    "stable_for", f"{stable_for} s more than expires_in is {lifetime} s; the longest is {LONGEST} s"
                )
        if credentials_end is not None:
            shorten = expires_in is None or self.clamp_to_credentials
            lifetime = fitted_lifetime(lifetime, second, credentials_end, shorten=shorten)
        return lifetime


def _checked_method(method: str) -> str:
    """The method, checked; those of S3 need no reading."""
    if type(method) is str and method in _METHODS:
        return method
    from ._canonical import checked_method

    return checked_method(method)


def _special(query: "Query | None", headers: "Headers | None", *, whole: bool, dots: bool) -> "Special":
    """What a URL has besides its key; if it has nothing, `_PLAIN`, whose signer is remembered."""
    return (query, headers, whole, dots) if query is not None or headers is not None or whole or dots else _PLAIN


def _with_nonce(query: "Query | None", stable_for: "Lifetime | None") -> "Pairs":
    """The query with a random parameter; S3 ignores unknown ones that begin with `x-`, and logs them.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html#LogFormatCustom
    """
    import os

    if stable_for is not None:
        raise InputError("nonce", "makes each URL another one, and stable_for keeps it the same; drop one of them")
    given: Any = () if query is None else query
    pairs: Any = given.items() if hasattr(given, "items") else given
    return [*pairs, ("x-nonce", os.urandom(16).hex())]
