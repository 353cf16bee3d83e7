"""Names of communes while one types: the same for everybody, from lists that this program carries."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from base.text import storable
from orders import reading_addresses

AT_MOST = 8


@require_safe
@cache_control(public=True, max_age=3600)
def communes(request: HttpRequest) -> JsonResponse:
    """``?q=yen ho&province=37`` → ``{"communes": [{"value", "name", "old"}]}``, the likeliest first, at most 8.

    ``old``: the names of before July 2025.
    """
    typed, province = request.GET.get("q", ""), request.GET.get("province", "")
    found = reading_addresses.suggest(typed, province=province, at_most=AT_MOST) if storable(typed + province) else []
    return JsonResponse(
        {"communes": [{"value": one.value, "name": one.name, "old": old} for one, old in found]}
    )  # fmt: skip
