"""The settings that the AWS CLI would use here, and a presigner made from them.

Rule: nothing is signed for another place than the AWS CLI would, silently: what is set counts, what is malformed is an
error, and each value says where it came from.

https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
"""

from .._value import Value as _Value
from .._value import set_field
from ..errors import InputError
from ._lookup import UNSET, Lookup, Value, is_true

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from .._s3.buckets import AddressingStyle
    from .._s3.presigner import S3Presigner

    P = TypeVar("P", bound=S3Presigner)

_STYLES = ("auto", "virtual", "path")


class Settings(_Value):
    """What the environment, the shared files and the instance say about how to reach a service.

    `providers.settings` makes them; immutable and comparable, without any secret.

    Attributes:
        profile: The profile that was read.
        region: The region; None where nothing says one.
        endpoint_url: The service's URL, if it is not at AWS; None where it is.
        use_fips: Whether AWS's FIPS endpoints are wanted.  An `endpoint_url` counts before it, as in the AWS CLI.
        use_dualstack: Whether AWS's endpoints for IPv6 are wanted; the same.
        addressing_style: `"auto"`, `"virtual"` or `"path"`, for S3.
        use_accelerate: Whether S3 Transfer Acceleration is wanted.
        ca_bundle: The file of the certificates that are trusted; None: the system's.
        max_attempts: How often a service is asked before its failure counts.
        sources: For each of these names, where its value came from, such as `"AWS_REGION"` or
            `"region of profile 'dev' (/home/al/.aws/config, line 3)"`; a fresh dict.
    """

    __slots__ = (
        "_forbidden", "_sources", "addressing_style", "ca_bundle", "endpoint_url", "max_attempts", "profile", "region",
        "use_accelerate", "use_dualstack", "use_fips",
    )  # fmt: skip
    _fields = (
        "profile", "region", "endpoint_url", "use_fips", "use_dualstack", "addressing_style", "use_accelerate",
        "ca_bundle", "max_attempts", "_forbidden", "_sources",
    )  # fmt: skip

    profile: str
    region: "str | None"
    endpoint_url: "str | None"
    use_fips: bool
    use_dualstack: bool
    addressing_style: "AddressingStyle"
    use_accelerate: bool
    ca_bundle: "str | None"
    max_attempts: int
    _forbidden: "tuple[tuple[str, str], ...]"  # what kinds of ARNs are not signed for, and by which setting
    _sources: "tuple[tuple[str, str], ...]"

    @property
    def sources(self) -> "dict[str, str]":
        return dict(self._sources)

    def __repr__(self) -> str:
        shown = [f"{name}={_shown(getattr(self, name))}" for name in self._fields if name[0] != "_"]
        return f"Settings({', '.join(shown)})"


def _shown(value: object) -> str:
    """A value without the name and the password that an endpoint's URL may have."""
    text = repr(value)
    opening, _, rest = text.partition("//")
    return f"{opening}//<hidden>@{rest.rpartition('@')[2]}" if "@" in rest else text


def read_settings(
    profile: "str | None" = None,
    service: str = "s3",
    environ: "Mapping[str, str] | None" = None,
    *,
    region: "str | None" = None,
    network: bool = True,
) -> Settings:
    """The settings for a service; see `providers.settings`."""
    lookup = Lookup(profile, environ)
    lookup.check_profile()
    service = service.replace("-", "_").lower()
    sources: dict[str, str] = {"profile": "default"}
    if profile is not None:
        sources["profile"] = "given"
    elif lookup.named:
        sources["profile"] = lookup.variable("AWS_PROFILE", "AWS_DEFAULT_PROFILE").source

    def noted(name: str, found: Value, default: str = "default") -> "str | None":
        sources[name] = default if found is UNSET else found.source
        return found.text

    endpoint_url = noted("endpoint_url", lookup.endpoint_url(service))
    found, default = Value(region, "given") if region else lookup.region(), "nothing sets it"
    if found is UNSET:
        found, default = _unset_region(lookup, endpoint_url, network=network)
    settings = Settings._restore(
        lookup.name,
        noted("region", found, default),
        endpoint_url,
        _switch(lookup.find("use_fips_endpoint"), "use_fips", noted),
        _switch(_dualstack(lookup, service), "use_dualstack", noted),
        _style(lookup.s3_setting("addressing_style"), noted) if service == "s3" else "auto",
        _switch(lookup.s3_setting("use_accelerate_endpoint"), "use_accelerate", noted) if service == "s3" else False,
        noted("ca_bundle", lookup.ca_bundle()),
        lookup.attempts(),
        _forbidden(lookup) if service == "s3" else (),
        (),
    )
    noted("max_attempts", lookup.max_attempts())
    set_field(
        settings,
        "_sources",
        tuple([(name, sources.get(name, "default")) for name in Settings._fields if name[0] != "_"]),
    )
    return settings


