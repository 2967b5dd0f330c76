"""A kiosk's own code against the real server: provisioning, rotation, and one form for both."""

import asyncio
from pathlib import Path

import httpx
import pytest

from attendance.models import Kiosk, Site
from attendance.services import canonical as server_side
from attendance.services.provisioning import demand_rotation, key_fingerprint
from kiosk.client import Client
from kiosk.errors import CallError, ProvisioningError, ServerAwayError
from kiosk.exchange import open_http
from kiosk.heartbeat import Heartbeat
from kiosk.link import Link, LinkState
from kiosk.trust import Identity, Trust
from kiosk.trust import canonical as kiosk_side
from kiosk.trust.code import parse_code
from kiosk.trust.identity import fingerprint, in_groups
from kiosk.trust.introduction import identify
from kiosk.trust.key_file import KeyFile
from tests.attendance.documented import PLAIN
from tests.attendance.rows import make_kiosk

pytestmark = pytest.mark.django_db(transaction=True)


def start(server: str, code: str | None, folder: Path) -> Identity:
    """Find out who this kiosk is, as it does when it starts."""

    async def introduced() -> Identity:
        async with open_http() as http:
            return await identify(http, f"{server}/", parse_code(code) if code else None, folder)

    return asyncio.run(introduced())


def test_the_first_start_brings_a_key_and_later_ones_use_it(
    server: str, site: Site, tmp_path: Path
) -> None:
    kiosk, code = make_kiosk(site)
    first = start(server, code, tmp_path)
    kiosk.refresh_from_db()
    assert first.kiosk == str(kiosk.pk)
    assert in_groups(fingerprint(kiosk.public_key)) == key_fingerprint(kiosk=kiosk)
    assert start(server, code, tmp_path) == first
    assert start(server, None, tmp_path) == first
    assert sorted(path.name for path in tmp_path.iterdir()) == ["key.json"]


def test_an_answer_that_was_lost_costs_another_try_and_nothing_else(
    server: str, site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _kiosk, code = make_kiosk(site)

    def power_cut(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("kiosk.trust.provisioning.replace", power_cut)
        with pytest.raises(KeyboardInterrupt):
            start(server, code, tmp_path)
    assert Kiosk.objects.get().code_used_at is not None
    assert start(server, code, tmp_path).provisioned


def test_without_key_and_code_it_says_what_is_missing(server: str, tmp_path: Path) -> None:
    with pytest.raises(CallError, match="one-time code"):
        start(server, None, tmp_path)


def test_a_code_that_is_used_ends_a_kiosk_without_a_key(
    server: str, site: Site, tmp_path: Path
) -> None:
    _kiosk, code = make_kiosk(site)
    (tmp_path / "one").mkdir()
    start(server, code, tmp_path / "one")
    (tmp_path / "two").mkdir()
    with pytest.raises(ProvisioningError, match="used already"):
        start(server, code, tmp_path / "two")


def test_a_new_code_provisions_anew_and_a_stale_one_leaves_the_key_in_use(
    server: str, site: Site, tmp_path: Path
) -> None:
    kiosk, code = make_kiosk(site)
    first = start(server, code, tmp_path)
    other, new = make_kiosk(site, "Back door")
    second = start(server, new, tmp_path)
    assert (first.kiosk, second.kiosk) == (str(kiosk.pk), str(other.pk))
    assert start(server, code, tmp_path) == second


def test_a_server_that_did_not_make_the_code_is_not_believed(
    server: str, site: Site, tmp_path: Path
) -> None:
    _kiosk, code = make_kiosk(site)
    elsewhere = parse_code(code).secret + "a" * 16

    async def introduced() -> Identity:
        async with open_http() as http:
            from kiosk.trust.provisioning import provision

            return await provision(http, f"{server}/", parse_code(elsewhere), tmp_path)

    with pytest.raises(ServerAwayError, match="not the server that made this code"):
        asyncio.run(introduced())
    assert KeyFile(tmp_path).load() is None


def test_the_console_asks_and_the_kiosk_changes_its_key(
    server: str, site: Site, tmp_path: Path
) -> None:
    kiosk, code = make_kiosk(site)
    before = start(server, code, tmp_path)
    kiosk.refresh_from_db()
    demand_rotation(kiosk=kiosk)

    async def beat() -> Link:
        async with open_http() as http:
            client, link = Client(server, Trust(before), http), Link()
            heartbeat = Heartbeat(client, link, key_file=KeyFile(tmp_path))
            for _ in range(2):
                await heartbeat.beat()
            return link

    assert asyncio.run(beat()).state is LinkState.ONLINE
    after = KeyFile(tmp_path).load()
    assert after is not None
    kiosk.refresh_from_db()
    assert after.seed != before.seed
    assert key_fingerprint(kiosk=kiosk) == Trust(after).fingerprint
    assert not kiosk.rotation_wanted


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"code_name": 1}', b"\xff"])
def test_an_introduction_that_is_none_is_refused(server: str, body: bytes) -> None:
    answer = httpx.post(
        f"{server}/api/v1/kiosk/provision",
        content=body,
        headers={"Content-Type": "application/json"},
        verify=PLAIN,
    )
    assert answer.status_code in (400, 422)


def test_kiosk_and_server_write_every_form_alike() -> None:
    body, digest = b"body", "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5"
    whole = {"kiosk": "7", "method": "post", "target": "/a?b=c", "time": "t", "nonce": "n"}
    assert server_side.request_message(**whole, body_sha256=digest) == (
        kiosk_side.request_message(**whole, body=body)
    )
    assert kiosk_side.request_message(**whole, body=body) == (
        b"lintel-request-1\n7\nPOST\n/a?b=c\n" + digest.encode() + b"\nt\nn"
    )
    for form, fields in (
        ("answer_message", {"kiosk": "7", "nonce": "n", "status": 200, "body": body}),
        ("provision_message", {"code_name": "c", "public_key": "k", "nonce": "n"}),
        ("rotation_message", {"kiosk": "7", "public_key": "k"}),
    ):
        assert getattr(server_side, form)(**fields) == getattr(kiosk_side, form)(**fields)
