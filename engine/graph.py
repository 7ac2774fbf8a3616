"""A diagram as a graph for other tools: of networkx, which writes GraphML and much else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.diagram.model import Diagram

if TYPE_CHECKING:
    import networkx

__all__ = ["to_networkx"]


def to_networkx(diagram: Diagram) -> networkx.MultiDiGraph[str]:
    """The elements and flows of a diagram, at every depth, with their ids as keys.

    Nodes have ``label``, ``tag`` (the BPMN element), ``scope``, ``lane``, ``host`` (of a boundary event), and
    ``x, y, width, height`` where drawn; edges have ``label`` and ``condition``. What is unknown is an empty text.
    Sub-processes are nodes of their own; what is inside names them as its scope.
    """
    import networkx

    process = diagram.process
    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph(name=process.name or process.id, process=process.id)
    lanes = {lane.id: lane.name or lane.id for lane in process.lanes.values()}
    for element in process.elements.values():
        attributes: dict[str, Any] = {
            "label": element.label,
            "tag": element.tag,
            "scope": element.scope,
            "lane": lanes.get(element.lane or "", ""),
            "host": element.attributes.get("attachedToRef", ""),
        }
        shape = diagram.drawing.shapes.get(element.id)
        if shape is not None:
            attributes |= {"x": shape.x, "y": shape.y, "width": shape.width, "height": shape.height}
        graph.add_node(element.id, **attributes)
    for flow in process.flows.values():
        graph.add_edge(flow.source, flow.target, key=flow.id, label=flow.name, condition=flow.condition or "")
    return graph