def _unset_region(lookup: Lookup, endpoint_url: "str | None", *, network: bool) -> "tuple[Value, str]":
    """The region where neither environment nor profile has one."""
    from ._metadata import instance_region

    region = instance_region(lookup) if network else None
    if region is not None:
        return Value(region, "the instance metadata service"), ""
    if endpoint_url is not None:
        # Stores other than AWS often have no regions; this is what the AWS CLI signs for them.
        return Value("us-east-1", "default for an endpoint URL"), ""
    return UNSET, "nothing sets it"


def _switch(found: Value, name: str, noted: "Callable[[str, Value], str | None]") -> bool:
    noted(name, found)
    return is_true(found)


def _dualstack(lookup: Lookup, service: str) -> Value:
    """S3's own setting where it says true, else that of all services, as in botocore."""
    own = lookup.s3_setting("use_dualstack_endpoint") if service == "s3" else UNSET
    return own if is_true(own) else lookup.find("use_dualstack_endpoint")


def _forbidden(lookup: Lookup) -> "tuple[tuple[str, str], ...]":
    """The kinds of ARNs that are not signed for, and where that is set.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-access-point.html
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-mrap.html
    """
    forbidden: dict[str, str] = {}
    own_region = lookup.find("s3_use_arn_region")
    if own_region is UNSET:
        own_region = lookup.s3_setting("use_arn_region")
    if own_region is not UNSET and not is_true(own_region):
        forbidden["another region"] = own_region.source
    disabled = lookup.find("s3_disable_multiregion_access_points")
    if disabled is UNSET:
        disabled = lookup.s3_setting("s3_disable_multiregion_access_points")
    if is_true(disabled):
        forbidden["no region"] = disabled.source
    return tuple(forbidden.items())


def _style(found: Value, noted: "Callable[[str, Value], str | None]") -> str:
    style = noted("addressing_style", found) or "auto"
    if style not in _STYLES:
        raise InputError(found.source, f"{style[:20]!r} is not auto, virtual or path")
    return style


def presigner_from_settings(
    cls: "type[P]", profile: "str | None", region: "str | None", arguments: "dict[str, Any]"
) -> "P":
    """A presigner as `S3Presigner.from_settings` makes it."""
    from . import resolve

    mfa, network = arguments.pop("mfa", None), arguments.pop("network", True)
    found = read_settings(profile, region=region, network=network)
    sources = found.sources
    used: dict[str, Any] = {"endpoint": found.endpoint_url, "addressing_style": found.addressing_style}
    if arguments.get("endpoint", found.endpoint_url) is None:
        used.update(fips=found.use_fips, dualstack=found.use_dualstack)
    if found.use_accelerate:  # which is by host name, whatever the style says
        used.update(accelerate=True, addressing_style="auto")
    used.update(arguments)
    region = found.region
    if not region:
        raise InputError(
            "region", "is not set anywhere; give region=, set AWS_REGION, or write `region = ...` into the profile"
        )
    if "credentials" not in used:
        used["credentials"] = resolve(profile, region=region, mfa=mfa, network=network)
    try:
        made = cls(region=region, **used)
        made._addresses.forbidden = dict(found._forbidden)
        return made  # noqa: TRY300 - the errors of the line above are told below
    except InputError as fault:
        if used["endpoint"] is None and fault.parameter != "addressing_style":
            used["region"] = region  # at AWS it decides what there is
        told = {
            "endpoint": "endpoint_url",
            "fips": "use_fips",
            "dualstack": "use_dualstack",
            "accelerate": "use_accelerate",
            "addressing_style": "addressing_style",
            "region": "region",
        }
        notes = [
            f"{name}={_shown(used[name])} is from {sources[of]}"
            for name, of in told.items()
            if name in used and name not in arguments and sources[of] not in ("default", "given")
        ]
        if not notes:
            raise
        problem = "; ".join([str(fault).removeprefix(f"{fault.parameter}: "), *notes])
        raise InputError(fault.parameter, problem) from None
