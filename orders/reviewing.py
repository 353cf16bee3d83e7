"""What buyers say of goods that reached them. Only who holds the link of an order that was accepted may speak.

One review for a product and order: said again within 30 days it is changed, not doubled. The cooperative may answer;
hiding takes a text away, with a reason that everybody reads, and never its stars:
docs/decisions/0022-hiding-a-review-hides-no-star.md.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import storable
from catalog import versions
from cooperatives.doing_once import done_once
from cooperatives.models import User
from cooperatives.permissions import require
from orders.buyers import one_line
from orders.models import Order, OrderLine, Review

MOST_STARS = 5
TEXT_LETTERS = 1000
NAME_LETTERS = 40
REASON_LETTERS = 200
CHANGEABLE = timedelta(days=30)


class NotHandedOver(Refused):
    """The goods have not reached the buyer (yet)."""

    code = "NOT_HANDED_OVER"
    sentence = _("Nhận hàng rồi mới nhận xét được. Đơn %(number)s chưa giao.")


class StarsMissing(Refused):
    """No whole number from one to five."""

    code = "STARS_MISSING"
    sentence = _("Hãy chọn từ 1 đến 5 sao.")


class TextTooLong(Refused):
    """A text or a name longer than its place."""

    code = "TEXT_TOO_LONG"
    sentence = _("Dài quá %(most)s chữ. Hãy viết ngắn lại.")


class TooLateToChange(Refused):
    """Said more than 30 days ago: it stands."""

    code = "TOO_LATE_TO_CHANGE"
    sentence = _("Nhận xét này đã viết quá %(days)s ngày nên giữ nguyên. Có việc cần, hãy gọi hợp tác xã.")


class NothingSaid(Refused):
    """An empty answer, or hiding without saying why."""

    code = "NOTHING_SAID"
    sentence = _("Hãy viết vài lời.")


@again_when_locked_out
def review(
    *, token: str, product_slug: str, stars: int, text: str, shown_name: str, key: str | None = None, at: datetime
) -> Review:
    """Say, or say anew, what the goods of one order were like; ``token`` is the order's own.

    ``shown_name``: as the buyer wants to be called in public, or nothing. A hidden review that is changed stays hidden.
    The same ``key`` returns the same review; the same words once more change nothing. Opens its own transaction; locks
    the done-once row (when ``key`` is given), the order. Raises NotFound (no such order, or not of these goods),
    NotHandedOver, StarsMissing, TextTooLong, TooLateToChange, KeyReused, BadKey.
    """
    with transaction.atomic():
        seen = Order.objects.filter(token=token).first() if storable(token) else None
        if seen is None or not storable(product_slug):
            raise NotFound()
        bought = OrderLine.objects.filter(order=seen, variant__product__slug=product_slug)
        product_id = bought.values_list("variant__product", flat=True).first()
        if product_id is None:
            raise NotFound()

        def write() -> str:
            order = Order.objects.locked(seen.pk)  # two phones with the link speak one after the other
            if not order.is_accepted:
                raise NotHandedOver(number=order.number)
            if type(stars) is not int or not 1 <= stars <= MOST_STARS:
                raise StarsMissing(field="stars")
            said = {
                "stars": stars,
                "text": _paragraphs(text, most=TEXT_LETTERS, field="text"),
                "shown_name": _line(shown_name, most=NAME_LETTERS, field="shown_name"),
            }
            standing = Review.objects.filter(order=order, product_id=product_id).first()
            if standing is None:
                standing = Review.objects.create(order=order, product_id=product_id, written_at=at, **said)
            elif any(getattr(standing, name) != value for name, value in said.items()):
                if at - standing.written_at > CHANGEABLE:
                    raise TooLateToChange(days=CHANGEABLE.days)
                Review.objects.filter(pk=standing.pk).update(changed_at=at, **said)
            versions.moved([order.organization_id])
            return f"review:{standing.pk}"

        meaning = {"order": seen.pk, "product": product_id, "stars": stars, "text": text, "name": shown_name}
        if key is None:
            result = write()
        else:
            result, _replayed = done_once(verb="review", actor=None, key=key, meaning=meaning, at=at, do=write)
        return _whole(int(result.removeprefix("review:")))


def reply(*, review_id: int, text: str, actor: User, key: str | None = None, at: datetime) -> Review:
    """The cooperative's answer, under the text; a later one replaces it.

    Opens its own transaction; locks the done-once row (when ``key`` is given), the review. Raises NotFound (a stranger
    too), NothingSaid, TextTooLong, KeyReused, BadKey.
    """

    def answer(found: Review) -> None:
        said = _paragraphs(text, most=TEXT_LETTERS, field="text")
        if not said:
            raise NothingSaid(field="text")
        if said != found.reply:
            found.reply, found.replied_by, found.replied_at = said, actor, at
            found.save(update_fields=["reply", "replied_by", "replied_at"])

    meaning = {"review": review_id, "text": text}
    return _once("review_reply", answer, "answer_reviews", review_id, meaning=meaning, actor=actor, key=key, at=at)


def hide(*, review_id: int, reason: str, actor: User, key: str | None = None, at: datetime) -> Review:
    """Take the text from the page. The page says that one was hidden, and why; its stars still count.

    Hiding what is hidden changes nothing. Opens its own transaction; locks as ``reply``. Raises NotFound (a stranger
    too), NothingSaid, TextTooLong, KeyReused, BadKey.
    """

    def conceal(found: Review) -> None:
        why = _line(reason, most=REASON_LETTERS, field="reason")
        if not why:
            raise NothingSaid(field="reason")
        if found.hidden_at is None:
            found.hidden_at, found.hidden_by, found.hidden_reason = at, actor, why
            found.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])

    meaning = {"review": review_id, "reason": reason}
    return _once("review_hide", conceal, "hide_reviews", review_id, meaning=meaning, actor=actor, key=key, at=at)


def show_again(*, review_id: int, actor: User, key: str | None = None, at: datetime) -> Review:
    """Undo ``hide``. Showing what is shown changes nothing. Raises NotFound (a stranger too), KeyReused, BadKey."""

    def reveal(found: Review) -> None:
        if found.hidden_at is not None:
            found.hidden_at, found.hidden_by, found.hidden_reason = None, None, ""
            found.save(update_fields=["hidden_at", "hidden_by", "hidden_reason"])

    meaning = {"review": review_id}
    return _once("review_show", reveal, "hide_reviews", review_id, meaning=meaning, actor=actor, key=key, at=at)


@again_when_locked_out
def _once(
    verb: str,
    do: Callable[[Review], None],
    deed: str,
    review_id: int,
    *,
    meaning: Mapping[str, object],
    actor: User,
    key: str | None,
    at: datetime,
) -> Review:
    """Ask whether ``actor`` may, lock the review, ``do`` it. Without a key the review's own state tells a repeat."""
    with transaction.atomic():
        seen = Review.objects.select_related("order__organization").filter(pk=review_id).first()
        if seen is None:
            raise NotFound()
        require(actor, deed, organization=seen.order.organization, on=vietnam_day(at))

        def locked_and_done() -> str:
            do(Review.objects.select_for_update(of=("self",), no_key=True).get(pk=review_id))
            versions.moved([seen.order.organization_id])
            return f"review:{review_id}"

        if key is None:
            locked_and_done()
        else:
            done_once(verb=verb, actor=actor, key=key, meaning=meaning, at=at, do=locked_and_done)
        return _whole(review_id)


def _whole(review_id: int) -> Review:
    return Review.objects.preloaded().get(pk=review_id)


def _line(text: str, *, most: int, field: str) -> str:
    line = one_line(text)
    if len(line) > most:
        raise TextTooLong(field=field, most=most)
    return line


def _paragraphs(text: str, *, most: int, field: str) -> str:
    """Line breaks stay, at most one empty line in a row; nothing unseen."""
    lines = [one_line(line) for line in text.replace("\r\n", "\n").split("\n")]
    kept = [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]
    said = "\n".join(kept).strip()
    if len(said) > most:
        raise TextTooLong(field=field, most=most)
    return said
