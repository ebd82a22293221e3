"""`explain`: why a presigned request was rejected, or will be.

Rule: nothing is sent; the exit status is 0 with or without findings.  Control characters from outside are escaped.
The last line tells whether the signature was checked.
"""

import argparse
import os
import re
import sys

from .arguments import header
from .identity import add_profile, credentials
from .messages import CommandError
from .output import given_bytes, result, say, shown, wrapped
from .printed import read_url

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._credentials import Credentials
    from .._diagnosis.finding import Finding
    from .parser import Commands

# The pages of docs/how-to/errors -> S3's codes and the findings that they are about.
_PAGES = {
    "AccessDenied": "AccessDenied AllAccessDisabled expired not_yet_valid unsigned_headers denied_by_policy",
    "AuthorizationQueryParametersError": "AuthorizationQueryParametersError missing_parameter duplicate_parameter "
    "misspelt_parameter malformed_parameter malformed_credential malformed_date malformed_expires "
    "malformed_signed_headers malformed_signature unsupported_algorithm expires_out_of_range wrong_region "
    "wrong_service",
    "BadDigest": "BadDigest InvalidDigest XAmzContentSHA256Mismatch missing_checksum wrong_checksum",
    "CORS": "AccessForbidden",
    "EntityTooLarge": "EntityTooLarge EntityTooSmall",
    "ExpiredToken": "ExpiredToken expired_token",
    "InvalidAccessKeyId": "InvalidAccessKeyId unknown_access_key wrong_access_key",
    "InvalidObjectState": "InvalidObjectState archived_object",
    "InvalidPart": "InvalidPart InvalidPartOrder",
    "InvalidPolicyDocument": "InvalidPolicyDocument MalformedPOSTRequest form_refused",
    "InvalidRequest": "InvalidRequest InvalidArgument v2_url two_authentications bad_request",
    "InvalidToken": "InvalidToken invalid_token missing_token",
    "KMS": "KMS.DisabledException KMS.KMSInvalidStateException KMS.NotFoundException key_unusable",
    "MethodNotAllowed": "MethodNotAllowed",
    "MissingContentLength": "MissingContentLength NotImplemented chunked_body",
    "NoSuchKey": "NoSuchKey NoSuchBucket NoSuchVersion NoSuchUpload not_found",
    "PermanentRedirect": "PermanentRedirect TemporaryRedirect IllegalLocationConstraintException wrong_endpoint",
    "PreconditionFailed": "PreconditionFailed precondition_failed",
    "RequestTimeTooSkewed": "RequestTimeTooSkewed clock_behind",
    "SignatureDoesNotMatch": "SignatureDoesNotMatch wrong_method wrong_host wrong_port path_prefix merged_slashes "
    "removed_dot_segments path_reencoded unicode_form changed_path query_reencoded added_parameter changed_parameter "
    "missing_signed_headers changed_header payload_hash_mismatch wrong_rules changed_on_the_way another_answer "
    "wrong_secret wrapped html_escaped json_escaped quoted_printable encoded_twice percent_lost cut_by_shell truncated "
    "fragment wrapped_link",
    "SlowDown": "SlowDown InternalError RequestTimeout refused_otherwise",
}
_HEADER = re.compile(r"[a-z0-9-]+: ")  # the only lines of a canonical request that have spaces
_MATCHES = {True: "matches", False: "does not match"}
_SERVICE = re.compile(r"(?:/|%2F)([a-z0-9-]+)(?:/|%2F)aws4_request", re.IGNORECASE)


def add(commands: "Commands") -> None:
    """Add the command to the program's."""
    parser = commands.add_parser(
        "explain",
        help="say why a presigned request was rejected",
        description="Say why a presigned request was rejected, or will be: the likeliest reason first. Nothing is sent "
        "to the store. With the keys of --profile, or those in the environment if they signed the URL, the signature "
        "is computed again and compared.",
        examples="""\
curl -si 'URL' | sigv4presign explain 'URL' --response -
sigv4presign explain 'URL' --sent-method PUT \\
  --sent-header 'Content-Type: image/png'
sigv4presign explain 'URL' --response answer.xml --profile work""",
    )
    parser.set_defaults(run=run)
    parser.add_argument(
        "url", metavar="URL", help="the presigned URL in 'single quotes'; - reads it from standard input"
    )
    parser.add_argument(
        "--response",
        metavar="FILE",
        help="the file with the answer, as curl -si prints it, or its body alone; - reads standard input",
    )
    parser.add_argument(
        "--sent-method",
        dest="method",
        metavar="METHOD",
        help="the method that was sent (default: what the answer shows, else GET)",
    )
    parser.add_argument(
        "--sent-header",
        dest="headers",
        action="append",
        default=[],
        type=header,
        metavar="'NAME: VALUE'",
        help="a header that was sent; repeatable",
    )
    add_profile(parser, "the profile whose keys signed the URL")
    parser.add_argument("--json", action="store_true", help="print one JSON line a finding: code, seen, expected, fix")


