"""A biller's accounts and households, and taking in the lists that it has."""

from django.urls import path

from storefront.views.biller import account_deeds, accounts, readings, roster

urlpatterns = [
    path("biller/accounts/", accounts.listed, name="biller-accounts"),
    path("biller/accounts/new/", accounts.new, name="biller-account-new"),
    path("biller/accounts/<int:account_id>/", accounts.account, name="biller-account"),
    path("biller/accounts/<int:account_id>/change/", accounts.change, name="biller-account-change"),
    path("biller/accounts/<int:account_id>/end/", accounts.end, name="biller-account-end"),
    path("biller/accounts/<int:account_id>/household/", account_deeds.household, name="biller-household"),
    path("biller/accounts/<int:account_id>/join/", account_deeds.join, name="biller-join"),
    path("biller/accounts/<int:account_id>/card/", account_deeds.card_anew, name="biller-card-anew"),
    path("biller/accounts/<int:account_id>/exempt/", account_deeds.exempt, name="biller-exempt"),
    path("biller/accounts/<int:account_id>/agree/", account_deeds.agree, name="biller-agree"),
    path(
        "biller/accounts/<int:account_id>/<str:kind>/<int:term_id>/end/",
        account_deeds.end_term,
        name="biller-term-end",
    ),
    path("biller/readings/", readings.round_of, name="biller-readings"),
    path("biller/readings/<int:account_id>/", readings.read, name="biller-read"),
    path("biller/import/", roster.choose, name="biller-import"),
    path("biller/import/<str:token>/<str:what>/", roster.columns, name="biller-import-columns"),
    path("biller/imports/<int:import_id>/", roster.done, name="biller-import-done"),
    path("biller/imports/<int:import_id>/faults.<str:kind>", roster.faults, name="biller-import-faults"),
]
