"""Permissions and objections in words."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as noop

from apps.access import registry as shell
from apps.access.domain.approval import Objection, RequestStatus, Verdict
from apps.access.domain.emergency import MARK
from apps.access.domain.permissions import Permission
from apps.access.models import ApprovalDecision, ApprovalRequest
from apps.access.queries import people
from apps.core import registry
from apps.core.texts import gettext as _
from apps.core.texts import listed

PERMISSIONS = {
    Permission.HOME_READ: noop("Open the home page"),
    Permission.WORKLIST_READ: noop("See the worklist"),
    Permission.CASE_READ: noop("Read cases"),
    Permission.CASE_WORK: noop("Work on cases"),
    Permission.CASE_ASSIGN: noop("Assign cases"),
    Permission.CUSTOMER_READ: noop("Read customers"),
    Permission.BILL_READ: noop("Read bills and the ledger"),
    Permission.REPAYMENT_RECORD: noop("Record repayments"),
    Permission.REPAYMENT_REVERSE: noop("Reverse repayments and refunds"),
    Permission.REFUND_RECORD: noop("Record refunds"),
    Permission.PURCHASE_RECORD: noop("Record purchases"),
    Permission.PAYOUT_REQUEST: noop("Ask to pay out a credit balance"),
    Permission.SUSPENSE_DECIDE: noop("Assign and give back money in suspense"),
    Permission.MANDATE_MANAGE: noop("Note and revoke mandates, withdraw debits"),
    Permission.INTAKE_RUN: noop("Take files of repayments"),
    Permission.PRODUCT_PROPOSE: noop("Open products and propose their conditions"),
    Permission.WAIVER_REQUEST: noop("Request waivers"),
    Permission.PAUSE_DECIDE: noop("Pause accounts"),
    Permission.RESTRUCTURING_REQUEST: noop("Request restructurings"),
    Permission.ARRANGEMENT_PROPOSE: noop("Propose arrangements"),
    Permission.RESTRUCTURING_UNDO: noop("Undo restructurings"),
    Permission.WRITE_OFF_REQUEST: noop("Request write-offs and their reversal"),
    Permission.APPROVAL_READ: noop("Read approvals"),
    Permission.APPROVAL_DECIDE: noop("Decide approvals"),
    Permission.COMPLAINT_READ: noop("Read complaints"),
    Permission.COMPLAINT_RECORD: noop("Record complaints"),
    Permission.COMPLAINT_HANDLE: noop("Handle complaints"),
    Permission.HOLD_PLACE: noop("Place holds"),
    Permission.HOLD_DECIDE: noop("Lift and extend holds, and place those that take more"),
    Permission.DISPUTE_RECORD: noop("Record disputes"),
    Permission.DISPUTE_DECIDE: noop("Decide disputes"),
    Permission.PLACEMENT_REQUEST: noop("Ask to place cases with agencies, and recall them"),
    Permission.AGENCY_MANAGE: noop("List agencies and strike them off"),
    Permission.STRATEGY_READ: noop("Read strategies"),
    Permission.STRATEGY_DRAFT: noop("Draft strategies, simulate them and ask for their publication"),
    Permission.OUTREACH_READ: noop("Read outreach"),
    Permission.CLOSE_READ: noop("See the nightly close"),
    Permission.AUTHORITY_PROPOSE: noop("Propose who must agree"),
    Permission.EMERGENCY_TAKE: noop("Take a role in an emergency"),
    Permission.CONTROL_WATCH: noop("Watch the controls and review emergencies"),
    Permission.STAFF_READ: noop("See staff and roles"),
    Permission.STAFF_MANAGE: noop("Look after people's sign-in, and dismiss them"),
    Permission.ERASURE_REQUEST: noop("Ask for personal data to be erased"),
    Permission.PERSONAL_REVEAL: noop("Have personal values shown"),
    Permission.AUDIT_READ: noop("Read the audit trail"),
    Permission.AUDIT_VERIFY: noop("See whether the audit trail is whole, and verify it"),
    Permission.AUDIT_EXPORT: noop("Export the audit trail"),
    Permission.AUDIT_COSIGN: noop("Co-sign the audit trail's checkpoints"),
    Permission.API_READ: noop("Use the API"),
}
ACTIONS = {  # that the shipped matrix rules before an app declares them
    "bills.waive_late_fee": noop("Waive a late fee"),
    "bills.write_off": noop("Write off"),
    "bills.restructure": noop("Restructure"),
    "bills.reverse_write_off": noop("Reverse a write-off"),
    "customers.erase": noop("Erase personal data"),
    "cases.extend_complaint": noop("Take 60 days for a complaint"),
    "cases.place": noop("Place with an agency"),
    "cases.arrangement": noop("Arrangement with a customer"),
    "cases.publish_strategy": noop("Publish a strategy"),
    "cases.roll_back_strategy": noop("Go back to an earlier strategy"),
    "credit.change_limit": noop("Change a credit limit"),
}
FACTS = {
    "base_version": registry.Word(gettext_lazy("Drawn from matrix")),
    "effective_date": registry.Word(gettext_lazy("In force from")),
    "lines_changed": registry.Word(gettext_lazy("Lines changed")),
    "maker_daily_limit": registry.Word(gettext_lazy("Daily limit of one person")),
    "first_date": registry.Word(gettext_lazy("From")),
    "last_date": registry.Word(gettext_lazy("To")),
    "filters": registry.Word(gettext_lazy("Filters")),
    "file_format": registry.Word(gettext_lazy("Format")),
    "purpose": registry.Word(gettext_lazy("Purpose")),
    "username": registry.Word(gettext_lazy("User name")),
    "second_factors": registry.Word(gettext_lazy("Second factors")),
    "role": registry.Word(gettext_lazy("Role")),
    "second_factor": registry.Word(gettext_lazy("Second factor asked for")),
    "new_second_factor": registry.Word(gettext_lazy("Second factor to be asked for")),
    "idle_minutes": registry.Word(gettext_lazy("Idle minutes")),
    "new_idle_minutes": registry.Word(gettext_lazy("Idle minutes to be")),
    "customer_daily_limit": registry.Word(gettext_lazy("Daily limit for one customer")),
}
ROLES = {
    "agent": noop("Agent"),
    "senior_agent": noop("Senior agent"),
    "team_lead": noop("Team lead"),
    "manager": noop("Manager"),
    "director": noop("Director"),
    "compliance": noop("Compliance"),
    "auditor": noop("Auditor"),
    "risk_analyst": noop("Risk analyst"),
    "treasury": noop("Treasury"),
    "agency_agent": noop("Agency agent"),
    "administrator": noop("Administrator"),
}
STATUSES = {
    RequestStatus.REQUESTED: noop("Requested"),
    RequestStatus.APPROVED: noop("Approved"),
    RequestStatus.REJECTED: noop("Rejected"),
    RequestStatus.WITHDRAWN: noop("Withdrawn"),
    RequestStatus.EXPIRED: noop("Expired"),
    RequestStatus.VOID: noop("Void"),
}
TONES = {
    RequestStatus.REQUESTED: "warning",
    RequestStatus.APPROVED: "good",
    RequestStatus.REJECTED: "bad",
}
ENDED_BY_ITSELF = (RequestStatus.WITHDRAWN, RequestStatus.EXPIRED, RequestStatus.VOID)
MONEY = re.compile(r"-?\d+\.\d\d")


def permission(word: Permission) -> str:
    """What the permission allows, as it stands in a role's list."""
    return _(PERMISSIONS[word])


