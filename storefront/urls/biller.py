"""The doors of a biller's desk: runs, bills, fee items, statements."""

from django.urls import path

from storefront.views.biller import bill_deeds, bills, counts, fees, home, month, more, reminders, runs

urlpatterns = [
    path("biller/", home.home, name="biller"),
    path("biller/more/", more.more, name="biller-more"),
    path("biller/runs/", runs.runs, name="biller-runs"),
    path("biller/runs/new/", runs.run_new, name="biller-run-new"),
    path("biller/runs/<int:run_id>/", runs.run, name="biller-run"),
    path("biller/runs/<int:run_id>/change/", runs.run_change, name="biller-run-change"),
    path("biller/runs/<int:run_id>/publish/", runs.publish, name="biller-publish"),
    path("biller/runs/<int:run_id>/cancel/", runs.cancel, name="biller-run-cancel"),
    path("biller/runs/<int:run_id>/drop/", runs.drop, name="biller-run-drop"),
    path("biller/runs/<int:run_id>/counts/", counts.counts, name="biller-counts"),
    path("biller/bills/", bills.bills, name="biller-bills"),
    path("biller/bills/<int:bill_id>/", bills.bill, name="biller-bill"),
    path("biller/bills/<int:bill_id>/correct/", bill_deeds.correct, name="biller-correct"),
    path("biller/bills/<int:bill_id>/reading/", bill_deeds.correct_reading, name="biller-reading"),
    path("biller/bills/<int:bill_id>/credit/", bill_deeds.use_credit, name="biller-credit"),
    path(
        "biller/bills/<int:bill_id>/credit/<int:credit_use_id>/undo/",
        bill_deeds.undo_credit,
        name="biller-credit-undo",
    ),
    path("biller/bills/<int:bill_id>/together/", bill_deeds.together, name="biller-together"),
    path("biller/too-much/", month.too_much, name="biller-too-much"),
    path("biller/fees/", fees.fees, name="biller-fees"),
    path("biller/fees/new/", fees.fee_new, name="biller-fee-new"),
    path("biller/fees/<int:item_id>/", fees.fee, name="biller-fee"),
    path("biller/fees/<int:item_id>/change/", fees.fee_change, name="biller-fee-change"),
    path("biller/fees/<int:item_id>/rate/", fees.rate_set, name="biller-rate"),
    path("biller/fees/<int:item_id>/end/", fees.fee_end, name="biller-fee-end"),
    path("biller/fees/<int:item_id>/move/", fees.fee_move, name="biller-fee-move"),
    path("biller/groups/", fees.group, name="biller-group"),
    path("biller/settings/", fees.decided, name="biller-decided"),
    path("biller/month/", month.month, name="biller-month"),
    path("biller/reminders/", reminders.reminders, name="biller-reminders"),
    path("biller/reminders/said/", reminders.remind, name="biller-remind"),
]
