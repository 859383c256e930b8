"""The fields of the Human Trafficking Case Data Standard (HTCDS) 2.0 of 24 December 2021, by IOM, CC BY 4.0 (docs/exchange.md).

Exact system names; where its published files differ from each other, the lists of values are followed (docs/exchange.md says where).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from typing import Any

from babel import Locale
from babel.core import get_global

from workbench.exchange.faults import Trouble


class Kind(Enum):
    """What a field of the standard holds. The standard's lookups and longer texts are texts."""

    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    TICK = "checkbox"
    ONE = "picklist"
    MANY = "multiselect"
    COUNTRY = "country"
    COUNTRIES = "countries"


@dataclass(frozen=True, slots=True)
class Standard:
    """One field. `values`: its list, where it has one; `core`: it belongs to the least that a record should have."""

    name: str
    kind: Kind
    values: tuple[str, ...] = ()
    core: bool = False
    deprecated: bool = False


def _standard(name: str, kind: Kind, values: str = "", core: bool = False, deprecated: bool = False) -> Standard:
    return Standard(name, kind, tuple(values.split()), core, deprecated)


_WEBSITES = "Facebook Instagram WhatsApp Telegram FacebookMessenger Viber SnapChat Line 4Sale WeChat QQ QZone TikTok Twitter Other"
_REASONS = "AdditionalServicesRequired MigrationOrChangeOfLocation Other"

