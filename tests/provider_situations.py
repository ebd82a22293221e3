"""Situations that people have: files, variables and servers, as data; and the URL that each way of signing makes there.

Rule: what is expected is botocore's answer, with the tables of the AWS CLI version 2, computed on the same files; a way
is a function that takes a situation and a place where it has been prepared, and returns a URL or None.

`WAYS` is open: another way, such as a command line, is one more function.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import botocore.config
import botocore.configprovider
import botocore.credentials
import botocore.loaders
import botocore.session
import botocore.signers
import botocore.tokens
import botocore.utils
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, utils
from provider_servers import Answer, Container, Imds, Oidc, Portal, SignIn, Sts, portal_role

from sigv4presign import S3Presigner
from sigv4presign._time import iso_date
from sigv4presign.errors import CredentialsNotFound, InputError

session_module: Any = botocore.session
credentials_module: Any = botocore.credentials
signers_module: Any = botocore.signers
tokens_module: Any = botocore.tokens
botocore_utils: Any = botocore.utils
configprovider: Any = botocore.configprovider
Config: Any = botocore.config.Config


class Situation(NamedTuple):
    """What a person has.  `{...}` is filled in: see `prepare`.

    Attributes:
        config: `~/.aws/config`.
        credentials: `~/.aws/credentials`.
        environ: Variables beside those of `BASE`; None removes one.
        profile: The profile that the program names.
        files: Further files below the home folder, as JSON.
    """

    config: str = ""
    credentials: str = ""
    environ: "Mapping[str, str | None]" = {}  # noqa: RUF012 - nothing changes it
    profile: "str | None" = None
    files: "Mapping[str, Mapping[str, object]]" = {}  # noqa: RUF012 - nothing changes it


class Signed(NamedTuple):
    """What a presigned URL says about who signed it and where it goes."""

    access_key_id: str
    token: "str | None"
    region: str
    scheme: str
    host: str
    path: str

    @classmethod
    def of(cls, url: str) -> "Signed":
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        key, _, region, *_ = query["X-Amz-Credential"].split("/")
        return cls(key, query.get("X-Amz-Security-Token"), region, parts.scheme, parts.netloc, parts.path)


ROLE = "arn:aws:iam::123456789012:role"
A = "aws_access_key_id = AKIDA\naws_secret_access_key = secret/A+=\n"
B = "aws_access_key_id = AKIDB\naws_secret_access_key = secretB\naws_session_token = tokenB\n"
ENV = {"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secretenv"}
SECRETS: "dict[str, tuple[str, str | None]]" = {
    "AKIDA": ("secret/A+=", None),
    "AKIDB": ("secretB", "tokenB"),
    "AKIDENV": ("secretenv", None),
    "AKIDPROC": ("secretproc", "tokenproc"),
    "ASIAIMDS": ("secretimds", "tokenimds"),
    "ASIATASK": ("secrettask", "tokentask"),
}
PROCESS: "dict[str, object]" = {"Version": 1, "AccessKeyId": "AKIDPROC", "SecretAccessKey": "secretproc"}
TEMPORARY: "dict[str, object]" = {**PROCESS, "SessionToken": "tokenproc", "Expiration": "2099-01-02T03:04:05+00:00"}
START_URL = "https://corp.awsapps.com/start"
SESSION_CONFIG = (
    f"[sso-session corp]\nsso_start_url = {START_URL}\nsso_region = eu-central-1\n"
    "sso_registration_scopes = sso:account:access\n"
)
SSO = "sso_session = corp\nsso_account_id = 123456789012\nsso_role_name = Reader\n"
LEGACY = (
    f"sso_start_url = {START_URL}\nsso_region = eu-central-1\nsso_account_id = 123456789012\nsso_role_name = Reader\n"
)


def sha1(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()


# Where the AWS CLI keeps the tokens of a sign-on: by its session's name, or by its start URL.
BY_SESSION = f".aws/sso/cache/{sha1('corp')}.json"
BY_URL = f".aws/sso/cache/{sha1(START_URL)}.json"


def token(expires_at: str, **more: object) -> "dict[str, object]":
    """A sign-on as `aws sso login` caches it."""
    return {
        "startUrl": START_URL,
        "region": "eu-central-1",
        "accessToken": "sso-access",
        "expiresAt": expires_at,
        **more,
    }


CLIENT = {"clientId": "sso-client", "clientSecret": "sso-client-secret", "registrationExpiresAt": "{future}"}
REFRESHABLE = {**CLIENT, "refreshToken": "sso-refresh"}

LOGIN_SESSION = "arn:aws:sts::123456789012:assumed-role/Admin/al"
LOGIN = f".aws/login/cache/{hashlib.sha256(LOGIN_SESSION.encode()).hexdigest()}.json"
LOGIN_KEY = (
    ec.derive_private_key(0x1D5B_F7E3_9A0C, ec.SECP256R1())
    .private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    .decode()
)


def login(expires_at: str, **changes: object) -> "dict[str, object]":
    """A login as `aws login` caches it; a change to None leaves a field out."""
    content: dict[str, object] = {
        "accessToken": {
            "accessKeyId": "ASIALOGIN",
            "secretAccessKey": "secret-of-login",
            "sessionToken": "token-of-login",
            "accountId": "123456789012",
            "expiresAt": expires_at,
        },
        "tokenType": "aws_sigv4",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "refreshToken": "login-refresh",
        "idToken": "id-token",
        "dpopKey": LOGIN_KEY,
        "signInRegion": "us-east-1",
    }
    return {name: value for name, value in {**content, **changes}.items() if value is not None}


def cached_role(**asked: object) -> str:
    """The file in which the AWS CLI caches a session of a role."""
    return f".aws/cli/cache/{sha1(json.dumps(asked, sort_keys=True))}.json"


def cached_keys(name: str, expires_at: str) -> "dict[str, object]":
    """What is in it."""
    return {
        "Credentials": {
            "AccessKeyId": f"ASIACACHE{name}",
            "SecretAccessKey": f"secret-of-{name}",
            "SessionToken": f"token-of-{name}",
            "Expiration": expires_at,
        },
        "ResponseMetadata": {"HTTPStatusCode": 200},
    }


SERIAL = "arn:aws:iam::123456789012:mfa/al"
MFA_PROFILE = f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nmfa_serial = {SERIAL}\n"
SSO_KEY = json.dumps(
    {"accountId": "123456789012", "roleName": "Reader", "sessionName": "corp"}, sort_keys=True, separators=(",", ":")
)
KEYED = f"[default]\n{A}"

IDENTITY = {"AWS_WEB_IDENTITY_TOKEN_FILE": "{jwt}", "AWS_ROLE_ARN": f"{ROLE}/irsa"}

SAME: "dict[str, Situation]" = {
    # the environment
    "keys in the environment": Situation(environ=ENV),
    "keys and token in the environment": Situation(environ={**ENV, "AWS_SESSION_TOKEN": "t"}),
    "an empty token in the environment": Situation(environ={**ENV, "AWS_SESSION_TOKEN": ""}),
    "an expiry in the environment": Situation(environ={**ENV, "AWS_CREDENTIAL_EXPIRATION": "2099-01-01T00:00:00Z"}),
    "the environment before the default profile": Situation(credentials=f"[default]\n{A}", environ=ENV),
    "the environment before AWS_PROFILE": Situation(
        credentials=f"[default]\n{A}[other]\n{B}", environ={**ENV, "AWS_PROFILE": "other"}
    ),
    "a profile in the program before the environment": Situation(
        credentials=f"[default]\n{A}[other]\n{B}", environ=ENV, profile="other"
    ),
    "an access key id without its secret in the environment": Situation(
        credentials=f"[default]\n{A}", environ={"AWS_ACCESS_KEY_ID": "AKIDENV"}
    ),
    "a secret without its access key id in the environment": Situation(
        credentials=f"[default]\n{A}", environ={"AWS_SECRET_ACCESS_KEY": "s"}
    ),
    "a secret without its access key id in the environment, and nothing else": Situation(
        environ={"AWS_SECRET_ACCESS_KEY": "s"}
    ),
    "empty variables": Situation(
        credentials=f"[default]\n{A}", environ={"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""}
    ),
    # keys in the files
    "nothing at all": Situation(),
    "the credentials file": Situation(credentials=f"[default]\n{A}"),
    "the config file": Situation(config=f"[default]\n{B}"),
    "the config file's profile default": Situation(config=f"[profile default]\n{B}"),
    "the credentials file before the config file": Situation(config=f"[default]\n{B}", credentials=f"[default]\n{A}"),
    "a token only in the file that does not decide": Situation(
        config="[default]\naws_session_token = other\n", credentials=f"[default]\n{A}"
    ),
    "AWS_PROFILE": Situation(credentials=f"[default]\n{A}[other]\n{B}", environ={"AWS_PROFILE": "other"}),
    "AWS_DEFAULT_PROFILE": Situation(
        credentials=f"[default]\n{A}[other]\n{B}", environ={"AWS_DEFAULT_PROFILE": "other"}
    ),
    "AWS_PROFILE in the config file": Situation(config=f"[profile other]\n{B}", environ={"AWS_PROFILE": "other"}),
    "AWS_PROFILE that is not there": Situation(credentials=f"[default]\n{A}", environ={"AWS_PROFILE": "absent"}),
    "a profile of the program that is not there": Situation(credentials=f"[default]\n{A}", profile="absent"),
    "a profile whose name has a space": Situation(config=f'[profile "my work"]\n{B}', profile="my work"),
    "a profile whose name has a quotation mark": Situation(config=f"[profile o'brien]\n{B}", profile="o'brien"),
    "a section of the config file that is no profile": Situation(
        config=f"[other]\n{B}", environ={"AWS_PROFILE": "other"}
    ),
    "white space around the name of a section": Situation(config=f"[profile   other]\n{B}", profile="other"),
    "a profile without keys": Situation(config="[default]\nregion = eu-west-1\n"),
    "an access key id without its secret in the credentials file": Situation(
        config=f"[default]\n{B}", credentials="[default]\naws_access_key_id = AKIDA\n"
    ),
    "an access key id without its secret in the config file": Situation(
        config="[default]\naws_access_key_id = AKIDA\n",
    ),
    "a secret without its access key id in the credentials file": Situation(
        config=f"[default]\n{B}", credentials="[default]\naws_secret_access_key = s\n"
    ),
    "a secret without its access key id in the config file": Situation(config="[default]\naws_secret_access_key = s\n"),
    "[default] after [profile default]": Situation(config=f"[profile default]\n{A}[default]\n{B}"),
    "[profile default] after [default]": Situation(config=f"[default]\n{A}[profile default]\n{B}"),
    "[profile default] after [default], which alone has keys": Situation(
        config=f"[default]\n{A}[profile default]\nregion = eu-north-1\n"
    ),
    "a region of [default] before [profile default]": Situation(
        config=f"[default]\n{A}region = eu-north-1\n[profile default]\n{B}",
        environ={"AWS_REGION": None, "AWS_ENDPOINT_URL_S3": "https://store.example"},
    ),
    "comments and blank lines": Situation(credentials=f"# keys\n\n[default]\n; mine\n{A}\n"),
    "capitals in the names of settings": Situation(
        credentials="[default]\nAWS_ACCESS_KEY_ID = AKIDA\nAws_Secret_Access_Key = x/y\n"
    ),
    "a colon for an equals sign": Situation(
        credentials="[default]\naws_access_key_id: AKIDA\naws_secret_access_key:x=y:z\n"
    ),
    "nested settings": Situation(
        config="[default]\ns3 =\n  aws_access_key_id = NOT\n  addressing_style = path\nregion = r\n",
        credentials=f"[default]\n{A}",
    ),
    "settings that are indented": Situation(
        credentials="[default]\n  aws_access_key_id = AKIDA\n  aws_secret_access_key = s\n"
    ),
    "a file that cannot be parsed": Situation(credentials="[default\nx"),
    "a section twice": Situation(credentials=f"[default]\n{A}[default]\n{B}"),
    "a setting twice": Situation(credentials=f"[default]\n{A}{A}"),
    "a variable in the name of a file": Situation(
        credentials=f"[default]\n{A}", environ={"AWS_SHARED_CREDENTIALS_FILE": "$HOME/.aws/credentials"}
    ),
    "a file in the home folder": Situation(
        credentials=f"[default]\n{A}", environ={"AWS_SHARED_CREDENTIALS_FILE": "~/.aws/credentials"}
    ),
    "both variables with one file": Situation(
        config=f"[default]\n{A}[profile x]\n{B}",
        environ={"AWS_SHARED_CREDENTIALS_FILE": "{home}/.aws/config"},
        profile="x",
    ),
    # credential_process
    "a program": Situation(config="[default]\ncredential_process = {process}\n"),
    "a program with temporary credentials": Situation(config="[default]\ncredential_process = {temporary}\n"),
    "a program in the credentials file": Situation(credentials="[default]\ncredential_process = {process}\n"),
    "keys in the credentials file before a program": Situation(
        config="[default]\ncredential_process = {process}\n", credentials=f"[default]\n{A}"
    ),
    "a program before keys in the config file": Situation(config=f"[default]\ncredential_process = {{process}}\n{B}"),
    "a program before half a pair in the config file": Situation(
        config="[default]\ncredential_process = {process}\naws_access_key_id = AKIDA\n"
    ),
    "a program that fails": Situation(config=f"[default]\ncredential_process = {{python}} -c exit(3)\n{B}"),
    "a program that is not there": Situation(config="[default]\ncredential_process = /nonexistent/program\n"),
    "a program that prints something else": Situation(
        config="[default]\ncredential_process = {python} -c print(1/3)\n"
    ),
    "a program of another version": Situation(config="[default]\ncredential_process = {version2}\n"),
    "a program that has no secret": Situation(config="[default]\ncredential_process = {incomplete}\n"),
    "a program with words in quotation marks": Situation(
        config="[default]\ncredential_process = {python} -c \"import json,sys; print(sys.argv[1])\" '{json}'\n"
    ),
    # roles
    "a role with another profile's keys": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n", credentials=f"[base]\n{A}"
    ),
    "a role with all its settings": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nrole_session_name = me@x\n"
        "external_id = a/b:c\nduration_seconds = 900\n",
        credentials=f"[base]\n{B}",
    ),
    "a chain of roles": Situation(
        config=f"[profile c]\nrole_arn = {ROLE}/c\nsource_profile = b\n[profile b]\nrole_arn = {ROLE}/b\n"
        "source_profile = a\n",
        credentials=f"[a]\n{A}",
        profile="c",
    ),
    "a role that a program assumes": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n[profile base]\n"
        "credential_process = {temporary}\n"
    ),
    "a role with the profile's own keys": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = default\n", credentials=f"[default]\n{A}"
    ),
    "a role before keys in the same profile": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n{B}", credentials=f"[base]\n{A}"
    ),
    "the source's keys before the source's role": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n[profile base]\nrole_arn = {ROLE}/b\n"
        f"source_profile = default\n{A}"
    ),
    "a role in the credentials file": Situation(
        credentials=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n[base]\n{A}"
    ),
    "a role whose settings stand in both files": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\n", credentials=f"[default]\nsource_profile = base\n[base]\n{A}"
    ),
    "the keys of the environment before a role": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n", credentials=f"[base]\n{A}", environ=ENV
    ),
    "a role with the environment's keys": Situation(
        config=f"[profile p]\nrole_arn = {ROLE}/a\ncredential_source = Environment\n", environ=ENV, profile="p"
    ),
    "a role with keys that the environment does not have": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = Environment\n"
    ),
    "a role of the container": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = EcsContainer\n",
        environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"},
    ),
    "a role of a container that is none": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = EcsContainer\n"
    ),
    "a role of the instance": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = Ec2InstanceMetadata\n",
        environ={"AWS_EC2_METADATA_DISABLED": "false"},
    ),
    "a credential_source that does not exist": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = environment\n", environ=ENV, profile="default"
    ),
    "both source_profile and credential_source": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source = Environment\nsource_profile = base\n",
        credentials=f"[base]\n{A}",
    ),
    "neither source_profile nor credential_source": Situation(config=f"[default]\nrole_arn = {ROLE}/a\n{B}"),
    "a source_profile that is not there": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = absent\n"
    ),
    "a source_profile without credentials": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n[profile base]\nregion = eu-west-1\n"
    ),
    "a role that has itself as its source": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = default\n"
    ),
    "two roles that have each other as their sources": Situation(
        config=f"[profile a]\nrole_arn = {ROLE}/a\nsource_profile = b\n"
        f"[profile b]\nrole_arn = {ROLE}/b\nsource_profile = a\n",
        profile="a",
    ),
    "a role that leads into a circle": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\n"
        f"[profile b]\nrole_arn = {ROLE}/b\nsource_profile = c\n"
        f"[profile c]\nrole_arn = {ROLE}/c\nsource_profile = b\n",
    ),
    # web identities
    "a web identity of the environment": Situation(environ=IDENTITY),
    "a web identity's session name": Situation(environ={**IDENTITY, "AWS_ROLE_SESSION_NAME": "pod"}),
    "a web identity of the profile": Situation(
        config=f"[default]\nweb_identity_token_file = {{jwt}}\nrole_arn = {ROLE}/w\nrole_session_name = n2\n"
    ),
    "a web identity of the environment before the profile's": Situation(
        config=f"[default]\nweb_identity_token_file = /nonexistent\nrole_arn = {ROLE}/w\n", environ=IDENTITY
    ),
    "a web identity's role of the environment, its token of the profile": Situation(
        config="[default]\nweb_identity_token_file = {jwt}\n", environ={"AWS_ROLE_ARN": f"{ROLE}/irsa"}
    ),
    "a web identity of the environment before a profile's keys": Situation(
        credentials=f"[default]\n{A}", environ=IDENTITY
    ),
    "the environment's keys before its web identity": Situation(environ={**IDENTITY, **ENV}),
    "a profile of the program before the environment's web identity": Situation(
        credentials=f"[default]\n{A}", environ=IDENTITY, profile="default"
    ),
    "a profile's role before the environment's web identity": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n", credentials=f"[base]\n{A}", environ=IDENTITY
    ),
    "a web identity without a role": Situation(
        credentials=f"[default]\n{A}", environ={"AWS_WEB_IDENTITY_TOKEN_FILE": "{jwt}"}
    ),
    "a web identity whose token is not there": Situation(
        environ={**IDENTITY, "AWS_WEB_IDENTITY_TOKEN_FILE": "/nonexistent/token"}
    ),
    "a web identity that is refused": Situation(environ={**IDENTITY, "AWS_WEB_IDENTITY_TOKEN_FILE": "{bad_jwt}"}),
    "a role with a web identity as its source": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = w\n[profile w]\nrole_arn = {ROLE}/w\n"
        "web_identity_token_file = {jwt}\n"
    ),
    # metadata services
    "a container": Situation(environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"}),
    "a profile's keys before a container": Situation(
        credentials=f"[default]\n{A}", environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"}
    ),
    "a container after a profile of the program without keys": Situation(
        config="[profile p]\nregion = eu-west-1\n",
        environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"},
        profile="p",
    ),
    "a container before the instance": Situation(
        environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}", "AWS_EC2_METADATA_DISABLED": "false"}
    ),
    "a container elsewhere": Situation(environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://198.51.100.7/creds"}),
    "an instance": Situation(environ={"AWS_EC2_METADATA_DISABLED": "false"}),
    "an instance, after a profile without keys": Situation(
        config="[default]\nregion = eu-west-1\n", environ={"AWS_EC2_METADATA_DISABLED": "False"}
    ),
    "an instance whose endpoint stands in the profile": Situation(
        config="[default]\nec2_metadata_service_endpoint = {imds}\n",
        environ={"AWS_EC2_METADATA_DISABLED": "false", "AWS_EC2_METADATA_SERVICE_ENDPOINT": None},
    ),
    # where STS is
    "STS where the profile says": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nendpoint_url = {{sts}}\n",
        credentials=f"[base]\n{A}",
        environ={"AWS_ENDPOINT_URL_STS": None},
    ),
    "STS where the profile's services say": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nservices = local\nendpoint_url = http://x\n"
        "[services local]\ns3 =\n  endpoint_url = http://y\nsts =\n  endpoint_url = {sts}\n",
        credentials=f"[base]\n{A}",
        environ={"AWS_ENDPOINT_URL_STS": None},
    ),
    "STS where AWS_ENDPOINT_URL says": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nendpoint_url = http://x\n",
        credentials=f"[base]\n{A}",
        environ={"AWS_ENDPOINT_URL_STS": None, "AWS_ENDPOINT_URL": "{sts}"},
    ),
    # single sign-on
    "single sign-on": Situation(config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")}),
    "single sign-on of a named profile": Situation(
        config=f"[profile dev]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")}, profile="dev"
    ),
    "single sign-on of AWS_PROFILE": Situation(
        config=f"[profile dev]\n{SSO}{SESSION_CONFIG}",
        files={BY_SESSION: token("{future}")},
        environ={"AWS_PROFILE": "dev"},
    ),
    "single sign-on of an older profile": Situation(config=f"[default]\n{LEGACY}", files={BY_URL: token("{future}")}),
    "single sign-on, never signed on": Situation(config=f"[default]\n{SSO}{SESSION_CONFIG}"),
    "single sign-on of an older profile, never signed on": Situation(config=f"[default]\n{LEGACY}"),
    "single sign-on, expired": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{past}")}
    ),
    "single sign-on of an older profile, expired": Situation(
        config=f"[default]\n{LEGACY}", files={BY_URL: token("{past}", **REFRESHABLE)}
    ),
    "single sign-on, about to expire, and not refreshable": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{soon}")}
    ),
    "single sign-on, expired and refreshed": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{past}", **REFRESHABLE)}
    ),
    "single sign-on, about to expire and refreshed": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{soon}", **REFRESHABLE)}
    ),
    "single sign-on, expired, and its refresh rejected": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}",
        files={BY_SESSION: token("{past}", **{**REFRESHABLE, "refreshToken": "used"})},
    ),
    "single sign-on, about to expire, and its refresh rejected": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}",
        files={BY_SESSION: token("{soon}", **{**REFRESHABLE, "refreshToken": "used"})},
    ),
    "single sign-on, expired, and its client's registration too": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}",
        files={BY_SESSION: token("{past}", **{**REFRESHABLE, "registrationExpiresAt": "{past}"})},
    ),
    "single sign-on, revoked": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{future}", accessToken="revoked")}
    ),
    "single sign-on for another role": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}".replace("Reader", "Writer"), files={BY_SESSION: token("{future}")}
    ),
    "single sign-on for a role that one does not have": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}".replace("Reader", "Admin"), files={BY_SESSION: token("{future}")}
    ),
    "single sign-on whose token is of another tool": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: {"clientId": "x"}}
    ),
    "single sign-on with a session that is not there": Situation(
        config=f"[default]\n{SSO}", files={BY_SESSION: token("{future}")}
    ),
    "single sign-on whose session has no region": Situation(
        config=f"[default]\n{SSO}[sso-session corp]\nsso_start_url = {START_URL}\n",
        files={BY_SESSION: token("{future}")},
    ),
    "single sign-on without a role": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}".replace("sso_role_name = Reader\n", ""),
        files={BY_SESSION: token("{future}")},
    ),
    "single sign-on whose profile and session differ": Situation(
        config=f"[default]\nsso_region = eu-west-1\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")}
    ),
    "single sign-on whose profile and session agree": Situation(
        config=f"[default]\nsso_region = eu-central-1\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")}
    ),
    "a session of single sign-on alone, and keys": Situation(
        config=f"[default]\nsso_session = corp\n{B}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")}
    ),
    "single sign-on before keys in the credentials file": Situation(
        config=f"[profile dev]\n{SSO}{SESSION_CONFIG}",
        credentials=f"[dev]\n{A}",
        files={BY_SESSION: token("{future}")},
        profile="dev",
    ),
    "single sign-on before keys in the config file": Situation(
        config=f"[default]\n{SSO}{B}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")}
    ),
    "single sign-on that has expired, and keys": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", credentials=KEYED, files={BY_SESSION: token("{past}")}
    ),
    "keys beside single sign-on, never signed on": Situation(config=f"[default]\n{LEGACY}{A}"),
    "a program beside single sign-on, never signed on": Situation(
        config=f"[default]\n{LEGACY}credential_process = {{process}}\n"
    ),
    "single sign-on before a program": Situation(
        config=f"[default]\n{SSO}credential_process = {{process}}\n{SESSION_CONFIG}",
        files={BY_SESSION: token("{future}")},
    ),
    "the environment's keys before single sign-on": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")}, environ=ENV
    ),
    "a web identity before single sign-on": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}", files={BY_SESSION: token("{future}")}, environ=IDENTITY
    ),
    "a role assumed from single sign-on": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = dev\n[profile dev]\n{SSO}{SESSION_CONFIG}",
        files={BY_SESSION: token("{future}")},
    ),
    "a role assumed from an older profile's single sign-on": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = dev\n[profile dev]\n{LEGACY}",
        files={BY_URL: token("{future}")},
    ),
    "a role assumed from single sign-on that is refreshed": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = dev\n[profile dev]\n{SSO}{SESSION_CONFIG}",
        files={BY_SESSION: token("{past}", **REFRESHABLE)},
    ),
    "a role assumed from single sign-on that has expired": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = dev\n[profile dev]\n{SSO}{SESSION_CONFIG}",
        files={BY_SESSION: token("{past}")},
    ),
    "a role before single sign-on in the same profile": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n{SSO}{SESSION_CONFIG}",
        credentials=f"[base]\n{A}",
        files={BY_SESSION: token("{future}")},
    ),
    "a session's name with a space": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}".replace("sso_session = corp", "sso_session = my corp").replace(
            "[sso-session corp]", '[sso-session "my corp"]'
        ),
        files={f".aws/sso/cache/{sha1('my corp')}.json": token("{future}")},
    ),
    "a role of single sign-on that is cached": Situation(
        config=f"[default]\n{SSO}{SESSION_CONFIG}",
        files={
            BY_SESSION: token("{past}"),
            f".aws/cli/cache/{sha1(SSO_KEY)}.json": cached_keys("SSO", "{future}"),
        },
    ),
    "single sign-on where the profile's services say": Situation(
        config=f"[default]\nservices = local\n{SSO}{SESSION_CONFIG}"
        "[services local]\nsso =\n  endpoint_url = {portal}\n",
        files={BY_SESSION: token("{future}")},
        environ={"AWS_ENDPOINT_URL_SSO": None},
    ),
    "a program that asks for single sign-on": Situation(
        config=f"[profile links]\ncredential_process = {{process}}\n[profile dev]\n{SSO}{SESSION_CONFIG}",
        profile="links",
    ),
    # aws login
    "a login": Situation(config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{future}")}),
    "a login, never logged in": Situation(config=f"[default]\nlogin_session = {LOGIN_SESSION}\n"),
    "a login, expired and refreshed": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{past}")}
    ),
    "a login of an older version, which has no region": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{past}", signInRegion=None)}
    ),
    "a login, expired, and its refresh rejected": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{past}", refreshToken="used")}
    ),
    "a login, about to expire": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{soon}")}
    ),
    "a login without a key": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{past}", dpopKey=None)}
    ),
    "a login without a refresh token": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{past}", refreshToken=None)}
    ),
    "a login without credentials": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{past}", accessToken=None)}
    ),
    "a login without a client": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{past}", clientId=None)}
    ),
    "a login whose key is not one": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", files={LOGIN: login("{past}", dpopKey="x")}
    ),
    "a login in another folder": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n",
        files={LOGIN.replace(".aws/login/cache", "elsewhere"): login("{future}")},
        environ={"AWS_LOGIN_CACHE_DIRECTORY": "~/elsewhere"},
    ),
    "keys in the credentials file before a login": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\n", credentials=KEYED, files={LOGIN: login("{future}")}
    ),
    "a login before a program and keys in the config file": Situation(
        config=f"[default]\nlogin_session = {LOGIN_SESSION}\ncredential_process = {{process}}\n{B}",
        files={LOGIN: login("{future}")},
    ),
    "a role assumed from a login": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = me\n[profile me]\nlogin_session = {LOGIN_SESSION}\n",
        files={LOGIN: login("{future}")},
    ),
    # MFA, and the AWS CLI's cache of roles
    "a role with MFA": Situation(config=MFA_PROFILE, credentials=f"[base]\n{A}"),
    "a role with MFA whose session is cached": Situation(
        config=MFA_PROFILE,
        credentials=f"[base]\n{A}",
        files={cached_role(RoleArn=f"{ROLE}/a", SerialNumber=SERIAL): cached_keys("MFA", "{future}")},
    ),
    "a role with MFA whose cached session is about to expire": Situation(
        config=MFA_PROFILE,
        credentials=f"[base]\n{A}",
        files={cached_role(RoleArn=f"{ROLE}/a", SerialNumber=SERIAL): cached_keys("MFA", "{soon}")},
    ),
    "a role with MFA whose cached session has expired": Situation(
        config=MFA_PROFILE,
        credentials=f"[base]\n{A}",
        files={cached_role(RoleArn=f"{ROLE}/a", SerialNumber=SERIAL): cached_keys("MFA", "{past}")},
    ),
    "a role with MFA and every setting, cached": Situation(
        config=f"{MFA_PROFILE}role_session_name = me\nexternal_id = x1\nduration_seconds = 7200\n",
        credentials=f"[base]\n{A}",
        files={
            cached_role(
                RoleArn=f"{ROLE}/a", SerialNumber=SERIAL, RoleSessionName="me", ExternalId="x1", DurationSeconds=7200
            ): cached_keys("ALL", "{future}")
        },
    ),
    "a role without MFA whose session is cached": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n",
        credentials=f"[base]\n{A}",
        files={cached_role(RoleArn=f"{ROLE}/a"): cached_keys("ROLE", "{future}")},
    ),
    "a cached session of another role": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n",
        credentials=f"[base]\n{A}",
        files={cached_role(RoleArn=f"{ROLE}/other"): {}},
    ),
    # regions
    "AWS_REGION before AWS_DEFAULT_REGION": Situation(credentials=KEYED, environ={"AWS_DEFAULT_REGION": "us-west-1"}),
    "AWS_DEFAULT_REGION": Situation(credentials=KEYED, environ={"AWS_REGION": None, "AWS_DEFAULT_REGION": "us-west-1"}),
    "the profile's region": Situation(
        config="[default]\nregion = ap-south-1\n", credentials=KEYED, environ={"AWS_REGION": None}
    ),
    "a region in the credentials file": Situation(
        config="[default]\nregion = ap-south-1\n",
        credentials=f"{KEYED}region = ap-east-1\n",
        environ={"AWS_REGION": None},
    ),
    "another profile's region": Situation(
        config="[default]\nregion = ap-south-1\n[profile p]\nregion = ap-east-1\n",
        credentials=f"[p]\n{A}",
        profile="p",
        environ={"AWS_REGION": None},
    ),
    "the instance's region": Situation(
        credentials=KEYED, environ={"AWS_REGION": None, "AWS_EC2_METADATA_DISABLED": "false"}
    ),
    "the instance's region and its role": Situation(environ={"AWS_REGION": None, "AWS_EC2_METADATA_DISABLED": "false"}),
    "a role in the instance's region": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\n",
        credentials=f"[base]\n{A}",
        environ={"AWS_REGION": None, "AWS_EC2_METADATA_DISABLED": "false"},
    ),
    "a region in China": Situation(credentials=KEYED, environ={"AWS_REGION": "cn-north-1"}),
    "a region in GovCloud": Situation(credentials=KEYED, environ={"AWS_REGION": "us-gov-west-1"}),
    # endpoints
    "AWS_ENDPOINT_URL_S3": Situation(credentials=KEYED, environ={"AWS_ENDPOINT_URL_S3": "https://store.example"}),
    "AWS_ENDPOINT_URL_S3 and the region auto": Situation(
        credentials=KEYED, environ={"AWS_ENDPOINT_URL_S3": "https://store.example", "AWS_REGION": "auto"}
    ),
    "AWS_ENDPOINT_URL_S3 and no region": Situation(
        credentials=KEYED, environ={"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9000", "AWS_REGION": None}
    ),
    "AWS_ENDPOINT_URL": Situation(credentials=KEYED, environ={"AWS_ENDPOINT_URL": "http://localhost:4566"}),
    "AWS_ENDPOINT_URL_S3 before AWS_ENDPOINT_URL": Situation(
        credentials=KEYED,
        environ={"AWS_ENDPOINT_URL": "http://localhost:4566", "AWS_ENDPOINT_URL_S3": "https://store.example"},
    ),
    "an endpoint with a path": Situation(credentials=KEYED, environ={"AWS_ENDPOINT_URL_S3": "https://h.example/s3"}),
    "an endpoint with a slash at its end": Situation(
        credentials=KEYED, environ={"AWS_ENDPOINT_URL_S3": "https://store.example/"}
    ),
    "the profile's endpoint_url": Situation(
        config="[default]\nendpoint_url = https://store.example\n", credentials=KEYED
    ),
    "an endpoint_url in the credentials file": Situation(credentials=f"{KEYED}endpoint_url = https://store.example\n"),
    "the services of the profile": Situation(
        config="[default]\nservices = local\n[services local]\ns3 =\n  endpoint_url = https://store.example\n",
        credentials=KEYED,
    ),
    "the services of the profile before its endpoint_url": Situation(
        config="[default]\nendpoint_url = http://x\nservices = local\n"
        "[services local]\ns3 =\n  endpoint_url = https://store.example\n",
        credentials=KEYED,
    ),
    "AWS_ENDPOINT_URL before the services of the profile": Situation(
        config="[default]\nservices = local\n[services local]\ns3 =\n  endpoint_url = https://store.example\n",
        credentials=KEYED,
        environ={"AWS_ENDPOINT_URL": "http://localhost:4566"},
    ),
    "services that say nothing of S3": Situation(
        config="[default]\nservices = local\n[services local]\ndynamodb =\n  endpoint_url = http://x\n",
        credentials=KEYED,
    ),
    "services that are not there": Situation(config="[default]\nservices = local\n", credentials=KEYED),
    "another profile's endpoint_url": Situation(
        config="[profile p]\nendpoint_url = https://store.example\n", credentials=KEYED
    ),
    "endpoints ignored by the environment": Situation(
        config="[default]\nendpoint_url = https://store.example\n",
        credentials=KEYED,
        environ={"AWS_ENDPOINT_URL_S3": "http://x", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"},
    ),
    "endpoints ignored by the profile": Situation(
        config="[default]\nignore_configured_endpoint_urls = true\n",
        credentials=KEYED,
        environ={"AWS_ENDPOINT_URL": "http://x"},
    ),
    "endpoints ignored by the profile and not by the environment": Situation(
        config="[default]\nignore_configured_endpoint_urls = true\n",
        credentials=KEYED,
        environ={"AWS_ENDPOINT_URL": "http://x.example", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false"},
    ),
    "an endpoint and hosts by bucket": Situation(
        config="[default]\ns3 =\n  addressing_style = virtual\n",
        credentials=KEYED,
        environ={"AWS_ENDPOINT_URL_S3": "https://store.example"},
    ),
    "an endpoint and paths by bucket": Situation(
        config="[default]\ns3 =\n  addressing_style = path\n",
        credentials=KEYED,
        environ={"AWS_ENDPOINT_URL_S3": "https://store.example"},
    ),
    "paths by bucket at AWS": Situation(config="[default]\ns3 =\n  addressing_style = path\n", credentials=KEYED),
    "hosts by bucket at AWS": Situation(config="[default]\ns3 =\n  addressing_style = virtual\n", credentials=KEYED),
    "either by bucket at AWS": Situation(config="[default]\ns3 =\n  addressing_style = auto\n", credentials=KEYED),
    "s3 settings in the credentials file": Situation(credentials=f"{KEYED}s3 =\n  addressing_style = path\n"),
    "FIPS by the environment": Situation(credentials=KEYED, environ={"AWS_USE_FIPS_ENDPOINT": "true"}),
    "FIPS by the profile": Situation(config="[default]\nuse_fips_endpoint = true\n", credentials=KEYED),
    "FIPS by the profile and not by the environment": Situation(
        config="[default]\nuse_fips_endpoint = true\n", credentials=KEYED, environ={"AWS_USE_FIPS_ENDPOINT": "false"}
    ),
    "FIPS in capitals": Situation(credentials=KEYED, environ={"AWS_USE_FIPS_ENDPOINT": "TRUE"}),
    "FIPS and an endpoint": Situation(
        credentials=KEYED, environ={"AWS_USE_FIPS_ENDPOINT": "true", "AWS_ENDPOINT_URL_S3": "https://store.example"}
    ),
    "FIPS in China, which has none": Situation(
        credentials=KEYED, environ={"AWS_USE_FIPS_ENDPOINT": "true", "AWS_REGION": "cn-north-1"}
    ),
    "dual stack by the environment": Situation(credentials=KEYED, environ={"AWS_USE_DUALSTACK_ENDPOINT": "true"}),
    "dual stack by the profile": Situation(config="[default]\nuse_dualstack_endpoint = true\n", credentials=KEYED),
    "dual stack by the profile's s3": Situation(
        config="[default]\ns3 =\n  use_dualstack_endpoint = true\n", credentials=KEYED
    ),
    "dual stack by the profile's s3 and not by the environment": Situation(
        config="[default]\ns3 =\n  use_dualstack_endpoint = true\n",
        credentials=KEYED,
        environ={"AWS_USE_DUALSTACK_ENDPOINT": "false"},
    ),
    "dual stack by the environment and not by the profile's s3": Situation(
        config="[default]\ns3 =\n  use_dualstack_endpoint = false\n",
        credentials=KEYED,
        environ={"AWS_USE_DUALSTACK_ENDPOINT": "true"},
    ),
    "dual stack and FIPS": Situation(
        credentials=KEYED, environ={"AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_USE_FIPS_ENDPOINT": "true"}
    ),
    "dual stack and an endpoint": Situation(
        credentials=KEYED,
        environ={"AWS_USE_DUALSTACK_ENDPOINT": "true", "AWS_ENDPOINT_URL_S3": "https://store.example"},
    ),
    "acceleration": Situation(config="[default]\ns3 =\n  use_accelerate_endpoint = true\n", credentials=KEYED),
    "acceleration with dual stack": Situation(
        config="[default]\ns3 =\n  use_accelerate_endpoint = true\n  use_dualstack_endpoint = true\n",
        credentials=KEYED,
    ),
    "acceleration with paths by bucket": Situation(
        config="[default]\ns3 =\n  use_accelerate_endpoint = true\n  addressing_style = path\n", credentials=KEYED
    ),
    "acceleration with FIPS": Situation(
        config="[default]\ns3 =\n  use_accelerate_endpoint = true\n",
        credentials=KEYED,
        environ={"AWS_USE_FIPS_ENDPOINT": "true"},
    ),
    "acceleration with an endpoint": Situation(
        config="[default]\ns3 =\n  use_accelerate_endpoint = true\n",
        credentials=KEYED,
        environ={"AWS_ENDPOINT_URL_S3": "https://store.example"},
    ),
    "s3 settings on one line": Situation(config="[default]\ns3 = addressing_style = path\n", credentials=KEYED),
    "services on one line": Situation(
        config="[default]\nservices = local\n[services local]\ns3 = endpoint_url = https://store.example\n",
        credentials=KEYED,
    ),
    "a blank line among nested settings": Situation(
        config="[default]\ns3 =\n\n  use_dualstack_endpoint = true\n\n  addressing_style = path\n", credentials=KEYED
    ),
    "a nested setting without an equals sign": Situation(
        config="[default]\ns3 =\n  addressing_style path\n", credentials=KEYED
    ),
    # odds and ends
    "the old name of the token in the environment": Situation(environ={**ENV, "AWS_SECURITY_TOKEN": "old"}),
    "both names of the token in the environment": Situation(
        environ={**ENV, "AWS_SECURITY_TOKEN": "old", "AWS_SESSION_TOKEN": "new"}
    ),
    "the old name of the token in a file": Situation(credentials=f"{KEYED}aws_security_token = old\n"),
    "both names of the token in a file": Situation(
        credentials=f"{KEYED}aws_session_token = new\naws_security_token = old\n"
    ),
    "the old name of the token in the config file": Situation(config=f"[default]\n{A}aws_security_token = old\n"),
    "a program whose time is in UTC": Situation(config="[default]\ncredential_process = {utc}\n"),
    "a program whose time has an offset": Situation(config="[default]\ncredential_process = {offset}\n"),
    "a config file that is a folder": Situation(credentials=KEYED, environ={"AWS_CONFIG_FILE": "{home}"}),
    "a config file that is damaged": Situation(config="[default]\nregion\n", credentials=KEYED),
    "a setting twice in the config file": Situation(config="[default]\nregion = a\nregion = b\n", credentials=KEYED),
    "a section twice in the config file": Situation(
        config="[default]\nregion = a\n[profile x]\n[default]\n", credentials=KEYED
    ),
    "a comment behind the region": Situation(
        config="[default]\nregion = eu-west-1 # Ireland\n", credentials=KEYED, environ={"AWS_REGION": None}
    ),
    "a comment behind the secret": Situation(
        credentials="[default]\naws_access_key_id = AKIDA # mine\naws_secret_access_key = secret/A+=\n",
        environ={"AWS_ACCESS_KEY_ID": "AKIDENV", "AWS_SECRET_ACCESS_KEY": "secretenv"},
    ),
    "a variable that names a profile which has a role, and keys": Situation(
        config=f"[profile ci]\nrole_arn = {ROLE}/ci\nsource_profile = default\n[default]\nregion = eu-west-1\n",
        credentials=KEYED,
        environ={"AWS_PROFILE": "ci"},
    ),
    "a pod's identity and a profile with keys": Situation(
        credentials=f"[links]\n{A}", environ={**IDENTITY, "AWS_PROFILE": "links"}
    ),
    "a pod's identity and a profile with a role": Situation(
        config=f"[profile links]\nrole_arn = {ROLE}/links\nsource_profile = base\n",
        credentials=f"[base]\n{A}",
        environ={**IDENTITY, "AWS_PROFILE": "links"},
    ),
    "AWS_PROFILE and AWS_DEFAULT_PROFILE": Situation(
        credentials=f"[a]\n{A}[b]\n{B}", environ={"AWS_PROFILE": "a", "AWS_DEFAULT_PROFILE": "b"}
    ),
    "the environment's keys and an AWS_PROFILE that is not there": Situation(environ={**ENV, "AWS_PROFILE": "absent"}),
    "an addressing style that does not exist": Situation(
        config="[default]\ns3 =\n  addressing_style = host\n", credentials=KEYED
    ),
    "a session that is shorter than STS allows": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nduration_seconds = 60\n",
        credentials=f"[base]\n{A}",
    ),
    # what one section lends to all others
    "[DEFAULT] with keys": Situation(
        config="[DEFAULT]\naws_access_key_id = AKIDA\naws_secret_access_key = s\n[profile p]\n", profile="p"
    ),
    "[DEFAULT] with keys in the credentials file": Situation(
        credentials=f"[DEFAULT]\n{B}[a]\nregion = eu-west-1\n", profile="a"
    ),
    "[DEFAULT] alone, which is not a profile": Situation(credentials=f"[DEFAULT]\n{A}"),
    "[DEFAULT] alone, named by the program": Situation(credentials=f"[DEFAULT]\n{A}", profile="DEFAULT"),
    "[DEFAULT] alone, with what cannot be parsed": Situation(config="[DEFAULT]\ns3 =\n  path\n", credentials=KEYED),
    "[DEFAULT] with what cannot be parsed": Situation(
        config="[DEFAULT]\ns3 =\n  path\n[profile p]\n", credentials=KEYED
    ),
    "[DEFAULT] with what cannot be parsed, and is replaced": Situation(
        config="[DEFAULT]\ns3 =\n  path\n[default]\ns3 =\n  addressing_style = path\n", credentials=KEYED
    ),
    "[DEFAULT] with a role": Situation(
        config=f"[DEFAULT]\nrole_arn = {ROLE}/inh\nsource_profile = b\n[default]\noutput = json\n",
        credentials=f"[default]\n{A}[b]\n{B}",
    ),
    "[DEFAULT] with a role, and a profile only in the other file": Situation(
        config=f"[DEFAULT]\nrole_arn = {ROLE}/inh\nsource_profile = b\n[profile c]\n",
        credentials=f"[default]\n{A}[b]\n{B}",
    ),
    "[DEFAULT] after the section that takes its role": Situation(
        config=f"[default]\noutput = json\n[DEFAULT]\nrole_arn = {ROLE}/inh\nsource_profile = b\n",
        credentials=f"[default]\n{A}[b]\n{B}",
    ),
    "[DEFAULT] with single sign-on": Situation(
        config=f"[DEFAULT]\n{SSO}[default]\noutput = json\n{SESSION_CONFIG}",
        credentials=KEYED,
        files={BY_SESSION: token("{future}")},
    ),
    "[DEFAULT] with a region that the profile replaces, and so differs from its sso-session": Situation(
        config=f"[DEFAULT]\nregion = eu-west-1\n[default]\nregion = eu-north-1\n{SSO}{SESSION_CONFIG}",
        files={BY_SESSION: token("{future}")},
    ),
    "[DEFAULT] with an endpoint_url": Situation(
        config="[DEFAULT]\nendpoint_url = https://store.example\n[default]\noutput = json\n", credentials=KEYED
    ),
    "[DEFAULT] with an endpoint_url that the profile replaces": Situation(
        config="[DEFAULT]\nendpoint_url = http://x\n[default]\nendpoint_url = https://store.example\n",
        credentials=KEYED,
    ),
    "[DEFAULT] with a token": Situation(credentials=f"[DEFAULT]\naws_session_token = TOKX\n{KEYED}"),
    "[DEFAULT] with services": Situation(
        config="[DEFAULT]\ns3 =\n  endpoint_url = https://store.example\n[default]\nservices = local\n"
        "[services local]\nsts =\n  endpoint_url = http://y\n",
        credentials=KEYED,
    ),
    "[DEFAULT] twice": Situation(
        config="[DEFAULT]\nregion = ap-south-1\n[default]\n[DEFAULT]\nendpoint_url = https://store.example\n",
        credentials=KEYED,
        environ={"AWS_REGION": None},
    ),
    "[DEFAULT] twice, with one setting in both": Situation(
        config="[DEFAULT]\nregion = a\n[default]\n[DEFAULT]\nregion = b\n", credentials=KEYED
    ),
    # settings that are there, without a value
    "a role without a value": Situation(config="[default]\nrole_arn =\n", credentials=KEYED),
    "a role without a value, and its source": Situation(
        config="[default]\nrole_arn =\nsource_profile = b\n", credentials=f"{KEYED}[b]\n{B}"
    ),
    "a role without a value, and a web identity": Situation(
        config="[default]\nrole_arn =\n", credentials=KEYED, environ=IDENTITY
    ),
    "a role, and a web identity's file without a value": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\nweb_identity_token_file =\n",
        credentials=f"{KEYED}[b]\n{B}",
    ),
    "a web identity's file without a value": Situation(
        config="[default]\nweb_identity_token_file =\n", credentials=KEYED
    ),
    "a source_profile without a value": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile =\n", credentials=KEYED
    ),
    "a source_profile without a value, and a credential_source": Situation(
        config=f"[profile p]\nrole_arn = {ROLE}/a\nsource_profile =\ncredential_source = Environment\n",
        environ=ENV,
        profile="p",
    ),
    "a credential_source without a value": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\ncredential_source =\n", credentials=KEYED
    ),
    "a credential_source without a value, and a source_profile": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\ncredential_source =\n",
        credentials=f"{KEYED}[b]\n{B}",
    ),
    "a role with an MFA device without a value": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\nmfa_serial =\n", credentials=f"[b]\n{B}"
    ),
    "a role's session name without a value": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\nrole_session_name =\n",
        credentials=f"[b]\n{B}",
    ),
    "a role's external id without a value": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\nexternal_id =\n", credentials=f"[b]\n{B}"
    ),
    "a role's duration without a value": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\nduration_seconds =\n", credentials=f"[b]\n{B}"
    ),
    "a source of a role that has a role without a value": Situation(
        config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = b\n[profile b]\nrole_arn =\n"
        "credential_process = {process}\n"
    ),
    "an account of single sign-on without a value": Situation(
        config="[default]\nsso_account_id =\n", credentials=KEYED
    ),
    "a role of single sign-on without a value": Situation(config="[default]\nsso_role_name =\n", credentials=KEYED),
    "account and role of single sign-on without a value": Situation(
        config=f"[default]\nsso_account_id =\nsso_role_name =\nsso_session = corp\n{SESSION_CONFIG}",
        credentials=KEYED,
        files={BY_SESSION: token("{future}")},
    ),
    "a session of single sign-on without a value": Situation(
        config=f"[default]\nsso_session =\n{LEGACY}", files={BY_URL: token("{future}")}
    ),
    "a login without a value": Situation(config=f"[default]\nlogin_session =\n{B}"),
    "a program without a value": Situation(config=f"[default]\ncredential_process =\n{B}"),
    "the environment's keys before a role without a value": Situation(config="[default]\nrole_arn =\n", environ=ENV),
    "services without a value": Situation(config="[default]\nservices =\n", credentials=KEYED),
    # the name `default`, given by a variable
    "AWS_PROFILE=default, which is not there, and keys": Situation(environ={**ENV, "AWS_PROFILE": "default"}),
    "AWS_DEFAULT_PROFILE=default, which is not there, and keys": Situation(
        environ={**ENV, "AWS_DEFAULT_PROFILE": "default"}
    ),
    "AWS_PROFILE=default, which is not there, and a container": Situation(
        environ={"AWS_PROFILE": "default", "AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"}
    ),
    "AWS_PROFILE=default, which is there, and keys": Situation(
        credentials=KEYED, environ={**ENV, "AWS_PROFILE": "default"}
    ),
    "AWS_PROFILE=default, which is there": Situation(credentials=KEYED, environ={"AWS_PROFILE": "default"}),
    # what else the AWS SDK for Rust tries for roles, beside the situations above that are its own
    "Rust: a role's settings, and keys beside them that do not count": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n{B}[profile B]\n{A}", profile="A"
    ),
    "Rust: a session's name": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nrole_session_name = my_session_name\nsource_profile = B\n"
        f"[profile B]\n{A}",
        profile="A",
    ),
    "Rust: an external id": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nexternal_id = my_external_id\nsource_profile = B\n"
        f"[profile B]\n{A}",
        profile="A",
    ),
    "Rust: a profile that is its own source": Situation(
        config=f"[profile A]\n{A}role_arn = {ROLE}/RoleA\nsource_profile = A\n", profile="A"
    ),
    "Rust: a role, and no source": Situation(config=f"[profile A]\nrole_arn = {ROLE}/RoleA\n", profile="A"),
    "Rust: a source without a secret": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n[profile B]\naws_access_key_id = AKIDA\n",
        profile="A",
    ),
    "Rust: a source without an access key id": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n[profile B]\naws_secret_access_key = s\n",
        profile="A",
    ),
    "Rust: a source that is empty": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n[profile B]\n", profile="A"
    ),
    "Rust: no profiles at all": Situation(profile="A"),
    "Rust: a chain of two roles": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n"
        f"[profile B]\nrole_arn = {ROLE}/RoleB\nsource_profile = C\n[profile C]\n{A}",
        profile="A",
    ),
    "Rust: a chain that ends at the first keys": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n{B}"
        f"[profile B]\nrole_arn = {ROLE}/RoleB\nsource_profile = C\n{A}[profile C]\n{B}",
        profile="A",
    ),
    "Rust: a circle with keys at its beginning": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n{A}"
        f"[profile B]\nrole_arn = {ROLE}/RoleB\nsource_profile = A\n",
        profile="A",
    ),
    "Rust: a web identity": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nweb_identity_token_file = {{jwt}}\n", profile="A"
    ),
    "Rust: a web identity with a session's name": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nweb_identity_token_file = {{jwt}}\n"
        "role_session_name = some_session_name\n",
        profile="A",
    ),
    "Rust: a web identity without a role": Situation(
        config="[profile A]\nweb_identity_token_file = {jwt}\n", profile="A"
    ),
    "Rust: a web identity as the source of a role": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n"
        f"[profile B]\nrole_arn = {ROLE}/RoleB\nweb_identity_token_file = {{jwt}}\n"
        "role_session_name = some_session_name\n",
        profile="A",
    ),
    "Rust: a role at the global endpoint of the environment": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n[profile B]\n{A}",
        profile="A",
        environ={"AWS_ENDPOINT_URL_STS": None, "AWS_ENDPOINT_URL": "{sts}"},
    ),
    "Rust: a role at the global endpoint of the profile": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\nendpoint_url = {{sts}}\n[profile B]\n{A}",
        profile="A",
        environ={"AWS_ENDPOINT_URL_STS": None},
    ),
    "Rust: a role at STS's endpoint of the services": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\nservices = s\n[profile B]\n{A}"
        "[services s]\nsts =\n  endpoint_url = {sts}\n",
        profile="A",
        environ={"AWS_ENDPOINT_URL_STS": None},
    ),
    "Rust: a role of the container in a chain": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n"
        f"[profile B]\nrole_arn = {ROLE}/RoleB\ncredential_source = EcsContainer\n",
        profile="A",
        environ={"AWS_CONTAINER_CREDENTIALS_FULL_URI": "{container}"},
    ),
    "Rust: a role of the instance in a chain": Situation(
        config=f"[profile A]\nrole_arn = {ROLE}/RoleA\nsource_profile = B\n"
        f"[profile B]\nrole_arn = {ROLE}/RoleB\ncredential_source = Ec2InstanceMetadata\n",
        profile="A",
        environ={"AWS_EC2_METADATA_DISABLED": "false"},
    ),
}


# What differs, and why.
DIFFERENT: "dict[str, tuple[Situation, str]]" = {
    "an empty access key id in a file": (
        Situation(config=f"[default]\n{B}", credentials="[default]\naws_access_key_id =\naws_secret_access_key =\n"),
        "botocore signs with empty keys",
    ),
    "boto 2's file": (Situation(environ={"BOTO_CONFIG": "{boto}"}), "unknown to the SDK reference"),
    "a duration that is no number": (
        Situation(
            config=f"[default]\nrole_arn = {ROLE}/a\nsource_profile = base\nduration_seconds = 1h\n",
            credentials=f"[base]\n{A}",
        ),
        "botocore leaves it out",
    ),
    "no region anywhere": (
        Situation(credentials=KEYED, environ={"AWS_REGION": None}),
        "the AWS CLI takes S3's global host, whose redirect breaks a presigned URL outside us-east-1; an error says so",
    ),
    "a switch that is neither true nor false": (
        Situation(credentials=KEYED, environ={"AWS_USE_FIPS_ENDPOINT": "yes"}),
        "botocore takes it for false, and signs for an endpoint that is not a FIPS endpoint",
    ),
    "a name of FIPS in the place of a region": (
        Situation(credentials=KEYED, environ={"AWS_REGION": "fips-us-east-1"}),
        "an SDK's name for an endpoint, which botocore translates with a warning",
    ),
}


# --- places ---------------------------------------------------------------------------------------------------------


class Servers(NamedTuple):
    """The services of AWS, on loopback."""

    sts: Sts
    container: Container
    imds: Imds
    portal: Portal
    oidc: Oidc
    sign_in: SignIn

    def reset(self) -> None:
        """As if nobody had asked them anything yet."""
        self.portal.tokens = {"sso-access"}
        self.oidc.refresh_tokens = {"sso-refresh"}
        self.oidc.issued = 0
        self.sign_in.refresh_tokens = {"login-refresh"}
        self.sign_in.issued = 0


@contextmanager
def running() -> "Generator[Servers]":
    """All of them."""
    with (
        Sts(SECRETS) as sts,
        Container() as container,
        Imds() as imds,
        Portal() as portal,
        Oidc(portal) as oidc,
        SignIn() as sign_in,
    ):
        answer = {"Expiration": "2099-01-01T00:00:00Z", "Code": "Success"}
        imds.document = json.dumps(
            {**answer, "AccessKeyId": "ASIAIMDS", "SecretAccessKey": "secretimds", "Token": "tokenimds"}
        )
        for account, role in portal.roles:
            keys = portal_role(account, role, 0)
            sts.secrets[str(keys["accessKeyId"])] = (str(keys["secretAccessKey"]), str(keys["sessionToken"]))
        sts.secrets["ASIALOGIN"] = ("secret-of-login", "token-of-login")
        # The same credentials each time, so that asking twice is asking once.
        task = {**answer, "AccessKeyId": "ASIATASK", "SecretAccessKey": "secrettask", "Token": "tokentask"}
        container.always = Answer(200, json.dumps(task))
        yield Servers(sts, container, imds, portal, oidc, sign_in)


class Place(NamedTuple):
    """A home folder, and the servers that are asked from it."""

    home: Path
    servers: Servers


def prepare(situation: Situation, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the files and set the variables of a situation."""
    home, servers = place
    (home / ".aws").mkdir(parents=True, exist_ok=True)
    servers.reset()
    answers: dict[str, dict[str, object]] = {
        "process": PROCESS,
        "temporary": TEMPORARY,
        "version2": {**PROCESS, "Version": 2},
        "incomplete": {"Version": 1, "AccessKeyId": "AKIDPROC"},
        "utc": {**TEMPORARY, "Expiration": "2099-01-02T03:04:05UTC"},
        "offset": {**TEMPORARY, "Expiration": "2099-01-02T03:04:05+0000"},
    }
    now = int(time.time())
    values = {
        "home": str(home),
        "python": sys.executable,
        "json": json.dumps(PROCESS),
        "jwt": str(home / "jwt"),
        "bad_jwt": str(home / "bad_jwt"),
        "boto": str(home / "boto.cfg"),
        "container": servers.container.url + servers.container.PATH,
        "imds": servers.imds.url,
        "sts": servers.sts.url,
        "portal": servers.portal.url,
        "oidc": servers.oidc.url,
        "signin": servers.sign_in.url,
        "past": iso_date(now - 3600),
        "soon": iso_date(now + 400),
        "future": iso_date(now + 7200),
    }
    for name, answer in answers.items():
        (home / f"{name}.json").write_text(json.dumps(answer), encoding="utf-8")
        values[name] = f"cat {home}/{name}.json"
    (home / "jwt").write_text("good-jwt", encoding="utf-8")
    (home / "bad_jwt").write_text("bad-jwt", encoding="utf-8")
    (home / "boto.cfg").write_text(f"[Credentials]\n{A}", encoding="utf-8")

    def filled(text: str) -> str:
        for name, value in values.items():
            text = text.replace("{" + name + "}", value)
        return text

    for name in list(os.environ):
        if name.startswith(("AWS_", "BOTO_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BOTO_DISABLE_CRT", "true")
    for name, value in {**BASE, **situation.environ}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, filled(value))
    if situation.config:
        (home / ".aws" / "config").write_text(filled(situation.config), encoding="utf-8")
    if situation.credentials:
        (home / ".aws" / "credentials").write_text(filled(situation.credentials), encoding="utf-8")
    for path, content in situation.files.items():
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text(filled(json.dumps(content)), encoding="utf-8")


