"""The table of refusals: every code and wording that it names leads to a finding that says what to do."""

import json
from typing import Any

import pytest
from explain_corpus import GET, KEYS, LAMBDA, NOW, PUT, SECRET, TEMPORARY, error, http, v4

from sigv4presign import Credentials, S3Presigner, explain, presign, verify
from sigv4presign._diagnosis.answer import read_answer
from sigv4presign._diagnosis.finding import Finding
from sigv4presign._diagnosis.refusals import MISMATCH, REFUSALS, Refusal
from sigv4presign._diagnosis.remedies import REMEDIES
from sigv4presign.errors import InputError, VerificationError

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList
OF_S3 = [
    "AccessDenied",
    "AccountProblem",
    "AllAccessDisabled",
    "AmbiguousGrantByEmailAddress",
    "AuthorizationHeaderMalformed",
    "AuthorizationQueryParametersError",
    "BadDigest",
    "BucketAlreadyExists",
    "BucketAlreadyOwnedByYou",
    "BucketNotEmpty",
    "ClientTokenConflict",
    "ConnectionClosedByRequester",
    "ConditionalRequestConflict",
    "CredentialsNotSupported",
    "CrossLocationLoggingProhibited",
    "DeviceNotActiveError",
    "EndpointNotFound",
    "EntityTooSmall",
    "EntityTooLarge",
    "ExpiredToken",
    "IllegalLocationConstraintException",
    "IllegalVersioningConfigurationException",
    "IncompleteBody",
    "IncorrectEndpoint",
    "IncorrectNumberOfFilesInPostRequest",
    "InlineDataTooLarge",
    "InternalError",
    "InvalidAccessKeyId",
    "InvalidAccessPoint",
    "InvalidAccessPointAliasError",
    "InvalidAddressingHeader",
    "InvalidArgument",
    "InvalidBucketAclWithObjectOwnership",
    "InvalidBucketName",
    "InvalidBucketOwnerAWSAccountID",
    "InvalidBucketState",
    "InvalidDigest",
    "InvalidEncryptionAlgorithmError",
    "InvalidHostHeader",
    "InvalidHttpMethod",
    "InvalidLocationConstraint",
    "InvalidObjectState",
    "InvalidPart",
    "InvalidPartOrder",
    "InvalidPayer",
    "InvalidPolicyDocument",
    "InvalidRange",
    "InvalidRegion",
    "InvalidRequest",
    "InvalidSessionException",
    "InvalidSignature",
    "InvalidSecurity",
    "InvalidSOAPRequest",
    "InvalidStorageClass",
    "InvalidTargetBucketForLogging",
    "InvalidToken",
    "InvalidURI",
    "KeyTooLongError",
    "KMS.DisabledException",
    "KMS.InvalidKeyUsageException",
    "KMS.KMSInvalidStateException",
    "KMS.NotFoundException",
    "MalformedACLError",
    "MalformedPOSTRequest",
    "MalformedXML",
    "MaxMessageLengthExceeded",
    "MaxPostPreDataLengthExceededError",
    "MetadataTooLarge",
    "MethodNotAllowed",
    "MissingAttachment",
    "MissingAuthenticationToken",
    "MissingContentLength",
    "MissingRequestBodyError",
    "MissingSecurityElement",
    "MissingSecurityHeader",
    "NoLoggingStatusForKey",
    "NoSuchAccessPoint",
    "NoSuchAsyncRequest",
    "NoSuchBucket",
    "NoSuchBucketPolicy",
    "NoSuchCORSConfiguration",
    "NoSuchKey",
    "NoSuchLifecycleConfiguration",
    "NoSuchMultiRegionAccessPoint",
    "NoSuchObjectLockConfiguration",
    "NoSuchResource",
    "NoSuchTagSet",
    "NoSuchUpload",
    "NoSuchVersion",
    "NoSuchWebsiteConfiguration",
    "NotDeviceOwnerError",
    "NotImplemented",
    "NotModified",
    "NotSignedUp",
    "ObjectLockConfigurationNotFoundError",
    "OperationAborted",
    "OwnershipControlsNotFoundError",
    "PermanentRedirect",
    "PreconditionFailed",
    "Redirect",
    "RequestHeaderSectionTooLarge",
    "RequestIsNotMultiPartContent",
    "RequestTimeTooSkewed",
    "RequestTimeout",
    "RequestTorrentOfBucketError",
    "ResponseInterrupted",
    "RestoreAlreadyInProgress",
    "ServerSideEncryptionConfigurationNotFoundError",
    "ServiceUnavailable",
    "SignatureDoesNotMatch",
    "SlowDown",
    "TagPolicyException",
    "TemporaryRedirect",
    "TokenCodeInvalidError",
    "TokenRefreshRequired",
    "TooManyAccessPoints",
    "TooManyBuckets",
    "UnauthorizedAccess",
    "UnauthorizedAccessError",
    "UnexpectedContent",
    "UnexpectedIPError",
    "UnresolvableGrantByEmailAddress",
    "UnsupportedArgument",
    "UnsupportedSignature",
    "UserKeyMustBeSpecified",
    "XAmzContentSHA256Mismatch",
]
# https://docs.aws.amazon.com/IAM/latest/UserGuide/CommonErrors.html, of STS, API Gateway, Lambda URLs, AppSync
OF_OTHERS = [
    "AccessDeniedException",
    "ExpiredTokenException",
    "IncompleteSignature",
    "InternalFailure",
    "NotAuthorized",
    "OptInRequired",
    "RequestExpired",
    "ServiceUnavailable",
    "ThrottlingException",
    "ValidationError",
    "InvalidClientTokenId",
    "UnrecognizedClientException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "ForbiddenException",
    "UnauthorizedException",
    "TooManyRequestsException",
    "LimitExceededException",
    "BadRequestException",
    "RegionDisabledException",
    "PackedPolicyTooLarge",
    "MalformedPolicyDocument",
    "InvalidIdentityToken",
    "security_exception",
]
HOST = "reports.s3.eu-west-1.amazonaws.com"
DOCUMENTED = {name for row in REFUSALS for name in [row.finding]}


def findings(response: str, url: str = GET, **given: Any) -> "tuple[Finding, ...]":
    arguments: dict[str, Any] = {"now": NOW + 30, **given}
    return explain("GET", url, response=response, **arguments)


@pytest.mark.parametrize("code", sorted({*OF_S3, *OF_OTHERS}))
def test_every_documented_code_has_an_answer(code: str) -> None:
    [first, *_] = findings(error(code, "something"))
    assert "look its code up" not in first.fix
    assert first.fix.endswith(".")


