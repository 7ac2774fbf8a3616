"""What goes to the screen: tables and sentences, or one JSON object and nothing else."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from engine.errors import Finding
from engine.texts import text

__all__ = ["Console", "Progress"]

NARROWEST: Final = 110  # columns; in fewer, tables would break their words into letters
WITHOUT_TERMINAL: Final = 400  # a table takes as much of it as it needs


class Progress:
    """Told how much is done; a bar on a terminal, else nothing."""

    def __init__(self, bar: Any = None, task: Any = None) -> None:
        self._bar = bar
        self._task = task

    def __call__(self, done: int, total: int) -> None:
        """So many of so many are done."""
        if self._bar is not None:
            self._bar.update(self._task, completed=done, total=total)


class Console:
    """Standard output for results, standard error for all else."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.json: bool = options.json
        self.language: str = options.language
        self.ascii: bool = options.ascii
        self.quiet: bool = options.quiet

    def say(self, key: str, **values: object) -> str:
        """A sentence of the catalogue."""
        return text(f"app.{key}", self.language, **values)

    def show(self, *things: Any) -> None:
        """Print tables and sentences; nothing under ``--json``."""
        if not self.json:
            from rich.console import Console as Rich

            rich = Rich(soft_wrap=True, highlight=False, markup=False, safe_box=self.ascii)
            rich.width = max(rich.width, NARROWEST if rich.is_terminal else WITHOUT_TERMINAL)
            if rich.is_terminal:
                rich.print(*things, sep="\n")
                return
            with rich.capture() as captured:  # a table's lines are padded: a file or a pipe needs no blanks at the end
                rich.print(*things, sep="\n")
            print("\n".join(line.rstrip() for line in captured.get().split("\n")), end="")

    def show_sparks(self, lines: Sequence[str]) -> None:
        """Print lines of block characters where a terminal can show them; else nothing, they repeat the table."""
        if self.json or self.ascii or not lines or not sys.stdout.isatty():
            return
        try:
            "".join(lines).encode(sys.stdout.encoding or "ascii")
        except UnicodeEncodeError:
            return
        self.show(*lines)

    def give(self, result: Mapping[str, Any]) -> None:
        """Print the one JSON object, if it was asked for."""
        if self.json:
            print(json.dumps(result, ensure_ascii=False, allow_nan=False))

    def errors(self, findings: Sequence[Finding]) -> None:
        """Say what is wrong, then what to beware of: as JSON on standard output, or on standard error."""
        errors = [finding for finding in findings if finding.severity == "error"]
        warnings = [finding for finding in findings if finding.severity == "warning"]
        if self.json:
            result = {"errors": [finding.as_json(self.language) for finding in errors]}
            if warnings:
                result["warnings"] = [finding.as_json(self.language) for finding in warnings]
            print(json.dumps(result, ensure_ascii=False))
        else:
            for finding in errors:
                print(finding.describe(self.language), file=sys.stderr)
            self.warnings(warnings)

    def tell(self, sentence: str) -> None:
        """Say on standard error what takes its time."""
        if not self.json:
            print(sentence, file=sys.stderr, flush=True)

    def warnings(self, findings: Sequence[Finding]) -> None:
        """Say what to beware of, on standard error."""
        if not self.json:
            for finding in findings:
                print(self.say("warning", sentence=finding.describe(self.language)), file=sys.stderr)

    @contextmanager
    def progress(self, what: str) -> Iterator[Progress]:
        """A progress bar on standard error while the body runs; only on a terminal."""
        if self.quiet:
            yield Progress()
            return
        from rich.console import Console as Rich
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )
        from rich.progress import Progress as Bar

        columns = (
            TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(),
            TimeElapsedColumn(), TimeRemainingColumn(),
        )  # fmt: skip
        with Bar(*columns, console=Rich(stderr=True), transient=True) as bar:
            yield Progress(bar, bar.add_task(what, total=None))
