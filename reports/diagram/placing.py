"""Finds free places for labels and badges: what they must not cover is known by its bounding boxes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from reports.diagram.scene import Box, Place

__all__ = ["Obstacles"]

MARGIN = 2.0


class Obstacles:
    """Boxes that nothing may cover; what has found its place becomes one of them."""

    def __init__(self, boxes: Iterable[Box] = ()) -> None:
        self._rows = [(box.left, box.top, box.right, box.bottom) for box in boxes]
        self._table = np.array(self._rows, float).reshape(-1, 4)

    def add(self, *boxes: Box) -> None:
        """More of them."""
        self._rows += [(box.left, box.top, box.right, box.bottom) for box in boxes]
        self._table = np.array(self._rows, float).reshape(-1, 4)

    def covered(self, box: Box) -> float:
        """How much of the obstacles a box would cover, in square pixels."""
        table = self._table
        across = np.minimum(table[:, 2], box.right) - np.maximum(table[:, 0], box.left)
        down = np.minimum(table[:, 3], box.bottom) - np.maximum(table[:, 1], box.top)
        return float((np.clip(across, 0, None) * np.clip(down, 0, None)).sum())

    def free(self, width: float, height: float, middles: Sequence[Place]) -> Box | None:
        """The first place whose box covers nothing; None if every one does.

        Args:
            width: Of the box, pixels.
            height: Of the box, pixels.
            middles: Centres to try, best first.
        """
        for x, y in middles:
            box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if self.covered(box.grown(MARGIN)) == 0:
                return box
        return None

    def best(self, width: float, height: float, middles: Sequence[Place]) -> Box:
        """The first place that is free, else the one that covers least."""
        found = self.free(width, height, middles)
        if found is not None:
            return found
        boxes = [Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2) for x, y in middles]
        return min(boxes, key=self.covered)
