"""Who waits sees that it goes on: a moving line on a terminal, a line of its own elsewhere."""

import io
import time

from bot.waiting import Waiting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def wait_for(out: io.StringIO, text: str) -> None:
    until = time.monotonic() + 20
    while text not in out.getvalue():
        assert time.monotonic() < until, out.getvalue()
        time.sleep(0.01)


def test_elsewhere_each_sign_of_life_is_a_line_that_says_what_is_done():
    out = io.StringIO()
    with Waiting("learning facts", 60, out, every=0.02) as waiting:
        wait_for(out, "s of about 60 s: learning facts\n")
        waiting.words("packing")
        wait_for(out, ": packing\n")
        waiting.say("a word about the data")
    assert "\r" not in out.getvalue() and "\na word about the data\n" in "\n" + out.getvalue()


def test_on_a_terminal_the_line_is_written_over_and_nothing_of_it_is_left():
    out = Terminal()
    with Waiting("learning facts", 60, out, every=0.02) as waiting:
        wait_for(out, "learning facts")
        waiting.say("stays")
    assert "\r\033[Kstays\n" in out.getvalue() and out.getvalue().endswith("\r\033[K")


def test_what_takes_longer_than_expected_keeps_a_full_bar_and_goes_on_counting():
    out = io.StringIO()
    with Waiting("learning", 1, out, every=0.02):
        wait_for(out, "[" + "#" * 24 + "] 1 s")
