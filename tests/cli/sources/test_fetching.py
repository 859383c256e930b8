"""Pages of a real server that answers in every bad way."""

from __future__ import annotations

import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime

import pytest

from cli.sources.checking import looked_at
from cli.sources.fetching import MOST_HOPS, MOST_UNANSWERED, Guest, Manners
from store.rules.sources import Answer, Known, Seen
from tests.cli.sources.site import Request, Site, running

QUICK = Manners(pause=0.01, connect=1, silence=0.3, page=1, back_off=0.05, most_wait=0.5, second_look=0.01, most_bytes=200_000)
LAW = "<main><h1>Minimum wage</h1><p>13.90 an hour</p></main>"


def today() -> date:
    return date(2026, 11, 3)


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as one:
        yield one


def look(site: Site, path: str, known: Seen | None = None, manners: Manners = QUICK) -> Seen:
    before = Known(site.url(path), known.blocks, known.etag, known.last_modified) if known else Known(site.url(path))
    return Guest(manners, today).look(before)


def answers(status: int, **headers: str) -> Callable[[Request], None]:
    return lambda request: request.say("<p>Sorry</p>", status, **headers)


def leads(to: str, status: int = 301) -> Callable[[Request], None]:
    return lambda request: request.say("", status, Location=to)


def test_a_page_that_answers_is_remembered_and_found_the_same_again(site: Site) -> None:
    site.pages["/law"] = LAW
    first = look(site, "/law")
    assert first.answer is Answer.ANSWERS and first.blocks is not None and len(first.blocks) == 2
    assert look(site, "/law", first).answer is Answer.ANSWERS


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (404, Answer.DEAD),
        (410, Answer.DEAD),
        (401, Answer.BARRED),
        (403, Answer.BARRED),
        (451, Answer.BARRED),
        (500, Answer.SILENT),
        (503, Answer.SILENT),
    ],
)
def test_each_bad_answer_by_its_name(site: Site, status: int, answer: Answer) -> None:
    site.pages["/law"] = answers(status)
    found = look(site, "/law")
    assert (found.answer, found.detail, found.blocks) == (answer, str(status), None)
    # What may be over in a moment is asked again, and nothing else is.
    assert len(site.paths()) == (QUICK.tries if status >= 500 else 1)


def test_a_server_that_stumbles_once_has_answered(site: Site) -> None:
    turn = itertools.count()
    site.pages["/law"] = lambda request: request.say(LAW, 500 if next(turn) == 0 else 200)
    assert look(site, "/law").answer is Answer.ANSWERS


@pytest.mark.parametrize("written", ["seconds", "date"])
def test_a_site_that_asks_to_wait_is_waited_for(site: Site, written: str) -> None:
    manners = replace(QUICK, most_wait=3.0)
    turn = itertools.count()

    def busy(request: Request) -> None:
        asked = "1" if written == "seconds" else format_datetime(datetime.now(UTC) + timedelta(seconds=2.5), usegmt=True)
        request.say("" if next(turn) == 0 else LAW, 429 if len(site.paths()) == 1 else 200, Retry_After=asked)

    site.pages["/law"] = busy
    assert look(site, "/law", manners=manners).answer is Answer.ANSWERS
    times = [at for path, at, _ in site.asked if path == "/law"]
    assert times[1] - times[0] >= (1.0 if written == "seconds" else 1.4)


@pytest.mark.parametrize("asked", ["86400", "soon", "-5", "Thu, 99 Foo 2026"])
def test_no_site_can_keep_us_waiting_for_ever(site: Site, asked: str) -> None:
    site.pages["/law"] = answers(429, Retry_After=asked)
    begun = time.monotonic()
    found = look(site, "/law")
    assert (found.answer, found.detail) == (Answer.BARRED, "429")
    # Waits two times at most, each as long as `most_wait`.
    assert time.monotonic() - begun < 30


