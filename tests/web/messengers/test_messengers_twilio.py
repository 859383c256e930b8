"""WhatsApp and SMS by Twilio: every request is signed, answers are the response alone, and SMS are short."""

import asyncio
import json
import re
import sqlite3
import time
from pathlib import Path
from xml.etree import ElementTree

import httpx
import pytest
from twilio.request_validator import RequestValidator

from store.migrate import upgrade
from store.settings import load_settings
from tests.web.conftest import contacts
from web.app import create_app
from web.messengers.conversation import Incoming
from web.messengers.shorten import MAX_SEGMENTS, segments
from web.messengers.twilio import signature
from web.messengers.words import Channel

pytestmark = pytest.mark.usefixtures("one_second")

WARNING = "carry these messages and can see them."
NOTICE = "Write MORE for the rest."


def texts_of(response):
    assert response.status_code == 200
    return [message.text for message in ElementTree.fromstring(response.content).findall("Message")]


def known(phone):
    """Somebody who has had the warning."""
    phone.write("hello")
    return phone


def test_it_is_off_until_it_is_set_up(run_gateway, new_twilio):
    phone = new_twilio(run_gateway().url)
    assert phone.post(phone.fields("hello")).status_code == 404


def test_a_wrong_signature_is_refused_without_detail(sms, rows):
    fields = sms.fields("he will kill me")
    requests = [
        sms.http.post("/messengers/twilio", data=fields),
        sms.http.post("/messengers/twilio", data=fields, headers={"X-Twilio-Signature": ""}),
        sms.http.post("/messengers/twilio", data=fields, headers={"X-Twilio-Signature": b"\xc3\xa9"}),
        sms.post(fields, signed=fields | {"Body": "something else"}),
        sms.post(fields | {"Extra": "1"}, signed=fields),
        sms.post(fields, address="https://help.example/messengers/telegram"),
        sms.post(fields, address="http://help.example/messengers/twilio"),
        sms.post(sms.fields("hello", AccountSid="AC" + "1" * 32)),
        sms.http.post("/messengers/twilio", json=fields),
        sms.http.post("/messengers/twilio", files={"Body": b"he will kill me"}, data=fields),
    ]
    assert [(response.status_code, response.content) for response in requests] == [(403, b"")] * len(requests)
    assert rows() == 0


def test_the_port_may_stand_in_the_signed_address(sms):
    response = sms.post(sms.fields("hello"), address="https://help.example:443/messengers/twilio")
    assert response.status_code == 200


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("Body", ""), ("From", "+49151")],
        [("b", "2"), ("B", "1"), ("a", "\u0645\u0631\u062d\u0628\u0627 \U0001f44b"), ("A", "& = +")],
        [("Media", "y"), ("Media", "x"), ("Media", "y"), ("Body", "line\nline")],
    ],
)
def test_our_signature_is_twilios(fields):
    class Fields(dict):
        def getall(self, name):
            return [value for key, value in fields if key == name]

    address = "https://help.example/messengers/twilio?key=value"
    theirs = RequestValidator("secret").compute_signature(address, Fields(fields))
    assert signature(address, fields, "secret") == theirs


def test_an_answer_is_the_response_and_the_warning_comes_once(whatsapp, sms, telegram_api):
    (answer,) = whatsapp.write("hello & <hello>")
    assert answer.startswith(f"WhatsApp and Twilio {WARNING}")
    assert "https://help.example" in answer
    assert "Write STOP to delete" in answer
    assert answer.endswith("You said: hello & <hello>")
    assert whatsapp.write("again") == ["You said: again"]
    (answer,) = sms.write("hello")
    assert answer.startswith(f"Phone companies and Twilio {WARNING}")
    # After STOP the phone companies let no answer through.
    assert "Write DELETE to delete" in answer
    assert sms.write("again") == ["You said: again"]
    assert telegram_api.calls == []


def test_somebody_with_both_has_two_conversations(gateway_url, new_twilio, rows):
    sms, whatsapp = new_twilio(gateway_url), new_twilio(gateway_url, whatsapp=True)
    whatsapp.number = sms.number
    known(sms)
    assert WARNING in whatsapp.write("hello")[0]
    assert rows() == 2


@pytest.mark.parametrize("by_whatsapp", [True, False])
def test_danger_is_answered_first(gateway_url, new_twilio, by_whatsapp):
    phone = new_twilio(gateway_url, by_whatsapp)
    (answer,) = phone.write("he will kill me")
    assert answer.startswith("Call 112 now if you can.\n\nYou can whisper.\n1. I am safe: go on with what I wrote\n\n")
    assert WARNING in answer
    assert phone.write("he will kill me") == ["Call 112 now if you can.\n\nYou can whisper.\n1. I am safe: go on with what I wrote"]


