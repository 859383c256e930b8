"""The engine's promises, as properties: order never matters, refining never widens, cutting never changes back pay."""

from __future__ import annotations

import copy
import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.dates import add_months, end_of_month
from calculator.engine.facts.readings import Facts
from calculator.engine.language.run import Context
from calculator.engine.result.questions import next_questions
from calculator.engine.result.report import estimate_json
from calculator.engine.routes.estimate import Estimate, estimate
from calculator.engine.routes.outcome import RouteResult
from calculator.quantity import Value

RULES = default_rules()
ON = date(2026, 6, 30)
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def worked_out(case: dict[str, Any], country: str = "DE", on: date = ON, trace: bool = False) -> Estimate:
    return estimate(read_case(case), RULES, on, [country], trace=trace)


def route_of(found: Estimate, route: str) -> RouteResult:
    return next(r for r in found.jurisdictions[0].routes if r.route.raw.id == route)


def back_pay(case: dict[str, Any], country: str, route: str) -> Value:
    """The unrounded back-pay head, confirmed figures or not."""
    lines = [line.value for line in route_of(worked_out(case, country), route).lines if line.head.raw.head == "back_pay" and not line.barred]
    total = lines[0]
    for line in lines[1:]:
        total = Value(low=total.low + line.low, high=None if total.high is None or line.high is None else total.high + line.high)
    return total


ROUTES = {"DE": "de-wages", "GB": "civil-claim-trafficker"}

jobs = st.fixed_dictionaries(
    {
        "start": st.dates(date(2023, 1, 1), date(2024, 6, 1)),
        "days": st.integers(1, 500),
        "hours_per_week": st.integers(1, 100),
        "paid": st.integers(0, 300),
        "per": st.sampled_from(["week", "month", "day"]),
    }
)


def case_of(job: dict[str, Any], country: str, spans: list[tuple[date, date]]) -> dict[str, Any]:
    entry = {
        "country": country,
        "hours_per_week": job["hours_per_week"],
        "days_per_week": 6,
        "permit_to_work": True,
        "employer_kind": "company",
        "accommodation": {"provided": False},
        "paid": [{"amount": str(job["paid"]), "per": job["per"]}] if job["paid"] else [],
    }
    return {
        "person": {"birth_date": "1990-03-05"},
        "exploitation": [{"country": country, "forms": ["labour"], "start": spans[0][0].isoformat(), "end": spans[-1][1].isoformat()}],
        "work": [{**entry, "start": a.isoformat(), "end": b.isoformat()} for a, b in spans],
    }


@calm
@given(jobs, st.sampled_from(sorted(ROUTES)), st.data())
def test_cutting_a_job_at_a_border_never_changes_its_back_pay(job: dict[str, Any], country: str, data: st.DataObject) -> None:
    start, end = job["start"], job["start"] + timedelta(days=job["days"])
    if country == "DE":  # pay periods are months
        borders = [end_of_month(add_months(start, n)) for n in range(24) if end_of_month(add_months(start, n)) < end]
    else:
        borders = [start + timedelta(days=7 * n - 1) for n in range(1, 80) if start + timedelta(days=7 * n - 1) < end]
    if not borders:
        return
    cut = data.draw(st.sampled_from(borders))
    whole = back_pay(case_of(job, country, [(start, end)]), country, ROUTES[country])
    halves = back_pay(case_of(job, country, [(start, cut), (cut + timedelta(days=1), end)]), country, ROUTES[country])
    assert abs(whole.low - halves.low) < Decimal("1e-20")


EVERY = sorted(RULES.packs)
many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def heads_of(found: Estimate) -> dict[tuple[str, str], tuple[Decimal, Decimal | None]]:
    """(route, head) -> what it comes to, of every confidence together."""
    sums: dict[tuple[str, str], tuple[Decimal, Decimal | None]] = {}
    for result in found.jurisdictions[0].routes:
        for line in result.lines:
            if line.counted and not line.barred:
                low, high = sums.get((result.route.raw.id, line.head.raw.head), (Decimal(0), Decimal(0)))
                top = None if high is None or line.value.high is None else high + line.value.high
                sums[result.route.raw.id, line.head.raw.head] = (low + line.value.low, top)
    return sums


