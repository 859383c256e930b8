"""No answer by Telegram is lost without a word: it comes at least once, and not again once Telegram has confirmed it."""

import signal
import sqlite3
import time

import httpx
import pytest

from store.outbox import LEASE

pytestmark = pytest.mark.usefixtures("one_second")

DANGER = ["Call 112 now if you can.", "You can whisper."]
#: After a kill: until the claim ends, and the next look of the worker.
SOON = LEASE.total_seconds() + 20


def texts(messages):
    return [message["text"] for message in messages]


def shown(phone):
    """Everything that came to this phone."""
    return texts([message for message in phone.api.sent() if message["chat_id"] == phone.chat])


def known(phone):
    """Somebody who has had the warning, with an empty phone."""
    phone.write("hello")
    phone.api.calls.clear()
    return phone


def at(gateway, phone):
    """The same person, at another gateway."""
    phone.http = httpx.Client(base_url=gateway.url, trust_env=False, timeout=30)
    return phone


def change(tmp_path, statement):
    with sqlite3.connect(tmp_path / "redress.db", timeout=20) as database:
        database.execute(statement)


def in_a_turn(phone, reached_rasa, wait):
    """A message whose turn is being taken, and the request that brought it. A gateway that has just started may be too slow to read one
    in time and asks for it again: it is written again, as its writer would.
    """
    for attempt in range(3):
        update = phone.message(text=f"LATE {phone.chat} {attempt}")
        request = phone.post_soon(update)
        wait(lambda update=update, request=request: update["message"]["text"] in reached_rasa() or not request.is_alive(), 30)
        if request.is_alive():
            return update, request
    raise AssertionError("no message was taken")


@pytest.fixture
def held_database(tmp_path):
    """The database is held by somebody else while this is called, until it is called again."""
    database = sqlite3.connect(tmp_path / "redress.db", isolation_level=None, timeout=20, check_same_thread=False)
    yield lambda hold: database.execute("begin exclusive" if hold else "rollback")
    database.close()


def test_telegram_is_asked_again_when_it_says_so(telegram, wait, outbox):
    known(telegram)
    telegram.api.plan = [(429, {"ok": False, "parameters": {"retry_after": 3}}), (502, {})]
    assert telegram.post(telegram.message(text="hello")).status_code == 200
    wait(lambda: shown(telegram), 30)
    assert shown(telegram) == ["You said: hello"]
    first, second, _taken = [call["at"] for call in telegram.api.calls]
    assert second - first >= 3
    wait(lambda: not any(full for _part, full in outbox()))


@pytest.mark.parametrize("status", [400, 403])
def test_who_has_blocked_the_bot_is_left_alone(telegram, outbox, status):
    known(telegram)
    telegram.api.plan = [(status, {"ok": False})] * 9
    update = telegram.message(text="he will kill me")
    assert telegram.post(update).status_code == 200
    assert [full for _part, full in outbox()] == [0, 0]
    assert telegram.post(update).status_code == 200
    assert len(telegram.api.calls) == 1


def test_telegram_that_hangs_gets_the_answer_when_it_wakes_up(telegram, wait):
    known(telegram).api.hold = "You said"
    assert telegram.post(telegram.message(text="hello")).status_code == 200
    wait(lambda: telegram.api.dropped)
    telegram.api.hold = None
    wait(lambda: shown(telegram), 30)
    time.sleep(2)
    assert shown(telegram) == ["You said: hello"]


def test_what_telegram_confirms_too_late_may_come_twice_but_not_again(telegram, wait, outbox):
    known(telegram).api.late = 6.0
    assert telegram.post(telegram.message(text="hello")).status_code == 200
    wait(lambda: not any(full for _part, full in outbox()), 30)
    assert shown(telegram) == ["You said: hello"] * 2


def test_telegram_that_is_away_at_first(run_gateway, both_on, new_telegram, telegram_api, outbox):
    away = run_gateway(**both_on | {"REDRESS_TELEGRAM_API": "http://127.0.0.1:1"})
    phone = new_telegram(away.url)
    assert phone.post(phone.message(text="he will kill me")).status_code == 200
    assert [full for _part, full in outbox()] == [1]


