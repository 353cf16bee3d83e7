"""Photos of goods, straight from the media folder: a machine without a web server in front shows them too."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

_TYPES = {"webp": "image/webp", "jpg": "image/jpeg"}


@require_safe
def photo(request: HttpRequest, path: str) -> HttpResponseBase:
    """One rendition. Its name is random and its bytes never change, so phones keep it for a year."""
    try:
        file = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(file, content_type=_TYPES[path.rpartition(".")[2]])
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response
