"""Keeping conversations: keys, snapshot, store, locks; saying things: contacts, catalogues, responses."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import time
import zlib
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from cryptography.fernet import Fernet, InvalidToken
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.catalogues import Catalogues
from bot.contacts import contacts_in
from bot.keys import read_keys, read_or_make_key
from bot.locks import ConversationLocks
from bot.responses import TranslatedResponses
from bot.tracker_snapshot import compact_events, restore
from bot.tracker_store import PrivateTrackerStore
from erasure import tables
from erasure.clock import SteadyClock
from erasure.names import dialogue_key, row_key

FIXTURES = Path(__file__).parents[1] / "fixtures"


def domain() -> Domain:
    return Domain.load(str(FIXTURES / "domain.yml"))


def tracker(turns: int, conversation: str = "conversation-1") -> DialogueStateTracker:
    """A tracker after some turns, a form active since the second."""
    own = domain()
    made = DialogueStateTracker(conversation, own.slots)
    for turn in range(turns):
        text = f"marzipan {turn}"
        made.update(ActionExecuted("action_listen"), own)
        made.update(UserUttered(text, {"name": "inform"}, metadata={"language": "fr"}), own)
        if turn == 1:
            made.update(ActionExecuted("estimate_form"), own)
            made.update(ActiveLoop("estimate_form"), own)
            made.update(SlotSet("requested_slot", "answer"), own)
        made.update(SlotSet("case", {"turns": turn + 1}), own)
        made.update(BotUttered("next?"), own)
    made.update(ActionExecuted("action_listen"), own)
    return made


def check_key_file_is_private_and_stays(folder: Path) -> None:
    path = folder / "new" / "conversation.key"
    key = read_or_make_key(path)
    assert read_or_make_key(path) == key
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(path.parent) == ["conversation.key"]


def check_a_key_file_may_hold_several_lines(folder: Path) -> None:
    keys = [read_or_make_key(folder / name) for name in ("one", "two")]
    (folder / "both").write_bytes(keys[1] + b"\n" + keys[0] + b"\n")
    assert read_keys(folder / "both") == [keys[1], keys[0]]
    assert read_or_make_key(folder / "both") == keys[1]


def check_a_broken_key_is_refused(folder: Path) -> None:
    (folder / "k").write_bytes(read_or_make_key(folder / "good") + b"\nshort")
    try:
        read_or_make_key(folder / "k")
    except ValueError as error:
        assert "expected urlsafe base64 of 32 bytes" in str(error)
    else:
        raise AssertionError


def check_names_differ_by_key_and_purpose_and_hide_the_id() -> None:
    one, other = Fernet.generate_key(), Fernet.generate_key()
    names = {naming(key, "conversation-1") for naming in (row_key, dialogue_key) for key in (one, other)}
    assert len(names) == 4 and all(len(name) == 64 for name in names)


def check_snapshot_keeps_the_state_and_four_turns() -> None:
    long = tracker(40)
    again = restore(DialogueStateTracker("conversation-1", domain().slots), compact_events(long, domain()), domain())
    assert again.current_slot_values() == long.current_slot_values()
    assert again.active_loop_name == "estimate_form"
    assert again.latest_action_name == "action_listen"
    assert len([e for e in again.events if isinstance(e, UserUttered)]) == 4
    assert again.latest_message is not None and again.latest_message.metadata["language"] == "fr"


def check_snapshot_does_not_grow() -> None:
    assert len(compact_events(tracker(300), domain())) == len(compact_events(tracker(10), domain()))


def check_snapshot_of_a_snapshot_is_the_same() -> None:
    once = compact_events(tracker(20), domain())
    again = restore(DialogueStateTracker("conversation-1", domain().slots), once, domain())
    names = [(e["event"], e.get("name"), e.get("value"), e.get("text")) for e in once]
    assert names == [(e["event"], e.get("name"), e.get("value"), e.get("text")) for e in compact_events(again, domain())]


def store(folder: Path, own_key: bool = True) -> PrivateTrackerStore:
    """A store on the folder's database, where the gateway has made the key of conversation-1."""
    made = PrivateTrackerStore(domain(), url=f"sqlite:///{folder / 'x.db'}")
    tables.keys.create(made._engine, checkfirst=True)
    if own_key:
        give_key(made)
    return made


def give_key(own: PrivateTrackerStore, new: bool = False) -> None:
    """What the gateway does when a conversation begins; with `new`, when everything was deleted and it goes on."""
    name = row_key(own._keys[0], "conversation-1")
    with own._engine.begin() as connection:
        if tables.key_of(connection, name, own._wrapping) is not None:
            if not new:
                return
            connection.execute(tables.keys.delete())
        number, wrapped = own._wrapping.wrap(Fernet.generate_key())
        connection.execute(tables.keys.insert().values(conversation=name, wrapped_by=number, wrapped=wrapped))


