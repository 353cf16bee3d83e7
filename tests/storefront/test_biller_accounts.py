"""A biller's list and the page of one account: found, added, changed, ended, joined; and nothing for a stranger."""

from datetime import timedelta

import pytest
from django.utils import timezone

from base.names import section_key, sort_key
from payments.models import Agreement, BillingAccount, ExemptGroup, Exemption, Household, Reading
from tests import billers
from tests.storefront.desk_walk import body, key_in, plain, signed_in

pytestmark = pytest.mark.django_db
DEEDS = ("change", "end", "household", "join", "card", "exempt", "agree")


@pytest.fixture
def nga(school):
    for one in BillingAccount.objects.all():
        one.name_key, one.section_key = sort_key(one.name), section_key(one.section)
        one.save()
    return signed_in(school.treasurer)


def everything():
    return (
        list(BillingAccount.objects.order_by("pk").values()), list(Household.objects.order_by("pk").values()),
        Exemption.objects.count(), Agreement.objects.count(),
    )  # fmt: skip


def test_the_list_goes_by_class_and_given_name(school, nga):
    for name, section in (("Lê Thị Ánh", "3A"), ("Trần Ái", "3A"), ("Vũ Bích", "10A")):
        made = billers.billing_account(school.organization, name, section=section)
        BillingAccount.objects.filter(pk=made.pk).update(name_key=sort_key(name), section_key=section_key(section))
    page = body(nga.get("/biller/accounts/"))
    names = ["Nguyễn Thị Bình", "Trần Ái", "Nguyễn Văn An", "Lê Thị Ánh", "Vũ Bích"]
    assert [page.index(f"<strong>{name}") for name in names] == sorted(page.index(f"<strong>{name}") for name in names)
    assert "+84987654321" not in page
    assert "0987" not in page  # a list shows no phones


@pytest.mark.parametrize("text", ["văn an", "van an", "VAN AN", "Văn An", "hanh", "0987 654 321", "4321"])
def test_somebody_is_found_with_or_without_accents_by_number_parent_or_phone(school, nga, text):
    page = body(nga.get("/biller/accounts/", {"q": text}))
    assert "Nguyễn Văn An" in page


def test_what_nobody_is_called_is_said(school, nga):
    assert "Không có ai như vậy" in body(nga.get("/biller/accounts/", {"q": "không ai"}))
    assert nga.get("/biller/accounts/", {"q": "\x00", "section": "\x00", "page": "x"}).status_code == 200


def test_an_empty_list_says_where_to_begin(school, nga):
    BillingAccount.objects.all().delete()
    assert "Danh sách còn trống" in body(nga.get("/biller/accounts/"))


def test_a_page_costs_as_many_queries_with_many_as_with_few(school, nga, django_assert_max_num_queries):
    nga.get("/biller/accounts/")
    with django_assert_max_num_queries(8) as few:
        nga.get("/biller/accounts/")
    for n in range(6):
        billers.billing_account(school.organization, f"Lê Văn {n}a", section="4D", of=school.household)
    with django_assert_max_num_queries(8) as many:
        nga.get("/biller/accounts/")
    assert len(many) == len(few)


def test_one_is_added_by_hand_and_a_double_tap_adds_it_once(school, nga):
    key = key_in(nga.get("/biller/accounts/new/"))
    typed = {
        "kind": "pupil", "name": "Vũ Thị Dung", "section": "4C", "since": "2026-03-01", "guardian": "Vũ Cha",
        "phone": "0901 234 567", "key": key,
    }  # fmt: skip
    for _tap in range(2):
        answer = nga.post("/biller/accounts/new/", typed)
        assert answer.status_code == 303
    made = BillingAccount.objects.get(name="Vũ Thị Dung")
    assert answer.url == f"/biller/accounts/{made.pk}/"
    page = body(nga.get(answer.url))
    for shown in ("Vũ Cha", "0901 234 567", made.number, "4C"):
        assert shown in page


def test_what_is_wrong_is_said_beside_its_field(school, nga):
    typed = {"kind": "pupil", "name": "Vũ Thị Dung", "since": "2026-03-01", "phone": "123", "key": "k"}
    answer = nga.post("/biller/accounts/new/", typed)
    assert answer.status_code == 422
    assert "Số điện thoại chưa đúng" in body(answer)
    assert "Vũ Thị Dung" in body(answer)


def test_one_page_shows_household_terms_readings_and_bills(school, nga):
    billers.bill(school.run, school.older, [(school.boarding, 150_000)])
    Reading.objects.create(
        account=school.older, month="2026-02", read_on=school.now.date(), old_value=3, new_value=9, used=6,
        recorded_at=school.now,
    )  # fmt: skip
    page = body(nga.get(f"/biller/accounts/{school.older.pk}/"))
    for shown in ("Trần Thị Hạnh", "Nguyễn Thị Bình", "150.000", "02/2026", "Tháng 3/2026"):
        assert shown in page


