"""The library's messages, as users of the command line read them.

Rule: a message names what can be typed here, an option rather than a parameter, and shows no signature.
"""

from ..errors import InputError

# How the parameters that errors name are written here.
_OPTIONS = {
    "addressing_style": "--addressing-style",
    "content_type": "--content-type",
    "endpoint": "--endpoint",
    "expires_in": "--expires-in",
    "headers": "--header",
    "method": "METHOD",
    "name": "--name",
    "path": "PATH",
    "port": "--port",
    "public_endpoint": "--public-endpoint",
    "query": "--query",
    "region": "--region",
    "service": "--service",
    "url": "URL",
    "version_id": "--version-id",
}

# Where a message speaks Python, and what it says here instead.
_WORDS = {
    "needs the endpoint= whose": "needs the --endpoint whose",
    "use addressing_style='path'": "use --addressing-style path",
    "let S3Presigner shorten it with clamp_to_credentials=True": "leave --expires-in out, and it is shortened",
    "query= takes parameters, S3Presigner takes keys": "--query takes parameters; get, put, head and delete take keys",
    ", from now= and credentials=;": " by itself;",
    "; give it as payload_hash=": ", and no other can be signed here",
}


def message(fault: Exception) -> str:
    """What an error says, in the words of the command line."""
    text = str(fault)
    if isinstance(fault, InputError):
        text = _OPTIONS.get(fault.parameter, fault.parameter) + text.removeprefix(fault.parameter)
    for python, here in _WORDS.items():
        text = text.replace(python, here)
    return without_secrets(text)


def without_secrets(text: str) -> str:
    """A message without the signature of a URL that was quoted in it."""
    from .._query_auth import redacted

    return " ".join([redacted(word) for word in text.split(" ")])
