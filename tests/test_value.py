"""What all values have in common."""

import pytest

from sigv4presign import (
    Credentials,
)


def test_a_field_cannot_be_deleted() -> None:
    creds = Credentials("AKIDEXAMPLE", "secret")
    with pytest.raises(AttributeError, match="^Credentials is immutable: access_key_id can't be deleted$"):
        del creds.access_key_id


def test_a_value_that_was_never_built_says_so_and_one_that_was_hides_its_secrets() -> None:
    """A debugger shows the first: `self` on the way through a constructor."""
    unbuilt = repr(Credentials.__new__(Credentials))
    assert unbuilt.startswith("Credentials(access_key_id=<unset>, secret_access_key=<unset>, ")
    built = repr(Credentials("AKIDEXAMPLE", "secret"))
    assert built.startswith("Credentials(access_key_id='AKIDEXAMPLE', secret_access_key=<hidden>, ")


def test_different_values_have_different_hashes() -> None:
    assert len({hash(Credentials(f"AKIDEXAMPLE{number}", "secret")) for number in range(8)}) == 8
