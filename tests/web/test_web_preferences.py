"""Language and country: two settings that never change each other."""

import httpx
import pytest

from web.i18n import direction, match_language, negotiate_language, own_name
from web.language_names import languages_named
from web.preferences import valid_country

LANGUAGES = (
    "ar",
    "bg",
    "de",
    "en",
    "es",
    "fr",
    "it",
    "nl",
    "pl",
    "pt",
    "ro",
    "ru",
    "sq",
    "tr",
    "uk",
    "vi",
    "zh",
)


def settings(chat, standin):
    metadata = chat.turns(standin)[-1]["metadata"]
    return metadata["language"], metadata.get("country")


def test_a_country_in_a_message_is_learned_while_it_is_unknown(chat, standin):
    chat.say("I am in Germany")
    assert settings(chat, standin) == ("en", "DE")
    chat.say("My sister is in France")
    assert settings(chat, standin) == ("en", "DE")
    chat.say("I move to France")
    assert settings(chat, standin) == ("en", "FR")


def test_two_countries_in_one_message_decide_nothing(chat, standin):
    chat.say("From Romania to Germany")
    assert settings(chat, standin) == ("en", None)


def test_the_answer_to_another_question_does_not_say_where_the_person_is(chat, standin):
    chat.say("choose")
    chat.say("Romania")
    assert settings(chat, standin) == ("en", None)


def test_a_response_can_set_the_country_and_the_client_does_not_see_how(chat, standin):
    (message,) = chat.say("setde")
    assert "set" not in message
    assert message["letters"] is True
    chat.say("hello")
    assert settings(chat, standin) == ("en", "DE")


def test_a_country_given_at_the_start_chooses_the_numbers(gateway, new_chat):
    assert new_chat(gateway.url, country="de").say("FAIL")[0]["text"] == "I cannot answer. Danger? 110."
    assert new_chat(gateway.url, language="fr", country="FR").say("kill")[0]["text"].count("17") == 1


def test_a_country_that_is_none_is_refused_kindly(chat):
    answer = chat.http.post("/api/v1/conversations", json={"country": "Germany"})
    assert answer.status_code == 422
    assert answer.json()["error"]["fix"] == "Send two letters, like DE, or leave it out."


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("xx, de;q=0.1, pt-BR;q=0.7", "pt"),
        ("zh-Hant-TW", "zh"),
        ("de;q=0, it;q=x, es;q=0.2", "es"),
        ("*", "en"),
    ],
)
def test_accept_language_is_negotiated(header, language):
    assert negotiate_language(header, LANGUAGES) == language


def test_a_language_matches_itself_or_its_base():
    assert match_language("pt_BR", LANGUAGES) == "pt"
    assert match_language("xx", LANGUAGES) is None
    assert match_language(None, LANGUAGES) is None


def test_languages_name_themselves_in_their_own_direction():
    assert (own_name("fr"), direction("fr")) == ("Fran\u00e7ais", "ltr")
    assert direction("ar") == "rtl"
    assert direction("not a language") == "ltr"


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("Kannst du Franz\u00f6sisch?", {"fr"}),
        ("po polsku", {"pl"}),
        ("\u043d\u0430 \u0440\u0443\u0441\u0441\u043a\u043e\u043c", {"ru"}),
        ("\u4e2d\u6587", {"zh"}),
        ("\u0627\u062a\u0643\u0644\u0645 \u0628\u0627\u0644\u0639\u0631\u0628\u064a\u0629", {"ar"}),
        ("turkce", {"tr"}),
        ("not German, French", {"de", "fr"}),
        ("I want to change the language", set()),
    ],
)
def test_a_language_is_found_by_its_name_in_any_language(text, languages):
    assert languages_named(text, LANGUAGES) == languages


def test_country_codes_are_checked_with_cldr():
    codes = ["uk", "DE", "zz", "EU", "419", None, 3]
    assert [valid_country(code) for code in codes] == ["GB", "DE", None, None, None, None, None]


def test_naming_a_language_changes_the_language_alone(many_languages, new_chat, standin):
    chat = new_chat(many_languages, country="FR")
    chat.say("can we write in french")
    assert settings(chat, standin) == ("fr", "FR")
    assert chat.say("kill")[0]["text"] == "Appelez le 17."


def test_errors_are_in_the_language_of_the_client(many_languages):
    answer = httpx.post(
        f"{many_languages}/api/v1/conversations/{'x' * 32}/messages",
        json={"text": "hello"},
        headers={"Accept-Language": "fr"},
        trust_env=False,
    )
    assert answer.json()["error"]["message"] == "Cette conversation n'est plus l\u00e0."
