"""Which drivers there are here."""

from __future__ import annotations

import pytest

from engine.kernel.compiling import numba_is_installed

__all__ = ["NEEDS_NUMBA"]

NEEDS_NUMBA = pytest.mark.skipif(not numba_is_installed(), reason="numba is not installed: SimPy is the only driver")
