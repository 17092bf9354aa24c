"""Models: loading, classifying arrays, reading pictures, training."""

import ctypes
import os
import signal
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Callable, Optional, Union

import numpy as np
import numpy.typing as npt

from . import _library as c
from ._library import ArgumentError, check, library, sized

# One picture: a path, the bytes of a file, or a PIL image.
PictureLike = Any
FloatArray = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Box:
    """Pixels of the picture as shown."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True)
class Prediction:
    """The one digit in a picture. Refused: digit -1, label and confidence None, and why in `reason`:
    'blank', 'not-a-digit', 'unreadable'."""

    digit: int
    label: Optional[str]
    confidence: Optional[float]
    probabilities: FloatArray = field(repr=False)  # (classes,), the reject class included
    box: Optional[Box]
    reason: Optional[str]


@dataclass(frozen=True)
class Digit:
    """One digit of a reading; rows count from the top, 0."""

    digit: int
    confidence: float
    box: Box
    row: int


@dataclass(frozen=True)
class Reading:
    """All digits of a picture; `text` has a line a row and is '' if nothing was read, and `reason` says why."""

    text: str
    confidence: float
    digits: "tuple[Digit, ...]"
    reason: Optional[str]


@dataclass(frozen=True)
class Progress:
    """How far a training is; the last four are set when an epoch has finished (validation: if there is any)."""

    epoch: int
    epochs: int
    images_done: int
    images: int
    loss: float
    images_per_second: float
    seconds_left: float
    epoch_finished: bool
    train_loss: Optional[float] = None
    train_accuracy: Optional[float] = None
    val_loss: Optional[float] = None
    val_accuracy: Optional[float] = None


def _box(box: c.CBox) -> Box:
    return Box(box.x, box.y, box.width, box.height)


def _encoded(path: "Union[str, os.PathLike[str], None]") -> Optional[bytes]:
    return None if path is None else os.fsencode(path)


def _options(threads: int, isa: Optional[str], precision: Optional[str]) -> Any:
    return sized(
        c.Options,
        threads=threads,
        isa=None if isa is None else isa.encode(),
        precision=None if precision is None else precision.encode(),
    )


def _is_pil(thing: Any) -> bool:
    return hasattr(thing, "convert") and hasattr(thing, "tobytes") and hasattr(thing, "getbands")


def _is_picture(thing: Any) -> bool:
    return isinstance(thing, (str, os.PathLike, bytes)) or _is_pil(thing)


def _are_pictures(thing: Any) -> bool:
    return isinstance(thing, (list, tuple)) and len(thing) > 0 and all(_is_picture(one) for one in thing)


def _pixels(x: Any) -> "npt.NDArray[Any]":
    """As uint8 or float32, without a copy where it is one of them already."""
    array = np.asarray(x)
    if array.dtype == np.uint8 or array.dtype == np.float32:
        pass
    elif array.dtype == np.bool_:
        array = array.astype(np.uint8) * 255
    elif array.dtype.kind == "f":
        array = array.astype(np.float32)
    elif array.dtype.kind in "iu":
        if array.size and (array.min() < 0 or array.max() > 255):
            raise ArgumentError(f"pixels: expected integers from 0 to 255, found {array.min()} to {array.max()}")
        array = array.astype(np.uint8)
    else:
        raise ArgumentError(f"pixels: expected numbers, found an array of {array.dtype}")
    if array.dtype == np.float32 and array.size:
        low, high = float(array.min()), float(array.max())
        if not (low >= 0 and high <= 1):
            raise ArgumentError(
                f"pixels: expected floats from 0 to 1, found {low:g} to {high:g}; grey levels up to 255 are "
                "expected as uint8"
            )
    return array


def _as_images(x: Any, height: int, width: int, channels: int) -> "npt.NDArray[Any]":
    """(N, height, width, channels), contiguous."""
    array = _pixels(x)
    size, shape = height * width * channels, array.shape
    last, first = (height, width, channels), (channels, height, width)
    if shape[1:] == last or (shape[1:] == (size,)) or (channels == 1 and shape[1:] == (height, width)):
        pass
    elif shape[1:] == first:
        array = array.transpose(0, 2, 3, 1)
    elif shape in (last, (height, width) if channels == 1 else last):
        array = array[None]
    elif shape == first:
        array = array.transpose(1, 2, 0)[None]
    else:
        raise ArgumentError(
            f"images: expected (N, {height}, {width}{'' if channels == 1 else f', {channels}'}), "
            f"(N, {channels}, {height}, {width}) or (N, {size}), found {shape}"
        )
    return np.ascontiguousarray(array).reshape(-1, height, width, channels)


class _CPicture:
    """A picture as the C interface takes it; keeps its bytes alive."""

    def __init__(self, picture: PictureLike) -> None:
        if isinstance(picture, (str, os.PathLike)):
            picture = Path(picture).read_bytes()
        if isinstance(picture, bytes):
            self._fill(c.ENCODED, picture, 0, 0)
        elif _is_pil(picture):
            self._take_pil(picture)
        else:
            raise ArgumentError(
                f"picture: expected a path, bytes or a PIL image, found {type(picture).__name__}; arrays of images "
                "go to predict"
            )

    def _take_pil(self, image: Any) -> None:
        try:
            from PIL import ImageOps

            image = ImageOps.exif_transpose(image)
        except ImportError:  # then it is a look-alike, without EXIF
            pass
        mode = image.mode
        if mode in ("I", "I;16", "I;16L", "I;16B"):  # 16 bits
            levels = np.asarray(image).astype(np.int64)
            scale = 257 if levels.size and levels.max() > 255 else 1
            array = np.clip(levels // scale, 0, 255).astype(np.uint8)
            self._fill(c.GREY, array.tobytes(), image.width, image.height)
            return
        if mode == "P" or mode in ("LA", "PA", "RGBa", "La"):
            image = image.convert("RGBA")
        elif mode not in ("L", "RGB", "RGBA"):
            image = image.convert("L" if mode in ("1", "F") else "RGB")
        formats = {"L": c.GREY, "RGB": c.RGB, "RGBA": c.RGBA}
        self._fill(formats[image.mode], image.tobytes(), image.width, image.height)

    def _fill(self, format_: int, data: bytes, width: int, height: int) -> None:
        self._data = data
        self.struct = sized(
            c.Picture,
            format=format_,
            data=ctypes.cast(ctypes.c_char_p(data), ctypes.c_void_p),
            bytes=len(data),
            width=width,
            height=height,
        )


class Model:
    """A trained network. Any number of threads may use one; calls release the GIL.

    Images in arrays enter the network as they are: uint8 0 to 255 or floats 0 to 1, (N, height, width),
    (N, height * width), (N, channels, height, width) or (N, height, width, channels), or one image. Pictures, that
    is paths, bytes of files and PIL images, or a list of them, go through the model's form: the reader finds
    the ink; other models scale the picture to their size.
    """

    def __init__(self, handle: int, options: "tuple[int, Optional[str], Optional[str]]") -> None:
        self._handle = handle
        self._given = options
        info = sized(c.Info)
        check(library.inkling_describe(handle, ctypes.byref(info)))
        self.name: str = info.name.decode()
        self.input_shape = (int(info.height), int(info.width), int(info.channels))
        self.parameters = int(info.parameters)
        self.mflop = float(info.mflop)
        self.reads_ink = bool(info.reads_ink)
        self.refuses = bool(info.refuses)
        self.class_names = tuple(library.inkling_class_name(handle, i).decode() for i in range(info.classes))
        self.history: "list[Progress]" = []

    @classmethod
    def load(
        cls,
        path: "Union[str, os.PathLike[str], None]" = None,
        *,
        threads: int = 0,
        isa: Optional[str] = None,
        precision: Optional[str] = None,
    ) -> "Model":
        """A run folder, a package or a model file; without a path the built-in reader."""
        handle = ctypes.c_void_p()
        options = _options(threads, isa, precision)
        check(library.inkling_load(_encoded(path), ctypes.byref(options), ctypes.byref(handle)))
        return cls(handle.value or 0, (threads, isa, precision))

    @classmethod
    def from_bytes(
        cls, data: bytes, *, threads: int = 0, isa: Optional[str] = None, precision: Optional[str] = None
    ) -> "Model":
        """The bytes of a model file."""
        handle = ctypes.c_void_p()
        options = _options(threads, isa, precision)
        check(library.inkling_load_bytes(data, len(data), ctypes.byref(options), ctypes.byref(handle)))
        return cls(handle.value or 0, (threads, isa, precision))

    def save(self, path: "Union[str, os.PathLike[str]]") -> None:
        """Writes the model file (safetensors), atomically."""
        check(library.inkling_save(self._handle, _encoded(path)))

    def to_bytes(self) -> bytes:
        """The bytes of the model file."""
        size = ctypes.c_size_t()
        check(library.inkling_save_bytes(self._handle, None, 0, ctypes.byref(size)))
        data = ctypes.create_string_buffer(size.value)
        check(library.inkling_save_bytes(self._handle, data, size, ctypes.byref(size)))
        return data.raw

    def __del__(self) -> None:
        handle, self._handle = getattr(self, "_handle", 0), 0
        if handle:
            library.inkling_free(handle)

    def __reduce__(self) -> "tuple[Any, ...]":
        return _unpickled, (self.to_bytes(), self._given, self.history)

    def __repr__(self) -> str:
        height, width, channels = self.input_shape
        return (
            f"<inkling.Model {self.name}: {height}x{width}x{channels}, {len(self.class_names)} classes, "
            f"{self.parameters:,} parameters>"
        )

    def predict(self, x: Any) -> Any:
        """Class indices, (N,) int64; of one picture an int. -1: a picture in which no digit was read."""
        if _is_picture(x):
            return self.predict_picture(x).digit
        if _are_pictures(x):
            return np.array([self.predict_picture(one).digit for one in x], np.int64)
        return self._classified(x, c.PROBABILITIES).argmax(axis=1)

    def predict_proba(self, x: Any) -> FloatArray:
        """Probabilities of all classes, (N, classes); of one picture (classes,), zeros if it is blank."""
        if _is_picture(x):
            return self.predict_picture(x).probabilities
        if _are_pictures(x):
            return np.stack([self.predict_picture(one).probabilities for one in x])
        return self._classified(x, c.PROBABILITIES)

    def logits(self, x: Any) -> FloatArray:
        """What the softmax is taken of, (N, classes), of images in an array."""
        return self._classified(x, c.LOGITS)

    def _classified(self, x: Any, output: int) -> FloatArray:
        return self._network_output(_as_images(x, *self.input_shape), output)

    def _network_output(self, images: "npt.NDArray[Any]", output: int = c.PROBABILITIES) -> FloatArray:
        """Of contiguous uint8 or float32, each image's values in the network's order; floats of any size."""
        values = np.empty((len(images), len(self.class_names)), np.float32)
        kind = c.U8 if images.dtype == np.uint8 else c.F32
        check(
            library.inkling_classify(
                self._handle, images.ctypes.data, kind, len(images), output, values.ctypes.data
            )
        )
        return values

    def predict_picture(self, picture: PictureLike) -> Prediction:
        """The one digit in a picture, with all that is known of it."""
        given, found = _CPicture(picture), sized(c.CPrediction)
        probabilities = np.empty(len(self.class_names), np.float32)
        pointer = probabilities.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        check(library.inkling_predict(self._handle, ctypes.byref(given.struct), ctypes.byref(found), pointer))
        digit = int(found.digit)
        return Prediction(
            digit=digit,
            label=None if digit < 0 else self.class_names[digit],
            confidence=None if digit < 0 else float(found.confidence),
            probabilities=probabilities,
            box=_box(found.box) if found.box.width > 0 else None,
            reason=library.inkling_reason_name(found.reason).decode() or None,
        )

    def read(self, picture: PictureLike) -> Reading:
        """Every digit in a picture, row by row. Only models of digits that find ink can."""
        given, handle = _CPicture(picture), ctypes.c_void_p()
        check(library.inkling_read(self._handle, ctypes.byref(given.struct), ctypes.byref(handle)))
        try:
            digits = []
            for i in range(library.inkling_reading_digits(handle)):
                one = sized(c.CDigit)
                check(library.inkling_reading_digit(handle, i, ctypes.byref(one)))
                digits.append(Digit(one.digit, one.confidence, _box(one.box), one.row))
            reason = library.inkling_reason_name(library.inkling_reading_reason(handle)).decode()
            return Reading(
                text=library.inkling_reading_text(handle).decode(),
                confidence=library.inkling_reading_confidence(handle),
                digits=tuple(digits),
                reason=reason or None,
            )
        finally:
            library.inkling_free_reading(handle)


def _unpickled(
    data: bytes, options: "tuple[int, Optional[str], Optional[str]]", history: "list[Progress]"
) -> Model:
    model = Model.from_bytes(data, threads=options[0], isa=options[1], precision=options[2])
    model.history = history
    return model


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
    pixels = _training_images(images)
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

    options = _options(threads, isa, precision)
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


def _training_images(images: Any) -> "npt.NDArray[Any]":
    array = _pixels(images)
    if array.ndim == 2 and array.shape[1] == 784:
        array = array.reshape(-1, 28, 28, 1)
    elif array.ndim == 3:
        array = array[..., None]
    elif array.ndim == 4 and array.shape[1] in (1, 3) and array.shape[3] not in (1, 3):
        array = array.transpose(0, 2, 3, 1)
    if array.ndim != 4:
        raise ArgumentError(
            f"images: expected (N, height, width), (N, height, width, channels) or (N, 784), found {array.shape}"
        )
    return np.ascontiguousarray(array)
