"""What a change does to many cases: the population meets every axis, the quick way counts what the long way counts, a cut run goes on."""

from __future__ import annotations

import json
import random
import shutil
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from calculator import yaml12
from calculator.api import default_rules
from calculator.errors import PackError
from calculator.impact import trial as trials
from calculator.impact.outcome import OfRoute, Outcome, difference
from calculator.impact.population import AXES, EXAMPLE_EVERY, Member, population
from calculator.impact.running import PART, Progress, TrialError, run
from calculator.impact.tally import MOST_WORST, Tally
from calculator.impact.trial import SEED, Sides, SkippedError, Trial
from calculator.packs.editing import EditError, NewValue, with_value
from calculator.packs.load import load_rules
from calculator.packs.parsed import PACKS

TODAY = date(2026, 12, 5)
UNTIL = date(2028, 2, 1)
RULES = default_rules()
FIGURES_CHANGED = 4


def packs(folder: Path, code: str, **changed: tuple[str, str]) -> Path:
    """The rules of a State in a folder of their own, in which one text of a file is another."""
    shutil.copytree(PACKS / code, folder / code)
    for name, (old, new) in changed.items():
        path = folder / code / f"{name.replace('__', '/')}.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def sides(before: Path, after: Path, code: str) -> Sides:
    return Sides(code, (str(before), ""), (str(after), ""), None, TODAY.isoformat())


# -- the population


@pytest.mark.parametrize("code", ["DE", "GB", "US"])
def test_the_same_seed_makes_the_same_cases_in_whatever_parts(code: str) -> None:
    pack = RULES.packs[code]
    whole = list(population(pack, SEED, range(60), TODAY, UNTIL))
    parts = [one for first in range(0, 60, 20) for one in population(pack, SEED, range(first, first + 20), TODAY, UNTIL)]
    assert [(one.number, one.raw, one.on, one.jurisdiction) for one in whole] == [
        (one.number, one.raw, one.on, one.jurisdiction) for one in parts
    ]
    assert len(whole) == 60
    others = list(population(pack, SEED + 1, range(60), TODAY, UNTIL))
    assert sum(a.raw == b.raw for a, b in zip(whole, others, strict=True)) < 60


@pytest.mark.parametrize("code", sorted(RULES.packs))
def test_each_form_age_region_and_length_of_time_is_met(code: str) -> None:
    """In the numbers that every change is tried on."""
    pack = RULES.packs[code]
    seen: dict[str, Counter[object]] = {name: Counter() for name in ("form", "age", "region", "place", "later")}
    for one in population(pack, SEED, range(2_000), TODAY, UNTIL):
        assert TODAY <= one.on <= UNTIL or one.number % EXAMPLE_EVERY == 0
        seen["later"][one.on > TODAY] += 1
        seen["place"][one.jurisdiction] += 1
        for stay in one.case.exploitation or ():
            seen["form"].update(stay.forms or ())
            seen["region"][stay.region] += 1
            if stay.start and one.case.person.birth_year and one.raw["person"].get("birth_year"):
                seen["age"][stay.start.earliest.year - int(one.case.person.birth_year.low)] += 1
    assert set(seen["form"]) >= set(AXES["form"])
    assert set(seen["age"]) >= set(AXES["age"])
    regions = {region.code for region in pack.jurisdiction.regions}
    assert set(seen["region"]) >= regions and set(seen["place"]) >= {pack.code, *regions}
    assert seen["later"][True] > 500 and seen["later"][False] > 500


def test_an_example_comes_as_it_is_and_then_moved_in_time() -> None:
    pack = RULES.packs["NL"]
    made = [one for one in population(pack, SEED, range(EXAMPLE_EVERY * (len(pack.examples) + 3)), TODAY, UNTIL)]
    first, again = (next(one for one in made if one.number == n) for n in (0, EXAMPLE_EVERY * len(pack.examples)))
    assert first.on == pack.examples[0].on and again.on != first.on
    moved = again.on - first.on
    starts = [one.case.exploitation[0].start.earliest for one in (first, again) if one.case.exploitation[0].start]
    assert len(starts) < 2 or starts[1] - starts[0] == moved


# -- before and after


