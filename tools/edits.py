"""`python -m tools.edits`: workers who change one case at a time, for an hour, over HTTP; is anything lost that nobody was told of?

Each worker has a page of her own, which does what web/static/case.js does (tools/case_page.py). Beside it every revision of the case is
written down as the store takes it. Two things are asked of each:

- what was sent stands in the case after its save, or its sender was shown that it clashes;
- what a save took away was before the eyes of whoever saved it: on her page, or in a clash that her page showed.

So at the end everything that was ever typed stands in the case, was shown as a clash, or was replaced by somebody who had seen it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from calculator.case.values import Kind
from store.organisations.access import Member
from store.organisations.cases import Case, Cases
from tools.case_page import CasePage, PutBack
from tools.house import Gateway, Worker, colleague, founder, gateway
from tools.local_services import MissingServiceError, postgres
from web.rendering import SCRIPT_HEADER
from web.staff.case_form import typed_texts
from workbench.form import NAME, NOTES, Field, part_at
from workbench.record import Record, begun
from workbench.sheet import sheet_of
from workbench.values import AND, tidied

NAMES = ("ana", "bea", "cleo", "dana")
#: Entries that a list has at most, so that the case stays one that somebody could have; jobs and stays that are not taken away.
MOST_IN_A_LIST = 5
#: Seconds between two edits of one worker, on average; so often she is away for longer, and comes back to an old page.
PAUSE, AWAY, AWAY_SECONDS = 0.3, 0.02, (5, 40)
LISTS = ("exploitation", "work", "losses", "harm.injuries", "procedure.received")
BEGUN = {
    "version": 1,
    "person": {"birth_year": 1995},
    "exploitation": [{"country": "DE", "forms": ["labour"], "start": "2024-01", "end": "2025-06"}],
    "work": [{"country": "DE", "start": "2024-01", "end": "2025-06", "hours_per_week": 60, "paid": [{"amount": "300", "per": "month"}]}],
}


@dataclass
class Sent:
    """One save of one worker: what it typed (name -> text as the case has it), what clashed, and what was before her eyes."""

    by: str
    typed: dict[str, str]
    seen: dict[str, str]
    told: dict[str, set[str]]
    entries: set[str]
    do: str
    #: Whether its answer is the case as it was right after it. Else that is looked at in the revision, and whether it was told of a clash here.
    exact: bool = True
    clashed: dict[str, str] = field(default_factory=dict)


class Ledger:
    """Every revision of the case in the order of the store, and the save that made it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._contents: dict[int, bytes] = {}
        self._sent: dict[int, Sent] = {}
        self._last: dict[str, int] = {}
        self._checked = 1
        self.counts: Counter[str] = Counter()
        self.lost: list[str] = []

    def took(self, by: str, revision: int, content: dict[str, Any]) -> None:
        """The store has taken a revision."""
        with self._lock:
            self._contents[revision] = zlib.compress(json.dumps(content).encode())
            self._last[by] = revision

    def last(self, by: str) -> int:
        """The newest revision of a member."""
        with self._lock:
            return self._last.get(by, 0)

    def made(self, revision: int, sent: Sent) -> None:
        """Which save made a revision."""
        with self._lock:
            self._sent[revision] = sent

    def check(self) -> None:
        """Look at each revision whose save is known, in their order."""
        while True:
            with self._lock:
                number = self._checked + 1
                if number not in self._sent or number - 1 not in self._contents or number not in self._contents:
                    return
                sent = self._sent.pop(number)
                before, after = (json.loads(zlib.decompress(self._contents[n]))["sheet"] for n in (number - 1, number))
                del self._contents[number - 1]
                self._checked = number
            self._look(number, sent, before, after)

    def unchecked(self) -> int:
        """Revisions that nobody says to have made."""
        with self._lock:
            return max(self._contents, default=1) - self._checked

    def _look(self, number: int, sent: Sent, before: dict[str, Any], after: dict[str, Any]) -> None:
        self.counts["revisions"] += 1
        if not sent.exact:
            for name, text in sent.typed.items():
                # Who says that there is none and then adds one takes back what she said.
                if sent.do == f"add {name}":
                    continue
                if after["texts"].get(name, "") != text and sent.clashed.get(name) != text:
                    self.lose(f"revision {number}: {sent.by} sent {text!r} for {name}; it says {after['texts'].get(name)!r} [{sent.do}]")
        for name, text in before["texts"].items():
            stands = after["texts"].get(name, "")
            if stands == text:
                continue
            if sent.seen.get(name, "") == text or text in sent.told.get(name, ()):
                self.counts["replaced"] += 1
            else:
                self.lose(
                    f"revision {number}: {text!r} in {name} became {stands!r}; {sent.by} saw {sent.seen.get(name)!r} [{sent.do or 'typed'}]"
                )
        for name, ids in before["entries"].items():
            for one in set(ids) - set(after["entries"].get(name, ())):
                known = f"{name} {one}" in sent.entries
                self.counts["entries away"] += 1
                if not known and any(key.startswith(f"{name}.{one}.") for key in before["texts"]):
                    self.lose(f"revision {number}: entry {one} of {name} taken away; {sent.by} did not see it")
        for name, ids in after["entries"].items():
            new = set(ids) - set(before["entries"].get(name, ()))
            self.counts["entries new" if sent.do.startswith("add") else "entries back"] += len(new)

    def lose(self, what: str) -> None:
        """Something is gone that nobody was told of."""
        with self._lock:
            self.lost.append(what)


