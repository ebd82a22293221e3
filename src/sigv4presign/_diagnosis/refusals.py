"""The table of refusals: the error of a service or a store -> the finding, and what to do.

Rule: one row for each known code and wording.  Messages are matched before codes, because stores share codes but not
messages.  An unknown code is reported unchanged.

S3: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, all of its codes.  All AWS services:
https://docs.aws.amazon.com/IAM/latest/UserGuide/CommonErrors.html.  API Gateway:
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html.  MinIO:
cmd/api-errors.go; Ceph: rgw_common.cc; SeaweedFS: s3err; R2: https://developers.cloudflare.com/r2/api/error-codes/;
GCS: https://cloud.google.com/storage/docs/xml-api/reference-status.
"""

from .remedies import NO_ROUTE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .answer import Answer


class Refusal:
    """A row: one of the codes, words of the message in lower case, or both -> the finding, and its fix.

    `expected` and `fix` replace those of the finding.
    """

    __slots__ = ("codes", "expected", "finding", "fix", "words")

    def __init__(self, finding: str, codes: str = "", words: str = "", fix: str = "", *, expected: str = "") -> None:
        self.expected = expected
        self.finding = finding
        self.codes = frozenset(codes.lower().split())
        self.words = words
        self.fix = fix


def _rows(finding: str, *wordings: str, expected: str = "", fix: str = "") -> "list[Refusal]":
    """A row for each of several wordings of one thing."""
    return [Refusal(finding, words=words, fix=fix, expected=expected) for words in wordings]


MISMATCH = "SignatureDoesNotMatch"  # the finding of rows that only say that the signature does not match
_TWO = (
    "The server saw an Authorization header beside the signature in the query: many clients keep one for every request "
    "and across redirects, and proxies and CloudFront's origin access control add their own. Send none; behind such a "
    "proxy leave the presigned query out."
)
_QUOTA = "The signature was accepted; a quota or a spending limit is used up: delete objects, or raise it."
_ROOM = "room within the quota"
_SSE_C_KEY = "the key that encrypts the object"
_SSE_C = (
    "The object is encrypted with a key of the customer (SSE-C): sign the three headers "
    "x-amz-server-side-encryption-customer-algorithm, -key and -key-md5, and send them."
)
_TOO_LARGE = (
    "A form's file is larger than its content-length-range allows. If it was no form: one PUT takes at most 5 GB; "
    "upload a larger object in parts."
)
_TOO_SMALL = (
    "A form's file is smaller than its content-length-range allows. If it was no form: each part of a multipart upload "
    "but the last has to have at least 5 MiB."
)
_ABSENT = (
    "A header that was signed did not arrive: send it with exactly the value that was signed (PresignedUrl.headers "
    "lists them), or sign without it."
)
_KAFKA = (
    "The broker read the token and refuses its signer: grant kafka-cluster:Connect, and the actions that follow, on "
    "the cluster, topics and groups; and sign for the cluster's own region with keys of an account that it lets in."
)

# --- by what the message says, for whichever code ---------------------------------------------------------------------

