"""`python -m tools.audit`: known vulnerabilities in the locked packages (`make audit`).

Every package of every lock is asked about, also those for other systems; pip-audit (in an environment of its own) asks the advisory service.
An audit that left out a package, or found no service, has not shown anything: it fails as "not audited". What is known and has to wait stands
in requirements/audit-allow.yaml, with its reason and the day on which it has to be looked at again.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

ROOT = Path(__file__).resolve().parents[1]
REQUIREMENTS = ROOT / "requirements"
ALLOW = REQUIREMENTS / "audit-allow.yaml"
PIP_AUDIT = ROOT / ".venv-audit" / "bin" / "pip-audit"
#: OSV knows the advisories of the Python packages' own database and more, by name and version alone.
OPTIONS = ("--no-deps", "--disable-pip", "--format", "json", "--progress-spinner", "off", "--vulnerability-service", "osv")
AUDIT_SECONDS = 900
_PINNED = re.compile(r"^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?==([^\s;\\]+)", re.MULTILINE)


class NotAuditedError(RuntimeError):
    """The audit has shown nothing; the text says why."""


@dataclass(frozen=True, order=True)
class Package:
    """A locked package; its name in the form in which all spellings are one."""

    name: str
    version: str


@dataclass(frozen=True)
class Advisory:
    """A known vulnerability of a locked package. `ids`: all names under which it is known; `fixed_in`: versions without it."""

    package: Package
    ids: tuple[str, ...]
    fixed_in: tuple[str, ...] = ()


@dataclass(frozen=True)
class Allowed:
    """A vulnerability that may wait until a day, for a reason."""

    id: str
    reason: str
    expires: date


@dataclass
class Verdict:
    """What an audit came to."""

    open: list[Advisory] = field(default_factory=list)
    waiting: list[tuple[Advisory, Allowed]] = field(default_factory=list)
    expired: list[Allowed] = field(default_factory=list)
    #: Allowed, and no longer found: the entry can go.
    needless: list[Allowed] = field(default_factory=list)

    @property
    def good(self) -> bool:
        """Whether nothing is left to do."""
        return not self.open and not self.expired


def locked(folder: Path) -> dict[Package, list[str]]:
    """Every package of every lock in `folder`, with the locks that have it. Raises NotAuditedError when there are none."""
    found: dict[Package, list[str]] = {}
    for lock in sorted(folder.glob("*.lock")):
        pinned = _PINNED.findall(lock.read_text(encoding="utf-8"))
        if not pinned:
            raise NotAuditedError(f"{lock.name} names no package")
        for name, version in pinned:
            found.setdefault(Package(_normal(name), version), []).append(lock.stem)
    if not found:
        raise NotAuditedError("there are no locks")
    return found


def rounds(packages: Iterable[Package]) -> list[list[Package]]:
    """Lists in which each name stands once: two locks may have two versions of a package, and one question takes one."""
    lists: list[dict[str, Package]] = []
    for package in sorted(packages):
        target = next((one for one in lists if package.name not in one), None)
        if target is None:
            lists.append(target := {})
        target[package.name] = package
    return [list(one.values()) for one in lists]


def ask(packages: Sequence[Package], command: Sequence[str]) -> list[Advisory]:
    """What the advisory service knows of these packages. Raises NotAuditedError unless it was asked about every one of them."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as listed:
        listed.write("".join(f"{package.name}=={package.version}\n" for package in packages))
        listed.flush()
        try:
            done = subprocess.run([*command, *OPTIONS, "-r", listed.name], capture_output=True, text=True, timeout=AUDIT_SECONDS)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise NotAuditedError(f"pip-audit could not be run ({type(error).__name__})") from error
    # 1 means that something was found, and also that something failed: only the report tells.
    try:
        answers: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        said = (done.stderr or done.stdout).strip().splitlines()
        raise NotAuditedError(f"no advisory service answered ({said[-1] if said else f'exit code {done.returncode}'})") from None
    return _read(answers, packages)


