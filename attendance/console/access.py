"""Who may see the console: signed-in staff, answered alike in sync and async views."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseForbidden
from django_htmx.http import HttpResponseClientRefresh

AsyncView = Callable[..., Coroutine[Any, Any, HttpResponseBase]]
View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """Send whoever is not signed in as staff to the login."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not (request.user.is_active and request.user.is_staff):
            # A part of a page that is fetched again: the login belongs in place of the whole page.
            if request.headers.get("HX-Request"):
                return HttpResponseClientRefresh()
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return checked


def staff_stream(permission: str) -> Callable[[AsyncView], AsyncView]:
    """Refuse a stream to whoever is not signed in as staff with a permission."""

    def may_listen(request: HttpRequest) -> bool:
        user = request.user
        return bool(user.is_active and user.is_staff and user.has_perm(permission))

    def decorate(view: AsyncView) -> AsyncView:
        @wraps(view)
        async def checked(
            request: HttpRequest, *args: object, **kwargs: object
        ) -> HttpResponseBase:
            if not await sync_to_async(may_listen)(request):
                return HttpResponseForbidden()
            return await view(request, *args, **kwargs)

        return checked

    return decorate
