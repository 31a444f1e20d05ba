"""Addresses of the shell."""

from django.urls import path

import apps.access.api.session  # noqa: F401 - known to the API's description from here on
from apps.access.views import home, sessions

app_name = "access"
urlpatterns = [
    path("", home.home, name="home"),
    path("find", home.find, name="find"),
    path("login", sessions.log_in, name="login"),
    path("logout", sessions.log_out, name="logout"),
    path("language", sessions.language, name="language"),
]
endpoints: list[tuple[str, type]] = []
