from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from django.utils.translation import override

from attendance.choices import ReasonCode, TemplateSource
from attendance.messages import advice_message
from attendance.models import Person, Template
from attendance.services.decisions import engine
from attendance.services.enrolment import (
    Picture,
    PictureOutcome,
    enrol_pictures,
    examine_pictures,
    store_examined,
)
from attendance.services.sealing import open_vector
from recognition import Advice, EngineId, Reason, Side, encode_jpeg
from tests.attendance import pictures
from tests.attendance.pictures import ADA, NOAM, WANG, portrait
from tests.attendance.rows import enrolled, make_person, new_policy
from tests.people import Light, draw

pytestmark = pytest.mark.django_db(transaction=True)


def enrol(person: Person, *data: bytes, min_face_px: int | None = None) -> list[PictureOutcome]:
    chosen = [Picture(f"{n}.jpg", one) for n, one in enumerate(data)]
    return enrol_pictures(
        person=person, pictures=chosen, source=TemplateSource.UPLOAD, min_face_px=min_face_px
    )


def codes(outcomes: Sequence[PictureOutcome]) -> list[str]:
    return [outcome.code for outcome in outcomes]


def test_a_good_picture_becomes_a_sealed_template() -> None:
    ada = make_person()
    (outcome,) = enrol(ada, portrait(ADA.identity))
    assert (outcome.accepted, outcome.code) == (True, "enrolled")
    template = Template.objects.get()
    assert template.person == ada
    assert template.source == TemplateSource.UPLOAD
    assert 0 < template.quality <= 1
    vector = open_vector(sealed=bytes(template.sealed_vector), person_id=ada.pk, engine=engine().id)
    assert vector.shape == (128,)
    assert vector.tobytes() not in bytes(template.sealed_vector)


def test_several_pictures_become_a_template_each() -> None:
    outcomes = enrol(make_person(), *(portrait(ADA.identity, v) for v in range(3)))
    assert codes(outcomes) == ["enrolled"] * 3
    assert Template.objects.count() == 3


def test_the_same_picture_again_is_known_and_stored_once() -> None:
    ada = make_person()
    enrol(ada, portrait(ADA.identity))
    (again,) = enrol(ada, portrait(ADA.identity))
    assert (again.accepted, again.code) == (True, "known")
    assert codes(enrol(ada, *[portrait(ADA.identity, 1)] * 2)) == ["enrolled", "known"]
    assert Template.objects.count() == 2


def blurred() -> bytes:
    small = draw(ADA.identity, size=(480, 640))[::16, ::16]
    return encode_jpeg(np.kron(small, np.ones((16, 16, 1), np.uint8)))


def lit(strength: float) -> bytes:
    return encode_jpeg(draw(ADA.identity, light=Light(0, 0, strength, 0)))


