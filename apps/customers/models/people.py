"""People and the ways to reach them."""

import uuid
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from apps.core.models import one_of
from apps.customers.domain import likeness, masking
from apps.customers.domain.contact import ContactKind
from apps.customers.models import keyring
from apps.customers.models.sealed import BlindIndex, Derived, Sealed, Sealing

NAME = "customers.name"
IDENTITY = "customers.identity"
PROFILE = "customers.profile"
CONTACT = "customers.contact"  # of a contact point, and of a message to it


class Grams(Derived, ArrayField):  # type: ignore[type-arg]
    """The numbers of the pieces of a name."""


class Customer(Sealing):
    """Somebody we lend to."""

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "identity", "profile")
    secret_fields: ClassVar[tuple[str, ...]] = ("name_grams", "identity_index")
    derives: ClassVar[dict[str, Sequence[str]]] = {"name": ("name_grams",), "identity": ("identity_index",)}

    reference = models.CharField(max_length=40, unique=True)
    name = Sealed(max_length=100, context=NAME, owner="reference", mask=masking.name)
    name_grams = Grams(models.IntegerField(), default=list, editable=False)
    identity = Sealed(max_length=40, blank=True, default="", context=IDENTITY, owner="reference", mask=masking.number)
    identity_index = BlindIndex(null=True, blank=True, editable=False)
    language = models.CharField(max_length=10, default="zh-hans")
    time_zone = models.CharField(max_length=40, default="Asia/Shanghai")  # of the place where they live
    joined_date = models.DateField()
    # Facts as the source supplied them, an object: sex, education, birth year ...
    profile = Sealed(blank=True, default="", context=PROFILE, owner="reference")

    class Meta:
        indexes = (
            GinIndex(fields=("name_grams",), name="customers_customer_grams"),
            models.Index(
                fields=("identity_index",),
                name="customers_customer_identity",
                condition=models.Q(identity_index__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.reference

    def derived(self, name: str) -> Any:
        """The pieces of the name, or the digest of the identity document's number."""
        return grams(self.name.clear) if name == "name_grams" else identity_index(self.identity.clear)


class ContactPoint(Sealing):
    """A number, address or account at which the customer agreed to be reached."""

    personal_fields: ClassVar[tuple[str, ...]] = ("value",)
    personal_subject: ClassVar[str] = "customer"
    secret_fields: ClassVar[tuple[str, ...]] = ("value_index",)
    derives: ClassVar[dict[str, Sequence[str]]] = {"value": ("value_index",)}

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10)
    value = Sealed(max_length=200, context=CONTACT, owner="customer_id", mask_by="masked")
    value_index = BlindIndex(editable=False, db_index=True)
    is_valid = models.BooleanField(default=True)
    consented_date = models.DateField(null=True, blank=True)  # null: no consent, so nothing may be sent there

    class Meta:
        constraints = (
            one_of("kind", ContactKind),
            models.UniqueConstraint(fields=("customer", "kind", "value_index"), name="customers_contactpoint_once"),
        )

    def masked(self, text: str) -> str:
        """A value as its kind is masked."""
        return masking.masked(self.kind, text)

    def derived(self, name: str) -> uuid.UUID:
        """The digest of the value."""
        return contact_index(self.kind, self.value.clear)


def grams(name: str) -> list[int]:
    """The numbers under which a name is found."""
    ring = keyring.ring()
    return sorted({ring.gram(piece) for piece in likeness.pieces(name)})


def identity_index(number: str) -> uuid.UUID | None:
    """The digest under which an identity document's number is found."""
    return keyring.ring().digest(IDENTITY, likeness.number(number)) if number else None


def contact_index(kind: str, value: str) -> uuid.UUID:
    """The digest under which a contact point's value is found."""
    return keyring.ring().digest(f"{CONTACT}.{kind}", likeness.contact(kind, value))
