"""Doors to what makes goods trusted: who makes them, what buyers said, stars, faces, seasons."""

from django.urls import path, re_path

from storefront.views import cooperative, photos, reviews
from storefront.views.desk import goods_signs, naming, portraits
from storefront.views.desk import reviews as desk_reviews

urlpatterns = [
    path("c/<slug:slug>/", cooperative.cooperative, name="cooperative"),
    path("p/<slug:slug>/reviews/", reviews.reviews, name="reviews"),
    path("o/<str:token>/review/<slug:slug>/", reviews.write, name="review"),
    re_path(r"^media/(?P<path>faces/[0-9a-z]{8,40}-(?:160|320|640)\.(?:webp|jpg))$", photos.face, name="face"),
    path("desk/goods/<int:product_id>/season/", goods_signs.season, name="desk-season"),
    path("desk/goods/<int:product_id>/certificate/", goods_signs.certificate, name="desk-certificate"),
    path(
        "desk/goods/<int:product_id>/certificate/<int:certificate_id>/withdraw/",
        goods_signs.withdraw_certificate,
        name="desk-certificate-withdraw",
    ),
    path("desk/reviews/", desk_reviews.reviews, name="desk-reviews"),
    path("desk/reviews/<int:review_id>/reply/", desk_reviews.reply, name="desk-review-reply"),
    path("desk/reviews/<int:review_id>/hide/", desk_reviews.hide, name="desk-review-hide"),
    path("desk/reviews/<int:review_id>/show/", desk_reviews.show_again, name="desk-review-show"),
    path("desk/members/<int:member_id>/portrait/", portraits.portrait, name="desk-portrait"),
    path("desk/members/<int:member_id>/portrait/withdraw/", portraits.withdraw, name="desk-portrait-withdraw"),
    path("member/portrait/withdraw/", portraits.withdraw_own, name="member-portrait-withdraw"),
    path("desk/members/<int:member_id>/name/", naming.name, name="desk-name"),
    path("member/<int:member_id>/name/", naming.own_name, name="member-name"),
]
