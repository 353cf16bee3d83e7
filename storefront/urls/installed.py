"""What makes the market an app on the phone."""

from django.urls import path

from storefront.views import installed

urlpatterns = [
    path("sw.js", installed.worker, name="worker"),
    path("manifest.webmanifest", installed.manifest, name="manifest"),
    path("offline/", installed.offline, name="offline"),
]
