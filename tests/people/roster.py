"""The synthetic people with names: identities that the descriptor keeps well apart."""

from __future__ import annotations

from dataclasses import dataclass

# What `python -m tests.people separate` finds among the first 500 seeds. A change to the
# drawing moves people: tests/test_people.py notices, the command says who can stay.
IDENTITIES: tuple[int, ...] = (
    24, 29, 30, 42, 43, 49, 68, 79, 83, 87, 91, 100, 102, 118, 127, 183, 198, 202, 245, 274,
    316, 369, 374, 416, 428, 453,
)  # fmt: skip


@dataclass(frozen=True)
class SyntheticPerson:
    """A drawn person as an employee; nobody of that name is meant."""

    identity: int
    name: str
    employee_number: str


_NAMES: tuple[tuple[int, str], ...] = (
    (87, "Ada Lindqvist"),
    (416, "王小梅"),
    (202, "Зоя Орлова"),
    (453, "נועם אלוני"),
    (100, "أمل حداد"),
    (245, "Søren Østergård"),
    (428, "Amara Nwachukwu"),
    (49, "Gurtej Dhillon"),
    (127, "Ελένη Καραμάνη"),
    (198, "Kofi Ntim"),
    (183, "Fergus O’Malley"),
    (374, "林美玲"),
    (91, "Tendai Moyana"),
    (118, "Maëlle Fontanier"),
    (42, "Jörg Weißmüller"),
    (43, "Zeynep Çağlar"),
    (369, "Ọláìyá Adébáyọ̀"),
    (274, "Inês Conceição"),
    (68, "阮文俊"),
    (79, "Łukasz Źrebiec"),
    (83, "Þórdís Björnsdóttir"),
    (24, "გიორგი მელაძე"),
    (29, "佐藤ひかり"),
    (30, "Ibrahima Ndiaye-Sow"),
    (102, "अर्जुन वर्मा"),
    (316, "Nguyễn Đức Thịnh"),
)

PEOPLE: tuple[SyntheticPerson, ...] = tuple(
    SyntheticPerson(identity, name, f"E{1001 + place}")
    for place, (identity, name) in enumerate(_NAMES)
)
