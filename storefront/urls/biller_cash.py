"""A biller's cash boxes: taking, printing, counting, handing over."""

from django.urls import path

from storefront.views.biller import cash, cash_box

urlpatterns = [
    path("biller/cash/", cash.desk, name="biller-cash"),
    path("biller/cash/of/<int:account_id>/", cash.take, name="biller-cash-of"),
    path("biller/cash/receipts/<int:number>/", cash.receipt, name="biller-cash-receipt"),
    path("biller/cash/receipts/<int:number>/void/", cash.void, name="biller-cash-void"),
    path("biller/cash/box/", cash_box.box, name="biller-cash-box"),
    path("biller/cash/box/hand-over/", cash_box.offer, name="biller-cash-offer"),
    path("biller/cash/hand-overs/<int:handover_id>/accept/", cash_box.accept, name="biller-cash-accept"),
    path("biller/cash/hand-overs/<int:handover_id>/refuse/", cash_box.refuse, name="biller-cash-refuse"),
    path("biller/cash/hand-overs/<int:handover_id>/withdraw/", cash_box.withdraw, name="biller-cash-withdraw"),
    path("biller/cash/count/", cash_box.count, name="biller-cash-count"),
    path("biller/cash/days/<int:keeper_id>/<str:iso>/", cash_box.day, name="biller-cash-day"),
    path("biller/cash/boxes/", cash_box.boxes, name="biller-cash-boxes"),
]
