"""From a model to the tables of the compiled driver: what never changes, and what a run begins with."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Generic, TypeAlias, TypeVar
from weakref import finalize

import numpy as np

from engine.calendars.hours import FAR, Hours
from engine.kernel.chance import identifier_hash, replication_key
from engine.kernel.layout import row_dtype
from engine.log import NONE
from engine.order import OPENING, RELEASE
from simulations.arrivals import FIRST_EVEN, Arrivals
from simulations.distributions import Distribution
from simulations.drivers.compiled import tables
from simulations.drivers.compiled.tables import People, Shop
from simulations.model import ActivityModel, Door, PoolModel, Runnable

__all__ = ["Setting", "new_shop", "setting_of", "with_more_cases", "with_more_works"]

Table: TypeAlias = Any  # a record array, read like a sequence of rows
LaneKind: TypeAlias = tuple[int, tuple[int, ...]]
Thing = TypeVar("Thing", bound=Hashable)

_RANKED_BY = {"fifo": tables.BY_NUMBER, "priority": tables.BY_PRIORITY, "edd": tables.BY_DUE}
_PROCESSES = {"poisson": tables.POISSON, "even": tables.EVEN, "dates": tables.DATES, "gaps": tables.GAPS}
_CASES_AT_FIRST = 64


class _Numbers(Generic[Thing]):
    """Gives equal things the same number."""

    def __init__(self) -> None:
        self.of: dict[Thing, int] = {}

    def __call__(self, thing: Thing | None) -> int:
        return NONE if thing is None else self.of.setdefault(thing, len(self.of))


class Setting:
    """All of a model that its runs share: the tables of `People`, and what a `Shop` begins with."""

    def __init__(self, model: Runnable) -> None:
        self.calendars: _Numbers[Hours] = _Numbers()
        self.chances: _Numbers[Distribution] = _Numbers()
        self.calendars(model.days.hours())  # number 0: the working-day clock that due dates run on
        self.pool, self.lane_of, lanes = self._pools(model)
        self.lane = _rows(tables.Lane, [(NONE, NONE, NONE)] * lanes)
        self.units: Table = np.concatenate([np.arange(p.units, dtype=np.int64) for p in model.pools] or [_whole([])])
        self.width = max([len(a.pools) for a in model.activities if a is not None] + [1])
        activity, need, batch = self._activities(model)
        self.batches = len(batch)
        self.line = _rows(tables.Line, [(NONE, NONE, 0, FAR, NONE)] * (self.batches + 1))
        self.first_work = len(model.pools) + self.batches
        attribute = [
            (identifier_hash("attribute", a.name), self.chances(a.distribution))
            for door in model.doors
            for a in door.attributes
        ]
        calendar, begins, ends, done = self._calendars()
        self.gaps = [self.chances(door.arrivals.gap) for door in model.doors]
        chance, table = self._chances()
        rates = [_rate(door.arrivals) for door in model.doors]
        rate_time: Table = np.concatenate([time for time, _ in rates])
        rate: Table = np.concatenate([cumulative for _, cumulative in rates])
        self.people = People(
            activity=activity,
            need=need,
            batch=_rows(tables.BatchRule, batch),
            calendar=calendar,
            begins=begins,
            ends=ends,
            done=done,
            chance=chance,
            table=table,
            attribute=_rows(tables.AttributeDraw, attribute),
            rate_time=rate_time,
            rate=rate,
        )

    def _pools(self, model: Runnable) -> tuple[Table, list[dict[LaneKind, int]], int]:
        """The rows of the pools; per pool the lane of each kind of its activities; the number of lanes."""
        rows: list[tuple[int, ...]] = []
        lanes: list[dict[LaneKind, int]] = []
        used = first_unit = 0
        for index, pool in enumerate(model.pools):
            kinds = sorted({_lane(pool, a) for a in model.activities if a is not None and index in a.pools})
            lanes.append({kind: used + i for i, kind in enumerate(kinds)})
            hours, by = self.calendars(pool.hours), _RANKED_BY[pool.discipline]
            rows.append((hours, used, len(kinds), first_unit, pool.units, 0, by))
            used += len(kinds)
            first_unit += pool.units
        return _rows(tables.Pool, rows), lanes, used

    def _activities(self, model: Runnable) -> tuple[Table, Table, list[tuple[int, ...]]]:
        rows: list[tuple[int, ...]] = []
        batches: list[tuple[int, ...]] = []
        needs: list[tuple[int, ...]] = []
        for activity in model.activities:
            a = activity or ActivityModel()
            times = (self.chances(a.effort), self.calendars(a.hours), int(a.finish), NONE if a.due is None else a.due)
            dwell = self.chances(a.dwell), self.calendars(a.dwell_hours)
            batch = NONE if a.batch is None else len(batches)
            rows.append((len(needs), len(a.pools), *times, *dwell, batch))
            if a.batch is not None:
                b = a.batch
                limits = (NONE if x is None else x for x in (b.size, b.age, self.calendars(b.sittings), b.most))
                batches.append(tuple(limits))
            needs += [(p, self.lane_of[p][_lane(model.pools[p], a)], a.priority) for p in a.pools]
        return _rows(tables.Activity, rows), _rows(tables.Need, needs), batches

    def _calendars(self) -> tuple[Table, Table, Table, Table]:
        hours = list(self.calendars.of)
        last = np.cumsum([len(h.begin) for h in hours]).tolist()
        calendar = _rows(tables.Calendar, list(zip([0, *last[:-1]], last, strict=True)))
        columns = (np.concatenate([getattr(h, name) for h in hours]) for name in ("begin", "end", "done"))
        begins, ends, done = (column if len(column) else _whole([0]) for column in columns)
        return calendar, begins, ends, done

    def _chances(self) -> tuple[Table, Table]:
        rows: list[tuple[float, ...]] = []
        numbers: list[float] = []
        for d in self.chances.of:
            rows.append((d.family, *d.parameters, len(numbers), len(d.table) // 2))
            numbers += d.table
        return _rows(tables.Chance, rows), np.array(numbers or [0.0], np.float64)


_settings: dict[int, Setting] = {}


def setting_of(model: Runnable) -> Setting:
    """The setting of a model, made once."""
    setting = _settings.get(id(model))
    if setting is None:
        setting = _settings[id(model)] = Setting(model)
        finalize(model, _settings.pop, id(model), None)
    return setting


# ---- what goes on ---------------------------------------------------------------------------------------------


def new_shop(setting: Setting, model: Runnable, replication: int, tokens: int, logging: bool) -> Shop:
    """The tables at the beginning of a run.

    Args:
        setting: Of the model.
        model: What is run.
        replication: Its number.
        tokens: Room of the kernel's table of tokens: each has a work in its slot.
        logging: Whether rows are kept.
    """
    study = model.study
    counters = _zeros(tables.Counters, 1).view(np.recarray)
    pools = len(model.pools)
    for name, value in {
        "case_free": NONE,
        "width": setting.width,
        "pools": pools,
        "batches": setting.batches,
        "first_work": setting.first_work,
        "closing": NONE,
        "warmup": study.warmup,
        "horizon": study.horizon,
        "run_out": study.run_out,
        "logging": int(logging),
    }.items():
        counters[name] = value
    works = setting.first_work + tokens
    shop = Shop(
        counters=counters,
        source=_rows(tables.ArrivalSource, _sources(setting, model, replication)),
        pool=setting.pool.copy(),
        lane=setting.lane.copy(),
        line=setting.line.copy(),
        units=setting.units.copy(),
        work=_zeros(tables.WorkItem, works),
        request=_zeros(tables.Request, works * setting.width),
        agenda=_zeros(tables.Timed, works),
        place=_whole(np.full(works, NONE)),
        cases=_zeros(tables.OpenCase, _CASES_AT_FIRST),
    )
    events: Table = shop.work[: setting.first_work]
    events["kind"][:pools] = OPENING
    events["case"][:pools] = np.arange(pools)
    events["kind"][pools:] = RELEASE
    events["case"][pools:] = np.arange(setting.batches)
    return shop


def with_more_works(shop: Shop, setting: Setting, tokens: int) -> Shop:
    """The same with room for more tokens."""
    works = setting.first_work + tokens
    return shop._replace(
        work=_larger(shop.work, works),
        request=_larger(shop.request, works * setting.width),
        agenda=_larger(shop.agenda, works),
        place=_larger(shop.place, works),
    )


def with_more_cases(shop: Shop) -> Shop:
    """The same with room for twice the open cases."""
    return shop._replace(cases=_larger(shop.cases, 2 * len(shop.cases)))


def _larger(table: Any, size: int) -> Any:
    larger = np.zeros(size, table.dtype)
    larger[: len(table)] = table
    return larger


def _sources(setting: Setting, model: Runnable, replication: int) -> list[tuple[float, ...]]:
    """The sources of all pipelines; their rates and attributes stand in the same tables, one after the other."""
    rows: list[tuple[float, ...]] = []
    first_attribute = first_rate = 0
    for door, gap in zip(model.doors, setting.gaps, strict=True):
        root = replication_key(model.study.seed, replication, door.number)
        rows.append((door.definition, first_attribute, len(door.attributes), root, *_process(door, first_rate, gap)))
        first_attribute += len(door.attributes)
        first_rate += len(_rate(door.arrivals)[0])
    return rows


def _process(door: Door, first: int, gap: int) -> tuple[float, ...]:
    """How the cases of a pipeline come, whose rate begins at the row ``first``."""
    arrivals = door.arrivals
    most = FAR if arrivals.most is None else arrivals.most
    if arrivals.process == "dates":
        return tables.DATES, first, first + len(arrivals.dates), 0, 0, NONE, most, 0, 0.0
    position = FIRST_EVEN - 1.0 if arrivals.process == "even" else 0.0
    backlog = len(arrivals.backlog)
    most += backlog if most < FAR else 0
    return _PROCESSES[arrivals.process], first + 1, first + len(arrivals.time), 0, 0, gap, most, backlog, position


def _rate(arrivals: Arrivals) -> tuple[Table, Table]:
    """The two columns of the tables, equally long; of dates the second is not used."""
    if arrivals.process == "dates":
        dates = _whole(arrivals.dates if len(arrivals.dates) else [0])
        return dates, np.zeros(len(dates))
    times = np.concatenate([arrivals.time, arrivals.backlog])
    return _whole(times), np.concatenate([arrivals.cumulative, np.zeros(len(arrivals.backlog))])


def _lane(pool: PoolModel, activity: ActivityModel) -> LaneKind:
    """What tells the lanes of a pool's queue apart: within one, later requests rank no lower and need the same."""
    if pool.discipline == "priority":
        return activity.priority, activity.pools
    if pool.discipline == "edd":
        return NONE if activity.due is None else activity.due, activity.pools
    return 0, activity.pools


def _rows(row: type[object], values: Sequence[tuple[float, ...]]) -> Table:
    """A table of rows; one of zeros where there are none, so that no table is empty."""
    return np.array(list(values) or [(0,) * len(row.__annotations__)], row_dtype(row))


def _zeros(row: type[object], number: int) -> Table:
    return np.zeros(number, row_dtype(row))


def _whole(numbers: Any) -> Table:
    return np.asarray(numbers, np.int64)
