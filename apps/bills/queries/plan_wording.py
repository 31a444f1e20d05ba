"""What agreements are called on a screen."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from apps.bills.domain.kinds import RestructuringKind, RestructuringStatus
from apps.core.registry import Word

Words = Mapping[str, Word]

KINDS: Words = {
    RestructuringKind.EXTEND: Word(_("New instalments")),
    RestructuringKind.MOVE: Word(_("Dates moved")),
    RestructuringKind.GRACE: Word(_("Grace")),
    RestructuringKind.RE_AGE: Word(_("One plan for all bills")),
}
STATUSES: Words = {
    RestructuringStatus.ACTIVE: Word(_("In force"), "good"),
    RestructuringStatus.UNDONE: Word(_("Undone"), "warning"),
}
WORDS: dict[str, Words] = {"restructuring_kind": KINDS, "restructuring": STATUSES}
