"""The tables, as SQLAlchemy 2 typed models. Their history is in `store/migrations`."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import DateTime, LargeBinary, String, Text
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no time zone, so it is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a time zone: it would be read back as another moment."""
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        return value.astimezone(UTC) if value is not None else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The moment with its time zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all models."""


class ConversationRow(Base):
    """One conversation: what the gateway must remember between two messages, encrypted."""

    __tablename__ = "conversation"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class OutboxRow(Base):
    """One answer to a messenger's message: what is still to be sent, sealed with the key of its conversation; then the mark that it was."""

    __tablename__ = "outbox"

    #: Hash of the sender and the provider's id of the message.
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Row key of the conversation; None in a mark, which leads to nobody.
    conversation: Mapped[str | None] = mapped_column(String(64), index=True)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The part that is sent next, and how often that was tried.
    part: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    #: When somebody may try (again); None when nobody is to.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    #: Who tries now.
    claim: Mapped[str | None] = mapped_column(String(32))
    #: What is to be sent is tried until then; a mark stays until then.
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class RuleFile(Base):
    """One file of the packs as it once was: kept once, however many releases have it, and never changed."""

    __tablename__ = "rule_file"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Compressed (zlib).
    content: Mapped[bytes] = mapped_column(LargeBinary)


class RuleRelease(Base):
    """One state of the jurisdiction packs; estimates name it so that they can be answered for. What is in it never changes, only how
    far it has come."""

    __tablename__ = "rule_release"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Order in which they were made.
    number: Mapped[int] = mapped_column(unique=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    engine: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Why it was made.
    note: Mapped[str | None] = mapped_column(Text)
    #: Path -> hash of each file, compressed; None: only the checksum is known, from a version that kept no files.
    files: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_by: Mapped[str | None] = mapped_column(String(100))
    #: The release that it was made from.
    base: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    decided_by: Mapped[str | None] = mapped_column(String(100))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: In force from then on.
    from_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: What one person alone has let in ends then, unless a second one confirms it.
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class RuleTrial(Base):
    """Many cases of one State tried by a release and by the one it was made from; nobody's cases. Worked out again where it is lost."""

    __tablename__ = "rule_trial"

    release: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    #: `calculator.impact.running.Progress` as JSON.
    progress: Mapped[str] = mapped_column(Text)
    #: Why it could not be tried.
    fault: Mapped[str | None] = mapped_column(Text)
    #: The process that tries it, and when it last said so: another one goes on where that one has fallen silent.
    holder: Mapped[str | None] = mapped_column(String(64))
    touched_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SourcePage(Base):
    """A page on which something of the rules can be read: whether it answers, and a fingerprint of its text. Looked at again where lost."""

    __tablename__ = "source_page"

    url: Mapped[str] = mapped_column(Text, primary_key=True)
    answer: Mapped[str] = mapped_column(String(16))
    #: Where it moved to, what it answered.
    detail: Mapped[str] = mapped_column(Text)
    #: How much of it is otherwise than before, until somebody has looked at it; None: nothing.
    changed: Mapped[str | None] = mapped_column(Text)
    #: JSON list of the hashes of its paragraphs; None: never read.
    blocks: Mapped[str | None] = mapped_column(Text)
    etag: Mapped[str | None] = mapped_column(Text)
    last_modified: Mapped[str | None] = mapped_column(Text)
    #: Rounds one after the other in which it was silent.
    failures: Mapped[int]
    checked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: Since when somebody has to look at it; None: nobody has to.
    open_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    #: The answer and detail that somebody has looked at and let stand.
    settled: Mapped[str | None] = mapped_column(Text)


class RulesTeam(Base):
    """An organisation whose editors and reviewers change the rules of the whole installation."""

    __tablename__ = "rules_team"

    organisation: Mapped[str] = mapped_column(String(32), primary_key=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)


class OrganisationRow(Base):
    """An organisation whose members share cases. `key_number` 0: it has no key yet, since nobody has signed in for the first time."""

    __tablename__ = "organisation"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    key_number: Mapped[int] = mapped_column(default=0)
    #: What the organisation's private keys are sealed to besides its members: the key on paper.
    recovery_public: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: Somebody who had the key has left: it is to be changed.
    rotation_due: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OrganisationKeyRow(Base):
    """A public key of an organisation, and its private key sealed to the recovery key."""

    __tablename__ = "organisation_key"

    organisation: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    public: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_to_recovery: Mapped[bytes] = mapped_column(LargeBinary)


class StaffRow(Base):
    """Somebody who works with cases or rules. The private key is locked with a passphrase that is nowhere stored."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    #: What she signs in with, case-folded.
    name: Mapped[str] = mapped_column(String(200), unique=True)
    organisation: Mapped[str] = mapped_column(String(32), index=True)
    #: Words of `store.organisations.roles.Role` with spaces between.
    roles: Mapped[str] = mapped_column(String(200))
    #: Argon2id with all its parameters; None until an invitation is taken up.
    passphrase_hash: Mapped[str | None] = mapped_column(String(200))
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    public: Mapped[bytes | None] = mapped_column(LargeBinary)
    locked_private: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: The secret of the second factor, sealed with the key of the installation; the last time step that was used.
    second_factor: Mapped[bytes | None] = mapped_column(LargeBinary)
    last_step: Mapped[int] = mapped_column(default=0)
    #: Hashes of codes that stand in for the second factor, each once, with spaces between.
    spare_codes: Mapped[str] = mapped_column(Text, default="")
    #: Hash of the code that is the first way in, until when it holds, and the organisation's key locked with it where a member invited.
    invitation: Mapped[str | None] = mapped_column(String(64), unique=True)
    invited_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    invited_with: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MemberKeyRow(Base):
    """A private key of an organisation, sealed to one member."""

    __tablename__ = "member_key"

    staff: Mapped[str] = mapped_column(String(32), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)


class StaffSessionRow(Base):
    """A signed-in member. The row name is a hash of the cookie, and the member's key is locked with it: neither opens without the browser."""

    __tablename__ = "staff_session"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: What the session is called on pages; it stays when the cookie is renewed.
    called: Mapped[str] = mapped_column(String(32))
    staff: Mapped[str] = mapped_column(String(32), index=True)
    locked_private: Mapped[bytes] = mapped_column(LargeBinary)
    began_at: Mapped[datetime] = mapped_column(UtcDateTime)
    seen_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class PasskeyRow(Base):
    """A passkey of a member: a second factor that opens no key. `key`: a hash of the credential's id."""

    __tablename__ = "passkey"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[str] = mapped_column(String(32), index=True)
    credential: Mapped[bytes] = mapped_column(LargeBinary)
    #: The credential's public key, in COSE.
    public: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ServiceIdentityRow(Base):
    """Who a member is at another service that she signs in through (OIDC). `key`: a hash of the service and her name there."""

    __tablename__ = "service_identity"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[str] = mapped_column(String(32), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class SignInStepRow(Base):
    """Something that was asked of a browser on the way in, and is answered once, within minutes. `content`: sealed by the installation."""

    __tablename__ = "sign_in_step"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    staff: Mapped[str | None] = mapped_column(String(32))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SignInTriesRow(Base):
    """Failed sign-ins under one name from one place, or in all from one place, by hash; and until when no more are looked at."""

    __tablename__ = "sign_in_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failed: Mapped[int]
    until: Mapped[datetime] = mapped_column(UtcDateTime)
    forget_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class SealedToOrganisation:
    """What one organisation alone reads: locked with a key of its own, which is sealed to the organisation's."""

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    organisation: Mapped[str] = mapped_column(String(32), index=True)
    #: The number of the organisation's key that the row's key is sealed to.
    key_number: Mapped[int]
    sealed_key: Mapped[bytes] = mapped_column(LargeBinary)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class CaseRow(SealedToOrganisation, Base):
    """A case file."""

    __tablename__ = "case_file"

    #: Goes up by one with each change: who saves from an older one is told.
    revision: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    #: When it is deleted unless somebody asks for longer; not secret, since it must happen while nobody is signed in.
    keep_until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class HandedCaseRow(SealedToOrganisation, Base):
    """A copy of a case on its way to another organisation, which takes it or lets it lie until `until`."""

    __tablename__ = "handed_case"

    #: The organisation that hands it over, and its case.
    giver: Mapped[str] = mapped_column(String(32), index=True)
    case: Mapped[str] = mapped_column(String(32))
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime] = mapped_column(UtcDateTime, index=True)


class ReportRow(SealedToOrganisation, Base):
    """Counts of cases that an organisation keeps, none of them small."""

    __tablename__ = "report"

    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class TombstoneRow(Base):
    """That a case was deleted: kept outside backups, so that bringing one back deletes it again."""

    __tablename__ = "tombstone"

    case: Mapped[str] = mapped_column(String(32), primary_key=True)
    deleted_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AuditRow(Base):
    """Who did what, in the order of `number`; each row holds the hash of the one before. Never a fact of a case."""

    __tablename__ = "audit"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    organisation: Mapped[str | None] = mapped_column(String(32), index=True)
    #: The member's id; `command` for the command line.
    actor: Mapped[str] = mapped_column(String(32))
    action: Mapped[str] = mapped_column(String(40))
    target: Mapped[str | None] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
