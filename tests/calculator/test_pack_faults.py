"""Faults of a pack: each names its file and field, says what was found, and how to mend it."""

from __future__ import annotations

import copy
import re
from typing import Any

import pytest
from minipack import files, head, parameter, route, since

from calculator.engine.language.scope import DEEPEST
from calculator.errors import PackError
from calculator.packs import parsed as packs_parsed
from calculator.packs.load import build_pack, look_through, raw_pack

WAGE = parameter("wage", "EUR/hour", since(10))
MONTH = parameter("monthly", "EUR/month", since(1000))
TABLE = parameter("table", "share", {"from": "2000-01-01", "rows": [{"key": "a", "value": 1}]}, by="key")
ROWS = [{"upto": 17, "value": 1}, {"value": 2}]
REGIONS: dict[str, Any] = {"regions": [{"code": "XX-A", "name": "A"}], "localities": [{"code": "XX-A-B", "region": "XX-A", "name": "B"}]}


def fault(raw: dict[str, Any]) -> PackError:
    with pytest.raises(PackError) as raised:
        build_pack("XX", raw)
    error = raised.value
    assert error.fix, "every fault says how to mend it"
    return error


def of_formula(formula: Any, *parameters: dict[str, Any], **parts: Any) -> PackError:
    return fault(files([route([head(formula)], **parts)], list(parameters), **REGIONS))


FORMULAS: list[tuple[Any, str, str]] = [
    (True, "not a value", "Write a number"),
    ([1], "not a value", "Write a number"),
    ("1.2.3", "not a number", "8.50"),
    ("wages", "no step or fact", "Known names"),
    ("act.forms", "not a number", "condition"),
    ({"summ": [1]}, "no operation", "sum"),
    ({}, "no operation", "Known names"),
    ({"sum": 1}, "list of 1", "[a, b]"),
    ({"minus": [1]}, "list of 2", "[a, b]"),
    ({"sum": ["act.offender_proceeds", {"param": "wage"}]}, "different units", "times"),
    ({"sum": ["act.offender_proceeds"], "at_most": {"param": "wage"}}, "limit in EUR/hour", "one unit"),
    ({"param": "wages"}, "no parameter", "wage"),
    ({"param": "wage", "key": 3}, "not a table", "Remove key"),
    ({"param": "table"}, "is a table", "Add key"),
    ({"param": "wage"}, "The result is in EUR/hour", "EUR"),
    ({"param": "wage", "at": 3}, "not a date", "later_of"),
    ({"param": "wage", "at": "act.forms"}, "not a date", "date fact"),
    ({"param": "wage", "at": "act.ende"}, "no date named", "act.end"),
    ({"param": "wage", "at": {"plus": 3}}, "period is added", "years: 3"),
    ({"param": "wage", "at": {"suspended": {"date": "on"}}}, "between two days", "from: a"),
    ({"param": "wage", "at": {"sooner_of": ["on"]}}, "no date operation", "earlier_of"),
    ({"taper": 3, "income": 1, "full_until": 2}, "needs nothing_from", "taper"),
    ({"round": 3, "mode": "nearest"}, "no rounding", "half_up"),
    ({"if": {"always": True}, "then": 1}, "not a value", "Write a number"),
    ({"if": "yes", "then": 1, "else": 2}, "condition is a mapping", "fact"),
    ({"head": "loss"}, "no earlier head", "Known names"),
    ({"route": "other"}, "no route", "claim"),
    ({"monthly": 3, "until": "open"}, "", ""),
    ({"interest_on": 3, "rate": [{"param": "wage"}]}, "first day", "Add from"),
    ({"interest_on": 3, "from": "on"}, "needs a rate", "rate"),
    ({"interest_on": 3, "from": "on", "rate": ["5 %"]}, "not a rate", "per cent"),
    ({"interest_on": 3, "from": "on", "rate": [5], "compound": "daily"}, "no way to compound", "yearly"),
    ({"back_pay": "work"}, "no pay rule", "Known names"),
    ({"share_of_unpaid": "rule"}, "share is missing", "share"),
    ({"capped_per_year": "rule", "of": "promised", "cap": 3}, "no kind of pay", "unpaid"),
    ({"capped_per_year": "rule"}, "cap is missing", "cap"),
    ({"late_increase": "rule", "percent": "table"}, "table by number", "number"),
    ({"late_increase": "rule", "percent": "days_late", "count": "weeks"}, "no way to count", "working_days"),
    ({"said_or": ["job.hours", 42]}, "takes a fact and a value", "said_or"),
    ({"received": {"for": ["wage"]}}, "no purpose", "wages"),
    ({"award_paid": {"courts": ["family"]}}, "no kind of court", "labour"),
    ({"awarded": {"of": "interest"}}, "no kind of award", "costs"),
    ({"losses": ["medicine"]}, "no kind of loss", "medical"),
]
DAYS_LATE = parameter("days_late", "percent", {"from": "2000-01-01", "rows": ROWS}, by="number")


