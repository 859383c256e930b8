"""Key files and settings."""

import base64
import subprocess
import sys
from pathlib import Path

import pytest

from store.keys import KeyFileError, read_keys, read_or_make_key, retire, rotate
from store.settings import SettingsError, load_settings

REPOSITORY = Path(__file__).parents[2]


def test_a_key_is_made_once_private_and_of_32_bytes(tmp_path):
    file = tmp_path / "new" / "conversation.key"
    key = read_or_make_key(file)
    assert len(base64.urlsafe_b64decode(key)) == 32
    assert file.stat().st_mode & 0o777 == 0o600
    assert read_or_make_key(file) == key
    assert [entry.name for entry in file.parent.iterdir()] == ["conversation.key"]


def test_processes_that_start_at_once_get_the_same_key(tmp_path):
    code = "import sys, pathlib; from store.keys import read_or_make_key; print(read_or_make_key(pathlib.Path(sys.argv[1])).decode())"
    command = [sys.executable, "-c", code, str(tmp_path / "k")]
    running = [subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE) for _ in range(6)]
    assert len({process.communicate(timeout=60)[0] for process in running}) == 1


def test_a_key_file_open_to_others_is_closed(tmp_path):
    file = tmp_path / "k"
    key = read_or_make_key(file)
    file.chmod(0o644)
    assert read_or_make_key(file) == key
    assert file.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("content", [b"", b"short", b"!" * 44])
def test_a_file_without_a_key_is_never_overwritten(tmp_path, content):
    file = tmp_path / "k"
    file.write_bytes(content)
    with pytest.raises(KeyFileError, match="Restore it from a backup"):
        read_or_make_key(file)
    assert file.read_bytes() == content


def test_a_new_key_comes_first_and_the_old_ones_stay_until_they_are_retired(tmp_path):
    file = tmp_path / "k"
    first = read_or_make_key(file)
    rotate(file)
    second = read_or_make_key(file)
    rotate(file)
    assert second != first and read_keys(file) == [read_or_make_key(file), second, first]
    assert file.stat().st_mode & 0o777 == 0o600
    assert (retire(file), retire(file)) == (2, 0)
    assert len(read_keys(file)) == 1 and read_or_make_key(file) not in (first, second)
    assert [entry.name for entry in tmp_path.iterdir()] == ["k"]


def test_one_bad_line_makes_a_key_file_unusable_and_stays(tmp_path):
    file = tmp_path / "k"
    read_or_make_key(file)
    file.write_bytes(content := file.read_bytes() + b"short\n")
    for use in (read_keys, rotate, retire):
        with pytest.raises(KeyFileError):
            use(file)
    assert file.read_bytes() == content


def test_a_key_file_that_is_mounted_read_only_is_read(tmp_path):
    key = read_or_make_key(tmp_path / "k")
    link = tmp_path / "mounted"
    link.symlink_to(tmp_path / "k")
    (tmp_path / "k").chmod(0o400)
    assert read_keys(link) == [key]


def test_key_files_may_lie_elsewhere(tmp_path):
    settings = load_settings({"REDRESS_CHANNEL_SECRET_FILE": str(tmp_path / "s"), "REDRESS_CONVERSATION_KEY_FILE": str(tmp_path / "c")})
    assert (settings.channel_secret_file, settings.conversation_key_file) == (tmp_path / "s", tmp_path / "c")
    settings = load_settings({"REDRESS_DATA_DIR": str(tmp_path)})
    assert (settings.channel_secret_file, settings.conversation_key_file) == (tmp_path / "channel.secret", tmp_path / "conversation.key")
    assert not settings.secret_always and load_settings({"REDRESS_SECRET_ALWAYS": "1"}).secret_always


def test_settings_have_the_documented_defaults():
    settings = load_settings({})
    assert settings.data_dir == REPOSITORY / "var"
    assert settings.database_url == f"sqlite:///{REPOSITORY / 'var' / 'redress.db'}"
    assert settings.dialogue_urls == (("http://127.0.0.1:5005", "http://127.0.0.1:5055/webhook"),)
    assert (settings.redis_url, settings.default_country, settings.idle_minutes) == (None, None, 60)
    assert settings.contacts_file == settings.data_dir / "contacts.json"
    # None: the weather of the country.
    assert settings.leave_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [("REDRESS_IDLE_MINUTES", "0"), ("REDRESS_IDLE_MINUTES", "soon"), ("REDRESS_LEAVE_URL", "javascript:x")],
)
def test_a_bad_setting_is_named(name, value):
    with pytest.raises(SettingsError, match=name):
        load_settings({name: value})


def test_several_rasa_servers_have_one_action_server_each_or_one_for_all():
    several = {"REDRESS_RASA_URL": "http://a:5005/, http://b:5005"}
    each = {"REDRESS_ACTIONS_URL": "http://a:5055/webhook,http://b:5055/webhook"}
    assert load_settings(several | each).dialogue_urls == (
        ("http://a:5005", "http://a:5055/webhook"),
        ("http://b:5005", "http://b:5055/webhook"),
    )
    one = {"REDRESS_ACTIONS_URL": "http://c:5055/webhook"}
    assert load_settings(several | one).dialogue_urls == (("http://a:5005", "http://c:5055/webhook"), ("http://b:5005", "http://c:5055/webhook"))
    with pytest.raises(SettingsError, match="REDRESS_RASA_URL has 1 addresses and REDRESS_ACTIONS_URL has 2"):
        load_settings(each)
