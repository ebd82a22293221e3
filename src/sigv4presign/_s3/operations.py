"""S3's operations as data: the method, and where S3 reads each parameter.

Rule: a parameter's name is the S3 API's in snake case, and its place is the API reference's
(https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html): a `?query`
parameter or a header, which is then signed and must be sent.
"""

from ..errors import InputError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class ReadObject(TypedDict, total=False):
        """What `get_object` and `head_object` take."""

        version_id: str
        response_cache_control: str
        response_content_disposition: str
        response_content_encoding: str
        response_content_language: str
        response_content_type: str
        response_expires: str

    class PutObject(TypedDict, total=False):
        """What `put_object` takes."""

        cache_control: str
        content_disposition: str
        content_encoding: str
        content_language: str
        content_length: int
        content_md5: str
        content_type: str

    class DeleteObject(TypedDict, total=False):
        """What `delete_object` takes."""

        version_id: str


QUERY, HEADER = "query", "header"

_READ = {
    "version_id": (QUERY, "versionId"),
    "response_cache_control": (QUERY, "response-cache-control"),
    "response_content_disposition": (QUERY, "response-content-disposition"),
    "response_content_encoding": (QUERY, "response-content-encoding"),
    "response_content_language": (QUERY, "response-content-language"),
    "response_content_type": (QUERY, "response-content-type"),
    "response_expires": (QUERY, "response-expires"),
}

OPERATIONS = {
    "get_object": ("GET", _READ),
    "head_object": ("HEAD", _READ),
    "put_object": (
        "PUT",
        {
            "cache_control": (HEADER, "cache-control"),
            "content_disposition": (HEADER, "content-disposition"),
            "content_encoding": (HEADER, "content-encoding"),
            "content_language": (HEADER, "content-language"),
            "content_length": (HEADER, "content-length"),
            "content_md5": (HEADER, "content-md5"),
            "content_type": (HEADER, "content-type"),
        },
    ),
    "delete_object": ("DELETE", {"version_id": (QUERY, "versionId")}),
}


def place_parameters(operation: str, params: "dict[str, object]") -> "tuple[dict[str, str], dict[str, str]]":
    """The query parameters and the headers that an operation's parameters become."""
    places = OPERATIONS[operation][1]
    query: dict[str, str] = {}
    headers: dict[str, str] = {}
    for name, value in params.items():
        if name not in places:
            raise TypeError(f"{operation}() takes no parameter {name!r}{_suggestion(name, places)}")
        where, wire_name = places[name]
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise TypeError(f"{name}: expected str or int, got {type(value).__name__}")
        if value == "":
            raise InputError(name, "is empty; leave it out")
        (query if where == QUERY else headers)[wire_name] = str(value)
    return query, headers


def _suggestion(name: str, places: "dict[str, tuple[str, str]]") -> str:
    """`VersionId` is `version_id` here: say so."""
    bare = name.replace("_", "").lower()
    for right in places:
        if right.replace("_", "") == bare:
            return f"; it is written {right}"
    return f"; it takes {', '.join(places)}"
