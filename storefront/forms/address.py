"""Where goods are sent: province, commune in its new or old name, hamlet, landmark. Mixed into the checkout's form.

The commune is typed as text, and its code is read from that: with scripts a list offers names while one types, without
them a button shows the same names to choose from. Whatever was typed stays.
"""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.places import divisions
from base.places.spots import Scheme
from base.text import storable
from orders.addresses import LONGEST_HAMLET, LONGEST_LANDMARK, Address
from orders.models import Order
from orders.reading_addresses import LONGEST_TYPED, Choice, Read, chosen, read

MOST_CHOICES = 12
SCHEMES = [
    ("", gettext_lazy("Không có")),
    (Scheme.VPOSTCODE.value, gettext_lazy("Vpostcode, 12 ký tự")),
    (Scheme.DAP.value, gettext_lazy("Mã trên nền tảng địa chỉ số, 10 số")),
    (Scheme.PLACE_ID.value, gettext_lazy("Mã địa điểm, 12 số")),
]


def provinces() -> list[tuple[str, str]]:
    """All of today's for a select, behind an empty one."""
    return [("", _("Chưa chọn")), *((one.code, one.full_name) for one in divisions.provinces())]


class AddressFields(forms.Form):
    """``commune`` is the chosen one (``Choice.value``) and ``commune_of`` the text that it was chosen for."""

    province = forms.ChoiceField(
        label=gettext_lazy("Tỉnh, thành phố"),
        required=False,
        choices=provinces,
        widget=forms.Select({"autocomplete": "address-level1"}),
    )
    commune_typed = forms.CharField(
        label=gettext_lazy("Xã, phường"),
        help_text=gettext_lazy("Tên mới hay tên cũ đều được, không cần dấu. Dán cả địa chỉ vào đây cũng được."),
        required=False,
        max_length=LONGEST_TYPED,
        widget=forms.TextInput({"autocomplete": "address-level2"}),
    )
    commune = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    commune_of = forms.CharField(required=False, max_length=LONGEST_TYPED, widget=forms.HiddenInput)
    hamlet = forms.CharField(
        label=gettext_lazy("Thôn, xóm (hoặc số nhà, đường)"),
        help_text=gettext_lazy("Ví dụ: xóm 3, thôn Nộn Khê."),
        required=False,
        max_length=LONGEST_HAMLET,
        widget=forms.TextInput({"autocomplete": "address-line1"}),
    )
    landmark = forms.CharField(
        label=gettext_lazy("Ở gần đâu"),
        help_text=gettext_lazy("Ví dụ: cổng xanh, cạnh nhà văn hóa."),
        required=False,
        max_length=LONGEST_LANDMARK,
        widget=forms.TextInput({"autocomplete": "address-line2"}),
    )
    plus_code = forms.CharField(
        label=gettext_lazy("Mã vị trí"),
        help_text=gettext_lazy("Mã Open Location Code, ví dụ 7PG85264+R2."),
        required=False,
        max_length=16,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    address_scheme = forms.ChoiceField(
        label=gettext_lazy("Mã địa chỉ của nhà, nếu có"),
        required=False,
        choices=SCHEMES,
        widget=forms.Select({"autocomplete": "off"}),
    )
    address_code = forms.CharField(
        label=gettext_lazy("Ghi mã"),
        required=False,
        max_length=20,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    communes: Read = Read(())
    """What the typed text may mean; several: one of them is to be chosen."""

    def read_commune(self) -> None:
        """Read the commune that was typed and put what is known of it into the form; call it once the form is bound."""
        typed = self.data.get("commune_typed", "")
        if not typed or len(typed) > LONGEST_TYPED or not storable(typed):
            return
        picked = chosen(self.data.get("commune", "")) if self.data.get("commune_of", "") == typed else None
        province = self.data.get("province", "")
        self.communes = Read((picked,)) if picked else read(typed, province=province)
        one = self.communes.one
        if one is None:
            self.fill(commune="", commune_of=typed)
            return
        found = divisions.commune(one.code)
        assert found is not None
        self.fill(commune=one.value, commune_typed=one.name, commune_of=one.name, province=found.province)
        for name, value in (("hamlet", self.communes.hamlet), ("landmark", self.communes.landmark)):
            if value and not self.data.get(name, "").strip():
                self.fill(**{name: value})

    @property
    def commune_choices(self) -> tuple[Choice, ...]:
        """To choose from; none once there is but one."""
        return self.communes.choices[:MOST_CHOICES] if self.communes.one is None else ()

    @property
    def commune_error(self) -> str:
        """What to say of a commune that was typed and is not settled."""
        if not self.data.get("commune_typed", "").strip() or self.communes.one:
            return ""
        if not self.communes.choices:
            return _("Chưa thấy xã nào như thế. Thử ghi thêm huyện cũ, hoặc chọn tỉnh trước rồi gõ lại.")
        if len(self.communes.choices) > MOST_CHOICES:
            return _("Nhiều nơi có tên như vậy. Ghi thêm huyện cũ hoặc chọn tỉnh cho gọn.")
        return _("Có mấy nơi tên như vậy. Hãy chọn đúng nơi ở dưới.")

    def address_for(self, delivery: str) -> Address | None:
        """What was typed, once valid; nothing of it goes with goods that are fetched."""
        if delivery == Order.Delivery.PICKUP:
            return None
        typed, one = self.cleaned_data, self.communes.one
        return Address(
            commune_code=one.code if one else "", former_code=one.former_code if one else "", hamlet=typed["hamlet"],
            landmark=typed["landmark"], plus_code=typed["plus_code"], scheme=typed["address_scheme"],
            code=typed["address_code"],
        )  # fmt: skip

    def fill(self, **changed: str) -> None:
        """What was typed, with another value in some fields."""
        held: dict[str, Any] = {name: self.data.get(name, "") for name in self.fields}
        self.data = {**held, **changed}
