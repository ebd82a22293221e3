"""Signed URLs of other kinds than Signature Version 4, recognized by their parameters.

Rule: a URL is recognized by the names of its parameters and, if other links have the same names, by the form of host,
path or value; nothing is verified.
"""

from .finding import Finding, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._url import Url

_CDN = "Its token is checked by the CDN: make a new one there."
# Parameter names in lower case, what the URL is, what to do.  The first matching row is used.
_VENDORS = (
    (("x-goog-signature",), "a signed URL of Google Cloud Storage (GOOG4)",
     ("It is opened at storage.googleapis.com as it is; to get one with the X-Amz- parameters, sign with an HMAC key "
      "of the XML API. Otherwise check it with Google's own tools.")),
    (("googleaccessid", "signature"), "a signed URL of Google Cloud Storage, version 2",
     "Google's version 2 is signed with RSA for the object's path: make a new one with its version 4."),
    (("key-pair-id",), "a CloudFront URL, signed with RSA for the distribution's host",
     ("It is valid at the CloudFront distribution only, not at the bucket: check the host, Key-Pair-Id against the "
     "distribution's key groups, and the policy's Resource and expiry. To open the bucket itself, presign for S3.")),
    (("cloudfront-signature",), "CloudFront's signed cookies, in a query",
     "CloudFront reads them as cookies: send them as those, or sign a URL for CloudFront."),
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
    (("x-tos-signature",), "a signed URL of Volcengine TOS",
     "Check it with Volcengine's own tools; for these, sign for TOS's S3-compatible endpoint."),
    (("temp_url_sig",), "a temporary URL of OpenStack Swift",
     "It is signed with the account's or container's Temp-URL-Key, for path and method: check those."),
    (("hdnea",), "a URL with a token of Akamai", _CDN),
    (("hdntl",), "a URL with a token of Akamai", _CDN),
    (("hdnts",), "a URL with a token of Akamai", _CDN),
    (("__token__",), "a URL with a token of Akamai or Media CDN", _CDN),
    (("md5", "expires"), "a secure link of nginx",
     "It is checked by nginx's secure_link module: check its secret and clock."),
    (("hmac-sha256-signature",), "a signed URL of another kind", "Ask who made it how it is checked."),
)  # fmt: skip


def signed_otherwise(url: "Url", pairs: "list[tuple[str, str]]") -> "Finding | None":
    """Return what a URL without X-Amz- signing parameters is, if its parameters show it."""
    names = {name for name, _ in pairs}
    lower = {name.lower() for name in names}
    if "awsaccesskeyid" in lower:
        return Finding(
            "v2_url", "AWSAccessKeyId and Signature: Signature Version 2", "Signature Version 4",
            "Sign again with version 4: boto3 does with Config(signature_version='s3v4'); newer regions, KMS-encrypted "
            "objects and most other stores refuse version 2.",
        )  # fmt: skip
    for wanted, title, fix in _VENDORS:
        if lower.issuperset(wanted):
            return Finding("other_vendor", title, _WANTED, fix)
    look = _by_its_look(url.host, url.path, {name.lower(): value for name, value in pairs})
    if look is not None:
        return Finding("other_vendor", look[0], _WANTED, look[1])
    telling = sorted(name for name in names if name.lower() in ("signature", "sig", "sign", "hmac", "x-signature", "s"))
    if telling and lower & {"expires", "expiry", "exp", "e", "se", "keyid", "expire", "ttl", "deadline"}:
        return Finding(
            "other_vendor", f"a signed URL of another kind: it has {', '.join([shown(name) for name in telling])}",
            _WANTED, "Ask who made it how it is checked; S3 does not read it.",
        )  # fmt: skip
    telling = sorted(name for name in names if name.lower() in _OF_OTHERS)
    if telling:
        return Finding(
            "not_presigned", f"no X-Amz-Algorithm, and {', '.join([shown(name) for name in telling])}", _WANTED,
            "It is not a URL of Signature Version 4. If it is signed at all, it is signed in its own way: ask who "
            "made it how it is checked.",
        )  # fmt: skip
    return None