async def check_store_round_trip_in_another_process(folder: Path) -> None:
    await store(folder).save(tracker(5))
    again = await store(folder).retrieve("conversation-1")
    assert again is not None and again.get_slot("case") == {"turns": 5}
    assert await store(folder).retrieve("conversation-2") is None


async def check_nothing_is_readable_in_the_database(folder: Path) -> None:
    await store(folder).save(tracker(5))
    content = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert b"marzipan" not in content and b"conversation-1" not in content and b"next?" not in content


def check_no_words_are_kept_of_what_was_said() -> None:
    kept = json.dumps(compact_events(tracker(5), domain()))
    assert "marzipan" not in kept and "next?" not in kept and "turns" in kept


async def check_without_its_key_nothing_is_read_or_written(folder: Path) -> None:
    own = store(folder)
    await own.save(tracker(5))
    with own._engine.begin() as connection:
        connection.execute(tables.keys.delete())
    assert await own.retrieve("conversation-1") is None
    await own.save(tracker(6))
    give_key(own)
    assert await own.retrieve("conversation-1") is None


async def check_a_late_answer_does_not_come_back_under_a_new_key(folder: Path) -> None:
    own = store(folder)
    await own.save(tracker(5))
    late = await own.retrieve("conversation-1")
    # Deleted, and begun again, while that turn was being answered.
    give_key(own, new=True)
    with own._engine.begin() as connection:
        connection.execute(tables.dialogues.delete())
    await own.save(late)
    assert await own.retrieve("conversation-1") is None


async def check_a_server_that_was_halted_overwrites_nothing(folder: Path) -> None:
    own, other = store(folder), store(folder)
    for known in (False, True):
        begun, awake = asyncio.Event(), asyncio.Event()

        async def halted(begun: asyncio.Event = begun, awake: asyncio.Event = awake) -> None:
            await own.retrieve("conversation-1")
            begun.set()
            await awake.wait()
            await own.save(tracker(9))

        async def meanwhile(turns: int = 4 if known else 2) -> None:
            await other.retrieve("conversation-1")
            # A turn may be kept more than once.
            await other.save(tracker(turns - 1))
            await other.save(tracker(turns))

        late = asyncio.create_task(halted())
        await begun.wait()
        await asyncio.create_task(meanwhile())
        awake.set()
        await late
        kept = await other.retrieve("conversation-1")
        assert kept is not None and kept.get_slot("case") == {"turns": 4 if known else 2}


async def check_a_row_of_the_version_before_goes_on(folder: Path) -> None:
    own = store(folder)
    body = Fernet(own._keys[0]).encrypt(zlib.compress(json.dumps(compact_events(tracker(5), domain())).encode()))
    row = {"conversation": dialogue_key(own._keys[0], "conversation-1"), "body": body, "expires_at": int(time.time()) + 600}
    with own._engine.begin() as connection:
        connection.execute(tables.dialogues.insert().values(**row))
    again = await own.retrieve("conversation-1")
    assert again is not None and again.get_slot("case") == {"turns": 5}
    await own.save(again)
    with own._engine.connect() as connection:
        kept = connection.execute(sa.select(tables.dialogues.c.body)).scalar()
    assert kept != body
    try:
        Fernet(own._keys[0]).decrypt(kept)
    except InvalidToken:
        pass
    else:
        raise AssertionError("it is still sealed with the key of the installation")


async def check_expired_conversations_are_unreadable_and_purged(folder: Path) -> None:
    own = store(folder)
    await own.save(tracker(5))
    database = sa.create_engine(f"sqlite:///{folder / 'x.db'}")
    with database.begin() as connection:
        connection.execute(sa.text("update rasa_conversations set expires_at = 1"))
    assert await own.retrieve("conversation-1") is None
    await store(folder).purge()
    with database.connect() as connection:
        assert connection.execute(sa.text("select count(*) from rasa_conversations")).scalar() == 0


async def check_a_conversation_that_is_kept_lasts_and_a_turn_brings_its_end_no_nearer(folder: Path) -> None:
    kept = store(folder)

    def ends_in_hours() -> float:
        with kept._engine.connect() as connection:
            return (connection.execute(sa.text("select expires_at from rasa_conversations")).scalar() - time.time()) / 3600

    await kept.save(tracker(1))
    assert 0.9 < ends_in_hours() <= 1
    with kept._engine.begin() as connection:
        connection.execute(tables.dialogues.update().values(expires_at=int(time.time()) + 24 * 3600))
    await kept.save(tracker(2))
    assert 23.9 < ends_in_hours() <= 24


async def check_a_clock_that_jumps_deletes_nobody(folder: Path) -> None:
    own, jump = store(folder), [0.0]
    own._clock = SteadyClock(wall=lambda: time.time() + jump[0])
    await own.save(tracker(1))
    jump[0] = 2 * 3600.0
    assert await own.retrieve("conversation-1") is not None
    own._purged = float("-inf")
    await own.purge()
    assert await own.retrieve("conversation-1") is not None


