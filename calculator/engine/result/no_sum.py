"""Instead of a sum that cannot be worked out: who decides on it, what others got, which paper and which answer would help.

"No amount" alone would be read as "nothing". What is said here never promises a sum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from calculator import vocabulary
from calculator.engine.facts.readings import Facts
from calculator.engine.result.document import Comparable
from calculator.engine.result.questions import definition_of
from calculator.engine.routes.outcome import RouteResult
from calculator.errors import Translate
from calculator.translation import _

WHO_DECIDES = _("Who decides on the sum: {authority}")
OTHERS_GOT = _("Other people got money like this. Look at “What other people got”.")
HELPS = _("What helps to get a sum: {paper}")
ANSWER = _("With this answer I can say more: {question}")
#: A scheme for people at work, beside somebody who was made to do sexual acts: said as what it is, and no word she has to use.
AT_WORK = _(
    "This is the insurance for people who get hurt at work. It is not clear if it pays for what was done to you. That was not your "
    "choice and not your fault. Ask an advice centre first, before you say anything about it."
)
#: So many papers and questions are read.
MOST_PAPERS, MOST_QUESTIONS = 2, 2
_AT_WORK_HEADS = frozenset({"accident_benefits"})
_SEXUAL = frozenset({"sexual"})


def instead_of_sum(result: RouteResult, authority: str, comparable: Sequence[Comparable], translate: Translate) -> list[str]:
    """What is said where a way that is not closed has no sum."""
    lines = [translate(WHO_DECIDES).format(authority=authority)]
    if comparable:
        lines.append(translate(OTHERS_GOT))
    lines += [translate(HELPS).format(paper=translate(paper)) for paper in papers_for(result.unknown_heads)[:MOST_PAPERS]]
    return lines + [translate(ANSWER).format(question=translate(text)) for text in _questions(result.missing)[:MOST_QUESTIONS]]


def papers_for(heads: Iterable[str]) -> list[str]:
    """The papers with which sums for these heads of damage are set, as message ids, each once."""
    return list(dict.fromkeys(paper for head in heads if (paper := vocabulary.paper_for(head)) is not None))


def _questions(missing: Iterable[str]) -> list[str]:
    """What the chat itself asks about; intimate questions are never put to somebody who did not ask for them."""
    definitions = (definition_of(fact) for fact in sorted(missing))
    return list(dict.fromkeys(d.question for d in definitions if d is not None and d.ask == "chat" and d.sensitivity == "plain"))


def only_for_work(result: RouteResult, facts: Facts) -> bool:
    """Whether a way is a scheme for people at work, beside somebody who tells of nothing but sexual exploitation."""
    heads = {head.raw.head for head in result.route.heads}
    forms = facts.read("act.forms")
    return bool(heads) and heads <= _AT_WORK_HEADS and bool(forms.values) and all(_SEXUAL.issuperset(value) for value in forms.values)
