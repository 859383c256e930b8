"""One page after the other from the sites of others, as a polite guest: their robots.txt is kept, pauses are made, a full site is left alone."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit
from urllib.robotparser import RobotFileParser

import requests
from urllib3.exceptions import HTTPError

from cli.sources.text import blocks
from store.rules.sources import Answer, Known, Seen

OK, NOT_MODIFIED = 200, 304
FOR_GOOD, FOR_NOW = (301, 308), (302, 303, 307)
GONE = (404, 410)
#: The site does not want a program, or not this one.
CLOSED = (401, 402, 403, 405, 406, 407, 429, 451)
SERVER_AT_FAULT = 500
MOST_HOPS = 8
CHUNK = 65_536
#: A site that gave no answer to so many tries is left alone for the rest of the round.
MOST_UNANSWERED = 6
#: A front page: of a site, or of one of its languages.
FRONT = re.compile(r"/?([a-z]{2}(-[a-z]{2})?)?/?(index\.\w+|home|startseite|default\.\w+)?/?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Manners:
    """How we behave. Seconds throughout."""

    agent: str = "Redress-sources/1 (checks whether the sources of legal information still answer)"
    #: Between two pages of one site; a site may ask for more, up to `most_wait`.
    pause: float = 2.0
    connect: float = 10.0
    silence: float = 30.0
    #: For a whole page, however slowly it drips.
    page: float = 90.0
    tries: int = 3
    #: Before the second try; twice as long before each further one.
    back_off: float = 3.0
    most_wait: float = 60.0
    most_bytes: int = 30_000_000
    #: Before a page is read a second time, to see what of it moves by itself.
    second_look: float = 3.0


class BarredError(Exception):
    """The site lets no program read this page; the text says what it answered."""


class AwayError(requests.RequestException):
    """The site gave no answer to several tries of this round."""


#: No answer at all, or half of one.
UNANSWERED = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)


@dataclass
class _Site:
    lock: threading.Lock = field(default_factory=threading.Lock)
    robots: RobotFileParser | None = None
    next_at: float = 0.0
    pause: float = 0.0
    #: Tries one after the other that got no answer at all.
    unanswered: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    response: requests.Response
    content: bytes
    url: str
    moved: bool


class Guest:
    """Reads pages. One may serve several threads, each with pages of sites of its own; redirections into a common site wait for each other."""

    def __init__(self, manners: Manners, today: Callable[[], date], stopped: threading.Event | None = None) -> None:
        self._manners, self._today = manners, today
        self._stopped = stopped or threading.Event()
        self._sites: dict[str, _Site] = {}
        self._lock = threading.Lock()
        self._own = threading.local()

    def look(self, known: Known) -> Seen:
        """What a page answers, and whether it still says what it said."""
        try:
            return self._look(known)
        except BarredError as error:
            return Seen(known.url, Answer.BARRED, str(error))
        except requests.RequestException as error:
            return Seen(known.url, Answer.SILENT, type(error).__name__.removesuffix("Error"))
        except (ValueError, LookupError) as error:
            # An address that is none, an encoding nobody knows.
            return Seen(known.url, Answer.SILENT, str(error)[:200])

    def _look(self, known: Known) -> Seen:
        headers = {"If-None-Match": known.etag} if known.etag else {"If-Modified-Since": known.last_modified} if known.last_modified else {}
        read = self._patient(known.url, headers if known.blocks is not None else {})
        status = read.response.status_code
        if status == NOT_MODIFIED and known.blocks is not None:
            return Seen(known.url, Answer.ANSWERS)
        if status in GONE:
            return Seen(known.url, Answer.DEAD, str(status))
        if status in CLOSED:
            return Seen(known.url, Answer.BARRED, str(status))
        if status != OK:
            return Seen(known.url, Answer.SILENT, str(status))
        if read.url != known.url and _leads_to_the_front(known.url, read.url):
            return Seen(known.url, Answer.DEAD, read.url)
        if not (now := self._compared(known, read)):
            # A page that a program of its own writes in the reader's browser: its text is not in what was sent.
            return Seen(known.url, Answer.BARRED, "no text")
        answer, detail = Answer.ANSWERS, ""
        if known.blocks is not None and now != known.blocks:
            answer, detail = Answer.CHANGED, f"+{len(now - known.blocks)} -{len(known.blocks - now)}"
        elif read.moved and not _same_place(known.url, read.url):
            answer, detail = Answer.MOVED, read.url
        got = read.response.headers
        return Seen(known.url, answer, detail, now, got.get("ETag"), got.get("Last-Modified"))

    def _compared(self, known: Known, read: _Read) -> frozenset[str]:
        """The paragraphs that stay. One that is other a moment later moves by itself: it is kept out, and its coming and going is no news."""
        first = self._blocks(read)
        if first == known.blocks:
            return first
        self._wait(self._manners.second_look)
        again = self._patient(known.url, {})
        if again.response.status_code != OK:
            # Nothing to compare with: the next round decides.
            return first if known.blocks is None else known.blocks
        second = self._blocks(again)
        stay = first & second
        if known.blocks is not None and stay <= known.blocks <= first | second:
            return known.blocks
        return stay

    def _blocks(self, read: _Read) -> frozenset[str]:
        media_type = read.response.headers.get("Content-Type", "").partition(";")[0].strip().casefold()
        encoding = read.response.encoding if "charset" in read.response.headers.get("Content-Type", "").casefold() else None
        return blocks(read.content, media_type, encoding or _declared(read.content) or "utf-8", self._today())

    def _patient(self, url: str, headers: dict[str, str]) -> _Read:
        """Several tries where the site is at fault or asks to wait. Raises requests.RequestException, BarredError, ValueError."""
        for number in range(1, self._manners.tries + 1):
            wait = self._manners.back_off * 2 ** (number - 1)
            last = number == self._manners.tries or self._stopped.is_set()
            try:
                read = self._followed(url, headers)
            except UNANSWERED:
                if last:
                    raise
            else:
                status = read.response.status_code
                if last or not (status == 429 or status >= SERVER_AT_FAULT):
                    return read
                wait = max(wait, _asked_to_wait(read.response))
            self._wait(min(wait, self._manners.most_wait))
        raise AssertionError("the last try returns or raises")

    def _followed(self, url: str, headers: dict[str, str]) -> _Read:
        # What a site left with us it may have back on the way to one page, and never on another.
        self._session().cookies.clear()
        moved, at = True, url
        for _ in range(MOST_HOPS):
            response, content = self._get(at, headers)
            status = response.status_code
            if status not in (*FOR_GOOD, *FOR_NOW) or "Location" not in response.headers:
                return _Read(response, content, at, moved and at != url)
            moved = moved and status in FOR_GOOD
            at = urljoin(at, response.headers["Location"])
        raise requests.TooManyRedirects(url)

    def _get(self, url: str, headers: dict[str, str]) -> tuple[requests.Response, bytes]:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not an address of a page: {url[:100]}")
        site = self._site(f"{parts.scheme}://{parts.netloc}")
        with site.lock:
            if site.unanswered >= MOST_UNANSWERED:
                raise AwayError
            try:
                robots = site.robots or self._read_robots(site, f"{parts.scheme}://{parts.netloc}/robots.txt")
                if not robots.can_fetch(self._manners.agent, url):
                    raise BarredError("robots.txt")
                self._wait(site.next_at - time.monotonic())
                found = self._sent(url, headers)
            except UNANSWERED:
                site.unanswered += 1
                raise
            finally:
                site.next_at = time.monotonic() + site.pause
            site.unanswered = 0
            return found

    def _sent(self, url: str, headers: dict[str, str]) -> tuple[requests.Response, bytes]:
        manners = self._manners
        ends = time.monotonic() + manners.page
        timeout = (manners.connect, manners.silence)
        with self._session().get(url, headers=headers, timeout=timeout, stream=True, allow_redirects=False) as response:
            content = bytearray()
            try:
                # What came, however little: iter_content would wait for a whole chunk of a page that drips.
                while len(content) < manners.most_bytes and (chunk := response.raw.read1(CHUNK, decode_content=True)):
                    content += chunk
                    if time.monotonic() > ends or self._stopped.is_set():
                        raise requests.ReadTimeout(f"longer than {manners.page:.0f} s")
            except HTTPError as error:
                raise requests.exceptions.ChunkedEncodingError(type(error).__name__) from None
            return response, bytes(content[: manners.most_bytes])

    def _session(self) -> requests.Session:
        """One of each thread."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
            self._own.session.headers.update({"User-Agent": self._manners.agent, "Accept": "text/html,application/pdf,*/*;q=0.5"})
        session: requests.Session = self._own.session
        return session

    def _site(self, origin: str) -> _Site:
        with self._lock:
            return self._sites.setdefault(origin, _Site(pause=self._manners.pause))

    def _read_robots(self, site: _Site, url: str) -> RobotFileParser:
        """RFC 9309: none allows everything; one that cannot be read, because the server is at fault, allows nothing now: as if it did not
        answer."""
        robots = RobotFileParser(url)
        response, content = self._sent(url, {})
        if response.status_code in (*FOR_GOOD, *FOR_NOW) and "Location" in response.headers:
            response, content = self._sent(urljoin(url, response.headers["Location"]), {})
        if response.status_code >= SERVER_AT_FAULT:
            raise requests.ConnectionError(f"robots.txt {response.status_code}")
        robots.parse(content.decode("utf-8", errors="replace").splitlines() if response.status_code == OK else [])
        # A parser that has read nothing would forbid everything.
        robots.modified()
        asked = robots.crawl_delay(self._manners.agent)
        site.robots, site.pause = robots, min(max(site.pause, float(asked or 0)), self._manners.most_wait)
        site.next_at = time.monotonic() + site.pause
        return robots

    def _wait(self, seconds: float) -> None:
        if seconds > 0:
            self._stopped.wait(seconds)


def _asked_to_wait(response: requests.Response) -> float:
    """Seconds that a site asks to wait; 0 where it asks for none, or not in a way that can be read."""
    told = response.headers.get("Retry-After", "")
    if told.isdigit():
        return float(told)
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def _declared(content: bytes) -> str | None:
    """The encoding that a page names at its beginning."""
    found = re.search(rb"<meta[^>]{0,100}charset=[\"']?([\w-]+)", content[:4_000], re.IGNORECASE)
    return found.group(1).decode("ascii") if found else None


def _same_place(one: str, other: str) -> bool:
    """Whether two addresses differ only by what every site changes: https, www, a slash at the end."""

    def place(url: str) -> tuple[str, str, str]:
        parts = urlsplit(url)
        return (parts.hostname or "").removeprefix("www."), parts.path.rstrip("/"), parts.query

    return place(one) == place(other)


def _leads_to_the_front(asked: str, found: str) -> bool:
    """Whether a page of its own has become the front page: the site says "here I am" where it should say that the page is gone."""
    return FRONT.fullmatch(urlsplit(asked).path) is None and FRONT.fullmatch(urlsplit(found).path) is not None and not urlsplit(found).query
