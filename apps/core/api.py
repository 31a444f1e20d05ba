"""What every endpoint shares: pages by key, and refusals as answers."""

from typing import Any

from django.db import OperationalError
from django.utils.translation import gettext as _
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler as usual

from apps.core.domain.refusal import Forbidden, Refused
from apps.core.middleware import is_down


class ByKey(CursorPagination):
    """Newest first, from key to key; `limit` up to 500 rows."""

    ordering = "-id"
    page_size_query_param = "limit"
    max_page_size = 500


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal is 409 and a missing permission 403, both as `{"code", "detail"}`; a database that is down is 503."""
    if isinstance(error, Refused):
        status = 403 if isinstance(error, Forbidden) else 409
        response = Response({"code": error.code, "detail": error.sentence}, status=status)
        response.refusal = error  # type: ignore[attr-defined]
        return response
    if isinstance(error, OperationalError) and is_down(error):
        return Response({"code": "database_down", "detail": _("The database does not answer.")}, status=503)
    return usual(error, context)
