"""People, the ways to reach them, how what is personal of them is kept, and which agency works with them."""

from apps.customers.models.people import ContactPoint, Customer
from apps.customers.models.placements import Placement
from apps.customers.models.reveals import Reveal

__all__ = ["ContactPoint", "Customer", "Placement", "Reveal"]
