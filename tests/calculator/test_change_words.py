"""A change in words: what stood before, what stands now, since when, by which source; and nothing about what stayed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from test_impact import packs

from calculator.api import default_rules
from calculator.engine.routes.pack import Pack
from calculator.packs.change_words import contacts, figures, sentences
from calculator.packs.editing import NewValue, with_value
from calculator.packs.load import load_rules

ON = date(2026, 12, 5)
RULES = default_rules()


def changed(folder: Path, code: str, **texts: tuple[str, str]) -> Pack:
    return load_rules(packs(folder, code, **texts), only=[code]).packs[code]


@pytest.mark.parametrize("code", sorted(RULES.packs))
def test_the_same_rules_have_no_changes(code: str) -> None:
    pack = RULES.packs[code]
    assert (figures(pack, pack), sentences(pack, pack, "en", ON), contacts(pack, pack)) == ([], [], [])


def test_a_new_value_says_what_stood_before_and_where_it_comes_from(tmp_path: Path) -> None:
    wages = packs(tmp_path, "DE") / "DE" / "parameters" / "wages.yaml"
    new = NewValue(date(2028, 1, 1), "15.20", source="milov5", confidence="official", checked_on=date(2026, 12, 1))
    wages.write_text(with_value(wages.read_text(encoding="utf-8"), "mindestlohn", new), encoding="utf-8")
    before, after = RULES.packs["DE"], load_rules(tmp_path, only=["DE"]).packs["DE"]
    (one,) = figures(before, after)
    assert (one.start, one.before, one.after, one.unit) == (date(2028, 1, 1), "14.60", "15.20", "EUR/hour")
    assert one.seen == date(2026, 12, 1) and one.source is not None and one.source == after.sources["milov5"]
    # The other way round it is gone, and the older one stands again.
    (back,) = figures(after, before)
    assert (back.start, back.before, back.after) == (date(2028, 1, 1), "15.20", "14.60")
    assert contacts(before, after) == []


def test_a_corrected_value_is_told_on_its_own_day_alone(tmp_path: Path) -> None:
    day = "from: 2025-01-01, to: 2025-12-31, value:"
    after = changed(tmp_path, "DE", parameters__wages=(f'{day} "12.82"', f'{day} "12.92"'))
    assert [(one.start, one.before, one.after) for one in figures(RULES.packs["DE"], after)] == [(date(2025, 1, 1), "12.82", "12.92")]


def test_a_sentence_is_told_at_its_place_before_and_now(tmp_path: Path) -> None:
    old = "Ask the fund by post or online."
    after = changed(tmp_path, "NL", **{"routes__schadefonds-geweldsmisdrijven": (old, "Ask the fund by post, online or in person.")})
    (one,) = sentences(RULES.packs["NL"], after, "en", ON)
    assert (one.part, one.field) == ("schadefonds-geweldsmisdrijven", "steps")
    assert (one.before, one.after) == ((old,), ("Ask the fund by post, online or in person.",))


def test_a_figure_that_a_sentence_says_changes_the_sentence(tmp_path: Path) -> None:
    """So a lawyer sees what people will read."""
    pack = RULES.packs["NL"]
    after = changed(tmp_path, "NL", parameters__fund=("1973-01-01, value: 10,", "1973-01-01, value: 12,"))
    (one,) = figures(pack, after)
    assert (one.before, one.after) == ("10", "12")
    said = {change.field: change for change in sentences(pack, after, "en", ON) if change.part == "schadefonds-geweldsmisdrijven"}
    deadline = said["deadline ten_years"]
    assert "10 years" in " ".join(deadline.before) and "12 years" in " ".join(deadline.after)


def test_a_number_to_call_is_told_field_by_field(tmp_path: Path) -> None:
    pack = RULES.packs["NL"]
    known = next(one for one in pack.contacts if one.number == "033 448 11 86")
    phone = str(known.number)
    after = changed(tmp_path, "NL", contacts=(phone, "0800 000 000"))
    (one,) = contacts(pack, after)
    assert one.name == known.name and one.before is not None and one.after is not None
    assert phone in str(one.before) and "0800 000 000" in str(one.after) and one.before.keys() == one.after.keys()
    assert "name" not in one.before and figures(pack, after) == []
