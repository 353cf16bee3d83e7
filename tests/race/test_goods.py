"""One review of two phones, one certificate of two screens, one face of a member. PROVE=1: 200 rounds of each."""

from collections import Counter

import pytest
from django.utils import timezone

from catalog import versions
from catalog.models import OcopCertificate, Portrait
from orders import fulfilling
from orders.models import Review
from tests.orders.making import pay, place

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.processes]


def test_sixteen_phones_with_one_link_say_one_review(plenty, race, rounds):
    for number in rounds("sixteen reviews of one order"):
        order = pay(place((plenty.variant, 1))[0], world=plenty)
        fulfilling.hand_over(order_id=order.pk, actor=plenty.clerk, at=timezone.now())
        before = versions.number_of(plenty.organization.pk)
        told = {"deed": "review", "token": order.token, "slug": plenty.product.slug}
        one_key = [{**told, "stars": 5, "key": f"{number}"}] * 8
        answers = race(one_key + [{**told, "stars": 1 + one % 5, "key": f"{number}-{one}"} for one in range(8)])
        assert Review.objects.filter(order=order).count() == 1
        assert set(answers) <= {1, 2, 3, 4, 5}
        assert versions.number_of(plenty.organization.pk) > before


def test_one_paper_on_sixteen_screens_is_one_certificate(world, race, rounds):
    for number in rounds("sixteen times the same OCOP decision"):
        told = {"deed": "certify", "product": world.product.pk, "decision": f"{number}/QĐ", "actor": world.treasurer.pk}
        answers = race([{**told, "key": f"{number}-{one // 2}"} for one in range(16)])
        assert Counter(answers) == {4: 2, "DECISION_RECORDED": 14}
        assert OcopCertificate.objects.filter(decision=f"{number}/QĐ").count() == 1


def test_a_face_is_shown_once_or_not_at_all(world, race, rounds):
    member = world.member_an.pk
    for number in rounds("faces shown and withdrawn at once"):
        told = {"member": member, "actor": world.manager.pk}
        race(
            [{"deed": "show_face", **told, "key": f"{number}-{one}"} for one in range(8)]
            + [{"deed": "hide_face", **told}] * 8
        )
        assert Portrait.objects.filter(member=member, withdrawn_at=None).count() <= 1
        assert Portrait.objects.filter(member=member).count() == 8 * number