@pytest.mark.parametrize("row", REFUSALS, ids=lambda row: f"{row.finding}-{row.words or min(row.codes)}")
def test_every_row_of_the_table_leads_to_its_finding(row: Refusal) -> None:
    for code in row.codes or {"AccessDenied"}:
        for response in (
            error(code, f"It says {row.words or 'something'} here"),
            http("400 Bad Request", json.dumps({"message": f"It says {row.words or 'something'}"}),
                 f"x-amzn-ErrorType: {code}:http://internal.amazon.com/coral/"),
            json.dumps({"__type": f"com.amazon.coral.service#{code}", "message": row.words}),
        ):  # fmt: skip
            [first, *_] = findings(response)
            if row.finding == MISMATCH:
                assert first.code == "wrong_secret"
            elif row.finding == "skewed":
                assert first.code == ("refused_otherwise" if response.startswith("HTTP/") else "not_yet_valid")
            else:
                assert first.code == row.finding
                assert "look its code up" not in first.fix


def test_no_row_is_hidden_by_one_before_it() -> None:
    codes = [code for row in REFUSALS for code in row.codes]
    assert len(codes) == len(set(codes))
    words = [row.words for row in REFUSALS if row.words]
    assert len(words) == len(set(words))
    for at, later in enumerate(words):
        assert not [earlier for earlier in words[:at] if earlier in later]


def test_every_finding_of_the_table_says_what_to_expect_and_what_to_do() -> None:
    assert {row.finding for row in REFUSALS} - {MISMATCH} <= set(REMEDIES)
    for expected, fix in REMEDIES.values():
        assert expected
        assert fix[0].isupper()
        assert fix.endswith(".")
    documented = str(Finding.__doc__)
    for code in set(REMEDIES) - {"skewed"}:
        assert f"`{code}`" in documented


# --- what stands where ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("response", "code", "message"),
    [
        ('{"errors": [{"errorType": "UnrecognizedClientException", "message": "The security token"}]}',
         "UnrecognizedClientException", "The security token"),
        (('{"error": {"root_cause": [{"type": "security_exception", "reason": "no permissions"}], "type": '
         '"security_exception", "reason": "no permissions for [x]"}, "status": 403}'), "security_exception",
         "no permissions for [x]"),
        ('{"kind": "Status", "status": "Failure", "message": "Unauthorized", "reason": "Unauthorized", "code": 401}',
         "Unauthorized", "Unauthorized"),
        ('[{"Code": "A", "Message": "b"}]', "A", "b"),
        ('HTTP/1.1 403\nx-minio-error-code: AccessDenied\nx-minio-error-desc: "Request has expired"\n\n',
         "AccessDenied",
         "Request has expired"),
        ("HTTP/1.1 404\n\n<html><ul><li>Code: NoSuchKey</li><li>Message: No.</li></ul></html>", "NoSuchKey", "No."),
        ("<Response><Errors><Error><Code>AuthFailure</Code><Message>m</Message></Error></Errors></Response>",
         "AuthFailure", "m"),
        ("<Error><Code>RequestTimeTooSkewed</Code><BucketName>b</BucketName></Error>", "RequestTimeTooSkewed", ""),
        ("SASL: [fba2]: Session too short", "", "SASL: [fba2]: Session too short"),
    ],
)  # fmt: skip
def test_a_code_and_a_message_are_read_wherever_they_stand(response: str, code: str, message: str) -> None:
    answer = read_answer(response)
    assert (answer.code, answer.message) == (code, message)


MISMATCH_OF_API_GATEWAY = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access "
    "Key and "
    "signing method. Consult the service documentation for details.\n\nThe Canonical String for this request "
    "should have "
    "been\n'GET\n/b\n{query}\nhost:abc.lambda-url.eu-west-1.on.aws\n\nhost\n{payload}'\n\nThe String-to-Sign "
    "should have "
    "been\n'AWS4-HMAC-SHA256\n20251124T160000Z\n20251124/eu-west-1/lambda/aws4_request\n{digest}'\n"
)


def test_a_code_in_the_head_and_lines_in_the_message_are_one_reading() -> None:
    query = LAMBDA.partition("?")[2].partition("&X-Amz-Signature")[0]
    payload = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    message = MISMATCH_OF_API_GATEWAY.format(query=query, payload=payload, digest="0" * 64)
    body = json.dumps({"message": message})
    head = "HTTP/2 403 \r\nx-amzn-errortype: InvalidSignatureException\r\ncontent-type: application/json\r\n\r\n"
    assert findings(head + body, LAMBDA) == findings(body, LAMBDA)
    [found] = findings(head + body, LAMBDA)
    assert (found.code, found.seen, found.expected) == ("changed_path", "/b", "/a")
    body = json.dumps({"message": message.replace("/b\n", "/a\n").replace(payload, "UNSIGNED-PAYLOAD")})
    [found] = findings(head + body, LAMBDA)
    assert found.code == "payload_hash_mismatch"
    assert "payload_hash=" in found.fix


def test_the_lines_that_were_compared_stand_side_by_side_without_secrets() -> None:
    url = v4("GET", "https://h.example/a%2Fb", credentials=Credentials("ASIDEXAMPLE", "s", "T" * 60))
    lines = (
        "GET\n/a/b\n" + url.partition("?")[2].partition("&X-Amz-Signature")[0] + "\nhost:h.example\nx-extra:1\n\nhost\n"
        "UNSIGNED-PAYLOAD"
    )
    [found] = findings(error("SignatureDoesNotMatch", "x", CanonicalRequest=lines.replace("&", "&amp;")), url)
    assert found.comparison is not None
    assert found.comparison[:2] == (("GET", "GET"), ("/a%2Fb", "/a/b"))
    assert found.comparison[2][0] == found.comparison[2][1]
    assert "X-Amz-Security-Token=<hidden>" in found.comparison[2][0]
    assert found.comparison[3:] == (
        ("host:h.example", "host:h.example"), ("", "x-extra:1"), ("", ""), ("host", "host"),
        ("UNSIGNED-PAYLOAD", "UNSIGNED-PAYLOAD"),
    )  # fmt: skip
    keys = Credentials("ASIDEXAMPLE", "s", "T" * 60)
    [found] = explain("GET", url.replace("a%2Fb", "a/b"), credentials=keys, now=NOW)
    assert found.comparison is not None
    assert found.comparison[1] == ("/a%2Fb", "/a/b")


def test_a_lone_surrogate_breaks_nothing() -> None:
    for url in ("https://h/?X-Amz-Signature=" + "\ud800" * 20, GET + "&X-Amz-Security-Token=" + "\ud800" * 20):
        found = findings(error("AccessDenied", "no \ud800"), url)
        assert found
        assert str(found[0]).isprintable()


# --- evidence before guesses ------------------------------------------------------------------------------------------


