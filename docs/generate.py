"""Write the pages that follow from the code: the command line, and the table of services.

Rule: what is written is Markdown, committed, and word for word the same on every machine; a test runs this with
--check.  The rest of the reference is made by tools/reference.py.

    PYTHONPATH=src python3 docs/generate.py
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from sigv4presign import GENERIC_RULES, ServiceRules, _query_auth
from sigv4presign.__main__ import _parser

DOCS = Path(__file__).parent
GENERATED = "<!-- Written by docs/generate.py; change that, not this. -->\n"


# --- the command line ------------------------------------------------------------------------------------------------


def command_line() -> str:
    parts = [GENERATED, "# The command line\n", COMMAND_LINE_INTRODUCTION, console()]
    for command, more in commands(_parser()).items():
        parts += [f"\n## {command}\n", "\n", console(command)]
        for part in more:
            parts += [f"\n### {command} {part}\n", "\n", console(command, part)]
    return "".join(parts)


COMMAND_LINE_INTRODUCTION = """
`sigv4presign`, or `python -m sigv4presign` where the script is not installed. The URL alone goes to standard output,
everything else to standard error, so that a URL can be piped and put into variables.

```console
$ export AWS_ACCESS_KEY_ID=AKIDEXAMPLE AWS_SECRET_ACCESS_KEY=secret AWS_REGION=eu-west-1
$ python -m sigv4presign get s3://reports/costs.csv --expires-in 1h30m
https://reports.s3.eu-west-1.amazonaws.com/costs.csv?X-Amz-Algorithm=...
good for GET until ..., 1 hour 30 minutes from now
```

- Objects are `s3://BUCKET/KEY`, with the key as plain text: a space is a space, not `%20`.
- Durations are `90s`, `15m`, `1h30m`, `12h`, `7d`, `1w`, or words: `'2 days'`. Sizes are bytes, `10K`, `10M`, `10G` (1K
  is 1024) or `10KB`, `10MB`, `10GB` (1KB is 1000).
- On a terminal, messages are wrapped at its width, and the URLs and commands in them stay whole. In a pipe or a file, a
  message is one line.
- What is typed half right is an error that says the other half:

```console
$ python -m sigv4presign get s3://reports/costs.csv --expires 15m
sigv4presign: error: unknown option --expires; did you mean --expires-in?
see: sigv4presign get --help
```

## Exit status

| Status | Meaning |
|---|---|
| 0 | done |
| 1 | the reader of the output has gone, as in `sigv4presign s3 --list \\| head -1` |
| 2 | wrong usage, or an error; standard error says which |
| 130 | interrupted with Ctrl-C |

`explain` ends with 0 with findings and without.

## Credentials and settings

Commands that sign use the credentials, the region and the endpoint that the AWS CLI would use here: the environment,
then the profile in `~/.aws/config` and `~/.aws/credentials` with its keys, single sign-on, role or program, then the
container or the instance. [Where the keys come from](../how-to/credentials.md) has the order. An option wins over a
setting.

- `--profile NAME` signs as that profile, whatever keys the environment has.
- Keys in the environment or in a file never touch the network. The instance is asked for its region where nothing else
  says one, and S3 for a session where the bucket is a directory bucket. Other credentials are named on standard error,
  with the time at which they expire. `--no-network` makes all of these errors.
- `--debug` prints each setting and where it came from; it prints no secrets.
- The code of an MFA device is asked for on the terminal and not shown. The session is kept in `~/.aws/cli/cache`, where
  the AWS CLI keeps it too.

```console
$ python -m sigv4presign get s3://reports/costs.csv --debug --endpoint http://127.0.0.1:9000
credentials: AKIDEXAMPLE from the environment, without an expiry
setting: profile = default (default)
setting: region = eu-west-1 (AWS_REGION)
setting: endpoint = http://127.0.0.1:9000 (--endpoint)
...
http://127.0.0.1:9000/reports/costs.csv?X-Amz-Algorithm=...
good for GET until ..., 1 hour from now
```

## With other programs

A link is a bearer secret: whoever has it can use it until it expires. A QR code in the terminal, for a phone:

```text
sigv4presign get s3://photos/cat.png --expires-in 10m | qrencode -t ansiutf8
```

Into the clipboard on macOS, Wayland, X11 and Windows:

