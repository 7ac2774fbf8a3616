"""Formulas of queueing theory for the mean wait in the queue (Gross, Shortle, Thompson, Harris 2008, chapters 2-5)."""

from __future__ import annotations

from math import factorial


def erlang_c(servers: int, offered: float) -> float:
    """Probability of waiting in M/M/c; ``offered`` = arrival rate x mean service."""
    top = offered**servers / factorial(servers) * servers / (servers - offered)
    return top / (sum(offered**k / factorial(k) for k in range(servers)) + top)


def wait_mmc(rate: float, service: float, servers: int = 1) -> float:
    """M/M/c."""
    return erlang_c(servers, rate * service) / (servers / service - rate)


def wait_mg1(rate: float, mean: float, variance: float) -> float:
    """M/G/1, Pollaczek and Khinchine."""
    return rate * (variance + mean * mean) / (2 * (1 - rate * mean))


def wait_priority(rates: tuple[float, ...], service: float) -> tuple[float, ...]:
    """M/M/1 with non-preemptive priorities and equal services, Cobham; first class served first."""
    residual = sum(rates) * service * service
    waits, before = [], 0.0
    for rate in rates:
        after = before + rate * service
        waits.append(residual / ((1 - before) * (1 - after)))
        before = after
    return tuple(waits)