def test_a_page_that_drips_and_one_that_says_nothing_are_silent(site: Site) -> None:
    def drips(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Length", "100000")
        request.end_headers()
        for _ in range(100):
            request.wfile.write(b"<p>a</p>")
            request.wfile.flush()
            time.sleep(0.05)

    site.pages["/drips"] = drips
    site.pages["/hangs"] = lambda request: time.sleep(1.5)
    manners = replace(QUICK, tries=1)
    assert look(site, "/drips", manners=manners).answer is Answer.SILENT
    assert look(site, "/hangs", manners=manners).answer is Answer.SILENT


def test_half_an_answer_is_none(site: Site) -> None:
    def half(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.send_header("Content-Length", "5000")
        request.end_headers()
        request.wfile.write(b"<p>13.90")
        request.close_connection = True

    def reset(request: Request) -> None:
        request.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.connection.close()
        request.close_connection = True

    def nonsense(request: Request) -> None:
        request.wfile.write(b"this is no HTTP at all\r\n\r\n")
        request.close_connection = True

    site.pages.update({"/half": half, "/reset": reset, "/nonsense": nonsense})
    for path in ("/half", "/reset", "/nonsense"):
        found = look(site, path)
        assert (found.answer, found.blocks) == (Answer.SILENT, None), path


def test_nobody_at_home_and_addresses_that_are_none() -> None:
    with running() as gone:
        url = gone.url("/law")
    guest = Guest(QUICK, today)
    for nowhere in (url, "http://no-such-host.invalid/law", "http:///law", "ftp://127.0.0.1/law", "http://[::1/law", "http://127.0.0.1:99999/"):
        assert guest.look(Known(nowhere)).answer is Answer.SILENT, nowhere


def test_a_site_that_is_away_is_left_alone_for_the_rest_of_the_round(site: Site) -> None:
    site.pages["/robots.txt"] = ""

    def slams(request: Request) -> None:
        request.close_connection = True

    site.pages.update({f"/{number}": slams for number in range(20)})
    found = list(looked_at([Known(site.url(f"/{number}")) for number in range(20)], QUICK, 4, today))
    assert {one.answer for one in found} == {Answer.SILENT} and len(found) == 20
    assert len(site.paths()) == MOST_UNANSWERED
    # The next round asks it again.
    site.pages["/0"] = LAW
    assert look(site, "/0").answer is Answer.ANSWERS


def test_a_page_that_never_ends_is_read_as_far_as_we_read(site: Site) -> None:
    def endless(request: Request) -> None:
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.end_headers()
        request.close_connection = True
        for number in itertools.count():
            request.wfile.write(b"<p>%d</p>" % number * 100)

    site.pages["/law"] = endless
    found = look(site, "/law", manners=replace(QUICK, page=5))
    assert found.answer is Answer.ANSWERS and found.blocks


def test_what_moved_for_good_is_told_and_what_moved_for_now_is_not(site: Site) -> None:
    site.pages.update({"/new/place": LAW, "/old": leads("/new/place"), "/now": leads("/new/place", 302), "/both": leads("/now", 308)})
    moved = look(site, "/old")
    assert (moved.answer, moved.detail) == (Answer.MOVED, site.url("/new/place")) and moved.blocks
    assert look(site, "/now").answer is Answer.ANSWERS
    assert look(site, "/both").answer is Answer.ANSWERS


def test_a_slash_at_the_end_is_no_move(site: Site) -> None:
    site.pages.update({"/law": leads("/law/"), "/law/": LAW})
    assert look(site, "/law").answer is Answer.ANSWERS


@pytest.mark.parametrize("front", ["/", "/en/", "/index.html", "/de", "/home"])
def test_a_page_that_leads_to_the_front_page_is_gone(site: Site, front: str) -> None:
    site.pages.update({"/laws/12": leads(front, 302), front: "<p>Welcome</p>"})
    found = look(site, "/laws/12")
    assert (found.answer, found.detail) == (Answer.DEAD, site.url(front))


def test_a_front_page_of_a_language_is_no_dead_page(site: Site) -> None:
    site.pages.update({"/": leads("/en", 302), "/en": "<p>Welcome</p>"})
    assert look(site, "/").answer is Answer.ANSWERS


def test_pages_that_lead_in_a_circle_or_nowhere(site: Site) -> None:
    site.pages.update({"/a": leads("/b"), "/b": leads("/a"), "/out": leads("mailto:nobody@example.org"), "/odd": leads("http://[broken")})
    for path in ("/a", "/out", "/odd"):
        assert look(site, path, manners=replace(QUICK, tries=1)).answer is Answer.SILENT
    assert site.paths().count("/a") + site.paths().count("/b") == MOST_HOPS
    site.pages["/lost"] = answers(302)
    assert look(site, "/lost").answer is Answer.SILENT


def test_robots_are_kept(site: Site) -> None:
    site.pages.update({"/robots.txt": "User-agent: *\nDisallow: /laws/\n", "/laws/1": LAW, "/open": LAW, "/way": leads("/laws/1")})
    assert look(site, "/laws/1").answer is Answer.BARRED and "/laws/1" not in site.paths()
    assert look(site, "/open").answer is Answer.ANSWERS
    # Also where another page leads there.
    assert look(site, "/way").answer is Answer.BARRED and "/laws/1" not in site.paths()
    site.pages["/robots.txt"] = "User-agent: Redress-sources\nDisallow: /\n\nUser-agent: *\nAllow: /\n"
    assert look(site, "/open").detail == "robots.txt"


def test_robots_that_are_not_there_allow_and_robots_of_a_broken_server_do_not(site: Site) -> None:
    site.pages["/law"] = LAW
    assert look(site, "/law").answer is Answer.ANSWERS
    site.asked.clear()
    site.pages["/robots.txt"] = answers(500)
    assert look(site, "/law").answer is Answer.SILENT and site.paths() == []
    site.pages["/robots.txt"] = "<html>\x00 no rules at all"
    assert look(site, "/law").answer is Answer.ANSWERS
    site.pages.update({"/robots.txt": leads("/robots"), "/robots": "User-agent: *\nDisallow: /law"})
    assert look(site, "/law").answer is Answer.BARRED


def test_a_pause_is_made_between_two_pages_of_a_site_and_the_one_it_asks_for(site: Site) -> None:
    site.pages.update({f"/{number}": LAW for number in range(4)})
    pages = [Known(site.url(f"/{number}")) for number in range(4)]
    manners = replace(QUICK, pause=0.2)
    assert len(list(looked_at(pages, manners, 8, today))) == 4
    times = sorted(at for _, at, _ in site.asked)
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.19 and site.most_at_once == 1
    site.asked.clear()
    site.pages["/robots.txt"] = "User-agent: *\nCrawl-delay: 1\n"
    list(looked_at(pages[:2], replace(manners, most_wait=0.4), 8, today))
    times = sorted(at for _, at, _ in site.asked)
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.39


def test_several_sites_are_asked_at_once() -> None:
    met = threading.Barrier(3, timeout=10)
    with running() as one, running() as two, running() as three:
        for site in (one, two, three):
            site.pages["/law"] = lambda request: (met.wait(), request.say(LAW))[1]
        found = list(
            looked_at([Known(site.url("/law")) for site in (one, two, three)], replace(QUICK, silence=12, page=12, second_look=0), 3, today)
        )
    # Each waits for the others: one after the other would get no answer.
    assert len(found) == 3


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    def kept(request: Request) -> None:
        if request.headers.get("If-None-Match") == '"a1"':
            request.say("", 304, ETag='"a1"')
        else:
            request.say(LAW, ETag='"a1"')

    site.pages["/law"] = kept
    first = look(site, "/law")
    assert first.etag == '"a1"'
    again = look(site, "/law", first)
    assert (again.answer, again.blocks) == (Answer.ANSWERS, None)
    site.pages["/dated"] = lambda request: request.say(
        *(("", 304) if "If-Modified-Since" in request.headers else (LAW, 200)), Last_Modified="Mon, 02 Nov 2026 10:00:00 GMT"
    )
    first = look(site, "/dated")
    assert look(site, "/dated", first).blocks is None
    # A page that says so to somebody who has never read it says nothing.
    site.pages["/odd"] = answers(304)
    assert look(site, "/odd").answer is Answer.SILENT


def test_a_real_change_is_seen_and_how_much_of_it(site: Site) -> None:
    site.pages["/law"] = LAW
    first = look(site, "/law")
    site.pages["/law"] = LAW.replace("13.90", "14.60")
    changed = look(site, "/law", first)
    assert (changed.answer, changed.detail) == (Answer.CHANGED, "+1 -1")
    assert look(site, "/law", changed).answer is Answer.ANSWERS


def test_what_moves_by_itself_is_no_change(site: Site) -> None:
    turn = itertools.count()
    noise = lambda request: request.say(LAW.replace("</main>", f"<p>You are visitor {next(turn)}</p></main>"))  # noqa: E731
    site.pages["/law"] = noise
    first = look(site, "/law")
    assert first.blocks is not None and len(first.blocks) == 2
    for _ in range(3):
        assert look(site, "/law", first).answer is Answer.ANSWERS
    # One of three sayings of the day: the two looks may meet the same one and learn that it moves later.
    sayings = itertools.cycle(("a", "a", "b"))
    site.pages["/days"] = lambda request: request.say(LAW.replace("</main>", f"<p>Saying {next(sayings)}</p></main>"))
    seen = look(site, "/days")
    found = []
    for _ in range(6):
        seen_now = look(site, "/days", seen)
        found.append(seen_now.answer)
        seen = seen_now if seen_now.blocks is not None else seen
    assert found.count(Answer.CHANGED) <= 2
    # And a real change is seen through the noise.
    site.pages["/law"] = lambda request: request.say(LAW.replace("13.90", "14.60").replace("</main>", f"<p>Visitor {next(turn)}</p></main>"))
    assert look(site, "/law", first).answer is Answer.CHANGED


def test_a_page_that_breaks_at_the_second_look_keeps_what_was_known(site: Site) -> None:
    site.pages["/law"] = LAW
    first = look(site, "/law")
    turn = itertools.count()
    site.pages["/law"] = lambda request: request.say(LAW.replace("13.90", "14.60"), 200 if next(turn) == 0 else 404)
    found = look(site, "/law", first)
    assert (found.answer, found.blocks) == (Answer.ANSWERS, first.blocks)


@pytest.mark.parametrize(
    ("content", "headers"),
    [
        ("<p>Höchstsatz 13,90 €</p>".encode("cp1252"), {"Content-Type": "text/html; charset=windows-1252"}),
        ('<meta charset="windows-1252"><p>Höchstsatz 13,90 €</p>'.encode("cp1252"), {"Content-Type": "text/html"}),
        ("<p>Höchstsatz 13,90 €</p>".encode(), {"Content-Type": "text/html"}),
    ],
)
def test_letters_are_read_as_the_page_says(site: Site, content: bytes, headers: dict[str, str]) -> None:
    site.pages["/plain"] = "<p>Höchstsatz 13,90 €</p>"
    site.pages["/law"] = lambda request: request.say(content, 200, **headers)
    assert look(site, "/law").blocks == look(site, "/plain").blocks


def test_letters_of_no_kind_are_told_as_no_answer(site: Site) -> None:
    site.pages["/law"] = lambda request: request.say(LAW, 200, Content_Type="text/html; charset=klingon")
    assert look(site, "/law").answer is Answer.SILENT


def test_a_page_without_text_says_that_a_person_has_to_look(site: Site) -> None:
    site.pages["/law"] = "<html><body><div id=app></div><script src=app.js></script></body></html>"
    found = look(site, "/law")
    assert (found.answer, found.detail) == (Answer.BARRED, "no text")


def test_we_say_who_we_are_and_take_nothing_along(site: Site) -> None:
    site.pages["/law"] = lambda request: request.say(LAW, Set_Cookie="who=1")
    guest = Guest(QUICK, today)
    guest.look(Known(site.url("/law")))
    guest.look(Known(site.url("/law")))
    for _, _, headers in site.asked:
        assert headers["User-Agent"].startswith("Redress-sources/")
        assert "Cookie" not in headers and "Referer" not in headers


def test_a_round_that_is_closed_ends_soon_and_leaves_the_rest(site: Site) -> None:
    site.pages.update({f"/{number}": LAW for number in range(50)})
    round_ = looked_at([Known(site.url(f"/{number}")) for number in range(50)], replace(QUICK, pause=0.05), 2, today)
    next(round_)
    round_.close()
    assert len(set(site.paths())) < 10


def test_a_page_that_breaks_our_reading_holds_nobody_up(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page of the round comes, this one as one that could not be read."""
    site.pages.update({"/law": LAW, "/odd": LAW})

    def broken(self: Guest, known: Known) -> Seen:
        if known.url.endswith("/odd"):
            raise RecursionError
        return reading(self, known)

    reading = Guest.look
    monkeypatch.setattr(Guest, "look", broken)
    found = {one.url: one for one in looked_at([Known(site.url("/odd")), Known(site.url("/law"))], QUICK, 2, today)}
    assert found[site.url("/odd")] == Seen(site.url("/odd"), Answer.SILENT, "RecursionError")
    assert found[site.url("/law")].answer is Answer.ANSWERS
