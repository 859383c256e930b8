"""One job at one end of the claim: all its stretches, and their sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from calculator import quantity
from calculator.dates import DateRange
from calculator.engine.facts.job_time import DAY
from calculator.engine.language.run import Context, WorkedStretch
from calculator.engine.work.amounts import LEFT_OUT, Amounts, amounts
from calculator.engine.work.cutting import cuts
from calculator.engine.work.ends import HIGHEST, End
from calculator.engine.work.job import Job
from calculator.engine.work.lump_sums import Settled, still_open
from calculator.engine.work.stretches import Alike, Cut
from calculator.quantity import NOTHING, ONE, Confidence, Value, worst_of

#: What stretches that are alike come to.
Known = dict[Alike, Amounts]


@dataclass(slots=True)
class Piece:
    """One stretch of days with one rate: what interest and leave pay build on."""

    start: date
    end: date
    unpaid: Value
    due: Value


@dataclass(frozen=True, slots=True)
class Ledger:
    """What a job comes to at one end of the claim."""

    pieces: list[Piece] = field(default_factory=list)
    unpaid: Value = NOTHING
    due: Value = NOTHING
    #: What is too old to claim, by stretches.
    barred: tuple[Value, ...] = ()
    #: Gaps of the law's figures, and what is too old, as codes.
    gaps: frozenset[str] = frozenset()
    asks: frozenset[str] = frozenset()
    inexact: bool = False
    #: A pass that lets in only surer figures than this leaves out every piece.
    needed: Confidence = Confidence.official


def ledger(job: Job, ctx: Context, bar: DateRange | None, end: End) -> Ledger:
    """The job with the facts that are for the claim (`highest`) or against it (`lowest`); `bar` is the first day that can still be
    claimed."""
    first, last = job.first_day(end), job.last_day(end)
    if last < first:
        return Ledger()
    day = None if bar is None else (bar.earliest if end is HIGHEST else bar.latest)
    days = (last - first).days + 1
    too_old = 0 if day is None or day <= first else min((day - first).days, days)
    # With the ends apart, the lowest claim would tell of more days than are surely too old.
    told = too_old and day is not None and (end is HIGHEST or not job.leaves_open(bar))
    gaps = frozenset((f"barred:{first.isoformat()}:{(day - DAY).isoformat()}",)) if told and day is not None else frozenset()
    if too_old == days and job.without_rate:
        return Ledger(gaps=gaps)
    return _summed(job, ctx, end, _worked_out(job, ctx, cuts(job, first, last, day), end), gaps)


def _worked_out(job: Job, ctx: Context, stretches: Iterable[Cut], end: End) -> list[tuple[Cut, Amounts]]:
    """What each stretch comes to. A stricter pass takes over from the pass with all figures what rests on sure ones, and leaves out
    what cannot be known without the others."""
    strict = ctx.least_sure < Confidence.unverified
    known = _known(job, ctx, end, ctx.least_sure)
    whole = _known(job, ctx, end, Confidence.unverified) if strict else known
    # What is too old is shown from the pass with all figures; a trace is whole in every pass.
    claimable_only = strict and ctx.trace is None
    found = []
    for cut in stretches:
        if claimable_only and cut.alike.barred:
            continue
        one = known.get(cut.alike)
        if one is None:
            taken_over = _sure_enough(whole.get(cut.alike), ctx.least_sure) if strict else None
            one = known[cut.alike] = taken_over or amounts(job, ctx, cut, end)
        found.append((cut, one))
    return found


def _known(job: Job, ctx: Context, end: End, least_sure: Confidence) -> Known:
    """What stretches came to before, with figures up to `least_sure`: at this end, or in a route with the same rule and another time
    bar. With a trace each route works them out, so that its trace is whole."""
    if ctx.trace is not None or job.presumed:
        return {}
    found: Known = ctx.shared.pieces.setdefault((job.key, job.index, end, least_sure), {})
    return found


def _sure_enough(whole: Amounts | None, least_sure: Confidence) -> Amounts | None:
    """What a stretch comes to in a stricter pass, as far as the pass with all figures tells."""
    if whole is None:
        return None
    if whole.needed > least_sure:
        return LEFT_OUT
    return whole if worst_of(whole.ranks) <= least_sure else None


def _summed(job: Job, ctx: Context, end: End, found: list[tuple[Cut, Amounts]], gaps: frozenset[str]) -> Ledger:
    """All stretches together."""
    pieces: list[Piece] = []
    barred: list[Value] = []
    asks: set[str] = set()
    inexact, needed = False, Confidence.unverified
    for cut, one in found:
        ctx.ranks_seen |= one.ranks
        inexact = inexact or one.inexact
        if one.asks:
            asks |= one.asks
        if ctx.trace is not None:
            _note(ctx, job, end, cut, one)
        if cut.alike.barred:
            barred.append(one.unpaid)
            continue
        if one.needed < needed:
            needed = one.needed
        pieces.append(Piece(cut.first, cut.last, one.unpaid, one.due))
    if job.sums:
        pieces = _less_what_is_left_over(ctx, pieces, [one.settled for cut, one in found if not cut.alike.barred])
    return Ledger(
        pieces=pieces,
        unpaid=quantity.add([piece.unpaid for piece in pieces]) if pieces else NOTHING,
        due=quantity.add([piece.due for piece in pieces]) if pieces else NOTHING,
        barred=tuple(barred),
        gaps=gaps,
        asks=frozenset(asks),
        inexact=inexact,
        needed=needed if pieces else Confidence.official,
    )


def _note(ctx: Context, job: Job, end: End, cut: Cut, one: Amounts) -> None:
    rule = (job.key, job.index)
    ctx.note(
        f"{cut.first.isoformat()}..{cut.last.isoformat()}",
        "back_pay",
        {"days": cut.alike.days + 1, "hours": one.hours, "due": one.due, "paid": one.paid, "housing": one.housing},
        one.unpaid,
        worked=WorkedStretch(
            rule, end is not HIGHEST, cut.first, cut.last, one.hours, one.due, one.paid, one.housing, one.unpaid, cut.alike.barred
        ),
    )


def _less_what_is_left_over(ctx: Context, pieces: list[Piece], stretches: list[Settled]) -> list[Piece]:
    """What a sum for some time leaves over in one stretch pays the others of that time."""
    shares = still_open(stretches)
    if all(share == ONE for share in shares):
        return pieces
    found = []
    for piece, share in zip(pieces, shares, strict=True):
        left = piece.unpaid if share == ONE else quantity.times([piece.unpaid, quantity.exactly(share)])
        if ctx.trace is not None and share != ONE:
            ctx.note(f"{piece.start.isoformat()}..{piece.end.isoformat()}", "times", {"unpaid": piece.unpaid, "still_open": share}, left)
        found.append(Piece(piece.start, piece.end, left, piece.due))
    return found
