"""IAM tokens: a presigned URL, or what comes close to one, in place of a password.

Rule: each function is one service's recipe, and takes plain text; encoding it is our work.  What the service fixes is
not an argument.  `credentials` are what they are everywhere, `now` is when the token begins, and a token never promises
more than its credentials hold: a lifetime that was not asked for is shortened to theirs.

Each of them can raise:

- `InputError`: an argument that the service would refuse, or that cannot be meant; the message says what to do;
- `CredentialsExpireFirst`: the credentials have ended, or end before an `expires_in` that was given;
- `TypeError`: an argument of the wrong type.

Services without a function here are one call of `presign`: see docs/how-to/iam-tokens.md.
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
