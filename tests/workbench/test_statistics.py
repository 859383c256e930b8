"""Counts that say nothing of one: none small, none that follows from others, no two reports that differ by a few."""

from hypothesis import given
from hypothesis import strategies as st

from calculator.translation import languages
from workbench.statistics import GROUPS, SMALLEST, STEP, cells_of, counted, in_words, told

CASE = {
    "exploitation": [{"country": "DE", "forms": ["labour", "begging"]}, {"country": "FR", "forms": "declined"}, {"country": "DE"}],
    "work": [{"country": "NL"}, {}],
    "procedure": {
        "reported_to_police": True,
        "criminal_case": {"status": "convicted"},
        "claims": [{"route": "wage-claim", "filed": "2026-01-01"}],
        "awards": [{"country": "DE", "paid": [{"amount": "5"}]}],
    },
}


def test_a_case_counts_once_in_each_cell():
    assert cells_of(CASE, {"wage-claim": "open"}) == {
        ("all", ""),
        ("country", "DE"),
        ("country", "FR"),
        ("country", "NL"),
        ("form", "labour"),
        ("form", "begging"),
        ("outcome", "reported"),
        ("outcome", "criminal convicted"),
        ("outcome", "claimed"),
        ("outcome", "awarded"),
        ("outcome", "received"),
        ("route", "wage-claim open"),
    }


def test_what_is_not_known_or_declined_counts_nowhere():
    empty = {"exploitation": "declined", "work": "unknown", "procedure": {"criminal_case": {"status": "unknown"}, "received": "unknown"}}
    assert cells_of(empty, {}) == cells_of({}, {}) == {("all", "")}


def test_a_small_count_is_not_told():
    counts = counted([cells_of(CASE, {})] * (SMALLEST - 1) + [cells_of({}, {})] * 3)
    assert told(counts, {})["country"] == {} and told(counts, {})["all"] == {"": 10}
    assert told(counted([cells_of(CASE, {})] * SMALLEST), {})["country"] == {"DE": 10, "FR": 10, "NL": 10}


COUNTS = st.lists(st.integers(0, 60), min_size=2, max_size=12)


@given(COUNTS)
def test_reports_that_differ_differ_by_many(history):
    before, behind = {}, None
    for count in history:
        after = told({"country": {"DE": count}}, before)
        now, last = after["country"].get("DE"), before.get("country", {}).get("DE")
        if now is not None:
            assert now % STEP == 0 and now >= SMALLEST - SMALLEST % STEP
        if now != last:
            # At least eleven cases stand behind what changed, whatever had been told.
            assert abs(count - (behind or 0)) >= SMALLEST
            behind = count if now is not None else 0
        before = after


def test_a_missing_count_does_not_follow_from_the_others():
    # A total and all its parts but one leave several numbers open for that one.
    found = told({"all": {"": 40}, "country": {"DE": 30, "FR": 10}}, {})
    assert found["country"] == {"DE": 30} and found["all"] == {"": 40}
    possible = {n for n in range(11) for a in range(30, 35) if 40 <= a + n <= 44}
    assert len(possible) >= 5


def test_each_cell_is_said_in_each_language():
    cells = cells_of(CASE, {"wage-claim": "open"})
    for language in languages():
        for group, cell in cells:
            words = in_words(group, cell, language)
            assert words and (cell == "" or words != cell)
    assert set(GROUPS) == {group for group, _ in cells}
