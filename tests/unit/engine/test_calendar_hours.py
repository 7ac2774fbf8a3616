from engine.calendars.hours import FAR, Hours

OFFICE = Hours.from_intervals([(8, 12), (14, 17), (32, 36)], 48)


def test_intervals_are_merged_and_cut() -> None:
    """Overlapping and touching intervals become one, empty ones vanish, nothing lies outside the table."""
    hours = Hours.from_intervals([(5, 7), (-3, 2), (7, 9), (6, 8), (4, 4), (18, 30)], 20)
    assert list(zip(hours.begin.tolist(), hours.end.tolist(), hours.done.tolist(), strict=True)) == [
        (0, 2, 0),
        (5, 9, 2),
        (18, 20, 6),
    ]


def test_hours_compare_by_what_they_hold() -> None:
    """Tables of the same intervals are equal and hash alike; another end makes them differ."""
    same = Hours.from_intervals([(32, 36), (14, 17), (8, 12)], 48)
    assert same == OFFICE
    assert hash(same) == hash(OFFICE)
    assert Hours.from_intervals([(8, 12), (14, 17), (32, 36)], 49) != OFFICE
    assert OFFICE != "office"


def test_hours_are_half_open() -> None:
    """An office is open at its opening and closed at its closing."""
    assert [OFFICE.is_open(t) for t in (7, 8, 11, 12, 14, 17, 40, 60)] == [
        *(False, True, True, False),
        *(True, False, False, False),
    ]


def test_next_opening_and_closing() -> None:
    """An open moment is its own next opening; from a closed one the next interval counts."""
    assert [OFFICE.next_open(t) for t in (0, 8, 11, 12, 17, 36)] == [8, 8, 11, 14, 32, FAR]
    assert [OFFICE.next_close(t) for t in (0, 8, 11, 12, 17, 36)] == [12, 12, 12, 17, 36, FAR]


def test_work_that_fits_exactly_ends_at_closing_time() -> None:
    """Work of just the open time ends at the closing, 1 ms more after the next opening."""
    assert OFFICE.add_work(8, 4) == 12
    assert OFFICE.add_work(8, 5) == 15
    assert OFFICE.add_work(0, 7) == 17
    assert OFFICE.add_work(12, 4) == 33
    assert OFFICE.add_work(13, 0) == 13
    assert OFFICE.add_work(8, 11) == 36
    assert OFFICE.add_work(8, 12) == FAR
    assert OFFICE.add_work(40, 1) == FAR


def test_latest_begin() -> None:
    """The latest begin lies in open time; there is none when too little is open before."""
    assert OFFICE.subtract_work(17, 3) == 14
    assert OFFICE.subtract_work(17, 4) == 11
    assert OFFICE.subtract_work(30, 0) == 30
    assert OFFICE.subtract_work(32, 7) == 8
    assert OFFICE.subtract_work(32, 8) == -1


def test_work_and_pieces() -> None:
    """Open time is summed over intervals, and a stretch is cut at each opening and closing."""
    assert OFFICE.work_between(10, 33) == 6
    assert OFFICE.work_between(33, 10) == 0
    assert OFFICE.work_until([0, 8, 10, 13, 100]).tolist() == [0, 0, 2, 4, 11]
    assert OFFICE.pieces(10, 33) == [
        (10, 12, True),
        (12, 14, False),
        (14, 17, True),
        (17, 32, False),
        (32, 33, True),
    ]
    assert OFFICE.pieces(36, 40) == [(36, 40, False)]
    assert OFFICE.pieces(9, 9) == []


def test_an_empty_table_is_never_open() -> None:
    """With no interval nothing opens, no work is done, and one closed piece remains."""
    never = Hours.from_intervals([], 10)
    assert not never.is_open(3)
    assert never.next_open(0) == never.next_close(0) == never.add_work(0, 1) == FAR
    assert never.subtract_work(10, 1) == -1
    assert never.work_until([0, 5]).tolist() == [0, 0]
    assert never.pieces(1, 3) == [(1, 3, False)]


def test_intersection_with_always_changes_nothing() -> None:
    """What is always open leaves the other table as it is, known as far as both are."""
    assert OFFICE.intersect(Hours.always(48)) == OFFICE
    assert OFFICE.intersect(Hours.always(10)) == Hours.from_intervals([(8, 10)], 10)
