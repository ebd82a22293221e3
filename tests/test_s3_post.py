"""Presigned POST: the same form as botocore's, the documentation's signature, and no form that S3 must refuse."""

import oracle  # isort: skip  (first: it keeps botocore from awscrt)

import base64
import copy
import datetime
import email
import email.policy
import http.server
import json
import pickle
import shutil
import string
import subprocess
import threading
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType
from typing import Any

import botocore.config
import botocore.session
import botocore.signers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sigv4presign import Credentials, CredentialScope, S3Presigner, derive_signing_key
from sigv4presign._s3.buckets import Address
from sigv4presign._s3.policy import LARGEST_FORM
from sigv4presign._s3.post import PresignedPost, post_object
from sigv4presign.errors import CredentialsExpireFirst, InputError

session_module: Any = botocore.session
CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
TEMPORARY = Credentials("ASIAEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", "to/ken+==")
NOW = 1_764_000_000  # 2025-11-24T16:00:00Z
REGION = "eu-west-1"
ADDRESS = Address("https", "bucket.s3.eu-west-1.amazonaws.com", "", REGION, "s3")
SIGNATURE_FIELDS = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"]

AWS_DOCS = {
    case["id"]: case
    for case in json.loads((Path(__file__).parent / "vectors" / "aws-docs.json").read_text(encoding="utf-8"))["cases"]
}


def post(key: str = "k", *, credentials: Any = CREDS, lifetime: "int | None" = 600, **params: Any) -> PresignedPost:
    return post_object(ADDRESS, credentials, "bucket", key, second=NOW, lifetime=lifetime, **params)


def document(form: PresignedPost) -> Any:
    return json.loads(base64.b64decode(form.fields["policy"]))


def conditions(form: PresignedPost) -> "list[Any]":
    found: list[Any] = document(form)["conditions"]
    return found


# --- an independent reading of the policy language -------------------------------------------------------------------


def condition_of(condition: Any) -> "tuple[str, str, str]":
    """(operator, field in lower case, value)."""
    if isinstance(condition, dict):
        ((field, value),) = condition.items()  # pyright: ignore[reportUnknownVariableType]
        return "eq", str(field).lower(), str(value)  # pyright: ignore[reportUnknownArgumentType]
    operator, field, value = condition
    if operator == "content-length-range":
        return operator, operator, ""
    assert field[0] == "$"
    return operator, field[1:].lower(), value


def is_satisfied(condition: Any, value: str) -> bool:
    operator, field, wanted = condition_of(condition)
    if operator == "eq":
        return value == wanted
    values = [one.strip() for one in value.split(",")] if field == "content-type" else [value]
    return all(one.startswith(wanted) for one in values)


def refusal(policy: Any, fields: "Mapping[str, str]", bucket: str, filename: str, now: str) -> str:
    """Why S3 would refuse a form, by the rules of its documentation; empty if it would not."""
    if now > policy["expiration"].replace("-", "").replace(":", "").replace(".000", ""):
        return "policy_expired"
    sent = {name.lower(): value.replace("${filename}", filename) for name, value in fields.items()} | {"bucket": bucket}
    covered = {"policy", "x-amz-signature"}
    for condition in policy["conditions"]:
        operator, field, _ = condition_of(condition)
        if operator == "content-length-range":
            continue
        if field not in sent or not is_satisfied(condition, sent[field]):
            return f"condition failed: {condition}"
        covered.add(field)
    extra = [name for name in sent if name not in covered and not name.startswith("x-ignore-")]
    return f"extra input fields: {extra}" if extra else ""


# --- botocore --------------------------------------------------------------------------------------------------------


def client(keys: Credentials, endpoint: "str | None" = None, style: str = "virtual") -> Any:
    return session_module.get_session().create_client(
        "s3",
        region_name=REGION,
        endpoint_url=endpoint,
        aws_access_key_id=keys.access_key_id,
        aws_secret_access_key=keys.secret_access_key,
        aws_session_token=keys.session_token,
        config=botocore.config.Config(signature_version="s3v4", s3={"addressing_style": style}),
    )


CLIENT = client(CREDS)
TEMPORARY_CLIENT = client(TEMPORARY)


@pytest.fixture(scope="module", autouse=True)
def _botocore_at_now() -> "Iterable[None]":  # pyright: ignore[reportUnusedFunction]
    moment = datetime.datetime.fromtimestamp(NOW, datetime.timezone.utc)

    def clock(*_args: object, **_kwargs: object) -> datetime.datetime:
        return moment

    with pytest.MonkeyPatch.context() as patch:
        for module in (oracle.auth, botocore.signers):
            patch.setattr(module, "get_current_datetime", clock)
        yield


def theirs(key: str, *, client: Any = CLIENT, **arguments: Any) -> "dict[str, Any]":
    found: dict[str, Any] = client.generate_presigned_post("bucket", key, ExpiresIn=600, **arguments)
    return found


@pytest.mark.parametrize(
    ("key", "fields", "given"),
    [
        ("user/42/avatar.png", {}, []),
        ("user/42/${filename}", {}, []),
        ("naïve 🦊.txt", {}, [["content-length-range", 1, 5_000_000]]),
        ("k", {"acl": "private"}, [{"acl": "private"}]),
        (
            "k",
            {"acl": "private", "Content-Type": "image/png"},
            [["eq", "$acl", "private"], {"Content-Type": "image/png"}],
        ),
        ("k", {"Content-Type": "image/png"}, [["starts-with", "$content-type", "image/"]]),
        ("k", {"success_action_status": "201"}, [{"success_action_status": "201"}]),
        ("k", {}, [["starts-with", "$x-amz-meta-note", ""], {"acl": "public-read"}]),
        ("k", {"x-amz-meta-name": "é\\\"'"}, [{"x-amz-meta-name": "é\\\"'"}]),
    ],
)
@pytest.mark.parametrize("credentials", [CREDS, TEMPORARY])
def test_where_botocore_covers_the_fields_the_form_is_botocores_to_the_byte(
    key: str, fields: "dict[str, str]", given: "list[Any]", credentials: Credentials
) -> None:
    ours = post(key, credentials=credentials, fields=fields, conditions=given)
    client = CLIENT if credentials is CREDS else TEMPORARY_CLIENT
    expected = theirs(key, client=client, Fields=fields, Conditions=given)
    assert ours.url == expected["url"]
    assert list(ours.fields.items()) == list(expected["fields"].items())


VALUES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12).filter(
    lambda value: "${filename}" not in value
)
NAMES = st.one_of(
    st.sampled_from(
        ["acl", "Content-Type", "Cache-Control", "success_action_redirect", "x-amz-storage-class", "tagging"]
    ),
    st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=8).map("x-amz-meta-{}".format),
)
FIELDS = st.lists(st.tuples(NAMES, VALUES), max_size=5, unique_by=lambda pair: pair[0].lower()).map(dict)


