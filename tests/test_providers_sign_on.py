"""Single sign-on, `aws login` and MFA, against servers on loopback that speak the real protocols.

Rule: what is sent and what is written to the AWS CLI's caches is compared with what botocore sends and writes; each
fault has its sentence, which has the command that mends it and none of the secrets.
"""

import gc
import json
import os
import stat
import subprocess
import sys
import time
import warnings
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import botocore.credentials
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from freezegun import freeze_time
from provider_servers import Answer, Asked, Loopback, portal_role, unpadded
from provider_situations import (
    BY_SESSION,
    BY_URL,
    EC,
    LEGACY,
    LOGIN,
    LOGIN_KEY,
    LOGIN_SESSION,
    MFA_PROFILE,
    REFRESHABLE,
    ROLE,
    SERIAL,
    SESSION_CONFIG,
    SSO,
    START_URL,
    A,
    Place,
    Servers,
    Situation,
    aws_session,
    cached_keys,
    cached_role,
    check_no_secret,
    curve_and_home,
    login,
    prepare,
    running,
    token,
)

from sigv4presign import Credentials, providers
from sigv4presign._p256 import N
from sigv4presign.errors import CredentialsNotFound
from sigv4presign.providers import Provider, _cache, _dpop, _http, _login, _role_cache, _services, _sso
from sigv4presign.providers._lookup import Lookup

credentials_module: Any = botocore.credentials

SIGNED_ON = Situation(config=f"[profile dev]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")})
EXPIRED = SIGNED_ON._replace(files={BY_SESSION: token("{past}", **REFRESHABLE)})
EXPIRING = SIGNED_ON._replace(files={BY_SESSION: token("{soon}", **REFRESHABLE)})
LOGGED_IN = Situation(config=f"[profile me]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{future}")})
LOGIN_EXPIRED = LOGGED_IN._replace(files={LOGIN: login("{past}")})
LOGIN_EXPIRING = LOGGED_IN._replace(files={LOGIN: login("{soon}")})
READER = portal_role("123456789012", "Reader", 0)


@pytest.fixture(scope="module")
def servers() -> "Iterator[Servers]":
    with running() as found:
        yield found


