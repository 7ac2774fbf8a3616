"""One case's story in sentences: exact times, what it waited for and why, what the clocks showed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from engine.calendars.units import DAY, HOUR, MINUTE
from engine.kernel import layout
from engine.log import OUTCOMES
from engine.texts import text
from reports.cases import Picked
from reports.formatting import format_quantity
from reports.labels import Labels
from simulations.causes import CAUSES, Cause
from simulations.model import SimulationModel
from simulations.quantities import unit_of
from simulations.story import CaseStory, Clock, Queueing, Step

__all__ = ["format_duration", "format_moment", "story_json", "story_lines"]

SECOND: Final = 1000
MOST_NAMED: Final = 3  # of those who were busy; the others are counted


def format_moment(model: SimulationModel, at: int, language: str) -> str:
    """A moment to the second: ``2022-02-14 Mon 09:30:05``."""
    moment = _moment(model, at)
    weekday = text(f"chart.weekday.{moment.weekday()}", language)
    return f"{moment:%Y-%m-%d} {weekday} {moment:%H:%M:%S}"


def format_duration(ms: int, language: str) -> str:
    """A duration exactly, to the second: ``2 d 3 h``, ``14 min 5 s``."""
    rest, parts = round(ms / SECOND) * SECOND, []
    for unit, size in (("d", DAY), ("h", HOUR), ("min", MINUTE), ("s", SECOND)):
        number, rest = divmod(rest, size)
        if number:
            parts.append(text(f"story.unit.{unit}", language, number=number))
    return " ".join(parts) or text("story.unit.s", language, number=0)


def story_lines(story: CaseStory, model: SimulationModel, picked: Picked, labels: Labels, language: str) -> list[str]:
    """The story, a paragraph a line.

    Args:
        story: The case.
        model: What was run.
        picked: Which replication, and by which indicator it was chosen.
        labels: Names in the language.
        language: ``zh`` or ``en``.
    """
    teller = _Teller(story, model, language)
    return [
        teller.opening(picked, labels),
        "",
        *(f"{number:>3}. {teller.step(step)}" for number, step in enumerate(story.steps, start=1)),
        "",
        teller.ending(),
        *teller.clocks(),
        *teller.judgement(picked, labels),
        "",
        text("story.star", language),
    ]


class _Teller:
    def __init__(self, story: CaseStory, model: SimulationModel, language: str) -> None:
        self.story = story
        self.model = model
        self.language = language

    def say(self, key: str, **values: object) -> str:
        return text(f"story.{key}", self.language, **values)

    def joined(self, clauses: Sequence[str]) -> str:
        return self.say("join").join(clauses) + self.say("end")

    def name(self, element: str) -> str:
        return self.model.name_of(element, self.language)

    def at(self, moment: int) -> str:
        return format_moment(self.model, moment, self.language)

    def lasting(self, ms: int) -> str:
        return format_duration(ms, self.language)

    # ---- the frame --------------------------------------------------------------------------------------------

    def opening(self, picked: Picked, labels: Labels) -> str:
        variant = self.model.variant_label[self.language]
        names = {"pipeline": labels.pipeline, "variant": variant, "case": self.story.case}
        return self.say("opening", replication=picked.replication, begin=self.at(self.story.begin), **names)

    def ending(self) -> str:
        elapsed = self.story.end - self.story.begin
        parts = [
            self.say("part", cause=text(f"gantt.legend.cause.{cause}", self.language), length=self.lasting(ms))
            for cause, ms in sorted(self.story.causes.items(), key=lambda item: -item[1])
            if ms
        ]
        values = {"end": self.at(self.story.end), "elapsed": self.lasting(elapsed)}
        return self.say("ending", parts=self.say("list").join(parts), **values)

    def clocks(self) -> Iterator[str]:
        for clock in self.story.clocks:
            yield self._clock(clock)

    def _clock(self, clock: Clock) -> str:
        limit = clock.measured.limit
        unit = limit.unit if limit else "working_day"
        name = self.name(clock.measured.element)
        words = self.say("clock", name=name, value=format_quantity(clock.value, unit, self.language))
        clauses = [words]
        if limit is not None:
            key = "over" if clock.is_over else "within"
            over = format_quantity(abs(clock.value - limit.value), unit, self.language)
            limit_words = format_quantity(limit.value, unit, self.language)
            clauses.append(self.say(f"clock_{key}", limit=limit_words, over=over))
        if clock.paused:
            names = self.say("list").join(map(self.name, clock.paused))
            clauses.append(self.say("clock_paused", names=names))
        return self.joined(clauses)

    def judgement(self, picked: Picked, labels: Labels) -> Iterator[str]:
        unit = unit_of(picked.indicator, self.model.measured, self.model.sums)
        amount = format_quantity(picked.value, unit, self.language)
        yield self.say("judged", indicator=labels.indicator(picked.indicator, self.language), amount=amount)

    # ---- one step ---------------------------------------------------------------------------------------------

    def step(self, step: Step) -> str:
        """What happened at one element, in one paragraph."""
        clauses = [self._heading(step)]
        if step.flow:
            clauses.append(self.say("took", flow=self.name(step.flow)))
        elif step.kind == layout.WATCHER:
            clauses.append(self.say("fired", end=self.at(step.ended)))
        elif step.kind == layout.SCOPE:
            clauses.append(
                self.say("open_until", end=self.at(step.ended), length=self.lasting(step.ended - step.enabled))
            )
        else:
            clauses += [*self._waiting(step), *self._working(step), *self._afterwards(step)]
            clauses.append(self.say(f"outcome.{OUTCOMES[step.outcome]}", end=self.at(step.ended)))
        return self.joined(clauses)

    def _heading(self, step: Step) -> str:
        element = self.model.diagram.process.elements[step.element]
        lane = self.model.diagram.process.lanes.get(element.lane or "")
        name = (
            self.say("named", name=self.name(step.element), lane=self.name(lane.id))
            if lane
            else self.name(step.element)
        )
        again = self.say("again", time=step.time) if step.time > 1 else ""
        star = "* " if step.critical else ""
        return self.say("came", star=star, name=name, again=again, at=self.at(step.enabled))

    def _waiting(self, step: Step) -> Iterator[str]:
        """Before the work: the queue and its reason, and closed offices."""
        until = step.ended if step.started < 0 else step.started
        before = _by_cause(step, step.enabled, until)
        if before.get("queue"):
            yield self.say("queued", length=self.lasting(before["queue"]))
            for queueing in step.queueing:
                yield from self._reason(queueing)
        if before.get("off_hours"):
            pools = self.say("list").join(self._pool(pool) for pool in self._pools(step))
            yield self.say("closed", pools=pools, length=self.lasting(before["off_hours"]))

    def _reason(self, queueing: Queueing) -> Iterator[str]:
        pool = self._pool(queueing.pool)
        units = self.model.pools[queueing.pool].units
        if queueing.busy:
            named = [
                self.say("occupation", name=self.name(busy.element), case=busy.case)
                for busy in queueing.busy[:MOST_NAMED]
            ]
            values = {"busy": len(queueing.busy), "units": units, "what": self.say("list").join(named)}
            more = len(queueing.busy) - len(named)
            yield self.say("busy", pool=pool, more=self.say("more", number=more) if more else "", **values)
        if queueing.before:
            yield self.say("before", pool=pool, number=queueing.before)

    def _working(self, step: Step) -> Iterator[str]:
        if step.started < 0 or not step.workers:
            return
        who = [self.say("worker", pool=self._pool(pool), number=unit + 1) for pool, unit in step.workers]
        until = step.ended if step.worked < 0 else step.worked
        during = _by_cause(step, step.started, until)
        work = sum(ms for cause, ms in during.items() if cause != "off_hours")
        yield self.say("worked", begin=self.at(step.started), who=self.say("list").join(who), length=self.lasting(work))
        if during.get("off_hours"):
            yield self.say("paused", length=self.lasting(during["off_hours"]))

    def _afterwards(self, step: Step) -> Iterator[str]:
        """The delay that needs nobody's hands."""
        if step.worked < 0:
            return
        for cause, ms in _by_cause(step, step.worked, step.ended).items():
            yield self.say(f"then.{cause}", length=self.lasting(ms))

    def _pool(self, pool: int) -> str:
        return self.model.pools[pool].label[self.language]

    def _pools(self, step: Step) -> tuple[int, ...]:
        activity = self.model.activities[self.model.net.node_of[step.element]]
        return activity.pools if activity else ()


