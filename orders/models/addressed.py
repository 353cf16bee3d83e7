"""Where goods go, as it was written that day (orders/addresses.py says what of it is needed)."""

from django.db import models


class Addressed(models.Model):
    """The columns of an address. Codes and names stay what they were, whatever is redrawn later."""

    buyer_address = models.CharField(
        max_length=300, blank=True, help_text="All of it in one line, as written that day."
    )
    commune_code = models.CharField(max_length=5, blank=True, help_text="Of base/places, as in force that day.")
    commune_name = models.CharField(max_length=120, blank=True, help_text="“xã Yên Mô, tỉnh Ninh Bình”, of that day.")
    former_name = models.CharField(
        max_length=160, blank=True, help_text="The old commune, district and province meant."
    )
    hamlet = models.CharField(max_length=80, blank=True)
    landmark = models.CharField(max_length=160, blank=True)
    plus_code = models.CharField(
        max_length=16, blank=True, help_text="Open Location Code of the pin, where one was set."
    )
    address_scheme = models.CharField(
        max_length=12, blank=True, help_text="Of a household code (base/places/spots.py)."
    )
    address_code = models.CharField(max_length=20, blank=True)

    class Meta:
        abstract = True
