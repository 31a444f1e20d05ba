"""Addresses of the worklist, the cases, the team and the strategies."""

from django.urls import path

from apps.cases.api.cases import Cases, Contacts, Promises, Tasks
from apps.cases.views import cases, strategies, team, worklist

app_name = "cases"
urlpatterns = [
    path("worklist/", worklist.worklist, name="worklist"),
    path("worklist/next/", worklist.take_next, name="take_next"),
    path("cases/team/", team.team, name="team"),
    path("cases/<str:reference>/", cases.case, name="case"),
    path("cases/<str:reference>/contact/", cases.record_contact, name="record_contact"),
    path("cases/<str:reference>/owner/", cases.assign, name="assign"),
    path("strategies/", strategies.strategies, name="strategies"),
    path("strategies/<slug:code>/<int:version>/", strategies.strategy, name="strategy"),
]
endpoints = [
    ("cases", Cases),
    ("tasks", Tasks),
    ("contacts", Contacts),
    ("promises", Promises),
]
