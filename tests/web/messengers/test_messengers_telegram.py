"""Telegram: only Telegram may call, only private chats are answered, and a person in danger comes first."""

import sqlite3
import time
from pathlib import Path

import httpx
import pytest

pytestmark = pytest.mark.usefixtures("one_second")

WARNING = "Telegram can see these messages."


def texts(messages):
    return [message["text"] for message in messages]


def keyboard(message):
    return [row[0] for row in message["reply_markup"]["inline_keyboard"]]


def known(phone):
    """Somebody who has had the warning."""
    phone.write("hello")
    return phone


def test_it_is_off_until_it_is_set_up(run_gateway, new_telegram):
    phone = new_telegram(run_gateway().url)
    assert phone.post(phone.message(text="hello")).status_code == 404
    assert phone.api.calls == []


def test_without_the_secret_nothing_is_done(telegram, rows):
    for secret in (None, "", "wrong", "standin-secret-of-the-webhooK", b"\xc3\xa9"):
        response = telegram.post(telegram.message(text="he will kill me"), secret=secret)
        assert (response.status_code, response.content) == (403, b"")
    assert telegram.api.calls == []
    assert rows() == 0


def test_a_message_is_answered_and_the_warning_comes_once_above_it(telegram):
    first, answer = telegram.write("hello")
    assert first["text"].startswith(WARNING)
    assert "https://help.example" in first["text"]
    assert "STOP" in first["text"]
    assert answer["text"] == "You said: hello"
    assert texts(telegram.write("hello again")) == ["You said: hello again"]


def test_messages_are_plain_text_without_previews_of_links(telegram):
    for message in telegram.write("choose *this* <b>"):
        assert message["chat_id"] == telegram.chat
        assert message["link_preview_options"] == {"is_disabled": True}
        assert not {"parse_mode", "protect_content"} & message.keys()


def test_start_lets_the_dialogue_say_the_first_words(telegram):
    assert texts(telegram.write("/start"))[1:] == ["You said: /greet"]
    assert texts(telegram.write("/start from_a_link")) == ["You said: /greet"]
    assert texts(telegram.write("/start he hits me")) == ["You said: start he hits me"]


def test_danger_is_answered_first_and_the_warning_stands_below(telegram):
    messages = texts(telegram.write("he will kill me"))
    assert messages[:2] == ["Call 112 now if you can.", "You can whisper."]
    assert messages[2].startswith(WARNING)
    assert len(messages) == 3
    assert texts(telegram.write("he will kill me")) == ["Call 112 now if you can.", "You can whisper."]


def test_perhaps_danger_puts_the_numbers_above_the_warning(telegram):
    messages = texts(telegram.write("I am afraid"))
    assert messages[0] == "Danger? 112."
    assert messages[1].startswith(WARNING)
    assert messages[2] == "You said: I am afraid"


def test_a_choice_is_pressed(telegram, reached_rasa):
    (question,) = known(telegram).write("choose")
    yes, no = keyboard(question)
    assert (yes["text"], no["text"]) == ("1. Yes", "2. No <b>")
    assert all(1 <= len(button["callback_data"].encode()) <= 64 for button in (yes, no))
    assert texts(telegram.press(no["callback_data"])) == ['You said: /deny{"a": "b"}']
    assert [call["callback_query_id"] for call in telegram.api.calls if call["method"] == "answerCallbackQuery"] == ["press-1"]


def test_a_choice_of_another_person_opens_nothing(telegram, new_telegram, gateway_url):
    (question,) = known(telegram).write("choose")
    other = known(new_telegram(gateway_url))
    assert texts(other.press(keyboard(question)[0]["callback_data"])) == ["This choice is no longer open. You can write what you want instead."]


def test_a_choice_is_named_by_its_number(telegram):
    known(telegram).write("choose")
    assert texts(telegram.write("\u0662")) == ['You said: /deny{"a": "b"}']


def test_where_a_number_is_wanted_choices_have_letters(telegram):
    (question,) = known(telegram).write("hours")
    assert [button["text"] for button in keyboard(question)] == ["a) Up to 20", "b) I don't know"]
    assert texts(telegram.write("2")) == ["You said: 2"]
    telegram.write("hours")
    assert texts(telegram.write("(b)")) == ['You said: /pick{"value": "unknown"}']


def test_a_number_that_names_no_choice_is_a_text(telegram):
    known(telegram).write("choose")
    assert texts(telegram.write("3")) == ["You said: 3"]
    assert texts(telegram.write("112")) == ["You said: 112"]


