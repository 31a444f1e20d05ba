"""A close as the API shows it."""

from typing import Any

from rest_framework import serializers

from apps.closing import queries
from apps.closing.models import Day


class DaySerializer(serializers.ModelSerializer[Day]):
    """A day with what its steps did so far."""

    seconds = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    counts = serializers.SerializerMethodField()

    class Meta:
        model = Day
        fields = ("date", "status", "partitions", "started_at", "closed_at", "seconds", "steps", "counts")

    def get_seconds(self, day: Day) -> float:
        """From the beginning to the end, 0 while it is under way."""
        return round(queries.result_of(day).seconds, 3)

    def get_steps(self, day: Day) -> list[dict[str, Any]]:
        """Name, rows written and seconds of each step."""
        return [
            {"name": step.name, "rows": step.rows, "seconds": round(step.seconds, 3)}
            for step in queries.result_of(day).steps
        ]

    def get_counts(self, day: Day) -> dict[str, int]:
        """Named totals, such as `cases_opened`."""
        return dict(queries.result_of(day).counts)