def test_the_numbers_are_never_cut_in_an_sms(run_gateway, both_on, new_twilio, tmp_path, example_contacts):
    gateway = run_gateway(**both_on)
    long = [f"Call {number} now if you can. " + "Say where you are. " * 20 for number in (110, 112)]
    example_contacts["emergency"]["en"][""]["any"]["sure"] = long
    (tmp_path / "contacts.json").write_text(json.dumps(example_contacts))
    (answer,) = new_twilio(gateway.url).write("he will kill me")
    assert answer.startswith("\n\n".join(text for text in long))
    assert NOTICE not in answer


def test_choices_are_lines_and_are_named_by_their_number(sms):
    assert known(sms).write("choose") == ["You said: choose\n1. Yes\n2. No <b>"]
    assert sms.write("2.") == ['You said: /deny{"a": "b"}']


def test_where_a_number_is_wanted_choices_have_letters(whatsapp):
    assert known(whatsapp).write("hours") == ["You said: hours\na) Up to 20\nb) I don't know"]
    assert whatsapp.write("60") == ["You said: 60"]
    whatsapp.write("hours")
    assert whatsapp.write("B)") == ['You said: /pick{"value": "unknown"}']


def test_a_long_sms_keeps_the_question_and_more_gives_the_rest(sms):
    (answer,) = known(sms).write("choose LONG")
    assert segments(answer) <= MAX_SEGMENTS
    assert answer.startswith("This is sentence number 101. ")
    text, question, notice = answer.split("\n\n")
    assert text.endswith(".")
    assert question == "You said: choose LONG\n1. Yes\n2. No <b>"
    assert notice == NOTICE
    (rest,) = sms.write("More")
    shown = [int(n) for n in re.findall(r"number (\d+)\.", text + rest)]
    assert shown == list(range(101, 141))
    # It can be asked for again, and the choices are still open.
    assert sms.write("more") == [rest]
    assert sms.write("1") == ["You said: /affirm"]
    assert sms.write("more") == ["You said: more"]


def test_the_rest_survives_a_restart(run_gateway, both_on, new_twilio):
    first = run_gateway(**both_on)
    phone = known(new_twilio(first.url))
    phone.write("LONG")
    first.stop()
    phone.http = httpx.Client(base_url=run_gateway(**both_on).url, trust_env=False, timeout=30)
    assert phone.write("MORE")[0].endswith("This is sentence number 140.\n\nYou said: LONG")


def test_an_answer_with_whatsapp_is_whole(whatsapp):
    answers = known(whatsapp).write("LONG " + "word. " * 400)
    assert all(len(answer) <= 1600 for answer in answers)
    assert len(answers) == 3
    assert NOTICE not in "".join(answers)
    assert "".join(answers).count("word.") == 400


@pytest.mark.parametrize("text", ["only once by {}", "he will kill me {}", "choose LONG {}"])
@pytest.mark.parametrize("by_whatsapp", [True, False])
def test_a_message_that_comes_again_has_the_same_answer_and_takes_no_turn(gateway_url, new_twilio, reached_rasa, text, by_whatsapp):
    phone = new_twilio(gateway_url, by_whatsapp)
    text = text.format(phone.number)
    fields = phone.fields(text)
    first = phone.post(fields)
    assert len(texts_of(first)) >= 1 and WARNING in first.text
    phone.write("something else")
    assert texts_of(phone.post(fields)) == texts_of(first)
    assert reached_rasa().count(text) == (0 if "kill" in text else 1)


def test_the_rest_of_an_answer_comes_again_too(sms):
    known(sms).write("choose LONG")
    fields = sms.fields("more")
    (rest,) = texts_of(sms.post(fields))
    assert texts_of(sms.post(fields)) == [rest]


@pytest.mark.parametrize("text", ["hello {}", "he will kill me {}", "choose {}"])
def test_an_answer_that_was_never_kept_comes_again_from_the_conversation(sms, reached_rasa, tmp_path, wait, outbox, text):
    """As when the gateway dies between the turn and the response, and Twilio turns to the fallback address."""
    text = text.format(sms.number)
    fields = sms.fields(text)
    first = texts_of(sms.post(fields))
    wait(outbox)
    with sqlite3.connect(tmp_path / "redress.db") as database:
        database.execute("delete from outbox")
    assert texts_of(sms.post(fields)) == first
    assert reached_rasa().count(text) == (0 if "kill" in text else 1)


def test_when_an_answer_would_come_too_late_only_the_mark_is_left(sms, reached_rasa, tmp_path, wait, outbox):
    fields = sms.fields(f"too late {sms.number}")
    sms.post(fields)
    wait(outbox)
    with sqlite3.connect(tmp_path / "redress.db") as database:
        database.execute("update outbox set until = '2020-01-01 00:00:00'")
    assert texts_of(sms.post(fields)) == []
    assert reached_rasa().count(fields["Body"]) == 1


def test_only_text_is_read_and_the_numbers_come_first(whatsapp):
    (answer,) = known(whatsapp).write("", NumMedia="1", MediaUrl0="https://api.twilio.example/1")
    assert answer.startswith("Danger? 112.\n\nI can only read text.")
    (answer,) = whatsapp.write("he will kill me", NumMedia="1")
    assert answer.startswith("Call 112 now if you can.")


