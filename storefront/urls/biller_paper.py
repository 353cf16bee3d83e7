"""What a biller prints and takes away: slips, lists, cards, sheets."""

from django.urls import path

from storefront.views.biller import paper

urlpatterns = [
    path("biller/runs/<int:run_id>/slips.pdf", paper.slips, name="biller-slips"),
    path("biller/runs/<int:run_id>/class-list.pdf", paper.class_list, name="biller-class-list"),
    path("biller/runs/<int:run_id>/cards.pdf", paper.cards, name="biller-cards"),
    path("biller/runs/<int:run_id>/export.<str:kind>", paper.export, name="biller-export"),
    path("biller/households/<int:household_id>/card.pdf", paper.card, name="biller-card"),
    path("biller/cash/receipts/<int:receipt_id>.pdf", paper.receipt, name="biller-receipt"),
    path("biller/bills/<int:bill_id>/receipt.pdf", paper.paid_receipt, name="biller-paid-receipt"),
]
