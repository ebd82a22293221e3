"""S3's operations without a signature: where parameters go, what is refused, and what checkers and `help` are told.

Rule: that the places are S3's is proved in `test_operation_parity`; here are the values and the words.
"""

import ast
import base64
import datetime
import email.utils
import hashlib
import inspect
import pickle
from email.message import Message
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

import sigv4presign
from sigv4presign import PresignedUrl
from sigv4presign._s3 import operation_types
from sigv4presign._s3.disposition import attachment
from sigv4presign._s3.operation_table import OPERATIONS
from sigv4presign._s3.operations import bound, describe, place_parameters
from sigv4presign._s3.parameter_values import copy_source, http_date
from sigv4presign.errors import InputError

if TYPE_CHECKING:
    from sigv4presign._s3.operation_types import Operations

UTC = datetime.timezone.utc
MOMENT = datetime.datetime(2030, 2, 3, 4, 5, 6, tzinfo=UTC)
KEY = bytes(range(32))


def query(operation: str, **params: object) -> "list[tuple[str, str]]":
    pairs, headers = place_parameters(operation, params)
    assert headers == []
    return pairs


def headers(operation: str, **params: object) -> "dict[str, str]":
    pairs, placed = place_parameters(operation, params)
    assert pairs == OPERATIONS[operation].query
    assert len(dict(placed)) == len(placed)
    return dict(placed)


# --- placing ---------------------------------------------------------------------------------------------------------


def test_parameters_go_into_the_query_and_the_headers_as_decoded_text() -> None:
    params = {"part_number": 3, "upload_id": "a/b=", "content_length": 5, "content_md5": "XrY7u+Ae7tCTyyK7j1rNww=="}
    assert place_parameters("upload_part", params) == (
        [("partNumber", "3"), ("uploadId", "a/b=")],
        [("content-length", "5"), ("content-md5", "XrY7u+Ae7tCTyyK7j1rNww==")],
    )


def test_the_query_that_names_an_operation_comes_first_and_is_fresh_each_time() -> None:
    first, _ = place_parameters("select_object_content", {})
    assert first == [("select", ""), ("select-type", "2")]
    first.clear()
    assert place_parameters("select_object_content", {})[0] == [("select", ""), ("select-type", "2")]


def test_none_is_a_parameter_that_was_not_given() -> None:
    nothing = dict.fromkeys(OPERATIONS["get_object"].places)
    assert place_parameters("get_object", nothing) == ([], [])


def test_nothing_is_added_that_was_not_asked_for() -> None:
    for name, row in OPERATIONS.items():
        if not row.required:
            assert place_parameters(name, {}) == (row.query, [])


def test_what_is_passed_in_is_not_changed() -> None:
    params: dict[str, object] = {"sse_customer_algorithm": "AES256", "sse_customer_key": KEY, "metadata": {"A": "b"}}
    place_parameters("put_object", params)
    assert params == {"sse_customer_algorithm": "AES256", "sse_customer_key": KEY, "metadata": {"A": "b"}}


# --- names -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "wrong", "way_out"),
    [
        ("get_object", "VersionId", "use version_id"),
        ("get_object", "ResponseContentDisposition", "use response_content_disposition"),
        ("put_object", "SSEKMSKeyId", "use sse_kms_key_id"),
        ("put_object", "ChecksumCRC32C", "use checksum_crc32c"),
        ("put_object", "checksum_crc32_c", "use checksum_crc32c"),
        ("put_object", "GrantReadACP", "use grant_read_acp"),
        ("head_object", "ExpiresIn", "use expires_in"),
        ("get_object", "versionid", "use version_id"),
        ("get_object", "verison_id", "did you mean version_id?"),
        ("put_object", "contenttyp", "did you mean content_type?"),
        ("put_object", "Body", "the client sends the request's body; it is not part of the URL"),
        ("delete_objects", "Delete", "the client sends the request's body; it is not part of the URL"),
        ("head_bucket", "tagging", "it takes expected_bucket_owner, expires_in, now"),
        ("head_object", "download_as", "it takes version_id, part_number, range, checksum_mode, "),
    ],
)
def test_a_wrong_name_is_a_type_error_that_names_the_right_one(operation: str, wrong: str, way_out: str) -> None:
    with pytest.raises(TypeError) as refusal:
        place_parameters(operation, {wrong: "x"})
    message = f"{operation}() got an unexpected keyword argument {wrong!r}; {way_out}"
    assert str(refusal.value)[: len(message)] == message


