"""The result as cards: amounts, bars, days, papers, the law behind a figure; nothing of it for somebody under 18 but rights and days."""

import asyncio
import html
import json
import re
import secrets
from datetime import UTC, datetime

import httpx
import pytest

from calculator.api import default_rules
from calculator.wording import money, rough
from store.migrate import upgrade
from store.settings import load_settings
from web.app import create_app
from web.rendering import line_to_call
from web.state import ConversationState, Message, Result, Service

CASE = {
    "person": {"birth_date": "1998-05-01"},
    "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2025-01-01", "end": "2025-06-30", "violence": ["threats"]}],
    "work": [
        {
            "country": "DE",
            "start": "2025-01-01",
            "end": "2025-06-30",
            "hours_per_week": {"low": 50, "high": 60},
            "paid": [{"amount": "50", "per": "week"}],
        }
    ],
}


@pytest.fixture
def show(tmp_path, example_contacts):
    """Keeps a conversation with a result and fetches a page of it."""
    (tmp_path / "contacts.json").write_text(json.dumps(example_contacts))
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path)})
    upgrade(settings.database_url)
    app = create_app(settings)

    def fetch(path="/result", language="en", minor=False, case=CASE, country="DE", services=(), told_in="en", ask=None, **more):
        result = Result(case=case, country=country, minor=minor, services=list(services), language=told_in, **more)
        state = ConversationState(language=language, keeps_transcript=True, result=result)
        state.record("hello", [Message(text="hi")])
        conversation = secrets.token_urlsafe(24)

        async def get():
            await app.state.services.memory.create(conversation, state)
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://here", cookies={"s": conversation}) as http:
                return await (ask(http) if ask else http.get(path))

        return asyncio.run(get())

    return fetch


def test_a_card_for_each_route_with_amount_bar_day_papers_and_source(show):
    page = show().text
    card, *cards = page.split('<details class="card ')
    assert len(cards) == 7
    first = cards[0]
    # One card first: the sum, the next day, the first step; then everything unfolds.
    assert re.search(r"Germany: you may get €[\d,]+", card) and "Last day: December 31, " in card and "ask a lawyer" in card
    assert "No figure yet for: " in card
    assert "Claim for unpaid wages" in first
    low, high = re.search(r"€([\d,.]+) to €([\d,.]+)", first).groups()
    assert float(low.replace(",", "")) < float(high.replace(",", ""))
    assert re.search(r'<svg class="bar"[^>]* role="img" aria-label="€[^"]+"', first)
    assert re.search(r"<strong>December 31, 2028</strong> \(\d+ days left\)", first)
    assert 'class="papers"' in first
    assert re.search(r": 12\.82\. Holds from January 1, 2025\. <(?:a|span) ", first)
    assert "Together, without counting anything twice: between €" in page


def test_unpaid_wages_are_a_small_table_that_can_be_followed(show):
    page = show().text
    table = page.partition("How the unpaid pay is counted")[2].partition("</table>")[0]
    assert '<th scope="col">For an hour</th>' in table and "Still owed together: €" in table
    cells = re.findall(r"<td>([^<]*)</td>", table)
    assert len(cells) % 7 == 0
    hours, rate, due, paid, left = (float(cell.replace(",", "").strip("€")) for cell in cells[2:7])
    assert abs(hours * rate - due) < rate * 0.06 and abs(due - paid - left) < 0.011


def test_while_it_is_not_safe_no_sum_stands_on_the_card(show):
    card = show(unsafe=True).text.partition("<main")[2].partition("Each way, one by one")[0]
    assert 0 < card.index('href="tel:112"') < card.index('class="card')
    assert 'href="tel:112"' not in show().text.partition("<main")[2].partition("Each way, one by one")[0]
    assert "you may get" not in card and "Last day: " in card


def test_the_page_says_the_same_as_the_interface(show):
    from calculator.api import estimate_json

    found = estimate_json(CASE, ["DE"], datetime.now(UTC).date(), "en")["jurisdictions"][0]
    wages = next(r for r in found["routes"] if r["id"] == "de-wages")
    page = show().text
    for amount in (wages["amount"]["low"], wages["amount"]["high"]):
        assert money(amount, "EUR", "en") in page, "the working out has every cent"


def test_somebody_under_18_is_shown_rights_and_days_but_no_amount(show):
    page = show(minor=True).text
    assert "You are under 18." in page
    assert "€" not in page.partition("<main")[2]
    assert '<svg class="bar"' not in page
    assert "Until when" in page and 'class="papers"' in page
    kept = show("/result/file", minor=True).json()
    assert "estimate" not in kept


def test_words_for_the_office_stand_in_its_language_with_what_they_mean(show):
    page = show(language="fr").text
    terms = [term for term in default_rules().packs["DE"].terms if "de-wages" in term.routes]
    first = page.split('<details class="card ')[1]
    for term in terms:
        assert f'<span lang="de" dir="auto">{html.escape(term.words["de"])}</span>' in first
    assert "<dd>" in first and "allemand" in first
    assert "Offices there read" not in show(language="de").text


