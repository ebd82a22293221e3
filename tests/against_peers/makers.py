"""The same requests signed by others, each as its documentation says: JSON in, JSON out, where they are installed.

Rule: this file runs by itself there (`python -I makers.py MAKER`), and uses nothing of ours.

In: `keys` (access key id, secret), `requests` and `forms` as `asked.py` makes them; ours are there as `urls` for those
who can judge.  Out: for each request a URL, `{"refused": why}`, or null where the maker has no such call; for each form
`{"url", "fields"}`; for each of our URLs whether the maker accepts it.
"""

import asyncio
import datetime
import functools
import importlib
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

os.environ["BOTO_DISABLE_CRT"] = "true"  # else botocore signs with awscrt where it finds it
for _name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[_name]
os.environ.update(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull, AWS_EC2_METADATA_DISABLED="true")

Request = dict[str, Any]
Sign = Callable[[Request], Any]
NOT_OFFERED = None


def _endpoint(request: Request) -> str:
    return request["store"] or f"https://s3.{request['region']}.amazonaws.com"


# --- boto3, and the AWS CLI that is made of botocore -----------------------------------------------------------------

OPERATIONS = {"GET": "get_object", "PUT": "put_object", "HEAD": "head_object", "DELETE": "delete_object"}


def boto3(access_key_id: str, secret: str) -> "tuple[Sign, Sign]":
    module: Any = importlib.import_module("boto3")
    config: Any = importlib.import_module("botocore.config").Config

    @functools.cache
    def client(region: str, store: "str | None", token: "str | None") -> Any:
        return module.client(
            "s3",
            region_name=region,
            endpoint_url=store,
            aws_access_key_id=access_key_id,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=config(signature_version="s3v4", s3={"addressing_style": "path" if store else "virtual"}),
        )

    def sign(request: Request) -> Any:
        if request["method"] in ("PUT", "DELETE") and request["parameters"]:
            return NOT_OFFERED
        params = {"Bucket": request["bucket"], "Key": request["key"]}
        for name, value in request["parameters"].items():
            params["".join([word.capitalize() for word in name.split("-")])] = value
        made = client(request["region"], request["store"], request["token"])
        return made.generate_presigned_url(OPERATIONS[request["method"]], params, request["expires_in"])

    def form(request: Request) -> Any:
        conditions: list[Any] = [{name: value} for name, value in request["fields"].items()]
        made = client(request["region"], request["store"], request["token"])
        return made.generate_presigned_post(
            request["bucket"],
            request["key"],
            request["fields"],
            [*conditions, ["content-length-range", *request["sizes"]]],
            request["expires_in"],
        )

    return sign, form


def awscli(access_key_id: str, secret: str) -> "tuple[Sign, None]":
    # Its own words for version 4, without which it signs with version 2.
    with tempfile.NamedTemporaryFile("w", suffix=".ini", delete=False) as file:
        file.write("[default]\ns3 =\n  signature_version = s3v4\n  addressing_style = virtual\n")
    os.environ["AWS_CONFIG_FILE"] = file.name
    driver: Any = importlib.import_module("awscli.clidriver").create_clidriver()

    def sign(request: Request) -> Any:
        if request["method"] != "GET" or request["parameters"] or request["store"]:
            return NOT_OFFERED
        driver.session.set_credentials(access_key_id, secret, request["token"])
        said = io.StringIO()
        words = ["s3", "presign", f"s3://{request['bucket']}/{request['key']}"]
        words += ["--region", request["region"], "--expires-in", str(request["expires_in"])]
        with redirect_stdout(said):
            driver.main(words)
        return said.getvalue().strip()

    return sign, None


# --- others ----------------------------------------------------------------------------------------------------------


def minio(access_key_id: str, secret: str) -> "tuple[Sign, Sign]":
    module: Any = importlib.import_module("minio")
    datatypes: Any = importlib.import_module("minio.datatypes")

    @functools.cache
    def client(endpoint: str, region: str, token: "str | None") -> Any:
        scheme, _, host = endpoint.partition("://")
        return module.Minio(
            host, access_key=access_key_id, secret_key=secret, session_token=token, region=region,
            secure=scheme == "https",
        )  # fmt: skip

    def sign(request: Request) -> Any:
        return client(_endpoint(request), request["region"], request["token"]).get_presigned_url(
            request["method"],
            request["bucket"],
            request["key"],
            datetime.timedelta(seconds=request["expires_in"]),
            request["parameters"] or None,
        )

    def form(request: Request) -> Any:
        until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=request["expires_in"])
        policy = datatypes.PostPolicy(request["bucket"], until)
        policy.add_equals_condition("key", request["key"])
        for name, value in request["fields"].items():
            policy.add_equals_condition(name, value)
        policy.add_content_length_range_condition(*request["sizes"])
        fields = client(_endpoint(request), request["region"], request["token"]).presigned_post_policy(policy)
        return {"url": _endpoint(request), "fields": {**fields, "key": request["key"], **request["fields"]}}

    return sign, form


