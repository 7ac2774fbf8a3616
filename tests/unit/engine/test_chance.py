import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.kernel.chance import (
    case_key,
    derive,
    identifier_hash,
    mix,
    mix_compiled,
    replication_key,
    uniform,
)

INT64 = st.integers(-(2**63), 2**63 - 1)
MASK = (1 << 64) - 1


def reference_mix(z):
    """splitmix64's finaliser on unsigned integers, as published."""
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


@given(INT64)
def test_mix_is_the_published_finaliser(z):
    """Signed and unsigned forms are the same 64 bits."""
    assert mix(z) & MASK == reference_mix(z & MASK)


@given(st.integers(-(2**130), 2**130))
def test_mix_takes_any_integer_modulo_2_to_the_64(x):
    """What does not fit into 64 bits is cut, as int64 arithmetic does."""
    wrapped = (x + 2**63) % 2**64 - 2**63
    assert mix(x) == mix(wrapped)
    assert -(2**63) <= mix(x) < 2**63


@given(INT64)
def test_the_compiled_mix_is_the_plain_one(z):
    """Its text, run on numpy's wrapping int64."""
    with np.errstate(over="ignore"):
        assert int(mix_compiled(np.int64(z))) == mix(z)


def draws(vary):
    root = replication_key(1, 0, identifier_hash("pipeline"))
    return np.array([vary(root, i) for i in range(20_000)])


VARIED = {
    "case": lambda root, i: uniform(case_key(root, i), derive(0, identifier_hash("p", "a"), 0), 1),
    "node": lambda root, i: uniform(case_key(root, 7), derive(0, identifier_hash("p", str(i)), 0), 1),
    "visit": lambda root, i: uniform(case_key(root, 7), derive(0, identifier_hash("p", "a"), i), 1),
    "draw": lambda root, i: uniform(case_key(root, 7), derive(0, identifier_hash("p", "a"), 0), i),
    "replication": lambda root, i: uniform(case_key(replication_key(1, i, 5), 0), derive(0, 9, 0), 1),
    "seed": lambda root, i: uniform(case_key(replication_key(i, 0, 5), 0), derive(0, 9, 0), 1),
}


@pytest.mark.parametrize("key", sorted(VARIED))
def test_draws_are_uniform_and_uncorrelated_along_every_key(key):
    """Kolmogorov-Smirnov against U(0, 1) and the lag-1 correlation, along each part of the key."""
    u = draws(VARIED[key])
    assert 0 < u.min() < u.max() < 1
    assert stats.kstest(u, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(u[:-1], u[1:])[0, 1]) < 4 / np.sqrt(len(u))
    assert len(np.unique(u)) == len(u)


def test_neighbouring_streams_are_uncorrelated():
    """The draws of two nodes, and of two seeds, say nothing about each other."""
    a, b, c = (
        np.array([uniform(case_key(root, i), derive(0, node, 0), 1) for i in range(20_000)])
        for root, node in ((1, 10), (1, 11), (2, 10))
    )
    assert abs(np.corrcoef(a, b)[0, 1]) < 4 / np.sqrt(20_000)
    assert abs(np.corrcoef(a, c)[0, 1]) < 4 / np.sqrt(20_000)


@pytest.mark.parametrize("pair", [("case", "node"), ("case", "visit"), ("node", "visit")])
def test_draws_are_independent_across_two_keys_at_once(pair):
    """Neighbours along two parts of the key together fill the square evenly (chi-square, 16 x 16 cells).

    A generator whose keys overlap (case 1 of node 2 like case 2 of node 1) passes along each key alone and fails here.
    """
    root = replication_key(1, 0, identifier_hash("pipeline"))
    nodes = [identifier_hash("p", str(i)) for i in range(151)]

    def draw(first, second):
        place = dict.fromkeys(("case", "node", "visit"), 3) | dict(zip(pair, (first, second), strict=True))
        entry = derive(0, nodes[place["node"]], place["visit"])
        return uniform(case_key(root, place["case"]), entry, 1)

    table = np.array([[draw(i, j) for j in range(150)] for i in range(150)])
    cell = (table * 16).astype(int)
    for other in (np.roll(cell, 1, axis=0), np.roll(cell, 1, axis=1), cell.T):
        upper = np.triu_indices(150, 1)
        counts = np.zeros((16, 16))
        np.add.at(counts, (cell[upper], other[upper]), 1)
        assert stats.chisquare(counts.ravel()).pvalue > 1e-4
    assert len(np.unique(table)) == table.size
