"""From the bytes of a scenario file to plain data and the line and column of every key.

The YAML is composed by ruamel.yaml, and the scalars are read here: so every key has its place, all doubled
keys are found at once, and nothing in a file can build an object or blow up.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from engine.errors import BadInput, Finding

__all__ = ["Document", "Path", "Position", "read"]

Path: TypeAlias = tuple[str, ...]
"""The keys, and the numbers of list items, that lead to a place."""
Position: TypeAlias = tuple[int, int]
"""Line and column, from 1."""

LARGEST: Final = 4_000_000  # bytes
MOST_NODES: Final = 200_000  # aliases counted each time: a file of a few lines can unfold to billions
DEEPEST: Final = 60

_TAG: Final = "tag:yaml.org,2002:"
_DATE: Final = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_TOO_DEEP: Final = re.compile(rf"(?:[\[{{]\s*){{{DEEPEST}}}")  # the scanner's time grows with the square of the depth
_FULL_WIDTH_COLON: Final = "："


@dataclass(frozen=True)
class Document:
    """What stands in a file.

    Args:
        file: As given, for messages.
        data: Mappings as dicts, lists as tuples, scalars as str, int, float, bool or date.
        positions: Place of each key and list item.
        warnings: Found while reading.
    """

    file: str
    data: Mapping[Any, Any]
    positions: Mapping[Path, Position]
    warnings: tuple[Finding, ...] = ()

    def position(self, path: Path) -> Position:
        """The place of a key, or of the nearest one around it that the file has."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.positions:
                return self.positions[path[:length]]
        return 1, 1


def read(content: bytes, file: str) -> Document:
    """Read a scenario.

    Args:
        content: Bytes of the file.
        file: Its name, for messages.

    Raises:
        BadInput: The bytes are no text, the text is no YAML, the YAML is no mapping; with line and column.
    """
    text, warnings = _decode(content, file)
    if brackets := _TOO_DEEP.search(text):
        line, column = _line_and_column(text, brackets.start())
        raise BadInput([Finding("scenario.yaml.too_deep", {"deepest": DEEPEST}, file, line, column)])
    try:
        root = YAML(typ="rt").compose(text)
    except MarkedYAMLError as error:
        raise BadInput([_syntax(error, text, file)]) from None
    except ReaderError as error:
        line, column = _line_and_column(text, error.position)
        values = {"character": f"U+{error.character:04X}" if isinstance(error.character, int) else error.character}
        raise BadInput([Finding("scenario.yaml.character", values, file, line, column)]) from None
    except RecursionError:
        raise BadInput([Finding("scenario.yaml.too_deep", {"deepest": DEEPEST}, file, 1, 1)]) from None
    except (YAMLError, ValueError) as error:
        values = {"problem": str(error).splitlines()[0]}
        raise BadInput([Finding("scenario.yaml.syntax", values, file, 1, 1)]) from None
    if root is None:
        raise BadInput([Finding("scenario.yaml.empty", {}, file, 1, 1)])
    builder = _Builder(file)
    data = builder.value(root, ())
    if not isinstance(data, dict):
        code = "full_width_colon" if isinstance(data, str) and _FULL_WIDTH_COLON in data else "not_a_mapping"
        line, column = _place(root)
        builder.findings.append(Finding(f"scenario.yaml.{code}", {}, file, line, column))
    if builder.findings:
        raise BadInput(builder.findings)
    assert isinstance(data, dict)  # or there are findings
    return Document(file, data, builder.positions, warnings)


def _decode(content: bytes, file: str) -> tuple[str, tuple[Finding, ...]]:
    if len(content) > LARGEST:
        values = {"size": len(content), "largest": LARGEST}
        raise BadInput([Finding("scenario.yaml.too_large", values, file)])
    if b"\0" not in content:
        try:
            return content.decode("utf-8-sig"), ()
        except UnicodeDecodeError:
            pass
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            return text, (Finding("scenario.yaml.gb18030", {}, file, severity="warning"),)
    raise BadInput([Finding("scenario.yaml.encoding", {}, file, 1, 1)])


