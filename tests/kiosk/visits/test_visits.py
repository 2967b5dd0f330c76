"""Tests the ledger of visits by stories."""

import itertools

import pytest

from kiosk.visits import Outcome, Phase, Ready, VisitRules, Visits
from recognition import Advice, Reason
from tests.kiosk.faces import sighting, vector_of
from tests.kiosk.visits.door import Play, Stay, accept, refuse


def test_nobody_there_asks_nothing() -> None:
    assert Play([]).run(5) == []


def test_one_person_is_asked_about_once_however_long_they_stand_there() -> None:
    sent = Play([Stay(1, 1.0, 60.0)]).run(62)
    assert [(capture.person, capture.frames) for capture in sent] == [(1, 4)]


def test_a_capture_is_sent_well_within_a_second_of_the_first_good_frame() -> None:
    sent = Play([Stay(1, 1.0, 4.0)]).run(5)
    assert sent[0].at_s - 1.0 < 0.6


def test_a_face_that_is_never_good_enough_is_never_sent() -> None:
    assert Play([Stay(1, 0.0, 20.0, faults=(Reason.BLURRED,))]).run(21) == []


def test_who_passes_by_for_one_frame_is_not_asked_about() -> None:
    assert Play([Stay(1, 1.0, 1.05)]).run(10) == []


def test_one_good_frame_is_sent_when_the_person_stays_but_no_other_comes() -> None:
    stays = [Stay(1, 1.0, 1.05), Stay(1, 1.05, 4.0, faults=(Reason.FACE_TURNED,))]
    sent = Play(stays).run(5)
    assert [capture.frames for capture in sent] == [1]


def test_two_people_side_by_side_are_two_visits() -> None:
    sent = Play([Stay(1, 1.0, 5.0, x=150), Stay(2, 1.0, 5.0, x=480)]).run(6)
    assert sorted(capture.person for capture in sent) == [1, 2]
    assert len({capture.visit for capture in sent}) == 2


def test_a_face_hidden_for_a_moment_is_still_the_same_visit() -> None:
    sent = Play([Stay(1, 1.0, 3.0), Stay(1, 3.5, 6.0)]).run(7)
    assert len(sent) == 1


def test_who_was_let_in_and_comes_back_soon_is_not_asked_about_again() -> None:
    sent = Play([Stay(1, 1.0, 3.0), Stay(1, 15.0, 18.0, x=150)]).run(20)
    assert len(sent) == 1


def test_who_was_let_in_and_comes_back_much_later_is_asked_about_again() -> None:
    sent = Play([Stay(1, 1.0, 3.0), Stay(1, 26.0, 29.0)]).run(31)
    assert [capture.person for capture in sent] == [1, 1]


def test_another_person_right_after_the_first_is_asked_about() -> None:
    sent = Play([Stay(1, 1.0, 3.0), Stay(2, 4.0, 6.0)]).run(8)
    assert [capture.person for capture in sent] == [1, 2]


def test_somebody_who_steps_into_the_place_without_a_gap_is_asked_about() -> None:
    sent = Play([Stay(1, 1.0, 4.0), Stay(2, 4.0, 8.0)]).run(9)
    assert [capture.person for capture in sent] == [1, 2]
    assert sent[0].visit != sent[1].visit


def test_a_refused_person_has_three_more_tries_while_standing_there() -> None:
    sent = Play([Stay(1, 1.0, 60.0)], answer=refuse).run(60)
    assert len(sent) == 4
    gaps = [late.at_s - early.at_s for early, late in itertools.pairwise(sent)]
    assert all(gap >= VisitRules().retry_after_s for gap in gaps)


def test_the_first_try_is_soon_and_later_ones_take_frames_farther_apart() -> None:
    rules = VisitRules()
    first, second = Play([Stay(1, 1.0, 4.0)], answer=refuse).run(4)[:2]
    assert first.at_s - 1.0 <= 3 * 2 * rules.spacing_s
    took_s = second.at_s - first.at_s - rules.retry_after_s
    assert took_s >= 3 * rules.retry_spacing_s


def test_a_refused_person_who_steps_aside_for_a_moment_wins_no_tries() -> None:
    stays = [Stay(1, 1.0, 20.0), Stay(1, 22.0, 40.0)]
    assert len(Play(stays, answer=refuse).run(41)) == 4


def test_a_refused_person_who_comes_back_later_may_try_again() -> None:
    stays = [Stay(1, 1.0, 20.0), Stay(1, 35.0, 37.0)]
    assert len(Play(stays, answer=refuse).run(38)) == 5


def test_a_second_try_that_succeeds_ends_the_asking() -> None:
    def answer(person: int, count: int) -> Outcome:
        return Outcome.ACCEPTED if count == 1 else Outcome.REFUSED

    assert len(Play([Stay(1, 1.0, 30.0)], answer=answer).run(31)) == 2


def test_a_capture_the_server_could_not_decide_is_followed_by_one_at_once() -> None:
    def answer(person: int, count: int) -> Outcome:
        return Outcome.UNDECIDED if count == 0 else Outcome.ACCEPTED

    sent = Play([Stay(1, 1.0, 10.0)], answer=answer).run(11)
    assert len(sent) == 2
    assert sent[1].at_s - sent[0].at_s < 1.0


def test_a_server_that_never_decides_is_not_asked_for_ever() -> None:
    play = Play([Stay(1, 1.0, 60.0)], answer=lambda person, count: Outcome.UNDECIDED)
    assert len(play.run(60)) == 5


