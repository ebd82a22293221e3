"""The errors: one base to catch, two families, and evidence that survives a pickle."""

import pickle
import subprocess
import sys
import traceback
from typing import Any

import pytest

from sigv4presign import errors


def every_error() -> "list[errors.Sigv4PresignError]":
    return [
        errors.InputError("key", "is empty"),
        errors.CredentialsNotFound("nowhere"),
        errors.CredentialsExpireFirst("too soon", seconds_left=3),
        errors.VerificationError("wrong_host", "AccessDenied", 403, "no"),
        errors.Expired("over", expires_at=5),
        errors.NotYetValid("soon", valid_from=6),
        errors.SignatureMismatch("no", canonical_request="GET", string_to_sign="AWS4"),
    ]


def test_the_list_is_whole() -> None:
    assert {type(error).__name__ for error in every_error()} | {"Sigv4PresignError"} == set(errors.__all__)


def test_the_base_is_caught_and_never_raised() -> None:
    with pytest.raises(TypeError, match="raise one of its subclasses"):
        errors.Sigv4PresignError("no")
    for error in every_error():
        assert isinstance(error, errors.Sigv4PresignError)


def test_a_callers_fault_and_a_requests_fault_are_told_apart() -> None:
    assert issubclass(errors.InputError, ValueError)
    assert not issubclass(errors.VerificationError, ValueError)
    assert not issubclass(errors.InputError, errors.VerificationError)


@pytest.mark.parametrize("error", every_error(), ids=lambda error: type(error).__name__)
def test_an_error_pickles_with_its_evidence(error: errors.Sigv4PresignError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_what_errors_carry() -> None:
    assert errors.InputError("key", "is empty").parameter == "key"
    assert str(errors.InputError("key", "is empty")) == "key: is empty"
    mismatch = errors.SignatureMismatch("no", canonical_request="GET", string_to_sign="AWS4")
    assert (mismatch.canonical_request, mismatch.string_to_sign) == ("GET", "AWS4")
    assert "GET" not in repr(mismatch)
    assert (mismatch.reason, mismatch.code, mismatch.status) == ("signature_mismatch", "SignatureDoesNotMatch", 403)


def test_every_error_goes_by_its_public_name() -> None:
    assert dir(errors) == sorted(errors.__all__)
    for error in every_error():
        assert type(error).__module__ == "sigv4presign.errors"
        assert getattr(errors, type(error).__name__) is type(error)
    with pytest.raises(AttributeError, match="'sigv4presign.errors' has no attribute 'SignatureMissing'"):
        getattr(errors, "signatureMissing".replace("s", "S", 1))


def test_an_except_clause_may_be_the_first_to_name_a_refusal() -> None:
    code = """
from sigv4presign import Credentials, S3Presigner, errors
try:
    S3Presigner(Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1").get_object("photos", "")
except errors.VerificationError:
    raise
except errors.InputError as fault:
    print(fault.parameter)
"""
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert run.stdout == "key\n"


def test_the_frames_of_a_cause_go_too_where_there_is_no_context() -> None:
    ours: dict[str, Any] = {"__name__": "sigv4presign._anything"}
    exec("def fail():\n    raise ValueError", ours)
    with pytest.raises(ValueError, match="^$") as caught:
        ours["fail"]()
    error = errors.InputError("key", "is empty")
    error.__cause__ = caught.value
    errors.without_our_frames(error)
    left = [frame.f_globals["__name__"] for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    assert left == [__name__]
