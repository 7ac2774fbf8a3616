"""The words of the command line: what may be written, and what is said if it is not, in both languages."""

from __future__ import annotations

import argparse
import difflib
import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, Final, NoReturn

from engine.errors import BadInput, Finding
from engine.texts import LANGUAGES, catalogue, text
from scenarios.interchange.files import FOREIGN

CHARTS = ("distribution", "waterfall", "promise", "load", "waiting", "convergence", "tornado", "warm-up")

__all__ = ["parse"]

MOST_REPLICATIONS: Final = 100_000
MOST_PROCESSES: Final = 1_000
LARGEST_SEED: Final = 2**63 - 1


def parse(words: Sequence[str], options: argparse.Namespace) -> argparse.Namespace:
    """Read the words of the command line.

    Args:
        words: Without the program's name.
        options: What is known already: ``language`` and ``json``; gets all that the words say.

    Returns:
        The same options.

    Raises:
        BadInput: The words are not understood.
        SystemExit: Help or the version was asked for and printed.
    """
    with _in_language(options.language):
        parser = _parser(options.language)
        options, rest = parser.parse_known_args(list(words), options)
        if rest:
            raise BadInput([_unknown(rest[0], parser, options)])
    return options


class _Parser(argparse.ArgumentParser):
    """Wrong use becomes a finding like everything else."""

    def error(self, message: str) -> NoReturn:
        raise BadInput([Finding("use.words", {"message": message, "command": self.prog})])

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        known = list(action.choices or ())
        if known and value not in known:
            name = "/".join(action.option_strings) or action.metavar
            close = difflib.get_close_matches(str(value), known, 1) or known
            values = {"name": name, "word": value, "known": ", ".join(known), "close": close[0]}
            raise BadInput([Finding("use.unknown_word", values)])


class _Files(argparse.Action):
    """A pipeline; or several files, which a model of another tool may have: the further ones stand aside."""

    def __call__(self, parser: Any, namespace: argparse.Namespace, values: Any, option: str | None = None) -> None:
        first, *further = values
        if further and not all(word.lower().endswith(FOREIGN) for word in values):
            raise BadInput([Finding("use.too_many", {"word": further[0], "command": parser.prog})])
        namespace.pipeline, namespace.further = first, further


def _unknown(word: str, parser: argparse.ArgumentParser, options: argparse.Namespace) -> Finding:
    """The finding about a word that is left over."""
    named = " ".join(part for part in (options.command, getattr(options, "action", None)) if part)
    usage = f"{parser.prog} {named}"
    if not word.startswith("-"):
        return Finding("use.too_many", {"word": word, "command": usage})
    for name in named.split():
        subcommands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
        parser = subcommands.choices[name]
    known = list(parser._option_string_actions)
    option = word.partition("=")[0]
    close = difflib.get_close_matches(option, known, 1)
    values = {"option": option, "command": usage, "close": close[0] if close else ""}
    return Finding("use.similar_option" if close else "use.unknown_option", values)


@contextmanager
def _in_language(language: str) -> Iterator[None]:
    """Let argparse speak the language of the catalogue: it looks its own sentences up by these two names."""
    known = catalogue(language)

    def one(message: str) -> str:
        return known.get(f"app.argparse.{message}", message)

    def one_or_many(singular: str, plural: str, number: int) -> str:
        return one(singular if number == 1 else plural)

    before = {name: getattr(argparse, name) for name in ("_", "ngettext")}
    try:
        argparse._ = one  # type: ignore[attr-defined]  # no public name
        argparse.ngettext = one_or_many  # type: ignore[attr-defined]  # no public name
        yield
    finally:
        for name, function in before.items():
            setattr(argparse, name, function)