def under_limits(
    sums: dict[tuple[str, str], tuple[Decimal, Decimal | None]], country: str
) -> dict[tuple[str, ...], tuple[Decimal, Decimal | None]]:
    """The same, with heads that share a limit taken together: they fill it in their order, so that the less one takes for sure, the
    more is left for the next."""
    found: dict[tuple[str, ...], tuple[Decimal, Decimal | None]] = {}
    shared = [name for name, route in RULES.packs[country].routes.items() if route.caps]
    for key in (key for key in sums if key[0] not in shared):
        found[key] = sums[key]
    for name in shared:
        heads = sorted(key for key in sums if key[0] == name)
        highs = [high for high in (sums[key][1] for key in heads) if high is not None]
        found[name, *(head for _, head in heads)] = (
            sum((sums[key][0] for key in heads), Decimal(0)),
            sum(highs, Decimal(0)) if len(highs) == len(heads) else None,
        )
    return found


@many
@given(jobs, st.sampled_from(EVERY), st.sampled_from(["construction", "domestic", "hospitality", "agriculture"]), st.integers(1, 20))
def test_in_every_state_more_hours_never_give_less_pay_and_more_received_never_gives_more(
    job: dict[str, Any], country: str, sector: str, more: int
) -> None:
    span = [(job["start"], job["start"] + timedelta(days=job["days"]))]

    def pay(**changed: int) -> dict[tuple[str, str], tuple[Decimal, Decimal | None]]:
        case = case_of({**job, **changed}, country, span)
        case["work"][0]["sector"] = sector
        return {key: value for key, value in heads_of(worked_out(case, country)).items() if key[1] == "back_pay"}

    before, longer = pay(), pay(hours_per_week=job["hours_per_week"] + more)
    richer = pay(paid=job["paid"] + more)
    for key, (low, _high) in before.items():
        assert key not in longer or longer[key][0] >= low, key
        assert key not in richer or richer[key][0] <= low, key


@calm
@given(jobs, st.sampled_from(sorted(ROUTES)), st.integers(1, 20))
def test_more_hours_never_give_less_and_more_received_never_gives_more(job: dict[str, Any], country: str, more: int) -> None:
    span = [(job["start"], job["start"] + timedelta(days=job["days"]))]
    before = back_pay(case_of(job, country, span), country, ROUTES[country])
    longer = back_pay(case_of({**job, "hours_per_week": job["hours_per_week"] + more}, country, span), country, ROUTES[country])
    paid = back_pay(case_of({**job, "paid": job["paid"] + more}, country, span), country, ROUTES[country])
    assert longer.low >= before.low >= paid.low


FACTS: dict[str, tuple[list[Any], Any]] = {
    # a fact, what an answer may be, how to write "I don't know"
    "hours": ([20, 40, 60, 90], "unknown"),
    "paid": ([[], [{"amount": "50", "per": "week"}]], "unknown"),
    "violence": ([["threats"], ["physical"], ["none"]], "unknown"),
    "permit": ([True, False], "unknown"),
    "reported": ([True, False], "unknown"),
    "degree": ([20, 30, 55, 100], "unknown"),
    "losses": ([[], [{"kind": "medical", "amount": "500"}]], "unknown"),
    "end": (["2025-03-10", "2024-11-30"], {"earliest": "2024-11-30", "latest": "2025-03-10"}),
}


def answered(answers: dict[str, Any], country: str = "DE") -> dict[str, Any]:
    return {
        "person": {"birth_date": "1990-03-05"},
        "exploitation": [
            {"country": country, "forms": ["labour"], "start": "2024-05-01", "end": answers["end"], "violence": answers["violence"]}
        ],
        "work": [
            {
                "country": country,
                "hours_per_week": answers["hours"],
                "paid": answers["paid"],
                "leave_days_taken": 0,
                "permit_to_work": answers["permit"],
            }
        ],
        "harm": {"degree_of_harm": answers["degree"], "psychological": "long_lasting"},
        "losses": answers["losses"],
        "procedure": {"reported_to_police": answers["reported"], "criminal_case": {"status": "charged"}},
    }


