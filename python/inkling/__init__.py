"""Inkling reads handwritten digits, and trains small networks fast.

    import inkling

    reader = inkling.Model.load()              # the built-in reader
    reader.read("cheque.jpg").text             # '1204'
    reader.predict("seven.png")                # 7, or -1: no digit

    model = inkling.train(images, labels)      # uint8 (N, 28, 28), (N,)
    model.predict(other_images)                # class indices, (M,)
    model.save("mine.safetensors")

`inkling.Classifier` is an estimator for scikit-learn, which it needs.
"""

from typing import TYPE_CHECKING, Any

from ._library import (
    ArgumentError,
    InklingError,
    InputError,
    InternalError,
    MachineError,
    cpu_variant,
    library_version,
)
from ._model import Box, Digit, Model, Prediction, Progress, Reading
from ._training import train

if TYPE_CHECKING:
    from ._classifier import Classifier

__version__ = library_version()
__all__ = [
    "ArgumentError",
    "Box",
    "Classifier",
    "Digit",
    "InklingError",
    "InputError",
    "InternalError",
    "MachineError",
    "Model",
    "Prediction",
    "Progress",
    "Reading",
    "cpu_variant",
    "train",
]


def __getattr__(name: str) -> Any:
    if name == "Classifier":  # scikit-learn is optional and slow to import
        from ._classifier import Classifier

        return Classifier
    raise AttributeError(f"module 'inkling' has no attribute {name!r}")
