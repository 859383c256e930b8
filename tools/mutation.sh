#!/usr/bin/env bash
# Mutation testing of the engine's core (pyproject.toml, [tool.mutmut]): every mutant is tried against the quick tests. Half an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
modules=${*:-quantity engine.totals engine.route engine.conditions engine.job_pay engine.job_work engine.job_facts engine.job_figures engine.job_board \
    engine.job_test engine.job_time engine.backpay engine.interest engine.instalments engine.parameters engine.lookups engine.moments \
    engine.operations engine.case_entries engine.facts engine.context engine.sharing}
for module in $modules; do
    echo "redress: mutants of calculator.$module ..."
    .venv-mutation/bin/python -m mutmut run --max-children "$(nproc)" "calculator.$module.*" > build/mutation.log 2>&1 || {
        tail -5 build/mutation.log; exit 1; }
done
.venv-mutation/bin/python -m tools.mutation_report