@st.composite
def covering(draw: st.DrawFn, name: str, value: str) -> Any:
    """A condition that a field of that value satisfies."""
    prefix = value[: draw(st.integers(0, len(value)))]
    if name == "Content-Type":
        prefix = prefix.partition(",")[0].strip()
        if not is_satisfied(["starts-with", f"${name}", prefix], value):
            prefix = ""
    return draw(
        st.sampled_from(
            [
                {name: value},
                ["eq", f"${name}", value],
                ["starts-with", f"${name}", prefix],
                ("eq", f"${name.upper()}", value),
            ]
        )
    )


@st.composite
def covered_forms(draw: st.DrawFn) -> "tuple[str, dict[str, str], list[Any]]":
    fields = draw(FIELDS)
    given = [draw(covering(name, value)) for name, value in fields.items()]
    if draw(st.booleans()):
        given.insert(draw(st.integers(0, len(given))), ["content-length-range", 0, draw(st.integers(0, 10**6))])
    key = draw(VALUES.filter(bool)) + draw(st.sampled_from(["", "/${filename}"]))
    return key, fields, draw(st.permutations(given))


@given(covered_forms())
def test_every_form_that_botocore_covers_is_botocores(form: "tuple[str, dict[str, str], list[Any]]") -> None:
    key, fields, given = form
    before = copy.deepcopy((fields, given))
    assert list(post(key, fields=fields, conditions=given).fields.items()) == list(
        theirs(key, Fields=fields, Conditions=given)["fields"].items()
    )
    assert (fields, given) == before


@given(FIELDS)
def test_fields_that_botocore_leaves_uncovered_are_all_that_is_added(fields: "dict[str, str]") -> None:
    ours, expected = post(fields=fields), theirs("k", Fields=fields)["fields"]
    policy = json.loads(base64.b64decode(expected["policy"]))
    assert document(ours)["expiration"] == policy["expiration"]
    added = [{name: value} for name, value in fields.items()]
    assert conditions(ours) == added + policy["conditions"]
    signed = ("policy", "x-amz-signature")
    assert [(name, value) for name, value in ours.fields.items() if name not in signed] == [
        (name, value) for name, value in expected.items() if name not in signed
    ]


@pytest.mark.parametrize(
    ("endpoint", "style", "place"),
    [
        (None, "virtual", ("https", "bucket.s3.eu-west-1.amazonaws.com", "")),
        (None, "path", ("https", "s3.eu-west-1.amazonaws.com", "/bucket")),
        ("http://127.0.0.1:9000", "path", ("http", "127.0.0.1:9000", "/bucket")),
    ],
)
def test_the_form_goes_where_botocore_sends_it(
    endpoint: "str | None", style: str, place: "tuple[str, str, str]"
) -> None:
    form = post_object(Address(*place, REGION, "s3"), CREDS, "bucket", "k", second=NOW, lifetime=600)
    expected = theirs("k", client=client(CREDS, endpoint, style))
    assert form.to_dict() == {**expected, "expires_at": NOW + 600}


def test_a_directory_bucket_has_a_token_field_of_its_own_as_in_botocore() -> None:
    signer = oracle.auth.S3ExpressPostAuth(
        oracle.botocore_credentials(TEMPORARY.access_key_id, TEMPORARY.secret_access_key, TEMPORARY.session_token),
        "s3express",
        REGION,
        identity_cache=None,
    )
    request = oracle.awsrequest.AWSRequest(method="POST", url="https://h/")
    request.context["s3-presign-post-fields"] = {"key": "k"}
    request.context["s3-presign-post-policy"] = {
        "expiration": "2025-11-24T16:10:00Z",
        "conditions": [{"bucket": "b--euw1-az1--x-s3"}, {"key": "k"}],
    }
    signer.add_auth(request)
    address = Address("https", "bucket.s3.eu-west-1.amazonaws.com", "", REGION, "s3express")
    form = post_object(address, TEMPORARY, "b--euw1-az1--x-s3", "k", second=NOW, lifetime=600)
    assert list(form.fields.items()) == list(request.context["s3-presign-post-fields"].items())
    assert form.fields["X-Amz-S3session-Token"] == TEMPORARY.session_token


def test_a_signing_key_signs_what_its_credentials_sign() -> None:
    key = derive_signing_key(TEMPORARY, CredentialScope("20251124", REGION, "s3"))
    assert post(credentials=key) == post(credentials=TEMPORARY)


# --- the documentation's example -------------------------------------------------------------------------------------


def test_the_documentations_policy_is_signed_as_it_is() -> None:
    case = AWS_DOCS["aws-docs/s3-post-policy"]
    policy = base64.b64decode(case["inputs"]["policy"])
    form = post_object(
        Address("http", "sigv4examplebucket.s3.amazonaws.com", "", case["inputs"]["region"], case["inputs"]["service"]),
        Credentials(case["inputs"]["access_key"], case["inputs"]["secret_key"]),
        "sigv4examplebucket",
        "user/user1/${filename}",
        second=1_451_347_200,  # 20151229T000000Z
        lifetime=None,
        policy=policy,
        acl="public-read",
        fields={"x-amz-meta-tag": ""},
    )
    assert policy.count(b"\r\n") == 15
    assert form.fields["x-amz-signature"] == case["expected"]["signature"]
    assert form.fields["policy"] == case["inputs"]["policy"]
    assert form.expires_at == 1_451_476_800  # 2015-12-30T12:00:00Z
    assert list(form.fields) == ["x-amz-meta-tag", "acl", "key", *SIGNATURE_FIELDS]


@pytest.mark.parametrize("name", ["aws-docs/s3-post-policy-form-accepted", "aws-docs/s3-post-policy-form-after-noon"])
def test_the_documentations_conditions_and_fields_make_its_policy(name: str) -> None:
    case = AWS_DOCS[name]["inputs"]
    expected = AWS_DOCS[name]["expected"]
    ours = {"key", "policy", *SIGNATURE_FIELDS}
    fields = dict(case["fields"])
    form = post_object(
        Address("https", "bucket.s3.amazonaws.com", "", "us-east-1", "s3"),
        Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
        case["bucket"],
        "user/user1/${filename}",
        second=1_451_347_200,
        lifetime=36 * 3600,
        fields={name: value for name, value in fields.items() if name.lower() not in ours},
        conditions=case["policy_document"]["conditions"],
    )
    policy = document(form)
    assert policy["expiration"] == case["policy_document"]["expiration"].replace(".000", "")
    assert sorted(map(str, policy["conditions"])) == sorted(map(str, case["policy_document"]["conditions"]))
    for sent in (form.fields, fields):
        assert refusal(policy, sent, case["bucket"], "MyPhoto.jpg", case["now"]) == expected.get("error", "")


