"""The page: forms without script, safe to leave, safe to read over a shoulder."""

import asyncio
import json
import re

import httpx
import pytest

from store.settings import load_settings
from web.app import create_app


@pytest.fixture
def browser(gateway):
    """A browser without script that says, as browsers do, that its forms come from here."""
    with httpx.Client(
        base_url=gateway.url,
        trust_env=False,
        follow_redirects=True,
        timeout=20,
        headers={"Sec-Fetch-Site": "same-origin", "Accept-Language": "en"},
    ) as http:
        yield http


def test_the_first_page_says_who_this_is_and_offers_languages_and_a_field(browser):
    page = browser.get("/")
    assert page.status_code == 200
    for words in (
        "a computer program, not a person",
        "not a lawyer",
        "60 minutes",
        "Leave this page",
        "may still remember",
    ):
        assert words in page.text
    assert "<title>Notes</title>" in page.text
    assert 'name="language" value="en"' in page.text
    assert '<textarea id="text"' in page.text
    assert not browser.cookies
    # The way out is the first thing that can be reached.
    assert re.search(r"<(?:a|button|input|textarea|select)\b[^>]*", page.text).group().startswith('<a class="leave"')


def test_writing_and_pressing_a_button_and_reloading(browser):
    page = browser.post("/chat", data={"text": "choose <script>"})
    assert page.url.path == "/chat"
    assert page.history[0].status_code == 303
    assert "choose &lt;script&gt;" in page.text
    assert "<script>" not in page.text
    assert "No &lt;b&gt;" in page.text
    button = re.search(r'name="button" value="([^"]+)"', page.text).group(1)
    answered = browser.post("/chat", data={"button": button})
    assert "You said: /affirm" in answered.text
    assert browser.get("/chat").text == answered.text
    # Reload, another tab, a night: one is where one was.
    assert browser.get("/").text == answered.text
    assert "Go on where you stopped" in browser.get("/start").text


def test_the_cookie_holds_the_opaque_id_alone(browser):
    answer = browser.post("/chat", data={"text": "hello"}).history[0]
    cookie = answer.headers["set-cookie"]
    assert re.fullmatch(r"s=[\w-]{32}; HttpOnly; Path=/; SameSite=strict", cookie)


def test_behind_https_the_cookie_is_secure(browser):
    answer = browser.post("/chat", data={"text": "hello"}, headers={"X-Forwarded-Proto": "https"}).history[0]
    assert "Secure" in answer.headers["set-cookie"]


def test_choosing_a_language_shows_the_same_page_in_it(many_languages):
    with httpx.Client(base_url=many_languages, trust_env=False, follow_redirects=True) as http:
        page = http.post("/language", data={"language": "ar"}).text
        assert '<html lang="ar" dir="rtl"' in page
        assert "\u0645\u063a\u0627\u062f\u0631\u0629" in page
        # The number for danger, the pictures and the words of care are there in every language.
        assert 'href="tel:112"' in page and page.count('name="topic"') == 9 and 'class="careful"' in page
        assert http.cookies["s"]
        assert '<html lang="fr"' in http.post("/language", data={"language": "fr"}).text
        http.post("/chat", data={"text": "bonjour"})
        # In the middle of a talk the open question is asked again, and one stays on the page one was on.
        page = http.post("/language", data={"language": "ar", "place": "/"}).text
        assert '<html lang="ar"' in page and "You said: /change_language{&#34;language&#34;: &#34;ar&#34;}" in page
        assert http.post("/language", data={"language": "fr", "place": "/view"}).url.path == "/view"
        assert http.post("/language", data={"language": "ar", "place": "//other.example/"}).url.path == "/"


def test_emergency_numbers_are_links(browser):
    page = browser.post("/chat", data={"text": "I am in France and he will kill me"})
    assert '<a class="number" dir="ltr" href="tel:17">17</a>' in page.text
    assert 'class="helper urgent latest"' in page.text


def forgotten(gateway, cookie):
    """Whether the server has forgotten a conversation: it does so behind its answer."""
    gone = httpx.get(f"{gateway.url}/chat", cookies={"s": cookie}, trust_env=False)
    return (gone.status_code, gone.headers.get("location")) == (303, "/")


def test_leaving_forgets_everything_and_goes_to_the_weather(browser, gateway, wait):
    browser.post("/chat", data={"text": "hello"})
    cookie = browser.cookies["s"]
    answer = browser.get("/leave", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "https://www.bbc.com/weather")
    assert re.fullmatch(r"s=left; HttpOnly; Path=/; SameSite=strict", answer.headers["set-cookie"])
    wait(lambda: forgotten(gateway, cookie))
    assert browser.get("/leave", follow_redirects=False).status_code == 303