_BY_MESSAGE = (
    # Time.  If two kinds of answers have the same words, the URL decides: see `stated`.
    *_rows("expired", "request has expired", "signature expired", "signature has expired", "presigned url has expired",
            "date is too old",  # Garage
            "session too short"),  # MSK's brokers
    *_rows("not_yet_valid", "not valid yet", "not yet valid", "not yet current"),
    *_rows("skewed", "difference between the request time and", "request time too skewed",
            "request timestamp is too far"),
    *_rows("expired_token", "token has expired", "token included in the request is expired", "session has expired"),
    # The URL and the request's headers
    *_rows("unsigned_headers", "which were not signed", "must be a signed header"),
    Refusal("missing_signed_headers", words="header `host` should be signed"),  # Garage
    Refusal("unsigned_headers", words="` should be signed"),
    *_rows("missing_signed_headers", "signed header `",
            "header was included in signedheaders",  # GCS
            expected="every header that was signed", fix=_ABSENT),
    *_rows("missing_signed_headers", "must be a 'signedheader'", "must include host"),
    *_rows("two_authentications", "only one auth mechanism", "multiple authentication",
            "valid key=value pair",  # API Gateway
            "unsupported authorization",  # S3, Garage
            "authorization header is invalid",  # MinIO, SeaweedFS
            fix=_TWO),
    *_rows("v2_url", "please use aws4-hmac-sha256", "require aws signature version 4",
            "sigv2 authorization is not supported", "aws4-hmac-sha256 is required"),
    *_rows("expires_out_of_range", "less than a week",
            "may not exceed a week",  # Garage
            "must be non-negative", "must be less than 604800", "must be between 1 and 604800"),
    *_rows("malformed_expires", "x-amz-expires should be a number", "invalid x-amz-expires"),
    *_rows("malformed_date", "valid date or x-amz-date", "iso8601", "invalid date format"),
    *_rows("malformed_credential", "invalid credential date", "incorrect date format", "incorrect terminal",
            "credential is mal-formed", "date in credential scope does not match"),
    *_rows("wrong_service", "incorrect service", "correct service"),
    *_rows("wrong_region", "the region '", "the region is wrong", "valid region",
            "unexpected scope",  # Garage
            "the region name '",  # R2
            "location constraint is incompatible", "location-constraint is not valid"),
    *_rows("unsupported_algorithm", "x-amz-algorithm only supports", "unsupported algorithm"),
    Refusal("unsupported_algorithm", words="aws4-ecdsa-p256-sha256", expected="AWS4-ECDSA-P256-SHA256",
            fix="The endpoint takes Signature Version 4A alone, as Multi-Region Access Points do: sign with "
                "region_set= in place of region=."),
    *_rows("missing_parameter", "query-string authentication version 4 requires", "requires three components"),
    Refusal("two_authentications", words="authorization header requires", fix=_TWO),  # API Gateway
    Refusal("missing_parameter", words="missing required header for this request: x-amz-content-sha256", fix="The "
            "service wants a payload hash: sign the header x-amz-content-sha256 and send it, with payload_hash=."),
    Refusal("payload_hash_mismatch", words="x-amz-content-sha256"),
    # Keys
    *_rows("unknown_access_key", "access key id you provided does not exist",
            "token included in the request is invalid"),
    Refusal("unknown_access_key", words="malformed access key id", fix="The store knows keys of another form: take the "
            "key id of its S3 API, not an account id, an e-mail address or a key of the native API."),  # Backblaze B2
    Refusal("unknown_access_key", words="credential access key has length", fix="The access key id of R2 has 32 "
            "characters: take it from the API token's page for S3 clients; the token itself is not the key id."),
    *_rows("unknown_access_key", "no such key: gk",  # Garage
            "signed request requires setting up",  # SeaweedFS
            "security credentials are not valid"),  # GCS
    Refusal("invalid_token", words="token is malformed or otherwise invalid"),
    Refusal("unknown_access_key", words="secret key required to complete authentication", fix="Oracle finds a "
            "customer secret key in the region it was signed for: sign with the region of the bucket, and with a "
            "customer secret key of this tenancy."),
    # Endpoints
    Refusal("wrong_endpoint", words="addressed using the specified endpoint"),
    Refusal("wrong_endpoint", words="must be made to api port", expected="the port of the S3 API", fix="The URL went "
            "to MinIO's console: sign for the host and port of its S3 API, which is 9000 unless it was changed."),
    Refusal("wrong_endpoint", words="missing key-pair-id", expected="a URL signed for CloudFront, or the bucket's own "
            "host", fix="The CloudFront distribution takes URLs signed for CloudFront alone, and this one is signed "
            "for S3: open it at the bucket's own host, or sign one for CloudFront."),
    Refusal("wrong_endpoint", words="transfer acceleration", expected="the bucket's own endpoint", fix="The bucket "
            "has no transfer acceleration: enable it, or sign without accelerate=True."),
    Refusal("unsupported", words="virtual hosted style", fix="The store takes the bucket in the host alone: sign with "
            "addressing_style='virtual'."),
    Refusal("bad_request", words="invalid create bucket xml", fix="The request went to the bucket itself, not to an "
            "object: the key was lost, or the path begins with two slashes. Sign for bucket and key."),  # Garage
    Refusal("not_found", words="object not found"),
    # Uploads
    *_rows("missing_checksum", "content-md5 or x-amz-checksum-",
            "missing required header for this request: content-md5"),
    Refusal("wrong_checksum", words="value for x-amz-checksum-"),
    Refusal("form_refused", words="invalid according to policy"),
    Refusal("form_refused", words="exceeds the maximum allowed size", fix=_TOO_LARGE),
    Refusal("form_refused", words="smaller than the minimum allowed", fix=_TOO_SMALL),
    *_rows("unsupported", "unsupported header",  # B2
            "unsupported query parameter"),
    Refusal("bad_request", words="form of server side encryption", expected=_SSE_C_KEY, fix=_SSE_C),
    Refusal("refused_otherwise", words="cap exceeded", expected=_ROOM, fix=_QUOTA),  # B2
    Refusal("precondition_failed", words="worm protected", fix="The signature was valid; the object is locked "
            "against changes until its retention period expires: write to another key."),  # MinIO
    *_rows("unsupported", "a header you provided implies functionality",
            "header '"),  # R2: Header 'x-amz-acl' with value 'private' not implemented
    # Permissions
    *_rows("changed_on_the_way", "anonymous access",  # Garage
            "anonymous users",  # S3
            "anonymous caller"),  # GCS
    Refusal("changed_on_the_way", words="must be logged in to the server", fix="The cluster could not verify the "
            "token, or knows no access entry for its signer: sign for the cluster's name and region with valid keys, "
            "send it within 15 minutes, and give the user or role an access entry (aws-auth)."),  # kubectl
    Refusal("wrong_secret", words="invalid credentials with sasl mechanism", fix="The Kafka broker could not verify "
            "the token: sign it for the cluster's own region with valid keys, and send it at once."),
    Refusal("wrong_secret", words="wrongpass", fix="The cache could not verify the token: sign it for the name of the "
            "cache and its user, with valid keys, and send it within 15 minutes; the user has to be one of "
            "the cache's user group."),  # ElastiCache, MemoryDB
    Refusal("no_such_route", words="missing authentication token", fix=NO_ROUTE),
    Refusal("denied_by_policy", words="function url authorization", fix="The function's URL refuses the caller: its "
            "resource policy has to allow lambda:InvokeFunctionUrl, and since October 2025 lambda:InvokeFunction, to "
            "the signer's user or role. A URL of auth type NONE needs no signature."),
    Refusal("denied_by_policy", words="is not authorized to perform", fix="The signature was checked, or was not "
            'found: grant the action that the message names to the user or role in it. "anonymous" there means that '
            "the parameters of the signature did not arrive."),
    Refusal("denied_by_policy", words="not authorized to access"),  # API Gateway, AppSync
    Refusal("denied_by_policy", words="bucket is not authorized", fix="Backblaze B2 says so of a key that is limited "
            "to another bucket, and of every URL of version 2: sign with version 4 and a key for this bucket."),
    Refusal("denied_by_policy", words="corsresponse", fix="A browser asked with OPTIONS first, and the bucket has no "
            "CORS rule for this origin, method and headers: set one. The signature was not looked at."),
    Refusal("denied_by_policy", words="no permissions for", fix="OpenSearch knows the signer and has no role for it: "
            "map the signer's role in its fine-grained access control."),
    *_rows("denied_by_policy", "access denied for user",  # MySQL
            "pam authentication failed",  # PostgreSQL
            "unable to accept connection",  # Aurora DSQL
            "you are not authorized to make this call",  # AppSync
            "permission denied"),
    Refusal("missing_parameter", words="valid authorization header not provided", fix="AppSync saw no signature it "
            "takes: sign for service appsync, and check that the API allows IAM."),
    *_rows("changed_on_the_way", "missing authorization header", "authorization header is missing"),
    Refusal("refused_otherwise", words="too many connects"),  # MSK
    *_rows("denied_by_policy", "saslauthentication", "sasl authentication failed", "sasl_authentication_failed",
            fix=_KAFKA),
    *_rows(MISMATCH, "request signature we calculated does not match",
            "signature validation failed",  # B2
            "invalid signature",  # Garage
            "signature mismatch"),
)  # fmt: skip

