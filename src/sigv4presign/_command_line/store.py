"""The options for the store that a command signs for, and their `S3Presigner`.

Rule: an option wins over a setting.  --provider has its own region and endpoint; settings do not apply to it.
"""

import argparse

from .arguments import not_empty
from .identity import Identity, add_keys, aws_region, identity, name_source
from .messages import CommandError
from .output import note

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._s3.presigner import S3Presigner
    from ..providers import Provider

# Setting -> the argument whose default it is.
_SETTINGS = {
    "endpoint_url": "endpoint",
    "use_fips": "fips",
    "use_dualstack": "dualstack",
    "use_accelerate": "accelerate",
    "addressing_style": "addressing_style",
}
_OPTIONS = ("addressing_style", "dualstack", "fips", "accelerate")


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add the options that `presigner` reads."""
    add_keys(parser.add_argument_group("credentials and region"))
    options = parser.add_argument_group("store")
    options.add_argument(
        "--endpoint", type=not_empty, metavar="URL", help="a store other than AWS: http://127.0.0.1:9000"
    )
    options.add_argument(
        "--public-endpoint", metavar="URL", help="the address that clients open, if the store is behind a proxy"
    )
    options.add_argument(
        "--addressing-style",
        choices=("auto", "virtual", "path", "cname"),
        help="where the bucket's name goes: virtual: into the host; path: into the path; cname: the host is the bucket "
        "(default: auto, or the provider's)",
    )
    options.add_argument(
        "--provider",
        metavar="NAME",
        help="a store by its name: aws, r2, b2, gcs, minio, ceph, wasabi or spaces; its region is that of --region or "
        "its own default, not that of the environment",
    )
    options.add_argument("--account-id", metavar="ID", help="the account, for --provider r2")
    options.add_argument("--jurisdiction", metavar="NAME", help="such as eu, for --provider r2")
    options.add_argument("--dualstack", action="store_true", help="AWS's dual-stack endpoints (IPv4 and IPv6)")
    options.add_argument("--fips", action="store_true", help="AWS's FIPS endpoints")
    options.add_argument("--accelerate", action="store_true", help="S3 Transfer Acceleration")


def presigner(args: argparse.Namespace, bucket: str, operation: "str | None" = None) -> "S3Presigner":
    """Return the presigner for these options; settings are the defaults.

    For objects of a directory bucket at AWS it signs with a session that is created with the credentials.
    """
    from .._s3.directory import takes_session
    from .._s3.presigner import S3Presigner
    from ..errors import InputError

    who = identity(args)
    given: dict[str, Any] = {name: getattr(args, name) for name in _OPTIONS if getattr(args, name)}
    if args.provider not in (None, "aws"):
        _check_provider(args.provider)
        s3 = S3Presigner.for_provider(
            args.provider,
            who.credentials,
            public_endpoint=args.public_endpoint,
            region=args.region,
            endpoint=args.endpoint,
            account_id=args.account_id,
            jurisdiction=args.jurisdiction,
        )
        return _checked(s3.replace(**given) if given else s3, bucket)
    for setting in ("account_id", "jurisdiction"):
        if getattr(args, setting) is not None:
            raise InputError(setting, "is for --provider r2 alone; give both or neither")
    if args.provider == "aws" and args.endpoint is not None:
        raise CommandError("--endpoint: is a store other than AWS; leave --provider aws out")
    if args.provider == "aws" or args.endpoint is not None:
        given["endpoint"] = args.endpoint
    is_aws = given.get("endpoint", who.settings.endpoint_url) is None
    for setting, name in _SETTINGS.items():
        source = who.settings.sources[setting]
        if name not in given and source != "default" and getattr(who.settings, setting):
            args.names = {**args.names, name: source}  # so that an error names the setting, not an option
    region = aws_region(who) if is_aws else who.region or "us-east-1"  # as the AWS CLI does for a store without regions
    given["credentials"] = who.credentials
    if is_aws and takes_session(bucket, operation):
        given["credentials"] = _session(args, bucket, who, region)
    s3 = S3Presigner.from_settings(args.profile, region=region, public_endpoint=args.public_endpoint, **given)
    return _checked(s3, bucket)


def _checked(s3: "S3Presigner", bucket: str) -> "S3Presigner":
    """Return the presigner, with a note if its endpoint names the bucket, which the link then names twice."""
    scheme, _, place = (s3.endpoint or "").rstrip("/").partition("://")
    if not bucket or s3.addressing_style == "cname":
        return s3
    if place.endswith(f"/{bucket}"):
        way_out = f"write --endpoint {scheme}://{place[: -len(bucket) - 1]}"
    elif place.startswith(f"{bucket}.") and not place.endswith(".amazonaws.com"):  # which is an error
        way_out = f"add --addressing-style cname, or write --endpoint {scheme}://{place[len(bucket) + 1 :]}"
    else:
        return s3
    note(f"the link has the bucket {bucket!r} twice, since {scheme}://{place} names it; {way_out}")
    return s3


def _session(args: argparse.Namespace, bucket: str, who: Identity, region: str) -> "Provider":
    """Create a session of a directory bucket, and print its source."""
    from .. import providers

    if args.no_network:
        raise CommandError(
            f"--no-network: {bucket} is a directory bucket, whose URLs are signed with a session that S3 has to be "
            "asked for; leave --no-network out"
        )
    session = providers.directory_bucket(bucket, credentials=who.credentials, region=region)
    name_source(session(), session.source or "")
    return session


def _check_provider(name: str) -> None:
    from .._s3.stores import STORES

    if name not in STORES:
        from .suggestions import for_provider, one_of

        meant = for_provider(name)
        hint = f"did you mean {meant}?" if meant else f"use {one_of(STORES)}, or --endpoint for any store"
        raise CommandError(f"--provider: unknown store {name[:60]!r}; {hint}")
