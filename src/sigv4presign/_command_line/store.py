"""Which store a command signs for: the options, and the `S3Presigner` that they mean.

Rule: a store that is named brings its own region and address; what an environment says of AWS holds for AWS alone.
"""

import argparse

from .signing import add_keys, credentials, region

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from .._s3.presigner import S3Presigner


def add_store(parser: argparse.ArgumentParser) -> None:
    """Add the options that `presigner` reads."""
    options = parser.add_argument_group("where the bucket is, and whose keys sign")
    add_keys(options)
    options.add_argument(
        "--provider",
        metavar="NAME",
        help="a store by its name: aws, r2, b2, gcs, minio, ceph, wasabi or spaces; its region is --region or its own "
        "default, whatever the environment says",
    )
    options.add_argument("--account-id", metavar="ID", help="the account, for --provider r2")
    options.add_argument("--jurisdiction", metavar="NAME", help="such as eu, for --provider r2")
    options.add_argument(
        "--endpoint", metavar="URL", help="the store, if it is not AWS and has no name here: http://127.0.0.1:9000"
    )
    options.add_argument(
        "--public-endpoint", metavar="URL", help="what clients open, if a proxy stands before the store"
    )
    options.add_argument(
        "--addressing-style",
        choices=("auto", "virtual", "path", "cname"),
        help="where the bucket stands: virtual: in the host; path: in the path; cname: nowhere (default: auto, or what "
        "the provider wants)",
    )
    options.add_argument("--dualstack", action="store_true", help="AWS's endpoints that answer over IPv6 too")
    options.add_argument("--fips", action="store_true", help="AWS's FIPS endpoints")
    options.add_argument("--accelerate", action="store_true", help="S3 Transfer Acceleration")


def presigner(args: argparse.Namespace) -> "S3Presigner":
    """The presigner that the options mean."""
    from .._s3.presigner import S3Presigner
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
                raise InputError(setting, "belongs to --provider r2; give both")
        s3 = S3Presigner(credentials(args), region(args), args.endpoint, args.public_endpoint)
    names = ("addressing_style", "dualstack", "fips", "accelerate")
    changes: dict[str, Any] = {name: getattr(args, name) for name in names if getattr(args, name)}
    return s3.replace(**changes) if changes else s3