def test_after_an_emergency_a_number_is_no_choice(telegram):
    known(telegram).write("choose")
    telegram.write("he will kill me")
    assert texts(telegram.write("1")) == ["You said: 1"]


def test_choices_are_still_open_after_a_restart(run_gateway, both_on, new_telegram):
    first = run_gateway(**both_on)
    phone = known(new_telegram(first.url))
    phone.write("choose")
    first.stop()
    phone.http = httpx.Client(base_url=run_gateway(**both_on).url, trust_env=False, timeout=30)
    assert texts(phone.write("1")) == ["You said: /affirm"]


def test_a_replay_is_dropped(telegram, reached_rasa):
    update = telegram.message(text="only once please")
    assert len(telegram.after(update)) == 2
    assert telegram.after(update) == []
    assert reached_rasa().count("only once please") == 1


def test_a_group_gets_no_answer(telegram, rows):
    for kind in ("group", "supergroup", "channel"):
        chat = {"id": -100, "type": kind}
        assert telegram.write("he will kill me", chat=chat) == []
        press = telegram.message(chat=chat)
        person = press["message"].pop("from")
        callback = {"id": "1", "from": person, "message": press["message"], "data": "x"}
        assert telegram.after({"update_id": press["update_id"], "callback_query": callback}) == []
    assert rows() == 0
    assert telegram.api.calls == []


def test_what_is_no_new_message_of_a_person_gets_no_answer(telegram):
    update = telegram.message(text="hello")
    edited = {"update_id": update["update_id"], "edited_message": update["message"]}
    assert telegram.after(edited) == []
    bot = {"id": 1, "is_bot": True, "first_name": "Bot"}
    assert telegram.write("hello", **{"from": bot}) == []
    assert telegram.write(pinned_message={"message_id": 1}) == []
    assert telegram.after({"update_id": "no number"}) == []
    assert telegram.after([]) == []


def test_what_was_written_long_ago_gets_no_answer(telegram):
    assert telegram.write("hello", date=int(time.time()) - 3600) == []
    assert len(telegram.write("hello", date=int(time.time()) - 60)) == 2


def test_only_text_is_read_and_the_numbers_come_first(telegram, reached_rasa):
    known(telegram)
    before = len(reached_rasa())
    for media in ("photo", "voice", "location", "document", "sticker"):
        hint, only_text = telegram.write(**{media: {"file_id": "secret"}})
        assert hint["text"] == "Danger? 112."
        assert only_text["text"].startswith("I can only read text.")
    assert len(reached_rasa()) == before


def test_the_words_below_a_picture_are_read(telegram):
    messages = known(telegram).write(photo=[{"file_id": "x"}], caption="he will kill me")
    assert texts(messages)[:2] == ["Call 112 now if you can.", "You can whisper."]
    assert messages[2]["text"].startswith("I can only read text.")


def test_the_stop_word_deletes(telegram, rows):
    for word in ("stop", "/stop", "STOP", "Stop!", "delete"):
        known(telegram)
        assert rows() == 1
        (gone,) = telegram.write(word)
        assert gone["text"].startswith("I have deleted what you wrote to me.\nThe messages on this phone")
        assert rows() == 0
    assert telegram.write("hello")[0]["text"].startswith(WARNING)


def test_the_stop_word_inside_a_sentence_deletes_nothing(telegram, rows):
    known(telegram).write("please make it stop")
    assert rows() == 1


def test_the_stop_word_is_known_in_the_language_of_the_person(three_languages, new_telegram, rows):
    gateway = three_languages()
    for language, word in [("fr", "arrêt"), ("fr", "ARRET"), ("fr-CH", "Effacer."), ("ru", "стоп"), ("ru", "stop")]:
        phone = known(new_telegram(gateway, language))
        assert rows() == 1
        (gone,) = phone.write(word)
        assert rows() == 0
        if language.startswith("fr"):
            assert gone["text"].startswith("J'ai effacé")


def test_a_phone_in_a_language_we_do_not_speak_is_offered_the_others(three_languages, new_telegram):
    gateway = three_languages()
    assert "Français" in new_telegram(gateway, "am").write("hello")[-1]["text"]
    assert "Français" not in new_telegram(gateway, "ru").write("hello")[-1]["text"]


