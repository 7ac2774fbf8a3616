"""``python -m benchmarks.one NAME ARGUMENTS``: one measurement as JSON; `benchmarks.__main__` asks for them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import answers, forms, prosimos, what_if

MEASUREMENTS: dict[str, Callable[..., dict[str, Any]]] = {
    "form": forms.measure,
    "threads": forms.measure_threads,
    "answer": answers.measure_answer,
    "what_if": what_if.measure_what_if,
    "chain": prosimos.measure_chain,
    "prosimos": prosimos.measure_prosimos,
}

if __name__ == "__main__":
    print(json.dumps(MEASUREMENTS[sys.argv[1]](*sys.argv[2:])))
