"""Refusals as problem documents, RFC 9457."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError
from pydantic import Field

from attendance import errors
from attendance.services.database import replace_dead_connections

STATUS: dict[type[errors.LintelError], HTTPStatus] = {
    errors.CaptureConflict: HTTPStatus.CONFLICT,
    errors.ClockSkew: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.CaptureRefused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.TooManyCaptures: HTTPStatus.TOO_MANY_REQUESTS,
    errors.TooManyEntries: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.QueueUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.KioskRefused: HTTPStatus.UNAUTHORIZED,
    errors.KioskInactive: HTTPStatus.FORBIDDEN,
    errors.CodeRefused: HTTPStatus.FORBIDDEN,
    errors.KeyRefused: HTTPStatus.CONFLICT,
}
FRAME_STATUS = {
    "too_many_bytes": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "too_many_pixels": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "empty": HTTPStatus.UNPROCESSABLE_ENTITY,
    "truncated": HTTPStatus.UNPROCESSABLE_ENTITY,
    "corrupt": HTTPStatus.UNPROCESSABLE_ENTITY,
}
CONTENT_TYPE = "application/problem+json"
RETRY_AFTER_S = 2


class Problem(Schema):
    """A refusal: what it is, in a sentence, with a code for programs."""

    type: str = Field("about:blank", description="Always about:blank; see `code`.")
    title: str = Field(description="The status in words.")
    status: int = Field(description="The HTTP status again.")
    detail: str = Field(description="A sentence for people.")
    code: str = Field(description="A stable word for programs.")


def problem_response(
    status: HTTPStatus, detail: str, code: str, *, headers: dict[str, str] | None = None
) -> HttpResponse:
    """Return a problem document."""
    problem = Problem(
        type="about:blank", title=status.phrase, status=status.value, detail=detail, code=code
    )
    response = JsonResponse(problem.dict(), status=status)
    response["Content-Type"] = CONTENT_TYPE
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = "Lintel-Signature"
    for name, value in (headers or {}).items():
        response[name] = value
    return response


def refusal_response(error: errors.LintelError) -> HttpResponse:
    """Return the problem document of a service's refusal."""
    headers = {}
    if isinstance(error, errors.FrameRejected):
        status = FRAME_STATUS.get(error.code, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    else:
        kinds = (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
        status = next(kinds, HTTPStatus.INTERNAL_SERVER_ERROR)
    if isinstance(error, errors.TooManyCaptures):
        headers["Retry-After"] = str(error.retry_after_s)
    elif status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_S)
    return problem_response(status, error.message, error.code, headers=headers)


def install_problem_handlers(api: NinjaAPI) -> None:
    """Tell every refusal, ours and the framework's, as a problem document."""
    _tell_refusals(api)
    _tell_unreadable_bodies(api)
    _tell_faults(api)


def _tell_refusals(api: NinjaAPI) -> None:

    @api.exception_handler(errors.LintelError)
    def refused(request: HttpRequest, error: errors.LintelError) -> HttpResponse:
        return refusal_response(error)

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        # The offered value stays out of the answer: it may be anything.
        texts = [f"{_field(item)}: {item['msg']}" for item in error.errors]
        return problem_response(
            HTTPStatus.UNPROCESSABLE_ENTITY, "; ".join(texts) or "invalid", "invalid_request"
        )

    @api.exception_handler(AuthenticationError)
    def unauthenticated(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        return problem_response(
            HTTPStatus.UNAUTHORIZED, "Sign the request with the kiosk's key.", "signature_missing"
        )

    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Http404) -> HttpResponse:
        return problem_response(HTTPStatus.NOT_FOUND, "There is no such thing.", "not_found")

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        status = HTTPStatus(error.status_code)
        return problem_response(status, str(error), status.name.lower())


def _tell_unreadable_bodies(api: NinjaAPI) -> None:
    @api.exception_handler(MultiPartParserError)
    def unreadable(request: HttpRequest, error: MultiPartParserError) -> HttpResponse:
        return problem_response(
            HTTPStatus.BAD_REQUEST, "The body is no multipart form.", "malformed_body"
        )

    @api.exception_handler(RequestDataTooBig)
    @api.exception_handler(TooManyFieldsSent)
    @api.exception_handler(TooManyFilesSent)
    def too_much(request: HttpRequest, error: Exception) -> HttpResponse:
        return problem_response(
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large.", "too_large"
        )


def _tell_faults(api: NinjaAPI) -> None:
    @api.exception_handler(InterfaceError)
    @api.exception_handler(OperationalError)
    def database_away(request: HttpRequest, error: Exception) -> HttpResponse:
        replace_dead_connections()
        return problem_response(
            HTTPStatus.SERVICE_UNAVAILABLE,
            "The database cannot be reached. Try again in a moment.",
            "database_unavailable",
            headers={"Retry-After": str(RETRY_AFTER_S)},
        )


def _field(item: Any) -> str:
    return ".".join(str(part) for part in item.get("loc", [])[1:]) or "request"
