"""The endpoints of STS, single sign-on and sign-in, and how to reach them.

Rule: a configured endpoint wins over that of AWS's endpoint rulesets for the region.
"""

from ..errors import CredentialsNotFound, InputError
from ._http import Server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._lookup import Lookup

_TIMEOUT = 60.0  # seconds, as in botocore: STS may be slow behind a proxy or at an on-premises store

# https://docs.aws.amazon.com/general/latest/gr/rande.html: the domain of dual-stack endpoints
_DUALSTACK = {
    "aws": "api.aws",
    "aws-cn": "api.amazonwebservices.com.cn",
    "aws-eusc": "api.amazonwebservices.eu",
    "aws-iso": "api.aws.ic.gov",
    "aws-iso-b": "api.aws.scloud",
    "aws-iso-e": "api.cloud-aws.adc-e.uk",
    "aws-iso-f": "api.aws.hci.ic.gov",
    "aws-us-gov": "api.aws",
}
# The console's domain, at which `aws login` signs in.
_SIGNIN = {
    "aws": "signin.aws.amazon.com",
    "aws-cn": "signin.amazonaws.cn",
    "aws-eusc": "signin.amazonaws-eusc.eu",
    "aws-iso": "signin.c2shome.ic.gov",
    "aws-iso-b": "signin.sc2shome.sgov.gov",
    "aws-iso-e": "signin.csphome.adc-e.uk",
    "aws-iso-f": "signin.csphome.hci.ic.gov",
    "aws-us-gov": "signin.amazonaws-us-gov.com",
}


class Service:
    """A service that returns credentials.

    Args:
        who: Its name, for messages.
        id: Its name in variables and settings, such as `sso_oidc`.
        label: Its name in hosts, such as `portal.sso`.
    """

    __slots__ = ("id", "label", "who")

    def __init__(self, who: str, id: str, label: str) -> None:
        self.who = who
        self.id = id
        self.label = label

    def url(self, lookup: "Lookup", region: str, endpoint: "str | None" = None) -> str:
        """Return its URL in a region, with a slash at the end."""
        endpoint = endpoint or lookup.endpoint_url(self.id).text
        return (endpoint or self._at_aws(lookup, region)).rstrip("/") + "/"

    def _at_aws(self, lookup: "Lookup", region: str) -> str:
        from .._s3.buckets import check_region, partition

        try:
            check_region(region, "region")
        except InputError as fault:  # without its way out, which is for stores
            problem = fault.problem.partition(";")[0]
            raise CredentialsNotFound(f"{self.who} needs a region: {problem}") from None
        name, domain = partition(region)
        fips, dualstack = lookup.is_fips(), lookup.is_dualstack()
        if dualstack:
            return f"https://{self.label}{'-fips' if fips else ''}.{region}.{_DUALSTACK[name]}"
        if self.id == "signin" and not fips:
            return f"https://{region}.{_SIGNIN[name]}"
        if self.id == "signin" and name == "aws-us-gov":
            place = "" if region == "us-gov-west-1" else f"{region}."
            return f"https://{place}signin-fips.amazonaws-us-gov.com"
        # GovCloud's ordinary endpoints are FIPS endpoints.
        variant = "-fips" if fips and name != "aws-us-gov" else ""
        return f"https://{self.label}{variant}.{region}.{domain}"

    def server(self, lookup: "Lookup", url: str) -> Server:
        """Return the server at a URL."""
        return server_of(self.who, lookup, url)


def server_of(who: str, lookup: "Lookup", url: str) -> Server:
    """Return a server of AWS or a replacement, with the proxy, certificates and attempts of the settings."""
    return Server(
        who,
        url,
        timeout=_TIMEOUT,
        attempts=lookup.attempts(),
        through_proxy=True,
        ca_bundle=lookup.ca_bundle().text,
    )


STS = Service("STS", "sts", "sts")
PORTAL = Service("the single sign-on portal", "sso", "portal.sso")
OIDC = Service("the single sign-on token service", "sso_oidc", "oidc")
SIGNIN = Service("the sign-in service", "signin", "signin")
