"""docs/examples/browser_upload in headless Chromium: the page, its backend, and two stores that check what they get.

Rule: what the page says of a store is held against what the browser got from that store, which its network log tells.
MiniStack applies its bucket's CORS rules, a form's conditions and its size; `store.py` is the guard and `verify_post`.

    make live-browser
    SCREENSHOTS=docs/images make live-browser   # writes the pictures that the documentation shows, too
"""

import contextlib
import http.client
import os
import re
import struct
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import console
import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

from live import chromium, servers
from sigv4presign import Credentials, PresignedUrl, S3Presigner, inspect

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "browser_upload"
SCREENSHOTS = os.environ.get("SCREENSHOTS")
BUCKET = "pictures"
MAX_SIZE = 2_000_000
PATIENCE = 20  # seconds

# --- a picture --------------------------------------------------------------------------------------------------------


def png(width: int, height: int, *, padding: int = 0) -> bytes:
    """A picture of a sun over the sea; `padding` bytes in a chunk that no viewer looks at."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)  # no filter
        for x in range(width):
            if (x - 0.7 * width) ** 2 + (y - 0.5 * height) ** 2 < (0.22 * height) ** 2 and y < 0.6 * height:
                rows += b"\xff\xc9\x4d"
            elif y < 0.6 * height:
                rows += bytes((110 + 120 * y // height, 160 + 60 * y // height, 215))
            else:
                rows += bytes((20, 90 - 40 * y // height, 140 - 40 * y // height))
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
        + chunk(b"paDd", bytes(padding))
        + chunk(b"IDAT", zlib.compress(bytes(rows)))
        + chunk(b"IEND", b"")
    )


def chunk(kind: bytes, data: bytes) -> bytes:
    """https://www.w3.org/TR/png-3/#5Chunk-layout"""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


WIDTH, HEIGHT = 480, 240
PICTURE = png(WIDTH, HEIGHT)

# --- stores, the backend and the browser ------------------------------------------------------------------------------


class Place(NamedTuple):
    """Where things are while the tests run."""

    name: str
    page: str
    endpoint: str
    s3: S3Presigner


