"""What stops a run, said with the case and the element."""

from __future__ import annotations

from engine.errors import Finding, RunError
from engine.kernel import layout
from simulations.drivers.limits import MOST_VISITS
from simulations.model import Runnable

__all__ = ["ENDLESS_LOOP", "run_error"]

ENDLESS_LOOP = 100  # a fault that the drivers find, beside those of the kernel


def run_error(model: Runnable, fault: int, case: int, node: int) -> RunError:
    """The error to raise for a fault of the kernel or of a driver."""
    code = {
        layout.NO_WAY: "run.no_way",
        layout.DIVISION_BY_ZERO: "run.division_by_zero",
        layout.NO_NUMBER: "run.no_number",
        layout.ENDLESS: "run.endless_cascade",
        ENDLESS_LOOP: "run.endless_loop",
    }[fault]
    diagram = model.diagram_of(node)
    element = diagram.process.elements[model.net.elements[node]]
    values = {"case": case, "label": element.label, "most": MOST_VISITS}
    return RunError([Finding(code, values, file=diagram.file, line=element.line, element=element.id)])
