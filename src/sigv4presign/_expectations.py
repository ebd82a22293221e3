"""`Expectations`: what a request must match, as the caller of `verify` or the setter-up of a guard said it.

Rule: checked once, and read for each request.
"""

from ._canonical import is_header_name
from ._query_auth import checked_payload_hash, checked_rules, rules_for
from ._signature import checked_scope_name
from ._text import exact_text
from ._time import WEEK, lifetime_seconds
from ._url import check_path, host_value
from .errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection
    from typing import Any

    from ._query_auth import ServiceRules
    from ._time import Lifetime


class Expectations:
    """The arguments of `verify` that stay the same from request to request, validated.

    Attributes:
        hosts: The names of this service, or None to accept the one in the request.
        longest: The longest X-Amz-Expires accepted, in seconds.
        required, ignored: Names of headers in lower case.
    """

    __slots__ = ("clock_skew", "hosts", "ignored", "longest", "path_prefix", "payload_hash", "region", "required",
                 "rules", "service")  # fmt: skip

    def __init__(
        self,
        *,
        service: str,
        region: "str | None",
        host: "str | Collection[str] | None" = None,
        path_prefix: str = "",
        rules: "ServiceRules | None" = None,
        payload_hash: "str | None" = None,
        max_expires_in: "Lifetime" = WEEK,
        clock_skew: int = 900,
        required_signed_headers: "Collection[str]" = (),
        ignored_headers: "Collection[str]" = ("x-amz-cf-id",),
    ) -> None:
        if isinstance(clock_skew, bool) or not isinstance(clock_skew, int):
            raise TypeError(f"clock_skew: expected whole seconds as int, got {type(clock_skew).__name__}")
        if clock_skew < 0:
            raise InputError("clock_skew", f"{clock_skew} s is negative")
        service = checked_scope_name("service", service)
        rules = rules_for(service) if rules is None else checked_rules(rules)
        longest = lifetime_seconds(max_expires_in, "max_expires_in", None)
        # Stores may allow more than AWS; a service that allows less does not.
        if rules.max_expires_in is not None and rules.max_expires_in < min(longest, WEEK):
            longest = rules.max_expires_in
        self.service = service
        self.region = None if region is None else checked_scope_name("region", region)
        self.hosts = None if host is None else _expected_hosts(host)
        self.path_prefix = _checked_prefix(exact_text("path_prefix", path_prefix))
        self.rules = rules
        self.payload_hash = None if payload_hash is None else checked_payload_hash(payload_hash)
        self.longest = longest
        self.clock_skew = clock_skew
        self.required = _checked_names("required_signed_headers", required_signed_headers)
        self.ignored = _checked_names("ignored_headers", ignored_headers)


def _expected_hosts(expected: "Any") -> "tuple[str, ...]":
    names: Any = (expected,) if isinstance(expected, (str, bytes)) or not hasattr(expected, "__iter__") else expected
    if not names:
        raise InputError("host", "is empty; give the host names that clients use")
    try:
        return tuple([host_value(exact_text("host", name)) for name in names])
    except ValueError as fault:
        raise InputError("host", f"{fault}; write names as in a Host header") from None


def _checked_prefix(prefix: str) -> str:
    if not prefix:
        return ""
    if prefix[0] != "/" or prefix[-1] == "/":
        raise InputError("path_prefix", f"{prefix!r} must begin with a slash and not end with one")
    try:
        check_path(prefix)
    except ValueError as fault:
        raise InputError("path_prefix", f"{prefix!r} {fault}") from None
    return prefix


def _checked_names(parameter: str, names: "Any") -> "tuple[str, ...]":
    # A str would be read letter by letter, and an iterator would be empty the second time.
    if isinstance(names, (str, bytes)) or not hasattr(names, "__len__"):
        raise TypeError(f"{parameter}: expected a collection of names, such as a tuple, got {type(names).__name__}")
    lower = tuple([exact_text(parameter, name).lower() for name in names])
    for name in lower:
        if not is_header_name(name):
            raise InputError(parameter, f"{name[:80]!r} is not a header name")
    return lower
