"""Providers against servers on loopback that speak the real protocols, with clocks that are moved by hand.

Rule: each fault of a server has its sentence, which names the server and none of its secrets.
"""

import copy
import datetime
import io
import json
import os
import pickle
import socket
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import ProfileNotFound
from freezegun import freeze_time
from provider_servers import Answer, Container, Imds, keys, raw_server

from sigv4presign import Credentials, S3Presigner, providers
from sigv4presign.errors import CredentialsExpireFirst, CredentialsNotFound, InputError
from sigv4presign.providers import Provider, _answer, _http, _metadata, _process, _provider
from sigv4presign.providers._lookup import Lookup, Value

START = datetime.datetime(2026, 11, 24, 9, 0, 0, tzinfo=datetime.timezone.utc)


@pytest.fixture(autouse=True)
def nothing_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(_http, "_PAUSE", 0.001)


def settle(provider: Provider) -> None:
    """Wait for a refresh in the background."""
    with provider._turn.lock:
        pass


def renewed(provider: Provider) -> Credentials:
    """The credentials after the refresh that a call has begun."""
    provider()
    settle(provider)
    return provider()


def make_due(provider: Provider) -> None:
    """Have the credentials at hand refreshed with the next call."""
    kept = provider._kept
    provider._kept = type(kept)(kept.credentials, kept.source, 0, kept.expires_at)


def refusal(provider: Provider) -> str:
    """The message of a provider that has no credentials; it shows none of the secrets of these tests."""
    with pytest.raises(CredentialsNotFound) as caught:
        provider()
    message = str(caught.value)
    assert type(caught.value) is CredentialsNotFound
    for secret in ("secret-of", "token-of", "capability", "good-jwt", "hidden"):
        assert secret not in message
    return message


# --- what all providers share ----------------------------------------------------------------------------------------


class Source:
    """Credentials that are made up, `lifetime` seconds at a time; `fault` is raised instead."""

    def __init__(self, lifetime: "int | None" = 3600) -> None:
        self.lifetime = lifetime
        self.fault: Exception | None = None
        self.calls = 0

    def __call__(self) -> Credentials:
        self.calls += 1
        if self.fault is not None:
            raise self.fault
        end = None if self.lifetime is None else int(time.time()) + self.lifetime
        return Credentials(f"AKID{self.calls}", "hidden", "hidden", expires_at=end)


def test_nothing_is_fetched_before_the_first_call_and_once_from_then_on() -> None:
    source = Source()
    provider = Provider("source", source)
    assert source.calls == 0
    assert [provider().access_key_id for _ in range(3)] == ["AKID1"] * 3
    assert source.calls == 1


def test_bare_credentials_come_from_what_the_provider_is_called() -> None:
    provider = Provider("the vault", Source())
    assert provider.source is None
    provider()
    assert provider.source == "the vault"
    told = Provider("the vault", lambda: _provider.Found(Credentials("AKID", "hidden"), "shelf 3"))
    told()
    assert told.source == "shelf 3"


def test_a_fetch_that_returns_nothing_is_a_refusal() -> None:
    nothing: Any = lambda: None  # noqa: E731 - as somebody's function might
    assert refusal(Provider("the vault", nothing)) == "the provider returned None"


def test_credentials_without_an_end_are_kept_for_good() -> None:
    provider = Provider("source", Source(None))
    with freeze_time(START) as clock:
        assert provider().access_key_id == "AKID1"
        clock.tick(86_400 * 365)
        assert provider().access_key_id == "AKID1"


@pytest.mark.parametrize(
    ("lifetime", "ahead", "expected"), [(3600, 900, 2700), (900, 900, 450), (43_200, 3600, 39_600)]
)
def test_credentials_are_fetched_anew_ahead_of_their_end_but_not_before_half_their_time(
    lifetime: int, ahead: int, expected: int
) -> None:
    provider = Provider("source", Source(lifetime), ahead)
    with freeze_time(START) as clock:
        provider()
        clock.tick(expected - 1)
        assert renewed(provider).access_key_id == "AKID1"
        clock.tick(1)
        assert provider().access_key_id == "AKID1"  # nobody waits
        settle(provider)
        assert provider().access_key_id == "AKID2"


def test_valid_credentials_are_returned_while_a_refresh_fails_and_no_longer() -> None:
    source = Source()
    provider = Provider("source", source)
    with freeze_time(START) as clock:
        provider()
        source.fault = CredentialsNotFound("the vault is shut")
        clock.tick(2700)
        assert renewed(provider).access_key_id == "AKID1"
        assert source.calls == 2
        clock.tick(59)
        assert renewed(provider).access_key_id == "AKID1"
        assert source.calls == 2  # not asked again within a minute of a failure
        clock.tick(1)
        assert renewed(provider).access_key_id == "AKID1"
        assert source.calls == 3
        clock.move_to(START + datetime.timedelta(seconds=3599))
        assert provider().access_key_id == "AKID1"
        clock.tick(1)
        assert refusal(provider) == "the vault is shut"
        source.fault = None
        assert provider().access_key_id == f"AKID{source.calls}"


def test_whatever_a_refresh_raises_it_is_raised_only_where_nothing_valid_is_left() -> None:
    source = Source()
    provider = Provider("source", source)
    with freeze_time(START) as clock:
        provider()
        source.fault = LookupError("no vault")
        clock.tick(2700)
        assert renewed(provider).access_key_id == "AKID1"
        clock.tick(900)
        with pytest.raises(LookupError, match="no vault"):
            provider()


def test_credentials_that_have_ended_when_they_come_are_refused() -> None:
    with freeze_time(START):
        provider = Provider("source", Source(0))
        assert refusal(provider) == (
            "the credentials from source expired at 2026-11-24T09:00:00Z; renew them there, or check the clock of this "
            "machine"
        )


def test_credentials_that_have_expired_are_named_by_their_source_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2020-01-01T00:00:00Z")
    says = "expired at 2020-01-01T00:00:00Z; renew them there, or check the clock of this machine"
    assert refusal(providers.resolve()) == f"the credentials from the environment {says}"
    (tmp_path / ".aws").mkdir()
    command = program(
        tmp_path,
        "import json; print(json.dumps({'Version': 1, 'AccessKeyId': 'A', 'SecretAccessKey': 's', "
        "'Expiration': '2020-01-01T00:00:00Z'}))",
    )
    (tmp_path / ".aws" / "config").write_text(f"[profile x]\ncredential_process = {command}\n", encoding="utf-8")
    assert refusal(providers.profile("x")) == f"the credentials from the credential_process of profile 'x' {says}"


