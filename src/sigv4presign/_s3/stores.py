"""S3-compatible stores as data: region, endpoint, addressing style, maximum lifetime, and whether forms work.

Rule: each fact is from the vendor's page beside it.  A row rejects only what the vendor rejects, and settings of an
endpoint are required, never guessed.
"""

from .._time import WEEK
from .._value import Value, set_field
from ..errors import InputError
from .buckets import is_host_label
from .custom_endpoint import Endpoint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    from .buckets import AddressingStyle

    class StoreArguments(TypedDict):
        """Three arguments of `S3Presigner`, and two limits of the store."""

        region: str
        endpoint: "str | None"
        addressing_style: AddressingStyle
        max_expires_in: int
        post_supported: bool


class Store(Value):
    """A row of the table.

    `endpoint` is a template of settings; None is AWS, whose hosts follow from the region.  `region` is the default;
    None: it is required.  `optional` settings may be left out of the endpoint, with the dot that follows them.
    """

    __slots__ = _fields = (
        "endpoint", "region", "addressing_style", "max_expires_in", "post_supported", "optional",
    )  # fmt: skip

    endpoint: "str | None"
    region: "str | None"
    addressing_style: "AddressingStyle"
    max_expires_in: int
    post_supported: bool
    optional: "tuple[str, ...]"

    def __init__(
        self,
        endpoint: "str | None",
        region: "str | None",
        addressing_style: "AddressingStyle",
        *,
        max_expires_in: int = WEEK,  # Signature Version 4's limit, unless the vendor documents another
        post_supported: bool = True,
        optional: "tuple[str, ...]" = (),
    ) -> None:
        set_field(self, "endpoint", endpoint)
        set_field(self, "region", region)
        set_field(self, "addressing_style", addressing_style)
        set_field(self, "max_expires_in", max_expires_in)
        set_field(self, "post_supported", post_supported)
        set_field(self, "optional", optional)

    def settings(self) -> "list[str]":
        """The settings this store takes."""
        names = [piece.partition("}")[0] for piece in (self.endpoint or "").split("{")[1:]]
        return names if "region" in names else [*names, "region"]


STORES = {
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html
    "aws": Store(None, None, "auto"),
    # Jurisdictions (eu, fedramp, us): https://developers.cloudflare.com/r2/reference/data-location/
    # Seven days, no POST, never a custom domain: https://developers.cloudflare.com/r2/api/s3/presigned-urls/
    "r2": Store(
        "https://{account_id}.{jurisdiction}.r2.cloudflarestorage.com",
        "auto",
        "path",
        post_supported=False,
        optional=("jurisdiction",),
    ),
    # https://www.backblaze.com/docs/cloud-storage-call-the-s3-compatible-api: both styles, and no Post Object among the
    # supported calls; it answers 501.  The region is the account's.
    "b2": Store("https://s3.{region}.backblazeb2.com", None, "path", post_supported=False),
    # HMAC keys and AWS's algorithm: https://cloud.google.com/storage/docs/aws-simple-migration
    # Seven days: https://cloud.google.com/storage/docs/access-control/signed-urls
    # Forms take x-goog-* fields: https://cloud.google.com/storage/docs/xml-api/post-object-forms
    "gcs": Store("https://storage.googleapis.com", "auto", "path", post_supported=False),
    # Path style unless MINIO_DOMAIN is set, us-east-1 unless the site's region is:
    # https://min.io/docs/minio/linux/reference/minio-server/settings/core.html
    # Seven days: https://github.com/minio/minio/blob/master/cmd/signature-v4-parser.go
    "minio": Store("{endpoint}", "us-east-1", "path"),
    # Path style unless rgw_dns_name is set: https://docs.ceph.com/en/latest/radosgw/s3/commons/
    # POST Object: https://docs.ceph.com/en/latest/radosgw/s3/
    # Seven days, and any region is accepted: https://github.com/ceph/ceph, src/rgw/rgw_auth_s3.cc
    "ceph": Store("{endpoint}", "us-east-1", "path"),
    # Path style is what Wasabi recommends: https://docs.wasabi.com/docs/rest-api-introduction
    # Seven days: https://docs.wasabi.com/docs/how-do-i-generate-pre-signed-urls-for-temporary-access-with-wasabi
    # As S3 unless documented otherwise, forms included: https://docs.wasabi.com/apidocs/wasabi-api
    "wasabi": Store("https://s3.{region}.wasabisys.com", "us-east-1", "path"),
    # The scope has the host's region, and the bucket is before it in the host; forms are not documented:
    # https://docs.digitalocean.com/reference/api/spaces/
    "spaces": Store("https://{region}.digitaloceanspaces.com", None, "virtual"),
}


def store_named(name: str) -> Store:
    """The row of a store.

    Raises:
        InputError: An unknown store.
    """
    store = STORES.get(name) if isinstance(name, str) else None
    if store is None:
        raise InputError(
            "provider",
            f"unknown provider {name!r}; known: {', '.join(STORES)}; S3Presigner(endpoint=...) takes any store",
        )
    return store


def store_arguments(name: str, **settings: "str | None") -> "StoreArguments":
    """The arguments of `S3Presigner` for a store, and the store's two limits.

    Args:
        name: One of `STORES`.
        **settings: `region`, and the settings in the store's endpoint: `account_id` and `jurisdiction` for r2,
            `endpoint` for minio and ceph.  None is a setting that is not given.

    Returns:
        `region`, `endpoint` and `addressing_style`, and `max_expires_in` (seconds) and `post_supported`.

    Raises:
        InputError: An unknown store, or a setting that is missing, unknown, or invalid in a host name.
        TypeError: A setting that is not a str.

    Example:
        >>> store_arguments("r2", account_id="0123456789abcdef", jurisdiction="eu")["endpoint"]
        'https://0123456789abcdef.eu.r2.cloudflarestorage.com'
    """
    store = store_named(name)
    given = {setting: value for setting, value in settings.items() if value is not None}
    takes = store.settings()
    for setting, text in given.items():
        if setting not in takes:
            raise InputError(setting, f"{name!r} has no such setting; it takes {', '.join(takes)}")
        if not isinstance(text, str):
            raise TypeError(f"{setting}: expected str, got {type(text).__name__}")
    region = given.get("region", store.region)
    if region is None:
        raise InputError("region", f"{name!r} has no default region; give region=, as in the bucket's endpoint")

    endpoint = store.endpoint
    for setting in takes:
        field = f"{{{setting}}}"
        if endpoint is None or field not in endpoint:
            continue
        value = region if setting == "region" else given.get(setting)
        if value is None and setting in store.optional:
            endpoint = endpoint.replace(f"{field}.", "")
        elif value is None:
            raise InputError(setting, f"{name!r} needs it for its endpoint; give {setting}=")
        elif setting == "endpoint":
            Endpoint(value, "endpoint")
            endpoint = value
        elif is_host_label(value):
            endpoint = endpoint.replace(field, value)
        else:
            raise InputError(setting, f"{value[:80]!r} cannot be part of a host name")
    return {
        "region": region,
        "endpoint": endpoint,
        "addressing_style": store.addressing_style,
        "max_expires_in": store.max_expires_in,
        "post_supported": store.post_supported,
    }