def test_a_decision_that_came_too_late_is_followed_by_a_new_capture() -> None:
    def answer(person: int, count: int) -> Outcome:
        return Outcome.LATE if count == 0 else Outcome.ACCEPTED

    assert len(Play([Stay(1, 1.0, 10.0)], answer=answer).run(11)) == 2


def test_who_comes_back_while_the_answer_is_still_out_is_not_asked_about_twice() -> None:
    play = Play([Stay(1, 1.0, 2.0), Stay(1, 4.0, 8.0)], delay_s=5.0)
    assert len(play.run(9)) == 1


def test_a_visit_that_waits_is_not_forgotten_when_the_person_leaves() -> None:
    play = Play([Stay(1, 1.0, 2.0)], delay_s=60.0)
    play.run(50)
    assert play.visits.under_way() == 1
    play.run(70)
    assert play.visits.under_way() == 0


def test_everything_is_forgotten_in_the_end() -> None:
    play = Play([Stay(1, 1.0, 3.0)])
    play.run(40)
    assert play.visits.standings() == ()


def test_a_film_that_ends_sends_what_was_gathered() -> None:
    visits = Visits()
    assert visits.observe(0.0, [sighting(0.0)]) == ()
    (ready,) = visits.finish()
    assert isinstance(ready, Ready)
    assert len(ready.sightings) == 1
    assert visits.finish() == ()


def test_without_vectors_each_return_is_left_to_the_server() -> None:
    visits = Visits()
    for start in (0.0, 5.0):
        for step in range(10):
            for effect in visits.observe(start + step / 10, [sighting(start + step / 10)]):
                assert isinstance(effect, Ready)
                assert visits.begin(effect.visit, None, start + 1)
                visits.answered(effect.visit, Outcome.ACCEPTED, start + 1)
        visits.observe(start + 3, ())
    assert len(visits.standings()) == 2


def test_a_capture_that_could_not_be_made_is_tried_again_later() -> None:
    visits = Visits(VisitRules(retry_after_s=3.0))
    made = 0
    for step in range(100):
        for effect in visits.observe(step / 10, [sighting(step / 10)]):
            assert isinstance(effect, Ready)
            visits.abandon(effect.visit, step / 10)
            made += 1
    assert made == 3


def test_two_people_of_one_face_in_view_at_once_stay_two_visits() -> None:
    play = Play([Stay(1, 1.0, 4.0, x=150), Stay(1, 1.0, 4.0, x=480)])
    assert len(play.run(5)) == 2


def test_answers_for_visits_it_does_not_know_are_ignored() -> None:
    visits = Visits()
    visits.answered(7, Outcome.ACCEPTED, 1.0)
    visits.abandon(7, 1.0)
    visits.checked(7, vector_of(1), 1.0)
    assert not visits.begin(7, vector_of(1), 1.0)
    assert visits.standings() == ()


def test_places_are_those_of_whoever_is_in_view() -> None:
    play = Play([Stay(1, 0.0, 10.0, x=150.0), Stay(2, 2.0, 4.0, x=450.0)])
    play.run(3.0)
    assert [place.center[0] for place in play.visits.places()] == [150.0, 450.0]
    play.run(6.0)
    assert [place.center[0] for place in play.visits.places()] == [150.0]


def test_it_is_settled_while_no_frames_of_anybody_in_view_are_wanted() -> None:
    play = Play([Stay(1, 1.0, 10.0), Stay(2, 5.0, 10.0, x=600.0)])
    play.run(0.5)
    assert play.visits.settled()
    play.step(1.0)
    assert not play.visits.settled()
    play.run(4.0)
    assert play.visits.settled()
    play.step(5.0)
    assert not play.visits.settled()


def test_it_is_eager_only_while_frames_are_missing() -> None:
    play = Play([Stay(1, 1.0, 10.0)])
    play.run(0.5)
    assert not play.visits.eager(0.5)
    play.step(1.0)
    assert play.visits.eager(1.0)
    play.run(5.0)
    assert not play.visits.eager(5.0)
    assert play.visits.anybody()


def test_a_face_that_is_never_good_enough_stops_to_be_urgent() -> None:
    play = Play([Stay(1, 0.0, 30.0, faults=(Reason.FACE_TOO_SMALL,))])
    play.run(20)
    assert play.visits.anybody()
    assert not play.visits.eager(20.0)


@pytest.mark.parametrize("fault", [Reason.FACE_TOO_SMALL, Reason.BLURRED])
def test_the_hint_is_what_most_of_the_last_looks_had_against_them(fault: Reason) -> None:
    play = Play([Stay(1, 0.0, 5.0, faults=(fault,))])
    play.run(2)
    (standing,) = play.visits.standings()
    assert standing.hint == Advice(fault)
    assert standing.steady


def test_there_is_no_hint_once_a_good_frame_was_kept() -> None:
    stays = [Stay(1, 0.0, 1.0, faults=(Reason.BLURRED,)), Stay(1, 1.0, 1.1)]
    play = Play(stays)
    play.run(1.1)
    (standing,) = play.visits.standings()
    assert standing.hint is None
    assert standing.phase is Phase.GATHERING


def test_the_cool_down_is_as_long_as_it_is_set() -> None:
    stays = [Stay(1, 1.0, 3.0), Stay(1, 10.0, 12.0)]
    assert len(Play(stays, answer=accept, rules=VisitRules(cool_down_s=2.0)).run(13)) == 2
