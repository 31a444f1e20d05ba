"""Repayment files as the API shows and takes them."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers

from apps.bills.models import Intake
from apps.bills.queries import intakes
from apps.bills.queries.sources import SUFFIXES


class RefusedRowSerializer(serializers.Serializer[Any]):
    """A row that was not taken; row 0 is the file as a whole."""

    row = serializers.IntegerField()
    column = serializers.CharField()
    reason = serializers.CharField()


class IntakeSerializer(serializers.ModelSerializer[Intake]):
    """A file and what has become of its rows so far."""

    done = serializers.SerializerMethodField("rows_done", help_text="Rows that are done, of `rows`.")
    refusals = serializers.SerializerMethodField("first_refusals", help_text="The first 100 of them.")

    class Meta:
        model = Intake
        fields = (
            "reference", "file_name", "sha256", "size", "is_whole", "state", "business_date", "rows", "done", "created",
            "parked", "unchanged", "refused", "started_at", "finished_at", "refusals",
        )  # fmt: skip

    def rows_done(self, intake: Intake) -> int:
        """How far it has come."""
        return intakes.standing(intake).done

    def first_refusals(self, intake: Intake) -> list[dict[str, Any]]:
        """What was not taken."""
        return [{"row": r.row, "column": r.column, "reason": r.reason} for r in intakes.first_refusals(intake, 100)]


class UploadSerializer(serializers.Serializer[Intake]):
    """A file to take."""

    file = serializers.FileField(help_text="CSV in UTF-8, or Parquet.")
    is_whole = serializers.BooleanField(default=False, help_text="One bad row refuses the whole file.")

    def validate_file(self, file: Any) -> Any:
        """A name that says which of the two it is."""
        if not file.name.lower().endswith(SUFFIXES):
            raise serializers.ValidationError(_("The file's name ends neither in .csv nor in .parquet."))
        return file
