"""The part of `PresignedOnly` that WSGI and ASGI share: its checked settings, its error responses, its log lines.

Rule: nothing here reads an environ, a scope or a socket; an answer is bounded, and its log line has no query.
"""

import itertools
import logging
import os

from .._canonical import is_method
from .._expectations import Expectations
from .._verify import claimer, finder
from ..errors import InputError, VerificationError
from .cors import Cors, several
from .refusal import Refused, error_xml, method_not_allowed, shown_resource
from .request import Hints, PrefixMismatch, PresignedRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from typing import Any, Literal

    from typing_extensions import Unpack

    from .._canonical import Headers
    from .request import Host, Options, Served

    ErrorFormat = Literal["xml", "json"]
    # Status, headers and body of an answer that a guard gives itself.
    Answer = tuple[int, list[tuple[str, str]], bytes]

VERIFIED = "sigv4presign.verified"  # where a guard puts the VerifiedRequest, in the environ and in the scope
INFO, WARNING = logging.INFO, logging.WARNING
METHODS = ("GET", "HEAD", "PUT", "POST", "DELETE")  # those that S3's operations have


class Guard:
    """The checked settings of a `PresignedOnly`, and the answers it gives instead of its application.

    Attributes:
        methods: The methods that are served.
        expected: What each request must match.
        find: The function that looks an access key id up.
        single_use: The store of used links, or None.
    """

    def __init__(
        self,
        *,
        host: "Host",
        secrets: "Any",
        service: str,
        region: "str | None",
        methods: "Collection[str]",
        error_format: "ErrorFormat",
        cors: "Cors | None",
        single_use: "Any",
        **options: "Unpack[Options]",
    ) -> None:
        self.methods = several("methods", methods)
        if not self.methods or not all(map(is_method, self.methods)):
            raise InputError("methods", f"{self.methods!r} must be HTTP methods in upper case")
        if error_format not in ("xml", "json"):
            raise InputError("error_format", f"unknown format {error_format!r}; use 'xml' or 'json'")
        if cors is not None and not isinstance(cors, Cors):
            raise TypeError(f"cors: expected Cors, got {type(cors).__name__}")
        self.expected = Expectations(service=service, region=region, host=host or (), **options)
        self.find: Any = finder(secrets)
        self.single_use = single_use
        if single_use is not None:
            claimer(single_use)  # whether it has one
        self._content_type = ("Content-Type", f"application/{error_format}")
        self._body_of: "Callable[[Refused | VerificationError, str, str], bytes]" = error_xml
        if error_format == "json":
            from .refusal_json import error_json

            self._body_of = error_json
        self._log_ids = os.urandom(4).hex().upper()  # with a counter appended: request ids unique across processes
        self._refusals = itertools.count(1)
        self._hints = Hints()
        self._log = logging.getLogger("sigv4presign")
        self._cors = cors

    def begin(self, method: str, target: str, headers: "Headers", served: "Served | None") -> PresignedRequest:
        """Read a request; reject one that is not presigned, or not for this service."""
        if method not in self.methods:
            raise method_not_allowed(self.methods)
        return PresignedRequest(method, target, headers, served, self.expected, hints=self._hints)

    def preflight(self, method: str, header: "Callable[[str], str | None]") -> "Answer | None":
        """The answer to a CORS preflight; None if the request is not one, or CORS is not configured.

        https://fetch.spec.whatwg.org/#cors-preflight-request
        """
        origin, wanted = header("origin"), header("access-control-request-method")
        if self._cors is None or method != "OPTIONS" or origin is None or wanted is None:
            return None
        allowed = self._cors.allowed_headers(origin, header("access-control-request-headers") or "")
        if wanted not in self.methods or allowed is None:
            # S3's code, and the beginning of its message.
            raise Refused(
                403,
                "AccessForbidden",
                "CORSResponse: This CORS request is not allowed: its origin, its method or one of its headers is not.",
            )
        headers = [
            ("Access-Control-Allow-Methods", ", ".join(self.methods)),
            *([("Access-Control-Allow-Headers", ", ".join(allowed))] if allowed else ()),
            ("Access-Control-Max-Age", str(self._cors.max_age)),
        ]
        return 204, headers, b""

    def response_headers(self, header: "Callable[[str], str | None]") -> "list[tuple[str, str]]":
        """The CORS headers of every answer."""
        return [] if self._cors is None else self._cors.response_headers(header("origin"))

    def refusal(self, error: "Refused | VerificationError", method: str, target: str) -> "Answer":
        """Log a rejected request, and return the answer to it; to HEAD it has no body."""
        resource = shown_resource(target)
        log_id = f"{self._log_ids}{next(self._refusals):08X}"
        self._tell(error, method, resource, log_id)
        body = self._body_of(error, resource, log_id)
        headers = [
            self._content_type,
            ("Content-Length", str(len(body))),
            ("x-amz-request-id", log_id),
            *(error.headers if isinstance(error, Refused) else ()),
        ]
        return error.status, headers, b"" if method == "HEAD" else body

    def _tell(self, error: "Refused | VerificationError", method: str, resource: str, log_id: str) -> None:
        """Log a rejected request: INFO, or WARNING for a wrong path prefix."""
        level = WARNING if isinstance(error, PrefixMismatch) else INFO
        if self._log.isEnabledFor(level):
            reason = error.reason if isinstance(error, VerificationError) else error.code
            self._log.log(
                level,
                "%s %s refused (%s, %s): %s",
                ascii(method[:20])[1:-1],
                ascii(resource)[1:-1],
                reason,
                log_id,
                error,
            )
