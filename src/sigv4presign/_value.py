"""`Value`, the base of all value classes: immutable, compared by field, redacted in `repr`; and `keep`, for caches.

Rule: a value is validated when it is constructed and never again.  Not dataclasses, which cost 10 ms of import time.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeVar

    from typing_extensions import Self

    Key = TypeVar("Key")
    Kept = TypeVar("Kept")

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


def keep(cache: "dict[Key, Kept]", key: "Key", value: "Kept", most: int = 64) -> "Kept":
    """Keep a value in a cache, and return it.

    Keys come from outside, so a full cache is cleared: in one step, so threads need no lock.
    """
    if len(cache) >= most:
        cache.clear()
    cache[key] = value
    return value
