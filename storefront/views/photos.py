"""Photos of goods and faces of members, straight from the media folder: a machine without a web server in front shows
them too."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


@require_safe
def photo(request: HttpRequest, path: str) -> HttpResponseBase:
    """One rendition. Its name is random and its bytes never change, so phones keep it for a year."""
    return _file(path, kept="public, max-age=31536000, immutable")


@require_safe
def face(request: HttpRequest, path: str) -> HttpResponseBase:
    """One rendition of a face: for an hour, by the phone that saw it and by nobody on the way. She may withdraw it."""
    return _file(path, kept="private, max-age=3600")


def _file(path: str, *, kept: str) -> HttpResponseBase:
    try:
        file = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=_TYPES[path.rpartition(".")[2]])
    response["Cache-Control"] = kept
    response["X-Content-Type-Options"] = "nosniff"
    return response
