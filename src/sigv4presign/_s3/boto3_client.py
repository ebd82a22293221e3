"""What an `S3Presigner` takes over from a client, a resource or a session of boto3.

Rule: boto3 is read by its attributes and never imported.  A setting is taken over or rejected, never dropped.
"""

from ..errors import InputError
from .buckets import address_at_aws

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, NoReturn, TypeVar

    from .presigner import S3Presigner

    P = TypeVar("P", bound=S3Presigner)


def presigner_from_boto3(cls: "type[P]", source: "Any", given: "Mapping[str, Any]") -> "P":
    """A presigner as `S3Presigner.from_boto3` makes it.

    Args:
        cls: The class.
        source: An S3 client, a resource (`boto3.resource("s3")`, a bucket, an object), or a session, whose own S3
            client is asked for its settings.
        given: Arguments that win over the client's.

    Raises:
        TypeError: Neither a client nor a session, or a session of aiobotocore, whose credentials have to be awaited.
        InputError: A client of another service, a session without a region, or a setting that has no counterpart.
    """
    client = getattr(getattr(source, "meta", None), "client", source)  # a resource has its client
    if hasattr(client, "get_credentials"):
        session, region = client, _region_of(client, given)
        make = getattr(session, "client", None) or getattr(session, "create_client", None)
        if make is None or _is_asynchronous(session.get_credentials):
            arguments: dict[str, Any] = {**given, "region": region, "credentials": _credentials_of(session, given)}
            return cls(**arguments)
        client = make("s3", region_name=region)
    elif not hasattr(client, "_request_signer") or not hasattr(client, "_ruleset_resolver"):
        raise TypeError(
            f"client_or_session: expected an S3 client or a session of boto3, got {type(source).__name__}; "
            "botocore 1.29 or newer is needed"
        )
    service = client.meta.service_model.service_name
    if service != "s3":
        raise InputError("client_or_session", f"is a client of {service}; give one of s3")
    # What its endpoint ruleset is evaluated with: arguments, environment and configuration files, merged by botocore.
    said = {str(getattr(name, "value", name)): value for name, value in client._ruleset_resolver._builtins.items()}
    arguments = _arguments(client.meta, client._request_signer._credentials, said, given)
    made = cls(**arguments)
    made._addresses.forbidden = _forbidden(said)
    if arguments["endpoint"] is not None and said["SDK::Endpoint"] is None and given.get("endpoint") is None:
        made._addresses.forbidden["another host"] = "the client's use_ssl=False"  # see _without_tls
    return made


# --- a session -------------------------------------------------------------------------------------------------------


def _region_of(session: "Any", given: "Mapping[str, Any]") -> str:
    region = given.get("region")
    if region is None:
        region = getattr(session, "region_name", None)  # boto3's; botocore's session has it among its variables
    if region is None and hasattr(session, "get_config_variable"):
        region = session.get_config_variable("region")
    if region is None:
        raise InputError("region", "the session has none; give region=")
    return region  # type: ignore[no-any-return]  # boto3 is not imported, so it has no types here


def _credentials_of(session: "Any", given: "Mapping[str, Any]") -> "Any":
    found = given.get("credentials")
    if found is None and _is_asynchronous(session.get_credentials):
        raise TypeError(
            "credentials: aiobotocore's are asynchronous; pass credentials=await creds.get_frozen_credentials(), "
            "where creds is what await session.get_credentials() returns"
        )
    if found is None:
        found = session.get_credentials()
    return none_found if found is None else found


def _is_asynchronous(method: "Any") -> bool:
    """Whether a method is a coroutine function, which `inspect` would tell."""
    code = getattr(method, "__code__", None)
    return code is not None and bool(code.co_flags & _CO_COROUTINE)


_CO_COROUTINE = 0x80  # inspect.CO_COROUTINE

# --- a client --------------------------------------------------------------------------------------------------------


