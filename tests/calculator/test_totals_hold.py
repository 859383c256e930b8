"""Sums hold: one property for each principle of docs/truth.md, over every pack and its examples, cases changed one way at a time."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calculator import vocabulary
from calculator.api import default_rules
from calculator.api import estimate_json as worked_out
from calculator.engine.figures import exchange
from calculator.errors import CaseError
from calculator.packs.load import PACKS, raw_pack

RULES = default_rules()
CODES = sorted(RULES.packs)
EXAMPLES = [(code, example) for code in CODES for example in RULES.packs[code].examples]
ANY_EXAMPLE = st.sampled_from(EXAMPLES)
#: What somebody paid, or what a thing cost.
SUMS = st.integers(1, 60_000)


@cache
def _raw(code: str) -> dict[str, dict[str, Any]]:
    """The cases of the examples as they are written, by their id."""
    files = raw_pack(PACKS / code)
    found = [c for name, content in files.items() if "/examples/" in name for c in (content if isinstance(content, list) else [content])]
    return {example["id"]: example["case"] for example in found}


def case_of(code: str, example: Any) -> dict[str, Any]:
    return copy.deepcopy(_raw(code)[example.id])


def estimated(code: str, example: Any, case: dict[str, Any], on: date | None = None) -> dict[str, Any]:
    found: dict[str, Any] = worked_out(case, [example.jurisdiction or code], on or example.on, trace=False)["jurisdictions"][0]
    return found


def low(amount: dict[str, Any]) -> Decimal:
    return Decimal(amount["low"] or 0)


def group(case: dict[str, Any], name: str) -> dict[str, Any]:
    if not isinstance(case.get(name), dict):
        case[name] = {}
    part: dict[str, Any] = case[name]
    return part


def listed(owner: dict[str, Any], name: str) -> list[Any]:
    if not isinstance(owner.get(name), list):
        owner[name] = []
    part: list[Any] = owner[name]
    return part


# -- 1. money has a currency --------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(ANY_EXAMPLE, SUMS)
def test_money_that_has_no_rate_is_a_gap_and_never_one_to_one(chosen: tuple[str, Any], amount: int) -> None:
    code, example = chosen
    before = case_of(code, example)
    after = copy.deepcopy(before)
    listed(before, "losses"), listed(after, "losses").append({"kind": "property", "amount": str(amount), "currency": "NGN"})
    one, other = estimated(code, example, before), estimated(code, example, after)
    assert low(other["total"]) <= low(one["total"])
    for route, now in zip(one["routes"], other["routes"], strict=True):
        assert low(now["amount"]) <= low(route["amount"]), route["id"]
        told = [line for line in now["lines"] if line["head"] == "material_loss" and line["counted"]]
        assert all(line["amount"]["high"] is None or low(line["amount"]) <= low(route["amount"]) for line in told)
    computed = {h.raw.head for r in RULES.packs[code].routes.values() for h in r.heads if h.result is not None}
    if "material_loss" in computed and any(r["status"] != "closed" and r["unknown_heads"] for r in other["routes"]):
        gaps = [gap for route in other["routes"] for gap in route["gaps"]]
        lines = [line for r in other["routes"] for line in r["lines"] if line["head"] == "material_loss" and line["counted"]]
        assert not lines or any("Nigerian Naira" in gap for gap in gaps)


@pytest.mark.parametrize("code", CODES)
def test_a_loss_in_other_money_comes_to_what_it_was_on_its_day(code: str) -> None:
    own = RULES.packs[code].jurisdiction.currency
    foreign = "CHF" if own != "CHF" else "USD"
    day = "2025-03-12"
    rate = exchange.on_day(foreign, own, date.fromisoformat(day))
    assert rate is not None
    base = {
        "exploitation": [{"country": code, "forms": ["labour"], "start": "2025-01-01", "end": "2025-06-30", "violence": ["physical"]}],
        "procedure": {"reported_to_police": True, "criminal_case": {"status": "charged", "offence": "trafficking", "civil_party": True}},
    }
    told = {**base, "losses": [{"kind": "medical", "amount": "1000", "currency": foreign, "date": day}]}
    same = {**base, "losses": [{"kind": "medical", "amount": str((1000 * rate.rate).quantize(Decimal("0.000001"))), "date": day}]}
    one, other = (worked_out(case, [code], date(2026, 6, 30))["jurisdictions"][0] for case in (told, same))
    assert one["total"] == other["total"]
    heads = [line for route in one["routes"] for line in route["lines"] if line["head"] in ("medical_costs", "therapy", "special_expenses")]
    used = [line for line in heads if any(entry["op"] == "exchange" for entry in line["trace"])]
    for line in used:
        assert line["confidence"] != "official"
        entry = next(entry for entry in line["trace"] if entry["op"] == "exchange")
        assert entry["inputs"]["from"] == day and entry["source"]["title"]
    assert used or not any(low(line["amount"]) for line in heads)


# -- 2. out of time feeds no total --------------------------------------------------------------------------------------


def passed(route: dict[str, Any], head: str, on: str) -> list[str]:
    """Claim limits of the route that are over for a head, by what the document says of them."""
    limits = [limit for limit in route["deadlines"] if limit["bars"] == "claim" and (limit["heads"] is None or head in limit["heads"])]
    return [limit["id"] for limit in limits if limit["date"] and limit["date"] < on]


@settings(max_examples=300, deadline=None)
@given(ANY_EXAMPLE, st.integers(0, 12_000))
def test_what_is_over_for_good_feeds_no_total(chosen: tuple[str, Any], later: int) -> None:
    code, example = chosen
    case = case_of(code, example)
    # Nobody asked in time, and every day and age is told exactly, so that each limit holds or does not.
    group(case, "procedure").pop("claims", None)
    starts = [str(part.get("start"))[:4] for name in ("exploitation", "work") for part in case.get(name) or [] if isinstance(part, dict)]
    first = min((int(year) for year in starts if year.isdigit()), default=2015)
    group(case, "person")["birth_date"] = f"{first - 30}-05-05"
    on = example.on + timedelta(days=later)
    found = estimated(code, example, case, on)
    routes = {route["id"]: route for route in found["routes"]}
    raw = {name: {limit.id: limit for limit in route.raw.deadlines} for name, route in RULES.packs[code].routes.items()}
    for row in found["totals"]:
        if row["head"] == "judgment":
            # What a court has ordered was asked for in time.
            continue
        for name in passed(routes[row["route"]], row["head"], on.isoformat()):
            limit = raw[row["route"]][name]
            joined = {limit.longer_of, *(other.longer_of for other in raw[row["route"]].values())} - {None}
            exact = all(isinstance(act.get("end"), str) and len(act["end"]) == 10 for act in case.get("exploitation", []))
            assert name in joined or limit.longer_of or not exact or low(row["amount"]) == 0, (row["route"], row["head"], name)


@settings(max_examples=100, deadline=None)
@given(ANY_EXAMPLE)
def test_what_is_late_stands_beside_the_sum_and_says_what_becomes_of_it(chosen: tuple[str, Any]) -> None:
    code, example = chosen
    found = estimated(code, example, case_of(code, example), example.on + timedelta(days=9000))
    for route in found["routes"]:
        for line in route["lines"]:
            if line["late"] and line["late"]["sure"]:
                assert not line["counted"] and line["time_barred"] and line["late"]["text"]
        counted = [line for line in route["lines"] if line["counted"]]
        if route["late"] and route["late"]["sure"]:
            assert not counted and route["status"] in ("closed", "uncertain", "later")
            assert (route["status"] == "closed") == (route["late"]["how"] == "final")


# -- 3. extensions only extend ------------------------------------------------------------------------------------------


@settings(max_examples=150, deadline=None)
@given(ANY_EXAMPLE, st.integers(1, 2000))
def test_time_in_which_nobody_could_act_makes_no_deadline_earlier(chosen: tuple[str, Any], days: int) -> None:
    code, example = chosen
    case = case_of(code, example)
    before = estimated(code, example, case)
    start = example.on - timedelta(days=days)
    group(case, "procedure")["prevented"] = [{"from": start.isoformat(), "to": example.on.isoformat(), "reason": "held"}]
    after = {(r["id"], limit["id"]): limit["date"] for r in estimated(code, example, case)["routes"] for limit in r["deadlines"]}
    for route in before["routes"]:
        for limit in route["deadlines"]:
            moved = after.get((route["id"], limit["id"]))
            assert not limit["date"] or moved is None or moved >= limit["date"]


def test_a_judgment_on_wages_moves_no_limit_that_counts_from_the_criminal_decision() -> None:
    case: dict[str, Any] = {
        "person": {"birth_date": "1990-05-01"},
        "procedure": {"reported_to_police": True, "criminal_case": {"status": "convicted", "offence": "trafficking", "date": "2024-03-01"}},
    }
    moved, looked_at = [], 0
    for code in CODES:
        case["exploitation"] = [{"country": code, "forms": ["labour"], "start": "2022-01-01", "end": "2022-12-31"}]
        later = copy.deepcopy(case)
        later["procedure"]["awards"] = [{"country": code, "court": "labour", "damages": "5000", "date": "2025-09-01", "final_on": "2025-10-01"}]
        days = []
        for one in (case, later):
            routes = worked_out(one, [code], date(2026, 6, 1), trace=False)["jurisdictions"][0]["routes"]
            days.append({(route["id"], limit["id"]): limit["date"] for route in routes for limit in route["deadlines"]})
        for route in RULES.packs[code].routes.values():
            for limit in route.raw.deadlines:
                text = repr(limit.date) + "".join(repr(day) for name, day in route.raw.dates.items() if name in repr(limit.date))
                if "award.criminal_final_on" in text and (place := (route.raw.id, limit.id)) in days[0]:
                    looked_at += 1
                    moved += [(code, place)] if days[0][place] != days[1].get(place) else []
    assert looked_at > 5 and not moved


# -- 4. what was paid comes off once ------------------------------------------------------------------------------------

PAYMENTS = st.fixed_dictionaries(
    {"from": st.sampled_from(["offender", "employer", "fund", "insurance", "unknown"])},
    optional={"for": st.sampled_from(["wages", "medical", "moral_harm", "damages", "unknown"])},
)


@settings(max_examples=400, deadline=None)
@given(ANY_EXAMPLE, PAYMENTS, SUMS)
def test_a_payment_lowers_no_sum_by_more_than_itself_and_raises_none(chosen: tuple[str, Any], paid: dict[str, str], amount: int) -> None:
    code, example = chosen
    before = case_of(code, example)
    after = copy.deepcopy(before)
    listed(group(before, "procedure"), "received")
    listed(group(after, "procedure"), "received").append({**paid, "amount": str(amount)})
    one, other = estimated(code, example, before), estimated(code, example, after)
    pairs = [(one["total"], other["total"], "total")]
    # Where more is left of another open way, that one counts now: it may have no such upper end.
    same_ways = {row["route"] for row in one["totals"]} == {row["route"] for row in other["totals"]}
    pairs += [(r["amount"], n["amount"], r["id"]) for r, n in zip(one["routes"], other["routes"], strict=True)]
    # What the law hangs on unpaid wages (surcharge, the same again, a multiple) falls with them.
    most = amount * (4 if paid.get("for") == "wages" else 1) + Decimal("0.02")
    for was, now, name in pairs:
        if was["low"] is None or now["low"] is None or was["per"] != "once" or now["per"] != "once":
            continue
        assert low(was) - most <= low(now), name
        assert low(now) <= low(was), name
        if was["high"] is not None and now["high"] is not None and (name != "total" or same_ways):
            assert Decimal(was["high"]) - most <= Decimal(now["high"]) <= Decimal(was["high"]), name


@pytest.mark.parametrize("code", CODES)
def test_what_was_paid_on_a_judgment_lowers_what_it_still_pays(code: str) -> None:
    def left(*paid: str) -> dict[str, Any]:
        award = {"country": code, "court": "criminal", "damages": "20000", "costs": "500", "date": "2026-01-15", "final_on": "2026-02-15"}
        case = {
            "person": {"birth_date": "1990-01-01"},
            "exploitation": [{"country": code, "forms": ["sexual"], "start": "2024-01-01", "end": "2025-06-30"}],
            "procedure": {
                "reported_to_police": True,
                "criminal_case": {"status": "convicted", "date": "2026-01-15", "offence": "trafficking", "civil_party": True},
                "awards": [{**award, "paid": [{"amount": sum_, "date": "2026-03-01"} for sum_ in paid]}],
            },
        }
        found: dict[str, Any] = worked_out(case, [code], date(2026, 6, 30), trace=False)["jurisdictions"][0]
        return found

    def of_judgment(found: dict[str, Any]) -> Decimal | None:
        return next((low(r["amount"]) for r in found["routes"] if any(line["head"] == "judgment" for line in r["lines"])), None)

    if not any(route.raw.kind == "criminal_proceedings" and route.raw.regions is None for route in RULES.packs[code].routes.values()):
        pytest.skip("no criminal route for the whole country")
    none, some = left(), left("4000", "1000")
    assert of_judgment(none) == 20500 and of_judgment(some) == 15500
    assert low(none["total"]) - 5000 <= low(some["total"]) <= low(none["total"])


def test_what_one_court_ordered_is_not_paid_off_by_a_formula_about_another() -> None:
    example = next(e for e in RULES.packs["ES"].examples if e.id == "aid-gap-without-payments-of-wages")
    found = estimated("ES", example, case_of("ES", example))
    assert [paid["amount"]["low"] for paid in found["already_paid"]] == ["4000.00"], "the 500 are in the aid, the 4,000 on wages in nothing"


def test_where_the_way_that_counted_is_paid_off_what_is_left_of_another_open_one_counts() -> None:
    example = next(e for e in RULES.packs["US"].examples if e.id == "rate-ca-small")
    case = case_of("US", example)
    group(case, "procedure")["received"] = [{"from": "offender", "amount": "10000"}]
    found = estimated("US", example, case)
    fund = next(route for route in found["routes"] if route["id"] == "us-calvcb")
    assert fund["status"] == "likely" and low(fund["amount"]) == Decimal(520) <= low(found["total"])


# -- 5. a part is never shown as the whole -------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(ANY_EXAMPLE, st.sampled_from(["travel", "legal", "documents", "other"]), SUMS)
def test_a_small_loss_makes_no_unknown_claim_known(chosen: tuple[str, Any], kind: str, amount: int) -> None:
    code, example = chosen
    before = case_of(code, example)
    after = copy.deepcopy(before)
    listed(before, "losses"), listed(after, "losses").append({"kind": kind, "amount": str(amount)})
    minor = vocabulary.minor_heads()
    one, other = estimated(code, example, before), estimated(code, example, after)
    for was, now in zip(one["routes"], other["routes"], strict=True):
        added = {line["head"] for line in now["lines"] if line["counted"]}
        if was["amount"]["low"] is None and added and added <= minor and any(h["head"] not in minor for h in now["unknown_heads"]):
            assert now["amount"]["low"] is None, was["id"]


@settings(max_examples=200, deadline=None)
@given(ANY_EXAMPLE)
def test_beside_every_sum_stand_the_heads_that_are_not_in_it(chosen: tuple[str, Any]) -> None:
    code, example = chosen
    found = estimated(code, example, case_of(code, example))
    for route in found["routes"]:
        if route["status"] != "closed":
            assert {head["head"] for head in route["unknown_heads"]} - {row["head"] for row in route["lines"]} <= set(route["amount"]["without"])
    minor = vocabulary.minor_heads()
    names = found["total"]["without"]
    assert names == sorted(names, key=lambda head: head in minor), "what is large comes first"


# -- 6. a range ends where knowledge ends --------------------------------------------------------------------------------


def test_a_blank_tariff_row_beside_a_known_one_leaves_the_top_open() -> None:
    pack = RULES.packs["GB"]
    rows = [row for row in pack.parameters["gb_tariff"].values[-1].raw.rows or [] if row.confidence != "unverified"]
    known = next(row for row in rows if row.value is not None)
    blank = next(row for row in rows if row.value is None)
    case = {
        "exploitation": [{"country": "GB", "end": "2026-01-01", "forms": ["labour"], "violence": ["physical"]}],
        "harm": {"injuries": [{"code": known.key}, {"code": blank.key}]},
    }
    found = worked_out(case, ["GB"], date(2026, 6, 1))["jurisdictions"][0]
    fund = next(route for route in found["routes"] if route["id"] == "cica-scheme-2012")
    line = next(line for line in fund["lines"] if line["head"] == "physical_injury")
    assert line["amount"]["high"] is None and line["amount"]["unknown"] and low(line["amount"]) > 0


def test_a_category_that_nobody_knows_is_in_no_sum() -> None:
    case = {
        "exploitation": [{"country": "NL", "forms": ["sexual"], "start": "2025-01-01", "end": "2025-06-01"}],
        "procedure": {"reported_to_police": True},
    }
    found = worked_out(case, ["NL"], date(2026, 6, 1))["jurisdictions"][0]
    fund = next(route for route in found["routes"] if route["id"] == "schadefonds-geweldsmisdrijven")
    scale = next(line for line in fund["lines"] if line["head"] == "physical_injury")
    assert (scale["amount"]["low"], scale["amount"]["high"]) == ("1000.00", "35000.00") and not scale["counted"]
    assert fund["amount"]["low"] is None and "physical_injury" in fund["amount"]["without"]
    assert all(row["head"] != "physical_injury" for row in found["totals"])


# -- 7. one loss once; two losses never cancel ----------------------------------------------------------------------------


@settings(max_examples=400, deadline=None)
@given(ANY_EXAMPLE)
def test_a_total_is_never_below_its_best_open_route(chosen: tuple[str, Any]) -> None:
    code, example = chosen
    found = estimated(code, example, case_of(code, example))
    never_below_its_best_open_route(code, found)


@settings(max_examples=400, deadline=None)
@given(ANY_EXAMPLE, PAYMENTS, SUMS)
def test_nor_is_it_after_a_payment(chosen: tuple[str, Any], paid: dict[str, str], amount: int) -> None:
    code, example = chosen
    case = case_of(code, example)
    listed(group(case, "procedure"), "received").append({**paid, "amount": str(amount)})
    never_below_its_best_open_route(code, estimated(code, example, case))


@pytest.mark.parametrize(
    ("code", "example", "route"),
    [("FR", "civi-partner-violence-capped", "civi-706-3-full"), ("BE", "emergency-ceiling", "commission-aide-urgence")],
)
def test_what_the_offender_paid_may_lower_what_a_fund_pays(code: str, example: str, route: str) -> None:
    chosen = next(one for one in RULES.packs[code].examples if one.id == example)
    before = next(one for one in estimated(code, chosen, case_of(code, chosen))["routes"] if one["id"] == route)
    for sender in ("offender", "employer"):
        for amount in (1_001, 20_000):
            case = case_of(code, chosen)
            listed(group(case, "procedure"), "received").append({"from": sender, "amount": str(amount)})
            found = estimated(code, chosen, case)
            after = next(one for one in found["routes"] if one["id"] == route)
            # For what it was is not said: from all of it off to nothing off.
            assert low(after["amount"]) == max(Decimal(0), low(before["amount"]) - amount)
            assert after["amount"]["high"] == before["amount"]["high"]
            assert "It is not clear for what" in after["already_paid"][0]["text"] and f"{amount:,}" in after["already_paid"][0]["text"]
            never_below_its_best_open_route(code, found)


def never_below_its_best_open_route(code: str, found: dict[str, Any]) -> None:
    apart = any(route["lines"] and any(line["head"] == "judgment" for line in route["lines"]) for route in found["routes"])
    for route in found["routes"]:
        counted = [line for line in route["lines"] if line["counted"] and line["amount"]["per"] == "once" and line["confidence"] != "unverified"]
        regional = RULES.packs[code].routes[route["id"]].raw.regions
        if route["status"] in ("open", "likely") and counted and not regional and not apart:
            assert low(found["total"]) + Decimal("0.05") >= low(route["amount"]), route["id"]


# -- 10. status follows the procedure -------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", CODES)
def test_after_a_judgment_the_criminal_way_is_not_open(code: str) -> None:
    case = {
        "person": {"birth_date": "1990-01-01"},
        "exploitation": [{"country": code, "forms": ["labour"], "start": "2024-01-01", "end": "2025-06-30"}],
        "procedure": {
            "reported_to_police": True,
            "criminal_case": {"status": "convicted", "date": "2026-01-15", "offence": "trafficking", "civil_party": True},
            "awards": [{"country": code, "court": "criminal", "damages": "8000", "date": "2026-01-15", "final_on": "2026-02-15", "paid": []}],
        },
    }
    found = worked_out(case, [code], date(2026, 6, 30))["jurisdictions"][0]
    for route in found["routes"]:
        if route["kind"] == "criminal_proceedings":
            assert route["status"] not in ("open", "likely"), route["id"]
    without = copy.deepcopy(case)
    without["procedure"].pop("awards")
    for route in worked_out(without, [code], date(2026, 6, 30))["jurisdictions"][0]["routes"]:
        if route["kind"] == "criminal_proceedings":
            assert route["status"] not in ("open", "likely"), route["id"]


def test_every_example_can_be_estimated() -> None:
    """The properties above change cases that can be worked out: a case that cannot would prove nothing."""
    for code, example in EXAMPLES:
        try:
            estimated(code, example, case_of(code, example))
        except CaseError as error:
            pytest.fail(f"{code} {example.id}: {error}")
