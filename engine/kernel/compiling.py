"""The two forms of the fast text: plain Python, and the same text compiled by numba.

Functions of the kernel, of calendars, of sampling and of the compiled driver are marked and stay plain Python.
`compiled_form` makes a second set from the same code objects, in which each call goes to the compiled function of
that name. So a debugger, a coverage run and a machine without numba use the text as it stands, and numba is
imported only when asked for.

Two options decide the speed (measured: 11 times): ``_nrt=False`` switches off the reference counting that every
function receiving a tuple of arrays would do, and ``forceinline`` joins all but the entry points into one body.
What runs in threads side by side gives up the interpreter's lock.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import shutil
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from types import FunctionType
from typing import Any, Final, Literal, NamedTuple, TypeVar

__all__ = [
    "Kernel",
    "compiled_form",
    "compiled_kernel",
    "entry_point",
    "fetch_early",
    "is_compiled_already",
    "numba_is_installed",
    "plain_kernel",
    "shared_function",
    "stands_in_for",
    "token_function",
]

Function = TypeVar("Function", bound=Callable[..., Any])
Manner = Literal["inline", "call", "entry"]

_FUNCTIONS: dict[Callable[..., Any], Manner] = {}  # in order of definition
_STAND_INS: dict[Callable[..., Any], FunctionType] = {}  # what is another text in the compiled form

_OPTIONS: Final[dict[Manner, dict[str, bool]]] = {
    "inline": {"forceinline": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True},
    "call": {"no_cpython_wrapper": True, "no_cfunc_wrapper": True},
    "entry": {"cache": True, "nogil": True},
}
_PART: Final = "reformsim part "  # begins the names of what is compiled as a part of an entry point
MEMORY_LINE: Final = 64  # bytes that the memory hands over at once
_KEPT_VERSIONS: Final = 8  # of the cache: checkouts beside each other must not take each other's away


class Kernel(NamedTuple):
    """What drivers call, in one of the two forms."""

    start_case: Callable[..., None]
    resume: Callable[..., None]
    go_on: Callable[..., None]


def token_function(function: Function) -> Function:
    """Mark a function of the fast text: numbers and tables only, nothing allocated inside."""
    _FUNCTIONS[function] = "inline"
    return function


def shared_function(function: Function) -> Function:
    """Mark a long function of the fast text: it is compiled once, and not into each of its callers."""
    _FUNCTIONS[function] = "call"
    return function


def entry_point(function: Function) -> Function:
    """Mark a function of the fast text that Python calls."""
    _FUNCTIONS[function] = "entry"
    return function


def stands_in_for(original: Callable[..., Any]) -> Callable[[Function], Function]:
    """Mark the text that the compiled form has in the place of a function."""

    def mark(function: Function) -> Function:
        assert isinstance(function, FunctionType)
        _STAND_INS[original] = function
        return function

    return mark


def fetch_early(table: Any, row: int) -> None:
    """Ask the memory for a row that will be read soon; the compiled form does not wait for it. It changes nothing."""


@stands_in_for(bisect_right)
def _bisect_right(table: Any, x: Any, low: int, high: int) -> int:
    while low < high:
        middle = (low + high) >> 1
        if x < table[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@stands_in_for(bisect_left)
def _bisect_left(table: Any, x: Any, low: int, high: int) -> int:
    while low < high:
        middle = (low + high) >> 1
        if table[middle] < x:
            low = middle + 1
        else:
            high = middle
    return low


def plain_kernel() -> Kernel:
    """The kernel as plain Python."""
    from engine.kernel import cascade

    return Kernel(cascade.start_case, cascade.resume, cascade.go_on)


def numba_is_installed() -> bool:
    """Whether the compiled form can be had."""
    return importlib.util.find_spec("numba") is not None


@cache
def compiled_kernel() -> Kernel:
    """The kernel compiled; the first call after a change of its text takes some seconds."""
    return Kernel(*(compiled_form(entry) for entry in plain_kernel()))


_compiled: dict[Callable[..., Any], Any] = {}
_namespaces: dict[str, dict[str, Any]] = {}
_lock = Lock()


def compiled_form(function: Callable[..., Any]) -> Any:
    """The compiled form of a marked function; it is compiled, or read from the cache, when it is first called."""
    with _lock:
        if function not in _compiled:
            _compile_marked()
        return _compiled[function]


def is_compiled_already(function: Callable[..., Any]) -> bool:
    """Whether the cache holds an entry point as its text stands; if not, its first call takes a while."""
    stem = f".{function.__qualname__}-"
    return any(stem in f".{file.name}" for file in _cache_folder().rglob("*.nbi"))


def _compile_marked() -> None:
    """Make the compiled form of all functions marked so far."""
    import numba

    new = [function for function in _FUNCTIONS if function not in _compiled]
    _finish_entry_points_only()
    file = _use_fresh_cache(numba)
    if fetch_early not in _compiled:
        _compiled[fetch_early] = _fetching(numba)
    for original, stand_in in _STAND_INS.items():
        if original not in _FUNCTIONS and original not in _compiled:
            _compiled[original] = numba.njit(_nrt=False, forceinline=True)(stand_in)
    for function in new:
        module = function.__module__
        namespace = _namespaces.setdefault(module, dict(vars(sys.modules[module])))
        text = _text_of(function)
        code = text.__code__.replace(co_filename=file) if file else text.__code__
        twin = FunctionType(code, namespace, function.__name__, function.__defaults__)
        twin.__module__ = module
        twin.__qualname__ = function.__qualname__
        if _FUNCTIONS[function] != "entry":
            twin.__qualname__ = f"{_PART}{module}.{function.__qualname__}"
        _compiled[function] = numba.njit(_nrt=False, **_OPTIONS[_FUNCTIONS[function]])(twin)
    for namespace in _namespaces.values():
        for name, value in namespace.items():
            if callable(value) and value.__hash__ is not None and value in _compiled:
                namespace[name] = _compiled[value]


def _fetching(numba: Any) -> Any:
    """`fetch_early` as machine code: the processor's own instruction, for every line of memory that a row lies in."""
    from llvmlite import ir

    def fetch(typing_context: Any, table: Any, row: Any) -> Any:
        size = table.dtype.size if isinstance(table.dtype, numba.types.Record) else table.dtype.bitwidth // 8

        def emit(context: Any, builder: Any, signature: Any, given: Any) -> Any:
            byte, word = ir.IntType(8), ir.IntType(32)
            kind = ir.FunctionType(ir.VoidType(), [byte.as_pointer(), word, word, word])
            ask = builder.module.declare_intrinsic("llvm.prefetch", [byte.as_pointer()], kind)
            data = builder.bitcast(context.make_array(table)(context, builder, given[0]).data, byte.as_pointer())
            begin = builder.mul(given[1], ir.Constant(given[1].type, size))
            for line in [*range(0, size, MEMORY_LINE), size - 1]:
                place = builder.gep(data, [builder.add(begin, ir.Constant(given[1].type, line))])
                builder.call(ask, [place, word(1), word(3), word(1)])  # to be written, kept near, data
            return context.get_dummy_value()

        return numba.types.void(table, numba.types.intp), emit

    return numba.extending.intrinsic(fetch)


