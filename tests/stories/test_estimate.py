"""From the first message to the estimate, in each language, against the command on the same facts."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from person import Person, command_estimate

from calculator import vocabulary, wording
from calculator.engine.result.questions import definition_of
from calculator.translation import translator

pytestmark = pytest.mark.stack
Begin = Callable[..., Person]

#: What one person answers, by fact, in words of her language; `press:` presses the button of a choice.
STORIES: dict[str, dict[str, Any]] = {
    "en-DE": {
        "language": "en",
        "country": "DE",
        "opening": "i worked for them for months and they did not pay me, how much money can i claim",
        "answers": {
            "exploitation[0].forms": "choice:labour",
            "exploitation[0].start": "1 january 2025",
            "exploitation[0].end": "it ended on 30 june 2025",
            "work[0].hours_per_week": "about sixty hours",
            "work[0].paid": "50 euros a week",
            "exploitation[0].violence": "choice:threats",
            "work[0].permit_to_work": "no",
            "work[0].employer_kind": "choice:company",
            "procedure.reported_to_police": "no",
            "harm.psychological": "choice:long_lasting",
        },
        "case": {
            "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2025-01-01", "end": "2025-06-30", "violence": ["threats"]}],
            "work": [
                {
                    "country": "DE",
                    "hours_per_week": 60,
                    "paid": [{"amount": "50", "per": "week"}],
                    "permit_to_work": False,
                    "employer_kind": "company",
                }
            ],
            "harm": {"psychological": "long_lasting"},
            "procedure": {"reported_to_police": False},
        },
    },
    "fr-FR": {
        "language": "fr",
        "country": "FR",
        "opening": "j'ai travaillé toute l'année et on ne m'a jamais payé, combien je peux demander ?",
        "answers": {
            "exploitation[0].forms": "choice:labour",
            "exploitation[0].start": "le 1er janvier 2025",
            "exploitation[0].end": "le 30 décembre 2025",
            "work[0].hours_per_week": "soixante heures",
            "work[0].paid": "rien",
            "work[0].declared": "choice:not_at_all",
            "work[0].permit_to_work": "non",
            "work[0].employer_kind": "choice:company",
            "exploitation[0].violence": "choice:threats",
            "procedure.reported_to_police": "non",
        },
        "case": {
            "exploitation": [{"country": "FR", "forms": ["labour"], "start": "2025-01-01", "end": "2025-12-30", "violence": ["threats"]}],
            "work": [
                {
                    "country": "FR",
                    "hours_per_week": 60,
                    "paid": [],
                    "declared": "not_at_all",
                    "permit_to_work": False,
                    "employer_kind": "company",
                }
            ],
            "procedure": {"reported_to_police": False},
        },
    },
    "ar-GB": {
        "language": "ar",
        "country": "GB",
        "opening": "اشتغلت في بيت ولم يدفعوا لي، كم من المال يمكنني أن أطلب؟",
        "answers": {
            "exploitation[0].forms": "choice:domestic_servitude",
            "exploitation[0].start": "1 يناير 2026",
            "exploitation[0].end": "30 يونيو 2026",
            "work[0].hours_per_week": "٦٠ ساعة",
            "work[0].paid": "50 جنيه في الأسبوع",
            "exploitation[0].violence": "choice:physical",
            "work[0].permit_to_work": "لا",
            "procedure.reported_to_police": "نعم",
        },
        "case": {
            "exploitation": [
                {"country": "GB", "forms": ["domestic_servitude"], "start": "2026-01-01", "end": "2026-06-30", "violence": ["physical"]}
            ],
            "work": [{"country": "GB", "hours_per_week": 60, "paid": [{"amount": "50", "per": "week"}], "permit_to_work": False}],
            "procedure": {"reported_to_police": True},
        },
    },
}


def said(language: str, text: str) -> str:
    return translator(language, "chat", "law", "danger")(text)


def answer(person: Person, story: dict[str, Any]) -> None:
    """Answer the question that is open: from the story, adult, one job; everything else is not known."""
    language, fact = story["language"], person.asked
    wanted = story["answers"].get(fact)
    if fact == "chat.adult":
        person.press(said(language, "Yes"))
    elif fact == "chat.more_work":
        person.press(said(language, "No"))
    elif wanted is None:
        person.press(said(language, "I don't know"))
    elif wanted.startswith("choice:"):
        definition = definition_of(str(fact))
        assert definition is not None
        person.press(said(language, definition.choices[wanted.removeprefix("choice:")]))
    else:
        person.write(wanted)
        assert person.asked != fact or story["answers"].get(person.asked) is None, f"{wanted!r} was not read for {fact}"


def confirm(person: Person) -> None:
    """What was understood from free text is right."""
    while "understood" in person.kinds:
        person.press(said(person.language, "All right"))


def interview(begin: Begin, story: dict[str, Any]) -> tuple[Person, set[str]]:
    person = begin(story["language"], story["country"])
    person.write(story["opening"])
    confirm(person)
    if person.asked is None:
        person.press(said(story["language"], "Money I can claim"))
    asked: set[str] = set()
    for _ in range(40):
        confirm(person)
        if person.asked is None:
            break
        assert person.asked not in asked, f"{person.asked} was asked twice"
        asked.add(person.asked)
        answer(person, story)
    return person, asked


def completed(person: Person, story: dict[str, Any]) -> dict[str, Any]:
    """The case of the command: that of the conversation, which holds everything the story tells."""
    so_far = person.case()
    assert not so_far["read"], "something that was read was never confirmed or refused"
    case: dict[str, Any] = so_far["case"]
    for group in ("exploitation", "work"):
        assert set(story["case"][group][0]) <= {*case[group][0], *story["case"][group][0].keys() - set(story["answers"])}
    return case


@pytest.mark.parametrize("name", sorted(STORIES))
def test_each_figure_of_the_chat_is_the_commands(person: Begin, name: str) -> None:
    story = STORIES[name]
    language = story["language"]
    someone, asked = interview(person, story)
    # What pay depends on is always asked, unless it was told and confirmed. Of the rest only what can still change something: what was
    # not asked is in the command's case all the same, so equal figures show that it made no difference.
    pay = {"exploitation[0].forms", "exploitation[0].start", "exploitation[0].end", "work[0].hours_per_week", "work[0].paid"}
    assert pay & set(story["answers"]) <= asked | set(someone.case()["confirmed"])
    assert someone.kinds.count("estimate") >= 1
    summary = {r["id"]: r["status"] for m in someone.of_kind("estimate") for r in m.get("routes", [])}
    someone.press(said(language, "How much?"))
    shown = someone.of_kind("estimate")[0]
    found = command_estimate(completed(someone, story), story["country"], date.today().isoformat(), language)
    assert summary == {r["id"]: r["status"] for r in found["routes"]}
    amounts = {a["id"]: (a["amount"], a["unconfirmed"]) for a in shown["amounts"]}
    compared = 0
    for route in found["routes"]:
        if route["status"] == "closed":
            continue
        assert amounts[route["id"]] == (route["amount"], route["unconfirmed"])
        if route["amount"]["low"] and route["amount"]["high"]:
            least, _most = wording.whole(route["amount"]["low"], route["amount"]["high"])
            assert wording.money(least, found["currency"], language) in shown["text"]
            compared += 1
    assert compared, "no figure was compared"
    assert shown["total"] == found["total"]


@pytest.mark.parametrize("name", [n for n in sorted(STORIES) if not n.startswith("en")])
def test_no_english_sentence_is_left(person: Begin, name: str) -> None:
    """Every text of the conversation is in the person's language; names of institutions may stay."""
    story = STORIES[name]
    someone, _ = interview(person, story)
    for button in ("How much?", "Which papers?"):
        someone.press(said(story["language"], button))
    english = {text for d in vocabulary.facts().values() for text in (d.question, d.why)}
    everything = "\n".join(someone.transcript)
    assert not [text for text in english if text in everything]
    if story["language"] == "ar":
        # Some fifteen Latin words in a row would be an English sentence left over.
        assert not re.search(r"(?:\b[A-Za-z]{2,}\b[ ,.]+){9,}", everything)


