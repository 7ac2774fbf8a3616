"""Each measurement runs in a process of its own: its memory is its own, and nothing is warm that should not be."""

from __future__ import annotations

import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["best_of", "in_own_process", "peak_mb"]


def peak_mb() -> float:
    """Peak resident memory of this process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def best_of(runs: int, what: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of the quickest of some runs; CPU time unless another clock is given."""
    best = math.inf
    for _ in range(runs):
        started = clock()
        what()
        best = min(best, clock() - started)
    return best


def in_own_process(*words: object, environment: Mapping[str, str] | None = None) -> Any:
    """What ``python -m benchmarks.one WORDS`` prints: the measurement of that name."""
    command = [sys.executable, "-m", "benchmarks.one", *map(str, words)]
    result = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}
    )
    return json.loads(result.stdout.splitlines()[-1])