#: Every field, in the order of the standard.
FIELDS = (
    # Organisation
    _standard("org_Name", Kind.TEXT),
    _standard("org_ShippingCity", Kind.TEXT),
    _standard("org_ShippingCountry", Kind.TEXT),
    _standard("org_ShippingState", Kind.TEXT),
    _standard("org_ShippingStreet", Kind.TEXT),
    _standard("org_ShippingPostalCode", Kind.TEXT),
    _standard("org_ShippingLongitude", Kind.NUMBER),
    _standard("org_ShippingLatitude", Kind.NUMBER),
    _standard("org_Phone", Kind.TEXT),
    _standard(
        "org_Type",
        Kind.ONE,
        "NGO LawEnforcement HealthServiceOrganisation CentralGovernmentOrganisation LocalGovernmentOrganisation "
        "ImmigrationService LegalService CorporateBusiness SchoolOrCollege",
    ),
    # Person
    _standard("prs_Salutation", Kind.TEXT, core=True),
    _standard("prs_FirstName", Kind.TEXT, core=True),
    _standard("prs_MiddleName", Kind.TEXT),
    _standard("prs_SecondName", Kind.TEXT, core=True),
    _standard("prs_Birthdate", Kind.DATE, core=True),
    _standard(
        "prs_Gender",
        Kind.ONE,
        "Feminine Masculine TransgenderFeminine TransgenderMasculine NonConforming NonSpecifiedUnknown",
        core=True,
    ),
    _standard("prs_Deceased", Kind.TICK),
    _standard("prs_MaritalStatus", Kind.ONE, "Single Married Widowed Divorced Separated RegisteredPartnership"),
    _standard("prs_NumberOfChildren", Kind.NUMBER),
    _standard("prs_PrimaryLanguage", Kind.TEXT),
    _standard("prs_SecondaryLanguage", Kind.TEXT),
    _standard(
        "prs_HighestLevelOfEducation",
        Kind.ONE,
        "EarlyChildhoodEducation PrimaryEducation LowerSecondaryEducation UpperSecondaryEducation "
        "PostSecondaryNonTertiaryEducation ShortCycleTertiaryEducation BachelorsOrEquivalentLevel "
        "MastersOrEquivalentLevel DoctoralOrEquivalentLevel",
    ),
    _standard("prs_Citizenship", Kind.COUNTRIES, core=True),
    _standard("prs_IdentityNumber", Kind.TEXT),
    _standard("prs_Title", Kind.TEXT, core=True),
    _standard("prs_Email", Kind.TEXT, core=True),
    _standard("prs_HomePhone", Kind.TEXT, core=True),
    _standard("prs_MobilePhone", Kind.TEXT, core=True),
    _standard("prs_MailingCity", Kind.TEXT, core=True),
    _standard("prs_MailingCountry", Kind.COUNTRY, core=True),
    _standard("prs_MailingState", Kind.TEXT, core=True),
    _standard("prs_MailingStreet", Kind.TEXT, core=True),
    _standard("prs_MailingPostalCode", Kind.TEXT, core=True),
    _standard("prs_MailingLongitude", Kind.NUMBER),
    _standard("prs_MailingLatitude", Kind.NUMBER),
    # Person-case context: victim
    _standard("vic_AgreementToManagePersonalData", Kind.TICK, deprecated=True),
    _standard(
        "vic_TraffickingStatus",
        Kind.ONE,
        "PossibleVictimOfTrafficking ActualVictimOfTrafficking NotAVictimOfTrafficking",
        core=True,
    ),
    _standard(
        "vic_TraffickingStatusDecisionMakingOrg",
        Kind.ONE,
        "Police NGO CourtOrProsecution NonPoliceGovernmentalOrganization Other",
        core=True,
    ),
    _standard("vic_RelationshipToTrafficker", Kind.ONE, "Familial Acquainted Unaquainted"),
    _standard("vic_AgeWhenTrafficked", Kind.NUMBER),
    _standard("vic_RecruitmentWebsitesAndApps", Kind.MANY, _WEBSITES),
    _standard(
        "vic_MethodOfRecruitment",
        Kind.MANY,
        "AtAPlaceOfBusiness AtAnEducationalInstitution AtWork ThroughOnlineSocialNetworks "
        "ThroughAnOnlineAdvertisement ThroughATelevisionAdvert ThroughANewspaperAdvert ThroughFamilyOrFamilyEvents "
        "ThroughFriendsOrSocialEvents Other",
        core=True,
    ),
    _standard("vic_LocationOfRecruitment", Kind.TEXT, core=True),
    _standard(
        "vic_MethodsOfControl",
        Kind.MANY,
        "PhysicalThreats ThreatsLawEnforcement ThreatensChildrenFamily DebtBondage FalsePromises PhysicalAbuse "
        "SexualAbuse TakesEarnings RestrictsFinancialAccess RestrictsMedicalCare WithholdsNecessities "
        "PsychologicalAbuse PsychoactiveSubstance ExcessiveWorkingHours WithholdsDocuments Other",
        core=True,
    ),
    _standard(
        "vic_TypeOfExploitation",
        Kind.MANY,
        "ForcedLabour SexualExploitation ChildLabour ForcedMarriage Servitude ForcedMilitaryByNonStateActors "
        "OrganRemoval ForcedBegging ForcedAdoption Surrogacy Other",
        core=True,
    ),
    _standard(
        "vic_ForcedLabourIndustry",
        Kind.ONE,
        "A_AgricultureForestryAndFishing B_MiningAndQuarrying C_Manufacturing "
        "D_ElectricityGasSteamAndAirConditioningSupply E_WaterSupplySewerageWasteManagement F_Construction "
        "G_WholesaleAndRetailTradeRepairOfMotorVehicles H_TransportationAndStorage "
        "I_AccommodationAndFoodServiceActivities J_InformationAndCommunication K_FinancialAndInsuranceActivities "
        "L_RealEstateActivities M_ProfessionalScientificAndTechnicalActivities "
        "N_AdministrativeAndSupportServiceActivities O_PublicAdministrationAndDefence P_Education "
        "Q_HumanHealthAndSocialWorkActivities R_ArtsEntertainmentAndRecreation S_OtherServiceActivities "
        "T_ActivitiesOfHouseholdsAsEmployers U_ActivitiesOfExtraterritorialOrganizations",
        core=True,
    ),
    _standard(
        "vic_TypeOfSexExploitation",
        Kind.MANY,
        "Prostitution Pornography RemoteInteractiveServices PrivateSexualServices",
        core=True,
    ),
    _standard("vic_LocationOfExploitation", Kind.TEXT, core=True),
    _standard("vic_ExploitationWebsitesAndApps", Kind.MANY, _WEBSITES),
    _standard(
        "vic_Vulnerabilities",
        Kind.MANY,
        "Addiction SocialGroup Discrimination Poverty DisabilityAndPhysicalHealth MentalHealth Migration "
        "Homelessness AbuseSocialMedia AbusePhysical Education WorkEnvironment",
        core=True,
        deprecated=True,
    ),
    _standard("vic_DetailsOfVulnerabilities", Kind.TEXT, core=True, deprecated=True),
    # Person-case context: perpetrator
    _standard(
        "per_RoleInProcess",
        Kind.MANY,
        "TravellingPartner Transporter RecruiterOrIntermediary BrokerTravelAgent TransferredIndividual "
        "HarbouredIndividual SoldIndividual BoughtIndividual ReceivedIndividual ControlledIndividual Smuggler "
        "Abuser Kidnapper Exploiter Other",
    ),
    _standard("per_RoleDetails", Kind.TEXT),
    # Case
    _standard("cas_Status", Kind.ONE, "Active FollowUp Closed ClosedReferred", core=True),
    _standard("cas_ReasonForCaseClosure", Kind.TEXT, core=True),
    _standard("cas_CaseOwner", Kind.TEXT, core=True),
    # Referral
    _standard("cas_ReferringOrganisation", Kind.TEXT, core=True),
    _standard("cas_IncomingReferralDate", Kind.DATE, core=True),
    _standard("cas_ReferringPrimaryCaseWorker", Kind.TEXT, core=True),
    _standard("cas_ReasonForIncomingReferral", Kind.ONE, _REASONS, core=True),
    _standard("cas_IncomingReferralDetails", Kind.TEXT, core=True),
    _standard("cas_ReferredOrganisation", Kind.TEXT, core=True),
    _standard("cas_ReferredPrimaryCaseWorker", Kind.TEXT, core=True),
    _standard("cas_ReasonForOutgoingReferral", Kind.ONE, _REASONS, core=True),
    _standard("cas_OutgoingReferralDate", Kind.DATE, core=True),
    _standard("cas_OutgoingReferralDetails", Kind.TEXT, core=True),
    # Case comment
    _standard("cco_CaseComment", Kind.TEXT),
    # Historic trafficking event
    _standard("hte_Longitude", Kind.NUMBER),
    _standard("hte_Latitude", Kind.NUMBER),
    _standard("hte_City", Kind.TEXT),
    _standard("hte_Country", Kind.TEXT),
    _standard("hte_State", Kind.TEXT),
    _standard("hte_Street", Kind.TEXT),
    _standard("hte_PostalCode", Kind.TEXT),
    _standard("hte_Date", Kind.DATE),
    _standard("hte_Type", Kind.ONE, "Recruitment Transit Exploitation"),
    _standard("hte_Description", Kind.TEXT),
    # Support plan
    _standard("spl_Objectives", Kind.TEXT),
    _standard("spl_ActionPlan", Kind.TEXT),
    _standard("spl_PlannedEndDate", Kind.DATE),
    _standard("spl_ActualEndDate", Kind.DATE),
    _standard(
        "spl_Type",
        Kind.ONE,
        "Education Financial Health LabourExploitationRehabilitation Legal Livelihood RightsBasedTraining "
        "SexualExploitationRehabilitation SocialCare",
    ),
    # Consent
    _standard("con_Consent", Kind.TICK, core=True),
)
BY_NAME = {field.name: field for field in FIELDS}
#: Names of fields beside the standard, which it allows, begin so.
OWN = "redress_"
#: Values as `Field Definitions.md` of the standard writes them, and as its lists do.
SPELT = {
    "UsesChildren": "ThreatensChildrenFamily",
    "ThreatOfLawEnforcement": "ThreatsLawEnforcement",
    "PsychoactiveSubstances": "PsychoactiveSubstance",
}


