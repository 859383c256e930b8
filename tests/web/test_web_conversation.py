"""The conversation API: danger first, one turn at a time, never silence."""

import itertools
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx
import pytest

pytestmark = pytest.mark.usefixtures("one_second")


@contextmanager
def mended(standin):
    """The stand-in reads every text, and what was slow is quick."""
    httpx.post(f"{standin}/mended", trust_env=False)
    try:
        yield
    finally:
        httpx.post(f"{standin}/broken", trust_env=False)


def kinds(messages):
    return [message["kind"] for message in messages]


def test_an_ordinary_message_is_answered_by_the_dialogue_and_understood_once(chat, standin):
    assert chat.say("I worked and was not paid") == [{"text": "You said: I worked and was not paid", "buttons": [], "kind": "text"}]
    (turn,) = chat.turns(standin)
    assert turn["parse"]["text"] == "I worked and was not paid"
    assert turn["metadata"] == {"language": "en", "version": 2}
    assert turn["payload"] is None
    assert len(turn["authorization"]) == len("Bearer ") + 44


def test_sure_danger_is_answered_with_numbers_and_never_reaches_the_dialogue(chat, standin):
    messages = chat.say("he will kill me")
    assert [m["text"] for m in messages] == ["Call 112 now if you can.", "You can whisper."]
    assert kinds(messages) == ["emergency", "emergency"]
    assert chat.turns(standin) == []


def test_danger_names_the_country_and_gets_its_number(chat):
    assert chat.say("I am in Germany and he will kill me")[0]["text"] == "Call 110 now if you can."


def test_perhaps_danger_puts_one_line_above_the_answer(chat, standin):
    messages = chat.say("I am afraid")
    assert kinds(messages) == ["emergency_hint", "text"]
    assert chat.turns(standin)[0]["metadata"]["danger_shown"] is True


def test_danger_does_not_wait_for_the_turn_before_it(chat):
    first = threading.Thread(target=chat.say, args=("HANG",))
    first.start()
    time.sleep(0.5)
    begun = time.monotonic()
    assert kinds(chat.say("he will kill me")) == ["emergency", "emergency"]
    assert time.monotonic() - begun < 2
    first.join()


def test_danger_is_answered_in_a_conversation_that_has_expired(chat):
    chat.delete()
    assert kinds(chat.say("he will kill me")) == ["emergency", "emergency"]
    assert chat.post(text="where can i sleep").status_code == 404


@pytest.mark.parametrize("fault", ["FAIL", "EMPTY", "HANG"])
def test_a_dialogue_that_does_not_answer_ends_in_kind_words(chat, fault):
    begun = time.monotonic()
    (answer,) = chat.say(fault)
    assert (answer["text"], answer["kind"]) == ("I cannot answer. Danger? 112.", "unavailable")
    assert time.monotonic() - begun < 8
    # It is the same step when it is tried again: a dialogue that has answered meanwhile forgets that it did.
    assert [button["title"] for button in answer["buttons"]] == ["Try again"]


@pytest.mark.parametrize("fault", ["SLOWPARSE", "BADPARSE"])
def test_what_rasa_did_not_read_gets_numbers_at_once_and_is_taken_up_again(chat, standin, fault):
    begun = time.monotonic()
    answer = chat.say(f"my papers please {fault}")
    assert kinds(answer) == ["emergency_hint", "unavailable"] and time.monotonic() - begun < 2
    assert chat.turns(standin) == []
    (again,) = answer[-1]["buttons"]
    assert again["title"] == "Try again"
    with mended(standin):
        assert chat.press(again["button"])[-1]["text"] == f"You said: my papers please {fault}"
    assert len(chat.turns(standin)) == 1


@pytest.mark.parametrize("fault", ["SLOWPARSE", "BADPARSE"])
def test_danger_that_rasa_did_not_read_is_heard_by_its_letters(chat, standin, fault):
    begun = time.monotonic()
    answer = chat.say(f"he is going to kill me. he is at the door with a knife. {fault}")
    assert kinds(answer) == ["emergency", "emergency"] and time.monotonic() - begun < 2
    (calm,) = answer[-1]["buttons"]
    assert calm["title"].startswith("I am safe") and chat.turns(standin) == []


def test_a_false_alarm_that_rasa_still_cannot_read_is_no_alarm_again(chat, standin):
    text = "he is going to kill me. he is at the door with a knife. SLOWPARSE"
    (calm,) = chat.say(text)[-1]["buttons"]
    assert [(m["kind"], m["text"]) for m in chat.press(calm["button"])] == [("text", f"You said: {text}")]
    assert chat.turns(standin)[-1]["metadata"]["held"] is True


def test_a_false_alarm_that_cannot_be_answered_is_none_when_it_is_tried_again(chat, standin):
    text = "he is going to kill me. he is at the door with a knife. SLOWPARSE HANG"
    (calm,) = chat.say(text)[-1]["buttons"]
    (again,) = chat.press(calm["button"])[-1]["buttons"]
    assert again["title"] == "Try again"
    with mended(standin):
        assert chat.press(again["button"])[-1]["text"] == f"You said: {text}"
    assert chat.turns(standin)[-1]["metadata"]["held"] is True


