"""Goods that come back, cash that is paid out, and what both make of a member's account."""

from django.urls import path

from storefront.views import member
from storefront.views.desk import cash_handing, cash_out, members, returns

urlpatterns = [
    path("desk/orders/<str:number>/return/", returns.bring_back, name="desk-order-return"),
    path("member/statement/", member.statement, name="member-statement"),
    path("desk/members/<int:member_id>/statement/", members.statement, name="desk-member-statement"),
    path("desk/cash/", cash_out.cash, name="desk-cash"),
    path("desk/cash/count/", cash_out.count, name="desk-cash-count"),
    path("desk/cash/hand-over/", cash_handing.offer, name="desk-cash-offer"),
    path("desk/cash/hand-overs/<int:handover_id>/accept/", cash_handing.accept, name="desk-cash-accept"),
    path("desk/cash/hand-overs/<int:handover_id>/refuse/", cash_handing.refuse, name="desk-cash-refuse"),
    path("desk/cash/hand-overs/<int:handover_id>/withdraw/", cash_handing.withdraw, name="desk-cash-withdraw"),
    path("desk/cash/out/members/<int:member_id>/", cash_out.pay_member, name="desk-cash-member"),
    path("desk/cash/out/orders/<str:number>/", cash_out.pay_buyer, name="desk-cash-buyer"),
    path("desk/cash/out/cost/", cash_out.pay_cost, name="desk-cash-cost"),
    path("desk/cash/out/<int:number>/", cash_out.voucher, name="desk-cash-voucher"),
    path("desk/cash/out/<int:number>/void/", cash_out.void, name="desk-cash-voucher-void"),
    path("desk/cash/out/<int:number>/slip.pdf", cash_out.slip, name="desk-cash-slip"),
]
