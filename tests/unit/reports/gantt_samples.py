"""Charts from made-up numbers, for the tests of the drawing."""

from reports.gantt import (
    GanttBar,
    GanttChart,
    GanttColumn,
    GanttFinish,
    GanttLimit,
    GanttNumber,
    GanttPanel,
    GanttRow,
)

COLUMNS = (GanttColumn("等待", quiet=True), GanttColumn("办理"), GanttColumn("用时/时限"))


def step(label, start, wait, work, department="窗口", **more):
    """A row that waits and then is worked on."""
    bars = (GanttBar(start, start + wait, "queue"), GanttBar(start + wait, start + wait + work, "work"))
    numbers = (GanttNumber(f"{wait:.1f}"), GanttNumber(f"{work:.1f}"), GanttNumber("9/7", overdue=True))
    return GanttRow(label, department, bars=bars, numbers=numbers, **more)


def panel(title, rows, end, limits=(38.0,), **more):
    """A panel with limits and a finish."""
    return GanttPanel(
        title,
        tuple(rows),
        note=more.pop("note", "等待占比 68%"),
        limits=tuple(GanttLimit(day, f"承诺时限 {day:g} 天") for day in limits),
        finish=GanttFinish(
            end,
            more.pop("words", f"办结 {end:.1f} 天，超期"),
            met=end <= min(limits, default=end),
            interval=(end - 1, end + 1),
            p90_day=end + 3,
            numbers=(GanttNumber("26.3"),),
        ),
        columns=COLUMNS,
        days_off=((5.0, 7.0), (12.0, 14.0)),
        **more,
    )


def two_panels(language="zh", **more):
    """Before and after, with every cause."""
    causes = ("queue", "off_hours", "batch", "applicant", "third_party", "dwell", "work")
    many = GanttRow(
        "所有原因",
        "住建局",
        bars=tuple(GanttBar(20.0 + i, 21.0 + i, cause) for i, cause in enumerate(causes)),
        returns=(20.0, 22.0, 22.1),
        p90_day=30.0,
    )
    before = panel("改革前", [step("收件受理", 0, 1.2, 0.8), step("审查", 2, 5, 9, "住建局"), many], 43.0)
    after = panel("改革后", [step("收件受理", 0, 0.3, 0.7), step("审查", 1, 2, 4, "住建局")], 15.8, (17.0,))
    return GanttChart("43.0 天 → 15.8 天", "中位案例", (before, after), language, **more)


def crowded():
    """Sixty rows, names of 200 characters, markup, many limits close together."""
    names = ["名" * 200, "Very long name " * 14, "a_b $x^2$ <b>&amp; {x} \\frac", ""]
    rows = [
        step(
            (names[i] if i < len(names) else f"第 {i} 个环节"),
            0.7 * i,
            0.9,
            0.5,
            f"部门{i % 13}",
            depth=i % 3,
        )
        for i in range(60)
    ]
    limits = (10.0, 11.0, 12.0, 41.5, 42.0, 42.1)
    one = panel("标题" * 100, rows, 42.2, limits, note="注" * 100, words="办结" * 100)
    return GanttChart("头" * 200, "副" * 300, (one,), "zh")


def long_works(days=150.0):
    """Approvals of a few days around building works of many."""

    def variant(title, wait):
        start = wait + 5
        works = GanttRow("Works", "Builder", bars=(GanttBar(start, start + days, "third_party"),))
        rows = [step("Permit", 0, wait, 5), works, step("Acceptance", start + days, wait, 4)]
        return panel(title, rows, start + days + wait + 4, (days + 15,))

    return GanttChart("Works", "", (variant("Before", 9.0), variant("After", 2.0)), "en")