def test_the_region_of_a_mismatch_is_read_from_its_message() -> None:
    url = v4("GET", "https://abc.execute-api.us-west-2.amazonaws.com/prod/x", service="execute-api", region="us-east-1")
    response = error("SignatureDoesNotMatch", "Credential should be scoped to a valid Region, not us-east-1. ")
    [found] = findings(response, url)
    assert (found.code, found.seen, found.expected) == ("wrong_region", "signed for us-east-1", "us-west-2")
    assert findings(response, GET)[0].code == "wrong_region"
    r2 = error(
        "InvalidRegionName", "The region name 'eu-west-1' is not valid. Must be one of: wnam, enam, auto, or us-east-1"
    )
    assert findings(r2)[0].expected == "wnam, enam, auto, or us-east-1"
    garage = error("AuthorizationHeaderMalformed", "Authorization header malformed, unexpected scope: "
                                                   "20251124/eu-west-1/s3/"
                   "aws4_request, expected: 20251124/garage/s3/aws4_request")  # fmt: skip
    assert findings(garage)[0].expected == "garage"
    assert "LocationConstraint" in findings(error("IllegalLocationConstraintException", "The unspecified location "
                                                  "constraint is incompatible for the region specific "
                                                  "endpoint"))[0].fix  # fmt: skip


def test_an_expired_url_is_called_expired_where_the_answer_only_says_no() -> None:
    skewed = http("400 Bad Request", error("AccessDenied", "The difference between the request time and the "
                                                           "server's time is "
                  "too large")).replace("16:00:20", "16:33:00")  # fmt: skip
    assert findings(skewed, now=NOW + 1_980)[0].code == "expired"
    for response in (
        error("AccessDenied", "Access Denied"),
        error("AccessDenied", ""),
        "HTTP/1.1 403 Forbidden\r\n\r\n{}",
    ):
        assert findings(response, now=NOW + 1_980)[0].code == "expired"
    mismatch = error("SignatureDoesNotMatch", "The request signature we calculated does not match")
    assert [found.code for found in findings(mismatch, now=NOW + 1_980)][:2] == ["expired", "wrong_secret"]


def test_an_answer_of_the_store_without_a_body_was_one_to_head() -> None:
    for header in ("Server: AmazonS3", "x-amz-request-id: A", "Content-Type: application/xml"):
        [found] = findings(http("403 Forbidden", "", header), str(GET))
        assert found.code == "wrong_method"
        assert "HEAD" in found.fix
    assert findings(http("403 Forbidden", "", "Server: nginx"), str(GET))[0].code == "not_the_store"
    assert "by nginx" in findings(http("403 Forbidden", "", "Server: nginx"), str(GET))[0].seen


@pytest.mark.parametrize("method", ["HEAD", "GET"])
@pytest.mark.parametrize(
    ("status", "code", "told"),
    [
        ("404 Not Found", "not_found", "s3:ListBucket"),
        ("412 Precondition Failed", "precondition_failed", "condition"),
        ("416 Range Not Satisfiable", "precondition_failed", "Range"),
        ("503 Slow Down", "refused_otherwise", "SlowDown"),
        ("500 Internal Server Error", "refused_otherwise", "later"),
        ("400 Bad Request", "wrong_region", "x-amz-bucket-region"),
    ],
)
def test_the_bare_status_of_a_store_says_what_it_can(method: str, status: str, code: str, told: str) -> None:
    url = v4(method, "https://h.example/k")
    for spelt in (url, str(url)):
        found = explain(method, spelt, response=http(status, "", "Server: AmazonS3"), now=NOW)
        assert found[0].code == code
        assert "HEAD has no body" in found[0].fix
        assert told in found[0].fix
    proxy = explain(method, url, response=http(status, "", "Server: nginx"), now=NOW)
    assert proxy[0].code != code


def test_a_bare_400_to_a_url_with_a_token_is_most_likely_the_token() -> None:
    url = v4("HEAD", "https://h.example/k", credentials=TEMPORARY)
    found = explain("HEAD", url, response=http("400 Bad Request", "", "Server: AmazonS3"), now=NOW)
    assert found[0].code == "expired_token"
    there = http("400 Bad Request", "", "Server: AmazonS3", "x-amz-bucket-region: ap-south-1")
    assert explain("HEAD", url, response=there, now=NOW)[0].expected == "ap-south-1"


def test_a_bare_403_to_the_right_method_names_what_it_may_be() -> None:
    url = presign(
        "HEAD", "https://h.example/k", credentials=KEYS, region="eu-west-1", service="s3", expires_in=900, now=NOW
    )
    [found] = explain("HEAD", url, response=http("403 Forbidden", "", "Server: AmazonS3"), now=NOW)
    assert found.code == "denied_by_policy"
    assert "s3:ListBucket" in found.fix


def test_a_404_was_given_while_the_url_was_valid() -> None:
    response = http("404 Not Found", "", "Server: AmazonS3")
    assert explain("HEAD", v4("HEAD", "https://h.example/k"), response=response, now=NOW + 99_999)[0].code == (
        "not_found"
    )


def test_a_parameter_behind_the_signature_comes_before_the_secret() -> None:
    mismatch = error("SignatureDoesNotMatch", "The request signature we calculated does not match")
    for added in ("&utm_source=newsletter", "&fbclid=x", "&anything=1"):
        found = findings(mismatch, GET + added)
        assert found[0].code == "added_parameter"
        assert "wrong_secret" not in [finding.code for finding in found]
        assert findings(http("403 Forbidden"), GET + added)[0].code == "added_parameter"
    sorted_by_its_signer = GET.replace("&X-Amz-SignedHeaders=host", "") + "&X-Amz-SignedHeaders=host&x-id=GetObject"
    assert explain("GET", sorted_by_its_signer, now=NOW) == ()
    assert explain("GET", sorted_by_its_signer + "&utm_source=x", now=NOW)[0].code == "added_parameter"


@pytest.mark.parametrize("added", ["gclid=a", "fbclid=b", "utm_source=mail", "UTM_Medium=x", "msclkid=1", "srsltid=c"])
def test_a_tracker_in_front_of_what_is_signed_comes_before_the_secret(added: str) -> None:
    mismatch = error("SignatureDoesNotMatch", "The request signature we calculated does not match")
    for url in (
        GET.replace("?", f"?{added}&"),
        GET.replace("&X-Amz-Date", f"&{added}&X-Amz-Date"),
        GET.replace("&X-Amz-Signature", f"&{added}&X-Amz-Signature"),
    ):
        assert explain("GET", url, now=NOW)[0].code == "added_parameter"
        assert findings(mismatch, url)[0].code == "added_parameter"
        assert explain("GET", url, credentials=Credentials("AKIDEXAMPLE", SECRET), now=NOW)[0].code == "added_parameter"


def test_a_tracker_that_was_signed_was_not_added() -> None:
    signed = v4("GET", "https://h.example/k?gclid=a&utm_source=mail")
    assert explain("GET", signed, credentials=Credentials("AKIDEXAMPLE", SECRET), now=NOW) == ()
    ours = explain("GET", v4("GET", "https://h.example/k?ref=a&download=1"), now=NOW)
    assert ours == ()  # names that signers use


