"""Forms for packing: what the scales say, how many labels, what a label says."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.labelling import MOST_LETTERS
from catalog.measures import shown_quantity
from catalog.models import Product
from catalog.typed_quantities import quantity_from_text
from orders.models import Order
from storefront.forms.desk import DeskForm, DigitsField
from storefront.new_goods import Counted
from storefront.packing_papers import MOST_LABELS


class WeighForm(DeskForm):
    """One field for each line of the order that is sold by weight."""

    def __init__(self, *args: Any, order: Order, **more: Any) -> None:
        super().__init__(*args, auto_id=f"weigh-{order.pk}-%s", **more)
        self.order = order
        self.lines = [line for line in order.lines.all() if line.variant.sold_by == line.variant.SoldBy.WEIGHT]
        for line in self.lines:
            self.fields[f"line_{line.pk}"] = forms.CharField(
                label=f"{line.product_name}, {line.variant_name}", max_length=20,
                help_text=_("Đặt %(ordered)s. Ghi số cân thật: 1,85 kg hoặc 1850 g.")
                % {"ordered": shown_quantity(line.variant, line.quantity)},
                error_messages={"required": _("Hãy cân rồi ghi số.")},
                widget=forms.TextInput({"autocomplete": "off", "size": "10"}),
            )  # fmt: skip

    @property
    def grams(self) -> dict[int, int]:
        """By line, once valid. Raises BadQuantity."""
        counted = Counted(sold_by="weight", unit_name="kg")
        return {line.pk: quantity_from_text(self.cleaned_data[f"line_{line.pk}"], sold=counted) for line in self.lines}


class LabelForm(DeskForm):
    """What the labels of one product say beside its name, weight and days."""

    storage = forms.CharField(
        label=_("Cách bảo quản"), required=False, max_length=MOST_LETTERS,
        help_text=_("Ví dụ: nơi khô ráo; mở túi thì cất tủ lạnh."),
    )  # fmt: skip
    allergens = forms.CharField(
        label=_("Ai không nên ăn"), required=False, max_length=MOST_LETTERS, help_text=_("Ví dụ: có cá, có lạc.")
    )

    def __init__(self, *args: Any, product: Product, **more: Any) -> None:
        super().__init__(*args, initial={"storage": product.storage, "allergens": product.allergens}, **more)
        self.variants = list(product.variants.all())
        for variant in self.variants:
            self.fields[f"gtin_{variant.pk}"] = forms.CharField(
                label=_("Mã vạch của %(name)s") % {"name": variant.name}, required=False, max_length=20,
                initial=variant.gtin, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
            )  # fmt: skip

    @property
    def gtins(self) -> dict[int, str]:
        return {variant.pk: self.cleaned_data[f"gtin_{variant.pk}"] for variant in self.variants}


class LabelCountForm(forms.Form):
    """How many labels of one lot, and on which paper."""

    times = DigitsField(
        label=_("Bao nhiêu nhãn"), min_value=1, max_value=MOST_LABELS,
        error_messages={"invalid": _("Ghi bằng chữ số."), "required": _("Hãy ghi số nhãn cần in.")},
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    size = forms.ChoiceField(label=_("Cỡ giấy"), choices=[("a6", _("A6 (tờ)")), ("58", _("58 mm (cuộn)"))])
