"""What an override brings, on common random numbers: the frame of the two studies beside it."""

from __future__ import annotations

from scenarios.loading import load
from simulations.drivers.replicate import replicate
from simulations.estimates import estimate
from simulations.experiment import run_experiment

__all__ = ["what_if"]


def what_if(pipeline: str, variant: str, override: str, indicators: tuple[str, ...], replications: int = 4) -> None:
    """Print each indicator's mean as it is, with the override, and the difference.

    Args:
        pipeline: Name of the library, or a scenario file.
        variant: The variant that is changed.
        override: Name of an override of the scenario.
        indicators: What is looked at.
        replications: How many; the same random numbers on both sides.
    """
    models = {
        "as it is": load(pipeline, replications=replications, seed=1).models[variant],
        override: load(pipeline, (override,), replications=replications, seed=1).models[variant],
    }
    found = run_experiment(models, replicate, processes=1)
    for indicator in indicators:
        base, changed = (estimate(indicator, runs, seed=1) for runs in found.values())
        if base and changed:
            means = base.mean, changed.mean
            print(f"{indicator:18}{means[0]:8.2f} -> {means[1]:.2f}  ({means[1] - means[0]:+.2f})")
