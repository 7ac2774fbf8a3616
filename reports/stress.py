"""The STRESS-DES checklist of a study, filled from what is known of it.

T. Monks, C. S. M. Currie, B. S. Onggo, S. Robinson, M. Kunc and S. J. E. Taylor, Strengthening the reporting of
empirical simulation studies: introducing the STRESS guidelines, Journal of Simulation 13, 2019, 55-67: twenty items in
six sections.
What only the author of a study can say is marked so, and not made up.
"""

from __future__ import annotations

import platform
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from engine.kernel import layout
from engine.texts import text
from reports.formatting import format_number, format_quantity
from reports.labels import Labels
from simulations.model import SimulationModel

__all__ = ["ITEMS", "stress_des"]

ITEMS: Final = (
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3",
    "5.1", "5.2", "5.3", "5.4", "6.1",
)  # fmt: skip

Json = Mapping[str, Any]


def stress_des(
    models: Mapping[str, SimulationModel], result: Json, labels: Labels, beginning: str, language: str
) -> list[dict[str, str]]:
    """The twenty items.

    Args:
        models: By variant.
        result: What ``compare --json`` prints.
        labels: Names in the language.
        beginning: How the study begins and what it measures, in a sentence.
        language: ``zh`` or ``en``.

    Returns:
        ``item``, ``section``, ``title`` and ``text`` of each, in order.
    """
    filling = _Filling(models, result, labels, beginning, language)
    return [
        {
            "item": item,
            "section": text(f"stress.section.{item[0]}", language),
            "title": text(f"stress.title.{item.replace('.', '_')}", language),
            "text": filling.of(item),
        }
        for item in ITEMS
    ]


class _Filling:
    """What the sentences need; an item takes of it what it says."""

    def __init__(
        self, models: Mapping[str, SimulationModel], result: Json, labels: Labels, beginning: str, language: str
    ) -> None:
        self.models = models
        self.first = next(iter(models.values()))
        self.result = result
        self.labels = labels
        self.language = language
        self.comma = text("headline.list_comma", language)
        self.values = {"beginning": beginning, **self._study(), **self._model(), **self._components()}

    def of(self, item: str) -> str:
        """The text of one item."""
        return text(f"stress.text.{item.replace('.', '_')}", self.language, **self.values)

    def _list(self, words: Iterable[str]) -> str:
        return self.comma.join(dict.fromkeys(words)) or "-"

    def _study(self) -> dict[str, object]:
        """Of the run: seeds, versions, digests, numbers."""
        result = self.result
        found = result["variants"]
        kinds = Counter(text(f"page.kind.{source['kind']}", self.language) for source in result["sources"])
        return {
            "sources": self._list(f"{kind} {number}" for kind, number in kinds.items()),
            "digests": self._list(f"{name}: {one['digest']}" for name, one in found.items()),
            "digest": result["digest"],
            "number": result["assumptions"],
            "run_out": f"{result['study']['run_out_days']:g}",
            "unfinished": sum(one["cases"]["unfinished"] for one in found.values()),
            "started": sum(one["cases"]["started"] for one in found.values()),
            "replications": result["replications"],
            "versions": self._list(f"{name} {version}" for name, version in result["versions"].items()),
            "driver": result["driver"],
            "seed": self.first.study.seed,
            "system": f"{platform.system()} {platform.machine()}",
        }

    def _model(self) -> dict[str, object]:
        """Of the variants: diagrams, steps, targets, changes."""
        found = self.result["variants"].values()
        names = {name: self.labels.variant(name) for name in self.models}
        return {
            "pipeline": self.labels.pipeline,
            "variants": self._list(names.values()),
            "outputs": self._list(self.labels.indicator(name, self.language) for name in self._indicators()),
            "targets": self._targets(),
            "diagrams": self._list(f"{name}: {model.diagram.digest}" for name, model in self.models.items()),
            "elements": self._list(f"{names[name]} {number}" for name, number in self._activities().items()),
            "changes": self._list(change for one in found for change in one["overrides"]),
        }

    def _indicators(self) -> list[str]:
        return [name for found in self.result["variants"].values() for name in found["indicators"]]

    def _targets(self) -> str:
        return self._list(
            [
                text(
                    "stress.target",
                    self.language,
                    indicator=self.labels.indicator(target["indicator"], self.language),
                    statistic=text(f"headline.statistic.{target['statistic']}", self.language),
                    op=target["op"],
                    limit=format_quantity(target["limit"], target["unit"], self.language),
                )
                for found in self.result["variants"].values()
                for target in found["targets"]
            ]
        )

    def _activities(self) -> dict[str, int]:
        kinds = (layout.ACTIVITY, layout.TIMER)
        return {
            name: len({e for e, k in zip(model.net.elements, model.net.kinds, strict=True) if k in kinds})
            for name, model in self.models.items()
        }

    def _components(self) -> dict[str, object]:
        """Entities, resources and queues, entry and exit."""
        first, language = self.first, self.language
        pools = (
            text(
                "stress.pool",
                language,
                name=pool.label[language],
                units=pool.units,
                discipline=text(f"stress.discipline.{pool.discipline}", language),
                shift_end=text(f"stress.shift_end.{pool.shift_end}", language),
            )
            for pool in first.pools
        )
        ends = (
            model.name_of(element.id, language)
            for model in self.models.values()
            for element in model.diagram.process.elements.values()
            if element.tag == "endEvent" and element.scope == model.diagram.process.id
        )
        return {
            "arrivals": text(f"stress.arrivals.{first.arrivals.process}", language),
            "expected": format_number(first.arrivals.expected(first.study.warmup, first.study.horizon), 0),
            "attributes": self._list(attribute.name for attribute in first.attributes),
            "pools": text("story.join", language).join(pools) or "-",
            "ends": self._list(ends),
        }