class AtWork:
    """One worker at one case, until her time is over."""

    #: How often more is typed while an answer is on its way.
    meanwhile = 0.3

    def __init__(self, house: Gateway, worker: Worker, case: str, ledger: Ledger, seed: int, numbers: Iterator[int]) -> None:
        self.worker, self.ledger, self.random, self.numbers = worker, ledger, random.Random(seed), numbers
        self.counts: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.failed: list[str] = []
        self.place = f"/staff/cases/{case}"
        self.http = httpx.Client(base_url=house.url, headers={"origin": house.url, "accept-language": "en"}, timeout=60, follow_redirects=True)
        self.http.cookies.update(worker.cookies)
        self.page = CasePage("<form id=case><input type=hidden name=was value={}></form>")

    def work(self, until: float) -> None:
        """Change the case until then, and save what is typed at the end."""
        try:
            self.load()
            while time.monotonic() < until:
                self.step()
                away = self.random.random() < AWAY
                time.sleep(self.random.uniform(*AWAY_SECONDS) if away else self.random.expovariate(1 / PAUSE))
            for _try in range(5):
                if self.page.typed():
                    self.save()
        except Exception as error:  # noqa: BLE001 - the others go on, and the report says it
            self.failed.append(f"{self.worker.name}: {error!r}")
            raise

    def step(self) -> None:
        """One thing that a worker does."""
        dice = self.random.random()
        if self.page.put_back and dice < 0.4:
            self.press_put_back()
        elif dice < 0.05:
            self.load()
        elif dice < 0.10:
            self.press_add()
        elif dice < 0.15:
            self.press_remove()
        elif dice < 0.20:
            # The connection is away: it stays on the page, and goes along with the next save.
            self.type_something()
            self.counts["without a connection"] += 1
        else:
            for _field in range(self.random.choice((1, 1, 1, 2, 3))):
                self.type_something()
            if self.random.random() < 0.5:
                self.page.focus = self.random.choice([*self._hot(), None])
            self.save()

    def load(self) -> None:
        """The page anew. What was typed and not saved is saved before."""
        if self.page.typed():
            self.save()
        self._loaded(self.http.get(self.place))

    def _loaded(self, answer: httpx.Response) -> None:
        answer.raise_for_status()
        self.page = CasePage(answer.text)

    def type_something(self) -> None:
        """Into a field that others like, too, or into any."""
        name = self.random.choice(self._hot()) if self.random.random() < 0.6 else self.random.choice(list(self.page.fields))
        self.page.type(name, self._text(name))

    def _hot(self) -> list[str]:
        """Fields in which the workers meet."""
        jobs = [name for name in self.page.fields if name.startswith("work.") and name.endswith((".hours_per_week", ".start", ".amount"))]
        return [NOTES, NAME, "person.birth_year", *jobs[:4]]

    def _text(self, name: str) -> str:
        control, number = self.page.fields[name], next(self.numbers)
        if control.kind != "text":
            options = [one for one in control.options if one]
            several = self.random.sample(options, min(len(options), self.random.choice((0, 1, 1, 2))))
            return AND.join(several) if control.kind != "select" else self.random.choice([*options, ""])
        part = part_at(name)
        kind = part.kind if isinstance(part, Field) else Kind.TEXT
        if self.random.random() < 0.12 and name != NAME:
            return self.random.choice(("?", "!", "", f"03/04/{2000 + number % 25}", f"{number} – what?"))
        return {
            Kind.NUMBER: f"{number % 90}.{number:06}",
            Kind.AMOUNT: f"{number}.{number % 100:02}",
            Kind.DATE: (date(2000, 1, 1) + timedelta(days=number % 9000)).isoformat(),
            Kind.TIMES: f"{number % 12:02}:{number % 60:02}-{12 + number % 11}:30",
            Kind.CURRENCY: self.random.choice(("EUR", "USD", "GBP")),
        }.get(kind, f"{self.worker.name} {number}" + ("\nnext line" if name == NOTES else ""))

    def save(self) -> None:
        """What the script does with what was typed; more may be typed while the answer is on its way."""
        page, names = self.page, self.page.typed()
        if not names:
            return
        body, sent = page.body(names), {name: page.now[name] for name in names}
        known = self._sent(names, "")
        if self.random.random() < self.meanwhile:
            self.type_something()
        before = self.ledger.last(self.worker.member.id)
        began = time.monotonic()
        try:
            # Several of one name, in the kind of body that a script's FormData is.
            answer = self.http.post(self.place, files=[(name, (None, text)) for name, text in body], headers={SCRIPT_HEADER: "1"})
        except httpx.HTTPError:
            self.counts["no answer"] += 1
            return
        self.seconds.append(time.monotonic() - began)
        if not answer.is_success:
            self.counts["no answer"] += 1
            self._made(before, known)
            return
        told = answer.json()
        self._judge(known, told["was"], page.take(told, sent))
        self._made(before, known)
        self.counts["saves"] += 1

    def press(self, body: list[tuple[str, str]], known: Sent, do: str) -> None:
        """A button that loads a page, and what it sends."""
        before = self.ledger.last(self.worker.member.id)
        data: dict[str, list[str]] = {}
        for name, text in [*body, ("do", do)]:
            data.setdefault(name, []).append(text)
        began = time.monotonic()
        answer = self.http.post(self.place, data=data)
        self.seconds.append(time.monotonic() - began)
        self._loaded(answer)
        # What was added leads to the page anew, which may be newer than the save.
        known.exact = not answer.history
        self._judge(known, self.page.was, self.page.put_back)
        self._made(before, known)
        self.counts["buttons"] += 1
        self.counts["not done"] += known.do.startswith("remove ") and known.do in self.page.buttons

    def press_add(self) -> None:
        """One entry more, of a list that has few."""
        lists = [one for one in self.page.buttons if one.startswith("add ") and self._may_grow(one.split(" ")[1])]
        if lists:
            do = self.random.choice(lists)
            self.press(self.page.whole(), self._sent(self._differ(), do), do)

    def _may_grow(self, name: str) -> bool:
        return (name in LISTS or name.endswith(".paid")) and len(self._entries(name)) < MOST_IN_A_LIST

    def _entries(self, name: str) -> list[str]:
        return [one for one in self.page.buttons if one.startswith(f"remove {name} ")]

    def press_remove(self) -> None:
        """Take an entry away that the page shows."""
        entries = [one for one in self.page.buttons if one.startswith("remove ") and len(self._entries(one.split(" ")[1])) > 1]
        if entries:
            do = self.random.choice(entries)
            self.press(self.page.whole(), self._sent(self._differ(), do), do)

    def press_put_back(self) -> None:
        """What was typed in place of what a colleague typed, who was shown here."""
        if self.page.typed():
            self.save()
        one = self.page.put_back[-1]
        known = self._sent([], "")
        known.typed = {one.name: one.mine}
        self.press([("was", json.dumps({one.name: one.now})), (one.name, one.mine)], known, "save")
        self.counts["put back"] += 1

    def _differ(self) -> list[str]:
        """What a whole form changes: the fields that differ from what `was` says."""
        return [name for name in self.page.fields if self._as_kept(name) != self.page.was.get(name, "")]

    def _as_kept(self, name: str) -> str:
        """A field of the page as the case would have it."""
        part = part_at(name)
        assert part is not None
        values = [one for one in self.page.now[name].split(AND) if one] if self.page.fields[name].kind in ("boxes", "selects") else None
        text = typed_texts(part, [self.page.now[name].replace("\n", "\r\n")] if values is None else values, "en")
        return tidied(part, text) if isinstance(part, Field) else str(text)

    def _sent(self, names: list[str], do: str) -> Sent:
        page = self.page
        # What is typed as it was before, in another writing, is no change.
        typed = {name: text for name in names if (text := self._as_kept(name)) != page.was.get(name, "")}
        entries = {one.removeprefix("remove ") for one in page.buttons if one.startswith("remove ")}
        return Sent(self.worker.name, typed, dict(page.seen), {key: set(value) for key, value in page.told.items()}, entries, do)

    def _judge(self, known: Sent, stands: dict[str, str], clashes: list[PutBack]) -> None:
        """Whether all that was sent stands, or clashes."""
        known.clashed = clashed = {one.name: one.mine for one in clashes}
        removed = known.do.removeprefix("remove ").replace(" ", ".") if known.do.startswith("remove ") else None
        for name, text in known.typed.items():
            self.counts["edits"] += 1
            if clashed.get(name) == text:
                self.counts["clashes"] += 1
            elif stands.get(name, "") == text:
                self.counts["stand"] += 1
            elif removed is not None and name.startswith(f"{removed}."):
                self.counts["taken away by herself"] += 1
            elif not known.exact:
                self.counts["stand"] += 1
            else:
                self.ledger.lose(f"{self.worker.name} sent {text!r} for {name}; it says {stands.get(name, '')!r} [{known.do or 'typed'}]")

    def _made(self, before: int, known: Sent) -> None:
        revision = self.ledger.last(self.worker.member.id)
        if revision != before:
            self.ledger.made(revision, known)


