"""Complaints: somebody says what was wrong, a person of the organization answers by a promised day, and decides.

Whoever complains needs no account: the complaint's token is her key. The promised day is counted in working days,
Monday to Friday; public holidays are not known to the calendar, and the pages say so. Nothing is ever deleted.
"""

import secrets
from collections.abc import Callable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from base.codes import ALPHABET
from base.periods import vietnam_day, working_days_after
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import squeezed, storable
from cooperatives import phones, trying
from cooperatives.doing_once import done_once
from cooperatives.models import Organization, User
from cooperatives.permissions import require
from cooperatives.trying import Subject
from orders.buyers import LONGEST_NAME, BadName, one_line
from orders.messages import tell_of_complaint
from orders.models import Complaint, ComplaintMessage, Order

LONGEST_TEXT, LONGEST_DECISION = 2000, 200
LONGEST_NUMBER = 40
MOST_MESSAGES = 60
MOST_FROM_ADDRESS, MOST_ABOUT_ONE = 10, 60
"""So many new texts an hour from one address (a village may stand behind it), and for one organization in all."""
_TRIES = 5


class TextMissing(Refused):
    """Nothing was written."""

    code = "TEXT_MISSING"
    sentence = _("Hãy viết chuyện gì đã xảy ra.")


class TextTooLong(Refused):
    """More than 2,000 letters; a decision more than 200."""

    code = "TEXT_TOO_LONG"
    sentence = _("Dài quá %(longest)s chữ. Hãy viết ngắn lại, phần còn lại nói qua điện thoại.")


class TooManyComplaints(Refused):
    """More in an hour than people write: from one address, or about one organization."""

    code = "TOO_MANY_COMPLAINTS"
    sentence = _("Giờ này đã có nhiều khiếu nại gửi đến quá. Hãy gọi điện, hoặc gửi lại sau một giờ. Chưa gửi gì cả.")


class ComplaintClosed(Refused):
    """It was decided; nothing more is written to it."""

    code = "COMPLAINT_CLOSED"
    sentence = _("Khiếu nại %(number)s đã xong, không viết thêm được. Chưa đồng ý thì gửi khiếu nại mới.")


class TooManyMessages(Refused):
    """Sixty messages are enough to see that a page does not settle it."""

    code = "TOO_MANY_MESSAGES"
    sentence = _("Khiếu nại này đã có %(most)s tin. Hãy gọi điện để nói cho xong.")


# Everything that ``write`` may answer, for the doors that call it.
REFUSALS: tuple[type[Refused], ...] = (NotFound, TextMissing, TextTooLong, BadName, phones.BadPhone, TooManyComplaints)


@again_when_locked_out
def write(
    *,
    organization_slug: str,
    about: str,
    text: str,
    name: str,
    phone: str,
    order_number: str,
    address: str,
    key: str | None,
    at: datetime,
) -> Complaint:
    """Take down a complaint about an open organization, promise the day of its answer, and tell the writer its link.

    ``order_number`` may be "" or anything: it is tied to the order only where the phone is the order's too, and the
    writer is not told whether it was. ``address`` is where it comes from. The same ``key`` with the same input returns
    the same complaint. Raises what REFUSALS lists, KeyReused, BadKey; nothing is written when one is raised.
    """
    about = Complaint.About(about)
    said, typed = _checked(text), one_line(order_number)[:LONGEST_NUMBER]
    meant = said
    name, phone = one_line(name), phones.e164(one_line(phone))
    if len(name) > LONGEST_NAME or not any(letter.isalpha() for letter in name):
        raise BadName(field="name", longest=LONGEST_NAME)
    public = Organization.objects.public()
    organization = public.filter(slug=organization_slug).first() if storable(organization_slug) else None
    if organization is None:
        raise NotFound()
    found = _order(organization, typed, phone=phone)
    if typed and found is None:
        said = _checked(f"{_('Số đơn người viết ghi: %(number)s.') % {'number': typed}}\n\n{said}")

    def do() -> str:
        _count(address, organization, at=at)
        complaint = Complaint(
            organization=organization, order=found, token=secrets.token_urlsafe(32), about=about, name=name,
            phone=phone, written_at=at,
            answer_by=working_days_after(vietnam_day(at), organization.complaint_days),
        )  # fmt: skip
        _write(complaint, day=vietnam_day(at))
        ComplaintMessage.objects.create(complaint=complaint, text=said, written_at=at)
        tell_of_complaint(complaint=complaint, at=at)
        return str(complaint.pk)

    meaning = [organization.slug, about, meant, name, phone, typed]
    with transaction.atomic():
        result, _replayed = done_once(verb="complaint_write", actor=None, key=key, meaning=meaning, at=at, do=do)
    return Complaint.objects.preloaded().get(pk=result)


def say(*, token: str, text: str, address: str, key: str | None, at: datetime) -> Complaint:
    """What the writer adds. Raises NotFound, TextMissing, TextTooLong, ComplaintClosed, TooManyMessages,
    TooManyComplaints, KeyReused, BadKey."""
    said = _checked(text)
    found = Complaint.objects.filter(token=token).first() if storable(token) else None
    if found is None:
        raise NotFound()

    def do(complaint: Complaint) -> None:
        _count(address, complaint.organization, at=at)
        _add(complaint, said, by=None, at=at)

    return _once("complaint_say", do, complaint_id=found.pk, actor=None, meaning=[found.pk, said], key=key, at=at)


