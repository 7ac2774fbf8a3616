"""How long until the first answer, and until the next one: of a fresh installation, a new process, a warm process."""

from __future__ import annotations

import contextlib
import io
import time
from typing import Any

__all__ = ["measure_answer"]

ASKED = ("run", "trade_licence", "--variant", "after", "--replications", "40", "--no-store", "--json", "--no-progress")


def measure_answer() -> dict[str, Any]:
    """Wall seconds of the first ``reformsim run`` of this process, the programs' import included, and of a second one.

    With an empty cache, which is found in the folder that ``HOME`` names, the first one compiles.
    """
    started = time.perf_counter()
    from app.main import main

    seconds = []
    for _ in range(3):
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            code = main(list(ASKED))
        if code != 0:
            raise SystemExit(f"reformsim {' '.join(ASKED)} ended with {code}")
        seconds.append(time.perf_counter() - started)
        started = time.perf_counter()
    return {"first": seconds[0], "next": min(seconds[1:])}
