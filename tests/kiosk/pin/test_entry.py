"""Entering a PIN by hand, on paper and by key, in frames of a camera of 15 a second."""

import pickle
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.pin import (
    Ask,
    Cancelled,
    Effect,
    Entry,
    EntryRules,
    Field,
    Given,
    Key,
    Ring,
    Seen,
    Source,
)

FPS = 15
FRAME_S = 1 / FPS
PIN = Ask(fields=(Field.PIN,), until_s=1000.0, capture=uuid4(), visit=3)
NUMBER_AND_PIN = Ask(fields=(Field.NUMBER, Field.PIN), until_s=1000.0)
CHALLENGE = Ask(fields=(Field.CHALLENGE,), until_s=1000.0, challenge="47")
NOTHING = Seen(None)
HAND = Seen(None, hand=True)


class Camera:
    """Shows an entry one frame after the other and counts them."""

    def __init__(self, ask: Ask = PIN, rules: EntryRules | None = None) -> None:
        self.frames = 0
        self.entry = Entry(ask, 0.0, rules or EntryRules())
        self.effect: Effect | None = None

    @property
    def now_s(self) -> float:
        return self.frames * FRAME_S

    def show(self, seen: Seen, frames: int) -> "Camera":
        for _ in range(frames):
            self.frames += 1
            self.effect = self.effect or self.entry.see(seen, self.now_s)
        return self

    def sign(self, digit: str, *, frames: int = 13, way: int = 6) -> "Camera":
        """Hold a sign, after the hand has been on its way to it."""
        return self.show(NOTHING, way).show(Seen(digit), frames)

    def press(self, *keys: str, source: Source = Source.KEYPAD) -> "Camera":
        for key in keys:
            self.effect = self.effect or self.entry.key(key, source, self.now_s)
        return self

    @property
    def dots(self) -> int:
        return self.entry.view(self.now_s).typed


def sent(camera: Camera) -> tuple[str | None, str | None]:
    """The number and the PIN that were sent."""
    assert isinstance(camera.effect, Given)
    number, pin = camera.effect.number, camera.effect.pin
    return (number.reveal() if number else None), (pin.reveal() if pin else None)


def test_four_signs_and_a_pause_send_a_pin() -> None:
    camera = Camera()
    for digit in "8305":
        camera.sign(digit)
    camera.show(NOTHING, 31)
    assert sent(camera) == (None, "8305")
    assert isinstance(camera.effect, Given)
    assert camera.effect.sources == {Source.SIGN}


def test_a_pin_of_four_signs_takes_less_than_twelve_seconds() -> None:
    """With six frames of every sign misread and nine frames of way between two signs."""
    camera = Camera()
    for digit in "8305":
        camera.show(HAND, 9).show(Seen(digit), 5).show(HAND, 1).show(Seen(digit), 9)
    while camera.effect is None:
        camera.show(NOTHING, 1)
    assert sent(camera) == (None, "8305")
    assert camera.frames < 12 * FPS


def test_a_held_sign_counts_once_and_twice_after_a_gap() -> None:
    camera = Camera().sign("8", frames=20)
    assert camera.dots == 1
    camera.sign("8", way=6)
    assert camera.dots == 2


def test_the_ring_fills_while_a_sign_is_held() -> None:
    camera = Camera().show(NOTHING, 3)
    rings = []
    for _ in range(10):
        view = camera.show(Seen("8"), 1).entry.view(camera.now_s)
        rings.append((view.ring, view.progress))
    assert {ring for ring, _ in rings} == {Ring.HOLD}
    assert [step for _, step in rings] == sorted(step for _, step in rings)
    assert rings[-1][1] > 0.8


def test_a_sign_that_is_held_on_is_taken_back_once() -> None:
    camera = Camera().sign("8").sign("3", frames=12)
    assert camera.dots == 2
    deleting = camera.show(Seen("3"), 30).entry.view(camera.now_s)
    assert (deleting.ring, deleting.typed) == (Ring.DELETE, 2)
    camera.show(Seen("3"), 90)
    assert camera.dots == 1


def test_a_sign_held_for_twice_as_long_as_needed_deletes_nothing() -> None:
    camera = Camera().sign("8", frames=22).sign("3", frames=22)
    assert camera.dots == 2


def test_a_hand_that_cannot_be_read_deletes_nothing() -> None:
    camera = Camera().sign("8").show(HAND, 100)
    assert camera.dots == 1


def test_digits_on_paper_come_all_at_once() -> None:
    camera = Camera().show(Seen("8305", Source.WRITTEN), 12).show(NOTHING, 31)
    assert sent(camera) == (None, "8305")


def test_hands_paper_and_keys_may_be_mixed_in_one_field() -> None:
    camera = Camera().sign("8").press("3").press("0", source=Source.KEYBOARD)
    camera.show(Seen("5", Source.WRITTEN), 12)
    camera.press(Key.ENTER)
    assert sent(camera) == (None, "8305")
    assert isinstance(camera.effect, Given)
    assert camera.effect.sources == set(Source)


def test_keys_alone_wait_for_the_key_that_sends() -> None:
    camera = Camera().press(*"8305").show(NOTHING, 10 * FPS)
    assert camera.effect is None
    assert sent(camera.press(Key.ENTER)) == (None, "8305")


