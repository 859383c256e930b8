"""Somebody who is signed in: who she is, what she may do, and the keys that her passphrase opened."""

from __future__ import annotations

from dataclasses import dataclass, field

from store.organisations.roles import OF_THE_RULES, Action, Role, may, opens_cases
from store.organisations.vault import KeyPair


class NotAllowedError(PermissionError):
    """Her roles do not allow it."""


class NoKeyError(LookupError):
    """She has no key to her organisation's cases yet: another member lets her in, or the key on paper does."""


@dataclass(frozen=True, slots=True)
class Member:
    """A signed-in member. `keys`: the organisation's private keys by number, as far as they were sealed to her; empty until she is let in."""

    id: str
    name: str
    organisation: str
    roles: frozenset[Role]
    own: KeyPair = field(repr=False)
    keys: dict[int, KeyPair] = field(repr=False)
    #: Whether her organisation looks after the rules of this installation.
    looks_after_rules: bool = False

    def may(self, action: Action) -> bool:
        """Whether her roles allow it, and her organisation looks after the rules where it is about them."""
        return may(self.roles, action) and (self.looks_after_rules or action not in OF_THE_RULES)

    @property
    def opens_cases(self) -> bool:
        """Whether she is one of those who are given the organisation's keys."""
        return opens_cases(self.roles)

    def needs(self, action: Action) -> None:
        """Raises NotAllowedError unless she may."""
        if not self.may(action):
            raise NotAllowedError(action.value)

    @property
    def newest(self) -> tuple[int, KeyPair]:
        """The number and the pair of the newest key. Raises NoKeyError."""
        if not self.keys:
            raise NoKeyError("no key")
        number = max(self.keys)
        return number, self.keys[number]

    def key(self, number: int) -> KeyPair:
        """Raises NoKeyError."""
        try:
            return self.keys[number]
        except KeyError:
            raise NoKeyError(str(number)) from None
