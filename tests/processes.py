"""Processes that tests start, and how they end."""

import subprocess
from typing import Any


def stop(process: "subprocess.Popen[Any]") -> None:
    """End a process that was started here; one that doesn't end within ten seconds is killed."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
