"""What `make live` is made of, as far as it needs no server: the table, the departures, the pages, the processes.

Rule: nothing here starts a store; `make live-check` does.
"""

import email.message
import email.parser
import re
import sys
import urllib.request
from pathlib import Path

import pytest
from live import clients, proxy
from live.__main__ import PAGE, SUITE
from live.client import Answer, form_body, send
from live.departures import CLIENTS, DEPARTURES, GUARD, NotOffered
from live.departures import Departs as Departure
from live.servers import REQUIREMENTS, DidNotStartError, free_ports, process, wait_until_it_answers
from live.table import Cell, Kind, Line, departures, judge, of_kind, table, unknown_rows
from provider_servers import Answer as Given
from provider_servers import Loopback

# --- the page of configurations ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("program", "asked"), [("nginx", r'"\)'), ("caddy", r'", "caddy"\)')])
def test_each_configuration_of_the_page_is_run_by_a_row(program: str, asked: str) -> None:
    sections = re.split(r"^## ", proxy.PAGE.read_text("utf-8"), flags=re.MULTILINE)[1:]
    shown = [section.partition("\n")[0] for section in sections for _ in range(section.count(f"```{program}\n"))]
    run = re.findall(rf'configuration\("([^"]*){asked}', Path(proxy.__file__).read_text("utf-8"))
    assert shown
    assert sorted(shown) == sorted(run)
    assert all(proxy.configuration(heading, program).rstrip().endswith("}") for heading in run)


# --- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        (judge("works", "works", None), Kind.PASSED),
        (judge("403 AccessDenied", "403 AccessDenied", None), Kind.REFUSED),
        (judge("200", "403 AccessDenied", Departure("200", "why")), Kind.DEPARTS),
        (judge("501", "works", NotOffered("501", "why")), Kind.NOT_OFFERED),
        (judge("no nginx", "works", None, skipped=True), Kind.SKIPPED),
        (judge("200", "403 AccessDenied", None), Kind.UNEXPECTED),
        (judge("works", "works", Departure("200", "a departure that is over")), Kind.UNEXPECTED),
        (judge("works", "works", NotOffered("501", "it is offered now")), Kind.UNEXPECTED),
    ],
)
def test_a_cell_is_what_was_seen_held_against_what_is_expected(cell: Cell, kind: Kind) -> None:
    assert cell.kind is kind


LINES = [
    Line("Time", "expired", (judge("403", "403", None), judge("200", "403", Departure("200", "No clock.")))),
    Line("Time", "ahead", (judge("403", "403", None), judge("200", "403", Departure("200", "No clock.")))),
    Line("Keys", "emoji", (judge("works", "works", None), judge("", "works", None, skipped=True))),
    Line("Keys", "tags", (judge("501", "works", NotOffered("501", "No tags.")), judge("works", "works", None))),
]


def test_only_what_works_or_is_refused_as_s3_does_counts_as_passed() -> None:
    sums = re.findall(r"^\| \*(\w.*), of 4\* \| (\d) \| (\d) \|$", table(["a", "b"], LINES), re.MULTILINE)
    assert sums == [("passed", "3", "1"), ("departs", "0", "2"), ("not offered", "1", "0")]


def test_departures_with_one_reason_are_told_together() -> None:
    assert departures(["a", "b"], LINES).splitlines() == [
        "### a", "", "- tags: not offered (501). No tags.", "", "### b", "", "- expired; ahead: **200**. No clock.",
    ]  # fmt: skip


def test_a_cell_that_is_not_expected_is_named_with_what_was_and_what_is_seen() -> None:
    line = Line("Time", "expired", (judge("200", "403", None), judge("403", "403", None)))
    assert of_kind(Kind.UNEXPECTED, ["a", "b"], [line]) == ["a, expired: expected '403', saw '200'"]


# --- the data ---------------------------------------------------------------------------------------------------------


def test_rows_have_names_of_their_own_and_every_departure_is_of_a_row() -> None:
    names = [row.name for row in SUITE]
    assert len(set(names)) == len(names)
    assert unknown_rows(DEPARTURES, names) == []
    assert unknown_rows(CLIENTS, clients.rows()) == []
    assert unknown_rows({"a": {"no such row": NotOffered("", "")}}, names) == ["a: no such row"]