@pytest.mark.parametrize(("formula", "message", "fix"), [f for f in FORMULAS if f[1]])
def test_a_fault_in_a_formula_names_its_field(formula: Any, message: str, fix: str) -> None:
    error = of_formula(formula, WAGE, TABLE, DAYS_LATE, pay_rules={"rule": {"rates": [{"param": "wage"}]}})
    assert error.file == "XX/routes/claim.yaml"
    assert error.field.startswith("claim.heads.back_pay")
    assert message in str(error) and fix in str(error)


@pytest.mark.parametrize(
    ("innermost", "around"),
    [
        ({"param": "monthly"}, lambda inner: {"sum": [inner]}),
        ({"if": {"always": True}, "then": 1, "else": 2}, lambda inner: {"sum": [inner]}),
        ({"param": "monthly"}, lambda inner: {"if": {"not": {"value": inner, "over": 1}}, "then": 1, "else": 2}),
    ],
)
def test_ten_expressions_may_stand_in_each_other_and_one_more_is_refused(innermost: Any, around: Any) -> None:
    def nested(deep: int) -> Any:
        formula, each = innermost, len(re.findall("sum|if|not|value", str(around(0))))
        here = len(re.findall("always|if|param", str(innermost)))
        while here + each <= deep:
            formula, here = around(formula), here + each
        while here < deep:
            formula, here = {"sum": [formula]}, here + 1
        return formula

    assert build_pack("XX", files([route([head(nested(DEEPEST))])], [MONTH]))
    assert "nested too deeply" in str(of_formula(nested(DEEPEST + 1), MONTH))


def test_conditions_and_days_are_bounded_as_formulas_are() -> None:
    test: Any = {"always": True}
    day: Any = "on"
    for _ in range(DEEPEST):
        test, day = {"not": test}, {"later_of": [day]}
    assert "nested too deeply" in str(of_formula(1, conditions=[{"id": "a", "text": "A.", "source": "act", "test": test}]))
    assert "nested too deeply" in str(fault(files([route([head(1)], dates={"a": {"later_of": [day]}})])))


Mistyped = tuple[dict[str, Any], list[tuple[str, str]]]


def of_route(**parts: Any) -> dict[str, Any]:
    return files([route(**{"heads": [head(1)], **parts})], [WAGE])


