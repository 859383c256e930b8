"""What protects in the 42 States without a pack: whole, with its source, said in every language, and never surer than it is."""

import re

import pytest

from calculator import vocabulary
from calculator.api import default_rules
from calculator.packs.basic_rights import BasicRights, basic_rights
from calculator.packs.hotlines import hotlines
from calculator.rights_words import told
from calculator.translation import languages, translator

STATES = sorted(basic_rights())


def said(country: str, language: str = "en", child: bool = False) -> list[tuple[str, bool, str]]:
    return [(right.topic, right.sure, right.text) for right in told(basic_rights()[country], translator(language, "law"), language, child)]


def test_every_state_is_either_a_pack_or_here_and_has_its_numbers() -> None:
    assert not {*STATES} & {*default_rules().packs}
    assert len({*STATES, *default_rules().packs}) == 57
    assert {*STATES} == {*hotlines()}
    # Nothing was found of the Holy See, which has no more than the police of the country around it.
    assert [country for country in STATES if not said(country)] == ["VA"]


@pytest.mark.parametrize("language", languages())
def test_each_right_is_a_whole_sentence_of_the_language(language: str) -> None:
    english = {text for group in vocabulary.rights().values() for text in group.values()}
    for country in STATES:
        for _topic, _sure, text in said(country, language, child=True):
            assert text[-1] in ".。" and "{" not in text and "  " not in text, (country, text)
            assert language == "en" or not any(sentence in text for sentence in english), (country, text)


def test_where_nobody_confirmed_a_time_of_the_state_the_least_of_the_convention_is_told_as_unsure() -> None:
    for country in STATES:
        recovery = basic_rights()[country].recovery
        if recovery is not None and recovery.confidence == "unverified":
            assert (recovery.days, recovery.months) in {(30, None), (None, 1)}, country
            topic, sure, text = said(country)[0]
            assert topic == "residence" and not sure and re.search("30 days|1 month", text), country


def test_poland_and_slovakia_as_their_law_is() -> None:
    poland = said("PL", child=True)
    assert poland[0] == (
        "residence",
        True,
        "You can have time to rest and to decide. At most: 3 months. For a child: 4 months. In that time nobody may make you leave the country.",
    )
    assert "until it is decided about your pay" in poland[1][2]
    assert any("Kompensata państwowa" in text and sure for topic, sure, text in poland if topic == "compensation")
    assert not any("For a child" in text for _topic, _sure, text in said("PL"))
    slovakia = " ".join(text for _topic, _sure, text in said("SK"))
    assert "How long: 90 days." in slovakia and "A child may get papers" not in slovakia
    assert "A child may get papers" in " ".join(text for _topic, _sure, text in said("SK", child=True))


def test_who_may_ask_a_fund_is_told_only_where_it_keeps_nobody_from_asking_who_may() -> None:
    def fund(**more: object) -> str:
        claim = {"kind": "state_fund", "confidence": "official", "source": "a law", **more}
        return told(BasicRights.model_validate({"claims": [claim]}), str, "en")[0].text

    assert fund(open_to=["eu_citizens", "citizens"]).endswith("The fund is only for citizens of the country or of the European Union.")
    assert fund(open_to=["legal_residents", "citizens", "eu_citizens"]).endswith("for people who live there with papers.")
    assert (
        fund(open_to=["recognised_victims", "citizens"])
        == fund(open_to=["everyone"])
        == "The State can pay you money from its fund for victims."
    )
    assert fund(covers=["injury", "death"]).endswith("The fund pays when somebody was hurt.")
    assert "pays when" not in fund(covers=["injury", "trafficking"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"recovery": {"days": 30, "months": 1, "bound": "exactly", "confidence": "official", "source": "x"}},
        {"recovery": {"bound": "exactly", "confidence": "official", "source": "x"}},
        {"stay": {"if": [], "confidence": "official", "source": "x"}},
        {"not_punished": {"confidence": "official"}},
        {"not_punished": {"confidence": "sure", "source": "x"}},
        {"not_punished": {"confidence": "official", "source": "x", "as_of": "last year"}},
    ],
)
def test_an_entry_that_is_not_whole_is_refused(wrong: dict) -> None:
    with pytest.raises(ValueError):
        BasicRights.model_validate(wrong)
