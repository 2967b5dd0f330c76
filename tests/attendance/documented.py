"""Holds every answer of the API against the schema that the API itself publishes."""

import functools
import re
import ssl
from typing import Any

import httpx
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

# Spoken over plain HTTP; httpx would read all authorities' certificates for each client.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
PROBLEM = "application/problem+json"
# What a status promises beyond its body.
HEADERS = {
    202: ("Location", "Retry-After"),
    401: ("WWW-Authenticate",),
    405: ("Allow",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


@functools.cache
def schema_at(address: str) -> dict[str, Any]:
    """Return the schema that a server publishes."""
    schema: dict[str, Any] = (
        httpx.get(f"{address}/api/v1/schema", verify=PLAIN).raise_for_status().json()
    )
    return schema


def hold(answer: httpx.Response, address: str) -> httpx.Response:
    """Return an answer of the API; fail where it is not what the schema says."""
    for header in HEADERS.get(answer.status_code, ()):
        assert header in answer.headers, f"{answer.status_code} without {header}"
    if answer.status_code >= 400:
        _hold_problem(answer)
    operation = _operation(schema_at(address), answer.request)
    if operation is None:
        assert answer.status_code in (404, 405), "an answer from an address without a schema"
        return answer
    documented = operation["responses"].get(str(answer.status_code))
    assert documented, f"{answer.status_code} is not documented: {answer.text}"
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind in documented["content"], f"{kind} is not documented for {answer.status_code}"
    _validate(answer.json(), documented["content"][kind]["schema"], schema_at(address))
    return answer


def _hold_problem(answer: httpx.Response) -> None:
    assert answer.headers["Content-Type"] == PROBLEM, answer.text
    problem = answer.json()
    assert set(problem) == {"type", "title", "status", "detail", "code"}
    assert problem["status"] == answer.status_code
    assert re.fullmatch(r"[a-z_]+", problem["code"])
    assert problem["detail"]


def _operation(schema: dict[str, Any], request: httpx.Request) -> dict[str, Any] | None:
    for path, operations in schema["paths"].items():
        pattern = re.sub(r"\{[^}]+\}", "[0-9a-f-]{36}", path)
        if re.fullmatch(pattern, request.url.path):
            operation: dict[str, Any] | None = operations.get(request.method.lower())
            return operation
    return None


def _validate(body: object, part: dict[str, Any], schema: dict[str, Any]) -> None:
    # References point into the whole schema's components.
    whole = {**part, "components": schema["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(body)
