"""Forms for what stands beside goods and makers: seasons, OCOP stars, faces."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from catalog import certifying, portraits
from storefront.forms.desk import REQUIRED, DayField, DeskForm
from storefront.forms.desk_goods import PHOTO

_CHOOSE = {"invalid_choice": _("Hãy chọn một tháng trong danh sách.")}


def _months() -> list[tuple[str, str]]:
    """In the language of who asks."""
    named = ((str(month), gettext("tháng %(month)s") % {"month": month}) for month in range(1, 13))
    return [("", gettext("quanh năm")), *named]


class SeasonForm(DeskForm):
    """Both months or none."""

    first_month = forms.TypedChoiceField(
        label=_("Từ tháng"), choices=_months, required=False, coerce=int, empty_value=None, error_messages=_CHOOSE
    )
    last_month = forms.TypedChoiceField(
        label=_("Đến hết tháng"), choices=_months, required=False, coerce=int, empty_value=None, error_messages=_CHOOSE,
        help_text=_("Mùa qua Tết thì tháng cuối nhỏ hơn tháng đầu, ví dụ từ tháng 11 đến tháng 2."),
    )  # fmt: skip


class CertificateForm(DeskForm):
    """As it stands on the paper."""

    stars = forms.ChoiceField(
        label=_("Mấy sao"), choices=[("3", _("3 sao")), ("4", _("4 sao")), ("5", _("5 sao"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Hãy chọn số sao."), "invalid_choice": _("OCOP chỉ có 3, 4 hoặc 5 sao.")},
    )  # fmt: skip
    decision = forms.CharField(
        label=_("Số quyết định"), max_length=certifying.DECISION_LETTERS, help_text=_("Ví dụ: 1234/QĐ-UBND."),
        error_messages={"required": REQUIRED}, widget=forms.TextInput({"autocomplete": "off"}),
    )  # fmt: skip
    issuer = forms.CharField(
        label=_("Cơ quan cấp"), max_length=certifying.ISSUER_LETTERS, help_text=_("Ví dụ: UBND tỉnh Ninh Bình."),
        error_messages={"required": REQUIRED},
    )  # fmt: skip
    issued_on = DayField(label=_("Ngày cấp"))
    expires_on = DayField(
        label=_("Ngày hết hạn"), help_text=_("Giấy OCOP thường có hạn 36 tháng. Đúng ngày này sao tự mất.")
    )


class PortraitForm(DeskForm):
    """A picture, and the consent it stands on."""

    photo = forms.FileField(
        label=_("Ảnh chân dung"), help_text=_("Chụp ngang vai, ở chỗ sáng. Ảnh được cắt vuông ở giữa."),
        error_messages={"required": _("Hãy chọn ảnh."), "empty": _("Tệp ảnh rỗng. Hãy chọn lại.")},
        widget=forms.FileInput(PHOTO),
    )  # fmt: skip
    agreed = forms.BooleanField(
        label=_("Người trong ảnh đã nghe đọc lời này và đồng ý"),
        error_messages={"required": _("Chưa có lời đồng ý thì không đưa ảnh lên.")},
    )
    consented_on = DayField(label=_("Ngày đồng ý"))
    witness = forms.CharField(
        label=_("Người làm chứng"), required=False, max_length=portraits.WITNESS_LETTERS,
        help_text=_("Nên có, khi người trong ảnh không tự bấm."),
    )  # fmt: skip
    wording = forms.CharField(widget=forms.HiddenInput, max_length=20)

    @property
    def wording_now(self) -> str:
        """For the hidden field: after a refusal it is the text that the page shows then, not the one sent before."""
        return portraits.WORDING