# --- by the code ------------------------------------------------------------------------------------------------------

_BY_CODE = (
    Refusal(MISMATCH, "SignatureDoesNotMatch InvalidSignatureException InvalidSignature SignatureMismatch"),
    Refusal("expired", "ExpiredPresignRequest ExpiredRequest RequestExpired"),
    Refusal("skewed", "RequestTimeTooSkewed"),
    Refusal("expired_token", "ExpiredToken ExpiredTokenException TokenRefreshRequired RequestExpiredException"),
    Refusal("invalid_token", "InvalidToken InvalidTokenId InvalidIdentityToken InvalidSessionException"),
    Refusal("unknown_access_key", "InvalidClientTokenId InvalidAccessKeyId UnrecognizedClientException InvalidSecurity "
            "NotSignedUp OptInRequired AuthFailure UnknownKey XMinioAdminNoSuchUser"),
    Refusal("missing_parameter", "MissingAuthenticationToken MissingSecurityHeader MissingSecurityElement "
            "IncompleteSignature IncompleteSignatureException MissingFields AuthenticationRequired "
            "AuthorizationParametersError CredentialsNotSupported"),
    Refusal("malformed_expires", "MalformedExpires"),
    Refusal("unsupported_algorithm", "UnsupportedAlgorithm InvalidQuerySignatureAlgo"),
    Refusal("malformed_parameter", "AuthorizationQueryParametersError AuthorizationHeaderMalformed "
            "MalformedSecurityHeader MalformedQueryString MalformedPresignedURL"),
    Refusal("malformed_date", "MalformedDate"),
    Refusal("no_such_route", "MissingAuthenticationTokenException UnknownOperationException InvalidAction "
            "MissingAction", fix=NO_ROUTE),
    Refusal("not_found", "index_not_found_exception", expected="an index of that name",
            fix="The signature was accepted; the OpenSearch domain or collection has no such index: correct its name "
                "in the path, or create it."),
    Refusal("not_found", "NoSuchUpload", expected="a multipart upload that is open",
            fix="The signature was valid; the upload was completed or aborted, or the upload id is another object's: "
                "begin a new one (create_multipart_upload)."),
    Refusal("not_found", "NoSuchKey NoSuchBucket NoSuchVersion NoSuchAccessPoint NoSuchResource "
            "NoSuchMultiRegionAccessPoint NoSuchAsyncRequest NotFoundException ResourceNotFoundException "
            "EndpointNotFound NoSuchEntity NoSuchUser NotFound not_found 404"),
    Refusal("not_found", "NoSuchBucketPolicy NoSuchCORSConfiguration NoSuchLifecycleConfiguration NoSuchTagSet "
            "NoSuchWebsiteConfiguration NoSuchObjectLockConfiguration ObjectLockConfigurationNotFoundError "
            "OwnershipControlsNotFoundError NoSuchPublicAccessBlockConfiguration NoLoggingStatusForKey "
            "ServerSideEncryptionConfigurationNotFoundError ReplicationConfigurationNotFoundError "
            "NoSuchConfiguration NoSuchConfigurationError NoSuchTagSetError NoSuchBucketLifecycle NotSuchBucketPolicy "
            "NoSuchObjectLegalHold ReplicationDestinationNotFoundError",
            fix="The signature was valid; the bucket or object has no such setting: set it first."),
    Refusal("wrong_region", "IllegalLocationConstraintException InvalidLocationConstraint InvalidRegion "
            "InvalidRegionName RegionDisabledException"),
    Refusal("wrong_endpoint", "PermanentRedirect TemporaryRedirect Redirect IncorrectEndpoint InvalidHostHeader "
            "InvalidAddressingHeader InvalidAccessPointAliasError"),
    Refusal("payload_hash_mismatch", "XAmzContentSHA256Mismatch XAmzContentChecksumMismatch InvalidPayloadHash"),
    Refusal("chunked_body", "MissingContentLength LengthRequired"),
    Refusal("wrong_checksum", "BadDigest InvalidDigest XAmzContentMD5Mismatch InvalidChecksum CrcMismatch"),
    Refusal("missing_checksum", "MissingContentMD5"),
    Refusal("bad_request", "IncompleteBody RequestTimeout UnexpectedContent MissingRequestBodyError MissingRequestBody "
            "ExcessData",
            fix="Fewer or more bytes arrived than Content-Length says: send the whole body, and none where the "
                "method has none."),
    Refusal("form_refused", "EntityTooLarge", fix=_TOO_LARGE),
    Refusal("form_refused", "EntityTooSmall", fix=_TOO_SMALL),
    Refusal("form_refused", "InvalidPolicyDocument MalformedPOSTRequest "
            "RequestIsNotMultiPartContent MaxPostPreDataLengthExceededError MaxMessageLengthExceeded "
            "IncorrectNumberOfFilesInPostRequest UserKeyMustBeSpecified MissingAttachment InlineDataTooLarge "
            "PostPolicyInvalidKeyName UploadTooLarge"),
    Refusal("archived_object", "RestoreAlreadyInProgress",
            fix="The signature was valid; the object is being restored already: wait until that has ended."),
    Refusal("archived_object", "InvalidObjectState ObjectAlreadyInActiveTierError"),
    Refusal("precondition_failed", "PreconditionFailed NotModified ConditionalRequestConflict InvalidRange"),
    Refusal("precondition_failed", "OperationAborted BucketAlreadyExists BucketAlreadyOwnedByYou BucketNotEmpty "
            "ClientTokenConflict InvalidBucketState TooManyBuckets TooManyAccessPoints BucketNameUnavailable Conflict "
            "DeleteConflict EntityAlreadyExists ResourceConflictException RetentionPolicyNotMet ObjectUnderActiveHold "
            "ObjectAlreadyExists PositionNotEqualToLength ObjectNotAppendable ExistingObjectIsDirectory "
            "ExistingObjectIsFile XMinioParentIsObject XMinioObjectExistsAsDirectory",
            fix="The signature was valid; what is there already is in the way: look at the bucket's state, then "
                "try again."),
    Refusal("key_unusable", "KMS.DisabledException KMS.InvalidKeyUsageException KMS.KMSInvalidStateException "
            "KMS.NotFoundException KMS.UnrecognizedClientException KMSAccessDeniedException XMinioKMSNotConfigured "
            "CloudKmsBadKey CloudKmsDisabledKey CloudKmsDecryptionKeyNotFound CloudKmsEncryptionKeyNotFound "
            "CloudKmsKeyLocationNotAllowed"),
    Refusal("bad_request", "SSECustomerKeyMD5Mismatch InvalidSSECustomerKey XMinioSSECustomerKeyMissing "
            "CustomerEncryptionKeyIsIncorrect CustomerEncryptionKeyFormatIsInvalid "
            "CustomerEncryptionKeySha256IsInvalid CustomerEncryptionAlgorithmIsInvalid "
            "ResourceIsEncryptedWithCustomerEncryptionKey", expected=_SSE_C_KEY, fix=_SSE_C),
    Refusal("unsupported", "NotImplemented MethodNotAllowed InvalidHttpMethod UnsupportedArgument UnsupportedSignature "
            "UnsupportedOperation InvalidEncryptionAlgorithmError InvalidStorageClass RequestTorrentOfBucketError "
            "InvalidBucketAclWithObjectOwnership AccessControlListNotSupported UnauthorizedAccess UnexpectedIPError "
            "InvalidSOAPRequest"),
    Refusal("bad_request", "InvalidPart InvalidPartOrder", expected="the parts as they were uploaded",
            fix="The signature was valid; the body lists the parts wrongly: it needs the number of each and the ETag "
                "that its upload answered, in ascending order. Correct the body; the URL can be used again."),
    Refusal("bad_request", "InvalidArgument InvalidRequest InvalidURI InvalidBucketName KeyTooLongError "
            "MetadataTooLarge MalformedXML MalformedACLError InvalidTag "
            "InvalidTargetBucketForLogging IllegalVersioningConfigurationException RequestHeaderSectionTooLarge "
            "InvalidBucketOwnerAWSAccountID AmbiguousGrantByEmailAddress UnresolvableGrantByEmailAddress "
            "CrossLocationLoggingProhibited InvalidAccessPoint TagPolicyException TokenCodeInvalidError "
            "ValidationException ValidationError MissingParameter InvalidParameterValue InvalidParameterCombination "
            "InvalidQueryParameter MalformedPolicyDocument PackedPolicyTooLarge BadRequestException BadRequest "
            "XMinioInvalidObjectName SerializationException InvalidParameter InvalidParameterException "
            "InvalidObjectName InvalidPrefixMarker InvalidDuration InvalidRetentionPeriod InvalidRequestParameter "
            "MalformedPolicy MalformedHeaderValue ExcessHeaderValues OverlappingFilters UnprocessableEntity "
            "MalformedHttpRequestException InvalidRequestContentException RequestEntityTooLargeException "
            "RequestTooLargeException UnsupportedMediaType UnsupportedMediaTypeException"),
    Refusal("refused_otherwise", "QuotaExceeded QuotaExceededException XMinioAdminBucketQuotaExceeded", expected=_ROOM,
            fix=_QUOTA),
    Refusal("refused_otherwise", "SlowDown ServiceUnavailable InternalError InternalFailure InternalServerError "
            "Throttling ThrottlingException ThrottledException TooManyRequestsException TooManyRequests "
            "LimitExceededException RequestLimitExceeded ServiceUnavailableException InternalServerException "
            "ServiceException ConnectionClosedByRequester ResponseInterrupted Busy XMinioServerNotInitialized "
            "XMinioStorageFull InternalServerErrorException IDPCommunicationError GatewayTimeoutException SlowDownRead "
            "SlowDownWrite XMinioBackendDown XMinioStorageResourceInsufficient XMinioReadQuorum XMinioWriteQuorum "
            "XMinioIAMNotInitialized XMinioBucketMetadataNotInitialized OperationTimedOut RequestTimeoutException "
            "ClientDisconnected ErrTooManyRequest ErrRequestBytesExceed UserRateLimitExceeded BadGatewayException "
            "RateLimited Unavailable Locked UnknownError"),
    Refusal("denied_by_policy", "AccessDenied AccessDeniedException AllAccessDisabled AccountProblem InvalidPayer "
            "UnauthorizedAccessError UnauthorizedException NotAuthorized NotAuthorizedException UserSuspended "
            "UserProjectAccountProblem UserProjectMissing UnauthorizedOperation NotDeviceOwnerError "
            "DeviceNotActiveError security_exception"),
    Refusal("changed_on_the_way", "Unauthorized", fix="The server does not know who asks: it found no signature that "
            "it takes, or the key or token is another service's. Look for what drops the query string, send no "
            "Authorization header along, and compare the access key id with the server's."),  # R2, Kubernetes
    Refusal("denied_by_policy", "ForbiddenException Forbidden", fix="The service refused the caller before or "
            "after the signature: look at the resource policy, a web application firewall, a required API key, and "
            "whether the custom domain maps to this API."),
)  # fmt: skip

