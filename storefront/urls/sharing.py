"""What leaves the market: pictures of links, posters, and what search engines read."""

from django.urls import path

from storefront.views import engines, sharing
from storefront.views.desk import posters as desk_posters

urlpatterns = [
    path("p/<slug:slug>/share.jpg", sharing.product_picture, name="product-picture"),
    path("c/<slug:slug>/share.jpg", sharing.shop_picture, name="shop-picture"),
    path("p/<slug:slug>/poster.pdf", sharing.product_poster, name="product-poster"),
    path("desk/posters/", desk_posters.posters, name="desk-posters"),
    path("desk/posters/shop.pdf", desk_posters.shop_poster, name="desk-poster-shop"),
    path("desk/posters/account/<int:account_id>.pdf", desk_posters.account_poster, name="desk-poster-account"),
    path("desk/goods/<int:product_id>/poster.pdf", desk_posters.product_poster, name="desk-poster-product"),
    path("sitemap.xml", engines.sitemap, name="sitemap"),
    path("robots.txt", engines.robots, name="robots"),
]
