"""Files of holidays: the days on which a country deviates from Monday to Friday."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, TypeAlias

from engine.errors import BadInput, Finding

__all__ = ["read_holidays"]

_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_STATES = {"off": False, "working": True}

_Entry: TypeAlias = tuple[str, bool, int | None]  # date as written, whether it is worked, line


def read_holidays(path: str | Path) -> dict[date, bool]:
    """Read which days are off or worked, against the weekday.

    Two shapes are understood: JSON as published by the holiday-cn project
    (``{"year": 2027, "days": [{"name": ..., "date": "2027-01-01", "isOffDay": true}]}``), and CSV lines
    ``2027-01-01,off`` or ``2027-01-03,working`` with or without a heading ``date,...``.

    Args:
        path: UTF-8 file; it is JSON if its first character is a brace or a bracket.

    Returns:
        Day to whether it is a working day, in the order of the days.

    Raises:
        BadInput: All that is wrong with the file, with its lines.
    """
    file = str(path)
    try:
        content = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput([Finding("calendar.unreadable", {"reason": error.strerror or str(error)}, file)]) from error
    except UnicodeDecodeError as error:
        raise BadInput([Finding("calendar.not_utf8", {}, file)]) from error
    findings: list[Finding] = []
    if content.lstrip()[:1] in ("{", "["):
        entries = list(_json_entries(content, file, findings))
    else:
        entries = list(_csv_entries(content, file, findings))
    changes: dict[date, bool] = {}
    for written, working, line in entries:
        day = _day(written)
        if day is None:
            findings.append(Finding("calendar.bad_date", {"found": written}, file, line))
        elif changes.setdefault(day, working) != working:
            findings.append(Finding("calendar.contradiction", {"date": written}, file, line))
    if not entries and not findings:
        findings.append(Finding("calendar.no_days", {}, file, 1))
    if findings:
        raise BadInput(findings)
    return dict(sorted(changes.items()))


def _day(written: str) -> date | None:
    if not _DATE.fullmatch(written):
        return None
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def _csv_entries(content: str, file: str, findings: list[Finding]) -> Iterator[_Entry]:
    for number, line in enumerate(content.splitlines(), start=1):
        cells = [cell.strip() for cell in line.split(",")]
        if not any(cells) or (number == 1 and cells[0].lower() == "date"):
            continue
        if len(cells) != 2 or cells[1].lower() not in _STATES:
            findings.append(Finding("calendar.bad_line", {"found": line.strip()}, file, number))
            continue
        yield cells[0], _STATES[cells[1].lower()], number


def _json_entries(content: str, file: str, findings: list[Finding]) -> Iterator[_Entry]:
    try:
        tree: Any = json.loads(content)
    except json.JSONDecodeError as error:
        findings.append(Finding("calendar.not_json", {"reason": error.msg}, file, error.lineno, error.colno))
        return
    except RecursionError:
        findings.append(Finding("calendar.bad_json", {"found": "..."}, file, 1))
        return
    days = tree.get("days") if isinstance(tree, dict) else None
    if not isinstance(days, list):
        findings.append(Finding("calendar.bad_json", {"found": _short(tree)}, file, 1))
        return
    position = 0
    for day in days:
        written = day.get("date") if isinstance(day, dict) else None
        off = day.get("isOffDay") if isinstance(day, dict) else None
        line = None
        if isinstance(written, str):
            # The entries stand in the order of the text, so each is looked for behind the one before.
            found = content.find(json.dumps(written, ensure_ascii=False), position)
            if found >= 0:
                position = found + 1
                line = content.count("\n", 0, found) + 1
        if not isinstance(written, str) or not isinstance(off, bool):
            findings.append(Finding("calendar.bad_json", {"found": _short(day)}, file, line or 1))
            continue
        yield written, not off, line


def _short(value: object) -> str:
    """The beginning of a value, as JSON, for a sentence."""
    written = json.dumps(value, ensure_ascii=False)
    return written if len(written) <= 60 else f"{written[:57]}..."
