"""Every operation of S3, with every parameter, against botocore's own presigned URLs.

Rule: the cases come from botocore's service model, not from our table.  What the model has and we do not is in a table
here with its reason, and an entry that no longer applies fails, as does a parameter that is new in the model.
"""

import base64
import datetime
import hashlib
import os
import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import oracle  # before botocore: it tells botocore to leave awscrt's signer alone

# isort: split

import botocore.config
import botocore.exceptions
import botocore.loaders
import botocore.model
import botocore.session
import botocore.utils
import pytest

from sigv4presign import Credentials, PresignedUrl, S3Presigner
from sigv4presign._s3.operation_table import CHECKSUMS, CONTROL, NO_ACCESS_POINTS, OPERATIONS, ORDINARY
from sigv4presign._s3.operations import bound, has_body
from sigv4presign.errors import InputError

config_module: Any = botocore.config
exceptions_module: Any = botocore.exceptions
utils_module: Any = botocore.utils
loaders_module: Any = botocore.loaders
model_module: Any = botocore.model
session_module: Any = botocore.session

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "a/session+token==")
REGION, BUCKET, KEY, NOW = "eu-west-1", "examplebucket", "a dir/ü+&=?#.txt", 1_764_000_000
MOMENT = datetime.datetime(2030, 2, 3, 4, 5, 6, tzinfo=datetime.timezone(datetime.timedelta(hours=1)))

# --- what the model has and we do not --------------------------------------------------------------------------------

OMITTED_OPERATIONS = {
    "create_session": "its answer is credentials for a directory bucket, which nobody hands out as a link; the "
    "session token goes into another parameter there than in all other requests to such a bucket",
    "list_directory_buckets": "it is answered by S3 Express's control endpoint, which serves no objects",
    "write_get_object_response": "an Object Lambda function sends it, at a host that its request names",
    "get_bucket_lifecycle": "deprecated: the request is that of get_bucket_lifecycle_configuration",
    "put_bucket_lifecycle": "deprecated: the request is that of put_bucket_lifecycle_configuration",
    "get_bucket_notification": "deprecated: the request is that of get_bucket_notification_configuration",
    "put_bucket_notification": "deprecated: the request is that of put_bucket_notification_configuration",
}
OMITTED_PLACES = {
    None: "in the body, which is the client's; botocore fails where it is XML, since it moves the body into the query",
    "uri": "bucket and key, which are arguments of their own",
}

# --- what we have and the model does not -----------------------------------------------------------------------------

CHECKS = set(CHECKSUMS.split())
ADDED = {
    "download_as": "a Content-Disposition made from a file's name",
    "content_md5": "S3 reads it with every body; botocore computes it where the model leaves it out",
    **dict.fromkeys(CHECKS, "the model names the algorithm, and botocore computes the header; here the client does"),
}

# --- where botocore's request is another -----------------------------------------------------------------------------

BOTOCORE_ADDS = {
    "list_objects": {"encoding_type": "url"},  # and decodes the answer, which it never sees with a presigned URL
    "list_objects_v2": {"encoding_type": "url"},
    "list_object_versions": {"encoding_type": "url"},
    "rename_object": {"client_token": "b0b9fe64-2b9c-4b6e-a1c5-6f6d6f7f2f5e"},  # else a random one each time
}
BOTOCORE_PATH_STYLE = {"get_bucket_location"}  # a rule from the days of the global host; both styles answer

# --- values ----------------------------------------------------------------------------------------------------------