MISTYPED: list[Mistyped] = [
    # In two files.
    (
        files([route([head({"summ": [1]})], "first"), route([head({"param": "wagee"})], "second")], [WAGE]),
        [("summ", "sum"), ("wagee", "wage")],
    ),
    # In two steps of a head: its result, which names one of them, is not at fault.
    (
        of_route(heads=[head({"sum": ["a", "b"]}, steps={"a": {"losess": ["medical"]}, "b": {"losses": ["medicol"]}})]),
        [("losess", "losses"), ("medicol", "medical")],
    ),
    # In a day that a formula rests on, and in a condition.
    (
        of_route(
            dates={"known": {"latr_of": ["on"]}},
            heads=[head({"if": {"date": "known", "before": "on"}, "then": 1, "else": 2})],
            conditions=[{"id": "a", "text": "A.", "source": "act", "test": {"fact": "act.form", "has": ["labour"]}}],
        ),
        [("latr_of", "later_of"), ("act.form", "act.forms")],
    ),
    # In a pay rule that two heads rest on, and in a third head that a cap is for.
    (
        of_route(
            pay_rules={"work": {"ratess": [{"param": "wage"}]}},
            heads=[head({"back_pay": "work"}), head({"back_pay": "work"}, "overtime"), head({"losses": ["medicol"]}, "medical_costs")],
            caps=[{"heads": ["medical_costs"], "at_most": 1}],
        ),
        [("ratess", "rates"), ("medicol", "medical")],
    ),
    # In a source of a figure that a formula takes, and in a head that a later one takes.
    (
        files(
            [route([head({"param": "fee"}), head({"losses": ["medicol"]}, "medical_costs"), head({"head": "medical_costs"}, "interest")])],
            [parameter("fee", "EUR", since(1), source="actt")],
        ),
        [("medicol", "medical"), ("actt", "sources.yaml")],
    ),
]


@pytest.mark.parametrize(("raw", "words"), MISTYPED)
def test_two_mistyped_words_are_two_errors_each_with_its_word_and_the_nearest_right_one(
    raw: dict[str, Any], words: list[tuple[str, str]]
) -> None:
    faults = look_through("XX", raw)[1]
    assert len(faults) == 2, [str(one) for one in faults]
    for wrong, right in words:
        (named,) = [one for one in faults if re.search(rf"\b{wrong}\b", one.message)]
        assert right in named.fix


def test_every_problem_of_a_file_is_said_and_what_only_names_it_is_not() -> None:
    raw = copy.deepcopy(
        files([route([head({"param": "wage"})], relations=[{"to": ["fund"], "kind": "subsidiary"}]), route([head(1)], "fund")], [WAGE])
    )
    raw["XX/parameters/all.yaml"][0] |= {"unitt": "EUR", "confidence": "sure"}
    raw["XX/routes/fund.yaml"]["kindd"] = "other"
    pack, faults = look_through("XX", raw)
    assert pack is not None and list(pack.routes) == ["claim"]
    assert sorted(fault.field for fault in faults) == ["0.confidence", "0.unitt", "kindd"]


CONDITIONS: list[tuple[Any, str, str]] = [
    ({}, "condition is a mapping", "fact"),
    ({"fakt": "act.forms"}, "no kind of condition", "fact"),
    ({"fact": "act.form", "has": ["labour"]}, "no fact", "act.forms"),
    ({"fact": "act.forms"}, "compares the fact with nothing", "at_least"),
    ({"fact": "act.forms", "has": ["labor"]}, "no choice of act.forms", "labour"),
    ({"value": 3}, "compares the value with nothing", "at_most"),
    ({"date": "on"}, "compared with nothing", "before"),
    ({"age_at": "on"}, "under or at_least", "under: 18"),
    ({"age_at": "on", "under": 18, "at_least": 3}, "under or at_least", "under: 18"),
    ({"region": ["XX-C"]}, "no region of this pack", "XX-A"),
    ({"locality": "XX-A-C"}, "no locality of this pack", "XX-A-B"),
    ({"all": [{"any": [{"not": {"fact": "act.form"}}]}]}, "no fact", "act.forms"),
]


@pytest.mark.parametrize(("test", "message", "fix"), CONDITIONS)
def test_a_fault_in_a_condition_names_its_field(test: Any, message: str, fix: str) -> None:
    condition = {"id": "strange", "text": "Holds.", "source": "act", "test": test or {"all": [{}]}}
    error = fault(files([route([head(1)], conditions=[condition])], **REGIONS))
    assert error.field.startswith("claim.conditions.strange.test")
    assert message in str(error) and fix in str(error)