@cache
def _finish_entry_points_only() -> None:
    """Let LLVM optimise whole entry points, not each of their parts on the way as well: that is half the time.

    numba has no option for it. Should it rename what is passed over here, compiling takes longer again, no more.
    """
    from numba.core.codegen import CPUCodeLibrary
    from numba.core.cpu import CPUContext

    finish, executable = CPUCodeLibrary.finalize, CPUContext.get_executable

    def finish_or_pass_on(library: Any) -> None:
        if library.name.startswith(_PART):
            library._optimize_final_module = lambda: None
            library._finalize_final_module = lambda: setattr(library, "_finalized", True)
        finish(library)

    def executable_or_nothing(context: Any, library: Any, *rest: Any) -> Any:
        """Nobody calls a part from Python; numba needs some built-in function to know it by."""
        return [].append if library.name.startswith(_PART) else executable(context, library, *rest)

    CPUCodeLibrary.finalize, CPUContext.get_executable = finish_or_pass_on, executable_or_nothing


def _use_fresh_cache(numba: Any) -> str:
    """Give each version of the text a cache of its own: numba looks at the entry point's own file only.

    Returns:
        The file that numba is to see in the place of the sources, so that checkouts of one text share the cache;
        empty if there is none.
    """
    fresh = _cache_folder()
    try:
        fresh.mkdir(parents=True, exist_ok=True)
        os.utime(fresh)
        stamp = fresh / "text.py"
        if not stamp.exists():
            stamp.touch()
        versions = sorted(fresh.parent.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
        for old in versions[_KEPT_VERSIONS:]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:  # a home that cannot be written: numba then uses its own place
        return ""
    numba.config.CACHE_DIR = str(fresh)
    return str(stamp)


def _cache_folder() -> Path:
    digest = hashlib.sha256(f"{sys.version} {importlib.metadata.version('numba')}".encode())
    for word in _what_decides(_FUNCTIONS):
        digest.update(word.encode())
    return Path.home() / ".cache" / "reformsim" / "kernel" / digest.hexdigest()[:16]


def _what_decides(functions: Iterable[Callable[..., Any]]) -> Iterable[str]:
    """All that the machine code depends on: the byte code, its constants, and the numbers it names."""
    bisecting: list[Callable[..., Any]] = [bisect_left, bisect_right]
    for function in [*functions, *bisecting]:
        text = _text_of(function)
        code = text.__code__
        named = {n: text.__globals__[n] for n in code.co_names if isinstance(text.__globals__.get(n), (int, float))}
        yield f"{text.__module__}.{text.__qualname__} {_FUNCTIONS.get(function, 'inline')} {code.co_code.hex()}"
        yield f"{code.co_consts} {code.co_names} {code.co_varnames} {named}"
    yield f"{MEMORY_LINE}"


def _text_of(function: Callable[..., Any]) -> FunctionType:
    """What stands for a function in the compiled form."""
    text = _STAND_INS.get(function, function)
    assert isinstance(text, FunctionType)
    return text