def _parser(language: str) -> argparse.ArgumentParser:
    def say(key: str) -> str:
        return text(f"app.help.{key}", language)

    def common(one: Any, default: object) -> None:
        one.add_argument("--json", action="store_true", default=default, help=say("json"))
        one.add_argument("--lang", choices=LANGUAGES, default=default, help=say("lang"))
        one.add_argument("--ascii", action="store_true", default=default, help=say("ascii"))
        one.add_argument("--no-progress", action="store_true", default=default, help=say("no_progress"))

    parser = _Parser(prog="reformsim", description=say("reformsim"), epilog=say("epilog"), allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"reformsim {_version()}", help=say("version"))
    common(parser, False)
    commands = parser.add_subparsers(dest="command", metavar=say("command"), required=True)

    def command(name: str, key: str = "") -> Any:
        what = say(key or name)
        sub = commands.add_parser(name, help=what, description=what, allow_abbrev=False)
        common(sub, argparse.SUPPRESS)  # what stands before the command holds too
        return sub

    def replications(sub: Any, what: str) -> None:
        number = _whole("--replications", 1, MOST_REPLICATIONS)
        sub.add_argument("--replications", type=number, metavar="N", help=say(what))

    def processes(sub: Any) -> None:
        number = _whole("--processes", 1, MOST_PROCESSES)
        sub.add_argument("--processes", type=number, metavar="N", help=say("processes"))

    def study(sub: Any) -> None:
        sub.add_argument("pipeline", nargs="+", action=_Files, metavar="PIPELINE", help=say("pipeline"))
        sub.add_argument("--override", action="append", default=[], metavar="NAME", help=say("override"))
        sub.add_argument("--holidays", metavar="FILE", help=say("holidays"))
        seed = _whole("--seed", -LARGEST_SEED - 1, LARGEST_SEED)
        sub.add_argument("--seed", type=seed, metavar="S", help=say("seed"))
        sub.add_argument("--study", choices=("terminating", "steady_state"), help=say("study_kind"))
        sub.add_argument("--driver", choices=("auto", "simpy", "compiled"), default="auto", help=say("driver"))

    def experiment(sub: Any) -> None:
        study(sub)
        replications(sub, "replications")
        processes(sub)
        sub.add_argument("--cluster", metavar="ADDRESS", help=say("cluster"))
        sub.add_argument("--store", metavar="DIR", help=say("runs_store"))
        sub.add_argument("--no-store", action="store_true", help=say("no_store"))
        sub.add_argument("--allow-overload", action="store_true", help=say("allow_overload"))

    command("list")
    check = command("check")
    check.add_argument("files", nargs="+", metavar="FILE", help=say("files"))
    check.add_argument("--holidays", metavar="FILE", help=say("holidays"))
    run = command("run")
    experiment(run)
    run.add_argument("--variant", metavar="V", help=say("variant"))
    run.add_argument("--log", metavar="FILE", help=say("log"))
    compare = command("compare")
    experiment(compare)
    compare.add_argument("--variants", metavar="A,B", help=say("variants"))
    compare.add_argument("--precision", type=_precision, metavar="P", help=say("precision"))
    bound = _whole("--max-replications", 2, MOST_REPLICATIONS)
    compare.add_argument("--max-replications", type=bound, metavar="N", help=say("max_replications"))
    compare.add_argument("--best", nargs="?", const="", metavar="INDICATOR", help=say("best"))
    above = _between("--indifference", 0.0, math.inf, "1")
    compare.add_argument("--indifference", type=above, default=1.0, metavar="D", help=say("indifference"))
    share = _between("--confidence", 0.0, 1.0, "0.95")
    compare.add_argument("--confidence", type=share, default=0.95, metavar="P", help=say("confidence"))
    compare.add_argument("--report", metavar="DIR", help=say("report"))
    compare.add_argument("--sensitivity", action="store_true", help=say("with_sensitivity"))
    compare.add_argument("--fail-on-miss", action="store_true", help=say("fail_on_miss"))
    moving = command("sensitivity")
    study(moving)
    replications(moving, "sensitivity_replications")
    processes(moving)
    moving.add_argument("--variants", metavar="A,B", help=say("variants"))
    moving.add_argument("--report", metavar="DIR", help=say("sensitivity_report"))
    clocks = command("clocks")
    study(clocks)
    replications(clocks, "clocks_replications")
    processes(clocks)
    clocks.add_argument("--variants", metavar="A,B", help=say("variants"))
    clocks.add_argument("--yellow", type=_share, default=0.8, metavar="SHARE", help=say("clocks_yellow"))
    verify = command("verify")
    verify.add_argument("pipeline", metavar="PIPELINE", nargs="?", help=say("verify_pipeline"))
    processes(verify)
    gantt = command("gantt")
    experiment(gantt)
    gantt.add_argument("--variants", metavar="A,B", help=say("variants"))
    gantt.add_argument("--case", default="median", metavar="CASE", help=say("case"))
    gantt.add_argument("--people", action="store_true", help=say("people"))
    gantt.add_argument("--week", type=_day, metavar="YYYY-MM-DD", help=say("week"))
    gantt.add_argument("--variant", metavar="V", help=say("people_variant"))
    gantt.add_argument("-o", "--output", required=True, action="append", metavar="FILE", help=say("gantt_output"))
    explain = command("explain")
    experiment(explain)
    explain.add_argument("--variant", metavar="V", help=say("explain_variant"))
    explain.add_argument("--case", default="median", metavar="CASE", help=say("explain_case"))
    number = _whole("--replication", 0, MOST_REPLICATIONS - 1)
    explain.add_argument("--replication", type=number, metavar="R", help=say("explain_replication"))
    scenario = command("scenario")
    actions = scenario.add_subparsers(dest="action", metavar=say("action"), required=True)
    init = actions.add_parser("init", help=say("scenario_init"), description=say("scenario_init"), allow_abbrev=False)
    common(init, argparse.SUPPRESS)
    init.add_argument("diagram", metavar="FILE", help=say("diagram_file"))
    init.add_argument("-o", "--output", required=True, metavar="DIR", help=say("folder"))
    for name, asked, what, written, where in (
        ("to-excel", "PIPELINE", "pipeline", "FILE", "planning_output"),
        ("from-excel", "FILE", "planning_file", "DIR", "folder"),
    ):
        about = say(f"scenario_{name.replace('-', '_')}")
        sub = actions.add_parser(name, help=about, description=about, allow_abbrev=False)
        common(sub, argparse.SUPPRESS)
        sub.add_argument("pipeline" if name == "to-excel" else "workbook", metavar=asked, help=say(what))
        sub.add_argument("-o", "--output", required=True, metavar=written, help=say(where))
    importing = command("import")
    importing.add_argument("files", nargs="+", metavar="FILE", help=say("import_files"))
    importing.add_argument("-o", "--output", required=True, metavar="DIR", help=say("folder"))
    export = command("export")
    export.add_argument("pipeline", nargs="+", action=_Files, metavar="PIPELINE", help=say("pipeline"))
    export.add_argument("--variant", metavar="V", help=say("export_variant"))
    export.add_argument("--override", action="append", default=[], metavar="NAME", help=say("override"))
    number = _whole("--results", 1, MOST_REPLICATIONS)
    export.add_argument("--results", type=number, metavar="N", help=say("export_results"))
    export.add_argument("-o", "--output", required=True, metavar="FILE", help=say("export_file"))
    diagram = command("diagram")
    experiment(diagram)
    one = diagram.add_mutually_exclusive_group()
    one.add_argument("--variant", metavar="V", help=say("diagram_variant"))
    one.add_argument("--variants", metavar="A,B", help=say("variants"))
    colours = ("waiting", "work", "frequency", "overdue")
    diagram.add_argument("--colour", choices=colours, help=say("colour"))
    diagram.add_argument("-o", "--output", required=True, action="append", metavar="FILE", help=say("diagram_output"))
    chart = command("chart")
    chart.add_argument("kind", choices=CHARTS, metavar="KIND", help=say("chart_kind"))
    experiment(chart)
    chart.add_argument("--variants", metavar="A,B", help=say("variants"))
    chart.add_argument("--data", metavar="FILE", help=say("chart_data"))
    chart.add_argument("-o", "--output", required=True, action="append", metavar="FILE", help=say("output"))
    layout = command("layout")
    layout.add_argument("file", metavar="FILE", help=say("diagram_file"))
    layout.add_argument("--again", action="store_true", help=say("again"))
    layout.add_argument("-o", "--output", required=True, metavar="FILE", help=say("layout_output"))
    _case(command("case", "cases"), say, common)
    runs = command("runs")
    runs.add_argument("action", choices=("list", "show", "clean"), metavar="list|show|clean", help=say("runs_action"))
    runs.add_argument("digest", nargs="?", metavar="DIGEST", help=say("runs_digest"))
    runs.add_argument("--store", metavar="DIR", help=say("runs_store"))
    return parser


