"""``python -m benchmarks``: the SimPy driver on the construction permit, with 1,000 and 10,000 cases in a year.

Volume and people of the library's scenario are multiplied alike, so that every pool keeps its load.
Each size runs in a process of its own, so that its memory is its own. CPU time; compare ratios, not seconds.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from dataclasses import replace

SIZES = (1_000, 10_000)


def measure(cases: int, plain: bool) -> dict[str, float]:
    """One run: cases, events, CPU seconds, and peak memory in MB before and after."""
    from scenarios.loading import load
    from simulations.drivers.simpy_driver import SimpyDriver

    model = load("construction_permit").models["after"]
    factor = cases / model.arrivals.expected(0, model.study.horizon)
    model = replace(
        model,
        arrivals=replace(model.arrivals, cumulative=model.arrivals.cumulative * factor),
        pools=tuple(replace(pool, units=math.ceil(pool.units * factor)) for pool in model.pools),
    )
    if not plain:  # compile, or read the cache, before the clock starts
        SimpyDriver(replace(model, study=replace(model.study, horizon=0)), 0, plain=False)
    before = peak_mb()
    started = time.process_time()
    driver = SimpyDriver(model, 0, plain)
    log = driver.run()
    seconds = time.process_time() - started
    arrived = len(driver.keys) + int((log.node == -1).sum())
    return {
        "cases": arrived, "events": driver.events, "rows": len(log), "seconds": seconds,
        "before_mb": before, "peak_mb": peak_mb(),
    }  # fmt: skip


def peak_mb() -> float:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run every size in both forms of the kernel and print a table."""
    if len(sys.argv) == 3:
        print(json.dumps(measure(int(sys.argv[1]), sys.argv[2] == "plain")))
        return
    columns = ("cases", "events", "rows", "cases/s", "events/s", "MB before", "MB peak")
    print("kernel    " + "".join(f"{column:>11}" for column in columns))
    speeds: dict[str, float] = {}
    for form in ("plain", "compiled"):
        for size in SIZES:
            command = [sys.executable, "-m", "benchmarks", str(size), form]
            run = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            speeds[form] = run["events"] / run["seconds"]
            rates = (run["cases"] / run["seconds"], speeds[form])
            figures = (run["cases"], run["events"], run["rows"], *rates, run["before_mb"], run["peak_mb"])
            print(f"{form:10}" + "".join(f"{figure:11.0f}" for figure in figures))
    print(f"compiled kernel under SimPy / plain kernel under SimPy: {speeds['compiled'] / speeds['plain']:.2f}")


if __name__ == "__main__":
    main()