HELPLINE = {"name": "Helpline", "number": "08000 116 016", "lines": ["Free advice.", "Open: Day and night"]}


def test_there_is_somebody_to_call_above_the_ways_to_money(show):
    above = show(services=[HELPLINE]).text.partition("<main")[2].partition("Claim for unpaid wages")[0]
    assert '<a class="call" href="tel:08000116016">' in above and "Helpline" in above and "Free advice." in above


def test_somebody_to_call_in_a_page_of_another_language_has_no_words_of_the_first(show):
    page = show(services=[HELPLINE], language="ar").text
    assert "tel:08000116016" in page and "Free advice." not in page


def test_the_file_has_a_name_that_says_nothing(show):
    answer = show("/result/file")
    assert answer.headers["content-disposition"] == 'attachment; filename="notes.json"'
    assert answer.headers["cache-control"] == "no-store"
    kept = answer.json()
    assert kept["case"]["version"] == 1
    assert kept["estimate"]["routes"]


def test_the_file_opens_in_the_interface_with_the_same_figures(show):
    from calculator.api import estimate_json
    from calculator.case.read import of_a_saved_file

    kept = show("/result/file").json()
    again = estimate_json(of_a_saved_file(kept), ["DE"], datetime.now(UTC).date(), "en")["jurisdictions"][0]
    assert json.loads(json.dumps(again)) == kept["estimate"]

    async def post(http):
        return await http.post("/api/v1/estimates", json=kept)

    posted = show(ask=post)
    assert posted.status_code == 200 and posted.json()["jurisdictions"][0]["total"] == kept["estimate"]["total"]


def test_intimate_questions_are_not_shown_unasked(show):
    from calculator import vocabulary

    page = show().text
    intimate = [f.question for f in vocabulary.facts().values() if f.sensitivity == "sensitive"]
    assert intimate
    assert not [question for question in intimate if question in page]


def test_right_to_left_amounts_and_days_keep_their_order(show):
    page = show(language="ar").text
    assert 'dir="rtl"' in page
    assert re.search("\u2068[^\u2069]*\u20ac[^\u2069]*\u2069", page)
    assert not re.search("[\u0660-\u0669]", page.partition("<main")[2])


def test_figures_of_the_law_are_written_as_the_language_writes_them(show):
    page = show(language="de").text
    assert ": 12,82. " in page.replace("\n", " ")
    assert ": 12.82. " not in page


def test_what_the_research_does_not_confirm_says_so(show):
    belgium = {"exploitation": [{**CASE["exploitation"][0], "country": "BE"}], "work": [{**CASE["work"][0], "country": "BE"}]}
    page = show(case=belgium, country="BE").text
    civil = page.split("The time begins when the harm is known, and who did it.")[1].split("</li>")[0]
    assert "This is not confirmed. Ask a lawyer." in civil
    assert "This is not confirmed" not in show().text.split("The time to claim pay is 3 years.")[1].split("</li>")[0]


def test_a_day_that_is_past_says_what_becomes_of_who_asks_now(show):
    work = [{**CASE["work"][0], "country": "GB", "start": "2023-01-01", "end": "2023-06-30"}]
    case = {**CASE, "exploitation": [{**CASE["exploitation"][0], "country": "GB", "start": "2023-01-01", "end": "2023-06-30"}], "work": work}
    page = html.unescape(show(case=case, country="GB").text)
    past = re.findall(r"<li>That day was (.*?)</li>", page, re.S)
    told = ("It can still be let in late for a good reason", "We do not know if it can still be let in late", "The time to ask for this is over")
    assert past and all(any(sentence in one for sentence in told) for one in past), past


def test_each_amount_unfolds_to_every_step_of_its_working_out(show):
    first = show().text.split('<details class="card ')[1]
    table = first.split('<table dir="ltr">')[1].split("</table>")[0]
    assert table.count("<th ") == 5
    assert table.count("<tr>") > 5
    assert "mindestlohn" in table and "12.82" in table


def case_in(country):
    return json.loads(json.dumps(CASE).replace('"DE"', f'"{country}"'))


def worked_out(country):
    from calculator.api import estimate_json

    return estimate_json(case_in(country), [country], datetime.now(UTC).date(), "en")["jurisdictions"][0]


def published(country):
    routes = worked_out(country)["routes"]
    return [one for route in routes if route["status"] != "closed" for one in route["comparable"]]


def own_total(country):
    total = worked_out(country)["total"]
    return total["low"], total["high"]