def test_an_accused_secret_says_what_was_excluded() -> None:
    mismatch = error("SignatureDoesNotMatch", "The request signature we calculated does not match")
    assert "Excluded: " in findings(mismatch)[0].fix
    found = explain("GET", str(GET), credentials=Credentials("AKIDEXAMPLE", "another"), now=NOW)
    assert [finding.code for finding in found] == ["wrong_secret"]
    assert "Excluded: the usual other methods" in found[0].fix


def test_iot_takes_the_token_behind_the_signature_and_others_among_what_is_signed() -> None:
    keys = Credentials("ASIDEXAMPLE", "secret", "T" * 60)
    iot = v4("GET", "wss://abc-ats.iot.eu-west-1.amazonaws.com/mqtt", service="iotdevicegateway", credentials=keys)
    assert explain("GET", iot, credentials=keys, now=NOW) == ()
    from sigv4presign import ServiceRules

    wrong = v4("GET", "wss://abc-ats.iot.eu-west-1.amazonaws.com/mqtt", service="iotdevicegateway", credentials=keys,
               rules=ServiceRules(session_token="signed"))  # fmt: skip
    for given in (None, keys):
        found = explain("GET", wrong, credentials=given, now=NOW)
        assert [finding.code for finding in found] == ["invalid_token"]
        assert "append" in found[0].fix
    moved = iot.replace("iotdevicegateway", "execute-api")
    assert explain("GET", moved, now=NOW)[0].seen == "X-Amz-Security-Token added after the signature"
    route = http("403 Forbidden", '{"message": "Missing Authentication Token"}')
    assert "/mqtt" in findings(route, iot)[0].fix
    assert findings(route, v4("GET", "https://a.execute-api.eu-west-1.amazonaws.com/x", service="execute-api"))[
        0
    ].code == ("no_such_route")


def test_a_checksum_that_object_lock_wants_is_named() -> None:
    response = error("InvalidRequest", "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object "
                                       "requests with "
                     "Object Lock parameters")  # fmt: skip
    found = explain("PUT", PUT, headers=PUT.headers, response=response, now=NOW)
    assert found[0].code == "missing_checksum"


@pytest.mark.parametrize("token", ["x-amz-security-token", "X-Amz-Security-Token"])
def test_version_2_with_a_session_token_is_still_version_2(token: str) -> None:
    url = f"https://b.s3.amazonaws.com/k?AWSAccessKeyId=ASIA&Signature=abc%3D&{token}=TOKEN&Expires=1764000900"
    [found] = explain("GET", url, now=NOW)
    assert found.code == "v2_url"
    s3_says = "^The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256. "
    with pytest.raises(VerificationError, match=s3_says + r"\(The URL is signed with Signature Version 2: ") as refused:
        verify("GET", url, headers={"Host": "b.s3.amazonaws.com"}, secrets={}, region="us-east-1", service="s3")
    assert (refused.value.reason, refused.value.code) == ("unsupported_algorithm", "InvalidRequest")


_TOO_LARGE = "The difference between the request time and the current time is too large."


def _skewed(requested: str, served: str) -> str:
    times = f"<RequestTime>{requested}</RequestTime><ServerTime>{served}</ServerTime></Error>"
    return error("RequestTimeTooSkewed", _TOO_LARGE).replace("</Error>", times)


def test_a_skew_that_is_none_is_not_called_one() -> None:
    [found] = findings(_skewed("20251124T160000Z", "2025-11-24T16:01:00Z"))
    assert found.code == "refused_otherwise"
    assert "60 s" in found.seen


def test_a_skew_that_is_one_is_told_with_the_side_that_is_ahead() -> None:
    ahead = findings(_skewed("20251124T160000Z", "2025-11-24T15:00:00Z"))
    assert ahead[0].code == "not_yet_valid"
    url = v4("GET", "https://h.example/k", expires_in=604_800)
    long_lived = explain("GET", url, response=_skewed("20251124T160000Z", "2025-11-24T16:33:00Z"), now=NOW + 1_980)
    assert long_lived[0].code == "expired"
    assert "within its X-Amz-Expires" in long_lived[0].fix
    unread = explain(
        "GET", "https://h.example/k", response=_skewed("20251124T160000Z", "2025-11-24T15:00:00Z"), now=NOW
    )
    assert [found.code for found in unread] == ["not_presigned", "not_yet_valid"]


def test_googles_expired_token_of_a_url_without_one_is_not_a_sessions() -> None:
    url = v4("GET", "https://storage.googleapis.com/b/k")
    response = error("ExpiredToken", "The provided token has expired.")
    assert explain("GET", url, response=response, now=NOW)[0].code == "two_authentications"
    assert explain("GET", url, response=response, now=NOW + 99_999)[0].code == "expired"
    with_token = v4("GET", "https://b.storage.googleapis.com/k", credentials=TEMPORARY)
    assert explain("GET", with_token, response=response, now=NOW)[0].code == "expired_token"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InvalidArgument", "Authorization"),
        ("InvalidArgument", "Invalid Argument: Authorization"),
        ("InvalidRequest", "Missing Authorization header"),
    ],
)
def test_a_server_that_misses_the_authorization_did_not_see_the_signature(code: str, message: str) -> None:
    assert findings(error(code, message))[0].code == "changed_on_the_way"
    sent = explain("GET", GET, headers={"Authorization": "Bearer a"}, response=error(code, message), now=NOW)
    assert sent[0].code == "two_authentications"
    assert explain("GET", "https://h.example/k", response=error(code, message), now=NOW)[0].code == "not_presigned"


def test_sts_without_a_signature_is_no_missing_route() -> None:
    url = v4("GET", "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity", service="sts")
    response = error("MissingAuthenticationToken", "Request is missing Authentication Token")
    [found] = explain("GET", url, response=response, now=NOW)
    assert found.code == "changed_on_the_way"
    assert "method and path" in found.fix


def test_opensearch_names_the_index_and_asks_who_is_there() -> None:
    url = v4("GET", "https://a.eu-west-1.es.amazonaws.com/idx/_search", service="es")
    missing = '{"error":{"type":"index_not_found_exception","reason":"no such index [idx]"},"status":404}'
    [found] = explain("GET", url, response=http("404 Not Found", missing), now=NOW)
    assert (found.code, found.expected) == ("not_found", "an index of that name")
    for body in ('{"Message":"Unauthorized"}', "Unauthorized"):
        found = explain("GET", url, response=http("401 Unauthorized", body), now=NOW)[0]
        assert found.code in ("changed_on_the_way", "not_the_store")


def test_garages_week_is_a_lifetime() -> None:
    for message in ("may not exceed a week", "Bad request: X-Amz-Expires may not exceed a week"):
        assert findings(error("InvalidRequest", message))[0].code == "expires_out_of_range"