PAY_RULES: list[tuple[dict[str, Any], str, str]] = [
    ({"rate": []}, "no back pay setting", "rates"),
    ({"pay_period": "month"}, "weeks_per_month", "parameter"),
    ({"rates": [{"param": "wages"}]}, "no parameter", "wage"),
    ({"rates": [{"param": "monthly"}]}, "is in EUR/month", "hours"),
    ({"rates": [{"param": "wage", "hours": 40}]}, "hours does not fit", "Remove hours"),
    ({"rates": [{"param": "wage", "sector": ["shipping"]}]}, "no choice of job.sector", "transport"),
    ({"rates": [{"param": "wage", "live_in": "yes"}]}, "true or false", "true"),
    ({"rates": [{"param": "wage", "employer_size": 10}]}, "at_most or at_least", "at_most: 10"),
    ({"rates": [{"param": "wage", "regions": ["XX-C"]}]}, "no region of this pack", "XX-A"),
    ({"rates": [{"param": "wage", "localities": ["XX-A-C"]}]}, "no locality of this pack", "XX-A-B"),
    ({"rates": [{"param": "wage", "unless": {"sector": ["shipping"]}}]}, "no choice of job.sector", "transport"),
    ({"overtime": [{"over": 40}]}, "limit and a factor", "factor"),
    ({"overtime": [{"beyond": 40, "factor": 2}]}, "limit and a factor", "factor"),
    ({"premiums": [{"for": "holiday", "add": 1}]}, "no kind of premium", "sunday"),
    ({"premiums": [{"for": "night", "add": 1}]}, "hours of the night", "between"),
    ({"premiums": [{"for": "night", "add": 1, "between": ["11 pm", "06:00"]}]}, "not a time of day", "23:00"),
    ({"premiums": [{"for": "spread", "over": 10}]}, "premium for long days", "hours"),
    ({"premiums": [{"for": "sunday"}]}, "adds a share", "add"),
    ({"credits": [{"for": "clothes", "param": "wage"}]}, "no kind of credit", "lodging"),
    ({"credits": [{"for": "meals", "param": "wage"}]}, "is in EUR/hour", "EUR/day"),
]


@pytest.mark.parametrize(("rule", "message", "fix"), PAY_RULES)
def test_a_fault_in_a_pay_rule_names_its_setting(rule: dict[str, Any], message: str, fix: str) -> None:
    error = of_formula({"back_pay": "work"}, WAGE, MONTH, pay_rules={"work": rule})
    assert error.field.startswith("claim.pay_rules.work")
    assert message in str(error) and fix in str(error)


def broken_file(change: Any, **jurisdiction: Any) -> PackError:
    raw = copy.deepcopy(files([route([head(1)])], [parameter("wage", "EUR/hour", since(10))], **(jurisdiction or REGIONS)))
    change(raw)
    return fault(raw)


def _set(*path: Any) -> Any:
    """A change: the last item is the value put at the path before it."""
    *keys, last, value = path

    def change(raw: Any) -> None:
        for key in keys:
            raw = raw[key]
        if value is None:
            del raw[last]
        else:
            raw[last] = value

    return change


