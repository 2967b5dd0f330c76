"""Who may see the console: signed-in staff, answered alike in sync and async views."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase, HttpResponseForbidden

AsyncView = Callable[..., Coroutine[Any, Any, HttpResponseBase]]
View = Callable[..., HttpResponseBase]


def staff_only(view: View) -> View:
    """Send whoever is not signed in as staff to the login."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not (request.user.is_active and request.user.is_staff):
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return checked


def staff_stream(view: AsyncView) -> AsyncView:
    """Refuse a stream to whoever is not signed in as staff."""

    @wraps(view)
    async def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not await sync_to_async(_is_staff)(request):
            return HttpResponseForbidden()
        return await view(request, *args, **kwargs)

    return checked


def _is_staff(request: HttpRequest) -> bool:
    return bool(request.user.is_active and request.user.is_staff)