def permissions(words: Sequence[str]) -> str:
    """What several permissions allow; one that no release knows any more shows itself."""
    return listed([permission(Permission(word)) if word in set(Permission) else word for word in words])


def role(code: str, name: str = "") -> str:
    """A shipped role in words; any other by the name it was given."""
    return _(ROLES[code]) if code in ROLES else name or code


def roles(codes: Sequence[str]) -> str:
    """Several roles in words, each as often as it is named."""
    return listed([role(code) for code in codes])


def acting(codes: str) -> str:
    """The roles in which somebody acted, with the emergency in which one was taken."""
    words = [
        _("emergency %(reference)s") % {"reference": code.removeprefix(MARK)} if code.startswith(MARK) else role(code)
        for code in codes.split("+")
    ]
    return listed(words)


def action(name: str) -> str:
    """A controlled action in words; one that no app declares yet by its name."""
    return next((_(str(found.label)) for found in shell.actions() if found.name == name), _(ACTIONS.get(name, name)))


def why_not(missing: Permission) -> str:
    """The sentence for somebody who lacks a permission: which one, and who holds it."""
    holding = [role(found.code, found.name) for found in people.roles_with(missing)]
    if not holding:
        return _("You need the permission “%(permission)s”, which no role holds.") % {"permission": permission(missing)}
    return _("You need the permission “%(permission)s”, which these roles hold: %(roles)s.") % {
        "permission": permission(missing),
        "roles": listed(holding),
    }


def status(value: RequestStatus) -> str:
    """Where a request stands, in a word."""
    return _(STATUSES[value])