def test_after_fifteen_minutes_nothing_comes_any_more(telegram, tmp_path, wait, outbox):
    known(telegram)
    telegram.api.plan = [(500, {})]
    update = telegram.message(text="hello")
    telegram.post(update)
    change(tmp_path, "update outbox set until = '2020-01-01 00:00:00' where content is not null")
    wait(lambda: not any(full for _part, full in outbox()), 30)
    assert telegram.post(update).status_code == 200
    assert shown(telegram) == []


def test_what_was_written_a_while_ago_is_tried_for_less_time(telegram, tmp_path):
    known(telegram)
    telegram.api.plan = [(500, {})] * 2
    telegram.post(telegram.message(text="hello", date=int(time.time()) - 14 * 60))
    with sqlite3.connect(tmp_path / "redress.db") as database:
        (left,) = database.execute("select (julianday(until) - julianday('now')) * 86400 from outbox where content is not null").fetchone()
    assert 0 < left < 61


def test_deleting_takes_what_was_not_sent_yet(telegram, wait, rows, outbox):
    known(telegram)
    telegram.api.plan = [(500, {})]
    telegram.post(telegram.message(text="hello"))
    (gone,) = telegram.write("stop")
    assert gone["text"].startswith("I have deleted")
    assert rows() == 0
    time.sleep(3)
    assert len(shown(telegram)) == 1
    # Marks alone, which lead nowhere.
    assert [full for _part, full in outbox()] == [0, 0]


def test_that_something_is_deleted_is_said_from_memory(telegram, outbox):
    known(telegram)
    telegram.api.plan = [(500, {}), (500, {})]
    (gone,) = telegram.write("stop")
    assert gone["text"].startswith("I have deleted")
    assert [full for _part, full in outbox()] == [0, 0]


def test_what_could_not_be_said_of_a_deletion_is_said_when_telegram_asks_again_and_deletes_nothing_more(telegram, rows):
    known(telegram)
    telegram.api.plan = [(500, {})] * 9
    stop = telegram.message(text="stop")
    assert telegram.post(stop).status_code == 503
    telegram.api.plan.clear()
    telegram.write("hello")
    assert rows() == 1
    (gone,) = telegram.after(stop)
    assert gone["text"].startswith("I have deleted")
    assert rows() == 1


def test_danger_waits_for_no_database(telegram, held_database):
    held_database(True)
    begun = time.monotonic()
    assert telegram.post(telegram.message(text="he will kill me")).status_code == 200
    held_database(False)
    assert shown(telegram) == DANGER
    assert telegram.api.sent()[0]["at"] - begun < 2


def test_without_database_and_telegram_the_message_is_handed_over_again(telegram, held_database, wait, outbox):
    known(telegram)
    held_database(True)
    telegram.api.plan = [(200, {})] + [(500, {})] * 9
    update = telegram.message(text="he will kill me")
    assert telegram.post(update).status_code == 503
    assert shown(telegram) == DANGER[:1]
    telegram.api.plan.clear()
    assert telegram.post(update).status_code == 200
    assert shown(telegram) == DANGER
    assert telegram.post(update).status_code == 200
    held_database(False)
    # What the database took late, or could not be told, ends as a mark.
    wait(lambda: not any(full for _part, full in outbox()), 20)
    assert telegram.post(update).status_code == 200
    assert shown(telegram) == DANGER