SSE_C = {
    "algorithm": "AES256",
    "key": "a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
    "key_md5": "mT2HRsMGJ5IX5C+0rreZ8Q==",
}
DIGESTS = {
    "content_md5": "XrY7u+Ae7tCTyyK7j1rNww==",
    "checksum_crc32": "DUoRhQ==",
    "checksum_crc32c": "yZRlqg==",
    "checksum_crc64nvme": "jSnVw/bqjr4=",
    "checksum_md5": "XrY7u+Ae7tCTyyK7j1rNww==",
    "checksum_sha1": "Kq5sNclPz7QV2+lfQIuc6R7oRu0=",
    "checksum_sha256": "uU0nuZNNPgilLlLX2n2r+sSE7+N6U4DukIj3rOLvzek=",
    "checksum_sha512": "MJ7MSJwS1utMxA9QyQLytNDtd+5RGnx6m808qG1M2G+YndNbxf9JlnDaNCVbRbDP2DDoHAXb3N/+DeaXOTEBbw==",
    "checksum_xxhash64": "Ra9Up8jZ9sg=",
    "checksum_xxhash3": "1EeWjCWHHAE=",
    "checksum_xxhash128": "33jczO94QEzwSDVCKS5mqA==",
}
SPECIAL: "dict[str, tuple[Any, Any]]" = {  # ours, botocore's
    "metadata": ({"Owner": "Al B", "x-y": "2"}, {"Owner": "Al B", "x-y": "2"}),
    "tagging": ("project=blue&owner=Al%20B", "project=blue&owner=Al%20B"),
    "copy_source": (
        {"bucket": "source", "key": "a b/ü+%41", "version_id": "v.1_"},
        {"Bucket": "source", "Key": "a b/ü+%41", "VersionId": "v.1_"},
    ),
    **{name: (text, text) for name, text in DIGESTS.items()},
    **{f"{whose}sse_customer_{part}": (text, text) for whose in ("", "copy_source_") for part, text in SSE_C.items()},
}


def value(name: str, shape: Any) -> "tuple[Any, Any]":
    """A value that makes sense for a member: as we take it, as botocore does."""
    if name in SPECIAL:
        return SPECIAL[name]
    if getattr(shape, "enum", None):
        return shape.enum[0], shape.enum[0]
    made = {
        "string": "a b/c+d&e=f" if shape.serialization["location"] == "header" else "ü b/c+d&e=f\n%41",
        "integer": 7,
        "long": 5_000_000_000,
        "boolean": True,
        "timestamp": MOMENT,
        "list": getattr(getattr(shape, "member", None), "enum", [])[:2],
    }[shape.type_name]
    if name.startswith("response_") and shape.type_name == "string":
        made = "attachment; filename=\"x\"; filename*=UTF-8''na%C3%AFve"
    return made, made


def snake(member: str) -> str:
    """The plain snake case of a member: each acronym is one word, and so is a hash's name."""
    bounds = r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z0-9])(?=[A-Z][a-z])"
    return re.sub(bounds, "_", member.replace("SSEKMS", "SSE_KMS")).lower()


def all_members(operation: Any) -> "dict[str, Any]":
    """The members of an operation's input: name to shape."""
    found: dict[str, Any] = operation.input_shape.members
    return found


def members(operation: Any) -> "dict[str, Any]":
    """Those that are parameters here: snake-case name to member name and shape."""
    return {
        snake(name): (name, shape)
        for name, shape in all_members(operation).items()
        if shape.serialization.get("location") not in OMITTED_PLACES
    }


# --- the two sides ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def client() -> "Iterator[Any]":
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patch.delenv(name)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)
        clock: Callable[..., datetime.datetime] = lambda *_args, **_kwargs: moment  # noqa: E731 - one line says it
        patch.setattr(oracle.auth, "get_current_datetime", clock)
        yield session_module.Session().create_client(
            "s3",
            region_name=REGION,
            aws_access_key_id=CREDS.access_key_id,
            aws_secret_access_key=CREDS.secret_access_key,
            aws_session_token=CREDS.session_token,
            config=config_module.Config(
                signature_version="s3v4",
                s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"},
                parameter_validation=False,  # so that members of the body can be left out
            ),
        )


VIRTUAL = S3Presigner(CREDS, REGION, addressing_style="virtual")
PATH = S3Presigner(CREDS, REGION, addressing_style="path")


def our_url(operation: str, params: "dict[str, Any]") -> Any:
    method = getattr(PATH if operation in BOTOCORE_PATH_STYLE else VIRTUAL, operation)
    arguments = {"object": (BUCKET, KEY), "bucket": (BUCKET,), "service": ()}[OPERATIONS[operation].scope]
    return method(*arguments, expires_in=900, now=NOW, **params)


def botocore_url(client: Any, operation: str, params: "dict[str, Any]") -> str:
    path = {"object": {"Bucket": BUCKET, "Key": KEY}, "bucket": {"Bucket": BUCKET}, "service": {}}
    return str(client.generate_presigned_url(operation, {**path[OPERATIONS[operation].scope], **params}, ExpiresIn=900))


