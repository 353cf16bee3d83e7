"""One tap into the demo: who may be tried is decided by storefront/demo_cards.py."""

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from storefront.demo_cards import demo_person
from storefront.same_site import from_our_pages


@require_POST
@from_our_pages
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Signs in the demo's person of the posted ``role``; 404 for any other, and wherever the demo is off."""
    person = demo_person(request.POST.get("role", ""))
    if person is None:
        raise Http404
    login(request, person, backend="allauth.account.auth_backends.AuthenticationBackend")
    request.session.set_expiry(0)
    return HttpResponseRedirect(reverse("after-sign-in"), status=303)
