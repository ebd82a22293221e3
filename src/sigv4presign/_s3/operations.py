"""S3's operations as methods, and their parameters as query and headers.

Rule: what is particular to an operation is in its row of `operation_table`.
"""

from ..errors import InputError
from .operation_table import BUCKET, GRANTS, OBJECT, OPERATIONS, SERVICE
from .parameter_values import customer_key, customer_key_md5
from .parameters import PARAMETERS, QUERY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    from .._presigned_url import PresignedUrl
    from .._time import Lifetime, Now
    from .parameter_values import Pairs

# --- from a call to the request --------------------------------------------------------------------------------------


def place_parameters(operation: str, params: "Mapping[str, object]") -> "tuple[Pairs, Pairs]":
    """Turn an operation's parameters into query and headers, as decoded pairs.  `None` is a parameter not given.

    Raises:
        TypeError: An unknown parameter, a missing required one, or a wrong type.
        InputError: A value that S3 or HTTP would reject.
    """
    row = OPERATIONS[operation]
    places, required = row.places, row.required
    query: Pairs = list(row.query)
    headers: Pairs = []
    for name, value in params.items():
        if name not in places:
            raise _unexpected(operation, name)
        if value is None:
            continue
        where, wire_name, kind = places[name]
        made = kind(name, value)
        if isinstance(made, str):
            (query if where == QUERY else headers).append((wire_name, made))
        else:
            headers += made  # a mapping: a header for each of its items, or none
    missing = [name for name in required if params.get(name) is None]
    if missing:
        raise _missing(operation, missing)
    if params and "sse_customer_key" in places:
        headers += _customer_key_md5(params)
    if params.get("download_as") is not None and params.get("response_content_disposition") is not None:
        raise InputError("download_as", "sets response_content_disposition; give only one of the two")
    return query, headers


_GRANTS = frozenset(f"{GRANTS} grant_write".split())


def has_body(operation: str, params: "Mapping[str, object]") -> bool:
    """Whether the client must send a body; `create_bucket` needs one only for the region.

    An operation with a body takes Content-MD5.  Access is granted in headers or in the body, never in both:
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html
    """
    row = OPERATIONS[operation]
    return "content_md5" in row.places and not (row.query == [("acl", "")] and not _GRANTS.isdisjoint(params))


def _customer_key_md5(params: "Mapping[str, object]") -> "Pairs":
    """The third header of SSE-C, if it was not given; S3 requires all three together.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html
    """
    headers: Pairs = []
    for whose in ("sse_customer", "copy_source_sse_customer"):
        names = f"{whose}_algorithm", f"{whose}_key", f"{whose}_key_md5"
        algorithm, key, key_md5 = [params.get(name) for name in names]
        if algorithm is None and key is None and key_md5 is None:
            continue
        if algorithm is None or key is None:
            missing = names[0] if algorithm is None else names[1]
            raise InputError(missing, f"is missing; S3 requires {names[0]} ('AES256') and {names[1]} together")
        made = customer_key_md5(customer_key(names[1], key))
        if key_md5 is None:
            headers.append((PARAMETERS[names[2]][1], made))
        elif key_md5 != made:
            raise InputError(names[2], f"is not the MD5 of {names[1]} in base64; leave it out, and it is computed")
    return headers


def _unexpected(operation: str, name: str) -> TypeError:
    """The error for an unknown parameter, with a hint, such as `version_id` for `VersionId`."""
    places = OPERATIONS[operation].places
    known = [*places, "expires_in", "now"]
    for right in known:
        if right.replace("_", "") == name.replace("_", "").lower():
            return _no_such_parameter(operation, name, f"use {right}")
    for right in close_names(name.lower(), known):
        return _no_such_parameter(operation, name, f"did you mean {right}?")
    if "content_md5" in places:
        return _no_such_parameter(operation, name, "the client sends the request's body; it is not part of the URL")
    return _no_such_parameter(operation, name, f"it takes {', '.join(known)}")