def test_a_higher_wage_raises_sums_and_leaves_alone_what_does_not_count_with_it(tmp_path: Path) -> None:
    after = packs(tmp_path / "after", "DE", parameters__wages=('from: 2027-01-01, value: "14.60"', 'from: 2027-01-01, value: "15.60"'))
    tally = Trial(sides(PACKS, after, "DE")).tried(range(400))
    assert tally.cases == 400 and tally.refused == 0
    assert 0 < tally.changed < 200 and tally.median is not None and tally.median > 0
    assert tally.kinds["words"] == 0 and set(tally.kinds) <= {"amount", "status"}
    assert sum(n for _low, _high, n in tally.steps()) == sum(tally.moves.values()) <= tally.routes[":amount"]
    assert [one for one in tally.by_route(RULES.packs["DE"].routes) if one[0] == "de-wages"]
    assert tally.worst and all(one.number < 400 for one in tally.worst)


def test_no_change_is_no_difference(tmp_path: Path) -> None:
    tally = Trial(sides(PACKS, packs(tmp_path, "GB"), "GB")).tried(range(100))
    assert (tally.cases, tally.changed, tally.refused, tally.worst) == (100, 0, 0, [])


def test_a_sentence_that_is_told_otherwise_is_a_change_too(tmp_path: Path) -> None:
    told = "Ask the fund by post or online."
    after = packs(tmp_path, "NL", **{"routes__schadefonds-geweldsmisdrijven": (told, f"{told} It is free.")})
    tally = Trial(sides(PACKS, after, "NL")).tried(range(200))
    assert tally.changed == tally.kinds["words"] > 0 and set(tally.kinds) == {"words"} and not tally.worst


