"""The signing half as one file: the same URLs, from a folder that holds nothing else.

Rule: expected URLs are the published vectors' and botocore's; that the package's own are the same is said where it is
what a test compares.
"""

import ast
import collections
import importlib.util
import inspect
import subprocess
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import agreement
import botocore.config
import botocore.session
import core_vectors
import freezegun
import pytest
import single_file
from hypothesis import given, settings
from pages import python_blocks
from strategies import Case, cases

import sigv4presign

KEYS = ("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
ARN = "arn:aws:s3:eu-west-1:123456789012:accesspoint/a"
# https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
PUBLISHED = f"""
import sigv4presign as s
url = s.presign("GET", "https://examplebucket.s3.amazonaws.com/test.txt", credentials=s.Credentials(*{KEYS!r}),
                region="us-east-1", service="s3", expires_in=86400, now=1369353600)
assert url.endswith("X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"), url
print(s.__version__)
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty folder, and the file in it."""
    path = tmp_path_factory.mktemp("alone") / "sigv4presign.py"
    path.write_text(single_file.single_file(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def one(alone: Path) -> Any:
    """The file, loaded under another name."""
    spec = importlib.util.spec_from_file_location("copied_file", alone)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["copied_file"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["copied_file"]


def test_alone_in_a_folder_it_gives_the_published_url(alone: Path) -> None:
    run = subprocess.run(
        [
            sys.executable, "-I", "-S", "-W", "error", "-c",
            f"import sys; sys.path.insert(0, {str(alone.parent)!r})" + PUBLISHED,
        ],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert run.stdout.strip() == sigv4presign.__version__


def test_it_imports_nothing_of_ours() -> None:
    text = single_file.single_file()
    assert "from ." not in text
    assert "import sigv4presign" not in [line.strip() for line in text.splitlines() if not line.startswith(" ")]


@pytest.mark.parametrize("case", core_vectors.of_kind("presign"), ids=lambda case: case["id"])
def test_it_passes_the_vectors(one: ModuleType, case: "dict[str, Any]") -> None:
    """Those that `presign` signs; what others reject or sign through the steps is for the package."""
    expected = case["expected"]
    if case["id"] in core_vectors.THROUGH_THE_STEPS or "url" not in expected:
        return
    url = core_vectors.presigned(one, case)
    split, wanted = urlsplit(str(url)), urlsplit(str(expected["url"]))
    assert (split.scheme, split.netloc, split.path) == (wanted.scheme, wanted.netloc, wanted.path)
    assert sorted(parse_qsl(split.query, keep_blank_values=True)) == sorted(
        parse_qsl(wanted.query, keep_blank_values=True)
    )


@settings(max_examples=1_000)
@given(case=cases())
def test_it_makes_the_url_that_botocore_makes(one: Any, case: Case) -> None:
    url = one.presign(
        case.method, case.url, credentials=one.Credentials(*case.keys), region=case.region, service=case.service,
        expires_in=case.expires_in, headers=case.headers, now=case.now,
    )  # fmt: skip
    assert agreement.parts(url) == agreement.parts(agreement.theirs(case))


@pytest.mark.parametrize("method", ["get_object", "head_object", "put_object", "delete_object"])
def test_a_presigner_of_it_makes_the_packages_urls(one: Any, method: str) -> None:
    """Two of our own ways, compared; that the package's is botocore's is said elsewhere."""
    for arguments in ({}, {"endpoint": "http://127.0.0.1:9000/base"}, {"addressing_style": "path"}):
        ours = sigv4presign.S3Presigner(sigv4presign.Credentials(*KEYS), "eu-west-1", **arguments)  # type: ignore[arg-type]
        theirs = one.S3Presigner(one.Credentials(*KEYS), "eu-west-1", **arguments)
        for key in ("a", "a b/é.txt", "写真/東京.jpg", "a" * 1_024):
            made = getattr(theirs, method)("bucket", key, expires_in=60, now=1_764_000_000)
            assert made == getattr(ours, method)("bucket", key, expires_in=60, now=1_764_000_000)
            assert (made.method, made.headers, made.expires_at) == (made.method, {}, 1_764_000_060)
        assert [*theirs.presign_many("GET", "bucket", ["a", "b"], now=1)] == [
            *ours.presign_many("GET", "bucket", ["a", "b"], now=1)
        ]


def test_what_is_left_out_says_where_it_is(one: Any) -> None:
    s3 = one.S3Presigner(one.Credentials(*KEYS), "eu-west-1")
    for use in (
        lambda: one.verify,
        lambda: one.tokens,
        lambda: s3.list_objects_v2("bucket"),
        lambda: s3.post_object("bucket", "k"),
        lambda: s3.get_object(ARN, "k"),
    ):
        with pytest.raises((AttributeError, ImportError), match="install sigv4presign"):
            use()  # type: ignore[no-untyped-call]
    # Whoever asks what a presigner has is not told of what is left out.
    for value, kept, gone in (
        (s3, "get_object", ("list_objects_v2", "for_provider")),
        (one.Credentials, "from_environ", ("from_profile",)),
        (s3.get_object("bucket", "k"), "headers", ("curl",)),
    ):
        assert [name for name in gone if hasattr(value, name)] == []
        assert kept in dict(inspect.getmembers(value))
    with pytest.raises(one.InputError, match="which this copy of sigv4presign leaves out"):
        one.presign("GET", "https://h/k", credentials=one.Credentials(*KEYS), region_set="*", service="s3")


# What is asked for, and the whole error: what was asked for and the way out, and no name of an internal function.
ONLY = (
    "only expires_in, now, stable_for, nonce and allow_dot_segments; sign others with presign(query=, headers=), or "
    "install sigv4presign"
)
NO_ARN = (
    "bucket: ARNs, directory buckets and aliases of Outposts are not in this file; sign the whole URL with the "
    "function presign, or install sigv4presign"
)
LEFT_OUT: "list[tuple[str, type[Exception], str]]" = [
    *[
        (f"s3.{call}", TypeError, f"{call.partition('(')[0]}() has no parameter {name!r} in this file, {ONLY}")
        for call, name in (
            ('get_object("b-1", "k", download_as="a.csv")', "download_as"),
            ('head_object("b-1", "k", part_number=1)', "part_number"),
            ('put_object("b-1", "k", stable_for=300, content_type="image/png")', "content_type"),
            ('delete_object("b-1", "k", version_id="v")', "version_id"),
            ('get_object("b-1", "k", expiresin=5)', "expiresin"),
            ('get_object("b-1", "k", ExpiresIn=5)', "ExpiresIn"),
        )
    ],
    ("s3.get_object(ARN, 'k')", ImportError, NO_ARN),
    ("s3.presign('GET', 'base-name--usw2-az1--x-s3', 'k')", ImportError, NO_ARN),
    ("s3.replace(endpoint='http://127.0.0.1:9000').get_object(ARN, 'k')", ImportError, NO_ARN),
    (
        "s3.replace(provider='r2')", ImportError,
        "provider: this file knows no store by name; leave it out and give endpoint=, or install sigv4presign",
    ),
    (
        "one.presign('GET', 'https://h/k', credentials=s3.credentials, region_set='*', service='s3')", ValueError,
        "region_set: needs SigV4A, which this copy of sigv4presign leaves out; install sigv4presign",
    ),
    *[
        (call, AttributeError, f"{what} is not in this file, which holds the signing half; {way_out} sigv4presign")
        for call, what, way_out in (
            ("one.Credentials.from_profile()", "from_profile", "use from_environ, or give the keys, or install"),
            ("s3.get_object('b-1', 'k').curl()", "curl", "send what its method and headers say, or install"),
            ("s3.for_provider('r2')", "for_provider", "give S3Presigner the store's endpoint=, or install"),
            ("s3.upload_part('b-1', 'k')", "this operation of S3", "use presign, or install"),
            ("s3.post_object('b-1', 'k')", "post_object", "install"),
        )
    ],
]  # fmt: skip


@pytest.mark.parametrize(("call", "error", "message"), LEFT_OUT, ids=[call for call, _, _ in LEFT_OUT])
def test_an_error_about_what_is_left_out_names_it_and_the_way_out(
    one: Any, call: str, error: "type[Exception]", message: str
) -> None:
    s3 = one.S3Presigner(one.Credentials(*KEYS), "eu-west-1")
    with pytest.raises(error) as caught:
        eval(call, {"one": one, "s3": s3, "ARN": ARN})
    assert str(caught.value) == message


def test_no_frame_of_it_holds_the_value_of_a_parameter_that_it_leaves_out(one: Any) -> None:
    s3 = one.S3Presigner(one.Credentials(*KEYS), "eu-west-1")
    with pytest.raises(TypeError, match="'sse_customer_key'") as caught:
        s3.get_object("bucket", "k", sse_customer_key="not-to-be-seen")
    frames = [frame for frame, _ in traceback.walk_tb(caught.tb) if frame.f_code.co_filename == one.__file__]
    assert frames
    assert ["not-to-be-seen" in repr(frame.f_locals) for frame in frames] == [False] * len(frames)


@freezegun.freeze_time("2026-01-02T03:00:00Z")
def test_a_stable_url_of_it_is_the_one_that_botocore_makes_when_the_window_begins(one: Any) -> None:
    s3 = one.S3Presigner(one.Credentials(*KEYS), "eu-west-1")
    url = s3.get_object("reports", "2026/costs.csv", expires_in=3_300, stable_for=300, now=1_767_323_045)  # 03:04:05
    assert url == of_botocore("2026/costs.csv")


@freezegun.freeze_time("2026-01-02T03:04:05Z")
def test_dot_segments_that_it_is_told_to_allow_are_signed_as_botocore_signs_them(one: Any) -> None:
    s3 = one.S3Presigner(one.Credentials(*KEYS), "eu-west-1")
    with pytest.raises(one.InputError, match="pass allow_dot_segments=True to sign it"):
        s3.get_object("reports", "a/../k")
    assert s3.get_object("reports", "a/../k", allow_dot_segments=True) == of_botocore("a/../k")


@pytest.mark.parametrize("method", ["get_object", "head_object", "put_object", "delete_object"])
@pytest.mark.parametrize("arguments", [{"stable_for": 300}, {"nonce": True}, {"allow_dot_segments": True}], ids=str)
def test_what_every_operation_takes_makes_the_packages_urls(
    one: Any, monkeypatch: pytest.MonkeyPatch, method: str, arguments: "dict[str, Any]"
) -> None:
    """Two of our own ways, compared; that the package's is botocore's is said elsewhere."""
    monkeypatch.setattr("os.urandom", bytes)
    theirs = one.S3Presigner(one.Credentials(*KEYS), "eu-west-1")
    ours = sigv4presign.S3Presigner(sigv4presign.Credentials(*KEYS), "eu-west-1")
    made = getattr(theirs, method)("bucket", "a/b", expires_in=60, now=1_764_000_001, **arguments)
    assert made == getattr(ours, method)("bucket", "a/b", expires_in=60, now=1_764_000_001, **arguments)


@freezegun.freeze_time("2026-01-02T03:04:05Z")
def test_the_ways_out_that_its_errors_name_make_the_urls_of_botocore(one: Any) -> None:
    creds = one.Credentials(*KEYS)
    s3 = one.S3Presigner(creds, "eu-west-1")
    version = s3.presign("GET", "reports", "k", query={"versionId": "v"})
    assert agreement.parts(version) == agreement.parts(of_botocore("k", VersionId="v"))
    host = "a-123456789012.s3-accesspoint.eu-west-1.amazonaws.com"
    url = one.presign("GET", f"https://{host}/k", credentials=creds, region="eu-west-1", service="s3")
    assert url == of_botocore("k", Bucket=ARN)
    # A directory bucket and an alias of Outposts: the package's are compared with botocore's elsewhere.
    outpost = "ap-o0b1d075431d83bebde8xz5w8ijx1qzlbp3i3kuse10--op-s3"
    for bucket, service in (("base-name--usw2-az1--x-s3", "s3express"), (outpost, "s3-outposts")):
        package = sigv4presign.S3Presigner(sigv4presign.Credentials(*KEYS, "token"), "us-west-2")
        ours = package.presign("GET", bucket, "k")
        theirs = one.presign(
            "GET", ours.partition("?")[0], credentials=one.Credentials(*KEYS, "token"), region="us-west-2",
            service=service,
        )  # fmt: skip
        assert theirs == ours


def test_its_errors_are_where_the_packages_are(one: Any) -> None:
    with pytest.raises(one.errors.InputError, match=r"^key: is empty"):
        one.S3Presigner(one.Credentials(*KEYS), "eu-west-1").get_object("bucket", "")


def test_no_secret_is_in_the_repr_of_its_values(one: Any) -> None:
    creds = one.Credentials(KEYS[0], KEYS[1], "token")
    url = one.S3Presigner(creds, "eu-west-1").get_object("bucket", "k")
    for text in (repr(creds), repr(url)):
        assert KEYS[1] not in text
        assert "token" not in text.replace("session_token", "").replace("X-Amz-Security-Token", "")


def test_names_of_the_modules_it_is_made_of_are_unique() -> None:
    homes: dict[str, list[str]] = collections.defaultdict(list)
    for name in single_file.PARTS:
        for node in single_file.Part(name).tree.body:
            for defined in single_file.names_of(node):
                if defined not in ("TYPE_CHECKING", "__all__"):  # of which the file has one of its own
                    homes[defined].append(name)
    assert {name: where for name, where in homes.items() if len(where) > 1} == {}


def test_it_has_the_public_names_and_nothing_that_only_verifying_needs(one: Any) -> None:
    assert one.__all__ == list(single_file.PUBLIC)
    assert [name for name in one.__all__ if not hasattr(one, name)] == []
    names = {name for node in ast.parse(single_file.single_file()).body for name in single_file.names_of(node)}
    assert {"presign", "state_for", "canonical_uri", "Headers", "Secrets"} & names == {
        "presign", "state_for", "canonical_uri", "Headers",
    }  # fmt: skip
    assert {"QueryAuth", "parse_credential", "VerificationError", "parse_amz_date", "iso_date"}.isdisjoint(names)


def test_what_nothing_in_it_uses_is_left_out_with_its_comment_and_heading() -> None:
    text = """
def presign(date: "Date") -> None:
    later(date)

# --- what follows ---

# Why it is there.
def unused() -> None:
    only_here()

def only_here() -> None: ...

# --- dates ---

Date: "TypeAlias" = "Union[int, Stamp]"
Stamp = str
def later(date: "Date") -> None: ...
"""
    left = single_file.without_unused(text)
    assert [node for node in ("unused", "only_here", "Why", "what follows") if node in left] == []
    assert [name for node in ast.parse(left).body for name in single_file.names_of(node)] == [
        "presign", "Date", "Stamp", "later",
    ]  # fmt: skip


# --- the recipe beside it, on the page -------------------------------------------------------------------------------


@pytest.fixture
def recipe() -> Any:
    """The twenty lines of the page, at a fixed time."""
    [text] = [block for block in python_blocks("how-to/one-file.md") if "def presigned(" in block]
    names: dict[str, Any] = {}
    exec(compile(text, "recipe.py", "exec"), names)
    assert len(text.partition("def presigned")[2].splitlines()) <= 20
    with freezegun.freeze_time("2026-01-02T03:04:05Z"):
        yield names["presigned"]


def of_botocore(key: str, token: "str | None" = None, **params: str) -> str:
    session: Any = botocore.session.Session()
    config: Any = botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    client = session.create_client(
        "s3", region_name="eu-west-1", aws_access_key_id=KEYS[0], aws_secret_access_key=KEYS[1],
        aws_session_token=token, config=config,
    )  # fmt: skip
    params = {"Bucket": "reports", "Key": key, **params}
    url: str = client.generate_presigned_url("get_object", Params=params, ExpiresIn=3600)
    return url


def test_the_recipe_of_the_page_is_right_for_a_plain_key(recipe: Any) -> None:
    assert recipe(*KEYS, "eu-west-1", "reports", "2026/costs.csv") == of_botocore("2026/costs.csv")


@pytest.mark.parametrize("key", ["my costs.csv", "a#b", "a?b", "Kosten März.csv"])
def test_the_recipe_of_the_page_breaks_what_the_page_says(recipe: Any, key: str) -> None:
    url: str = recipe(*KEYS, "eu-west-1", "reports", key)
    assert urlsplit(url).path != urlsplit(of_botocore(key)).path
    assert sigv4presign.S3Presigner(sigv4presign.Credentials(*KEYS), "eu-west-1").get_object(
        "reports", key, now=1_767_323_045
    ) == of_botocore(key)


def test_the_recipe_of_the_page_takes_a_lifetime_that_s3_rejects(recipe: Any) -> None:
    assert "X-Amz-Expires=691200&" in recipe(*KEYS, "eu-west-1", "reports", "k", 691_200)


def test_the_recipe_of_the_page_has_no_place_for_a_session_token(recipe: Any) -> None:
    assert "token" not in recipe.__code__.co_varnames
    assert "X-Amz-Security-Token=token" in of_botocore("k", "token")