async def check_two_messages_wait_for_each_other() -> None:
    locks, seen = ConversationLocks(), []

    async def turn(number: int) -> None:
        async with locks.lock("c"):
            seen.append(number)
            await asyncio.sleep(0.02)
            seen.append(number)

    await asyncio.gather(*(turn(i) for i in range(4)))
    assert all(seen[i] == seen[i + 1] for i in range(0, 8, 2)), seen


def check_contacts_fall_back() -> None:
    contacts = contacts_in(FIXTURES / "contacts.json").now()
    assert contacts.emergency("en", "DE", "attack") == ["Call 110 now if you can."]
    assert contacts.emergency("en-GB", "DE", "unheard of") == ["Call 110 now if you can."]
    assert contacts.emergency("xx", "DE", None) == ["Call 110 now if you can."]
    assert "112" in contacts.emergency("en", "ZZ", "attack")[0]
    assert "112" in contacts.unavailable("en", None)
    assert contacts.hint("fr", "FR", "attack") != contacts.hint("en", "FR", "attack")


def check_missing_contacts_still_answer(folder: Path) -> None:
    (folder / "broken.json").write_text("[1")
    for name in ("none.json", "broken.json"):
        contacts = contacts_in(folder / name).now()
        assert "112" in contacts.emergency("en", "DE", "attack")[0]
        assert "112" in contacts.unavailable("en", "DE") and "112" in contacts.hint("en", "DE", None)


def check_contacts_are_read_again(folder: Path) -> None:
    file = folder / "again.json"
    file.write_text((FIXTURES / "contacts.json").read_text())
    followed = contacts_in(file)
    assert "110" in followed.now().emergency("en", "DE", "attack")[0]
    file.write_text((FIXTURES / "contacts.json").read_text().replace("Call 110", "Call 1100"))
    assert "1100" in followed.now().emergency("en", "DE", "attack")[0]
    file.write_text("[1")
    assert "1100" in followed.now().emergency("en", "DE", "attack")[0], "old numbers are better than none"


def write_catalogue(folder: Path, language: str, domain_name: str, words: dict[str, str]) -> None:
    place = folder / language / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    catalogue = Catalog(locale=language)
    for source, translated in words.items():
        catalogue.add(source, translated)
    with (place / f"{domain_name}.mo").open("wb") as file:
        write_mo(file, catalogue)


def check_catalogues_fall_back_to_the_base_language_then_english(folder: Path) -> None:
    write_catalogue(folder, "pt", "chat", {"Hello.": "Olá."})
    catalogues = Catalogues(folder)
    assert catalogues.translate("chat", "pt_BR", "Hello.") == "Olá."
    assert catalogues.translate("chat", "pt-BR", "Not there.") == "Not there."
    assert catalogues.translate("danger", "pt", "Hello.") == "Hello."
    assert catalogues.translate("chat", "pt", "") == ""


def generator(folder: Path) -> TranslatedResponses:
    places: dict[str, Any] = {"locales": str(folder), "contacts": str(FIXTURES / "contacts.json")}
    return TranslatedResponses(EndpointConfig(**places), domain())


async def say(responses: TranslatedResponses, name: str, **metadata: Any) -> dict[str, Any]:
    own = domain()
    one = DialogueStateTracker("c", own.slots)
    one.update(SlotSet("asked", "work[0].start"), own)
    parse: Any = {"intent": {"name": "greet"}, "entities": [], "danger": {"kind": "medical", "level": "sure", "score": 1.0}}
    one.update(UserUttered("hi", parse["intent"], [], parse, metadata=metadata), own)
    said = await responses.generate(name, one, "gateway")
    assert said is not None
    return said


async def check_text_and_titles_are_translated_before_filling(folder: Path) -> None:
    write_catalogue(folder, "fr", "chat", {"Hello. You asked {asked}.": "Bonjour : {asked}.", "Estimate": "Estimation"})
    said = await say(generator(folder), "utter_greet", language="fr")
    assert said["text"] == "Bonjour : work[0].start."
    assert said["buttons"] == [{"title": "Estimation", "payload": '/ask_compensation{"value": "yes"}'}]
    assert said["custom"] == {"kind": "text", "extra": 1}


async def check_emergency_follows_kind_country_and_language(folder: Path) -> None:
    responses = generator(folder)
    assert (await say(responses, "utter_emergency", language="en", country="DE"))["text"] == "Call 112 now if you can."
    assert "15" in (await say(responses, "utter_emergency", language="fr", country="FR"))["text"]
    said = await say(responses, "utter_unavailable", language="en", country="DE")
    assert said["custom"]["kind"] == "unavailable" and said["custom"]["messages"] == [said["text"]]