def listen(cases: Cases, ledger: Ledger) -> None:
    """Write down each revision as the store takes it."""
    save = cases.save

    def heard(by: Member, case: str, content: dict[str, Any], revision: int, keep_until: datetime | None = None) -> Case:
        saved = save(by, case, content, revision, keep_until)
        ledger.took(by.id, saved.revision, saved.content)
        return saved

    cases.save = heard  # type: ignore[method-assign]


@contextmanager
def database(wanted: str) -> Iterator[tuple[str, str | None]]:
    """Name and address of a database: PostgreSQL where it is installed, else SQLite (None: the gateway's own file)."""
    if wanted != "sqlite":
        try:
            with postgres() as service:
                yield "PostgreSQL", service.url
                return
        except MissingServiceError:
            if wanted == "postgresql":
                raise
    yield "SQLite", None


def run(minutes: float, workers: int, seed: int, wanted: str) -> int:
    """Work, look, print a table; 1 when something is lost."""
    with database(wanted) as (called, url), tempfile.TemporaryDirectory() as folder, gateway(Path(folder), url) as house:
        ledger, numbers = Ledger(), count(1)
        first = founder(house.services, NAMES[0], "House of Hope")
        members = [first, *(colleague(house.services, first, name) for name in NAMES[1:workers])]
        sheet = sheet_of(BEGUN)
        record = Record(type(sheet)({**sheet.texts, **begun("Blue bird").sheet.texts}, sheet.entries))
        case = house.services.cases.create(first.member, record.as_json(), datetime.now(UTC) + timedelta(days=365))
        ledger.took(first.member.id, case.revision, case.content)
        listen(house.services.cases, ledger)
        at_work = [AtWork(house, one, case.id, ledger, seed * 100 + n, numbers) for n, one in enumerate(members)]
        until = time.monotonic() + minutes * 60
        threads = [threading.Thread(target=one.work, args=(until,)) for one in at_work]
        for thread in threads:
            thread.start()
        while any(thread.is_alive() for thread in threads):
            time.sleep(1)
            ledger.check()
        ledger.check()
        last = house.services.cases.open(first.member, case.id)
        for one in at_work:
            one.load()
            if one.page.was != dict(Record.from_json(last.content).sheet.texts):
                ledger.lose(f"the page of {one.worker.name} does not show the case as it is kept")
    print(table(called, minutes, at_work, ledger))
    failed = [text for one in at_work for text in one.failed]
    for text in [*ledger.lost[:50], *failed]:
        print(text)
    return 1 if ledger.lost or failed or ledger.unchecked() else 0