def test_a_presigner_signs_with_the_credentials_of_the_moment() -> None:
    source = Source()
    provider = Provider("source", source, 1800)
    s3 = S3Presigner(provider, region="eu-west-1")
    with freeze_time(START) as clock:
        assert "Credential=AKID1%2F" in s3.get_object("bkt", "k", expires_in=3600)
        clock.tick(1799)
        with pytest.raises(CredentialsExpireFirst):
            s3.get_object("bkt", "k", expires_in=3600)
        clock.tick(1)
        s3.get_object("bkt", "k")
        settle(provider)
        assert "Credential=AKID2%2F" in s3.get_object("bkt", "k", expires_in=3600)


def test_copies_and_pickles_start_with_nothing_kept_and_repr_shows_nothing() -> None:
    provider = providers.assume_role(
        "arn:aws:iam::123456789012:role/a", source=Credentials("AKID", "hidden"), region="r"
    )
    provider._kept = type(provider._kept)(Credentials("ASIA", "hidden", "hidden"), "a test", 9e9, 9e9)
    assert provider().access_key_id == "ASIA"
    assert provider.source == "a test"
    for other in (copy.copy(provider), copy.deepcopy(provider), pickle.loads(pickle.dumps(provider))):
        assert other._kept.credentials is None
        fetch: Any = other._fetch
        assert fetch.args[1].role_arn == "arn:aws:iam::123456789012:role/a"
    assert repr(provider) == "<Provider: assume_role>"


def test_the_instances_metadata_is_read_with_the_settings_of_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, bool]] = []

    def fetch(profile: str, *, network: bool) -> None:
        asked.append((profile, network))

    monkeypatch.setattr(_metadata, "fetch_instance", fetch)
    providers._from_instance("dev", network=False)
    assert asked == [("dev", False)]


def test_a_provider_is_shown_by_the_name_of_its_function() -> None:
    assert repr(providers.resolve()) == repr(providers.resolve("dev")) == "<Provider: resolve>"
    assert repr(pickle.loads(pickle.dumps(providers.resolve()))) == "<Provider: resolve>"


def test_a_copy_keeps_how_it_is_made() -> None:
    later = _provider.Later(_metadata.fetch_container, network=False)
    provider = Provider("mine", later, 5, _provider.Region("eu-west-1", "us-west-2"))
    copies: list[Any] = [copy.copy(provider), pickle.loads(pickle.dumps(provider))]
    for made in copies:
        assert (made._name, made._ahead, made._region.given, made._region.signed) == (
            "mine", 5, "eu-west-1", "us-west-2",
        )  # fmt: skip
        assert (made._fetch.function, made._fetch.args, made._fetch.named) == (
            _metadata.fetch_container, (), {"network": False},
        )  # fmt: skip
    assert Provider("mine", later)._ahead == 900
    assert not _provider.Found(Credentials("A", "s"), "x").attended


def test_the_first_signature_says_the_region_where_nothing_else_does() -> None:
    region = _provider.Region(None)
    provider = Provider("mine", Source(None), region=region)
    assert provider.for_region("eu-west-1").access_key_id == "AKID1"
    assert provider.for_region("eu-west-2").access_key_id == "AKID1"
    assert region.signed == "eu-west-1"
    assert Provider("mine", Source(None)).for_region("eu-west-1").access_key_id == "AKID1"


def all_at_once(count: int, work: "Callable[[], Any]") -> "list[Any]":
    """What `work` returns, or raises, in as many threads, begun together."""
    barrier = threading.Barrier(count)

    def run(_: int) -> Any:
        barrier.wait()
        try:
            return work()
        except CredentialsNotFound as fault:
            return str(fault)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Container]":
    with Container() as server:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url + server.PATH)
        yield server


def test_fifty_threads_ask_once(box: Container) -> None:
    box.delay = 0.2
    provider = providers.container()
    found = all_at_once(50, provider)
    assert {credentials.access_key_id for credentials in found} == {"ASIATASK1"}
    assert len(box.asked) == 1


def test_fifty_threads_fail_together_and_not_one_after_the_other(box: Container) -> None:
    box.always = Answer(500, delay=0.2)
    messages = all_at_once(50, providers.container())
    assert set(messages) == {f"the container endpoint at {box.url} answered with status 500"}
    assert len(box.asked) == 3  # three attempts of one thread


def test_while_one_thread_refreshes_the_others_sign_on(box: Container) -> None:
    box.lifetime = 60
    provider = providers.container()
    provider()
    make_due(provider)
    box.delay = 1.2
    begun = time.monotonic()
    found = all_at_once(50, provider)
    assert time.monotonic() - begun < 1  # nobody waited for the answer
    assert {credentials.access_key_id for credentials in found} == {"ASIATASK1"}
    settle(provider)
    assert provider().access_key_id == "ASIATASK2"
    assert len(box.asked) == 2


def test_a_thread_that_comes_late_to_a_refresh_does_not_repeat_it() -> None:
    source = Source()
    provider = Provider("source", source)
    provider()
    make_due(provider)
    seen = provider._kept
    assert renewed(provider).access_key_id == "AKID2"
    provider._refresh(seen, time.time())  # one that had read what was kept before
    settle(provider)
    assert source.calls == 2


def test_what_a_refresh_raises_in_the_background_is_not_raised_and_gives_the_turn_back() -> None:
    source = Source()
    provider = Provider("source", source)
    provider()
    for fault in (CredentialsNotFound("shut"), LookupError("no vault")):
        source.fault = fault
        turn = provider._turn
        turn.lock.acquire()
        provider._in_background(turn)  # here and not in a thread, in which no tracer looks
        assert not turn.lock.locked()
    assert provider().access_key_id == "AKID1"


def test_a_refresh_that_is_under_way_is_not_begun_twice() -> None:
    source = Source()
    provider = Provider("source", source)
    provider()
    make_due(provider)
    with provider._turn.lock:
        assert provider().access_key_id == "AKID1"
    assert source.calls == 1


def test_a_refresh_that_cannot_have_a_thread_leaves_the_old_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Source()
    provider = Provider("source", source)
    provider()

    def refuse(*_: object) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(_provider, "start_new_thread", refuse)
        make_due(provider)
        assert provider().access_key_id == "AKID1"
    assert source.calls == 1
    make_due(provider)
    assert renewed(provider).access_key_id == "AKID2"


