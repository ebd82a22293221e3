"""`Credentials` and everything else that is accepted in their place."""

import copy
import errno
import os
import pickle
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import oracle
import pytest

from sigv4presign import Credentials, S3Presigner, presign
from sigv4presign.errors import CredentialsExpireFirst, CredentialsNotFound, InputError

NOW = 1_764_000_000
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"


@pytest.mark.parametrize("parameter", ["access_key_id", "secret_access_key", "session_token"])
@pytest.mark.parametrize("value", ["", " ", SECRET + "\n", "\t" + SECRET, "se cret", "gehéim", "a\0"])
def test_a_bad_copy_is_refused_and_not_shown(parameter: str, value: str) -> None:
    if parameter == "secret_access_key" and value in ("se cret", "gehéim"):
        assert Credentials("AKID", value).secret_access_key == value  # any password, as MinIO takes it
        return
    arguments = {"access_key_id": "AKID", "secret_access_key": "secret", parameter: value}
    with pytest.raises(InputError) as caught:
        Credentials(**arguments)
    assert caught.value.parameter == parameter
    assert SECRET not in str(caught.value)
    assert "is empty" in str(caught.value) if not value else f"the {len(value)} characters" in str(caught.value)


@pytest.mark.parametrize(
    ("character", "is_taken"),
    [
        ("\0", False), ("\x1f", False), (" ", True), ("~", True), ("\x7f", False), ("\x80", False), ("\x9f", False),
        ("\xa0", True), ("写", True),
    ],
)  # fmt: skip
def test_a_secret_has_any_character_inside_but_a_control_character(character: str, is_taken: bool) -> None:
    secret = f"a{character}b"
    if is_taken:
        assert Credentials("AKID", secret).secret_access_key == secret
    else:
        with pytest.raises(InputError, match=r"^secret_access_key: the 3 characters .* a control character"):
            Credentials("AKID", secret)


@pytest.mark.parametrize(
    ("character", "is_taken"), [(" ", False), ("!", True), ("~", True), ("\x7f", False), ("\x80", False)]
)
@pytest.mark.parametrize("parameter", ["access_key_id", "session_token"])
def test_an_id_and_a_token_are_printable_ascii(parameter: str, character: str, is_taken: bool) -> None:
    arguments = {"access_key_id": "AKID", "secret_access_key": "secret", parameter: f"a{character}b"}
    if is_taken:
        assert getattr(Credentials(**arguments), parameter) == f"a{character}b"
    else:
        with pytest.raises(InputError, match=f"^{parameter}: the 3 characters "):
            Credentials(**arguments)


@pytest.mark.parametrize("parameter", ["access_key_id", "secret_access_key", "session_token"])
def test_bytes_are_no_text(parameter: str) -> None:
    arguments: dict[str, Any] = {"access_key_id": "AKID", "secret_access_key": "secret", parameter: b"abc"}
    with pytest.raises(TypeError, match=f"^{parameter}: expected str, got bytes$"):
        Credentials(**arguments)


def test_the_secrets_never_print() -> None:
    creds = Credentials("AKID", SECRET, "tokentoken", expires_at=NOW)
    for text in (repr(creds), str(creds), f"{creds}", repr([creds]), repr(S3Presigner(creds, region="r"))):
        assert SECRET not in text
        assert "tokentoken" not in text
    assert repr(creds) == (
        "Credentials(access_key_id='AKID', secret_access_key=<hidden>, session_token=<hidden>, expires_at=1764000000)"
    )


def test_they_are_immutable_compare_copy_and_pickle() -> None:
    creds = Credentials("AKID", "secret", "token", expires_at=NOW)
    with pytest.raises(AttributeError, match="immutable: access_key_id can't be set"):
        creds.access_key_id = "other"
    with pytest.raises(AttributeError, match="immutable: session_token can't be deleted"):
        del creds.session_token
    for again in (copy.copy(creds), copy.deepcopy(creds), pickle.loads(pickle.dumps(creds))):
        assert again == creds
        assert hash(again) == hash(creds)
    assert creds != Credentials("AKID", "secret", "token")
    assert creds != ("AKID", "secret", "token", NOW)


@pytest.mark.parametrize(
    ("expires_at", "epoch"),
    [
        (NOW, NOW),
        (NOW + 0.9, NOW),
        (datetime.fromtimestamp(NOW, timezone.utc), NOW),
        ("2025-11-24T16:00:00Z", NOW),
        ("2025-11-24T16:00:00.123Z", NOW),
        ("2025-11-24t17:00:00+01:00", NOW),
        ("2025-11-24 08:30:00-07:30", NOW),
        ("2024-02-29T00:00:00Z", 1_709_164_800),
        ("1970-01-01T00:00:00Z", 0),
        ("9999-12-31T23:59:59Z", 253_402_300_799),
        ("2100-03-01T00:00:00Z", 4_107_542_400),
    ],
)
def test_expires_at_in_every_form(expires_at: Any, epoch: int) -> None:
    assert Credentials("AKID", "secret", expires_at=expires_at).expires_at == epoch


