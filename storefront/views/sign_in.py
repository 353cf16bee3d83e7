"""Signing in by phone and password, signing out, and where to go then. Only these views of allauth are open."""

from typing import Any

from allauth.account.views import LoginView
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from base.periods import vietnam_day
from cooperatives.models import Member
from cooperatives.permissions import organizations_where
from storefront.forms.sign_in import SignInForm


class SignIn(LoginView):
    """allauth's own view with our form and page: it counts tries by number and by address."""

    form_class = SignInForm
    template_name = "storefront/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without what LoginView adds: links to doors that are closed here (sign-up, e-mail, social accounts)."""
        return dict(super(LoginView, self).get_context_data(**kwargs))

    def form_invalid(self, form: SignInForm) -> HttpResponse:
        response: HttpResponse = self.render_to_response(self.get_context_data(form=form), status=422)
        return response


sign_in = SignIn.as_view()


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Forget who this is; the basket goes with it, since the next person may hold the same phone."""
    logout(request)
    return HttpResponseRedirect(reverse("home"), status=303)


@never_cache
@require_safe
def after_sign_in(request: HttpRequest) -> HttpResponse:
    """Staff to the desk, or to the biller's where nothing is sold; members to their own page, everybody else to the
    market."""
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("sign-in"))
    works_at = list(organizations_where(request.user, "see_desk", on=vietnam_day(timezone.now())))
    if works_at:
        only_bills = all(one.bills and not one.sells for one in works_at)
        return HttpResponseRedirect(reverse("biller" if only_bills else "desk"))
    if Member.objects.filter(user=request.user).exists():
        return HttpResponseRedirect(reverse("member"))
    return HttpResponseRedirect(reverse("home"))