def test_a_hanging_refresh_holds_nobody_until_the_old_credentials_expire() -> None:
    source = Source(4)
    release = threading.Event()

    def fetch() -> Credentials:
        if source.calls:
            release.wait(30)
        return source()

    provider = Provider("source", fetch)
    s3 = S3Presigner(provider, region="eu-west-1")
    s3.get_object("bkt", "k")
    worst, end = 0.0, time.monotonic() + 2.8
    while time.monotonic() < end:
        begun = time.perf_counter()
        s3.get_object("bkt", "k")
        worst = max(worst, time.perf_counter() - begun)
        time.sleep(0.001)
    release.set()
    settle(provider)
    assert source.calls == 2
    assert worst < 0.05  # 0.005 on a machine that does nothing else


def test_a_fork_in_the_middle_of_a_refresh_leaves_a_provider_that_works() -> None:
    source = Source(60)
    release = threading.Event()
    parent = os.getpid()

    def fetch() -> Credentials:
        if source.calls and os.getpid() == parent:
            release.wait(30)
        return source()

    provider = Provider("source", fetch)
    provider()
    make_due(provider)
    provider()  # the thread that refreshes now holds the lock
    with warnings.catch_warnings():  # from Python 3.12 on there is one about threads, which is what is tried here
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:  # pragma: no cover - in the child
        status = 1
        try:
            make_due(provider)
            status = 0 if renewed(provider).access_key_id == "AKID2" else 2
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    release.set()
    settle(provider)
    assert os.waitstatus_to_exitcode(status) == 0
    assert provider().access_key_id == "AKID2"


def test_a_lock_of_another_process_is_not_waited_for() -> None:
    source = Source()
    provider = Provider("source", source)
    provider._turn.lock.acquire()
    provider._turn.pid = -1  # as a fork leaves it
    assert provider().access_key_id == "AKID1"
    assert provider._turn.pid == os.getpid()


def test_an_event_loop_runs_on_while_a_refresh_hangs() -> None:
    import asyncio

    source = Source(60)
    release = threading.Event()

    def fetch() -> Credentials:
        if source.calls:
            release.wait(30)
        return source()

    provider = Provider("source", fetch)

    async def work() -> int:
        await asyncio.to_thread(provider)
        make_due(provider)
        turns = 0
        for _ in range(20):
            provider()
            await asyncio.sleep(0.001)
            turns += 1
        return turns

    begun = time.monotonic()
    assert asyncio.run(work()) == 20
    assert time.monotonic() - begun < 5
    release.set()
    settle(provider)


def test_an_error_has_no_context_in_which_an_answer_could_be(box: "Container", tmp_path: Path) -> None:
    box.always = Answer(200, "hidden")
    answers = [providers.container(), providers.resolve(), providers.process(program(tmp_path, "print('hidden')"))]
    for provider in answers:
        with pytest.raises(CredentialsNotFound) as caught:
            provider()
        assert caught.value.__context__ is None
        assert caught.value.__cause__ is None


# --- the chain -------------------------------------------------------------------------------------------------------


