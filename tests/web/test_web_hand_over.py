"""From the chat to an advice centre: what is handed, who asks, yes or no, once, for minutes; and what is left in the chat."""

import asyncio
import html
import json
import re
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import OperationalError

from calculator.case.read import read_case
from calculator.translation import translator
from store.migrate import upgrade
from store.organisations.roles import Role
from store.settings import load_settings
from tests.web.house import Browser, come_in
from web.app import create_app
from web.consent import CONSENT
from web.state import CaseSoFar, ConversationState, Message
from workbench.form import NAME, NOTES
from workbench.record import Record
from workbench.sheet import read

CASE = {
    "version": 1,
    "person": {"birth_year": 1995, "residence_country": "DE"},
    "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2025-01", "end": "2025-06"}],
    "work": [{"country": "DE", "start": "2025-01", "end": "2025-06", "hours_per_week": {"low": 50, "high": 60}}],
}


@pytest.fixture
def app(tmp_path, example_contacts):
    (tmp_path / "contacts.json").write_text(json.dumps(example_contacts))
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path)})
    upgrade(settings.database_url)
    return create_app(settings)


def member(app, name="ana", house="House of Hope"):
    return come_in(app, app.state.services.staff.invite_from_command(name, house, [Role.ADMINISTRATOR, Role.SUPPORT_WORKER]), name)[0]


@pytest.fixture
def ana(app):
    return member(app)


def client(app, language="en", case=CASE, read=()):
    """Somebody in the chat who has answered questions."""
    state = ConversationState(language=language, keeps_transcript=True, case=CaseSoFar(case=case, confirmed=[], read=list(read)))
    state.record("my own words", [Message(text="hi")])
    browser, conversation = Browser(app, language), secrets.token_urlsafe(24)
    asyncio.run(app.state.services.memory.create(conversation, state))
    browser.cookies.set("s", conversation)
    return browser


def words_of(page):
    return re.findall(r"<li>([^<]+)</li>", page.partition('class="code"')[2].partition("</ol>")[0])


def begin(browser, *right):
    return words_of(browser.post("/hand-over", right=list(right)).text)


def ask(worker, words, name="Blue bird"):
    answer = worker.post("/staff/cases/from-chat", code=" ".join(words), name=name, months="12")
    found = re.search(r'name="ticket" value="([^"]+)"', answer.text)
    return answer, found and found[1]


def say(browser, agrees, **more):
    mark = re.search(r'name="mark" value="([^"]+)"', browser.get("/hand-over").text)
    return browser.post("/hand-over/answer", agrees=agrees, **{"mark": mark[1] if mark else "", **more}).text


def test_a_case_is_handed_over_after_a_yes_to_a_name(app, ana):
    she = client(app, read=["work[0].hours_per_week"])
    page = html.unescape(she.get("/hand-over").text)
    assert "In which country was the work?" in page and "50–60" in page and "my own words" not in page
    # What was only read in her words is read back to her, and is a note unless she says that it is right.
    assert "Tick what is right" in page and re.search(r'name="right" value="work\[0\]\.hours_per_week"', page)
    words = begin(she)
    assert "It goes along as a note" in she.get("/hand-over").text
    assert len(words) == 6 and "<svg" in she.get("/hand-over").text
    _answer, ticket = ask(ana, words)
    # Nobody gets anything before the yes.
    assert "has not said yes yet" in ana.post("/staff/cases/from-chat/take", ticket=ticket).text
    asked = html.unescape(she.get("/hand-over").text)
    assert "House of Hope asks for what you told." in asked and CONSENT in asked
    assert "House of Hope can take it now" in say(she, "yes")
    case = ana.post("/staff/cases/from-chat/take", ticket=ticket)
    assert case.status_code == 200 and "Blue bird" in case.text
    (kept,) = records(app, ana)
    record = Record.from_json(kept.content)
    sure = {**CASE, "work": [{key: value for key, value in CASE["work"][0].items() if key != "hours_per_week"}]}
    assert read_case(read(record.sheet).case) == read_case(sure) and record.name == "Blue bird"
    assert "is not confirmed" in record.sheet.texts[NOTES] and "50–60" in record.sheet.texts[NOTES]
    assert (record.consent.words, record.consent.language, record.consent.day) == (CONSENT, "en", datetime.now(UTC).date())
    assert "House of Hope has it now." in she.get("/hand-over").text
    # Once.
    assert "can make a new code" in ana.post("/staff/cases/from-chat/take", ticket=ticket).text
    assert ask(ana, words)[0].status_code == 404 and len(records(app, ana)) == 1


def test_what_she_ticks_is_confirmed_and_what_is_left_of_nothing_is_no_entry(app, ana):
    paths = ["work[0].hours_per_week", "exploitation[0].forms", "exploitation[0].country", "exploitation[0].start", "exploitation[0].end"]
    she = client(app, read=paths)
    ticket = ask(ana, begin(she, "work[0].hours_per_week", "nothing"))[1]
    say(she, "yes")
    ana.post("/staff/cases/from-chat/take", ticket=ticket)
    sheet = Record.from_json(records(app, ana)[0].content).sheet
    assert "50–60" in sheet.texts.values() and sheet.of("exploitation") == () and len(sheet.of("work")) == 1
    assert "50–60" not in sheet.texts[NOTES] and "Germany" in sheet.texts[NOTES]


