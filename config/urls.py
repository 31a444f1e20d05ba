"""The address table: every app's pages under its name, every endpoint under `/api/`."""

from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import APIRootView, DefaultRouter

from apps.access.domain.permissions import Permission
from apps.access.guard import HasPermission
from apps.core import views as core

PAGES = {
    "access": "",
    "closing": "",
    "bills": "",
    "outreach": "",
    "cases": "",
}


class Root(APIRootView):
    """The endpoints that there are."""

    permission = Permission.API_READ


class Router(DefaultRouter):
    """Django REST framework's router, behind our guard."""

    APIRootView = Root
    include_format_suffixes = False


class Schema(SpectacularAPIView):
    """The OpenAPI description."""

    permission_classes = (HasPermission,)
    permission = Permission.API_READ


class Docs(SpectacularSwaggerSplitView):
    """The OpenAPI description to read and try."""

    permission_classes = (HasPermission,)
    permission = Permission.API_READ
    url_name = "schema"


docs = Docs.as_view()
docs.login_required = True  # type: ignore[attr-defined]  # a page: the unknown are sent to the log-in
router = Router()
pages: list[URLPattern | URLResolver] = []
for app, prefix in PAGES.items():
    urls = import_module(f"apps.{app}.urls")
    pages.append(path(prefix, include((urls.urlpatterns, app))))
    for endpoint, viewset in getattr(urls, "endpoints", ()):
        router.register(endpoint, viewset, basename=f"api-{endpoint}")

urlpatterns = [
    path("healthz", core.healthz, name="healthz"),
    path("api/schema/", Schema.as_view(), name="schema"),
    path("api/docs/", docs, name="docs"),
    path("api/", include(router.urls)),
    *pages,
]
handler403 = core.permission_denied
handler404 = core.not_found
handler500 = core.server_error
