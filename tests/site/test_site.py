"""Every page of the built site in headless Chromium: wide and narrow, light and dark.

Rule: no page scrolls sideways, no code block is cut, what scrolls can be reached by keyboard, and axe has no serious
finding (WCAG 2.1 AA).

    make docs-check
    SCREENSHOTS=/tmp/pages make docs-check   # ten pages as pictures, too
"""

import contextlib
import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

ROOT = Path(__file__).parents[2]
SITE = ROOT / "build" / "docs"
AXE = ROOT / "build" / "axe" / "node_modules" / "axe-core" / "axe.min.js"
# explain/ is a program with tests of its own: tests/live/test_explain_page.py.
PAGES = sorted(
    str(page.relative_to(SITE))
    for page in SITE.rglob("*.html")
    if page.name != "genindex.html" and page.parent.name != "explain"
)
SIZES = {"wide": (1400, 900), "narrow": (390, 844)}
MODES = ("light", "dark")
SHOWN = (
    "index.html", "how-to/index.html", "how-to/upload-endpoints.html", "how-to/errors/AccessDenied.html",
    "reference/s3.html", "reference/parameters.html", "explanation/six-steps.html", "explanation/which-tool.html",
    "benchmarks.html", "tutorial/the-console-button.html",
)  # fmt: skip

pytestmark = pytest.mark.skipif(not PAGES or not AXE.exists(), reason="run by `make docs-check`")


class Quiet(SimpleHTTPRequestHandler):
    """Serves the site, and says nothing."""

    def log_message(self, format: str, *_arguments: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def origin() -> "Iterator[str]":
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(SITE)))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Any]":
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("chromium and chromedriver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(argument)
    with contextlib.closing(webdriver.Chrome(options, webdriver.ChromeService(driver))) as found:
        found.close = found.quit  # type: ignore[method-assign]
        yield found


@pytest.fixture(scope="module", params=[(size, mode) for size in SIZES for mode in MODES], ids="-".join)
def view(request: pytest.FixtureRequest, browser: Any) -> "tuple[str, str]":
    size, mode = request.param
    width, height = SIZES[size]
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == "narrow"},
    )
    features = [{"name": "prefers-color-scheme", "value": mode}, {"name": "prefers-reduced-motion", "value": "reduce"}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    return size, mode


FIT = """
const root = document.scrollingElement;
const faults = [];
if (root.scrollWidth > arguments[0]) faults.push(`the page is ${root.scrollWidth} px wide`);
for (const block of document.querySelectorAll("article pre, article .table-wrapper")) {
  const is_cut = block.scrollWidth > block.clientWidth + 1;
  if (block.tagName === "PRE" && is_cut) faults.push(`code is cut: ${block.textContent.slice(0, 60)}`);
  if (!block.matches('[tabindex="0"]')) faults.push(`not reached by keyboard: ${block.textContent.slice(0, 60)}`);
}
return faults;
"""


CHECK = """
const done = arguments[arguments.length - 1];
axe.run(document, { runOnly: arguments[0], resultTypes: ["violations"] })
  .then(found => done(found.violations.filter(one => ["serious", "critical"].includes(one.impact)).map(
    one => `${one.id} (${one.nodes.length}): ${one.nodes[0].html.slice(0, 120)} ${one.nodes[0].any.map(a => a.message)}`
  )));
"""
# What a colour scheme changes is the contrast; all else is checked in the light one.
RULES = {
    "light": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "dark": {"type": "rule", "values": ["color-contrast"]},
}


def test_every_page_fits_and_axe_has_no_serious_finding(browser: Any, origin: str, view: "tuple[str, str]") -> None:
    size, mode = view
    source = AXE.read_text(encoding="utf-8")
    browser.set_script_timeout(120)
    faults: list[str] = []
    for page in PAGES:
        browser.get(f"{origin}/{page}")
        faults += [f"{page}: {fault}" for fault in browser.execute_script(FIT, SIZES[size][0])]
        if "SCREENSHOTS" in os.environ and page in SHOWN:
            folder = Path(os.environ["SCREENSHOTS"])
            folder.mkdir(parents=True, exist_ok=True)
            browser.save_screenshot(str(folder / f"{page.replace('/', '-')}-{size}-{mode}.png"))
        browser.execute_script(source)
        faults += [f"{page}: {fault}" for fault in browser.execute_async_script(CHECK, RULES[mode])]
    assert faults == []


def test_a_copied_example_has_no_prompts(browser: Any, origin: str) -> None:
    browser.get(f"{origin}/tutorial/first-url.html")
    browser.execute_script(
        """
        window.copied = [];
        document.addEventListener("copy", () => copied.push(document.activeElement.value || String(getSelection())));
        """
    )
    for button in browser.find_elements(By.CSS_SELECTOR, "button.copybtn")[:4]:
        ActionChains(browser).move_to_element(button).click().perform()
    copied = browser.execute_script("return copied")
    assert any("import" in text for text in copied)
    assert [line for text in copied for line in text.splitlines() if line.startswith((">>> ", "$ ", "... "))] == []


def test_the_search_finds_the_page_of_an_error(browser: Any, origin: str) -> None:
    for words in ("AccessDenied", "ExpiredToken", "SignatureDoesNotMatch", "EntityTooLarge", "overwrite"):
        browser.get(f"{origin}/search.html?q={words}")
        links: list[str] = []
        for _ in range(50):
            links = browser.execute_script(
                "return [...document.querySelectorAll('#search-results li a')].map(a => a.href)"
            )
            if links:
                break
            browser.execute_async_script("setTimeout(arguments[0], 100)")
        wanted = "never-overwrite" if words == "overwrite" else words
        assert any(wanted in link for link in links[:3]), (words, links[:3])


def test_a_table_that_is_too_wide_scrolls_by_keyboard(browser: Any, origin: str) -> None:
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    )
    browser.get(f"{origin}/compatibility.html")
    table = browser.find_element(By.CSS_SELECTOR, ".table-wrapper")
    browser.execute_script("arguments[0].focus({preventScroll: true})", table)
    ActionChains(browser).send_keys(*[Keys.ARROW_RIGHT] * 5).perform()
    browser.execute_async_script("setTimeout(arguments[0], 500)")
    assert browser.execute_script("return arguments[0].scrollLeft", table) > 0