def test_a_wrong_name_is_refused_even_if_its_value_is_none() -> None:
    with pytest.raises(TypeError, match="'VersionId'; use version_id"):
        place_parameters("get_object", {"VersionId": None})


KEYWORDS = "required keyword-only arguments"


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        ("list_parts", {}, "list_parts() missing 1 required keyword-only argument: 'upload_id'"),
        (
            "upload_part",
            {"content_length": 3},
            f"upload_part() missing 2 {KEYWORDS}: 'part_number' and 'upload_id'",
        ),
        ("upload_part", {"upload_id": "u", "part_number": None},
         "upload_part() missing 1 required keyword-only argument: 'part_number'"),
        (
            "upload_part_copy",
            {},
            f"upload_part_copy() missing 3 {KEYWORDS}: 'copy_source', 'part_number', and 'upload_id'",
        ),
    ],
)  # fmt: skip
def test_what_is_required_is_missed_in_the_words_of_python(
    operation: str, params: "dict[str, object]", message: str
) -> None:
    with pytest.raises(TypeError) as refusal:
        place_parameters(operation, params)
    assert str(refusal.value) == message
    wanted = {name: None for name in OPERATIONS[operation].required if params.get(name) is None}
    scope: dict[str, Any] = {}
    exec(
        f"def {operation}(*, {', '.join(wanted)}): ...\ntry: {operation}()\nexcept TypeError as e: said = str(e)", scope
    )
    assert scope["said"] == message


# --- values ----------------------------------------------------------------------------------------------------------


PAIR_OF = "metadata: expected str for the name and the value of"
TAG_OF = "tagging: expected str for the key and the value of"


@pytest.mark.parametrize(
    ("operation", "params", "message"),
    [
        ("get_object", {"version_id": 7}, "version_id: expected str, got int"),
        ("put_object", {"content_type": b"image/png"}, "content_type: expected str, got bytes"),
        ("put_object", {"content_length": "7"}, "content_length: expected int, got str"),
        ("put_object", {"content_length": True}, "content_length: expected int, got bool"),
        ("put_object", {"content_length": 1.0}, "content_length: expected int, got float"),
        ("put_object", {"bucket_key_enabled": "true"}, "bucket_key_enabled: expected bool, got str"),
        ("put_object", {"bucket_key_enabled": 1}, "bucket_key_enabled: expected bool, got int"),
        ("put_object", {"metadata": "a=b"}, "metadata: expected a mapping, got str"),
        ("put_object", {"metadata": {"a": 1}}, f"{PAIR_OF} 'a', got str and int"),
        ("put_object", {"metadata": {1: "a"}}, f"{PAIR_OF} 1, got int and str"),
        ("put_object", {"tagging": [("a", "b")]}, "tagging: expected a mapping, got list"),
        ("put_object", {"tagging": {"a": 1}}, f"{TAG_OF} 'a', got str and int"),
        ("put_object", {"sse_customer_key": 5}, "sse_customer_key: expected bytes or str, got int"),
        ("get_object", {"if_match": 5}, "if_match: expected str, got int"),
        ("put_object", {"expires": None, "metadata": 5}, "metadata: expected a mapping, got int"),
        (
            "get_object",
            {"if_modified_since": 5},
            "if_modified_since: expected an aware datetime or an HTTP date, got int",
        ),
        ("put_object", {"expires": True}, "expires: expected an aware datetime or an HTTP date, got bool"),
        ("put_object", {"expires": MOMENT.date()}, "expires: expected an aware datetime or an HTTP date, got date"),
        ("put_object", {"expires": MOMENT.time()}, "expires: expected an aware datetime or an HTTP date, got time"),
        (
            "put_object",
            {"object_lock_retain_until_date": 5},
            "object_lock_retain_until_date: expected an aware datetime or an ISO 8601 time, got int",
        ),
        (
            "get_object_attributes",
            {"object_attributes": "ETag"},
            "object_attributes: expected a list of str, got str",
        ),
        ("get_object_attributes", {"object_attributes": 7}, "object_attributes: expected a list of str, got int"),
        ("get_object_attributes", {"object_attributes": [7]}, "object_attributes: expected str, got int"),
        ("copy_object", {"copy_source": ("b", "k")}, "copy_source: expected a mapping, got tuple"),
        ("copy_object", {"copy_source": {"bucket": "b", "key": 7}}, "copy_source: expected str, got int"),
        (
            "copy_object",
            {"copy_source": {"Bucket": "b", "Key": "k"}},
            "copy_source: expected a mapping of bucket, key and perhaps version_id, got ['Bucket', 'Key']",
        ),
        (
            "copy_object",
            {"copy_source": {"bucket": "b"}},
            "copy_source: expected a mapping of bucket, key and perhaps version_id, got ['bucket']",
        ),
        ("get_object", {"download_as": b"x.pdf"}, "download_as: expected str, got bytes"),
    ],
)  # fmt: skip
def test_a_wrong_type_is_a_type_error(operation: str, params: "dict[str, object]", message: str) -> None:
    with pytest.raises(TypeError) as refusal:
        place_parameters(operation, params)
    assert str(refusal.value) == message


