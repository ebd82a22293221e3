"""AWS Lambda on this machine: AWS's own runtime interface client, and a server that speaks its runtime API.

Rule: a handler runs as it does in Lambda: `awslambdaric` imports it, asks for an event, and posts its answer; the layer
is a folder on the path that nobody writes to.

Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import http.server
import json
import os
import subprocess
import sys
import threading
import time
from typing import Any, NamedTuple

API = "/2018-06-01/runtime/"
WAIT = 60.0  # seconds, for what takes less than one


class Invocation(NamedTuple):
    """What a function answered, and when, in seconds since its process was started."""

    answer: Any
    initialised: float  # its first request for an event: Lambda's INIT phase ends there
    answered: float


class Service(http.server.ThreadingHTTPServer):
    """The runtime API for one function that is invoked once."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, event: Any) -> None:
        super().__init__(("127.0.0.1", 0), Api)
        self.event = json.dumps(event).encode()
        self.asked: float | None = None
        self.answered = 0.0
        self.answer: Any = None
        self.fault: Any = None
        self.done = threading.Event()
        self.stopped = threading.Event()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A function that was stopped has dropped its connections; anything else is a fault of this server."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class Api(http.server.BaseHTTPRequestHandler):
    """One request of the runtime."""

    protocol_version = "HTTP/1.1"
    server: Service  # pyright: ignore[reportIncompatibleVariableOverride] - nothing else makes these

    def do_GET(self) -> None:
        assert self.path == API + "invocation/next", self.path
        if self.server.asked is not None:
            self.server.stopped.wait(WAIT)  # there is no second event: the function is stopped while it waits
            self.close_connection = True
            return
        self.server.asked = time.perf_counter()
        self.send(
            200,
            self.server.event,
            {
                "Lambda-Runtime-Aws-Request-Id": "8476a536-e9f4-11e8-9739-2dfe598c3fcd",
                "Lambda-Runtime-Deadline-Ms": str(int((time.time() + WAIT) * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:eu-west-1:123456789012:function:links",
            },
        )

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith("/response"):
            self.server.answer, self.server.answered = body, time.perf_counter()
        else:
            self.server.fault = body  # .../error and init/error
        self.send(202, b"{}", {})
        self.server.done.set()

    def send(self, status: int, body: bytes, headers: "dict[str, str]") -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json", "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *_arguments: Any) -> None:
        """Nothing is logged."""


def invoke(task: str, layer: str, event: Any, environ: "dict[str, str]") -> Invocation:
    """Start the function `handler` of `task`/function.py with a layer on its path, and invoke it once.

    Raises:
        RuntimeError: The function raised, or ended without an answer.
    """
    service = Service(event)
    threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "awslambdaric", "function.handler"],
        cwd=task,
        env={
            **environ,
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{service.server_port}",
            "AWS_LAMBDA_FUNCTION_NAME": "links",
            "LAMBDA_TASK_ROOT": task,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": layer,
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        waited = time.monotonic() + WAIT
        while not service.done.wait(0.02) and process.poll() is None and time.monotonic() < waited:
            pass
    finally:
        process.kill()
        service.stopped.set()
        printed, _ = process.communicate()
        service.shutdown()
        service.server_close()
    if service.asked is None or service.fault is not None or not service.answered:
        raise RuntimeError(f"{service.fault}\n{printed}")
    return Invocation(service.answer, service.asked - started, service.answered - started)