def _case(case: Any, say: Callable[[str], str], common: Callable[[Any, object], None]) -> None:
    """The words of ``reformsim case``."""
    actions = case.add_subparsers(dest="action", metavar=say("action"), required=True)

    def action(name: str) -> Any:
        sub = actions.add_parser(name, help=say(f"case_{name}"), description=say(f"case_{name}"), allow_abbrev=False)
        common(sub, argparse.SUPPRESS)
        sub.add_argument("--store", default="cases.sqlite", metavar="FILE", help=say("case_store"))
        sub.add_argument("--now", metavar="MOMENT", help=say("now"))
        sub.add_argument("--holidays", metavar="FILE", help=say("holidays"))
        sub.add_argument("--yellow", type=_share, default=0.8, metavar="SHARE", help=say("yellow"))
        return sub

    def number(sub: Any) -> None:
        sub.add_argument("case", type=_whole("CASE", 1, LARGEST_SEED), metavar="CASE", help=say("case_number"))

    def given(sub: Any) -> None:
        sub.add_argument("--data", action="append", default=[], metavar="KEY=VALUE", help=say("data"))

    start = action("start")
    start.add_argument("pipeline", metavar="PIPELINE", help=say("pipeline"))
    start.add_argument("--variant", metavar="V", help=say("case_variant"))
    start.add_argument("--title", default="", metavar="TEXT", help=say("title"))
    given(start)
    listing = action("list")
    listing.add_argument("--state", choices=("open", "done", "all"), default="open", help=say("state"))
    listing.add_argument("--due", action="store_true", help=say("only_due"))
    listing.add_argument("--overdue", action="store_true", help=say("only_overdue"))
    listing.add_argument("--department", metavar="LANE", help=say("department"))
    number(action("show"))
    do = action("do")
    number(do)
    do.add_argument("task", metavar="TASK", help=say("task"))
    given(do)
    pause = action("pause")
    number(pause)
    reasons = ("correction", "expert_review", "publicity", "works", "other")
    pause.add_argument("--reason", choices=reasons, required=True, help=say("reason"))
    resume = action("resume")
    number(resume)
    for sub in (start, do, pause, resume):
        sub.add_argument("--by", default="", metavar="NAME", help=say("by"))
    for sub in (listing, action("due")):
        sub.add_argument("--within", type=_whole("--within", 0, 1000), default=5, metavar="N", help=say("within"))
    export = action("export")
    export.add_argument("-o", "--output", required=True, metavar="FILE", help=say("case_output"))


