"""Tests the slot that holds the newest frame."""

import threading

import numpy as np

from kiosk.frames import NewestFrame

PICTURE = np.zeros((4, 6, 3), np.uint8)


def test_an_empty_slot_has_no_frame() -> None:
    assert NewestFrame().newest() is None
    assert NewestFrame().newer_than(0) is None


def test_a_slow_reader_sees_the_newest_frame_only() -> None:
    slot = NewestFrame()
    for number in range(1, 101):
        slot.put(PICTURE, float(number))
    frame = slot.newer_than(1)
    assert frame is not None
    assert (frame.number, frame.taken_s) == (100, 100.0)


def test_a_frame_that_was_seen_is_not_given_again() -> None:
    slot = NewestFrame()
    frame = slot.put(PICTURE, 1.0)
    assert slot.newer_than(frame.number) is None
    assert slot.newest() is frame


def test_it_tells_of_each_frame() -> None:
    told = []
    slot = NewestFrame(on_new=lambda: told.append(1))
    slot.put(PICTURE, 1.0)
    slot.put(PICTURE, 2.0)
    assert len(told) == 2


def test_numbers_only_rise_when_several_threads_look() -> None:
    slot = NewestFrame()
    done = threading.Event()
    fell: list[tuple[int, int]] = []

    def look() -> None:
        last = 0
        while not done.is_set():
            frame = slot.newest()
            if frame is not None:
                if frame.number < last:
                    fell.append((last, frame.number))
                last = frame.number

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(2000):
        slot.put(PICTURE, float(number))
    done.set()
    for reader in readers:
        reader.join()
    assert not fell