@pytest.fixture(scope="module", params=["MiniStack", "store.py"])
def place(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """The page and a store, started by the commands of the example's README."""
    home = tmp_path_factory.mktemp("place")
    page_port, store_port = servers.free_ports(2)
    with_memory, _, with_another = (EXAMPLE / "README.md").read_text(encoding="utf-8").partition("\n## Another store\n")
    with contextlib.ExitStack() as running:
        if request.param == "MiniStack":
            server = running.enter_context(servers.ministack())
            endpoint, credentials = server.endpoint, server.credentials
            ports = {4566: int(endpoint.rpartition(":")[2]), 8000: page_port}
            words = console.commands(console.with_ports(with_another, ports))
        else:
            endpoint, credentials = f"http://127.0.0.1:{store_port}", Credentials("AKIDEXAMPLE", "example-secret")
            words = console.commands(console.with_ports(with_memory, {9000: store_port, 8000: page_port}))
        s3 = S3Presigner(credentials, region="us-east-1", endpoint=endpoint)
        if request.param == "MiniStack":
            assert send(s3.create_bucket(BUCKET))[0] == 200
        environment = {
            "AWS_ACCESS_KEY_ID": credentials.access_key_id,
            "AWS_SECRET_ACCESS_KEY": credentials.secret_access_key,
        }
        shell = running.enter_context(console.session(home, environment))
        for command in words:
            line = command.line
            if "backend.py" in line:
                line = line.replace(" &", f" --max-size {MAX_SIZE} &")
            shell.run(command._replace(line=line))
        yield Place(request.param, f"http://127.0.0.1:{page_port}", endpoint, s3)


def send(url: PresignedUrl) -> "tuple[int, bytes]":
    host, _, target = url.removeprefix("http://").partition("/")
    with contextlib.closing(http.client.HTTPConnection(host, timeout=PATIENCE)) as connection:
        connection.request(url.method, "/" + target, headers=url.headers)
        response = connection.getresponse()
        return response.status, response.read()


class Browser:
    """Chromium with the page open."""

    def __init__(self, profile: Path) -> None:
        self.driver = chromium.start(
            profile, "disable-lcd-text", "force-device-scale-factor=0.8", "window-size=520,1100"
        )
        self.wait = WebDriverWait(self.driver, PATIENCE, poll_frequency=0.05)

    def open(self, page: str) -> None:
        self.driver.get(page)
        self.log()

    def element(self, name: str) -> Any:
        return self.driver.find_element(By.ID, name)

    def text(self, name: str) -> str:
        text: str = self.element(name).text
        return text

    def choose(self, path: Path, method: str) -> None:
        self.element("file").send_keys(str(path))
        self.driver.find_element(By.CSS_SELECTOR, f"input[value={method}]").click()

    def upload(self, path: Path, method: str) -> None:
        self.choose(path, method)
        self.element("send").click()

    def until_shown(self, name: str) -> None:
        """Until the page shows its result or its refusal."""
        for one in ("result", "refusal"):
            self.wait.until(lambda _: self.element("result").is_displayed() or self.element("refusal").is_displayed())
            assert self.element(one).is_displayed() == (one == name), self.text("refusal") or self.text("status")

    def run(self, script: str, *arguments: object) -> Any:
        return self.driver.execute_script(script, *arguments)

    def log(self) -> "list[dict[str, Any]]":
        """What the network did since the last look."""
        return chromium.network(self.driver)

    def answers(self, endpoint: str) -> "list[tuple[str, int]]":
        """Methods and statuses of what the store answered since the last look, preflights among them."""
        methods: dict[str, str] = {}
        found: list[tuple[str, int]] = []
        for message in self.log():
            about = message["params"]
            if message["method"] == "Network.requestWillBeSent":
                methods[about["requestId"]] = about["request"]["method"]
            elif message["method"] == "Network.responseReceived" and about["response"]["url"].startswith(endpoint):
                found.append((methods[about["requestId"]], about["response"]["status"]))
        return found

    def screenshot(self, name: str, *, scheme: str = "light") -> None:
        if SCREENSHOTS:
            folder = ROOT / SCREENSHOTS
            folder.mkdir(parents=True, exist_ok=True)
            chromium.prefer(self.driver, scheme)
            main = self.driver.find_element(By.TAG_NAME, "main")
            main.screenshot(str(folder / f"upload-{name}.png"))
            chromium.prefer(self.driver, "")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    browser = Browser(tmp_path_factory.mktemp("profile"))
    try:
        yield browser
    finally:
        browser.driver.quit()


@pytest.fixture
def page(browser: Browser, place: Place) -> Browser:
    browser.open(place.page)
    return browser


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> "Callable[[str, bytes], Path]":
    """A file with this name and content."""

    def write(name: str, content: bytes) -> Path:
        path = tmp_path_factory.mktemp("files") / name
        path.write_bytes(content)
        return path

    return write


File = Callable[[str, bytes], Path]

# --- uploads ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_picture_goes_straight_to_the_store_and_is_shown_from_there(
    page: Browser, place: Place, file: File, method: str
) -> None:
    page.screenshot("before")
    page.upload(file("sea.png", PICTURE), method)
    page.until_shown("result")
    picture = page.element("picture")
    assert (picture.get_property("naturalWidth"), picture.get_property("naturalHeight")) == (WIDTH, HEIGHT)
    source = str(page.run("return link.url"))
    assert source.startswith(f"{place.endpoint}/{BUCKET}/uploads/")
    key = source.partition("?")[0].removeprefix(f"{place.endpoint}/{BUCKET}/")
    assert send(place.s3.get_object(BUCKET, key)) == (200, PICTURE)
    assert page.text("status").startswith("The picture comes from the store, by a link that works until ")
    assert page.element("link").get_property("value") == source
    page.screenshot("after")
    statuses = {"PUT": [("PUT", 200), ("GET", 200)], "POST": [("POST", 204), ("GET", 200)]}[method]
    assert [answer for answer in page.answers(place.endpoint) if answer[0] != "OPTIONS"] == statuses


