"""The other makers of presigned URLs that Python has, one small class each.

Rule: as in `maker`; and each is called in the quickest way that its documentation offers.  What a maker keeps between
calls (client, store, signer, region cache) is made beforehand.
"""

import hashlib
import hmac
import logging
import os
from datetime import datetime, timedelta, timezone
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from inputs import (
    ACCESS_KEY_ID,
    BUCKET,
    EXPIRES_IN,
    GENERAL_HEADERS,
    GENERAL_PATH,
    GENERAL_QUERY,
    GENERAL_REGION,
    GENERAL_SCHEME_AND_HOST,
    GENERAL_SERVICE,
    HOST,
    REGION,
    SECRET_ACCESS_KEY,
)
from maker import Cannot, Maker, Sign, SignMany, datetimes, load

# Else botocore, where it finds awscrt installed, signs with that and not with its own signer.
os.environ["BOTO_DISABLE_CRT"] = "true"

GENERAL_HOST = urlsplit(GENERAL_SCHEME_AND_HOST).netloc
LIFETIME = timedelta(seconds=EXPIRES_IN)


class LibPresign(Maker):
    """libpresign.get(id, secret, region, bucket, key, 900): C++"""

    name = "libpresign"
    package = "libpresign"

    def get_object(self, token: "str | None" = None) -> Sign:
        if token:
            raise Cannot("takes no session token")
        get = load("libpresign").get
        return lambda key: get(ACCESS_KEY_ID, SECRET_ACCESS_KEY, REGION, BUCKET, key, EXPIRES_IN)

    def general(self) -> Sign:
        raise Cannot("signs GET of an S3 object only")


class Obstore(Maker):
    """obstore.sign(store, 'GET', key, lifetime): Rust; it takes a list of keys, too"""

    name = "obstore"
    package = "obstore"

    def _store(self, token: "str | None") -> Any:
        load("obstore")
        arguments: dict[str, Any] = {
            "region": REGION,
            "access_key_id": ACCESS_KEY_ID,
            "secret_access_key": SECRET_ACCESS_KEY,
            "virtual_hosted_style_request": True,
        }
        if token:
            arguments["session_token"] = token
        return load("obstore.store").S3Store(BUCKET, **arguments)

    def get_object(self, token: "str | None" = None) -> Sign:
        store, sign = self._store(token), load("obstore").sign
        return lambda key: sign(store, "GET", key, LIFETIME)

    def many(self) -> SignMany:
        store, sign = self._store(None), load("obstore").sign
        return lambda keys: sign(store, "GET", keys, LIFETIME)

    def general(self) -> Sign:
        raise Cannot("signs for its stores only, without query parameters or headers")


class AwsCrt(Maker):
    """awscrt.auth.aws_sign_request(HttpRequest, AwsSigningConfig).result(): C"""

    name = "awscrt"
    package = "awscrt"

    def _signer(self, token: "str | None", region: str, service: str, *, s3: bool) -> "Any":
        auth, http = load("awscrt.auth"), load("awscrt.http")
        provider = auth.AwsCredentialsProvider.new_static(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token)

        def sign(host: str, path: str, headers: "list[tuple[str, str]]", date: "datetime | None") -> str:
            config = auth.AwsSigningConfig(
                signature_type=auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS,
                credentials_provider=provider,
                region=region,
                service=service,
                date=date,
                use_double_uri_encode=not s3,
                should_normalize_uri_path=not s3,
                signed_body_value="UNSIGNED-PAYLOAD" if s3 else None,
                expiration_in_seconds=EXPIRES_IN,
            )
            request = http.HttpRequest("GET", path, http.HttpHeaders([("host", host), *headers]))
            return f"https://{host}{auth.aws_sign_request(request, config).result().path}"

        return sign

    def get_object(self, token: "str | None" = None) -> Sign:
        sign = self._signer(token, REGION, "s3", s3=True)
        return lambda key: sign(HOST, "/" + quote(key), [], None)

    def moving_clock(self) -> Sign:
        sign, clock = self._signer(None, REGION, "s3", s3=True), datetimes()
        return lambda key: sign(HOST, "/" + quote(key), [], next(clock))

    def general(self) -> Sign:
        sign, headers = self._signer(None, GENERAL_REGION, GENERAL_SERVICE, s3=False), [*GENERAL_HEADERS.items()]
        return lambda _: sign(
            GENERAL_HOST, f"{GENERAL_PATH}?{urlencode(GENERAL_QUERY, quote_via=quote)}", headers, None
        )


