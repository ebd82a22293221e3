"""The Content-Disposition that saves a download under a given name.

Rule: an ASCII `filename` for old clients, and the exact name in `filename*` (RFC 6266, section 4.3 and appendix D; RFC
8187).  The value is ASCII, since S3 and HTTP clients reject other header values.
"""

from .._text import encode
from ..errors import InputError


def attachment(parameter: str, file_name: object) -> str:
    r"""`attachment` with a file's name in both forms, or in the first alone if the name is plain ASCII.

    A blank name, `.` and `..`, a path (`/` or `\`) and control characters are rejected, since clients must not save to
    these (RFC 6266, section 4.3).

    Example:
        >>> print(attachment("download_as", "naïve.pdf"))
        attachment; filename="na_ve.pdf"; filename*=UTF-8''na%C3%AFve.pdf
    """
    if not isinstance(file_name, str):
        raise TypeError(f"{parameter}: expected str, got {type(file_name).__name__}")
    if file_name.strip() in ("", ".", ".."):
        raise InputError(parameter, f"{file_name!r} is not a file name")
    if "/" in file_name or "\\" in file_name:
        raise InputError(parameter, "has a path separator; give the file's name alone")
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in file_name):
        raise InputError(parameter, "has a line break or another control character")
    # Appendix D: a quote would need a backslash, and some clients decode %.
    plain = "".join([character if character.isascii() and character not in '"%' else "_" for character in file_name])
    if plain == file_name:
        return f'attachment; filename="{plain}"'
    try:
        return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encode(file_name)}"
    except UnicodeEncodeError:
        raise InputError(parameter, "has a lone surrogate, which is not text") from None
