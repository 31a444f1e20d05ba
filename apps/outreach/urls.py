"""Addresses of messages and the conduct gate."""

from django.urls import path

from apps.outreach import api
from apps.outreach.views import conduct, messages

app_name = "outreach"
urlpatterns = [
    path("messages/", messages.messages, name="messages"),
    path("messages/<str:reference>/", messages.message, name="message"),
    path("conduct/decisions/", conduct.decisions, name="decisions"),
    path("conduct/rules/", conduct.rules, name="rules"),
    path("conduct/texts/", conduct.templates, name="templates"),
]
endpoints = [
    ("messages", api.Messages),
    ("gate-decisions", api.GateDecisions),
]
