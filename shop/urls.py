"""Every door of the house, in one list."""

from pathlib import Path

from django.urls import URLPattern, URLResolver, include, path

from cooperatives.signing_in import user_for_token
from payments.carrier_hooks import hook as carrier_hook
from payments.webhooks import hook
from shop import health
from shop.graphql_view import graphql_view
from shop.schema import schema

urlpatterns: list[URLPattern | URLResolver] = [
    path(
        "graphql/",
        graphql_view(schema=schema, user_for_token=user_for_token, persisted=Path(__file__).parent / "persisted"),
        name="graphql",
    ),
    path("hooks/ghtk/<str:token>/", carrier_hook, name="carrier-hook"),
    path("hooks/<str:provider>/<str:token>/", hook, name="hook"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("", include("storefront.urls")),
]
handler404 = "storefront.views.errors.not_found"
handler500 = "storefront.views.errors.broken"
