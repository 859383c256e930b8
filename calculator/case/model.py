"""The case file, version 1: every field of `contract.md`, all optional.

Absent or null means not asked; `unknown` asked and not known; `declined` asked and not said.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from calculator.case.values import Amount, Day, Kind, Number, Per, Text, Unsaid, YesNo, one_of

Form = Annotated[
    Any,
    one_of("sexual", "labour", "domestic_servitude", "criminal", "begging", "organ_removal", "forced_marriage", "other"),
]
Status = Annotated[
    Any,
    one_of("citizen", "eu_resident", "permit", "pending", "asylum_applicant", "refugee", "no_permit", "stateless"),
]
Violence = Annotated[Any, one_of("none", "threats", "physical", "severe")]
SexualViolence = Annotated[Any, one_of("none", "once", "repeated")]
Relation = Annotated[Any, one_of("employer", "partner", "relative", "stranger", "household", "other")]
Sector = Annotated[
    Any,
    one_of("domestic", "agriculture", "construction", "hospitality", "cleaning", "sex", "care", "factory", "transport", "other"),
]
EmployerKind = Annotated[Any, one_of("company", "private_household", "diplomat", "other")]
Declared = Annotated[Any, one_of("fully", "partly", "not_at_all")]
EndedBy = Annotated[Any, one_of("escaped", "dismissed", "resigned", "rescued", "expired")]
Psychological = Annotated[Any, one_of("none", "temporary", "long_lasting", "permanent")]
Identified = Annotated[Any, one_of("none", "pending", "reasonable_grounds", "conclusive")]
CaseStatus = Annotated[Any, one_of("none", "investigation", "charged", "convicted", "acquitted", "closed")]
Offence = Annotated[Any, one_of("trafficking", "forced_labour", "servitude", "other")]
Court = Annotated[Any, one_of("criminal", "civil", "labour")]
RECEIVED_FROM = ("offender", "fund", "insurance", "benefit", "employer")
ReceivedFrom = Annotated[Any, one_of(*RECEIVED_FROM)]
LOSS_KINDS = ("medical", "therapy", "travel", "recruitment_fee", "documents", "property", "legal", "relocation", "care", "other")
LossKind = Annotated[Any, one_of(*LOSS_KINDS)]
Country = Annotated[str, Kind.COUNTRY, Field(pattern="^[A-Z]{2}$")]
Region = Annotated[str, Kind.REGION, Field(pattern="^[A-Z]{2}-[A-Z0-9]{1,3}$")]
Currency = Annotated[str, Kind.CURRENCY, Field(pattern="^[A-Z]{3}$")]


class Entry(BaseModel):
    """A group of facts; a field the contract does not know is an error, so that no slip is lost."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Money(Entry):
    amount: Amount = None
    currency: Currency | None = None

    @model_validator(mode="before")
    @classmethod
    def _money_within(cls, raw: Any) -> Any:
        """A loss or a payment may give its money as money is written elsewhere: `amount: {amount: "300", currency: PLN}`."""
        inner = raw.get("amount") if isinstance(raw, dict) else None
        if not isinstance(inner, dict) or "amount" not in inner or not set(inner) <= {"amount", "currency"}:
            return raw
        return {**raw, "amount": inner["amount"], "currency": inner.get("currency") or raw.get("currency")}

    @field_validator("amount")
    @classmethod
    def _not_negative(cls, value: Any) -> Any:
        if value is not None and not isinstance(value, Unsaid) and value.low < 0:
            raise ValueError("negative")
        return value


class Pay(Money):
    per: Per | None = None
    from_: Day = Field(None, alias="from")
    to: Day = None
    basis: Literal["gross", "net"] | None = None


class Period(Entry):
    from_: Day = Field(None, alias="from")
    to: Day = None


class Conviction(Entry):
    date: Day = None
    sentence: Annotated[Any, one_of("custody", "community", "fine", "other")] = None
    spent: YesNo = None


class Person(Entry):
    birth_date: Day = None
    birth_year: Number = None
    nationalities: list[Country] | Unsaid | None = None
    residence_country: Country | Unsaid | None = None
    immigration_status: Status = None
    marital_status: Text = None
    education_level: Text = None
    dependants: Number = None
    monthly_income: Money | Unsaid | None = None
    convictions: list[Conviction] | Unsaid | None = None


class Act(Entry):
    kind: Text = None
    date: Day = None


class Exploitation(Entry):
    country: Country | Unsaid | None = None
    region: Region | Unsaid | None = None
    forms: list[Form] | Unsaid | None = None
    start: Day = None
    end: Day = None
    resident_then: YesNo = None
    violence: list[Violence] | Unsaid | None = None
    sexual_violence: SexualViolence = None
    acts: list[Act] | Unsaid | None = None
    freedom_restricted: YesNo = None
    debt_bondage: YesNo = None
    documents_taken: YesNo = None
    offender_relation: Relation = None
    treated_as_family: YesNo = None
    offender_proceeds: Money | Unsaid | None = None


class Absence(Period):
    start: Day = None
    end: Day = None
    hours: Number = None


class Accommodation(Entry):
    provided: YesNo = None
    nights_per_week: Number = None
    charged: Pay | Unsaid | None = None


class Board(Entry):
    meals_per_day: Number = None
    charged: Pay | Unsaid | None = None


