"""`Value`, the base of all value classes: immutable, compared by field, redacted in `repr`; and `Recent`, a cache.

Rule: a value is validated when it is constructed and never again.  Not dataclasses, which cost 10 ms of import time.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

    _Dict = dict[Any, Any]
else:
    _Dict = dict

set_field = object.__setattr__
HIDDEN = "<hidden>"


class Value:
    """The base class.  `_fields` names the fields in order, `_hidden` those that `repr` hides."""

    __slots__ = ()
    _fields: "tuple[str, ...]" = ()
    _hidden: "tuple[str, ...]" = ()

    def _key(self) -> "tuple[Any, ...]":
        return tuple([getattr(self, name) for name in self._fields])

    @classmethod
    def _restore(cls, *fields: object) -> "Self":
        """A value of fields that have been validated."""
        value = cls.__new__(cls)
        for name, field in zip(cls._fields, fields):  # noqa: B905 - `strict=` costs time; the lengths are ours
            set_field(value, name, field)
        value._start_caches()
        return value

    def _start_caches(self) -> None:
        """Set what is derived from the fields; it is not compared, copied or pickled."""

    def __setattr__(self, name: str, value: object, /) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} can't be set")

    def __delattr__(self, name: str, /) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} can't be deleted")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self), self._key()))

    def _is_built(self) -> bool:
        """Whether every field is set: a debugger or a test runner may ask for the `repr` of an unfinished value."""
        return all(hasattr(self, name) for name in self._fields)

    def __repr__(self) -> str:
        shown: list[str] = []
        for name in self._fields:
            field = getattr(self, name, ...)
            text = "<unset>" if field is ... else HIDDEN if name in self._hidden and field is not None else repr(field)
            shown.append(f"{name}={text}")
        return f"{type(self).__name__}({', '.join(shown)})"

    def __copy__(self) -> "Self":
        return self

    def __deepcopy__(self, memo: object) -> "Self":
        return self

    def __reduce__(self) -> "tuple[Any, ...]":
        return self._restore, self._key()


class Recent(_Dict):
    """A cache with a maximum size, since its keys may come from outside.

    It is cleared when it is full, which is atomic, so threads need no lock.
    """

    __slots__ = ("most",)

    def __init__(self, most: int = 64) -> None:
        self.most = most

    def keep(self, key: "Any", value: "Any") -> "Any":
        """Keep a value, and return it."""
        if len(self) >= self.most:
            self.clear()
        self[key] = value
        return value
