"""`make peers`: the same random requests signed by every peer, and what our verifier says of each URL and form.

Rule: a peer's URL has to be accepted by `verify` and name the object that was asked for; what is not explained in
`disagreements` fails.  boto3 is compared more closely: its own URL for random Params of every operation.
"""

import argparse
import calendar
import json
import os
import re
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import evidence

from sigv4presign import Credentials, S3Presigner, inspect, verify, verify_post
from sigv4presign.errors import VerificationError

from .asked import ACCESS_KEY_ID, SECRET, forms, requests
from .disagreements import TABLE, Disagreement

HERE = Path(__file__).parent
ENVIRONMENT = HERE.parents[1] / ".venv-peers"
PYTHON = {
    "boto3": "boto3", "AWS CLI": "awscli", "minio-py": "minio", "signurlarity": "signurlarity",
    "fast-s3-url": "fast-s3-url", "asigv4": "asigv4", "obstore": "obstore", "s3cmd": "s3cmd",
}  # fmt: skip
NODE = {
    "AWS SDK for JavaScript": "aws-sdk-js", "minio-js": "minio-js", "aws4fetch": "aws4fetch", "aws4": "aws4",
    "s3-lite-client": "s3-lite-client",
}  # fmt: skip
PACKAGES = {
    "aws-sdk-js": "@aws-sdk/s3-request-presigner",
    "minio-js": "minio",
    "s3-lite-client": "@bradenmacdonald/s3-lite-client",
}

# What a peer has calls for, where it is not everything.
LIMITS: "dict[str, dict[str, Any]]" = {
    "AWS CLI": {"methods": ["GET"], "stores": [None], "parameters_too": False},
    "signurlarity": {"stores": [None], "tokens": [None], "parameters_too": False},
    "fast-s3-url": {"methods": ["GET"], "parameters_too": False},
    "obstore": {"parameters_too": False},
    "s3cmd": {"methods": ["GET"], "stores": [None], "tokens": [None], "parameters_too": False},
}

SLOW = {"AWS CLI": 10}  # it reads its command line anew for each URL: as many times fewer requests

AGREE = "agree"


def version(peer: str) -> str:
    if peer in PYTHON:
        pinned = (HERE / "requirements.txt").read_text(encoding="utf-8")
        (found,) = re.findall(rf"^{PYTHON[peer]}==([^;\s]+)", pinned, re.MULTILINE)
        return str(found)
    name = NODE[peer]
    return str(
        json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"][PACKAGES.get(name, name)]
    )