def test_a_kafka_broker_that_cannot_check_a_token_did_not_refuse_a_right() -> None:
    url = v4("GET", "https://b-1.example/?Action=kafka-cluster%3AConnect", service="kafka-cluster")
    prefix = "org.apache.kafka.common.errors.SaslAuthenticationException: "
    unchecked = f"{prefix}Authentication failed due to invalid credentials with SASL mechanism AWS_MSK_IAM"
    assert explain("GET", url, response=unchecked, now=NOW)[0].code == "wrong_secret"
    assert explain("GET", url, response=f"{prefix}[a]: Too many connects", now=NOW)[0].code == "refused_otherwise"


# --- other vendors ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "named"),
    [
        ("https://d111.cloudfront.net/k?Expires=1764000900&Signature=abc~_&Key-Pair-Id=K2JCJMDEHXQW5F", "CloudFront"),
        ("https://d111.cloudfront.net/k?Policy=eyJ&Signature=abc&Key-Pair-Id=K2", "CloudFront"),
        (("https://storage.googleapis.com/b/k?X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=a&X-Goog-Date=b&"
         "X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=abc"), "Google Cloud Storage (GOOG4)"),
        ("https://storage.googleapis.com/b/k?GoogleAccessId=a%40b&Expires=1&Signature=abc", "version 2"),
        ("https://b.oss-cn-hangzhou.aliyuncs.com/k?OSSAccessKeyId=LTAI&Expires=1&Signature=abc", "Alibaba"),
        ("https://b.oss-cn-hangzhou.aliyuncs.com/k?x-oss-signature-version=OSS4&x-oss-signature=a", "Alibaba"),
        ("https://a.blob.core.windows.net/c/b?sv=2022-11-02&st=a&se=b&sr=b&sp=r&sig=abc%3D", "Azure"),
        ("https://b.cos.ap-guangzhou.myqcloud.com/k?q-sign-algorithm=sha1&q-ak=a&q-signature=b", "Tencent"),
        ("https://b.obs.cn-north-4.myhuaweicloud.com/k?AccessKeyId=a&Expires=1&Signature=b", "Huawei"),
        ("https://swift.example/v1/AUTH_a/c/o?temp_url_sig=a&temp_url_expires=1", "Swift"),
        ("https://cdn.example/k?md5=abc&expires=1", "nginx"),
        ("https://cdn.example/k?hdnts=exp=1~hmac=2", "Akamai"),
        ("https://cdn.example/k?expires=1&signature=abc", "another kind"),
        ("https://e.example/k?hdntl=exp=1~acl=*~hmac=a", "Akamai"),
        ("https://e.example/k?token=exp=1~acl=*~hmac=a", "Akamai"),
        ("https://d1.example/k?CloudFront-Policy=a&CloudFront-Signature=b&CloudFront-Key-Pair-Id=c", "CloudFront"),
        ("https://b.cos.ap-guangzhou.myqcloud.com/k?sign=q-sign-algorithm%3Dsha1%26q-ak%3Da", "Tencent"),
        ("https://f005.backblazeb2.com/file/b/k?Authorization=3_2025_abc", "Backblaze"),
        ("https://objectstorage.eu-frankfurt-1.oraclecloud.com/p/abc/n/ns/b/bk/o/k", "Oracle"),
        (("https://b.tos-cn-beijing.volces.com/k?X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Credential=a&X-Tos-Date=b&"
         "X-Tos-Expires=900&X-Tos-SignedHeaders=host&X-Tos-Signature=abc"), "Volcengine"),
        (("https://bj.bcebos.com/b/k?authorization=bce-auth-v1%2Fak%2F2025-11-24T16%3A00%3A00Z%2F1800%2Fhost%2Fabc"),
         "Baidu"),
        ("https://abc.supabase.co/storage/v1/object/sign/b/k.png?token=eyJh.eyJ1.abc", "Supabase"),
        ("https://abc.supabase.co/storage/v1/render/image/sign/b/k.png?width=9&token=eyJh.eyJ1.abc", "Supabase"),
        ("https://cdn.example/k.jpg?e=1764000000&token=ACCESSKEY:abc%3D", "Qiniu"),
        ("https://demo.imgix.net/k.jpg?w=100&s=0123456789abcdef0123456789abcdef", "imgix"),
        ("https://cdn.example/k.jpg?verify=1764000000-abc%2Bdef%3D", "Cloudflare"),
        (("https://firebasestorage.googleapis.com/v0/b/a.appspot.com/o/k.png?alt=media&"
         "token=2f1b1a5e-1234-4321-aaaa-0123456789ab"), "Firebase"),
        ("https://imagedelivery.net/hash/id/public?exp=1767225600&sig=abc", "Cloudflare Images"),
        ("https://customer-a.cloudflarestream.com/eyJh.eyJ1.abc/manifest/video.m3u8", "Cloudflare Stream"),
        ("https://cdn.example/k?auth_key=1767225600-0-0-0123456789abcdef0123456789abcdef", "Alibaba Cloud CDN"),
        ("https://vz.b-cdn.net/k.mp4?token=abcDEF_-123&expires=1764000000", "Bunny"),
        ("https://video.example/k.mp4?token=abcDEF_-123&expires=1764000000&token_path=%2F", "Bunny"),
    ],
)  # fmt: skip
def test_a_url_of_another_vendor_is_named(url: str, named: str) -> None:
    [found] = explain("GET", url, now=NOW)
    assert found.code == "other_vendor"
    assert named in found.seen
    assert "AWSAccessKeyId" not in str(found)
    assert "quotes" not in found.fix
    assert "eyJh" not in str(found)


@pytest.mark.parametrize("query", ["token=abc.def.ghi", "s=abc", "verify=soon", "auth_key=1764-0-0-abc"])
def test_a_url_that_is_signed_in_a_way_nobody_knows_is_said_to_be_of_no_version_4(query: str) -> None:
    [found] = explain("GET", f"https://cdn.example/k?{query}&w=1", now=NOW)
    assert found.code == "not_presigned"
    assert "not a URL of Signature Version 4" in found.fix
    assert "quotes" not in found.fix


def test_version_2_keeps_its_own_word() -> None:
    found = explain("GET", "https://b.s3.amazonaws.com/k?AWSAccessKeyId=AKID&Expires=1&Signature=abc", now=NOW)
    assert [finding.code for finding in found] == ["v2_url"]


def test_json_is_read_as_deep_as_services_nest_and_no_deeper() -> None:
    shallow = {"errors": [{"errorType": "AccessDenied", "message": "no"}]}
    assert read_answer("HTTP/1.1 403 Forbidden\n\n" + json.dumps(shallow)).elements["Message"] == "no"
    deep: Any = {"message": "never seen"}
    for _ in range(40):
        deep = {"a": deep}
    assert "Message" not in read_answer("HTTP/1.1 403 Forbidden\n\n" + json.dumps(deep)).elements


