"""Judge pipelines by their targets, in one table: ``python -m scenarios.studies.all_targets``.

With ``PIPELINES = names()`` it judges the whole library, which takes some minutes.
"""

from __future__ import annotations

from scenarios.loading import load
from simulations.drivers.replicate import replicate
from simulations.experiment import run_experiment
from simulations.targets import judge

PIPELINES = ("trade_licence", "procurement_contract", "tendering", "tax_filing")


def main() -> None:
    """A line for each pipeline, variant and target."""
    for pipeline in PIPELINES:
        models = load(pipeline, replications=4, seed=1).models
        found = run_experiment(models, replicate, processes=1)
        for variant, model in models.items():
            for target in model.targets:
                result = judge(target, found[variant])
                wanted = f"{target.statistic} {target.indicator} {target.op} {target.limit:g}"
                print(f"{pipeline:22}{variant:8}{wanted:36}{result.verdict}")


if __name__ == "__main__":
    main()
