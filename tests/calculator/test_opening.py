"""Who answers at this hour: hours as data, by the clocks of the country, and unknown where they are not told."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from calculator import api
from calculator.opening import answers_at
from calculator.packs.services import Contact, Open

WEEKDAYS = {"days": "mon-fri", "from": "9:00", "to": "17:00"}


def line(**more: object) -> Contact:
    return Contact.model_validate(
        {"id": "x", "name": "X", "number": "123", "reaches": ["trafficking"], "source": "s", "confidence": "official", **more}
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


def test_hours_of_the_clock_stand_beside_words() -> None:
    held = [contact for contacts in api.contacts_by_country().values() for contact in contacts if contact.open]
    assert len(held) >= 20 and all(contact.hours for contact in held)
    for contact in held:
        words = str(contact.hours)
        times = {minutes for span in contact.open for minutes in (span.opens, span.closes)}
        if not any(span.at_most for span in contact.open):
            assert times == set(told(words)), f"{contact.id}: {words}"
            days = {span.days for span in contact.open}
            assert days == {"mon-fri" if "Monday to Friday" in words else "mon-sat" if "Monday to Saturday" in words else "mon-sun"}, words


def told(words: str) -> list[int]:
    """The times of day in words, in minutes: 9 am, 9.30 am, 14:00."""
    found = []
    for hour, minute, half in re.findall(r"(\d+)(?:[.:](\d\d))? ?(am|pm)?", words):
        found.append((int(hour) % 12 + (12 if half == "pm" else 0) if half else int(hour)) * 60 + int(minute or 0))
    return found