def parts(url: str) -> "tuple[str, str, str, list[tuple[str, str]]]":
    """A URL as what it says, so that a difference is seen where it is: signature and signed headers are parameters."""
    split = urlsplit(url)
    return split.scheme, split.netloc, split.path, sorted(parse_qsl(split.query, keep_blank_values=True))


# Not from a session, which would read the configuration of whoever runs the tests.
MODEL: Any = model_module.ServiceModel(loaders_module.Loader().load_service_model("s3", "service-2"), "s3")
NAMES: "dict[str, str]" = {snake(name): name for name in MODEL.operation_names}


# --- the tables agree with the model ---------------------------------------------------------------------------------


def test_every_operation_of_the_model_is_here_or_is_omitted_with_a_reason() -> None:
    assert set(NAMES) == OPERATIONS.keys() | OMITTED_OPERATIONS.keys()
    assert not OPERATIONS.keys() & OMITTED_OPERATIONS.keys()


def test_the_names_are_those_of_boto3(client: Any) -> None:
    assert set(OPERATIONS) <= set(client.meta.method_to_api_mapping)
    assert {name: NAMES[name] for name in OPERATIONS} == {
        name: client.meta.method_to_api_mapping[name] for name in OPERATIONS
    }


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_the_method_and_the_parameters_of_the_model(name: str) -> None:
    operation = MODEL.operation_model(NAMES[name])
    row = OPERATIONS[name]
    method, scope, fixed, required, places = row.method, row.scope, row.query, row.required, row.places
    path, _, query = operation.http["requestUri"].partition("?")
    assert method == operation.http["method"]
    assert path == {"object": "/{Bucket}/{Key+}", "bucket": "/{Bucket}", "service": "/"}[scope]
    assert fixed == parse_qsl(query, keep_blank_values=True)
    ours = {parameter: (place, wire.removesuffix("*")) for parameter, (place, wire, _) in places.items()}
    theirs: dict[str, tuple[str, str]] = {}
    for parameter, (_, shape) in members(operation).items():
        location, wire = shape.serialization["location"], shape.serialization["name"]
        theirs[parameter] = ("query", wire) if location == "querystring" else ("header", wire.lower())
    assert {parameter: ours.get(parameter) for parameter in theirs} == theirs
    assert set(required) == {snake(member) for member in operation.input_shape.required_members} & set(theirs)

    added: set[str] = {"download_as"} if name == "get_object" else set()
    if any("location" not in shape.serialization for shape in all_members(operation).values()):
        added.add("content_md5")
        if operation.http_checksum.get("requestAlgorithmMember"):
            added |= CHECKS
    assert ours.keys() - theirs.keys() == added - theirs.keys()
    assert added <= ADDED.keys()


def test_every_addition_and_every_exception_still_applies() -> None:
    models = {name: MODEL.operation_model(NAMES[name]) for name in OPERATIONS}
    for name in ADDED:
        assert [
            True for operation, model in models.items() if name in OPERATIONS[operation].places.keys() - members(model)
        ]
    for operation, params in BOTOCORE_ADDS.items():
        assert params.keys() <= members(models[operation]).keys()
    for name in SPECIAL:
        assert [True for model in models.values() if name in members(model)]
    places = {shape.serialization.get("location") for model in models.values() for shape in all_members(model).values()}
    assert set(OMITTED_PLACES) < places


def test_what_botocore_does_besides_is_still_what_the_tables_say(client: Any) -> None:
    for name, params in BOTOCORE_ADDS.items():
        ours, theirs = next(cases(name))
        for parameter in params:
            del ours[parameter], theirs[members(MODEL.operation_model(NAMES[name]))[parameter][0]]
        assert parts(our_url(name, ours)) != parts(botocore_url(client, name, theirs))
    for name in BOTOCORE_PATH_STYLE:
        assert parts(bound(VIRTUAL, name)(BUCKET, expires_in=900, now=NOW)) != parts(botocore_url(client, name, {}))


