"""The command line: reads the words, runs one command, and turns everything that goes wrong into clear sentences."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any, Final, NoReturn

from engine.errors import BadInput, Finding, ReformsimError
from engine.texts import LANGUAGES, text

__all__ = ["DONE", "FOUND", "WRONG_USE", "main"]

DONE: Final = 0
FOUND: Final = 1  # findings, or a missed target with --fail-on-miss
WRONG_USE: Final = 2  # wrong use or bad input
INTERRUPTED: Final = 130  # the shell's own number for Ctrl-C


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words of the command line; those of the process by default.

    Returns:
        0 done, 1 findings, 2 wrong use or bad input.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(words)
    _never_fail_to_print()
    options = argparse.Namespace(json="--json" in words, language=language, ascii="--ascii" in words, quiet=True)
    try:
        options = _parser(language).parse_args(words, options)
        options.quiet = options.json or options.no_progress or not sys.stderr.isatty()
        command = importlib.import_module(f"app.commands.{options.command}_command")
        status: int = command.run(options)
        return status
    except ReformsimError as error:
        from app.console import Console

        Console(options).errors(error.findings)
        return WRONG_USE
    except KeyboardInterrupt:
        print(text("app.interrupted", language), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _never_fail_to_print() -> None:
    """A console that cannot show a character shows a substitute."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")


def _language(words: Sequence[str]) -> str:
    """``--lang`` wherever it stands, else the language of the system, else English."""
    for i, word in enumerate(words):
        value = word.partition("=")[2] if word.startswith("--lang=") else None
        if word == "--lang" and i + 1 < len(words):
            value = words[i + 1]
        if value in LANGUAGES:
            return value
    system = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if system.startswith("zh") else "en"


class _Parser(argparse.ArgumentParser):
    """Wrong use becomes a finding like everything else."""

    language = "en"

    def error(self, message: str) -> NoReturn:
        raise BadInput([Finding("use.words", {"message": message, "command": self.prog})])


def _parser(language: str) -> argparse.ArgumentParser:
    def say(key: str) -> str:
        return text(f"app.help.{key}", language)

    parser = _Parser(prog="reformsim", description=say("reformsim"), epilog=say("epilog"))
    parser.add_argument("--version", action="version", version=f"reformsim {_version()}")
    commands = parser.add_subparsers(dest="command", metavar=say("command"), required=True)

    def command(name: str) -> Any:
        sub = commands.add_parser(name, help=say(name), description=say(name))
        sub.add_argument("--json", action="store_true", help=say("json"))
        sub.add_argument("--lang", choices=LANGUAGES, help=say("lang"))
        sub.add_argument("--ascii", action="store_true", help=say("ascii"))
        sub.add_argument("--no-progress", action="store_true", help=say("no_progress"))
        return sub

    def study(sub: Any) -> None:
        sub.add_argument("pipeline", metavar="PIPELINE", help=say("pipeline"))
        sub.add_argument("--override", action="append", default=[], metavar="NAME", help=say("override"))
        sub.add_argument("--holidays", metavar="FILE", help=say("holidays"))
        sub.add_argument("--seed", type=_whole, metavar="S", help=say("seed"))
        sub.add_argument("--driver", choices=("auto", "simpy"), default="auto", help=say("driver"))

    def experiment(sub: Any) -> None:
        study(sub)
        sub.add_argument("--replications", type=_positive, metavar="N", help=say("replications"))
        sub.add_argument("--processes", type=_positive, metavar="N", help=say("processes"))

    command("list")
    check = command("check")
    check.add_argument("files", nargs="+", metavar="FILE", help=say("files"))
    run = command("run")
    experiment(run)
    run.add_argument("--variant", metavar="V", required=True, help=say("variant"))
    run.add_argument("--log", metavar="FILE", help=say("log"))
    compare = command("compare")
    experiment(compare)
    compare.add_argument("--variants", metavar="A,B", help=say("variants"))
    compare.add_argument("--precision", type=_precision, metavar="P", help=say("precision"))
    compare.add_argument("--report", metavar="DIR", help=say("report"))
    compare.add_argument("--fail-on-miss", action="store_true", help=say("fail_on_miss"))
    gantt = command("gantt")
    study(gantt)
    gantt.add_argument("--variants", metavar="A,B", help=say("variants"))
    gantt.add_argument("--case", default="median", metavar="CASE", help=say("case"))
    gantt.add_argument("-o", "--output", required=True, action="append", metavar="FILE", help=say("output"))
    return parser


def _whole(word: str) -> int:
    return int(word)


def _positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{word} < 1")
    return number


def _precision(word: str) -> float:
    number = float(word)
    if not 0 < number < 1:
        raise argparse.ArgumentTypeError(f"{word}: 0 < P < 1")
    return number


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("reformsim")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
