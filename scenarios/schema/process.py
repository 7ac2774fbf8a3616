"""What a scenario says about a diagram: times, choices, what is measured, what is promised."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from scenarios.schema.base import Label, Model, Name, Names, complaint, optional
from scenarios.schema.cases import Party
from scenarios.schema.clocks import Acceptance, ClockLimit
from scenarios.schema.numbers import Age, Amount, Count, Dwell, Effort, Number, Share, WorkingDays

__all__ = [
    "Batch",
    "CaseShare",
    "Common",
    "Element",
    "Index",
    "IndexPart",
    "Measured",
    "Reference",
    "Repeat",
    "Route",
    "Sum",
    "Target",
    "Variant",
]

Clock = Literal["working", "office", "natural"]
Kind = Literal["approval", "survey", "inspection", "utility", "registration", "works", "other"]
Op = Literal["<=", "<", ">=", "=", "~"]
PauseReason = Literal["correction", "expert_review", "publicity", "works", "other"]
Shares = Annotated[dict[str, Share], Field(min_length=1)]


class Batch(Model):
    """When a batch closes, so that its task may begin: at least one of `size`, `age` and `sittings`."""

    size: Count | None = optional("So many cases begin together, as soon as there are so many.")
    age: Age | None = optional("So long after the oldest case came all that wait begin anyway.")
    sittings: str | None = optional("Name of opening hours: at each opening all begin that wait then.")
    most: Count | None = optional("With `sittings`: how many one sitting takes, first come first.")
    source: str | None = optional("Source of the numbers here that name none.")

    @model_validator(mode="after")
    def _closes(self) -> Batch:
        if self.size is None and self.age is None and self.sittings is None:
            raise complaint("exactly_one", keys="size, age, sittings")
        if self.most is not None and self.sittings is None:
            raise complaint("only_with", name="most", other="sittings")
        return self


class Element(Model):
    """Time and people of a task or timer event: effort first, then dwell."""

    effort: Effort | None = optional("Hands-on time of people; needs `pools`.")
    pools: tuple[str, ...] = Field(
        default=(), description="Pools of which one unit each does the effort, all together or not at all."
    )
    priority: int = Field(default=0, description="Lower is served first in pools with `discipline: priority`.")
    due: WorkingDays | None = optional("Allowed time from the start of waiting, for pools with `discipline: edd`.")
    dwell: Dwell | None = optional("A delay that needs nobody, after the effort.")
    clock: Clock | None = optional("The clock that the dwell runs on.")
    by: Party | None = optional("Who is waited for during the dwell; default: office.")
    batch: Batch | None = optional("Of a task: what it waits for before it may begin.")
    fixed_cost: Amount | None = optional("Cost of each entry that begins, in yuan; for exported logs.")

    @model_validator(mode="after")
    def _belong_together(self) -> Element:
        if self.effort is not None and not self.pools:
            raise complaint("effort_without_pools")
        for key, given, other in (
            ("pools", bool(self.pools), "effort"),
            ("due", self.due is not None, "effort"),
            ("clock", self.clock is not None, "dwell"),
            ("by", self.by is not None, "dwell"),
        ):
            if given and getattr(self, other) is None:
                raise complaint("only_with", name=key, other=other)
        if len(set(self.pools)) != len(self.pools):
            raise complaint("repeated", name="pools")
        return self

    def dwell_clock(self, dwell: Dwell) -> Clock:
        """The clock that a dwell of this element runs on: the one stated, else that of its unit."""
        if self.clock is not None:
            return self.clock
        if dwell.unit == "working_day":
            return "working"
        return "natural" if dwell.unit == "natural_day" else "office"


class Route(Model):
    """How a gateway chooses: exactly one of `shares`, `attempts`, `each` and `conditions`.

    `shares` and `attempts` are for what takes one way: exclusive gateways, event-based gateways at the start, and,
    by the id of the process, several start events. `each` is for what may take several: inclusive and complex
    gateways, and activities with several flows.
    """

    shares: Shares | None = optional("Flow to its share, which sum to 1; `rest` is what the others leave.")
    at_most: dict[str, Annotated[int, Field(ge=0, le=1000)]] = Field(
        default_factory=dict,
        description="With `shares`: flow to how many of the first attempts may take it; afterwards its share "
        "is 0 and the other shares grow in proportion.",
    )
    attempts: tuple[Shares, ...] | None = Field(
        default=None,
        min_length=1,
        description="Shares of the first, second, ... attempt; the last row holds on.",
    )
    each: Shares | None = optional("Flow to the chance that it is taken, each by itself.")
    conditions: dict[str, str] | None = Field(
        default=None,
        min_length=1,
        description="Flow to a condition on the attributes; of one way the first that holds wins, of several all.",
    )
    default: str | None = optional("With `conditions` or `each`: the flow taken when no other is.")
    source: str | None = optional("Source of the numbers here that name none.")

    @model_validator(mode="after")
    def _exactly_one(self) -> Route:
        if sum(way is not None for way in (self.shares, self.attempts, self.each, self.conditions)) != 1:
            raise complaint("exactly_one", keys="shares, attempts, each, conditions")
        if self.at_most and self.shares is None:
            raise complaint("only_with", name="at_most", other="shares")
        if self.default is not None and self.conditions is None and self.each is None:
            raise complaint("only_with", name="default", other="conditions")
        return self


class Repeat(Model):
    """How often an activity with a loop or multi-instance marker is done; wins over the diagram."""

    instances: Count | None = optional("Of a multi-instance activity: how many.")
    by: str | None = optional("The same by an expression on the attributes of the case, for example `objects`.")
    again: tuple[Share, ...] | None = Field(
        default=None,
        min_length=1,
        description="Of a loop: the chance of another turn after the first, second, ... one; the last holds on.",
    )
    until: str | None = optional("A condition on the attributes that ends it.")
    source: str | None = optional("Source of the numbers here that name none.")

    @model_validator(mode="after")
    def _something(self) -> Repeat:
        if self.instances is None and self.by is None and self.again is None and self.until is None:
            raise complaint("exactly_one", keys="instances, by, again, until")
        if self.instances is not None and self.by is not None:
            raise complaint("exactly_one", keys="instances, by")
        if self.again is not None and self.until is not None:
            raise complaint("exactly_one", keys="again, until")
        return self


class Measured(Model):
    """A task or sub-process that the policy counts or limits."""

    element: str = Field(description="Its id in the diagram.")
    kind: Kind = Field(description=f"One of {', '.join(get_args(Kind))}.")
    counts: int = Field(default=1, ge=0, le=1000, description="How many procedures it counts as; 0 for a part.")
    limit: ClockLimit | None = optional("How long it may take.")
    statutory: ClockLimit | None = optional(
        "A statute's limit beside it: what `compression` and `within_statutory_share` refer to."
    )
    promised: ClockLimit | None = optional("What the office itself promises beside it.")
    publicity: ClockLimit | None = optional("How long something is published in it; it makes no case late.")
    acceptance: Acceptance | None = optional(
        "Its clocks start when the application is accepted; else when it is entered."
    )
    online: bool = Field(default=False, description="Handled fully online.")
    pauses: tuple[str, ...] = Field(default=(), description="Elements during which the clock of this one stands still.")
    pause_reasons: dict[str, PauseReason] = Field(
        default_factory=dict,
        description="Element under `pauses` to why: `correction`, `expert_review`, `publicity`, `works` or `other`; "
        "live cases show it. Default: `correction` where the applicant is waited for, else `other`.",
    )
    counts_in_limit: tuple[str, ...] = Field(
        default=(),
        description="Elements under `pauses` that count in the limit all the same: named with their cause, but the "
        "clock runs on.",
    )
    visits: Amount | None = optional("Visits of the applicant to an office.")
    documents: Amount | None = optional("Documents that the applicant hands in.")
    cost: Amount | None = optional("Cost to the applicant, in yuan.")

    @model_validator(mode="after")
    def _belong_together(self) -> Measured:
        limits = (self.limit, self.statutory, self.promised)
        if all(limit is None for limit in limits):
            for key in ("pauses", "acceptance"):
                if getattr(self, key):
                    raise complaint("clock_without_limit", name=key)
        for element in self.counts_in_limit:
            if element not in self.pauses:
                raise complaint("counts_in_limit", name=element)
        return self

    @property
    def standing(self) -> tuple[str, ...]:
        """The elements during which the clock stands still."""
        return tuple(element for element in self.pauses if element not in self.counts_in_limit)


class Sum(Model):
    """A named sum over measured elements; the short form is the list of their ids."""

    elements: tuple[str, ...] = Field(min_length=1, description="Measured elements with a limit, none inside another.")
    labels: Label | None = optional("What people call the sum.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"elements": value} if isinstance(value, tuple) else value


class CaseShare(Model):
    """A named share of the cases, in percent; the short form is the list of element ids."""

    elements: tuple[str, ...] = Field(
        min_length=1, description="Tasks or sub-processes; a case belongs to the share if it came to one of them."
    )
    labels: Label | None = optional("What people call the share.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: object) -> object:
        return {"elements": value} if isinstance(value, tuple) else value


class IndexPart(Number):
    """Points of one part of an index."""

    value: float = Field(ge=0, description="The points.")
    of: float = Field(gt=0, description="How many points the part can reach.")
    labels: Label = Field(description="What people call the part.")


class Index(Model):
    """A score that is added up from stated points, such as the World Bank's building quality control index."""

    labels: Label = Field(description="What people call the index.")
    parts: dict[Name, IndexPart] = Field(min_length=1, description="Its parts.")