def run(args: argparse.Namespace) -> None:
    """Print the findings."""
    from .._diagnosis.answer import read_answer
    from .._diagnosis.explain import explain_and_check
    from ..errors import InputError

    if args.url == args.response == "-":
        raise InputError("url", "standard input can't be both the URL and the answer; give one of them by name")
    url = read_url(args.url)
    response = None if args.response is None else _read(args.response)
    method = args.method
    answer = None if response is None else read_answer(response)
    if method is None:
        shown_lines = "" if answer is None else answer.elements.get("CanonicalRequest", "")
        method = shown_lines.partition("\n")[0] or "GET"
    keys, missing = _keys(args, url)
    findings, matches = explain_and_check(method, url, args.headers, response=response, credentials=keys)
    if args.json:
        import json

        for finding in findings:
            told = {name: getattr(finding, name) for name in finding._fields}
            result(json.dumps({name: value for name, value in told.items() if value is not None}))
        return
    bold, dim, plain = ("\x1b[1;33m", "\x1b[2m", "\x1b[0m") if _is_coloured() else ("", "", "")
    for number, finding in enumerate(findings, 1):
        result(f"{bold}{number} {finding.code}{plain}")
        for label, text in (("seen", finding.seen), ("expected", finding.expected), ("way out", finding.fix)):
            line = shown(text)
            if not _HEADER.match(line):
                line = wrapped(line, sys.stdout, used=12, indent=12)
            result(f"  {dim}{label:<9}{plain} {line}")
    if not findings:
        say("found nothing wrong" + ("" if response else "; give the store's answer with --response"))
    page = _page(findings, "" if answer is None else answer.code, url)
    if page:
        say(f"read more in sigv4presign's {page}")
    if keys is not None and matches is not None:
        say(f"signature: checked with the keys of {shown(keys.access_key_id)}; it {_MATCHES[matches]}")
        return
    if not missing:
        missing = "what is found has to be corrected first"
        if answer is not None and answer.succeeded:
            missing = "the answer is a success"
        elif "AWS4-ECDSA-P256-SHA256" in url:
            missing = "explain does not compute SigV4A signatures"
    say(f"signature: not checked, because {missing}")


def _page(findings: "tuple[Finding, ...]", code: str, url: str) -> "str | None":
    """Return the page about S3's code, else about the first finding; None for another service."""
    service = _SERVICE.search(url)
    if not findings or (service is not None and service[1][:2].lower() != "s3"):
        return None
    pages = {word: page for page, words in _PAGES.items() for word in words.split()}
    page = pages.get(code) or pages.get(findings[0].code)
    return f"docs/how-to/errors/{page}.md" if page else None


def _read(path: str) -> bytes:
    from .._diagnosis.answer import MAX_ANSWER

    if path == "-":
        return given_bytes(4 * MAX_ANSWER + 1)
    try:
        with open(path, "rb") as file:
            return file.read(4 * MAX_ANSWER + 1)
    except OSError as fault:
        reason = (fault.strerror or "not readable").lower()
        raise CommandError(
            f"--response: cannot read {path[:200]!r}: {reason}; give a file with the answer, or - for standard input"
        ) from None


def _keys(args: argparse.Namespace, url: str) -> "tuple[Credentials | None, str]":
    """Return the credentials of --profile, else those in the environment if their access key id is the URL's.

    Without credentials, the second value says what is missing.
    """
    from .._credentials import Credentials
    from .._text import encode
    from ..errors import CredentialsNotFound, InputError

    if args.profile is not None:
        return credentials(args), ""
    if "X-Amz-Credential=" not in url:
        return None, "the URL has no X-Amz-Credential"
    way_out = "give the keys that signed the URL: --profile NAME, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
    try:
        found = Credentials.from_environ()
    except CredentialsNotFound:
        return None, f"there are no keys in the environment; {way_out}"
    except InputError as fault:
        old_token = bool(os.environ.get("AWS_SECURITY_TOKEN"))  # it wins over AWS_SESSION_TOKEN
        variable = {
            "access_key_id": "AWS_ACCESS_KEY_ID",
            "secret_access_key": "AWS_SECRET_ACCESS_KEY",
            "session_token": "AWS_SECURITY_TOKEN" if old_token else "AWS_SESSION_TOKEN",
            "expires_at": "AWS_CREDENTIAL_EXPIRATION",
        }[fault.parameter]
        return None, f"{variable} is malformed: {str(fault).removeprefix(f'{fault.parameter}: ')}"
    key = found.access_key_id
    if f"X-Amz-Credential={key}/" in url or f"X-Amz-Credential={encode(key + '/')}" in url:
        return found, ""
    return None, f"the keys in the environment are those of {shown(key)}, not the URL's; {way_out}"


def _is_coloured() -> bool:
    """Whether to print colours: on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
