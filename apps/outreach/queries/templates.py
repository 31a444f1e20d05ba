"""The texts: the version in use of each, cut at its placeholders."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from apps.core.domain.refusal import Refused
from apps.customers.domain.contact import Channel
from apps.outreach.domain import texts
from apps.outreach.domain.texts import Parts
from apps.outreach.models import Template

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """A text in use: subject and body as literals and placeholders."""

    template: int
    subject: Parts
    body: Parts


class Library:
    """The texts in use, looked up by code, channel and language."""

    def __init__(self, found: Mapping[tuple[str, str, str], Text]) -> None:
        self.found = found

    def text(self, code: str, channel: Channel, language: str) -> Text:
        """The text in the language, else in English; refused where there is neither."""
        text = self.find(code, channel, language)
        if text is None:
            raise Refused(f"There is no approved text “{code}” for {channel}.", code="template_unknown")
        return text

    def find(self, code: str, channel: Channel, language: str) -> Text | None:
        """The text in the language, else in English, else none."""
        return self.found.get((code, channel, language)) or self.found.get((code, channel, FALLBACK))


def library() -> Library:
    """The newest approved version of every text."""
    rows = Template.objects.filter(approved_at__isnull=False).order_by("code", "channel", "language", "version")
    return Library(
        {
            (row.code, row.channel, row.language): Text(row.pk, texts.parts(row.subject), texts.parts(row.body))
            for row in rows
        }
    )


def exists(code: str) -> bool:
    """Whether there is an approved text of that name."""
    return Template.objects.filter(code=code, approved_at__isnull=False).exists()


def published() -> QuerySet[Template]:
    """All versions, the newest of a text first."""
    return Template.objects.order_by("code", "channel", "language", "-version")
