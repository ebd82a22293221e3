"""The settings that the AWS CLI would use here, and a presigner made from them.

Rule: never sign silently for another endpoint than the AWS CLI would.  Every setting is used, a malformed one is an
error, and each value has its source.

https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html
"""

from .._value import Value as _Value
from .._value import set_field
from ..errors import InputError
from ._lookup import UNSET, Lookup, Value, is_true
from ._provider import check_flag

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any, TypeVar

    from .._s3.buckets import AddressingStyle
    from .._s3.presigner import S3Presigner

    P = TypeVar("P", bound=S3Presigner)

_STYLES = ("auto", "virtual", "path")


class Settings(_Value):
    """Settings for a service from the environment, the shared files and the instance.

    `providers.settings` returns them; immutable and comparable, without secrets.

    Attributes:
        profile: The profile that was read.
        region: The region; None if it is not set.
        endpoint_url: The service's URL, if it is not at AWS; else None.
        use_fips: Whether to use AWS's FIPS endpoints.  An `endpoint_url` wins over it, as in the AWS CLI.
        use_dualstack: Whether to use AWS's dual-stack endpoints (IPv4 and IPv6).  An `endpoint_url` wins over it.
        addressing_style: `"auto"`, `"virtual"` or `"path"`, for S3.
        use_accelerate: Whether to use S3 Transfer Acceleration.
        use_arn_region: Whether the ARN of an access point may be in another region than `region`.
        disable_multiregion: Whether multi-region access points are rejected.
        ca_bundle: The file of the trusted certificates; None: the system's.
        max_attempts: The number of attempts before a request fails.
        sources: For each of these names, where its value came from, such as `"AWS_REGION"` or
            `"region of profile 'dev' (/home/al/.aws/config, line 3)"`; a fresh dict.
    """

    __slots__ = (
        "_sources", "addressing_style", "ca_bundle", "disable_multiregion", "endpoint_url", "max_attempts", "profile",
        "region", "use_accelerate", "use_arn_region", "use_dualstack", "use_fips",
    )  # fmt: skip
    _fields = (
        "profile", "region", "endpoint_url", "use_fips", "use_dualstack", "addressing_style", "use_accelerate",
        "use_arn_region", "disable_multiregion", "ca_bundle", "max_attempts", "_sources",
    )  # fmt: skip

    profile: str
    region: "str | None"
    endpoint_url: "str | None"
    use_fips: bool
    use_dualstack: bool
    addressing_style: "AddressingStyle"
    use_accelerate: bool
    use_arn_region: bool
    disable_multiregion: bool
    ca_bundle: "str | None"
    max_attempts: int
    _sources: "tuple[tuple[str, str], ...]"

    @property
    def sources(self) -> "dict[str, str]":
        return dict(self._sources)

    def __repr__(self) -> str:
        shown = [f"{name}={_shown(getattr(self, name))}" for name in self._fields if name[0] != "_"]
        return f"Settings({', '.join(shown)})"


def _shown(value: object) -> str:
    """Return a value without the user name and password that an endpoint's URL may have."""
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
    """Return the settings for a service; see `providers.settings`."""
    check_flag("network", network)
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
        _switch(_of_arns(lookup, service, "use_arn_region"), "use_arn_region", noted, default=True),
        _switch(_of_arns(lookup, service, "disable_multiregion_access_points"), "disable_multiregion", noted),
        noted("ca_bundle", lookup.ca_bundle()),
        lookup.attempts(),
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
    """Return the default region, if neither environment nor profile has one."""
    from ._metadata import instance_region

    region = instance_region(lookup) if network else None
    if region is not None:
        return Value(region, "the instance metadata service"), ""
    if endpoint_url is not None:
        # Stores other than AWS often have no regions; the AWS CLI then signs for this one.
        return Value("us-east-1", "default for an endpoint URL"), ""
    return UNSET, "nothing sets it"


def _switch(found: Value, name: str, noted: "Callable[[str, Value], str | None]", *, default: bool = False) -> bool:
    noted(name, found)
    return default if found is UNSET else is_true(found)


def _dualstack(lookup: Lookup, service: str) -> Value:
    """Return S3's own setting if it is true, else that of all services, as in botocore."""
    own = lookup.s3_setting("use_dualstack_endpoint") if service == "s3" else UNSET
    return own if is_true(own) else lookup.find("use_dualstack_endpoint")


def _of_arns(lookup: Lookup, service: str, name: str) -> Value:
    """Return which ARNs of access points are signed for: the variable, the profile's setting, or that below `s3 =`.

    https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-access-point.html
    https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-mrap.html
    """
    if service != "s3":
        return UNSET
    found = lookup.find(f"s3_{name}")
    return lookup.s3_setting(name if name == "use_arn_region" else f"s3_{name}") if found is UNSET else found


def _style(found: Value, noted: "Callable[[str, Value], str | None]") -> str:
    style = noted("addressing_style", found) or "auto"
    if style not in _STYLES:
        raise InputError(found.source, f"{style[:20]!r} is not auto, virtual or path")
    return style


def presigner_from_settings(
    cls: "type[P]", profile: "str | None", region: "str | None", arguments: "dict[str, Any]"
) -> "P":
    """Return the presigner of `S3Presigner.from_settings`."""
    from . import resolve

    mfa, network = arguments.pop("mfa", None), arguments.pop("network", True)
    found = read_settings(profile, region=region, network=network)
    sources = found.sources
    used: dict[str, Any] = {"endpoint": found.endpoint_url, "addressing_style": found.addressing_style}
    if arguments.get("endpoint", found.endpoint_url) is None:
        used.update(fips=found.use_fips, dualstack=found.use_dualstack)
    if found.use_accelerate:  # acceleration always puts the bucket into the host
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
        if not found.use_arn_region:
            made._addresses.forbidden["another region"] = sources["use_arn_region"]
        if found.disable_multiregion:
            made._addresses.forbidden["no region"] = sources["disable_multiregion"]
        return made  # noqa: TRY300 - errors of the lines above are handled below
    except InputError as fault:
        if used["endpoint"] is None and fault.parameter != "addressing_style":
            used["region"] = region  # at AWS it decides which features exist
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
