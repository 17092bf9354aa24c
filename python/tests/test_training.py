"""train: recipes, progress, stopping."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

import inkling

RECIPE = {"model": "logistic", "epochs": 2, "batch": 64, "seed": 5}


def test_images_in_any_form_give_the_same_weights(digits: "dict[str, np.ndarray]") -> None:
    images, labels = digits["images"], digits["labels"]
    expected = inkling.train(images, labels, RECIPE).to_bytes()
    for x in (images.reshape(-1, 784), images[:, None], images[..., None]):
        assert inkling.train(x, labels.astype(np.int64), RECIPE).to_bytes() == expected
    floats = inkling.train((images / 255).astype(np.float32), labels, RECIPE)
    p = inkling.Model.from_bytes(expected).predict_proba(images)
    assert np.allclose(floats.predict_proba(images), p, atol=1e-3)


def test_recipes_come_as_mappings_text_or_files(tmp_path: Path, digits: "dict[str, np.ndarray]") -> None:
    text = 'model = "logistic"\nepochs = 2\nbatch = 64\nseed = 5\n[optimiser]\nname = "sgd"\n'
    (tmp_path / "mine.toml").write_text(text)
    nested = {**RECIPE, "optimiser": {"name": "sgd"}}
    dotted = {**RECIPE, "optimiser.name": "sgd"}
    models = [
        inkling.train(digits["images"], digits["labels"], recipe).to_bytes()
        for recipe in (text, tmp_path / "mine.toml", str(tmp_path / "mine.toml"), nested, dotted)
    ]
    assert all(model == models[0] for model in models)


def test_progress_is_told_and_kept(digits: "dict[str, np.ndarray]") -> None:
    steps = []
    model = inkling.train(digits["images"], digits["labels"], RECIPE, callback=steps.append)
    assert [record.epoch for record in model.history] == [1, 2]
    assert model.history[-1].val_accuracy is not None and model.history[-1].val_accuracy > 0.5
    assert len(steps) == 2 + 2 * -(-2700 // 64) and steps[0].val_loss is None
    assert model.predict(digits["images"][:500]).shape == (500,)


def test_a_callback_stops_a_training(digits: "dict[str, np.ndarray]") -> None:
    steps = []

    def three_steps(progress: inkling.Progress) -> bool:
        steps.append(progress)
        return len(steps) < 3

    model = inkling.train(digits["images"], digits["labels"], RECIPE, callback=three_steps)
    assert len(steps) == 3 and model.history == []


def test_what_a_callback_raises_is_raised(digits: "dict[str, np.ndarray]") -> None:
    def fail(progress: inkling.Progress) -> None:
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        inkling.train(digits["images"], digits["labels"], RECIPE, callback=fail)


def test_ctrl_c_ends_a_training() -> None:
    script = (
        "import inkling, numpy as np\n"
        "x = np.zeros((20000, 28, 28), np.uint8); y = np.arange(20000) % 10\n"
        "print('begun', flush=True)\n"
        "inkling.train(x, y, {'model': 'cnn3', 'epochs': 1000})\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
    )
    assert process.stdout is not None and process.stdout.readline() == "begun\n"
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert "KeyboardInterrupt" in errors and process.returncode != 0


def test_classes_have_names(digits: "dict[str, np.ndarray]") -> None:
    names = [f"digit {i}" for i in range(10)]
    model = inkling.train(digits["images"], digits["labels"], RECIPE, class_names=names)
    assert model.class_names == tuple(names)


@pytest.mark.parametrize(
    "images, labels, recipe, message",
    [
        (np.zeros((4, 28, 28), np.uint8), [0, 1, 2], None, "labels: expected (4,)"),
        (np.zeros((4, 28, 28), np.uint8), [0, 1, 2, 256], None, "256"),
        (np.zeros((4, 28, 28), np.uint8), [0, 1, 2, -1], None, "-1"),
        (np.zeros((4, 28, 28), np.uint8), [0.5, 1, 2, 3], None, "class indices"),
        (np.zeros((4, 700), np.uint8), [0, 1, 2, 3], None, "(4, 700)"),
        (np.full((4, 28, 28), 2.0), [0, 1, 2, 3], None, "0 to 1"),
        (np.zeros((0, 28, 28), np.uint8), np.zeros(0, int), None, "at least 1 image"),
        (np.zeros((4, 28, 28), np.uint8), [0, 1, 2, 3], {"epoch": 3}, "epochs"),
        (np.zeros((4, 28, 28), np.uint8), [0, 1, 2, 3], {"epochs": 0}, "1 to"),
        (np.zeros((4, 28, 28), np.uint8), [0, 1, 2, 3], {"model": "cnn4"}, "cnn3"),
    ],
)
def test_what_cannot_be_trained_on_is_refused(images: object, labels: object, recipe: object, message: str) -> None:
    with pytest.raises(inkling.InklingError) as caught:
        inkling.train(images, labels, recipe)
    assert message in str(caught.value)
