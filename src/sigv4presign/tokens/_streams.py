"""Brokers and streams: MSK, IoT Core, Transcribe.

Rule: WebSocket clients get a `PresignedUrl`, Kafka clients a `Token`.
"""

from .._s3.buckets import partition
from .._text import checked_pairs
from .._time import lifetime_seconds
from ..errors import InputError, frameless
from ._signing import (
    QUARTER_OF_AN_HOUR,
    bare_host,
    base64url,
    check_flag,
    check_text,
    checked_region,
    end_of,
    signed,
)
from ._token import Token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .._canonical import Query
    from .._credentials import CredentialsSource
    from .._presigned_url import PresignedUrl
    from .._time import Lifetime, Now


@frameless
def msk(*, credentials: "CredentialsSource", region: str, now: "Now | None" = None) -> Token:
    """A token for MSK's Kafka brokers (SASL mechanism OAUTHBEARER), valid for 15 minutes.

    Kafka clients need the token and its expiry in milliseconds: `token`, `token.expires_at_ms`.

    Args:
        credentials: Whose policy allows `kafka-cluster:Connect`.
        region: The region of the cluster.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> token = tokens.msk(credentials=Credentials("AKIDEXAMPLE", "secret"), region="eu-west-1", now=1764000000)
        >>> token.expires_at_ms
        1764000900000

    Source: https://github.com/aws/aws-msk-iam-sasl-signer-python
    """
    region = checked_region(region)
    url = signed(
        f"https://kafka.{region}.amazonaws.com/",  # in every partition, as AWS's signers have it
        "kafka-cluster",
        query=[("Action", "kafka-cluster:Connect")],
        credentials=credentials,
        region=region,
        lifetime=QUARTER_OF_AN_HOUR,
        now=now,
    )
    # Unsigned, for the brokers' logs, as AWS's signers append it.
    return Token(base64url(f"{url}&User-Agent=sigv4presign-python"), expires_at=end_of(url))


_LONGEST_CONNECTION = 86_400  # seconds


@frameless
def iot_mqtt(
    host: str,
    *,
    credentials: "CredentialsSource",
    region: str,
    expires_in: "Lifetime | None" = None,
    now: "Now | None" = None,
) -> "PresignedUrl":
    """The URL for MQTT clients to connect to AWS IoT Core over a WebSocket.

    A session token is appended after the signature and not signed; only this service expects it so.

    Args:
        host: The account's endpoint, `...-ats.iot.eu-west-1.amazonaws.com`.
        credentials: Whose policy allows `iot:Connect`.
        region: The region of the endpoint.
        expires_in: Whole seconds or a timedelta, at most a day, the maximum duration of a connection.  The service
            accepts the URL for about five minutes after `now`, even if this is longer; None leaves X-Amz-Expires out,
            as AWS's device SDKs do.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> url = tokens.iot_mqtt("abc-ats.iot.eu-west-1.amazonaws.com", region="eu-west-1", now=1764000000,
        ...                       credentials=Credentials("ASIDEXAMPLE", "secret", "token"))
        >>> print(url.partition("?")[0], url.endswith("&X-Amz-Security-Token=token"), url.expires_at)
        wss://abc-ats.iot.eu-west-1.amazonaws.com/mqtt True None

    Source: https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html; the day:
    https://docs.aws.amazon.com/general/latest/gr/iot-core.html, "WebSocket connection duration"; the five minutes:
    https://github.com/aws/aws-sdk-js/issues/2254
    """
    if expires_in is not None:
        lifetime_seconds(expires_in, "expires_in", _LONGEST_CONNECTION)
    return signed(
        f"wss://{bare_host(host)}/mqtt",
        "iotdevicegateway",
        credentials=credentials,
        region=region,
        expires_in=expires_in,
        now=now,
    )


@frameless
def transcribe(
    language_code: "str | None",
    media_encoding: str,
    sample_rate: int,
    *,
    medical: bool = False,
    query: "Query | None" = None,
    credentials: "CredentialsSource",
    region: str,
    expires_in: "Lifetime | None" = None,
    now: "Now | None" = None,
) -> "PresignedUrl":
    """The URL for a WebSocket client to stream speech to Amazon Transcribe.

    Args:
        language_code: Such as `en-US`; None where `query` has `identify-language` or `identify-multiple-languages`.
        media_encoding: `pcm`, `ogg-opus` or `flac`.
        sample_rate: In hertz.
        medical: Whether to use Transcribe Medical, which requires `specialty` and `type` in `query`.
        query: Further parameters by the service's own names, such as `session-id`, `vocabulary-name` or
            `show-speaker-label`, as plain text.
        credentials: Whose policy allows `transcribe:StartStreamTranscriptionWebSocket`.
        region: The region of the service.
        expires_in: Whole seconds or a timedelta, at most 5 minutes; None: 5 minutes.  The client must connect within
            this time; the stream may last longer.
        now: The signing time; None: the current time.

    Example:
        >>> from sigv4presign import Credentials, tokens
        >>> url = tokens.transcribe("en-US", "pcm", 16000, credentials=Credentials("AKIDEXAMPLE", "secret"),
        ...                         region="eu-west-1", now=1764000000)
        >>> print(url.partition("?")[0], url.expires_at)
        wss://transcribestreaming.eu-west-1.amazonaws.com:8443/stream-transcription-websocket 1764000300

    Source: https://docs.aws.amazon.com/transcribe/latest/dg/streaming-websocket.html
    """
    others = [] if query is None else checked_pairs("query", query)
    names = [name for name, _ in others]  # not a set: presign has yet to check that they are text
    if not isinstance(sample_rate, int) or isinstance(sample_rate, bool):
        raise TypeError(f"sample_rate: expected int, got {type(sample_rate).__name__}")
    if sample_rate < 1:
        raise InputError("sample_rate", f"{sample_rate} is not a sample rate in hertz, such as 16000")
    check_text("media_encoding", media_encoding)
    pairs: list[tuple[str, str | int]] = [("media-encoding", media_encoding), ("sample-rate", int(sample_rate))]
    if language_code is not None:
        check_text("language_code", language_code)
        pairs.append(("language-code", language_code))
    elif "identify-language" not in names and "identify-multiple-languages" not in names:
        raise InputError(
            "language_code", "is needed, unless the query has identify-language or identify-multiple-languages"
        )
    for name in ("language-code", "media-encoding", "sample-rate"):
        if name in names:
            raise InputError("query", f"{name} is set by another argument; give it there")
    check_flag("medical", medical)
    region = checked_region(region)
    path = "medical-stream-transcription-websocket" if medical else "stream-transcription-websocket"
    return signed(
        f"wss://transcribestreaming.{region}.{partition(region)[1]}:8443/{path}",
        "transcribe",
        query=pairs + others,
        credentials=credentials,
        region=region,
        lifetime=300,
        expires_in=expires_in,
        now=now,
    )
