"""What an immutable value is: made whole, never changed, equal by its fields, silent about its secrets.

Rule: dataclasses would say the same, at ten milliseconds an import; this says it in forty lines.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self

set_field = object.__setattr__


class Value:
    """The base of all value classes.  `_fields` names the fields in order, `_hidden` those that `repr` keeps quiet."""

    __slots__ = ()
    _fields: "tuple[str, ...]" = ()
    _hidden: "tuple[str, ...]" = ()

    def _key(self) -> "tuple[Any, ...]":
        return tuple([getattr(self, name) for name in self._fields])

    @classmethod
    def _restore(cls, *fields: object) -> "Self":
        """A value of fields that were checked already."""
        value = cls.__new__(cls)
        for name, field in zip(cls._fields, fields):  # noqa: B905 - `strict=` costs time; the lengths are ours
            set_field(value, name, field)
        return value

    @classmethod
    def _unpickled(cls, *fields: object) -> "Self":
        value = cls._restore(*fields)
        value._start_caches()
        return value

    def _start_caches(self) -> None:
        """Set what is derived from the fields; it is not compared, copied or pickled."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be set")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__name__} is immutable: {name} cannot be deleted")

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and self._key() == other._key()

    def __hash__(self) -> int:
        return hash((type(self), self._key()))

    def __repr__(self) -> str:
        shown = [
            f"{name}=<hidden>" if name in self._hidden and field is not None else f"{name}={field!r}"
            for name, field in zip(self._fields, self._key())  # noqa: B905 - as above
        ]
        return f"{type(self).__name__}({', '.join(shown)})"

    def __copy__(self) -> "Self":
        return self

    def __deepcopy__(self, memo: object) -> "Self":
        return self

    def __reduce__(self) -> "tuple[Any, ...]":
        return self._unpickled, self._key()
