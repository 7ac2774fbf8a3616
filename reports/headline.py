"""The one sentence that a planner reads: the figure, how sure it is, and what follows for the target.

It says the first target of the last variant (the reform), the difference from the first variant, the
verdicts of all other targets, and unfinished cases. It never says more than the intervals allow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

from engine.texts import text
from reports.formatting import format_interval, format_number, format_quantity, format_share
from reports.labels import Labels

__all__ = ["faithful_decimals", "headline"]

Json = Mapping[str, Any]


def headline(result: Json, labels: Labels, language: str, variant: str | None = None) -> str:
    """Say what a comparison found.

    Args:
        result: What ``compare --json`` prints.
        labels: Names in the language.
        language: ``zh`` or ``en``.
        variant: Which variant is spoken of; by default the last one.

    Returns:
        One sentence.
    """
    variants: Json = result.get("variants", {})
    if not variants:
        return text("headline.nothing", language, pipeline=labels.pipeline) + text("headline.end", language)
    key = variant if variant is not None else list(variants)[-1]
    found: Json = variants[key]
    targets: Sequence[Json] = found.get("targets", ())
    if targets:
        first = _target(targets[0], key, labels, language)
        indicator = targets[0]["indicator"]
    else:
        first, indicator = _plain(found.get("indicators", {}), key, labels, language)
    clauses = [
        first,
        *_differences(result.get("differences", ()), key, indicator, found, labels, language),
        *_others(targets[1:], labels, language),
        *_unfinished(found.get("cases", {}), language),
        *_nearest(result.get("sensitivity"), key, language),
    ]
    return text("headline.join", language).join(clauses) + text("headline.end", language)


def faithful_decimals(values: Sequence[float | None], limit: float | None) -> int:
    """How many digits keep every value on its own side of the limit: one as a rule, four at most.

    A mean of 38.04 against 38 must not be written 38.0.
    """
    if limit is None:
        return 1
    known = [value for value in values if value is not None]
    for decimals in range(1, 4):
        rounded = ((value, round(value, decimals)) for value in known)
        if all((v > limit) == (r > limit) and (v < limit) == (r < limit) for v, r in rounded):
            return decimals
    return 4


def _target(target: Json, variant: str, labels: Labels, language: str) -> str:
    unit = target["unit"]
    names = {
        "pipeline": labels.pipeline,
        "variant": labels.variant(variant),
        "indicator": labels.indicator(target["indicator"], language),
        "op": text(f"op.{target['op']}", language),
        "limit": format_quantity(target["limit"], unit, language),
    }
    verdict = target["verdict"]
    share, required = target.get("share_within"), target.get("required_share")
    if target["statistic"] == "each" and share is not None and required is not None:
        judgement = text(f"headline.share_judgement.{verdict}", language, required=format_share(required))
        percent = [None if end is None else end * 100 for end in target.get("share_within_ci95") or (None, None)]
        interval = _interval(percent, 1, language, suffix="%")
        return text(
            "headline.target_share",
            language,
            share=format_share(share),
            interval=interval,
            judgement=judgement,
            **names,
        )
    judgement = text(f"headline.judgement.{verdict}", language, op=names["op"], limit=names["limit"])
    if target["statistic"] == "each":
        return text("headline.target_share_unknown", language, judgement=judgement, **names)
    ends = target.get("ci95") or (None, None)
    decimals = faithful_decimals([target["value"], *ends], target["limit"])
    value = format_quantity(target["value"], unit, language, decimals)
    interval = _interval(ends, decimals, language)
    return text("headline.target_mean", language, value=value, interval=interval, judgement=judgement, **names)


def _plain(indicators: Json, variant: str, labels: Labels, language: str) -> tuple[str, str]:
    """The time that the applicant lives through, or whatever comes first, where no target is set."""
    if not indicators:
        return text("headline.nothing", language, pipeline=labels.pipeline), ""
    key = "elapsed_days" if "elapsed_days" in indicators else next(iter(indicators))
    estimate: Json = indicators[key]
    sentence = text(
        "headline.plain",
        language,
        pipeline=labels.pipeline,
        variant=labels.variant(variant),
        indicator=labels.indicator(key, language),
        value=format_quantity(estimate.get("mean"), estimate.get("unit", ""), language, 1),
        interval=_interval(estimate.get("ci95") or (None, None), 1, language),
    )
    return sentence, key


def _differences(
    differences: Sequence[Json], variant: str, indicator: str, found: Json, labels: Labels, language: str
) -> list[str]:
    """The difference of the same indicator, in whole sizes: a decrease is said by its word, not by a sign."""
    unit = _unit(found, indicator)
    clauses = []
    for difference in differences:
        if (difference["to"], difference["indicator"]) != (variant, indicator):
            continue
        ends: Sequence[float | None] = difference.get("ci95") or (None, None)
        verdict = difference["verdict"]
        if verdict != "not_distinguishable":
            ends = sorted((None if end is None else abs(end) for end in ends), key=lambda end: end or 0.0)
        decimals = faithful_decimals([difference["difference"], *ends], 0.0)
        clauses.append(
            text(
                f"headline.difference.{verdict}",
                language,
                from_=labels.variant(difference["from"]),
                size=format_quantity(abs(difference["difference"]), unit, language, decimals),
                interval=_interval(ends, decimals, language),
            )
        )
    return clauses


def _unit(found: Json, indicator: str) -> str:
    estimate: Json = found.get("indicators", {}).get(indicator, {})
    from_targets = (t["unit"] for t in found.get("targets", ()) if t["indicator"] == indicator)
    known = chain([estimate["unit"]] if "unit" in estimate else [], from_targets)
    return str(next(known, ""))


def _others(targets: Sequence[Json], labels: Labels, language: str) -> list[str]:
    if not targets:
        return []
    verdicts = [
        text(
            "headline.other",
            language,
            indicator=labels.indicator(target["indicator"], language),
            statistic=text(f"headline.statistic.{target['statistic']}", language),
            verdict=text(f"headline.verdict.{target['verdict']}", language),
        )
        for target in targets
    ]
    return [text("headline.others", language, verdicts=text("headline.list_comma", language).join(verdicts))]


def _unfinished(cases: Json, language: str) -> list[str]:
    if not cases.get("unfinished"):
        return []
    counts = {key: format_number(cases[key]) for key in ("unfinished", "started")}
    return [text("headline.unfinished.sentence", language, **counts)]


def _nearest(sensitivity: Json | None, variant: str, language: str) -> list[str]:
    """Which assumption turns the verdict first, where that was asked for and is about this variant."""
    if not sensitivity:
        return []
    near = sensitivity.get("nearest")
    if near is None:
        return [text("sensitivity.none_near", language)]
    clause = near["sentence"].removesuffix(text("headline.end", language))
    return [clause[0].lower() + clause[1:]] if near["variant"] == variant else []


def _interval(ends: Sequence[float | None], decimals: int, language: str, suffix: str = "") -> str:
    if any(end is None for end in ends):
        return text("headline.no_interval", language)
    return text("headline.interval", language, low_high=format_interval(ends, decimals) + suffix)