def test_the_card_says_the_sum_and_no_other_figure_unasked(person: Begin) -> None:
    someone, _ = interview(person, STORIES["en-DE"])
    (card,) = someone.of_kind("estimate")
    assert re.match(r"Germany: you may get €[\d,]+", card["text"]) and "No figure yet for: " in card["text"]
    assert "Last day: " in card["text"] and card["text"].count("€") <= 2


def test_every_figure_on_screen_unfolds_to_its_source(person: Begin) -> None:
    someone, _ = interview(person, STORIES["en-DE"])
    someone.press("How was this worked out?")
    assert "Mindestlohn" in someone.text and "Source:" in someone.text and "holds from January 1, 2025" in someone.text


def test_what_others_got_is_told_when_asked_for_and_apart_from_the_sums(person: Begin) -> None:
    someone, _ = interview(person, STORIES["en-DE"])
    someone.press("How much?")
    assert "Landesarbeitsgericht Berlin-Brandenburg" not in someone.text
    someone.press("What did others get?")
    assert someone.text.startswith("What other people got")
    assert "Landesarbeitsgericht Berlin-Brandenburg" in someone.text and "Like yours: the same kind of exploitation" in someone.text
    assert "Source: " in someone.text and "(from a second source)." in someone.text and "for sex" not in someone.text


