"""What to do: for each finding that an answer can lead to, what was expected, and the way out.

Rule: one text for each finding, whichever store gave the answer; `refusals` has the exceptions.
"""

_WHOLE = "Make the URL again, and pass it on unchanged."
_NTP = "Set the clock of the machine that signs by NTP."
NO_ROUTE = (
    "The API has no such route: check stage, path and method, and that the API was deployed. A route without IAM "
    "authorization ignores the signature."
)

# finding -> what was expected, and what to do
REMEDIES: "dict[str, tuple[str, str]]" = {
    "unsigned_headers": (
        "no x-amz-* header that was not signed",
        "Every x-amz-* header that is sent has to be signed: sign with it, or leave it out.",
    ),
    "missing_signed_headers": (
        "host among the signed headers",
        "AWS rejects URLs that do not sign the host; use another signer.",
    ),
    "two_authentications": (
        "the signature in the query string alone",
        (
            "Send no Authorization header along with a presigned URL: many clients keep it for every request, and "
            "across redirects."
        ),
    ),
    "v2_url": (
        "Signature Version 4",
        "Sign again with version 4: boto3 does with Config(signature_version='s3v4').",
    ),
    "expires_out_of_range": ("1 second to 7 days", "Sign with a lifetime of 1 second to 7 days."),
    "malformed_expires": ("a plain number of seconds", "X-Amz-Expires is a plain number of seconds. " + _WHOLE),
    "malformed_date": ("YYYYMMDDTHHMMSSZ", "X-Amz-Date has the form YYYYMMDDTHHMMSSZ. " + _WHOLE),
    "malformed_credential": (
        "KEY/YYYYMMDD/REGION/SERVICE/aws4_request",
        "X-Amz-Credential and X-Amz-Date have to come from one reading of the clock, in UTC. " + _WHOLE,
    ),
    "malformed_parameter": ("parameters as the signer made them", _WHOLE),
    "missing_parameter": (
        "all parameters of the signature",
        "Something dropped a part of the query string: copy the URL again, in 'single quotes'.",
    ),
    "unsupported_algorithm": (
        "AWS4-HMAC-SHA256",
        "Sign with AWS4-HMAC-SHA256, or with SigV4A where the endpoint asks for it.",
    ),
    "changed_on_the_way": (
        "the signature of this URL, at the server",
        (
            "The server found no signature that it takes in the request, and this URL has one: look for a client, a "
            "redirect or a proxy that drops the query string or changes method and path, and send no Authorization "
            "header along."
        ),
    ),
    "wrong_secret": ("the signature of the server's secret key", "Sign with the secret key of this access key."),
    "expired_token": (
        "credentials that expire no earlier than the URL",
        (
            "The temporary credentials that signed the URL have expired, and the URL with them, whatever its "
            "X-Amz-Expires says: sign with fresh ones, and give their expires_at to the signer."
        ),
    ),
    "invalid_token": (
        "the token of the access key",
        (
            "Key, secret and session token belong together: take all three from the same answer of STS; for "
            "SigV4A from a regional STS endpoint."
        ),
    ),
    "unknown_access_key": (
        "an access key that the server knows",
        (
            "The server has no such access key: it was deleted, belongs to another store, account or partition, or is "
            "temporary and came without its own session token."
        ),
    ),
    "wrong_region": (
        "the region of the endpoint",
        "Sign with the region of the bucket or endpoint, and for its own host.",
    ),
    "wrong_service": ("the service of this endpoint", "Sign for the endpoint's service."),
    "wrong_endpoint": (
        "the bucket's endpoint",
        "Sign for the endpoint of the bucket's own region: Host is signed, so no redirect keeps the signature.",
    ),
    "payload_hash_mismatch": (
        "the body whose SHA-256 was signed",
        "Send the body whose SHA-256 was signed in x-amz-content-sha256, or sign for another one with payload_hash=.",
    ),
    "chunked_body": (
        "Content-Length",
        "S3 takes no chunked uploads here: send a body whose length is known, with Content-Length.",
    ),
    "missing_checksum": (
        "a checksum of the body",
        (
            "The bucket has Object Lock, or the operation asks for it: sign a checksum header and send it, such as "
            "checksum_sha256= or the header Content-MD5."
        ),
    ),
    "wrong_checksum": (
        "the checksum of the body",
        (
            "The body that arrived has another checksum than the header says: compute it from exactly the bytes that "
            "are sent."
        ),
    ),
    "form_refused": (
        "a form that its policy allows",
        (
            "The form or the file is not what the policy allows, or the form is malformed: send the fields as they "
            "were made, unchanged and before the file, and a file of the allowed size."
        ),
    ),
    "not_found": (
        "an object of that name",
        (
            "The signature was valid, and there is nothing of that name: compare bucket, key and version letter by "
            "letter, escapes included."
        ),
    ),
    "no_such_route": ("a route that exists", NO_ROUTE),
    "archived_object": (
        "an object that is not archived",
        "The signature was valid; the object is archived: restore it first (RestoreObject), then make a new URL.",
    ),
    "precondition_failed": (
        "an object that fits the conditions",
        "The signature was valid; a condition of the request was not met, such as If-None-Match or Range.",
    ),
    "key_unusable": (
        "a KMS key that the signer may use",
        (
            "The signature was valid; the KMS key of the object is disabled, deleted or not usable by the signer: look "
            "at the key's state and policy."
        ),
    ),
    "unsupported": (
        "what this store can do",
        (
            "The signature was valid or not looked at; the store does not have this header, method or feature: sign "
            "without it, or use another store for this."
        ),
    ),
    "bad_request": (
        "a request that the service can read",
        "The signature is not the problem: correct the argument that the message names, then sign again.",
    ),
    "refused_otherwise": (
        "a service that is not overloaded",
        "The signature is not the problem: try again later, more slowly, with the same URL while it is valid.",
    ),
    "denied_by_policy": (
        "a right to do this",
        (
            "The server accepted the signature, or was asked without one, and refused the right: look at what the "
            "signer's user or role may do, whether the object exists (without s3:ListBucket S3 answers so for one that "
            "does not), the bucket policy, block public access, the KMS key, and at conditions such as aws:SourceIp or "
            "s3:signatureAge."
        ),
    ),
    # `stated` writes these with the URL's own data.
    "expired": ("a URL within its lifetime", "Make a new URL."),
    "not_yet_valid": ("a date up to now", _NTP),
    "skewed": ("two clocks that agree", _NTP),
}
