"""The doors of who works for a biller: named, given a role, a role ended."""

from django.urls import path

from storefront.views.biller import people

urlpatterns = [
    path("biller/people/", people.people, name="biller-people"),
    path("biller/people/new/", people.person_new, name="biller-person-new"),
    path("biller/people/give/", people.give, name="biller-role-give"),
    path("biller/people/<int:grant_id>/end/", people.end, name="biller-role-end"),
]
