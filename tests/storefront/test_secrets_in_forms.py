"""A key that was typed into a form is in no page that comes back, whatever was wrong with the rest."""

import importlib
import pkgutil
import re

import pytest
from django import forms
from django.test import Client

import storefront.forms
from payments.models import Feed
from storefront.forms.desk_feed import ConnectForm, CredentialsForm, RotateForm
from storefront.forms.secret import AGAIN, SecretField
from tests.carrier_fake import FakeCarrier, carrier  # noqa: F401 - a fixture
from tests.people import World
from tests.storefront.desk_walk import body, signed_in

pytestmark = pytest.mark.django_db

TYPED = "khoa-that-7f3a-khong-ai-duoc-thay"
NAME_OF_A_SECRET = re.compile("secret|token|password|api_key")


def test_a_refused_carriers_key_is_asked_for_again_and_not_shown(world: World, carrier: FakeCarrier) -> None:  # noqa: F811
    manager = signed_in(world.manager)
    typed = {"key": "c", "token": TYPED, "name": "HTX", "phone": "02293862999", "address": "Thôn 1",
             "district": "huyện Yên Mô", "province": "Ninh Bình"}  # fmt: skip
    refused = manager.post("/desk/carriers/", typed)
    assert (refused.status_code, TYPED in body(refused)) == (422, False)
    assert "huyện Yên Mô" in body(refused)  # everything else is still there
    assert str(AGAIN) in body(refused)


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("/desk/bank/connect/stripe/", {"secret_key": TYPED, "webhook_secret": TYPED}),
        ("/desk/bank/connect/sepay/", {"secret": TYPED, "auth": "x"}),
        ("/desk/bank/connect/payos/", {"secret": TYPED, "client_id": TYPED, "api_key": TYPED}),
        ("/desk/members/new/", {"name": "Chị Tư", "phone": "12", "password": TYPED}),
    ],
)
def test_no_form_of_the_desk_writes_a_secret_back(world: World, address: str, fields: dict[str, str]) -> None:
    client: Client = signed_in(world.manager if "members" in address else world.treasurer)
    answer = client.post(address, {"key": "k", **fields})
    assert (answer.status_code, TYPED in body(answer)) == (422, False)


def test_a_key_that_the_form_suggests_is_shown_once() -> None:
    form = RotateForm(initial={"secret": TYPED})
    assert TYPED in str(form["secret"])
    assert TYPED not in str(RotateForm({"secret": TYPED, "key": "k"})["secret"])


def test_every_field_with_the_name_of_a_secret_is_one(world: World) -> None:
    """A new form for keys cannot forget it."""
    named = [
        (form.__name__, name, field)
        for module in pkgutil.iter_modules(storefront.forms.__path__)
        for form in vars(importlib.import_module(f"storefront.forms.{module.name}")).values()
        if isinstance(form, type) and issubclass(form, forms.Form)
        for name, field in form.base_fields.items()
    ]
    for provider in Feed.Provider:
        for made in (
            ConnectForm(provider=provider, organization=world.organization),
            CredentialsForm(provider=provider),
        ):
            named += [(type(made).__name__, name, field) for name, field in made.fields.items()]
    secrets = [(form, name, field) for form, name, field in named if NAME_OF_A_SECRET.search(name)]
    secrets = [one for one in secrets if not isinstance(one[2].widget, forms.PasswordInput)]  # which shows nothing
    assert {"MemberForm", "PersonForm", "CardsForm", "RotateForm", "ConnectForm", "ConnectionForm"} <= {
        form for form, _name, _field in secrets
    }
    assert [(form, name) for form, name, field in secrets if not isinstance(field, SecretField)] == []
