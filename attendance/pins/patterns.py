"""What too many people choose: sequences, repeats, years, walks over the keypad, and a few words.

The order in which a thief tries PINs is known from leaked lists; these shapes lead all of them.
"""

from itertools import groupby, pairwise

# Rows of a telephone's keypad, as (row, column) of each key.
_KEYS = {
    digit: (row, column)
    for row, line in enumerate(("123", "456", "789", " 0 "))
    for column, digit in enumerate(line)
    if digit != " "
}
_LINES = ("123", "456", "789", "147", "258", "369", "159", "357", "2580")
_STROKES = tuple(stroke for line in _LINES for stroke in (line, line[::-1]))
_CORNERS = frozenset("1379")
_CROSS = frozenset("2468")
# Words and wishes in digits: LOVE, "I love you for ever", "all the way to wealth".
_WORDS = frozenset(
    {"5683", "1314", "5201314", "0420", "4200", "1688", "0007", "314159", "31415926"}
)


def is_sequence(digits: str) -> bool:
    """Say whether every step is the same, counted past nine: 1234, 8901, 2468, 0000."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(digits)}
    return len(steps) == 1


def is_repeat(digits: str) -> bool:
    """Say whether it is a shorter thing again: 1212, 123123, 1122, 1000, 112233, 1221."""
    length = len(digits)
    blocks = (size for size in range(1, length // 2 + 1) if length % size == 0)
    if any(digits == digits[:size] * (length // size) for size in blocks):
        return True
    runs = [(digit, len(list(run))) for digit, run in groupby(digits)]
    if len(runs) <= 2 or digits == digits[::-1]:
        return True
    even = len({count for _, count in runs}) == 1
    return even and len(runs) < length and is_sequence("".join(digit for digit, _ in runs))


def is_year(digits: str) -> bool:
    """Say whether it is a year of these two centuries."""
    return len(digits) == 4 and digits[:2] in {"19", "20"}


def is_keypad_pattern(digits: str) -> bool:
    """Say whether a finger draws it: lines, corners, crosses, and walks from key to key."""
    if len(digits) == 4 and frozenset(digits) in (_CORNERS, _CROSS):
        return True
    return _is_walk(digits) or _is_lines(digits)


def is_word(digits: str) -> bool:
    """Say whether it is one of the words that are spelled in digits."""
    return digits in _WORDS


def _is_walk(digits: str) -> bool:
    def beside(one: str, other: str) -> bool:
        (row, column), (below, right) = _KEYS[one], _KEYS[other]
        return abs(row - below) + abs(column - right) == 1

    return len(set(digits)) == len(digits) and all(beside(a, b) for a, b in pairwise(digits))


def _is_lines(digits: str) -> bool:
    """Say whether it is nothing but lines of the keypad, one after the other: 147258, 159753."""
    if not digits:
        return True
    return any(
        digits.startswith(stroke) and _is_lines(digits[len(stroke) :]) for stroke in _STROKES
    )