def test_a_policy_that_was_given_must_agree_with_what_signs_it() -> None:
    policy = base64.b64decode(AWS_DOCS["aws-docs/s3-post-policy"]["inputs"]["policy"])
    expected = (
        'policy: {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"} conflicts with '
        "x-amz-credential, which is 'AKIDEXAMPLE/20151229/us-east-1/s3/aws4_request'"
    )
    with pytest.raises(InputError) as caught:
        post_object(
            Address("https", "bucket.s3.amazonaws.com", "", "us-east-1", "s3"), CREDS, "sigv4examplebucket",
            "user/user1/a", second=1_451_347_200, lifetime=None, policy=policy,
        )  # fmt: skip
    assert str(caught.value) == expected


def written(expiration: object = "2025-11-24T16:10:00Z", *given: Any) -> bytes:
    return json.dumps({"expiration": expiration, "conditions": given}).encode()


def complete(*given: Any, without: str = "", key: Any = None, user: str = "AKIDEXAMPLE") -> bytes:
    """A policy with a condition for the bucket and for each field that every form has, and then these."""
    own: list[Any] = [
        {"bucket": "bucket"},
        key or {"key": "k"},
        {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
        {"x-amz-credential": f"{user}/20251124/eu-west-1/s3/aws4_request"},
        {"x-amz-date": "20251124T160000Z"},
    ]
    kept = [one for one in own if not without or without not in one]
    return written("2025-11-24T16:10:00Z", *kept, *given)


@pytest.mark.parametrize(
    ("policy", "message"),
    [
        (b"\xff", "policy: is not JSON in UTF-8: 'utf-8' codec can't decode byte 0xff"),
        (b"{", "policy: is not JSON in UTF-8: Expecting property name enclosed in double quotes: line 1 column 2"),
        (b"[]", "policy: is not a JSON object with an expiration and a list of conditions"),
        (b"{}", "policy: is not a JSON object with an expiration and a list of conditions"),
        (written(None), "policy: its expiration 'None' is not written as in '2025-11-24T16:00:00Z'"),
        (written("2025-11-24T18:10:00+02:00"), "policy: its expiration '2025-11-24T18:10:00+02:00' is not written"),
        (written("2025-11-24 16:10:00Z"), "policy: its expiration '2025-11-24 16:10:00Z' is not written as in"),
        (
            written("2025-11-24T16:00:00Z"),
            "policy: expired at 2025-11-24T16:00:00Z, before it is signed at 2025-11-24T16:",
        ),
        (written("2025-11-24T16:10:00Z", {"bucket": "b2"}), 'policy: {"bucket": "b2"} conflicts with bucket, which is'),
        (
            written("2025-11-24T16:10:00Z", ["starts-with", "$key", "user/"]),
            'policy: ["starts-with", "$key", "user/"] conflicts with key, which is \'k\'',
        ),
        (
            written(),
            "policy: has no condition for bucket, key, x-amz-algorithm, x-amz-credential, x-amz-date; S3 needs",
        ),
        *[
            (complete(without=name), f"policy: has no condition for {name}; S3 needs one for the bucket and for each")
            for name in ("bucket", "key", "x-amz-algorithm", "x-amz-credential", "x-amz-date")
        ],
        (
            complete(["EQ", "$bucket", "other"], without="bucket"),
            'policy: ["eq", "$bucket", "other"] conflicts with bucket, which is',
        ),
        (complete(["starts-with", "$bucket", "b"], without="bucket"), 'policy: ["starts-with", "$bucket", "b"] is not'),
        (
            complete(["starts-with", "$X-Amz-Algorithm", "AWS4"]),
            'policy: ["starts-with", "$X-Amz-Algorithm", "AWS4"] is',
        ),
        (complete(None), "policy: in its conditions: expected a mapping or a list for each, got NoneType"),
        (complete(5), "policy: in its conditions: expected a mapping or a list for each, got int"),
        (complete("x"), "policy: in its conditions: expected a mapping or a list for each, got str"),
        (complete(["eq", "$acl"]), "policy: in its conditions: eq takes two more items, as in"),
        (complete([5, "$acl", ""]), "policy: in its conditions: unknown operator 5; use 'eq'"),
        (complete(["eq", "acl", ""]), "policy: in its conditions: the field of eq needs a dollar sign: '$acl'"),
        (complete({"acl": 5}), "policy: in its conditions: expected str for the condition for acl, got int"),
        (complete({"x-amz-meta-a\n": ""}), "policy: in its conditions: 'x-amz-meta-a\\n' is not a field name"),
        (
            complete(["content-length-range", "-1", 5]),
            "policy: in its conditions: expected int for a size in bytes, got",
        ),
        (
            complete(["content-length-range", 0, 4], ["content-length-range", "5", 9]),
            "policy: its content-length-ranges have no size in common; drop one",
        ),
        (complete({"acl": "a"}, {"ACL": "b"}), 'policy: {"acl": "a"} and {"ACL": "b"} conflict; drop one'),
        (
            complete({"acl": "${filename}"}),
            'policy: {"acl": "${filename}"} never matches: S3 replaces ${filename} before',
        ),
        (complete({"x-amz-security-token": "t"}), "policy: x-amz-security-token is not a field of this form; S3 would"),
        (
            json.dumps({"foo": 1, **json.loads(complete())}).encode(),
            "policy: has 'foo' besides its expiration and conditions; leave it out",
        ),
    ],
)
def test_a_policy_that_s3_cannot_accept_is_not_signed(policy: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        post(lifetime=None, policy=policy)
    assert str(caught.value).startswith(message)
    assert caught.value.parameter == "policy"


@pytest.mark.parametrize(
    ("params", "policy", "message"),
    [
        ({"fields": {"acl": "x"}}, complete(), "policy: has no condition for acl; S3 needs one for the bucket and for"),
        (
            {"fields": {f"x-amz-meta-{number}": "" for number in range(6)}},
            complete(),
            "policy: has no condition for x-amz-meta-0, x-amz-meta-1, x-amz-meta-2, x-amz-meta-3, x-amz-meta-4; S3",
        ),
        (
            {"acl": "public-read"},
            complete({"acl": "private"}),
            'policy: {"acl": "private"} conflicts with acl, which is \'public-read\'',
        ),
        (
            {"key": "a/${filename}"},
            complete(key={"key": "a/${filename}"}),
            'policy: {"key": "a/${filename}"} never matches: S3 replaces ${filename} before it checks; end the value',
        ),
        (
            {"key": "a/${filename}"},
            complete(key=["starts-with", "$key", "b/"]),
            'policy: ["starts-with", "$key", "b/"] conflicts with key, which is \'a/${filename}\'',
        ),
        (
            {"key": "a/${filename}"},
            complete(key={"key": "a/b"}),
            'policy: {"key": "a/b"} conflicts with key, which is \'a/${filename}\'; S3 replaces ${filename} before it',
        ),
        (
            {"credentials": TEMPORARY},
            complete(user="ASIAEXAMPLE"),
            "policy: has no condition for x-amz-security-token; S3 needs one for the bucket and for each field",
        ),
    ],
)
def test_a_policy_that_the_forms_fields_cannot_satisfy_is_not_signed(
    params: "dict[str, Any]", policy: bytes, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        post(lifetime=None, policy=policy, **params)
    assert str(caught.value).startswith(message)
    assert caught.value.parameter == "policy"


def test_a_given_policys_fault_shows_no_token() -> None:
    policy = complete({"x-amz-security-token": "s3cret"}, user="ASIAEXAMPLE")
    with pytest.raises(InputError) as caught:
        post(credentials=TEMPORARY, lifetime=None, policy=policy)
    assert str(caught.value) == (
        "policy: the condition for x-amz-security-token conflicts with x-amz-security-token, which is another"
    )


@pytest.mark.parametrize("operator", ["eq", "starts-with"])
def test_a_condition_that_is_exact_does_not_allow_what_only_begins_with_it(operator: str) -> None:
    condition = [operator, "$acl", "public-read"]
    policy = complete(key=[operator, "$key", "user/"])
    assert post(acl="public-read", conditions=[condition]).fields["acl"] == "public-read"
    assert post("user/", lifetime=None, policy=policy).fields["key"] == "user/"
    if operator == "starts-with":
        assert post(acl="public-read-write", conditions=[condition]).fields["acl"] == "public-read-write"
        assert post("user/1", lifetime=None, policy=policy).fields["key"] == "user/1"
        return
    with pytest.raises(InputError, match="^conditions: .* conflicts with acl, which is 'public-read-write'"):
        post(acl="public-read-write", conditions=[condition])
    with pytest.raises(InputError, match="^policy: .* conflicts with key, which is 'user/1'"):
        post("user/1", lifetime=None, policy=policy)


def test_a_given_policys_own_language_is_read() -> None:
    odd = [["content-length-range", "1", "9"], ["content-length-range", 9, 10], ["StArTs-WiTh", "$x-amz-meta-a", ""]]
    policy = complete(*odd, ["EQ", "$KEY", "a$b\\$"], without="key").replace(b"a$b", rb"a\$b")
    policy = policy.replace(b"16:10:00Z", b"16:10:00.000Z")
    form = post("a$b\\$", lifetime=None, policy=policy, fields={"x-ignore-a": "b"})
    assert base64.b64decode(form.fields["policy"]) == policy
    assert form.expires_at == NOW + 600
    assert "--form-string x-amz-meta-a= --form" in form.curl()


def test_a_field_that_is_left_to_the_client_is_there_once() -> None:
    given = [["starts-with", "$x-amz-meta-a", ""], ["STARTS-WITH", "$X-Amz-Meta-A", "user/"], ["eq", "$acl", "private"]]
    form = post(lifetime=None, policy=complete(*given, {"ACL": "private"}))
    assert shell_words(form.curl("a"))[-6:-2] == [
        "--form-string", "X-Amz-Meta-A=user/", "--form-string", "acl=private"
    ]  # fmt: skip
    page = Inputs(form.html_form())
    assert [(one["name"], one["value"], one["type"]) for one in page.inputs[-3:-1]] == [
        ("X-Amz-Meta-A", "user/", "text"),
        ("acl", "private", "hidden"),
    ]


def test_a_given_policy_stands_alone() -> None:
    policy = written()
    with pytest.raises(InputError, match="^expires_in: the policy given has its own expiration; leave expires_in out"):
        post(policy=policy)
    with pytest.raises(TypeError, match="^policy: expected bytes, got str"):
        post(lifetime=None, policy=policy.decode())
    others: dict[str, Any] = {"conditions": [], "content_length_range": (0, 1), "content_type_starts_with": "image/"}
    for parameter, value in others.items():
        with pytest.raises(InputError, match=f"^{parameter}: the policy given has its own conditions; leave it out"):
            post(lifetime=None, policy=policy, **{parameter: value})


def test_a_given_policy_does_not_outlive_the_credentials() -> None:
    def signed(expires_at: int) -> PresignedPost:
        keys = Credentials("AKID", "secret", expires_at=expires_at)
        return post(credentials=keys, lifetime=None, policy=policy)

    policy = complete(user="AKID")
    assert signed(NOW + 600).expires_at == NOW + 600
    with pytest.raises(CredentialsExpireFirst) as caught:
        signed(NOW + 599)
    assert caught.value.seconds_left == 599
    # https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html: up to seven days
    policy = policy.replace(b"2025-11-24T16:10:00Z", b"2035-01-01T00:00:00Z")
    assert signed(NOW + 604_800).expires_at == NOW + 604_800
    with pytest.raises(CredentialsExpireFirst) as caught:
        signed(NOW + 604_799)
    assert caught.value.seconds_left == 604_799


# --- every field has its condition -----------------------------------------------------------------------------------


@st.composite
def any_forms(draw: st.DrawFn) -> "tuple[str, dict[str, Any]]":
    """A form with any fields, conditions for some of them, and conditions for fields that are still to come."""
    filename = st.sampled_from(["", "", "${filename}", "${filename}.bak"])
    fields = {name: value + draw(filename) for name, value in draw(FIELDS).items() if name != "Content-Type"}
    ignored = {"x-ignore-me": draw(VALUES)} if draw(st.booleans()) else {}
    given: list[Any] = []
    for name, value in fields.items():
        plain = value.partition("${filename}")[0]
        for _ in range(draw(st.integers(0, 3))):
            wanted = draw(covering(name, plain))
            operator = condition_of(wanted)[0]
            given.append(
                ["starts-with", f"${name}", plain] if "$" in value[len(plain) :] and operator == "eq" else wanted
            )
    key = draw(VALUES.filter(bool)) + draw(filename)
    plain_key = key.partition("${filename}")[0]
    if draw(st.booleans()):
        given += [["starts-with", "$key", plain_key[: draw(st.integers(0, len(plain_key)))]], {"bucket": "bucket"}]
    later = [["starts-with", "$x-ignore-later", ""]] if draw(st.booleans()) else []
    params: dict[str, Any] = {"fields": {**fields, **ignored}, "conditions": draw(st.permutations(given)) + later}
    if draw(st.booleans()):
        params["content_length_range"] = (draw(st.integers(0, 5)), draw(st.integers(5, 10)))
    if draw(st.booleans()):
        params["content_type"] = "image/png"
        params["content_type_starts_with"] = draw(st.sampled_from(["image/", "", "image/png"]))
    return key, params


@given(any_forms(), st.text(string.ascii_letters + ".", min_size=1, max_size=8))
def test_every_field_is_covered_by_exactly_one_condition_that_holds(
    form: "tuple[str, dict[str, Any]]", filename: str
) -> None:
    key, params = form
    made = post(key, credentials=TEMPORARY, **params)
    policy = document(made)
    covered = [
        condition_of(condition)[1] for condition in policy["conditions"] if "content-length-range" not in condition
    ]
    fields = [name.lower() for name in made.fields if name not in ("policy", "x-amz-signature")]
    assert len(covered) == len(set(covered))
    assert set(fields) - {"x-ignore-me"} <= set(covered) <= {*fields, "bucket", "x-ignore-later"}
    sent = {**made.fields, "x-ignore-later": ""}
    assert refusal(policy, sent, "bucket", filename, "20251124T160000Z") == ""
    assert list(made.fields)[-2:] == ["policy", "x-amz-signature"]


def test_a_condition_of_the_callers_takes_the_place_of_the_fields_own() -> None:
    form = post(fields={"acl": "private", "x-amz-meta-a": "abc"}, conditions=[["starts-with", "$X-Amz-Meta-A", "ab"]])
    assert conditions(form)[:2] == [["starts-with", "$X-Amz-Meta-A", "ab"], {"acl": "private"}]


def test_conditions_that_say_the_same_are_one() -> None:
    given = [
        ["starts-with", "$acl", ""],
        {"acl": "private"},
        ["eq", "$ACL", "private"],
        {"bucket": "bucket"},
        ["starts-with", "$key", "us"],
        {"x-amz-algorithm": "AWS4-HMAC-SHA256"},
        ["content-length-range", 1, 2],
        ("content-length-range", 1, 2),
    ]
    form = post("user/1", acl="private", conditions=given, content_length_range=(1, 2))
    assert conditions(form) == [{"acl": "private"}, ["content-length-range", 1, 2], *conditions(post("user/1"))]


def test_of_conditions_that_are_equally_strict_the_first_is_kept_as_it_is_written() -> None:
    given = [
        ["starts-with", "$x-amz-meta-a", "u"],
        ["content-length-range", 1, 2],
        ["starts-with", "$X-Amz-Meta-A", "u"],
    ]
    assert conditions(post(conditions=given))[:2] == given[:2]
    longer = ["starts-with", "$x-amz-meta-a", "user"]
    assert conditions(post(conditions=[*given, longer]))[:2] == [given[1], longer]
    with pytest.raises(InputError, match=r'^conditions: .*"u".* and .*"x".* conflict; drop one'):
        post(conditions=[given[0], ["starts-with", "$x-amz-meta-a", "x"]])


def test_a_file_may_have_from_nothing_to_the_most_that_s3_takes_at_once() -> None:
    most = 5 * 1024**3
    for sizes in ((0, 0), (0, most), (most, most)):
        assert conditions(post(content_length_range=sizes))[0] == ["content-length-range", *sizes]
        assert conditions(post(conditions=[["content-length-range", *sizes]]))[0] == ["content-length-range", *sizes]
    assert conditions(post(conditions=[["content-length-range", 0, most + 1]]))[0][2] == most + 1  # S3 takes it
    for sizes in ((most + 1, most + 1), (1, 0), (-1, 0)):
        with pytest.raises(InputError, match="^content_length_range: "):
            post(content_length_range=sizes)
        with pytest.raises(InputError, match="^conditions: "):
            post(conditions=[["content-length-range", *sizes]])


def test_a_key_with_the_files_name_can_be_narrowed_and_not_widened() -> None:
    form = post("user/${filename}", conditions=[["starts-with", "$key", "user/img-"], ["starts-with", "$key", "u"]])
    assert conditions(form)[:2] == [{"bucket": "bucket"}, ["starts-with", "$key", "user/img-"]]
    wide = post("user/${filename}", conditions=[["starts-with", "$key", "us"]])
    assert conditions(wide)[:2] == [{"bucket": "bucket"}, ["starts-with", "$key", "user/"]]


def test_what_follows_the_files_name_is_left_to_s3() -> None:
    form = post("a/${filename}.png", fields={"x-amz-meta-was": "${filename}"})
    assert conditions(form)[:3] == [
        ["starts-with", "$x-amz-meta-was", ""],
        {"bucket": "bucket"},
        ["starts-with", "$key", "a/"],
    ]


def test_a_content_type_can_be_exact_or_a_prefix_or_a_default_within_a_prefix() -> None:
    assert conditions(post(content_type="image/png"))[0] == {"Content-Type": "image/png"}
    prefix = post(content_type_starts_with="image/")
    assert conditions(prefix)[0] == ["starts-with", "$Content-Type", "image/"]
    assert "Content-Type" not in prefix.fields
    both = post(content_type="image/png", content_type_starts_with="image/")
    assert conditions(both)[0] == ["starts-with", "$Content-Type", "image/"]
    assert both.fields["Content-Type"] == "image/png"
    types = post(content_type="image/png, image/gif", content_type_starts_with="image/")
    assert types.fields["Content-Type"] == "image/png, image/gif"
    with pytest.raises(
        InputError, match="^content_type_starts_with: .* conflicts with content-type, which is 'image/png,"
    ):
        post(content_type="image/png,text/html", content_type_starts_with="image/")


def test_each_parameter_is_the_field_that_s3_names() -> None:
    form = post(
        fields=MappingProxyType({"Expires": "Wed, 21 Oct 2026 07:28:00 GMT", "key": "k"}),
        acl="private",
        cache_control="no-store",
        content_disposition="inline",
        content_encoding="gzip",
        content_type="text/csv",
        success_action_redirect="https://app.example.com/done?a=1&b=2",
        success_action_status=201,
        storage_class="STANDARD_IA",
        server_side_encryption="aws:kms",
        sse_kms_key_id="alias/a",
        metadata={"owner": "42"},
        tagging={"cost & <centre>": '"7"', "a": "b"},
        conditions=None,
    )
    expected = {
        "Expires": "Wed, 21 Oct 2026 07:28:00 GMT",
        "acl": "private",
        "Cache-Control": "no-store",
        "Content-Disposition": "inline",
        "Content-Encoding": "gzip",
        "Content-Type": "text/csv",
        "success_action_redirect": "https://app.example.com/done?a=1&b=2",
        "success_action_status": "201",
        "x-amz-storage-class": "STANDARD_IA",
        "x-amz-server-side-encryption": "aws:kms",
        "x-amz-server-side-encryption-aws-kms-key-id": "alias/a",
        "x-amz-meta-owner": "42",
        "tagging": "<Tagging><TagSet><Tag><Key>cost &amp; &lt;centre&gt;</Key><Value>&quot;7&quot;</Value></Tag>"
        "<Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>",
    }
    assert list(form.fields) == [*expected, "key", *SIGNATURE_FIELDS]
    assert {name: form.fields[name] for name in expected} == expected
    assert conditions(form)[: len(expected)] == [{name: value} for name, value in expected.items()]


def test_a_form_that_would_end_after_the_year_9999_is_not_made() -> None:
    s3 = S3Presigner(CREDS, REGION)
    last = 253_402_300_799  # 9999-12-31T23:59:59Z
    assert document(s3.post_object("bucket", "k", expires_in=60, now=last - 60))["expiration"] == "9999-12-31T23:59:59Z"
    with pytest.raises(InputError, match="^now: the form would expire 60 s later, after the year 9999"):
        s3.post_object("bucket", "k", expires_in=60, now=last - 59)


def test_date_and_expiration_come_from_one_moment() -> None:
    form = post_object(ADDRESS, CREDS, "bucket", "k", second=1_767_225_599, lifetime=1)
    assert document(form)["expiration"] == "2026-01-01T00:00:00Z"
    assert form.fields["x-amz-date"] == "20251231T235959Z"
    assert form.fields["x-amz-credential"] == "AKIDEXAMPLE/20251231/eu-west-1/s3/aws4_request"
    assert form.expires_at == 1_767_225_600


# --- what is refused -------------------------------------------------------------------------------------------------


REFUSED: "list[tuple[dict[str, Any], str]]" = [
    ({"key": ""}, "key: is empty; '${filename}' is replaced by the file's name"),
    ({"key": "a\0"}, "key: the key has a NUL, which forms can't contain"),
    ({"key": "\ud800"}, "key: the key has a lone surrogate, which is not text"),
    ({"fields": {"acl": "a\0"}}, "fields: the value of acl has a NUL, which forms can't contain"),
    ({"fields": {"": "x"}}, "fields: '' is not a field name"),
    ({"fields": {"$acl": "x"}}, "fields: '$acl' is not a field name"),
    ({"fields": {'a"b': "x"}}, "fields: 'a\"b' is not a field name"),
    ({"fields": {"é": "x"}}, "fields: 'é' is not a field name"),
    *[
        ({"fields": {name: "x"}}, f"fields: {name} is reserved for the form itself; leave it out")
        for name in ("Policy", "file", "bucket", "key", "X-Amz-Signature", "x-amz-date", "x-amz-security-token")
    ],
    (
        {"fields": {"acl": "a", "ACL": "a"}},
        "fields: ACL is there twice; names are not case-sensitive in S3",
    ),
    ({"fields": {"acl": "a"}, "acl": "a"}, "acl: acl is there twice; names are not case-sensitive"),
    ({"acl": ""}, "acl: is empty; leave it out"),
    (
        {"fields": {"success_action_status": "202"}},
        "fields: '202' is not 200, 201 or 204; S3 would answer 204",
    ),
    ({"success_action_status": True}, "success_action_status: 'True' is not 200, 201 or 204"),
    ({"metadata": {"a b": "x"}}, "metadata: 'a b' is not a field name"),
    ({"tagging": {"a": "\0"}}, "tagging: a tag's value has a NUL, which forms can't contain"),
    ({"conditions": [{}]}, 'conditions: a condition has 0 names; write one, as in {"acl": "private"}'),
    ({"conditions": [{"acl": "a", "b": "c"}]}, "conditions: a condition has 2 names; write one, as in"),
    ({"conditions": [[]]}, "conditions: unknown operator ''; use 'eq', 'starts-with' or 'content-length-range'"),
    (
        {"conditions": [["in", "$acl", "a"]]},
        "conditions: unknown operator 'in'; use 'eq', 'starts-with'",
    ),
    ({"conditions": [["eq", "$acl"]]}, 'conditions: eq takes two more items, as in ["eq", "$acl", "private"]'),
    (
        {"conditions": [["content-length-range", 1]]},
        'conditions: content-length-range takes two more items, as in ["content-length-range", 1, 5000000]',
    ),
    ({"conditions": [["eq", "acl", "a"]]}, "conditions: the field of eq needs a dollar sign: '$acl'"),
    ({"conditions": [["eq", "$", "a"]]}, "conditions: '' is not a field name"),
    ({"conditions": [{"$acl": "a"}]}, "conditions: '$acl' is not a field name"),
    ({"conditions": [{"acl": "\0"}]}, "conditions: the condition for acl has a NUL, which forms can't contain"),
    (
        {"key": "a/${filename}", "conditions": [["starts-with", "$key", "a/${filename}"]]},
        'conditions: ["starts-with", "$key", "a/${filename}"] never matches: S3 replaces ${filename} before it',
    ),
    ({"conditions": [["content-length-range", 5, 1]]}, "conditions: invalid range 5 to 1 bytes; give the minimum"),
    ({"conditions": [["content-length-range", -1, 1]]}, "conditions: invalid range -1 to 1 bytes"),
    ({"content_length_range": (5, 1)}, "content_length_range: invalid range 5 to 1 bytes; give the minimum"),
    (
        {"content_length_range": (0, 5 * 2**30 + 1)},
        "content_length_range: 5368709121 bytes exceed the maximum of 5 GiB for one upload",
    ),
    (
        {"conditions": [["content-length-range", 5 * 2**30 + 1, 6 * 2**30]]},
        "conditions: 5368709121 bytes exceed the maximum of 5 GiB for one upload",
    ),
    (
        {"content_length_range": (0, 1), "conditions": [["content-length-range", 0, 2]]},
        "conditions: two different content-length-ranges, [0, 2] and [0, 1]",
    ),
    (
        {"acl": "private", "conditions": [{"acl": "public-read"}]},
        'conditions: {"acl": "public-read"} conflicts with acl, which is \'private\'',
    ),
    (
        {"acl": "private", "conditions": [["starts-with", "$acl", "public"]]},
        'conditions: ["starts-with", "$acl", "public"] conflicts with acl, which is \'private\'',
    ),
    (
        {"conditions": [{"acl": "private"}, ["eq", "$ACL", "public-read"]]},
        'conditions: {"acl": "private"} and ["eq", "$ACL", "public-read"] conflict',
    ),
    (
        {"conditions": [["starts-with", "$x-amz-meta-a", "b"], ["starts-with", "$x-amz-meta-a", "a/"]]},
        'conditions: ["starts-with", "$x-amz-meta-a", "a/"] and ["starts-with", "$x-amz-meta-a", "b"] conflict',
    ),
    (
        {"conditions": [{"bucket": "other"}]},
        'conditions: {"bucket": "other"} conflicts with bucket, which is \'bucket\'',
    ),
    ({"conditions": [{"key": "other"}]}, 'conditions: {"key": "other"} conflicts with key, which is \'k\''),
    ({"conditions": [["starts-with", "$key", "x"]]}, 'conditions: ["starts-with", "$key", "x"] conflicts with'),
    (
        {"key": "a/${filename}", "conditions": [{"key": "a/b"}]},
        'conditions: {"key": "a/b"} conflicts with key, which is \'a/${filename}\'; S3 replaces ${filename}',
    ),
    (
        {"key": "a/${filename}", "conditions": [{"key": "b"}]},
        'conditions: {"key": "b"} conflicts with key, which is \'a/${filename}\'; S3 replaces',
    ),
    (
        {"key": "a/${filename}", "conditions": [["starts-with", "$key", "b/"]]},
        'conditions: ["starts-with", "$key", "b/"] conflicts with key, which is \'a/${filename}\'',
    ),
    *[
        ({"conditions": [{name: "x"}]}, f"conditions: {name} is not a field of this form; S3 would reject it")
        for name in ("policy", "file", "x-amz-signature", "x-amz-security-token", "x-amz-s3session-token")
    ],
]


@pytest.mark.parametrize(("params", "message"), REFUSED)
def test_a_form_that_s3_must_refuse_is_not_made(params: "dict[str, Any]", message: str) -> None:
    with pytest.raises(InputError) as caught:
        post(**params)
    assert str(caught.value).startswith(message)
    assert caught.value.parameter == message.partition(":")[0]


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"key": 5}, "key: expected str, got int"),
        ({"fields": [("acl", "private")]}, "fields: expected a mapping, got list"),
        (
            {"fields": {"success_action_status": 201}},
            "fields: expected str for the value of success_action_status, got int",
        ),
        ({"fields": {5: "x"}}, "fields: expected str for a field's name, got int"),
        ({"acl": 5}, "acl: expected str for the value of acl, got int"),
        ({"metadata": "x"}, "metadata: expected a mapping, got str"),
        ({"metadata": {5: "x"}}, "metadata: expected str for a field's name, got int"),
        ({"tagging": "a=b"}, "tagging: expected a mapping, got str"),
        ({"tagging": {5: "b"}}, "tagging: expected str for a tag's key, got int"),
        ({"conditions": {"acl": "private"}}, "conditions: expected an iterable of conditions, got dict"),
        ({"conditions": "acl"}, "conditions: expected an iterable of conditions, got str"),
        ({"conditions": 5}, "conditions: expected an iterable of conditions, got int"),
        ({"conditions": ["acl"]}, "conditions: expected a mapping or a list for each, got str"),
        ({"conditions": [["eq", 5, "a"]]}, "conditions: expected str for the field of eq, got int"),
        ({"conditions": [{5: "a"}]}, "conditions: expected str for a field's name, got int"),
        (
            {"conditions": [{"success_action_status": 201}]},
            "conditions: expected str for the condition for success_action_status, got int",
        ),
        ({"conditions": [["content-length-range", "1", 2]]}, "conditions: expected int for a size in bytes, got str"),
        ({"content_length_range": 5}, "content_length_range: expected two sizes in bytes, (least, greatest)"),
        ({"content_length_range": (1, 2, 3)}, "content_length_range: expected two sizes in bytes, (least, greatest)"),
        ({"content_length_range": (True, 2)}, "content_length_range: expected int for a size in bytes, got bool"),
        (
            {"content_type_starts_with": 5},
            "content_type_starts_with: expected str for the condition for Content-Type, got int",
        ),
        ({"Fields": {}}, "post_object() takes no parameter 'Fields'; use fields"),
        ({"ExpiresIn": 5}, "post_object() takes no parameter 'ExpiresIn'; use expires_in"),
        ({"size": 5}, "post_object() takes no parameter 'size'; it takes expires_in, now, fields, conditions, "),
    ],
)
def test_a_wrong_type_is_named(params: "dict[str, Any]", message: str) -> None:
    with pytest.raises(TypeError) as caught:
        post(**params)
    assert str(caught.value).startswith(message)


