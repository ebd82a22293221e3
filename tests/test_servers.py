"""The attacks of `make servers` and 500 random requests at its four quickest servers; a second of `make load`."""

import importlib
import shutil
from pathlib import Path
from typing import Any

import pytest

servers: Any = importlib.import_module("servers")
load: Any = importlib.import_module("load")


@pytest.mark.parametrize("name", servers.QUICKEST)
def test_an_application_behind_a_guard_reads_what_was_signed_or_nothing(name: str, tmp_path: Path) -> None:
    pytest.importorskip(name.partition(" ")[0])
    (tmp_path / "guarded.py").write_text(servers.APPLICATION)
    with servers.running(name, tmp_path) as address:
        result = servers.attack(address, 500, 7)
    assert result.faults == []
    assert result.not_served == []
    assert result.counts["attacks"] >= 200
    assert result.counts["attacks refused"] >= 150
    assert result.counts["fuzz same"] > 50


@pytest.mark.skipif(shutil.which("wrk") is None, reason="needs wrk, which sends the load (Debian: wrk)")
@pytest.mark.parametrize("row", load.ROWS)
@pytest.mark.parametrize("server", load.SERVERS)
def test_under_load_each_request_gets_its_answer(server: str, row: str, tmp_path: Path) -> None:
    pytest.importorskip(server)
    (tmp_path / "served.py").write_text(load.APPLICATION)
    (tmp_path / "script.lua").write_text(load.SCRIPT)
    result = load.load(server, row, 1, tmp_path)
    assert (result.wrong, result.errors) == (0, 0)
    assert result.rate > 0
