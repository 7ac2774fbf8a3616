"""``python -m benchmarks``: all sides in one go, with ratios, against what was asked for.

The library's construction permit after the reform; volume and people are multiplied alike, so that every pool keeps
its load. Each measurement runs in a process of its own. CPU time unless wall time is said; compare ratios, not
seconds: another load on the machine changes the seconds. Nothing here asserts.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from tempfile import TemporaryDirectory

from benchmarks.forms import FORMS
from benchmarks.measuring import in_own_process
from benchmarks.prosimos import CASES

SMALL, LARGE = 1_000, 10_000
MILLION = (20_000, 50)  # cases a year, years
WHAT_IFS = ("trade_licence", "enterprise_opening", "power_low_voltage", "construction_permit")


def show_drivers(options: argparse.Namespace) -> None:
    """Every form and size, and the ratios."""
    columns = ("cases/year", "cases", "events", "rows", "cases/s", "events/s", "ns/event", "MB before", "MB peak")
    print(f"{'form':26}" + "".join(f"{column:>12}" for column in columns))
    speed: dict[tuple[str, int], float] = {}
    compiled = [form for form in FORMS if form.startswith("compiled")]
    sizes: list[tuple[str, int, int, int]] = [(form, SMALL, 2, 3) for form in FORMS]
    sizes += [("simpy", LARGE, 2, 1)]
    sizes += [(form, times * SMALL, 2, 3) for times in (10, 100) for form in compiled[:2]]
    if options.million:
        sizes += [(form, *MILLION, 1) for form in compiled]
    for form, cases, years, runs in sizes:
        run = in_own_process("form", form, cases, years, runs)
        if years == 2:
            speed[form, cases] = run["events"] / run["seconds"]
        figures = (
            cases, run["cases"], run["events"], run["rows"], run["cases"] / run["seconds"],
            run["events"] / run["seconds"], run["seconds"] / run["events"] * 1e9, run["before"], run["peak"],
        )  # fmt: skip
        print(f"{form:26}" + "".join(f"{figure:12,.0f}" for figure in figures), flush=True)
    for form, wanted in (("compiled, no log", 2.5), ("compiled, with log", 1.0)):
        say(f"{form}, {SMALL:,} cases a year", speed[form, SMALL] / 1e6, "M events/s", f">= {wanted}")
    say("compiled with log / SimPy", speed["compiled, with log", SMALL] / speed["simpy", SMALL], "times", ">= 50")
    for times, wanted_cost in ((10, ""), (100, "<= 2")):
        cost = speed["compiled, no log", SMALL] / speed["compiled, no log", times * SMALL]
        say(f"cost of an event at {times} times the load", cost, "times", wanted_cost)


def show_threads(options: argparse.Namespace) -> None:
    """Replications side by side."""
    wall = in_own_process("threads", LARGE)
    say("replications in one thread / in two, wall", wall["1"] / wall["2"], "times", ">= 1.7")


def show_answers(options: argparse.Namespace) -> None:
    """A fresh installation, a new process, a warm one."""
    with TemporaryDirectory() as home:
        fresh = in_own_process("answer", environment={"HOME": home})
        again = in_own_process("answer", environment={"HOME": home})
    say("first answer of a fresh installation, wall", fresh["first"], "s", "<= 60")
    say("first answer of a new process, wall", again["first"], "s")
    say("next answer of a warm process, wall", again["next"], "s", "<= 1")


def show_what_ifs(options: argparse.Namespace) -> None:
    """Two variants, one year, 200 replications."""
    for pipeline in WHAT_IFS:
        run = in_own_process("what_if", pipeline)
        what = f"what if: {pipeline}, {' and '.join(run['variants'])}, {run['cases']:.0f} cases"
        say(f"{what}, wall", run["wall"], "s", "<= 2")


def show_prosimos(options: argparse.Namespace) -> None:
    """The same chain model there and here."""
    if options.prosimos is None:
        print("Prosimos is left out: name the Python of an environment that has it with --prosimos")
        return
    theirs, ours = in_own_process("prosimos", options.prosimos), in_own_process("chain")
    print(f"mean cycle of the chain: Prosimos {theirs['cycle']:,.0f} s, reformsim {ours['cycle']:,.0f} s")
    say(f"Prosimos, {CASES:,} cases", theirs["seconds"], "s")
    say(f"reformsim, {CASES:,} cases, log and indicators", ours["seconds"], "s")
    say("Prosimos / reformsim", theirs["seconds"] / ours["seconds"], "times")


def say(what: str, value: float, unit: str, wanted: str = "") -> None:
    """One line."""
    print(f"{what:76} {value:10.2f} {unit:12} {wanted}", flush=True)


PARTS: dict[str, Callable[[argparse.Namespace], None]] = {
    "drivers": show_drivers,
    "threads": show_threads,
    "answers": show_answers,
    "what-if": show_what_ifs,
    "prosimos": show_prosimos,
}


def main(words: Sequence[str] | None = None) -> None:
    """Run what is asked for, everything by default."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"some of {', '.join(PARTS)}; all by default")
    parser.add_argument("--million", action="store_true", help="also a million cases over fifty years")
    parser.add_argument("--prosimos", metavar="PYTHON", help="the Python of an environment that has Prosimos 2.1.0")
    options = parser.parse_args(words)
    unknown = [part for part in options.parts if part not in PARTS]
    if unknown:
        parser.error(f"expected some of {', '.join(PARTS)}, but got {', '.join(unknown)}")
    for part in options.parts or PARTS:
        PARTS[part](options)


if __name__ == "__main__":
    main()
