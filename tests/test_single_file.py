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
        lambda: s3.put_object("bucket", "k", content_type="image/png"),
        lambda: s3.get_object("arn:aws:s3:eu-west-1:123456789012:accesspoint/a", "k"),
    ):
        with pytest.raises((AttributeError, ImportError), match="install sigv4presign"):
            use()  # type: ignore[no-untyped-call]
    # Whoever asks what a presigner has is not told of what is left out.
    assert not hasattr(s3, "list_objects_v2")
    assert "get_object" in dict(inspect.getmembers(s3))
    with pytest.raises(one.InputError, match="which this copy of sigv4presign leaves out"):
        one.presign("GET", "https://h/k", credentials=one.Credentials(*KEYS), region_set="*", service="s3")


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


def of_botocore(key: str, token: "str | None" = None) -> str:
    session: Any = botocore.session.Session()
    config: Any = botocore.config.Config(signature_version="s3v4", s3={"addressing_style": "virtual"})
    client = session.create_client(
        "s3", region_name="eu-west-1", aws_access_key_id=KEYS[0], aws_secret_access_key=KEYS[1],
        aws_session_token=token, config=config,
    )  # fmt: skip
    url: str = client.generate_presigned_url("get_object", Params={"Bucket": "reports", "Key": key}, ExpiresIn=3600)
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
