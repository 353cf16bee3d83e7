"""The street's doors: buyers and payers first, then everybody who works here."""

from django.urls import URLPattern, URLResolver

from storefront.urls import (
    biller,
    biller_accounts,
    biller_cash,
    biller_paper,
    biller_people,
    bills,
    buyer,
    cash_out,
    cod,
    cycles,
    delivery,
    desk,
    goods,
    installed,
    packing,
    sharing,
    shipments,
    trust,
)

urlpatterns: list[URLPattern | URLResolver] = [
    *buyer.urlpatterns,
    *installed.urlpatterns,
    *bills.urlpatterns,
    *cash_out.urlpatterns,
    *cod.urlpatterns,
    *delivery.urlpatterns,
    *desk.urlpatterns,
    *goods.urlpatterns,
    *cycles.urlpatterns,
    *biller.urlpatterns,
    *biller_accounts.urlpatterns,
    *biller_cash.urlpatterns,
    *biller_paper.urlpatterns,
    *biller_people.urlpatterns,
    *packing.urlpatterns,
    *sharing.urlpatterns,
    *shipments.urlpatterns,
    *trust.urlpatterns,
]