def test_back_after_leaving_shows_nothing_until_somebody_opens_it_again(browser):
    browser.post("/chat", data={"text": "hello"})
    browser.get("/leave", follow_redirects=False)
    for path in ("/", "/chat"):
        page = browser.get(path).text
        assert re.sub(r"<[^>]*>|\s", "", page.partition("<body>")[2]) == "Open"
        assert "rights" not in page
    assert "You can ask about your rights here" in browser.post("/open").text


def test_our_script_tells_that_somebody_leaves_and_is_not_sent_anywhere(browser, gateway, wait):
    browser.post("/chat", data={"text": "hello"})
    cookie = browser.cookies["s"]
    told = browser.post("/leave")
    assert (told.status_code, browser.cookies["s"]) == (204, "left")
    wait(lambda: forgotten(gateway, cookie))


def test_leaving_leads_to_the_weather_of_the_country(browser):
    browser.post("/chat", data={"text": "I am in France and he will kill me"})
    assert 'data-to="https://meteofrance.com/"' in browser.get("/chat").text
    assert browser.get("/leave", follow_redirects=False).headers["location"] == "https://meteofrance.com/"


def test_our_script_gets_the_page_without_the_detour_of_a_redirect(browser):
    answer = browser.post("/chat", data={"text": "hello"}, headers={"X-Notes": "1"})
    assert (answer.status_code, answer.history) == (200, [])
    assert 'id="latest"' in answer.text


def test_pictures_are_put_into_words_and_sent_like_any_other(browser):
    assert "You said: 12 hours a day, 6 days a week" in browser.post("/chat", data={"hours": "12", "days": "6"}).text
    assert "You said: 50 a week" in browser.post("/chat", data={"amount": " 50 ", "per": "week"}).text
    assert "You said: 50" in browser.post("/chat", data={"amount": "50", "per": ""}).text
    # Nothing was chosen: said, and nothing is sent.
    assert "Write what you need." in browser.post("/chat", data={"amount": "", "per": "week"}).text
    assert browser.post("/chat", data={"hours": "25"}).status_code == 422


def test_a_tile_asks_for_its_topic(browser):
    page = browser.post("/chat", data={"topic": "shelter"})
    assert "A safe place to sleep" in page.text
    assert "You said: /ask_shelter" in page.text
    assert browser.post("/chat", data={"topic": "restart"}).status_code == 200
    assert "/restart" not in browser.get("/chat").text


def test_text_and_colours_are_kept_in_the_conversation_alone(browser):
    page = browser.post("/view", data={"size": "largest"})
    assert 'data-size="largest" data-contrast="normal"' in page.text
    assert 'data-size="largest" data-contrast="high"' in browser.post("/view", data={"contrast": "high"}).text
    assert 'data-size="largest" data-contrast="high"' in browser.get("/").text
    assert list(browser.cookies) == ["s"]
    assert browser.post("/view", data={"size": "enormous"}).status_code == 422


def test_deleting_asks_first_and_then_deletes(browser):
    browser.post("/chat", data={"text": "hello"})
    assert "Yes, delete everything" in browser.get("/delete").text
    assert "Everything is deleted" in browser.post("/delete").text
    assert browser.get("/chat").url.path == "/"


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://other.example"}])
def test_forms_of_other_websites_are_refused(gateway, headers):
    for path in ("/chat", "/language", "/delete"):
        answer = httpx.post(f"{gateway.url}{path}", data={"text": "x"}, headers=headers, trust_env=False)
        assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["null", None])
def test_browsers_that_do_not_say_where_a_form_comes_from_still_work(gateway, origin):
    headers = {"Origin": origin} if origin else {}
    answer = httpx.post(f"{gateway.url}/chat", data={"text": "hi"}, headers=headers, trust_env=False)
    assert answer.status_code == 303


def test_a_message_that_is_too_long_stays_in_the_field(browser):
    page = browser.post("/chat", data={"text": "b" * 10_001})
    assert page.status_code == 422
    assert "This message is too long." in page.text
    assert "b" * 10_000 in page.text


def test_the_transcript_keeps_the_last_thirty_lines(browser):
    for n in range(20):
        page = browser.post("/chat", data={"text": f"line-{n}-"})
    assert page.text.count("<li ") == 30
    assert "line-4-" not in page.text
    assert "line-5-" in page.text


