"""The doors of those who work here and of members: sign-in, the desk, a member's page."""

from django.urls import path

from storefront.views import demo_cards, member, sign_in
from storefront.views.desk import bank, books, goods, home, line, members, money, orders, telling

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
    path("after-sign-in/", sign_in.after_sign_in, name="after-sign-in"),
    path("demo/sign-in/", demo_cards.demo_sign_in, name="demo-sign-in"),
    path("member/", member.member, name="member"),
    path("desk/", home.home, name="desk"),
    path("desk/switch/", home.switch, name="desk-switch"),
    path("desk/orders/", orders.orders, name="desk-orders"),
    path("desk/orders/<str:number>/", orders.order, name="desk-order"),
    path("desk/orders/<str:number>/pack/", orders.pack, name="desk-order-pack"),
    path("desk/orders/<str:number>/hand-over/", orders.hand_over, name="desk-order-hand-over"),
    path("desk/orders/<str:number>/cash/", orders.take_cash, name="desk-order-cash"),
    path("desk/orders/<str:number>/cancel/", orders.cancel, name="desk-order-cancel"),
    path("desk/receipts/<int:number>/", orders.receipt, name="desk-receipt"),
    path("desk/money/", money.money, name="desk-money"),
    path("desk/money/evidence/", money.evidence, name="desk-evidence"),
    path("desk/money/<int:line_id>/", line.line, name="desk-line"),
    path("desk/money/<int:line_id>/assign/", line.assign, name="desk-line-assign"),
    path("desk/money/<int:line_id>/keep/", line.keep, name="desk-line-keep"),
    path("desk/money/<int:line_id>/dismiss/", line.dismiss, name="desk-line-dismiss"),
    path("desk/money/<int:line_id>/undo/", line.undo, name="desk-line-undo"),
    path("desk/day/", books.day, name="desk-day"),
    path("desk/statement/", books.statement, name="desk-statement"),
    path("desk/checks/", books.checks, name="desk-checks"),
    path("desk/goods/", goods.goods, name="desk-goods"),
    path("desk/goods/new/", goods.product_new, name="desk-product-new"),
    path("desk/goods/<int:product_id>/publish/", goods.publish, name="desk-product-publish"),
    path("desk/goods/<int:product_id>/withdraw/", goods.withdraw, name="desk-product-withdraw"),
    path("desk/goods/<int:product_id>/photo/", goods.photo_new, name="desk-photo-new"),
    path("desk/lots/<int:variant_id>/new/", goods.lot_new, name="desk-lot-new"),
    path("desk/messages/", telling.telling, name="desk-messages"),
    path("desk/messages/<int:message_id>/said/", telling.said, name="desk-message-said"),
    path("desk/members/", members.members, name="desk-members"),
    path("desk/members/new/", members.member_new, name="desk-member-new"),
    path("desk/members/<int:member_id>/baseline/", members.baseline, name="desk-baseline"),
    path("desk/bank/", bank.bank, name="desk-feed"),
    path("desk/bank/open/", bank.open_books, name="desk-feed-open"),
    path("desk/bank/connect/", bank.connect, name="desk-feed-connect"),
    path("desk/bank/rotate/", bank.rotate, name="desk-feed-rotate"),
]
