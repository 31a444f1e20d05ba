"""Requests for controlled actions and what was said to them."""

from typing import ClassVar

from django.db import models

from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.models.authority import AuthorityRule
from apps.access.models.delegations import Delegation
from apps.access.models.staff import User
from apps.core.models import Record, not_negative, one_of, together


class ApprovalRequest(Record):
    """A controlled action that somebody asked for."""

    wall: ClassVar[str] = "request"

    reference = models.CharField(max_length=40, unique=True)
    action = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_reference = models.CharField(max_length=40)
    customer_reference = models.CharField(max_length=40, blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    counted_amount = models.DecimalField(max_digits=14, decimal_places=2)  # with what the maker asked for before
    payload = models.JSONField()  # what the executor needs
    facts = models.JSONField()  # what the request rests on, shown to the approver
    fingerprint = models.CharField(max_length=64)  # of the facts: a change makes the request void
    rule = models.ForeignKey(AuthorityRule, on_delete=models.PROTECT, related_name="requests")
    reason = models.TextField()
    status = models.CharField(max_length=12, default=RequestStatus.REQUESTED)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="requests")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (one_of("status", RequestStatus), not_negative("amount"))
        indexes = (
            models.Index(fields=("status", "-id"), name="access_request_inbox"),
            models.Index(fields=("customer_reference", "action"), name="access_request_customer"),
        )


class ApprovalDecision(Record):
    """What one approver said, in which role, in whose name where it was not their own, and why."""

    append_only: ClassVar[bool] = True

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="decisions")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    role = models.CharField(max_length=40)
    on_behalf_of = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions_by_others"
    )
    delegation = models.ForeignKey(
        Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )
    verdict = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            one_of("verdict", Verdict),
            together("on_behalf_of", "delegation"),
            models.UniqueConstraint(fields=("request", "decided_by"), name="access_approvaldecision_once"),
            models.UniqueConstraint(fields=("request", "on_behalf_of"), name="access_approvaldecision_once_for"),
        )


class ApprovalComment(Record):
    """What somebody said to a request without deciding it."""

    append_only: ClassVar[bool] = True

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="comments")
    said_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    said_at = models.DateTimeField()