ALL = "XX/parameters/all.yaml"
CLAIM = "XX/routes/claim.yaml"
AWARDS = "XX/awards.yaml"
BANDS = "XX/bands.yaml"
AWARD = {
    "id": "case",
    "court": "A court",
    "decided_by": "criminal",
    "facts": {},
    "currency": "EUR",
    "sums": [{"head": "back_pay"}],
    "source": "act",
    "confidence": "secondary",
}
BAND = {
    "id": "band",
    "title": "A band",
    "status": "guideline",
    "heads": ["back_pay"],
    "currency": "EUR",
    "rows": [{"label": "one", "low": 1}],
    "source": "act",
    "confidence": "secondary",
}
FILES: list[tuple[Any, str, str, str]] = [
    (_set("XX/jurisdiction.yaml", None), "XX/jurisdiction.yaml", "(whole file)", "missing or empty"),
    (_set("XX/sources.yaml", None), "XX/sources.yaml", "(whole file)", "missing or empty"),
    (
        _set("XX/jurisdiction.yaml", "localities", [{"code": "XX-C-D", "region": "XX-C", "name": "D"}]),
        "XX/jurisdiction.yaml",
        "localities.XX-C-D",
        "no region named XX-C",
    ),
    (_set("XX/jurisdiction.yaml", "money", "EUR"), "XX/jurisdiction.yaml", "money", "Extra inputs"),
    (_set("XX/jurisdiction.yaml", "name", None), "XX/jurisdiction.yaml", "name", "Field required"),
    (_set(ALL, 0, "unit", "EUR/fortnight"), ALL, "wage.unit", "not known"),
    (_set(ALL, 0, "unit", "SEK/hour"), ALL, "wage.unit", "This pack counts in EUR"),
    (_set(ALL, 0, "values", [since(1), since(2)]), ALL, "wage.values[1]", "Two values hold"),
    (_set(ALL, 0, "values", [{**since(1), "to": "1999-12-31"}]), ALL, "wage.values[0]", "before it begins"),
    (
        _set(ALL, 0, "values", [{**since(1), "to": "2001-12-31"}, since(2, "2003-01-01")]),
        ALL,
        "wage.values[1]",
        "No value holds from 2002-01-01 to 2002-12-31",
    ),
    (_set(ALL, 0, "by", "age"), ALL, "wage.values[0]", "table has rows"),
    (_set(ALL, 0, "confidence", None), ALL, "wage.values[0]", "no confidence"),
    (_set(ALL, 0, "source", "nowhere"), ALL, "wage.values[0]", "no source named nowhere"),
    (_set(ALL, 0, "source", None), ALL, "wage.values[0]", "no source"),
    (lambda raw: raw[ALL][0].update(source=None, confidence="unverified"), ALL, "wage.values[0]", "needs a note"),
    (lambda raw: raw[ALL].append(raw[ALL][0]), ALL, "wage", "defined twice"),
    (lambda raw: raw.update({"XX/routes/b.yaml": raw[CLAIM]}), CLAIM, "id", "defined twice"),
    (_set(CLAIM, "status", "draft"), "XX/routes", "(folder)", "no routes"),
    (_set(CLAIM, "source", "nowhere"), CLAIM, "claim.source", "no source named nowhere"),
    (_set(CLAIM, "conditions", [{"id": "nameless", "source": "act"}]), CLAIM, "conditions.nameless", "no phrase for a condition"),
    (_set(CLAIM, "conditions", 0, "source", "nowhere"), CLAIM, "claim.conditions.always.source", "no source"),
    (_set(CLAIM, "documents", [{"id": "own"}]), CLAIM, "documents.own", "documents.yaml"),
    (_set(CLAIM, "heads", 0, "head", "sorrow"), CLAIM, "claim.heads.sorrow", "no head of damage"),
    (_set(CLAIM, "heads", 0, "result", None), CLAIM, "claim.heads.back_pay", "neither a result nor a gap"),
    (_set(CLAIM, "heads", 0, "source", "nowhere"), CLAIM, "claim.heads.back_pay.source", "no source"),
    (_set(CLAIM, "caps", [{"at_most": 3, "heads": ["loss"]}]), CLAIM, "claim.caps[0].heads", "no head of this route"),
    (_set(CLAIM, "caps", [{"at_most": 3, "deductible": 1}]), CLAIM, "claim.caps[0]", "one of"),
    (_set(CLAIM, "caps", [{"at_most": {"param": "wage"}}]), CLAIM, "claim.caps[0].at_most", "limit in EUR/hour"),
    (_set(CLAIM, "regions", ["XX-C"]), CLAIM, "claim.regions", "no region of this pack"),
    (lambda raw: raw.update({AWARDS: [AWARD | {"source": "nowhere"}]}), AWARDS, "case", "no source"),
    (lambda raw: raw.update({AWARDS: [AWARD, AWARD]}), AWARDS, "case", "have the id case"),
    (lambda raw: raw.update({AWARDS: [AWARD | {"sums": [{"head": "sorrow"}]}]}), AWARDS, "case.sums", "no sorrow"),
    (lambda raw: raw.update({AWARDS: [AWARD | {"routes": ["other"]}]}), AWARDS, "case.routes", "no other"),
    (lambda raw: raw.update({BANDS: [BAND | {"source": "nowhere"}]}), BANDS, "band", "no source"),
    (lambda raw: raw.update({BANDS: [BAND | {"parameter": "nowhere"}]}), BANDS, "band.parameter", "no nowhere"),
    (lambda raw: raw.update({BANDS: [BAND | {"regions": ["XX-C"]}]}), BANDS, "band.regions", "no XX-C"),
    (lambda raw: raw.update({BANDS: [BAND | {"heads": ["sorrow"]}]}), BANDS, "band.heads", "no sorrow"),
    (_set(CLAIM, "relations", [{"to": ["other"], "kind": "deducts"}]), CLAIM, "claim.relations", "no route named other"),
    (_set(CLAIM, "conditions", 0, "otherwise", "later"), CLAIM, "claim.conditions.always", "what it waits for"),
    (
        lambda raw: raw.update(
            {"XX/contacts.yaml": [{"id": "line", "kind": "police", "reaches": ["police"], "source": "nowhere", "confidence": "official"}]}
        ),
        "XX/contacts.yaml",
        "line",
        "no source",
    ),
    (
        lambda raw: raw.update(
            {"XX/contacts.yaml": [{"id": "line", "kind": "polize", "reaches": ["police"], "source": "act", "confidence": "official"}]}
        ),
        "XX/contacts.yaml",
        "line.kind",
        "no polize here",
    ),
]


