"""Published decisions beside a case: which are near, what is said of them, and that none enters a sum."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from calculator import vocabulary
from calculator.api import default_rules
from calculator.case.read import read_case
from calculator.engine.result import award_words, document
from calculator.engine.result.award_words import NONE_ALIKE, NOT_TYPICAL, ONE_ALIKE, POINTS, TWO_ALIKE
from calculator.engine.result.comparing import Compared, Likeness, Point, has_harm, nearest
from calculator.engine.result.document_json import as_json
from calculator.engine.result.others import set_by_a_person
from calculator.engine.result.report import report
from calculator.engine.result.sentences import SEE_BAND
from calculator.engine.routes.estimate import estimate
from calculator.packs.awards import Award, Form, GuidelineBand, Published
from calculator.packs.model import Source

DAY = date(2026, 12, 2)
RULES = default_rules()
HEADS = ("pain_and_suffering", "back_pay")
BY_A_PERSON = frozenset({"pain_and_suffering"})
MINE = Likeness("DE", frozenset({"sexual"}), (Decimal(6), Decimal(6)), False, "physical", "repeated", None, None)
PAGE = Source(title="A page", kind="press")


def published(name: str = "a", country: str = "DE", **fields: Any) -> Published:
    """A decision like MINE, but for `fields`."""
    facts = {"forms": ["sexual"], "months": 6, "minor": False, "violence": "physical", "sexual_violence": "repeated"}
    facts |= fields.pop("facts", {})
    sums = fields.pop("sums", [{"head": "pain_and_suffering", "awarded": 1000}])
    raw = {
        "id": name,
        "court": "A court",
        "decided_by": "criminal",
        "currency": "EUR",
        "source": "page",
        "confidence": "secondary",
        "facts": facts,
    }
    return Published(country, Award(**{**raw, **fields, "sums": sums}), PAGE)


def near(*decisions: Published, case: Likeness = MINE, kind: str = "criminal_proceedings") -> tuple[Compared, ...]:
    return nearest(case, decisions, "a-route", kind, HEADS, BY_A_PERSON).decisions


def only(one: Published, case: Likeness = MINE) -> Compared | None:
    found = near(one, case=case)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("facts", "alike"),
    [
        ({}, True),
        ({"months": 12}, True),
        ({"months": 3}, True),
        ({"violence": None, "sexual_violence": None, "months": 13}, False),
        ({"violence": None, "sexual_violence": None, "months": Decimal("2.9")}, False),
        ({"violence": None, "sexual_violence": None, "months": None}, False),
        ({"violence": "severe", "sexual_violence": None, "months": 13}, False),
        ({"violence": "physical", "sexual_violence": None, "months": 60}, True),
        # What does not say whether the person was a child is taken for an adult.
        ({"minor": None}, True),
        ({"minor": True}, False),
    ],
)
def test_alike_is_the_same_form_and_age_and_about_as_long_or_as_much_violence(facts: dict[str, Any], alike: bool) -> None:
    found = only(published(facts=facts))
    assert found is not None and found.is_alike is alike


def test_a_child_is_compared_with_children() -> None:
    child = replace(MINE, child=True)
    found = [only(published(facts={"minor": minor}), child) for minor in (True, False, None)]
    assert [one.is_alike for one in found if one] == [True, False, False]


@pytest.mark.parametrize("form", [form for form in get_args(Form) if form != "sexual"])
def test_a_decision_about_another_form_is_never_shown(form: str) -> None:
    assert only(published(facts={"forms": [form]})) is None
    assert only(published(facts={"forms": []})) is None


def test_without_a_form_of_her_own_nothing_is_called_like_hers() -> None:
    assert only(published(), replace(MINE, forms=frozenset())) is None


def test_her_own_state_comes_first_and_other_states_only_with_what_is_alike() -> None:
    home, abroad = published("home"), published("abroad", "FR")
    far = published("far", "FR", facts={"violence": None, "sexual_violence": None, "months": None})
    assert [one.published.award.id for one in near(abroad, far, home)] == ["home", "abroad"]
    assert near(abroad)[0].different == ("country",)


def test_three_at_most_stand_for_one_head() -> None:
    many = [published(name, date=str(2010 + number)) for number, name in enumerate("abcde")]
    assert [one.published.award.id for one in near(*many)] == ["e", "d", "c"], "the newest first, all else alike"


def test_what_is_for_several_losses_at_once_is_never_given_to_one_head() -> None:
    sums = [{"head": "combined", "awarded": 9000}, {"head": "pain_and_suffering", "awarded": 4000}]
    by_head = {one.head: [told.awarded for told in one.sums] for one in near(published(sums=sums))}
    assert by_head == {"pain_and_suffering": [Decimal(4000)], None: [Decimal(9000)]}


def test_harm_to_the_mind_and_moral_harm_are_for_the_head_that_the_route_has() -> None:
    for head in ("psychiatric_injury", "sexual_violence", "moral_harm", "integrity_violation"):
        assert [one.head for one in near(published(sums=[{"head": head, "awarded": 1}]))] == ["pain_and_suffering"]
    assert not near(published(sums=[{"head": "punitive_damages", "awarded": 1}]))


def test_what_was_no_exploitation_only_compares() -> None:
    one = published(only_compares=True, facts={"forms": []})
    found = only(one)
    assert found is not None and not found.is_alike and "no_exploitation" in found.different
    unhurt = replace(MINE, forms=frozenset({"labour"}), sexual_violence=None)
    assert only(one, unhurt) is None, "to somebody who was exploited at work a rape says nothing"
    alike = [published(name) for name in "abc"]
    assert [told.published.award.id for told in near(one, *alike)] == ["a", "b", "c"]


def test_a_band_comes_from_three_alike_decisions_of_the_state_on() -> None:
    def band(*decisions: Published) -> Any:
        return nearest(MINE, decisions, "a-route", "criminal_proceedings", HEADS, BY_A_PERSON).bands

    three = [published(name, sums=[{"head": "pain_and_suffering", "awarded": sum_}]) for name, sum_ in (("a", 500), ("b", 9000), ("c", 2000))]
    assert band(*three) == (("pain_and_suffering", Decimal(500), Decimal(9000), "EUR"),)
    assert band(*three[:2]) == () and band(*three[:2], published("d", "FR")) == ()
    assert band(*three[:2], published("d", only_compares=True)) == ()
    assert band(*three[:2], published("d", facts={"minor": True})) == ()
    assert band(*three[:2], published("d", sums=[{"head": "pain_and_suffering"}])) == (), "a sum that is not known is none"
    assert band(*three[:2], published("d", currency="DKK")) == ()


def test_a_fund_has_its_own_decisions_and_a_labour_court_its_own() -> None:
    assert near(published(decided_by="fund"), kind="state_fund") and not near(published(decided_by="fund"))
    # A fund that pays as courts do has the courts' beside its own.
    assert near(published(), kind="state_fund") and not near(published(), kind="labour_claim")


def told(case: dict[str, Any], language: str = "en") -> document.Estimate:
    from calculator.translation import translator

    return report(estimate(read_case(case), RULES, DAY), translator(language, "law"), language)


def case_of(country: str, form: str, birth_year: int = 1990) -> dict[str, Any]:
    act = {"country": country, "forms": [form], "start": "2024-01-01", "end": "2024-06-30", "violence": ["threats"]}
    if form == "sexual":
        act |= {"sexual_violence": "repeated"}
    job = {"country": country, "start": "2024-01-01", "end": "2024-06-30", "hours_per_week": 60, "paid": [{"amount": "10", "per": "week"}]}
    return {"person": {"birth_year": birth_year}, "exploitation": [act], "work": [] if form == "sexual" else [job]}


EVERYWHERE = [(country, form) for country in sorted(RULES.packs) for form in ("labour", "sexual")]


@pytest.mark.parametrize(("country", "form"), EVERYWHERE)
def test_every_sum_that_a_person_sets_has_a_band_decisions_or_a_word_that_none_is_known(country: str, form: str) -> None:
    pack, found = RULES.packs[country], told(case_of(country, form)).jurisdictions[0]
    for route in found.routes:
        if route.status == "closed":
            assert not route.comparable and not route.bands and not route.compared and not route.none_known
            continue
        harm = {h for h in set_by_a_person(pack.routes[route.id]) if vocabulary.families().get(h) == "non_pecuniary"}
        known = {one.head for one in route.comparable} | {band.head for band in route.bands if band.text}
        for head in harm if None not in known else ():
            assert head in known or vocabulary.heads()[head] in str(route.none_known), (route.id, head)
        alike = len({one.id for one in route.comparable if one.is_alike})
        if route.comparable:
            assert NOT_TYPICAL in route.compared
            assert [text for text in (NONE_ALIKE, ONE_ALIKE, TWO_ALIKE) if text in route.compared] == [NONE_ALIKE, ONE_ALIKE, TWO_ALIKE][
                alike : alike + 1
            ]
        for one in route.comparable:
            assert one.which and one.facts and one.sums and one.source.title and (one.alike or one.different)


@pytest.mark.parametrize(("country", "form"), EVERYWHERE)
def test_what_others_got_is_in_no_sum(country: str, form: str) -> None:
    worked_out = estimate(read_case(case_of(country, form)), RULES, DAY)
    for one in worked_out.jurisdictions:
        one.pack.bands, kept = [], one.pack.bands
        try:
            alone = report(replace(worked_out, published=()), str).jurisdictions[0]
        finally:
            one.pack.bands = kept
        beside = report(worked_out, str).jurisdictions[0]
        assert (alone.total, alone.totals) == (beside.total, beside.totals)
        for without, route in zip(alone.routes, beside.routes, strict=True):
            assert (without.amount, without.unconfirmed) == (route.amount, route.unconfirmed)
            more = [line for line in route.lines if line not in without.lines]
            assert all(line.basis == "practice" and not line.counted and line.note for line in more)
            assert [line for line in route.lines if line in without.lines] == without.lines


@pytest.mark.parametrize("country", sorted(RULES.packs))
def test_a_farm_hand_is_never_shown_forced_prostitution_nor_the_other_way_round(country: str) -> None:
    by_id = {one.award.id: one.award for one in RULES.published}
    for form, other in (("labour", "sexual"), ("sexual", "labour")):
        for route in told(case_of(country, form)).jurisdictions[0].routes:
            for one in route.comparable:
                award = by_id[one.id]
                assert award.only_compares or form in award.facts.forms, one.id
                assert award.only_compares or other not in award.facts.forms or form in award.facts.forms


def test_the_sums_of_a_decision_stay_as_they_were() -> None:
    route = next(r for r in told(case_of("NO", "sexual")).jurisdictions[0].routes if r.id == "no-sivile-krav-straffesak")
    decision = next(one for one in route.comparable if one.id == "no-hr-2016-2491" and one.head == "moral_harm")
    assert decision.amounts == ["200000.00", "200000.00", "100000.00"] and decision.currency == "NOK"
    assert decision.is_alike and decision.date == "2016-12-08"


def test_the_contract_s_keys_are_there() -> None:
    written = as_json(told(case_of("GB", "sexual")))["jurisdictions"][0]["routes"]
    decisions = [one for route in written for one in route["comparable"]]
    bands = [one for route in written for one in route["bands"]]
    assert (
        decisions and {"head", "amounts", "currency", "date", "court", "facts", "alike", "different", "claimed", "source"} <= decisions[0].keys()
    )
    assert bands and {"head", "low", "high", "criteria", "status", "source"} <= bands[0].keys()


def band(*rows: tuple[int | None, int | None], **fields: Any) -> GuidelineBand:
    steps = [{"label": "step", "low": low, "high": high} for low, high in rows]
    raw = {
        "id": "b",
        "title": "B",
        "status": "guideline",
        "heads": ["moral_harm"],
        "currency": "EUR",
        "source": "page",
        "confidence": "secondary",
    }
    return GuidelineBand(**{**raw, **fields, "rows": steps})


@pytest.mark.parametrize(
    ("rows", "ends"),
    [
        ([(1, 5), (5, 15), (15, 25)], (1, 25)),
        ([(15, 25), (5, 15), (1, 5)], (1, 25)),
        # The lowest step's lower end was not seen, or the highest step's upper end: the band has none there.
        ([(None, 5), (5, 15)], (None, 15)),
        ([(15, None), (5, 15)], (5, None)),
        ([(30, 50), (10, 30), (None, 10)], (None, 50)),
        ([(None, None), (30, 50), (10, 30)], (10, None)),
        ([(30, 50), (10, 30), (None, None)], (None, 50)),
        ([(None, None)], (None, None)),
        ([(100, None), (40, 53), (35, 35), (150, None)], (35, None)),
    ],
)
def test_a_band_ends_where_what_was_seen_ends(rows: list[tuple[int | None, int | None]], ends: tuple[int | None, int | None]) -> None:
    assert award_words.ends(band(*rows)) == {"money": ends}


def test_every_point_and_form_has_its_words() -> None:
    assert set(POINTS) == set(get_args(Point))
    assert set(award_words.FORMS) == set(get_args(Form)) - {"other"}


def test_no_band_that_the_pack_works_out_itself_is_shown_again() -> None:
    for pack in RULES.packs.values():
        held = {one.id for one in pack.bands if one.parameter}
        for form in ("labour", "sexual"):
            for route in told(case_of(pack.code, form)).jurisdictions[0].routes:
                assert not held & {one.id for one in route.bands}


def test_what_goes_by_the_day_of_the_crime_is_that_of_the_day() -> None:
    def shown(year: int) -> set[str]:
        case = case_of("SE", "sexual")
        case["exploitation"][0] |= {"start": f"{year}-01-01", "end": f"{year}-06-01"}
        return {band.id for route in told(case).jurisdictions[0].routes for band in route.bands}

    assert "se-krankning-new" in shown(2024) and "se-krankning-new" not in shown(2021)
    assert "se-krankning-other-old" in shown(2021) and "se-krankning-other-old" not in shown(2024)


@pytest.mark.parametrize(
    ("harm", "shown"),
    [(None, True), ("sexual", True), ("threats", True), ("physical", True), ("severe", False)],
)
def test_a_step_of_a_band_is_for_who_has_that_harm(harm: str | None, shown: bool) -> None:
    assert has_harm(MINE, harm) is shown
    nothing_told = replace(MINE, forms=frozenset({"labour"}), violence=None, sexual_violence=None)
    assert has_harm(nothing_told, harm) is (harm is None)


def test_who_was_not_hurt_so_is_not_told_of_sums_for_rape() -> None:
    def top(form: str) -> set[str | None]:
        return {line.amount.high for route in told(case_of("SE", form)).jurisdictions[0].routes for line in route.lines if line.note == SEE_BAND}

    assert top("labour") == {"50000.00"} and top("sexual") == {"250000.00"}


def test_what_is_not_confirmed_bounds_nobody_s_sum() -> None:
    three = [published(name) for name in "ab"]
    assert not nearest(MINE, (*three, published("c", confidence="unverified")), "r", "civil_claim", HEADS, BY_A_PERSON).bands
    assert nearest(MINE, (*three, published("c")), "r", "civil_claim", HEADS, BY_A_PERSON).bands


def test_a_court_without_a_known_name_is_told_by_who_decided() -> None:
    from calculator.translation import translator

    nameless = published(date="2018").award
    told_of = award_words.which(nameless.model_copy(update={"court": None}), None, translator("de", "law"), "de")
    assert told_of == "Ein Strafgericht (2018)"
    with_appeal = nameless.model_copy(update={"court": "Landgericht X; upheld on appeal"})
    assert award_words.which(with_appeal, "DE", translator("fr", "law"), "fr").replace("\xa0", " ") == "Allemagne : Landgericht X (2018)"


@pytest.mark.parametrize("one", [one for one in RULES.published if one.country not in ("CA", "GB", "IE", "US")], ids=lambda one: one.award.id)
def test_courts_have_their_own_names_where_offices_speak_no_english(one: Published) -> None:
    name = (one.award.court or "").partition(";")[0]
    english = re.compile(r"\b(court|settlement|agreement|compensation|named|the|upheld|judgment|trial|same|board|before|later)\b", re.I)
    assert one.award.decided_by == "human_rights" or not english.search(name), name


def test_a_line_of_a_band_says_where_it_is_from() -> None:
    lines = [
        line
        for c in sorted(RULES.packs)
        for r in told(case_of(c, "sexual")).jurisdictions[0].routes
        for line in r.lines
        if line.note == SEE_BAND
    ]
    assert lines
    for line in lines:
        (step,) = line.trace
        assert step.op == "between_decisions" and step.inputs["decisions"] or step.op == "band" and step.inputs["band"] and step.source
        assert isinstance(step.value, document.Range) and (step.value.low, step.value.high) == (line.amount.low, line.amount.high)