def test_the_provider_that_had_credentials_is_asked_alone_from_then_on(
    box: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider = providers.resolve()
    with freeze_time(START) as clock:
        assert provider().access_key_id == "ASIATASK1"
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDNEW")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
        clock.tick(6 * 3600)
        assert provider().access_key_id == "ASIATASK2"
        assert providers.resolve()().access_key_id == "AKIDNEW"
        box.always = Answer(500)
        clock.tick(6 * 3600)
        assert (
            refusal(provider) == f"no credentials found: the container endpoint at {box.url} answered with status 500"
        )


def test_a_search_that_finds_nothing_says_what_each_provider_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", f"http://127.0.0.1:{port}")
    assert refusal(providers.resolve()) == (
        "no credentials found: the environment does not set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; "
        "AWS_WEB_IDENTITY_TOKEN_FILE is not set; there is no profile 'default' in the shared credentials and config "
        "files; neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor AWS_CONTAINER_CREDENTIALS_FULL_URI is set; the "
        f"instance metadata service at http://127.0.0.1:{port} could not be reached (Connection refused); "
        "run `aws configure` or `aws configure sso`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    )


@pytest.mark.parametrize(
    ("profile", "environ", "config", "way_out"),
    [
        (None, {}, "", "`aws configure` or `aws configure sso`, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        (None, {}, "[default]\nregion = r\n[profile dev]\n", "or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        (None, {}, "[profile dev]\n", "there is dev: use profile='dev'"),
        (None, {"AWS_PROFILE": "x"}, "[profile dev]\n[default]\n", "there are default, dev: use profile='default'"),
        ("dve", {}, "[profile prod]\n[profile dev]\n", "there are prod, dev: use profile='dev'"),
        ("x", {}, "".join(f"[profile p{n}]\n" for n in range(7)), "p3, p4 and 2 more: use profile='p0'"),
        ("x", {}, "", "there is no profile 'x' in the shared credentials and config files"),
        (None, {"AWS_PROFILE": "a b"}, "[profile 'a b']\n", "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ("a b", {}, "[profile 'a b']\n", "run `aws configure --profile 'a b'` or `aws configure sso --profile 'a b'`"),
        ("dev", {}, "[profile dev]\n", "run `aws configure --profile dev` or `aws configure sso --profile dev`"),
    ],
)  # fmt: skip
def test_where_nothing_is_found_the_last_words_say_what_to_do(
    profile: "str | None", environ: "dict[str, str]", config: str, way_out: str,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(config, encoding="utf-8")
    assert refusal(providers.resolve(profile)).endswith(way_out)


def test_a_provider_that_is_configured_and_fails_ends_the_search(box: Container, tmp_path: Path) -> None:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\ncredential_process = false\n", encoding="utf-8")
    assert refusal(providers.resolve()).endswith(
        "; the credential_process of profile 'default' exited with status 1; it may have said why on standard error"
    )
    assert box.asked == []


def test_the_environments_keys_are_read_anew_where_they_have_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "AWS_ACCESS_KEY_ID": "ASIA1",
        "AWS_SECRET_ACCESS_KEY": "hidden",
        "AWS_SESSION_TOKEN": "hidden",
        "AWS_CREDENTIAL_EXPIRATION": "2026-11-24T10:00:00Z",
    }.items():
        monkeypatch.setenv(name, value)
    provider = providers.environment()
    with freeze_time(START) as clock:
        assert provider().access_key_id == "ASIA1"
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "ASIA2")
        assert provider().access_key_id == "ASIA1"
        monkeypatch.setenv("AWS_CREDENTIAL_EXPIRATION", "2026-11-24T11:00:00Z")
        clock.tick(3000)
        assert renewed(provider).access_key_id == "ASIA2"


def test_a_malformed_variable_is_no_credentials_and_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden secret ")
    assert refusal(providers.environment()).startswith(
        "the environment gives a malformed secret_access_key: the 14 characters begin or end with white space"
    )
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert refusal(providers.environment()) == (
        "the environment sets AWS_ACCESS_KEY_ID but not AWS_SECRET_ACCESS_KEY; set both or neither"
    )


# --- an EC2 instance -------------------------------------------------------------------------------------------------


@pytest.fixture
def imds(monkeypatch: pytest.MonkeyPatch) -> "Iterator[Imds]":
    with Imds() as server:
        monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", server.url + "/")
        yield server


def test_an_instance_is_asked_for_a_token_its_role_and_the_roles_credentials(imds: Imds) -> None:
    with freeze_time(START) as clock:
        provider = providers.instance()
        assert provider() == Credentials(
            "ASIAIMDS1", "secret-of-IMDS1", "token-of-IMDS1", expires_at=int(START.timestamp()) + 6 * 3600
        )
        assert [(asked.method, asked.target) for asked in imds.asked] == [
            ("PUT", "/latest/api/token"),
            ("GET", "/latest/meta-data/iam/security-credentials/"),
            ("GET", "/latest/meta-data/iam/security-credentials/app-role"),
        ]
        assert imds.asked[0].headers["X-aws-ec2-metadata-token-ttl-seconds"] == "21600"
        assert all(asked.headers["X-aws-ec2-metadata-token"] for asked in imds.asked[1:])
        clock.tick(6 * 3600 - 900)
        assert renewed(provider).access_key_id == "ASIAIMDS2"


def test_an_instance_that_gives_no_token_is_not_asked_without_one(imds: Imds) -> None:
    imds.v2_allowed = False
    assert refusal(providers.instance()) == (
        f"the instance metadata service at {imds.url} gave no IMDSv2 token (status 403), and IMDSv1 is not used"
    )
    assert [asked.method for asked in imds.asked] == ["PUT"]


@pytest.mark.parametrize("body", [b"", b"two\nlines", "naïve".encode(), b"a\x00b"])
def test_a_token_that_no_header_can_hold_is_no_token(imds: Imds, body: bytes) -> None:
    imds.faults = [Answer(200, body)]
    assert "gave no IMDSv2 token (status 200)" in refusal(providers.instance())


def test_an_instance_without_a_role_says_so(imds: Imds) -> None:
    imds.role = ""
    assert refusal(providers.instance()) == (
        f"the instance metadata service at {imds.url} knows of no role: attach one to the instance"
    )


@pytest.mark.parametrize("role", ["../user-data", "a b", "r\rX: y", "<html>", "naïve"])
def test_a_role_that_is_no_name_is_not_asked_for(imds: Imds, role: str) -> None:
    imds.role = role
    assert "gave no name of a role (status 200)" in refusal(providers.instance())
    assert len(imds.asked) == 2


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (
            '{"Code": "AssumeRoleUnauthorizedAccess", "Message": "hidden"}',
            "with AssumeRoleUnauthorizedAccess for the role",
        ),
        ('{"Code": "hidden hidden", "Message": "hidden"}', "with an error without a code for the role"),
        ('{"Code": ["x"]}', "with an error without a code for the role"),
        ("hidden", "with something that is not JSON"),
        ("[" * 60_000, "with something that is not JSON"),
        (b"\xff\xfe".decode("latin-1"), "with something that is not JSON"),
        ('["hidden"]', "with JSON that is not an object"),
        ("{}", "without AccessKeyId"),
        ('{"AccessKeyId": "A", "SecretAccessKey": "hidden", "Expiration": "2099-01-01T00:00:00Z"}', "without Token"),
        ('{"AccessKeyId": "A", "SecretAccessKey": "hidden", "Token": "hidden"}', "without Expiration"),
        ('{"AccessKeyId": 5, "SecretAccessKey": "hidden"}', "with AccessKeyId that is not text"),
        (
            '{"AccessKeyId": "A", "SecretAccessKey": "a hidden ", "Token": "t", "Expiration": "2099-01-01 00:00:00Z"}',
            "with a malformed secret_access_key",
        ),
        (
            '{"AccessKeyId": "A", "SecretAccessKey": "s", "Token": "t", "Expiration": "hidden"}',
            "with an Expiration that is not an ISO 8601 time with a zone",
        ),
    ],
)
def test_an_instances_answer_that_is_no_credentials_is_refused(imds: Imds, document: str, problem: str) -> None:
    imds.document = document
    message = refusal(providers.instance())
    assert message.startswith(f"the instance metadata service at {imds.url} answered {problem}")


def test_an_instances_answer_of_another_status_is_refused(imds: Imds) -> None:
    real = imds.answer
    imds.answer = lambda asked: Answer(404) if asked.target.endswith("/app-role") else real(asked)  # type: ignore[method-assign]
    assert refusal(providers.instance()).endswith("answered with status 404 for the role app-role")


def test_a_disabled_instance_metadata_service_is_not_asked(imds: Imds, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "TRUE")
    assert "AWS_EC2_METADATA_DISABLED is set" in refusal(providers.instance())
    assert imds.asked == []


def test_how_long_and_how_often_an_instance_is_asked_can_be_set(
    imds: Imds, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imds.faults = [Answer(500), Answer(503)]
    assert "(status 500)" in refusal(providers.instance())
    assert len(imds.asked) == 1  # once, if nothing is set
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[default]\nmetadata_service_num_attempts = 2\n", encoding="utf-8")
    assert providers.instance()().access_key_id == "ASIAIMDS1"
    imds.faults = [Answer(500), Answer(429), Answer(500)]
    monkeypatch.setenv("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "4")
    assert providers.instance()().access_key_id == "ASIAIMDS2"
    for name in ("AWS_METADATA_SERVICE_NUM_ATTEMPTS", "AWS_METADATA_SERVICE_TIMEOUT"):
        for text in ("0", "many", "nan", "1e9", "-1"):
            with monkeypatch.context() as patch:
                patch.setenv(name, text)
                assert refusal(providers.instance()) == (
                    f"the instance metadata service cannot be asked: {name}: {text!r} is not a number from 1 to 1000"
                )


def test_an_instances_endpoint_follows_from_its_mode(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    def note(self: Any, method: str, url: str, headers: "dict[str, str]", body: "bytes | None") -> "tuple[int, bytes]":
        del method, headers, body
        asked.append(url)
        raise self.failure("was not asked")

    monkeypatch.setattr(_http.Server, "_ask", note)
    assert "at http://169.254.169.254 was" in refusal(providers.instance())
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")
    assert "at http://[fd00:ec2::254] was" in refusal(providers.instance())
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv5")
    assert refusal(providers.instance()).endswith("_MODE: 'ipv5' is not IPv4 or IPv6")
    monkeypatch.delenv("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE")
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text(
        "[default]\nec2_metadata_service_endpoint_mode = ipv6\n", encoding="utf-8"
    )
    assert "at http://[fd00:ec2::254] was" in refusal(providers.instance())
    assert asked == [f"{base}/latest/api/token" for base in
                     ("http://169.254.169.254", "http://[fd00:ec2::254]", "http://[fd00:ec2::254]")]  # fmt: skip


@pytest.mark.parametrize(
    "url", ["ftp://h", "169.254.169.254", "http://", "http://user@h", "http://h:99999", "http://h#f"]
)
def test_an_endpoint_that_is_no_url_is_not_asked(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)
    assert refusal(providers.instance()) == (
        "the instance metadata service has no URL that can be asked: http:// or https://, a host, and a "
        "percent-encoded path"
    )


# --- containers ------------------------------------------------------------------------------------------------------


def test_a_container_of_ecs_is_asked_at_its_path(box: Container, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_metadata, "ECS", box.url)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", box.PATH)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://198.51.100.7/")  # the other one comes first
    found = providers.container()()
    assert found.access_key_id == "ASIATASK1"
    assert found.session_token == "token-of-TASK1"
    assert box.asked[0].headers["Accept"] == "application/json"
    assert "Authorization" not in box.asked[0].headers


@pytest.mark.parametrize("path", ["@evil.example/x", ".evil.example/x", ":80@evil.example"])
def test_a_relative_uri_cannot_choose_another_host(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path)
    assert refusal(providers.container()) == "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI does not begin with a slash"


def test_the_token_of_a_container_is_sent_and_a_file_is_read_each_time(
    box: Container, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.token = "token-of-env"
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "token-of-env")
    assert providers.container()().access_key_id == "ASIATASK1"
    file = tmp_path / "token"
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(file))  # the file comes first
    provider = providers.container()
    with freeze_time(START) as clock:
        for number in (2, 3):
            box.token = f"token-of-file-{number}"
            file.write_text(box.token + "\n", encoding="utf-8")
            assert provider().access_key_id == f"ASIATASK{number}"
            clock.tick(6 * 3600)


def test_a_token_that_cannot_be_sent_is_an_error_that_does_not_show_it(
    box: Container, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "hidden\r\nX: y")
    assert refusal(providers.container()) == (
        "AWS_CONTAINER_AUTHORIZATION_TOKEN gives a token with a line break or another character that headers reject"
    )
    file = tmp_path / "token"
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", str(file))
    named = f"{file}, which AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names,"
    assert refusal(providers.container()) == f"{named} cannot be read (No such file or directory)"
    for content, problem in ((b"", "is empty"), (b"\xff", "is not text"), (b"x" * 20_001, "is too long for a token")):
        file.write_bytes(content)
        assert refusal(providers.container()) == f"{named} {problem}"
    assert box.asked == []


@pytest.mark.parametrize(
    ("host", "asked"),
    [
        ("http://169.254.170.2", True),
        ("http://169.254.170.23", True),
        ("http://[fd00:ec2::23]", True),
        ("http://localhost:8080", True),
        ("http://127.8.9.10", True),
        ("http://[::1]:8080", True),
        ("https://creds.example.com", True),
        ("http://creds.example.com", False),
        ("http://169.254.169.254", False),
        ("http://169.254.170.2.example.com", False),
        ("http://localhost.example.com", False),
        ("http://[fd00:ec2::24]", False),
        ("http://128.0.0.1", False),
    ],
)
def test_without_tls_a_container_is_asked_only_where_an_sdk_would(
    monkeypatch: pytest.MonkeyPatch, host: str, asked: bool
) -> None:
    def note(self: Any, *_: object) -> "tuple[int, bytes]":
        raise self.failure("was asked")

    monkeypatch.setattr(_http.Server, "_ask", note)
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", f"{host}/capability")
    message = refusal(providers.container())
    if asked:
        assert message == f"the container endpoint at {host} was asked"
    else:
        assert message == (
            f"the container endpoint at {host} is not asked: without TLS only loopback addresses and those of ECS and "
            "EKS (169.254.170.2, 169.254.170.23, fd00:ec2::23) are; use https"
        )


def test_an_error_of_a_container_is_given_by_its_status_or_its_code(box: Container) -> None:
    box.token = "something"
    assert refusal(providers.container()) == f"the container endpoint at {box.url} answered with status 401"
    box.faults = [Answer(200, '{"code": "TaskNotFound", "message": "hidden"}')]
    assert refusal(providers.container()) == f"the container endpoint at {box.url} answered with TaskNotFound"


def test_a_container_may_give_credentials_without_token_and_end(box: Container) -> None:
    box.faults = [Answer(200, '{"AccessKeyId": "AKID", "SecretAccessKey": "s", "code": "x", "Token": ""}')]
    assert providers.container()() == Credentials("AKID", "s")


# --- faults of the line ----------------------------------------------------------------------------------------------


def test_a_passing_fault_is_passed_over(box: Container) -> None:
    box.faults = [Answer(500), Answer(429)]
    assert providers.container()().access_key_id == "ASIATASK1"
    assert len(box.asked) == 3


@pytest.mark.parametrize(
    ("status", "expected"),
    [(200, False), (428, False), (429, True), (430, False), (499, False), (500, True), (599, True)],
)
def test_another_attempt_is_for_servers_that_are_busy_or_broken(status: int, expected: bool) -> None:
    assert _http.is_overloaded(status, b"") is expected


def asked_server(answers: "list[Any]", *, attempts: int = 1, timeout: float = 10) -> _http.Server:
    """A server that gives these answers, and raises the errors among them."""
    server: Any = _http.Server("it", "http://h.example", timeout=timeout, attempts=attempts)

    def answer(*_: object) -> Any:
        found = answers.pop(0)
        if isinstance(found, Exception):
            raise found
        return found

    server._ask = answer
    made: _http.Server = server
    return made


def test_pauses_between_attempts_double_three_times_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(_http, "_PAUSE", 1)
    monkeypatch.setattr(time, "sleep", pauses.append)
    answers = [(500, b""), CredentialsNotFound("x"), (429, b""), (503, b""), (500, b""), (502, b"last"), (200, b"")]
    assert asked_server(answers, attempts=6).ask("GET", "http://h.example/", {}) == (502, b"last")
    assert pauses == [1, 2, 4, 8, 8]
    assert asked_server([(500, b"only")]).ask("GET", "http://h.example/", {}) == (500, b"only")
    assert asked_server([(404, b"")], attempts=2).ask("GET", "http://h.example/", {}) == (404, b"")
    own = asked_server([(404, b""), (500, b"")], attempts=2)
    assert own.ask("GET", "http://h.example/", {}, None, lambda status, _: status == 404) == (500, b"")
    late = _http.TimedOutError("late")
    assert asked_server([late, (200, b"ok")], attempts=2).ask("GET", "http://h.example/", {}) == (200, b"ok")
    with pytest.raises(_http.TimedOutError):  # who waited for longer than a connection may take waits once
        asked_server([late, (200, b"ok")], attempts=2, timeout=10.1).ask("GET", "http://h.example/", {})


@pytest.mark.parametrize(
    ("host", "expected"),
    [("h", ("h", 80)), ("h:8080", ("h", 8080)), ("[::1]", ("::1", 80)), ("[::1]:8080", ("::1", 8080)),
     ("10.0.0.1:1", ("10.0.0.1", 1)), ("xx:1", ("xx", 1)), ("XX", ("XX", 80)), ("X:1", ("X", 1))],
)  # fmt: skip
def test_a_host_is_split_from_its_port(host: str, expected: "tuple[str, int]") -> None:
    assert _http._name_and_port(host, 80) == expected


@pytest.mark.parametrize(
    ("url", "timeout", "place", "headers"),
    [
        ("http://h.example", 2.0, ("h.example", 80, 2.0), {}),
        ("https://h.example", 60.0, ("h.example", 443, 10.0), {}),
        ("https://h.example:444", 10.0, ("h.example", 444, 10.0), {}),
        ("http://h.example:81", 11.0, ("h.example", 81, 10.0), {}),
    ],
)
def test_a_connection_is_waited_for_ten_seconds_at_most(
    url: str, timeout: float, place: "tuple[str, int, float]", headers: "dict[str, str]"
) -> None:
    server = _http.Server("it", url, timeout=timeout)
    connection, target, more = server._connection(server.scheme, server.host, "/x?y")
    assert (connection.host, connection.port, connection.timeout) == place
    assert (target, more) == ("/x?y", headers)


@pytest.mark.parametrize(
    ("proxy", "place", "headers"),
    [
        ("", None, {}),
        ("http://p.example:3128", ("p.example", 3128), {}),
        ("p.example", ("p.example", 80), {}),
        ("http://p.example", ("p.example", 80), {}),
        ("http://us%40er:p%3Aw@p.example:1", ("p.example", 1), {"Proxy-Authorization": "Basic dXNAZXI6cDp3"}),
        ("http://me@p.example", ("p.example", 80), {"Proxy-Authorization": "Basic bWU6"}),
    ],
)
def test_the_proxy_is_the_environments_for_the_scheme(
    monkeypatch: pytest.MonkeyPatch, proxy: str, place: "tuple[str, int] | None", headers: "dict[str, str]"
) -> None:
    server = _http.Server("it", "https://h.example", timeout=1, through_proxy=True)
    monkeypatch.setenv("https_proxy", proxy)
    assert server._proxy("https", "h.example") == (place, headers)
    assert server._proxy("http", "h.example") == (None, {})
    monkeypatch.setenv("no_proxy", "h.example")
    assert server._proxy("https", "h.example") == (None, {})


@pytest.mark.parametrize(
    ("url", "expected"),
    [("http://H.example/a%20b?c=d", ("http", "h.example", "/a%20b?c=d")), ("https://h", ("https", "h", "/"))],
)
def test_a_url_is_asked_as_it_is_written(url: str, expected: "tuple[str, str, str]") -> None:
    assert _http.Server("it", "http://h", timeout=1)._split(url) == expected


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(399, "hidden"), "answered with a redirect (399), which is not followed"),
        (Answer(300, "hidden"), "answered with a redirect (300), which is not followed"),
        (Answer(400, "hidden"), "answered with status 400"),
        (Answer(299, "hidden"), "answered with status 299"),
        (Answer(200, "x" * 65_536), "answered with something that is not JSON"),
        (Answer(500, "hidden"), "answered with status 500"),
        (Answer(418, "hidden"), "answered with status 418"),
        (
            Answer(302, "", (("Location", "http://169.254.170.2/hidden"),)),
            "answered with a redirect (302), which is not followed",
        ),
        (
            Answer(307, "", (("Location", "/v2/credentials/2f1c-capability"),)),
            "answered with a redirect (307), which is not followed",
        ),
        (Answer(200, "x" * 65_537), "answered with more than 65536 bytes"),
        (Answer(200, "x" * 5_000_000), "answered with more than 65536 bytes"),
        (Answer(200, "hidden"), "answered with something that is not JSON"),
        (Answer(200, json.dumps(keys("LATE", 3600)), delay=0.6), "did not answer within 0.4 s"),
    ],
)
def test_each_fault_of_a_server_has_its_sentence(
    box: Container, monkeypatch: pytest.MonkeyPatch, answer: Answer, problem: str
) -> None:
    if answer.delay:
        monkeypatch.setattr(_metadata, "_CONTAINER_TIMEOUT", 0.4)
    box.always = answer
    assert refusal(providers.container()) == f"the container endpoint at {box.url} {problem}"
    assert {asked.target for asked in box.asked} == {box.PATH}
    assert len(box.asked) <= 3


