"""A link that may be used once: the store that is shipped, and the two that are described, each under many at once."""

import asyncio
import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import executed

from sigv4presign import Credentials, VerifiedRequest, asgi, presign, verify
from sigv4presign._server.once import UsedLinks
from sigv4presign.errors import InputError, VerificationError

CREDS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
NOW = 1_764_000_000
HOUR = 3600


# The stores that docs/how-to/use-once.md describes, as it prints them.
RECIPES = executed("how-to/use-once.md")
SqliteLinks: Any = RECIPES["SqliteLinks"]
RedisLinks: Any = RECIPES["RedisLinks"]
AsyncRedisLinks: Any = RECIPES["AsyncRedisLinks"]


# --- the shipped store ------------------------------------------------------------------------------------------------


def test_the_first_claim_wins_and_no_other() -> None:
    used = UsedLinks()
    with freeze_time("2025-11-24T16:00:00Z"):
        claims = [("a", NOW + 5), ("a", NOW + 5), ("b", NOW + 5), ("a", NOW + 9)]
        assert [used.claim(*claim) for claim in claims] == [True, False, True, False]
    assert len(used) == 2
    assert repr(used) == "<UsedLinks 2 of at most 100000>"


def test_below_its_capacity_it_forgets_nothing_whatever_the_clock_does() -> None:
    used = UsedLinks()
    with freeze_time("2025-11-24T16:00:00Z") as clock:
        assert used.claim("a", NOW + 10)
        for jump in (86_400, -86_400, -60, 60):
            clock.tick(jump)
            assert not used.claim("a", NOW + 10)
            assert used.claim(f"fresh {jump}", NOW + 10)


def test_a_clock_that_was_a_day_ahead_leaves_every_fresh_link_valid() -> None:
    used = UsedLinks()

    def visit(path: str, now: int, signed: int) -> "VerifiedRequest | str":
        url = presign("GET", f"https://h.example/{path}", credentials=CREDS, region="r", service="s3", now=signed)
        try:
            return verify("GET", url, headers={}, secrets={"AKIDEXAMPLE": CREDS}, service="s3", region="r",
                          single_use=used, now=now)  # fmt: skip
        except VerificationError as fault:
            return fault.reason

    assert not isinstance(visit("a", NOW, NOW), str)
    assert not isinstance(visit("ahead", NOW + 86_400, NOW + 86_400), str)
    assert not isinstance(visit("b", NOW, NOW), str)
    assert visit("a", NOW, NOW) == "already_used"


def test_it_makes_room_by_the_clock_that_verify_goes_by() -> None:
    used = UsedLinks(capacity=1)
    assert used.claim("a", NOW, now=NOW - 1)
    with pytest.raises(VerificationError, match="Too many links"):
        used.claim("b", NOW + 60, now=NOW)  # though the clock on the wall says that it expired long ago
    assert used.claim("b", NOW + 60, now=NOW + 0.5)


def test_when_the_clock_is_set_back_behind_what_it_forgot_it_refuses_for_now_and_blames_no_link() -> None:
    used = UsedLinks(capacity=1)
    assert used.claim("a", NOW, now=NOW - 1)
    assert used.claim("b", NOW + 60, now=NOW + 1)
    for name in ("a", "c"):
        with pytest.raises(VerificationError) as caught:
            used.claim(name, NOW, now=NOW - 1)
        assert (caught.value.reason, caught.value.status) == ("store_full", 503)
    assert not used.claim("b", NOW + 60, now=NOW - 1)


def test_a_link_makes_room_only_after_its_last_second_and_only_for_one_that_ends_later() -> None:
    def full(end: int) -> UsedLinks:
        used = UsedLinks(capacity=1)
        assert used.claim("a", end, now=NOW)
        return used

    for used, claimed in (
        (full(NOW + 5), ("b", NOW + 60, NOW + 5)),  # in its last second
        (full(NOW - 5), ("b", NOW - 5, NOW)),  # to be told apart from what was removed
        (full(NOW - 5), ("b", NOW - 6, NOW)),
    ):
        with pytest.raises(VerificationError, match="Too many links"):
            used.claim(*claimed[:2], now=claimed[2])
        assert not used.claim("a", NOW + 5, now=claimed[2])
    used = full(NOW - 5)
    assert used.claim("b", NOW - 4, now=NOW)
    with pytest.raises(VerificationError, match="Too many links"):
        used.claim("c", NOW - 5, now=NOW)  # it may be `a`, which was removed
    assert used.claim("c", NOW + 1, now=NOW)
    assert len(used) == 1


def test_the_link_that_ends_first_makes_room() -> None:
    used = UsedLinks(capacity=3)
    for name, end in (("late", NOW + 9), ("early", NOW + 1), ("middle", NOW + 5)):
        assert used.claim(name, end, now=NOW)
    assert used.claim("new", NOW + 20, now=NOW + 8)
    assert not used.claim("middle", NOW + 5, now=NOW + 8)
    assert used.claim("newer", NOW + 20, now=NOW + 8)
    assert not used.claim("late", NOW + 9, now=NOW + 8)
    assert len(used) == 3


