"""The screening: the rule for a dimension, how dimensions read together, and what its data must hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.screening import screening

S = screening()
COUNTS = {
    "deceptive_recruitment": 10,
    "coercive_recruitment": 10,
    "recruitment_by_abuse_of_vulnerability": 16,
    "exploitation": 9,
    "coercion_at_destination": 15,
    "abuse_of_vulnerability_at_destination": 7,
}


def test_every_dimension_has_as_many_indicators_as_the_survey() -> None:
    assert {name: len(found) for name, found in S.weights.items()} == COUNTS
    adults = sum(adult != "-" for found in S.weights.values() for adult, _ in found.values())
    children = sum(child != "-" for found in S.weights.values() for _, child in found.values())
    assert (adults, children) == (67, 65)


def test_the_child_list_has_no_weak_indicator() -> None:
    assert all(child != "W" for found in S.weights.values() for _, child in found.values())


STRONG = ["confiscation_of_documents", "debt_bondage", "violence"]
MEDIUM = ["threats_of_violence", "forced_to_lie", "threat_of_denunciation"]


@pytest.mark.parametrize(
    ("strong", "medium", "weak", "positive"),
    [
        (1, 0, 0, False),
        (0, 2, 0, False),
        (2, 0, 0, True),
        (1, 1, 0, True),
        (1, 0, 1, True),
        (0, 3, 0, True),
        (0, 2, 1, True),
        (0, 1, 1, False),
        (0, 0, 1, False),
        (0, 0, 0, False),
        (3, 3, 1, True),
    ],
)
def test_when_a_dimension_is_positive(strong: int, medium: int, weak: int, positive: bool) -> None:
    named = [*STRONG[:strong], *MEDIUM[:medium], *["threat_to_inform_family_or_public"][:weak]]
    assert S.positive("coercion_at_destination", named, child=False) is positive


def test_one_medium_and_two_weak_are_not_enough() -> None:
    named = ["difficulties_in_the_past", "personal_characteristics", "unknown_area"]
    assert not S.positive("abuse_of_vulnerability_at_destination", named, child=False)
    assert S.positive("abuse_of_vulnerability_at_destination", named, child=True)


def test_the_same_indicator_named_twice_counts_once() -> None:
    assert not S.positive("coercion_at_destination", ["violence", "violence"], child=False)


@given(st.sampled_from(sorted(COUNTS)), st.data(), st.booleans())
def test_one_more_sign_never_makes_a_dimension_negative(dimension: str, data: st.DataObject, child: bool) -> None:
    names = sorted(S.weights[dimension])
    named = data.draw(st.sets(st.sampled_from(names)))
    more = named | data.draw(st.sets(st.sampled_from(names)))
    assert S.positive(dimension, more, child) or not S.positive(dimension, named, child)


def yes(*ids: str) -> dict[str, bool | None]:
    return {question.id: question.id in ids for question in S.questions}


DECEIVED, USED, HELD = ("other_job", "other_pay"), ("hours", "pay"), ("papers", "leave")


@pytest.mark.parametrize(
    ("named", "reading"),
    [
        ((), "no_indication"),
        (USED, "labour_rights"),
        ((*DECEIVED, *USED), "deception_and_exploitation"),
        ((*DECEIVED, *USED, *HELD), "trafficking"),
        (("forced_to_go", *USED, *HELD), "trafficking"),
        # Held and used, and no means named: nobody but a person can say.
        ((*USED, *HELD), "not_classified"),
        (HELD, "not_classified"),
        (DECEIVED, "not_classified"),
    ],
)
def test_how_the_dimensions_read_together(named: tuple[str, ...], reading: str) -> None:
    assert S.read(yes(*named), child=False) == reading


def test_a_child_needs_no_means() -> None:
    assert S.read(yes(*USED), child=True) == "child"
    assert S.read(yes(*USED), child=False) == "labour_rights"


def test_sexual_exploitation_is_never_scored() -> None:
    assert S.read(yes(*DECEIVED, *USED, *HELD), child=False, forms=["sexual", "labour"]) == "not_scored"
    assert S.read(yes(), child=True, forms=["sexual"]) == "not_scored"


def test_a_question_that_can_add_nothing_is_left_out() -> None:
    answers: dict[str, bool | None] = {"other_job": True, "other_pay": True, "forced_to_go": False, "hours": True, "pay": True}
    following = S.next(answers, child=False)
    assert following is not None and following.id == "papers"
    assert S.next(yes(), child=False) is None
    assert S.left({}, child=False) == len(S.questions)


def test_what_was_not_answered_is_no_sign() -> None:
    assert S.read({question.id: None for question in S.questions}, child=False) == "no_indication"


def test_every_question_names_indicators_of_the_survey() -> None:
    for question in S.questions:
        for dimension, indicators in question.indicators.items():
            assert set(indicators) <= set(S.weights[dimension]), question.id
    # The brochure was not seen: the source says so, and names no day on which it was checked.
    assert S.source.url and S.source.checked_on is None and "not seen" in (S.source.note or "")
