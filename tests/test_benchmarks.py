"""What the benchmarks measure: the lists in `benchmarks/` against the public names.

Rule: no clock here; only that nothing public is left out.
"""

import ast
import math
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

import sigv4presign
from sigv4presign import tokens

OURS = Path(sigv4presign.__file__).parents[2] / "benchmarks" / "ours.py"
# What is returned and never called, the rules, which are data, and what waits for files or the network.
NOT_TIMED = {
    "Finding", "GENERIC_RULES", "Inspection", "MultipartPlan", "PresignedPost", "PresignedUrl", "S3_RULES",
    "ServiceRules", "SigningKey",
    "VerifiedForm", "VerifiedRequest", "asgi", "errors", "providers", "tokens", "types", "wsgi",
}  # fmt: skip


CHART = OURS.with_name("chart.svg")


def drawn() -> "list[tuple[str, float, float]]":
    """The chart's dots: label, figure, and how far to the right."""
    svg = ElementTree.parse(CHART).getroot()
    texts = [one for one in svg.iter("{http://www.w3.org/2000/svg}text") if one.get("class", "").startswith("name-")]
    dots = svg.iter("{http://www.w3.org/2000/svg}circle")
    figures = [float((one.text or "").replace(",", "")) for one in texts[1::2]]
    places = [float(one.get("cx", "nan")) for one in dots]
    labels = [one.text or "" for one in texts[::2]]
    return list(zip(labels, figures, places, strict=True))


def test_equal_distances_of_the_chart_are_equal_ratios() -> None:
    found = drawn()
    (_, first, left), (_, last, right) = found[0], found[-1]
    for label, figure, place in found:
        expected = left + (right - left) * math.log(figure / first) / math.log(last / first)
        assert place == pytest.approx(expected, abs=1), label


def test_the_chart_has_the_figures_of_the_results() -> None:
    results = CHART.with_name("results.md").read_text(encoding="utf-8")
    table = results.partition("### Safe keys\n")[2].partition("###")[0]
    medians = {
        row[0]: row[2] for row in re.findall(r"^\| ([\w ,.-]+) \| ([\d.,]+) \| ([\d.,]+) \|", table, re.MULTILINE)
    }
    shown = {label.removesuffix(", get_object"): figure for label, figure, _ in drawn() if "presign_many" not in label}
    assert shown == {label: float(figure.replace(",", "")) for label, figure in medians.items()}


def test_labels_of_the_chart_fit_a_phone_in_any_font() -> None:
    """A line each, at most 30 characters of 14 px, which is 270 px in the widest of usual fonts, of 354."""
    assert max(len(label) for label, _, _ in drawn()) <= 30
    assert ElementTree.parse(CHART).getroot().get("width") == "390"


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