def ask(peer: str, given: "dict[str, Any]") -> "dict[str, Any]":
    """What a peer makes of the requests."""
    if peer in PYTHON:
        words = [ENVIRONMENT / "bin" / "python", "-I", HERE / "makers.py", PYTHON[peer]]
    else:
        words = ["node", HERE / "makers.mjs", NODE[peer]]
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "PYTHON"))}
    done = subprocess.run(
        [*map(str, words)],
        input=json.dumps(given).encode(),
        stdout=subprocess.PIPE,
        check=True,
        timeout=3600,
        cwd=ENVIRONMENT / "node",
        env=environ,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def signed_at(url: str) -> "int | None":
    found = re.search(r"[?&]X-Amz-Date=(\w+)", url)
    return None if found is None else calendar.timegm(time.strptime(found[1], "%Y%m%dT%H%M%SZ"))


def judge_url(request: "dict[str, Any]", url: Any) -> str:
    """What we make of a peer's URL: `agree`, or how we differ."""
    if isinstance(url, dict):
        return f"refused: {url['refused']}"
    if inspect(url).kind == "v2":
        return "version 2"
    keys = Credentials(ACCESS_KEY_ID, SECRET, request["token"])
    try:
        seen = verify(
            request["method"], url, headers={}, secrets=lambda _: keys, service="s3", region=request["region"],
            now=signed_at(url),
        )  # fmt: skip
    except VerificationError as refusal:
        return f"{refusal.reason}: {refusal}"
    if unquote(seen.path, errors="strict") not in (f"/{request['bucket']}/{request['key']}", f"/{request['key']}"):
        return "another object"
    query = dict(seen.query)
    if any(query.get(name) != value for name, value in request["parameters"].items()):
        return "another answer"
    if seen.expires_at != (signed_at(url) or 0) + request["expires_in"]:
        return "another lifetime"
    return AGREE


def judge_form(request: "dict[str, Any]", form: Any) -> str:
    if "refused" in form:
        return f"refused: {form['refused']}"
    keys = Credentials(ACCESS_KEY_ID, SECRET, request["token"])
    try:
        seen = verify_post(
            form["fields"], file_size=request["sizes"][0], bucket=request["bucket"], secrets=lambda _: keys,
            service="s3", region=request["region"],
        )  # fmt: skip
    except VerificationError as refusal:
        return f"{refusal.reason}: {refusal}"
    return AGREE if seen.key == request["key"] else "another object"


def our_url(request: "dict[str, Any]") -> "dict[str, str]":
    """Ours of the same request, for a peer that can verify."""
    keys = Credentials(ACCESS_KEY_ID, SECRET, request["token"])
    presigner = S3Presigner(keys, request["region"], endpoint=request["store"])
    url = presigner.presign(
        request["method"], request["bucket"], request["key"], query=request["parameters"], expires_in=604_800,
        allow_dot_segments=True,
    )  # fmt: skip
    return {"method": url.method, "url": str(url)}


def compare_with_boto3(count: int) -> int:
    """Random calls of every operation through boto3's own call, ours beside them; how many were compared."""
    import test_boto3
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    from sigv4presign._s3.operation_table import OPERATIONS

    compared = 0

    def compare(operation: str, data: st.DataObject) -> None:
        nonlocal compared
        test_boto3.same_url(operation, *data.draw(test_boto3.calls(operation)))
        compared += 1

    each = -(-count // len(OPERATIONS))
    healthy = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
    with test_boto3.one_moment():
        for operation in OPERATIONS:
            checked: Any = given(st.just(operation), st.data())(compare)
            settings(max_examples=each, deadline=None, database=None, suppress_health_check=healthy)(checked)()
    return compared


def main() -> int:
    parser = argparse.ArgumentParser(prog="make peers")
    parser.add_argument("--count", type=int, default=10_000, help="random requests for each peer")
    parser.add_argument("--calls", type=int, default=20_000, help="random calls for boto3, over all operations")
    parser.add_argument("--record", action="store_true", help="write docs/evidence.md")
    given = parser.parse_args()

    asked_forms = forms(max(given.count // 10, 1), seed=2)
    rows: list[list[str]] = []
    differences: dict[tuple[str, str], list[str]] = defaultdict(list)
    judged_by = ""
    for peer in [*PYTHON, *NODE]:
        asked = requests(given.count // SLOW.get(peer, 1), seed=1, **LIMITS.get(peer, {}))
        ours = [our_url(each) for each in asked] if peer == "asigv4" else []
        keys_given = [ACCESS_KEY_ID, SECRET]
        found = ask(peer, {"keys": keys_given, "requests": asked, "forms": asked_forms, "urls": ours})
        outcomes: Counter[str] = Counter()
        for kind, judge, requests_of_kind in (("urls", judge_url, asked), ("forms", judge_form, asked_forms)):
            for request, answer in zip(requests_of_kind, found[kind], strict=True):
                if answer is None:
                    continue
                outcome = judge(request, answer)
                outcomes[f"{kind} {AGREE if outcome == AGREE else 'differ'}"] += 1
                if outcome != AGREE:
                    differences[peer, outcome].append(request["key"])
        rows.append(
            [f"{peer} {version(peer)}", *[f"{outcomes[name]:,}" for name in
             ("urls agree", "urls differ", "forms agree", "forms differ")]]
        )  # fmt: skip
        sys.stderr.write(f"{' | '.join(rows[-1])}\n")
        if "judged" in found:
            refused = [answer for answer in found["judged"] if answer]
            judged_by = (
                f"{peer} verifies {len(found['judged']) - len(refused):,} of {len(found['judged']):,} URLs of ours."
            )
            differences.update({(peer, f"verifier: {answer}"): [""] for answer in refused})
    calls = compare_with_boto3(given.calls)

    explained: dict[Disagreement, list[str]] = defaultdict(list)
    unexplained: list[str] = []
    for (peer, outcome), keys in differences.items():
        row = next((row for row in TABLE if row.maker == peer and outcome.startswith(row.outcome)), None)
        if row is None:
            unexplained.append(f"{peer}: {outcome}: {len(keys)}, such as {keys[0]!r}")
        else:
            explained[row] += keys
    gone = [f"{row.maker}: {row.outcome}" for row in TABLE if row not in explained]
    body = (
        f"{given.count:,} random requests and {len(asked_forms):,} forms for each peer, as far as it can (a tenth "
        "for the AWS CLI); our `verify` and `verify_post` on each URL and form, for the object that was asked for.\n\n"
        + evidence.table(["peer", "URLs agree", "differ", "forms agree", "differ"], rows, numbers=[1, 2, 3, 4])
        + f"\n{judged_by} boto3 {version('boto3')} and `generate_presigned_url` give the same URL for {calls:,} random "
        f"calls, over all operations.\n\n"
        + evidence.table(
            ["peer", "difference", "times", "who is right", "why"],
            [[row.maker, f"`{row.outcome}`", f"{len(keys):,}", row.who, row.why] for row, keys in explained.items()],
            numbers=[2],
        )
    )
    if unexplained or gone:
        sys.stderr.write("\n".join([*unexplained, *[f"no longer occurs: {each}" for each in gone]]) + "\n")
        return 1
    asked_of_each = f"{len(rows)} peers, up to {given.count:,} random requests each"
    line = f"{asked_of_each}, {calls:,} calls of boto3: every difference explained"
    if given.record:
        evidence.write("make peers", body, line)
    else:
        sys.stdout.write(f"{body}\n{line}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