EXPIRES = "is the Expires header; give an aware datetime or an HTTP date, or use expires_in= for the URL's lifetime"


EMPTY = "is empty; leave it out"
CONTROL = "has a line break or another control character"
NON_ASCII = "has a non-ASCII character, which is not safe in a header"
EXPECTED = "encode it as its reader expects"
NOT_LATIN_1 = "has a character outside Latin-1, which S3 rejects"
SURROGATE = "has a lone surrogate, which is not text"
DATE = "give an aware datetime, or text as Sun, 06 Nov 1994 08:49:37 GMT"
NAIVE = "the datetime has no time zone; use datetime.now(timezone.utc)"
BAD_NAME = "cannot be part of a header's name; use letters, digits and hyphens"
AMBIGUOUS = "is ambiguous from '?versionId=' on; give bucket, key and version as a mapping"
NO_OBJECT = "is not an object; give 'bucket/key'"
NO_KEY = "is not 32 bytes, nor text that is the base64 of 32 bytes"
RFC_8187 = "write a file's name as filename*=UTF-8''na%C3%AFve.pdf (RFC 8187)"
PATH = "has a path separator; give the file's name alone"


@pytest.mark.parametrize(
    ("operation", "name", "value", "problem"),
    [
        # text
        ("get_object", "version_id", "", EMPTY),
        ("list_objects_v2", "prefix", "\ud800", SURROGATE),
        ("put_object", "content_type", "", EMPTY),
        (
            "put_object",
            "content_type",
            "  ",
            f"is blank, and HTTP drops white space around a header's value; {EXPECTED}",
        ),
        ("put_object", "content_type", "a\r\nb: c", f"{CONTROL}; {EXPECTED}"),
        ("put_object", "content_type", "naïve", f"{NON_ASCII}; {EXPECTED}"),
        (
            "put_object",
            "content_disposition",
            'attachment; filename="naïve.pdf"',
            f"{NON_ASCII}; write a file's name as filename*=UTF-8''na%C3%AFve.pdf (RFC 8187)",
        ),
        ("get_object", "response_content_type", "text/plain\r\nx: y", CONTROL),
        ("get_object", "response_content_type", "text/plain; x=\u0142", f"{NOT_LATIN_1}; {EXPECTED}"),
        (
            "head_object",
            "response_content_disposition",
            "filename=\u0142",
            f"{NOT_LATIN_1}; {RFC_8187}, as get_object does with download_as",
        ),
        ("get_object", "response_cache_control", "", EMPTY),
        ("list_objects", "optional_object_attributes", [], EMPTY),
        (
            "list_objects",
            "optional_object_attributes",
            ["A,B"],
            "'A,B' is not one word; make each word an item of the list",
        ),
        # numbers
        ("put_object", "content_length", -1, "-1 is negative"),
        ("get_object", "part_number", 0, "0 is not a part number; use 1 to 10000"),
        ("get_object", "part_number", 10_001, "10001 is not a part number; use 1 to 10000"),
        # time
        ("put_object", "expires", 3_600, EXPIRES),
        ("put_object", "expires", 3_600.5, EXPIRES),
        ("create_multipart_upload", "expires", datetime.timedelta(days=1), EXPIRES),
        ("get_object", "response_expires", 3_600, EXPIRES),
        ("put_object", "expires", MOMENT.replace(tzinfo=None), NAIVE),
        ("put_object", "expires", "2030-01-01T00:00:00Z", f"invalid HTTP date '2030-01-01T00:00:00Z'; {DATE}"),
        ("put_object", "expires", "", f"invalid HTTP date ''; {DATE}"),
        (
            "put_object",
            "object_lock_retain_until_date",
            "2030-01-01",
            "'2030-01-01' is not an ISO 8601 time with a zone, such as 2026-11-24T09:00:00Z",
        ),
        # mappings
        ("put_object", "tagging", "a=ü", f"{NON_ASCII}; give a mapping, which is percent-encoded"),
        ("put_object", "tagging", {"": "b"}, "has a tag with an empty key; only its value may be empty"),
        ("put_object", "tagging", {"a": "\ud800"}, SURROGATE),
        ("put_object", "metadata", {"": "a"}, "has an empty name; each name becomes a header, x-amz-meta-NAME"),
        (
            "put_object",
            "metadata",
            {"owner": "Zoë"},
            f"the value of 'owner' {NON_ASCII}; percent-encode or base64-encode it, and decode it after reading",
        ),
        ("put_object", "metadata", {"größe": "1"}, f"'größe' {BAD_NAME}"),
        ("put_object", "metadata", {"a b": "1"}, f"'a b' {BAD_NAME}"),
        (
            "put_object",
            "metadata",
            {"x-amz-meta-a": "1"},
            "'x-amz-meta-a' already has the prefix, which is added here; leave it out",
        ),
        ("put_object", "metadata", {"A": "1", "a": "2"}, "'a' is there twice; names are not case-sensitive"),
        # copies
        ("copy_object", "copy_source", "justakey", NO_OBJECT),
        ("copy_object", "copy_source", "bucket/", NO_OBJECT),
        ("copy_object", "copy_source", "//key", NO_OBJECT),
        ("copy_object", "copy_source", "b/\ud800", SURROGATE),
        ("copy_object", "copy_source", "b/k?versionId=", AMBIGUOUS),
        ("copy_object", "copy_source", "b/k?versionId=a b", AMBIGUOUS),
        ("copy_object", "copy_source", "b/k?versionId=a?versionId=b", AMBIGUOUS),
        (
            "copy_object",
            "copy_source",
            {"bucket": "b/k", "key": "k"},
            "'b/k' is not a bucket name; the key is a separate item",
        ),
        ("copy_object", "copy_source", {"bucket": "b", "key": ""}, EMPTY),
        (
            "copy_object",
            "copy_source",
            {"bucket": "b", "key": "k", "version_id": "ü"},
            f"{NON_ASCII}; {EXPECTED}",
        ),
        # digests and keys
        (
            "put_object",
            "content_md5",
            "5eb63bbbe01eeed093cb22bb8f5acdc3",
            "is not the base64 of 16 bytes; convert a hexadecimal digest",
        ),
        (
            "put_object",
            "checksum_sha256",
            "XrY7u+Ae7tCTyyK7j1rNww==",
            "is not the base64 of 32 bytes; convert a hexadecimal digest",
        ),
        ("put_object", "checksum_crc32", "DUoRhQ=", "is not the base64 of 4 bytes; convert a hexadecimal digest"),
        ("put_object", "checksum_crc32", "DUoRhR==", "is not the base64 of 4 bytes; convert a hexadecimal digest"),
        ("put_object", "sse_customer_key", b"short", NO_KEY),
        ("put_object", "sse_customer_key", "k" * 32, NO_KEY),
        # file names
        ("get_object", "download_as", "", "'' is not a file name"),
        ("get_object", "download_as", "..", "'..' is not a file name"),
        ("get_object", "download_as", "a/b", PATH),
        ("get_object", "download_as", "a\\b", PATH),
        ("get_object", "download_as", "a\r\nb", CONTROL),
        ("get_object", "download_as", "a\x85b", CONTROL),
        ("get_object", "download_as", "a\ud800", SURROGATE),
    ],
)
def test_a_value_that_s3_would_refuse_is_refused_by_its_name(
    operation: str, name: str, value: object, problem: str
) -> None:
    with pytest.raises(InputError) as refusal:
        place_parameters(operation, {name: value})
    assert refusal.value.parameter == name
    assert str(refusal.value) == f"{name}: {problem}"


