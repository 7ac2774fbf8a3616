"""Prosimos: a JSON of parameters beside a BPMN file that says no more than the control flow; times are seconds."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Final

from engine.errors import BadInput, Finding
from scenarios.building.activities import waits_outside
from scenarios.interchange.draft import Draft, Place, identifier
from scenarios.interchange.files import read_file
from scenarios.interchange.imported import IMPORTED, finite, horizon_days, mean_of, open_share
from scenarios.interchange.one_variant import listed
from scenarios.interchange.plain import read_checked
from scenarios.interchange.prosimos_batches import BatchReader, longer
from scenarios.interchange.prosimos_file import File, model_of
from scenarios.interchange.prosimos_ways import WayReader
from scenarios.interchange.weekly import hours_of

__all__ = ["read_prosimos"]

CASES: Final = 1000  # of a run whose number the file does not say: Prosimos takes it on its command line
MOST_CASES: Final = 100_000_000
SILENT: Final = ("model_type", "gateway_execution_limit", "granule_size")  # keys that change nothing here


def read_prosimos(json_path: Path, bpmn_path: Path) -> Draft:
    """A scenario from the two files of a Prosimos model.

    Raises:
        BadInput: One of them cannot be used; all findings at once.
    """
    diagram, content = read_checked(bpmn_path)
    text = read_file(json_path)
    try:
        given = json.loads(text.decode("utf-8-sig"))
    except RecursionError:
        raise BadInput([Place(str(json_path)).finding("json", problem="it nests too deeply")]) from None
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise BadInput([Place(str(json_path), line).finding("json", problem=str(error).split(":")[0])]) from None
    if not isinstance(given, dict) or "resource_profiles" not in given:
        raise BadInput([Place(str(json_path), 1).finding("no_prosimos")])
    findings: list[Finding] = []
    file = model_of(File, given, Place(str(json_path)), findings)
    if file is None:
        raise BadInput(findings)
    reader = _Reader(json_path, bpmn_path, diagram, content, file)
    reader.further = [key for key, value in given.items() if value and key not in (*File.model_fields, *SILENT)]
    if given.get("model_type") == "FUZZY":
        reader.further.append("model_type")
    return reader.read()


class _Reader(WayReader):
    further: list[str]  # keys that are not read

    def read(self) -> Draft:
        """The whole file.

        Raises:
            BadInput: What is wrong in it; all findings at once.
        """
        self.weeks()
        self.profiles()
        self.durations()
        self.tasks()
        self.events()
        self.attributes()
        self.routes()
        self.batches()
        for rule in self.given.prioritisation_rules:
            self.draft.note("left_out", "priority", self.place(str(rule.priority_level)))
        self.arrivals()
        for key in self.further:
            self.draft.note("left_out", "key", self.place(key))
        return self.end(Place(self.file), len(self.calendars))

    def events(self) -> None:
        elements = self.diagram.process.elements
        for one in self.given.event_distribution:
            if one.event_id not in elements:
                self.refuse(one.event_id, "missing", kind="element", name=one.event_id, known=listed(elements))
                continue
            element = elements[one.event_id]
            drawn = self.drawn(one, one.event_id)
            if drawn is None:
                continue
            if waits_outside(element, self.diagram.process):
                number = drawn | {"unit": "second", "source": IMPORTED}
                self.variant["elements"][element.id] = {"dwell": number, "clock": "natural"}
            else:
                self.draft.note("left_out", "no_waiting", self.place(element.id), tag=element.tag)

    def batches(self) -> None:
        elements = self.diagram.process.elements
        for part in self.given.batch_processing:
            if part.task_id not in elements:
                self.refuse(part.task_id, "missing", kind="element", name=part.task_id, known=listed(elements))
                continue
            place = self.place(part.task_id)
            reader = BatchReader(part, self.draft, place, self.findings)
            batch, spec = reader.read(), self.variant["elements"].get(part.task_id)
            if batch is None or spec is None or "effort" not in spec:
                continue
            spec["batch"] = batch
            factor = reader.factor(batch)
            spec["effort"] = longer(spec["effort"], factor)
            if part.type != "Sequential" or factor != 1:
                self.draft.note("assumed", "batch_work", place, kind=part.type, factor=f"{factor:g}")

    def arrivals(self) -> None:
        stated = self.given.arrival_time_distribution
        if stated is None:
            self.refuse("arrival_time_distribution", "no_arrivals")
            return
        gap = self.drawn(stated, "arrival_time_distribution")
        calendar = self.given.arrival_time_calendar
        hours = hours_of(self.rules(calendar, "arrival_time_calendar")) if calendar else None
        if calendar and hours is None:
            self.refuse("arrival_time_calendar", "never_open", name="arrival_time_calendar")
        if gap is None or self.findings:
            return
        name = "always"
        if hours is not None:
            known = self.data["calendar"]["hours"]
            name = next((n for n, one in known.items() if one == hours), identifier("arrivals", known))
            known[name] = hours
        self.data["calendar"]["office"] = name
        mean = mean_of(gap | {"unit": "second"})
        if mean <= 0:
            self.refuse("arrival_time_distribution", "no_gap")
            return
        stated_cases = finite(self.given.reformsim.total_cases)
        cases = int(stated_cases) if stated_cases and 1 <= stated_cases <= MOST_CASES else CASES
        self.starts_at(self.given.reformsim.starting_at)
        self.data["arrivals"] = {
            "gaps": gap | {"unit": "second", "source": IMPORTED}, "hours": name, "most": cases,
        }  # fmt: skip
        share = 1.0 if hours is None else open_share(hours)
        self.data["study"]["horizon"] = horizon_days(cases, mean, share)
        days = self.data["study"]["horizon"]
        self.draft.note("assumed", "horizon", Place(self.file), days=days, cases=cases)

    def starts_at(self, text: str | None) -> None:
        if text is None:
            return
        try:
            self.data["study"]["start"] = date.fromisoformat(text[:10]).isoformat()
        except ValueError:
            self.refuse("reformsim.starting_at", "start", found=text[:40])