@pytest.mark.parametrize(
    "expires_at",
    ["", "2026", "2025-11-24T16:00:00", "2025-11-24T16:00:00+1:00", "2025-11-24T16:00:00+24:00", "20251124T160000Z",
     "2025-11-24T16:00:00+00:60", "2025-11-24T16:00:00,5Z", "2025-11-24T16:00:00.xZ", "2025-11-24T16:00:00 00:00",
     "2025-13-01T00:00:00Z", "2025-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2025-04-31T00:00:00Z",
     "2025-11-24T24:00:00Z", "2016-12-31T23:59:60Z", "1969-12-31T23:59:59Z", "٢٠٢٥-11-24T16:00:00Z",
     "2025-11-24T16:00:00+٠١:00", "2025-00-01T00:00:00Z", "2025-01-00T00:00:00Z"],
)  # fmt: skip
def test_malformed_expires_at_is_refused(expires_at: str) -> None:
    with pytest.raises(InputError, match=r"^expires_at: ") as caught:
        Credentials("AKID", "secret", expires_at=expires_at)
    assert caught.value.parameter == "expires_at"


def test_expires_at_may_not_be_naive() -> None:
    with pytest.raises(InputError, match=r"^expires_at: the datetime has no time zone"):
        Credentials("AKID", "secret", expires_at=datetime(2026, 1, 1))  # noqa: DTZ001 - the point


# --- from the environment --------------------------------------------------------------------------------------------

ENVIRON = {"AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": SECRET}


def test_from_environ(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Credentials.from_environ(ENVIRON) == Credentials("AKID", SECRET)
    full = {**ENVIRON, "AWS_SESSION_TOKEN": "token", "AWS_CREDENTIAL_EXPIRATION": "2025-11-24T16:00:00Z"}
    assert Credentials.from_environ(full) == Credentials("AKID", SECRET, "token", expires_at=NOW)
    empty = {**ENVIRON, "AWS_SESSION_TOKEN": "", "AWS_CREDENTIAL_EXPIRATION": ""}
    assert Credentials.from_environ(empty) == Credentials("AKID", SECRET)
    for name, value in full.items():
        monkeypatch.setenv(name, value)
    assert Credentials.from_environ() == Credentials("AKID", SECRET, "token", expires_at=NOW)


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({}, "the environment does not set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ({"AWS_ACCESS_KEY_ID": "AKID"}, "the environment does not set AWS_SECRET_ACCESS_KEY"),
        ({**ENVIRON, "AWS_ACCESS_KEY_ID": ""}, "the environment does not set AWS_ACCESS_KEY_ID"),
    ],
)
def test_from_environ_says_what_is_missing(environ: "dict[str, str]", message: str) -> None:
    with pytest.raises(CredentialsNotFound) as caught:
        Credentials.from_environ(environ)
    assert str(caught.value) == message


def test_from_environ_takes_a_mapping() -> None:
    with pytest.raises(TypeError, match="^environ: expected a mapping, got int$"):
        Credentials.from_environ(5)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# --- from a profile --------------------------------------------------------------------------------------------------


@pytest.fixture
def aws_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Callable[[str, str], None]":
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / ".aws").mkdir()

    def write(credentials: str, config: str) -> None:
        (tmp_path / ".aws" / "credentials").write_text(credentials, encoding="utf-8")
        (tmp_path / ".aws" / "config").write_text(config, encoding="utf-8")

    return write


KEYS = f"aws_access_key_id = AKID\naws_secret_access_key = {SECRET}\n"


def test_from_profile_reads_both_files(
    aws_files: "Callable[[str, str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_files(
        f"[default]\n{KEYS}\n[temporary]\n{KEYS}aws_session_token = token\n",
        f"[default]\nregion = r\n[profile dev]\n{KEYS.replace('AKID', 'DEVID')}s3 =\n  addressing_style = path\n",
    )
    assert Credentials.from_profile() == Credentials("AKID", SECRET)
    assert Credentials.from_profile("temporary") == Credentials("AKID", SECRET, "token")
    assert Credentials.from_profile("dev") == Credentials("DEVID", SECRET)
    monkeypatch.setenv("AWS_PROFILE", "temporary")
    assert Credentials.from_profile().session_token == "token"


def test_from_profile_reads_the_files_that_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c").write_text(f"[default]\n{KEYS}", encoding="utf-8")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "c"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "absent"))
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    assert Credentials.from_profile() == Credentials("AKID", SECRET)


