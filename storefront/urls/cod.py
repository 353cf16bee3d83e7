"""The desk's doors about money that carriers bring."""

from django.urls import path

from storefront.views.desk import cod, cod_lists

urlpatterns = [
    path("desk/cod/", cod.cod, name="desk-cod"),
    path("desk/cod/new/", cod_lists.cod_new, name="desk-cod-new"),
    path("desk/cod/differences.<str:kind>", cod.differences, name="desk-cod-differences"),
    path("desk/cod/<str:code>/", cod_lists.cod_list, name="desk-cod-list"),
    path("desk/cod/<str:code>/qr.png", cod_lists.qr_png, name="desk-cod-qr"),
    path("desk/cod/<str:code>/cash/", cod_lists.take_cash, name="desk-cod-cash"),
    path("desk/cod/<str:code>/cash/<int:payment_id>/undo/", cod_lists.undo_cash, name="desk-cod-cash-undo"),
    path("desk/cod/<str:code>/cancel/", cod_lists.cancel, name="desk-cod-cancel"),
    path("desk/cod/<str:code>/write-off/", cod_lists.write_off, name="desk-cod-write-off"),
]
