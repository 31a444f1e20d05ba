"""Sealed values of the trail, opened for an export in clear."""

import json

from django.apps import apps

from apps.core.domain.refusal import Refused
from apps.customers.domain.sealing import MARK
from apps.customers.models.keyring import unseal
from apps.customers.models.sealed import Sealed


def opened(object_type: str, object_id: str, field: str, value: str) -> str | None:
    """The value of a row's column as JSON text; None where it is not sealed, its row is gone, or its key is retired."""
    token = json.loads(value)
    if not isinstance(token, str) or not token.startswith(MARK):
        return None
    model = apps.get_model(object_type)
    column = model._meta.get_field(field)
    row = model._default_manager.filter(pk=object_id).first()
    if row is None or not isinstance(column, Sealed):
        return None
    try:
        return json.dumps(unseal(token, column.purpose_of(row)), ensure_ascii=False)
    except Refused:
        return None
