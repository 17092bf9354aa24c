"""Models: loading, classifying arrays, reading pictures."""

import ctypes
import os
from dataclasses import dataclass, field
from typing import Any, Optional, Union

import numpy as np
import numpy.typing as npt

from . import _library as c
from ._inputs import CPicture, PictureLike, are_pictures, as_images, is_picture
from ._library import check, library, sized

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


def c_options(threads: int, isa: Optional[str], precision: Optional[str]) -> Any:
    return sized(
        c.Options,
        threads=threads,
        isa=None if isa is None else isa.encode(),
        precision=None if precision is None else precision.encode(),
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
        options = c_options(threads, isa, precision)
        check(library.inkling_load(_encoded(path), ctypes.byref(options), ctypes.byref(handle)))
        return cls(handle.value or 0, (threads, isa, precision))

    @classmethod
    def from_bytes(
        cls, data: bytes, *, threads: int = 0, isa: Optional[str] = None, precision: Optional[str] = None
    ) -> "Model":
        """The bytes of a model file."""
        handle = ctypes.c_void_p()
        options = c_options(threads, isa, precision)
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
        if is_picture(x):
            return self.predict_picture(x).digit
        if are_pictures(x):
            return np.array([self.predict_picture(one).digit for one in x], np.int64)
        return self._classified(x, c.PROBABILITIES).argmax(axis=1)

    def predict_proba(self, x: Any) -> FloatArray:
        """Probabilities of all classes, (N, classes); of one picture (classes,), zeros if it is blank."""
        if is_picture(x):
            return self.predict_picture(x).probabilities
        if are_pictures(x):
            return np.stack([self.predict_picture(one).probabilities for one in x])
        return self._classified(x, c.PROBABILITIES)

    def logits(self, x: Any) -> FloatArray:
        """What the softmax is taken of, (N, classes), of images in an array."""
        return self._classified(x, c.LOGITS)

    def _classified(self, x: Any, output: int) -> FloatArray:
        return self._network_output(as_images(x, *self.input_shape), output)

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
        given, found = CPicture(picture), sized(c.CPrediction)
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
        given, handle = CPicture(picture), ctypes.c_void_p()
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