def test_a_language_is_chosen_by_its_own_name_and_the_warning_comes_again(three_languages, new_telegram, standin):
    phone = known(new_telegram(three_languages(), "am"))
    warned, greeting = texts(phone.write("français"))
    assert warned.endswith("Write ARRÊT to delete what I keep.")
    assert greeting == "You said: /greet"
    assert httpx.get(f"{standin}/seen", trust_env=False).json()["turns"][-1]["metadata"]["language"] == "fr"
    assert texts(phone.write("Français")) == ["You said: Français"]
    first = texts(new_telegram(phone.http.base_url, "am").write("РУССКИЙ"))
    assert len(first) == 2
    assert first[0].endswith("Write СТОП to delete what I keep.")


def test_a_fault_of_ours_ends_in_numbers_not_in_silence(telegram, monkeypatch, caplog):
    def broken(*_):
        raise ValueError("he will kill me")

    monkeypatch.setattr("web.messengers.conversation.warning", broken)
    assert texts(telegram.write("he will kill me")) == ["I cannot answer. Danger? 112."]
    assert "ValueError in broken" in caplog.text
    assert "kill" not in caplog.text


def test_when_the_database_cannot_forget_yet_that_is_said(telegram, rows, tmp_path):
    known(telegram)
    with sqlite3.connect(tmp_path / "redress.db", isolation_level=None) as database:
        database.execute("begin exclusive")
        (gone,) = telegram.write("stop")
        database.execute("rollback")
    assert "may stay up to 60 minutes" in gone["text"]
    until = time.monotonic() + 20
    while rows():
        assert time.monotonic() < until
        time.sleep(0.1)


def test_a_conversation_that_has_expired_begins_again(telegram, tmp_path, rows):
    known(telegram)
    with sqlite3.connect(tmp_path / "redress.db") as database:
        database.execute("update conversation set expires_at = '2020-01-01 00:00:00'")
    first, answer = telegram.write("hello")
    assert first["text"].startswith(WARNING)
    assert answer["text"] == "You said: hello"
    assert rows() == 1


def test_too_many_messages_get_one_kind_line_and_danger_is_still_answered(run_gateway, both_on, new_telegram):
    phone = new_telegram(run_gateway(**both_on, REDRESS_MESSAGES_PER_MINUTE="2").url)
    phone.write("one")
    phone.write("two")
    assert texts(phone.write("three")) == ["Danger? 112.\nThat is a lot of messages in a short time.\nWait one minute, then write again."]
    assert phone.write("four") == []
    assert texts(phone.write("he will kill me"))[0] == "Call 112 now if you can."
    for _ in range(2):
        assert len(phone.write("/start")) == 1
    assert phone.write("/start") == []


def test_a_text_that_is_too_long_is_answered_kindly(telegram):
    (message,) = known(telegram).write("x" * 10_001)
    assert message["text"].startswith("Danger? 112.\nThis message is too long.")


def test_without_database_danger_is_answered(run_gateway, both_on, new_telegram):
    phone = new_telegram(run_gateway(**both_on, REDRESS_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none").url)
    assert texts(phone.write("he will kill me")) == ["Call 112 now if you can.", "You can whisper."]
    assert texts(phone.write("hello")) == ["I cannot answer. Danger? 112."]
    assert texts(phone.write("/start")) == ["I cannot answer. Danger? 112."]
    assert "may stay up to 60 minutes" in texts(phone.write("stop"))[0]


def test_a_dialogue_that_hangs_ends_in_kind_words(telegram):
    begun = time.monotonic()
    assert texts(known(telegram).write("HANG")) == ["I cannot answer. Danger? 112."]
    assert time.monotonic() - begun < 10


def test_a_long_answer_is_cut_into_messages(telegram):
    messages = texts(known(telegram).write("LONG " + "word. " * 1500))
    assert all(len(message) <= 4000 for message in messages)
    assert len(messages) == 4


def test_nothing_of_a_person_is_in_the_log_or_readable_in_the_database(run_gateway, both_on, new_telegram, tmp_path):
    telegram = new_telegram(run_gateway(**both_on).url)
    telegram.write("my secret word")
    telegram.api.plan = [(500, {"description": "my secret word"})] * 3
    telegram.write("my secret word FAIL")
    telegram.write("my secret word HANG")
    telegram.http.post("/messengers/telegram", content=b"my secret word {", headers={"X-Telegram-Bot-Api-Secret-Token": "no"})
    log = (tmp_path / "gateway.log").read_text()
    assert "Telegram did not take a message: status 500" in log
    for file in filter(Path.is_file, tmp_path.rglob("*")):
        content = file.read_bytes()
        for secret in (b"secret word", str(telegram.chat).encode(), b"standin-token", b"standin-secret"):
            assert secret not in content, file.name
