"""What every page of the shell needs: who is there, where they may go, and which day it is."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from apps.access import registry
from apps.access.models import User
from apps.access.queries import emergencies, people, wording


def shell(request: HttpRequest) -> dict[str, Any]:
    """The navigation, the roles and the business date of a signed-in user; nothing for anybody else."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {
        "navigation": lambda: _navigation(request, user),
        "emergencies": lambda: emergencies.shown_to(user),
        "role_names": lambda: wording.roles(people.roles_of(user)),
        "business_date": registry.current_business_date,
        "customer_links": lambda: registry.customer_links(people.permissions_of(user)),
        "may": {permission.name: True for permission in people.permissions_of(user)},
    }


def _navigation(request: HttpRequest, user: User) -> list[dict[str, Any]]:
    found = [(entry, reverse(entry.url_name)) for entry in registry.entries(people.permissions_of(user))]
    here = [url for _entry, url in found if request.path == url or (url != "/" and request.path.startswith(url))]
    current = max(here, key=len, default=None)
    return [
        {"label": entry.label, "url": url, "icon": entry.icon, "key": entry.key, "is_current": url == current}
        for entry, url in found
    ]