@pytest.mark.parametrize("code", ["BE", "DE", "ES", "GB", "US"])
def test_the_quick_way_counts_what_working_everything_out_twice_counts(code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several figures of a State at once, chosen by chance, from a day that lies behind, too."""
    chance = random.Random(code)
    after = packs(tmp_path, code)
    figures = [(path, one) for path in sorted((after / code / "parameters").glob("*.yaml")) for one in yaml12.load(path.read_text("utf-8"))]
    changed = []
    for path, figure in chance.sample(figures, len(figures)):
        last = max(figure["values"], key=lambda value: str(value["from"]))
        start = max(date.fromisoformat(str(last["from"])) + timedelta(days=1), date(2026, 3, 1))
        text = path.read_text(encoding="utf-8")
        try:
            new = NewValue(start, "3.75", source=last.get("source"), confidence=last.get("confidence"))
            path.write_text(with_value(text, figure["id"], new), encoding="utf-8")
            load_rules(after, only=[code])
        except (EditError, PackError):
            # A table, or a figure that a sentence says or that may have no gap.
            path.write_text(text, encoding="utf-8")
        else:
            changed.append(figure["id"])
        if len(changed) == FIGURES_CHANGED:
            break
    assert len(changed) == FIGURES_CHANGED
    both = sides(PACKS, after, code)
    quick = Trial(both)
    assert quick._watch is not None
    found = quick.tried(range(160)).as_json()
    monkeypatch.setattr(trials, "_watch", lambda *_: None)
    assert Trial(both).tried(range(160)).as_json() == found


def test_a_case_that_was_passed_over_wrongly_stops_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    after = packs(tmp_path, "DE", parameters__wages=('value: "12.82"', 'value: "22.82"'))
    trial = Trial(sides(PACKS, after, "DE"))
    assert trial._watch is not None
    monkeypatch.setattr(type(trial._watch), "differed", property(lambda _: False, lambda *_: None), raising=False)
    monkeypatch.setattr(trials, "CHECK_EVERY", 1)
    with pytest.raises(SkippedError):
        trial.tried(range(200))


def test_a_state_that_is_new_or_gone_has_no_cases(tmp_path: Path) -> None:
    one, other = packs(tmp_path / "a", "NL"), packs(tmp_path / "b", "GB")
    for before, after in ((one, other), (other, one)):
        assert Trial(sides(before, after, "NL")).tried(range(50)).cases == 0


# -- counting


def outcome(total: str | None, **routes: str) -> Outcome:
    ends = (Decimal(total), Decimal(total)) if total else (None, None)
    return Outcome(ends, {name: OfRoute(status, ends, (None, None), (), frozenset()) for name, status in routes.items()})  # type: ignore[arg-type]


def member(number: int) -> Member:
    return Member(number, {"n": number}, RULES.packs["NL"] and None, TODAY, "NL")  # type: ignore[arg-type]


def counted(*pairs: tuple[Outcome | None, Outcome | None], start: int = 0) -> Tally:
    tally = Tally()
    for number, (before, after) in enumerate(pairs, start):
        tally.add(member(number), before, after, frozenset())
    return tally


PAIRS = [
    (outcome("100", a="open"), outcome("110", a="open")),
    (outcome("100", a="open"), outcome("110", a="open")),
    (outcome("100", a="open"), outcome("40", a="open")),
    (outcome("100", a="open"), outcome("100", a="closed")),
    (outcome(None, a="closed"), outcome("9", a="closed")),
    (outcome("100", a="open"), outcome("100", a="open")),
    (None, outcome("1", a="open")),
    (None, None),
]


def test_cases_are_counted_by_what_changed() -> None:
    tally = counted(*PAIRS)
    assert (tally.cases, tally.changed, tally.refused, tally.from_nothing) == (8, 5, 1, 1)
    assert tally.moves == {100: 2, -600: 1} and tally.median == 100
    assert tally.statuses == {"a:open>closed": 1} and tally.kinds["status"] == 1
    # A way that closes stands before a sum that falls, and that before one that rises.
    assert [one.number for one in tally.worst] == [3, 2, 0]
    assert [n for *_ends, n in tally.steps()] == [1, 0, 0, 0, 0, 2, 0, 0]


def test_parts_come_to_the_same_in_any_order_and_through_json() -> None:
    whole = counted(*PAIRS * 3)
    parts = [counted(*PAIRS, start=8 * n) for n in range(3)]
    for order in ((0, 1, 2), (2, 0, 1), (1, 2, 0)):
        together = Tally()
        for n in order:
            together.put_together(Tally.of_json(json.loads(json.dumps(parts[n].as_json()))))
        assert together.as_json() == whole.as_json()
    assert len(whole.worst) == MOST_WORST


@pytest.mark.parametrize(("move", "step"), [(-1000, 0), (-500, 1), (-1, 3), (1, 4), (50, 4), (51, 5), (500, 6), (501, 7)])
def test_no_step_of_the_chart_holds_a_loss_and_a_gain(move: int, step: int) -> None:
    tally = Tally(moves=Counter({move: 1}))
    assert [n for *_ends, n in tally.steps()].index(1) == step


def test_nothing_is_lost_is_not_a_difference() -> None:
    same = outcome("5", a="open")
    assert difference(same, same, frozenset()) is None
    assert difference(same, same, frozenset({("a", "")})) is not None
    assert difference(same, same, frozenset({("b", ""), ("a", "condition x")})) is None


# -- a run in processes of its own


def test_a_run_that_is_cut_off_goes_on_where_it_stood(tmp_path: Path) -> None:
    after = packs(tmp_path, "NL", parameters__minimum_wage=('value: "14.71"', 'value: "16.71"'))
    both = sides(PACKS, after, "NL")
    count = 2 * PART + 40
    progress = Progress(both, count)
    kept: list[str] = []

    def told(part_done: bool) -> None:
        if part_done:
            kept.append(json.dumps(progress.as_json()))

    run(progress, 1, told, lambda: bool(kept))
    assert not progress.complete and progress.done == PART
    again = Progress.of_json(json.loads(kept[-1]))
    seen: list[int] = []
    run(again, 2, lambda _: seen.append(again.done))
    assert again.complete and seen == sorted(seen) and seen[-1] == count
    assert again.tally.as_json() == Trial(both).tried(range(count)).as_json()


def test_rules_that_cannot_be_read_end_a_run_with_a_reason(tmp_path: Path) -> None:
    after = packs(tmp_path, "NL", jurisdiction=("code: NL", "code: NL\nof_a_later_version: 1"))
    with pytest.raises(TrialError, match="of_a_later_version"):
        run(Progress(sides(PACKS, after, "NL"), 10), 1, lambda _: None)
