"""The URLs of one multipart upload.

Rule: a URL is signed when it is used, so only the parts that are used cost time.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html
"""

from .._value import Value, set_field
from ..errors import InputError
from .signer import SIGNED_ELSEWHERE, check_segments

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .._presigned_url import PresignedUrl
    from .._time import Lifetime
    from .presigner import S3Presigner

MOST_PARTS = 10_000  # https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html


class MultipartPlan(Value):
    """The URLs of one multipart upload, with one signing time and lifetime.

    Attributes:
        presigner: The presigner that signs them.
        bucket: The bucket's name.
        key: The object's key.
        upload_id: The UploadId that CreateMultipartUpload returned.
        part_count: The number of parts.
        expires_in: The lifetime of the URLs; None: the presigner's default.
        second: The signing time of the URLs, in epoch seconds.
        parts: One PUT URL for each part, in order; a fresh iterator each time.
        complete: The POST URL that completes the upload; its body lists the parts' ETags.
        abort: The DELETE URL that aborts the upload.
    """

    __slots__ = _fields = ("presigner", "bucket", "key", "upload_id", "part_count", "expires_in", "second")

    presigner: "S3Presigner"
    bucket: str
    key: str
    upload_id: str
    part_count: int
    expires_in: "Lifetime | None"
    second: int

    def __init__(
        self,
        presigner: "S3Presigner",
        bucket: str,
        key: str,
        *,
        upload_id: str,
        part_count: int,
        expires_in: "Lifetime | None",
        second: int,
    ) -> None:
        if isinstance(part_count, bool) or not isinstance(part_count, int):
            raise TypeError(f"part_count: expected int, got {type(part_count).__name__}")
        if not 1 <= part_count <= MOST_PARTS:
            raise InputError("part_count", f"{part_count} is not from 1 to {MOST_PARTS}")
        if isinstance(key, str):
            check_segments(key, whole=True, dots=False, way_out=SIGNED_ELSEWHERE)
        set_field(self, "presigner", presigner)
        set_field(self, "bucket", bucket)
        set_field(self, "key", key)
        set_field(self, "upload_id", upload_id)
        set_field(self, "part_count", part_count)
        set_field(self, "expires_in", expires_in)
        set_field(self, "second", second)
        self.part(1)  # for the error it raises

    def part(self, number: int) -> "PresignedUrl":
        """The PUT URL of one part, 1 to `part_count`."""
        if not 1 <= number <= self.part_count:
            raise InputError("number", f"{number} is not from 1 to {self.part_count}, the parts of this plan")
        return self.presigner.upload_part(
            self.bucket,
            self.key,
            part_number=number,
            upload_id=self.upload_id,
            expires_in=self.expires_in,
            now=self.second,
        )

    @property
    def parts(self) -> "Iterator[PresignedUrl]":
        return map(self.part, range(1, self.part_count + 1))

    @property
    def complete(self) -> "PresignedUrl":
        return self.presigner.complete_multipart_upload(
            self.bucket, self.key, upload_id=self.upload_id, expires_in=self.expires_in, now=self.second
        )

    @property
    def abort(self) -> "PresignedUrl":
        return self.presigner.abort_multipart_upload(
            self.bucket, self.key, upload_id=self.upload_id, expires_in=self.expires_in, now=self.second
        )