def test_three_digits_are_not_sent() -> None:
    camera = Camera().press(*"830", Key.ENTER)
    assert camera.effect is None
    assert not camera.entry.view(camera.now_s).can_send


def test_eight_digits_are_all_there_is_and_are_sent_at_once() -> None:
    camera = Camera()
    for digit in "83057294":
        camera.sign(digit)
    assert sent(camera) == (None, "83057294")


def test_a_number_is_typed_with_its_letters_and_then_the_pin() -> None:
    camera = Camera(NUMBER_AND_PIN).press(*"E-17", source=Source.KEYBOARD)
    assert camera.entry.view(0).shown == "E-17"
    camera.press(Key.ENTER)
    assert camera.entry.view(0).field is Field.PIN
    assert sent(camera.press(*"8305", Key.ENTER)) == ("E-17", "8305")


def test_a_number_is_never_read_by_the_camera() -> None:
    camera = Camera(NUMBER_AND_PIN).show(Seen("8305", Source.WRITTEN), 40)
    assert camera.entry.view(camera.now_s).shown == ""


def test_letters_are_no_part_of_a_pin() -> None:
    assert Camera().press("a", "8", "½", " ", "٣").dots == 1


def test_a_challenge_is_shown_by_hand_and_by_nothing_else() -> None:
    camera = Camera(CHALLENGE).press("4", "7", Key.ENTER)
    assert camera.dots == 0
    assert camera.entry.view(0).challenge == "47"
    camera.sign("4").sign("1")
    assert isinstance(camera.effect, Given)
    assert camera.effect.challenge is not None
    assert camera.effect.challenge.reveal() == "41"  # what was read; the server judges it


def test_number_and_pin_can_be_chosen_instead_of_the_face() -> None:
    camera = Camera(CHALLENGE).press(Key.OTHER_WAY)
    assert sent(camera.press(*"17", Key.ENTER, *"8305", Key.ENTER)) == ("17", "8305")
    assert isinstance(camera.effect, Given)
    assert camera.effect.ask.capture is None


def test_cancelling_forgets_what_was_typed() -> None:
    camera = Camera().press(*"8305", Key.CANCEL)
    assert camera.effect == Cancelled(PIN, timed_out=False)
    assert camera.dots == 0


def test_an_entry_that_nobody_goes_on_with_ends_by_itself() -> None:
    camera = Camera().sign("8")
    camera.show(NOTHING, 25 * FPS)
    assert camera.effect == Cancelled(PIN, timed_out=True)


def test_it_ends_when_the_server_stops_waiting_whatever_is_pressed() -> None:
    entry = Entry(Ask(fields=(Field.PIN,), until_s=5.0), 0.0)
    assert entry.key("8", Source.KEYPAD, 4.9) is None
    assert entry.view(4.0).left_s == 1
    assert isinstance(entry.key("3", Source.KEYPAD, 5.0), Cancelled)


def test_after_a_refusal_it_begins_anew_and_says_why_until_something_is_typed() -> None:
    camera = Camera().press(*"8306", Key.ENTER)
    camera.entry.again(PIN, camera.now_s, refused="wrong_pin")
    assert (camera.dots, camera.entry.view(camera.now_s).hint) == (0, "wrong_pin")
    camera.effect = None
    camera.press("8")
    assert camera.entry.view(camera.now_s).hint == ""


def test_what_to_do_is_said_when_nothing_can_be_read() -> None:
    camera = Camera().show(NOTHING, 3 * FPS)
    assert camera.entry.view(camera.now_s).hint == ""
    camera.show(NOTHING, 2 * FPS)
    assert camera.entry.view(camera.now_s).hint == "nothing_held"
    camera.show(HAND, 2)
    assert camera.entry.view(camera.now_s).hint == "not_read"


def test_nothing_of_an_entry_shows_a_digit() -> None:
    camera = Camera(NUMBER_AND_PIN).press("x", Key.ENTER, *"830572", Key.ENTER)
    assert isinstance(camera.effect, Given)
    assert "830572" not in repr(camera.effect)
    assert "830572" not in repr(vars(camera.entry))
    assert not any(digit in repr(camera.effect.pin) for digit in "0123456789")
    with pytest.raises(TypeError):
        pickle.dumps(camera.effect.pin)


SEEN = st.sampled_from([NOTHING, HAND, Seen("8"), Seen("3"), Seen("305", Source.WRITTEN)])
KEYS = st.sampled_from([*"0123456789", Key.DELETE, Key.ENTER])


@given(st.lists(st.tuples(SEEN, st.integers(1, 30)) | KEYS, max_size=40))
def test_whatever_happens_a_pin_that_is_sent_has_four_to_eight_digits(events: list[object]) -> None:
    camera = Camera()
    for event in events:
        if isinstance(event, tuple):
            camera.show(*event)
        else:
            camera.press(str(event))
        assert camera.dots <= 8
        view = camera.entry.view(camera.now_s)
        assert 0.0 <= view.progress <= 1.0
    if isinstance(camera.effect, Given):
        assert camera.effect.pin is not None
        assert 4 <= len(camera.effect.pin) <= 8
        assert camera.effect.pin.reveal().isdecimal()
