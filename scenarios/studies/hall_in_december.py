"""The hall in December: ``python -m scenarios.studies.hall_in_december``.

Nine pipelines share their counters, inspectors and judges over a year. Who is short of time when everybody comes
before the end of the year, and what does one more comprehensive counter change?
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.calendars.units import MINUTE
from scenarios.halls import load_hall
from simulations.drivers.choice import chosen_driver
from simulations.hall_figures import HallReplication
from simulations.hall_results import run_hall

HALL = "county"
SHARED = ("comprehensive_counters", "filing_counters", "payment_counters", "inspectors", "judges")
REPLICATIONS = 4


def main() -> None:
    """A line for each shared pool: its year, its December, and its December with one more comprehensive counter."""
    as_it_is, one_more = (_run(people) for people in ({}, {"comprehensive_counters": 4}))
    print(f"{'':24}{'at work':>8}{'wait':>8}   {'in December':>11}{'wait':>8}   {'one more counter':>16}")
    for pool in SHARED:
        year, december = _figures(as_it_is, pool, slice(None)), _figures(as_it_is, pool, slice(-1, None))
        helped = _figures(one_more, pool, slice(-1, None))
        print(f"{pool:24}{year[0]:8.0%}{year[1]:8.1f}   {december[0]:11.0%}{december[1]:8.1f}   {helped[1]:16.1f}")


def _run(people: dict[str, int]) -> list[HallReplication]:
    hall = load_hall(HALL, replications=REPLICATIONS, seed=1, people=people).hall
    return run_hall(hall, REPLICATIONS, chosen_driver("auto"))


def _figures(found: Sequence[HallReplication], pool: str, months: slice) -> tuple[float, float]:
    """Share of their open time that people worked, and minutes that a work waited for them, in some months."""
    figures = [replication.pools[pool] for replication in found]
    able, busy = (sum(f.able[months].sum() for f in figures), sum(f.busy[:, months].sum() for f in figures))
    asked = sum(f.asked[:, months].sum() for f in figures)
    waiting = sum(f.waiting[:, months].sum() for f in figures)
    return busy / able, waiting / asked / MINUTE


if __name__ == "__main__":
    main()
