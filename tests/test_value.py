"""What all values have in common."""

import pytest

from sigv4presign import (
    Credentials,
)


def test_a_field_cannot_be_deleted() -> None:
    creds = Credentials("AKIDEXAMPLE", "secret")
    with pytest.raises(AttributeError, match="^Credentials is immutable: access_key_id can't be deleted$"):
        del creds.access_key_id


def test_different_values_have_different_hashes() -> None:
    assert len({hash(Credentials(f"AKIDEXAMPLE{number}", "secret")) for number in range(8)}) == 8
