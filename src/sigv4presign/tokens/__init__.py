"""IAM tokens: presigned URLs, or something similar, that are used as passwords.

Rule: each function builds the token of one service from plain text, and percent-encodes it.  What the service fixes is
not an argument.  `credentials` are the same as for `presign`, `now` is the signing time, and no token outlives its
credentials: a default lifetime is shortened to theirs.

Each of them can raise:

- `InputError`: an argument that the service would reject; the message says what to do;
- `CredentialsExpireFirst`: the credentials have expired, or expire before a given `expires_in`;
- `TypeError`: an argument of the wrong type.

Other services need one call of `presign`: see docs/how-to/iam-tokens.md.
"""

from ._codecommit import GitLogin, codecommit
from ._databases import dsql, elasticache, memorydb, rds
from ._eks import eks
from ._eks_structure import check_eks_structure
from ._streams import iot_mqtt, msk, transcribe
from ._token import Token

__all__ = [
    "GitLogin",
    "Token",
    "check_eks_structure",
    "codecommit",
    "dsql",
    "eks",
    "elasticache",
    "iot_mqtt",
    "memorydb",
    "msk",
    "rds",
    "transcribe",
]
