"""What a function's cold start costs in AWS Lambda, with the layer and with boto3.  Writes docs/evidence.md.

Rule: a start is a new process of AWS's runtime client with one handler; what is reported is the median of many starts,
the handlers in turns, and beside it what a handler costs that imports nothing.

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

import evidence
import lambda_runtime
import layer

ENVIRON = {
    "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    "AWS_REGION": "eu-west-1",
    "AWS_DEFAULT_REGION": "eu-west-1",
}
HANDLERS = {
    "an empty handler": """
def handler(event, context):
    return ""
""",
    "sigv4presign, the layer": """
from sigv4presign import Credentials, S3Presigner
s3 = S3Presigner(Credentials.from_environ, region="eu-west-1")

def handler(event, context):
    return str(s3.get_object(event["bucket"], event["key"]))
""",
    "boto3": """
import boto3
s3 = boto3.client("s3")

def handler(event, context):
    return s3.generate_presigned_url("get_object", {"Bucket": event["bucket"], "Key": event["key"]})
""",
}
EVENT = {"bucket": "reports", "key": "2026/costs.csv"}


def measure(rounds: int) -> "dict[str, tuple[float, float]]":
    """Milliseconds to the end of the INIT phase and to the first answer, by handler."""
    seen: dict[str, list[lambda_runtime.Invocation]] = {name: [] for name in HANDLERS}
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(layer.build())) as built:
            built.extractall(os.path.join(folder, "opt"))
        for number in range(rounds + 1):
            for place, (name, handler) in enumerate(HANDLERS.items()):
                task = os.path.join(folder, str(place))
                os.makedirs(task, exist_ok=True)
                with open(os.path.join(task, "function.py"), "w", encoding="utf-8") as file:
                    file.write(handler)
                made = lambda_runtime.invoke(task, os.path.join(folder, "opt", "python"), EVENT, ENVIRON)
                if number:  # the first round fills the system's file cache
                    seen[name].append(made)
    return {
        name: (
            statistics.median(made.initialised for made in times) * 1000,
            statistics.median(made.answered for made in times) * 1000,
        )
        for name, times in seen.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(
        description="A function's cold start, with the layer and with boto3; writes docs/evidence.md."
    )
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    times = measure(rounds)
    load = os.getloadavg()[0]
    (_, empty), (_, ours), (_, theirs) = times.values()
    sizes = {
        "whole, with bytecode": len(layer.build()),
        "whole, sources alone": len(layer.build(compiled=False)),
        "core, with bytecode": len(layer.build(core=True)),
        "core, sources alone": len(layer.build(core=True, compiled=False)),
    }
    starts = [
        (name, f"{initialised:.1f}", f"{answered:.1f}", f"{answered - empty:.1f}")
        for name, (initialised, answered) in times.items()
    ]
    ric, boto3 = (importlib.metadata.version(name) for name in ("awslambdaric", "boto3"))
    body = f"""
{evidence.table(("zip", "bytes"), [(name, f"{size:,}") for name, size in sizes.items()], numbers=(1,))}
The core is `presign` and `verify` for every service: what a vendored copy cannot leave out.

A new process each time of AWS's runtime client (awslambdaric {ric}), against a runtime API on this machine. The median
of {rounds} starts, the handlers in turns, load {load:.1f}; milliseconds. boto3 {boto3}.

{evidence.table(("handler", "INIT", "to the first URL", "over an empty handler"), starts, numbers=(1, 2, 3))}"""
    line = (
        f"the core is {sizes['core, sources alone'] / 1000:.0f} kB zipped; "
        f"a cold start in AWS's runtime client costs {ours - empty:.0f} ms, boto3's {theirs - empty:.0f} ms"
    )
    evidence.write("make layer-record", body, line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