class Recipe(Maker):
    """a function of twenty lines, as many projects have it: AWS's four steps written with hmac and urllib"""

    name = "recipe"

    @staticmethod
    def _sign(
        host: str,
        path: str,
        region: str,
        service: str,
        payload: str,
        *,
        query: "dict[str, str] | None" = None,
        headers: "dict[str, str] | None" = None,
        token: "str | None" = None,
        now: "datetime | None" = None,
    ) -> str:
        def chained(key: bytes, text: str) -> bytes:
            return hmac.new(key, text.encode(), hashlib.sha256).digest()

        moment = now or datetime.now(timezone.utc)
        day, amz_date = moment.strftime("%Y%m%d"), moment.strftime("%Y%m%dT%H%M%SZ")
        scope = f"{day}/{region}/{service}/aws4_request"
        to_sign = {"host": host, **(headers or {})}
        names = ";".join(sorted(to_sign))
        parameters = {
            **(query or {}),
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Credential": f"{ACCESS_KEY_ID}/{scope}",
            "X-Amz-Date": amz_date,
            "X-Amz-Expires": str(EXPIRES_IN),
            "X-Amz-SignedHeaders": names,
        }
        if token:
            parameters["X-Amz-Security-Token"] = token
        query_string = urlencode(sorted(parameters.items()), quote_via=quote, safe="-_.~")
        lines = "".join(f"{name}:{value}\n" for name, value in sorted(to_sign.items()))
        uri = quote(path, safe="/-_.~")
        canonical = f"GET\n{uri}\n{query_string}\n{lines}\n{names}\n{payload}"
        text = f"AWS4-HMAC-SHA256\n{amz_date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        key = chained(("AWS4" + SECRET_ACCESS_KEY).encode(), day)
        for step in (region, service, "aws4_request"):
            key = chained(key, step)
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        return f"https://{host}{uri}?{query_string}&X-Amz-Signature={signature}"

    def get_object(self, token: "str | None" = None) -> Sign:
        return lambda key: self._sign(HOST, "/" + key, REGION, "s3", "UNSIGNED-PAYLOAD", token=token)

    def moving_clock(self) -> Sign:
        clock = datetimes()
        return lambda key: self._sign(HOST, "/" + key, REGION, "s3", "UNSIGNED-PAYLOAD", now=next(clock))

    def general(self) -> Sign:
        empty = hashlib.sha256(b"").hexdigest()
        return lambda _: self._sign(
            GENERAL_HOST,
            GENERAL_PATH,
            GENERAL_REGION,
            GENERAL_SERVICE,
            empty,
            query=GENERAL_QUERY,
            headers=GENERAL_HEADERS,
        )


class ASigV4(Maker):
    """asigv4.presign_url(...), SigV4Verifier(...).verify(...)"""

    name = "asigv4"
    package = "asigv4"

    def get_object(self, token: "str | None" = None) -> Sign:
        presign_url = load("asigv4").presign_url
        return lambda key: presign_url(
            method="GET",
            host=HOST,
            path="/" + key,
            access_key_id=ACCESS_KEY_ID,
            secret_key=SECRET_ACCESS_KEY,
            region=REGION,
            expires=EXPIRES_IN,
            query_params={"X-Amz-Security-Token": token} if token else None,
        )

    def moving_clock(self) -> Sign:
        presign_url, clock = load("asigv4").presign_url, datetimes()
        return lambda key: presign_url(
            method="GET",
            host=HOST,
            path="/" + key,
            access_key_id=ACCESS_KEY_ID,
            secret_key=SECRET_ACCESS_KEY,
            region=REGION,
            expires=EXPIRES_IN,
            now=next(clock),
        )

    def general(self) -> Sign:
        raise Cannot("signs UNSIGNED-PAYLOAD only, which services other than S3 refuse")

    def verify(self, targets: "list[str]") -> Sign:
        logging.getLogger("asigv4").setLevel(logging.ERROR)  # it warns of each forged signature, and we forge one
        verifier = load("asigv4").SigV4Verifier({ACCESS_KEY_ID: SECRET_ACCESS_KEY}.get)
        headers = {"host": HOST}
        # It takes the target as a framework has parsed it; the parsing is not in its figure.
        parsed = {target: (urlsplit(target).path, dict(parse_qsl(urlsplit(target).query))) for target in targets}

        def verify(target: str) -> str:
            path, query = parsed[target]
            try:
                verifier.verify(method="GET", path=path, headers=headers, query_params=query).send(None)
            except StopIteration as done:  # a coroutine that waits for nothing is done at once
                return str(done.value)
            raise Cannot("waits for something other than its look-up")

        return verify


class MinioSigner(Maker):
    """minio.signer.presign_v4(...) of a URL that is put together here"""

    name = "minio, the signer"
    package = "minio"

    def _signer(self, token: "str | None") -> Any:
        presign_v4 = load("minio.signer").presign_v4
        credentials = load("minio.credentials.credentials").Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)

        def sign(key: str, date: datetime) -> str:
            query = f"?X-Amz-Security-Token={quote(token, safe='')}" if token else ""
            url = urlsplit(f"https://{HOST}/{quote(key)}{query}")
            signed = presign_v4(
                method="GET", url=url, region=REGION, credentials=credentials, date=date, expires=EXPIRES_IN
            )
            return str(urlunsplit(signed))

        return sign

    def get_object(self, token: "str | None" = None) -> Sign:
        sign = self._signer(token)
        return lambda key: sign(key, datetime.now(timezone.utc))

    def moving_clock(self) -> Sign:
        sign, clock = self._signer(None), datetimes()
        return lambda key: sign(key, next(clock))