class Target(Model):
    """What is promised of an indicator."""

    indicator: str = Field(description="What is measured, for example `serial_days`.")
    statistic: Literal["mean", "each"] = Field(description="The mean over all cases, or each case.")
    op: Op = Field(description="How the indicator must compare with the limit; `~`: within `tolerance`.")
    limit: float = Field(description="The number promised.")
    unit: str = Field(description="Unit of the limit: that of the indicator.")
    source: str = Field(description="Key of `sources`, or the id of a policy fact.")
    required_share: float | None = Field(
        default=None,
        gt=0,
        le=1,
        description="With `each`: the share of cases that must be within; default 1.",
    )
    tolerance: float | None = Field(default=None, ge=0, description="With `~`: how far off is still right.")

    @model_validator(mode="after")
    def _belong_together(self) -> Target:
        if self.required_share is not None and self.statistic != "each":
            raise complaint("only_with", name="required_share", other="statistic: each")
        if (self.tolerance is not None) != (self.op == "~"):
            raise complaint("tolerance")
        return self


class Reference(Model):
    """A figure from elsewhere that stands beside the results, never in them."""

    indicator: str = Field(description="The indicator that it stands beside.")
    value: float = Field(description="The figure.")
    unit: str = Field(description="Its unit.")
    source: str = Field(description="Key of `sources`, or the id of a policy fact.")


