"""``reformsim explain``: the story of one simulated case in sentences."""

from __future__ import annotations

import argparse

from app.console import Console
from app.study import Study
from engine.errors import BadInput, Finding
from reports.labels import labels_of
from simulations.replication import Replication

__all__ = ["run"]

RANKS = ("median", "p90", "worst")


def run(options: argparse.Namespace) -> int:
    """Choose the case, simulate its replication, tell."""
    from app.main import DONE
    from reports.cases import pick_case
    from reports.story import story_json, story_lines
    from simulations.story import story_of

    console = Console(options)
    number = options.replication or 0
    if options.case not in RANKS and not options.case.isdecimal():
        raise BadInput([_unknown(console, options.case, number)])
    study = Study(options, console)
    model = study.model(options.variant or list(study.scenario.models)[-1])
    models = {model.variant: model}
    console.warnings(study.warnings(models))
    numbers = None if options.case in RANKS else (number,)
    runs = study.run(models, console.say("simulating", pipeline=study.scenario.pipeline), numbers)[model.variant]
    if options.case not in RANKS and int(options.case) not in runs[0].cases["case"]:
        raise BadInput([_unknown(console, options.case, number, runs[0])])
    picked = pick_case(model, runs, options.case)
    story = story_of(study.log(model, picked.replication), model, picked.case)
    lines = story_lines(story, model, picked, labels_of(models, console.language), console.language)
    console.show(*lines)
    console.give(story_json(story, model, picked, lines, console.language))
    return DONE


def _unknown(console: Console, case: str, replication: int, found: Replication | None = None) -> Finding:
    from engine.texts import text

    known = ""
    if found is not None:
        key = "explain.known" if found.finished else "explain.none"
        ends = {"first": int(min(found.cases["case"])), "last": int(max(found.cases["case"]))} if found.finished else {}
        known = text(key, console.language, **ends)
    return Finding("explain.case", {"case": case, "replication": replication, "known": known})
