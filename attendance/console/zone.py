"""The console shows times in the site's zone."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

from attendance.models import Site

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def shown_in_site_zone(get_response: GetResponse) -> GetResponse:
    """Middleware: admin pages show and read times in the first site's zone."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        site = Site.objects.order_by("pk").first() if request.path.startswith("/admin/") else None
        if site is None:
            return get_response(request)
        with timezone.override(site.zone):
            return get_response(request)

    return middleware
