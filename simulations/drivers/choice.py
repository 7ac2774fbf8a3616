"""Which driver runs the cases: they give the same log, one of them much faster."""

from __future__ import annotations

from typing import Final

from engine.errors import BadInput, Finding
from engine.kernel.compiling import is_compiled_already, numba_is_installed

__all__ = ["DRIVERS", "chosen_driver", "must_compile_first"]

DRIVERS: Final = ("auto", "simpy", "compiled")


def chosen_driver(name: str) -> str:
    """The driver that a word of `DRIVERS` means here: ``auto`` is the compiled one where numba is installed.

    Raises:
        BadInput: The compiled driver is asked for, and numba is not installed.
    """
    if name == "simpy":
        return name
    if numba_is_installed():
        return "compiled"
    if name == "auto":
        return "simpy"
    raise BadInput([Finding("run.no_numba", {})])


def must_compile_first(driver: str) -> bool:
    """Whether the first run of a driver takes about a minute longer, because nothing is in the cache."""
    if driver != "compiled":
        return False
    from simulations.drivers.compiled.loop import run_events

    return not is_compiled_already(run_events)
