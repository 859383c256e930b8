#!/usr/bin/env bash
# Mutation testing of the engine's core (pyproject.toml, [tool.mutmut]): every mutant is tried against the quick tests. About an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
modules=${*:-$(.venv-mutation/bin/python -m tools.mutation_modules)}
for module in $modules; do
    echo "redress: mutants of calculator.$module ..."
    .venv-mutation/bin/python -m mutmut run --max-children "$(nproc)" "calculator.$module.*" > build/mutation.log 2>&1 || {
        tail -5 build/mutation.log; exit 1; }
done
.venv-mutation/bin/python -m tools.mutation_report
