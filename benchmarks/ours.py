"""This library as a maker, by its public names.

Rule: no private name and no argument that a user would not write.
"""

from collections.abc import Callable
from typing import Any

from inputs import (
    ACCESS_KEY_ID,
    BUCKET,
    CLOCK_START,
    EXPIRES_IN,
    GENERAL_HEADERS,
    GENERAL_PATH,
    GENERAL_QUERY,
    GENERAL_REGION,
    GENERAL_SCHEME_AND_HOST,
    GENERAL_SERVICE,
    HOST,
    REGION,
    SAFE_KEYS,
    SECRET_ACCESS_KEY,
)
from maker import Maker, Sign, SignMany, seconds

from sigv4presign import (
    S3_RULES,
    Credentials,
    CredentialScope,
    S3Presigner,
    canonical_request,
    derive_signing_key,
    inspect,
    presign,
    signature,
    string_to_sign,
    verify,
)


def credentials(token: "str | None" = None) -> Credentials:
    return Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token)


class Ours(Maker):
    """S3Presigner.get_object(bucket, key, expires_in=900), presign(...), presign_many(...), verify(...)"""

    name = "sigv4presign"

    def get_object(self, token: "str | None" = None) -> Sign:
        s3 = S3Presigner(credentials(token), region=REGION)
        return lambda key: s3.get_object(BUCKET, key, expires_in=EXPIRES_IN)

    def moving_clock(self) -> Sign:
        s3 = S3Presigner(credentials(), region=REGION)
        clock = seconds()
        return lambda key: s3.get_object(BUCKET, key, expires_in=EXPIRES_IN, now=next(clock))

    def general(self) -> Sign:
        creds = credentials()
        return lambda _: presign(
            "GET",
            GENERAL_SCHEME_AND_HOST + GENERAL_PATH,
            credentials=creds,
            region=GENERAL_REGION,
            service=GENERAL_SERVICE,
            expires_in=EXPIRES_IN,
            query=GENERAL_QUERY,
            headers=GENERAL_HEADERS,
        )

    def many(self) -> SignMany:
        s3 = S3Presigner(credentials(), region=REGION)
        return lambda keys: s3.presign_many("GET", BUCKET, keys, expires_in=EXPIRES_IN)

    def verify(self, targets: "list[str]") -> Sign:
        del targets  # nothing is prepared: the raw target is what verify takes
        secrets = {ACCESS_KEY_ID: credentials()}
        headers = {"Host": HOST}
        return lambda target: verify("GET", target, headers=headers, secrets=secrets, service="s3", region=REGION)


def targets() -> "list[str]":
    """The request targets of presigned GETs of the safe keys, good for a day."""
    urls = S3Presigner(credentials(), region=REGION).presign_many("GET", BUCKET, SAFE_KEYS, expires_in=86_400)
    return ["/" + url.split("/", 3)[3] for url in urls]


def doors() -> "dict[str, Callable[[], Any]]":
    """Every public door, called as its users call it; each has its line in the results."""
    creds = credentials()
    secrets = {ACCESS_KEY_ID: creds}
    key = SAFE_KEYS[0]
    scope = CredentialScope("20251124", REGION, "s3")  # the day of CLOCK_START
    signing_key = derive_signing_key(creds, scope)
    s3 = S3Presigner(creds, region=REGION)
    called = S3Presigner(lambda: creds, region=REGION)
    delegated = S3Presigner(signing_key, region=REGION)
    minio = S3Presigner(creds, region=REGION, endpoint="http://127.0.0.1:9000")
    url = s3.get_object(BUCKET, key, expires_in=86_400)
    target, headers = "/" + url.split("/", 3)[3], {"Host": HOST}
    unsigned = url.rpartition("&X-Amz-Signature=")[0]
    amz_date = "20251124T160000Z"
    canonical = canonical_request("GET", unsigned, headers={}, rules=S3_RULES)
    to_sign = string_to_sign(canonical, amz_date=amz_date, scope=scope)
    return {
        "Credentials(...)": credentials,
        "S3Presigner(...)": lambda: S3Presigner(creds, region=REGION),
        "S3Presigner(...) and its first URL": lambda: S3Presigner(creds, region=REGION).get_object(BUCKET, key),
        "get_object": lambda: s3.get_object(BUCKET, key),
        "get_object, credentials from a callable": lambda: called.get_object(BUCKET, key),
        "get_object, a SigningKey": lambda: delegated.get_object(BUCKET, key, now=CLOCK_START),
        "get_object, another endpoint": lambda: minio.get_object(BUCKET, key),
        "get_object(response_content_type=)": lambda: s3.get_object(BUCKET, key, response_content_type="image/jpeg"),
        "head_object": lambda: s3.head_object(BUCKET, key),
        "put_object": lambda: s3.put_object(BUCKET, key),
        "put_object(content_type=)": lambda: s3.put_object(BUCKET, key, content_type="image/jpeg"),
        "delete_object": lambda: s3.delete_object(BUCKET, key),
        "S3Presigner.presign(query=, headers=)": lambda: s3.presign(
            "PUT", BUCKET, key, query={"tagging": ""}, headers={"content-type": "text/xml"}
        ),
        "presign, S3": lambda: presign("GET", f"https://{HOST}/{key}", credentials=creds, region=REGION, service="s3"),
        "verify": lambda: verify("GET", target, headers=headers, secrets=secrets, service="s3", region=REGION),
        "inspect": lambda: inspect(url),
        "canonical_request": lambda: canonical_request("GET", unsigned, headers={}, rules=S3_RULES),
        "string_to_sign": lambda: string_to_sign(canonical, amz_date=amz_date, scope=scope),
        "derive_signing_key": lambda: derive_signing_key(creds, scope),
        "signature": lambda: signature(signing_key, to_sign),
    }
