"""The real dialogue behind a messenger: the interview by SMS."""

import os
import subprocess
import sys

import httpx
import pytest

pytestmark = pytest.mark.stack


@pytest.fixture
def real_gateway(stack, both_on, new_port, wait, tmp_path):
    """A second gateway in front of the real servers, with the messengers on."""
    port = new_port()
    environment = both_on | {
        "REDRESS_DATA_DIR": str(stack.data_dir),
        "REDRESS_RASA_URL": stack.rasa_url,
        "REDRESS_ACTIONS_URL": stack.actions_url,
    }
    command = [sys.executable, "-m", "web.server", "--port", str(port)]
    url = f"http://127.0.0.1:{port}"

    def answers():
        try:
            return httpx.get(f"{url}/readyz", trust_env=False).json()["ready"]
        except httpx.TransportError:
            return False

    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | environment, stdout=log, stderr=log)
    try:
        wait(answers, 30)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def test_an_interview_by_sms(real_gateway, new_twilio):
    phone = new_twilio(real_gateway)
    story = "i worked in a restaurant in germany and they did not pay me, how much money can i claim"
    (first,) = phone.write(story)
    assert "Write DELETE to delete what I keep." in first
    for _again in range(5):
        # Servers that have just started on a busy machine may not answer in time: then she is told to try again, and does.
        if "I cannot answer right now." in first:
            (first,) = phone.write(story)
    # What was told is said back first: the country, the work.
    assert "This is what I understood:" in first and "1. All right" in first
    adult = phone.write("1")[0]
    assert "Are you 18 or older?" in adult and "1. Yes\n2. No" in adult
    assert "When did it begin?" in phone.write("1")[0]
    (danger,) = phone.write("he is at the door, he is going to kill me")
    assert danger.startswith("Call 110 now")
    assert "When did it begin?" in phone.write("ok i am safe now")[0]
    begun = phone.write("1 january 2025")[0]
    assert begun.startswith("I understood: it began: January 1, 2025.") and "When did it end?" in begun
    assert "a) 20 to 40" in phone.write("30 june 2025")[0]
    paid = phone.write("60")[0]
    assert "60 hours a week" in paid and "How much money did you really get?" in paid
    # Either all of it, or here and in the other part within the hour: on a busy machine that part may not answer in time.
    assert phone.write("delete")[0].startswith(("I have deleted", "Your words are deleted here."))
    assert "Write DELETE" in phone.write("hello")[0]


def test_a_language_by_its_own_name(real_gateway, new_twilio):
    phone = new_twilio(real_gateway)
    phone.write("hello")
    if not phone.offered:
        pytest.skip("only English is compiled")
    assert "Bonjour." in phone.write("Français")[0]