class NoValueError(ValueError):
    """A value that its field cannot have; `rest`: what of a list it can have."""

    def __init__(self, trouble: Trouble, rest: list[str] | None = None) -> None:
        super().__init__(trouble)
        self.trouble, self.rest = trouble, rest


def value_in(field: Standard, raw: Any) -> Any:
    """The value of a field as JSON has it: a text, a number, true or false, a list of texts; None for nothing. Raises NoValueError."""
    if raw is None or raw == [] or (isinstance(raw, str) and not raw.strip()):
        return None
    return _READ[field.kind](field, raw.strip() if isinstance(raw, str) else raw)


def _text(_field: Standard, raw: Any) -> str:
    if not isinstance(raw, str):
        raise NoValueError(Trouble.NO_TEXT)
    return raw


def _date(_field: Standard, raw: Any) -> str:
    # Programs that write a time with each date write it behind the day.
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?", raw) if isinstance(raw, str) else None
    try:
        return date.fromisoformat(found[1] if found else "").isoformat()
    except ValueError:
        raise NoValueError(Trouble.NO_DAY) from None


def _number(_field: Standard, raw: Any) -> int | str:
    try:
        number = Decimal(str(raw)) if not isinstance(raw, bool | list | dict) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number) >= 10**12:
        raise NoValueError(Trouble.NO_NUMBER)
    return int(number) if number == number.to_integral_value() else str(number)


