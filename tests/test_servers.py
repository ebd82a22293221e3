"""The attacks of `make servers`, and 500 random requests, at the four quickest of its servers."""

import importlib
from pathlib import Path
from typing import Any

import pytest

servers: Any = importlib.import_module("servers")


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
