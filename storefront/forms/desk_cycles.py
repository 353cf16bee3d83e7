"""Market days, pickup points, rests and promised goods as they are typed: shapes and texts; the verbs decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from base.periods import VIETNAM_OFFSET
from catalog.models import Product
from cooperatives.models import Organization
from orders import pickup
from orders.models import Cycle, CyclePickup, PickupPoint
from orders.setting_cycles import NAME_LETTERS, NOTE_LETTERS, Plan, Stop
from storefront.forms.desk import REQUIRED, DayField, DeskForm, DigitsField, DongField
from storefront.forms.desk_goods import OwnerField


class ClockField(forms.TimeField):
    """A time of day: the phone's own clock, or typed as 7:30."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", forms.TimeInput({"type": "time"}, format="%H:%M"))
        more.setdefault("error_messages", {"invalid": _("Giờ chưa đúng. Ví dụ: 7:30."), "required": REQUIRED})
        super().__init__(**more)


@dataclass(frozen=True, slots=True)
class StopRow:
    """One point in the form: whether the market day stops there, and when."""

    point: PickupPoint
    stops: BoundField
    times: tuple[BoundField, BoundField]


class CycleForm(DeskForm):
    """A market day on one page. Without a name it is called by its day; no goods ticked: everything in the shop."""

    name = forms.CharField(
        label=_("Tên phiên"), required=False, max_length=NAME_LETTERS,
        help_text=_("Ví dụ: Chuyến xe Hà Nội cuối tháng. Để trống thì lấy theo ngày."),
    )  # fmt: skip
    note = forms.CharField(label=_("Lời dặn người mua"), required=False, max_length=NOTE_LETTERS)
    opens_day = DayField(label=_("Mở nhận đơn ngày"))
    opens_time = ClockField(label=_("Mở lúc"))
    closes_day = DayField(label=_("Chốt đơn ngày"))
    closes_time = ClockField(label=_("Chốt lúc"))
    pickup_day = DayField(label=_("Ngày nhận hàng"))
    needs_dong = DongField(
        label=_("Cần ít nhất"), least=0, required=False,
        help_text=_("Tiền hàng phải đủ mức này thì phiên mới họp; không đủ thì trả lại tiền. Để trống: không cần."),
    )  # fmt: skip
    most_dong = DongField(label=_("Nhận nhiều nhất"), least=0, required=False, help_text=_("Để trống: không giới hạn."))
    products = forms.MultipleChoiceField(
        label=_("Hàng của phiên"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Không chọn gì là mọi mặt hàng đang bán."),
        error_messages={"invalid_choice": _("Hãy chọn hàng trong danh sách.")},
    )  # fmt: skip

    def __init__(self, *args: Any, organization: Organization, **more: Any) -> None:
        super().__init__(*args, **more)
        goods = Product.objects.filter(organization=organization, state=Product.State.PUBLISHED).order_by("name", "pk")
        self.fields["products"].choices = [(str(one.pk), one.name) for one in goods]  # type: ignore[attr-defined]
        self._points = list(PickupPoint.objects.filter(organization=organization, is_open=True))
        for point in self._points:
            self.fields[f"stop_{point.pk}"] = forms.BooleanField(label=point.name, required=False)
            self.fields[f"from_{point.pk}"] = ClockField(label=_("Có hàng từ"), required=False)
            self.fields[f"to_{point.pk}"] = ClockField(label=_("đến"), required=False)

    @property
    def stop_rows(self) -> list[StopRow]:
        return [
            StopRow(one, self[f"stop_{one.pk}"], (self[f"from_{one.pk}"], self[f"to_{one.pk}"])) for one in self._points
        ]

    def clean(self) -> dict[str, Any]:
        """A point that is ticked has its times."""
        typed: dict[str, Any] = super().clean() or {}
        for point in self._points:
            for end in ("from", "to"):
                field = f"{end}_{point.pk}"
                if typed.get(f"stop_{point.pk}") and typed.get(field) is None and field not in self.errors:
                    self.add_error(field, REQUIRED)
        return typed

    @property
    def plan(self) -> Plan:
        """Once valid."""
        typed = self.cleaned_data
        day = typed["pickup_day"]
        return Plan(
            name=typed["name"], note=typed["note"], opens_at=_moment(typed["opens_day"], typed["opens_time"]),
            closes_at=_moment(typed["closes_day"], typed["closes_time"]), pickup_day=day,
            needs_dong=typed["needs_dong"] or 0, most_dong=typed["most_dong"] or 0,
            product_ids=[int(one) for one in typed["products"]],
            stops=[
                Stop(one.pk, _moment(day, typed[f"from_{one.pk}"]), _moment(day, typed[f"to_{one.pk}"]))
                for one in self._points
                if typed[f"stop_{one.pk}"]
            ],
        )  # fmt: skip

    @staticmethod
    def known(cycle: Cycle, stops: Sequence[CyclePickup]) -> dict[str, Any]:
        """What stands in the form of a market day that is changed."""
        opens, closes = cycle.opens_at.astimezone(VIETNAM_OFFSET), cycle.closes_at.astimezone(VIETNAM_OFFSET)
        told = {
            "name": cycle.name, "note": cycle.note, "opens_day": opens.date(), "opens_time": opens.time(),
            "closes_day": closes.date(), "closes_time": closes.time(), "pickup_day": cycle.pickup_day,
            "needs_dong": cycle.needs_dong or "", "most_dong": cycle.most_dong or "",
            "products": [str(pk) for pk in cycle.products.values_list("pk", flat=True)],
        }  # fmt: skip
        for stop in stops:
            told |= {
                f"stop_{stop.point_id}": True, f"from_{stop.point_id}": stop.from_at.astimezone(VIETNAM_OFFSET).time(),
                f"to_{stop.point_id}": stop.to_at.astimezone(VIETNAM_OFFSET).time(),
            }  # fmt: skip
        return told


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=VIETNAM_OFFSET)