def test_the_least_and_the_greatest_numbers_are_taken() -> None:
    assert headers("put_object", content_length=0) == {"content-length": "0"}
    assert query("get_object", part_number=1) == [("partNumber", "1")]
    assert query("get_object", part_number=10_000) == [("partNumber", "10000")]
    assert query("list_objects_v2", max_keys=0, fetch_owner=False) == [
        ("list-type", "2"), ("max-keys", "0"), ("fetch-owner", "false"),
    ]  # fmt: skip


def test_a_query_takes_any_text_and_an_answer_any_latin_1() -> None:
    assert query("list_objects", delimiter=" ", prefix="a\nü\0") == [("delimiter", " "), ("prefix", "a\nü\0")]
    assert query("get_object", response_content_type="text/plain; x=ü") == [
        ("response-content-type", "text/plain; x=ü")
    ]


# --- time ------------------------------------------------------------------------------------------------------------


@given(st.integers(0, 253_402_300_799))
def test_a_moment_is_the_http_date_of_the_standard_library_and_is_taken_as_that_text(seconds: int) -> None:
    moment = datetime.datetime.fromtimestamp(seconds, UTC)
    text = email.utils.format_datetime(moment, usegmt=True)
    assert http_date("expires", moment) == text
    assert http_date("expires", text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Sat, 06 Nov 1994 08:49:37 GMT",  # that was a Sunday
        "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 94 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Sun, 06 Nov 1994 08:49:37 UTC",
        "Sun, 06 Nov 1994 08:49:60 GMT",
        "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 06 Nov 99999999999 08:49:37 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        " ",
        "Sun, 0\u0666 Nov 1994 08:49:37 GMT",
        "0",
    ],
)
def test_a_date_in_any_other_form_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="invalid HTTP date"):
        http_date("expires", text)


