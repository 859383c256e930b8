"""Tries changes of the rules on many cases, in processes of their own that come after everybody else; goes on where a restart cut it off."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError

from calculator.impact.running import TrialError, run
from calculator.packs.current import current_rules
from calculator.packs.released import Pointer
from store.rules.releases import ReleaseError
from store.rules.trials import Trial, Trials, TrialState
from web.rules_in_force import RulesInForce

logger = logging.getLogger(__name__)
LOOK_AGAIN_SECONDS = 3.0
#: One gateway tries with so many processes: on two cores the other is for people.
PROCESSES = 1


class RulesTrials:
    """Looks for what is to be tried."""

    def __init__(self, trials: Trials, rules: RulesInForce) -> None:
        self._trials, self._rules = trials, rules
        self._holder = secrets.token_hex(16)
        self._stop = threading.Event()

    async def follow(self) -> None:
        """Try what waits, until cancelled."""
        try:
            while True:
                try:
                    if not await asyncio.to_thread(self._next):
                        await asyncio.sleep(LOOK_AGAIN_SECONDS)
                except (SQLAlchemyError, OSError, ReleaseError) as error:
                    # The table may not be there yet at the first start.
                    logger.warning("changes of the rules cannot be tried now: %s", type(error).__name__)
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
        finally:
            self._stop.set()

    def _next(self) -> bool:
        self._trials.begin(sorted(current_rules().packs))
        trial = self._trials.take(self._holder)
        if trial is None:
            return False
        self._try(trial)
        return True

    def _try(self, trial: Trial) -> None:
        progress, sides = trial.progress, trial.progress.sides
        for which in (sides.before, sides.after):
            self._rules.kept(Pointer(*which))
        progress.sides = replace(sides, folder=str(self._rules.folder))
        lost = threading.Event()

        def told(part_done: bool) -> None:
            if part_done and not self._trials.keep(trial, self._holder):
                lost.set()

        try:
            run(progress, PROCESSES, told, lambda: lost.is_set() or self._stop.is_set())
        except TrialError as fault:
            self._trials.keep(trial, self._holder, TrialState.BROKEN, str(fault))
            return
        if progress.complete:
            self._trials.keep(trial, self._holder, TrialState.DONE)
        else:
            self._trials.let_go(self._holder)
