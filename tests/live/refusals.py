"""What has to be refused: what is over, what was changed, what somebody else signed.

Rule: as in `suite`; status and code are those that S3 documents.
"""

import re
import time

from sigv4presign import Credentials, ServiceRules, presign

from .guarded_store import TEMPORARY
from .suite import (
    BUCKET,
    CONTENT,
    DENIED,
    MALFORMED,
    MISMATCH,
    DepartedError,
    Row,
    Store,
    elements,
    forged,
    rows_into,
    same,
)
from .uploads import post

ROWS: "list[Row]" = []
row = rows_into(ROWS)

TIME = "Time"


@row(TIME, "a link of two seconds works at once, and is refused after", DENIED)
def _(store: Store) -> str:
    store.put("for two seconds")
    url = store.s3.get_object(BUCKET, "for two seconds", expires_in=2)
    same(store.ok(url).body, CONTENT, "other bytes")
    assert url.expires_at is not None
    time.sleep(url.expires_at + 1.1 - time.time())
    return str(store.send(url))


@row(TIME, "expired an hour ago", DENIED)
def _(store: Store) -> str:
    store.put("time")
    return str(store.send(store.s3.get_object(BUCKET, "time", now=time.time() - 7200, expires_in=3600)))


@row(TIME, "seven days, signed now")
def _(store: Store) -> None:
    store.put("time")
    store.ok(store.s3.get_object(BUCKET, "time", expires_in=604_800))


@row(TIME, "seven days and a second", MALFORMED)
def _(store: Store) -> str:
    store.put("time")
    rules = ServiceRules(
        normalize_path=False, double_encode=False, payload_hash="UNSIGNED-PAYLOAD", max_expires_in=604_801
    )
    return str(store.send(store.presign("GET", "time", expires_in=604_801, rules=rules)))


@row(TIME, "signed by a clock that is an hour ahead", DENIED)
def _(store: Store) -> str:
    store.put("time")
    return str(store.send(store.s3.get_object(BUCKET, "time", now=time.time() + 3600)))


# --- changed, or somebody else's --------------------------------------------------------------------------------------

REFUSED = "Refused"


@row(REFUSED, "HEAD of a URL for GET", "403")
def _(store: Store) -> str:
    return str(store.send(store.put("refused"), method="HEAD"))


@row(REFUSED, "DELETE of a URL for GET", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused"), method="DELETE"))


@row(REFUSED, "PUT of a URL for GET", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused"), b"other", method="PUT"))


@row(REFUSED, "another key", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused").replace("/refused?", "/refused2?")))


@row(REFUSED, "a longer lifetime, edited", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused").replace("X-Amz-Expires=3600", "X-Amz-Expires=604800")))


@row(REFUSED, "one digit of the signature changed", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(forged(store.put("refused"))))


@row(REFUSED, "a parameter added", MISMATCH)
def _(store: Store) -> str:
    return str(store.send(store.put("refused") + "&response-content-type=text/html"))


@row(REFUSED, "a signed parameter taken away", MISMATCH)
def _(store: Store) -> str:
    store.put("refused")
    url = store.s3.get_object(BUCKET, "refused", response_content_type="text/plain")
    changed = re.sub("[?&]response-content-type=[^&]*", "", url)
    return str(store.send(changed if "?" in changed else changed.replace("&", "?", 1)))


@row(REFUSED, "an x-amz header that was not signed", DENIED)
def _(store: Store) -> str:
    return str(store.send(store.put("refused"), headers={"x-amz-acl": "public-read"}))


@row(REFUSED, "another host", MISMATCH)
def _(store: Store) -> str:
    store.put("refused")
    s3 = store.s3.replace(endpoint="http://files.example.com")
    port = store.server.endpoint.rpartition("/")[2]
    return str(store.send(s3.get_object(BUCKET, "refused").replace("files.example.com", port)))


@row(REFUSED, "another region", MALFORMED)
def _(store: Store) -> str:
    store.put("refused")
    return str(store.send(store.s3.replace(region="eu-west-1").get_object(BUCKET, "refused")))


@row(REFUSED, "another service", MALFORMED)
def _(store: Store) -> str:
    store.put("refused")
    return str(store.send(store.presign("GET", "refused", service="sqs")))


@row(REFUSED, "another secret key", MISMATCH)
def _(store: Store) -> str:
    store.put("refused")
    wrong = Credentials(store.server.credentials.access_key_id, "not-the-secret")
    return str(store.send(store.s3.replace(credentials=wrong).get_object(BUCKET, "refused")))


@row(REFUSED, "an access key that nobody has", "403 InvalidAccessKeyId")
def _(store: Store) -> str:
    store.put("refused")
    wrong = Credentials("AKIDNOBODY", "secret")
    return str(store.send(store.s3.replace(credentials=wrong).get_object(BUCKET, "refused")))


@row(REFUSED, "no signature", MALFORMED)
def _(store: Store) -> str:
    return str(store.send(re.sub("&X-Amz-Signature=[0-9a-f]+", "", store.put("refused"))))


@row(REFUSED, "no query at all", DENIED)
def _(store: Store) -> str:
    return str(store.send(store.put("refused").partition("?")[0]))


@row(REFUSED, "a scope of another day", MALFORMED)
def _(store: Store) -> str:
    return str(store.send(re.sub(r"%2F20\d{6}%2F", "%2F20200101%2F", store.put("refused"))))


# --- temporary credentials --------------------------------------------------------------------------------------------

TOKEN = "Temporary credentials"


def temporary(store: Store) -> Credentials:
    """What the store's STS gives; our guard knows a pair by look-up."""
    if store.server.name == "our guard":
        return TEMPORARY
    query = {"Action": "GetSessionToken", "Version": "2011-06-15"}
    url = presign(
        "GET", f"{store.server.endpoint}/", credentials=store.server.credentials, region=store.server.region,
        service="sts", query=query, expires_in=60,
    )  # fmt: skip
    answer = store.send(url)
    found = [elements(answer, name) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")]
    if answer.status != 200 or [] in found:
        raise DepartedError("no STS")
    return Credentials(*[texts[0] for texts in found])


@row(TOKEN, "a session token is accepted")
def _(store: Store) -> None:
    store.put("token")
    s3 = store.s3.replace(credentials=temporary(store))
    same(store.ok(s3.get_object(BUCKET, "token")).body, CONTENT, "other bytes")


@row(TOKEN, "a form with a session token is accepted")
def _(store: Store) -> None:
    same(post(store, credentials=temporary(store)).status, 204, "refused")


@row(TOKEN, "the token left out when signing", "400 InvalidToken")
def _(store: Store) -> str:
    store.put("token")
    full = temporary(store)
    without = Credentials(full.access_key_id, full.secret_access_key)
    return str(store.send(store.s3.replace(credentials=without).get_object(BUCKET, "token")))


@row(TOKEN, "another token, signed", "400 InvalidToken")
def _(store: Store) -> str:
    store.put("token")
    full = temporary(store)
    other = Credentials(full.access_key_id, full.secret_access_key, "another-token")
    return str(store.send(store.s3.replace(credentials=other).get_object(BUCKET, "token")))


@row(TOKEN, "a token that does not belong to a long-lived key", "400 InvalidToken")
def _(store: Store) -> str:
    store.put("token")
    keys = store.server.credentials
    other = Credentials(keys.access_key_id, keys.secret_access_key, "a-token")
    return str(store.send(store.s3.replace(credentials=other).get_object(BUCKET, "token")))
