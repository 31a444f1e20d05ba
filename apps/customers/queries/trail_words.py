"""What our rows and their columns are called in the trail."""

from django.utils.translation import gettext_lazy as _

from apps.core.registry import Word

OBJECTS = {
    "customers.customer": Word(_("Customer")),
    "customers.placement": Word(_("Placement with an agency")),
    "customers.contactpoint": Word(_("Contact point")),
    "customers.reveal": Word(_("Personal value shown")),
}
COLUMNS = {  # whose values have words, and of which kind
    "customers.customer.language": "language",
    "customers.contactpoint.kind": "contact_kind",
}