def test_two_gateways_send_each_answer_once(run_gateway, both_on, new_telegram, telegram_api, wait, outbox):
    gateways = [run_gateway(**both_on) for _ in range(2)]
    phones = [known(new_telegram(gateways[number % 2].url)) for number in range(4)]
    telegram_api.plan = [(500, {})] * 8
    updates = [phone.message(text=f"hello {turn}") for phone in phones for turn in range(2)]
    for number, update in enumerate(updates):
        assert phones[number // 2].post(update).status_code == 200
    wait(lambda: not any(full for _part, full in outbox()), 60)
    for phone in phones:
        assert sorted(shown(phone)) == ["You said: hello 0", "You said: hello 1"]
    # Handed over again, to the other gateway.
    for number, update in enumerate(updates):
        other = at(gateways[(number // 2 + 1) % 2], phones[number // 2])
        assert other.post(update).status_code == 200
    assert all(len(shown(phone)) == 2 for phone in phones)


@pytest.mark.parametrize(
    ("text", "held", "answer"),
    [
        ("he will kill me", DANGER[0], DANGER),
        ("he will kill me", DANGER[1], DANGER),
        ("LONG", "This is sentence", None),
        ("LONG", "You said", None),
    ],
)
def test_a_gateway_that_is_killed_while_it_sends(run_gateway, both_on, new_telegram, wait, outbox, text, held, answer):
    """What was confirmed does not come again; the rest comes from the next gateway, whether Telegram hands the message over again or not."""
    gateway = run_gateway(**both_on)
    phone = known(new_telegram(gateway.url))
    phone.api.hold = held
    update = phone.message(text=text)
    request = phone.post_soon(update)
    wait(lambda: phone.api.held and any(full for _part, full in outbox()), 20)
    confirmed = len(shown(phone))
    wait(lambda: (confirmed, 1) in outbox(), 20)
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    request.join()
    wait(lambda: phone.api.dropped)
    phone.api.hold = None
    at(run_gateway(**both_on), phone)
    assert phone.post(update).status_code == 200
    wait(lambda: not any(full for _part, full in outbox()), SOON)
    expected = answer or shown(phone)
    assert shown(phone) == expected and len(expected) == 2 and len(set(expected)) == 2
    assert phone.post(update).status_code == 200
    assert len(shown(phone)) == 2


def test_a_gateway_that_is_killed_during_the_turn(run_gateway, both_on, new_telegram, reached_rasa, wait):
    gateway = run_gateway(**both_on)
    phone = known(new_telegram(gateway.url))
    update, request = in_a_turn(phone, reached_rasa, wait)
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    request.join()
    written = update["message"]["text"]
    told = texts(at(run_gateway(**both_on), phone).after(update))
    # What the killed gateway had said before may come a second time, and the new one may be too slow at first and ask for the words again.
    for _attempt in range(2):
        if not any(text.startswith("You said: LATE") for text in told):
            told += texts(phone.after(phone.message(text=written)))
    assert [text for text in told if text.startswith("You said: LATE")] == [f"You said: {written}"]


def test_a_gateway_that_is_killed_before_it_could_note_what_telegram_confirmed(run_gateway, both_on, new_telegram, held_database, wait, outbox):
    """Nobody can know then that it came: it comes twice rather than never, and no third time."""
    gateway = run_gateway(**both_on)
    phone = known(new_telegram(gateway.url))
    phone.api.hold = DANGER[0]
    update = phone.message(text="he will kill me")
    request = phone.post_soon(update)
    wait(lambda: (0, 1) in outbox(), 20)
    held_database(True)
    phone.api.hold = None
    wait(lambda: len(shown(phone)) == 2, 20)
    gateway.process.send_signal(signal.SIGKILL)
    gateway.process.wait()
    request.join()
    held_database(False)
    at(run_gateway(**both_on), phone)
    wait(lambda: not any(full for _part, full in outbox()), SOON)
    assert shown(phone) == DANGER * 2
    assert phone.post(update).status_code == 200
    assert shown(phone) == DANGER * 2


@pytest.mark.parametrize("text", ["hello {}", "he will kill me {}"])
def test_an_answer_that_never_reached_the_outbox_comes_from_the_conversation(serve_gateway, new_telegram, reached_rasa, tmp_path, text):
    """As when the gateway dies between the turn and the outbox."""
    phone = new_telegram(serve_gateway())
    text = text.format(phone.chat)
    update = phone.message(text=text)
    first = phone.after(update)
    change(tmp_path, "delete from outbox")
    phone.http = httpx.Client(base_url=serve_gateway(), trust_env=False, timeout=30)
    assert [sent | {"at": 0} for sent in phone.after(update)] == [sent | {"at": 0} for sent in first]
    assert reached_rasa().count(text) == (0 if "kill" in text else 1)
    assert texts(first)[-1 if "kill" in text else 0].startswith("Telegram can see")
