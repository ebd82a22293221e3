"""The store that a command signs for: the options, and their `S3Presigner`.

Rule: --provider brings its own region and address; the environment's settings for AWS apply to AWS alone.
"""

import argparse

from .signing import add_keys, credentials, region

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._presigner import S3Presigner


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add the options that `presigner` reads."""
    add_keys(parser.add_argument_group("credentials and region"))
    options = parser.add_argument_group("store")
    options.add_argument("--endpoint", metavar="URL", help="a store other than AWS: http://127.0.0.1:9000")
    options.add_argument(
        "--public-endpoint", metavar="URL", help="the address that clients open, if a proxy stands before the store"
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


def presigner(args: argparse.Namespace) -> "S3Presigner":
    """The presigner for these options."""
    from .._presigner import S3Presigner
    from ..errors import InputError

    if args.provider is not None:
        s3 = S3Presigner.for_provider(
            args.provider,
            credentials(args),
            public_endpoint=args.public_endpoint,
            region=region(args) if args.provider == "aws" else args.region,
            endpoint=args.endpoint,
            account_id=args.account_id,
            jurisdiction=args.jurisdiction,
        )
    else:
        for setting in ("account_id", "jurisdiction"):
            if getattr(args, setting) is not None:
                raise InputError(setting, "is for --provider r2 alone; give both or neither")
        s3 = S3Presigner(credentials(args), region(args), args.endpoint, args.public_endpoint)
    names = ("addressing_style", "dualstack", "fips", "accelerate")
    changes: dict[str, Any] = {name: getattr(args, name) for name in names if getattr(args, name)}
    return s3.replace(**changes) if changes else s3