@pytest.mark.parametrize("country", ["AT", "BE", "DE"])
def test_published_awards_stand_beside_the_sums_with_how_sure_and_their_source(show, country):
    page = html.unescape(show(case=case_in(country), country=country).text)
    awards = published(country)
    assert awards and "Your case can bring more or less." in page
    for award in awards:
        # Two decisions may be of one court and one day.
        sections = [part.partition("</section>")[0] for part in page.split(f"<h5>{award['which']}</h5>")[1:]]
        told = next(part for part in sections if award["facts"] in part and all(text in part for text in award["sums"]))
        assert award["source"]["title"] in told
        assert ("from an official text" in told) == (award["confidence"] == "official")
    total = page.partition('<p class="total">')[2].partition("</p>")[0]
    # No award is in the total: it says what the estimate comes to, and nothing else (a fund's highest sum may be some award's, too).
    ends = {end for end in own_total(country) if end is not None}
    rounded = rough(*own_total(country)) if ends else ()
    assert set(re.findall(r"[\d,]{3,}", total)) <= {f"{float(end):,.0f}" for end in rounded if end is not None}


QUEBEC = {
    "exploitation": [{"country": "CA", "region": "CA-QC", "forms": ["sexual"], "start": "2025-01-01", "end": "2025-06-30"}],
    "harm": {"permanent_impairment_percent": 10, "psychological": "permanent"},
}
SASKATCHEWAN = {
    "exploitation": [{"country": "CA", "region": "CA-SK", "forms": ["labour"], "start": "2026-01-12", "end": "2026-02-08"}],
    "work": [
        {
            "country": "CA",
            "region": "CA-SK",
            "sector": "hospitality",
            "start": "2026-01-12",
            "end": "2026-02-08",
            "hours_per_week": 35,
            "paid": [],
        }
    ],
}


def test_what_is_not_known_of_the_case_is_told_and_what_the_law_leaves_open_is_for_her_lawyer(show):
    case = {**CASE, "losses": [{"kind": "property", "amount": "70000", "currency": "NGN"}]}
    page = html.unescape(show(case=case).text)
    told, lawyers = (
        "".join(part.partition("</details>")[0] for part in page.split(f"<span>{fold}</span>")[1:])
        for fold in ("What makes this uncertain", "For your lawyer")
    )
    assert "Nigerian Naira" in told and "Nigerian Naira" not in lawyers
    of_the_law = [f"<li>{gap}</li>" for route in default_rules().packs["DE"].routes.values() for gap in route.raw.gaps]
    assert any(gap in lawyers for gap in of_the_law) and not any(gap in told for gap in of_the_law)


def test_an_amount_whose_upper_end_is_not_known_is_never_given_one(show):
    page = html.unescape(show(case=QUEBEC, country="CA").text)
    assert re.search(r"Not confirmed, and not in the sum: at least CA\$[\d,.]+\.", page)
    for text in (page, html.unescape(show(case=SASKATCHEWAN, country="CA").text)):
        assert "None" not in text
        assert not [pair for pair in re.findall(r"(CA\$[\d,.]+\d) to (CA\$[\d,.]+\d)", text) if pair[0] == pair[1]]


def test_somebody_under_18_is_not_shown_what_others_got(show):
    page = html.unescape(show(minor=True).text)
    assert published("DE") and not any(award["which"] in page or award["facts"] in page for award in published("DE"))


def test_how_much_of_what_was_asked_for_was_given_stands_with_what_others_got(show):
    page = html.unescape(show(case=case_in("NL"), country="NL").text)
    assert "got about half of what they asked for" in page.partition("<span>What other people got</span>")[2]


def test_without_a_result_there_is_the_chat(show):
    # Nothing is known of this country: the dialogue never hands over such a result, and the page shows none.
    assert show(country="XX").status_code == 303
    assert show(case={"work": [{"hours_per_week": -5}]}).status_code == 303


LINE = Service(name="Harbour line", number="0800 123", lines=["Open: day and night"])


@pytest.mark.parametrize("path", ["/view", "/keep", "/delete", "/start", "/nothing"])
def test_every_page_has_the_number_and_the_line_named_last(show, path):
    page = show(path, services=[LINE]).text
    assert 'href="tel:110"' in page or 'href="tel:112"' in page
    if path not in ("/start", "/nothing"):
        assert '<a class="call" href="tel:0800123">' in page and "Harbour line" in page


def test_of_several_lines_named_at_once_the_first_is_offered_and_of_several_answers_the_last() -> None:
    state = ConversationState(language="en", keeps_transcript=True)
    card = lambda name: Message(text=name, service={"name": name, "number": "0800 1", "lines": []})  # noqa: E731
    assert line_to_call(None) is None and line_to_call(state) is None
    state.turn = 1
    state.record("shelter", [card("old")])
    state.turn = 2
    state.record("a child", [Message(text="x"), card("best"), card("closed now")])
    state.turn = 3
    state.record("thanks", [Message(text="y")])
    assert line_to_call(state).name == "best"


def test_a_result_for_somebody_else_speaks_of_that_person(show):
    page = show(for_another=True).text
    assert "What that person may claim in Germany" in page and "What you may claim" not in page
    assert "means that person" in page
    assert re.search(r"[Oo]pen to that person", page) and "pen to you" not in page
    minor = show(minor=True, for_another=True).text
    assert "That person is under 18." in minor and "You are under 18." not in minor
