"""What the lists of requests and people can be narrowed by, on the page and at the endpoint."""

import datetime as dt
from typing import Any, ClassVar

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.access import registry
from apps.access.domain.approval import RequestStatus
from apps.access.models import ApprovalRequest, Role, User
from apps.access.queries import approvals, wording
from apps.audit.filters import OF_PERIODS, Operations, criteria

SCOPES = [("mine", _("Waiting for me")), ("team", _("My team's")), ("made", _("Made by me"))]


def _statuses() -> list[tuple[str, str]]:
    return [(status.value, wording.status(status)) for status in RequestStatus]


def _actions() -> list[tuple[str, Any]]:
    return [(action.name, action.label) for action in registry.actions()]


def _roles() -> list[tuple[str, str]]:
    return [(role.code, wording.role(role.code, role.name)) for role in Role.objects.order_by("name")]


def _acting_roles() -> list[tuple[str, Any]]:
    return [*_roles(), ("system", _("System"))]


class Approvals(django_filters.FilterSet):
    """Requests by who must act, state, action, customer and maker."""

    scope = django_filters.ChoiceFilter(label=_("Whose"), choices=SCOPES, method="in_scope", empty_label=_("All"))
    status = django_filters.ChoiceFilter(label=_("Status"), choices=_statuses, empty_label=_("All"))
    action = django_filters.ChoiceFilter(label=_("Action"), choices=_actions, empty_label=_("All"))
    customer = django_filters.CharFilter(label=_("Customer"), field_name="customer_reference")
    maker = django_filters.CharFilter(label=_("Made by"), field_name="made_by__username")

    class Meta:
        model = ApprovalRequest
        fields: ClassVar[list[str]] = []

    def __init__(self, *arguments: Any, at: dt.datetime, **options: Any) -> None:
        """Take the moment of which it is asked what waits, beside what a filter takes."""
        super().__init__(*arguments, **options)
        self.at = at

    def in_scope(self, found: QuerySet[ApprovalRequest], name: str, value: str) -> QuerySet[ApprovalRequest]:
        """Those that wait for whoever asks, that their team made, or that they made."""
        user = self.request.user
        if value == "made":
            return found.filter(made_by=user)
        if value == "team":
            return found.filter(made_by__in=approvals.people_of(user))
        return found.filter(pk__in=approvals.waiting_for(user, self.at))


class Trail(Operations):
    """The operations of the trail as its page narrows them: by roles to choose from."""

    role = django_filters.ChoiceFilter(label=_("In the role"), choices=_acting_roles, method="acting_as")


TRAIL_FILTERS = [*criteria(), *sorted(OF_PERIODS)]


class Staff(django_filters.FilterSet):
    """People by name, role and whether they still work here."""

    q = django_filters.CharFilter(label=_("Name"), method="named")
    role = django_filters.ChoiceFilter(label=_("Role"), choices=_roles, method="holding", empty_label=_("All"))

    class Meta:
        model = User
        fields: ClassVar[list[str]] = []

    def named(self, found: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Those whose name or user name holds the text."""
        return found.filter(Q(name__icontains=value) | Q(username__icontains=value))

    def holding(self, found: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Those who hold the role now."""
        return found.filter(grants__role__code=value, grants__ended_at=None)
