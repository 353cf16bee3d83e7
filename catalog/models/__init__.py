"""Tables of the first floor, one module a subject."""

from catalog.models.certificates import OcopCertificate
from catalog.models.finding import SearchChange, SearchMark, SearchWord, SynonymSet
from catalog.models.goods import (
    Category,
    CategoryFee,
    Lot,
    LotQuerySet,
    Photo,
    Product,
    ProductQuerySet,
    Variant,
)
from catalog.models.portraits import Portrait
from catalog.models.versions import ShopVersion

__all__ = [
    "Category",
    "CategoryFee",
    "Lot",
    "LotQuerySet",
    "OcopCertificate",
    "Photo",
    "Portrait",
    "Product",
    "ProductQuerySet",
    "SearchChange",
    "SearchMark",
    "SearchWord",
    "ShopVersion",
    "SynonymSet",
    "Variant",
]
