"""Cold start: import and make one URL, in a new interpreter each time.  Writes a section of results.md.

Usage: python benchmarks/cold.py [--rounds N] [--quick]

Rule: what is reported is a difference, between a process that does something and one that does nothing, both started
in the same round, and of many such differences the median.  A program finds one folder (or zip) on its path, which
holds what it needs and nothing else.
"""

import argparse
import compileall
import importlib.metadata
import math
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from py_compile import PycInvalidationMode
from time import perf_counter
from typing import NamedTuple

import report
from check import fault_of_object_url
from inputs import ACCESS_KEY_ID, BUCKET, CLOCK_START, EXPIRES_IN, HOST, REGION, SAFE_KEYS, SECRET_ACCESS_KEY, SOURCE
from report import number, table

from sigv4presign import Credentials, S3Presigner

KEY = SAFE_KEYS[0]
PAIR = f"{ACCESS_KEY_ID!r}, {SECRET_ACCESS_KEY!r}"
TARGET = S3Presigner(Credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY), region=REGION).get_object(
    BUCKET, KEY, expires_in=EXPIRES_IN, now=CLOCK_START
)[len(f"https://{HOST}") :]

BARE, HASHES = "bare", "import hashlib, hmac"
PACKAGE = "sigv4presign"
FORMS = ("bytecode", "source", "zip of sources", "zip of bytecode")
SLOW = 0.3  # seconds; a start that takes longer is repeated less often, by this factor:
FEWER = 8


class Start(NamedTuple):
    """A program that imports a distribution and makes one `url`, or verifies one."""

    distribution: str
    program: str


STARTS = {
    "sigv4presign, S3Presigner.get_object": Start(
        PACKAGE,
        f"""
from sigv4presign import Credentials, S3Presigner
url = S3Presigner(Credentials({PAIR}), region={REGION!r}).get_object({BUCKET!r}, {KEY!r}, expires_in={EXPIRES_IN})
""",
    ),
    "sigv4presign, Credentials.from_environ": Start(
        PACKAGE,
        f"""
import os
os.environ.update(AWS_ACCESS_KEY_ID={ACCESS_KEY_ID!r}, AWS_SECRET_ACCESS_KEY={SECRET_ACCESS_KEY!r})
from sigv4presign import Credentials, S3Presigner
s3 = S3Presigner(Credentials.from_environ(), region={REGION!r})
url = s3.get_object({BUCKET!r}, {KEY!r}, expires_in={EXPIRES_IN})
""",
    ),
    "sigv4presign, providers.resolve": Start(
        PACKAGE,
        f"""
import os
os.environ.update(AWS_ACCESS_KEY_ID={ACCESS_KEY_ID!r}, AWS_SECRET_ACCESS_KEY={SECRET_ACCESS_KEY!r})
from sigv4presign import S3Presigner, providers
s3 = S3Presigner(providers.resolve(), region={REGION!r})
url = s3.get_object({BUCKET!r}, {KEY!r}, expires_in={EXPIRES_IN})
""",
    ),
    "sigv4presign, presign": Start(
        PACKAGE,
        f"""
from sigv4presign import Credentials, presign
url = presign("GET", "https://{HOST}/{KEY}", credentials=Credentials({PAIR}), region={REGION!r}, service="s3",
              expires_in={EXPIRES_IN})
""",
    ),
    "sigv4presign, verify": Start(
        PACKAGE,
        f"""
from sigv4presign import verify
verify("GET", {TARGET!r}, headers={{"Host": {HOST!r}}}, secrets={{{ACCESS_KEY_ID!r}: {SECRET_ACCESS_KEY!r}}},
       service="s3", region={REGION!r}, now={CLOCK_START})
""",
    ),
    "libpresign": Start(
        "libpresign",
        f"""
import libpresign
url = libpresign.get({PAIR}, {REGION!r}, {BUCKET!r}, {KEY!r}, {EXPIRES_IN})
""",
    ),
    "obstore": Start(
        "obstore",
        f"""
from datetime import timedelta
import obstore
from obstore.store import S3Store
store = S3Store({BUCKET!r}, region={REGION!r}, access_key_id={ACCESS_KEY_ID!r}, secret_access_key={SECRET_ACCESS_KEY!r})
url = obstore.sign(store, "GET", {KEY!r}, timedelta(seconds={EXPIRES_IN}))
""",
    ),
    "asigv4": Start(
        "asigv4",
        f"""
import asigv4
url = asigv4.presign_url(method="GET", host={HOST!r}, path="/{KEY}", access_key_id={ACCESS_KEY_ID!r},
                         secret_key={SECRET_ACCESS_KEY!r}, region={REGION!r}, expires={EXPIRES_IN})
""",
    ),
    "awscrt": Start(
        "awscrt",
        f"""
from awscrt import auth, http
config = auth.AwsSigningConfig(
    signature_type=auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS, region={REGION!r}, service="s3",
    credentials_provider=auth.AwsCredentialsProvider.new_static({PAIR}), use_double_uri_encode=False,
    should_normalize_uri_path=False, signed_body_value="UNSIGNED-PAYLOAD", expiration_in_seconds={EXPIRES_IN})
request = http.HttpRequest("GET", "/{KEY}", http.HttpHeaders([("host", {HOST!r})]))
url = "https://{HOST}" + auth.aws_sign_request(request, config).result().path
""",
    ),
    "botocore, the signer": Start(
        "botocore",
        f"""
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
request = AWSRequest("GET", "https://{HOST}/{KEY}")
S3SigV4QueryAuth(Credentials({PAIR}), "s3", {REGION!r}, expires={EXPIRES_IN}).add_auth(request)
url = request.url
""",
    ),
    "minio": Start(
        "minio",
        f"""
from datetime import timedelta
from minio import Minio
client = Minio("s3.amazonaws.com", access_key={ACCESS_KEY_ID!r}, secret_key={SECRET_ACCESS_KEY!r}, region={REGION!r})
url = client.presigned_get_object({BUCKET!r}, {KEY!r}, expires=timedelta(seconds={EXPIRES_IN}))
""",
    ),
    "boto3": Start(
        "boto3",
        f"""
import boto3
from botocore.config import Config
client = boto3.client("s3", region_name={REGION!r}, aws_access_key_id={ACCESS_KEY_ID!r},
                      aws_secret_access_key={SECRET_ACCESS_KEY!r}, config=Config(signature_version="s3v4"))
url = client.generate_presigned_url("get_object", Params={{"Bucket": {BUCKET!r}, "Key": {KEY!r}}},
                                    ExpiresIn={EXPIRES_IN})
""",
    ),
}

