"""`make live`: start the stores, run the suite over all of them, print the table, write docs/compatibility.md.

Rule: the page is a function of what was seen and of pinned versions alone, so it changes only if a cell does.

    python -m live             writes the page
    python -m live --check     fails if the page would change

Either fails if a cell is not what is expected there, and then writes nothing; nor does it if something was skipped.
"""

import contextlib
import difflib
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from . import clients, downloads, keys, operations, peers, proxy, refusals, servers, uploads
from .departures import CLIENTS, DEPARTURES, Departure
from .guarded_store import guard
from .suite import BUCKET, DepartedError, SkippedError, Store
from .table import Cell, Kind, Line, departures, judge, of_kind, table, unknown_rows

SUITE = [row for module in (operations, keys, uploads, downloads, refusals, peers, proxy) for row in module.ROWS]
PAGE = Path(__file__).parents[2] / "docs" / "compatibility.md"

INTRODUCTION = """\
# Compatibility

What URLs and forms of this library do at object stores that verify signatures, and at our own guard
(`wsgi.PresignedOnly` before a small store). `make live` installs and starts the stores on your machine, runs every row
and writes this page; CI fails if a cell changes.

A cell says `works`, or the status and code of a refusal, where S3 answers the same. **Bold** is what a store does its
own way; `not offered` is what it does not have; the reasons are below the table. None of these stores is S3,
and MiniStack is an emulator: a check that a store skips proves nothing.
"""

CLIENT_INTRODUCTION = """\
## HTTP clients

Uploads and downloads at {store} with each key of the table above, by the code in
[HTTP clients](how-to/http-clients.md).
"""

Subject = TypeVar("Subject")


def run(
    title: str,
    columns: "Sequence[str]",
    subjects: "Sequence[Subject]",
    rows: "Sequence[tuple[str, str, str, Callable[[Subject], str]]]",
    departed: "dict[str, dict[str, Departure]]",
) -> "list[Line]":
    """Every row with every subject at once, printed as it comes."""
    unknown = unknown_rows(departed, [name for _, name, _, _ in rows])
    if unknown:
        raise SystemExit(f"departures of rows that there are not: {'; '.join(unknown)}")
    lines: list[Line] = []
    say(f"\n{title}: {', '.join(columns)}")
    with ThreadPoolExecutor(len(subjects)) as pool:
        for section, name, expected, try_it in rows:
            seen = pool.map(outcome, [try_it] * len(subjects), subjects)
            cells = [
                judge(what, expected, departed.get(column, {}).get(name), skipped=skipped)
                for (what, skipped), column in zip(seen, columns, strict=True)
            ]
            if not lines or lines[-1].section != section:
                say(section)
            lines.append(Line(section, name, tuple(cells)))
            say(f"  {name}\n      " + " | ".join(shown(cell) for cell in cells))
    return lines


def outcome(try_it: "Callable[[Subject], str]", subject: Subject) -> "tuple[str, bool]":
    """What was seen, and whether it was skipped."""
    try:
        return try_it(subject), False
    except DepartedError as departed:
        return str(departed), False
    except SkippedError as missing:
        return str(missing), True


def shown(cell: Cell) -> str:
    return cell.seen if cell.kind in (Kind.PASSED, Kind.REFUSED) else f"{cell.kind.value}: {cell.seen}"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def page() -> str:
    """Run everything; return the page, or end with what was not expected."""
    with contextlib.ExitStack() as running:
        stores = [Store(running.enter_context(start())) for start in (*servers.SERVERS.values(), guard)]
        for store in stores:
            store.ok(store.s3.create_bucket(BUCKET))
        names = [store.server.name for store in stores]
        lines = run("Stores", names, stores, [(r.section, r.name, r.expected, r.run) for r in SUITE], DEPARTURES)
        trials = clients.trials(stores[0])
        client_rows = [("Keys", name, "works", try_it) for name, try_it in clients.rows().items()]
        client_names = [trial.client for trial in trials]
        client_lines = run("Clients", client_names, trials, client_rows, CLIENTS)
    for kind in (Kind.UNEXPECTED, Kind.SKIPPED):
        found = of_kind(kind, names, lines) + of_kind(kind, client_names, client_lines)
        if found:
            say(f"\n{kind.value}:\n" + "\n".join(found))
            # What is missing on somebody's machine is skipped visibly there; in CI nothing may be.
            raise SystemExit(1 if kind == Kind.UNEXPECTED or os.environ.get("CI") else 0)
    columns = [f"{store.server.name} {store.server.version}" for store in stores]
    columns[-1] = names[-1]  # its version is this one
    return "\n".join(
        [
            INTRODUCTION,
            table(columns, lines),
            "## What departs, and why\n",
            departures(names, lines),
            CLIENT_INTRODUCTION.format(store=names[0]),
            table(client_names, client_lines),
            departures(client_names, client_lines),
        ]
    )


def ended(*_: object) -> None:
    """So that the servers are stopped when we are."""
    sys.exit(143)


def main() -> None:
    signal.signal(signal.SIGTERM, ended)
    check = "--check" in sys.argv[1:]
    began = time.monotonic()
    made = page().rstrip() + "\n"
    say(f"\n{time.monotonic() - began:.0f} seconds")
    if not check:
        PAGE.write_text(made, encoding="utf-8")
    elif (kept := PAGE.read_text(encoding="utf-8")) != made:
        say("\n".join(difflib.unified_diff(kept.splitlines(), made.splitlines(), lineterm="", n=0)))
        raise SystemExit(f"{PAGE.name} would change: run `make live` and look at it")


if __name__ == "__main__":
    main()
