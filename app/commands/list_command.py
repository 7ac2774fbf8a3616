"""``reformsim list``: the pipelines of the library and their variants."""

from __future__ import annotations

import argparse

from app.console import Console

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Show what there is."""
    from app.main import DONE
    from reports.tables import pipelines_table
    from scenarios.library import find, names
    from scenarios.loading import outline

    console = Console(options)
    pipelines = []
    for name in names():
        scenario = outline(find(name))
        pipelines.append(
            {
                "pipeline": name,
                "labels": dict(scenario.labels),
                "variants": {variant: dict(labels) for variant, labels in scenario.variants.items()},
                "overrides": list(scenario.override_names),
            }
        )
    console.show(pipelines_table(pipelines, console.language, console.ascii))
    console.give({"schema": 1, "pipelines": pipelines})
    return DONE
