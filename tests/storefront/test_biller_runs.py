"""A round of billing at the desk: drawn up, checked, published by a button that says what it does, taken back."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from base.periods import month_of, vietnam_day
from payments.models import Bill, BillRun, FeeRate, PaymentRequest
from tests import billers
from tests.payments.bills.incoming import comes_to
from tests.storefront.desk_walk import body, key_in, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def thu(school):
    return signed_in(school.manager)


def typed(school, **more):
    today = vietnam_day(timezone.now())
    return {
        "name": "Đợt mới", "month": month_of(today), "due_on": f"{today + timedelta(days=10):%Y-%m-%d}",
        f"item_{school.meals.pk}": "on", f"count_{school.meals.pk}": "20", f"item_{school.boarding.pk}": "on",
        "carries_arrears": "on", "note": "", "key": "k1", **more,
    }  # fmt: skip


def draft(school, client, **more) -> BillRun:
    answer = client.post("/biller/runs/new/", typed(school, **more))
    assert answer.status_code == 303, body(answer)
    return BillRun.objects.latest("pk")


def publish_form(client, run) -> dict[str, str]:
    page = body(client.get(f"/biller/runs/{run.pk}/"))
    form = page[page.index(f"/biller/runs/{run.pk}/publish/") :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("</form>")]))


def test_a_new_biller_is_told_what_to_do_first(school, thu):
    school.run.delete()
    assert "Mở đợt thu đầu tiên" in body(thu.get("/biller/runs/"))
    FeeRate.objects.all().delete()
    school.organization.fee_items.all().delete()
    assert "Thêm mục thu trước" in body(thu.get("/biller/runs/"))
    assert "Chưa có mục thu nào" in body(thu.get("/biller/runs/new/"))


def test_a_draft_starts_with_what_the_run_before_billed(school, thu):
    school.run.items.create(fee_item=school.meals, quantity=22)
    page = body(thu.get("/biller/runs/new/"))
    assert re.search(rf'name="item_{school.meals.pk}"[^>]* checked', page)
    assert not re.search(rf'name="item_{school.boarding.pk}"[^>]* checked', page)
    assert 'value="22"' in page


def test_drawn_up_checked_and_published(school, thu):
    run = draft(school, thu)
    assert (run.state, run.items.count()) == ("draft", 2)
    assert not Bill.objects.filter(run=run).exists()
    page = body(thu.get(f"/biller/runs/{run.pk}/"))
    assert "Phát hành 2 khoản: 1.300.000\u00a0₫" in page  # 2 × (20 × 25,000 + 150,000)
    assert page.index(">1B<") < page.index(">3A<")
    form = publish_form(thu, run)
    for _tap in range(2):
        assert thu.post(f"/biller/runs/{run.pk}/publish/", form).status_code == 303
    assert Bill.objects.filter(run=run).count() == 2
    assert PaymentRequest.objects.filter(bill__run=run, asked_dong=650_000).count() == 2
    page = body(thu.get(f"/biller/runs/{run.pk}/"))
    assert f"/biller/runs/{run.pk}/slips.pdf" in page
    assert "Hủy 2 khoản của đợt này" in page


def test_what_changed_since_the_button_was_drawn_is_shown_before_anything_goes_out(school, thu):
    run = draft(school, thu)
    form = publish_form(thu, run)
    billers.billing_account(school.organization, "Bạn mới", section="3A")
    answer = thu.post(f"/biller/runs/{run.pk}/publish/", form)
    assert answer.status_code == 303
    assert "tổng đã khác" in body(thu.get(answer.url))
    run.refresh_from_db()
    assert run.state == "draft"
    assert thu.post(f"/biller/runs/{run.pk}/publish/", publish_form(thu, run)).status_code == 303
    assert Bill.objects.filter(run=run).count() == 3


def test_what_hinders_is_named_with_the_way_to_mend_it(school, thu):
    run = draft(school, thu)
    FeeRate.objects.filter(fee_item=school.meals).update(legal_basis="")
    page = body(thu.get(f"/biller/runs/{run.pk}/"))
    assert "chưa ghi căn cứ" in page
    assert f"/biller/fees/{school.meals.pk}/#rate" in page
    assert "Phát hành 2 khoản" not in page
    answer = thu.post(f"/biller/runs/{run.pk}/publish/", {"bills": "2", "dong": "1300000", "key": "k"})
    assert answer.status_code == 422
    assert "chưa ghi căn cứ" in body(answer)
    assert not Bill.objects.filter(run=run).exists()


def test_a_meter_that_was_not_read_can_be_left_out(school, thu):
    water = billers.fee_item(school.organization, "Nước", price_dong=6_000, measure="metered", unit_name="m³")
    billers.billing_account(school.organization, "Nhà ông Tư", kind="meter", section="Thôn 2")
    run = draft(school, thu, **{f"item_{water.pk}": "on"})
    page = body(thu.get(f"/biller/runs/{run.pk}/"))
    assert "?leave_out=1" in page
    assert "Nhà ông Tư" in page
    page = body(thu.get(f"/biller/runs/{run.pk}/?leave_out=1"))
    assert "Đang để lại những đồng hồ chưa đọc" in page
    assert 'name="leave_out" value="1"' in page


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name": ""}, "Hãy đặt tên"), ({"due_on": "2020-01-01"}, "Hạn nộp đã qua"),
        ({"month": "2020-01"}, "chọn một tháng"),
        ({"sections": ["9Z"]}, "Hãy chọn trong danh sách"), ({"name": "Tháng 3/2026"}, "Đã có đợt thu mang tên này"),
    ],
)  # fmt: skip
def test_a_draft_that_cannot_be_is_refused_beside_its_field(school, thu, more, said):
    answer = thu.post("/biller/runs/new/", typed(school, **more))
    assert answer.status_code == 422
    assert said in body(answer)
    assert BillRun.objects.count() == 1


def test_a_draft_says_whose_count_is_his_own_and_where_to_take_counts_in(school, thu):
    run = draft(school, thu)
    page = body(thu.get(f"/biller/runs/{run.pk}/"))
    assert "Ai cũng tính cùng một số lượng" in page
    assert 'href="/biller/import/"' in page
    run.counts.create(account=school.older, fee_item=school.meals, quantity=3)
    page = body(thu.get(f"/biller/runs/{run.pk}/"))
    assert "1 người có số lượng riêng" in page
    assert "Phát hành 2 khoản: 875.000\u00a0₫" in page  # 3 × 25,000 + 20 × 25,000 + 2 × 150,000


def test_without_any_item_nothing_is_drawn_up(school, thu):
    bare = {name: value for name, value in typed(school).items() if not name.startswith("item_")}
    answer = thu.post("/biller/runs/new/", bare)
    assert answer.status_code == 422
    assert "ít nhất một mục" in body(answer)


def test_a_draft_is_changed_and_dropped(school, thu):
    run = draft(school, thu)
    shown = thu.get(f"/biller/runs/{run.pk}/change/")
    answer = thu.post(
        f"/biller/runs/{run.pk}/change/", typed(school, sections=["1B"], name="Chỉ 1B", key=key_in(shown))
    )
    assert answer.status_code == 303
    run.refresh_from_db()
    assert (run.name, run.sections) == ("Chỉ 1B", ["1B"])
    assert "Phát hành 1 khoản" in body(thu.get(f"/biller/runs/{run.pk}/"))
    assert thu.post(f"/biller/runs/{run.pk}/drop/").status_code == 303
    assert not BillRun.objects.filter(pk=run.pk).exists()


def test_a_published_run_is_taken_back_until_somebody_paid(school, thu):
    run = draft(school, thu)
    thu.post(f"/biller/runs/{run.pk}/publish/", publish_form(thu, run))
    assert thu.post(f"/biller/runs/{run.pk}/cancel/", {"reason": "", "key": "k"}).status_code == 422
    assert thu.post(f"/biller/runs/{run.pk}/cancel/", {"reason": "nhầm tháng", "key": "k"}).status_code == 303
    assert "nhầm tháng" in body(thu.get(f"/biller/runs/{run.pk}/"))
    again = draft(school, thu, name="Đợt lại", key="k2")
    thu.post(f"/biller/runs/{again.pk}/publish/", publish_form(thu, again))
    comes_to(school)(PaymentRequest.objects.filter(bill__run=again).first().code, 1_000)
    answer = thu.post(f"/biller/runs/{again.pk}/cancel/", {"reason": "nhầm", "key": "k"})
    assert answer.status_code == 422
    assert "Đã có người trả tiền" in body(answer)


def test_a_clerk_looks_and_does_not_publish(school, thu):
    run = draft(school, thu)
    tam = signed_in(school.clerk)
    page = body(tam.get(f"/biller/runs/{run.pk}/"))
    assert "publish/" not in page
    for door in ("publish", "cancel", "drop", "change"):
        assert tam.post(f"/biller/runs/{run.pk}/{door}/", {"key": "k"}).status_code == 404
    assert tam.get("/biller/runs/new/").status_code == 404


def test_a_run_of_another_biller_is_not_found(school, thu, world):
    strange = billers.bill_run(world.organization, world.bank_account)
    assert thu.get(f"/biller/runs/{strange.pk}/").status_code == 404
    assert thu.post(f"/biller/runs/{strange.pk}/cancel/", {"reason": "x", "key": "k"}).status_code == 404