def records(app, browser):
    worker = app.state.services.sessions.member(browser.cookies["w"])
    return app.state.services.cases.all(worker)


def test_in_her_language_and_typed_in_it(app, ana):
    she = client(app, "ar")
    words = begin(she)
    assert not set(words) & {"apple", "bread"}
    ticket = ask(ana, words)[1]
    assert translator("ar", "web")(CONSENT) in html.unescape(she.get("/hand-over").text)
    say(she, "yes")
    ana.post("/staff/cases/from-chat/take", ticket=ticket)
    consent = Record.from_json(records(app, ana)[0].content).consent
    assert (consent.words, consent.language) == (translator("ar", "web")(CONSENT), "ar")


@pytest.mark.parametrize("way", ["no", "deleted", "over", "new code", "left"])
def test_without_a_yes_nobody_gets_anything(app, ana, way):
    she = client(app)
    ticket = ask(ana, begin(she))[1]
    assert ticket
    if way == "no":
        say(she, "no")
    elif way == "deleted":
        she.post("/delete")
    elif way == "left":
        she.get("/leave")
    elif way == "new code":
        begin(she)
    else:
        end(app, she)
        assert "The time of the last code is over" in she.get("/hand-over").text
    answer = ana.post("/staff/cases/from-chat/take", ticket=ticket)
    assert answer.status_code == 422 and "can make a new code" in answer.text and records(app, ana) == []


def end(app, she):
    def change(state):
        state.hand_over.until = datetime.now(UTC) - timedelta(seconds=1)

    asyncio.run(app.state.services.memory.update(she.cookies["s"], change))


def test_a_yes_is_to_the_one_who_was_seen(app, ana):
    she = client(app)
    ticket = ask(ana, begin(she))[1]
    asked = re.search(r'name="mark" value="([^"]+)"', she.get("/hand-over").text)[1]
    # She makes a new code, another house asks, and an old page is answered.
    eva = member(app, "eva", "House of Dawn")
    other = ask(eva, begin(she))[1]
    say(she, "yes", mark=asked)
    assert "House of Dawn asks" in she.get("/hand-over").text
    for worker, mine in ((ana, ticket), (eva, other)):
        worker.post("/staff/cases/from-chat/take", ticket=mine)
        assert records(app, worker) == []


def test_only_the_worker_who_asked_takes_it(app, ana):
    she = client(app)
    ticket = ask(ana, begin(she))[1]
    say(she, "yes")
    eva = member(app, "eva", "House of Dawn")
    assert eva.post("/staff/cases/from-chat/take", ticket=ticket).status_code == 422
    assert eva.post("/staff/cases/from-chat/take", ticket="x" * 200).status_code == 422
    ana.post("/staff/cases/from-chat/take", ticket=ticket)
    assert len(records(app, ana)) == 1 and records(app, eva) == []


def test_words_that_lead_nowhere_and_too_many_of_them(app, ana):
    she = client(app)
    words = begin(she)
    wrong = ["apple"] * 6
    assert ask(ana, wrong)[0].status_code == 404
    # A code to come back later hands nothing over, and the other way round.
    kept = words_of(she.post("/keep").text)
    assert ask(ana, kept)[0].status_code == 404
    assert Browser(app).post("/resume", words=" ".join(words)).status_code == 404
    assert "Give the case a name" in ask(ana, words, name=" ")[0].text
    for _ in range(5):
        last = ask(ana, wrong)[0]
    assert last.status_code == 429
    assert "waiting" in she.get("/hand-over").text


def test_nothing_told_gives_no_code(app):
    she = client(app, case={"version": 1})
    assert "When you have answered some questions" in she.get("/hand-over").text
    assert begin(she) == []


def test_answers_that_cannot_be_read_are_not_said_to_be_none(app):
    she = client(app, case={"work": [{"start": "2025-06", "end": "2025-01"}], "person": {"birth_year": "long ago"}})
    page = she.get("/hand-over").text
    assert "cannot be handed over as they are" in page and "answered some questions" not in page
    assert begin(she) == []


def test_what_cannot_be_kept_stays_with_her(app, ana, monkeypatch):
    she = client(app)
    ticket = ask(ana, begin(she))[1]
    say(she, "yes")
    with monkeypatch.context() as broken:
        broken.setattr(app.state.services.cases, "create", lambda *_given: (_ for _ in ()).throw(OperationalError("", {}, Exception())))
        assert ana.post("/staff/cases/from-chat/take", ticket=ticket).status_code == 503
    assert "Blue bird" in ana.post("/staff/cases/from-chat/take", ticket=ticket).text
    assert Record.from_json(records(app, ana)[0].content).sheet.texts[NAME] == "Blue bird"


def test_the_database_holds_no_fact_of_it(app, ana, tmp_path):
    she = client(app)
    words = begin(she)
    ask(ana, words)
    stored = b"".join(one.read_bytes() for one in tmp_path.glob("*.db*"))
    assert stored and not any(word in stored for word in (b"labour", b"hours_per_week", " ".join(words).encode(), "-".join(words).encode()))
