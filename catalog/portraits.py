"""Faces of members: shown while they agree, and not a moment longer.

A portrait stands on a consent: which wording, on which day, before which witness. Withdrawing it takes the face from
every page and the files from the disk at once; the row stays, so that one can tell what was agreed to and until when.
"""

import hashlib
import secrets
from datetime import date, datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import NotFound, Refused
from base.retrying import again_when_locked_out
from base.text import composed
from catalog import versions
from catalog.lots import require_live_member
from catalog.models import Portrait, Product
from catalog.pictures import KINDS, SIZES, picture_from
from cooperatives.doing_once import done_once
from cooperatives.models import Member, User
from cooperatives.permissions import require

WORDING = "2026-11"
"""Which text ``CONSENT`` is. Change both together: who agreed to the old one agreed to the old one."""
CONSENT = _(
    "Tôi đồng ý để hợp tác xã cho mọi người xem ảnh chân dung của tôi ở trang bán hàng của hợp tác xã, chỉ để người "
    "mua biết ai làm ra hàng. Tôi muốn thôi lúc nào cũng được; khi ấy ảnh được gỡ và xóa ngay."
)
WITNESS_LETTERS = 80
_LONGEST_AGO = timedelta(days=365)


class OtherWording(Refused):
    """What she was shown and agreed to is not the text of today."""

    code = "OTHER_WORDING"
    sentence = _("Lời đồng ý vừa được sửa. Hãy đọc lại cho người trong ảnh nghe rồi ghi lại.")


class BadConsentDay(Refused):
    """Agreed in the future, or more than a year before the picture was put up."""

    code = "BAD_CONSENT_DAY"
    sentence = _("Ngày đồng ý không hợp lệ: không được sau hôm nay, không quá một năm trước.")


def face_of(product: Product) -> Portrait | None:
    """The portrait of who makes it, while she agrees and belongs to the cooperative.

    Looks at the portraits that ``Product.objects.preloaded()`` brought.
    """
    maker = product.maker
    if maker is None or maker.left_on is not None:
        return None
    return next((face for face in maker.portraits.all() if face.withdrawn_at is None), None)


@again_when_locked_out
def record_portrait(
    *,
    member_id: int,
    data: bytes,
    wording: str,
    consented_on: date,
    witness: str,
    actor: User | None,
    key: str,
    at: datetime,
    is_drawn: bool = False,
) -> Portrait:
    """Show the member's face under her consent; the one shown before is withdrawn. ``data``: the file as it was sent.

    Decodes before it touches the database and writes the files before the row; where the row fails, or ``key`` was
    used before, they go again. The same ``key`` returns the same portrait. Opens its own transaction; locks the
    done-once row, the member. ``actor`` None: the machine itself. Raises NotFound (a stranger too), NotAMemberHere,
    OtherWording, BadConsentDay, what picture_from raises, KeyReused, BadKey.
    """
    member = _seen(member_id)
    today = vietnam_day(at)
    if actor is not None:
        require(actor, "keep_portraits", organization=member.organization, on=today)
    if wording != WORDING:
        raise OtherWording(field="wording")
    if not today - _LONGEST_AGO <= consented_on <= today:
        raise BadConsentDay(field="consented_on")
    picture = picture_from(data)
    new = Portrait(
        member=member, name=secrets.token_hex(16), width=picture.width, height=picture.height, colour=picture.colour,
        is_drawn=is_drawn, wording=wording, witness=composed(witness)[:WITNESS_LETTERS], consented_on=consented_on,
        recorded_by=actor, recorded_at=at,
    )  # fmt: skip
    replaced: list[Portrait] = []

    def record() -> str:
        _locked(member_id)
        require_live_member(member_id, organization=member.organization, on=today, field="member_id")
        replaced.extend(Portrait.objects.filter(member=member, withdrawn_at=None))
        for old in replaced:
            _withdraw(old, by=actor, at=at)
        new.save(force_insert=True)
        versions.moved([member.organization_id])
        return f"portrait:{new.pk}"

    meaning = {
        "member": member_id, "wording": wording, "consented_on": consented_on.isoformat(), "witness": witness,
        "data": hashlib.sha256(data).hexdigest(),
    }  # fmt: skip
    written: list[str] = []
    try:
        for (size, kind), content in picture.files.items():
            written.append(default_storage.save(new.path(size, kind), ContentFile(content)))
        with transaction.atomic():
            result, replayed = done_once(
                verb="portrait_record", actor=actor, key=key, meaning=meaning, at=at, do=record
            )
    except BaseException:
        _delete(written)
        raise
    if replayed:
        _delete(written)
    for old in replaced:
        _remove_files(old)
    return Portrait.objects.select_related("member__user").get(pk=result.removeprefix("portrait:"))


@again_when_locked_out
def withdraw_portrait(*, member_id: int, actor: User | None, at: datetime) -> None:
    """Take the member's face from every page, and its files from the disk. Where none is shown, nothing happens.

    She herself may, and who keeps the portraits. Opens its own transaction; locks the member; deletes after the
    commit, and what a crash leaves there ``sweep`` deletes. Raises NotFound for a stranger.
    """
    member = _seen(member_id)
    if actor is not None and actor.pk != member.user_id:
        require(actor, "keep_portraits", organization=member.organization, on=vietnam_day(at))
    with transaction.atomic():
        _locked(member_id)
        shown = list(Portrait.objects.filter(member=member, withdrawn_at=None))
        for portrait in shown:
            _withdraw(portrait, by=actor, at=at)
        if shown:
            versions.moved([member.organization_id])
    for portrait in shown:
        _remove_files(portrait)


def sweep(*, at: datetime) -> int:
    """Withdraw the faces of members who have left, and delete files that a crash left behind. For the worker.

    Returns how many portraits it dealt with; one query where there is none.
    """
    left = Portrait.objects.filter(withdrawn_at=None, member__left_on__lte=vietnam_day(at))
    gone = list(left.values_list("member_id", flat=True))
    for member_id in gone:
        withdraw_portrait(member_id=member_id, actor=None, at=at)
    behind = list(Portrait.objects.filter(withdrawn_at__isnull=False, width__gt=0))
    for portrait in behind:
        _remove_files(portrait)
    return len(gone) + len(behind)


def _seen(member_id: int) -> Member:
    member = Member.objects.select_related("organization").filter(pk=member_id).first()
    if member is None:
        raise NotFound()  # no field: the very answer that a stranger gets
    return member


def _locked(member_id: int) -> None:
    """One portrait of a member after the other."""
    Member.objects.select_for_update(of=("self",), no_key=True).get(pk=member_id)


def _withdraw(portrait: Portrait, *, by: User | None, at: datetime) -> None:
    portrait.withdrawn_at, portrait.withdrawn_by = at, by
    portrait.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _remove_files(portrait: Portrait) -> None:
    """The files, then the note that they are gone: a width of 0. Doing it twice does no harm."""
    assert portrait.withdrawn_at is not None, "a face that is shown keeps its files"
    _delete([portrait.path(size, kind) for size in SIZES for kind in KINDS])
    Portrait.objects.filter(pk=portrait.pk).update(width=0, height=0)


def _delete(paths: list[str]) -> None:
    for path in paths:
        default_storage.delete(path)
