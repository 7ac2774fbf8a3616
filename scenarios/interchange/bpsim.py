"""BPSim."""

from __future__ import annotations

from pathlib import Path

from lxml import etree

from scenarios.interchange.draft import Draft


def find(root: etree._Element) -> etree._Element | None:
    """The data."""
    return None


def read_bpsim(diagram: Path, parameters: Path | None) -> Draft:
    """The scenario."""
    raise NotImplementedError
