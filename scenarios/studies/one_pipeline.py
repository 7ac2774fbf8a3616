"""Compare one pipeline before and after its reform: ``python -m scenarios.studies.one_pipeline``."""

from __future__ import annotations

from scenarios.loading import load
from simulations.drivers.replicate import replicate
from simulations.estimates import estimate
from simulations.experiment import run_experiment

PIPELINE = "enterprise_opening"
INDICATORS = ("procedures", "working_days", "elapsed_days")


def main() -> None:
    """A line for each variant and indicator: the mean with its 95 % interval."""
    models = load(PIPELINE, replications=4, seed=1).models
    for variant, replications in run_experiment(models, replicate, processes=1).items():
        for indicator in INDICATORS:
            found = estimate(indicator, replications, seed=1)
            if found and found.ci95:
                low, high = found.ci95
                print(f"{variant:18}{indicator:14}{found.mean:7.2f}  [{low:.2f}, {high:.2f}]")


if __name__ == "__main__":
    main()
