"""Words of the command line's tables about a case: message ids of the `law` catalogue, translated where they are shown."""

from __future__ import annotations

from calculator.translation import _

PAID_BY = {"offender": _("offender"), "employer": _("employer"), "state": _("state")}
WHY = {"same_head": _("same loss"), "alternative": _("only one of both"), "subsidiary": _("pays only what is left"), "deducts": _("taken off")}
ROUTE, STATE, AMOUNT, DEADLINE = _("Way to money"), _("Status"), _("Amount"), _("Until")
NOT_CONFIRMED, TOTALS, TOTAL = _("Not confirmed"), _("All together (nothing counted twice)"), _("All together")
HEAD, PAYER, NOT_ADDED, REASON = _("What for"), _("Paid by"), _("Not added"), _("Why")
A_MONTH = _("{amount} a month")
TOO_OLD, BESIDE, PARTLY = _("may be too old"), _("beside the sum"), _("not all of it")
NOT_ASKED = _("Not asked yet: {facts}")
CAP = _("Limit: {what}")
NO_RULES = _("No rules yet for: {countries}")
FACT, QUESTION, ROUTES, ASKED_IN = _("Fact"), _("Question"), _("Ways to money"), _("Asked in")