# Where everything is, if a situation does not say otherwise.
BASE: "dict[str, str | None]" = {
    "HOME": "{home}",
    "BOTO_CONFIG": "{home}/none",
    "AWS_REGION": "eu-west-1",
    "AWS_ENDPOINT_URL_STS": "{sts}",
    "AWS_ENDPOINT_URL_SSO": "{portal}",
    "AWS_ENDPOINT_URL_SSO_OIDC": "{oidc}",
    "AWS_ENDPOINT_URL_SIGNIN": "{signin}",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "{imds}",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_MAX_ATTEMPTS": "1",
    "AWS_S3_US_EAST_1_REGIONAL_ENDPOINT": "regional",  # what the AWS CLI version 2 always does
}

# --- ways -----------------------------------------------------------------------------------------------------------

MFA_CODE = "123456"
BUCKET, KEY = "reports", "2026/a b.csv"

# As in the AWS CLI version 2, whose botocore differs from the one on PyPI in these two.
VARIABLES = {
    "profile": (None, ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"], None, None),
    "region": ("region", ["AWS_REGION", "AWS_DEFAULT_REGION"], None, None),
}


loaders: Any = botocore.loaders
LOADER = loaders.create_loader()  # one for all, since it keeps what it has read


def read_device(_question: str) -> str:
    """The code of an MFA device."""
    return MFA_CODE


def aws_session(profile: "str | None", home: Path) -> Any:
    """A botocore session that is set up as the AWS CLI version 2 sets up its own."""
    session = session_module.Session(profile=profile, session_vars=dict(VARIABLES))
    session.register_component("data_loader", LOADER)
    store = session.get_component("config_store")
    region = store.get_config_provider("region")
    store.set_config_provider(
        "region", configprovider.ChainProvider(providers=[region, botocore_utils.IMDSRegionProvider(session)])
    )
    chain = session.get_component("credential_provider")
    cache = botocore_utils.JSONFileCache(str(home / ".aws/cli/cache"))
    chain.get_provider("assume-role").cache = cache
    chain.get_provider("assume-role")._prompter = read_device
    chain.get_provider("assume-role-with-web-identity").cache = cache
    chain.get_provider("sso").cache = cache
    return session


class EC:
    """What botocore takes from awscrt's class of this name, which is not there for every Python, made with OpenSSL."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self.key = key

    @classmethod
    def new_key_from_der_data(cls, der: bytes) -> "EC":
        key = serialization.load_der_private_key(der, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(key)

    def get_public_coords(self) -> "tuple[bytes, bytes]":
        numbers = self.key.public_key().public_numbers()
        return numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")

    def sign(self, digest: bytes) -> bytes:
        return self.key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))

    @staticmethod
    def decode_der_signature_to_padded_pair(signature: bytes, pad_to: int) -> bytes:
        r, s = utils.decode_dss_signature(signature)
        return r.to_bytes(pad_to, "big") + s.to_bytes(pad_to, "big")


def is_regional(_client: object) -> bool:
    """Never the global host, as in the AWS CLI version 2, which presigns for the region's host."""
    return False


@contextmanager
def curve_and_home(home: Path) -> "Generator[None]":
    """botocore with an elliptic curve, and with the caches of a home folder, whose names it makes once for all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(credentials_module, "EC", EC)
        patch.setattr(signers_module, "_should_use_global_endpoint", is_regional)
        patch.setattr(credentials_module.SSOProvider, "_SSO_TOKEN_CACHE_DIR", str(home / ".aws/sso/cache"))
        patch.setattr(tokens_module.SSOTokenProvider, "_SSO_TOKEN_CACHE_DIR", str(home / ".aws/sso/cache"))
        yield


def botocore_url(situation: Situation, place: Place) -> "str | None":
    """The URL of botocore, or None: nothing, or an error of whatever kind."""
    with curve_and_home(place.home):
        try:
            session = aws_session(situation.profile, place.home)
            client = session.create_client("s3", config=Config(signature_version="s3v4"))
            url: str = client.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": KEY})
        except Exception:  # noqa: BLE001 - botocore's errors have many bases
            return None
    return url if "X-Amz-Credential" in url else None


def aws_cli_signer(situation: Situation) -> "tuple[str, str | None] | None":
    """Whose access key and token `aws s3 presign` signs with, or None where it fails.

    It is version 1, which is on PyPI: it knows one name of the region, and its URLs are often of signature version 2,
    so there is no more to compare.
    """
    profile = ["--profile", situation.profile] if situation.profile else []
    done = subprocess.run(
        [sys.executable, "-m", "awscli", "s3", "presign", f"s3://{BUCKET}/{KEY}", *profile],
        env={**os.environ, "AWS_DEFAULT_REGION": os.environ.get("AWS_REGION", "eu-west-1")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    if done.returncode:
        return None
    query = dict(parse_qsl(urlsplit(done.stdout.strip()).query))
    if "AWSAccessKeyId" in query:
        return query["AWSAccessKeyId"], query.get("x-amz-security-token")
    return query["X-Amz-Credential"].partition("/")[0], query.get("X-Amz-Security-Token")


def check_no_secret(message: str) -> None:
    """Assert that a message has none of the secrets of these situations."""
    for secret in (
        "secretA", "secret/A", "secretB", "tokenB", "secretenv", "secretproc", "tokenproc", "good-jwt", "sso-access",
        "sso-refresh", "client-secret", "login-refresh", "secret-of", "token-of", "BEGIN EC",
    ):  # fmt: skip
        assert secret not in message


def our_url(situation: Situation, _place: Place) -> "str | None":
    """Our URL, or None: CredentialsNotFound or InputError, and no other error."""
    try:
        s3 = S3Presigner.from_settings(situation.profile, mfa=read_device)
        return str(s3.get_object(BUCKET, KEY))
    except (CredentialsNotFound, InputError) as fault:
        check_no_secret(str(fault))
        return None


WAYS: "dict[str, Callable[[Situation, Place], str | None]]" = {"botocore": botocore_url, "python": our_url}


def outcome(way: str, situation: Situation, place: Place) -> "Signed | None":
    """What a way makes of a situation that has been prepared."""
    url = WAYS[way](situation, place)
    return None if url is None else Signed.of(url)