def _no_such_parameter(operation: str, name: str, way_out: str) -> TypeError:
    return TypeError(f"{operation}() got an unexpected keyword argument {name!r}; {way_out}")


def _missing(operation: str, names: "list[str]") -> TypeError:
    """The error that Python raises for missing arguments."""
    quoted = [repr(name) for name in names]
    comma = "," if len(quoted) > 2 else ""
    listed = f"{', '.join(quoted[:-1])}{comma} and {quoted[-1]}" if len(quoted) > 1 else quoted[0]
    plural = "s" if len(quoted) > 1 else ""
    return TypeError(f"{operation}() missing {len(quoted)} required keyword-only argument{plural}: {listed}")


def close_names(name: str, names: "Iterable[str]") -> "list[str]":
    """The most similar name, if there is one."""
    from difflib import get_close_matches

    return get_close_matches(name, names, n=1)


# --- from a name to a method -----------------------------------------------------------------------------------------


def describe(operation: str) -> str:
    """The docstring of a method such as `s3.upload_part`: the request, each parameter, and S3's page.

    Example:
        >>> print(describe("list_parts").splitlines()[0])
        A URL for S3's ListParts: GET of an object.
    """
    row = OPERATIONS[operation]
    words = [word.capitalize() for word in operation.split("_")]
    query = "&".join([f"{name}={value}" if value else name for name, value in row.query])
    of = {OBJECT: "an object", BUCKET: "a bucket", SERVICE: "the service"}[row.scope]
    lines = [f"A URL for S3's {''.join(words)}: {row.method} of {of}{f' with ?{query}' if query else ''}.", ""]
    for name, (where, wire_name, kind) in row.places.items():
        kind_name = kind.__name__.replace("_", " ")
        note = ", required" if name in row.required else ""
        lines.append(f"    {name}: {'?' if where == QUERY else ''}{wire_name} ({kind_name}{note})")
    lines += ["", "Those without ? are headers: they are signed, and the client must send them."]
    lines += ["", f"Source: {page(operation)}"]
    return "\n".join(lines)


def page(operation: str) -> str:
    """The page of an operation in S3's reference."""
    name = "".join([word.capitalize() for word in operation.split("_")])
    return f"https://docs.aws.amazon.com/AmazonS3/latest/API/API_{name}.html"


def bound(presigner: "Any", name: str) -> "Callable[..., PresignedUrl]":
    """An operation as a bound method of a presigner."""
    bound_method: Callable[..., PresignedUrl] = method(name).__get__(presigner)
    return bound_method


def method(name: str) -> "Any":
    """An operation as an unbound method of `S3Presigner`."""
    if name not in _methods:
        _methods[name] = _method(name)
    return _methods[name]


_methods: "dict[str, Any]" = {}  # one for each operation in use


def _method(name: str) -> "Any":
    def of_object(
        self: "Any",
        bucket: str,
        key: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: object,
    ) -> "PresignedUrl":
        url: PresignedUrl = self.sign_operation(name, bucket, key, params, expires_in=expires_in, now=now)
        return url

    def of_bucket(
        self: "Any",
        bucket: str,
        *,
        expires_in: "Lifetime | None" = None,
        now: "Now | None" = None,
        **params: object,
    ) -> "PresignedUrl":
        url: PresignedUrl = self.sign_operation(name, bucket, None, params, expires_in=expires_in, now=now)
        return url

    def of_service(
        self: "Any", *, expires_in: "Lifetime | None" = None, now: "Now | None" = None, **params: object
    ) -> "PresignedUrl":
        url: PresignedUrl = self.sign_operation(name, None, None, params, expires_in=expires_in, now=now)
        return url

    made: Any = {OBJECT: of_object, BUCKET: of_bucket, SERVICE: of_service}[OPERATIONS[name].scope]
    made.__name__ = name
    made.__qualname__ = f"S3Presigner.{name}"
    made.__doc__ = describe(name)
    return made
