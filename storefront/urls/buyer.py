"""The buyer's doors."""

from django.urls import path, re_path

from storefront.language import choose_language
from storefront.views import (
    basket,
    checkout,
    home,
    order,
    order_again,
    paying,
    paying_by_card,
    photos,
    places,
    product,
    shelves,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", shelves.search, name="search"),
    path("category/<slug:slug>/", shelves.category, name="category"),
    path("p/<slug:slug>/", product.product, name="product"),
    path("basket/", basket.basket, name="basket"),
    path("basket/add/", basket.add, name="basket-add"),
    path("basket/change/", basket.change, name="basket-change"),
    path("checkout/", checkout.checkout, name="checkout"),
    path("places/communes/", places.communes, name="places-communes"),
    path("pay/<str:code>/", paying.pay, name="pay"),
    path("pay/<str:code>/qr.png", paying.qr_png, name="pay-qr-png"),
    path("pay/<str:code>/qr.svg", paying.qr_svg, name="pay-qr-svg"),
    path("pay/<str:code>/status", paying.status, name="pay-status"),
    path("pay/<str:code>/card/", paying_by_card.card, name="pay-card"),
    path("o/<str:token>/", order.order, name="order"),
    path("o/<str:token>/again/", order_again.order_again, name="order-again"),
    path("orders/find/", order_again.find, name="order-find"),
    path("orders/", order.mine, name="my-orders"),
    re_path(r"^media/(?P<path>photos/[0-9a-z]{8,40}-(?:160|320|640)\.(?:webp|jpg))$", photos.photo, name="photo"),
    path("language/", choose_language, name="language"),
]
