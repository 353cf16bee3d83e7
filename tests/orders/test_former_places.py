"""The names of before July 2025, as somebody at the desk types them for a carrier."""

import pytest

from orders.former_places import LONGEST, FormerPlaceMissing, read
from orders.models import Order


def test_what_is_read_fits_where_it_is_kept() -> None:
    """A hundred and sixty letters without a blank behind their commas are two more with them."""
    assert Order._meta.get_field("former_name").max_length == LONGEST
    assert len(str(read(",".join(["x" * 52, "y" * 52, "z" * 52])))) == LONGEST
    with pytest.raises(FormerPlaceMissing):
        read(",".join(["x" * 52, "y" * 52, "z" * 54]))