def _share(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = 0.0
    if not 0 < number <= 1:
        raise BadInput([Finding("use.share", {"word": word})])
    return number


def _whole(option: str, least: int, most: int) -> Callable[[str], int]:
    """Reads a whole number between two bounds."""

    def read(word: str) -> int:
        try:
            number = int(word)
        except ValueError:
            number = None
        if number is None or not least <= number <= most:
            values = {"option": option, "word": word, "least": least, "most": most}
            raise BadInput([Finding("use.whole_number", values)])
        return number

    return read


def _between(option: str, above: float, below: float, example: str) -> Callable[[str], float]:
    """Reads a number between two bounds, both outside."""

    def read(word: str) -> float:
        try:
            number = float(word)
        except ValueError:
            number = math.nan
        if not above < number < below:
            inside = f"> {above:g}" if below == math.inf else f"> {above:g}, < {below:g}"
            values = {"option": option, "word": word, "range": inside, "example": example}
            raise BadInput([Finding("use.between", values)])
        return number

    return read


def _day(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise BadInput([Finding("use.day", {"word": word})]) from None


def _precision(word: str) -> float:
    try:
        number = float(word)
    except ValueError:
        number = 0.0
    if not 0 < number < 1:
        raise BadInput([Finding("use.precision", {"word": word})])
    return number


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("reformsim")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
