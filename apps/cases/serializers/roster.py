"""The roster and the assignment as the API shows and takes them."""

from typing import Any

from django.conf import settings
from rest_framework import serializers

from apps.access.models import User
from apps.bills.models import Product
from apps.cases.actions.roster import LARGEST, Entry
from apps.cases.domain.assignment import Left
from apps.cases.models import RosterEntry
from apps.cases.queries import roster

LANGUAGES = [code[:2] for code, _ in settings.LANGUAGES]


class RosterEntrySerializer(serializers.ModelSerializer[RosterEntry]):
    """What somebody may be given."""

    user = serializers.CharField(source="user.username")

    class Meta:
        model = RosterEntry
        fields = ("user", "queues", "languages", "products", "capacity", "away_until_date")


class RosterChangeSerializer(serializers.Serializer[RosterEntry]):
    """What somebody may be given from now on."""

    queues = serializers.ListField(child=serializers.SlugField(), allow_empty=False)
    languages = serializers.ListField(child=serializers.ChoiceField(LANGUAGES), allow_empty=False)
    products = serializers.ListField(
        child=serializers.SlugRelatedField("code", queryset=Product.objects.all()), required=False, default=list
    )
    capacity = serializers.IntegerField(min_value=0, max_value=LARGEST)
    away_until_date = serializers.DateField(required=False, allow_null=True, default=None)

    def entry(self) -> Entry:
        """What was sent."""
        sent = self.validated_data
        codes = [product.code for product in sent["products"]]
        return Entry(sent["queues"], sent["languages"], sent["capacity"], codes, sent["away_until_date"])


class NewRosterEntrySerializer(RosterChangeSerializer):
    """Who may be given what."""

    user = serializers.SlugRelatedField("username", queryset=User.objects.none())

    def get_fields(self) -> dict[str, Any]:
        """Somebody who may work on cases and is not on the roster."""
        candidates = serializers.SlugRelatedField("username", queryset=roster.candidates())
        return super().get_fields() | {"user": candidates}


class AssignmentOrderSerializer(serializers.Serializer[Any]):
    """Whether it is only to be shown."""

    dry_run = serializers.BooleanField(default=False)


class GivenSerializer(serializers.Serializer[Any]):
    """A case and who gets it."""

    case = serializers.CharField()
    owner = serializers.CharField()


class LeftSerializer(serializers.Serializer[Any]):
    """A case that stays with its queue, and why."""

    case = serializers.CharField()
    reason = serializers.ChoiceField([reason.value for reason in Left])


class RosterAssignmentSerializer(serializers.Serializer[Any]):
    """What an assignment did, or would do."""

    dry_run = serializers.BooleanField()
    given = GivenSerializer(many=True)
    left = LeftSerializer(many=True)