def _arguments(meta: "Any", credentials: "Any", said: "dict[str, Any]", given: "Mapping[str, Any]") -> "dict[str, Any]":
    """The arguments of `S3Presigner` that match a client, and those that were given."""
    endpoint, style = said["SDK::Endpoint"], "auto"
    has_tls = endpoint is not None or not meta.endpoint_url.startswith("http:")
    found: dict[str, Any] = {
        "credentials": none_found if credentials is None else credentials,
        "region": meta.region_name,
        "dualstack": bool(said["AWS::UseDualStack"]),
        "fips": bool(said["AWS::UseFIPS"]) and endpoint is None,
        "accelerate": bool(said["AWS::S3::Accelerate"]),
    }
    version = meta.config.signature_version
    if version is not None and not isinstance(version, str):
        found["credentials"] = signs_nothing
    if endpoint is not None and _is_accelerate(endpoint):  # botocore takes this one as the option
        found.update(accelerate=True, dualstack=".dualstack." in endpoint)
        endpoint = None
    if endpoint is None:
        style = "path" if said["AWS::S3::ForcePathStyle"] else "auto"
    elif not said["AWS::S3::ForcePathStyle"]:
        style = "virtual"
    found.update(endpoint=endpoint, addressing_style=style)
    # An endpoint and AWS's own variants exclude each other; an argument wins over what the client says of either.
    if given.get("endpoint") is not None:
        found.update(dualstack=False, fips=False, accelerate=False)
    elif any(given.get(variant) for variant in ("dualstack", "fips", "accelerate")):
        found["endpoint"] = None
    arguments = {**found, **given}
    if not has_tls and arguments["endpoint"] is None:
        arguments.update(_without_tls(arguments))
    return arguments


def _is_accelerate(endpoint: str) -> bool:
    """Whether an endpoint is that of S3 Transfer Acceleration, as botocore's `is_s3_accelerate_url` has it."""
    host = endpoint.partition("://")[2].rstrip("/")
    return host in ("s3-accelerate.amazonaws.com", "s3-accelerate.dualstack.amazonaws.com")


def _without_tls(arguments: "dict[str, Any]") -> "dict[str, Any]":
    """The endpoint of a client with `use_ssl=False` at AWS: the region's host."""
    if arguments["accelerate"]:
        raise InputError(
            "client_or_session", "has use_ssl=False, which has no counterpart with acceleration; make it with TLS"
        )
    region, dualstack, fips = arguments["region"], arguments["dualstack"], arguments["fips"]
    at_aws = address_at_aws(
        "any-bucket", region=region, style="path", dualstack=dualstack, fips=fips, accelerate=False
    )  # fmt: skip
    style = "path" if arguments["addressing_style"] == "path" else "virtual"
    return {"endpoint": f"http://{at_aws.host}", "addressing_style": style, "dualstack": False, "fips": False}


def _forbidden(said: "dict[str, Any]") -> "dict[str, str]":
    """The kinds of buckets that the client's settings forbid, as `check_allowed` reads them."""
    forbidden: dict[str, str] = {}
    if said.get("AWS::S3::UseArnRegion") is False:
        forbidden["another region"] = "the client's use_arn_region=False"
    if said.get("AWS::S3::DisableMultiRegionAccessPoints"):
        forbidden["no region"] = "the client's s3_disable_multiregion_access_points"
    return forbidden


# --- credentials that are not there ----------------------------------------------------------------------------------


def none_found() -> "NoReturn":
    """The credentials of a client that has none: an error when called."""
    from ..errors import CredentialsNotFound

    raise CredentialsNotFound(
        "boto3 found no credentials when the client or session was made; make it again with some, or pass credentials="
    )


def signs_nothing() -> "NoReturn":
    """The credentials of a client that is told not to sign: an error when called."""
    from ..errors import CredentialsNotFound

    raise CredentialsNotFound(
        "the client signs nothing (signature_version=UNSIGNED); object_url() gives its addresses, credentials= keys"
    )