def badges() -> dict[str, registry.Word]:
    """How the states of a request are shown."""
    return {
        status: registry.Word(gettext_lazy(text), TONES.get(status, "neutral")) for status, text in STATUSES.items()
    }


def objection(found: Objection, request: ApprovalRequest) -> str:
    """The sentence for somebody who may not decide a request, for reasons of their own."""
    words = {
        "reference": request.reference,
        "approvers": roles(request.rule.approvers),
        "maker": request.made_by.name,
        "status": status(RequestStatus(request.status)).lower(),
    }
    sentences = {
        Objection.DECIDED: _("%(reference)s is no longer open: it is %(status)s."),
        Objection.MAKER: _("Whoever made a request never decides it."),
        Objection.SUBORDINATE: _("You report to %(maker)s, who made this request, and so may not decide it."),
        Objection.OWN_ACCOUNT: _("Nobody acts on their own account."),
        Objection.TWICE: _("You have decided %(reference)s already; one person speaks once."),
        Objection.ROLE: _("The rule asks for %(approvers)s; you hold none of these roles."),
        Objection.NOT_YET: _("It is not your turn: the rule asks for %(approvers)s, one after the other."),
        Objection.ROLE_AGREED: _("Your role has agreed already; the rule asks for %(approvers)s."),
    }
    return sentences[found] % words


def ended(request: ApprovalRequest) -> str:
    """The sentence for a request that ended while it was being decided."""
    words = {"reference": request.reference}
    if request.status == RequestStatus.EXPIRED:
        return _("%(reference)s has expired; it must be made again.") % words
    return _("The facts behind %(reference)s have changed, so it is void; it must be made again.") % words


def facts(request: ApprovalRequest) -> list[tuple[str, str]]:
    """What a request rests on, as pairs of words, without what its heading names."""
    named = {request.subject_reference, request.customer_reference}
    return [(_fact(key), _value(key, value)) for key, value in request.facts.items() if value not in named]


def changed_facts(request: ApprovalRequest) -> list[tuple[str, str, str]]:
    """What an open request rests on and is not so any more: the fact, as it was and as it is."""
    if request.status != RequestStatus.REQUESTED:
        return []
    now = shell.action(request.action).facts(request.payload)
    keys = dict.fromkeys((*request.facts, *now))
    both = [(key, _value(key, request.facts.get(key)), _value(key, now.get(key))) for key in keys]
    return [(_fact(key), was, value) for key, was, value in both if was != value]


def _fact(key: str) -> str:
    label = str(registry.word("fact", key).label)
    return key.replace("_", " ").capitalize() if label == key else label


def _value(key: str, value: object) -> str:
    """In words where there are any for the fact, `fact.arrangement_kind` say, otherwise as people write it."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, str) and MONEY.fullmatch(value):
        return f"{Decimal(value):,.2f}"
    return "—" if value in (None, "") else str(registry.word(f"fact.{key}", value).label)


@dataclass(frozen=True)
class Event:
    """One line of a history."""

    at: dt.datetime
    who: str
    text: str
    note: str = ""
    tone: str = "neutral"


def speaker(decision: ApprovalDecision) -> str:
    """Who decided, and for whom where it was in another's name."""
    if decision.on_behalf_of is None or decision.delegation is None:
        return decision.decided_by.name
    words = {
        "name": decision.decided_by.name,
        "giver": decision.on_behalf_of.name,
        "delegation": decision.delegation.reference,
    }
    return _("%(name)s for %(giver)s (%(delegation)s)") % words


def events(request: ApprovalRequest) -> list[Event]:
    """What happened to a request, newest first."""
    found = [Event(request.made_at, request.made_by.name, _("Request made"), request.reason, "info")]
    for decision in request.decisions.all():
        yes = decision.verdict == Verdict.APPROVE
        text = (_("Approved as %(role)s") if yes else _("Rejected as %(role)s")) % {"role": role(decision.role)}
        tone = "good" if yes else "bad"
        found.append(Event(decision.decided_at, speaker(decision), text, decision.reason, tone))
    found += [Event(said.said_at, said.said_by.name, _("Comment"), said.text) for said in request.comments.all()]
    found.sort(key=lambda event: event.at)
    if request.decided_at and request.status in ENDED_BY_ITSELF:
        found.append(Event(request.decided_at, "", status(RequestStatus(request.status)), tone="warning"))
    elif request.decided_at and request.status == RequestStatus.APPROVED:
        found.append(Event(request.decided_at, "", _("Carried out"), tone="good"))
    return found[::-1]
