from pathlib import Path

import pytest
from django.contrib.auth.models import User

from attendance.models import Kiosk, Site
from tests.attendance.commands.running import run
from tests.attendance.commands.test_kiosk import holder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


@pytest.fixture(autouse=True)
def _password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINTEL_ADMIN_PASSWORD", "correct horse battery")


def test_it_creates_site_account_and_kiosk(tmp_path: Path) -> None:
    file = tmp_path / "token"
    assert run("prepare_site", "--kiosk-token-file", str(file)).status == 0
    assert Site.objects.get().name == "Main site"
    assert User.objects.get(username="admin").check_password("correct horse battery")
    assert holder(file.read_text()) == Kiosk.objects.get()
    assert file.stat().st_mode & 0o777 == 0o600


def test_run_again_it_makes_a_new_code_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "token"
    codes = set()
    for _ in range(3):
        assert run("prepare_site", "--kiosk-token-file", str(file)).status == 0
        assert holder(file.read_text())
        assert file.stat().st_mode & 0o777 == 0o600
        codes.add(file.read_text())
    assert len(codes) == 3
    assert Site.objects.count() == User.objects.count() == Kiosk.objects.count() == 1


def test_a_password_that_was_changed_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    run("prepare_site")
    monkeypatch.setenv("LINTEL_ADMIN_PASSWORD", "another")
    run("prepare_site")
    assert User.objects.get().check_password("correct horse battery")


def test_without_a_password_nothing_is_created(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINTEL_ADMIN_PASSWORD")
    ended = run("prepare_site")
    assert (ended.status, "LINTEL_ADMIN_PASSWORD" in ended.out) == (2, True)
    assert not Site.objects.exists()