def answer(*, complaint_id: int, text: str, actor: User, key: str | None, at: datetime) -> Complaint:
    """What a person of the organization answers; the writer is told. The first one keeps the promise.

    Raises NotFound (a stranger too), TextMissing, TextTooLong, ComplaintClosed, TooManyMessages, KeyReused, BadKey.
    """
    said = _checked(text)

    def do(complaint: Complaint) -> None:
        _add(complaint, said, by=actor, at=at)
        if complaint.answered_at is None:
            complaint.answered_at = at
            complaint.save(update_fields=["answered_at"])
        tell_of_complaint(complaint=complaint, at=at)

    _require(complaint_id, actor, "answer_complaints", at=at)
    return _once(
        "complaint_answer", do, complaint_id=complaint_id, actor=actor, meaning=[complaint_id, said], key=key, at=at
    )


def close(*, complaint_id: int, decision: str, actor: User, key: str | None, at: datetime) -> Complaint:
    """Decide and close; the writer is told. What was decided about money or goods is done by its own verb, not by this.

    Raises as ``answer``; ComplaintClosed where somebody else has decided already.
    """
    said = _checked(one_line(decision), longest=LONGEST_DECISION, field="decision")

    def do(complaint: Complaint) -> None:
        if complaint.closed_at is not None:
            raise ComplaintClosed(number=complaint.number)
        complaint.closed_at, complaint.closed_by, complaint.decision = at, actor, said
        complaint.answered_at = complaint.answered_at or at
        complaint.save(update_fields=["closed_at", "closed_by", "decision", "answered_at"])
        tell_of_complaint(complaint=complaint, at=at)

    _require(complaint_id, actor, "decide_complaints", at=at)
    return _once(
        "complaint_close", do, complaint_id=complaint_id, actor=actor, meaning=[complaint_id, said], key=key, at=at
    )


def new_number(day: date) -> str:
    """``KN-261122-7K2M``: for people to say on the phone; no secret, and not in sequence."""
    return f"KN-{day:%y%m%d}-" + "".join(secrets.choice(ALPHABET) for _ in range(4))


def _checked(text: str, *, longest: int = LONGEST_TEXT, field: str = "text") -> str:
    lines = (one_line(line) for line in text.replace("\r\n", "\n").split("\n"))
    said = "\n".join(lines).strip()
    if not any(letter.isalnum() for letter in said):
        raise TextMissing(field=field)
    if len(said) > longest:
        raise TextTooLong(field=field, longest=longest)
    return said


def _order(organization: Organization, typed: str, *, phone: str) -> Order | None:
    """The order of that number and phone: ``dh 261122 7k2m`` is read as well."""
    symbols = squeezed(typed)
    if len(symbols) != 12 or not symbols.startswith("DH"):
        return None
    number = f"DH-{symbols[2:8]}-{symbols[8:]}"
    return Order.objects.filter(organization=organization, number=number, buyer_phone=phone).first()


def _count(address: str, organization: Organization, *, at: datetime) -> None:
    """One text more. Refused over the limit, and then rolled back with everything: only what was taken down counts."""
    subjects = [
        Subject("complaint_address", trying.network_of(address)),
        Subject("complaint_about", str(organization.pk)),
    ]
    from_there, about_it = trying.note(subjects, at=at)
    if from_there > MOST_FROM_ADDRESS or about_it > MOST_ABOUT_ONE:
        raise TooManyComplaints()


def _write(complaint: Complaint, *, day: date) -> None:
    """Insert it under a number that nobody has; a number drawn twice is drawn again."""
    for _try in range(_TRIES):
        complaint.number = new_number(day)
        try:
            with transaction.atomic():
                complaint.save(force_insert=True)
                return
        except IntegrityError:
            if not Complaint.objects.filter(number=complaint.number).exists():
                raise
    raise RuntimeError(f"no free complaint number on {day} in {_TRIES} tries")


def _add(complaint: Complaint, said: str, *, by: User | None, at: datetime) -> None:
    if complaint.closed_at is not None:
        raise ComplaintClosed(number=complaint.number)
    if complaint.messages.count() >= MOST_MESSAGES:
        raise TooManyMessages(most=MOST_MESSAGES)
    ComplaintMessage.objects.create(complaint=complaint, text=said, written_by=by, written_at=at)


def _require(complaint_id: int, actor: User, deed: str, *, at: datetime) -> None:
    found = Complaint.objects.select_related("organization").filter(pk=complaint_id).first()
    if found is None:
        raise NotFound()
    require(actor, deed, organization=found.organization, on=vietnam_day(at))


@again_when_locked_out
def _once(
    verb: str,
    do: Callable[[Complaint], None],
    *,
    complaint_id: int,
    actor: User | None,
    meaning: list[object],
    key: str | None,
    at: datetime,
) -> Complaint:
    """``do`` with the locked complaint, once for ``key``; the complaint as it then stands."""

    def deed() -> str:
        rows = Complaint.objects.select_for_update(of=("self",), no_key=True).select_related("organization", "order")
        do(rows.get(pk=complaint_id))
        return str(complaint_id)

    with transaction.atomic():
        done_once(verb=verb, actor=actor, key=key, meaning=meaning, at=at, do=deed)
    return Complaint.objects.preloaded().get(pk=complaint_id)
