"""“Còn hàng?”: a member is asked about goods of hers that somebody has just ordered. No order waits for the answer.

She is asked where all that is left is hers and nobody at the cooperative has taken it in on a promised day. Four hours
of silence make a call for a helper, a day makes something to decide. The four hours count between 7:00 and 21:00 only:
nobody's phone rings at night; the day is a plain one, but never ends at night. “Less” and “no” take off the shelf what
nobody has ordered yet; what orders wait for is missing (catalog/missing.py) until somebody sees to it.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from base.periods import VIETNAM_OFFSET, vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from catalog import promising_lots
from catalog.measures import checked_measures, shown_quantity
from catalog.models import Lot, Variant
from cooperatives import outbox
from cooperatives.models import Member, Message, Organization, User
from cooperatives.permissions import require
from orders.buyers import one_line
from orders.models import Order, StockQuestion

Answer = StockQuestion.Answer
CALL_AFTER = timedelta(hours=4)
DECIDE_AFTER = timedelta(hours=24)
DAY_BEGINS, DAY_ENDS = time(7), time(21)
ASKED_AGAIN_AFTER = timedelta(hours=24)
LOOKS_BACK = timedelta(hours=24)
"""A worker that slept longer asks no more: the goods are packed or the buyer was told."""
NOTE_LETTERS = 200


class AnsweredAlready(Refused):
    """Somebody has answered, and otherwise."""

    code = "ANSWERED_ALREADY"
    sentence = _("Câu hỏi này đã có câu trả lời: %(answer)s. Nếu khác, hãy gọi hợp tác xã.")


class HowMuchIsLeft(Refused):
    """“Less” without a number, or with more than is on the shelf."""

    code = "HOW_MUCH_IS_LEFT"
    sentence = _("Hãy ghi còn bao nhiêu.")


def ask_new(*, at: datetime, most: int = 200) -> int:
    """Ask about goods ordered since the last round; returns how many questions. The worker's errand.

    A member with an open question about the same goods, or an answer of the last day, is left alone.
    """
    recent = Order.objects.filter(state=Order.State.PLACED, placed_at__gt=at - LOOKS_BACK, placed_at__lte=at)
    ordered = recent.values_list("lines__variant_id", flat=True).distinct()
    quiet = Q(answer="") | Q(answered_at__gt=at - ASKED_AGAIN_AFTER) | Q(asked_at__gt=at - ASKED_AGAIN_AFTER)
    asked = StockQuestion.objects.filter(quiet, variant__in=ordered).values("variant")
    wanted = Variant.objects.filter(pk__in=ordered).exclude(pk__in=asked).order_by("pk")[:most]
    owners = whose_alone([variant.pk for variant in wanted])
    variants = Variant.objects.filter(pk__in=owners).select_related("product__organization")
    return sum(_ask(variant, owners[variant.pk], at=at) for variant in variants)


def whose_alone(variant_ids: Iterable[int]) -> dict[int, Member]:
    """Variants of which everything that is left is one member's, in lots that were not taken in on a promised day."""
    lots = Lot.objects.filter(variant__in=list(variant_ids), left__gt=0).select_related("member__user")
    owners: dict[int, set[Member | None]] = {}
    for lot in lots:
        owners.setdefault(lot.variant_id, set()).add(lot.member if lot.brought_at is None else None)
    return {
        variant_id: owner
        for variant_id, of_it in owners.items()
        if len(of_it) == 1 and (owner := next(iter(of_it))) is not None and owner.left_on is None
    }


def calls_from(asked_at: datetime) -> datetime:
    """Four hours of daytime later."""
    left, start = CALL_AFTER, _in_daytime(asked_at)
    evening = _on_the_clock(start, DAY_ENDS)
    if start + left <= evening:
        return start + left
    return _on_the_clock(start + timedelta(days=1), DAY_BEGINS) + (left - (evening - start))


def decides_from(asked_at: datetime) -> datetime:
    """A day later, or the morning after that."""
    return _in_daytime(asked_at + DECIDE_AFTER)