def says(what: bytes) -> "Callable[[socket.socket], None]":
    """A server that says something and hangs up."""
    return lambda connection: connection.sendall(what)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        connection.sendall(b"x")
        time.sleep(0.05)


def drip_headers(connection: socket.socket) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000:
        connection.sendall(bytes([byte]))
        time.sleep(0.05)


@pytest.mark.parametrize(
    ("talk", "problem"),
    [
        (
            says(b"SSH-2.0-hidden\r\n\r\n"),
            "closed the connection, or does not speak HTTP",
        ),
        (says(b""), "could not be reached (RemoteDisconnected)"),
        (
            says(b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{"),
            "answered with something that is not JSON",
        ),
        (
            says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{"),
            "closed the connection, or does not speak HTTP",
        ),
        (drip, "did not answer within 0.4 s"),
        (drip_headers, "did not answer within 0.4 s"),
    ],
)
def test_a_server_that_breaks_http_holds_nobody(
    monkeypatch: pytest.MonkeyPatch, talk: "Callable[[socket.socket], None]", problem: str
) -> None:
    monkeypatch.setattr(_metadata, "_CONTAINER_TIMEOUT", 0.4)
    monkeypatch.setattr(_metadata, "_CONTAINER_ATTEMPTS", 1)
    with raw_server(talk) as url:
        monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_FULL_URI", url)
        begun = time.monotonic()
        assert refusal(providers.container()) == f"the container endpoint at {url} {problem}"
        assert time.monotonic() - begun < 10  # a thousand pieces would take fifty seconds


@pytest.mark.parametrize(
    ("value", "expected"), [("true", True), ("TRUE", True), ("false", False), ("1", False), ("", False), (None, False)]
)
def test_the_instance_metadata_service_is_switched_off_by_the_word_true(value: "str | None", expected: bool) -> None:
    environ = {} if value is None else {"AWS_EC2_METADATA_DISABLED": value}
    assert _metadata._is_disabled(Lookup(None, environ)) is expected


@pytest.mark.parametrize(("text", "number"), [(None, 1), ("", 1), ("1", 1), ("2.5", 2.5), ("1000", 1000)])
def test_seconds_and_attempts_for_an_instance_are_1_to_1000(text: "str | None", number: float) -> None:
    assert _metadata._number(Value(text, "S")) == number
    for wrong in ("0.9", "1000.1", "x"):
        with pytest.raises(InputError, match="^S: '.*' is not a number from 1 to 1000") as caught:
            _metadata._number(Value(wrong, "S"))
        assert caught.value.parameter == "S"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True), ("localhost:8080", True), ("127.0.0.1", True), ("127.1.2.3:80", True), ("[::1]", True),
        ("[::1]:80", True), ("169.254.170.2", True), ("169.254.170.23:80", True), ("[fd00:ec2::23]", True),
        ("[fd00:ec2::23]:80", True), ("169.254.170.24", False), ("[fd00:ec2::24]", False), ("10.0.0.1", False),
        ("localhost.example", False), ("128.0.0.1:80", False),
    ],
)  # fmt: skip
def test_where_a_container_is_asked_without_tls(host: str, expected: bool) -> None:
    assert _metadata._is_trusted(host) is expected