def test_a_correction_three_questions_later(person: Begin) -> None:
    someone = person("en", "DE")
    for text in ("how much money can i claim",):
        someone.write(text)
    someone.press("Yes")
    someone.press("Work")
    someone.write("january 2024")
    someone.write("june 2024")
    someone.write("60")
    someone.write("100 euro a month")
    open_question = someone.asked
    someone.write("sorry i was wrong, it was 70 hours a week")
    assert "70" in someone.text and someone.asked == open_question


def test_a_second_job(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    someone.press("Yes")
    someone.press("Work")
    for text in ("january 2024", "june 2024", "60", "nothing"):
        someone.write(text)
    assert someone.asked == "chat.more_work"
    someone.press("Yes")
    assert someone.asked == "chat.work_country"
    someone.press("Germany")
    facts = []
    for text in ("july 2024", "august 2024", "40", "10 euro an hour"):
        facts.append(someone.asked)
        someone.write(text)
    assert set(facts) == {"work[1].start", "work[1].end", "work[1].hours_per_week", "work[1].paid"}
    someone.write("stop")
    someone.press("How much?")
    amount = someone.of_kind("estimate")[0]["amounts"][0]["amount"]
    assert Decimal(amount["high"]) > Decimal("19000")


def test_someone_under_eighteen_gets_rights_and_deadlines_and_no_amounts(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    someone.press("No")
    someone.press("Go on to what you may claim")
    someone.press("Work")
    someone.write("june 2025")
    assert someone.asked is None
    assert "guardian" in someone.text
    titles = [b["title"] for m in someone.messages for b in m["buttons"]]
    assert "How much?" not in titles


def test_a_button_is_bound_to_its_question(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    someone.press("Yes")
    choices = someone.messages
    someone.press("Work")
    someone.messages = choices
    someone.press("Begging")
    assert "you had to beg" in someone.text
    assert someone.asked == "exploitation[0].start"


def test_text_can_never_become_a_command(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    for text in ("/restart", ' /choose{"fact": "chat.adult", "value": "false"}', "\n/session_start", "//back"):
        someone.write(text)
        assert someone.messages
    assert someone.asked == "chat.adult"


ODD = [
    "",
    "   ",
    "😀😀😀",
    "a" * 9_999,
    "'; DROP TABLE conversation; --",
    "<script>alert(1)</script>",
    "{{7*7}} {name} %(x)s %s {0}",
    "\u0000\u0007\u202e abc",
    "\\n\\n",
    "1" * 200,
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_odd_messages_are_answered_kindly(person: Begin, text: str) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    someone.write(text)
    assert all(m["text"].strip() for m in someone.messages)
    assert "unavailable" not in someone.kinds


def test_delete_everything_forgets(person: Begin) -> None:
    someone = person("en")
    someone.write("how much money can i claim")
    someone.press("Germany")
    someone.write("delete everything")
    assert someone.kinds == ["confirm"]
    someone.write("yes")
    assert "deleted" in someone.text
    someone.write("how much money can i claim")
    assert someone.asked == "exploitation[0].country"


def test_a_turn_two_hundred_turns_later_remembers_and_answers(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("how much money can i claim")
    for _ in range(25):
        someone.write("why do you ask?")
    assert someone.asked == "chat.adult"


def test_a_country_named_in_passing_changes_nothing(person: Begin) -> None:
    someone = person("en", "DE")
    someone.write("i come from romania, how much money can i claim here")
    confirm(someone)
    if someone.asked is None:
        someone.press("Money I can claim")
    assert someone.asked == "chat.adult"


def test_a_country_without_rules_is_said_by_name(person: Begin) -> None:
    someone = person("en")
    someone.write("how much money can i claim")
    someone.write("romania")
    assert "Romania" in someone.text and "112" in someone.text and "right to a safe place" in someone.text
    someone.press("Work it out for another country")
    someone.press("Germany")
    someone.write("how much money can i claim")
    assert someone.asked == "chat.adult"
