"""Presigned URLs for S3 and every other AWS service, made and verified by hand: AWS Signature Version 4, query string.

Rule: a name is loaded when it is first used, so that a program pays for what it uses; the table below says from where.
"""

from . import errors

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import asgi as asgi
    from . import providers as providers
    from . import tokens as tokens
    from . import types as types
    from . import wsgi as wsgi
    from ._explain.explain import explain as explain
    from ._explain.finding import Finding as Finding
    from ._inspect import Inspection as Inspection
    from ._inspect import inspect as inspect
    from ._presign import presign as presign
    from ._presigner import S3Presigner as S3Presigner
    from ._s3.cors import cors_rules as cors_rules
    from ._s3.multipart import MultipartPlan as MultipartPlan
    from ._s3.post import PresignedPost as PresignedPost
    from ._server.form import VerifiedForm as VerifiedForm
    from ._server.form import verify_post as verify_post
    from ._server.once import UsedLinks as UsedLinks
    from ._signature import GENERIC_RULES as GENERIC_RULES
    from ._signature import S3_RULES as S3_RULES
    from ._signature import ServiceRules as ServiceRules
    from ._steps import CredentialScope as CredentialScope
    from ._steps import SigningKey as SigningKey
    from ._steps import canonical_request as canonical_request
    from ._steps import derive_signing_key as derive_signing_key
    from ._steps import signature as signature
    from ._steps import string_to_sign as string_to_sign
    from ._values import Credentials as Credentials
    from ._values import PresignedUrl as PresignedUrl
    from ._verify import VerifiedRequest as VerifiedRequest
    from ._verify import verify as verify

__version__ = "0.1.0"

_HOMES = {
    "CredentialScope": "_steps",
    "Credentials": "_values",
    "Finding": "_explain.finding",
    "GENERIC_RULES": "_signature",
    "Inspection": "_inspect",
    "MultipartPlan": "_s3.multipart",
    "PresignedPost": "_s3.post",
    "PresignedUrl": "_values",
    "S3Presigner": "_presigner",
    "S3_RULES": "_signature",
    "ServiceRules": "_signature",
    "SigningKey": "_steps",
    "UsedLinks": "_server.once",
    "VerifiedForm": "_server.form",
    "VerifiedRequest": "_verify",
    "asgi": "asgi",
    "canonical_request": "_steps",
    "cors_rules": "_s3.cors",
    "derive_signing_key": "_steps",
    "explain": "_explain.explain",
    "inspect": "_inspect",
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

__all__ = [
    "GENERIC_RULES",
    "S3_RULES",
    "CredentialScope",
    "Credentials",
    "Finding",
    "Inspection",
    "MultipartPlan",
    "PresignedPost",
    "PresignedUrl",
    "S3Presigner",
    "ServiceRules",
    "SigningKey",
    "UsedLinks",
    "VerifiedForm",
    "VerifiedRequest",
    "asgi",
    "canonical_request",
    "cors_rules",
    "derive_signing_key",
    "errors",
    "explain",
    "inspect",
    "presign",
    "providers",
    "signature",
    "string_to_sign",
    "tokens",
    "types",
    "verify",
    "verify_post",
    "wsgi",
]


def __getattr__(name: str) -> object:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = __import__(f"{__name__}.{home}", fromlist=("__name__",))
    value: object = module if home == name else getattr(module, name)
    globals()[name] = value  # so that this runs once a name
    return value


def __dir__() -> "list[str]":
    return sorted([*__all__, "__version__"])