def test_danger_that_only_the_dialogue_hears_can_be_left_with_one_tap(chat):
    numbers = chat.say("please ALARM")
    (calm,) = numbers[-1]["buttons"]
    assert numbers[-1]["kind"] == "emergency" and calm["title"].startswith("I am safe")
    assert [m["text"] for m in chat.press(calm["button"])] == ["You said: please ALARM"]


@pytest.mark.parametrize("text", ["/restart", " /restart", "\n//restart", "\u200b/ /restart", "\x00/restart"])
def test_a_text_is_never_a_command(chat, standin, text):
    chat.say(text)
    assert chat.turns(standin)[0]["text"] == "restart"


def test_text_is_normalised_and_freed_of_control_characters(chat, standin):
    chat.say("cafe\u0301\x07 one\ntwo")
    assert chat.turns(standin)[0]["text"] == "caf\u00e9 one\ntwo"


def test_half_a_character_does_no_harm(chat):
    url = f"/api/v1/conversations/{chat.id}/messages"
    answer = chat.http.post(url, content=b'{"text": "a\\ud800b"}', headers={"content-type": "application/json"})
    assert answer.json()["messages"][0]["text"] == "You said: ab"


@pytest.mark.parametrize("text", ["", "   ", "/"])
def test_an_empty_message_asks_for_words(chat, text):
    (message,) = chat.say(text)
    assert message["kind"] == "text"
    assert "Write" in message["text"]


def test_a_text_that_is_too_long_says_so_unless_there_is_danger_in_it(chat):
    answer = chat.post(text="a" * 10_001)
    assert answer.status_code == 422
    assert set(answer.json()["error"]) == {"message", "fix"}
    (refused,) = answer.json()["messages"]
    assert refused["kind"] == "unavailable" and refused["text"].startswith("Danger? 112.")
    danger = chat.say("I want to tell you about my work. " * 600 + "\nhe will kill me now, he has a knife")
    assert kinds(danger) == ["emergency", "emergency"] and "too long" in danger[-1]["text"]
    assert kinds(chat.say("\U0001f600" * 10_000)) == ["text"]


def test_a_button_sends_its_stored_payload_and_nothing_else(chat, standin):
    (question,) = chat.say("choose")
    assert question["kind"] == "question"
    assert question["fact"] == "work[0].live_in"
    assert [button["title"] for button in question["buttons"]] == ["Yes", "No <b>"]
    assert "payload" not in str(question)
    chat.press(question["buttons"][1]["button"])
    turn = chat.turns(standin)[-1]
    assert (turn["text"], turn["payload"], turn["title"]) == (None, '/deny{"a": "b"}', "No <b>")
    assert turn["metadata"]["fact"] == "work[0].live_in"


def test_words_of_an_open_button_typed_back_mean_that_button_also_where_they_sound_like_danger(chat, standin):
    (question,) = chat.say("choose")
    chat.say("  yes ")
    assert chat.turns(standin)[-1]["payload"] == "/affirm"
    chat.say("worried")
    chat.say("i am afraid of it")
    assert chat.turns(standin)[-1]["payload"] == '/pick{"value": "afraid"}'


def test_buttons_of_the_last_six_answers_are_open_and_older_ones_are_not(chat, standin):
    (question,) = chat.say("choose")
    for _ in range(5):
        chat.say("something else")
    button = question["buttons"][0]["button"]
    assert chat.press(button)[0]["text"] == "You said: /affirm"
    chat.say("and now")
    before = len(chat.turns(standin))
    assert "no longer open" in chat.press(button)[0]["text"]
    assert "no longer open" in chat.press("/affirm")[0]["text"]
    assert len(chat.turns(standin)) == before


def test_a_button_of_another_conversation_is_unknown(chat, gateway, new_chat):
    (question,) = chat.say("choose")
    other = new_chat(gateway.url)
    assert "no longer open" in other.press(question["buttons"][0]["button"])[0]["text"]


def test_two_messages_at_once_are_taken_one_after_the_other(chat, standin):
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(chat.say, ["SLOW one", "SLOW two", "SLOW three"]))
    turns = sorted(chat.turns(standin), key=lambda turn: turn["start"])
    assert len(turns) == 3
    assert all(before["end"] <= after["start"] for before, after in itertools.pairwise(turns))


def test_thirty_messages_a_minute_and_danger_always(chat):
    answers = [chat.post(text="how much money can I claim?").status_code for n in range(31)]
    assert answers == [200] * 30 + [429]
    limited = chat.post(text="how much money can I claim?")
    assert limited.headers["retry-after"] == "60"
    assert "Wait" in limited.json()["error"]["fix"]
    assert [message["kind"] for message in limited.json()["messages"]] == ["unavailable"]
    assert limited.json()["messages"][0]["text"].startswith("Danger? 112.")
    danger = chat.say("he will kill me")
    assert kinds(danger) == ["emergency", "emergency"] and "Wait one minute" in danger[-1]["text"]


