"""A round over many pages: several sites at once, the pages of one after each other."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from queue import SimpleQueue
from urllib.parse import urlsplit

from cli.sources.fetching import Guest, Manners
from store.rules.sources import Answer, Known, Seen


def looked_at(pages: Iterable[Known], manners: Manners, threads: int, today: Callable[[], date]) -> Iterator[Seen]:
    """Each page as it was found, in the order in which they come. Closing the iterator ends the round after the pages that are being read."""
    sites: dict[str, list[Known]] = defaultdict(list)
    for page in pages:
        sites[urlsplit(page.url).netloc.casefold()].append(page)
    count = sum(map(len, sites.values()))
    found: SimpleQueue[Seen] = SimpleQueue()
    over = threading.Event()
    guest = Guest(manners, today, over)

    def site(each: list[Known]) -> None:
        for page in each:
            if over.is_set():
                return
            try:
                found.put(guest.look(page))
            except Exception as error:
                # A page that breaks our reading is one that was not read: the round is counted by what comes, and must not wait for it.
                found.put(Seen(page.url, Answer.SILENT, type(error).__name__))

    # The longest first: one site with many pages takes longer than all others.
    with ThreadPoolExecutor(threads) as pool:
        try:
            for each in sorted(sites.values(), key=len, reverse=True):
                pool.submit(site, each)
            for _ in range(count):
                yield found.get()
        finally:
            over.set()
            pool.shutdown(wait=True, cancel_futures=True)
