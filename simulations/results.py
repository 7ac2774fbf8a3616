"""The result of a study and its JSON: to plain data, and back.

``schema`` says the version. Keys may be added within one; none is taken away or changes its meaning.
The JSON is strict: numbers that are not finite become null.
``from_json(to_json(result)) == result``, as long as every number is finite.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from engine.errors import Finding
from simulations.comparison import Difference
from simulations.estimates import Estimate, Interval
from simulations.promises import Assumption, Label, Reference, Source, Target
from simulations.study_result import CaseCounts, StudyResult, VariantResult
from simulations.targets import TargetResult

__all__ = [
    "SCHEMA",
    "CaseCounts",
    "StudyResult",
    "VariantResult",
    "assumption_as_json",
    "from_json",
    "to_json",
]

SCHEMA: Final = 1


def to_json(result: StudyResult, language: str = "en") -> dict[str, object]:
    """A result as plain data: dicts, lists, strings, finite numbers, truth values, None.

    Args:
        result: Of a study.
        language: Of the warnings' sentences.
    """
    return {
        "schema": SCHEMA,
        "pipeline": result.pipeline,
        "label": _label(result.label),
        "seed": result.seed,
        "replications": result.replications,
        "driver": result.driver,
        "warnings": [
            {**w.as_json(language), "column": w.column, "values": {k: _plain(v) for k, v in w.values.items()}}
            for w in result.warnings
        ],
        "variants": {name: _variant(variant) for name, variant in result.variants.items()},
        "differences": [_difference(difference) for difference in result.differences],
        "assumptions": len(result.assumptions),
        "assumption_list": [assumption_as_json(assumption) for assumption in result.assumptions],
        "sources": [_source(source) for source in result.sources],
        "versions": dict(result.versions),
        "digest": result.digest,
    }


def from_json(data: Mapping[str, Any]) -> StudyResult:
    """A result from the data that `to_json` made of it.

    Raises:
        ValueError: The data is of another schema.
    """
    if data["schema"] != SCHEMA:
        raise ValueError(f"results of schema {data['schema']}, but schema {SCHEMA} is read here")
    return StudyResult(
        pipeline=data["pipeline"],
        label=_label_from(data["label"]),
        seed=data["seed"],
        replications=data["replications"],
        driver=data["driver"],
        warnings=tuple(
            Finding(w["code"], w["values"], w["file"], w["line"], w["column"], w["element"], w["severity"])
            for w in data["warnings"]
        ),
        variants={name: _variant_from(name, variant) for name, variant in data["variants"].items()},
        differences=tuple(_difference_from(d) for d in data["differences"]),
        assumptions=tuple(_assumption_from(a) for a in data["assumption_list"]),
        sources=tuple(_source_from(s) for s in data["sources"]),
        versions=data["versions"],
        digest=data["digest"],
    )


# ---- one variant -------------------------------------------------------------------------------------------


def _variant(variant: VariantResult) -> dict[str, object]:
    references: dict[str, list[dict[str, object]]] = {}
    for reference in variant.references:
        figure: dict[str, object] = {
            "value": _stated(reference.value),
            "unit": reference.unit,
            "source": _source(reference.source),
        }
        references.setdefault(reference.indicator, []).append(figure)
    return {
        "label": _label(variant.label),
        "promise": {name: _stated(value) for name, value in variant.promise.items()},
        "assumed_promise": {name: _stated(value) for name, value in variant.assumed_promise.items()},
        "reference": references,
        "indicators": {
            name: {"unit": variant.units[name], **_estimate(found)} for name, found in variant.indicators.items()
        },
        "cases": {
            "started": variant.cases.started,
            "finished": variant.cases.finished,
            "unfinished": variant.cases.unfinished,
        },
        "replications": variant.replications,
        "targets": [_target(result) for result in variant.targets],
        "overrides": list(variant.overrides),
        "digest": variant.digest,
    }


def _variant_from(name: str, data: Mapping[str, Any]) -> VariantResult:
    return VariantResult(
        name=name,
        label=_label_from(data["label"]),
        promise=data["promise"],
        assumed_promise=data["assumed_promise"],
        references=tuple(
            Reference(indicator, float(f["value"]), f["unit"], _source_from(f["source"]))
            for indicator, figures in data["reference"].items()
            for f in figures
        ),
        indicators={indicator: _estimate_from(e) for indicator, e in data["indicators"].items()},
        units={indicator: e["unit"] for indicator, e in data["indicators"].items()},
        cases=CaseCounts(**data["cases"]),
        replications=data["replications"],
        targets=tuple(_target_from(t) for t in data["targets"]),
        overrides=tuple(data["overrides"]),
        digest=data["digest"],
    )


def _estimate(found: Estimate) -> dict[str, object]:
    return {
        "mean": _number(found.mean),
        "ci95": _interval(found.ci95),
        "p50": _number(found.p50),
        "p80": _number(found.p80),
        "p90": _number(found.p90),
        "p95": _number(found.p95),
        "p90_ci95": _interval(found.p90_ci95),
        "cases": found.cases,
        "replications": found.replications,
        "empty_replications": found.empty_replications,
    }


def _estimate_from(data: Mapping[str, Any]) -> Estimate:
    return Estimate(
        **{name: data[name] for name in ("mean", "p50", "p80", "p90", "p95")},
        ci95=_interval_from(data["ci95"]),
        p90_ci95=_interval_from(data["p90_ci95"]),
        **{name: data[name] for name in ("cases", "replications", "empty_replications")},
    )


def _target(result: TargetResult) -> dict[str, object]:
    target = result.target
    return {
        "indicator": target.indicator,
        "statistic": target.statistic,
        "op": target.op,
        "limit": _stated(target.limit),
        "tolerance": _stated(target.tolerance),
        "unit": target.unit,
        "value": _number(result.value),
        "ci95": _interval(result.ci95),
        "verdict": result.verdict,
        "share_within": _number(result.share_within),
        "share_within_ci95": _interval(result.share_within_ci95),
        "required_share": _stated(result.required_share),
        "source": target.source.key,
        "source_detail": _source(target.source),
    }


def _target_from(data: Mapping[str, Any]) -> TargetResult:
    target = Target(
        **{name: data[name] for name in ("indicator", "statistic", "op", "limit", "unit")},
        source=_source_from(data["source_detail"]),
        required_share=data["required_share"],
        tolerance=data["tolerance"],
    )
    return TargetResult(
        target=target,
        **{name: data[name] for name in ("value", "verdict", "share_within", "required_share")},
        ci95=_interval_from(data["ci95"]),
        share_within_ci95=_interval_from(data["share_within_ci95"]),
    )


# ---- the rest ----------------------------------------------------------------------------------------------


def _difference(difference: Difference) -> dict[str, object]:
    return {
        "indicator": difference.indicator,
        "from": difference.base,
        "to": difference.variant,
        "difference": _number(difference.difference),
        "ci95": _interval(difference.ci95),
        "verdict": difference.verdict,
        "paired": difference.paired,
        "correlation": _number(difference.correlation),
        "replications": difference.replications,
        "ci95_simultaneous": _interval(difference.ci95_simultaneous),
        "runs_saved": _number(difference.runs_saved),
    }


def _difference_from(data: Mapping[str, Any]) -> Difference:
    return Difference(
        base=data["from"],
        variant=data["to"],
        ci95=_interval_from(data["ci95"]),
        **{name: data[name] for name in ("indicator", "difference", "verdict", "paired", "correlation")},
        replications=data["replications"],
        ci95_simultaneous=_interval_from(data.get("ci95_simultaneous")),
        runs_saved=data.get("runs_saved"),
    )


def assumption_as_json(assumption: Assumption) -> dict[str, object]:
    """An assumption as plain data."""
    return {
        "place": assumption.place,
        "value": assumption.value,
        "unit": assumption.unit,
        "range": _interval(assumption.range),
        "source": _source(assumption.source),
    }


def _assumption_from(data: Mapping[str, Any]) -> Assumption:
    source = _source_from(data["source"])
    return Assumption(data["place"], data["value"], data["unit"], _interval_from(data["range"]), source)


def _source(source: Source) -> dict[str, object]:
    return {"key": source.key, "kind": source.kind, "text": _label(source.text)}


def _source_from(data: Mapping[str, Any]) -> Source:
    return Source(data["key"], data["kind"], _label_from(data["text"]))


def _label(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}


def _label_from(data: Mapping[str, str]) -> Label:
    return Label(data["zh"], data["en"])


def _interval(interval: Interval | None) -> list[float | None] | None:
    return None if interval is None else [_number(end) for end in interval]


def _interval_from(data: list[float] | None) -> Interval | None:
    return None if data is None else (data[0], data[1])


def _number(value: float | None) -> float | None:
    """A computed number; JSON has no word for one that is not finite."""
    return value if value is not None and math.isfinite(value) else None


def _stated(value: float | None) -> float | None:
    """A number that somebody wrote: whole numbers without a point."""
    number = _number(value)
    return int(number) if number is not None and number == int(number) else number


def _plain(value: object) -> object:
    """A value of a finding: numbers as they are, all else as the words that the sentence shows."""
    if isinstance(value, float):
        return _number(value)
    return value if isinstance(value, (str, int)) or value is None else str(value)
