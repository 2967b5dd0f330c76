"""Tests the spool: order, bounds, seals, damage."""

import sqlite3
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.errors import SealError, SpoolFullError, StartError
from kiosk.spool import Kind, Spool, Vault


def ids(spool: Spool) -> list[UUID]:
    """The ids of all that waits, in order."""
    found, after = [], 0
    while entry := spool.oldest(after=after):
        found.append(entry.id)
        after = entry.number
    return found


def again(spool: Spool) -> Spool:
    """The same spool after the kiosk was started anew."""
    spool.close()
    folder = spool.path.parent
    return Spool(folder, Vault.at(folder), most=spool.most)


def test_what_is_kept_comes_out_in_its_order_also_after_a_restart(spool: Spool) -> None:
    kept = [uuid4() for _ in range(5)]
    for number, entry_id in enumerate(kept):
        spool.add(entry_id, Kind.CAPTURE, b"%d" % number)
    spool = again(spool)
    assert ids(spool) == kept
    first = spool.oldest()
    assert first is not None
    assert (first.content, first.kind, first.failures) == (b"0", Kind.CAPTURE, 0)


def test_the_same_id_is_kept_once(spool: Spool) -> None:
    entry_id = uuid4()
    assert spool.add(entry_id, Kind.CAPTURE, b"x") == spool.add(entry_id, Kind.CAPTURE, b"x")
    assert spool.state().waiting == 1


def test_numbers_are_never_given_twice(spool: Spool) -> None:
    first = spool.add(uuid4(), Kind.CAPTURE, b"x")
    spool.remove(first)
    assert spool.add(uuid4(), Kind.CAPTURE, b"x") > first
    spool.remove(first + 1)
    spool = again(spool)
    assert spool.add(uuid4(), Kind.CAPTURE, b"x") > first + 1


def test_under_another_id_it_keeps_its_place(spool: Spool) -> None:
    numbers = [spool.add(uuid4(), Kind.CAPTURE, b"x") for _ in range(3)]
    new = uuid4()
    spool.rename(numbers[0], new)
    first = spool.oldest()
    assert first is not None
    assert (first.number, first.id, first.failures, first.content) == (numbers[0], new, 1, b"x")


def test_what_is_set_aside_stays_and_is_not_sent(spool: Spool) -> None:
    number = spool.add(uuid4(), Kind.CAPTURE, b"x")
    spool.set_aside(number, "undecidable")
    assert spool.oldest() is None
    assert (spool.state().waiting, spool.state().aside) == (0, 1)


def test_when_it_is_full_it_refuses_and_drops_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path, Vault.at(tmp_path), most=10_000)
    kept = [uuid4() for _ in range(9)]
    for entry_id in kept:
        spool.add(entry_id, Kind.CAPTURE, b"x" * 1000)
    with pytest.raises(SpoolFullError, match="full"):
        spool.add(uuid4(), Kind.CAPTURE, b"x" * 1000)
    assert ids(spool) == kept
    assert spool.state().size <= 10_000
    first = spool.oldest()
    assert first is not None
    spool.remove(first.number)
    spool.add(uuid4(), Kind.CAPTURE, b"x" * 1000)


def test_nothing_of_it_can_be_read_from_the_disk(spool: Spool) -> None:
    spool.add(uuid4(), Kind.CAPTURE, b"a face" * 50)
    for path in spool.path.parent.iterdir():
        assert b"a face" not in path.read_bytes()
        assert path.stat().st_mode & 0o077 == 0


def test_without_its_key_nothing_opens_and_everything_is_set_aside(spool: Spool) -> None:
    spool.add(uuid4(), Kind.CAPTURE, b"x")
    spool.close()
    folder = spool.path.parent
    (folder / "seal.key").unlink()
    spool = Spool(folder, Vault.at(folder))
    assert spool.oldest() is None
    assert spool.state().aside == 1


def test_an_entry_in_anothers_place_does_not_open(
    spool: Spool, caplog: pytest.LogCaptureFixture
) -> None:
    for content in (b"one", b"two", b"three"):
        spool.add(uuid4(), Kind.CAPTURE, content)
    spool.close()
    with sqlite3.connect(spool.path) as database:
        database.execute(
            "UPDATE entry SET sealed = (SELECT sealed FROM entry WHERE number = 2) WHERE number = 1"
        )
    spool = again(spool)
    first = spool.oldest()
    assert first is not None
    assert first.content == b"two"
    assert "set aside" in caplog.text


@pytest.mark.parametrize("damage", [b"", b"no database at all" * 1000, None])
def test_a_damaged_file_is_set_aside_and_said(
    spool: Spool, damage: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(20):
        spool.add(uuid4(), Kind.CAPTURE, b"x" * 5000)
    spool.close()
    whole = spool.path.read_bytes()
    middle = whole[:5000] + bytes(30_000) + whole[35_000:]
    spool.path.write_bytes(middle if damage is None else damage)
    spool = again(spool)
    spool.add(uuid4(), Kind.CAPTURE, b"x")
    if damage == b"":  # an empty file is an empty database
        return
    assert spool.state().damaged
    assert "damaged" in caplog.text
    assert (spool.path.parent / spool.state().damaged).exists()


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Vault.at(tmp_path)
    (tmp_path / "seal.key").chmod(0o644)
    with pytest.raises(StartError, match="read by others"):
        Vault.at(tmp_path)


@given(st.binary(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_what_is_sealed_opens_under_its_own_name_alone(
    content: bytes, name: str, other: str
) -> None:
    vault = Vault(bytes(32))
    sealed = vault.seal(content, name)
    assert vault.open(sealed, name) == content
    if other != name:
        with pytest.raises(SealError):
            vault.open(sealed, other)
