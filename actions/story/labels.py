"""What each label of a clause (`data/facts`) says in the case file. `{e}` is the entry of the country, `{w}` the job."""

from __future__ import annotations

from typing import Any

ENTRY, JOB = "exploitation[{e}].", "work[{w}]."

#: (group, value) -> path and value, for labels that say a fact by themselves.
FACTS: dict[tuple[str, str], tuple[str, Any]] = {
    ("papers", "taken"): (ENTRY + "documents_taken", True),
    ("papers", "not_taken"): (ENTRY + "documents_taken", False),
    ("locked", "yes"): (ENTRY + "freedom_restricted", True),
    ("locked", "no"): (ENTRY + "freedom_restricted", False),
    ("debt", "yes"): (ENTRY + "debt_bondage", True),
    ("debt", "no"): (ENTRY + "debt_bondage", False),
    **{("relation", value): (ENTRY + "offender_relation", value) for value in ("employer", "partner", "relative", "stranger")},
    ("live_in", "yes"): (JOB + "live_in", True),
    ("live_in", "no"): (JOB + "live_in", False),
    ("employer", "company"): (JOB + "employer_kind", "company"),
    ("employer", "household"): (JOB + "employer_kind", "private_household"),
    ("employer", "diplomat"): (JOB + "employer_kind", "diplomat"),
    ("contract", "none"): (JOB + "declared", "not_at_all"),
    ("permit_to_work", "yes"): (JOB + "permit_to_work", True),
    ("permit_to_work", "no"): (JOB + "permit_to_work", False),
    ("payslips", "yes"): (JOB + "payslips", True),
    ("payslips", "no"): (JOB + "payslips", False),
    **{("how_ended", value): (JOB + "termination.by", value) for value in ("escaped", "dismissed", "resigned", "rescued")},
    ("police", "told"): ("procedure.reported_to_police", True),
    ("police", "not_told"): ("procedure.reported_to_police", False),
    **{("case", value): ("procedure.criminal_case.status", value) for value in ("investigation", "charged", "convicted", "acquitted", "closed")},
    **{("marital", value): ("person.marital_status", value) for value in ("single", "married", "partner", "divorced", "widowed")},
    ("status", "no_permit"): ("person.immigration_status", "no_permit"),
    ("status", "permit"): ("person.immigration_status", "permit"),
    ("status", "asylum"): ("person.immigration_status", "asylum_applicant"),
    ("status", "refugee"): ("person.immigration_status", "refugee"),
    ("status", "citizen"): ("person.immigration_status", "citizen"),
    ("status", "eu"): ("person.immigration_status", "eu_resident"),
    ("status", "pending"): ("person.immigration_status", "pending"),
    ("children", "none"): ("person.dependants", 0),
    **{
        ("sector", value): (JOB + "sector", value)
        for value in ("domestic", "care", "agriculture", "construction", "hospitality", "cleaning", "factory", "transport", "sex", "other")
    },
}
#: Values that stand in a list of which several may be true.
LISTS: dict[str, str] = {"forms": ENTRY + "forms", "violence": ENTRY + "violence"}
#: What somebody was made to do, where only the kind of work was told.
FORM_OF_SECTOR = {"domestic": "domestic_servitude", "sex": "sexual"}
#: Groups that show that a clause is about the time of the exploitation.
OF_THE_WORK = frozenset({"forms", "sector", "hours", "money", "relation", "papers", "employer", "live_in", "locked", "debt"})
