"""What the benchmarks measure: the lists in `benchmarks/` against the public names.

Rule: no clock here; only that nothing public is left out.
"""

import ast
from pathlib import Path

import pytest

import sigv4presign
from sigv4presign import tokens

OURS = Path(sigv4presign.__file__).parents[2] / "benchmarks" / "ours.py"
# What is returned and never called, the rules, which are data, and what waits for files or the network.
NOT_TIMED = {
    "Finding", "GENERIC_RULES", "Inspection", "PresignedPost", "PresignedUrl", "S3_RULES", "ServiceRules", "SigningKey",
    "VerifiedForm", "VerifiedRequest", "asgi", "errors", "providers", "tokens", "types", "wsgi",
}  # fmt: skip


def called() -> "set[str]":
    """Whatever is called in the file: `presign`, `tokens.eks`, `s3.get_object` as `get_object`."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(OURS.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            names.add(ast.unparse(node.func))
            if isinstance(node.func, ast.Attribute):
                names.add(node.func.attr)
    return names


@pytest.mark.parametrize("name", sorted(set(sigv4presign.__all__) - NOT_TIMED))
def test_every_public_door_is_timed(name: str) -> None:
    assert name in called()


@pytest.mark.parametrize("name", sorted(set(tokens.__all__) - {"GitLogin", "Token"}))
def test_every_kind_of_token_is_timed(name: str) -> None:
    assert f"tokens.{name}" in called()


@pytest.mark.parametrize("name", ["wsgi.verify", "asgi.verify", "used.claim", "multipart_plan", "presign_many"])
def test_the_other_doors_are_timed(name: str) -> None:
    assert name in called()