def test_two_uploads_of_one_file_have_two_keys(page: Browser, file: File) -> None:
    path = file("sea.png", PICTURE)
    sources: set[str] = set()
    for _ in range(2):
        page.upload(path, "PUT")
        page.until_shown("result")
        sources.add(str(page.run("return link.url")).partition("?")[0])
    assert len(sources) == 2


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_the_name_of_the_file_may_be_any(page: Browser, file: File, method: str) -> None:
    page.upload(file('Größe "ü" 图片 <b>.png', PICTURE), method)
    page.until_shown("result")
    assert page.element("picture").accessible_name == 'Größe "ü" 图片 <b>.png'


@pytest.mark.parametrize(("label", "seconds"), [("1 minute", 60), ("15 minutes", 900), ("1 hour", 3600)])
def test_the_link_works_for_as_long_as_was_chosen_and_can_be_handed_over(
    page: Browser, place: Place, file: File, label: str, seconds: int
) -> None:
    permissions = {"origin": place.page, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    page.driver.execute_cdp_cmd("Browser.grantPermissions", permissions)
    Select(page.element("seconds")).select_by_visible_text(label)
    page.upload(file("sea.png", PICTURE), "PUT")
    page.until_shown("result")
    page.element("copy").click()
    page.wait.until(lambda _: page.text("status").startswith("Copied."))
    handed_over = page.driver.execute_async_script("navigator.clipboard.readText().then(arguments[0])")
    assert "x-nonce=" in handed_over
    assert inspect(handed_over).expires_in == seconds
    with urllib.request.urlopen(handed_over, timeout=PATIENCE) as answer:  # somebody without the page and without keys
        assert answer.read() == PICTURE


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_the_progress_bar_moves_while_the_file_is_on_its_way(page: Browser, file: File, method: str) -> None:
    page.choose(file("sea.png", png(WIDTH, HEIGHT, padding=1_500_000)), method)
    page.driver.set_network_conditions(latency=0, download_throughput=10_000_000, upload_throughput=600_000)
    try:
        page.element("send").click()
        seen: set[float] = set()
        taken = False
        while not page.element("result").is_displayed():
            assert not page.element("refusal").is_displayed(), page.text("refusal")
            seen.add(float(page.run("return document.getElementById('progress').value")))
            if not taken and max(seen) > 0.4:
                assert re.fullmatch(r"\d\d % of 1.5 MB sent", page.text("status"))
                page.screenshot("during")
                taken = True
    finally:
        page.driver.delete_network_conditions()
    assert len([value for value in seen if 0 < value < 1]) >= 3
    assert not page.element("running").is_displayed()


# --- refusals ---------------------------------------------------------------------------------------------------------


def test_a_form_with_a_file_that_is_too_large_is_refused_by_the_store_and_explained(
    page: Browser, place: Place, file: File
) -> None:
    page.upload(file("large.png", png(WIDTH, HEIGHT, padding=MAX_SIZE)), "POST")
    page.until_shown("refusal")
    assert page.text("why") == "This file is too large: at most 2 MB can be uploaded."
    assert page.text("detail").startswith("The store answered 400 EntityTooLarge: Your proposed upload exceeds ")
    assert page.answers(place.endpoint)[-1] == ("POST", 400)
    page.screenshot("refused", scheme="dark")


def test_a_form_with_a_file_of_the_wrong_type_is_refused_by_the_store_and_explained(
    page: Browser, place: Place, file: File
) -> None:
    page.upload(file("notes.txt", b"not a picture"), "POST")
    page.until_shown("refusal")
    assert page.text("why") == "This is not a picture, and only pictures can be uploaded."
    assert page.text("detail").startswith("The store answered 403 AccessDenied: Invalid according to Policy: ")
    assert page.answers(place.endpoint)[-1] == ("POST", 403)


def test_a_form_with_an_empty_file_is_refused_by_the_store_and_explained(
    page: Browser, place: Place, file: File
) -> None:
    page.upload(file("empty.png", b""), "POST")
    page.until_shown("refusal")
    assert page.text("why") == "This file is empty."
    assert page.text("detail").startswith("The store answered 400 EntityTooSmall: ")
    assert page.answers(place.endpoint)[-1] == ("POST", 400)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("notes.txt", b"not a picture", "This is not a picture, and only PNG, JPEG, GIF and WebP can be uploaded."),
        ("drawing.svg", b"<svg/>", "This is not a picture, and only PNG, JPEG, GIF and WebP can be uploaded."),
        ("large.png", PICTURE + bytes(MAX_SIZE), f"{len(PICTURE) + MAX_SIZE} bytes; 1 to {MAX_SIZE} can be uploaded."),
    ],
)
def test_a_put_that_is_not_allowed_gets_no_url(
    page: Browser, place: Place, file: File, name: str, content: bytes, words: str
) -> None:
    page.upload(file(name, content), "PUT")
    page.until_shown("refusal")
    assert page.text("why").endswith(words)
    assert page.text("detail") == "Refused by the backend, which signed nothing."
    assert page.answers(place.endpoint) == []


