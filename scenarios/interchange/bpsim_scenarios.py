"""The input scenarios of BPSim data, each with everything that it inherits."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from lxml import etree

from scenarios.interchange.bpsim_values import local
from scenarios.interchange.imported import RefusedError

__all__ = ["InputScenario", "Key", "ScenarioReader"]

RESULTS: Final = ("LagTime", "Duration", "ElapsedTime", "QueueLength")

Key = tuple[str, str]
"""Element and parameter, as ``("Task_1", "ProcessingTime")``; a property's name follows its parameter."""


@dataclass(frozen=True)
class InputScenario:
    """An input scenario with everything that it inherits."""

    id: str
    name: str
    node: etree._Element
    parameters: Mapping[Key, etree._Element]
    calendars: Mapping[str, etree._Element]
    settings: Mapping[str, str]


class ScenarioReader:
    """Reads the scenarios of a file.

    Args:
        refuse: Takes what is wrong: the node, an id, and the reason.
        omit: Takes what is left out: the node, a code, an id, and values.
    """

    def __init__(
        self, refuse: Callable[[etree._Element, str | None, RefusedError], None], omit: Callable[..., None]
    ) -> None:
        self.refuse = refuse
        self.omit = omit

    def read(self, data: etree._Element) -> list[InputScenario]:
        """The input scenarios, with what they inherit; results are left out."""
        nodes = {node.get("id", ""): node for node in data if local(node) == "Scenario"}
        found = []
        for id_, node in nodes.items():
            if node.get("result") is not None:
                self.omit(node, "results", id_)
                continue
            chain = self.chain(id_, nodes)
            if chain is None:
                continue
            parameters: dict[Key, etree._Element] = {}
            calendars: dict[str, etree._Element] = {}
            settings: dict[str, str] = {}
            for part in chain:
                settings |= {str(k): str(v) for k, v in part.attrib.items() if k not in ("id", "inherits", "result")}
                for child in part:
                    if local(child) == "ScenarioParameters":
                        settings |= {str(key): str(value) for key, value in child.attrib.items()}
                        parameters |= dict(self.grouped(child, ""))
                    elif local(child) == "ElementParameters":
                        parameters |= dict(self.grouped(child, _reference(child)))
                    elif local(child) == "Calendar":
                        calendars[child.get("id", "")] = child
                    else:
                        self.omit(child, "extension", id_, tag=local(child))
            found.append(InputScenario(id_, node.get("name") or id_, node, parameters, calendars, settings))
        return found

    def chain(self, id_: str, nodes: Mapping[str, etree._Element]) -> list[etree._Element] | None:
        """The scenarios from the remotest ancestor to this one."""
        chain: list[etree._Element] = []
        seen: list[str] = []
        current: str | None = id_
        while current is not None:
            if current in seen:
                error = RefusedError("cycle", way=" -> ".join([*seen, current]))
                self.refuse(nodes[id_], id_, error)
                return None
            if current not in nodes:
                error = RefusedError("missing", kind="scenario", name=current, known=", ".join(nodes))
                self.refuse(nodes[seen[-1]], id_, error)
                return None
            seen.append(current)
            chain.insert(0, nodes[current])
            current = nodes[current].get("inherits")
        return chain

    def grouped(self, node: etree._Element, element: str) -> Iterator[tuple[Key, etree._Element]]:
        """The parameters of an element, whatever group and order they stand in."""
        for group in node:
            name = local(group)
            if name in ("Start", "Duration", "Warmup"):
                yield (element, name), group
            elif name == "VendorExtension":
                self.omit(group, "extension", element or None, tag=name)
            for parameter in group if name.endswith("Parameters") else ():
                kind = local(parameter)
                if kind == "Property":
                    yield (element, f"Property:{parameter.get('name', '')}"), parameter
                elif kind == "Role":
                    self.omit(parameter, "role", element or None)
                elif kind not in RESULTS:
                    yield (element, kind), parameter


def _reference(node: etree._Element) -> str:
    """The id that an element reference means; it may have a prefix."""
    return (node.get("elementRef") or "").strip().rpartition(":")[2]