@pytest.mark.parametrize(
    ("code", "shown"),
    [("AccessDenied", True), ("a.b_c1", True), ("x" * 60, True), ("x" * 61, False), ("", False), ("a b", False),
     ("\u00fc", False), (None, False), (5, False), ("._", False)],
)  # fmt: skip
def test_of_an_answer_only_what_looks_like_a_code_is_repeated(code: object, shown: bool) -> None:
    assert _answer.code_name(code) == (code if shown else "an error without a code")


def test_required_fields_of_an_answer_are_text_for_a_header_and_numbers_above_zero() -> None:
    assert _answer.text_of({"a": "b c"}, "a") == "b c"
    assert _answer.seconds_of({"a": 1}, "a") == 1
    texts: list[Any] = [{}, [], None, {"a": ""}, {"a": 5}, {"a": "\u00fc"}, {"a": "\n"}]
    for wrong in texts:
        with pytest.raises(ValueError, match="^lacks a$"):
            _answer.text_of(wrong, "a")
    numbers: list[Any] = [{}, [], {"a": 0}, {"a": -1}, {"a": True}, {"a": "1"}, {"a": 1.5}]
    for wrong in numbers:
        with pytest.raises(ValueError, match="^lacks a$"):
            _answer.seconds_of(wrong, "a")


