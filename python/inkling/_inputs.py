"""What a model is given: arrays as uint8 or float32 images, pictures as the C interface takes them."""

import ctypes
import os
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from . import _library as c
from ._library import ArgumentError, sized

# One picture: a path, the bytes of a file, or a PIL image.
PictureLike = Any


def _is_pil(thing: Any) -> bool:
    return hasattr(thing, "convert") and hasattr(thing, "tobytes") and hasattr(thing, "getbands")


def is_picture(thing: Any) -> bool:
    return isinstance(thing, (str, os.PathLike, bytes)) or _is_pil(thing)


def are_pictures(thing: Any) -> bool:
    return isinstance(thing, (list, tuple)) and len(thing) > 0 and all(is_picture(one) for one in thing)


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


def as_images(x: Any, height: int, width: int, channels: int) -> "npt.NDArray[Any]":
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


class CPicture:
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


def training_images(images: Any) -> "npt.NDArray[Any]":
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
