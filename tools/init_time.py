"""What a function's cold start costs in AWS Lambda, by what it ships and with boto3.  Writes docs/evidence.md.

Rule: a start is a new process of AWS's runtime client with one handler that signs one S3 URL; what is reported is the
median of many starts, the functions in turns, and beside it what a handler costs that imports nothing.  Nothing writes
bytecode meanwhile, as nothing can in Lambda.

Usage: python tools/init_time.py [--rounds N]      (in an environment with awslambdaric and boto3: make layer-record)
"""

import argparse
import importlib.metadata
import io
import os
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from typing import NamedTuple

import evidence
import lambda_runtime
import layer
import single_file

ENVIRON = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
EMPTY = """
def handler(event, context):
    return ""
"""
# The core has no S3Presigner; its users join the URL themselves.
CORE = """
from sigv4presign import Credentials, presign

def handler(event, context):
    url = f"https://{event['bucket']}.s3.eu-west-1.amazonaws.com/{event['key']}"
    return str(presign("GET", url, credentials=Credentials.from_environ(), region="eu-west-1", service="s3"))
"""
WHOLE = """
from sigv4presign import Credentials, S3Presigner
s3 = S3Presigner(Credentials.from_environ, region="eu-west-1")

def handler(event, context):
    return str(s3.get_object(event["bucket"], event["key"]))
"""
BOTO3 = """
import boto3
s3 = boto3.client("s3")

def handler(event, context):
    return s3.generate_presigned_url("get_object", {"Bucket": event["bucket"], "Key": event["key"]})
"""
WITH_BYTECODE = "whole, with bytecode"
SOURCES_ALONE = "whole, sources alone"
OF_THE_RUNTIME = "boto3, which the runtime has"
EVENT = {"bucket": "reports", "key": "2026/costs.csv"}


class Function(NamedTuple):
    """What is measured: a handler, and the zip that it finds at /opt."""

    name: str
    handler: str
    layer: bytes | None = None


def functions() -> "list[Function]":
    return [
        Function("an empty handler", EMPTY),
        Function("core, with bytecode", CORE, layer.build(core=True)),
        Function("core, sources alone", CORE, layer.build(core=True, compiled=False)),
        Function(WITH_BYTECODE, WHOLE, layer.build()),
        Function(SOURCES_ALONE, WHOLE, layer.build(compiled=False)),
        Function("one file, with bytecode", WHOLE, one_file(compiled=True)),
        Function("one file, source alone", WHOLE, one_file(compiled=False)),
        Function(OF_THE_RUNTIME, BOTO3),
    ]


def one_file(compiled: bool) -> bytes:
    """What `make single-file` writes, where a layer has the package."""
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "sigv4presign.py"), "w", encoding="utf-8") as file:
            file.write(single_file.single_file())
        return layer.packed(folder, "python", compiled)


def measure(measured: "Sequence[Function]", rounds: int) -> "dict[str, tuple[float, float]]":
    """Milliseconds to the end of the INIT phase and to the first answer, by the function's name."""
    seen: dict[str, list[lambda_runtime.Invocation]] = {one.name: [] for one in measured}
    with tempfile.TemporaryDirectory() as folder:
        for number, one in enumerate(measured):
            task = os.path.join(folder, str(number))
            os.makedirs(os.path.join(task, "opt"))
            with open(os.path.join(task, "function.py"), "w", encoding="utf-8") as file:
                file.write(one.handler)
            if one.layer is not None:
                with zipfile.ZipFile(io.BytesIO(one.layer)) as built:
                    built.extractall(os.path.join(task, "opt"))
        for turn in range(rounds + 1):
            for number, one in enumerate(measured):
                task = os.path.join(folder, str(number))
                made = lambda_runtime.invoke(task, os.path.join(task, "opt", "python"), EVENT, ENVIRON)
                if turn:  # the first round fills the system's file cache
                    seen[one.name].append(made)
    return {
        name: (
            statistics.median(made.initialised for made in times) * 1000,
            statistics.median(made.answered for made in times) * 1000,
        )
        for name, times in seen.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description="A function's cold start, by what it ships; writes docs/evidence.md.")
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    measured = functions()
    times = measure(measured, rounds)
    load = os.getloadavg()[0]
    empty = times[measured[0].name][1]
    over = {name: answered - empty for name, (_, answered) in times.items()}
    rows = [
        (
            one.name,
            f"{len(one.layer):,}" if one.layer else "",
            f"{times[one.name][0]:.1f}",
            f"{times[one.name][1]:.1f}",
            f"{over[one.name]:.1f}",
        )
        for one in measured
    ]
    saved = over[SOURCES_ALONE] - over[WITH_BYTECODE]
    ric, boto3 = (importlib.metadata.version(name) for name in ("awslambdaric", "boto3"))
    header = ("function", "zip, bytes", "INIT, ms", "to the first URL, ms", "over an empty handler, ms")
    body = f"""
Each start is a new process of AWS's runtime client (awslambdaric {ric}), against a runtime API on this machine. The
median of {rounds} starts, the functions in turns, load {load:.1f}. boto3 {boto3}.

{evidence.table(header, rows, numbers=(1, 2, 3, 4))}
The core is `presign` and `verify` for every service: what a vendored copy cannot leave out. The whole package has
`S3Presigner` and everything else. One file is what `make single-file` writes: the signing half. Bytecode saves
{saved:.1f} ms of the whole package's start."""
    line = (
        f"a cold start in AWS's runtime client costs {over[WITH_BYTECODE]:.1f} ms with the whole package,"
        f" {over[OF_THE_RUNTIME]:.1f} ms with boto3; bytecode saves {saved:.1f} ms"
    )
    evidence.write("make layer-record", body, line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
