"""Staff, roles, the authority matrix and the requests decided under it."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.access.domain.approval import RequestStatus, Verdict
from apps.access.domain.exports import ExportState
from apps.core.models import Record, not_negative, one_of


class Team(Record):
    """People who work one part of the book together."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class User(Record, AbstractBaseUser):
    """Somebody who works here; there is no super-user."""

    personal_fields: ClassVar[tuple[str, ...]] = ("name",)
    secret_fields: ClassVar[tuple[str, ...]] = ("password",)

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=10, default="en")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    reports_to = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="reports")
    customer_reference = models.CharField(max_length=40, blank=True)  # their own account, which they may never act on
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    last_login = None  # the trail holds every log-in

    objects: ClassVar[BaseUserManager[Self]] = BaseUserManager()

    USERNAME_FIELD = "username"

    class Meta:
        constraints = (models.CheckConstraint(condition=~models.Q(reports_to=models.F("id")), name="access_user_boss"),)

    def __str__(self) -> str:
        return self.name

    @property
    def actor_id(self) -> str:
        """`user:` and the key, never a name."""
        return f"user:{self.pk}"

    @property
    def acting_role(self) -> str:
        """The codes of the roles held, joined by `+`."""
        held = self.grants.filter(ended_at=None).order_by("role__code")
        return "+".join(held.values_list("role__code", flat=True))


class Role(Record):
    """A named list of permissions."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    permissions = ArrayField(models.CharField(max_length=40))
    shipped = ArrayField(models.CharField(max_length=40), default=list)  # what we last shipped; the rest is an edit

    def __str__(self) -> str:
        return self.name


class RoleGrant(Record):
    """A role held by a person from one moment to another."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="grants")
    granted_at = models.DateTimeField()
    granted_by = models.CharField(max_length=60)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role"), condition=models.Q(ended_at__isnull=True), name="access_rolegrant_live"
            ),
        )


class IncompatibleRoles(Record):
    """Two roles that one person may not hold together."""

    first = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Role, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("first", "second"), name="access_incompatibleroles_pair"),)


class AuthorityVersion(Record):
    """One edition of the authority matrix, in force from a date."""

    number = models.PositiveIntegerField(unique=True)
    effective_date = models.DateField(unique=True)
    note = models.CharField(max_length=200)
    maker_daily_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # null: none
    customer_daily_limit = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)


class AuthorityRule(Record):
    """One line of the matrix: up to this amount these roles must agree, each so many times, all of them."""

    version = models.ForeignKey(AuthorityVersion, on_delete=models.PROTECT, related_name="rules")
    action = models.CharField(max_length=60)
    product = models.CharField(max_length=40, blank=True)  # its code; none: every product without lines of its own
    tier = models.CharField(max_length=10)
    up_to = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # null: any amount above
    fees_only = models.BooleanField(default=False)
    approvers = ArrayField(
        models.CharField(max_length=40)
    )  # role codes, every one of which must agree once per mention
    in_order = models.BooleanField(default=False)  # one after the other as they are named

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("version", "action", "product", "tier"), name="access_authorityrule_tier_of_product"
            ),
        )


class ApprovalRequest(Record):
    """A controlled action that somebody asked for."""

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
    """What one approver said, in which role and why."""

    append_only: ClassVar[bool] = True

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="decisions")
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="decisions")
    role = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = (
            one_of("verdict", Verdict),
            models.UniqueConstraint(fields=("request", "decided_by"), name="access_approvaldecision_once"),
        )


class TrailExport(Record):
    """A package of the trail that somebody asked for: what of it, why, and what became of it."""

    reference = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, default=ExportState.WAITING)
    first_date = models.DateField()
    last_date = models.DateField()
    filters = models.JSONField(default=dict)
    file_format = models.CharField(max_length=10)
    purpose = models.CharField(max_length=200)
    continues = models.TextField(blank=True)  # the note of a checkpoint that the receiver holds
    is_sealed_part = models.BooleanField(default=False)  # no further than the trail is sealed
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="trail_exports")
    made_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    operation = models.BigIntegerField(null=True, blank=True)  # the number of `export.create`
    events = models.BigIntegerField(null=True, blank=True)
    size = models.BigIntegerField(null=True, blank=True)  # bytes
    sha256 = models.CharField(max_length=64, blank=True)
    failure = models.JSONField(default=dict, blank=True)  # why there is no file, as `core.texts` says it again

    class Meta:
        constraints = (one_of("state", ExportState),)

    def __str__(self) -> str:
        return self.reference
