"""The two forms of the kernel: plain Python, and the same text compiled by numba.

Every kernel function is marked with `token_function` and stays plain Python. `compiled_kernel` makes a second
set from the same code objects, in which each call goes to the compiled function of that name. So a debugger, a
coverage run and a machine without numba use the text as it stands, and numba is imported only when asked for.

Two options decide the speed (measured: 11 times): ``_nrt=False`` switches off the reference counting that every
function receiving a tuple of arrays would do, and ``forceinline`` joins all but the entry points into one body.
"""

from __future__ import annotations

import hashlib
import importlib.util
import shutil
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple, TypeVar

__all__ = [
    "Kernel",
    "compiled_kernel",
    "entry_point",
    "numba_is_installed",
    "plain_kernel",
    "shared_function",
    "token_function",
]

Function = TypeVar("Function", bound=Callable[..., Any])

_FUNCTIONS: dict[Callable[..., Any], dict[str, bool]] = {}  # in order of definition: the options of each


class Kernel(NamedTuple):
    """What drivers call, in one of the two forms."""

    start_case: Callable[..., None]
    resume: Callable[..., None]
    go_on: Callable[..., None]


def token_function(function: Function) -> Function:
    """Mark a function of the kernel: integers and arrays only, nothing allocated inside."""
    _FUNCTIONS[function] = {"forceinline": True}
    return function


def shared_function(function: Function) -> Function:
    """Mark a function of the kernel that is long and called from several places: it is compiled once."""
    _FUNCTIONS[function] = {}
    return function


def entry_point(function: Function) -> Function:
    """Mark a function of the kernel that drivers call."""
    _FUNCTIONS[function] = {"cache": True}
    return function


def plain_kernel() -> Kernel:
    """The kernel as plain Python."""
    from engine.kernel import cascade

    return Kernel(cascade.start_case, cascade.resume, cascade.go_on)


def numba_is_installed() -> bool:
    """Whether the compiled form can be had."""
    return importlib.util.find_spec("numba") is not None


@cache
def compiled_kernel() -> Kernel:
    """The kernel compiled; the first call after a change of its sources takes some seconds."""
    compiled = _compile_all()
    return Kernel(*(compiled[entry] for entry in plain_kernel()))


def _compile_all() -> dict[Callable[..., Any], Any]:
    import numba

    _use_fresh_cache(numba)
    from engine.kernel import cascade, chance

    assert cascade  # its functions are marked when it is imported

    namespaces: dict[str, dict[str, Any]] = {}
    compiled: dict[Callable[..., Any], Any] = {}
    for function, options in _FUNCTIONS.items():
        assert isinstance(function, FunctionType)
        module = function.__module__
        namespace = namespaces.setdefault(module, dict(vars(sys.modules[module])))
        # int64 wraps by itself where a Python int has to be cut
        code = chance.mix_compiled.__code__ if function is chance.mix else function.__code__
        twin = FunctionType(code, namespace, function.__name__, function.__defaults__)
        twin.__module__ = module
        twin.__qualname__ = function.__qualname__
        if "cache" not in options:  # nobody calls it from Python
            options = {**options, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
        compiled[function] = numba.njit(_nrt=False, **options)(twin)
    for namespace in namespaces.values():
        for name, value in namespace.items():
            if isinstance(value, FunctionType) and value in compiled:
                namespace[name] = compiled[value]
    return compiled


def _use_fresh_cache(numba: Any) -> None:
    """Give each version of the sources a cache of its own: numba looks at the entry point's own file only."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    digest.update(f"{numba.__version__} {sys.version}".encode())
    base = Path.home() / ".cache" / "reformsim" / "kernel"
    fresh = base / digest.hexdigest()[:16]
    try:
        fresh.mkdir(parents=True, exist_ok=True)
        for old in base.iterdir():
            if old != fresh:
                shutil.rmtree(old, ignore_errors=True)
    except OSError:  # a home that cannot be written: numba then uses its own place
        return
    numba.config.CACHE_DIR = str(fresh)