def signurlarity(access_key_id: str, secret: str) -> "tuple[Sign, Sign]":
    module: Any = importlib.import_module("signurlarity")

    @functools.cache
    def client(endpoint: str) -> Any:
        return module.Client(endpoint, access_key_id, secret)

    def known(request: Request) -> bool:  # it has no token, and reads the region from AWS's hosts alone
        return not request["token"] and (not request["store"] or request["region"] == "us-east-1")

    def sign(request: Request) -> Any:
        if not known(request) or request["parameters"]:
            return NOT_OFFERED
        return client(_endpoint(request)).generate_presigned_url(
            OPERATIONS[request["method"]],
            Params={"Bucket": request["bucket"], "Key": request["key"]},
            ExpiresIn=request["expires_in"],
        )

    def form(request: Request) -> Any:
        if not known(request):
            return NOT_OFFERED
        conditions: list[Any] = [{name: value} for name, value in request["fields"].items()]
        return client(_endpoint(request)).generate_presigned_post(
            request["bucket"],
            request["key"],
            request["fields"],
            [*conditions, ["content-length-range", *request["sizes"]]],
            request["expires_in"],
        )

    return sign, form


def fast_s3_url(access_key_id: str, secret: str) -> "tuple[Sign, None]":
    module: Any = importlib.import_module("fast_s3_url")

    def sign(request: Request) -> Any:
        if request["method"] != "GET" or request["parameters"]:
            return NOT_OFFERED
        credentials = module.Credentials(access_key_id, secret)
        if request["token"]:
            credentials = module.CredentialsWithToken(access_key_id, secret, request["token"])
        signer = module.FastS3UrlSigner(
            bucket_endpoint_url=f"{_endpoint(request)}/{request['bucket']}/",
            credentials=credentials,
            aws_region=request["region"],
        )
        return signer.generate_presigned_get_object_urls([request["key"]], expires_in=request["expires_in"])[0]

    return sign, None


def asigv4(access_key_id: str, secret: str) -> "tuple[Sign, None]":
    module: Any = importlib.import_module("asigv4.signer")

    def sign(request: Request) -> Any:
        scheme, _, host = _endpoint(request).partition("://")
        query = {**request["parameters"]}
        if request["token"]:
            query["X-Amz-Security-Token"] = request["token"]  # it has no argument for it
        return module.presign_url(
            method=request["method"],
            host=host,
            path=f"/{request['bucket']}/{request['key']}",
            access_key_id=access_key_id,
            secret_key=secret,
            region=request["region"],
            expires=request["expires_in"],
            query_params=query,
            scheme=scheme,
        )

    return sign, None


def asigv4_judges(urls: "list[dict[str, str]]", secret: str) -> "list[str]":
    """What asigv4's verifier says of each of our URLs: nothing, or its error."""
    secrets: dict[str, str] = {"AKIDEXAMPLE": secret}
    verifier: Any = importlib.import_module("asigv4.verifier").SigV4Verifier(secrets.get)
    answers: list[str] = []
    for each in urls:
        split = urlsplit(each["url"])
        try:
            asyncio.run(
                verifier._verify_presigned(
                    method=each["method"],
                    path=unquote(split.path),
                    headers={"host": split.netloc},
                    query_params=dict(parse_qsl(split.query, keep_blank_values=True)),
                    now=datetime.datetime.now(datetime.timezone.utc),
                )
            )
            answers.append("")
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is counted
            answers.append(f"{type(fault).__name__}: {fault}")
    return answers


def obstore(access_key_id: str, secret: str) -> "tuple[Sign, None]":
    module: Any = importlib.import_module("obstore")
    stores: Any = importlib.import_module("obstore.store")

    @functools.cache
    def store(bucket: str, region: str, endpoint: "str | None", token: "str | None") -> Any:
        options = {"access_key_id": access_key_id, "secret_access_key": secret, "region": region}
        if token:
            options["session_token"] = token
        if endpoint:
            options["endpoint"] = endpoint
        return stores.S3Store(
            bucket, **options, virtual_hosted_style_request=endpoint is None,
            client_options={"allow_http": True},
        )  # fmt: skip

    def sign(request: Request) -> Any:
        if request["parameters"]:
            return NOT_OFFERED
        made = store(request["bucket"], request["region"], request["store"], request["token"])
        return module.sign(made, request["method"], request["key"], datetime.timedelta(seconds=request["expires_in"]))

    return sign, None


def s3cmd(access_key_id: str, secret: str) -> "tuple[Sign, None]":
    crypto: Any = importlib.import_module("S3.Crypto")
    configuration: Any = importlib.import_module("S3.Config").Config()
    configuration.access_key, configuration.secret_key = access_key_id, secret

    def sign(request: Request) -> Any:
        if request["method"] != "GET" or request["parameters"] or request["token"] or request["store"]:
            return NOT_OFFERED
        return crypto.sign_url_base_v2(
            bucket=request["bucket"], object=request["key"], expiry=f"+{request['expires_in']}"
        )

    return sign, None


MAKERS: "dict[str, Callable[[str, str], tuple[Sign, Sign | None]]]" = {
    "boto3": boto3, "awscli": awscli, "minio": minio, "signurlarity": signurlarity, "fast-s3-url": fast_s3_url,
    "asigv4": asigv4, "obstore": obstore, "s3cmd": s3cmd,
}  # fmt: skip


def answer(sign: "Sign | None", request: Request) -> Any:
    if sign is None:
        return NOT_OFFERED
    try:
        return sign(request)
    except Exception as fault:  # noqa: BLE001 - a refusal of whatever kind is counted, with its reason
        return {"refused": f"{type(fault).__name__}: {fault}"[:200]}


def main() -> None:
    given: dict[str, Any] = json.loads(sys.stdin.buffer.read())
    url_of, form_of = MAKERS[sys.argv[1]](*given["keys"])
    found: dict[str, Any] = {
        "urls": [answer(url_of, request) for request in given["requests"]],
        "forms": [answer(form_of, request) for request in given["forms"]],
    }
    if sys.argv[1] == "asigv4":
        found["judged"] = asigv4_judges(given["urls"], given["keys"][1])
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
