"""Pictures of goods: checked and made anew (pictures.py), kept under random names, shown in the order added."""

import secrets
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from base.periods import vietnam_day
from base.refusals import Refused
from catalog import versions
from catalog.models import Photo, Product
from catalog.pictures import picture_from
from catalog.wording import one_line
from cooperatives.models import User
from cooperatives.permissions import require

MOST_PHOTOS = 8
ALT_LETTERS = 120


class TooManyPhotos(Refused):
    """More pictures than a page of goods shows."""

    code = "TOO_MANY_PHOTOS"
    sentence = _("Mỗi mặt hàng có nhiều nhất %(most)s ảnh.")


def add_photo(
    *, product: Product, data: bytes, alt: str, actor: User | None, at: datetime, is_drawn: bool = False
) -> Photo:
    """Append a picture to ``product``; ``data`` is the file as it was sent, ``alt`` what is to be seen on it.

    Decodes before it touches the database, writes the six files, then the row; where the row fails, the files go
    again. Opens its own transaction and locks the product. Raises NotFound for a stranger, TooManyPhotos, EmptyName
    (no ``alt``), TooLong, and what picture_from raises.
    """
    if actor is not None:
        require(actor, "list_goods", organization=product.organization, on=vietnam_day(at))
    alt = one_line(alt, most=ALT_LETTERS, field="alt")
    picture = picture_from(data)
    photo = Photo(
        product=product,
        name=secrets.token_hex(16),
        alt=alt,
        width=picture.width,
        height=picture.height,
        colour=picture.colour,
        is_drawn=is_drawn,
        added_at=at,
    )
    written: list[str] = []
    try:
        for (size, kind), content in picture.files.items():
            written.append(default_storage.save(photo.path(size, kind), ContentFile(content)))
        with transaction.atomic():
            Product.objects.select_for_update().get(pk=product.pk)  # photos of one product are numbered one by one
            photo.position = Photo.objects.filter(product=product).count()
            if photo.position >= MOST_PHOTOS:
                raise TooManyPhotos(field="photo", most=MOST_PHOTOS)
            photo.save(force_insert=True)
            versions.moved([product.organization_id])
    except BaseException:
        for path in written:
            default_storage.delete(path)
        raise
    return photo
