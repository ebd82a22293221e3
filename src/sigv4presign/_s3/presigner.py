"""`S3Presigner`: presigned URLs for one store, one region, one source of credentials.

Rule: everything but the key is constant for a second.  So `_signer` puts it together once a second, as a function of
the key, and that function, ten lines long, is all that runs for each URL.  The presigner remembers the last such
function beside what it was made for, in one tuple that is replaced whole: a thread sees the old one or the new one,
never half, and needs no lock.
"""

import time

from .._canonical import S3_RULES, encode_query, join_canonical_request, signed_headers
from .._credentials import Credentials
from .._encoding import KEEP_UNRESERVED_AND_SLASH, UNRESERVED_AND_SLASH, escape
from .._presign import check_method, check_query_names, fitted_lifetime, headers_to_sign
from .._query_auth import PresignedUrl, new_str, set_about, signed_query
from .._signature import ALGORITHM, check_scope_name, freeze, sha256, state_for
from .._timestamps import amz_date, epoch_seconds, lifetime_seconds
from .._value import Value, set_field
from ..errors import InputError
from .endpoints import STYLES, Endpoint, aws_endpoint, check_bucket, resolve_style

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import Any

    from typing_extensions import Self, Unpack

    from .._canonical import Pairs
    from ..types import CredentialsSource, Headers, Lifetime, Now, Query
    from .endpoints import AddressingStyle
    from .operations import DeleteObject, PutObject, ReadObject

    Signer = Callable[[str], PresignedUrl]

_NOTHING: "tuple[Any, Any]" = (None, None)


