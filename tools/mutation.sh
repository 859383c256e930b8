#!/usr/bin/env bash
# Mutation testing of the engine's core (pyproject.toml, [tool.mutmut]): every mutant is tried against the quick tests. Half an hour.
set -euo pipefail
cd "$(dirname "$0")/.."
modules=${*:-quantity engine.routes.totals engine.routes.evaluate engine.routes.caps engine.routes.outcome engine.operations.conditions engine.work.pay engine.work.stretches engine.work.job \
    engine.work.rates engine.work.board engine.work.coverage engine.facts.job_time engine.work.back_pay engine.work.interest \
    engine.work.instalments engine.figures.parameters engine.operations.lookups engine.operations.days engine.operations.values \
    engine.operations.case_entries engine.facts.readings engine.language.run engine.language.sharing engine.language.expressions \
    engine.language.named_days engine.language.needs}
for module in $modules; do
    echo "redress: mutants of calculator.$module ..."
    .venv-mutation/bin/python -m mutmut run --max-children "$(nproc)" "calculator.$module.*" > build/mutation.log 2>&1 || {
        tail -5 build/mutation.log; exit 1; }
done
.venv-mutation/bin/python -m tools.mutation_report
