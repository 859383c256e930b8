"""Who answers at this hour: hours as data, by the clocks of the country, and unknown where they are not told."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from calculator import api, contact_words, vocabulary
from calculator.opening import answers_at
from calculator.packs.services import Contact, Open

WEEKDAYS = {"days": "mon-fri", "from": "9:00", "to": "17:00"}


def line(**more: object) -> Contact:
    return Contact.model_validate(
        {"id": "x", "kind": "children", "number": "123", "reaches": ["trafficking"], "source": "s", "confidence": "official", **more}
    )


@pytest.mark.parametrize(
    ("moment", "country", "expected"),
    [
        # Monday, 30 November 2026: 9:00 in Berlin is 8:00 in UTC; a minute earlier nobody answers, nor at the last minute's end.
        ("2026-11-30T07:59", "DE", False),
        ("2026-11-30T08:00", "DE", True),
        ("2026-11-30T15:59", "DE", True),
        ("2026-11-30T16:00", "DE", False),
        # In summer the clocks are an hour further.
        ("2026-07-06T07:00", "DE", True),
        ("2026-07-06T15:00", "DE", False),
        ("2026-11-29T12:00", "DE", False),
        # Open in New York and closed in Honolulu: nobody knows. At night it is closed everywhere.
        ("2026-11-30T15:00", "US", None),
        ("2026-11-30T07:00", "US", False),
        # A country without a table of clocks.
        ("2026-11-30T12:00", "", None),
    ],
)
def test_by_the_clocks_of_the_country(moment: str, country: str, expected: bool | None) -> None:
    assert (
        answers_at(line(hours="Monday to Friday, 9 am to 5 pm", open=[WEEKDAYS]), country, datetime.fromisoformat(moment).replace(tzinfo=UTC))
        is expected
    )


def test_day_and_night_is_always_and_words_alone_are_unknown() -> None:
    now = datetime(2026, 11, 30, 3, tzinfo=UTC)
    assert answers_at(line(hours="Day and night, every day"), "US", now) is True
    assert answers_at(line(hours="Office hours"), "DE", now) is None
    assert answers_at(line(), "DE", now) is None


def test_what_is_told_only_roughly_says_when_nobody_answers_and_never_that_somebody_does() -> None:
    contact = line(hours="Office hours", open=[{"days": "mon-fri", "from": "7:00", "to": "20:00", "at_most": True}])
    for moment, expected in (("2026-11-30T03:00", False), ("2026-11-30T11:00", None), ("2026-11-29T11:00", False)):
        assert answers_at(contact, "DE", datetime.fromisoformat(moment).replace(tzinfo=UTC)) is expected


def test_a_break_at_noon() -> None:
    contact = line(open=[{"days": "mon-fri", "from": "9:30", "to": "13:00"}, {"days": "mon-fri", "from": "14:00", "to": "17:00"}])
    assert [answers_at(contact, "IE", datetime(2026, 11, 30, hour, 30, tzinfo=UTC)) for hour in (9, 12, 13, 14, 17)] == [
        True,
        True,
        False,
        True,
        False,
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {**WEEKDAYS, "days": "fri-mon"},
        {**WEEKDAYS, "days": "someday"},
        {**WEEKDAYS, "from": "18:00"},
        {**WEEKDAYS, "to": "25:00"},
        {**WEEKDAYS, "to": "5 pm"},
        {**WEEKDAYS, "to": 17},
    ],
)
def test_hours_that_are_none_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Open.model_validate(wrong)


def test_hours_of_the_clock_are_told_unless_words_tell_them_better() -> None:
    held = [contact for contacts in api.contacts_by_country().values() for contact in contacts if contact.open]
    assert len(held) >= 20
    for contact in held:
        told = contact_words.hours(contact, str, "en")
        assert told, contact.id
        # Hours that are not known exactly are told in words; the clock would promise too much.
        assert bool(contact.hours) == any(span.at_most for span in contact.open), contact.id


@pytest.mark.parametrize(
    ("spans", "said"),
    [
        ([WEEKDAYS], "Monday to Friday: 9:00 AM to 5:00 PM"),
        ([{**WEEKDAYS, "days": "mon-sun"}], "Every day: 9:00 AM to 5:00 PM"),
        ([{**WEEKDAYS, "days": "sat"}], "Saturday: 9:00 AM to 5:00 PM"),
        ([{**WEEKDAYS, "to": "13:00"}, {**WEEKDAYS, "from": "14:00"}], "Monday to Friday: 9:00 AM to 1:00 PM; 2:00 PM to 5:00 PM"),
        ([WEEKDAYS, {**WEEKDAYS, "days": "sat"}], "Monday to Friday: 9:00 AM to 5:00 PM; Saturday: 9:00 AM to 5:00 PM"),
    ],
)
def test_the_clock_in_words(spans: list[dict[str, object]], said: str) -> None:
    told = contact_words.hours(line(open=spans), str, "en")
    assert told is not None and told.replace("\u202f", " ") == said


def test_hours_that_hold_at_most_are_not_told() -> None:
    assert contact_words.hours(line(open=[{**WEEKDAYS, "at_most": True}]), str, "en") is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "Helpline for children and young people"),
        ({"name": "BRIS"}, "Helpline for children and young people (BRIS)"),
        ({"name": "BRIS", "channel": "sms"}, "Helpline for children and young people (BRIS), by text message"),
        ({"channel": "chat"}, "Helpline for children and young people, in a chat"),
        ({"kind": "emergency_text", "channel": "sms", "emergency": True}, "Emergency by text message (SMS)"),
    ],
)
def test_what_it_is_comes_before_its_own_name(more: dict[str, object], said: str) -> None:
    assert contact_words.title(line(**more), str, "en") == said


def test_a_name_keeps_its_order_in_arabic_and_languages_are_named() -> None:
    assert contact_words.title(line(name="BRIS"), str, "ar").endswith("(\u2068BRIS\u2069)")
    assert contact_words.languages(line(languages=["da", "en"]), "fr") == "danois et anglais"
    with pytest.raises(ValidationError, match="no code of a language"):
        line(languages=["Danish"])


def test_every_kind_of_service_is_used() -> None:
    used = {contact.kind for contacts in api.contacts_by_country().values() for contact in contacts}
    assert used == set(vocabulary.services())