def test_the_deprecated_twins_are_the_same_requests(client: Any) -> None:
    twins = [name for name, reason in OMITTED_OPERATIONS.items() if reason.startswith("deprecated")]
    assert len(twins) == 4
    for name in twins:
        theirs = client.generate_presigned_url(name, {"Bucket": BUCKET}, ExpiresIn=900)
        assert parts(theirs) == parts(our_url(f"{name}_configuration", {}))


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_has_a_body_where_the_model_has_members_for_it(name: str) -> None:
    shapes = all_members(MODEL.operation_model(NAMES[name])) if MODEL.operation_model(NAMES[name]).input_shape else {}
    theirs = [member for member, shape in shapes.items() if shape.serialization.get("location") is None]
    assert has_body(name, {}) == bool(theirs), theirs
    if theirs == ["AccessControlPolicy"]:  # "You can use either a canned ACL or specify access permissions explicitly"
        granting = [parameter for parameter in OPERATIONS[name].places if re.match("acl|grant_", parameter)]
        assert len(granting) == 6
        assert not any(has_body(name, {parameter: "x"}) for parameter in granting)
        assert has_body(name, {"expected_bucket_owner": "123456789012"})
    else:
        assert has_body(name, {"acl": "private"}) == bool(theirs)


# --- the URLs agree with botocore's ----------------------------------------------------------------------------------


def cases(name: str) -> "Iterator[tuple[dict[str, Any], dict[str, Any]]]":
    """Parameters for an operation, ours and botocore's: what is required, each other with it, all together."""
    model = members(MODEL.operation_model(NAMES[name]))
    always = [*OPERATIONS[name].required, *BOTOCORE_ADDS.get(name, {})]
    values = {parameter: value(parameter, shape) for parameter, (_, shape) in model.items()}
    values.update({parameter: (fixed, fixed) for parameter, fixed in BOTOCORE_ADDS.get(name, {}).items()})
    for chosen in [[], *[[parameter] for parameter in model], list(model)]:
        together = [*always, *chosen]
        for parameter in chosen:
            if "sse_customer" in parameter:  # algorithm, key and MD5 come together
                together += [
                    other for other in model if other.rpartition("customer")[0] == parameter.rpartition("customer")[0]
                ]
        names = dict.fromkeys(together)
        yield (
            {parameter: values[parameter][0] for parameter in names},
            {model[parameter][0]: values[parameter][1] for parameter in names},
        )


@pytest.mark.parametrize("name", OPERATIONS)
def test_each_parameter_alone_and_all_together_give_the_url_of_botocore(client: Any, name: str) -> None:
    for ours, theirs in cases(name):
        url = our_url(name, ours)
        assert parts(url) == parts(botocore_url(client, name, theirs)), ours
        assert url.method == MODEL.operation_model(NAMES[name]).http["method"]


@pytest.mark.parametrize("name", [name for name in OPERATIONS if "sse_customer_key" in OPERATIONS[name].places])
def test_a_customer_key_in_bytes_is_sent_as_botocore_sends_it(client: Any, name: str) -> None:
    key = bytes(range(32))
    ours, theirs = next(cases(name))
    ours |= {"sse_customer_algorithm": "AES256", "sse_customer_key": key}
    theirs |= {"SSECustomerAlgorithm": "AES256", "SSECustomerKey": key}
    if name in ("list_parts", "get_object_attributes"):  # botocore sends the key raw there, which S3 cannot read
        theirs |= {
            "SSECustomerKey": base64.b64encode(key).decode(),
            "SSECustomerKeyMD5": base64.b64encode(hashlib.md5(key).digest()).decode(),
        }
    assert parts(our_url(name, ours)) == parts(botocore_url(client, name, theirs))


@pytest.mark.parametrize("name", ["copy_object", "upload_part_copy"])
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("source/a b/ü+%41", "source/a b/ü+%41"),
        ("/source/k", "/source/k"),
        ("source/k?versionId=3HL4kqCxf3vjVBH40Nrjfkd", "source/k?versionId=3HL4kqCxf3vjVBH40Nrjfkd"),
        ("source/what?", "source/what?"),
        ({"bucket": "source", "key": "k?versionId=1"}, {"Bucket": "source", "Key": "k?versionId=1"}),
        ({"bucket": "source", "key": "/k", "version_id": None}, {"Bucket": "source", "Key": "/k"}),
        (
            {"bucket": "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine", "key": "a b"},
            {"Bucket": "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine", "Key": "a b"},
        ),
        (
            "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine/object/a b",
            "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine/object/a b",
        ),
    ],
)
def test_a_copy_source_is_encoded_as_botocore_encodes_it(client: Any, name: str, ours: Any, theirs: Any) -> None:
    params, botocore_params = next(cases(name))
    url = our_url(name, params | {"copy_source": ours})
    assert parts(url) == parts(botocore_url(client, name, botocore_params | {"CopySource": theirs}))


