"""Complaints as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.access.models import User
from apps.bills.queries import people
from apps.bills.serializers.fields import known_as
from apps.cases.domain.complaints import ComplaintChannel, Finding, RootCause, Topic
from apps.cases.forms.complaints import LONGEST
from apps.cases.models import Complaint, Contact
from apps.cases.queries import complaints as queries
from apps.cases.queries import worklist
from apps.customers.models import Customer


def _named(**options: Any) -> "serializers.SlugRelatedField[User]":
    return serializers.SlugRelatedField("username", **options)


class ComplaintSerializer(serializers.ModelSerializer[Complaint]):
    """A complaint with its clock and, once there is one, its answer."""

    customer = known_as(read_only=True)
    case = known_as(read_only=True)
    about, handler = _named(read_only=True), _named(read_only=True)
    recorded_by, answered_by = _named(read_only=True), _named(read_only=True)

    class Meta:
        model = Complaint
        fields = (
            "reference", "customer", "case", "contact", "about", "channel", "topic", "text", "status", "term",
            "received_date", "due_date", "recorded_by", "recorded_at", "handler", "finding", "root_cause", "answer",
            "remedy", "answered_date", "answered_by",
        )  # fmt: skip


class NewComplaintSerializer(serializers.Serializer[Complaint]):
    """A complaint to record; with a contact it is about whoever made that."""

    customer = known_as(queryset=Customer.objects.none())
    channel = serializers.ChoiceField([channel.value for channel in ComplaintChannel])
    topic = serializers.ChoiceField([topic.value for topic in Topic])
    text = serializers.CharField(max_length=LONGEST)
    received_date = serializers.DateField(allow_null=True, default=None)
    contact: "serializers.PrimaryKeyRelatedField[Contact]" = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.none(), allow_null=True, default=None
    )
    about = _named(queryset=User.objects.none(), allow_null=True, default=None)

    def get_fields(self) -> dict[str, Any]:
        """Customers and contacts are those that the user may see."""
        fields = super().get_fields()
        if user := self.context.get("user"):
            fields["customer"] = known_as(queryset=people.visible_to(user))
            fields["about"] = _named(queryset=queries.people_to_name(), allow_null=True, default=None)
            fields["contact"] = serializers.PrimaryKeyRelatedField(
                queryset=worklist.contacts(user), allow_null=True, default=None
            )
        return fields

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """The words as the actions know them."""
        return {**data, "channel": ComplaintChannel(data["channel"]), "topic": Topic(data["topic"])}


class HandlerSerializer(serializers.Serializer[Complaint]):
    """Who handles it."""

    handler = _named(queryset=User.objects.all())


class ComplaintAnswerSerializer(serializers.Serializer[Complaint]):
    """The answer to a complaint."""

    finding = serializers.ChoiceField([finding.value for finding in Finding])
    root_cause = serializers.ChoiceField([cause.value for cause in RootCause])
    answer = serializers.CharField(max_length=LONGEST)
    remedy = serializers.CharField(max_length=LONGEST, allow_blank=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        """The words as the actions know them."""
        return {**data, "finding": Finding(data["finding"]), "root_cause": RootCause(data["root_cause"])}