@again_when_locked_out
def answer(
    *, question_id: int, answer: str, left: int | None = None, note: str = "", actor: User, at: datetime
) -> StockQuestion:
    """What is there: “yes”, “less” with the measures that are ``left``, “no”; by herself, or by staff who called her.

    “decided”: somebody of the cooperative takes it on herself that the goods are there, or will be seen to; for a
    manager or the treasurer. The same answer again changes nothing. Opens its own transaction; locks the question, then
    the variant, its lots, the shop's version. Raises NotFound (a stranger too), HowMuchIsLeft, BadQuantity,
    AnsweredAlready.
    """
    chosen = Answer(answer)
    left = {Answer.NO: 0, Answer.LESS: left}.get(chosen)
    if chosen == Answer.LESS and left is None:
        raise HowMuchIsLeft(field="left")
    if left is not None:
        checked_measures(left, least=0, field="left")
    with transaction.atomic():
        rows = StockQuestion.objects.select_for_update(of=("self",), no_key=True)
        question = rows.select_related("member__organization", "variant__product").filter(pk=question_id).first()
        if question is None:
            raise NotFound()
        if chosen == Answer.DECIDED or question.member.user_id != actor.pk:
            deed = "cancel_orders" if chosen == Answer.DECIDED else "confirm_orders"
            require(actor, deed, organization=question.member.organization, on=vietnam_day(at))
        if question.answer:
            if (question.answer, question.left) == (chosen, left):
                return question
            raise AnsweredAlready(answer=question.get_answer_display())
        if left is not None:
            promising_lots.lower(variant_id=question.variant_id, member_id=question.member_id, there=left)
        question.answer, question.left, question.note = chosen, left, one_line(note)[:NOTE_LETTERS]
        question.answered_at, question.answered_by = at, actor
        question.save(update_fields=["answer", "left", "note", "answered_at", "answered_by"])
    return question


def to_call(organization: Organization, *, at: datetime) -> list[StockQuestion]:
    """Those whose silence is a call to make by now, the longest silence first; those to decide are among them."""
    rows = StockQuestion.objects.open().filter(member__organization=organization, call_from__lte=at)
    return list(rows.select_related("member__user", "variant__product").order_by("asked_at", "pk"))


def unanswered(organization: Organization) -> QuerySet[StockQuestion]:
    """Those to call, and after them those for which it is too early: whoever was asked earlier is called earlier."""
    rows = StockQuestion.objects.open().filter(member__organization=organization)
    return rows.select_related("member__user", "variant__product").order_by("asked_at", "pk")


def place_of(question: StockQuestion) -> int:
    """How many stand before it in ``unanswered``."""
    earlier = Q(asked_at__lt=question.asked_at) | Q(asked_at=question.asked_at, pk__lt=question.pk)
    return unanswered(question.member.organization).filter(earlier).count()


def of_member(member: Member) -> list[StockQuestion]:
    """What she is asked now."""
    return list(StockQuestion.objects.open().filter(member=member).select_related("variant__product").order_by("pk"))


def _ask(variant: Variant, member: Member, *, at: datetime) -> bool:
    """Whether she is asked; a rival worker may have done it."""
    with transaction.atomic():
        question, is_new = StockQuestion.objects.get_or_create(
            member=member, variant=variant, answer="",
            defaults={"asked_at": at, "call_from": calls_from(at), "decide_from": decides_from(at)},
        )  # fmt: skip
        if is_new:
            outbox.tell(
                organization=variant.product.organization, kind=Message.Kind.STOCK_ASKED, name=member.user.name,
                phone=member.user.phone or "", text=_text(variant, member), about=f"stock:{question.pk}", at=at,
            )  # fmt: skip
    return is_new


def _text(variant: Variant, member: Member) -> str:
    lots = Lot.objects.filter(variant=variant, member=member).values_list("left", "missing")
    with translation.override("vi"):
        return _now("%(shop)s: có người đặt “%(goods)s”. %(name)s còn %(left)s không? Bấm trả lời: %(link)s") % {
            "shop": variant.product.organization.name, "goods": variant, "name": member.user.name,
            "left": shown_quantity(variant, sum(left - gone for left, gone in lots)),
            "link": f"{settings.SITE_URL}/member/",
        }  # fmt: skip


def _in_daytime(at: datetime) -> datetime:
    """The moment itself, or the next 7:00 where it lies in the night."""
    local = at.astimezone(VIETNAM_OFFSET)
    if local.time() < DAY_BEGINS:
        return _on_the_clock(at, DAY_BEGINS)
    return at if local.time() < DAY_ENDS else _on_the_clock(at + timedelta(days=1), DAY_BEGINS)


def _on_the_clock(at: datetime, hour: time) -> datetime:
    """That time of day on the day of ``at``, by the clock of Việt Nam."""
    return datetime.combine(at.astimezone(VIETNAM_OFFSET).date(), hour, tzinfo=VIETNAM_OFFSET)