class MinioClient(Maker):
    """Minio(...).presigned_get_object(bucket, key, expires=lifetime)"""

    name = "minio, the client"
    package = "minio"

    def _client(self, token: "str | None") -> Any:
        return load("minio").Minio(
            "s3.amazonaws.com",
            access_key=ACCESS_KEY_ID,
            secret_key=SECRET_ACCESS_KEY,
            session_token=token,
            region=REGION,
        )

    def get_object(self, token: "str | None" = None) -> Sign:
        client = self._client(token)
        return lambda key: client.presigned_get_object(BUCKET, key, expires=LIFETIME)

    def moving_clock(self) -> Sign:
        client, clock = self._client(None), datetimes()
        return lambda key: client.presigned_get_object(BUCKET, key, expires=LIFETIME, request_date=next(clock))


class BotocoreSigner(Maker):
    """S3SigV4QueryAuth(...).add_auth(AWSRequest(...)), BOTO_DISABLE_CRT=true"""

    name = "botocore, the signer"
    package = "botocore"

    def get_object(self, token: "str | None" = None) -> Sign:
        auth, new_request = load("botocore.auth"), load("botocore.awsrequest").AWSRequest
        credentials = load("botocore.credentials").Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token)
        signer = auth.S3SigV4QueryAuth(credentials, "s3", REGION, expires=EXPIRES_IN)

        def sign(key: str) -> str:
            request = new_request("GET", f"https://{HOST}/{quote(key)}")
            signer.add_auth(request)
            return str(request.url)

        return sign

    def general(self) -> Sign:
        auth, new_request = load("botocore.auth"), load("botocore.awsrequest").AWSRequest
        credentials = load("botocore.credentials").Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
        signer = auth.SigV4QueryAuth(credentials, GENERAL_SERVICE, GENERAL_REGION, expires=EXPIRES_IN)

        def sign(_: str) -> str:
            query = urlencode(GENERAL_QUERY, quote_via=quote)
            request = new_request("GET", f"{GENERAL_SCHEME_AND_HOST}{GENERAL_PATH}?{query}", headers=GENERAL_HEADERS)
            signer.add_auth(request)
            return str(request.url)

        return sign


class FastS3Url(Maker):
    """FastS3UrlSigner(...).generate_presigned_get_object_urls(keys, expires_in=900): pure Python, no checks"""

    name = "fast-s3-url"
    package = "fast-s3-url"

    def _signer(self, token: "str | None") -> Any:
        module = load("fast_s3_url.credentials")
        credentials = (
            module.CredentialsWithToken(ACCESS_KEY_ID, SECRET_ACCESS_KEY, token)
            if token
            else module.Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
        )
        return load("fast_s3_url").FastS3UrlSigner(
            bucket_endpoint_url=f"https://{HOST}/", credentials=credentials, aws_region=REGION
        )

    def get_object(self, token: "str | None" = None) -> Sign:
        make = self._signer(token).generate_presigned_get_object_urls
        return lambda key: make([key], expires_in=EXPIRES_IN)[0]

    def many(self) -> SignMany:
        make = self._signer(None).generate_presigned_get_object_urls
        return lambda keys: make(keys, expires_in=EXPIRES_IN)

    def general(self) -> Sign:
        raise Cannot("signs GET of an S3 object only")


class Signurlarity(Maker):
    """Client(...).generate_presigned_url('get_object', Params={...}, ExpiresIn=900): boto3's call without boto3"""

    name = "signurlarity"
    package = "signurlarity"

    def get_object(self, token: "str | None" = None) -> Sign:
        if token:
            raise Cannot("takes no session token")
        client = load("signurlarity").Client(
            endpoint_url=f"https://s3.{REGION}.amazonaws.com",
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
        )
        return lambda key: client.generate_presigned_url(
            "get_object", Params={"Bucket": BUCKET, "Key": key}, ExpiresIn=EXPIRES_IN
        )

    def general(self) -> Sign:
        raise Cannot("signs for S3 only")


class Boto3(Maker):
    """client.generate_presigned_url('get_object', Params={...}, ExpiresIn=900), a warm client"""

    name = "boto3"
    package = "boto3"

    def get_object(self, token: "str | None" = None) -> Sign:
        config = load("botocore.config").Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
        client = load("boto3").client(
            "s3",
            region_name=REGION,
            aws_access_key_id=ACCESS_KEY_ID,
            aws_secret_access_key=SECRET_ACCESS_KEY,
            aws_session_token=token,
            config=config,
        )
        return lambda key: client.generate_presigned_url(
            "get_object", Params={"Bucket": BUCKET, "Key": key}, ExpiresIn=EXPIRES_IN
        )

    def general(self) -> Sign:
        raise Cannot("signs the operations of its service models only")


PEERS: "list[Maker]" = [
    LibPresign(),
    Obstore(),
    FastS3Url(),
    AwsCrt(),
    Recipe(),
    ASigV4(),
    Signurlarity(),
    MinioSigner(),
    MinioClient(),
    BotocoreSigner(),
    Boto3(),
]
