"""`make release-check`: what a release needs beyond green tests. Exit 1 with one line for each thing that is missing.

A danger catalogue that no native speaker has reviewed must not go out: in danger a wrong word is worse than English.
"""

from __future__ import annotations

from calculator.api import contacts_by_country
from calculator.emergency import numbers_of
from calculator.translation import languages
from tools.catalogue_check import problems
from tools.catalogues import LANGUAGES, path_of, progress, review_of


def missing() -> list[str]:
    """One line for each thing that a release still needs."""
    found = list(problems())
    offered = languages()
    for language in LANGUAGES:
        if language not in offered:
            parts = ", ".join(f"{domain} {share:.0%}" for domain, share in progress(language).items())
            found.append(f"{language}: not offered yet ({parts})")
        if language != "en" and review_of(path_of(language, "danger")) is None:
            found.append(
                f"{language}: no native speaker has reviewed the danger catalogue as it stands "
                f"(python -m tools.catalogues reviewed {language} danger DAY)"
            )
    for code, contacts in sorted(contacts_by_country().items()):
        if not any(c.emergency and c.confidence != "unverified" for c in contacts):
            found.append(f"{code}: no confirmed emergency number; {numbers_of(contacts).police} is shown")
    return found


def main() -> None:
    found = missing()
    print("\n".join(found) or "Ready for a release.")
    raise SystemExit(1 if found else 0)


if __name__ == "__main__":
    main()