def test_a_store_holds_as_many_links_as_its_capacity_from_the_first_second_on() -> None:
    used = UsedLinks(capacity=2)
    assert [used.claim(name, 0, now=0) for name in "ab"] == [True, True]
    assert repr(used) == "<UsedLinks 2 of at most 2>"
    with pytest.raises(VerificationError, match="Too many links"):
        used.claim("c", 0, now=0)


def test_a_store_of_ones_own_is_called_with_two_arguments_and_a_subclass_with_its_own_claim_too() -> None:
    calls: list[tuple[object, ...]] = []

    class Recording(UsedLinks):
        def claim(self, *arguments: Any, **more: Any) -> bool:
            calls.append((*arguments, *more))
            return True

    url = presign("GET", "https://h.example/", credentials=CREDS, region="r", service="s3", now=NOW)
    verify("GET", url, headers={}, secrets={"AKIDEXAMPLE": CREDS}, service="s3", region="r", single_use=Recording(),
           now=NOW)  # fmt: skip
    assert [(len(str(name)), expires_at) for name, expires_at in calls] == [(64, NOW + 3600)]


def test_when_full_it_refuses_for_now_and_forgets_nothing() -> None:
    used = UsedLinks(capacity=2)
    with freeze_time("2025-11-24T16:00:00Z") as clock:
        assert used.claim("a", NOW + 10)
        assert used.claim("b", NOW + 20)
        with pytest.raises(VerificationError, match="Too many links are in use") as caught:
            used.claim("c", NOW + 30)
        assert (caught.value.reason, caught.value.code, caught.value.status) == ("store_full", "SlowDown", 503)
        assert not used.claim("a", NOW + 10)
        clock.tick(11)
        assert used.claim("c", NOW + 30)
        assert len(used) == 2


@pytest.mark.parametrize(
    ("capacity", "kind", "message"),
    [
        (0, InputError, "capacity: 0 is below the minimum of 1"),
        (True, TypeError, "capacity: expected int, got bool"),
        (1.5, TypeError, "capacity: expected int, got float"),
    ],
)
def test_a_capacity_is_a_number_of_links(capacity: Any, kind: "type[Exception]", message: str) -> None:
    with pytest.raises(kind, match=message):
        UsedLinks(capacity)


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("claim"), st.sampled_from("abcdef"), st.integers(0, 20)),
        st.tuples(st.just("tick"), st.just(""), st.integers(-10, 10)),
    ),
    max_size=40,
)


@settings(max_examples=200)
@given(STEPS, st.integers(1, 4))
def test_no_id_is_ever_claimed_twice_and_no_bound_is_passed(steps: "list[tuple[str, str, int]]", capacity: int) -> None:
    used = UsedLinks(capacity)
    won: set[str] = set()
    ends: dict[str, int] = {}
    with freeze_time("2025-11-24T16:00:00Z") as clock:
        for step, name, number in steps:
            if step == "tick":
                clock.tick(number)
                continue
            end = ends.setdefault(name, NOW + number)  # a link has one end, which its id covers
            try:
                first = used.claim(name, end)
            except VerificationError:
                assert len(used) == capacity
                continue
            assert not (first and name in won)
            if first:
                won.add(name)
            assert len(used) <= capacity


# --- all at once ------------------------------------------------------------------------------------------------------


def claim_at_once(claim: "Callable[[str, int], bool]", links: int, claims: int, threads: int = 16) -> "list[int]":
    """How often each of some links was won, when threads claim all of them at once."""
    won = [0] * links
    lock = threading.Lock()
    start = threading.Barrier(threads)
    end = int(time.time()) + 600
    faults: list[BaseException] = []

    def work(first: int) -> None:
        try:
            start.wait()
            for number in range(first, claims, threads):
                if claim(f"link-{number % links}", end):
                    with lock:
                        won[number % links] += 1
        except BaseException as fault:  # noqa: BLE001 - shown by the assertion below
            faults.append(fault)

    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert faults == []
    return won