def _by_cause(step: Step, begin: int, end: int) -> dict[Cause, int]:
    """Ms by cause of the stretches between two moments of a step."""
    found: dict[Cause, int] = {}
    for a, b, cause in step.stretches:
        length = min(b, end) - max(a, begin)
        if length > 0:
            found[cause] = found.get(cause, 0) + length
    return found


def _moment(model: SimulationModel, at: int) -> datetime:
    return datetime.combine(model.study.start, time()) + timedelta(milliseconds=at)


def story_json(
    story: CaseStory, model: SimulationModel, picked: Picked, lines: Sequence[str], language: str
) -> dict[str, Any]:
    """The story as plain data, exact to the millisecond, with the sentences beside it."""

    def when(at: int) -> str | None:
        return None if at < 0 else _moment(model, at).isoformat(timespec="milliseconds")

    def step(one: Step) -> dict[str, Any]:
        return {
            "element": one.element,
            "name": model.name_of(one.element, language),
            "time": one.time,
            **{name: when(getattr(one, name)) for name in ("enabled", "started", "worked", "ended")},
            "outcome": OUTCOMES[one.outcome],
            "critical": one.critical,
            "flow": one.flow or None,
            "stretches": [
                {"from": when(a), "to": when(b), "ms": b - a, "cause": cause} for a, b, cause in one.stretches
            ],
            "workers": [{"pool": model.pools[pool].name, "unit": unit} for pool, unit in one.workers],
            "queueing": [
                {
                    "pool": model.pools[queueing.pool].name,
                    "busy": [{"unit": b.unit, "case": b.case, "element": b.element} for b in queueing.busy],
                    "before": queueing.before,
                }
                for queueing in one.queueing
            ],
        }

    return {
        "schema": 1,
        "pipeline": model.pipeline,
        "variant": model.variant,
        "seed": model.study.seed,
        "replication": picked.replication,
        "case": story.case,
        "indicator": picked.indicator,
        "value": picked.value,
        "begin": when(story.begin),
        "end": when(story.end),
        "elapsed_ms": story.end - story.begin,
        "causes_ms": {cause: story.causes[cause] for cause in CAUSES},
        "clocks": [_clock_json(clock) for clock in story.clocks],
        "steps": [step(one) for one in story.steps],
        "sentences": [line for line in lines if line],
    }


def _clock_json(clock: Clock) -> Mapping[str, Any]:
    limit = clock.measured.limit
    return {
        "element": clock.measured.element,
        "value": clock.value,
        "unit": limit.unit if limit else "working_day",
        "limit": limit.value if limit else None,
        "over": clock.is_over,
        "paused": list(clock.paused),
    }