def _syntax(error: MarkedYAMLError, text: str, file: str) -> Finding:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    lines = text.splitlines()
    if line > len(lines) > 0:  # the scanner noticed at the very end
        line, column = len(lines), len(lines[-1]) + 1
    # The scanner often notices a full-width colon only on the line after it.
    for number in (line, line - 1):
        at = lines[number - 1].find(_FULL_WIDTH_COLON) if 0 < number <= len(lines) else -1
        if at >= 0 and not re.search(r"[\"'#]", lines[number - 1][:at]):
            return Finding("scenario.yaml.full_width_colon", {}, file, number, at + 1)
    problem = (error.problem or error.context or "").split("\n")[0]
    if "\\t" in problem or (0 < line <= len(lines) and re.match(r"^ *\t", lines[line - 1])):
        return Finding("scenario.yaml.tab", {}, file, line, column)
    return Finding("scenario.yaml.syntax", {"problem": problem}, file, line, column)


def _line_and_column(text: str, at: int) -> Position:
    before = text[:at]
    return before.count("\n") + 1, at - (before.rfind("\n") + 1) + 1


def _place(node: Node) -> Position:
    return node.start_mark.line + 1, node.start_mark.column + 1


@dataclass
class _Builder:
    """Turns composed nodes into plain data and notes places and findings."""

    file: str
    positions: dict[Path, Position] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    nodes: int = 0
    open: list[int] = field(default_factory=list)

    def refuse(self, code: str, node: Node, path: Path, **values: object) -> None:
        # The place of nothing is that of its key: its own is wherever the next thing begins.
        line, column = self.positions.get(path, _place(node)) if code == "nothing" else _place(node)
        element = ".".join(path) or None
        self.findings.append(Finding(f"scenario.yaml.{code}", values, self.file, line, column, element))

    def value(self, node: Node, path: Path) -> object:
        self.nodes += 1
        if self.nodes > MOST_NODES or len(path) > DEEPEST or id(node) in self.open:
            if not any(finding.code == "scenario.yaml.too_deep" for finding in self.findings):
                self.refuse("too_deep", node, path, deepest=DEEPEST)
            return ""
        if isinstance(node, ScalarNode):
            return self.scalar(node, path)
        self.open.append(id(node))
        try:
            if isinstance(node, MappingNode):
                return self.mapping(node, path)
            assert isinstance(node, SequenceNode)  # YAML has no other
            return self.sequence(node, path)
        finally:
            self.open.pop()

    def sequence(self, node: SequenceNode, path: Path) -> tuple[object, ...]:
        items = []
        for number, item in enumerate(node.value):
            self.positions[(*path, str(number))] = _place(item)
            items.append(self.value(item, (*path, str(number))))
        return tuple(items)

    def mapping(self, node: MappingNode, path: Path) -> dict[object, object]:
        data: dict[object, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, ScalarNode):
                self.refuse("key", key_node, path)
                continue
            key = self.scalar(key_node, path)
            below = (*path, _written(key))
            if below in self.positions:
                self.refuse("doubled", key_node, below, name=_written(key), line=self.positions[below][0])
                continue
            self.positions[below] = _place(key_node)
            data[key] = self.value(value_node, below)
        return data

    def scalar(self, node: ScalarNode, path: Path) -> object:
        kind = str(node.tag).removeprefix(_TAG)
        text = str(node.value)
        try:
            return _scalar(kind, text)
        except ValueError:
            if kind == "null":
                self.refuse("nothing", node, path)
            else:
                self.refuse("scalar", node, path, text=text[:40])
            return text


def _written(key: object) -> str:
    return key.isoformat() if isinstance(key, date) else str(key)


def _scalar(kind: str, text: str) -> object:
    """The value of a scalar.

    Raises:
        ValueError: It is nothing, no value of its kind, or of a kind that the language does not have.
    """
    if kind in ("str", "merge", "value"):
        return text
    if kind == "int":
        plain = text.replace("_", "").lower()
        return int(plain, 0) if re.match(r"^[-+]?0[box]", plain) else int(plain)
    if kind == "float":
        plain = text.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan")
        return float(plain)
    if kind == "bool" and text.lower() in ("true", "false", "yes", "no", "on", "off"):
        return text.lower() in ("true", "yes", "on")
    if kind == "timestamp":
        # A moment stays as written: the place that wants it reads it.
        return date.fromisoformat(text) if _DATE.match(text) else text
    raise ValueError(kind)
