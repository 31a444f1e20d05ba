"""Addresses of the closes."""

import datetime as dt

from django.urls import path, register_converter

from apps.closing import api, views


class DateConverter:
    """A day in an address: `2005-05-01`."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> dt.date:
        """The date; what is none, such as 2005-02-30, leads nowhere."""
        return dt.date.fromisoformat(value)

    def to_url(self, value: dt.date) -> str:
        """The date as ISO 8601 writes it."""
        return value.isoformat()


register_converter(DateConverter, "date")

app_name = "closing"
urlpatterns = [
    path("closes/", views.days, name="days"),
    path("closes/<date:date>/", views.day, name="day"),
]
endpoints = [("closes", api.Days)]
