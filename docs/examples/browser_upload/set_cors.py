"""Allow the page to use the bucket: `cors_rules` says what it needs, and a presigned PutBucketCors sets that.

Rule: the rules come from URLs as the backend signs them, so the two cannot differ.

    python3 set_cors.py --endpoint http://127.0.0.1:9000 --bucket pictures --origin http://127.0.0.1:8000

A bucket has one CORS configuration: this replaces the one that is there.
"""

import base64
import hashlib
import sys
import urllib.error
import urllib.request
from typing import Any

from backend import options, uploads_from

from sigv4presign import PresignedPost, PresignedUrl, cors_rules

# In the dictionary a list has the plural, as boto3 has it; in the XML each item is an element of its own.
ELEMENT = {
    "AllowedMethods": "AllowedMethod",
    "AllowedOrigins": "AllowedOrigin",
    "AllowedHeaders": "AllowedHeader",
    "ExposeHeaders": "ExposeHeader",
}


def to_xml(configuration: "dict[str, Any]") -> bytes:
    """https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html"""
    lines = ['<CORSConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">']
    for rule in configuration["CORSRules"]:
        lines.append("<CORSRule>")
        for name, value in rule.items():
            element = ELEMENT.get(name, name)
            lines += [f"<{element}>{item}</{element}>" for item in (value if name in ELEMENT else [value])]
        lines.append("</CORSRule>")
    return "\n".join([*lines, "</CORSConfiguration>"]).encode()


def main() -> None:
    parser = options("Allow the page to use the bucket, by its CORS rules.")
    parser.add_argument("--origin", required=True, help="where the page is, as the browser's address bar has it")
    args = parser.parse_args()
    uploads = uploads_from(args)
    key = "uploads/" + 32 * "0"
    kinds: "list[PresignedUrl | PresignedPost]" = [
        uploads.put(key, "image/png", 1),
        uploads.form(key),
        uploads.link(key, 1),
    ]
    body = to_xml(cors_rules(kinds, origins=[args.origin]))
    md5 = base64.b64encode(hashlib.md5(body).digest()).decode()  # S3 wants it for this operation
    url = uploads.s3.put_bucket_cors(args.bucket, content_md5=md5, expires_in=60)
    request = urllib.request.Request(url, body, {**url.headers, "Content-Type": "application/xml"}, method=url.method)
    try:
        with urllib.request.urlopen(request) as answer:
            print(f"{answer.status}: pages of {args.origin} may use {args.bucket}")
    except urllib.error.HTTPError as fault:
        sys.exit(f"refused: {fault.status} {fault.read().decode()}")


if __name__ == "__main__":
    main()
