"""This library as a maker, by its public names.

Rule: no private name and no argument that a user would not write.
"""

from collections.abc import Callable, Coroutine
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
    PresignedPost,
    S3Presigner,
    UsedLinks,
    asgi,
    canonical_request,
    cors_rules,
    derive_signing_key,
    explain,
    inspect,
    presign,
    signature,
    string_to_sign,
    tokens,
    verify,
    verify_post,
    wsgi,
)

SCOPE = CredentialScope("20251124", REGION, "s3")  # the day of CLOCK_START


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


Doors = dict[str, Callable[[], Any]]


def doors() -> Doors:
    """Every public door, called as its users call it; each has its line in the results."""
    return {**signing_doors(), **form_doors(), **token_doors(), **reading_doors(), **step_doors()}


def signing_doors() -> Doors:
    creds = credentials()
    key = SAFE_KEYS[0]
    s3 = S3Presigner(creds, region=REGION)
    called = S3Presigner(lambda: creds, region=REGION)
    delegated = S3Presigner(derive_signing_key(creds, SCOPE), region=REGION)
    minio = S3Presigner(creds, region=REGION, endpoint="http://127.0.0.1:9000")
    url = f"https://{HOST}/{key}"
    return {
        "Credentials(...)": credentials,
        "S3Presigner(...)": lambda: S3Presigner(creds, region=REGION),
        "S3Presigner(...) and its first URL": lambda: S3Presigner(creds, region=REGION).get_object(BUCKET, key),
        "S3Presigner.for_provider(...)": lambda: S3Presigner.for_provider("r2", creds, account_id="0123abcd"),
        "get_object": lambda: s3.get_object(BUCKET, key),
        "get_object, credentials from a callable": lambda: called.get_object(BUCKET, key),
        "get_object, a SigningKey": lambda: delegated.get_object(BUCKET, key, now=CLOCK_START),
        "get_object, another endpoint": lambda: minio.get_object(BUCKET, key),
        "get_object(response_content_type=)": lambda: s3.get_object(BUCKET, key, response_content_type="image/jpeg"),
        "get_object(stable_for=)": lambda: s3.get_object(BUCKET, key, stable_for=300),
        "head_object": lambda: s3.head_object(BUCKET, key),
        "put_object": lambda: s3.put_object(BUCKET, key),
        "put_object(content_type=)": lambda: s3.put_object(BUCKET, key, content_type="image/jpeg"),
        "delete_object": lambda: s3.delete_object(BUCKET, key),
        "list_objects_v2": lambda: s3.list_objects_v2(BUCKET),
        "multipart_plan, 10 parts": lambda: [*s3.multipart_plan(BUCKET, key, upload_id="abc", part_count=10).parts],
        "S3Presigner.presign(query=, headers=)": lambda: s3.presign(
            "PUT", BUCKET, key, query={"tagging": ""}, headers={"content-type": "text/xml"}
        ),
        "presign, S3": lambda: presign("GET", url, credentials=creds, region=REGION, service="s3"),
        "presign, SigV4A": lambda: presign("GET", url, credentials=creds, region_set="*", service="s3"),
    }


def form_doors() -> Doors:
    s3 = S3Presigner(credentials(), region=REGION)
    fields = form(s3).fields
    put = s3.put_object(BUCKET, SAFE_KEYS[0], content_type="image/jpeg")
    return {
        "post_object": lambda: form(s3),
        "verify_post": lambda: check_form(fields),
        "cors_rules": lambda: cors_rules([put]),
    }


def form(s3: S3Presigner) -> PresignedPost:
    """An upload form as a browser gets it, good for a day."""
    return s3.post_object(
        BUCKET, SAFE_KEYS[0], expires_in=86_400, content_length_range=(1, 5_000_000), content_type="image/jpeg"
    )


def check_form(fields: "dict[str, str]") -> object:
    secrets = {ACCESS_KEY_ID: credentials()}
    return verify_post(fields, file_size=1_024, bucket=BUCKET, secrets=secrets, region=REGION)


def token_doors() -> Doors:
    mine: dict[str, Any] = {"credentials": credentials(), "region": REGION}
    eks_token = tokens.eks("cluster", **mine)
    git = f"https://git-codecommit.{REGION}.amazonaws.com/v1/repos/demo"
    return {
        "tokens.eks": lambda: tokens.eks("cluster", **mine),
        "tokens.check_eks_structure": lambda: tokens.check_eks_structure(eks_token),
        "tokens.rds": lambda: tokens.rds("db.example.com", 5432, "reader", **mine),
        "tokens.dsql": lambda: tokens.dsql("db.example.com", **mine),
        "tokens.elasticache": lambda: tokens.elasticache("cache", "reader", **mine),
        "tokens.memorydb": lambda: tokens.memorydb("cache", "reader", **mine),
        "tokens.msk": lambda: tokens.msk(**mine),
        "tokens.iot_mqtt": lambda: tokens.iot_mqtt("iot.example.com", **mine),
        "tokens.transcribe": lambda: tokens.transcribe("en-US", "pcm", 16_000, **mine),
        "tokens.codecommit": lambda: tokens.codecommit(git, **mine),
    }


def reading_doors() -> Doors:
    creds = credentials()
    secrets = {ACCESS_KEY_ID: creds}
    url = S3Presigner(creds, region=REGION).get_object(BUCKET, SAFE_KEYS[0], expires_in=86_400)
    target, headers = "/" + url.split("/", 3)[3], {"Host": HOST}
    path, _, query = target.partition("?")
    environ = {
        "REQUEST_METHOD": "GET", "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": HOST,
        "RAW_URI": target,
    }  # fmt: skip
    scope: dict[str, Any] = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": query.encode(),
        "headers": [(b"host", HOST.encode())],
    }  # fmt: skip
    expected: dict[str, Any] = {"secrets": secrets, "service": "s3", "region": REGION, "host": HOST}
    used = UsedLinks()
    return {
        "verify": lambda: verify("GET", target, headers=headers, secrets=secrets, service="s3", region=REGION),
        "wsgi.verify": lambda: wsgi.verify(environ, **expected),
        "asgi.verify": lambda: result_of(asgi.verify(scope, **expected)),
        "UsedLinks.claim, a link that was used": lambda: used.claim("a link", CLOCK_START + 10**9),
        "inspect": lambda: inspect(url),
        "explain, with the keys": lambda: explain("GET", url, credentials=creds),
    }


def result_of(waiting: "Coroutine[Any, Any, object]") -> object:
    """What a coroutine that waits for nothing returns."""
    try:
        waiting.send(None)
    except StopIteration as end:
        return end.value
    raise AssertionError("it waits")


def step_doors() -> Doors:
    creds = credentials()
    signing_key = derive_signing_key(creds, SCOPE)
    unsigned = S3Presigner(creds, region=REGION).get_object(BUCKET, SAFE_KEYS[0]).rpartition("&X-Amz-Signature=")[0]
    canonical = canonical_request("GET", unsigned, headers={}, rules=S3_RULES)
    to_sign = string_to_sign(canonical, amz_date="20251124T160000Z", scope=SCOPE)
    return {
        "canonical_request": lambda: canonical_request("GET", unsigned, headers={}, rules=S3_RULES),
        "string_to_sign": lambda: string_to_sign(canonical, amz_date="20251124T160000Z", scope=SCOPE),
        "derive_signing_key": lambda: derive_signing_key(creds, SCOPE),
        "signature": lambda: signature(signing_key, to_sign),
    }