@pytest.mark.parametrize("left_out", ["AccessKeyId", "SecretAccessKey", "Token", "Expiration"])
@pytest.mark.parametrize("temporary", [False, True])
def test_an_answer_has_what_its_kind_of_credentials_needs(left_out: str, temporary: bool) -> None:
    answer: dict[str, object] = {
        "AccessKeyId": "AKID", "SecretAccessKey": "s", "Token": "t", "Expiration": "2026-11-24T09:00:00Z"
    }  # fmt: skip
    whole = _answer.credentials_from("it", answer, token="Token", temporary=temporary)
    assert whole == Credentials("AKID", "s", "t", expires_at=START)
    for value in (None, "", 5):
        answer[left_out] = value
        if value != 5 and not temporary and left_out in ("Token", "Expiration"):
            found = _answer.credentials_from("it", answer, token="Token", temporary=temporary)
            assert (found.session_token is None, found.expires_at is None) == (
                left_out == "Token", left_out == "Expiration",
            )  # fmt: skip
            continue
        problem = f"{left_out} that is not text" if value == 5 else f"without {left_out}"
        with pytest.raises(CredentialsNotFound, match=f"^it answered (with )?{problem}$"):
            _answer.credentials_from("it", answer, token="Token", temporary=temporary)


def test_a_slow_instance_costs_a_second(imds: Imds) -> None:
    imds.always = Answer(200, "x", delay=3)
    begun = time.monotonic()
    message = refusal(providers.instance())
    assert message.startswith(f"the instance metadata service at {imds.url} did not answer within 1 s; in a container")
    assert "--http-put-response-hop-limit 2`" in message
    assert 0.9 < time.monotonic() - begun < 2.9


def test_a_server_that_does_not_take_the_connection_is_told_from_one_that_does_not_answer(
    box: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*_: object, **__: object) -> socket.socket:
        raise TimeoutError

    monkeypatch.setattr(socket, "create_connection", hang)
    assert refusal(providers.container()) == (f"the container endpoint at {box.url} could not be reached within 2 s")