@pytest.mark.parametrize(
    ("name", "member", "moment"),
    [
        ("expires", "Expires", datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)),
        ("expires", "Expires", datetime.datetime(2028, 2, 29, 23, 59, 59, 999_999, tzinfo=datetime.timezone.utc)),
        (
            "object_lock_retain_until_date",
            "ObjectLockRetainUntilDate",
            datetime.datetime(2099, 12, 31, 1, 2, 3, 4, tzinfo=MOMENT.tzinfo),
        ),
    ],
)
def test_moments_are_written_as_botocore_writes_them(client: Any, name: str, member: str, moment: Any) -> None:
    theirs = botocore_url(client, "put_object", {member: moment})
    assert parts(our_url("put_object", {name: moment})) == parts(theirs)
    text = our_url("put_object", {name: moment}).headers[OPERATIONS["put_object"].places[name][1]]
    assert parts(our_url("put_object", {name: text})) == parts(theirs)


def test_tags_given_as_a_mapping_are_those_that_s3_decodes(client: Any) -> None:
    tags = {"project": "blue & green", "empty": "", "größe": "1/2"}
    url = our_url("put_object", {"tagging": tags})
    assert dict(parse_qsl(url.headers["x-amz-tagging"], keep_blank_values=True)) == tags
    theirs = botocore_url(client, "put_object", {"Tagging": url.headers["x-amz-tagging"]})
    assert parts(url) == parts(theirs)


def test_download_as_is_a_response_content_disposition_to_botocore(client: Any) -> None:
    theirs = {"ResponseContentDisposition": "attachment; filename=\"na_ve.pdf\"; filename*=UTF-8''na%C3%AFve.pdf"}
    ours = our_url("get_object", {"download_as": "naïve.pdf"})
    assert parts(ours) == parts(botocore_url(client, "get_object", theirs))


# --- every kind of bucket --------------------------------------------------------------------------------------------

KINDS = {
    "an ordinary bucket": BUCKET,
    "a directory bucket": "logs--euw1-az1--x-s3",
    "a directory bucket's access point": "mine--euw1-az1--xa-s3",
    "an access point": "arn:aws:s3:eu-west-1:123456789012:accesspoint/mine",
    "an access point elsewhere": "arn:aws:s3:us-west-2:123456789012:accesspoint/mine",
    "an access point's alias": "mine-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias",
    "Object Lambda": "arn:aws:s3-object-lambda:eu-west-1:123456789012:accesspoint/mine",
    "an access point on Outposts": "arn:aws:s3-outposts:eu-west-1:123456789012:outpost/op-1/accesspoint/mine",
    "a multi-region access point": "arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap",
}
# Where botocore's request is another for a kind of bucket: operation and kind, what they and we do, and the reason.
KIND_DIFFERENCES = {
    (kind, "get_bucket_location"): "botocore's rule for this operation asks for path style, which its ruleset rejects "
    "for an ARN; the host of the access point answers all operations alike"
    for kind, bucket in KINDS.items()
    if bucket.startswith("arn:")
}
MULTI_REGION = "without awscrt botocore signs with version 4, which S3 rejects there; ours is SigV4A, for the same host"
TOKENS = {"X-Amz-Security-Token", "X-Amz-S3session-Token"}


def their_answer(client: Any, operation: str, bucket: str, params: "dict[str, Any]") -> "str | None":
    """botocore's URL; None where it refuses."""
    where: dict[str, dict[str, str]] = {"object": {"Bucket": bucket, "Key": KEY}, "bucket": {"Bucket": bucket}}
    try:
        return str(
            client.generate_presigned_url(operation, {**where[OPERATIONS[operation].scope], **params}, ExpiresIn=900)
        )
    except exceptions_module.EndpointResolutionError:
        return None


def our_answer(presigner: S3Presigner, operation: str, bucket: str, params: "dict[str, Any]") -> "PresignedUrl | None":
    arguments = {"object": (bucket, KEY), "bucket": (bucket,)}[OPERATIONS[operation].scope]
    try:
        return bound(presigner, operation)(*arguments, expires_in=900, now=NOW, **params)
    except InputError:
        return None