```text
sigv4presign get s3://photos/cat.png | tr -d '\\n' | pbcopy
sigv4presign get s3://photos/cat.png | tr -d '\\n' | wl-copy
sigv4presign get s3://photos/cat.png | tr -d '\\n' | xclip -selection clipboard
sigv4presign get s3://photos/cat.png | clip
```

A form that uploads, as a page that a browser opens as it is:

```text
sigv4presign post 's3://photos/inbox/${filename}' --max-size 5MB --html > upload.html
```

In POSIX shells and in PowerShell, URLs and `${filename}` go into 'single quotes'. In `cmd.exe` they go into "double
quotes", and in a batch file each `%` of a URL is written `%%`. `--curl` prints a command for POSIX shells; PowerShell
takes the URL itself:

```text
$url = sigv4presign get s3://photos/cat.png
Invoke-WebRequest -Uri $url -OutFile cat.png
Invoke-WebRequest -Uri (sigv4presign put s3://photos/cat.png) -Method Put -InFile cat.png
sigv4presign inspect 'https://photos.s3.eu-west-1.amazonaws.com/cat.png?X-Amz-...'
```

## Completion

The folder `completions` of the source has a file for bash, zsh and fish, made from the parser with `make completions`.
One line installs each:

```text
echo ". $PWD/completions/sigv4presign.bash" >> ~/.bashrc
sudo cp completions/_sigv4presign /usr/local/share/zsh/site-functions/
cp completions/sigv4presign.fish ~/.config/fish/completions/
```

## The commands

"""


def commands(parser: argparse.ArgumentParser) -> "dict[str, list[str]]":
    """The commands of a parser, each with those it has itself."""
    found: dict[str, list[str]] = {}
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            choices: Any = vars(action)["choices"]
            for name, command in choices.items():
                found[name] = list(commands(command))
    return found


def console(*command: str) -> str:
    words = ["sigv4presign", *command, "--help"]
    environment = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1"}
    printed = subprocess.run(
        [sys.executable, "-m", *words], env=environment, check=True, capture_output=True, text=True
    ).stdout
    return f"```console\n$ python -m {' '.join(words)}\n{printed.rstrip()}\n```\n"


# --- where services differ -------------------------------------------------------------------------------------------


def services() -> str:
    names = [*_query_auth._RULES_BY_SERVICE, *_query_auth._DIFFERENCES]
    rows = [row(f"`{name}`", _query_auth.rules_for(name)) for name in dict.fromkeys(names)]
    rows.append(row("every other", GENERIC_RULES))
    return "\n".join([SERVICES_HEAD, *rows])


SERVICES_HEAD = """\
| Service | `normalize_path` | `double_encode` | `payload_hash` | `session_token` | `max_expires_in` |
|---|---|---|---|---|---|"""


def row(name: str, rules: ServiceRules) -> str:
    payload = "SHA-256 of nothing" if rules.payload_hash == _query_auth.EMPTY_SHA256 else f"`{rules.payload_hash}`"
    longest = "no limit" if rules.max_expires_in is None else f"{rules.max_expires_in:,} s"
    yes = ("no", "yes")
    return (
        f"| {name} | {yes[rules.normalize_path]} | {yes[rules.double_encode]} | {payload} | `{rules.session_token}` "
        f"| {longest} |"
    )


def with_table(page: str, table: str) -> str:
    """A page whose table, between two comments, is the given one."""
    before, begin, rest = page.partition("<!-- table: written by docs/generate.py -->\n")
    _, end, after = rest.partition("<!-- end of the table -->\n")
    if not begin or not end:
        raise SystemExit("the page has no place for the table")
    return f"{before}{begin}\n{table}\n\n{end}{after}"


# --- writing ---------------------------------------------------------------------------------------------------------


def main() -> int:
    differing = DOCS / "explanation/where-services-differ.md"
    pages = {
        DOCS / "reference/command-line.md": command_line(),
        differing: with_table(differing.read_text("utf-8"), services()),
    }
    # Word by word: where argparse breaks the lines of a --help is another matter in each version of Python.
    stale = [
        page for page, text in pages.items() if not page.exists() or page.read_text("utf-8").split() != text.split()
    ]
    if "--check" in sys.argv[1:]:
        for page in stale:
            print(f"{page.relative_to(DOCS.parent)} is not what docs/generate.py writes; run it")
        return 1 if stale else 0
    for page in stale:
        page.write_text(pages[page], "utf-8")
        print(f"wrote {page.relative_to(DOCS.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
