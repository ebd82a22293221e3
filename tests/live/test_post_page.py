"""`sigv4presign post --html`: the page as it is, opened from a file in headless Chromium, uploads a file.

Rule: the store checks the form with `verify_post`, and takes the bytes that the browser sent.

    make live-browser
"""

import email
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import sigv4presign
from sigv4presign import VerifiedForm, verify_post
from sigv4presign.errors import VerificationError

SECRET = "secret-of-the-page"
CHROMIUM, CHROMEDRIVER = shutil.which("chromium"), shutil.which("chromedriver")


class Store(BaseHTTPRequestHandler):
    """Takes one bucket's forms; what it took is in `taken`."""

    taken: "list[tuple[VerifiedForm, bytes]]" = []  # noqa: RUF012 - each test's own subclass has its own

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        parts: Any = email.message_from_bytes(head + body).get_payload()
        fields: list[tuple[str, str]] = []
        content, name = b"", None
        part: Message
        for part in parts:
            field = str(part.get_param("name", header="content-disposition"))
            data: Any = part.get_payload(decode=True)
            if field == "file":
                content = data
                [name] = [found.decode("utf-8") for found in re.findall(rb'filename="([^"]*)"', body)]
            else:
                fields.append((field, data.decode("utf-8")))
        try:
            form = verify_post(
                fields, file_size=len(content), bucket="photos", secrets={"AKIDEXAMPLE": SECRET}, region="eu-west-1",
                filename=name,
            )  # fmt: skip
        except VerificationError as refusal:
            self.answer(refusal.status, f"{refusal.code}: {refusal}")
        else:
            self.taken.append((form, content))
            self.answer(200, "taken")

    def answer(self, status: int, text: str) -> None:
        data = f"<!doctype html><title>{status}</title><p id=answer>{text}".encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def store() -> "Iterator[tuple[str, list[tuple[VerifiedForm, bytes]]]]":
    taken: list[tuple[VerifiedForm, bytes]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OneStore", (Store,), {"taken": taken}))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", taken
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def driver(tmp_path: Path) -> "Iterator[Any]":
    if CHROMIUM is None or CHROMEDRIVER is None:
        pytest.skip("chromium and chromedriver are not installed (Debian: chromium, chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (
        "headless",
        "no-sandbox",
        "disable-gpu",
        "disable-background-networking",
        f"user-data-dir={tmp_path}/c",
    ):
        options.add_argument(f"--{flag}")
    driver: Any = webdriver.Chrome(options, webdriver.ChromeService(CHROMEDRIVER))
    yield driver
    driver.quit()


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("s3://photos/user/42/${filename}", "user/42/straße.txt"),
        ("s3://photos/naïve & 'co' \"x\" <b>/${filename}", "naïve & 'co' \"x\" <b>/straße.txt"),
    ],
)
def test_the_page_uploads_a_file_as_it_is(
    driver: Any, store: "tuple[str, list[tuple[VerifiedForm, bytes]]]", tmp_path: Path, address: str, key: str
) -> None:
    endpoint, taken = store
    environ = {
        **os.environ, "PYTHONPATH": str(Path(sigv4presign.__file__).parents[1]), "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
        "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_REGION": "eu-west-1",
    }  # fmt: skip
    words = ["post", address, "--html", "--endpoint", endpoint, "--max-size", "1K"]
    made = subprocess.run(
        [sys.executable, "-m", "sigv4presign", *words], env=environ, capture_output=True, check=True, timeout=60
    )
    page = tmp_path / "upload.html"
    page.write_bytes(made.stdout)
    file = tmp_path / "straße.txt"
    file.write_text("hello", encoding="utf-8")
    driver.get(page.as_uri())
    assert driver.execute_script("return [document.characterSet, document.compatMode]") == ["UTF-8", "CSS1Compat"]
    driver.find_element(By.NAME, "file").send_keys(str(file))
    driver.find_element(By.TAG_NAME, "button").click()
    WebDriverWait(driver, 20).until(lambda found: found.title == "200")
    [(form, content)] = taken
    assert (form.key, content) == (key, b"hello")
