"""An estimator for scikit-learn."""

import tempfile
from pathlib import Path
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, ClassifierMixin  # type: ignore[import-untyped]
from sklearn.utils import check_random_state  # type: ignore[import-untyped]
from sklearn.utils.multiclass import check_classification_targets  # type: ignore[import-untyped]
from sklearn.utils.validation import check_is_fitted, validate_data  # type: ignore[import-untyped]

from ._model import Model
from ._training import train

_MNIST_FEATURES = 784
_TYPES = [np.float64, np.float32, np.uint8]  # the first is what anything else becomes
# Small data are seen often.
_LEAST_STEPS_OF_IMAGES, _LEAST_STEPS = 600, 2000


def _network(name: str, shape: "tuple[int, int, int]", classes: int, layers: "list[str]") -> str:
    lines = ",\n  ".join("{ " + layer + " }" for layer in layers)
    return f'name = "{name}"\ninput = {list(shape)}\nclasses = {classes}\nlayers = [\n  {lines},\n]\n'


def _convolutional(classes: int) -> str:
    """The zoo's `swift`, a second to 99 % of MNIST, for any number of classes."""
    layers = []
    for filters, kernel, rest in ((16, 5, ', stride = 2, padding = "same"'), (32, 3, ""), (48, 3, "")):
        layers += [
            f'type = "conv", filters = {filters}, kernel = {kernel}{rest}, bias = false',
            'type = "batch_norm"',
            'type = "relu"',
        ]
        if kernel == 5:
            layers.append('type = "max_pool", window = 2')
    layers += ['type = "flatten"', f'type = "dense", units = {classes}']
    return _network("swift", (28, 28, 1), classes, layers)


def _dense(features: int, hidden: "tuple[int, ...]", classes: int) -> str:
    layers = ['type = "flatten"']
    for units in hidden:
        layers += [f'type = "dense", units = {units}', 'type = "relu"']
    layers.append(f'type = "dense", units = {classes}')
    return _network("dense", (1, features, 1), classes, layers)


class Classifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A network as a scikit-learn estimator: convolutional for 784 features, which are images of 28x28 pixels (0 to
    1 or 0 to 255), dense for any other number.

    Parameters
    ----------
    hidden_layer_sizes : of the dense network.
    epochs : passes over the training data; None: 4 of images, 10 of other data, or as many as make 600 or 2,000 steps.
    batch_size : samples a step.
    learning_rate : its peak; None: 0.016 of images, else 0.003.
    validation_fraction : of the training data, kept to choose the best epoch; 0, or too few samples: the last epoch's
        weights are taken.
    random_state : of initial weights, order and split.
    n_jobs : threads; None: 1, -1: all cores.

    Attributes
    ----------
    classes_, n_features_in_, and `feature_names_in_` where there are names : as in scikit-learn.
    model_ : the inkling.Model; its classes are indices into classes_. None if there is one class only.
    loss_curve_ : the training loss of each epoch.
    validation_scores_ : the accuracy on the validation samples after each epoch; None where there are none.
    n_iter_ : epochs trained.
    """

    def __init__(
        self,
        *,
        hidden_layer_sizes: "tuple[int, ...]" = (128,),
        epochs: Optional[int] = None,
        batch_size: int = 64,
        learning_rate: Optional[float] = None,
        validation_fraction: float = 0.1,
        random_state: Any = None,
        n_jobs: Optional[int] = None,
    ) -> None:
        self.hidden_layer_sizes = hidden_layer_sizes
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.validation_fraction = validation_fraction
        self.random_state = random_state
        self.n_jobs = n_jobs

    def fit(self, X: Any, y: Any) -> "Classifier":
        """Trains on X (samples, features) and labels y of any kind."""
        if not 0 <= self.validation_fraction < 1:
            raise ValueError(f"validation_fraction: expected 0 to below 1, found {self.validation_fraction}")
        X, y = validate_data(self, X, y, dtype=_TYPES)
        check_classification_targets(y)
        self.classes_, labels = np.unique(y, return_inverse=True)
        seed = int(check_random_state(self.random_state).randint(2**31 - 1))
        self._learn_scale(X)
        self.loss_curve_: "list[float]" = []
        self.validation_scores_: "Optional[list[float]]" = None
        self.n_iter_ = 0
        self.model_: Optional[Model] = None
        if len(self.classes_) == 1:
            return self
        if len(self.classes_) > 256:
            raise ValueError(f"Classifier: expected at most 256 classes, found {len(self.classes_)}")
        self._train(self._scaled(X), labels.astype(np.uint8), seed)
        return self

    def _train(self, pixels: "npt.NDArray[Any]", labels: "npt.NDArray[np.uint8]", seed: int) -> None:
        images, classes = self._takes_images(), len(self.classes_)
        n = len(pixels)
        # At least one sample of each class, or none.
        fewest = np.bincount(labels).min()
        kept_back = self.validation_fraction if fewest * self.validation_fraction >= 1 else 0.0
        epochs = self.epochs
        if epochs is None:
            steps = -(-n // self.batch_size)
            least = _LEAST_STEPS_OF_IMAGES if images else _LEAST_STEPS
            epochs = max(4 if images else 10, -(-least // steps))
        rate = self.learning_rate if self.learning_rate is not None else 0.016 if images else 0.003
        hidden = tuple(np.atleast_1d(self.hidden_layer_sizes).tolist())
        network = _convolutional(classes) if images else _dense(pixels.shape[1], hidden, classes)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "network.toml"
            file.write_text(network, encoding="utf-8")
            recipe = {
                "model": str(file),
                "epochs": epochs,
                "batch": self.batch_size,
                "lr": rate,
                "seed": seed,
                "val_fraction": kept_back,
                "keep": "best" if kept_back > 0 else "last",
                "checkpoint_every": 0,
                "optimiser.name": "adam",
                "schedule.name": "linear",
                "schedule.warmup": min(0.1, epochs / 4),
                "label_smoothing": 0.1 if images else 0.0,
            }
            shape = (28, 28, 1) if images else (1, pixels.shape[1], 1)
            model = train(
                pixels.reshape(-1, *shape),
                labels,
                recipe,
                class_names=[str(name) for name in self.classes_],
                threads=self._threads(),
            )
        self.model_ = model
        self.loss_curve_ = [record.train_loss or 0.0 for record in model.history]
        scores = [record.val_accuracy for record in model.history]
        self.validation_scores_ = [score for score in scores if score is not None] or None
        self.n_iter_ = len(self.loss_curve_)

    def _threads(self) -> int:
        if self.n_jobs is None:
            return 1
        return 0 if self.n_jobs < 0 else int(self.n_jobs)

    def _takes_images(self) -> bool:
        return bool(self.n_features_in_ == _MNIST_FEATURES)

    def _learn_scale(self, X: "npt.NDArray[Any]") -> None:
        """So that the training data are 0 to 1: images all alike, other features each for itself. Images of bytes are
        divided by 255 in the network."""
        low: Any
        high: Any
        if self._takes_images():
            low, high = float(X.min()), float(X.max())
            if low >= 0 and (X.dtype == np.uint8 or high > 1) and high <= 255:
                low, high = 0.0, 255.0
            elif low >= 0 and high <= 1:
                low, high = 0.0, 1.0
        else:
            low, high = X.min(axis=0).astype(np.float64), X.max(axis=0).astype(np.float64)
        self._offset = np.asarray(low, np.float64)
        self._factor = 1 / np.where(high > low, high - low, 1.0)
        self._is_plain = bool(np.all(self._offset == 0) and np.all(self._factor == 1))

    def _scaled(self, X: "npt.NDArray[Any]") -> "npt.NDArray[Any]":
        if X.dtype == np.uint8 and self._takes_images() and self._factor == 1 / 255:
            return np.ascontiguousarray(X)
        if X.dtype == np.float32 and self._is_plain:
            return np.ascontiguousarray(X)
        # Beyond what training saw, values are only kept finite.
        scaled = np.clip((X - self._offset) * self._factor, -1e3, 1e3)
        return np.ascontiguousarray(scaled, np.float32)

    def predict_proba(self, X: Any) -> "npt.NDArray[np.float64]":
        """(samples, classes), in the order of classes_."""
        check_is_fitted(self)
        X = validate_data(self, X, dtype=_TYPES, reset=False)
        if self.model_ is None:
            return np.ones((len(X), 1))
        probabilities = self.model_._network_output(self._scaled(X)).astype(np.float64)
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True))

    def predict(self, X: Any) -> Any:
        """The likeliest label of each sample."""
        check_is_fitted(self)
        return self.classes_[self.predict_proba(X).argmax(axis=1)]
