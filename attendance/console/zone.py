"""The console shows times in the site's zone."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction, sync_to_async
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import sync_and_async_middleware

from attendance.models import Site


@sync_and_async_middleware
def shown_in_site_zone(get_response: Callable[[HttpRequest], Any]) -> Callable[..., Any]:
    """Middleware: admin pages show and read times in the first site's zone."""
    if iscoroutinefunction(get_response):

        async def middleware(request: HttpRequest) -> Any:
            site = await sync_to_async(_site)() if _concerned(request) else None
            with timezone.override(site.zone if site else None):
                return await get_response(request)

    else:

        def middleware(request: HttpRequest) -> Any:  # type: ignore[misc]
            site = _site() if _concerned(request) else None
            with timezone.override(site.zone if site else None):
                return get_response(request)

    return middleware


def _concerned(request: HttpRequest) -> bool:
    return request.path.startswith(("/admin/", "/people/"))


def _site() -> Site | None:
    return Site.objects.order_by("pk").first()
