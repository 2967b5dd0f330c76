"""The published schema is valid, and the page that shows it works without the internet."""

import re

import httpx
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from attendance.choices import CaptureFailure, ReasonCode
from attendance.messages import message_for
from tests.attendance.documented import PLAIN, PROBLEM, schema_at


def test_it_is_valid_openapi(server: str) -> None:
    OpenAPIV31SpecValidator(schema_at(server)).validate()


def test_it_names_every_address(server: str) -> None:
    operations = {
        (method, path) for path, ops in schema_at(server)["paths"].items() for method in ops
    }
    assert operations == {
        ("post", "/api/v1/captures"),
        ("get", "/api/v1/captures/{capture_id}"),
        ("get", "/api/v1/kiosk"),
        ("post", "/api/v1/entries"),
        ("post", "/api/v1/door-events"),
        ("put", "/api/v1/kiosk/health"),
        ("get", "/api/v1/kiosk/offline"),
        ("post", "/api/v1/kiosk/offline-pins"),
        ("post", "/api/v1/kiosk/provision"),
        ("post", "/api/v1/kiosk/key"),
    }


def test_every_refusal_is_a_problem_document(server: str) -> None:
    for path, operations in schema_at(server)["paths"].items():
        for operation in operations.values():
            kinds = {
                (status >= "400", tuple(response["content"]))
                for status, response in operation["responses"].items()
            }
            assert kinds == {(False, ("application/json",)), (True, (PROBLEM,))}
            open_to_all = path == "/api/v1/kiosk/provision"
            assert open_to_all or operation["security"] == [{"KioskSignature": []}]


def test_every_status_of_a_capture_is_documented(server: str) -> None:
    statuses = set(schema_at(server)["paths"]["/api/v1/captures"]["post"]["responses"])
    expected = "200 202 400 401 403 409 413 415 422 429 500 503"
    assert statuses == set(expected.split())


def test_the_page_to_read_it_asks_nobody_else_for_anything(server: str) -> None:
    page = httpx.get(f"{server}/api/v1/docs", verify=PLAIN)
    assert page.status_code == 200
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert links
    for link in links:
        assert link.startswith("/")
        assert httpx.get(server + link, verify=PLAIN).status_code == 200


@pytest.mark.parametrize("code", [*ReasonCode, *(f for f in CaptureFailure if f)])
def test_every_reason_has_a_sentence(code: ReasonCode | CaptureFailure) -> None:
    assert message_for(code).endswith(".")
