"""Presigned URLs for S3 and every other AWS service: AWS Signature Version 4, query string, in pure Python.

Rule: names are loaded on first use, from the module in the table below; `__init__.pyi` has the same names for type
checkers and editors.
"""

from . import errors as errors

__version__ = "0.1.0"

_HOMES = {
    "CredentialScope": "_steps",
    "Credentials": "_credentials",
    "Finding": "_diagnosis.finding",
    "GENERIC_RULES": "_query_auth",
    "Inspection": "_diagnosis.inspect",
    "MultipartPlan": "_s3.multipart",
    "PresignedPost": "_s3.post",
    "PresignedUrl": "_presigned_url",
    "S3Presigner": "_s3.presigner",
    "S3_RULES": "_query_auth",
    "ServiceRules": "_query_auth",
    "SigningKey": "_steps",
    "UsedLinks": "_server.once",
    "VerifiedForm": "_server.form",
    "VerifiedRequest": "_verify",
    "asgi": "asgi",
    "canonical_request": "_steps",
    "cors_rules": "_s3.cors",
    "derive_signing_key": "_steps",
    "explain": "_diagnosis.explain",
    "inspect": "_diagnosis.inspect",
    "presign": "_presign",
    "providers": "providers",
    "signature": "_steps",
    "string_to_sign": "_steps",
    "tokens": "tokens",
    "types": "types",
    "verify": "_verify",
    "verify_post": "_server.form",
    "wsgi": "wsgi",
}

_NAMES = sorted([*_HOMES, "errors"])
__all__ = _NAMES  # noqa: PLE0605  # pyright: ignore[reportUnsupportedDunderAll]  # the stub has it as a literal


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = __import__(f"{__name__}.{home}", fromlist=("__name__",))
    value: object = module if home == name else getattr(module, name)
    globals()[name] = value  # so that this runs once a name
    return value


def __dir__() -> "list[str]":
    return [*_NAMES, "__version__"]
