"""What a change of the rules does to many cases: which changes still have to be tried, by whom, how far each has come, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Engine, or_, select, update
from sqlalchemy.orm import Session

from calculator.impact.running import Progress
from calculator.impact.trial import Sides
from calculator.packs.released import RATES
from store.models import RuleTrial
from store.rules.releases import Releases

#: Cases of one State that a change is tried on, before it is looked at.
CASES = 2_000
#: Who has said nothing for so long does not try any more.
SILENT = timedelta(seconds=60)
#: What a status, an amount or a day depends on: the rest of a pack tells and calls, and comes out the same in every case.
WITH_FIGURES = ("jurisdiction.yaml", "injuries.yaml", "parameters", "routes")


class TrialState(StrEnum):
    """How far a trial is."""

    RUNNING = "running"
    DONE = "done"
    #: The rules could not be tried.
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Trial:
    """One State of one release."""

    release: str
    code: str
    state: TrialState
    progress: Progress
    fault: str | None


class Trials:
    """All methods raise sqlalchemy.exc.SQLAlchemyError."""

    def __init__(self, engine: Engine, releases: Releases, now: Callable[[], datetime]) -> None:
        self._engine, self._releases, self._now = engine, releases, now

    def of(self, release: str) -> list[Trial]:
        """What was tried of a release, by State."""
        with Session(self._engine) as session:
            return [_trial(row) for row in session.scalars(select(RuleTrial).where(RuleTrial.release == release).order_by(RuleTrial.code))]

    def begin(self, known: list[str]) -> None:
        """Write down what has to be tried of every release that waits for a decision. `known`: the codes of all States."""
        with Session(self._engine) as session:
            there = {(row.release, row.code) for row in session.execute(select(RuleTrial.release, RuleTrial.code))}
        new = []
        for one in self._releases.waiting():
            codes = codes_of(self._releases.changed_names(one.id), known)
            missing = [code for code in codes if (one.id, code) not in there]
            if missing:
                base = self._releases.one(one.base or "")
                sides = ((base.id, base.sha256), (one.id, one.sha256), None, self._now().date().isoformat())
                new += [(one.id, code, json.dumps(Progress(Sides(code, *sides), CASES).as_json())) for code in missing]
        for release, code, progress in new:
            with Session(self._engine) as session, session.begin():
                # Another gateway may have been first.
                if session.get(RuleTrial, (release, code)) is None:
                    before = self._now() - SILENT
                    session.add(RuleTrial(release=release, code=code, state=TrialState.RUNNING, progress=progress, touched_at=before))

    def take(self, holder: str) -> Trial | None:
        """One that nobody tries, for this process to go on with; None where there is none."""
        with Session(self._engine) as session, session.begin():
            before = self._now() - SILENT
            free = or_(RuleTrial.holder.is_(None), RuleTrial.touched_at <= before)
            found = select(RuleTrial).where(RuleTrial.state == TrialState.RUNNING, free).order_by(RuleTrial.release, RuleTrial.code).limit(1)
            row = session.scalar(found)
            if row is None:
                return None
            # Two that look at once see the same: one of them gets it.
            mine = update(RuleTrial).where(RuleTrial.release == row.release, RuleTrial.code == row.code, free)
            if not session.execute(mine.values(holder=holder, touched_at=self._now())).rowcount:  # type: ignore[attr-defined]
                return None
            session.refresh(row)
            return _trial(row)

    def keep(self, trial: Trial, holder: str, state: TrialState = TrialState.RUNNING, fault: str | None = None) -> bool:
        """Write down how far it has come. False: another process has it, or it is gone."""
        with Session(self._engine) as session, session.begin():
            mine = update(RuleTrial).where(RuleTrial.release == trial.release, RuleTrial.code == trial.code, RuleTrial.holder == holder)
            values = {"progress": json.dumps(trial.progress.as_json()), "state": state, "fault": fault, "touched_at": self._now()}
            return bool(session.execute(mine.values(**values)).rowcount)  # type: ignore[attr-defined]

    def let_go(self, holder: str) -> None:
        """Leave what this process tries to another one, at once."""
        with Session(self._engine) as session, session.begin():
            session.execute(update(RuleTrial).where(RuleTrial.holder == holder).values(holder=None))


def codes_of(names: list[str], known: list[str]) -> list[str]:
    """The States in which a status, an amount or a day can come out otherwise, by the paths of the files that differ."""
    if any(name.startswith(RATES) for name in names):
        return sorted(known)
    return sorted({name.split("/")[0] for name in names if "/" in name and name.split("/")[1] in WITH_FIGURES} & set(known))


def _trial(row: RuleTrial) -> Trial:
    return Trial(row.release, row.code, TrialState(row.state), Progress.of_json(json.loads(row.progress)), row.fault)
