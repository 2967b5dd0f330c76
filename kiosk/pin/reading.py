"""Reads digits in the guide box with the networks that this kiosk has."""

import logging
from collections.abc import Mapping

from kiosk.frames import CameraFrame
from kiosk.pin.guide import pin_guide
from kiosk.pin.values import Seen, Source
from recognition import RecognitionError
from recognition.reading.registry import load_reader
from recognition.reading.speller import shown_symbol
from recognition.reading.values import Reader

log = logging.getLogger(__name__)


class DigitReaders:
    """Readers of signs and of handwriting, asked about the same frame. One thread at a time."""

    def __init__(self, readers: Mapping[Source, Reader]) -> None:
        self._readers = readers

    def read(self, frame: CameraFrame) -> Seen:
        """Read a frame's guide box; the surer of two readers is believed."""
        height, width = frame.image.shape[:2]
        guide = pin_guide(width, height)
        best, hand = Seen(None), False
        surest = 0.0
        for source, reader in self._readers.items():
            readings = reader.read(frame.image, guide=guide)
            symbols = shown_symbol(readings)
            hand = hand or (source is Source.SIGN and bool(readings))
            confidence = min((one.confidence for one in readings), default=0.0)
            if symbols is not None and confidence > surest and symbols.isdecimal():
                best, surest = Seen(symbols, source), confidence
        return best if best.symbols is not None else Seen(None, hand=hand)


def load_digit_readers() -> DigitReaders:
    """Load the readers whose weights are there; without any, keypad and keyboard are left."""
    found: dict[Source, Reader] = {}
    for source, name in ((Source.SIGN, "sign"), (Source.WRITTEN, "written")):
        try:
            found[source] = load_reader(name)
        except (RecognitionError, ImportError) as error:
            log.warning("Digits cannot be read by camera (%s): %s", source, error)
    return DigitReaders(found)