def test_an_expiry_is_told_where_the_url_cannot_be_read() -> None:
    answer = http("403 Forbidden", error("AccessDenied", "Request has expired"))
    found = explain("GET", "https://h/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Expires=60", response=answer)
    assert "expired" in [finding.code for finding in found]


def test_a_region_that_is_a_lone_percent_sign_is_explained_with_the_keys_at_hand() -> None:
    keys = Credentials("AKIDEXAMPLE", "s")
    url = str(S3Presigner(keys, "eu-west-1").get_object("photos", "a", now=NOW))
    found = explain("GET", url.replace("%2Feu-west-1%2F", "%2F%25%2F"), credentials=keys, now=NOW)
    assert found[0].code == "wrong_region"


def test_an_answer_that_repeats_the_signature_or_the_token_does_not_show_them() -> None:
    url = presign("GET", "https://h/k", credentials=TEMPORARY, region="eu-west-1", service="s3", now=NOW)
    signature = url[-64:]
    answer = error("AccessDenied", f"no entry for {signature} and {TEMPORARY.session_token}")
    text = repr(explain("GET", url, response=answer, now=NOW))
    assert signature[:12] not in text
    assert str(TEMPORARY.session_token)[:12] not in text


def test_a_401_is_no_denial_of_somebody_who_is_known() -> None:
    url = S3Presigner(Credentials("AKIDEXAMPLE", "s"), "eu-west-1").get_object("photos", "a", now=NOW)
    found = explain("GET", url, response=http("401 Unauthorized", error("AccessDenied", "Access Denied")), now=NOW)
    assert found[0].code == "changed_on_the_way"


# --- what stores, services and clients say in their own words ---------------------------------------------------------

_JS_PUT = v4("PUT", "https://b.s3.eu-west-1.amazonaws.com/k", query={"x-amz-checksum-crc32": "AAAAAA=="})


@pytest.mark.parametrize(
    ("code", "message", "expected", "told"),
    [
        # https://git.deuxfleurs.fr/Deuxfleurs/garage, src/api/common/signature/payload.rs
        ("InvalidRequest", "Bad request: Header `x-amz-acl` should be signed", "unsigned_headers", "leave it out"),
        ("InvalidRequest", "Bad request: Header `Host` should be signed", "missing_signed_headers", "host"),
        ("InvalidRequest", "Bad request: signed header `content-type` is not present", "missing_signed_headers",
         "did not arrive"),
        ("AccessDenied", "Forbidden: Garage does not support anonymous access yet", "changed_on_the_way", "drops"),
        ("InvalidRequest", "Bad request: Unsupported authorization method", "two_authentications", "Authorization"),
        # https://github.com/minio/minio, cmd/api-errors.go; https://github.com/seaweedfs/seaweedfs, s3api_errors.go
        ("InvalidArgument", "Authorization header is invalid -- one and only one ' ' (space) required.",
         "two_authentications", "Authorization"),
        ("InvalidRequest", "Object is WORM protected and cannot be overwritten", "precondition_failed", "retention"),
        ("XMinioAdminBucketQuotaExceeded", "Bucket quota exceeded", "refused_otherwise", "quota"),
        ("XMinioParentIsObject", "Object-prefix is already an object", "precondition_failed", "in the way"),
        ("QuotaExceeded", "", "refused_otherwise", "quota"),  # Ceph: src/rgw/rgw_common.cc
        ("ErrTooManyRequest", "Too many simultaneous request count", "refused_otherwise", "later"),
        ("AccessDenied", "Cannot download file, transaction (Class B) cap exceeded.", "refused_otherwise", "limit"),
        ("InvalidArgument", "Unsupported query parameter: x-id", "unsupported", "store"),
        # S3
        ("InvalidArgument", "Unsupported Authorization Type", "two_authentications", "Authorization"),
        ("AccessDenied", "Anonymous users cannot invoke this API. Please authenticate.", "changed_on_the_way", "drops"),
        ("InvalidRequest", "S3 Transfer Acceleration is not configured on this bucket", "wrong_endpoint", "enable it"),
        ("InvalidRequest", "The object was stored using a form of Server Side Encryption.", "bad_request", "SSE-C"),
        # https://cloud.google.com/storage/docs/xml-api/reference-status
        ("ResourceIsEncryptedWithCustomerEncryptionKey", "", "bad_request", "SSE-C"),
        ("CloudKmsDisabledKey", "", "key_unusable", "disabled"),
        ("BucketNameUnavailable", "", "precondition_failed", "in the way"),
    ],
)  # fmt: skip
def test_a_stores_own_words_lead_to_their_cause(code: str, message: str, expected: str, told: str) -> None:
    [first, *_] = findings(http("403 Forbidden", error(code, message)))
    assert first.code == expected
    assert told in first.fix
    assert code in first.seen or first.seen == "x-amz-acl"


def test_googles_details_are_its_reason() -> None:
    """https://cloud.google.com/storage/docs/xml-api/reference-status: `Details` has what the message leaves out."""
    url = v4("GET", "https://storage.googleapis.com/b/k", region="auto")
    anonymous = error("AccessDenied", "Access denied.", Details="Anonymous caller does not have storage.objects.get "
                      "access to the Google Cloud Storage object.")  # fmt: skip
    [found] = findings(http("403 Forbidden", anonymous), url)
    assert found.code == "changed_on_the_way"
    assert "Anonymous caller" in found.seen
    lost = error("MalformedSecurityHeader", "Your request has a malformed header.",
                 Details="Header was included in signedheaders, but not in the request.")  # fmt: skip
    assert findings(http("400 Bad Request", lost), url)[0].code == "missing_signed_headers"
    alone = "<Error><Code>AccessDenied</Code><Details>x does not have storage.objects.get access</Details></Error>"
    assert findings(http("403 Forbidden", alone), url)[0].seen.endswith("x does not have storage.objects.get access")


def test_api_gateway_that_reads_an_authorization_header_was_sent_one() -> None:
    url = v4("GET", "https://a1.execute-api.eu-west-1.amazonaws.com/prod/x", service="execute-api")
    message = (
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "
        "(Hashed with SHA-256 and encoded with Base64) Authorization=7Tg="
    )
    head = "x-amzn-errortype: IncompleteSignatureException"
    [found] = findings(http("403 Forbidden", json.dumps({"message": message}), head), url)
    assert found.code == "two_authentications"


@pytest.mark.parametrize("message", ["You are not authorized to make this call.", "Permission denied"])
def test_appsync_answers_401_to_a_known_caller_too(message: str) -> None:
    """https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html."""
    url = v4("POST", "https://a1.appsync-api.eu-west-1.amazonaws.com/graphql", service="appsync")
    body = json.dumps({"errors": [{"errorType": "UnauthorizedException", "message": message}]})
    found = explain("POST", url, response=http("401 Unauthorized", body), now=NOW)
    assert [one.code for one in found] == ["denied_by_policy"]


