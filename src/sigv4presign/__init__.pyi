# What `__init__.py` loads on first use, for type checkers and editors; tests/test_public_names.py compares the two.

from . import asgi as asgi
from . import errors as errors
from . import providers as providers
from . import tokens as tokens
from . import types as types
from . import wsgi as wsgi
from ._credentials import Credentials as Credentials
from ._diagnosis.explain import explain as explain
from ._diagnosis.finding import Finding as Finding
from ._diagnosis.inspect import Inspection as Inspection
from ._diagnosis.inspect import inspect as inspect
from ._presign import presign as presign
from ._presigned_url import PresignedUrl as PresignedUrl
from ._query_auth import GENERIC_RULES as GENERIC_RULES
from ._query_auth import S3_RULES as S3_RULES
from ._query_auth import ServiceRules as ServiceRules
from ._s3.cors import cors_rules as cors_rules
from ._s3.multipart import MultipartPlan as MultipartPlan
from ._s3.post import PresignedPost as PresignedPost
from ._s3.presigner import S3Presigner as S3Presigner
from ._server.form import VerifiedForm as VerifiedForm
from ._server.form import verify_post as verify_post
from ._server.once import UsedLinks as UsedLinks
from ._steps import CredentialScope as CredentialScope
from ._steps import SigningKey as SigningKey
from ._steps import canonical_request as canonical_request
from ._steps import derive_signing_key as derive_signing_key
from ._steps import signature as signature
from ._steps import string_to_sign as string_to_sign
from ._verify import VerifiedRequest as VerifiedRequest
from ._verify import verify as verify

__version__: str

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
