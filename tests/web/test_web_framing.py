"""Inside another organisation's website: who may show the page, how its cookie behaves there, whose name it carries."""

import httpx
import pytest

from store.settings import SettingsError, load_settings
from web.brand import luminance, text_colour

NGO = "https://help.example"


@pytest.fixture
def branded(run_gateway):
    return run_gateway(
        REDRESS_FRAME_ORIGINS=f"{NGO}, http://localhost:8081",
        REDRESS_BRAND_NAME="Harbour <b>",
        REDRESS_BRAND_COLOUR="#ffd400",
        REDRESS_BRAND_HOTLINE="+49 30 123456",
        REDRESS_BRAND_HOTLINE_NAME="Harbour helpline",
        REDRESS_BRAND_HOTLINE_HOURS="day and night",
    )


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_nobody_may_frame_the_page_unless_named(gateway):
    headers = httpx.get(gateway.url, trust_env=False).headers
    assert headers["content-security-policy"].endswith("frame-ancestors 'none'")
    assert headers["x-frame-options"] == "DENY"


def test_only_the_named_websites_may(branded):
    headers = httpx.get(branded.url, trust_env=False).headers
    assert headers["content-security-policy"].endswith(f"frame-ancestors {NGO} http://localhost:8081")
    assert "x-frame-options" not in headers


def test_the_cookie_of_a_frame_is_kept_apart_for_each_website(branded):
    framed = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}
    answer = httpx.post(f"{branded.url}/chat", data={"text": "hi"}, headers=framed, trust_env=False)
    assert answer.headers["set-cookie"].endswith("; HttpOnly; Path=/; SameSite=none; Secure; Partitioned")
    by_script = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "empty", "X-Framed": "1", "X-Notes": "1"}
    answer = httpx.post(f"{branded.url}/chat", data={"text": "hi"}, headers=by_script, trust_env=False)
    assert "Partitioned" in answer.headers["set-cookie"]
    whole = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "document"}
    answer = httpx.post(f"{branded.url}/chat", data={"text": "hi"}, headers=whole, trust_env=False)
    assert "SameSite=strict" in answer.headers["set-cookie"]
    # A browser that cannot say where a form comes from gets the strict cookie, which frames do not send.
    answer = httpx.post(f"{branded.url}/chat", data={"text": "hi"}, headers={"X-Framed": "1"}, trust_env=False)
    assert "SameSite=strict" in answer.headers["set-cookie"]


def test_a_frame_that_nobody_allowed_changes_nothing(gateway):
    framed = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "iframe"}
    answer = httpx.post(f"{gateway.url}/chat", data={"text": "hi"}, headers=framed, trust_env=False)
    assert "SameSite=strict" in answer.headers["set-cookie"]


def test_leaving_leaves_the_whole_window(branded):
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "iframe"}
    assert 'target="_top"' in httpx.get(branded.url, headers=framed, trust_env=False).text
    assert 'target="_top"' not in httpx.get(branded.url, trust_env=False).text


def test_name_helpline_and_colour_of_the_organisation(branded):
    page = httpx.get(branded.url, trust_env=False).text
    assert "Harbour &lt;b&gt;" in page
    assert '<a class="number" dir="ltr" href="tel:+4930123456">+49 30 123456</a> (day and night)' in page
    # Before any other line: the numbers for danger alone stand above it.
    assert page.index("Harbour helpline") < page.index("Choose your language")
    sheet = httpx.get(f"{branded.url}/brand.css", trust_env=False)
    assert sheet.headers["content-type"].startswith("text/css")
    assert sheet.text == ":root{--brand:#ffd400;--on-brand:#000000}"


@pytest.mark.parametrize("colour", ["#000000", "#ffffff", "#ffd400", "#0b4f8a", "#777777", "#ff0000", "#00ff00", "#0000ff"])
def test_words_on_any_colour_can_be_read(colour):
    assert contrast(colour, text_colour(colour)) >= 4.5


@pytest.mark.parametrize(
    "setting",
    [
        {"REDRESS_FRAME_ORIGINS": "help.example"},
        {"REDRESS_FRAME_ORIGINS": "https://help.example/path"},
        {"REDRESS_FRAME_ORIGINS": "https://*"},
        {"REDRESS_FRAME_ORIGINS": "https://a.example; script-src *"},
        {"REDRESS_BRAND_COLOUR": "red"},
        {"REDRESS_BRAND_COLOUR": "#fff}body{display:none"},
        {"REDRESS_BRAND_HOTLINE": "call us"},
        {"REDRESS_BRAND_HOTLINE": "0800 1"},
        {"REDRESS_RESUME_HOURS": "0"},
        {"REDRESS_RESUME_HOURS": "1000"},
    ],
)
def test_settings_that_cannot_be_used_are_named(setting):
    (name,) = setting
    with pytest.raises(SettingsError, match=name):
        load_settings(setting)
