"""Batches of a Prosimos model: firing rules as sizes, ages and sittings, and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from engine.errors import Finding
from scenarios.interchange.draft import Data, Draft, Place, identifier
from scenarios.interchange.imported import IMPORTED, finite, tidy
from scenarios.interchange.prosimos_file import BatchPart, Comparison, Entry
from scenarios.interchange.weekly import DAYS, Rule, hours_of
from scenarios.schema.process import Batch

__all__ = ["BatchReader", "firing_rules", "longer"]

DAY_HOURS: Final = 24
_UP: Final = (">", ">=", "=")


class BatchReader:
    """Reads one batch.

    Args:
        part: As it stands in the file.
        draft: Takes notes, and the hours of sittings.
        place: Where it stands.
        findings: Takes what is wrong.
    """

    def __init__(self, part: BatchPart, draft: Draft, place: Place, findings: list[Finding]) -> None:
        self.part, self.draft, self.place, self.findings = part, draft, place, findings
        self.sizes: list[int] = []
        self.ages: list[float] = []
        self.weeks: list[Rule] = []

    def read(self) -> Data | None:
        """When the batch closes, in the words of the language; nothing where no rule has a counterpart."""
        for group in self.part.firing_rules:
            self.group(group)
        if not self.part.firing_rules:
            self.by_sizes()
        if not (self.sizes or self.ages or self.weeks):
            if self.part.firing_rules or self.part.size_distrib:
                self.draft.note("left_out", "batch_none", self.place, rules=_words(self.part.firing_rules))
            return None
        alone = self.share_alone()
        if alone:
            self.draft.note("left_out", "batch_alone", self.place, share=f"{alone:.0%}")
        batch: Data = {"source": IMPORTED}
        if self.sizes:
            batch["size"] = {"value": min(self.sizes)}
        if self.ages:
            batch["age"] = {"value": tidy(min(self.ages) / 60), "unit": "minute"}
        if self.weeks and (hours := hours_of(self.weeks)) is not None:
            batch["sittings"] = self.named(hours)
        return batch

    def group(self, group: Sequence[Comparison]) -> None:
        """Rules that must hold together."""
        kinds = {rule.attribute for rule in group}
        before = len(self.findings)
        for rule in group:
            self.judge(rule)
        if len(self.findings) > before or not group:
            return
        if "ready_wt" in kinds:
            self.draft.note("left_out", "batch_ready", self.place)
        if kinds & {"week_day", "daily_hour"}:
            if kinds - {"week_day", "daily_hour"}:
                self.draft.note("left_out", "batch_and", self.place, rules=_words([group]))
            self.sitting(group)
        elif kinds == {"size"}:
            least = [int(finite(r.value) or 0) + (r.comparison == ">") for r in group if r.comparison in _UP]
            if least:
                self.sizes.append(max(1, *least))
        elif kinds == {"large_wt"}:
            longest = [finite(rule.value) or 0.0 for rule in group if rule.comparison in _UP]
            if longest and max(longest) > 0:
                self.ages.append(max(longest))
        elif len(kinds) > 1:
            self.draft.note("left_out", "batch_none", self.place, rules=_words([group]))

    def judge(self, rule: Comparison) -> None:
        """A finding for a value that its attribute cannot have."""
        value = finite(rule.value)
        if rule.attribute == "week_day":
            if str(rule.value).upper() not in DAYS:
                self.findings.append(self.place.finding("rule", found=rule.value))
        elif rule.attribute not in ("size", "large_wt", "ready_wt", "daily_hour"):
            known = "size, large_wt, ready_wt, daily_hour, week_day"
            self.findings.append(self.place.finding("missing", kind="batch rule", name=rule.attribute, known=known))
        elif value is None or value < 0 or value > 1e9 or (rule.attribute == "daily_hour" and value > DAY_HOURS):
            self.findings.append(self.place.finding("no_number", kind=rule.attribute, found=rule.value))
        elif rule.attribute == "size" and value > 10_000:
            self.findings.append(self.place.finding("amount", found=rule.value))

    def sitting(self, group: Sequence[Comparison]) -> None:
        """A time of the day, a weekday, or both, as the hours of a sitting."""
        days = [DAYS.index(str(rule.value).upper()) for rule in group if rule.attribute == "week_day"]
        first, last = 0, DAY_HOURS
        for rule in group:
            if rule.attribute != "daily_hour":
                continue
            hour = int(finite(rule.value) or 0)
            if rule.comparison in ("=", "=="):
                first, last = hour, hour + 1
            elif rule.comparison in _UP:
                first = max(first, hour)
            else:
                last = min(last, hour + (rule.comparison == "<="))
        if first < min(last, DAY_HOURS):
            for begin, end in [(day, day) for day in days] or [(0, 6)]:
                self.weeks.append((begin, end, 60 * first, 60 * min(last, DAY_HOURS)))

    def by_sizes(self) -> None:
        """Without rules a size is drawn once; one that is certain is kept."""
        shares = self.shares(self.part.size_distrib)
        certain = [size for size, share in shares.items() if share > 0 and size > 1]
        if len(certain) == 1:
            self.sizes.append(certain[0])

    def share_alone(self) -> float:
        """The share of the cases that never wait for others."""
        shares = self.shares(self.part.size_distrib)
        total = sum(shares.values())
        return shares.get(1, 0.0) / total if total > 0 else 0.0

    def shares(self, entries: Sequence[Entry]) -> dict[int, float]:
        """By size its number; what is no number is a finding."""
        made: dict[int, float] = {}
        for entry in entries:
            size, share = finite(entry.key), finite(entry.value)
            if size is None or share is None or share < 0 or not 1 <= size <= 10_000:
                self.findings.append(self.place.finding("no_number", kind="size", found=f"{entry.key}: {entry.value}"))
            else:
                made[int(size)] = share
        return made

    def factor(self, batch: Data | None) -> float:
        """How much longer or shorter a case in a batch takes."""
        factors = {size: value for size, value in self.shares(self.part.duration_distrib).items() if value > 0}
        if batch is None or not {size: value for size, value in factors.items() if size > 1}:
            return 1.0
        factors.setdefault(1, 1.0)
        known = batch.get("size", {}).get("value") if set(batch) == {"source", "size"} else None
        if known is None and len({value for size, value in factors.items() if size > 1}) > 1:
            self.draft.note("left_out", "batch_factors", self.place)
            return 1.0
        size = known or max(factors)
        nearest = min(sorted(factors), key=lambda one: abs(one - size))
        return factors[nearest]

    def named(self, hours: Data) -> str:
        """The hours of the sittings, under a name."""
        known = self.draft.data["calendar"]["hours"]
        name = next((name for name, one in known.items() if one == hours), None)
        if name is None:
            name = identifier(f"sittings_{self.part.task_id}", known, "hours")
            known[name] = hours
        self.draft.note("assumed", "batch_sitting", self.place, hours=name)
        return name


def longer(drawn: Data, factor: float) -> Data:
    """A number of the language, so many times as large; its source and unit kept."""
    if factor == 1:
        return drawn
    kept = {key: value for key, value in drawn.items() if key in ("unit", "source")}
    if "value" in drawn:
        return {"value": tidy(drawn["value"] * factor)} | kept
    if "exponential" in drawn:
        return {"exponential": tidy(drawn["exponential"] * factor)} | kept
    if "uniform" in drawn:
        return {"uniform": [tidy(value * factor) for value in drawn["uniform"]]} | kept
    for way in ("normal", "lognormal", "gamma"):
        if way in drawn:
            return {way: {key: tidy(value * factor) for key, value in drawn[way].items()}} | kept
    table = dict(drawn["empirical"])
    table["values"] = [tidy(value * factor) for value in table["values"]]
    return {"empirical": table} | kept


def firing_rules(batch: Batch, rules_of: Callable[[str], Sequence[Rule]]) -> list[list[dict[str, Any]]]:
    """The firing rules of a batch: one group for its size, its age, and each opening of its sittings."""
    groups: list[list[dict[str, Any]]] = []
    if batch.size is not None:
        groups.append([_rule("size", ">=", batch.size.value)])
    if batch.age is not None:
        seconds = batch.age.value * {"minute": 60, "hour": 3600, "natural_day": 86_400}[batch.age.unit]
        groups.append([_rule("large_wt", ">=", tidy(seconds))])
    if batch.sittings is not None:
        for first, last, begin, end in rules_of(batch.sittings):
            hours = [_rule("daily_hour", ">=", str(begin // 60)), _rule("daily_hour", "<", str(-(-end // 60)))]
            groups += [[_rule("week_day", "=", DAYS[day].capitalize()), *hours] for day in range(first, last + 1)]
    return groups


def _rule(attribute: str, comparison: str, value: object) -> dict[str, Any]:
    return {"attribute": attribute, "comparison": comparison, "value": value}


def _words(groups: Sequence[Sequence[Comparison]]) -> str:
    return " / ".join(", ".join(f"{r.attribute} {r.comparison} {r.value}" for r in group) for group in groups) or "-"