def test_the_zone_of_a_moment_does_not_matter() -> None:
    elsewhere = MOMENT.astimezone(datetime.timezone(datetime.timedelta(hours=5, minutes=30)))
    assert headers("put_object", expires=elsewhere, object_lock_retain_until_date=elsewhere) == {
        "expires": "Sun, 03 Feb 2030 04:05:06 GMT",
        "x-amz-object-lock-retain-until-date": "2030-02-03T04:05:06Z",
    }
    assert headers("put_object", object_lock_retain_until_date="2030-02-03T09:35:06.5+05:30") == {
        "x-amz-object-lock-retain-until-date": "2030-02-03T04:05:06Z"
    }


# --- mappings --------------------------------------------------------------------------------------------------------


def test_metadata_is_one_header_for_each_name() -> None:
    assert headers("put_object", metadata={"Owner": "Al B", "x_y.z": "2"}) == {
        "x-amz-meta-owner": "Al B",
        "x-amz-meta-x_y.z": "2",
    }


def test_an_empty_mapping_adds_nothing() -> None:
    assert headers("put_object", metadata={}, tagging={}) == {}
    assert headers("put_object", metadata={"note": ""}) == {"x-amz-meta-note": ""}  # as botocore, see test_boto3


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.text(st.characters(exclude_categories=["Cs"]))
    )
)
def test_tags_survive_the_way_into_the_header(tags: "dict[str, str]") -> None:
    text = headers("put_object", tagging=tags).get("x-amz-tagging", "")
    assert text.isascii()
    assert text == "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in tags.items())


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_copy_source_decodes_to_what_was_given(key: str) -> None:
    bucket, _, rest = copy_source("copy_source", {"bucket": "source", "key": key}).partition("/")
    assert bucket == "source"
    assert "?" not in rest
    assert unquote(rest) == key


# --- SSE-C -----------------------------------------------------------------------------------------------------------

