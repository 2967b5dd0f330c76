"""Pages for what went wrong say what it was and what to do, in the reader's language."""

from collections.abc import Callable

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import ClientHandler
from django.urls import path

from config.urls import urlpatterns as real
from tests.attendance.rows import make_staff

pytestmark = pytest.mark.django_db


def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a fault in a page")


urlpatterns = [*real, path("breaks", breaks)]

CHINESE = {"Accept-Language": "zh-hans"}


def told(client: Client, address: str, status: int) -> tuple[str, str]:
    """Return a page of a fault in both languages."""
    pages = []
    for headers in ({}, CHINESE):
        answer = client.get(address, headers=headers)
        assert answer.status_code == status
        pages.append(answer.content.decode())
    return pages[0], pages[1]


def missing(client: Client) -> str:
    return "/nowhere"


def forbidden(client: Client) -> str:
    client.force_login(make_staff())
    return "/admin/attendance/person/"


@pytest.mark.parametrize(
    ("prepare", "status", "words", "chinese"),
    [
        (missing, 404, "There is no such page", "没有这个页面"),
        (forbidden, 403, "Your account may not do this", "您的账户无权这样做"),
    ],
)
def test_a_fault_is_told_in_words(
    client: Client, prepare: Callable[[Client], str], status: int, words: str, chinese: str
) -> None:
    english, other = told(client, prepare(client), status)
    assert words in english
    assert '<html lang="zh-hans">' in other
    assert chinese in other


@pytest.mark.urls(__name__)
def test_a_page_that_breaks_says_so_and_nothing_of_its_inside(client: Client) -> None:
    client.raise_request_exception = False
    english, chinese = told(client, "/breaks", 500)
    assert "Something went wrong here" in english
    assert "a fault in a page" not in english
    assert "此处出错了" in chinese


def test_a_form_of_another_sign_in_says_what_to_do(quick_passwords: None) -> None:
    client = Client()
    client.handler = ClientHandler(enforce_csrf_checks=True)
    answer = client.post("/admin/login/", {"username": "eve", "password": "x"})
    assert answer.status_code == 403
    assert "This form is no longer valid" in answer.content.decode()


def test_too_many_fields_are_refused_with_words(console: Client) -> None:
    fields = {f"field-{n}": "1" for n in range(1001)}
    answer = console.post("/admin/attendance/group/add/", fields)
    assert answer.status_code == 400
    assert "too much for one form" in answer.content.decode()
