"""`make release-check`: what a release needs beyond green tests. Exit 1 with one line for each thing that is missing.

Words about danger, deadlines, the police and the right to stay that two native speakers and a support worker have not read must not go
out: there a wrong word is worse than English.
"""

from __future__ import annotations

from calculator.api import contacts_by_country
from calculator.emergency import numbers_of
from calculator.reviews import PARTS
from calculator.reviews import missing as signatures_missing
from calculator.translation import languages
from tools.catalogue_check import problems
from tools.catalogues import LANGUAGES, progress


def missing() -> list[str]:
    """One line for each thing that a release still needs."""
    found = list(problems())
    offered = languages()
    for language in LANGUAGES:
        if language not in offered:
            parts = ", ".join(f"{domain} {share:.0%}" for domain, share in progress(language).items())
            found.append(f"{language}: not offered yet ({parts})")
        found += not_reviewed(language)
    for code, contacts in sorted(contacts_by_country().items()):
        if not any(c.emergency and c.confidence != "unverified" for c in contacts):
            found.append(f"{code}: no confirmed emergency number; {numbers_of(contacts).police} is shown")
    return found


def not_reviewed(language: str) -> list[str]:
    """One line for each part of a language whose words nobody, or not everybody needed, has signed as they stand."""
    found = []
    for part in PARTS if language != "en" else ():
        if left := ", ".join(f"{count} {role}" for role, count in signatures_missing(language, part).items()):
            found.append(f"{language}: {part} is not reviewed as it stands; missing: {left} (docs/reviewing.md)")
    return found


def main() -> None:
    found = missing()
    print("\n".join(found) or "Ready for a release.")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
