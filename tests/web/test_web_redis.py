"""Several gateways: a conversation is one line of turns, whichever process a message reaches."""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor


def test_two_gateways_take_the_turns_of_a_conversation_one_after_the_other(run_gateway, redis_url, new_chat, standin):
    gateways = [run_gateway(REDRESS_REDIS_URL=redis_url) for _ in range(2)]
    chat = new_chat(gateways[0].url)
    other = new_chat(gateways[1].url)
    other.id = chat.id
    with ThreadPoolExecutor(4) as pool:
        answers = [pool.submit(c.say, f"SLOW {n}") for n, c in enumerate([chat, other, chat, other])]
        assert all(answer.result()[0]["text"].startswith("You said: SLOW") for answer in answers)
    turns = sorted(chat.turns(standin), key=lambda turn: turn["start"])
    assert len(turns) == 4
    assert all(before["end"] <= after["start"] for before, after in itertools.pairwise(turns))


def test_without_redis_the_answer_still_comes(run_gateway, new_chat):
    gateway = run_gateway(REDRESS_REDIS_URL="redis://127.0.0.1:1/0")
    begun = time.monotonic()
    assert new_chat(gateway.url).say("hello")[0]["text"] == "You said: hello"
    assert time.monotonic() - begun < 3