# Message -> code, for answers that have only a message.
_BY_WHOLE_MESSAGE = {
    "forbidden": "Forbidden",
    "unauthorized": "Unauthorized",
    "access denied": "AccessDenied",
    "access denied.": "AccessDenied",
    "403 forbidden": "Forbidden",
    "internal server error": "InternalError",
    "too many requests": "TooManyRequestsException",
    "limit exceeded": "LimitExceededException",
    "not found": "NotFound",
    "endpoint request timed out": "ServiceUnavailable",
    "service unavailable": "ServiceUnavailable",
}

# Messages too short to be searched for within others: R2's answer to a request without a signature.
_BY_EXACT_MESSAGE = {
    "authorization": Refusal("changed_on_the_way"),
    "invalid argument: authorization": Refusal("changed_on_the_way"),
    "x-amz-security-token": Refusal("invalid_token"),
}

REFUSALS = (*_BY_MESSAGE, *_BY_CODE)


def refusal_of(answer: "Answer") -> "Refusal | None":
    """Return the row for an answer, or None if the answer is unknown."""
    code, message = answer.code.lower(), answer.message.lower()
    header = answer.elements.get("Header", "").lower()
    if header == "transfer-encoding":
        return Refusal("chunked_body")
    if message.strip() in _BY_EXACT_MESSAGE:
        return _BY_EXACT_MESSAGE[message.strip()]
    for row in _BY_MESSAGE:
        if row.words in message:
            return row
    if answer.elements.get("ArgumentName") == "X-Amz-Algorithm":
        return Refusal("unsupported_algorithm")
    code = code or _BY_WHOLE_MESSAGE.get(message.strip(), code).lower()
    for row in _BY_CODE:
        if code in row.codes:
            return row
    return None


def is_code(word: str) -> bool:
    """Whether a word of a client's message is a known code, and not an ordinary word such as `Forbidden`."""
    return sum([letter.isupper() for letter in word]) > 1 and word.lower() in _CODES


def is_message(text: str) -> bool:
    """Whether a text is one of the messages that are complete answers."""
    return text.lower() in _BY_WHOLE_MESSAGE


_CODES = frozenset([code for row in _BY_CODE for code in row.codes])
