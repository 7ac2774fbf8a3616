"""Judges a diagram that was read: whether it can run as drawn, all findings at once.

Three questions: does reformsim run its elements (``engine.elements.refusals``); are they connected
(`engine.diagram.structure`); can every join complete (`engine.diagram.markings`)? The last one is asked of
every process and sub-process by itself, and only where the first two found no error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, Literal, TypeAlias

from engine.diagram.markings import judge_markings
from engine.diagram.model import Diagram, Process
from engine.diagram.scope_graph import scope_graphs
from engine.diagram.structure import judge_structure
from engine.errors import Finding

__all__ = ["Soundness", "check", "soundness"]

Soundness: TypeAlias = Literal["sound", "unsound", "undecided"]

_UNSOUND: Final = frozenset(
    f"diagram.{name}"
    for name in (
        *("no_start", "no_end", "unreachable", "dead_way", "no_way_out", "timeless_loop"),
        *("stuck_join", "never_ends", "not_synchronised", "grows", "leaves_behind"),
    )
)


def check(diagram: Diagram, refusals: Callable[[Process], list[Finding]] | None = None) -> list[Finding]:
    """Everything that is wrong with a diagram, or worth a warning, sorted by place.

    Args:
        diagram: What was read.
        refusals: Says which elements are not supported; by default ``engine.elements.refusals``.
    """
    if refusals is None:
        from engine import elements  # the elements know the diagram's model, not the other way round

        refusals = elements.refusals
    process = diagram.process
    refused = refusals(process)
    findings = list(refused)
    names = {finding.element or "" for finding in refused if finding.severity == "error"}
    broken = {process.elements[name].scope for name in names if name in process.elements}
    broken |= {process.flows[name].scope for name in names if name in process.flows}
    for graph in scope_graphs(process):
        # A second start is one fault, whoever finds it.
        found = [f for f in judge_structure(graph) if f.code != "diagram.several_starts" or f.element not in names]
        findings += found
        if graph.id not in broken and not any(finding.severity == "error" for finding in found):
            findings += judge_markings(graph)
    placed = [replace(finding, file=finding.file or diagram.file) for finding in findings]
    return sorted(placed, key=lambda f: (f.line or 0, f.column or 0, f.element or "", f.code))


def soundness(findings: Iterable[Finding]) -> Soundness:
    """What `check` found out about one diagram: sound, unsound with a way to it, or not decided.

    Not decided is what has more than `MOST_MARKINGS` states in a scope, or cannot be judged because of other errors.
    """
    found = {finding.code: finding.severity for finding in findings}
    if not _UNSOUND.isdisjoint(found):
        return "unsound"
    if "diagram.not_explored" in found or "error" in found.values():
        return "undecided"
    return "sound"