class S3Presigner(Value):
    """Makes presigned URLs for one store and region.  Immutable, safe to share between threads, never on the network.

    Args:
        credentials: `Credentials`, a `SigningKey`, botocore's object, or a callable that returns one of these and is
            called for each signature (once for a batch).
        region: `eu-west-1`, or what the store is configured with.
        endpoint: The store's own URL, as the store sees it, if it is not AWS: `http://minio:9000`.  It is signed.
        public_endpoint: The URL that clients open, if a proxy in between rewrites Host or strips a path prefix.
        addressing_style: `"virtual"` puts the bucket into the host, `"path"` into the path, `"cname"` nowhere, since
            the endpoint's host stands for the bucket.  `"auto"`: the host at AWS, except for dotted names, which TLS
            certificates do not cover; the path at other endpoints.
        default_expires_in: The lifetime if a call gives none, in whole seconds or as a timedelta.
        clamp_to_credentials: Shorten a URL that would outlive its credentials even if its lifetime was given.

    Raises:
        InputError: An argument that cannot work; the message says which and what to do.
        TypeError: An argument of the wrong type.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> url = s3.get_object("reports", "2026/costs & more.csv", expires_in=900)
        >>> url.partition("?")[0]
        'https://reports.s3.eu-west-1.amazonaws.com/2026/costs%20%26%20more.csv'
    """

    __slots__ = (
        "_last_place", "_latest", "_public", "_store", "addressing_style", "clamp_to_credentials", "credentials",
        "default_expires_in", "endpoint", "public_endpoint", "region",
    )  # fmt: skip
    _fields = (
        "credentials", "region", "endpoint", "public_endpoint", "addressing_style", "default_expires_in",
        "clamp_to_credentials",
    )  # fmt: skip
    _hidden = ("credentials",)  # botocore's own objects print their secrets

    credentials: "CredentialsSource"
    region: str
    endpoint: "str | None"
    public_endpoint: "str | None"
    addressing_style: "AddressingStyle"
    default_expires_in: int
    clamp_to_credentials: bool
    _store: Endpoint
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
        default_expires_in: "Lifetime" = 3600,
        clamp_to_credentials: bool = False,
    ) -> None:
        check_scope_name("region", region)
        if addressing_style not in STYLES:
            raise InputError("addressing_style", f"{addressing_style!r} is none of {', '.join(map(repr, STYLES))}")
        if addressing_style == "cname" and endpoint is None:
            raise InputError("addressing_style", "'cname' needs the endpoint= whose host stands for the bucket")
        longest = S3_RULES.max_expires_in
        set_field(self, "credentials", credentials)
        set_field(self, "region", region)
        set_field(self, "endpoint", endpoint)
        set_field(self, "public_endpoint", public_endpoint)
        set_field(self, "addressing_style", addressing_style)
        set_field(self, "default_expires_in", lifetime_seconds(default_expires_in, "default_expires_in", longest))
        set_field(self, "clamp_to_credentials", bool(clamp_to_credentials))
        if not callable(credentials):
            freeze(credentials)  # for the error it raises
        self._start_caches()

    def _start_caches(self) -> None:
        store, public = self.endpoint, self.public_endpoint
        set_field(self, "_store", aws_endpoint(self.region) if store is None else Endpoint(store, "endpoint"))
        set_field(self, "_public", None if public is None else Endpoint(public, "public_endpoint"))
        set_field(self, "_latest", _NOTHING)
        set_field(self, "_last_place", _NOTHING)

    def replace(self, **changes: "Any") -> "Self":
        """The same presigner with other arguments: `s3.replace(region="eu-central-1")`."""
        arguments: dict[str, Any] = {name: getattr(self, name) for name in self._fields}
        unknown = [name for name in changes if name not in arguments]
        if unknown:
            raise TypeError(f"replace() takes the arguments of S3Presigner; {unknown[0]!r} is none of them")
        return type(self)(**{**arguments, **changes})

    # --- operations --------------------------------------------------------------------------------------------------

    def get_object(
        self,
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: "Unpack[ReadObject]",
    ) -> PresignedUrl:
        """A URL that downloads an object with GET.

        Args:
            bucket: The bucket's name.
            key: The object's key as plain text, any characters.
            expires_in: The lifetime, whole seconds or a timedelta, 1 second to 7 days; None: the presigner's default.
            now: When it begins: epoch seconds or an aware datetime; None: this moment.
            **params: `version_id`, and the `response_*` overrides of the headers S3 will answer with.

        Raises:
            InputError: A bucket, key or value that cannot be signed.
            CredentialsExpireFirst: The credentials end before `expires_in`.
            TypeError: A value of the wrong type, or a parameter that GetObject does not have.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
        """
        if params:
            return self._operation("get_object", "GET", bucket, key, expires_in, now, params)
        return self._signer("GET", bucket, expires_in, now)(key)

    def head_object(
        self,
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: "Unpack[ReadObject]",
    ) -> PresignedUrl:
        """A URL that asks for an object's headers with HEAD; a GET URL does not answer HEAD.

        Arguments and errors are those of `get_object`.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
        """
        if params:
            return self._operation("head_object", "HEAD", bucket, key, expires_in, now, params)
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
        What is not given is not checked: without `content_type` any Content-Type is accepted.

        Args:
            bucket: The bucket's name.
            key: The object's key as plain text, any characters.
            expires_in: As for `get_object`.
            now: As for `get_object`.
            **params: `content_type`, `content_length` (the exact size in bytes), `content_md5`, `cache_control`,
                `content_disposition`, `content_encoding`, `content_language`.

        Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
        """
        if params:
            return self._operation("put_object", "PUT", bucket, key, expires_in, now, params)
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
            return self._operation("delete_object", "DELETE", bucket, key, expires_in, now, params)
        return self._signer("DELETE", bucket, expires_in, now)(key)

    def presign(
        self,
        method: str,
        bucket: str,
        key: "str | None" = None,
        *,
        query: "Query | None" = None,
        headers: "Headers | None" = None,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
    ) -> PresignedUrl:
        """A URL for anything that S3 has or will have.

        Args:
            method: The HTTP method, in capitals.
            bucket: The bucket's name.
            key: The object's key; None: the bucket itself.
            query: Parameters as plain text, a mapping or pairs; one without a value, as in `?tagging`, has `""`.
            headers: Headers that the client will send; each becomes a signed header.
            expires_in: As for `get_object`.
            now: As for `get_object`.

        Example:
            >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
            >>> url = s3.presign("PUT", "reports", "costs.csv", query={"tagging": ""})
            >>> url.method, "&tagging=&" in url
            ('PUT', True)
        """
        check_method(method)
        if key is None:
            return self._signer(method, bucket, expires_in, now, query, headers, whole_bucket=True)("")
        return self._signer(method, bucket, expires_in, now, query, headers)(key)

    def presign_many(
        self,
        method: str,
        bucket: str,
        keys: "Iterable[str]",
        *,
        query: "Query | None" = None,
        headers: "Headers | None" = None,
        expires_in: "Lifetime | None" = None,
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
        check_method(method)
        if isinstance(keys, (str, bytes)):
            raise TypeError(f"keys: expected an iterable of keys, got one {type(keys).__name__}")
        return map(self._signer(method, bucket, expires_in, now, query, headers), keys)

    def _operation(
        self,
        operation: str,
        method: str,
        bucket: str,
        key: str,
        expires_in: "Lifetime | None",
        now: "Now | None",
        params: "Any",
    ) -> PresignedUrl:
        from .operations import place_parameters  # the table of all operations, loaded by the first that has parameters

        query, headers = place_parameters(operation, params)
        return self._signer(method, bucket, expires_in, now, query, headers)(key)

    # --- the one way to a URL ----------------------------------------------------------------------------------------

    def _signer(
        self,
        method: str,
        bucket: str,
        expires_in: "Lifetime | None",
        now: "Now | None",
        query: "Query | None" = None,
        headers: "Headers | None" = None,
        *,
        whole_bucket: bool = False,
    ) -> "Signer":
        """The function that signs a key: the last one again if nothing it depends on has changed, else a new one."""
        second = int(time.time()) if now is None else epoch_seconds(now)
        credentials = self.credentials
        if type(credentials) is not Credentials:
            credentials = freeze(credentials)
        if expires_in is not None and type(expires_in) is not int:  # so that 1, True and 1.0 are told apart below
            expires_in = lifetime_seconds(expires_in, "expires_in", None)
        if query is not None or headers is not None or whole_bucket:
            return self._new_signer(method, bucket, expires_in, second, credentials, query, headers, whole_bucket)
        wanted = (second, method, bucket, expires_in, credentials)
        made_for, signer = self._latest
        if made_for == wanted:
            return signer
        signer = self._new_signer(method, bucket, expires_in, second, credentials, None, None, False)
        set_field(self, "_latest", (wanted, signer))
        return signer

    def _new_signer(
        self,
        method: str,
        bucket: str,
        expires_in: "Lifetime | None",
        second: int,
        credentials: "Any",
        query: "Query | None",
        headers: "Headers | None",
        whole_bucket: bool,
    ) -> "Signer":
        rules = S3_RULES
        host, path, opening = self._place(bucket)
        lifetime = self.default_expires_in
        if expires_in is not None:
            lifetime = lifetime_seconds(expires_in, "expires_in", rules.max_expires_in)
        if credentials.expires_at is not None:
            shorten = expires_in is None or self.clamp_to_credentials
            lifetime = fitted_lifetime(lifetime, second, credentials.expires_at, shorten=shorten)
        pairs: Pairs = []
        if query is not None:
            pairs = encode_query(query)
            check_query_names("query", pairs, rules)
        signed, names = [("host", host)], "host"
        if headers is not None:
            signed = headers_to_sign(headers, host, rules.payload_hash)
            names = signed_headers(signed)

        date = amz_date(second)
        scope, credential, token, inner_start, outer_start, _ = state_for(credentials, date[:8], self.region, "s3")
        query_string = signed_query(credential, date, lifetime, names, token, rules.session_token, pairs)
        if not whole_bucket:
            path, opening = path + "/", opening + "/"
        elif not path:
            path, opening = "/", opening + "/"
        # The canonical request with a hole for the key; NUL is in none of its parts.
        before, _, after = join_canonical_request(
            method, path + "\0", query_string, signed, names, rules.payload_hash
        ).partition("\0")  # fmt: skip
        inner_start = inner_start.copy()
        inner_start.update(f"{ALGORITHM}\n{date}\n{scope}\n".encode())
        closing = f"?{query_string}&X-Amz-Signature="
        about = (method, tuple(signed), second + lifetime)

        def sign_key(key: str) -> PresignedUrl:
            try:
                raw = key.encode()
            except (AttributeError, UnicodeEncodeError):
                raise _bad_key(key) from None
            if not raw and not whole_bucket:
                raise _bad_key(key)
            uri = key if raw.translate(KEEP_UNRESERVED_AND_SLASH) == raw else escape(raw, UNRESERVED_AND_SLASH)
            request_hash = sha256(f"{before}{uri}{after}".encode()).hexdigest()
            inner, outer = inner_start.copy(), outer_start.copy()  # HMAC, begun in _signature._hmac_states
            inner.update(request_hash.encode())
            outer.update(inner.digest())
            url: PresignedUrl = new_str(PresignedUrl, f"{opening}{uri}{closing}{outer.hexdigest()}")
            set_about(url, about)
            return url

        return sign_key

    def _place(self, bucket: str) -> "tuple[str, str, str]":
        """(host that is signed, path that is signed, URL that is opened), each up to the key's slash, of a bucket."""
        remembered_bucket, place = self._last_place
        if remembered_bucket == bucket:
            return place
        aws = self.endpoint is None
        check_bucket(bucket, aws=aws)
        scheme, host, path = self._store.place(
            bucket, resolve_style(bucket, self.addressing_style, aws=aws, scheme=self._store.scheme)
        )
        opening = f"{scheme}://{host}{path}"
        if self._public is not None:
            style = resolve_style(bucket, self.addressing_style, aws=aws, scheme=self._public.scheme)
            opening = "{}://{}{}".format(*self._public.place(bucket, style))
        place = (host, path, opening)
        set_field(self, "_last_place", (bucket, place))
        return place


def _bad_key(key: object) -> Exception:
    if not isinstance(key, str):
        return TypeError(f"key: expected str, got {type(key).__name__}")
    if not key:
        return InputError("key", "is empty; presign() with key=None means the bucket itself")
    return InputError("key", "has a lone surrogate, which is not text; decode file names with errors='strict'")