@pytest.mark.parametrize(
    ("credentials", "config", "message"),
    [
        ("", "", "there is no profile 'default'"),
        ("[default]\naws_access_key_id = AKID\n", "", "has aws_access_key_id but no aws_secret_access_key"),
        (f"[default]\naws_secret_access_key = {SECRET}\n", "", "has aws_secret_access_key but no aws_access_key_id"),
        ("", "[default]\nregion = eu-west-1\n", "profile 'default' has no keys (it is in"),
        ("", "[default]\nsso_account_id = 1\n", "uses single sign-on (sso_account_id), not static keys"),
        ("", "[default]\ncredential_process = /bin/x\n", "uses a program that prints credentials (credential_process)"),
        (f"[default\n{SECRET}", "", "credentials, line 1: expected a section, such as [default]"),
    ],
)
def test_from_profile_says_what_is_there_instead(
    aws_files: "Callable[[str, str], None]", credentials: str, config: str, message: str
) -> None:
    aws_files(credentials, config)
    with pytest.raises(CredentialsNotFound) as caught:
        Credentials.from_profile()
    assert message in str(caught.value)
    assert SECRET not in str(caught.value)
    traceback = caught.value.__traceback__
    while traceback is not None:
        assert SECRET not in repr(traceback.tb_frame.f_locals) or traceback.tb_frame.f_code.co_name.startswith("test_")
        traceback = traceback.tb_next


def test_a_file_that_cannot_be_read_is_passed_over_where_the_other_one_has_the_keys_and_named_where_it_has_not(
    tmp_path: Path, aws_files: "Callable[[str, str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_files(f"[default]\n{KEYS}", "")
    with monkeypatch.context() as patch:
        patch.setenv("AWS_CONFIG_FILE", str(tmp_path))
        assert Credentials.from_profile() == Credentials("AKID", SECRET)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path))
    with pytest.raises(CredentialsNotFound) as caught:
        Credentials.from_profile()
    assert str(caught.value) == f"{tmp_path} cannot be read ({os.strerror(errno.EISDIR)})"


def test_a_file_below_what_is_no_folder_is_absent(
    tmp_path: Path, aws_files: "Callable[[str, str], None]", monkeypatch: pytest.MonkeyPatch
) -> None:
    aws_files(f"[default]\n{KEYS}", "")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / ".aws" / "credentials" / "config"))
    assert Credentials.from_profile() == Credentials("AKID", SECRET)


# --- what else is accepted -------------------------------------------------------------------------------------------


def url_with(credentials: Any) -> str:
    return presign("GET", "https://h/k", credentials=credentials, region="r", service="s3", expires_in=60, now=NOW)


def test_botocore_objects_and_callables_sign_as_the_credentials_do() -> None:
    creds = Credentials("AKID", SECRET, "token")
    theirs = oracle.botocore_credentials("AKID", SECRET, "token")
    expected = url_with(creds)
    for source in (theirs, theirs.get_frozen_credentials(), lambda: creds, lambda: theirs):
        assert url_with(source) == expected
        assert S3Presigner(source, region="r").get_object("bkt", "k", now=NOW) == S3Presigner(
            creds, region="r"
        ).get_object("bkt", "k", now=NOW)
    assert url_with(oracle.botocore_credentials("AKID", SECRET, "")) == url_with(Credentials("AKID", SECRET))


def test_a_refreshable_object_is_frozen_so_that_no_half_refreshed_pair_is_read() -> None:
    class Refreshable:
        """Answers with another pair at each reading, as botocore's does while it refreshes."""

        def __init__(self) -> None:
            self.readings = 0

        def get_frozen_credentials(self) -> Any:
            self.readings += 1
            return oracle.botocore_credentials("AKID", SECRET, "token").get_frozen_credentials()

        @property
        def access_key(self) -> str:
            raise AssertionError("read unfrozen")

    source = Refreshable()
    assert url_with(source) == url_with(Credentials("AKID", SECRET, "token"))
    assert source.readings == 1


def test_a_callable_is_called_for_each_signature_and_once_a_batch() -> None:
    calls: list[int] = []

    def fetch() -> Credentials:
        calls.append(1)
        return Credentials("AKID", f"secret{len(calls)}")

    s3 = S3Presigner(fetch, region="eu-west-1")
    assert calls == []
    urls = [s3.get_object("bkt", "k", now=NOW) for _ in range(3)]
    assert len(calls) == 3
    assert len(set(urls)) == 3
    assert len(set(s3.presign_many("GET", "bkt", ["a", "b", "c"], now=NOW))) == 3
    assert len(calls) == 4


def test_an_asynchronous_source_is_refused_with_the_way_out_and_no_warning() -> None:
    async def source() -> Credentials:
        return Credentials("AKID", "secret")

    given: Any = source
    with pytest.raises(TypeError, match="the callable returned coroutine; await it first$"):
        url_with(given)


