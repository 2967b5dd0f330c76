"""Problem documents for what never reached the API: unknown addresses, wrong methods, faults."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import cast

from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

from .problems import CONTENT_TYPE, problem_response

GetResponse = Callable[[HttpRequest], HttpResponseBase | Awaitable[HttpResponseBase]]

_DETAILS = {
    HTTPStatus.BAD_REQUEST: "The request cannot be read.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This address does not take that method.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The server could not answer. Try again in a moment.",
}


@sync_and_async_middleware
def problems_under_api(get_response: GetResponse) -> GetResponse:
    """Middleware: whatever fails under ``/api/`` fails with a problem document."""
    if iscoroutinefunction(get_response):

        async def asynchronous(request: HttpRequest) -> HttpResponseBase:
            response = await cast(Awaitable[HttpResponseBase], get_response(request))
            return _as_problem(request, response)

        return asynchronous

    def synchronous(request: HttpRequest) -> HttpResponseBase:
        return _as_problem(request, cast(HttpResponseBase, get_response(request)))

    return synchronous


def _as_problem(request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
    told = response.status_code < 400 or response.get("Content-Type") == CONTENT_TYPE
    if told or not request.path.startswith("/api/"):
        return response
    status = HTTPStatus(response.status_code)
    allow = {"Allow": response["Allow"]} if response.has_header("Allow") else {}
    detail = _DETAILS.get(status, f"{status.phrase}.")
    return problem_response(status, detail, status.name.lower(), headers=allow)