TOGETHER = "S3 requires sse_customer_algorithm ('AES256') and sse_customer_key together"
SENT = {
    "x-amz-server-side-encryption-customer-algorithm": "AES256",
    "x-amz-server-side-encryption-customer-key": base64.b64encode(KEY).decode(),
    "x-amz-server-side-encryption-customer-key-md5": base64.b64encode(hashlib.md5(KEY).digest()).decode(),
}


@pytest.mark.parametrize("key", [KEY, bytearray(KEY), base64.b64encode(KEY).decode()])
def test_a_customer_key_is_sent_in_base64_with_its_md5(key: object) -> None:
    assert headers("put_object", sse_customer_algorithm="AES256", sse_customer_key=key) == SENT
    md5 = SENT["x-amz-server-side-encryption-customer-key-md5"]
    assert headers(
        "put_object", sse_customer_algorithm="AES256", sse_customer_key=key, sse_customer_key_md5=md5
    ) == SENT  # fmt: skip


def test_the_key_of_a_copys_source_is_another_one() -> None:
    placed = headers(
        "copy_object", copy_source="b/k", sse_customer_algorithm="AES256", sse_customer_key=KEY,
        copy_source_sse_customer_algorithm="AES256", copy_source_sse_customer_key=KEY[::-1],
    )  # fmt: skip
    assert {name: placed[name] for name in SENT} == SENT
    theirs = {name.removeprefix("x-amz-copy-source-"): text for name, text in placed.items() if "-copy-source-" in name}
    assert theirs == {
        "server-side-encryption-customer-algorithm": "AES256",
        "server-side-encryption-customer-key": base64.b64encode(KEY[::-1]).decode(),
        "server-side-encryption-customer-key-md5": base64.b64encode(hashlib.md5(KEY[::-1]).digest()).decode(),
    }


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"sse_customer_key": KEY},
            f"sse_customer_algorithm: is missing; {TOGETHER}",
        ),
        (
            {"sse_customer_algorithm": "AES256"},
            f"sse_customer_key: is missing; {TOGETHER}",
        ),
        (
            {
                "sse_customer_algorithm": "AES256",
                "sse_customer_key": KEY,
                "sse_customer_key_md5": "XrY7u+Ae7tCTyyK7j1rNww==",
            },
            "sse_customer_key_md5: is not the MD5 of sse_customer_key in base64; leave it out, and it is computed",
        ),
    ],
)  # fmt: skip
def test_the_three_parts_of_sse_c_have_to_fit(params: "dict[str, object]", message: str) -> None:
    with pytest.raises(InputError) as refusal:
        place_parameters("put_object", params)
    assert str(refusal.value) == message


@pytest.mark.parametrize("key", [b"hunter2" * 5, "hunter2" * 5, "aHVudGVyMg=="])
def test_no_error_shows_a_key(key: object) -> None:
    with pytest.raises(InputError) as refusal:
        place_parameters("put_object", {"sse_customer_algorithm": "AES256", "sse_customer_key": key})
    assert "hunter2" not in str(refusal.value)
    assert "aHVudGVyMg" not in str(refusal.value)


# --- download_as -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file_name", "expected"),
    [
        ("report.pdf", 'attachment; filename="report.pdf"'),
        ("XML.ZIP", 'attachment; filename="XML.ZIP"'),
        ("two words; and=more.pdf", 'attachment; filename="two words; and=more.pdf"'),
        ("naïve.pdf", "attachment; filename=\"na_ve.pdf\"; filename*=UTF-8''na%C3%AFve.pdf"),
        ('a "b".txt', "attachment; filename=\"a _b_.txt\"; filename*=UTF-8''a%20%22b%22.txt"),
        ("50%25.txt", "attachment; filename=\"50_25.txt\"; filename*=UTF-8''50%2525.txt"),
        ("\u20ac rates", "attachment; filename=\"_ rates\"; filename*=UTF-8''%E2%82%AC%20rates"),  # RFC 6266, section 5
    ],
)
def test_download_as_gives_the_name_in_both_forms(file_name: str, expected: str) -> None:
    assert query("get_object", download_as=file_name) == [("response-content-disposition", expected)]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="/\\"), min_size=1))
