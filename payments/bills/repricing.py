"""What a published charge would have been with another reading: at the rate of its run, with the reduction it had."""

from base.money import fee_dong
from payments.bills import charging, tariff
from payments.bills.charging import Reduction
from payments.models import BillLine, Exemption, ExemptShare, FeeRate, Reading


def difference_dong(line: BillLine, *, was: Reading, now: Reading) -> int:
    """How much more (negative: less) the metered charge ``line`` comes to with ``now`` in place of ``was``.

    Needs ``line.bill.run`` and ``line.bill.account``. The run's rate is frozen; so is, as far as the line tells, the
    reduction: what its group has in basis points still counts where it makes the line's own figures, else the line's
    own proportion. A line of 0 đồng tells nothing: then whoever is exempt on the day of the reading is.
    """
    rate = FeeRate.objects.get(run_items__run=line.bill.run_id, run_items__fee_item=line.fee_item_id)
    bp = _reduction_bp(line, was)

    def net_dong(reading: Reading) -> int:
        full = tariff.cost_dong(used=reading.used, price_dong=rate.price_dong, steps=rate.steps)
        if bp is None:
            return full - full * line.reduction_dong // line.full_dong
        return full - fee_dong(gross_dong=full, fee_bp=bp)

    return net_dong(now) - net_dong(was)


def _reduction_bp(line: BillLine, reading: Reading) -> int | None:
    """None: no group makes the line's figures any more."""
    shares = ExemptShare.objects.filter(fee_item=line.fee_item_id).select_related("group")
    if line.full_dong:
        if not line.reduction_dong:
            return 0
        named = shares.filter(group__name=line.reduction_name).first()
        if named and fee_dong(gross_dong=line.full_dong, fee_bp=named.reduction_bp) == line.reduction_dong:
            return named.reduction_bp
        return None
    theirs = Exemption.objects.filter(account=line.bill.account_id)
    live = {one.group_id for one in theirs if charging.is_live(one.since, one.until, on=reading.read_on)}
    return charging.largest(Reduction(one.reduction_bp, one.group.name) for one in shares if one.group_id in live).bp