@pytest.mark.parametrize(
    ("content", "content_type"), [("123456", "image/png"), ("", "image/png"), ("12345", "text/html")]
)
def test_a_put_of_another_file_than_was_signed_for_is_refused_by_the_store_and_explained(
    page: Browser, place: Place, content: str, content_type: str
) -> None:
    script = """
        const [content, type] = arguments;
        attempt(async () => {
            const ticket = await ask("/uploads", { method: "PUT", type: "image/png", size: 5 });
            ticket.headers["content-type"] = type;
            await send(ticket, new Blob([content]));
        });
    """
    page.run(script, content, content_type)
    page.until_shown("refusal")
    assert page.text("why").startswith("The file is not the one that was announced")
    assert page.text("detail").startswith("The store answered 403 SignatureDoesNotMatch: ")
    assert page.answers(place.endpoint)[-1] == ("PUT", 403)


def test_a_link_that_has_expired_shows_nothing_more_and_the_page_says_so(
    page: Browser, place: Place, file: File
) -> None:
    page.run("document.querySelector('#seconds [selected]').value = 4")
    page.upload(file("sea.png", PICTURE), "PUT")
    page.until_shown("result")
    page.element("again").click()
    page.until_shown("result")  # it is still good
    expires_at = int(page.run("return link.expires_at"))
    while time.time() < expires_at + 1:
        time.sleep(0.1)
    page.element("again").click()
    page.until_shown("refusal")
    assert page.text("why").startswith("The link has expired: it worked until ")
    assert page.text("detail").startswith("The store answered 403 AccessDenied: Request has expired")
    assert page.answers(place.endpoint)[-1] == ("GET", 403)


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_the_page_of_another_origin_may_not_use_the_store(
    browser: Browser, place: Place, file: File, method: str
) -> None:
    browser.open(place.page.replace("127.0.0.1", "localhost"))
    browser.upload(file("sea.png", PICTURE), method)
    browser.until_shown("refusal")
    assert browser.text("why") == "The store cannot be reached, or its CORS rules do not allow this page."
    console = browser.driver.get_log("browser")
    assert any("blocked by CORS policy" in entry["message"] for entry in console)


# --- for everybody ----------------------------------------------------------------------------------------------------


def test_the_keyboard_alone_is_enough(page: Browser, file: File) -> None:
    page.element("file").send_keys(str(file("sea.png", PICTURE)))
    page.run("document.getElementById('file').focus()")

    def press(key: str) -> Any:
        ActionChains(page.driver).send_keys(key).perform()
        return page.driver.switch_to.active_element

    assert press(Keys.TAB).get_property("value") == "PUT"
    assert press(Keys.ARROW_DOWN).get_property("value") == "POST"
    assert press(Keys.TAB).get_property("id") == "seconds"
    assert press(Keys.TAB).get_property("id") == "send"
    press(Keys.ENTER)
    page.until_shown("result")


def test_controls_and_pictures_have_names_and_what_happens_is_announced(page: Browser, file: File) -> None:
    names = {name: page.element(name).accessible_name for name in ("file", "seconds", "send")}
    assert names == {"file": "Picture", "seconds": "The link to it works for", "send": "Upload"}
    assert (page.element("status").aria_role, page.element("status").get_attribute("aria-live")) == ("status", "polite")
    assert page.element("refusal").get_attribute("role") == "alert"
    page.upload(file("sea.png", PICTURE), "PUT")
    page.until_shown("result")
    names = {name: page.element(name).accessible_name for name in ("picture", "link", "copy", "again")}
    assert names == {"picture": "sea.png", "link": "Link", "copy": "Copy the link", "again": "Try the link"}
