"""Type aliases for annotations.

Rule: each alias is defined beside what it describes, as text, so that signing loads neither `typing` nor `datetime`;
they are gathered and evaluated here, and nothing in the package imports this module.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, Union

from . import _canonical, _credentials, _query_auth, _time, _verify, errors
from ._credentials import Credentials
from ._protocols import BotocoreCredentials, SingleUse
from ._steps import SigningKey

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._canonical import Headers as Headers
    from ._canonical import Query as Query
    from ._credentials import CredentialsSource as CredentialsSource
    from ._query_auth import SessionTokenRule as SessionTokenRule
    from ._time import Lifetime as Lifetime
    from ._time import Now as Now
    from ._verify import Secrets as Secrets
    from .errors import Reason as Reason
else:
    _NAMES = {
        "Any": Any, "BotocoreCredentials": BotocoreCredentials, "Callable": Callable, "Credentials": Credentials,
        "Iterable": Iterable, "Literal": Literal, "Mapping": Mapping, "SigningKey": SigningKey, "Union": Union,
        "datetime": datetime, "timedelta": timedelta,
    }  # fmt: skip

    def _evaluated(text: str) -> Any:
        return eval(
            text, {"__builtins__": {"bytes": bytes, "float": float, "int": int, "str": str, "tuple": tuple}}, _NAMES
        )

    Headers = _evaluated(_canonical.Headers)
    Query = _evaluated(_canonical.Query)
    Now = _evaluated(_time.Now)
    Lifetime = _evaluated(_time.Lifetime)
    SessionTokenRule = _evaluated(_query_auth.SessionTokenRule)
    Reason = _evaluated(errors.Reason)
    Known = _NAMES["Known"] = _evaluated(_credentials.Known)
    CredentialsSource = _evaluated(_credentials.CredentialsSource)
    _NAMES["Found"] = _evaluated(_verify.Found)
    Secrets = _evaluated(_verify.Secrets)

__all__ = [
    "BotocoreCredentials",
    "CredentialsSource",
    "Headers",
    "Lifetime",
    "Now",
    "Query",
    "Reason",
    "Secrets",
    "SessionTokenRule",
    "SingleUse",
]