def table(called: str, minutes: float, at_work: list[AtWork], ledger: Ledger) -> str:
    """The report, in Markdown."""
    counts = sum((one.counts for one in at_work), Counter[str]())
    seconds = sorted(second for one in at_work for second in one.seconds) or [0.0]
    rows = {
        "workers on one case, minutes, database": f"{len(at_work)}, {minutes:g}, {called}",
        "saves by the script; pages loaded by a button": f"{counts['saves']:,}; {counts['buttons']:,}",
        "revisions of the case": f"{ledger.counts['revisions']:,}",
        "edits that were sent": f"{counts['edits']:,}",
        "… of them in the case after their save": f"{counts['stand']:,}",
        "… shown to their sender as a clash; put back by her": f"{counts['clashes']:,}; {counts['put back']:,}",
        "… taken away with their entry by their sender": f"{counts['taken away by herself']:,}",
        "texts replaced by somebody who had seen them": f"{ledger.counts['replaced']:,}",
        "entries added; taken away; there again, since a colleague typed in them": (
            f"{ledger.counts['entries new']:,}; {ledger.counts['entries away']:,}; {ledger.counts['entries back']:,}"
        ),
        "entries not taken away, since a colleague had typed in them": f"{counts['not done']:,}",
        "typed while there was no connection; saves without an answer": f"{counts['without a connection']:,}; {counts['no answer']:,}",
        "a save with its answer, median; slowest": f"{seconds[len(seconds) // 2] * 1000:.0f} ms; {seconds[-1]:.1f} s",
        "revisions that nobody made": f"{ledger.unchecked()}",
        "**lost, and nobody was told**": f"**{len(ledger.lost)}**",
    }
    return "\n".join(["| what | how many |", "|---|---|", *(f"| {what} | {number} |" for what, number in rows.items())])


def main() -> int:
    """Read the arguments and work."""
    parser = argparse.ArgumentParser(prog="python -m tools.edits", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--workers", type=int, default=3, choices=range(2, len(NAMES) + 1))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("postgresql", "sqlite", "any"), default="any", help="default: PostgreSQL where it is installed")
    arguments = parser.parse_args()
    return run(arguments.minutes, arguments.workers, arguments.seed, arguments.database)


if __name__ == "__main__":
    sys.exit(main())
