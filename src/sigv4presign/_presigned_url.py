"""`PresignedUrl`: a `str` with the method, headers and expiry of the URL."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    Facts = tuple[str, tuple[tuple[str, str], ...], "int | None"]  # method, signed headers, expiry


class PresignedUrl(str):
    """A presigned URL: a `str` with the method, headers and expiry of the URL.

    Presigners make it; one constructed from a plain `str` has none of these.  Equality and hash are the string's;
    `str(url)` is a plain string; `repr` hides signature and session token.

    Attributes:
        method: The HTTP method it was signed for.  A GET URL is not valid for HEAD.
        headers: What the client must send besides Host, as a fresh dict: names in lower case, values as signed.
        expires_at: When it expires, in epoch seconds; None for a URL without X-Amz-Expires.

    Example:
        >>> from sigv4presign import Credentials, S3Presigner
        >>> s3 = S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1")
        >>> url = s3.put_object("photos", "a.png", content_type="image/png", expires_in=60, now=1764000000)
        >>> url.method, url.headers, url.expires_at
        ('PUT', {'content-type': 'image/png'}, 1764000060)
    """

    # One slot, set by the presigner: a __new__ that took the facts, or a __setattr__ that refused them, would cost each
    # URL 0.1 us (benchmark row "safe keys").  What is public are properties, so nothing public can be set.
    __slots__ = ("_about",)
    _about: "Facts"

    def _facts(self) -> "Facts":
        try:
            return self._about
        except AttributeError:
            problem = (
                "this PresignedUrl was constructed from a plain str, so its method, headers and expiry are unknown"
            )
            raise AttributeError(problem) from None

    @property
    def method(self) -> str:
        return self._facts()[0]

    @property
    def headers(self) -> "dict[str, str]":
        return {name: value for name, value in self._facts()[1] if name != "host"}

    @property
    def expires_at(self) -> "int | None":
        return self._facts()[2]

    def curl(self, path: str = "FILE", *, body: "bool | None" = None) -> str:
        """A curl command for a POSIX shell that uses the URL.

        The command contains the URL, so treat it as a secret, like the URL.

        Args:
            path: The file to send, if one is sent.
            body: Whether a file is sent; None: only with PUT.  A copy is a PUT without a body,
                `complete_multipart_upload` a POST with one.
        """
        from ._diagnosis.curl import curl_command

        return curl_command(self, path, body)

    def to_dict(self) -> "dict[str, Any]":
        """`method`, `url`, `headers` and `expires_at` as plain data, ready for JSON."""
        return {"method": self.method, "url": str(self), "headers": self.headers, "expires_at": self.expires_at}

    def __repr__(self) -> str:
        from ._redaction import redacted

        if not hasattr(self, "_about"):  # constructed from a plain str; a repr must not fail
            return f"<PresignedUrl {redacted(self)}>"
        return f"<PresignedUrl {self.method} {redacted(self)} expires_at={self.expires_at}>"

    def __reduce__(self) -> "tuple[Any, ...]":
        return _restore_url, (type(self), str(self), getattr(self, "_about", None))


def _restore_url(cls: "type[PresignedUrl]", text: str, about: "Facts | None") -> PresignedUrl:
    url = cls(text)
    if about is not None:
        url._about = about
    return url
