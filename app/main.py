"""The command line: runs one command, and turns everything that goes wrong into clear sentences."""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final

from app.console import Console
from app.words import parse
from engine.errors import Finding, ReformsimError
from engine.texts import LANGUAGES, text

__all__ = ["DONE", "FOUND", "INTERRUPTED", "WRONG_USE", "main"]

DONE: Final = 0
FOUND: Final = 1  # findings, or a missed target with --fail-on-miss
WRONG_USE: Final = 2  # wrong use, bad input, or a fault of reformsim itself
INTERRUPTED: Final = 130  # the shell's own number for Ctrl-C

_DEBUG: Final = "REFORMSIM_DEBUG"  # if it is set, an unexpected exception is shown with its traceback


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words of the command line; those of the process by default.

    Returns:
        0 done, 1 findings, 2 wrong use, bad input or a fault of reformsim itself, 130 stopped by Ctrl-C.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    language = _language(words)
    _never_fail_to_print()
    options = argparse.Namespace(json="--json" in words, language=language, ascii="--ascii" in words, quiet=True)
    try:
        return _run(words, options)
    except ReformsimError as error:
        Console(options).errors(error.findings)
        return WRONG_USE
    except KeyboardInterrupt:
        print(text("app.interrupted", language), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:
        if os.environ.get(_DEBUG):
            raise
        values = {"kind": type(error).__name__, "words": " ".join(str(error).split()) or "-"}
        Console(options).errors([Finding("use.fault", values)])
        return WRONG_USE


def _run(words: Sequence[str], options: argparse.Namespace) -> int:
    try:
        options = parse(words, options)
    except SystemExit:  # help or the version was printed
        return DONE
    options.quiet = options.json or options.no_progress or not sys.stderr.isatty()
    command = importlib.import_module(f"app.commands.{options.command}_command")
    status: int = command.run(options)
    sys.stdout.flush()  # a closed pipe is met here, not when the process ends
    return status


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
