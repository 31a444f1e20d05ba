"""The editor of a strategy: its document as a form of rows, and back."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.bills.domain.kinds import Bucket
from apps.cases.domain.status import ExistingCases, StepKind
from apps.cases.domain.strategy import USUAL_EXITS
from apps.cases.domain.strategy_schema import FIRST_DAY, LAST_DAY
from apps.cases.forms.strategy_fields import Amount, Code, Codes, Days, Number
from apps.cases.queries import labels
from apps.cases.queries.labels import menu
from apps.core.forms import Day
from apps.customers.domain.contact import Channel

MOST_ROWS = 40  # a form may have 1,000 fields
Document = dict[str, Any]


class Head(forms.Form):
    """What holds for the whole strategy."""

    name = forms.CharField(label=_("Name"), max_length=100)
    existing_cases = forms.ChoiceField(label=_("Existing cases"), choices=menu(labels.RULES))
    within_days = Number(0, 365, label=_("Promises up to so many days ahead"))
    grace_days = Number(0, 30, label=_("Days of grace of a promise"))
    messages = Number(1, 10, label=_("Messages a day to one customer"), required=False, help_text=_("Empty: no cap."))
    tasks = Number(1, 10, label=_("Calls a day about one customer"), required=False, help_text=_("Empty: no cap."))
    salt = forms.CharField(
        label=_("Name of the experiment"),
        max_length=40,
        required=False,
        help_text=_("With the arms below; while it stays, a customer stays in one arm."),
    )


class StepRow(forms.Form):
    """One step."""

    code = Code(label=_("Step"))
    kind = forms.ChoiceField(label=_("Makes"), choices=menu(labels.KINDS))
    from_day = Number(FIRST_DAY, LAST_DAY, label=_("From day"), required=False, help_text=_("Empty: its first day."))
    days = Days(label=_("Acts on days"), help_text=_("Empty: once, when it begins."))
    beside = Code(label=_("Beside the stage"), required=False, help_text=_("Empty: it is a stage itself."))
    queue = forms.ChoiceField(label=_("Queue"), required=False, choices=[("", "—"), *menu(labels.QUEUES)])
    template = Code(label=_("Text"), required=False)
    channels = Codes(label=_("Channels in order"), help_text=", ".join(c.value for c in Channel if c != Channel.CALL))
    segments = Codes(label=_("Only segments"), help_text=_("Empty: every case."))
    arms = Codes(label=_("Only arms"), help_text=_("Empty: all but holdouts."))
    wait = Number(0, 90, label=_("Wait days after a contact"), required=False)
    minutes = Number(1, 480, label=_("Minutes of an agent"), required=False, help_text=_("Empty: as usual."))
    exits = forms.MultipleChoiceField(
        label=_("Ends with"), required=False, choices=menu(labels.EXITS), widget=forms.CheckboxSelectMultiple
    )

    @classmethod
    def initial_of(cls, raw: Mapping[str, Any]) -> Document:
        """A step of a document as the form shows it."""
        shown = dict(raw) | {"from_day": raw.get("from")}
        shown["exits"] = raw.get("exits", _usual(raw.get("kind"), raw.get("days")))
        return shown

    def document(self) -> Document:
        """The step as a document says it, without what says nothing."""
        said = self.cleaned_data
        found = {name: said[name] for name in ("code", "kind")}
        found |= {"from": said["from_day"]} if said["from_day"] is not None else {}
        names = ("days", "beside", "queue", "template", "channels", "segments", "arms", "wait", "minutes")
        found |= {name: said[name] for name in names if said[name]}
        if set(said["exits"]) != set(_usual(said["kind"], said["days"])):
            found["exits"] = said["exits"]
        return found


class SegmentRow(forms.Form):
    """One segment."""

    code = Code(label=_("Segment"))
    buckets = Codes(label=_("Buckets"), help_text=", ".join(Bucket))
    amount_from = Amount(label=_("Overdue from"))
    amount_below = Amount(label=_("Overdue below"))
    products = Codes(label=_("Products"))
    tenure_from = Number(0, 36_500, label=_("Customer for days from"), required=False)
    tenure_below = Number(0, 36_500, label=_("Customer for days below"), required=False)
    first_payment_default = forms.ChoiceField(
        label=_("Never paid an instalment"), required=False, choices=[("", "—"), ("yes", _("yes")), ("no", _("no"))]
    )

    @classmethod
    def initial_of(cls, raw: Mapping[str, Any]) -> Document:
        """A segment of a document as the form shows it."""
        said = raw.get("first_payment_default")
        return dict(raw) | {"first_payment_default": "" if said is None else "yes" if said else "no"}

    def document(self) -> Document:
        """The segment as a document says it."""
        said = self.cleaned_data
        found = {"code": said["code"]}
        names = ("buckets", "amount_from", "amount_below", "products", "tenure_from", "tenure_below")
        found |= {name: said[name] for name in names if said[name] not in (None, "", [])}
        if said["first_payment_default"]:
            found["first_payment_default"] = said["first_payment_default"] == "yes"
        return found


class ArmRow(forms.Form):
    """One arm."""

    code = Code(label=_("Arm"))
    role = forms.ChoiceField(label=_("Is the"), choices=menu(labels.ROLES))
    weight = Number(0, 100, label=_("Percent of the customers"))

    @classmethod
    def initial_of(cls, raw: Mapping[str, Any]) -> Document:
        """An arm of a document as the form shows it."""
        return dict(raw)

    def document(self) -> Document:
        """The arm as a document says it."""
        return {name: self.cleaned_data[name] for name in ("code", "role", "weight")}


Row = StepRow | SegmentRow | ArmRow
KINDS: dict[str, type[Row]] = {"segment": SegmentRow, "arm": ArmRow, "step": StepRow}


class Editor:
    """All rows of a strategy, as they are or as they were typed."""

    def __init__(self, base: Document, data: Any = None) -> None:
        """Show a document, or what was typed over it."""
        self.base, self.data, self.is_altered = base, data, False
        self.head = Head(data, initial=_head(base))
        self.rows: dict[str, list[Row]] = {}
        for kind, row in KINDS.items():
            if data is None:
                shown = [row.initial_of(raw) for raw in _raw(base, kind)]
                self.rows[kind] = [row(prefix=f"{kind}-{n}", initial=raw) for n, raw in enumerate(shown)]
            else:
                self.rows[kind] = [row(data, prefix=f"{kind}-{n}") for n in range(_count(data, kind))]

    def is_valid(self) -> bool:
        """Whether all of it can be read."""
        return all([self.head.is_valid(), *(row.is_valid() for rows in self.rows.values() for row in rows)])

    def document(self) -> Document:
        """What was typed, as a document."""
        said = self.head.cleaned_data
        found: Document = {"code": self.base["code"], "version": self.base["version"], "name": said["name"]}
        if said["existing_cases"] != ExistingCases.AT_NEXT_STAGE or "existing_cases" in self.base:
            found["existing_cases"] = said["existing_cases"]
        found["promises"] = {name: said[name] for name in ("within_days", "grace_days")}
        if caps := {name: said[name] for name in ("messages", "tasks") if said[name]}:
            found["caps"] = caps
        made = {kind: [row.document() for row in rows] for kind, rows in self.rows.items()}
        if made["segment"]:
            found["segments"] = made["segment"]
        if made["arm"]:
            found["experiment"] = {"salt": said["salt"] or f"{self.base['code']}-{self.base['version']}"}
            found["experiment"]["arms"] = made["arm"]
        return found | {"steps": made["step"]}

    def altered(self, do: str) -> "Editor":
        """The same with a row added, taken out or moved: `add:step`, `remove:step:3`, `up:step:3`, `down:step:3`."""
        verb, kind, place = (*do.split(":"), "", "")[:3]
        shown = Editor(self.base)
        shown.is_altered = True
        shown.head = Head(initial=_typed(self.data, "", Head))
        for name, row in KINDS.items():
            typed = [_typed(self.data, f"{name}-{n}-", row) for n in range(_count(self.data, name))]
            if name == kind:
                _alter(typed, verb, int(place) if place.isdigit() else len(typed))
            shown.rows[name] = [row(prefix=f"{name}-{n}", initial=raw) for n, raw in enumerate(typed[:MOST_ROWS])]
        return shown


class Period(forms.Form):
    """The days of a simulation."""

    first_date = Day(label=_("From"))
    last_date = Day(label=_("To"), help_text=_("A closed day, or the next one to close; up to 31 days."))
    is_everybody = forms.BooleanField(
        label=_("Every case under it at once"),
        required=False,
        help_text=_("Otherwise cases move to it as it says itself."),
    )


class RollBack(forms.Form):
    """Why, and when cases move back."""

    existing_cases = forms.TypedChoiceField(
        label=_("Existing cases"), choices=menu(labels.RULES), coerce=ExistingCases, initial=ExistingCases.AT_ONCE
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("Kept in the trail.")
    )


def _usual(kind: Any, days: Any) -> list[str]:
    return [exit_.value for exit_ in USUAL_EXITS.get(kind, ())] if days and kind in set(StepKind) else []


def _head(base: Mapping[str, Any]) -> Document:
    shown = {"name": base["name"], "existing_cases": base.get("existing_cases", ExistingCases.AT_NEXT_STAGE)}
    return (
        shown | dict(base["promises"]) | dict(base.get("caps", {})) | {"salt": base.get("experiment", {}).get("salt")}
    )


def _raw(base: Mapping[str, Any], kind: str) -> list[Any]:
    found: list[Any] = base.get("experiment", {}).get("arms", []) if kind == "arm" else base.get(f"{kind}s", [])
    return found


def _count(data: Any, kind: str) -> int:
    given = str(data.get(f"{kind}-count", ""))
    return min(int(given), MOST_ROWS) if given.isascii() and given.isdigit() else 0


def _typed(data: Any, prefix: str, form: type[forms.Form]) -> Document:
    """What stands in the fields of a row, whether it can be read or not."""
    return {
        name: data.getlist(f"{prefix}{name}")
        if isinstance(field, forms.MultipleChoiceField)
        else data.get(prefix + name)
        for name, field in form.base_fields.items()
    }


def _alter(rows: list[Document], verb: str, place: int) -> None:
    if verb == "add":
        rows.append({})
    elif place < len(rows) and verb == "remove":
        del rows[place]
    elif place < len(rows) and verb in ("up", "down"):
        other = place + (1 if verb == "down" else -1)
        if 0 <= other < len(rows):
            rows[place], rows[other] = rows[other], rows[place]