_WANTED = "a URL presigned with AWS Signature Version 4"
# Names that are used only for a signature or a token.
_OF_OTHERS = frozenset(
    ("signature", "sig", "sign", "hmac", "x-signature", "s", "token", "auth", "auth_key", "authkey", "auth_token",
     "access_token", "authorization", "verify", "hash", "jwt", "st", "wssecret", "policy", "key-pair-id")
)  # fmt: skip


def _by_its_look(host: str, path: str, parameters: "dict[str, str]") -> "tuple[str, str] | None":
    """Return what a URL is and what to do, by its host, its path and its values."""
    host = host.partition(":")[0]
    token = parameters.get("token", "")
    if parameters.get("authorization", "").startswith("bce-auth-v"):
        return "a signed URL of Baidu BOS (bce-auth)", (
            "Check it with Baidu's own tools; for these, sign for BOS's S3-compatible endpoint."
        )
    if parameters.get("sign", "").startswith("q-sign-algorithm="):
        return "a signed URL of Tencent Cloud COS", (
            "Check it with Tencent's own tools; for these, sign for COS's S3-compatible endpoint."
        )
    if "authorization" in parameters and path.startswith("/file/"):
        return "a download URL of Backblaze B2's own API", (
            "Its authorization token is checked by B2 and expires after the time it was made for: get a new one with "
            "b2_get_download_authorization. To get one with the X-Amz- parameters, sign for the bucket's S3 endpoint."
        )
    if path.startswith("/p/") and "/n/" in path and "/o/" in path:
        return "a pre-authenticated request of Oracle Cloud", (
            "Its secret is in the path, and Oracle checks its expiry: make a new one there. To get one with the "
            "X-Amz- parameters, sign for the S3 compatibility endpoint."
        )
    if "~hmac=" in token:
        return "a URL with a token of Akamai", _CDN
    if token and path.startswith("/storage/v1/") and "/sign/" in path:
        return "a signed URL of Supabase Storage", (
            "Its token is a JWT of the project, for this path and until its exp: make a new one with createSignedUrl. "
            "To get one with the X-Amz- parameters, sign for the project's S3 endpoint."
        )
    if token and (host == "firebasestorage.googleapis.com" or host.endswith(".firebasestorage.app")):
        return "a download URL of Firebase Storage", (
            "Its token is in the object's metadata and never expires: get a new one with getDownloadURL, or look "
            "whether it was revoked."
        )
    if "e" in parameters and token.count(":") >= 1:
        return "a URL of Qiniu Kodo with a download token", (
            "Check the deadline e, and make a new one with Qiniu's own tools; for these, sign for Kodo's S3-compatible "
            "endpoint."
        )
    if (host.endswith(".b-cdn.net") and token) or ("expires" in parameters and token and "." not in token):
        return "a URL with a token of a CDN, as Bunny makes it", (
            "Its token is checked by the CDN: make a new one with the pull zone's security key, for exactly this path."
        )
    if host.endswith(".imgix.net") and "s" in parameters:
        return (
            "a signed URL of imgix",
            "imgix signs path and parameters: make a new one with the source's secure token.",
        )
    if host == "imagedelivery.net" and "sig" in parameters:
        return "a signed URL of Cloudflare Images", (
            "It is signed with the account's key for signed URLs, for path and exp: check those, and make a new one."
        )
    if host.endswith((".cloudflarestream.com", ".videodelivery.net")) and path.count(".") > 1:
        return "a signed URL of Cloudflare Stream", (
            "The token in its path is a JWT of the video until its exp: make a new one with the signing key."
        )
    parts = parameters.get("auth_key", "").split("-")
    if len(parts) == 4 and parts[0].isdigit() and len(parts[3]) == 32:
        return "a URL with an authentication key of Alibaba Cloud CDN", (
            "The CDN checks its time, path and MD5: check the domain's key and the lifetime that is set there."
        )
    moment, _, mac = parameters.get("verify", "").partition("-")
    if moment.isascii() and moment.isdigit() and mac:
        return "a URL with a token of Cloudflare", (
            "Its token is checked by a rule of the zone (is_timed_hmac_valid_v0): check the rule's secret and lifetime."
        )
    return None
