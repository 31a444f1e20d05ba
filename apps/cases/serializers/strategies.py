"""Versions of strategies, their simulations and what is asked about them, as the API shows and takes them."""

from typing import Any

from rest_framework import serializers

from apps.cases.domain.status import ExistingCases
from apps.cases.models import Simulation, StrategyVersion


class StrategySerializer(serializers.ModelSerializer[StrategyVersion]):
    """A version of a strategy with its whole document."""

    reference = serializers.CharField(source="__str__", help_text="`code@version`.")
    base = serializers.CharField(help_text="The version that it was drawn from.", allow_null=True)
    drafted_by = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]
    document = serializers.DictField(help_text="As the schema at `/api/strategies/schema/` says.")

    class Meta:
        model = StrategyVersion
        fields = (
            "reference", "code", "version", "status", "existing_cases", "base", "drafted_by", "drafted_at",
            "published_at", "document",
        )  # fmt: skip
        read_only_fields = fields


class DocumentSerializer(serializers.Serializer[Any]):
    """A strategy's document."""

    document = serializers.DictField(help_text="As the schema at `/api/strategies/schema/` says.")


class FaultsSerializer(serializers.Serializer[Any]):
    """What is wrong with a document, in sentences that name the step; an empty list where nothing is."""

    faults = serializers.ListField(child=serializers.CharField())


class StrategyChangeSerializer(serializers.Serializer[Any]):
    """One difference of two versions; `field` is empty where a whole part came, went or moved."""

    kind = serializers.CharField(help_text="`added`, `removed`, `changed` or `moved`.")
    part = serializers.CharField()
    name = serializers.CharField()
    field = serializers.CharField()
    before = serializers.JSONField()
    after = serializers.JSONField()
    sentence = serializers.CharField()


class RollBackSerializer(serializers.Serializer[Any]):
    """Why an earlier version is to be in force again, and when cases move back to it."""

    existing_cases = serializers.ChoiceField(
        [rule.value for rule in ExistingCases], default=ExistingCases.AT_ONCE.value
    )
    reason = serializers.CharField(max_length=500)

    def validate_existing_cases(self, value: str) -> ExistingCases:
        """The word as the actions know it."""
        return ExistingCases(value)


class PeriodSerializer(serializers.Serializer[Any]):
    """The days of a simulation: closed ones, or the next to close; up to 31."""

    first_date = serializers.DateField()
    last_date = serializers.DateField()
    is_everybody = serializers.BooleanField(
        default=False, help_text="Every case under it at once, whatever the version says of existing cases."
    )


class SimulationSerializer(serializers.ModelSerializer[Simulation]):
    """A simulation; `result` holds the totals, steps and reasons of the version and of the one in force beside it."""

    version = serializers.CharField()
    beside = serializers.CharField(allow_null=True)
    made_by = serializers.SlugRelatedField("username", read_only=True)  # type: ignore[var-annotated]
    days = serializers.IntegerField(source="progress.days")
    days_done = serializers.IntegerField(source="progress.days_done")

    class Meta:
        model = Simulation
        fields = (
            "reference", "version", "beside", "first_date", "last_date", "is_everybody", "status", "days", "days_done",
            "result", "made_by", "made_at", "finished_at",
        )  # fmt: skip
        read_only_fields = fields
