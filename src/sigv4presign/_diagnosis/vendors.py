"""Signed URLs that are not Signature Version 4's query string: whose they are, by their parameters.

Rule: a URL is named by the names of its parameters alone; nothing of it is verified.
"""

from .finding import Finding, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

# The names that such a URL has, in lower case; what it is; what to do.  The first row that fits counts.
_VENDORS = (
    (("x-goog-signature",), "a signed URL of Google Cloud Storage (GOOG4)",
     ("It is opened at storage.googleapis.com as it is; to get one with the X-Amz- parameters, sign with an HMAC "
      "key of "
     "the XML API. Otherwise check it with Google's own tools.")),
    (("googleaccessid", "signature"), "a signed URL of Google Cloud Storage, version 2",
     "Google's version 2 is signed with RSA for the object's path: make a new one with its version 4."),
    (("key-pair-id",), "a CloudFront URL, signed with RSA for the distribution's host",
     ("It is valid at the CloudFront distribution only, not at the bucket: check the host, Key-Pair-Id against the "
     "distribution's key groups, and the policy's Resource and expiry. To open the bucket itself, presign for S3.")),
    (("ossaccesskeyid", "signature"), "a signed URL of Alibaba Cloud OSS, version 1",
     "Check it with Alibaba's own tools; for these, sign for OSS's S3-compatible endpoint."),
    (("x-oss-signature",), "a signed URL of Alibaba Cloud OSS, version 4",
     "Check it with Alibaba's own tools; for these, sign for OSS's S3-compatible endpoint."),
    (("sig", "sv"), "a shared access signature of Azure Storage",
     "Azure has no S3 API: check sv, sp, st, se and the account key, and make it with Azure's own tools."),
    (("q-sign-algorithm",), "a signed URL of Tencent Cloud COS",
     "Check it with Tencent's own tools; for these, sign for COS's S3-compatible endpoint."),
    (("accesskeyid", "signature"), "a signed URL of Huawei Cloud OBS, version 2",
     "Check it with Huawei's own tools; for these, sign for OBS with AWS4-HMAC-SHA256."),
    (("temp_url_sig",), "a temporary URL of OpenStack Swift",
     "It is signed with the account's or container's Temp-URL-Key, for path and method: check those."),
    (("hdnea",), "a URL with a token of Akamai", "Its token is checked by the CDN: make a new one there."),
    (("hdnts",), "a URL with a token of Akamai", "Its token is checked by the CDN: make a new one there."),
    (("__token__",), "a URL with a token of Akamai or Media CDN", ("Its token is checked by the CDN: make a new "
        "one there.")),
    (("md5", "expires"), "a secure link of nginx", ("It is checked by nginx's secure_link module: check its secret "
                                                   "and clock.")),
    (("hmac-sha256-signature",), "a signed URL of another kind", "Ask who made it how it is checked."),
)  # fmt: skip


def signed_otherwise(names: "Iterable[str]") -> "Finding | None":
    """What a URL without X-Amz- parameters of a signature is, if the names of its parameters tell."""
    lower = {name.lower() for name in names}
    if "awsaccesskeyid" in lower:
        return Finding(
            "v2_url", "AWSAccessKeyId and Signature: Signature Version 2", "Signature Version 4",
            "Sign again with version 4: boto3 does with Config(signature_version='s3v4'); newer regions, KMS-encrypted "
            "objects and most other stores refuse version 2.",
        )  # fmt: skip
    for wanted, title, fix in _VENDORS:
        if lower.issuperset(wanted):
            return Finding("other_vendor", title, "a URL presigned with AWS Signature Version 4", fix)
    telling = [name for name in names if name.lower() in ("signature", "sig", "sign", "hmac", "x-signature", "s")]
    if telling and lower & {"expires", "expiry", "exp", "e", "se", "keyid", "expire", "ttl", "deadline"}:
        return Finding(
            "other_vendor", f"a signed URL of another kind: it has {', '.join([shown(name) for name in telling])}",
            "a URL presigned with AWS Signature Version 4", "Ask who made it how it is checked; S3 does not read it.",
        )  # fmt: skip
    return None
