"""``reformsim list``: the pipelines of the library and their variants."""

from __future__ import annotations

import argparse

from app.console import Console

__all__ = ["run"]


def run(options: argparse.Namespace) -> int:
    """Show what there is."""
    from app.main import DONE
    from reports.tables import PipelineEntry, pipelines_table
    from scenarios.halls import stated_hall
    from scenarios.library import halls, names
    from scenarios.loading import load

    console = Console(options)
    scenarios = [load(name) for name in names()]
    entries = [
        PipelineEntry(
            scenario.pipeline,
            scenario.labels[console.language],
            tuple((name, model.variant_label[console.language]) for name, model in scenario.models.items()),
        )
        for scenario in scenarios
    ]
    console.show(pipelines_table(entries, console.language, console.ascii))
    stated = [stated_hall(name) for name in halls()]
    console.show("", console.say("hall.list"))
    for hall in stated:
        console.show(f"  {hall.hall}: {getattr(hall.labels, console.language)} ({', '.join(hall.pipelines)})")
    pipelines = [
        {
            "pipeline": scenario.pipeline,
            "label": {"zh": scenario.labels.zh, "en": scenario.labels.en},
            "variants": {
                name: {"zh": model.variant_label.zh, "en": model.variant_label.en}
                for name, model in scenario.models.items()
            },
            "overrides": {name: {"zh": label.zh, "en": label.en} for name, label in scenario.override_labels.items()},
        }
        for scenario in scenarios
    ]
    every = [
        {"hall": h.hall, "label": {"zh": h.labels.zh, "en": h.labels.en}, "pipelines": list(h.pipelines)}
        for h in stated
    ]
    console.give({"schema": 1, "pipelines": pipelines, "halls": every})
    return DONE
