"""HTTP for providers: one short answer, with limits on its time and size, from the host that was asked.

Rule: a redirect is not followed, and a proxy is used only where that is asked for.  A message names scheme, host and
port at most: a container's path is a capability, and so may be whatever came back.
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

LIMIT = 65_536  # bytes of a body; the longest answer that a service gives is some 4 kB

_PAUSE = 0.2  # seconds before the second attempt; doubled before each further one, three times at most
_CONNECT = 10.0  # seconds for a connection, which is made in a fraction of one, or not at all


def is_overloaded(status: int, answer: bytes) -> bool:
    """Whether another attempt may succeed: a server error, or too many requests."""
    del answer
    return status >= 500 or status == 429


class TimedOutError(CredentialsNotFound):
    """There was no answer in time."""


class Server:
    """A server that is asked for credentials.

    Args:
        who: What it is, for messages; the address is added.
        url: Any URL of it.
        timeout: Seconds for a whole answer, so that a server that sends slowly can't block the caller.
        attempts: How many times to try before an error counts.
        through_proxy: Whether the proxies of the environment count.
        ca_bundle: The file of the certificates that are trusted; None: the system's.
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
        """Return status and body of the answer, never of a redirect; `passing` says which are worth another attempt."""
        for attempt in range(1, self._attempts):
            try:
                status, answer = self._ask(method, url, headers, body)
                if not passing(status, answer):
                    return status, answer
            except TimedOutError:
                if self._timeout > _CONNECT:  # who has waited that long is not made to wait three times as long
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
            raise self.failure("broke off, or speaks something else than HTTP") from None
        finally:
            connection.close()
            for each in opened:  # a tunnel's, too, which http.client leaves open before Python 3.12
                each.close()
        if len(answer) > LIMIT:
            raise self.failure(f"answered with more than {LIMIT} bytes")
        if 300 <= response.status < 400:
            raise self.failure(f"answered with a redirect ({response.status}), which is not followed")
        return response.status, answer

    def failure(self, problem: str) -> CredentialsNotFound:
        """What to raise: who, and what about it."""
        return CredentialsNotFound(f"{self.who} {problem}")

    def _split(self, url: str) -> "tuple[str, str, str]":
        """Scheme, Host value and target of a URL."""
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
        """A connection that opens with its first request, the target to ask it for, and the proxy's headers."""
        import http.client

        name, port = _name_and_port(host, 443 if scheme == "https" else 80)
        proxy, credentials = self._proxy(scheme, host) if self._through_proxy else (None, {})
        if scheme == "http":
            if proxy is None:
                return http.client.HTTPConnection(name, port, timeout=min(self._timeout, _CONNECT)), target, {}
            return (
                http.client.HTTPConnection(*proxy, timeout=min(self._timeout, _CONNECT)),
                f"http://{host}{target}",
                credentials,
            )
        import os
        import ssl

        bundle = self._ca_bundle
        try:
            # As in botocore, it is a file, or a folder of files named by OpenSSL's hashes.
            context = (
                ssl.create_default_context(capath=bundle)
                if bundle and os.path.isdir(bundle)
                else ssl.create_default_context(cafile=bundle)
            )
        except OSError as fault:  # an SSLError is one too
            raise self.failure(
                f"cannot be asked: {bundle}, which AWS_CA_BUNDLE or ca_bundle names, cannot be used ({fault.strerror})"
            ) from None
        if proxy is None:
            return (
                http.client.HTTPSConnection(name, port, timeout=min(self._timeout, _CONNECT), context=context),
                target,
                {},
            )
        connection = http.client.HTTPSConnection(*proxy, timeout=min(self._timeout, _CONNECT), context=context)
        connection.set_tunnel(name, port, credentials)
        return connection, target, {}

    def _proxy(self, scheme: str, host: str) -> "tuple[tuple[str, int] | None, dict[str, str]]":
        """The proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name for a host, and the header that opens it."""
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
            raise self.failure(f"cannot be asked: the proxy that the environment names for {scheme} is no URL")
        if parts.username is None:
            return (name, port or 80), {}
        user = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        return (name, port or 80), {"Proxy-Authorization": f"Basic {b64encode(user.encode()).decode()}"}


def _name_and_port(host: str, default: int) -> "tuple[str, int]":
    """`[::1]:8080` as `::1` and 8080; a Host value is valid already."""
    name, _, port = host.rpartition(":")
    if not name or host.endswith("]"):
        return host.strip("[]"), default
    return name.strip("[]"), int(port)


class _Timed(io.RawIOBase):
    """What a socket receives, until a moment that is set for the whole answer and not for each piece of it."""

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
    """http.client's response, read through `_Timed`; each that is made is added to `opened`."""
    import http.client

    def response(sock: "Any", *args: "Any", **named: "Any") -> http.client.HTTPResponse:
        made = http.client.HTTPResponse(sock, *args, **named)
        made.fp = io.BufferedReader(_Timed(sock, made.fp.detach(), end))
        opened.append(made)
        return made

    return response
