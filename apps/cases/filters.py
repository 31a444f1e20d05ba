"""The filters of the worklist and of the lists of cases, tasks, contacts and promises."""

from collections.abc import Iterable

import django_filters as filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.access.guard import user_of
from apps.access.queries import scopes
from apps.bills.filters import Day
from apps.bills.queries import wording as bills
from apps.cases.domain.status import TaskStatus
from apps.cases.models import Arrangement, Case, Complaint, Contact, Dispute, Hold, Promise, Task
from apps.cases.queries import arrangement_words, complaint_words, dispute_words, hold_words, labels, worklist
from apps.core import registry
from apps.core.registry import Text
from apps.customers.models import Placement
from apps.customers.queries import wording as customers

SCOPES = [("mine", _("Mine")), ("team", _("My team's")), ("unowned", _("Nobody's"))]


def _named(kind: str, values: Iterable[str]) -> list[tuple[str, Text]]:
    return [(value, registry.word(kind, value).label) for value in values]


def queues() -> list[tuple[str, Text]]:
    """Every queue that a strategy names."""
    return _named("queue", worklist.queues())


def stages() -> list[tuple[str, Text]]:
    """Every stage that a strategy knows."""
    return _named("stage", worklist.stages())


class Worklist(filters.FilterSet):
    """Open cases by queue, stage, bucket, what is overdue, and whose they are."""

    queue = filters.ChoiceFilter(label=_("Queue"), choices=queues, empty_label=_("All"))
    scope = filters.ChoiceFilter(label=_("Whose"), choices=SCOPES, method="of_whom", empty_label=_("Everybody's"))
    stage = filters.ChoiceFilter(label=_("Stage"), choices=stages, empty_label=_("All"))
    task = filters.ChoiceFilter(
        label=_("Task"), choices=[("open", _("Open"))], method="with_task", empty_label=_("With or without")
    )
    bucket = filters.ChoiceFilter(
        label=_("Bucket"),
        field_name="customer__account__bucket",
        choices=[(value, word.label) for value, word in bills.BUCKETS.items()],
        empty_label=_("All"),
    )
    overdue_from = filters.NumberFilter(
        label=_("Overdue from"), field_name="overdue_amount", lookup_expr="gte", min_value=0, max_value=10**11
    )

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()

    def with_task(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """Those in which a person has something to do."""
        return rows.filter(Exists(Task.objects.filter(case=OuterRef("pk"), status=TaskStatus.OPEN)))

    def of_whom(self, rows: QuerySet[Case], name: str, value: str) -> QuerySet[Case]:
        """One's own, those of one's team, or those of nobody."""
        user = user_of(self.request)
        if value == "unowned":
            return rows.filter(owner=None)
        mine = Q(owner=user)
        if value == "team" and user.team_id is not None:
            mine |= Q(owner__team=user.team_id)
        return rows.filter(mine)


class Cases(filters.FilterSet):
    """Cases by stage, queue, owner, status, customer and the date on which they were opened."""

    status = filters.ChoiceFilter(choices=labels.menu(labels.CASES))
    stage = filters.CharFilter()
    queue = filters.CharFilter()
    owner = filters.CharFilter(field_name="owner__username")
    customer = filters.CharFilter(field_name="customer__reference")
    opened_from = filters.DateFilter(field_name="opened_date", lookup_expr="gte")
    opened_to = filters.DateFilter(field_name="opened_date", lookup_expr="lte")

    class Meta:
        model = Case
        fields: tuple[str, ...] = ()


class Tasks(filters.FilterSet):
    """Tasks by case, queue, owner, status and due date."""

    case = filters.CharFilter(field_name="case__reference")
    status = filters.ChoiceFilter(choices=labels.menu(labels.TASKS))
    queue = filters.CharFilter()
    owner = filters.CharFilter(field_name="owner__username")
    due_from = filters.DateFilter(field_name="due_date", lookup_expr="gte")
    due_to = filters.DateFilter(field_name="due_date", lookup_expr="lte")

    class Meta:
        model = Task
        fields: tuple[str, ...] = ()


class Contacts(filters.FilterSet):
    """Contacts by case, channel, outcome, agent and business date."""

    case = filters.CharFilter(field_name="case__reference")
    channel = filters.ChoiceFilter(choices=labels.menu(customers.CHANNELS))
    outcome = filters.ChoiceFilter(choices=labels.menu(labels.OUTCOMES))
    recorded_by = filters.CharFilter(field_name="recorded_by__username")
    contacted_from = filters.DateFilter(field_name="contacted_date", lookup_expr="gte")
    contacted_to = filters.DateFilter(field_name="contacted_date", lookup_expr="lte")

    class Meta:
        model = Contact
        fields: tuple[str, ...] = ()


class Promises(filters.FilterSet):
    """Promises by case, status and the date by which they are to be kept."""

    case = filters.CharFilter(field_name="case__reference")
    status = filters.ChoiceFilter(choices=labels.menu(labels.PROMISES))
    promised_from = filters.DateFilter(field_name="promised_date", lookup_expr="gte")
    promised_to = filters.DateFilter(field_name="promised_date", lookup_expr="lte")

    class Meta:
        model = Promise
        fields: tuple[str, ...] = ()


class Complaints(filters.FilterSet):
    """Complaints by where they stand, what they are about, whose they are to handle, and when they are due."""

    status = filters.ChoiceFilter(
        label=_("Status"), choices=labels.menu(complaint_words.STATUSES), empty_label=_("All")
    )
    scope = filters.ChoiceFilter(
        label=_("Whose"),
        choices=[("mine", _("Mine")), ("unowned", _("Nobody's"))],
        method="of_whom",
        empty_label=_("Everybody's"),
    )
    topic = filters.ChoiceFilter(
        label=_("About what"), choices=labels.menu(complaint_words.TOPICS), empty_label=_("All")
    )
    customer = filters.CharFilter(label=_("Customer"), field_name="customer__reference")
    due_to = Day(label=_("Due by"), field_name="due_date", lookup_expr="lte")

    class Meta:
        model = Complaint
        fields: tuple[str, ...] = ()

    def of_whom(self, rows: QuerySet[Complaint], name: str, value: str) -> QuerySet[Complaint]:
        """One's own, or those that nobody handles yet."""
        return rows.filter(handler=user_of(self.request) if value == "mine" else None)


class Holds(filters.FilterSet):
    """Holds by kind, where they stand, and customer."""

    kind = filters.ChoiceFilter(label=_("Kind"), choices=labels.menu(hold_words.HOLD_KINDS), empty_label=_("All"))
    status = filters.ChoiceFilter(
        label=_("Status"), choices=labels.menu(hold_words.HOLD_STATUSES), empty_label=_("All")
    )
    customer = filters.CharFilter(label=_("Customer"), field_name="customer__reference")

    class Meta:
        model = Hold
        fields: tuple[str, ...] = ()


class Disputes(filters.FilterSet):
    """Disputes by where they stand, their ground, whose they are to handle, and when they are due."""

    status = filters.ChoiceFilter(
        label=_("Status"),
        choices=[("undecided", _("To be answered")), *labels.menu(dispute_words.DISPUTES)],
        method="as_they_stand",
        empty_label=_("All"),
    )
    scope = filters.ChoiceFilter(
        label=_("Whose"),
        choices=[("mine", _("Mine")), ("unowned", _("Nobody's"))],
        method="of_whom",
        empty_label=_("Everybody's"),
    )
    ground = filters.ChoiceFilter(label=_("Ground"), choices=labels.menu(dispute_words.GROUNDS), empty_label=_("All"))
    customer = filters.CharFilter(label=_("Customer"), field_name="customer__reference")
    due_to = Day(label=_("Due by"), field_name="due_date", lookup_expr="lte")

    class Meta:
        model = Dispute
        fields: tuple[str, ...] = ()

    def as_they_stand(self, rows: QuerySet[Dispute], name: str, value: str) -> QuerySet[Dispute]:
        """Those in one state, or all that are not decided."""
        return rows.filter(ended_date=None) if value == "undecided" else rows.filter(status=value)

    def of_whom(self, rows: QuerySet[Dispute], name: str, value: str) -> QuerySet[Dispute]:
        """One's own, or those that nobody handles yet."""
        return rows.filter(handler=user_of(self.request) if value == "mine" else None)


class Arrangements(filters.FilterSet):
    """Arrangements by kind, where they stand, customer and case, whose proposal, and when the last payment is due."""

    status = filters.ChoiceFilter(
        label=_("Status"), choices=labels.menu(arrangement_words.STATUSES), empty_label=_("All")
    )
    kind = filters.ChoiceFilter(label=_("Kind"), choices=labels.menu(arrangement_words.KINDS), empty_label=_("All"))
    customer = filters.CharFilter(label=_("Customer"), field_name="customer__reference")
    proposed_by = filters.CharFilter(label=_("Proposed by"), field_name="proposed_by__username")
    last_to = Day(label=_("Last payment by"), field_name="last_date", lookup_expr="lte")

    class Meta:
        model = Arrangement
        fields: tuple[str, ...] = ()


class Placements(filters.FilterSet):
    """Placements by agency and customer, those that stand or all."""

    agency = filters.ModelChoiceFilter(
        label=_("Agency"), queryset=scopes.agencies(), to_field_name="code", empty_label=_("All")
    )
    customer = filters.CharFilter(label=_("Customer"), field_name="customer__reference")
    stands = filters.ChoiceFilter(
        label=_("State"), choices=[("yes", _("Placed")), ("no", _("Recalled"))], method="standing", empty_label=_("All")
    )

    class Meta:
        model = Placement
        fields: tuple[str, ...] = ()

    def standing(self, rows: QuerySet[Placement], name: str, value: str) -> QuerySet[Placement]:
        """Those that stand, or those that were recalled."""
        return rows.filter(recalled_at__isnull=value == "yes")