@pytest.mark.parametrize("path", ["/", "/chat", "/static/notes.css", "/api/v1/openapi.json", "/nothing", "/healthz"])
def test_every_answer_carries_the_security_headers(gateway, path):
    headers = httpx.get(gateway.url + path, trust_env=False).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-content-type-options"] == "nosniff"
    assert "server" not in headers


def test_the_first_visit_is_small_and_loads_nothing_from_elsewhere(gateway):
    page = httpx.get(f"{gateway.url}/", trust_env=False)
    parts = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)
    assert len(parts) == 9
    loaded = [page, *(httpx.get(gateway.url + part, trust_env=False) for part in parts)]
    assert sum(len(part.content) for part in loaded) < 60_000
    # The way out alone names another website, and nothing is asked of it before somebody leaves.
    assert re.findall(r'"https?://[^"]*"', page.text) == ['"https://www.bbc.com/weather"']
    for part in loaded[1:]:
        assert "url(" not in part.text
        assert "http" not in part.text.replace("http://www.w3.org/2000/svg", "").replace('startsWith("http")', "")
    assert re.findall(r"<script[^>]*>[^<]+", page.text) == []
    assert "style=" not in page.text
    assert re.search(r"\son\w+=", page.text) is None


def test_only_what_holds_no_secret_is_compressed(browser, gateway):
    accepts = {"Accept-Encoding": "gzip"}
    for path in ("/", "/static/notes.css", "/static/notes.js"):
        answer = httpx.get(gateway.url + path, headers=accepts, trust_env=False)
        assert answer.headers["content-encoding"] == "gzip", path
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    browser.post("/chat", data={"text": "my secret words"})
    for path in ("/", "/chat", "/view"):
        assert "content-encoding" not in browser.get(path, headers=accepts).headers, path


def test_an_unknown_address_answers_in_the_shape_of_its_client(gateway):
    assert "Go to the first page" in httpx.get(f"{gateway.url}/nothing", trust_env=False).text
    answer = httpx.get(f"{gateway.url}/api/v1/nothing", trust_env=False)
    assert (answer.status_code, set(answer.json()["error"])) == (404, {"message", "fix"})


def test_too_much_data_is_refused(gateway):
    answer = httpx.post(f"{gateway.url}/api/v1/estimates", json={"case": {"x": "y" * 1_100_000}}, trust_env=False)
    assert answer.status_code == 413
    assert answer.json()["error"]["fix"] == "Send less at once."


def test_an_error_of_ours_tells_nothing_away_and_still_gives_a_number(tmp_path, caplog, example_contacts):
    (tmp_path / "contacts.json").write_text(json.dumps(example_contacts))
    app = create_app(load_settings({"REDRESS_DATA_DIR": str(tmp_path)}))

    @app.get("/breaks")
    @app.get("/api/v1/breaks")
    def breaks():
        raise ValueError("my secret word")

    async def get(path):
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as http:
            return await http.get(path)

    page = asyncio.run(get("/breaks"))
    assert page.status_code == 500
    assert "I cannot answer." in page.text
    assert asyncio.run(get("/api/v1/breaks")).json()["error"]["fix"] == "Try again in a minute."
    assert "secret" not in page.text + caplog.text
    assert "ValueError in breaks" in caplog.text


def test_who_writes_on_a_page_whose_words_are_gone_is_told_so(browser, gateway):
    page = browser.post("/chat", data={"text": "hello"}).text
    form = re.search(r'name="form" value="([^"]+)"', page)[1]
    httpx.post(f"{gateway.url}/delete", cookies={"s": browser.cookies["s"]}, headers={"Sec-Fetch-Site": "same-origin"}, trust_env=False)
    page = browser.post("/chat", data={"text": "and a doctor?", "form": form}).text
    assert "Your earlier words here were deleted" in page and "You said: and a doctor?" in page
    # Whoever opens the page anew is not told that somebody wrote here.
    assert "deleted, because" not in browser.get("/").text


def test_a_form_sent_twice_says_its_words_once(browser):
    page = browser.post("/chat", data={"text": "hello"}).text
    form = re.search(r'name="form" value="([^"]+)"', page)[1]
    for _ in range(2):
        page = browser.post("/chat", data={"text": "twice?", "form": form}).text
    assert page.count("You said: twice?") == 1
    # Back, and something else is written in the old form.
    assert "You said: other" in browser.post("/chat", data={"text": "other", "form": form}).text
