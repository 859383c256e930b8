"""Half a messenger is an error at the start that says what is missing, and shows no secret."""

import pytest

from store.sealing import Sealer
from store.settings import SettingsError, load_settings

SID = "AC" + "a" * 32


def test_without_settings_both_are_off():
    settings = load_settings({})
    assert (settings.telegram, settings.twilio, settings.public_url) == (None, None, None)


def test_both_may_be_on():
    settings = load_settings(
        {
            "REDRESS_TELEGRAM_TOKEN": "1:abc",
            "REDRESS_TELEGRAM_SECRET": "s" * 16,
            "REDRESS_TWILIO_ACCOUNT_SID": SID,
            "REDRESS_TWILIO_AUTH_TOKEN": "t" * 32,
            "REDRESS_TWILIO_ADDRESS": "https://help.example/messengers/twilio",
            "REDRESS_PUBLIC_URL": "https://help.example/",
        }
    )
    assert settings.telegram is not None
    assert settings.telegram.api == "https://api.telegram.org"
    assert settings.public_url == "https://help.example"
    for secret in ("1:abc", "s" * 16, "t" * 32):
        assert secret not in repr(settings)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"TELEGRAM_TOKEN": "1:abc"}, "REDRESS_TELEGRAM_SECRET is not"),
        ({"TELEGRAM_SECRET": "s" * 16}, "REDRESS_TELEGRAM_TOKEN is not"),
        ({"TELEGRAM_TOKEN": "abc", "TELEGRAM_SECRET": "s" * 16}, "REDRESS_TELEGRAM_TOKEN is not a bot's token"),
        ({"TELEGRAM_TOKEN": "1:abc", "TELEGRAM_SECRET": "two words, secret"}, "REDRESS_TELEGRAM_SECRET must have"),
        ({"TWILIO_AUTH_TOKEN": "t"}, "REDRESS_TWILIO_ACCOUNT_SID and REDRESS_TWILIO_ADDRESS is not"),
        (
            {"TWILIO_ACCOUNT_SID": "x", "TWILIO_AUTH_TOKEN": "t", "TWILIO_ADDRESS": "https://a"},
            "REDRESS_TWILIO_ACCOUNT_SID is no account",
        ),
        (
            {"TWILIO_ACCOUNT_SID": SID, "TWILIO_AUTH_TOKEN": "t", "TWILIO_ADDRESS": "help.example"},
            "REDRESS_TWILIO_ADDRESS is 'help.example'; it must start with https://",
        ),
        ({"PUBLIC_URL": "help.example"}, "REDRESS_PUBLIC_URL is 'help.example'"),
    ],
)
def test_half_a_messenger_is_an_error_that_says_what_is_missing(given, said):
    with pytest.raises(SettingsError) as error:
        load_settings({f"REDRESS_{name}": value for name, value in given.items()})
    assert said in str(error.value)
    assert "secret" not in str(error.value)


def test_the_id_of_a_sender_is_the_same_every_time_and_says_nothing():
    one, other = Sealer(b"a" * 43 + b"="), Sealer(b"b" * 43 + b"=")
    sender = one.sender_id("sms", "+49151")
    assert sender == one.sender_id("sms", "+49151")
    assert len({sender, one.sender_id("whatsapp", "+49151"), one.sender_id("sms", "+49152"), other.sender_id("sms", "+49151")}) == 4
    assert len(sender) == 32