class Common(Model):
    """What all variants share whose diagram has the element; an entry of a variant wins as a whole."""

    elements: dict[str, Element] = Field(default_factory=dict, description="Element id to its time and people.")
    routes: dict[str, Route] = Field(
        default_factory=dict,
        description="Id of a gateway, of an activity with several flows, or of a process with several starts, to how "
        "it chooses.",
    )
    repeats: dict[str, Repeat] = Field(
        default_factory=dict, description="Id of an activity with a loop marker to how often it is done."
    )
    assigns: dict[str, dict[str, str]] = Field(
        default_factory=dict,
        description="Activity id to the attributes that it sets when it is over: attribute to an expression.",
    )
    names: dict[str, Names] = Field(
        default_factory=dict, description="Id of an element, a lane or a flow to what people call it."
    )


class Variant(Common):
    """One way in which the pipeline is or could be run."""

    labels: Label = Field(description="What people call the variant.")
    diagram: str = Field(min_length=1, description="The BPMN file, relative to the scenario file.")
    measured: tuple[Measured, ...] = Field(default=(), description="What the policy counts or limits.")
    sums: dict[Name, Sum] = Field(default_factory=dict, description="Named sums over measured elements.")
    shares: dict[Name, CaseShare] = Field(
        default_factory=dict,
        description="Named shares of the cases: each makes an indicator `<name>_share`, in percent.",
    )
    indices: dict[Name, Index] = Field(
        default_factory=dict, description="Scores from stated points: each makes an indicator `<name>_index`."
    )
    targets: tuple[Target, ...] = Field(default=(), description="What is promised.")
    reference: tuple[Reference, ...] = Field(default=(), description="Figures from elsewhere.")
