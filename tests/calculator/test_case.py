"""Case files: read, refused with a sentence that helps, and written back to the same."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calculator.case.read import dump_case, read_case, read_yaml
from calculator.errors import CaseError

BAD: list[tuple[str, str, str]] = [
    ("work: [{hours_per_week: -3}]", "work[0].hours_per_week", "between 0 and 168"),
    ("work: [{hours_per_week: 200}]", "work[0].hours_per_week", "between 0 and 168"),
    ("work: [{hours_per_week: .nan}]", "work[0].hours_per_week", "digits"),
    ("work: [{hours_per_week: .inf}]", "work[0].hours_per_week", "digits"),
    ("work: [{start: 2023-02-30}]", "work[0].start", "2024-03-31"),
    ("work: [{start: 2024-01-01, end: 2023-01-01}]", "work[0].end", "both dates"),
    ("exploitation: [{start: 2024-01-01, end: 2023-01-01}]", "exploitation[0].end", "both dates"),
    ("work: [{sector: shipping}]", "work[0].sector", "construction"),
    ("wrok: []", "wrok", "spelling"),
    ("exploitation: [{country: Germany}]", "exploitation[0].country", "two capital letters"),
    ("work: [{agreed: {amount: -3, per: week}}]", "work[0].agreed.amount", "minus"),
    ("work: [{agreed: {amount: 10, per: fortnight}}]", "work[0].agreed.per", "month"),
    ("work: 5", "work", "dash"),
    ("harm: {degree_of_harm: 120}", "harm.degree_of_harm", "between 0 and 100"),
    ("person: {birth_year: 12}", "person.birth_year", "four digits"),
    ("work: [{pattern: {mon: ['8 to 17']}}]", "work[0].pattern.mon", "08:00-17:30"),
    ("work: [{hours_per_week: {low: 60, high: 40}}]", "work[0].hours_per_week", "Swap"),
    ("work: [{hours_per_week: 99999999999999999999999999}]", "work[0].hours_per_week", "digits"),
    ("a: &a [1]\nb: *a", "", "Write each value out"),
    ("x: [", "", "indentation"),
    ("- a", "", "version: 1"),
]


@pytest.mark.parametrize(("text", "fact", "help_"), BAD)
def test_bad_input_names_the_fact_and_how_to_mend_it(text: str, fact: str, help_: str) -> None:
    with pytest.raises(CaseError) as raised:
        read_case(read_yaml(text))
    assert raised.value.fact == fact
    assert help_ in raised.value.fix


def test_a_deep_or_huge_file_is_refused_quickly() -> None:
    started = time.monotonic()
    for text in ("[" * 5000, "a: " + "{a: " * 3000, "work: [" + "{}," * 10_000 + "]"):
        with pytest.raises(CaseError):
            read_case(read_yaml(text))
    assert time.monotonic() - started < 60


def test_norway_is_a_country_and_on_is_a_word() -> None:
    case = read_case(read_yaml("exploitation: [{country: NO}]\nperson: {nationalities: [NO]}"))
    assert case.exploitation[0].country == "NO"


def test_export_and_import_are_identities() -> None:
    text = """
person: {birth_date: 1998-05-01, monthly_income: {amount: "0"}, immigration_status: no_permit}
exploitation: [{country: DE, forms: [labour], start: 2023-01, end: 2023, violence: [threats], debt_bondage: declined}]
work:
  - {country: DE, hours_per_week: {low: 50, high: 60}, paid: [{amount: "50", per: week, basis: net}], agreed: unknown,
     absences: [{start: 2023-05-01, end: 2023-05-02, hours: 16}], pattern: {mon: ["08:00-12:00", "13:00-01:00"]}}
procedure: {claims: [{route: de-wages, filed: 2024-01-01}], received: [{from: offender, amount: "10", for: wages}]}
"""
    case = read_case(read_yaml(text))
    assert read_case(dump_case(case)) == case
    assert dump_case(read_case(dump_case(case))) == dump_case(case)


values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from(["unknown", "DE"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["work", "start", "end", "paid", "amount", "per", "country", "person", "low", "high", "x"]), inner, max_size=5
        )
    ),
    max_leaves=25,
)


@given(values)
def test_any_data_is_read_or_refused_with_a_case_error(raw: Any) -> None:
    try:
        read_case(raw)
    except CaseError as error:
        assert error.message and error.fix
