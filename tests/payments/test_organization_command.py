"""``organization create``: everything a first real organization needs, or nothing at all."""

import json
import subprocess
import sys

import pytest
from django.core.management import call_command

from base.command_line import Unusable
from base.refusals import Refused
from catalog.models import CategoryFee
from cooperatives.demo_mode import demo_is_on
from cooperatives.models import Organization, RoleGrant, User
from orders.models import PickupPoint
from payments.models import Feed, OpeningBalance
from tests.house.tree import ROOT

FLAGS = {
    "name": "Hợp tác xã Yên Mô", "slug": "htx-yen-mo", "phone": "0229 3 123 456", "address": "Xóm Trung",
    "commune": "Yên Mô", "province": "Ninh Bình", "manager_name": "Đỗ Thị Mai", "manager_phone": "0912 000 777",
    "manager_password": "phiên chợ mồng hai", "bank_bin": "vietcombank", "account": "0011 0001 23456",
    "holder": "Htx Nông sản Yên Mô", "opening_dong": "3.250.000", "fee_percent": "7,2", "sepay_key": "mot-khoa-bi-mat",
}  # fmt: skip


def create(capsys, **changed):
    call_command("organization", "create", **{**FLAGS, **changed})
    return json.loads(capsys.readouterr().out)


def test_it_opens_with_all_it_needs(db, capsys, settings):
    settings.DEMO, settings.SITE_URL = None, "https://cho.example"
    answer = create(capsys)
    organization = Organization.objects.get(slug="htx-yen-mo")
    account = organization.bank_accounts.get()
    assert (account.bin, account.bank_name, account.number) == ("970436", "Vietcombank", "0011000123456")
    assert account.holder == "HTX NONG SAN YEN MO"
    assert OpeningBalance.objects.get(bank_account=account).amount_dong == 3_250_000
    assert set(CategoryFee.objects.values_list("fee_bp", flat=True)) == {720}
    assert PickupPoint.objects.filter(organization=organization).exists()
    assert answer["hook"] == f"https://cho.example/hooks/sepay/{Feed.objects.get().token}/"
    assert answer["next"] == "https://cho.example/desk/bank/"
    roles = RoleGrant.objects.filter(user__phone="+84912000777").values_list("role", flat=True)
    assert {"manager", "treasurer"} <= set(roles)
    assert not demo_is_on()


def test_a_school_bills_and_sells_nothing(db, capsys):
    answer = create(capsys, kind="school", fee_percent=None, slug="tieu-hoc-yen-mo")
    school = Organization.objects.get(slug="tieu-hoc-yen-mo")
    assert (school.kind, school.sells, school.bills, school.bills_for) == ("school", False, True, "school")
    assert not CategoryFee.objects.exists()
    assert answer["next"].endswith("/biller/")


def test_a_cooperative_may_bill_for_water_too(db, capsys):
    create(capsys, bills_for="water")
    cooperative = Organization.objects.get(slug="htx-yen-mo")
    assert (cooperative.sells, cooperative.bills, cooperative.bills_for) == (True, True, "water")


@pytest.mark.parametrize(
    "changed",
    [
        {"bank_bin": "ngân hàng làng"}, {"opening_dong": "nhiều"}, {"fee_percent": "90"}, {"fee_percent": "7,225"},
        {"manager_phone": "không có"}, {"manager_password": "ngắn"}, {"slug": "ý đẹp!"}, {"account": "00-11"},
        {"sepay_key": "ngắn"}, {"name": ""},
    ],
)  # fmt: skip
def test_whatever_is_wrong_nothing_is_left_behind(db, changed):
    with pytest.raises((Unusable, Refused)):
        call_command("organization", "create", **{**FLAGS, **changed})
    assert not Organization.objects.exists()
    assert not User.objects.exists()
    assert not CategoryFee.objects.exists()


def test_the_demo_ends(world, capsys):
    Organization.objects.update(is_demo=True)
    create(capsys, account="9704229999")
    assert not Organization.objects.filter(is_demo=True, is_open=True).exists()
    world.treasurer.refresh_from_db()
    assert not world.treasurer.is_active
    assert User.objects.get(phone="+84912000777").is_active


def test_without_a_terminal_a_missing_answer_is_named():
    asked = [sys.executable, "manage.py", "organization", "create", "--name", "HTX"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    assert done.returncode == 2
    answer = json.loads(done.stdout)
    assert answer["error"] == "MISSING_ANSWER"
    assert "--slug" in answer["message"]