def test_a_client_that_reads_rfc_6266_gets_the_name(file_name: str) -> None:
    if file_name.strip() in ("", ".", ".."):
        return
    value = attachment("download_as", file_name)
    assert value.isascii()
    assert value.isprintable()
    message = Message()
    message["Content-Disposition"] = value
    disposition, *given_names = message.get_params(header="content-disposition", unquote=True) or []
    assert disposition == ("attachment", "")
    decoded = [text if isinstance(text, str) else email.utils.collapse_rfc2231_value(text) for _, text in given_names]
    assert decoded[-1] == file_name  # a client prefers `filename*`, which comes last
    assert len(decoded[0]) == len(file_name)


def test_download_as_and_response_content_disposition_exclude_each_other() -> None:
    with pytest.raises(InputError) as refusal:
        place_parameters("get_object", {"download_as": "a", "response_content_disposition": "inline"})
    assert str(refusal.value) == "download_as: sets response_content_disposition; give only one of the two"


# --- methods ---------------------------------------------------------------------------------------------------------


class Presigner:
    """Keeps what it was asked to sign."""

    def sign_operation(self, *asked: object, expires_in: object, now: object) -> "tuple[object, ...]":
        return *asked, expires_in, now

    def __getattr__(self, name: str) -> Any:
        if name[:2] == "__":  # pickle asks for some, and CPython 3.10 finds none
            raise AttributeError(name)
        return bound(self, name)


def test_an_operation_is_a_method_that_hands_everything_on() -> None:
    s3 = Presigner()
    assert s3.upload_part("b", "k", part_number=1, expires_in=60, now=5) == (
        "upload_part", "b", "k", {"part_number": 1}, 60, 5,
    )  # fmt: skip
    assert s3.list_objects_v2(bucket="b", prefix="p") == ("list_objects_v2", "b", None, {"prefix": "p"}, None, None)
    assert s3.list_buckets() == ("list_buckets", None, None, {}, None, None)


def test_a_method_knows_its_name_and_its_presigner_and_pickles_with_it() -> None:
    s3 = Presigner()
    method: Any = s3.upload_part
    assert method.__self__ is s3
    assert method.__name__ == "upload_part"
    assert method.__qualname__ == "S3Presigner.upload_part"
    assert method.__doc__ == describe("upload_part")
    assert list(inspect.signature(method).parameters) == ["bucket", "key", "expires_in", "now", "params"]
    assert method == s3.upload_part
    assert pickle.loads(pickle.dumps(method))("b", "k") == ("upload_part", "b", "k", {}, None, None)


@pytest.mark.parametrize("name", ["uplaod_part", "UploadPart", "_upload_part"])
def test_a_method_that_does_not_exist_is_an_attribute_error(name: str) -> None:
    s3 = sigv4presign.S3Presigner(sigv4presign.Credentials("AKIDEXAMPLE", "secret"), "eu-west-1")
    with pytest.raises(AttributeError, match=f"'S3Presigner' object has no attribute '{name}'"):
        getattr(s3, name)


def test_help_shows_the_request_the_places_and_the_page() -> None:
    assert describe("list_objects_v2").splitlines() == [
        "A URL for S3's ListObjectsV2: GET of a bucket with ?list-type=2.",
        "",
        "    start_after: ?start-after (query text)",
        "    continuation_token: ?continuation-token (query text)",
        "    max_keys: ?max-keys (integer)",
        "    fetch_owner: ?fetch-owner (boolean)",
        "    optional_object_attributes: x-amz-optional-object-attributes (words)",
        "    prefix: ?prefix (query text)",
        "    delimiter: ?delimiter (query text)",
        "    encoding_type: ?encoding-type (query text)",
        "    request_payer: x-amz-request-payer (header text)",
        "    expected_bucket_owner: x-amz-expected-bucket-owner (header text)",
        "",
        "Those without ? are headers: they are signed, and the client must send them.",
        "",
        "Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html",
    ]
    assert describe("select_object_content").startswith(
        "A URL for S3's SelectObjectContent: POST of an object with ?select&select-type=2.\n"
    )
    assert "\n    upload_id: ?uploadId (query text, required)\n" in describe("list_parts")
    assert describe("list_buckets").startswith("A URL for S3's ListBuckets: GET of the service.\n")


# --- what type checkers are told -------------------------------------------------------------------------------------

