"""What the examples of these pages find on the machine that runs them: no keys, and no service that has any.

Rule: an example gives the same on every machine.
"""

import os
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def a_machine_without_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