_TICKS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def _tick(_field: Standard, raw: Any) -> bool:
    found = _TICKS.get(str(raw).casefold())
    if found is None:
        raise NoValueError(Trouble.NO_TICK)
    return found


def _one(field: Standard, raw: Any) -> str:
    raw = SPELT.get(raw, raw) if isinstance(raw, str) else raw
    if raw not in field.values:
        raise NoValueError(Trouble.NOT_LISTED)
    return str(raw)


def _country(_field: Standard, raw: Any) -> str:
    found = country(raw) if isinstance(raw, str) else None
    if found is None:
        raise NoValueError(Trouble.NOT_LISTED)
    return found


def _many(one: Callable[[Standard, Any], str]) -> Callable[[Standard, Any], list[str]]:
    def read(field: Standard, raw: Any) -> list[str]:
        # Tables and some programs write a list as one text.
        found = re.split("[;,]", raw) if isinstance(raw, str) else raw
        if not isinstance(found, list):
            raise NoValueError(Trouble.NOT_LISTED)
        good: dict[str, None] = {}
        trouble = None
        for text in (text.strip() if isinstance(text, str) else text for text in found):
            try:
                good |= {one(field, text): None} if text != "" else {}
            except NoValueError as error:
                trouble = error.trouble
        if trouble is not None:
            raise NoValueError(trouble, list(good))
        return list(good)

    return read


_READ: dict[Kind, Callable[[Standard, Any], Any]] = {
    Kind.TEXT: _text,
    Kind.DATE: _date,
    Kind.NUMBER: _number,
    Kind.TICK: _tick,
    Kind.ONE: _one,
    Kind.MANY: _many(_one),
    Kind.COUNTRY: _country,
    Kind.COUNTRIES: _many(_country),
}


def country(text: str) -> str | None:
    """The code of a country with two letters, of its code with two or three letters or its English name; None where there is none."""
    code = text.upper()
    if code in _countries():
        return code
    found = get_global("territory_aliases").get(code, []) if len(code) == 3 and code.isalpha() else []
    return found[0] if len(found) == 1 else _english().get(text.casefold())


@cache
def _countries() -> dict[str, str]:
    names = Locale.parse("en").territories
    return {str(code): str(name) for code, name in names.items() if len(code) == 2 and code not in ("EU", "EZ", "UN", "QO", "ZZ", "XA", "XB")}


@cache
def _english() -> dict[str, str]:
    return {name.casefold(): code for code, name in _countries().items()}
