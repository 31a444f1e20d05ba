"""What every endpoint shares: pages by key, and refusals as answers."""

from typing import Any

from django.db import OperationalError, ProgrammingError
from django.utils.translation import gettext as _
from rest_framework.pagination import CursorPagination
from rest_framework.response import Response
from rest_framework.views import exception_handler as usual

from apps.core.domain.refusal import Forbidden, Refused
from apps.core.middleware import is_down, is_walled, walled


class ByKey(CursorPagination):
    """Newest first, from key to key; `limit` up to 500 rows."""

    ordering = "-id"
    page_size_query_param = "limit"
    max_page_size = 500


def exception_handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """A refusal is 409 and a missing permission 403, both as `{"code", "detail"}`; a database that is down is 503."""
    if isinstance(error, ProgrammingError) and is_walled(error):
        error = walled()
    if isinstance(error, Refused):
        status = 403 if isinstance(error, Forbidden) else 409
        sentence = str(error.sentence)  # YAML knows strings alone, not what they remember
        response = Response({"code": error.code, "detail": sentence}, status=status)
        response.refusal = error  # type: ignore[attr-defined]
        return response
    if isinstance(error, OperationalError) and is_down(error):
        return Response({"code": "database_down", "detail": _("The database does not answer.")}, status=503)
    answer = usual(error, context)
    if answer is not None and isinstance(answer.data, dict) and set(answer.data) == {"detail"}:
        answer.data = {"code": getattr(answer.data["detail"], "code", "error"), **answer.data}
    return answer


REFUSED = {
    "type": "object",
    "properties": {
        "code": {"type": "string", "description": "Stable, for programs."},
        "detail": {"type": "string", "description": "A sentence that may be read aloud."},
    },
    "required": ["code", "detail"],
}
INVALID = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
    "description": "Sentences by field; `non_field_errors` for those about several.",
}
EVERYWHERE = {"401": "Nobody is signed in.", "403": "A permission is missing."}


def with_errors(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say in the OpenAPI description how each operation answers what it refuses."""
    result["components"]["schemas"] |= {"Invalid": INVALID, "Refused": REFUSED}
    for path, methods in result["paths"].items():
        for method, operation in methods.items():
            refusals = dict(EVERYWHERE)
            if "{" in path:
                refusals["404"] = "There is none, or it is not for you to see."
            if method != "get":
                refusals["409"] = "It is refused, and the sentence says why."
            if method != "get" or operation.get("parameters"):
                operation["responses"].setdefault("400", _answer("Invalid", "It cannot be read."))
            for status, text in refusals.items():
                operation["responses"].setdefault(status, _answer("Refused", text))
    return result


def _answer(schema: str, text: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": text, "content": content}