def test_no_message_shows_a_token() -> None:
    given = [{"x-amz-security-token": "s3cret"}]
    with pytest.raises(InputError) as caught:
        post(credentials=TEMPORARY, conditions=given)
    assert str(caught.value) == (
        "conditions: the condition for x-amz-security-token conflicts with x-amz-security-token, which is another"
    )
    assert post(credentials=TEMPORARY, conditions=[{"x-amz-security-token": TEMPORARY.session_token}]) == post(
        credentials=TEMPORARY
    )


def multipart_size(fields: "Mapping[str, str]") -> int:
    boundary = "----WebKitFormBoundary" + "0123456789abcdef"
    return sum(
        len(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        for name, value in fields.items()
    )


def test_a_form_of_more_than_20_kb_without_its_file_is_not_made() -> None:
    def form(size: int) -> PresignedPost:
        # A field that no condition repeats, so that a byte more is a byte more.
        return post(fields={"x-ignore-padding": "é" * (size // 2) + "a" * (size % 2)})

    room = LARGEST_FORM - multipart_size(form(0).fields)
    assert multipart_size(form(room).fields) == LARGEST_FORM == 20_480
    with pytest.raises(InputError) as caught:
        form(room + 1)
    assert str(caught.value) == (
        "fields: the form has 20481 bytes without the file; the maximum is 20480, policy and key included"
    )


# --- the value -------------------------------------------------------------------------------------------------------


def test_a_presigned_post_is_a_value() -> None:
    form = post(acl="private")
    assert form == post(acl="private")
    assert hash(form) == hash(post(acl="private"))
    assert form != post()
    assert copy.copy(form) is form
    assert copy.deepcopy(form) is form
    assert pickle.loads(pickle.dumps(form)) == form
    form.fields["acl"] = "public-read"
    assert form.fields["acl"] == "private"
    assert form.to_dict() == {"url": form.url, "fields": form.fields, "expires_at": NOW + 600}
    assert json.loads(json.dumps(form.to_dict())) == form.to_dict()
    with pytest.raises(AttributeError, match="PresignedPost is immutable: url can't be set"):
        form.url = ""
    with pytest.raises(TypeError, match="a PresignedPost comes from post_object"):
        PresignedPost()


def test_its_repr_hides_what_lets_others_in() -> None:
    name = "x-amz-server-side-encryption-customer-key"
    form = post(credentials=TEMPORARY, fields={name: "c3NlYw=="})
    secrets = [form.fields[name] for name in (name, "policy", "x-amz-signature", "x-amz-security-token")]
    assert repr(form) == (
        "PresignedPost(url='https://bucket.s3.eu-west-1.amazonaws.com/', fields={"
        "'x-amz-server-side-encryption-customer-key': <hidden>, 'key': 'k', 'x-amz-algorithm': 'AWS4-HMAC-SHA256', "
        "'x-amz-credential': 'ASIAEXAMPLE/20251124/eu-west-1/s3/aws4_request', 'x-amz-date': '20251124T160000Z', "
        "'x-amz-security-token': <hidden>, 'policy': <hidden>, 'x-amz-signature': <hidden>}, expires_at=1764000600)"
    )
    assert not [secret for secret in secrets if secret in repr(form)]


# --- curl ------------------------------------------------------------------------------------------------------------


def shell_words(command: str) -> "list[str]":
    """The arguments that a POSIX shell makes of a command that begins with `curl`."""
    script = 'show() { for word; do printf "%s\\0" "$word"; done; }; show' + command.removeprefix("curl")
    output = subprocess.run(["/bin/sh", "-c", script], capture_output=True, check=True, timeout=60).stdout
    return output.decode().split("\0")[:-1]


NASTY = 'it\'s $HOME `id` "x" \\ $(id) !! * ;& | é\n-'


def test_curls_arguments_survive_the_shell() -> None:
    form = post(
        "user/${filename}", credentials=TEMPORARY, fields={"x-amz-meta-a": NASTY, "x-amz-meta-b": "@/etc/passwd"}
    )
    words = shell_words(form.curl("photo.jpg"))
    expected = [form.url]
    for name, value in form.fields.items():
        expected += ["--form-string", f"{name}={value}"]
    assert words == [*expected, "--form", "file=@photo.jpg"]
    assert shell_words(form.curl())[-1] == "file=@FILE"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("dir/photo_1-a.JPG", "dir/photo_1-a.JPG"),
        ("a b.jpg", '"a b.jpg"'),
        ("a;type=x,b.jpg", '"a;type=x,b.jpg"'),
        ('it\'s "x" \\.jpg', '"it\'s \\"x\\" \\\\.jpg"'),
        ("é.jpg", '"é.jpg"'),
    ],
)
def test_curl_reads_the_path_as_one_file(path: str, expected: str) -> None:
    assert shell_words(post().curl(path))[-2:] == ["--form", f"file=@{expected}"]


def test_curl_has_the_fields_that_are_left_to_the_client() -> None:
    form = post(content_type_starts_with="image/", conditions=[{"acl": "private"}])
    words = shell_words(form.curl("a"))
    assert words[-6:] == ["--form-string", "acl=private", "--form-string", "Content-Type=image/", "--form", "file=@a"]


def test_curl_needs_a_path() -> None:
    with pytest.raises(TypeError, match="^path: expected str, got PosixPath"):
        post().curl(Path("a"))  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    for path in ("", "a\0b"):
        with pytest.raises(InputError, match="^path: .* is not a path"):
            post().curl(path)


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes one form apart with the standard library's own parser."""

    parts: "list[tuple[str, str | None, bytes]]" = []  # noqa: RUF012 - set for each test

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        message: Any = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        Receiver.parts = [
            (part.get_param("name", header="content-disposition"), part.get_filename(), part.get_payload(decode=True))
            for part in message.iter_parts()
        ]
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")
@pytest.mark.parametrize("name", ["photo.jpg", "a;b,c d.jpg", 'it\'s "x" \\.jpg'])
def test_curl_itself_sends_the_fields_and_then_the_file(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(b"content\r\n\0")
    with http.server.HTTPServer(("127.0.0.1", 0), Receiver) as server:
        threading.Thread(target=server.handle_request, daemon=True).start()
        form = post_object(
            Address("http", f"127.0.0.1:{server.server_address[1]}", "/bucket", REGION, "s3"), TEMPORARY, "bucket", "k",
            second=NOW, lifetime=600, fields={"x-amz-meta-a": "it's; @x <y\"", "x-amz-meta-b": "@/etc/passwd"},
        )  # fmt: skip
        command = form.curl(str(path)).replace("curl ", "curl --silent --show-error --noproxy '*' ", 1)
        subprocess.run(["/bin/sh", "-c", command], check=True, timeout=60)
    *fields, (field, _, content) = Receiver.parts
    assert [(field, payload.decode()) for field, _, payload in fields] == list(form.fields.items())
    assert (field, content) == ("file", b"content\r\n\0")


# --- HTML ------------------------------------------------------------------------------------------------------------


class Inputs(HTMLParser):
    """The form's attributes, its inputs in order, and the labels around them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.form: dict[str, str | None] = {}
        self.inputs: list[dict[str, str | None]] = []
        self.labels: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: "list[tuple[str, str | None]]") -> None:
        self.tags.append(tag)
        if tag == "form":
            self.form = dict(attrs)
        if tag == "input":
            self.inputs.append(dict(attrs))
            if self.tags[-2] == "label":
                self.inputs[-1]["label"] = self.labels[-1]
        if tag == "label":
            self.labels.append("")

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] == ["label"]:
            self.labels[-1] += data.strip()


def test_the_html_form_is_complete() -> None:
    assert post("a&b").html_form() == (
        '<form action="https://bucket.s3.eu-west-1.amazonaws.com/" method="post" enctype="multipart/form-data"'
        ' accept-charset="utf-8">\n'
        '  <input type="hidden" name="key" value="a&amp;b">\n'
        + "".join(
            f'  <input type="hidden" name="{name}" value="{post("a&b").fields[name]}">\n' for name in SIGNATURE_FIELDS
        )
        + '  <label>File <input type="file" name="file" required></label>\n'
        '  <button type="submit">Upload</button>\n'
        "</form>\n"
    )


@given(FIELDS, VALUES.filter(bool))
def test_a_page_sends_what_was_signed(fields: "dict[str, str]", key: str) -> None:
    form = post(key, fields=fields)
    if any("\r" in value or "\n" in value for value in form.fields.values()):
        with pytest.raises(InputError, match="^fields: .* has a line break, which browsers rewrite"):
            form.html_form()
        return
    page = Inputs(form.html_form())
    assert page.form["action"] == form.url
    assert [(one["name"], one["value"]) for one in page.inputs[:-1]] == list(form.fields.items())
    assert {one["type"] for one in page.inputs[:-1]} == {"hidden"}
    assert page.inputs[-1] == {"type": "file", "name": "file", "required": None, "label": "File"}
    assert set(page.tags) == {"form", "input", "label", "button"}


def test_a_page_asks_for_the_fields_that_are_left_to_it() -> None:
    form = post(
        content_type_starts_with='image/"<', conditions=[{"acl": "private"}, ["starts-with", "$x-amz-meta-a", ""]]
    )
    page = Inputs(form.html_form())
    assert page.inputs[-4:-1] == [
        {"type": "hidden", "name": "acl", "value": "private"},
        {"type": "text", "name": "x-amz-meta-a", "value": "", "label": "x-amz-meta-a"},
        {"type": "text", "name": "Content-Type", "value": 'image/"<', "label": "Content-Type"},
    ]
    sent = {str(one["name"]): str(one["value"]) for one in page.inputs[:-1]}
    assert refusal(document(form), sent, "bucket", "a.png", "20251124T160000Z") == ""