@pytest.mark.parametrize("more", [{"From": "messenger:123"}, {"From": ""}, {"MessageSid": ""}])
def test_what_is_no_message_of_a_person_gets_no_answer(sms, rows, more):
    assert sms.write("hello", **more) == []
    assert rows() == 0


def test_a_report_about_our_own_message_gets_no_answer(sms, rows):
    fields = sms.fields("")
    del fields["Body"]
    assert b"<Message>" not in sms.post(fields | {"MessageStatus": "delivered"}).content
    assert rows() == 0


@pytest.mark.parametrize("word", ["delete", "DELETE.", "stop", "Unsubscribe", "quit"])
def test_the_stop_words_delete(sms, rows, word):
    known(sms)
    assert rows() == 1
    (answer,) = sms.write(word)
    assert answer.startswith("I have deleted what you wrote to me.\nThe messages on this phone")
    assert rows() == 0


def test_a_word_that_blocks_an_sms_is_an_ordinary_word_elsewhere(whatsapp, rows):
    assert known(whatsapp).write("end") == ["You said: end"]
    assert whatsapp.write("stop")[0].startswith("I have deleted")
    assert rows() == 0


def test_when_twilio_has_read_the_stop_word_we_delete_and_say_nothing(sms, rows):
    known(sms)
    assert sms.write("arr\u00eatez", OptOutType="STOP") == []
    assert rows() == 0
    assert sms.write("START", OptOutType="START")[0].endswith("You said: /greet")
    assert sms.write("Yes", OptOutType="START") == ["You said: Yes"]
    assert sms.write("he will kill me HELP", OptOutType="HELP")[0].startswith("Call 112")


def test_words_in_another_language(three_languages, new_twilio, rows):
    phone = new_twilio(three_languages())
    (answer,) = phone.write("can we write in french")
    assert WARNING in answer
    assert phone.offered.endswith("English, Français, Русский")
    assert phone.write("LONG")[0].endswith("Write SUITE for the rest.")
    assert "number 140." in phone.write("suite")[0]
    assert phone.write("effacer")[0].startswith("J'ai effacé")
    assert rows() == 0


def test_the_language_of_the_installation_is_the_first(three_languages, new_twilio):
    phone = new_twilio(three_languages(REDRESS_DEFAULT_LANGUAGE="fr"))
    assert "Write EFFACER to delete what I keep." in phone.write("hello")[0]


def test_too_many_messages_get_one_kind_line(run_gateway, both_on, new_twilio):
    phone = new_twilio(run_gateway(**both_on, REDRESS_MESSAGES_PER_MINUTE="2").url)
    phone.write("one")
    phone.write("two")
    assert phone.write("three") == ["Danger? 112.\nThat is a lot of messages in a short time.\nWait one minute, then write again."]
    assert phone.write("four") == []
    assert phone.write("he will kill me")[0].startswith("Call 112")


def test_a_first_message_while_the_database_is_slow_counts_once(standin, tmp_path):
    """It is tried a second time, as the beginning of the conversation; that is not two messages of the few that one may write."""
    (tmp_path / "contacts.json").write_text(json.dumps(contacts()))
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path), "REDRESS_RASA_URL": standin, "REDRESS_MESSAGES_PER_MINUTE": "1"})
    upgrade(settings.database_url)
    app = create_app(settings)
    said = [Incoming(Channel.SMS, "+4915100", "1", "hello"), Incoming(Channel.SMS, "+4915100", "2", "hello")]

    async def answers():
        async with app.router.lifespan_context(app):
            messengers = app.state.services.messengers
            return [await messengers.answer(said[0], database=False), await messengers.answer(said[1])]

    first, second = ["\n".join(one.text for one in answer.messages) for answer in asyncio.run(answers())]
    assert "That is a lot of messages" not in first and "That is a lot of messages" in second


def test_an_answer_comes_before_twilio_stops_waiting(sms):
    begun = time.monotonic()
    assert known(sms).write("HANG") == ["I cannot answer. Danger? 112.\n1. Try again"]
    assert time.monotonic() - begun < 14


def test_without_rasa_and_database_there_are_numbers(run_gateway, both_on, new_twilio):
    dead = {"REDRESS_RASA_URL": "http://127.0.0.1:1", "REDRESS_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    phone = new_twilio(run_gateway(**both_on, **dead).url)
    assert phone.write("hello") == ["Danger? 112.\n\nI cannot answer. Danger? 112."]


def test_nothing_of_a_person_is_in_the_log_or_readable_in_the_database(run_gateway, both_on, new_twilio, tmp_path):
    sms = new_twilio(run_gateway(**both_on).url)
    sms.write("my secret word LONG")
    sms.write("more")
    sms.write("my secret word HANG")
    fields = sms.fields("my secret word")
    sms.post(fields, signed={})
    for file in filter(Path.is_file, tmp_path.rglob("*")):
        content = file.read_bytes()
        for secret in (b"secret word", sms.number.encode(), sms.number[1:].encode(), b"standin-auth-token"):
            assert secret not in content, file.name
