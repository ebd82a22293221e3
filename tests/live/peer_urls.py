"""The same URLs made by others, each as its documentation says: JSON in, JSON out, in an environment that has them.

Rule: this file runs by itself there (`python -I`), and uses nothing of ours.

In: endpoint, access_key_id, secret_access_key, region, bucket, keys.  Out: for each maker, for each method it has, the
URLs in the order of the keys, or null for a key that it refuses; null for a maker that cannot be imported.
"""

import datetime
import importlib
import json
import os
import sys
from collections.abc import Callable
from typing import Any

# Else botocore, where it finds awscrt installed, signs with that and not with its own signer.
os.environ["BOTO_DISABLE_CRT"] = "true"

Make = Callable[[str], str]
LIFETIME = 900


def botocore(given: "dict[str, Any]") -> "dict[str, Make]":
    session = importlib.import_module("botocore.session").get_session()
    config = importlib.import_module("botocore.config").Config(
        signature_version="s3v4", s3={"addressing_style": "path"}
    )
    client = session.create_client(
        "s3",
        region_name=given["region"],
        endpoint_url=given["endpoint"],
        aws_access_key_id=given["access_key_id"],
        aws_secret_access_key=given["secret_access_key"],
        config=config,
    )

    def make(operation: str) -> Make:
        return lambda key: client.generate_presigned_url(operation, {"Bucket": given["bucket"], "Key": key}, LIFETIME)

    return {"PUT": make("put_object"), "GET": make("get_object"), "DELETE": make("delete_object")}


def minio(given: "dict[str, Any]") -> "dict[str, Make]":
    client = importlib.import_module("minio").Minio(
        given["endpoint"].partition("://")[2],
        access_key=given["access_key_id"],
        secret_key=given["secret_access_key"],
        region=given["region"],
        secure=False,
    )

    def make(method: str) -> Make:
        return lambda key: client.get_presigned_url(method, given["bucket"], key, datetime.timedelta(seconds=LIFETIME))

    return {method: make(method) for method in ("PUT", "GET", "DELETE")}


def libpresign(given: "dict[str, Any]") -> "dict[str, Make]":
    get = importlib.import_module("libpresign").get
    # It signs the bucket as a part of the host, always, and writes https, which is no part of a signature.
    authority = f"localhost:{given['endpoint'].rpartition(':')[2]}"
    keys = given["access_key_id"], given["secret_access_key"]
    return {"GET": lambda key: get(*keys, given["region"], given["bucket"], key, LIFETIME, authority)}


def obstore(given: "dict[str, Any]") -> "dict[str, Make]":
    sign = importlib.import_module("obstore").sign
    store = importlib.import_module("obstore.store").S3Store(
        given["bucket"],
        endpoint=given["endpoint"],
        region=given["region"],
        access_key_id=given["access_key_id"],
        secret_access_key=given["secret_access_key"],
        virtual_hosted_style_request=False,
        client_options={"allow_http": True},
    )

    def make(method: str) -> Make:
        return lambda key: sign(store, method, key, datetime.timedelta(seconds=LIFETIME))

    return {method: make(method) for method in ("PUT", "GET", "DELETE")}


MAKERS = {"botocore": botocore, "minio": minio, "libpresign": libpresign, "obstore": obstore}


def made(make: Make, key: str) -> "str | None":
    try:
        return make(key)
    except Exception as refusal:  # noqa: BLE001 - each has its own kinds, and all say the same here
        sys.stderr.write(f"{key!r}: {refusal!r}\n")
        return None


def all_of(maker: "Callable[[dict[str, Any]], dict[str, Make]]", given: "dict[str, Any]") -> "dict[str, Any] | None":
    try:
        makes = maker(given)
    except ImportError:
        return None
    return {method: [made(make, key) for key in given["keys"]] for method, make in makes.items()}


def main() -> None:
    given = json.load(sys.stdin)
    json.dump({name: all_of(maker, given) for name, maker in MAKERS.items()}, sys.stdout)


if __name__ == "__main__":
    main()
