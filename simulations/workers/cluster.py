"""Many machines: the same items go to a Dask distributed scheduler, whose workers run the same functions.

A worker that is lost on the way costs time: the scheduler gives its items to another one. Every worker must run
the same programs as this process, or results would depend on where they were computed; that is asked first.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from engine.errors import BadInput, Finding, RunError
from simulations.model import SimulationModel
from simulations.replication import Replication
from simulations.runs.digests import programs_digest
from simulations.workers import Failure, Finished, Item, RunReplication, run_item

__all__ = ["RunInCluster", "check_address"]

SECONDS: Final = 8  # until a scheduler or a first worker must have answered
ALLOWED_FAILURES: Final = 10  # workers that may be lost with one item before the item is suspected

_ADDRESS: Final = re.compile(r"(tcp|tls)://[^\s/:]+:\d{1,5}$|(tcp|tls)://\[[0-9a-fA-F:]+\]:\d{1,5}$")


def check_address(address: str) -> None:
    """Refuse what is no address of a scheduler.

    Raises:
        BadInput: It is not.
    """
    if not _ADDRESS.match(address):
        raise BadInput([Finding("cluster.address", {"address": address})])


@dataclass(frozen=True)
class RunInCluster:
    """Runs items on the workers of a scheduler.

    Args:
        address: Of the scheduler, ``tcp://host:port``.
    """

    address: str

    def __call__(
        self,
        models: Mapping[str, SimulationModel],
        run_replication: RunReplication,
        items: Sequence[Item],
        finished: Finished,
    ) -> Generator[Replication, None, None]:
        """The outcomes in the order of the items."""
        if not items:
            return
        client = self._connect()
        try:
            self._check_workers(client)
            futures = self._submit(client, models, run_replication, items)
            yield from self._gather(futures, items, finished)
        finally:
            client.close(timeout=SECONDS)

    def _connect(self) -> Any:
        try:
            import distributed
        except ImportError as error:
            raise BadInput([Finding("cluster.not_installed")]) from error
        try:
            make: Any = distributed.Client  # without types
            return make(self.address, timeout=SECONDS, set_as_default=False)
        except (OSError, TimeoutError) as error:
            reason = str(error).split("\n")[0] or type(error).__name__
            values = {"address": self.address, "seconds": SECONDS, "reason": reason}
            raise BadInput([Finding("cluster.unreachable", values)]) from error

    def _check_workers(self, client: Any) -> None:
        """There is one, and all run what runs here."""
        from distributed import TimeoutError as LateError

        try:
            client.wait_for_workers(1, timeout=SECONDS)
        except (LateError, TimeoutError) as error:
            values = {"address": self.address, "seconds": SECONDS}
            raise BadInput([Finding("cluster.no_workers", values)]) from error
        own = programs_digest()
        try:
            theirs = client.run(programs_digest, on_error="return")
        except Exception as error:
            raise self._lost(error) from error
        other = sorted(worker for worker, digest in theirs.items() if digest != own)
        if other:
            raise BadInput([Finding("cluster.other_versions", {"differences": ", ".join(other)})])

    def _submit(
        self, client: Any, models: Mapping[str, SimulationModel], run_replication: RunReplication, items: Sequence[Item]
    ) -> list[Any]:
        sent = {name: client.scatter(model, broadcast=True, hash=False) for name, model in models.items()}
        return [
            client.submit(
                run_item, sent[name], run_replication, number, pure=False, priority=-place, retries=ALLOWED_FAILURES
            )
            for place, (name, number) in enumerate(items)
        ]

    def _gather(
        self, futures: Sequence[Any], items: Sequence[Item], finished: Finished
    ) -> Generator[Replication, None, None]:
        for future, item in zip(futures, items, strict=True):
            future.add_done_callback(partial(_tell, item, finished))
        for future in futures:
            try:
                outcome = future.result()
            except Exception as error:
                raise self._lost(error) from error
            if isinstance(outcome, Failure):
                raise outcome.error()
            yield outcome

    def _lost(self, error: Exception) -> RunError:
        reason = str(error).split("\n")[0] or type(error).__name__
        return RunError([Finding("cluster.lost", {"address": self.address, "reason": reason})])


def _tell(item: Item, finished: Finished, future: Any) -> None:
    if future.status == "finished":
        outcome = future.result()
        if isinstance(outcome, Replication):
            finished(item, outcome)