def _read(answers: list[dict[str, Any]], packages: Sequence[Package]) -> list[Advisory]:
    skipped = [f"{answer['name']} ({answer['skip_reason']})" for answer in answers if "skip_reason" in answer]
    if skipped:
        raise NotAuditedError(f"skipped: {', '.join(skipped)}")
    answered = {Package(_normal(answer["name"]), answer["version"]): answer.get("vulns") for answer in answers}
    missing = [f"{package.name} {package.version}" for package in packages if answered.get(package) is None]
    if missing:
        raise NotAuditedError(f"nothing was said of: {', '.join(missing)}")
    return [
        Advisory(package, (known["id"], *known.get("aliases", ())), tuple(known.get("fix_versions", ())))
        for package in packages
        for known in answered[package] or ()
    ]


def read_allowed(file: Path) -> list[Allowed]:
    """The list of what may wait. Raises NotAuditedError when an entry lacks its id, its reason or its day."""
    try:
        entries = YAML(typ="safe").load(file.read_text(encoding="utf-8")) or []
        found = [Allowed(str(entry["id"]), str(entry["reason"]).strip(), entry["expires"]) for entry in entries]
    except (OSError, YAMLError, KeyError, TypeError) as error:
        raise NotAuditedError(f"{file.name} cannot be read ({type(error).__name__}): each entry has id, reason and expires") from error
    for entry in found:
        if not entry.reason or type(entry.expires) is not date:
            raise NotAuditedError(f"{file.name}: {entry.id} needs a reason, and a day such as 2026-12-31 in expires")
    return found


def judge(advisories: Iterable[Advisory], allowed: Sequence[Allowed], today: date) -> Verdict:
    """Hold what is known against what may wait. An entry holds up to and with its day, whether or not anything is still found for it."""
    verdict = Verdict(expired=[entry for entry in allowed if entry.expires < today])
    used: set[Allowed] = set()
    for advisory in advisories:
        entry = next((entry for entry in allowed if entry.id in advisory.ids and entry.expires >= today), None)
        if entry is None:
            verdict.open.append(advisory)
        else:
            used.add(entry)
            verdict.waiting.append((advisory, entry))
    verdict.needless = [entry for entry in allowed if entry not in used and entry.expires >= today]
    return verdict


def told(verdict: Verdict, locks: dict[Package, list[str]]) -> list[str]:
    """The verdict in lines."""
    lines = [f"{len(locks)} packages of {len({lock for names in locks.values() for lock in names})} locks were asked about."]
    for advisory in verdict.open:
        package, fixed = advisory.package, ", ".join(advisory.fixed_in) or "no version yet"
        lines.append(f"vulnerable: {package.name} {package.version} ({', '.join(locks[package])}): {advisory.ids[0]}; mended in: {fixed}")
    lines += [f"expired: {entry.id} was allowed until {entry.expires}: {entry.reason}" for entry in verdict.expired]
    lines += [f"allowed until {entry.expires}: {known.package.name} {known.ids[0]}: {entry.reason}" for known, entry in verdict.waiting]
    lines += [f"no longer found, and can go from the list: {entry.id}" for entry in verdict.needless]
    if verdict.good:
        lines.append("Nothing is known that may not wait.")
    return lines


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def main(arguments: list[str] | None = None) -> int:
    """Audit; exit code 0 when nothing is open, 1 when something is, 2 when it was not audited."""
    parser = argparse.ArgumentParser(prog="python -m tools.audit", description=__doc__)
    parser.add_argument("--requirements", type=Path, default=REQUIREMENTS, help="folder of the locks")
    parser.add_argument("--allow", type=Path, default=ALLOW, help="what may wait")
    parser.add_argument("--command", nargs="+", default=[str(PIP_AUDIT)], help="how pip-audit is called")
    parser.add_argument("--service", help="address of another OSV service, such as a mirror inside a closed network")
    given = parser.parse_args(arguments)
    command = [*given.command, *(["--osv-url", given.service] if given.service else [])]
    try:
        allowed = read_allowed(given.allow)
        locks = locked(given.requirements)
        advisories = [advisory for packages in rounds(locks) for advisory in ask(packages, command)]
    except NotAuditedError as error:
        print(f"not audited: {error}", file=sys.stderr)
        return 2
    verdict = judge(advisories, allowed, date.today())
    print("\n".join(told(verdict, locks)))
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
