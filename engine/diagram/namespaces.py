"""The namespaces and words of BPMN 2.0: which tags tokens visit, which hold others, which are read over."""

from __future__ import annotations

from typing import Final

__all__ = [
    "ACTIVITIES",
    "BPMN",
    "BPMNDI",
    "DC",
    "DI",
    "EVENTS",
    "FLOW_NODES",
    "GATEWAYS",
    "READ_OVER",
    "SUB_PROCESSES",
    "TASKS",
]

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
DC: Final = "http://www.omg.org/spec/DD/20100524/DC"
DI: Final = "http://www.omg.org/spec/DD/20100524/DI"

EVENTS: Final = frozenset(
    {
        "boundaryEvent",
        "endEvent",
        "event",
        "implicitThrowEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "startEvent",
    }
)
GATEWAYS: Final = frozenset(
    {"complexGateway", "eventBasedGateway", "exclusiveGateway", "inclusiveGateway", "parallelGateway"}
)
TASKS: Final = frozenset(
    {
        "businessRuleTask",
        "manualTask",
        "receiveTask",
        "scriptTask",
        "sendTask",
        "serviceTask",
        "task",
        "userTask",
    }
)
SUB_PROCESSES: Final = frozenset({"adHocSubProcess", "subProcess", "transaction"})
ACTIVITIES: Final = TASKS | SUB_PROCESSES | {"callActivity"}
_CHOREOGRAPHY: Final = frozenset({"callChoreography", "choreographyTask", "subChoreography"})
FLOW_NODES: Final = EVENTS | GATEWAYS | ACTIVITIES | _CHOREOGRAPHY

# Beside flow nodes, sequence flows and lanes these stand in a process or sub-process; tokens never see them.
READ_OVER: Final = frozenset(
    {
        "artifact",
        "association",
        "dataObject",
        "dataObjectReference",
        "dataStoreReference",
        "group",
        "incoming",
        "laneSet",
        "outgoing",
        "textAnnotation",
    }
)