def test_deleting_forgets(chat):
    chat.say("hello")
    assert chat.delete().status_code == 204
    assert chat.post(text="where can i sleep").status_code == 404
    assert chat.post(button="x").status_code == 404
    assert chat.delete().status_code == 204


def test_deleting_during_a_turn_leaves_nothing_of_it(run_gateway, new_chat, tmp_path):
    chat = new_chat(run_gateway().url)
    with ThreadPoolExecutor(1) as pool:
        turn = pool.submit(chat.post, text="SLOW")
        time.sleep(0.2)
        chat.delete()
        assert turn.result().status_code == 404
    with sqlite3.connect(tmp_path / "redress.db") as database:
        assert [database.execute(f"select count(*) from {table}").fetchone() for table in ("conversation", "conversation_key")] == [(0,), (0,)]


def test_deleting_while_the_database_is_away_waits_and_nobody_reads_on(run_gateway, new_chat, tmp_path):
    chat = new_chat(run_gateway().url)
    chat.say("hello")
    with sqlite3.connect(tmp_path / "redress.db", isolation_level=None) as database:
        database.execute("begin exclusive")
        answer = chat.delete()
        database.execute("rollback")
    assert answer.status_code == 202
    assert "60 minutes" in answer.json()["message"]
    assert chat.post(text="where can i sleep").status_code == 404
    until = time.monotonic() + 20
    with sqlite3.connect(tmp_path / "redress.db") as database:
        while database.execute("select count(*) from conversation_key").fetchone() != (0,):
            assert time.monotonic() < until
            time.sleep(0.1)


def test_the_same_id_gets_the_same_answer_and_changes_nothing(chat, standin):
    first = chat.post(text="choose", id="m1").json()
    assert chat.post(text="choose", id="m1").json() == first
    assert chat.post(text="something else", id="m1").json() == first
    assert len(chat.turns(standin)) == 1
    button = first["messages"][0]["buttons"][0]["button"]
    pressed = chat.post(button=button, id="m2").json()
    assert chat.post(button=button, id="m2").json() == pressed
    assert len(chat.turns(standin)) == 2
    assert chat.post(text="choose", id="x" * 65).status_code == 422


def test_the_same_id_at_the_same_time_is_answered_once(chat, standin):
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: chat.post(text="SLOW", id="m1").json(), range(4)))
    assert all(answer == answers[0] for answer in answers)
    assert len(chat.turns(standin)) == 1


def test_a_text_sent_again_while_it_is_answered_is_taken_once_without_an_id_too(chat, standin):
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda _: chat.post(text="SLOW").json(), range(2)))
    assert answers[0] == answers[1]
    assert len(chat.turns(standin)) == 1
    # Later it is said once more.
    chat.say("SLOW")
    assert len(chat.turns(standin)) == 2


def test_a_button_tapped_twice_is_pressed_once(chat, standin):
    button = chat.say("choose")[0]["buttons"][0]["button"]
    assert chat.press(button) == chat.press(button)
    assert len(chat.turns(standin)) == 2
    # Somebody who goes back a little presses it anew.
    chat.say("hello")
    chat.press(button)
    assert len(chat.turns(standin)) == 4


def test_danger_with_an_id_is_kept_once(chat):
    first = chat.post(text="he will kill me", id="m1").json()
    assert kinds(first["messages"]) == ["emergency", "emergency"]
    assert chat.post(text="he will kill me", id="m1").json() == first


def test_an_answer_that_takes_long_is_fetched_with_the_same_id(chat, standin):
    begun = time.monotonic()
    (waiting,) = chat.post(text="LATE answer", id="m1").json()["messages"]
    assert waiting["kind"] == "wait" and time.monotonic() - begun < 3.4
    (answer,) = chat.post(text="LATE answer", id="m1").json()["messages"]
    assert answer["text"] == "You said: LATE answer"
    assert len(chat.turns(standin)) == 1
    # Without an id nobody could fetch it: the answer is waited for.
    assert chat.say("LATE again")[0]["text"] == "You said: LATE again"


def test_a_line_of_numbers_stands_above_the_word_to_wait(chat):
    waiting = chat.post(text="I am afraid LATE", id="m1").json()["messages"]
    assert kinds(waiting) == ["emergency_hint", "wait"]
    assert kinds(chat.post(text="I am afraid LATE", id="m1").json()["messages"]) == ["emergency_hint", "text"]


def test_a_turn_that_was_not_answered_is_the_same_step_when_it_is_tried_again(chat, standin):
    chat.say("hello")
    (failed,) = chat.say("HANG")
    with mended(standin):
        assert chat.press(failed["buttons"][0]["button"])[0]["text"] == "You said: HANG"
    chat.say("bye")
    assert [turn["step"] for turn in chat.turns(standin)] == [0, 1, 1, 2]
