"""Who may do what: one table for pages, interface and command."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What somebody does in an organisation; one person may have several."""

    SUPPORT_WORKER = "support_worker"
    RULE_EDITOR = "rule_editor"
    RULE_REVIEWER = "rule_reviewer"
    ADMINISTRATOR = "administrator"


class Action(StrEnum):
    """What can be done, as the audit names it."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    JOIN = "join"
    FOUND = "found"
    INVITE = "invite"
    LET_IN = "let_in"
    RESET = "reset"
    REMOVE = "remove"
    RECOVER = "recover"
    ROTATE_KEYS = "rotate_keys"
    SEE_STAFF = "see_staff"
    LIST_CASES = "list_cases"
    CREATE_CASE = "create_case"
    OPEN_CASE = "open_case"
    CHANGE_CASE = "change_case"
    DELETE_CASE = "delete_case"
    EXPORT_CASE = "export_case"
    HAND_OVER_CASE = "hand_over_case"
    WITHDRAW_CASE = "withdraw_case"
    TAKE_CASE = "take_case"
    REFUSE_CASE = "refuse_case"
    MAKE_REPORT = "make_report"
    CASE_ENDED = "case_ended"
    CASE_RESTORED = "case_restored"
    READ_AUDIT = "read_audit"
    READ_RULES = "read_rules"
    EXPORT_RULES = "export_rules"
    DRAFT_RULES = "draft_rules"
    SUBMIT_RULES = "submit_rules"
    APPROVE_RULES = "approve_rules"
    APPROVE_RULES_ALONE = "approve_rules_alone"
    CONFIRM_RULES = "confirm_rules"
    ROLL_BACK_RULES = "roll_back_rules"
    WITHDRAW_RULES = "withdraw_rules"
    SETTLE_SOURCE = "settle_source"
    SET_RULES_TEAM = "set_rules_team"
    ADD_PASSKEY = "add_passkey"
    REMOVE_PASSKEY = "remove_passkey"
    LINK_IDENTITY = "link_identity"
    UNLINK_IDENTITY = "unlink_identity"


_CASES = frozenset({Role.SUPPORT_WORKER})
_STAFF = frozenset({Role.ADMINISTRATOR})
_EDITORS = frozenset({Role.RULE_EDITOR})
_REVIEWERS = frozenset({Role.RULE_REVIEWER})
_ALL = frozenset(Role)

#: Which roles may. What is not here nobody may: it happens by itself or from the command line.
MAY: dict[Action, frozenset[Role]] = {
    Action.SIGN_OUT: _ALL,
    Action.RECOVER: _STAFF | _CASES,
    Action.INVITE: _STAFF,
    Action.RESET: _STAFF,
    Action.REMOVE: _STAFF,
    Action.SEE_STAFF: _STAFF,
    Action.ROTATE_KEYS: _STAFF,
    Action.READ_AUDIT: _STAFF,
    Action.LET_IN: _STAFF | _CASES,
    Action.LIST_CASES: _CASES,
    Action.CREATE_CASE: _CASES,
    Action.OPEN_CASE: _CASES,
    Action.CHANGE_CASE: _CASES,
    Action.DELETE_CASE: _CASES,
    Action.EXPORT_CASE: _CASES,
    Action.HAND_OVER_CASE: _CASES,
    Action.WITHDRAW_CASE: _CASES,
    Action.TAKE_CASE: _CASES,
    Action.REFUSE_CASE: _CASES,
    Action.MAKE_REPORT: _CASES,
    Action.READ_RULES: _EDITORS | _REVIEWERS,
    Action.EXPORT_RULES: _EDITORS | _REVIEWERS,
    Action.DRAFT_RULES: _EDITORS | _REVIEWERS,
    Action.SUBMIT_RULES: _EDITORS | _REVIEWERS,
    Action.WITHDRAW_RULES: _EDITORS | _REVIEWERS,
    Action.SETTLE_SOURCE: _EDITORS | _REVIEWERS,
    Action.APPROVE_RULES: _REVIEWERS,
    Action.APPROVE_RULES_ALONE: _REVIEWERS,
    Action.CONFIRM_RULES: _REVIEWERS,
    Action.ROLL_BACK_RULES: _REVIEWERS,
    Action.ADD_PASSKEY: _ALL,
    Action.REMOVE_PASSKEY: _ALL,
    Action.LINK_IDENTITY: _ALL,
    Action.UNLINK_IDENTITY: _ALL,
}


#: What changes the rules of the whole installation: besides the role, her organisation must look after them (`redress release team`).
OF_THE_RULES = frozenset(
    {
        Action.READ_RULES,
        Action.EXPORT_RULES,
        Action.DRAFT_RULES,
        Action.SUBMIT_RULES,
        Action.WITHDRAW_RULES,
        Action.SETTLE_SOURCE,
        Action.APPROVE_RULES,
        Action.APPROVE_RULES_ALONE,
        Action.CONFIRM_RULES,
        Action.ROLL_BACK_RULES,
    }
)


def may(roles: frozenset[Role], action: Action) -> bool:
    """Whether somebody with these roles may do it."""
    return bool(roles & MAY.get(action, frozenset()))


def opens_cases(roles: frozenset[Role]) -> bool:
    """Whether somebody with these roles is given the organisation's keys: who opens cases, and who lets others in."""
    return bool(roles & (_CASES | _STAFF))


def roles_written(roles: frozenset[Role]) -> str:
    """Roles as a row keeps them."""
    return " ".join(sorted(roles))


def roles_read(written: str) -> frozenset[Role]:
    """Roles of a row."""
    return frozenset(map(Role, written.split()))
