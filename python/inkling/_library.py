"""libinkling by ctypes: its structs and functions as include/inkling/inkling.h has them, and its errors."""

import ctypes
import os
from ctypes import POINTER, c_char_p, c_double, c_float, c_int, c_int32, c_int64, c_size_t, c_uint8, c_uint64, c_void_p
from pathlib import Path
from typing import Any


class InklingError(Exception):
    """What the library reports."""


class ArgumentError(InklingError, ValueError):
    """An argument is wrong: a shape, a type, a field of a recipe."""


class InputError(InklingError, ValueError):
    """A file or bytes are not what they should be, or are not there."""


class MachineError(InklingError, OSError):
    """The machine refused: no memory, disk full, no permission."""


class InternalError(InklingError, RuntimeError):
    """A fault of the library."""


OK, STOPPED = 0, 4
_ERRORS = {1: ArgumentError, 2: InputError, 3: MachineError}

U8, F32 = 0, 1
PROBABILITIES, LOGITS = 0, 1
ENCODED, GREY, RGB, RGBA = 0, 1, 2, 3


class Options(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("threads", c_int32), ("isa", c_char_p), ("precision", c_char_p)]


class Info(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("name", c_char_p),
        ("height", c_int32),
        ("width", c_int32),
        ("channels", c_int32),
        ("classes", c_int32),
        ("reads_ink", c_int32),
        ("refuses", c_int32),
        ("parameters", c_uint64),
        ("mflop", c_double),
    ]


class Picture(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("format", c_int),
        ("data", c_void_p),
        ("bytes", c_size_t),
        ("width", c_int32),
        ("height", c_int32),
        ("stride", c_size_t),
    ]


class CBox(ctypes.Structure):
    _fields_ = [("x", c_int32), ("y", c_int32), ("width", c_int32), ("height", c_int32)]


class CPrediction(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("digit", c_int32),
        ("reason", c_int),
        ("confidence", c_double),
        ("p_refused", c_double),
        ("box", CBox),
    ]


class CDigit(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("digit", c_int32), ("confidence", c_double), ("box", CBox), ("row", c_int32)]


class Images(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("pixels", c_void_p),
        ("type", c_int),
        ("n", c_size_t),
        ("height", c_int32),
        ("width", c_int32),
        ("channels", c_int32),
        ("labels", c_void_p),
        ("classes", c_int32),
        ("class_names", POINTER(c_char_p)),
    ]


class CProgress(ctypes.Structure):
    _fields_ = [
        ("size", c_size_t),
        ("epoch", c_int32),
        ("epochs", c_int32),
        ("images_done", c_int64),
        ("images", c_int64),
        ("loss", c_double),
        ("images_per_second", c_double),
        ("seconds_left", c_double),
        ("epoch_finished", c_int32),
        ("train_loss", c_double),
        ("train_accuracy", c_double),
        ("val_loss", c_double),
        ("val_accuracy", c_double),
    ]


Callback = ctypes.CFUNCTYPE(c_int, POINTER(CProgress), c_void_p)


def sized(kind: Any, **fields: Any) -> Any:
    """A struct that says its size."""
    return kind(size=ctypes.sizeof(kind), **fields)


def _find() -> str:
    named = os.environ.get("INKLING_LIBRARY")
    if named:
        return named
    beside = Path(__file__).parent / "lib" / "libinkling.so"
    return str(beside) if beside.exists() else "libinkling.so.0"


def _load() -> ctypes.CDLL:
    library = ctypes.CDLL(_find())
    status, handle, text = c_int, c_void_p, c_char_p
    for name, result, arguments in (
        ("last_error", text, []),
        ("version", text, []),
        ("cpu_variant", text, []),
        ("reason_name", text, [c_int]),
        ("load", status, [text, POINTER(Options), POINTER(handle)]),
        ("load_bytes", status, [c_char_p, c_size_t, POINTER(Options), POINTER(handle)]),
        ("free", None, [handle]),
        ("save", status, [handle, text]),
        ("save_bytes", status, [handle, c_void_p, c_size_t, POINTER(c_size_t)]),
        ("describe", status, [handle, POINTER(Info)]),
        ("class_name", text, [handle, c_int32]),
        ("classify", status, [handle, c_void_p, c_int, c_size_t, c_int, c_void_p]),
        ("predict", status, [handle, POINTER(Picture), POINTER(CPrediction), POINTER(c_float)]),
        ("read", status, [handle, POINTER(Picture), POINTER(handle)]),
        ("reading_text", text, [handle]),
        ("reading_confidence", c_double, [handle]),
        ("reading_reason", c_int, [handle]),
        ("reading_digits", c_size_t, [handle]),
        ("reading_digit", status, [handle, c_size_t, POINTER(CDigit)]),
        ("free_reading", None, [handle]),
        ("train", status, [text, POINTER(Images), POINTER(Options), Callback, c_void_p, POINTER(handle)]),
    ):
        function = getattr(library, "inkling_" + name)
        function.restype, function.argtypes = result, arguments
    return library


library = _load()


def check(status: int) -> None:
    """Raises what a status other than OK means."""
    if status != OK:
        raise _ERRORS.get(status, InternalError)(library.inkling_last_error().decode())


def library_version() -> str:
    version: bytes = library.inkling_version()
    return version.decode()


def cpu_variant() -> str:
    """The variant of the kernels that this CPU runs, 'avx512_bf16' or another."""
    name: bytes = library.inkling_cpu_variant()
    return name.decode()