@pytest.fixture
def place(servers: Servers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> "Iterator[Place]":
    monkeypatch.setattr(_http, "_PAUSE", 0.001)
    for server in (servers.sts, servers.portal, servers.oidc, servers.sign_in):
        server.asked.clear()
    yield Place(tmp_path, servers)
    for server in (servers.sts, servers.portal, servers.oidc, servers.sign_in):
        server.faults.clear()
        server.always = None


def refusal(provider: "Callable[[], object]") -> str:
    with pytest.raises(CredentialsNotFound) as caught:
        provider()
    message = str(caught.value)
    check_no_secret(message)
    assert caught.value.__context__ is None
    return message


def in_cache(place: Place, path: str) -> "dict[str, Any]":
    content: dict[str, Any] = json.loads((place.home / path).read_text(encoding="utf-8"))
    return content


def asked_of(server: Loopback) -> Asked:
    """The one request that a server has seen."""
    (asked,) = server.asked
    server.asked.clear()
    return asked


def botocores_credentials(place: Place, profile: str) -> Any:
    with curve_and_home(place.home):
        return aws_session(profile, place.home).get_credentials().get_frozen_credentials()


# --- single sign-on -------------------------------------------------------------------------------------------------


def test_a_sign_on_is_exchanged_for_the_roles_credentials_by_one_request_that_is_botocores(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(SIGNED_ON, place, monkeypatch)
    provider = providers.sso("dev")
    found = provider()
    assert (found.access_key_id, found.secret_access_key) == (READER["accessKeyId"], READER["secretAccessKey"])
    assert found.session_token == READER["sessionToken"]
    assert found.expires_at is not None
    assert 3500 < found.expires_at - time.time() <= 3600
    assert provider.source == "the role Reader in account 123456789012, by single sign-on (profile 'dev')"
    ours = asked_of(place.servers.portal)
    botocores_credentials(place, "dev")
    theirs = asked_of(place.servers.portal)
    assert ours.method == theirs.method
    assert urlsplit(ours.target).path == urlsplit(theirs.target).path
    assert dict(parse_qsl(urlsplit(ours.target).query)) == dict(parse_qsl(urlsplit(theirs.target).query))
    assert ours.headers["x-amz-sso_bearer_token"] == theirs.headers["x-amz-sso_bearer_token"] == "sso-access"
    assert place.servers.oidc.asked == []


@pytest.mark.parametrize(("config", "session"), [(LEGACY, None), (f"{SSO}{SESSION_CONFIG}", "corp")])
def test_a_roles_credentials_are_found_where_the_aws_cli_caches_them(
    place: Place, monkeypatch: pytest.MonkeyPatch, config: str, session: "str | None"
) -> None:
    prepare(Situation(config=f"[profile dev]\n{config}"), place, monkeypatch)
    fetcher = credentials_module.SSOCredentialFetcher(
        START_URL, "eu-central-1", "Reader", "123456789012", None, sso_session_name=session
    )
    in_a_day = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
    cache = credentials_module.JSONFileCache(str(place.home / ".aws" / "cli" / "cache"))
    cache[fetcher._create_cache_key()] = cached_keys("ROLE", in_a_day)
    assert providers.sso("dev")().access_key_id == "ASIACACHEROLE"
    assert (place.servers.portal.asked, place.servers.oidc.asked) == ([], [])


def test_a_refresh_asks_what_botocore_asks_and_writes_what_botocore_writes(servers: Servers, tmp_path: Path) -> None:
    asked: list[Asked] = []
    written: list[dict[str, Any]] = []
    for way in ("botocore", "ours"):
        place = Place(tmp_path / way, servers)
        servers.oidc.asked.clear()
        with pytest.MonkeyPatch.context() as patch:
            client = {**REFRESHABLE, "registrationExpiresAt": "2099-01-01T00:00:00Z"}
            prepare(EXPIRED._replace(files={BY_SESSION: token("{past}", **client)}), place, patch)
            if way == "ours":
                assert providers.profile("dev")().access_key_id == READER["accessKeyId"]
            else:
                assert botocores_credentials(place, "dev").access_key == READER["accessKeyId"]
        asked.append(asked_of(servers.oidc))
        written.append(in_cache(place, BY_SESSION))
    theirs, ours = asked
    assert (ours.method, ours.target) == (theirs.method, theirs.target)
    assert json.loads(ours.body) == json.loads(theirs.body)
    assert ours.headers["Content-Type"] == theirs.headers["Content-Type"]
    assert set(written[1]) == set(written[0])
    times = [time.strptime(content.pop("expiresAt"), "%Y-%m-%dT%H:%M:%SZ") for content in written]
    assert abs(time.mktime(times[0]) - time.mktime(times[1])) < 60
    assert written[1] == written[0]
    assert written[1]["refreshToken"] == "sso-refresh-1"


def test_the_cache_is_replaced_whole_and_is_for_its_owner_alone(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(EXPIRED, place, monkeypatch)
    path = place.home / BY_SESSION
    path.chmod(0o644)
    before = path.stat().st_ino
    providers.sso("dev")()
    assert path.stat().st_ino != before
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(each.name for each in path.parent.iterdir()) == [path.name, f"{path.name}.lock"]
    assert stat.S_IMODE((path.parent / f"{path.name}.lock").stat().st_mode) == 0o600


def test_a_folder_of_the_cache_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    file = _cache.CacheFile("~/new/cache", "x", {"HOME": str(tmp_path)})
    assert file.path == str(tmp_path / "new" / "cache" / "x.json")
    assert file.read() is None
    file.write({"\u00fc": [1, None]})
    assert file.read() == {"\u00fc": [1, None]}
    assert stat.S_IMODE((tmp_path / "new" / "cache").stat().st_mode) == 0o700
    with file.locked():
        assert sorted(each.name for each in (tmp_path / "new" / "cache").iterdir()) == ["x.json", "x.json.lock"]
    with file.locked():  # given back, so it can be had again
        file.write({})
    assert file.read() == {}


@pytest.mark.parametrize(("left", "found"), [(901, True), (900, True), (899, False), (-1, False)])
def test_a_cached_session_is_used_while_it_has_a_quarter_of_an_hour(tmp_path: Path, left: int, found: bool) -> None:
    environ, asked = {"HOME": str(tmp_path)}, {"RoleArn": ROLE}
    session = Credentials("ASIA", "secret", "token", expires_at=1_764_000_000 + left)
    with freeze_time("2025-11-24T16:00:00Z"):
        assert _role_cache.cached_session(asked, environ) is None
        _role_cache.cache_session(asked, environ, session)
        assert _role_cache.cached_session(asked, environ) == (session if found else None)
        assert _role_cache.cached_session({"RoleArn": "other"}, environ) is None
        assert _role_cache.cached_session(asked, environ, compact=True) is None  # another file


class Held(NamedTuple):
    """A cached token, as far as it is asked for its end."""

    credentials: Credentials

    @property
    def expires_at(self) -> int:
        return self.credentials.expires_at or 0

    @property
    def access_token(self) -> str:
        return self.credentials.access_key_id


def held(name: str, left: int) -> Any:
    return Held(Credentials(name, "secret", "token", expires_at=1_764_000_000 + left))


@pytest.mark.parametrize(
    ("left", "refreshed", "expected"),
    [(301, 3600, "old"), (300, 3600, "new"), (0, 3600, "new"), (300, None, "old"), (1, None, "old"), (0, None, "")],
)
def test_a_login_is_refreshed_in_its_last_five_minutes_and_used_to_its_end(
    tmp_path: Path, left: int, refreshed: "int | None", expected: str
) -> None:
    found: Any = _login.Login(Lookup(None, {"HOME": str(tmp_path)}), "me", "session", network=True)

    def refresh() -> Any:
        if refreshed is None:
            raise CredentialsNotFound("the service is down")
        return held("new", refreshed)

    found._cached, found._refreshed = lambda: held("old", left), refresh
    with freeze_time("2025-11-24T16:00:00Z"):
        if expected:
            assert found.fetch().credentials.access_key_id == expected
            assert found.fetch().source == "the login of profile 'me'"
        else:
            with pytest.raises(
                CredentialsNotFound, match="expired at 2025-11-24T16:00:00Z, and could not be refreshed"
            ):
                found.fetch()


@pytest.mark.parametrize(
    ("session", "left", "expected"),
    [("corp", 900, "old"), ("corp", 899, "new"), ("corp", -1, "new"), (None, 899, "old"), (None, 1, "old"),
     (None, 0, "")],
)  # fmt: skip
def test_a_sign_on_is_refreshed_in_its_last_quarter_of_an_hour_where_it_has_a_session(
    tmp_path: Path, session: "str | None", left: int, expected: str
) -> None:
    settings = {
        "sso_session": session, "sso_start_url": "https://corp", "sso_region": "eu-west-1", "sso_account_id": "1",
        "sso_role_name": "r",
    }  # fmt: skip
    found: Any = _sso.SignOn(Lookup(None, {"HOME": str(tmp_path)}), "me", settings, network=True)

    def refresh(_old: object) -> Any:
        return held("new", 3600)

    found._cached, found._refreshed = lambda: held("old", left), refresh
    with freeze_time("2025-11-24T16:00:00Z"):
        if expected:
            assert found.token() == expected
        else:
            with pytest.raises(CredentialsNotFound, match="expired at 2025-11-24T16:00:00Z: run `aws sso login"):
                found.token()


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, True), ({"registrationExpiresAt": "2025-11-24T16:00:00Z"}, False), ({"refreshToken": ""}, False),
     ({"clientId": None}, False), ({"clientSecret": 5}, False), ({"registrationExpiresAt": None}, False),
     ({"registrationExpiresAt": "soon"}, False)],
)  # fmt: skip
def test_a_sign_on_can_be_refreshed_while_its_client_is_registered(changes: "dict[str, Any]", expected: bool) -> None:
    content = {
        "accessToken": "a", "expiresAt": "2025-11-24T16:00:00Z", "refreshToken": "r", "clientId": "c",
        "clientSecret": "s", "registrationExpiresAt": "2025-11-24T16:00:01Z", **changes,
    }  # fmt: skip
    found = _sso._Token(content)
    assert (found.access_token, found.expires_at, found.content) == ("a", 1_764_000_000, content)
    assert found.refreshable(1_764_000_000) is expected