@pytest.fixture
def quick_switches() -> "Iterator[None]":
    """Threads take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


@pytest.mark.usefixtures("quick_switches")
@pytest.mark.parametrize("links", [1, 100])
def test_of_10_000_claims_in_memory_one_wins_each_link(links: int) -> None:
    assert claim_at_once(UsedLinks().claim, links, 10_000) == [1] * links


def test_no_thread_looks_while_another_one_claims() -> None:
    class Slow(str):
        """A link that takes time to look up, so that all threads would be looking at once."""

        __slots__ = ()

        def __hash__(self) -> int:
            time.sleep(0.002)
            return str.__hash__(self)

    used = UsedLinks()
    assert claim_at_once(lambda name, end: used.claim(Slow(name), end), 1, 8, threads=8) == [1]


def test_of_10_000_claims_in_sqlite_one_wins_each_link(tmp_path: Path) -> None:
    # Threads with a connection each are as strange to each other as processes are: SQLite locks the file.
    assert claim_at_once(SqliteLinks(tmp_path / "used").claim, 5, 10_000, threads=4) == [1] * 5


def test_of_several_processes_one_wins_each_link_in_sqlite(tmp_path: Path) -> None:
    script = (
        "import sys, time; sys.path[:0] = sys.argv[1].split(';'); import test_once\n"
        "used = test_once.SqliteLinks(sys.argv[2])\n"
        "print(sum(used.claim(f'link-{number}', int(time.time()) + 60) for number in range(100)))\n"
    )
    search = ";".join(path for path in sys.path if path)
    command = [sys.executable, "-c", script, search, str(tmp_path / "used")]
    SqliteLinks(tmp_path / "used")
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    won = [int(process.communicate(timeout=60)[0]) for process in running]
    assert sum(won) == 100


def test_sqlite_forgets_a_link_an_hour_after_its_end(tmp_path: Path) -> None:
    used = SqliteLinks(tmp_path / "used")
    with freeze_time("2025-11-24T16:00:00Z") as clock:
        assert used.claim("a", NOW + 10)
        clock.tick(HOUR)
        assert not used.claim("a", NOW + 10)
        clock.tick(11)
        assert used.claim("b", NOW + 2 * HOUR)
    with contextlib.closing(sqlite3.connect(tmp_path / "used")) as database:
        assert database.execute("SELECT id FROM used").fetchall() == [("b",)]


@pytest.fixture(scope="module")
def redis_socket(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[str]":
    """A real redis-server on a socket of its own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("redis-server is not installed (Debian: redis-server)")
    folder = tmp_path_factory.mktemp("redis")
    path = str(folder / "socket")
    settings = ["--port", "0", "--unixsocket", path, "--save", "", "--maxmemory-policy", "noeviction"]
    with subprocess.Popen([program, *settings, "--dir", str(folder)], stdout=subprocess.DEVNULL) as server:
        for _ in range(200):
            if os.path.exists(path):
                break
            time.sleep(0.02)
        yield path
        server.send_signal(signal.SIGTERM)


def test_of_10_000_claims_in_redis_one_wins_each_link(redis_socket: str) -> None:
    redis: Any = pytest.importorskip("redis")
    with contextlib.closing(redis.Redis(unix_socket_path=redis_socket)) as client:
        assert claim_at_once(RedisLinks(client).claim, 5, 10_000, threads=8) == [1] * 5
        assert HOUR < client.ttl("used:link-0") <= HOUR + 600


def test_of_requests_that_await_redis_one_wins(redis_socket: str) -> None:
    redis: Any = pytest.importorskip("redis.asyncio")
    url = presign(
        "GET", "https://files.example/a", credentials=CREDS, region="eu-west-1", service="s3", query={"x-nonce": "1"}
    )
    scope: Any = {
        "type": "http", "method": "GET", "path": "/a", "raw_path": b"/a", "headers": [(b"host", b"files.example")],
        "query_string": url.partition("?")[2].encode(),
    }  # fmt: skip

    async def visit(store: Any) -> str:
        try:
            secrets = {"AKIDEXAMPLE": CREDS}
            seen = await asgi.verify(scope, secrets=secrets, service="s3", region="eu-west-1", single_use=store)
        except VerificationError as fault:
            return fault.reason
        return seen.path

    async def visits() -> "list[str]":
        client = redis.Redis(unix_socket_path=redis_socket)
        try:
            return await asyncio.gather(*[visit(AsyncRedisLinks(client)) for _ in range(50)])
        finally:
            await client.aclose()

    assert sorted(asyncio.run(visits())) == ["/a"] + ["already_used"] * 49


# --- with verify ------------------------------------------------------------------------------------------------------


def test_a_link_in_other_spellings_is_still_one_link() -> None:
    url = presign("GET", "https://files.example/a~b", credentials=CREDS, region="eu-west-1", service="s3")
    used = UsedLinks()

    def visit(url: str) -> str:
        secrets = {"AKIDEXAMPLE": CREDS}
        return verify("GET", url, headers={}, secrets=secrets, service="s3", region="eu-west-1", single_use=used).path

    assert visit(url) == "/a~b"
    for again in (url, url.replace("~", "%7e"), url.replace("files", "FILES").replace("%2F", "%2f"), f"{url}&"):
        with pytest.raises(VerificationError, match="used already"):
            visit(again)
    assert len(used) == 1


def test_a_request_that_is_refused_burns_nothing() -> None:
    url = presign("GET", "https://files.example/a", credentials=CREDS, region="eu-west-1", service="s3")
    used = UsedLinks()
    for secret in ("wrong", CREDS.secret_access_key):
        with contextlib.suppress(VerificationError):
            verify(
                "GET", url, headers={}, secrets={"AKIDEXAMPLE": secret}, service="s3", region="eu-west-1",
                single_use=used,
            )  # fmt: skip
        assert len(used) == int(secret != "wrong")
