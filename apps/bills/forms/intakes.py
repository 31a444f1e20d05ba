"""A file of repayments to be taken."""

from pathlib import Path
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from apps.bills.queries.sources import SUFFIXES


class Upload(forms.Form):
    """The file, and whether one bad row refuses it whole."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV in UTF-8 or Parquet: reference, customer, received_date, amount, and if you like more."),
        widget=forms.FileInput(attrs={"accept": ".csv,.parquet"}),
    )
    is_whole = forms.BooleanField(
        label=_("Whole or not at all"),
        required=False,
        help_text=_("One bad row refuses the whole file; otherwise the good rows are taken and the bad ones named."),
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        """A name that says which of the two it is."""
        file: Any = self.cleaned_data["file"]
        if Path(file.name).suffix.lower() not in SUFFIXES:
            raise forms.ValidationError(_("The file's name ends neither in .csv nor in .parquet."))
        return file  # type: ignore[no-any-return]