@pytest.mark.parametrize(("change", "file", "field", "message"), FILES)
def test_a_fault_in_a_file_names_file_and_field(change: Any, file: str, field: str, message: str) -> None:
    error = broken_file(change)
    assert error.file == file and field in error.field
    assert message in str(error)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: [1", "not valid YAML"),
        ("a: 1\na: 2", "same name (near line 2)"),
        ("a: &x 1\nb: *x", "anchors"),
        ("a: !!python/object:os.system x", ""),
    ],
)
def test_a_file_that_is_not_yaml_says_near_which_line(tmp_path: Any, text: str, message: str) -> None:
    folder = tmp_path / "XX"
    folder.mkdir()
    (folder / "jurisdiction.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PackError) as raised:
        raw_pack(folder)
    assert raised.value.file == "XX/jurisdiction.yaml" and raised.value.fix
    assert message.lower() in str(raised.value).lower()


def test_a_file_that_is_not_text_is_named(tmp_path: Any) -> None:
    folder = tmp_path / "XX"
    folder.mkdir()
    (folder / "jurisdiction.yaml").write_bytes(b"name: \xff")
    with pytest.raises(PackError, match="UTF-8"):
        raw_pack(folder)


def test_a_file_is_parsed_once_until_its_text_changes(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "packs" / "XX"
    folder.mkdir(parents=True)
    monkeypatch.setattr(packs_parsed, "PACKS", folder.parent)
    monkeypatch.setattr(packs_parsed, "PARSED", tmp_path / "parsed")
    parsed: list[str] = []
    parse = packs_parsed.yaml12.load
    monkeypatch.setattr(packs_parsed.yaml12, "load", lambda text: parsed.append(text) or parse(text))
    (folder / "a.yaml").write_text("a: 1", encoding="utf-8")
    (folder / "b.yaml").write_text("b: {1: x}", encoding="utf-8")
    first = raw_pack(folder)
    assert first == raw_pack(folder) == {"XX/a.yaml": {"a": 1}, "XX/b.yaml": {"b": {"1": "x"}}} and len(parsed) == 2
    (folder / "a.yaml").write_text("a: 2", encoding="utf-8")
    assert raw_pack(folder)["XX/a.yaml"] == {"a": 2} and parsed[2:] == ["a: 2"]
    # A memory that cannot be read costs time, and nothing else.
    (tmp_path / "parsed" / "XX.json").write_text("{", encoding="utf-8")
    assert raw_pack(folder)["XX/a.yaml"] == {"a": 2} and len(parsed) == 5
