"""Who works here and in which roles."""

from typing import ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.access.domain.emergency import MARK
from apps.core.models import Record


class Team(Record):
    """People who work one part of the book together."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    products = ArrayField(  # whose customers it sees; none: everybody's
        models.SlugField(), default=list, db_default=[], blank=True
    )

    def __str__(self) -> str:
        return self.name


class User(Record, AbstractBaseUser):
    """Somebody who works here; there is no super-user."""

    wall: ClassVar[str] = "a colleague, whose own account is named and not shown"
    personal_fields: ClassVar[tuple[str, ...]] = ("name",)
    secret_fields: ClassVar[tuple[str, ...]] = ("password",)

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    language = models.CharField(max_length=10, default="en")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    agency = models.ForeignKey("access.Agency", on_delete=models.PROTECT, null=True, blank=True, related_name="people")
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
        """The codes of the roles held, joined by `+`, with the emergency in which one was taken."""
        held = self.grants.filter(ended_at=None).order_by("role__code")
        found = list(held.values_list("role__code", "emergency__reference"))
        return "+".join([*(code for code, _ in found), *(f"{MARK}{reference}" for _, reference in found if reference)])


class Role(Record):
    """A named list of permissions."""

    code = models.SlugField(unique=True)
    name = models.CharField(max_length=60)
    permissions = ArrayField(models.CharField(max_length=40))
    second_factor = models.BooleanField(default=False)  # whether a password alone is not enough
    idle_minutes = models.PositiveIntegerField(null=True, blank=True)  # after which a session ends; null: as for all
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
