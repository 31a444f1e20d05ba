"""Gives every request and every background task its identifier and its context for the trail."""

from collections.abc import Callable
from typing import Any

from celery import Task
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
        context = Context(registry.new_request_id(), request.META.get("REMOTE_ADDR") or "", channel)
        with registry.entered(context):
            response = self.get_response(request)
        response["X-Request-ID"] = context.request_id
        return response


class Job(Task):  # type: ignore[type-arg]
    """A background task, run inside the context of its own; a retry shows as a further attempt of the same task."""

    abstract = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the task inside its context."""
        again = bool((self.request.delivery_info or {}).get("redelivered"))
        attempt = (self.request.retries or 0) + 1 + again
        with registry.job(self.name, task_id=self.request.id or "", attempt=attempt):
            return super().__call__(*args, **kwargs)
