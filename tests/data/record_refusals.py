"""Record how a store refuses presigned requests, as `curl -si` prints it: OpenStack Swift, rclone, MiniStack.

Rule: a server that is not ours answers, and its words are kept as they came; README.md says how it was started.

    python tests/data/record_refusals.py http://127.0.0.1:8080 > tests/data/swift.json
    python tests/data/record_refusals.py http://127.0.0.1:8081 tester testing > tests/data/rclone.json

Without an access key and its secret, the users are those of Swift in README.md.  Each entry says what was
signed, what was sent, when, and what came back.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from sigv4presign import Credentials, PresignedUrl, presign

OWNER = Credentials(*(sys.argv[2:4] or ("test:tester", "testing")))
READER = Credentials("test:reader", "reading")
NOW = int(time.time())
DAY = 86_400
BODY = Path(tempfile.mkdtemp()) / "body"


def curl(method: str, url: str, headers: "dict[str, str]", *, raw: bool = True, body: bytes = b"text") -> str:
    """What `curl -si` prints."""
    words = ["curl", "-si", "--globoff", "--max-time", "10", *(["--path-as-is"] if raw else [])]
    if method == "HEAD":
        words.append("--head")
    elif method == "PUT":
        BODY.write_bytes(body)  # a file, since what comes from standard input is sent in chunks
        words += ["--upload-file", str(BODY), "--header", "Expect:"]
    else:
        words += ["--request", method]
    for name, value in headers.items():
        words += ["--header", f"{name}: {value}"]
    return subprocess.run([*words, url], capture_output=True, check=True).stdout.decode()


def signed(method: str, url: str, **changes: Any) -> PresignedUrl:
    arguments: dict[str, Any] = {
        "credentials": OWNER, "region": "us-east-1", "service": "s3", "expires_in": 900, "now": NOW, **changes,
    }  # fmt: skip
    return presign(method, url, **arguments)


def requests(endpoint: str) -> "Iterator[tuple[str, str, str, PresignedUrl, str, dict[str, str]]]":
    """(name, method sent, URL sent, URL signed, why, headers sent)."""
    key = f"{endpoint}/bucket/a%20b.txt"
    good = signed("GET", key)
    authority = endpoint.partition("://")[2]
    upload = signed("PUT", key, headers={"Content-Type": "text/plain"})

    yield "healthy", "GET", good, good, "", {}
    yield "no_such_key", "GET", (url := signed("GET", f"{endpoint}/bucket/none")), url, "there is no such object", {}
    yield "no_such_bucket", "GET", (url := signed("GET", f"{endpoint}/none/none")), url, "no such bucket", {}
    url = signed("GET", key, credentials=Credentials(OWNER.access_key_id, "another-secret"))
    yield "wrong_secret", "GET", url, url, "signed with another secret key", {}
    url = signed("GET", key, credentials=Credentials("test:nobody", "testing"))
    yield "unknown_access_key", "GET", url, url, "the server does not know the access key", {}
    yield "head_of_get", "HEAD", good, good, "the URL is for GET", {}
    yield "delete_of_get", "DELETE", good, good, "the URL is for GET", {}
    local = signed("GET", key.replace("127.0.0.1", "localhost"))
    yield "localhost", "GET", local.replace("localhost", "127.0.0.1"), local, "signed for localhost", {}
    container = signed("GET", key.replace(authority, "swift:8080"))
    seen = container.replace("swift:8080", authority)
    yield "container_name", "GET", seen, container, "signed inside a container", {}
    yield "proxy_host", "GET", good, good, "a proxy sets Host", {"Host": "files.example.com"}
    yield "proxy_drops_port", "GET", good, good, "a proxy drops the port", {"Host": "127.0.0.1"}
    yield "content_type_missing", "PUT", upload, upload, "no Content-Type", {"Content-Type": ""}
    yield "content_type_changed", "PUT", upload, upload, "another Content-Type", {"Content-Type": "image/png"}
    expired = signed("GET", key, now=NOW - 3_600)
    yield "expired", "GET", expired, expired, "it ended 45 minutes ago", {}
    ahead = signed("GET", key, now=NOW + DAY)
    yield "clock_ahead", "GET", ahead, ahead, "signed by a clock a day ahead", {}
    region = signed("GET", key, region="eu-west-1")
    yield "wrong_region", "GET", region, region, "signed for another region", {}
    service = signed("GET", key, service="execute-api")
    yield "wrong_service", "GET", service, service, "signed for another service", {}
    yield "too_long", "GET", good.replace("Expires=900", "Expires=604801"), good, "more than seven days", {}
    yield "expires_no_number", "GET", good.replace("Expires=900", "Expires=15m"), good, "no number", {}
    yield "signature_cut", "GET", good[:-10], good, "the end of the URL is missing", {}
    yield "signature_gone", "GET", good.partition("&X-Amz-Signature")[0], good, "the same, and more of it", {}
    yield "cut_by_shell", "GET", good.partition("&")[0], good, "a shell ended the command at the first &", {}
    yield "html_escaped", "GET", good.replace("&", "&amp;"), good, "copied out of HTML", {}
    yield "parameter_added", "GET", f"{good}&utm_source=mail", good, "a mailer counts clicks", {}
    yield "x_amz_header_added", "GET", good, good, "a header was added", {"x-amz-acl": "public-read"}
    yield "authorization_too", "GET", good, good, "the client authenticates too", {"Authorization": "Bearer xyz"}
    dots = signed("GET", f"{endpoint}/bucket/a/../b.txt")
    yield "dots_collapsed", "GET", dots, dots, "curl collapses dot segments", {}
    slashes = signed("GET", f"{endpoint}/bucket//a//b.txt")
    yield "slashes_collapsed", "GET", slashes.replace("bucket//a//b", "bucket/a/b"), slashes, "a proxy merges them", {}
    plus = signed("GET", f"{endpoint}/bucket/a%2Bb.txt")
    yield "plus_in_path", "GET", plus.replace("%2B", "+", 1), plus, "a client decodes %2B", {}
    yield "space_became_plus", "GET", good.replace("%20", "+", 1), good, "a form encoder at work", {}
    slash = signed("GET", f"{endpoint}/bucket/a%2Fb.txt")
    yield "slash_decoded", "GET", slash.replace("a%2Fb", "a/b", 1), slash, "a proxy decodes %2F", {}
    yield "encoded_twice", "GET", good.replace("a%20b", "a%2520b"), good, "a proxy encodes again", {}
    prefix = signed("GET", key.replace("/bucket", "/s3/bucket"))
    yield "prefix_stripped", "GET", prefix.replace("/s3/bucket", "/bucket"), prefix, "a proxy strips /s3", {}
    accent = signed("GET", f"{endpoint}/bucket/caf%C3%A9.txt")
    yield "unicode_decomposed", "GET", accent.replace("caf%C3%A9", "cafe%CC%81"), accent, "macOS writes names so", {}
    yield "slash_added", "GET", good.replace("b.txt?", "b.txt/?"), good, "a framework appends a slash", {}
    edited = good.replace("Expires=900", "Expires=604800")
    yield "expires_edited", "GET", edited, good, "made to live longer by hand", {}
    disposition = signed("GET", key, query={"response-content-disposition": 'attachment; filename="a+b.txt"'})
    yield "query_plus", "GET", disposition.replace("a%2Bb", "a+b"), disposition, "a client decodes %2B", {}
    yield "query_decoded", "GET", disposition.replace("%3B", ";").replace("%2F", "/"), disposition, "", {}
    if len(sys.argv) == 2:
        denied = signed("GET", key, credentials=READER)
        yield "access_denied", "GET", denied, denied, "a user without the right", {}
    token = signed("GET", key, credentials=Credentials(OWNER.access_key_id, OWNER.secret_access_key, "a-token"))
    yield "token_with_a_long_lived_key", "GET", token, token, "a session token that the server did not give", {}
    yield "scope_of_another_day", "GET", good.replace("tester%2F2", "tester%2F1"), good, "", {}
    yield "date_malformed", "GET", good.replace("X-Amz-Date=2", "X-Amz-Date=x"), good, "", {}
    yield "signed_headers_gone", "GET", good.replace("X-Amz-SignedHeaders=host", "a=b"), good, "", {}
    yield "algorithm", "GET", good.replace("HMAC-SHA256", "HMAC-SHA1"), good, "", {}
    v2 = f"{key}?AWSAccessKeyId=test%3Atester&Expires={NOW + 900}&Signature=AAAAAAAAAAAAAAAAAAAAAAAAAAA%3D"
    yield "v2", "GET", v2, good, "a URL of Signature Version 2", {}
    v2 = v2.replace(str(NOW + 900), str(NOW - 900))
    yield "v2_expired", "GET", v2, good, "a URL of Signature Version 2", {}


def main() -> None:
    endpoint = sys.argv[1]
    for path, body in (("bucket", b""), ("bucket/a%20b.txt", b"text")):
        answer = curl("PUT", signed("PUT", f"{endpoint}/{path}"), {}, body=body)
        if not {"200", "409"} & set(answer.partition("\n")[0].split()):  # 409: the bucket is there already
            raise SystemExit(answer)
    recorded = [
        {
            "name": name,
            "why": why,
            "signed": {"method": url.method, "url": str(url), "headers": url.headers},
            "sent": {"method": method, "url": str(sent), "headers": headers},
            "now": NOW,
            "response": curl(method, sent, headers, raw=name != "dots_collapsed"),
        }
        for name, method, sent, url, why, headers in requests(endpoint)
    ]
    sys.stdout.write(json.dumps(recorded, indent=1) + "\n")


if __name__ == "__main__":
    main()