@pytest.mark.parametrize(
    ("host", "service", "told"),
    [
        ("wss://a-ats.iot.eu-west-1.amazonaws.com/mqtt", "iotdevicegateway", "iot:Connect"),
        ("https://a1.eu-west-1.aoss.amazonaws.com/_search", "aoss", "data access policy"),
        ("https://a1.execute-api.eu-west-1.amazonaws.com/p", "execute-api", "API key"),
    ],
)
def test_a_bare_forbidden_is_told_as_the_service_means_it(host: str, service: str, told: str) -> None:
    url = v4("GET", host, service=service)
    for body in ({"message": "Forbidden", "traceId": "a"}, {"error": {"reason": "403 Forbidden", "type": "Forbidden"}}):
        [found] = findings(http("403 Forbidden", json.dumps(body)), url)
        assert found.code == "denied_by_policy"
        assert told in found.fix
    assert findings('{"message":"Forbidden"}', "https://h.example/")[1].code == "denied_by_policy"


@pytest.mark.parametrize("reason", ["(Unauthorized)", "(the server has asked for the client to provide credentials)"])
def test_kubectls_words_are_the_clusters_refusal(reason: str) -> None:
    url = v4("GET", "https://sts.eu-west-1.amazonaws.com/?Action=GetCallerIdentity", service="sts", expires_in=60)
    [found] = findings(f"error: You must be logged in to the server {reason}", url)
    assert found.code == "changed_on_the_way"
    assert "access entry" in found.fix


@pytest.mark.parametrize(
    "printed",
    [
        "requests.exceptions.HTTPError: 403 Client Error: Forbidden for url: {url}",
        "AxiosError: Request failed with status code 403",
        "curl: (22) The requested URL returned error: 403",
        "aiohttp.client_exceptions.ClientResponseError: 403, message='Forbidden', url=URL('{url}')",
        "WebSocket connection to 'wss://h/' failed: Error during WebSocket handshake: Unexpected response code: 403",
    ],
)
def test_the_status_that_a_client_prints_is_an_answer(printed: str) -> None:
    [found] = findings(printed.format(url=GET))
    assert found.code == "not_the_store"
    assert found.seen.startswith("status 403")
    assert "curl -si" in found.fix
    assert GET[-64:] not in str(found)
    assert findings(printed.format(url=GET), now=NOW + 9_999)[0].code == "expired"
    for nothing in ("403 pages", "an error and no number"):
        with pytest.raises(InputError, match="neither an HTTP status line"):
            findings(nothing)


def test_a_canonical_request_that_a_browser_shows_on_one_line_is_compared() -> None:
    lines = f"HEAD\n/2025/costs%20%26%20more.csv\n{GET.partition('?')[2].partition('&X-Amz-Signature')[0]}\nhost:{HOST}"
    mismatch = error("SignatureDoesNotMatch", "x", CanonicalRequest=f"{lines}\n\nhost\nUNSIGNED-PAYLOAD")
    for shown in (mismatch, mismatch.replace("\n\n", "\n").replace("\n", " "), mismatch.replace("\n", " ")):
        [found] = findings(shown.replace("&X-", "&amp;X-"))
        assert (found.code, found.seen, found.expected) == ("wrong_method", "HEAD", "GET")
    put = v4("PUT", "https://h.example/k", headers={"Content-Type": "text/plain; charset=utf-8"})
    lines = (
        f"PUT /k {put.partition('?')[2].partition('&X-Amz-Signature')[0]} content-type:text/html; charset=utf-8 "
        "host:h.example  content-type;host UNSIGNED-PAYLOAD"
    )
    answer = error("SignatureDoesNotMatch", "x", CanonicalRequest=lines.replace("&", "&amp;"))
    sent = {"Content-Type": "text/plain; charset=utf-8"}
    [found] = explain("PUT", put, headers=sent, response=answer, now=NOW)
    assert (found.code, found.seen) == ("changed_header", "content-type: text/html; charset=utf-8")
    few = findings(error("SignatureDoesNotMatch", "x", CanonicalRequest="GET / x"))
    assert few[0].code == "wrong_secret"


def test_a_server_that_calls_a_url_expired_within_its_lifetime_is_not_told_that_it_is_over() -> None:
    url = v4("GET", "https://b.s3.eu-west-1.amazonaws.com/k", credentials=TEMPORARY, expires_in=604_800)
    [found] = findings(http("403 Forbidden", error("AccessDenied", "Request has expired")), url)
    assert found.code == "expired"
    assert found.seen == "expires at 2025-12-01T16:00:00Z, and it was 2025-11-24T16:00:20Z"
    assert "session of temporary credentials" in found.fix


def test_a_checksum_that_the_sdk_signed_for_no_body_is_named() -> None:
    """https://github.com/aws/aws-sdk-js-v3/issues/6810: the CRC32 of no bytes is signed for an upload."""
    for response in (
        error("BadDigest", "The CRC32 you specified did not match the calculated checksum."),
        error("NotImplemented", "Header 'x-amz-checksum-crc32' with value 'AAAAAA==' not implemented"),
    ):
        [found] = explain("PUT", _JS_PUT, response=http("400 Bad Request", response), now=NOW)
        assert found.code in ("wrong_checksum", "unsupported")
        assert "x-amz-checksum-crc32" in found.fix
    mode = v4("GET", "https://b.s3.eu-west-1.amazonaws.com/k", query={"x-amz-checksum-mode": "ENABLED"})
    [found] = findings(error("NotImplemented", "not implemented"), mode)
    assert "SDKs" not in found.fix


# --- what the host shows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "signed_for", "expected"),
    [
        ("https://a1.execute-api.us-west-2.amazonaws.com/p", "execute-api", "us-west-2"),
        ("https://a1.lambda-url.us-west-2.on.aws/", "lambda", "us-west-2"),
        ("https://sts.us-west-2.amazonaws.com/?Action=GetCallerIdentity", "sts", "us-west-2"),
        ("https://b.s3-us-west-2.amazonaws.com/k", "s3", "us-west-2"),
        ("https://my-bucket-1.s3.us-west-2.amazonaws.com/k", "s3", "us-west-2"),
    ],
)
def test_a_region_that_the_host_has_not_is_wrong_for_every_service(url: str, signed_for: str, expected: str) -> None:
    [found] = explain("GET", v4("GET", url, service=signed_for), now=NOW)
    assert (found.code, found.expected) == ("wrong_region", expected)
    assert explain("GET", v4("GET", url, service=signed_for, region=expected), now=NOW) == ()


