"""Whether the demo (its sign-in cards, its drawn DEMO mark, its simulator) is on."""

from django.conf import settings

from cooperatives.models import Organization


def demo_is_on() -> bool:
    """DEMO decides where it is set; otherwise on only while no real organization exists."""
    if settings.DEMO is not None:
        return bool(settings.DEMO)
    return not Organization.objects.real().exists()