@many
@given(
    st.fixed_dictionaries({name: st.sampled_from(values) for name, (values, _) in FACTS.items()}),
    st.sets(st.sampled_from(sorted(FACTS))),
    st.sampled_from(EVERY),
    st.data(),
)
def test_refining_a_dont_know_never_widens_a_range(truth: dict[str, Any], open_facts: set[str], country: str, data: st.DataObject) -> None:
    before = {name: (FACTS[name][1] if name in open_facts else value) for name, value in truth.items()}
    closing = data.draw(st.sampled_from(sorted(open_facts))) if open_facts else None
    after = {**before, closing: truth[closing]} if closing else before
    wide, narrow = (under_limits(heads_of(worked_out(answered(answers, country), country)), country) for answers in (before, after))
    for key in wide.keys() & narrow.keys():
        (low, high), (inner_low, inner_high) = wide[key], narrow[key]
        assert low <= inner_low, (country, key)
        assert high is None or (inner_high is not None and inner_high <= high), (country, key)


@many
@given(st.permutations(range(3)), st.permutations(["person", "exploitation", "work", "harm", "procedure", "losses"]), st.sampled_from(EVERY))
def test_the_order_of_facts_and_entries_never_matters(order: list[int], keys: list[str], country: str) -> None:
    case = answered({name: values[0] for name, (values, _) in FACTS.items()}, country)
    spans = [("2024-05-01", "2024-07-31"), ("2024-08-01", "2024-10-31"), ("2024-11-01", "2025-03-10")]
    case["work"] = [{**case["work"][0], "start": a, "end": b} for a, b in spans]
    shuffled = {key: case[key] for key in keys}
    shuffled["work"] = [case["work"][i] for i in order]

    def sums(found: Estimate) -> list[Any]:
        document = estimate_json(found, lambda text: text)["jurisdictions"][0]
        return [(r["id"], r["status"], r["amount"]) for r in document["routes"]] + [document["total"]]

    assert sums(worked_out(case, country)) == sums(worked_out(shuffled, country))


def test_same_inputs_and_versions_give_the_same_bytes() -> None:
    case = answered({name: values[0] for name, (values, _) in FACTS.items()})
    texts = {json.dumps(estimate_json(worked_out(copy.deepcopy(case), trace=True), lambda text: text)) for _ in range(3)}
    assert len(texts) == 1


def test_every_figure_unfolds_to_parameter_date_and_source() -> None:
    case = answered({name: values[0] for name, (values, _) in FACTS.items()})
    document = estimate_json(worked_out(case, trace=True), lambda text: text)["jurisdictions"][0]
    lines = [line for r in document["routes"] for line in r["lines"] if line["amount"]["low"] not in (None, "0.00")]
    assert lines
    for line in lines:
        assert line["trace"], line["head"]
        for entry in line["trace"]:
            if entry["parameter"]:
                assert entry["source"] is None or entry["source"]["title"]
                assert entry["valid_from"]


def test_a_fact_never_asked_keeps_its_head_out_and_is_named() -> None:
    case = answered({name: values[0] for name, (values, _) in FACTS.items()})
    del case["work"][0]["paid"]
    wages = route_of(worked_out(case), "de-wages")
    assert all(line.head.raw.head != "back_pay" for line in wages.lines)
    assert "work[0].paid" in wages.missing


def test_before_the_first_value_there_is_a_named_gap_and_no_number() -> None:
    case = {
        "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2014-01-01", "end": "2014-12-31"}],
        "work": [{"country": "DE", "hours_per_week": 40, "paid": [], "permit_to_work": True}],
        "procedure": {"claims": [{"route": "de-wages", "filed": "2015-01-10"}]},
    }
    found = estimate_json(worked_out(case), lambda text: text)["jurisdictions"][0]
    wages = next(r for r in found["routes"] if r["id"] == "de-wages")
    assert wages["amount"]["low"] is None and wages["amount"]["unknown"]
    assert any("Statutory minimum wage" in gap and "2014" in gap for gap in wages["gaps"])