def test_the_time_an_answer_may_take_is_up_even_between_two_pieces_of_it() -> None:
    with pytest.raises(TimeoutError):
        _http._Timed(None, io.BytesIO(), time.monotonic() - 1).readinto(bytearray(1))


def test_metadata_services_are_asked_past_every_proxy(
    box: Container, imds: Imds, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert providers.container()().access_key_id == "ASIATASK1"
    assert providers.instance()().access_key_id == "ASIAIMDS1"
    assert box.asked
    assert imds.asked


# --- programs --------------------------------------------------------------------------------------------------------


def program(tmp_path: Path, code: str) -> str:
    """A command that runs Python code."""
    (tmp_path / "program.py").write_text(code, encoding="utf-8")
    return f"'{sys.executable}' -I -S '{tmp_path}/program.py'"


def test_a_program_is_run_again_ahead_of_the_end_of_what_it_printed(tmp_path: Path) -> None:
    command = program(
        tmp_path,
        "import json, pathlib\n"
        f"count = pathlib.Path({str(tmp_path / 'count')!r})\n"
        "n = int(count.read_text()) + 1 if count.exists() else 1\n"
        "count.write_text(str(n))\n"
        "print(json.dumps({'Version': 1, 'AccessKeyId': f'ASIA{n}', 'SecretAccessKey': 's', 'SessionToken': 't',\n"
        "                  'Expiration': f'2026-11-24T{9 + n:02}:00:00+00:00'}))\n",
    )
    provider = providers.process(command)
    with freeze_time(START) as clock:
        assert [provider().access_key_id for _ in range(2)] == ["ASIA1"] * 2
        clock.tick(2700)
        assert renewed(provider).access_key_id == "ASIA2"


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("raise SystemExit(7)", "exited with status 7; it may have said why on standard error"),
        ("print('hidden')", "answered with something that is not JSON"),
        ("print('{}')", 'answered without "Version": 1'),
        ("print('x' * 70000)", "printed more than 65536 bytes"),
        (
            (
                "import json; print(json.dumps({'Version': 1, 'AccessKeyId': 'A', 'SecretAccessKey': 's', "
                "'Expiration': '2035-08-13T13:03:59'}))"
            ),
            "answered with an Expiration that is not an ISO 8601 time with a zone, such as 2026-11-24T09:00:00Z",
        ),
        ("while True: print('hidden' * 1000)", "printed more than 65536 bytes"),
        ("import time; time.sleep(5)", "did not end within 0.3 s"),
        ("import os, time; os.close(1); time.sleep(5)", "did not end within 0.3 s"),
        ("import subprocess; subprocess.run(['sleep', '5'])", "did not end within 0.3 s"),
    ],
)
def test_a_program_that_has_no_credentials_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: str, problem: str
) -> None:
    if "sleep" in code:
        monkeypatch.setattr(_process, "_TIMEOUT", 0.3)
    assert refusal(providers.process(program(tmp_path, code))) == f"the command {problem}"


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("", "is empty"),
        ("'x", "cannot be split into words: a quotation mark is missing"),
        ("/nonexistent/program", "cannot be run (No such file or directory)"),
        ("a\0b", "cannot be run (no command)"),
    ],
)
def test_a_command_that_is_none_is_named(command: str, problem: str) -> None:
    assert refusal(providers.process(command)) == f"the command {problem}"


def test_a_command_is_text() -> None:
    with pytest.raises(TypeError, match="command: expected str, got list"):
        providers.process(["a"])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# --- arguments -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Credentials.from_profile(""), "name: is empty; leave it out to have it looked up"),
        (lambda: providers.profile(""), "name: is empty; leave it out to have it looked up"),
        (lambda: providers.resolve(""), "profile: is empty; leave it out to have it looked up"),
        (lambda: providers.profile(region=""), "region: is empty; leave it out to have it looked up"),
        (lambda: providers.resolve(refresh_ahead=0), "refresh_ahead: 0 is not a whole number of seconds from 1"),
        (
            lambda: providers.resolve(refresh_ahead=datetime.timedelta(seconds=1.5)),
            "refresh_ahead: 0:00:01.500000 is not a whole number of seconds from 1",
        ),
    ],
)
def test_an_argument_that_cannot_be_meant_is_refused_at_once(make: "Callable[[], object]", message: str) -> None:
    with pytest.raises(InputError) as caught:
        make()
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: providers.resolve(5), "profile: expected str, got int"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: providers.resolve(region=5), "region: expected str, got int"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: providers.profile(b"x"), "name: expected str, got bytes"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: Credentials.from_profile(5), "^name: expected str, got int$"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: Credentials.from_profile([]), r"^name: expected str, got list$"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: providers.resolve(network="no"), "^network: expected bool, got str$"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: providers.profile(network=1), "^network: expected bool, got int$"),  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        (lambda: providers.resolve(refresh_ahead=True), "refresh_ahead: expected whole seconds"),
    ],
)
def test_an_argument_of_the_wrong_type_is_a_type_error(make: "Callable[[], object]", message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make()


def test_only_reading_a_profiles_keys_loads_no_network_and_no_subprocess() -> None:
    import subprocess

    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from sigv4presign import Credentials, errors, providers\n"
        "providers.resolve(); providers.instance(); providers.container()\n"
        "try: Credentials.from_profile('absent')\n"
        "except errors.CredentialsNotFound: pass\n"
        "print(*sorted({'http.client', 'ssl', 'subprocess', 'json', 'urllib', 'urllib.request', 'typing', 'xml'}"
        " & set(sys.modules)))"
    )
    folder = str(Path(providers.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, folder], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.split() == []


# --- a profile that is not there -------------------------------------------------------------------------------------


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_keys_in_the_environment_do_not_hide_that_the_named_profile_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDENV")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden")
    monkeypatch.setenv(variable, "nope")
    with pytest.raises(ProfileNotFound):  # the oracle
        botocore.session.Session().get_credentials()
    assert refusal(providers.resolve()) == (
        "no credentials found: there is no profile 'nope' in the shared credentials and config files"
    )
    assert providers.environment()().access_key_id == "AKIDENV"
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws" / "config").write_text("[profile nope]\n", encoding="utf-8")
    assert providers.resolve()().access_key_id == "AKIDENV"
