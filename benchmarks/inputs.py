"""What is signed: one bucket, one pair of keys, and the object keys of each row.

Rule: every maker gets these and nothing else, so that a difference in time is not a difference in work.
"""

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOURCE = os.path.join(ROOT, "src")
sys.path.insert(0, SOURCE)  # what is measured is this checkout, whatever else is installed

ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
# As STS gives them: 602 characters of base64, 19 of which have to be percent-encoded.
SESSION_TOKEN = (
    "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQ" + ("MIIEpAIBAAKCAQEA7d" * 3)[:49] * 11 + "/+/+/+/=="
)
REGION = "us-east-1"
BUCKET = "examplebucket"
HOST = "examplebucket.s3.us-east-1.amazonaws.com"
EXPIRES_IN = 900

# The general request: any service, two query parameters and one signed header.
GENERAL_SCHEME_AND_HOST = "https://api.example.com"
GENERAL_PATH = "/stage/path"
GENERAL_REGION = "eu-west-1"
GENERAL_SERVICE = "execute-api"
GENERAL_QUERY = {"limit": "10", "q": "two words"}
GENERAL_HEADERS = {"x-team": "blue"}

# A moving clock begins here and is a second further at every call.
CLOCK_START = 1_764_000_000

SAFE_KEYS = [f"photos/2026/11/24/some-thumbnail-{n:06}.jpg" for n in range(1_000)]
SPECIAL_KEYS = [f"photos/2026/11/24/some thumbnail-é{n:05}.jpg" for n in range(1_000)]
CJK_KEYS = [f"写真/二〇二六年十一月二十四日/東京の公園に咲く桜の小さな画像その{n:06}.jpg" for n in range(1_000)]


def mixed_keys(count: int) -> "list[str]":
    """Keys of 43 characters; every other one has a space and an é, which have to be encoded."""
    return [
        f"photos/2026/11/24/some thumbnail-é{n:05}.jpg" if n % 2 else f"photos/2026/11/24/some-thumbnail-{n:06}.jpg"
        for n in range(count)
    ]


MIXED_KEYS = mixed_keys(1_000)