def test_after_its_review_a_figure_is_shown_and_says_since_when_it_may_be_old() -> None:
    case = {
        "exploitation": [{"country": "GB", "forms": ["labour"], "start": "2027-05-01", "end": "2027-05-31"}],
        "person": {"birth_date": "1990-01-01"},
        "work": [{"country": "GB", "hours_per_week": 40, "paid": [], "accommodation": {"provided": False}}],
    }
    found = worked_out(case, "GB", date(2027, 6, 30))
    assert route_of(found, "employment-tribunal-nmw").stale_since == date(2027, 4, 1)


def test_a_closed_route_asks_nothing() -> None:
    case = answered({name: values[0] for name, (values, _) in FACTS.items()})
    case["procedure"]["criminal_case"] = {"status": "acquitted"}
    found = worked_out(case)
    closed = route_of(found, "de-adhaesion")
    assert closed.status == "closed" and not closed.missing and not closed.lines
    assert all("de-adhaesion" not in q.routes for q in next_questions(found))


def test_sensitive_and_workbench_facts_are_never_asked_unprompted() -> None:
    for country in RULES.packs:
        found = worked_out({"exploitation": [{"country": country, "forms": ["sexual"]}]}, country)
        for question in next_questions(found):
            assert question.definition.sensitivity == "plain" and question.definition.ask in ("chat", "more")
        sensitive = [q.fact for q in next_questions(found, sensitive=True)]
        assert len(sensitive) >= len(next_questions(found))
    british = worked_out({"exploitation": [{"country": "GB", "forms": ["labour"], "violence": ["physical"]}]}, "GB")
    assert "harm.injuries" in [q.fact for q in next_questions(british, sensitive=True)]
    assert "harm.injuries" not in [q.fact for q in next_questions(british)]


def test_someone_made_to_do_sexual_acts_is_not_asked_about_hours() -> None:
    found = worked_out({"exploitation": [{"country": "DE", "forms": ["sexual"]}]})
    assert not [q.fact for q in next_questions(found) if q.fact.startswith("work")]


def test_no_head_is_counted_twice_over_routes() -> None:
    case = answered({name: values[1] for name, (values, _) in FACTS.items()})
    found = worked_out(case).jurisdictions[0]
    heads = [row.head for row in found.totals.rows]
    assert len(heads) == len(set(heads))
    medical = next(row for row in found.totals.rows if row.head == "medical_costs")
    assert {medical.route, *medical.excludes} == {"de-adhaesion", "de-civil-tort"}


def test_a_minor_is_known_as_one() -> None:
    case = answered({name: values[0] for name, (values, _) in FACTS.items()})
    case["person"] = {"birth_date": "2010-01-01"}
    assert worked_out(case).jurisdictions[0].minor is True
    case["person"] = {"birth_year": 1990}
    assert worked_out(case).jurisdictions[0].minor is False


def test_ten_thousand_periods_are_refused_and_a_hundred_are_fast_enough_to_answer() -> None:
    spans = [(date(2016, 1, 1) + timedelta(days=36 * n), date(2016, 1, 1) + timedelta(days=36 * n + 35)) for n in range(100)]
    job = {"hours_per_week": 50, "paid": 10, "per": "week"}
    assert back_pay(case_of(job, "GB", spans), "GB", ROUTES["GB"]).low > 0


def test_facts_of_another_country_are_not_seen() -> None:
    case = read_case({"exploitation": [{"country": "FR", "end": "2024-01-01"}], "work": [{"country": "FR"}]})
    facts = Facts(case, "DE", ON)
    assert not facts.acts and not facts.jobs and facts.day("act.end") is None


def test_a_trace_is_only_built_when_asked_for() -> None:
    case = answered({name: values[0] for name, (values, _) in FACTS.items()})
    assert all(not line.trace for r in worked_out(case, trace=False).jurisdictions[0].routes for line in r.lines)
    assert Context(RULES.packs["DE"], Facts(read_case({}), "DE", ON), ON).trace is None


def test_a_country_without_rules_does_not_hide_the_others() -> None:
    case = {"exploitation": [{"country": "DE", "end": "2025-01-01"}, {"country": "RO", "end": "2024-01-01"}]}
    document = estimate_json(estimate(read_case(case), RULES, ON), lambda text: text)
    assert [j["code"] for j in document["jurisdictions"]] == ["DE"]
    assert document["not_covered"] == ["RO"]
