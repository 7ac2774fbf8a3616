"""Every code that the readers and writers name has its sentences."""

from __future__ import annotations

import re
from pathlib import Path

from engine.texts import catalogue

ROOT = Path(__file__).parents[3] / "scenarios" / "interchange"
FINDING = re.compile(
    r"(?:\.finding|RefusedError)\(\s*\"([a-z_]+)\"|self\.refuse\(\s*[^,()]+(?:\([^()]*\))?,\s*\"([a-z_]+)\""
)
NOTE = re.compile(r"\.note\(\s*\"(?:read|assumed|left_out)\",\s*\"([a-z_]+)\"|self\.omit\(\s*[^,()]+,\s*\"([a-z_]+)\"")


def test_every_code_has_its_text() -> None:
    """Findings have message and cure, notes have one sentence."""
    found = 0
    for file in sorted(ROOT.glob("*.py")):
        text = file.read_text(encoding="utf-8")
        for codes in FINDING.findall(text):
            found += 1
            assert f"finding.interchange.{''.join(codes)}.cure" in catalogue("en"), f"{file.name}: {codes}"
        for codes in NOTE.findall(text):
            found += 1
            assert f"interchange.note.{''.join(codes)}" in catalogue("zh"), f"{file.name}: {codes}"
    assert found > 60
