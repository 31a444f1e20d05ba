"""Gives every request and every background task its identifier and its context for the trail."""

from collections.abc import Callable
from typing import Any

from celery import Task
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from apps.audit import registry
from apps.audit.domain.envelope import Channel, Context


class RequestContext:
    """Enters the request's context and answers with its identifier as `X-Request-ID`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Run the request inside a context of its own."""
        channel = Channel.API if request.path.startswith("/api/") else Channel.WEB
        context = Context(registry.new_request_id(), _address(request), channel)
        with registry.entered(context):
            response = self.get_response(request)
        response["X-Request-ID"] = context.request_id
        return response


def _address(request: HttpRequest) -> str:
    """Where the browser is, as the outermost of our own proxies saw it; what came to that one counts for nothing."""
    passed = request.headers.get("X-Forwarded-For", "").split(",")
    if settings.PROXIES and len(passed) >= settings.PROXIES:
        return passed[-settings.PROXIES].strip()[:60]
    return request.META.get("REMOTE_ADDR") or ""


class Job(Task):  # type: ignore[type-arg]
    """A background task, run inside the context of its own; a retry shows as a further attempt of the same task."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task inside its context."""
        again = bool((self.request.delivery_info or {}).get("redelivered"))
        attempt = (self.request.retries or 0) + 1 + again
        with registry.job(self.name, task_id=self.request.id or "", attempt=attempt):
            return super().__call__(*args, **kwargs)