def test_a_refresh_token_that_is_not_replaced_is_kept_and_so_is_what_is_not_ours(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(EXPIRED._replace(files={BY_SESSION: token("{past}", **REFRESHABLE, more=[1])}), place, monkeypatch)
    place.servers.portal.tokens.add("another")
    place.servers.oidc.faults = [Answer(200, json.dumps({"accessToken": "another", "expiresIn": 3600}))]
    providers.sso("dev")()
    content = in_cache(place, BY_SESSION)
    assert (content["accessToken"], content["refreshToken"], content["more"]) == ("another", "sso-refresh", [1])


@pytest.mark.parametrize(
    ("situation", "message"),
    [
        (SIGNED_ON._replace(files={}), "nobody has signed on for profile 'dev': run `aws sso login --profile dev`"),
        (
            SIGNED_ON._replace(files={BY_SESSION: token("2026-11-24T09:00:00Z")}),
            "the single sign-on of profile 'dev' expired at 2026-11-24T09:00:00Z: run `aws sso login --profile dev`",
        ),
        (
            SIGNED_ON._replace(
                config=f"[profile dev]\n{LEGACY}", files={BY_URL: token("2026-11-24T09:00:00Z", **REFRESHABLE)}
            ),
            "the single sign-on of profile 'dev' expired at 2026-11-24T09:00:00Z: run `aws sso login --profile dev`",
        ),
        (
            SIGNED_ON._replace(files={BY_SESSION: token("{future}", accessToken="revoked")}),
            "the single sign-on of profile 'dev' has expired or was revoked: run `aws sso login --profile dev`",
        ),
        (
            SIGNED_ON._replace(files={BY_SESSION: token("{past}", **{**REFRESHABLE, "refreshToken": "used"})}),
            (
                "the single sign-on of profile 'dev' expired, and the single sign-on token service at {oidc} rejected "
                "its refresh with invalid_grant: run `aws sso login --profile dev`"
            ),
        ),
        (
            SIGNED_ON._replace(files={BY_SESSION: {"accessToken": 5}}),
            f"{{home}}/{BY_SESSION} does not hold a single sign-on token: run `aws sso login --profile dev`",
        ),
        (
            SIGNED_ON._replace(files={BY_SESSION: token("soon")}),
            f"{{home}}/{BY_SESSION} does not hold a single sign-on token: run `aws sso login --profile dev`",
        ),
        (
            Situation(config=f"[profile dev]\n{SSO}"),
            (
                "profile 'dev' has sso_session = corp, but there is no [sso-session corp] in {home}/.aws/config; "
                "`aws configure sso-session` makes it"
            ),
        ),
        (
            Situation(config=f"[profile dev]\n{SSO}[sso-session corp]\nsso_region = eu-west-1\n"),
            (
                "the single sign-on of profile 'dev' and [sso-session corp] is incomplete: sso_start_url is missing; "
                "`aws configure sso --profile dev` asks for them"
            ),
        ),
        (
            Situation(config="[profile dev]\nsso_role_name = Reader\n"),
            (
                "the single sign-on of profile 'dev' is incomplete: sso_start_url, sso_region, sso_account_id are "
                "missing; `aws configure sso --profile dev` asks for them"
            ),
        ),
        (
            SIGNED_ON._replace(config=f"[profile dev]\nsso_region = eu-west-1\n{SSO}{SESSION_CONFIG}"),
            (
                "profile 'dev' and [sso-session corp] differ in sso_region ({home}/.aws/config, line 8); remove it "
                "from the profile"
            ),
        ),
        (
            SIGNED_ON._replace(config=f"[profile dev]\n{SSO}{SESSION_CONFIG}".replace("Reader", "Admin")),
            (
                "the single sign-on portal at {portal} has no role Admin in account 123456789012 for you (status "
                "403); check sso_role_name and sso_account_id of profile 'dev'"
            ),
        ),
        (
            Situation(config="[profile dev]\nregion = eu-west-1\n"),
            (
                "profile 'dev' has no single sign-on (sso_account_id, sso_role_name); `aws configure sso --profile "
                "dev` adds it"
            ),
        ),
        (Situation(), "there is no profile 'dev' in the shared credentials and config files"),
        (
            SIGNED_ON._replace(environ={"AWS_MAX_ATTEMPTS": "many"}),
            "single sign-on cannot be asked: AWS_MAX_ATTEMPTS: 'many' is not a whole number from 1 to 100",
        ),
    ],
)
def test_what_is_missing_is_told_apart_and_the_command_that_mends_it_is_named(
    situation: Situation, message: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(situation, place, monkeypatch)
    for name, value in {
        "{home}": str(place.home), "{oidc}": place.servers.oidc.url, "{portal}": place.servers.portal.url
    }.items():  # fmt: skip
        message = message.replace(name, value)
    assert refusal(providers.sso("dev")) == message


def test_a_profiles_name_is_quoted_for_the_shell(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(Situation(config=f"[profile 'my dev']\n{LEGACY}"), place, monkeypatch)
    assert refusal(providers.sso("my dev")).endswith("run `aws sso login --profile 'my dev'`")


def test_a_cache_that_cannot_be_read_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(SIGNED_ON, place, monkeypatch)
    path = place.home / BY_SESSION
    path.write_text("sso-access", encoding="utf-8")
    for content in ("sso-access", "{", "", "[]", "{}"):
        path.write_text(content, encoding="utf-8")
        assert refusal(providers.sso("dev")) == (
            f"{path} does not hold a single sign-on token: run `aws sso login --profile dev`"
        )
    path.unlink()
    path.mkdir()
    assert refusal(providers.sso("dev")) == f"{path} cannot be read (Is a directory)"


FAULTS = [
    (Answer(500), "answered without a token (status 500)"),
    (Answer(429), "answered without a token (status 429)"),
    (Answer(404, "sso-access"), "answered without a token (status 404)"),
    (Answer(302, "sso-access"), "answered with a redirect (302), which is not followed"),
    (Answer(200, "sso-access"), "answered with something that is not JSON"),
    (Answer(200, '["sso-access"]'), "answered with JSON that is not an object"),
    (Answer(200, "{}"), "answered without a token (status 200)"),
    (Answer(200, '{"accessToken": "sso-access", "expiresIn": "3600"}'), "answered without a token (status 200)"),
    (Answer(200, '{"accessToken": "sso\\naccess", "expiresIn": 3600}'), "answered without a token (status 200)"),
    (Answer(200, '{"accessToken": "t", "expiresIn": 9, "refreshToken": 5}'), "answered without a token (status 200)"),
    (Answer(200, "sso-access" * 10_000), "answered with more than 65536 bytes"),
    (Answer(200, "x", delay=1.5), "did not answer within 0.4 s"),
]


@pytest.mark.parametrize(("answer", "problem"), FAULTS)
def test_a_fault_of_the_token_service_is_told_where_the_sign_on_has_expired_and_waited_out_where_it_has_not(
    answer: Answer, problem: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if answer.delay:
        monkeypatch.setattr(_services, "_TIMEOUT", 0.4)
    servers = place.servers
    prepare(EXPIRED, place, monkeypatch)
    servers.oidc.always = answer
    assert refusal(providers.sso("dev")) == (
        "the single sign-on of profile 'dev' expired and could not be refreshed: the single sign-on token service at "
        f"{servers.oidc.url} {problem}"
    )
    assert in_cache(place, BY_SESSION)["refreshToken"] == "sso-refresh"
    prepare(EXPIRING, place, monkeypatch)
    assert providers.sso("dev")().access_key_id == READER["accessKeyId"]


@pytest.mark.parametrize("status", [400, 401])
def test_a_refused_refresh_is_told_with_the_services_word_for_it(
    status: int, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(EXPIRED, place, monkeypatch)
    place.servers.oidc.always = Answer(status, json.dumps({"error": "invalid_client"}))
    assert "rejected its refresh with invalid_client" in refusal(providers.sso("dev"))


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_of_the_token_service_or_the_portal_is_passed_over(
    status: int, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(EXPIRED._replace(environ={"AWS_MAX_ATTEMPTS": "3"}), place, monkeypatch)
    place.servers.oidc.faults = [Answer(status), Answer(status)]
    place.servers.portal.faults = [Answer(status), Answer(status)]
    assert providers.sso("dev")().access_key_id == READER["accessKeyId"]
    assert len(place.servers.oidc.asked) == len(place.servers.portal.asked) == 3


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (Answer(500), "answered with status 500"),
        (Answer(429), "answered with status 429"),
        (Answer(400, "sso-access"), "answered with status 400"),
        (Answer(404), "has no role Reader in account 123456789012 for you (status 404)"),
        (Answer(302), "answered with a redirect (302), which is not followed"),
        (Answer(200, "sso-access"), "answered with something that is not JSON"),
        (Answer(200, "{}"), "answered without a role's credentials"),
        (Answer(200, '{"roleCredentials": []}'), "answered without a role's credentials"),
        (
            Answer(200, json.dumps({"roleCredentials": {**READER, "expiration": "2099-01-01T00:00:00Z"}})),
            "answered without a role's credentials",
        ),
        (
            Answer(200, json.dumps({"roleCredentials": {**portal_role("1", "r", 9), "secretAccessKey": "of x\n"}})),
            "answered without a role's credentials",
        ),
        (Answer(200, "sso-access" * 10_000), "answered with more than 65536 bytes"),
        (Answer(200, "x", delay=1.5), "did not answer within 0.4 s"),
    ],
)
def test_each_fault_of_the_portal_has_its_sentence(
    answer: Answer, problem: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if answer.delay:
        monkeypatch.setattr(_services, "_TIMEOUT", 0.4)
    prepare(SIGNED_ON, place, monkeypatch)
    place.servers.portal.always = answer
    message = refusal(providers.sso("dev"))
    assert message.startswith(f"the single sign-on portal at {place.servers.portal.url} {problem}")


FETCH = "import sys; from sigv4presign import providers; print(providers.profile(sys.argv[1])().access_key_id)"


def in_processes(count: int, profile: str) -> "list[str]":
    """What as many processes print that ask for a profile's credentials at once."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", FETCH, profile], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for _ in range(count)
    ]
    return [process.communicate(timeout=60)[0].strip() for process in started]


def test_processes_that_refresh_one_sign_on_at_once_lose_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(EXPIRED, place, monkeypatch)
    found = in_processes(4, "dev")
    assert found == [READER["accessKeyId"]] * 4
    content = in_cache(place, BY_SESSION)
    assert content["refreshToken"] in place.servers.oidc.refresh_tokens
    assert content["accessToken"] in place.servers.portal.tokens
    assert place.servers.oidc.issued == 1


def test_a_refresh_that_the_aws_cli_has_won_uses_what_it_has_cached(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers = place.servers
    prepare(EXPIRED, place, monkeypatch)
    real = servers.oidc.answer

    def overtaken(asked: Asked) -> Answer:
        won = json.loads(real(asked).body)
        expires_at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + won["expiresIn"]))
        content = {**in_cache(place, BY_SESSION), **won, "expiresAt": expires_at}
        (place.home / BY_SESSION).write_text(json.dumps(content), encoding="utf-8")
        return real(asked)

    def answers(asked: Asked) -> Answer:
        monkeypatch.setattr(servers.oidc, "answer", real)
        return overtaken(asked)

    monkeypatch.setattr(servers.oidc, "answer", answers)
    assert providers.sso("dev")().access_key_id == READER["accessKeyId"]
    assert in_cache(place, BY_SESSION)["accessToken"] == "sso-access-1"


def test_another_process_that_refreshed_while_this_one_waited_is_enough(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(EXPIRED, place, monkeypatch)
    fresh = {**in_cache(place, BY_SESSION), "expiresAt": "2099-01-01T00:00:00Z"}

    def lock(self: Any) -> Any:
        (place.home / BY_SESSION).write_text(json.dumps(fresh), encoding="utf-8")
        return self

    def unlock(*_: object) -> None:
        pass

    with monkeypatch.context() as patch:
        patch.setattr(_cache.Lock, "__enter__", lock)
        patch.setattr(_cache.Lock, "__exit__", unlock)
        assert providers.sso("dev")().access_key_id == READER["accessKeyId"]
        del fresh["refreshToken"]
        fresh["expiresAt"] = "2026-11-24T09:00:00Z"
        prepare(EXPIRED, place, monkeypatch)
        assert refusal(providers.sso("dev")).startswith("the single sign-on of profile 'dev' expired at 2026-11-24")
    assert place.servers.oidc.asked == []


def test_a_cache_that_cannot_be_written_is_not_refreshed_since_the_refresh_token_would_be_lost(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(EXPIRED, place, monkeypatch)
    path = place.home / BY_SESSION
    Path(f"{path}.lock").mkdir()
    assert refusal(providers.sso("dev")) == (
        f"the single sign-on of profile 'dev' expired and could not be refreshed: {path}.lock cannot be written (Is a "
        "directory), so nothing is refreshed there"
    )
    assert place.servers.oidc.asked == []


def test_a_lock_that_is_held_for_long_is_given_up(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(EXPIRED, place, monkeypatch)
    monkeypatch.setattr(_cache, "_LOCK_SECONDS", 0.1)
    with _cache.Lock(f"{place.home / BY_SESSION}.lock"):
        assert "another process has held " in refusal(providers.sso("dev"))


def test_a_file_that_cannot_be_replaced_leaves_nothing_behind(tmp_path: Path) -> None:
    file = _cache.CacheFile(str(tmp_path / "cache"), "x", os.environ)
    (tmp_path / "cache" / "x.json").mkdir(parents=True)
    with pytest.raises(CredentialsNotFound, match=r"x\.json cannot be written"):
        file.write({"a": 1})
    assert [each.name for each in (tmp_path / "cache").iterdir()] == ["x.json"]


# --- aws login ------------------------------------------------------------------------------------------------------


def test_a_login_that_is_good_is_read_from_the_cache_and_nobody_is_asked(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(LOGGED_IN, place, monkeypatch)
    provider = providers.login("me")
    found = provider()
    assert (found.access_key_id, found.session_token) == ("ASIALOGIN", "token-of-login")
    assert provider.source == "the login of profile 'me'"
    assert place.servers.sign_in.asked == []


def test_a_login_that_another_process_has_just_refreshed_is_read_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(LOGGED_IN, place, monkeypatch)
    real, first = _login._left, [True]

    def left(token: _login._Token) -> float:
        return 0 if first and first.pop() else real(token)

    monkeypatch.setattr(_login, "_left", left)
    assert providers.login("me")().access_key_id == "ASIALOGIN"
    assert place.servers.sign_in.asked == []


def test_a_login_is_refreshed_as_botocore_refreshes_it(servers: Servers, tmp_path: Path) -> None:
    asked: list[Asked] = []
    written: list[dict[str, Any]] = []
    for way in ("botocore", "ours"):
        place = Place(tmp_path / way, servers)
        servers.sign_in.asked.clear()
        with pytest.MonkeyPatch.context() as patch:
            prepare(LOGIN_EXPIRED, place, patch)
            if way == "ours":
                assert providers.profile("me")().access_key_id == "ASIALOGIN1"
            else:
                assert botocores_credentials(place, "me").access_key == "ASIALOGIN1"
        asked.append(asked_of(servers.sign_in))
        written.append(in_cache(place, LOGIN))
    theirs, ours = asked
    assert (ours.method, ours.target) == (theirs.method, theirs.target)
    assert json.loads(ours.body) == json.loads(theirs.body)
    assert ours.headers["Content-Type"] == theirs.headers["Content-Type"]
    heads = [each.headers["DPoP"].split(".")[0] for each in asked]
    assert heads[0] == heads[1]
    claims = [json.loads(unpadded(each.headers["DPoP"].split(".")[1])) for each in asked]
    assert list(claims[1]) == list(claims[0])
    assert [claim["htu"] for claim in claims] == [f"{servers.sign_in.url}/v1/token"] * 2
    times = [content["accessToken"].pop("expiresAt") for content in written]
    assert abs(time.mktime(time.strptime(times[0], "%Y-%m-%dT%H:%M:%SZ")) - time.mktime(
        time.strptime(times[1], "%Y-%m-%dT%H:%M:%SZ"))) < 60  # fmt: skip
    assert written[1] == written[0]
    assert stat.S_IMODE((tmp_path / "ours" / LOGIN).stat().st_mode) == 0o600


def test_a_proof_is_botocores_but_for_the_signature_which_both_verify() -> None:
    key = EC.new_key_from_der_data(
        serialization.load_pem_private_key(LOGIN_KEY.encode(), None).private_bytes(
            serialization.Encoding.DER, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials_module, "EC", EC)
        theirs = credentials_module._build_dpop_header(key, "https://h/v1/token", "an-id", 1_764_000_000)
    number = _dpop.private_key(LOGIN_KEY)
    ours = _dpop.proof(number, "https://h/v1/token", now=1_764_000_000, token_id="an-id")
    assert ours.rpartition(".")[0] == theirs.rpartition(".")[0]
    assert len(unpadded(ours.rpartition(".")[2])) == 64


@pytest.mark.parametrize("form", ["TraditionalOpenSSL", "PKCS8"])
def test_a_key_is_read_in_both_forms_of_pem(form: str) -> None:
    for number in (1, 2**200 + 7, 2**255 + 11):
        pem = ec.derive_private_key(number, ec.SECP256R1()).private_bytes(
            serialization.Encoding.PEM, getattr(serialization.PrivateFormat, form), serialization.NoEncryption()
        )
        assert _dpop.private_key(pem.decode()) == number


def pem(curve: Any, form: str = "TraditionalOpenSSL") -> str:
    return (
        ec.derive_private_key(7, curve)
        .private_bytes(
            serialization.Encoding.PEM, getattr(serialization.PrivateFormat, form), serialization.NoEncryption()
        )
        .decode()
    )


BEGIN, END = "-----BEGIN EC PRIVATE KEY-----\n", "\n-----END EC PRIVATE KEY-----\n"
OID = "a00a06082a8648ce3d030107"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "x\ny\nz",
        f"{BEGIN}x{END}",
        f"{BEGIN}AA=={END}",
        f"{BEGIN}MAA={END}",
        f"{BEGIN}MIA={END}",
        f"{BEGIN}MIL/{END}",
        f"{BEGIN}MAAwAA=={END}",
        LOGIN_KEY.replace("MHc", "MHc!"),
        "\n".join(LOGIN_KEY.splitlines()[1:]),
        "\n".join(LOGIN_KEY.splitlines()[:-1]),
        LOGIN_KEY.replace("-----BEGIN ", "-----BEGAN "),
        LOGIN_KEY.replace("-----END ", "-----AND "),
        "\n".join(LOGIN_KEY.splitlines()[::2]) if len(LOGIN_KEY.splitlines()) == 3 else f"{BEGIN}{END}",
        pem(ec.SECP256K1()),
        pem(ec.SECP384R1()),
        pem(ec.SECP256K1(), "PKCS8"),
        LOGIN_KEY.replace("\n", " "),
    ],
)
def test_a_text_that_is_not_a_key_of_the_curve_is_refused_without_being_quoted(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not|ase64|padding|data") as caught:
        _dpop.private_key(text)
    assert "MHc" not in str(caught.value)


def sec1(octets: bytes, tail: str = OID) -> str:
    """A key as RFC 5915 writes it, in PEM."""
    body = b"\x02\x01\x01\x04" + bytes([len(octets)]) + octets + bytes.fromhex(tail)
    return f"{BEGIN}{b64encode(bytes([0x30, len(body)]) + body).decode()}{END}"


@pytest.mark.parametrize("number", ["00" * 32, "ff" * 32, "01" * 31, "01" * 33, f"{N:064x}"])
def test_a_number_that_is_not_a_private_key_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="is not a private key"):
        _dpop.private_key(sec1(bytes.fromhex(number)))


def test_the_least_and_the_greatest_private_key_are_read() -> None:
    assert _dpop.private_key(sec1((1).to_bytes(32, "big"))) == 1
    assert _dpop.private_key("  \n" + sec1((N - 1).to_bytes(32, "big")).replace("\n", " \r\n\r\n")) == N - 1


@pytest.mark.parametrize("tail", ["", "a10a06082a8648ce3d030107", "a00a06082a8648ce3d030108"])
def test_a_key_that_does_not_name_the_curve_is_refused(tail: str) -> None:
    with pytest.raises(ValueError, match="is not a key of the curve P-256"):
        _dpop.private_key(sec1(b"\1" * 32, tail))


@pytest.mark.parametrize(
    ("der", "found"),
    [
        ("", []),
        ("0500", [(5, b"")]),
        ("020107040261620500", [(2, b"\7"), (4, b"ab"), (5, b"")]),
        ("04817f" + "61" * 127, [(4, b"a" * 127)]),
        ("04820100" + "61" * 256, [(4, b"a" * 256)]),
        ("047f" + "61" * 127, [(4, b"a" * 127)]),
        ("05", None),
        ("0401", None),
        ("048061", None),  # of indefinite length
        ("0482", None),
        ("048102" + "61", None),
    ],
)
def test_the_elements_of_der_are_read_by_their_lengths(der: str, found: "list[tuple[int, bytes]] | None") -> None:
    if found is None:
        with pytest.raises(ValueError, match="is not DER"):
            _dpop._elements(bytes.fromhex(der))
    else:
        assert _dpop._elements(bytes.fromhex(der)) == found


def test_an_element_that_is_to_be_alone_is_alone_and_of_its_kind() -> None:
    assert _dpop._only(b"\x30\1a", 0x30) == b"a"
    for wrong in (b"", b"\x31\1a", b"\x30\1a\x30\1a"):
        with pytest.raises(ValueError, match="is not DER"):
            _dpop._only(wrong, 0x30)


@pytest.mark.parametrize(
    ("situation", "message"),
    [
        (LOGGED_IN._replace(files={}), "nobody has logged in for profile 'me': run `aws login --profile me`"),
        (
            LOGGED_IN._replace(files={LOGIN: {"clientId": "x"}}),
            f"{{home}}/{LOGIN} lacks accessToken, refreshToken, dpopKey: run `aws login --profile me`",
        ),
        (
            LOGGED_IN._replace(files={LOGIN: login("{past}", clientId=5)}),
            f"{{home}}/{LOGIN} does not hold a login: run `aws login --profile me`",
        ),
        (
            LOGGED_IN._replace(files={LOGIN: login("{past}", accessToken=[])}),
            f"{{home}}/{LOGIN} does not hold a login: run `aws login --profile me`",
        ),
        (
            LOGGED_IN._replace(files={LOGIN: login("2026-11-24T09:00:00Z", refreshToken="used")}),
            (
                "the login of profile 'me' expired at 2026-11-24T09:00:00Z, and could not be refreshed: the sign-in "
                "service at {signin} refused the refresh with TOKEN_EXPIRED: run `aws login --profile me`"
            ),
        ),
        (
            LOGGED_IN._replace(files={LOGIN: login("2026-11-24T09:00:00Z", dpopKey="x")}),
            (
                "the login of profile 'me' expired at 2026-11-24T09:00:00Z, and could not be refreshed: "
                f"{{home}}/{LOGIN} holds a dpopKey that is not a private key: run `aws login --profile me`"
            ),
        ),
        (
            LOGGED_IN._replace(files={LOGIN: login("2026-11-24T09:00:00Z", dpopKey=5)}),
            (
                "the login of profile 'me' expired at 2026-11-24T09:00:00Z, and could not be refreshed: "
                f"{{home}}/{LOGIN} holds a dpopKey that is not a private key: run `aws login --profile me`"
            ),
        ),
        (
            LOGGED_IN._replace(
                files={LOGIN: login("2026-11-24T09:00:00Z", signInRegion=None)}, environ={"AWS_REGION": None}
            ),
            (
                "the login of profile 'me' expired at 2026-11-24T09:00:00Z, and could not be refreshed: the sign-in "
                "service needs a region: set AWS_REGION"
            ),
        ),
        (
            Situation(config="[profile me]\nregion = eu-west-1\n"),
            "profile 'me' has no login_session; `aws login --profile me` makes it",
        ),
        (Situation(), "there is no profile 'me' in the shared credentials and config files"),
    ],
)
def test_a_login_that_is_missing_expired_or_damaged_says_which_and_what_to_run(
    situation: Situation, message: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(situation, place, monkeypatch)
    message = message.replace("{home}", str(place.home)).replace("{signin}", place.servers.sign_in.url)
    assert refusal(providers.login("me")) == message


@pytest.mark.parametrize("content", ["", "{", "token-of", "[]"])
def test_a_cache_of_a_login_that_is_damaged_is_named_with_what_to_run(
    content: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(LOGGED_IN, place, monkeypatch)
    path = place.home / LOGIN
    path.write_text(content, encoding="utf-8")
    problem = "does not hold a JSON object" if content == "[]" else "is not JSON"
    assert refusal(providers.login("me")) == f"{path} {problem}: run `aws login --profile me`"


def test_an_identity_that_may_not_refresh_its_login_is_told_the_permission(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(LOGIN_EXPIRED, place, monkeypatch)
    place.servers.sign_in.always = Answer(403, '{"error": "INSUFFICIENT_PERMISSIONS", "message": "token-of"}')
    assert "your identity needs the permission signin:CreateOAuth2Token" in refusal(providers.login("me"))


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        *[fault for fault in FAULTS if fault[0].status != 200 or "refreshToken" not in str(fault[0].body)][:2],
        (Answer(302), "answered with a redirect (302), which is not followed"),
        (Answer(200, "token-of"), "answered with something that is not JSON"),
        (Answer(200, "[]"), "answered with JSON that is not an object"),
        (Answer(200, "{}"), "answered without a token (status 200)"),
        (Answer(200, '{"accessToken": {}, "expiresIn": 900, "refreshToken": "r"}'), "answered without a token"),
        (Answer(200, "token-of" * 10_000), "answered with more than 65536 bytes"),
        (Answer(200, "x", delay=1.5), "did not answer within 0.4 s"),
    ],
)
def test_a_fault_of_the_sign_in_service_is_told_where_the_login_has_expired_and_waited_out_where_it_has_not(
    answer: Answer, problem: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    if answer.delay:
        monkeypatch.setattr(_services, "_TIMEOUT", 0.4)
    prepare(LOGIN_EXPIRED, place, monkeypatch)
    place.servers.sign_in.always = answer
    message = refusal(providers.login("me"))
    assert f"could not be refreshed: the sign-in service at {place.servers.sign_in.url} {problem}" in message
    assert in_cache(place, LOGIN)["refreshToken"] == "login-refresh"
    prepare(LOGIN_EXPIRING._replace(files={LOGIN: login("{soon}")}), place, monkeypatch)
    content = in_cache(place, LOGIN)
    content["accessToken"]["expiresAt"] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 200))
    (place.home / LOGIN).write_text(json.dumps(content), encoding="utf-8")
    assert providers.login("me")().access_key_id == "ASIALOGIN"


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_passing_fault_of_the_sign_in_service_is_passed_over(
    status: int, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(LOGIN_EXPIRED._replace(environ={"AWS_MAX_ATTEMPTS": "3"}), place, monkeypatch)
    place.servers.sign_in.faults = [Answer(status), Answer(status)]
    assert providers.login("me")().access_key_id == "ASIALOGIN1"


def test_processes_that_refresh_one_login_at_once_lose_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(LOGIN_EXPIRED, place, monkeypatch)
    assert in_processes(4, "me") == ["ASIALOGIN1"] * 4
    assert in_cache(place, LOGIN)["refreshToken"] in place.servers.sign_in.refresh_tokens


def test_a_login_that_another_process_refreshed_while_this_one_waited_is_not_refreshed_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(LOGIN_EXPIRED, place, monkeypatch)
    fresh = in_cache(place, LOGIN)
    fresh["accessToken"] = {**fresh["accessToken"], "accessKeyId": "ASIAFRESH", "expiresAt": "2099-01-01T00:00:00Z"}
    asked = len(place.servers.sign_in.asked)

    def lock(self: Any) -> Any:
        (place.home / LOGIN).write_text(json.dumps(fresh), encoding="utf-8")
        return self

    def unlock(*_: object) -> None:
        pass

    monkeypatch.setattr(_cache.Lock, "__enter__", lock)
    monkeypatch.setattr(_cache.Lock, "__exit__", unlock)
    assert providers.login("me")().access_key_id == "ASIAFRESH"
    assert len(place.servers.sign_in.asked) == asked


# --- MFA ------------------------------------------------------------------------------------------------------------

WITH_MFA = Situation(config=MFA_PROFILE, credentials=f"[base]\n{A}")


class Device:
    """An MFA device and the person who reads it; `code` may be anything."""

    def __init__(self, code: object = "123456") -> None:
        self.code = code
        self.asked: list[str] = []

    def __call__(self, serial: str) -> Any:
        self.asked.append(serial)
        return self.code


def test_a_code_is_asked_for_once_and_the_session_is_cached_as_the_aws_cli_caches_it(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(WITH_MFA, place, monkeypatch)
    device = Device(" 123456\n")
    first = providers.resolve(mfa=device)
    found = first()
    assert device.asked == [SERIAL]
    (granted,) = place.servers.sts.granted[-1:]
    assert (granted["SerialNumber"], granted["TokenCode"]) == (SERIAL, "123456")
    again = providers.profile()()  # without anybody to ask
    assert (again.access_key_id, again.session_token) == (found.access_key_id, found.session_token)
    assert len(place.servers.sts.asked) == 1
    # The AWS CLI's own code finds the session there, and asks nobody either.
    session = aws_session(None, place.home)
    session.get_component("credential_provider").get_provider("assume-role")._prompter = pytest.fail
    assert session.get_credentials().get_frozen_credentials().access_key == found.access_key_id
    assert len(place.servers.sts.asked) == 1


def test_nobody_is_asked_in_the_background(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(WITH_MFA, place, monkeypatch)
    device = Device()
    with freeze_time("2026-11-24T09:00:00Z") as clock:
        provider = providers.resolve(mfa=device)
        first = provider()
        clock.tick(3599)
        assert provider() is first
        with provider._turn.lock:
            pass
        assert len(device.asked) == 1
        clock.tick(1)
        assert provider() is not first
        assert len(device.asked) == 2


def test_without_anybody_to_ask_the_command_that_asks_is_named(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(WITH_MFA, place, monkeypatch)
    assert refusal(providers.resolve()).endswith(
        f"profile 'default' wants the code of the MFA device {SERIAL}, which cannot be asked for here; `aws sts "
        "get-caller-identity --profile default` asks for it, and the session is then used here"
    )


@pytest.mark.parametrize("code", ["", "12345", "1234567", "12345a", "１２３４５６"])
def test_a_code_that_is_not_six_digits_is_not_sent(code: str, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(WITH_MFA, place, monkeypatch)
    assert refusal(providers.resolve(mfa=Device(code))).endswith(
        f"the code of the MFA device {SERIAL} has to be six digits"
    )
    assert place.servers.sts.asked == []


def test_what_the_callable_raises_passes_through_and_a_number_is_a_type_error(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(WITH_MFA, place, monkeypatch)

    def give_up(_serial: str) -> str:
        raise EOFError

    with pytest.raises(EOFError):
        providers.resolve(mfa=give_up)()
    with pytest.raises(TypeError, match="mfa: the callable returned int, not the code as str"):
        providers.resolve(mfa=Device(123456))()

    async def later(_serial: str) -> str:
        raise AssertionError

    wrong: Any = later
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(TypeError, match="mfa: the callable returned coroutine, not the code as str"):
            providers.resolve(mfa=wrong)()
        gc.collect()
    with pytest.raises(TypeError, match="mfa: expected a callable, got str"):
        providers.resolve(mfa="123456")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


def test_a_session_that_cannot_be_cached_is_used_all_the_same(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(WITH_MFA, place, monkeypatch)
    (place.home / ".aws/cli").write_text("in the way", encoding="utf-8")
    assert providers.resolve(mfa=Device())().session_token


@pytest.mark.parametrize("content", ["x", "[]", "{}", '{"Credentials": "x"}', '{"Credentials": {"AccessKeyId": 5}}'])
def test_a_cached_session_that_is_damaged_is_as_good_as_none(
    content: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = cached_role(RoleArn=f"{ROLE}/a", SerialNumber=SERIAL)
    prepare(WITH_MFA._replace(files={path: {}}), place, monkeypatch)
    (place.home / path).write_text(content, encoding="utf-8")
    device = Device()
    assert providers.resolve(mfa=device)().session_token
    assert device.asked == [SERIAL]


# --- without the network --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("situation", "message"),
    [
        (SIGNED_ON._replace(environ={"AWS_PROFILE": "dev"}), "profile 'dev' uses single sign-on, and"),
        (
            LOGIN_EXPIRED._replace(environ={"AWS_PROFILE": "me"}, files={LOGIN: login("2026-11-24T09:00:00Z")}),
            "the login of profile 'me' expired at 2026-11-24T09:00:00Z, and could not be refreshed:",
        ),
        (WITH_MFA, "profile 'default' assumes a role, and"),
        (
            Situation(config="[default]\ncredential_process = {process}\n"),
            "profile 'default' runs a program for its credentials, and",
        ),
        (
            Situation(
                config="[default]\nweb_identity_token_file = {jwt}\nrole_arn = arn:aws:iam::123456789012:role/w\n"
            ),
            "the credentials are those of a web identity's role, and",
        ),
        (
            Situation(environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"}),
            "the credentials are those of the container, and",
        ),
        (
            Situation(environ={"AWS_EC2_METADATA_DISABLED": "false"}),
            "the instance metadata service is not asked, since",
        ),
    ],
)
def test_what_needs_the_network_says_so_where_it_may_not_be_used(
    situation: Situation, message: str, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare(situation, place, monkeypatch)
    asked = len(place.servers.imds.asked) + len(place.servers.container.asked)
    assert f"{message} the network may not be used" in refusal(providers.resolve(mfa=Device(), network=False))
    for server in (place.servers.sts, place.servers.portal, place.servers.oidc, place.servers.sign_in):
        assert server.asked == []
    assert len(place.servers.imds.asked) + len(place.servers.container.asked) == asked


def test_keys_and_caches_need_no_network(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(Situation(credentials=f"[default]\n{A}"), place, monkeypatch)
    assert providers.resolve(network=False)().access_key_id == "AKIDA"
    prepare(LOGGED_IN, place, monkeypatch)
    assert providers.profile("me", network=False)() == Credentials(
        "ASIALOGIN", "secret-of-login", "token-of-login", expires_at=in_cache(place, LOGIN)["accessToken"]["expiresAt"]
    )


def test_a_provider_says_where_its_credentials_come_from(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    prepare(Situation(credentials=f"[default]\n{A}"), place, monkeypatch)
    provider: Provider = providers.resolve()
    assert provider.source is None
    provider()
    assert provider.source == f"profile 'default' in {place.home}/.aws/credentials"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secretenv")
    provider = providers.resolve()
    provider()
    assert provider.source == "the environment"
