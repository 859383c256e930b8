"""The gateway says who it is with every request to Rasa and to the action server, also while the secret is changed."""

import httpx

from store.keys import read_keys, rotate


def test_every_request_carries_the_secret_and_a_change_needs_no_restart(run_gateway, new_chat, standin, tmp_path, wait):
    gateway = run_gateway()
    chat = new_chat(gateway.url)

    def carried():
        chat.say("hello")
        assert httpx.get(f"{gateway.url}/readyz", trust_env=False, timeout=10).json()["ready"] is not None
        authorized = httpx.get(f"{standin}/seen", trust_env=False).json()["authorized"]
        return {authorized[path] for path in ("/model/parse", "/webhooks/gateway/messages", "/status", "/webhook")}

    def known_by():
        return f"Bearer {read_keys(tmp_path / 'channel.secret')[0].decode()}"

    first = known_by()
    assert carried() == {first}
    rotate(tmp_path / "channel.secret")
    assert known_by() != first
    # Whether everything works was asked just now, and is not asked again within the second.
    wait(lambda: carried() == {known_by()})
