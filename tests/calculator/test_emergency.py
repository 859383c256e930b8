"""Words for danger: number first, nothing asked, and the block that fits the kind."""

from __future__ import annotations

import pytest

from calculator.api import contacts_by_country
from calculator.emergency import EUROPE, KINDS, Words, contacts_document, numbers_of

COUNTRIES = sorted(contacts_by_country())


def words(country: str) -> Words:
    return Words(numbers_of(contacts_by_country()[country]), "en")


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_first_line_has_a_number_and_nothing_is_asked_for(kind: str, country: str) -> None:
    first, then = words(country).sure(kind)
    assert any(sign.isdigit() for sign in first.splitlines()[0])
    assert "?" not in then
    assert words(country).hint(kind).count("{") == 0


@pytest.mark.parametrize("country", COUNTRIES)
def test_somebody_who_may_end_their_life_gets_no_police_block(country: str) -> None:
    numbers = numbers_of(contacts_by_country()[country])
    text = "\n".join(words(country).sure("self_harm"))
    if numbers.crisis is not None and numbers.crisis.number:
        assert numbers.crisis.number in text.splitlines()[0]
    else:
        # No crisis line is known: the ambulance first, then people who listen.
        assert numbers.ambulance in text.splitlines()[0]
    assert "if it is safe to call" not in text and "whisper" not in text
    if numbers.police != numbers.ambulance:
        assert numbers.police not in text.split()


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_child_gets_words_for_a_child(country: str) -> None:
    numbers = numbers_of(contacts_by_country()[country])
    text = "\n".join(words(country).sure("child"))
    assert "not your fault" in text and "about a child" in text and "if it is safe to call" not in text
    assert numbers.children is None or (numbers.children.number or "") in text


#: Kinds of service that somebody of any sex and age can be sent to, and those that are there for children too.
FOR_ALL = {"trafficking", "trafficking_help", "victims"}
FOR_CHILDREN = {"children", "children_in_danger", "trafficked_children", "missing_children", "violence"}


@pytest.mark.parametrize("country", COUNTRIES)
def test_a_line_is_called_what_it_is_to_whom_it_is_named(country: str) -> None:
    """A man is not told to call a line for women, nor a child one for adults."""
    numbers = numbers_of(contacts_by_country()[country])
    assert numbers.trafficking is None or numbers.trafficking.kind in FOR_ALL
    assert numbers.children is None or numbers.children.kind in FOR_CHILDREN
    assert numbers.crisis is None or numbers.crisis.kind in ("crisis", "listening")


def test_an_unverified_number_is_never_in_a_danger_message() -> None:
    for country, contacts in contacts_by_country().items():
        sure = {c.number for c in contacts if c.confidence != "unverified"}
        unsure = {c.number for c in contacts if c.confidence == "unverified" and c.number} - sure - {EUROPE}
        said = "\n".join(message for kind in KINDS for message in words(country).sure(kind))
        assert not [number for number in unsure if f" {number}." in said], country


def test_an_authority_that_reports_is_no_helpline_of_a_danger_message() -> None:
    for contacts in contacts_by_country().values():
        line = numbers_of(contacts).trafficking
        assert line is None or not line.may_report_status


def test_where_nothing_is_known_the_european_number_is_said() -> None:
    numbers = numbers_of([])
    assert (numbers.police, numbers.ambulance, numbers.crisis) == (EUROPE, EUROPE, None)


def test_the_document_holds_every_country_and_kind() -> None:
    document = contacts_document(contacts_by_country(), ["en"])
    emergency = document["emergency"]
    assert isinstance(emergency, dict)
    assert set(emergency["en"]) == {"", *COUNTRIES} and set(emergency["en"]["DE"]) == set(KINDS)
