"""A value is put into a file of figures, and everything else in it stays as it stood, in every file of every pack."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from calculator import yaml12
from calculator.packs.editing import EditError, NewSource, NewValue, Refusal, source_id, with_source, with_value
from calculator.packs.parsed import PACKS

FILES = sorted(PACKS.glob("*/parameters/*.yaml"))
#: The first and the last figure of each file: the others are written alike.
FIGURES = [(path, one) for path in FILES for figures in [yaml12.load(path.read_text())] for one in figures[:: max(1, len(figures) - 1)]]


def after(one) -> date:
    return max(date.fromisoformat(str(value["from"])) for value in one["values"]) + timedelta(days=400)


@pytest.mark.parametrize(("path", "one"), FIGURES, ids=lambda value: value["id"] if isinstance(value, dict) else value.parent.parent.name)
def test_each_figure_of_each_pack_takes_one_more_value(path, one) -> None:
    text, start = path.read_text(), after(one)
    new = NewValue(start, "12.50", source="x", confidence="official", checked_on=date(2026, 12, 3), note='says "so": {yes}, #1')
    if any("rows" in value for value in one["values"]):
        with pytest.raises(EditError) as error:
            with_value(text, one["id"], new)
        assert error.value.refusal is Refusal.A_TABLE
        return
    changed = with_value(text, one["id"], new)
    before, now = yaml12.load(text), yaml12.load(changed)
    place = next(n for n, each in enumerate(before) if each["id"] == one["id"])
    last = max(before[place]["values"], key=lambda value: str(value["from"]))
    ends = (start - timedelta(days=1)).isoformat()
    if str(last.get("to") or ends) >= ends:
        last["to"] = ends
    added = {"from": start.isoformat(), "value": "12.50", "source": "x", "confidence": "official", "checked_on": "2026-12-03", "note": new.note}
    before[place]["values"].append(added)
    assert sorted(now[place].pop("values"), key=lambda v: str(v["from"])) == sorted(before[place].pop("values"), key=lambda v: str(v["from"]))
    assert now == before
    # Every other line, comments too, stands as it stood.
    old = text.splitlines()
    kept = [line for line in changed.splitlines() if line in old]
    assert len(old) - len([line for line in old if line in kept]) <= 1


@pytest.mark.parametrize(
    ("new", "refusal"),
    [
        (NewValue(date(2027, 1, 1), "15"), Refusal.NOT_LATER),
        (NewValue(date(2020, 1, 1), "15"), Refusal.NOT_LATER),
        (NewValue(date(2030, 1, 1), None), Refusal.NO_FIGURE),
    ],
)
def test_what_is_not_put_in_says_why(new, refusal) -> None:
    text = (PACKS / "DE" / "parameters" / "wages.yaml").read_text()
    with pytest.raises(EditError) as error:
        with_value(text, "mindestlohn", new)
    assert error.value.refusal is refusal
    with pytest.raises(EditError) as error:
        with_value(text, "no_such", NewValue(date(2030, 1, 1), "1"))
    assert error.value.refusal is Refusal.NO_SUCH_FIGURE


def test_a_range_and_a_file_without_an_end_of_line() -> None:
    text = '- id: a\n  values:\n  - from: "2020-01-01"\n    value: "1"'
    changed = with_value(text, "a", NewValue(date(2021, 1, 1), None, "2", "3"))
    assert yaml12.load(changed)[0]["values"] == [
        {"from": "2020-01-01", "to": "2020-12-31", "value": "1"},
        {"from": "2021-01-01", "low": "2", "high": "3"},
    ]


@pytest.mark.parametrize("path", sorted(PACKS.glob("*/sources.yaml")), ids=lambda path: path.parent.name)
def test_a_source_is_added_and_named_by_its_title(path) -> None:
    text = path.read_text()
    before = yaml12.load(text)
    name = source_id("Sechste Mindestlohn-Verordnung (BGBl. 2028)", set(before))
    new = NewSource(name, 'A "title": of {it}', "official", "https://example.org/#1", "2028-01", date(2026, 12, 3))
    now = yaml12.load(with_source(text, new))
    told = {"title": new.title, "kind": "official", "url": new.url, "as_of": "2028-01", "checked_on": "2026-12-03"}
    assert now == {**before, name: told} and with_source(text, new).startswith(text)
    assert source_id(new.title, {source_id(new.title, set())}) != source_id(new.title, set())
    assert source_id("2026", set()) == "source_2026" and source_id("…", set()) == "source"