def test_a_callable_that_finds_nothing_says_so_and_what_it_raises_passes_through() -> None:
    with pytest.raises(CredentialsNotFound, match="the callable returned None"):
        url_with(lambda: None)

    def fail() -> Credentials:
        raise LookupError("no vault today")

    with pytest.raises(LookupError, match="no vault today"):
        url_with(fail)


def test_from_environ_itself_is_a_source(monkeypatch: pytest.MonkeyPatch) -> None:
    s3 = S3Presigner(Credentials.from_environ, region="eu-west-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "FIRST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    assert "Credential=FIRST%2F" in s3.get_object("bkt", "k")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "SECOND")
    assert "Credential=SECOND%2F" in s3.get_object("bkt", "k")


def test_the_end_of_credentials_is_respected_by_the_presigner() -> None:
    temporary = Credentials("ASIA", "secret", "token", expires_at=NOW + 600)
    s3 = S3Presigner(temporary, region="eu-west-1")
    assert s3.get_object("bkt", "k", now=NOW).expires_at == NOW + 600
    with pytest.raises(CredentialsExpireFirst) as caught:
        s3.get_object("bkt", "k", expires_in=601, now=NOW)
    assert caught.value.seconds_left == 600
    clamping = s3.replace(clamp_to_credentials=True)
    assert clamping.get_object("bkt", "k", expires_in=601, now=NOW).expires_at == NOW + 600
    with pytest.raises(CredentialsExpireFirst, match="have expired"):
        clamping.get_object("bkt", "k", now=NOW + 600)


def test_a_secret_with_half_a_character_is_no_text() -> None:
    with pytest.raises(InputError, match="secret_access_key: the 2 characters include a lone surrogate"):
        Credentials("AKIDEXAMPLE", "\ud800x")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("", "secret"), "access_key_id: is empty"),
        (
            ("AKIDEXAMPLE", "secret "),
            (
                "secret_access_key: the 7 characters begin or end with white space, or include a control character; "
                "check what was copied with it"
            ),
        ),
    ],
)
def test_an_invalid_key_is_rejected_and_not_shown(arguments: "tuple[str, str]", message: str) -> None:
    with pytest.raises(InputError) as refused:
        Credentials(*arguments)
    assert str(refused.value) == message


def test_an_invalid_expiry_is_quoted_in_part() -> None:
    with pytest.raises(InputError) as refused:
        Credentials("AKIDEXAMPLE", "secret", expires_at="tomorrow" * 9)
    assert str(refused.value) == (
        f"expires_at: {'tomorrow' * 5!r} is not an ISO 8601 time with a zone, such as 2026-11-24T09:00:00Z"
    )


def test_a_copy_without_providers_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sigv4presign.providers", None)
    with pytest.raises(
        CredentialsNotFound, match="^from_profile needs the providers package, which this copy of sigv4presign leaves"
    ):
        Credentials.from_profile()


# --- sources of other shapes -----------------------------------------------------------------------------------------


class Keys:
    """What botocore's frozen credentials have, and no more."""

    access_key, secret_key, token = "AKIDEXAMPLE", SECRET, None


class Source:
    """A source that is frozen, without the expiry that botocore's refreshable ones have."""

    def __init__(self, frozen: object) -> None:
        self.frozen = frozen

    def get_frozen_credentials(self) -> object:
        return self.frozen


class Waits:
    """An awaitable that is no coroutine, so it has no `close`."""

    def __await__(self) -> object:
        raise NotImplementedError


def url_by(source: Any, **arguments: Any) -> str:
    return presign("GET", "https://h.example/k", credentials=source, service="s3", now=0, **arguments)


def test_a_source_may_have_no_expiry() -> None:
    plain = Credentials("AKIDEXAMPLE", SECRET)
    assert url_by(Source(Keys()), region="eu-west-1") == url_by(plain, region="eu-west-1")


def test_an_awaitable_without_close_is_told_apart_from_keys() -> None:
    with pytest.raises(TypeError, match="^credentials: "):
        url_by(Source(Waits()), region="eu-west-1")


def test_a_source_is_asked_for_a_region_only_where_there_is_one() -> None:
    class Regional:
        def __call__(self) -> Credentials:
            return Credentials("AKIDCALLED", SECRET)

        def for_region(self, region: str) -> Credentials:
            return Credentials(f"AKIDFOR{region.upper().replace('-', '')}", SECRET)

    assert "AKIDFOREUWEST1" in url_by(Regional(), region="eu-west-1")
    assert "AKIDCALLED" in url_by(Regional(), region_set="*")


def test_a_session_of_boto3_is_sent_to_from_boto3() -> None:
    class Session:
        def get_credentials(self) -> None: ...

    with pytest.raises(
        TypeError, match=r"; got Session; S3Presigner\.from_boto3\(\) takes boto3's clients and sessions$"
    ):
        url_by(Session(), region="eu-west-1")