def test_the_guard_departs_in_nothing_and_lets_through_what_its_store_does_not_have() -> None:
    assert {type(departure) for departure in GUARD.values()} == {NotOffered}
    assert {departure.seen for departure in GUARD.values()} == {"501 NotImplemented"}


def test_the_page_has_every_row_every_reason_and_the_versions_that_are_installed() -> None:
    page = " ".join(PAGE.read_text("utf-8").split())
    for row in SUITE:
        assert f"| {row.name} |" in page
    for departed in (*DEPARTURES.values(), *CLIENTS.values()):
        for departure in departed.values():
            assert departure.why in page
    for name in ("swift", "rclone", "ministack"):
        version = (REQUIREMENTS / f"{name}.txt").read_text().split()[0].partition("==")[2]
        assert re.search(rf"\| {name} {re.escape(version)} \|", page, re.IGNORECASE)


def test_the_page_of_clients_says_of_dot_segments_what_was_seen() -> None:
    found = re.findall(r"^\| (\w+) \| .* \| (kept|collapsed) \|$", clients.PAGE.read_text("utf-8"), re.MULTILINE)
    said = dict(found)
    assert said == {
        client: "collapsed" if "dot segments" in CLIENTS.get(client, {}) else "kept" for client in clients.snippets()
    }
    assert list(said) == ["urllib", "requests", "httpx", "aiohttp", "botocore", "curl"]


def test_urllib_sends_a_content_type_of_its_own_as_the_page_of_clients_says() -> None:
    with Loopback() as server:
        server.always = Given(200)
        urllib.request.urlopen(urllib.request.Request(server.url, data=b"body", method="PUT")).close()
        assert server.asked[0].headers["Content-Type"] == "application/x-www-form-urlencoded"
    assert "application/x-www-form-urlencoded" in clients.PAGE.read_text("utf-8")


# --- the raw client ---------------------------------------------------------------------------------------------------


def test_the_raw_client_sends_target_and_host_as_they_are() -> None:
    target = "/a/../b//%2e/c%7E?X=%2f+'"
    with Loopback() as server:
        server.always = Given(403, "<Error><Code>AccessDenied</Code></Error>")
        answer = send(server.url, f"https://files.example.com:81{target}", b"body", method="PUT", headers={"A": "b"})
        (asked,) = server.asked
    assert (asked.method, asked.target, asked.body) == ("PUT", target, b"body")
    assert sorted(asked.headers.items()) == [("A", "b"), ("Content-Length", "4"), ("Host", "files.example.com:81")]
    assert str(answer) == "403 AccessDenied"


def test_what_is_no_error_has_no_code() -> None:
    assert str(Answer(200, email.message.Message(), b"<Code>of an object's own</Code>")) == "200"


def test_a_form_has_its_fields_in_order_and_the_file_last() -> None:
    body, headers = form_body({"key": "a/é", "policy": "p=="}, "a b.png", b"\x00\r\n\xff")
    head = f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode()
    parsed = email.parser.BytesParser().parsebytes(head + body)
    parts = [part for part in parsed.walk() if not part.is_multipart()]
    assert [part.get_param("name", header="content-disposition") for part in parts] == ["key", "policy", "file"]
    assert parts[0].get_payload(decode=True) == "a/é".encode()
    assert (parts[2].get_filename(), parts[2].get_payload(decode=True)) == ("a b.png", b"\x00\r\n\xff")


# --- processes --------------------------------------------------------------------------------------------------------

SLEEP = "import time; time.sleep(60)"


def test_a_process_is_stopped_when_its_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), process([sys.executable, "-c", SLEEP], tmp_path) as running:
        raise ZeroDivisionError
    assert running.returncode == -15


def test_a_server_that_ends_at_once_is_reported_with_what_it_wrote(tmp_path: Path) -> None:
    (port,) = free_ports(1)
    words = [sys.executable, "-c", "raise SystemExit('no such option')"]
    with process(words, tmp_path) as running, pytest.raises(DidNotStartError, match="no such option"):
        wait_until_it_answers(running, port, "/", tmp_path)


def test_ports_that_are_free_together_differ() -> None:
    assert len(set(free_ports(50))) == 50