def test_a_bucket_that_is_named_like_a_region_is_none() -> None:
    url = v4("GET", "https://my-bucket-1.s3.amazonaws.com/k", region="us-east-1")
    assert explain("GET", url, now=NOW) == ()
    response = error("AuthorizationQueryParametersError", "Error parsing the X-Amz-Credential parameter; the region "
                     "'us-east-1' is wrong")  # fmt: skip
    [found] = findings(response, url)
    assert (found.code, found.expected) == ("wrong_region", "the region of the endpoint")


@pytest.mark.parametrize(
    ("url", "signed_for", "expected"),
    [
        ("wss://a-ats.iot.eu-west-1.amazonaws.com/mqtt", "iotdata", "iotdevicegateway"),
        ("https://a1.execute-api.eu-west-1.amazonaws.com/p", "lambda", "execute-api"),
        ("https://a1.lambda-url.eu-west-1.on.aws/", "execute-api", "lambda"),
        ("https://search-a.eu-west-1.es.amazonaws.com/_search", "opensearch", "es"),
        ("https://a1.eu-west-1.aoss.amazonaws.com/_search", "es", "aoss"),
        ("https://sts.cn-north-1.amazonaws.com.cn/?Action=GetCallerIdentity", "eks", "sts"),
        ("https://a1.execute-api-fips.us-east-1.amazonaws.com/p", "lambda", "execute-api"),
    ],
)
def test_a_service_that_the_host_is_not_of_is_named(url: str, signed_for: str, expected: str) -> None:
    region = next(name for name in ("cn-north-1", "us-east-1", "eu-west-1") if name in url)
    [found] = explain("GET", v4("GET", url, service=signed_for, region=region), now=NOW)
    assert (found.code, found.expected) == ("wrong_service", expected)
    assert explain("GET", v4("GET", url, service=expected, region=region), now=NOW) == ()


@pytest.mark.parametrize(
    ("host", "named"),
    [
        ("b.s3-website.eu-west-1.amazonaws.com", "website"),
        ("b.s3-website-eu-west-1.amazonaws.com", "website"),
        ("pub-0123.r2.dev", "R2"),
    ],
)
def test_a_host_that_checks_no_signature_is_named(host: str, named: str) -> None:
    url = v4("GET", f"https://{host}/k")
    for found in (explain("GET", url, now=NOW), findings(http("404 Not Found", "<html>no</html>"), url)):
        assert found[0].code == "wrong_endpoint"
        assert named in found[0].seen
    assert explain("GET", v4("GET", "https://s3-website-x.s3.eu-west-1.amazonaws.com/k"), now=NOW) == ()


@pytest.mark.parametrize("host", ["s3.us-west-004.backblazeb2.com", "b.s3.us-west-004.wasabisys.com"])
def test_a_mismatch_at_a_store_whose_host_has_another_region_is_the_regions(host: str) -> None:
    mismatch = http("403 Forbidden", error("SignatureDoesNotMatch", "Signature validation failed"))
    url = v4("GET", f"https://{host}/k")
    assert [found.code for found in findings(mismatch, url)][:2] == ["wrong_region", "wrong_secret"]
    assert findings(mismatch, url)[0].expected == "us-west-004"
    assert explain("GET", url, now=NOW) == ()  # without an answer nothing is guessed
    assert findings(mismatch, v4("GET", f"https://{host}/k", region="us-west-004"))[0].code == "wrong_secret"
    assert findings(mismatch, v4("GET", "https://s3.wasabisys.com/b/k"))[0].code == "wrong_secret"


def test_a_mismatch_at_a_cdn_that_asks_the_origin_by_its_own_name_is_the_hosts() -> None:
    url = v4("GET", "https://b.fra1.cdn.digitaloceanspaces.com/k", region="fra1")
    [found, *_] = findings(error("SignatureDoesNotMatch", ""), url)
    assert (found.code, found.seen) == ("wrong_host", "b.fra1.digitaloceanspaces.com")
    assert explain("GET", url, now=NOW) == ()


@pytest.mark.parametrize(
    ("url", "service", "body", "told"),
    [
        ("https://a1.lambda-url.eu-west-1.on.aws/", "lambda", '{"Message":null}', "lambda:InvokeFunctionUrl"),
        ("https://a1.appsync-api.eu-west-1.amazonaws.com/graphql", "appsync", '{"message":null}', "appsync:GraphQL"),
        ("https://db.eu-west-1.rds.amazonaws.com:5432/?DBUser=app", "rds-db",
         '{"message":"FATAL:  PAM authentication failed for user \\"app\\""}', "rds-db:connect"),
        ("https://a1.dsql.eu-west-1.on.aws/?Action=DbConnect", "dsql",
         '{"message":"unable to accept connection, access denied"}', "dsql:DbConnect"),
        ("https://polly.eu-west-1.amazonaws.com/v1/speech", "polly", '{"message":"Access denied"}', "user or role"),
    ],
)  # fmt: skip
def test_a_right_that_is_refused_is_told_in_the_services_own_terms(
    url: str, service: str, body: str, told: str
) -> None:
    head = "x-amzn-errortype: AccessDeniedException:http://internal.amazon.com/coral/"
    [found] = findings(http("403 Forbidden", body, head), v4("GET", url, service=service))
    assert found.code == "denied_by_policy"
    assert told in found.fix
    assert "s3:" not in found.fix


def test_an_api_that_finds_nothing_has_no_such_route() -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html."""
    url = v4("GET", "https://a1.execute-api.eu-west-1.amazonaws.com/p", service="execute-api")
    assert findings(http("404 Not Found", '{"message":"Not Found"}'), url)[0].code == "no_such_route"
    assert findings(http("404 Not Found", '{"message":"Not Found"}'))[0].code == "not_found"


def test_a_client_that_prints_forbidden_for_a_url_of_s3_is_told_to_ask_for_the_reason() -> None:
    [found] = findings("urllib.error.HTTPError: HTTP Error 403: Forbidden")
    assert found.code == "denied_by_policy"
    assert "curl -si" in found.fix
    assert "API key" not in found.fix


@pytest.mark.parametrize(
    ("code", "message", "told"),
    [
        ("EntityTooLarge", "m", "upload a larger object in parts"),
        ("EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.", "in parts"),
        ("EntityTooSmall", "m", "at least 5 MiB"),
        ("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed object size.", "at least 5 MiB"),
        ("NoSuchUpload", "The specified multipart upload does not exist.", "completed or aborted"),
        ("InvalidPart", "One or more of the specified parts could not be found.", "the ETag that its upload answered"),
        ("InvalidPartOrder", "The list of parts was not in ascending order.", "in ascending order"),
        ("RestoreAlreadyInProgress", "Object restore is already in progress.", "wait until that has ended"),
    ],
)
def test_what_a_multipart_upload_or_a_restore_did_wrong_is_told(code: str, message: str, told: str) -> None:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html."""
    found = explain("PUT", PUT, response=error(code, message), now=NOW)[0]
    assert told in found.fix
