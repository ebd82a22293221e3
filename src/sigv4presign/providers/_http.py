"""HTTP for providers: one short answer, limited in time and size.

Rule: redirects are not followed, and a proxy is used only if the caller asks for it.  A message names at most scheme,
host and port: a container's path and the answer may be secret.
"""

import io
import time

from .._url import Url
from ..errors import CredentialsNotFound

TYPE_CHECKING = False
if TYPE_CHECKING:
    import http.client
    from collections.abc import Callable
    from typing import Any

LIMIT = 65_536  # bytes of a body; the longest answer of a service has about 4 kB

_PAUSE = 0.2  # seconds before the second attempt; doubled before each further one, three times at most
_CONNECT = 10.0  # seconds for a connection; one that succeeds takes a fraction of a second


def is_overloaded(status: int, answer: bytes) -> bool:
    """Whether another attempt may succeed: a server error, or too many requests."""
    del answer
    return status >= 500 or status == 429


class TimedOutError(CredentialsNotFound):
    """The server did not answer in time."""


class Server:
    """A server that is asked for credentials.

    Args:
        who: Its name, for messages; the address is added.
        url: Any URL of it.
        timeout: Seconds for the complete answer, so that a server that sends slowly can't block the caller.
        attempts: How many times to try before an error is raised.
        through_proxy: Whether to use the proxies of the environment.
        ca_bundle: The file of the trusted certificates; None: the system's.
    """

    def __init__(
        self,
        who: str,
        url: str,
        *,
        timeout: float,
        attempts: int = 1,
        through_proxy: bool = False,
        ca_bundle: "str | None" = None,
    ) -> None:
        self.who = who
        self.scheme, self.host, _ = self._split(url)
        self.who = f"{who} at {self.scheme}://{self.host}"
        self._timeout = timeout
        self._attempts = attempts
        self._through_proxy = through_proxy
        self._ca_bundle = ca_bundle

    def ask(
        self,
        method: str,
        url: str,
        headers: "dict[str, str]",
        body: "bytes | None" = None,
        passing: "Callable[[int, bytes], bool]" = is_overloaded,
    ) -> "tuple[int, bytes]":
        """Return status and body of the answer, never of a redirect; `passing` tells which answers are retried."""
        for attempt in range(1, self._attempts):
            try:
                status, answer = self._ask(method, url, headers, body)
                if not passing(status, answer):
                    return status, answer
            except TimedOutError:
                if self._timeout > _CONNECT:  # a caller that waited that long should not wait three times as long
                    raise
            except CredentialsNotFound:
                pass
            time.sleep(_PAUSE * 2 ** min(attempt - 1, 3))
        return self._ask(method, url, headers, body)

    def _ask(self, method: str, url: str, headers: "dict[str, str]", body: "bytes | None") -> "tuple[int, bytes]":
        import http.client

        scheme, host, target = self._split(url)
        connection, target, more = self._connection(scheme, host, target)
        end = time.monotonic() + self._timeout
        opened: list[http.client.HTTPResponse] = []
        connection.response_class = _timed(end, opened)  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]
        try:
            connection.request(method, target, body, {"Host": host, **more, **headers})
            response = connection.getresponse()
            answer = response.read(LIMIT + 1)
        except TimeoutError:
            if connection.sock is None:
                raise self.failure(f"could not be reached within {connection.timeout:g} s") from None
            raise TimedOutError(f"{self.who} did not answer within {self._timeout:g} s") from None
        except OSError as fault:
            through = "" if connection.host == _name_and_port(host, 0)[0] else " through the proxy of the environment"
            raise self.failure(f"could not be reached{through} ({fault.strerror or type(fault).__name__})") from None
        except http.client.HTTPException:
            raise self.failure("closed the connection, or does not speak HTTP") from None
        finally:
            connection.close()
            for each in opened:  # also a tunnel's, which http.client leaves open before Python 3.12
                each.close()
        if len(answer) > LIMIT:
            raise self.failure(f"answered with more than {LIMIT} bytes")
        if 300 <= response.status < 400:
            raise self.failure(f"answered with a redirect ({response.status}), which is not followed")
        return response.status, answer

    def failure(self, problem: str) -> CredentialsNotFound:
        """Return the error to raise: the server, and what is wrong."""
        return CredentialsNotFound(f"{self.who} {problem}")

    def _split(self, url: str) -> "tuple[str, str, str]":
        """Split a URL into scheme, Host value and target."""
        try:
            parts = Url(url)
            scheme, host, path, query = parts.scheme, parts.host, parts.path, parts.query
        except ValueError:
            scheme = host = path = query = ""
        if scheme not in ("http", "https"):
            raise self.failure("has no URL that can be asked: http:// or https://, a host, and a percent-encoded path")
        return scheme, host, path + (f"?{query}" if query else "")

    def _connection(
        self, scheme: str, host: str, target: str
    ) -> "tuple[http.client.HTTPConnection, str, dict[str, str]]":
        """Return an unopened connection, the request target, and the headers for the proxy."""
        import http.client

        name, port = _name_and_port(host, 443 if scheme == "https" else 80)
        proxy, credentials = self._proxy(scheme, host) if self._through_proxy else (None, {})
        address, timeout = proxy or (name, port), min(self._timeout, _CONNECT)
        if scheme == "http":
            plain = http.client.HTTPConnection(*address, timeout=timeout)
            return plain, target if proxy is None else f"http://{host}{target}", credentials
        import os
        import ssl

        bundle = self._ca_bundle
        try:
            # As in botocore: a file, or a folder of files named by OpenSSL's hashes.
            context = (
                ssl.create_default_context(capath=bundle)
                if bundle and os.path.isdir(bundle)
                else ssl.create_default_context(cafile=bundle)
            )
        except OSError as fault:  # an SSLError is one too
            raise self.failure(
                f"cannot be asked: {bundle}, which AWS_CA_BUNDLE or ca_bundle names, cannot be used ({fault.strerror})"
            ) from None
        connection = http.client.HTTPSConnection(*address, timeout=timeout, context=context)
        if proxy is not None:
            connection.set_tunnel(name, port, credentials)
        return connection, target, {}

    def _proxy(self, scheme: str, host: str) -> "tuple[tuple[str, int] | None, dict[str, str]]":
        """Return the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY set for a host, and its authorization header."""
        from base64 import b64encode
        from urllib.parse import unquote, urlsplit
        from urllib.request import getproxies, proxy_bypass

        url = getproxies().get(scheme)
        if not url or proxy_bypass(host):
            return None, {}
        parts = urlsplit("")
        try:
            parts = urlsplit(url if "://" in url else f"http://{url}")
            name, port = parts.hostname, parts.port
        except ValueError:
            name, port = None, None
        if not name:
            raise self.failure(f"cannot be asked: the proxy that the environment names for {scheme} is not a URL")
        if parts.username is None:
            return (name, port or 80), {}
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return (name, port or 80), {"Proxy-Authorization": f"Basic {b64encode(user.encode()).decode()}"}


def _name_and_port(host: str, default: int) -> "tuple[str, int]":
    """Split a valid Host value: `[::1]:8080` into `::1` and 8080."""
    name, _, port = host.rpartition(":")
    if not name or host.endswith("]"):
        return host.strip("[]"), default
    return name.strip("[]"), int(port)


class _Timed(io.RawIOBase):
    """A socket's input with one deadline for the complete answer, not one for each read."""

    def __init__(self, sock: "Any", raw: "Any", end: float) -> None:
        self._sock = sock
        self._raw = raw
        self._end = end

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "Any") -> "int | None":
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        count: int | None = self._raw.readinto(buffer)
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


def _timed(end: float, opened: "list[http.client.HTTPResponse]") -> "Callable[..., http.client.HTTPResponse]":
    """Return a factory of http.client's responses that reads through `_Timed` and adds each to `opened`."""
    import http.client

    def response(sock: "Any", *args: "Any", **named: "Any") -> http.client.HTTPResponse:
        made = http.client.HTTPResponse(sock, *args, **named)
        made.fp = io.BufferedReader(_Timed(sock, made.fp.detach(), end))
        opened.append(made)
        return made

    return response
