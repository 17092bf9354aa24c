"""Training: recipes, progress, stopping."""

import ctypes
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Callable, Optional, Union

import numpy as np

from . import _library as c
from ._inputs import training_images
from ._library import ArgumentError, check, library, sized
from ._model import Model, Progress, c_options


def _toml(fields: "Mapping[str, Any]") -> str:
    """A recipe's fields, sections as mappings or dotted: {"epochs": 3, "optimiser.name": "sgd"}."""
    lines = []
    for name, value in fields.items():
        if isinstance(value, Mapping):
            lines += [f"{name}.{inner} = {_toml_value(one)}" for inner, one in value.items()]
        else:
            lines.append(f"{name} = {_toml_value(value)}")
    return "\n".join(lines) + "\n"


def _toml_value(value: Any) -> str:
    if isinstance(value, (bool, np.bool_)):
        return "true" if value else "false"
    if isinstance(value, (int, np.integer)):
        return str(int(value))
    if isinstance(value, (float, np.floating)):
        return repr(float(value))
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _recipe_text(recipe: "Union[str, os.PathLike[str], Mapping[str, Any], None]") -> str:
    if recipe is None:
        return ""
    if isinstance(recipe, Mapping):
        return _toml(recipe)
    if isinstance(recipe, os.PathLike) or (isinstance(recipe, str) and recipe.endswith(".toml")):
        return Path(recipe).read_text(encoding="utf-8")
    return recipe


def _told(progress: c.CProgress) -> Progress:
    def number(value: float) -> Optional[float]:
        return None if value != value else value

    return Progress(
        progress.epoch,
        progress.epochs,
        progress.images_done,
        progress.images,
        progress.loss,
        progress.images_per_second,
        progress.seconds_left,
        bool(progress.epoch_finished),
        number(progress.train_loss),
        number(progress.train_accuracy),
        number(progress.val_loss),
        number(progress.val_accuracy),
    )


class _Interrupts:
    """Notes Ctrl-C instead of raising KeyboardInterrupt, which would be lost between C and Python. Only where the
    default handler stands: another one is left alone, and so are threads, which get no signals."""

    def __init__(self) -> None:
        self.seen = False
        self._replaced = False

    def __enter__(self) -> "_Interrupts":
        here = threading.current_thread() is threading.main_thread()
        if here and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._note)
            self._replaced = True
        return self

    def __exit__(self, *_: object) -> None:
        if self._replaced:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _note(self, *_: object) -> None:
        self.seen = True


def train(
    images: Any,
    labels: Any,
    recipe: "Union[str, os.PathLike[str], Mapping[str, Any], None]" = None,
    *,
    class_names: Optional[Sequence[str]] = None,
    callback: Optional[Callable[[Progress], Optional[bool]]] = None,
    threads: int = 0,
    isa: Optional[str] = None,
    precision: Optional[str] = None,
) -> Model:
    """Trains a network.

    images: uint8 0 to 255 or floats 0 to 1, (N, height, width), (N, height, width, channels), or (N, 1, 28, 28)
    and (N, 784) for MNIST's; labels: (N,) class indices. recipe: fields of docs/recipes.md as a mapping,
    {"model": "cnn3", "epochs": 3, "optimiser.name": "sgd"}, TOML text, or the path of a .toml file.

    callback: called after each step; False stops the training, and what was learned is returned. What it
    raises, or Ctrl-C, ends the training too, and is raised. The model's `history` has a Progress an epoch.
    """
    pixels = training_images(images)
    wanted = np.asarray(labels)
    if wanted.shape != (len(pixels),):
        raise ArgumentError(f"labels: expected ({len(pixels)},), found {wanted.shape}")
    if wanted.dtype.kind not in "iub":
        raise ArgumentError(f"labels: expected class indices, found an array of {wanted.dtype}")
    if wanted.size and (wanted.min() < 0 or wanted.max() > 255):
        raise ArgumentError(f"labels: expected 0 to 255, found {wanted.min()} to {wanted.max()}")
    wanted = np.ascontiguousarray(wanted, np.uint8)
    highest = int(wanted.max()) + 1 if wanted.size else 0
    classes = len(class_names) if class_names is not None else max(2, highest)
    names = None
    if class_names is not None:
        names = (ctypes.c_char_p * classes)(*[str(name).encode() for name in class_names])
    given = sized(
        c.Images,
        pixels=pixels.ctypes.data,
        type=c.U8 if pixels.dtype == np.uint8 else c.F32,
        n=len(pixels),
        height=pixels.shape[1],
        width=pixels.shape[2],
        channels=pixels.shape[3],
        labels=wanted.ctypes.data,
        classes=classes,
        class_names=names,
    )
    history: "list[Progress]" = []
    raised: "list[BaseException]" = []

    def tell(progress: Any, _: Any) -> int:
        try:
            told = _told(progress.contents)
            if told.epoch_finished:
                history.append(told)
            return int(interrupts.seen or (callback is not None and callback(told) is False))
        except BaseException as error:  # nothing may be raised through C
            raised.append(error)
            return 1

    options = c_options(threads, isa, precision)
    handle = ctypes.c_void_p()
    with _Interrupts() as interrupts:
        status = library.inkling_train(
            _recipe_text(recipe).encode(),
            ctypes.byref(given),
            ctypes.byref(options),
            c.Callback(tell),
            None,
            ctypes.byref(handle),
        )
    if interrupts.seen:
        library.inkling_free(handle)
        raise KeyboardInterrupt
    if raised:
        library.inkling_free(handle)
        raise raised[0]
    if status != c.STOPPED:
        check(status)
    model = Model(handle.value or 0, (threads, isa, precision))
    model.history = history
    return model