def signed_with_version_4(theirs: str, ours: Any, method: str, keys: "tuple[str, str, str | None]") -> str:
    """botocore's URL as its signer of version 4 signs it for the service that the ruleset names.

    The operation's own parameters and headers are ours: on an ordinary bucket they are compared.
    """
    mine = [f"{quote(name)}={quote(value, safe='')}" for name, value in parts(ours)[3] if not name.startswith("X-Amz-")]
    url = f"{theirs.partition('?')[0]}?{'&'.join(mine)}"
    return oracle.presigned_url(
        "s3", method, url, keys=keys, region=REGION, service="s3express", expires_in=900,
        headers=ours.headers.items(), now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize("token", [CREDS.session_token, None], ids=["with a session token", "without"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_operation_goes_where_botocores_goes_for_every_kind_of_bucket(
    client: Any, monkeypatch: pytest.MonkeyPatch, kind: str, token: "str | None"
) -> None:
    assert client  # its clock and environment
    keys = CREDS.access_key_id, CREDS.secret_access_key, token
    config: dict[str, Any] = {"s3": {"addressing_style": "virtual"}, "parameter_validation": False}
    if "directory" not in kind:
        config["signature_version"] = "s3v4"  # else version 2; with it botocore forgets what directory buckets need
    their_client = session_module.Session().create_client(
        "s3",
        region_name=REGION,
        aws_access_key_id=keys[0],
        aws_secret_access_key=keys[1],
        aws_session_token=keys[2],
        config=config_module.Config(**config),
    )
    session = oracle.botocore_credentials(*keys)  # what botocore's client would get from CreateSession

    def of_the_session(*_: object) -> Any:
        return session

    monkeypatch.setattr(utils_module.S3ExpressIdentityCache, "get_credentials", of_the_session)
    presigner = S3Presigner(Credentials(*keys), REGION)
    bucket, different, refused = KINDS[kind], set[str](), set[str]()
    of_a_session = set[str]()  # which always has a token
    if "directory" in kind and token is None:
        of_a_session = {name for name, row in OPERATIONS.items() if row.scope != "service"} - set(ORDINARY)
        of_a_session -= set(CONTROL) if bucket.endswith("--x-s3") else set()
    for name, row in OPERATIONS.items():
        if row.scope == "service":
            continue
        params, botocore_params = next(cases(name))
        expected = their_answer(their_client, name, bucket, botocore_params)
        style = "path" if name in BOTOCORE_PATH_STYLE and not bucket.startswith("arn:") else "virtual"
        url = our_answer(presigner.replace(addressing_style=style), name, bucket, params)
        if name in of_a_session:
            assert url is None, f"{name} is signed without a session"
        elif expected is None and url is None:
            refused.add(name)
        elif (kind, name) in KIND_DIFFERENCES:
            assert (expected is None, url is None) == (True, False)
            different.add(name)
        elif kind == "a multi-region access point":
            assert expected is not None
            assert url is not None, MULTI_REGION
            assert parts(url)[:3] == parts(expected)[:3]
            assert "X-Amz-Algorithm=AWS4-ECDSA-P256-SHA256&" in url
        else:
            assert expected is not None, f"{name} is signed here"
            assert url is not None, f"{name} is refused here"
            if "AWSAccessKeyId=" in expected:  # right in its host, but its client signs such requests with version 2
                expected = signed_with_version_4(expected, url, row.method, keys)
            assert parts(url) == parts(expected), name
            if token is not None:
                assert len(TOKENS & {parameter for parameter, _ in parts(url)[3]}) == 1
    assert different == {name for other, name in KIND_DIFFERENCES if other == kind}
    access_points = bucket.startswith("arn:") and "outposts" not in bucket and not bucket.endswith(".mrap")
    assert refused == ({"create_bucket"} if access_points else set())


def test_the_sets_of_operations_are_those_that_the_model_marks() -> None:
    marked: dict[str, set[str]] = {}
    for name in OPERATIONS:
        for parameter in MODEL.operation_model(NAMES[name]).static_context_parameters:
            marked.setdefault(parameter.name, set()).add(name)
    assert marked == {
        "UseS3ExpressControlEndpoint": CONTROL,
        "DisableS3ExpressSessionAuth": ORDINARY,
        "DisableAccessPoints": NO_ACCESS_POINTS,
    }
