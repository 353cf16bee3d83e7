"""Doors to market days, pickup points, promised goods, rests and “còn hàng?”."""

from django.urls import path

from storefront.views import cycles, member_goods
from storefront.views.desk import coming, pickup
from storefront.views.desk import cycles as desk_cycles

urlpatterns = [
    path("cycles/<int:cycle_id>/", cycles.cycle, name="cycle"),
    path("member/calendar/", member_goods.calendar, name="member-calendar"),
    path("member/stock/<int:question_id>/", member_goods.stock, name="member-stock"),
    path("member/goods/<int:product_id>/rest/", member_goods.rest, name="member-rest"),
    path("member/lots/<int:variant_id>/promise/", member_goods.promise, name="member-promise"),
    path("desk/cycles/", desk_cycles.cycles, name="desk-cycles"),
    path("desk/cycles/new/", desk_cycles.cycle_new, name="desk-cycle-new"),
    path("desk/cycles/<int:cycle_id>/", desk_cycles.cycle, name="desk-cycle"),
    path("desk/cycles/<int:cycle_id>/change/", desk_cycles.cycle_change, name="desk-cycle-change"),
    path("desk/cycles/<int:cycle_id>/go/", desk_cycles.go, name="desk-cycle-go"),
    path("desk/cycles/<int:cycle_id>/drop/", desk_cycles.drop, name="desk-cycle-drop"),
    path("desk/pickup/", pickup.pickup, name="desk-pickup"),
    path("desk/pickup/new/", pickup.point_new, name="desk-point-new"),
    path("desk/pickup/<int:point_id>/", pickup.point, name="desk-point"),
    path("desk/pickup/<int:point_id>/open/", pickup.point_open, name="desk-point-open"),
    path("desk/coming/", coming.coming, name="desk-coming"),
    path("desk/lots/<int:variant_id>/promise/", coming.promise, name="desk-promise"),
    path("desk/lots/<int:lot_id>/brought/", coming.brought, name="desk-brought"),
    path("desk/goods/<int:product_id>/rest/", coming.rest, name="desk-product-rest"),
    path("desk/rest/", coming.rest_shop, name="desk-rest"),
    path("desk/calls/", coming.calls, name="desk-calls"),
    path("desk/calls/<int:question_id>/answer/", coming.call_answer, name="desk-call-answer"),
]
