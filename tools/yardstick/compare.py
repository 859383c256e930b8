"""What was read of a story beside what it tells."""

from __future__ import annotations

from typing import Any

from calculator.case.paths import get
from tools.yardstick.ask import Heard
from tools.yardstick.grade import TODAY, ends, near, same_pay, same_time

#: Facts of the yardstick -> how the case file has them.
_CHOICES = {
    "sector": ("work[{w}].sector", {}),
    "live_in": ("work[{w}].live_in", {}),
    "papers": ("exploitation[{e}].documents_taken", {"taken": True, "not_taken": False}),
    "locked": ("exploitation[{e}].freedom_restricted", {}),
    "debt": ("exploitation[{e}].debt_bondage", {}),
    "relation": ("exploitation[{e}].offender_relation", {}),
    "employer": ("work[{w}].employer_kind", {"household": "private_household"}),
    "status": ("person.immigration_status", {"asylum": "asylum_applicant", "eu": "eu_resident"}),
    "marital": ("person.marital_status", {}),
    "police": ("procedure.reported_to_police", {"told": True, "not_told": False}),
    "case": ("procedure.criminal_case.status", {}),
    "contract": ("work[{w}].declared", {"none": "not_at_all", "written": "fully"}),
    "now": ("person.residence_country", {}),
    "how_ended": ("work[{w}].termination.by", {}),
    "city": ("work[{w}].locality", {}),
    "country": ("exploitation[{e}].country", {}),
    "children": ("person.dependants", {}),
}
#: Paths that say again what another one says, or that a yardstick does not hold.
_SAID_ELSEWHERE = (
    "work[0].country",
    "exploitation[0].region",
    "work[1].country",
    "exploitation[1].region",
    "work[0].permit_to_work",
    "work[0].payslips",
    "work[1].permit_to_work",
    "work[1].payslips",
)


def compare(item: dict[str, Any], heard: Heard, show: str = "") -> tuple[tuple[int, int], int, int]:
    """((facts read of those told, told), values read, of these right). `show`: print what was missed and misread, beside this language."""
    so_far = heard.told
    case = so_far["case"]
    read = [p for p in [*so_far["read"], *so_far["confirmed"]] if p not in _SAID_ELSEWHERE]
    wanted, maybe = item.get("facts", {}), item.get("maybe") or {}
    seconds = [s for s in (item.get("second"), wanted.get("second") if isinstance(wanted, dict) else None) if isinstance(s, dict)]
    matched: set[str] = set()
    hits = of = 0
    for key, value in wanted.items():
        if key in ("second", "country2"):
            continue
        of += 1
        path = _matches(key, value, case, heard, 0)
        if path is not None:
            hits += 1
            matched.add(path)
    also = (
        [(key, value, 0) for key, value in maybe.items()]
        + [(k, v, 1) for s in seconds for k, v in s.items()]
        + [("country", wanted.get("country2"), 1)]
    )
    also += [(k, v, 1) for k, v in wanted.items()] + [(k, v, 0) for s in seconds for k, v in s.items()]
    allowed = set(matched)
    for key, value, job in also:
        path = _matches(key, value, case, heard, job)
        if path is not None:
            allowed.add(path)
    wrong = [path for path in read if path not in allowed and not _follows(path, case, wanted)]
    right = len(read) - len(wrong)
    if show and (wrong or hits < of):
        missed = {k: v for k, v in wanted.items() if k not in ("second", "country2") and _matches(k, v, case, heard, 0) is None}
        print(show, "TOLD", "|", item.get("text") or item.get("say"), "| missed", missed, "| wrong", {p: get(case, p) for p in wrong})
        for clause in heard.parse["clauses"]:
            readings = (f"{f['group']}={f['value']}{'' if f['sure'] else '?'}" for f in clause["facts"])
            print("      ", clause["text"], "|", " ".join(readings))
    return (hits, of), len(read), right


def _follows(path: str, case: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Values that only follow from what was told: a form of the work, a year of birth, an adult from an age."""
    value = get(case, path)
    if path.endswith(".forms"):
        return (
            set(value or []) <= {"labour", "domestic_servitude", "sexual"}
            and bool({"sector", "form", "paid", "promised", "hours_day", "hours_week", "days_week"} & set(wanted))
            and ("sexual" not in value or wanted.get("sector") == "sex" or "sexual" in (wanted.get("form") or []))
        )
    if path in ("person.birth_year", "chat.adult"):
        return "age" in wanted or "adult" in wanted
    if path.endswith("hours_per_week") and {"hours_day", "days_week"} <= set(wanted):
        # 12 hours a day on 6 days.
        (low_h, high_h), (low_d, high_d) = ends(wanted["hours_day"]), ends(wanted["days_week"])
        return near(value, [low_h * low_d, high_h * high_d])
    return False


def _matches(key: str, value: Any, case: dict[str, Any], heard: Heard, job: int) -> str | None:
    """The path that says a fact of the yardstick, if the case does."""
    work, act = f"work[{job}]", f"exploitation[{job}]"
    if value is None:
        return None
    if key in _CHOICES:
        template, names = _CHOICES[key]
        path = template.format(e=job, w=job)
        known = get(case, path)
        if key == "city":
            return path if isinstance(known, str) and known else None
        return path if known is not None and known == names.get(value, value) else None
    if key == "form":
        path = f"{act}.forms"
        return path if set(get(case, path) or []) & set(value if isinstance(value, list) else [value]) else None
    if key == "violence":
        path = f"{act}.violence"
        return path if (get(case, path) or [None])[-1] == value or value in (get(case, path) or []) else None
    if key in ("begin", "end"):
        path = f"{act}.{'start' if key == 'begin' else 'end'}"
        known = get(case, path)
        if value == "still":
            return path if known == TODAY.isoformat() or heard.interview.ongoing else None
        return path if known is not None and same_time(known, value, isinstance(value, dict)) else None
    if key == "months":
        length = heard.interview.length
        return (
            "length"
            if length and abs(length[0] - float(value)) <= max(1.0, 0.2 * float(value))
            else (f"{act}.start" if get(case, f"{act}.start") else None)
        )
    if key == "hours_week":
        path = f"{work}.hours_per_week"
        return path if get(case, path) is not None and near(get(case, path), value) else None
    if key in ("hours_day", "days_week"):
        path = f"{work}.{'hours_per_day' if key == 'hours_day' else 'days_per_week'}"
        if get(case, path) is not None and near(get(case, path), value, "0.5"):
            return path
        week = get(case, f"{work}.hours_per_week")
        return f"{work}.hours_per_week" if week is not None and ends(week)[0] % ends(value)[0] == 0 else None
    if key in ("paid", "promised"):
        path = f"{work}.{'paid' if key == 'paid' else 'agreed'}"
        return path if get(case, path) is not None and same_pay(get(case, path), value) else None
    if key == "deduction":
        path = f"{work}.deductions"
        return path if get(case, path) and same_pay(get(case, path), value) else None
    if key == "fee":
        return "losses" if get(case, "losses") and same_pay(get(case, "losses"), {k: v for k, v in value.items() if k != "per"}) else None
    if key == "age":
        year = get(case, "person.birth_year")
        return "person.birth_year" if year is not None and near(year, {"low": TODAY.year - value - 1, "high": TODAY.year - value}, "1") else None
    if key == "adult":
        told = heard.interview.told.get("chat.adult")
        return "chat.adult" if heard.interview.adult == value or (told is not None and told.value == value) else None
    if key == "nationality":
        return "person.nationalities" if value in (get(case, "person.nationalities") or []) else None
    return None
