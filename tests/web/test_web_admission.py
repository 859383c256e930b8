"""Who may ask Rasa: a place for urgent texts is always free, long ones share one, an address has its share."""

from __future__ import annotations

import asyncio

import pytest

from web.admission import LONG, PLACES, STRANGERS_AT_ONCE, Admission, NotAdmittedError
from web.places import Places
from web.state import ConversationState


def run(work):
    return asyncio.run(work)


def test_ordinary_texts_leave_a_place_for_urgent_ones():
    async def work():
        admission = Admission(30)
        held = [admission.place("hello", False, 0.2) for _ in range(PLACES - 1)]
        for place in held:
            await place.__aenter__()
        with pytest.raises(NotAdmittedError):
            async with admission.place("hello", False, 0.05):
                pass
        async with admission.place("help", True, 0.05):
            with pytest.raises(NotAdmittedError):
                async with admission.place("help", True, 0.05):
                    pass
        await held[0].__aexit__(None, None, None)
        async with admission.place("hello", False, 0.05):
            pass

    run(work())


def test_long_texts_share_one_place_and_whoever_waits_in_vain_leaves_nothing_behind():
    async def work():
        admission = Admission(30)
        async with admission.place("x" * (LONG + 1), False, 0.05):
            for _ in range(5):
                with pytest.raises(NotAdmittedError):
                    async with admission.place("x" * (LONG + 1), False, 0.01):
                        pass
            async with admission.place("short", False, 0.05):
                pass
        async with admission.place("x" * (LONG + 1), False, 0.05):
            pass

    run(work())


def test_an_answer_that_nobody_waits_for_is_not_asked_for():
    async def gone():
        return False

    async def work():
        admission = Admission(30)
        with pytest.raises(NotAdmittedError):
            async with admission.place("hello", False, 0.1, gone):
                pass
        async with admission.place("hello", False, 0.05):
            pass

    run(work())


def test_an_address_has_its_share_and_gets_it_back(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("web.admission.time.monotonic", lambda: now[0])
    admission = Admission(30)
    assert all(admission.allows("a") for _ in range(300)) and not admission.allows("a")
    assert admission.allows("b")
    assert sum(admission.allows_stranger("a") for _ in range(500)) == STRANGERS_AT_ONCE
    now[0] += 5
    assert sum(admission.allows("a") for _ in range(500)) == 150
    assert sum(admission.allows_stranger("a") for _ in range(500)) == 25


def test_a_place_is_kept_without_words_or_ids_and_goes_with_the_conversation(monkeypatch):
    now = [0.0]
    monkeypatch.setattr("web.places.time.monotonic", lambda: now[0])
    places = Places(60, lambda conversation: f"key of {len(conversation)}")
    places.remember("secret", ConversationState(language="ar", country="DE", region="DE-BY", open_fact="work[0].paid"))
    assert "secret" not in repr(places.__dict__)
    known = places.recall("secret")
    assert (known.language, known.country, known.region, known.open_fact) == ("ar", "DE", "DE-BY", "work[0].paid")
    places.forget("secret")
    assert places.recall("secret") is None
    places.remember("secret", ConversationState(language="ar"))
    now[0] = 3601
    assert places.recall("secret") is None