def test_the_collector_sees_and_changes_nothing(school):
    tam = signed_in(school.clerk)
    page = body(tam.get(f"/biller/accounts/{school.older.pk}/"))
    assert "Sửa tên" not in page
    assert school.household.card_code[:5] not in page
    before = everything()
    for deed in DEEDS:
        assert tam.post(f"/biller/accounts/{school.older.pk}/{deed}/", {"key": "k"}).status_code == 404
    assert tam.get("/biller/accounts/new/").status_code == 404
    assert everything() == before


def test_a_changed_account_an_end_and_back(school, nga):
    where = f"/biller/accounts/{school.older.pk}/"
    typed = {"number": "M1", "name": "Nguyễn Văn Ân", "section": "4A", "since": "2026-01-01", "key": "k"}
    assert nga.post(f"{where}change/", typed).status_code == 303
    assert nga.post(f"{where}change/", {**typed, "number": school.younger.number}).status_code == 422
    yesterday = timezone.localdate() - timedelta(days=1)
    assert nga.post(f"{where}end/", {"on": yesterday.isoformat(), "key": "k"}).status_code == 303
    nga.get("/biller/accounts/")  # what was said of the deed is shown once
    assert "Nguyễn Văn Ân" not in body(nga.get("/biller/accounts/"))
    assert "Nguyễn Văn Ân" in body(nga.get("/biller/accounts/?show=ended"))
    assert nga.post(f"{where}end/", {"back": "1"}).status_code == 303
    school.older.refresh_from_db()
    assert (school.older.until, school.older.number, school.older.section) == (None, "M1", "4A")
    assert nga.post(f"{where}end/", {"on": "1999-01-01", "key": "k"}).status_code == 422


def test_a_household_is_changed_joined_and_gets_a_new_card(school, nga):
    alone = billers.billing_account(school.organization, "Nguyễn Thị Cúc", section="2B")
    where = f"/biller/accounts/{alone.pk}/"
    assert nga.post(f"{where}card/").status_code == 404
    assert nga.post(f"{where}household/", {"name": "Bà Tư", "phone": "0901234567", "key": "k"}).status_code == 303
    alone.refresh_from_db()
    assert alone.household.phone == "+84901234567"
    assert nga.post(f"{where}join/", {"number": "không có", "key": "k"}).status_code == 422
    assert nga.post(f"{where}join/", {"number": school.older.number, "key": "k"}).status_code == 303
    alone.refresh_from_db()
    assert alone.household == school.household
    token = school.household.token
    assert nga.post(f"{where}card/").status_code == 303
    school.household.refresh_from_db()
    assert school.household.token != token


def test_exemptions_and_agreements_are_written_and_ended(school, nga):
    where = f"/biller/accounts/{school.older.pk}/"
    group = ExemptGroup.objects.create(organization=school.organization, name="Hộ nghèo")
    club = billers.fee_item(school.organization, "Câu lạc bộ vẽ", price_dong=50_000, compulsory=False)
    today = timezone.localdate().isoformat()
    assert nga.post(f"{where}exempt/", {"group_id": group.pk, "since": "2026-01-01", "key": "a"}).status_code == 303
    assert nga.post(f"{where}exempt/", {"group_id": group.pk, "since": "2026-02-01", "key": "b"}).status_code == 422
    assert nga.post(f"{where}agree/", {"fee_item_id": club.pk, "since": "2026-01-01", "key": "c"}).status_code == 303
    assert nga.post(f"{where}agree/", {"fee_item_id": school.meals.pk, "since": today, "key": "d"}).status_code == 422
    page = body(nga.get(where))
    assert "Hộ nghèo" in page
    assert "Câu lạc bộ vẽ" in page
    for kind, term in (("exemption", Exemption.objects.get()), ("agreement", Agreement.objects.get())):
        assert nga.post(f"{where}{kind}/{term.pk}/end/", {"key": "end"}).status_code == 303
        term.refresh_from_db()
        assert term.until == timezone.localdate()
        assert nga.post(f"{where}{kind}/{term.pk + 100}/end/", {"key": "end"}).status_code == 404
    assert nga.post(f"{where}other/1/end/", {"key": "end"}).status_code == 404


def test_anothers_ids_answer_like_unknown_ones_and_nothing_changed(school, world):
    chi = signed_in(world.other_treasurer)
    world.other_organization.bills = True
    world.other_organization.save()
    before = everything()
    unknown = plain(chi.get("/biller/accounts/999999/"))
    assert plain(chi.get(f"/biller/accounts/{school.older.pk}/")) == unknown
    for deed in DEEDS:
        there = chi.post(f"/biller/accounts/{school.older.pk}/{deed}/", {"key": "k", "name": "X Y"})
        nowhere = chi.post(f"/biller/accounts/999999/{deed}/", {"key": "k", "name": "X Y"})
        assert (there.status_code, plain(there)) == (404, plain(nowhere))
    assert everything() == before
    assert "Nguyễn Văn An" not in body(chi.get("/biller/accounts/"))