# --- folders ---------------------------------------------------------------------------------------------------------


def lay_out(distribution: str, under: str) -> "dict[str, str]":
    """A distribution and what it requires in each of FORMS; the paths to put first."""
    bytecode, source, zip_of_sources, zip_of_bytecode = (os.path.join(under, distribution, form) for form in FORMS)
    if distribution == PACKAGE:
        shutil.copytree(SOURCE, source, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        for one in _with_requirements(distribution):
            _copy_files(one, source)
    shutil.copytree(source, bytecode, copy_function=os.link)
    compileall.compile_dir(bytecode, quiet=2)
    # In a zip, Python looks for bytecode beside the source, not in __pycache__.
    shutil.copytree(source, zip_of_bytecode, copy_function=os.link)
    compileall.compile_dir(zip_of_bytecode, quiet=2, legacy=True, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH)
    zips = [shutil.make_archive(name, "zip", root) for name, root in ((zip_of_sources, source), (zip_of_bytecode,) * 2)]
    return dict(zip(FORMS, (bytecode, source, *zips), strict=True))


def installed(distribution: str) -> bool:
    """Whether this interpreter has a distribution."""
    try:
        importlib.metadata.distribution(distribution)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _with_requirements(distribution: str) -> "set[str]":
    """A distribution and all that it requires; extras, and what a marker rules out here, are not installed."""
    found, open_ends = set[str](), [distribution]
    while open_ends:
        name = open_ends.pop()
        found.add(name)
        requirements = [line for line in importlib.metadata.requires(name) or [] if "extra ==" not in line]
        wanted = [re.split(r"[^\w.-]", line, maxsplit=1)[0] for line in requirements]
        open_ends += [one for one in wanted if one not in found and installed(one)]
    return found


def _copy_files(distribution: str, to: str) -> None:
    for file in importlib.metadata.files(distribution) or []:
        if file.parts[0] == ".." or "__pycache__" in file.parts:
            continue
        target = os.path.join(to, *file.parts)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy2(str(file.locate()), target)


# --- starts ----------------------------------------------------------------------------------------------------------


def command(path: str, program: str) -> "list[str]":
    """An isolated interpreter without `site`, which writes no bytecode, with one path put first."""
    return [sys.executable, "-I", "-S", "-B", "-c", f"import sys; sys.path.insert(0, {path!r}){program}"]


def timed(arguments: "list[str]") -> float:
    start = perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def output(arguments: "list[str]") -> "list[str]":
    return subprocess.run(arguments, check=True, capture_output=True, text=True).stdout.split()


def fault_of(path: str, start: Start) -> "str | None":
    """Why a start cannot be timed in this form, or None."""
    program = start.program + ("print(url)" if "url =" in start.program else "")
    done = subprocess.run(command(path, program), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return done.stderr.strip().rpartition("\n")[2][:100]
    return fault_of_object_url(done.stdout.strip(), KEY) if done.stdout else None


def modules(path: str, program: str) -> "list[str]":
    """The modules that are loaded in the end, in the order of loading."""
    return output(command(path, program + "\nprint(*sys.modules)"))


def compare(commands: "dict[str, list[str]]", rounds: int) -> "dict[str, list[float]]":
    """The milliseconds of each start, round by round; nan in rounds that a slow one sits out."""
    often = {name: timed(arguments) < SLOW or timed(arguments) < SLOW for name, arguments in commands.items()}
    times: dict[str, list[float]] = {name: [] for name in commands}
    order = list(commands)
    shuffle = random.Random(1).shuffle  # the same orders in every run
    for turn in range(rounds):
        shuffle(order)
        for name in order:
            runs = often[name] or turn % FEWER == 0
            times[name].append(timed(commands[name]) * 1e3 if runs else float("nan"))
    return times


def above(times: "dict[str, list[float]]", name: str, base: str) -> str:
    """The median of the differences of two starts, in ms."""
    differences = [one - other for one, other in zip(times[name], times[base], strict=True)]
    return f"{statistics.median([one for one in differences if not math.isnan(one)]):.1f}"


# --- the section -----------------------------------------------------------------------------------------------------


def main(arguments: "list[str]") -> None:
    options = argparse.ArgumentParser(description="What import and one URL cost in a new interpreter.")
    options.add_argument("--rounds", type=int, default=40, help="starts of each program (40)")
    options.add_argument("--quick", action="store_true", help="8 rounds: a look, not a result")
    chosen = options.parse_args(arguments)
    rounds = 8 if chosen.quick else chosen.rounds

    with tempfile.TemporaryDirectory() as under:
        commands = {BARE: command(under, ""), HASHES: command(under, "\nimport hashlib, hmac")}
        reasons: dict[tuple[str, str], str] = {}
        loaded: dict[str, list[str]] = {}
        places: dict[str, dict[str, str]] = {}
        for name, start in STARTS.items():
            print(f"{name} ...", file=sys.stderr)
            if start.distribution != PACKAGE and not installed(start.distribution):
                reasons.update({(name, form): "is not installed here" for form in FORMS})
                continue
            if start.distribution not in places:
                places[start.distribution] = lay_out(start.distribution, under)
            for form, path in places[start.distribution].items():
                fault = fault_of(path, start)
                if fault is None:
                    commands[f"{name}, {form}"] = command(path, start.program)
                else:
                    reasons[name, form] = fault
            if (name, FORMS[0]) not in reasons:
                loaded[name] = modules(places[start.distribution][FORMS[0]], start.program)
        bare = set(modules(under, ""))
        hashes = set(modules(under, "\nimport time, hashlib, hmac"))
        print(f"{len(commands)} programs, {rounds} rounds ...", file=sys.stderr)
        times = compare(commands, rounds)

    lines: list[list[str]] = [[HASHES, above(times, HASHES, BARE), "", "", "", "", str(len(hashes - bare))]]
    for name in STARTS:
        cells = ["cannot" if (name, form) in reasons else above(times, f"{name}, {form}", BARE) for form in FORMS]
        first = f"{name}, {FORMS[0]}"
        over_hashes = above(times, first, HASHES) if first in times else ""
        count = str(len(set(loaded[name]) - bare)) if name in loaded else ""
        lines.append([name, cells[0], over_hashes, *cells[1:], count])
    header = ["program", "ms over bare", "ms over the hashes", "without bytecode", *FORMS[2:], "modules beyond bare"]
    who: dict[str, list[str]] = {}
    for (name, form), reason in reasons.items():
        who.setdefault(reason, []).append(f"{name}, {form}")
    cannot = "".join(f"- cannot ({reason}): {'; '.join(names)}\n" for reason, names in who.items())
    listed = "".join(f"- {_listed(name, loaded[name], hashes)}\n" for name in loaded if name.startswith(PACKAGE))
    body = f"""
Import and one URL (or one verdict) in a new interpreter, less what `python -I -S` takes that does nothing
({number(statistics.median(times[BARE]))} ms).  The median of {rounds} differences, the programs in turns; of
{-(-rounds // FEWER)} where a start takes more than {SLOW} s.  The hashes: `import hashlib, hmac`, which no signer can
do without.  Without bytecode means that the package has no `__pycache__` and writes none.
A zip of bytecode was made with `compileall -b`; from a zip of sources, CPython compiles each module anew, and in some
versions twice.  The standard library has its bytecode throughout.

{table(header, lines)}
{cannot}
Modules of ours beyond `import time, hashlib, hmac`, in the order of loading:

{listed}"""
    report.write_section("Cold start", " ".join(["python benchmarks/cold.py", *arguments]), body)


def _listed(program: str, loaded: "list[str]", known: "set[str]") -> str:
    beyond = [f"`{name}`" for name in loaded if name not in known]
    return f"{program}, {len(beyond)}: {', '.join(beyond)}"


if __name__ == "__main__":
    main(sys.argv[1:])
