#!/usr/bin/env bash
# Resolve the lock files again. `--no-header --no-annotate` keeps machine paths and index addresses out of them.
set -euo pipefail
cd "$(dirname "$0")/.."
common=(--quiet --generate-hashes --no-header --no-annotate)
for name in main dev mutation openfisca tools audit; do
    uv pip compile "${common[@]}" --universal --python-version 3.11 "requirements/$name.in" -o "requirements/$name.lock"
done
# Rasa's old pins resolve for one Python only.
uv pip compile "${common[@]}" --python "${RASA_PYTHON:-.venv-rasa/bin/python}" requirements/rasa.in -o requirements/rasa.lock