class Deduction(Money):
    kind: Text = None
    per: Per | None = None


class Termination(Entry):
    date: Day = None
    by: EndedBy = None
    notice_given: YesNo = None


class Work(Entry):
    country: Country | Unsaid | None = None
    region: Region | Unsaid | None = None
    locality: Text = None
    sector: Sector = None
    occupation: Text = None
    employer_kind: EmployerKind = None
    employer_size: Number = None
    employer_insolvent: YesNo = None
    principals: YesNo = None
    collective_agreement: Text | bool = None
    start: Day = None
    end: Day = None
    absences: list[Absence] | Unsaid | None = None
    hours_total: Number = None
    hours_per_week: Number = None
    agreed_hours_per_week: Number = None
    hours_per_day: Number = None
    full_week_hours: Number = None
    days_per_week: Number = None
    pattern: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[str]] | Unsaid | None = None
    night_hours_per_week: Number = None
    sunday_hours_per_week: Number = None
    standby_nights_per_week: Number = None
    live_in: YesNo = None
    accommodation: Accommodation | Unsaid | None = None
    board: Board | Unsaid | None = None
    agreed: Pay | Unsaid | None = None
    usual_wage: Pay | Unsaid | None = None
    paid: list[Pay] | Unsaid | None = None
    deductions: list[Deduction] | Unsaid | None = None
    apprentice: YesNo = None
    training_completed: YesNo = None
    permit_to_work: YesNo = None
    declared: Declared = None
    payslips: YesNo = None
    hours_records_kept: YesNo = None
    leave_days_taken: Number = None
    sick_days: Number = None
    wilful: YesNo = None
    due_rule: Text = None
    termination: Termination | Unsaid | None = None


class Injury(Entry):
    code: Text = None
    tariff: Text = None
    severity: Annotated[Any, one_of("mild", "moderate", "serious", "severe")] = None
    duration_weeks: Number = None
    permanent: YesNo = None
    diagnosed_by: Text = None
    date: Day = None
    same_crime: YesNo = None


class Incapacity(Period):
    percent: Number = None


class PainDays(Entry):
    """Whole days of pain that a medical expert named, by strength (AT)."""

    light: Number = None
    medium: Number = None
    strong: Number = None


class Harm(Entry):
    injuries: list[Injury] | Unsaid | None = None
    psychological: Psychological = None
    diagnosed: YesNo = None
    incapacity: list[Incapacity] | Unsaid | None = None
    itt_days: Number = None
    hospital_nights: Number = None
    pain_days: PainDays | Unsaid | None = None
    permanent_impairment_percent: Number = None
    suffering_scale_7: Number = None
    aesthetic_scale_7: Number = None
    degree_of_harm: Number = None
    lasted_over_six_months: YesNo = None
    consolidation_date: Day = None
    therapy_sessions: Number = None
    first_therapy_date: Day = None
    pregnancy: Text = None
    earnings_before: Pay | Unsaid | None = None


class Loss(Money):
    kind: LossKind = None
    date: Day = None
    reimbursed: Amount = None


class CriminalCase(Entry):
    status: CaseStatus = None
    date: Day = None
    offence: Offence = None
    civil_party: YesNo = None


class Confiscation(Entry):
    ordered: YesNo = None
    final_on: Day = None
    amount: Money | Amount = None


class Claim(Entry):
    route: Text = None
    filed: Day = None
    served: Day = None
    decided: Day = None
    result: Text = None
    kind: Annotated[Any, one_of("monthly", "lump_sum")] = None


class Prevented(Period):
    reason: Text = None


class Payment(Money):
    date: Day = None


class Award(Entry):
    country: Country | Unsaid | None = None
    court: Court = None
    damages: Amount = None
    costs: Amount = None
    #: Heads of damage that the judgment is about; without them it may be about any.
    for_: list[str] | Unsaid | None = Field(None, alias="for")
    currency: Currency | None = None
    date: Day = None
    final_on: Day = None
    paid: list[Payment] | Unsaid | None = None


class Received(Money):
    from_: ReceivedFrom = Field(None, alias="from")
    for_: Text = Field(None, alias="for")
    route: Text = None
    date: Day = None


class Procedure(Entry):
    reported_to_police: YesNo = None
    report_date: Day = None
    cooperates: YesNo = None
    identified_as_victim: Identified = None
    identified_date: Day = None
    criminal_case: CriminalCase | Unsaid | None = None
    confiscation: Confiscation | Unsaid | None = None
    claims: list[Claim] | Unsaid | None = None
    conciliation: Period | Unsaid | None = None
    prevented: list[Prevented] | Unsaid | None = None
    offender_known: YesNo = None
    offender_solvent: YesNo = None
    lives_with_offender: YesNo = None
    awards: list[Award] | Unsaid | None = None
    received: list[Received] | Unsaid | None = None


class CaseFile(Entry):
    version: Literal[1] = 1
    evaluated_on: Day = None
    claimant: Annotated[Any, one_of("victim", "survivor")] = None
    person: Person = Person()
    exploitation: list[Exploitation] | Unsaid | None = None
    work: list[Work] | Unsaid | None = None
    harm: Harm = Harm()
    losses: list[Loss] | Unsaid | None = None
    procedure: Procedure = Procedure()