TYPES = {
    "query_text": "str", "header_text": "str", "answer_header": "str", "digest": "str", "attachment": "str",
    "integer": "int", "part_number": "int", "boolean": "bool", "words": "Sequence[str]",
    "http_date": "datetime | str", "iso_time": "datetime | str", "metadata": "Mapping[str, str]",
    "tags": "Mapping[str, str] | str", "copy_source": "CopySource | str", "customer_key": "bytes | str",
}  # fmt: skip

SPELLED_OUT = {"get_object": "GetObject", "head_object": "HeadObject", "put_object": "PutObject",
               "delete_object": "DeleteObject"}  # fmt: skip


def declared() -> "tuple[dict[str, ast.ClassDef], dict[str, ast.FunctionDef]]":
    """The classes of operation_types, and the methods of `Operations`."""
    path = Path(operation_types.__file__)
    classes = {
        node.name: node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    methods = {node.name: node for node in classes["Operations"].body if isinstance(node, ast.FunctionDef)}
    return classes, methods


CLASSES, METHODS = declared()


def fields(name: str) -> "dict[str, str]":
    """The keys of a TypedDict and their types, the inherited ones included."""
    found: dict[str, str] = {}
    for base in CLASSES[name].bases:
        assert isinstance(base, ast.Name)
        if base.id != "TypedDict":
            found.update(fields(base.id))
    for node in CLASSES[name].body:
        if isinstance(node, ast.AnnAssign):
            found[ast.unparse(node.target)] = ast.unparse(node.annotation)
    return found


def test_the_types_are_never_loaded() -> None:
    assert not hasattr(operation_types, "Operations")


def test_checkers_see_every_operation() -> None:
    assert set(METHODS) == OPERATIONS.keys() - SPELLED_OUT.keys()


@pytest.mark.parametrize("name", OPERATIONS)
def test_checkers_see_the_parameters_of_the_table_with_the_types_of_their_kinds(name: str) -> None:
    row = OPERATIONS[name]
    scope, required, places = row.scope, row.required, row.places
    types = {parameter: TYPES[kind.__name__] for parameter, (_, _, kind) in places.items()}
    optional = {parameter: f"{type_} | None" for parameter, type_ in types.items() if parameter not in required}
    link = {"stable_for": "Lifetime | None", "nonce": "bool", "allow_dot_segments": "bool"}  # what every URL takes
    optional |= link
    if name in SPELLED_OUT:
        assert fields(SPELLED_OUT[name]) == optional
        return
    arguments = METHODS[name].args
    assert arguments.kwarg
    assert isinstance(arguments.kwarg.annotation, ast.Subscript)
    typed_dict = fields(ast.unparse(arguments.kwarg.annotation.slice))
    assert typed_dict.pop("expires_in") == "Lifetime | None"
    assert typed_dict.pop("now") == "Now | None"
    assert typed_dict == optional
    places_of = {"object": ["self", "bucket", "key"], "bucket": ["self", "bucket"], "service": ["self"]}
    assert [argument.arg for argument in arguments.args] == places_of[scope]
    keywords = {
        argument.arg: ast.unparse(argument.annotation or ast.Constant(None)) for argument in arguments.kwonlyargs
    }
    assert keywords == {parameter: types[parameter] for parameter in required}


if TYPE_CHECKING:

    def checked_by_type_checkers(s3: Operations, maybe: "str | None") -> "list[PresignedUrl]":
        """That these are errors is checked too: an ignore that ignores nothing is one."""
        s3.upload_part("b", "k", part_number=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        s3.upload_part("b", "k", part_number="1", upload_id="u")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        s3.list_objects_v2("b", Prefix="p")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
        return [
            s3.upload_part("b", "k", part_number=1, upload_id="u", content_length=5, expires_in=60),
            s3.list_objects_v2("b", prefix=maybe, optional_object_attributes=["RestoreStatus"]),
            s3.copy_object("b", "k", copy_source={"bucket": "b", "key": "k"}, expires=MOMENT, metadata={"a": "b"}),
            s3.list_buckets(now=MOMENT),
        ]


def test_an_answers_header_may_have_every_character_of_latin_1() -> None:
    query, _ = place_parameters("get_object", {"response_content_disposition": "filename=\xff"})
    assert query == [("response-content-disposition", "filename=\xff")]
