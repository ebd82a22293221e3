"""Headless Chromium, driven by selenium, for the tests of pages.

Rule: each start has a profile of its own, and the browser does nothing of its own accord on the network.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver

CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")


def start(profile: Path, *flags: str) -> Any:
    """A driver, with the logs of network and console; skips the test where there is no Chromium.

    Any: of selenium's types some are there and some are not.
    """
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("chromium and chromedriver are not installed (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (
        "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
        "disable-component-update", "disable-sync", "hide-scrollbars", f"user-data-dir={profile}", *flags,
    ):  # fmt: skip
        options.add_argument(f"--{flag}")
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options, webdriver.ChromeService(CHROMEDRIVER))


def network(driver: Any) -> "list[dict[str, Any]]":
    """What the network did since the last look: https://chromedevtools.github.io/devtools-protocol/tot/Network/"""
    return [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]


def prefer(driver: Any, scheme: str) -> None:
    """What the person at the screen prefers: `light`, `dark`, or nothing said."""
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