class WhyForm(DeskForm):
    """Why it goes ahead although it is below its minimum, or why it is dropped."""

    why = forms.CharField(
        label=_("Lý do"), max_length=160, help_text=_("Người mua và bà con đọc được."),
        error_messages={"required": _("Hãy ghi lý do, để sau này ai cũng hiểu.")},
    )  # fmt: skip

    def __init__(self, *args: Any, needed: bool = True, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["why"].required = needed


class PointForm(DeskForm):
    """Where goods are fetched."""

    name = forms.CharField(label=_("Tên điểm"), max_length=pickup.NAME_LETTERS, error_messages={"required": REQUIRED})
    place = forms.CharField(
        label=_("Tìm đến đâu"), max_length=pickup.PLACE_LETTERS, error_messages={"required": REQUIRED},
        help_text=_("Thôn, xóm, mốc dễ thấy: cạnh đình, đối diện trường."),
    )  # fmt: skip
    hours = forms.CharField(
        label=_("Giờ mở"),
        max_length=pickup.HOURS_LETTERS,
        required=False,
        help_text=_("Ví dụ: 7–11 giờ, trừ Chủ nhật."),
    )
    phone = forms.CharField(
        label=_("Gọi ai ở đó"), required=False, help_text=_("Số điện thoại."),
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )  # fmt: skip
    position = DigitsField(
        label=_("Thứ tự"), required=False, initial=0, min_value=0, max_value=1000,
        error_messages={"invalid": _("Ghi một số, ví dụ: 1.")}, help_text=_("Số nhỏ đứng trước."),
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off", "class": "short"}),
    )  # fmt: skip

    @property
    def written(self) -> pickup.Written:
        """Once valid."""
        typed = self.cleaned_data
        return pickup.Written(typed["name"], typed["place"], typed["hours"], typed["phone"], typed["position"] or 0)


class RestForm(DeskForm):
    """Until when nothing is sold."""

    until = DayField(
        label=_("Nghỉ bán đến hết ngày"), required=False,
        help_text=_("Hôm sau tự bán lại. Để trống là bán lại ngay."),
    )  # fmt: skip


class PromiseForm(DeskForm):
    """How much somebody will bring, and when."""

    quantity = forms.CharField(
        label=_("Sẽ mang bao nhiêu"), help_text=_("Ví dụ: 20 gói, 1,5 kg, 500 g."),
        error_messages={"required": _("Hãy ghi số lượng.")}, widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    expected_on = DayField(label=_("Mang đến ngày"))


class OwnersPromiseForm(PromiseForm):
    """The same at the desk: whose goods they are."""

    member = OwnerField()

    def __init__(self, *args: Any, organization: Organization, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["member"].of(organization)  # type: ignore[attr-defined]

    @property
    def member_id(self) -> int | None:
        """Once valid."""
        member = self.cleaned_data["member"]
        return member.pk if member else None


class BroughtForm(DeskForm):
    """What really came."""

    quantity = forms.CharField(
        label=_("Mang đến thật bao nhiêu"), help_text=_("Không mang gì thì ghi 0."),
        error_messages={"required": _("Hãy ghi số lượng.")}, widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    made_on = DayField(label=_("Ngày làm ra"), required=False)
    best_before = DayField(label=_("Hạn dùng"), required=False)


class StockAnswerForm(DeskForm):
    """“Còn hàng?”: yes, less (how much), no; at the desk also “decided”."""

    answer = forms.ChoiceField(
        choices=[("yes", ""), ("less", ""), ("no", ""), ("decided", "")],
        error_messages={"required": REQUIRED, "invalid_choice": REQUIRED},
    )
    left = forms.CharField(label=_("Còn bao nhiêu"), required=False)
    note = forms.CharField(label=_("Ghi thêm"), required=False, max_length=200)
