"""Starting the demo over. Books are never deleted, so the tables are dropped whole and made anew."""

from django.conf import settings
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection

from catalog.models import Photo, Portrait
from cooperatives.models import Organization
from storefront.demo.loading import RealOrganizations


def drop_everything() -> None:
    """Drop every table and make empty ones. Raises RealOrganizations where a real one lives, and in production."""
    if settings.PRODUCTION or Organization.objects.real().exists():
        raise RealOrganizations()
    pictures: list[Photo | Portrait] = [*Photo.objects.all(), *Portrait.objects.all()]
    for picture in pictures:
        for size in (160, 320, 640):
            for kind in ("webp", "jpg"):
                default_storage.delete(picture.path(size, kind))
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cascade = "" if connection.vendor == "sqlite" else " CASCADE"
            cursor.execute(f"DROP TABLE IF EXISTS {connection.ops.quote_name(table)}{cascade}")
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