REFUSED: dict[str, tuple[bytes, str]] = {
    "without a face": (pictures.no_face(), ReasonCode.NO_FACE),
    "with two faces": (pictures.two_faces(), ReasonCode.SEVERAL_FACES),
    "all black": (pictures.plain(0), ReasonCode.NO_FACE),
    "all white": (pictures.plain(255), ReasonCode.NO_FACE),
    "of one pixel": (pictures.plain(90, width=1, height=1), ReasonCode.NO_FACE),
    "of a face too small": (portrait(ADA.identity, face_px=85), ReasonCode.FACE_TOO_SMALL),
    "too dark": (lit(0.12), ReasonCode.TOO_DARK),
    "that is empty": (b"", "empty"),
    "that is a text": (pictures.text_file(), "not_an_image"),
    "cut short": (pictures.truncated(), "truncated"),
    "of 100 megapixels": (pictures.hundred_megapixels(), "too_many_pixels"),
    "that is animated": (pictures.animated_webp(), "animated"),
    "of an unknown kind": (b"GIF89a" + bytes(100), "unsupported_format"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_it_refuses_a_picture(kind: str) -> None:
    data, code = REFUSED[kind]
    (outcome,) = enrol(make_person(), data)
    assert (outcome.accepted, outcome.code) == (False, code)
    assert outcome.message.endswith(".")
    assert outcome.name == "0.jpg"
    assert not Template.objects.exists()


def test_a_picture_lit_from_one_side_is_taken_with_a_word_about_it() -> None:
    image = draw(ADA.identity, 1).astype(np.float32)
    across = np.arange(image.shape[1]) - image.shape[1] / 2
    strength = (0.4 + 0.6 / (1 + np.exp(-across / 15)))[None, :, None]
    lit_right = encode_jpeg(np.clip(image * strength, 0, 255).astype(np.uint8))

    plain, lit = enrol(make_person(), portrait(ADA.identity, 1), lit_right)

    assert (plain.accepted, plain.warning) == (True, "")
    # The picture's right is the person's left.
    assert (lit.accepted, lit.warning) == (True, "Turn to your left, towards the light.")


def test_a_face_unlike_the_persons_others_is_taken_with_a_warning() -> None:
    ada = enrolled(ADA)
    own, strange = enrol(ada, portrait(ADA.identity, 1), portrait(NOAM.identity))
    assert (own.accepted, own.warning) == (True, "")
    assert strange.accepted
    assert "unlike the other pictures of" in strange.warning


def test_two_people_in_one_folder_are_pointed_out_from_the_first_time() -> None:
    outcomes = enrol(make_person(), portrait(ADA.identity), portrait(NOAM.identity))
    assert all("nobody else's" in outcome.warning for outcome in outcomes)


def test_a_first_picture_and_the_same_one_again_are_unlike_nothing() -> None:
    ada = make_person()
    for _ in range(2):
        (outcome,) = enrol(ada, portrait(ADA.identity))
        assert (outcome.accepted, outcome.warning) == (True, "")


def test_a_hidden_mouth_is_refused() -> None:
    image = draw(ADA.identity)
    face = engine().find(image)[0].box
    top, bottom = int(face.top + 0.6 * face.height), int(face.bottom + 0.15 * face.height)
    image[top:bottom, int(face.left) : int(face.right)] = (150, 185, 215)

    (outcome,) = enrol(make_person(), encode_jpeg(image))

    assert (outcome.accepted, outcome.code) == (False, ReasonCode.COVERED)
    assert "Uncover" in outcome.message


def test_a_turned_face_is_told_how_far_and_which_way() -> None:
    turned = Advice(Reason.FACE_TURNED, Side.LEFT, 35)
    assert advice_message(turned) == "Turned by about 35°: turn to your left."
    with override("zh-hans"):
        assert "35" in advice_message(turned)
        assert "左" in advice_message(turned)


def test_a_bad_picture_does_not_keep_the_good_ones_out() -> None:
    outcomes = enrol(make_person(), b"", portrait(ADA.identity), pictures.no_face())
    assert [outcome.accepted for outcome in outcomes] == [False, True, False]


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_formats_are_taken(kind: str) -> None:
    (outcome,) = enrol(make_person(), pictures.as_format(draw(ADA.identity), kind))
    assert outcome.accepted


def test_a_face_that_is_somebody_elses_is_refused_and_both_are_named() -> None:
    enrolled(ADA)
    impostor = make_person("E9", "Mallory")
    (outcome,) = enrol(impostor, portrait(ADA.identity, 2))
    assert (outcome.accepted, outcome.code) == (False, "somebody_elses")
    assert ADA.name in outcome.message
    assert "Mallory" in outcome.message
    assert not impostor.templates.exists()


def test_somebody_elses_face_is_refused_to_a_person_who_is_enrolled_as_well() -> None:
    enrolled(ADA)
    wang = enrolled(WANG)
    assert codes(enrol(wang, portrait(ADA.identity, 1))) == ["somebody_elses"]
    assert codes(enrol(wang, portrait(WANG.identity, 1))) == ["enrolled"]


def test_a_face_of_somebody_deleted_may_be_enrolled_again() -> None:
    enrolled(ADA).delete()
    assert codes(enrol(make_person(), portrait(ADA.identity))) == ["enrolled"]


def test_a_smaller_face_is_taken_where_the_caller_says_so() -> None:
    small = portrait(ADA.identity, face_px=85)
    assert codes(enrol(make_person(), small, min_face_px=60)) == ["enrolled"]


def test_a_smaller_face_is_taken_where_the_policy_says_so() -> None:
    new_policy(enrolment_min_face_px=60)
    assert codes(enrol(make_person(), portrait(ADA.identity, face_px=85))) == ["enrolled"]


def test_a_larger_face_is_asked_for_where_the_policy_says_so() -> None:
    new_policy(enrolment_min_face_px=400)
    assert codes(enrol(make_person(), portrait(ADA.identity))) == [ReasonCode.FACE_TOO_SMALL]


def test_a_picture_examined_before_the_engine_was_switched_is_refused_in_words() -> None:
    [seen] = examine_pictures(pictures=[Picture("1.jpg", portrait(ADA.identity))])
    assert seen.probe is not None
    before = replace(seen, probe=replace(seen.probe, engine=EngineId("another", "1")))

    [outcome] = store_examined(
        person=make_person(), examined=[before], source=TemplateSource.UPLOAD
    )

    assert (outcome.accepted, outcome.code) == (False, "engine_switched")
    assert not Template.objects.exists()
