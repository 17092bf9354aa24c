"""`inkling export`, by onnx's checker and ONNX Runtime, for Python and for Node."""

import json
import subprocess
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

import inkling
from conftest import SOURCE, run_program

NETWORKS = [line.split()[0] for line in run_program("models").splitlines()[1:] if line.strip()]


def session_of(file: Path) -> onnxruntime.InferenceSession:
    onnx.checker.check_model(onnx.load(file), full_check=True)
    return onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])


def by_node(file: Path, x: np.ndarray, batch: int, classes: int) -> "np.ndarray | None":
    """None where there is no Node or no way to its packages."""
    given, made = file.with_suffix(".in"), file.with_suffix(".out")
    given.write_bytes(x.tobytes())
    command = [SOURCE / "tests" / "web" / "run", "onnx_logits.mjs", file, given, made, str(batch)]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode == 77:
        return None
    assert done.returncode == 0, done.stderr
    return np.frombuffer(made.read_bytes(), np.float32).reshape(-1, classes)


def expect_close(theirs: np.ndarray, ours: np.ndarray) -> None:
    """Logits within 1e-4 of their size, decisions alike."""
    assert np.all(np.abs(theirs - ours) <= 1e-4 * np.maximum(1, np.abs(ours))), np.abs(theirs - ours).max()
    assert np.array_equal(theirs.argmax(1), ours.argmax(1))


def expect_agreement(model: inkling.Model, file: Path, images: np.ndarray) -> None:
    """In batches of 256 and of 1 from one file."""
    session = session_of(file)
    height, width, channels = model.input_shape
    x = (images / np.float32(255)).astype(np.float32).reshape(-1, height, width, channels)
    x = np.ascontiguousarray(x.transpose(0, 3, 1, 2))
    ours = model.logits(images)
    logits, probabilities = [], []
    for begin in range(0, len(x), 256):
        batch = session.run(["logits", "probabilities"], {"image": x[begin : begin + 256]})
        logits.append(batch[0])
        probabilities.append(batch[1])
    expect_close(np.concatenate(logits), ours)
    assert np.allclose(np.concatenate(probabilities).sum(1), 1, atol=1e-4)
    ones = [session.run(["logits"], {"image": x[i : i + 1]})[0] for i in range(50)]
    expect_close(np.concatenate(ones), ours[:50])
    for count, batch in ((len(x), 256), (50, 1)):
        if (theirs := by_node(file, x[:count], batch, len(model.class_names))) is not None:
            expect_close(theirs, ours[:count])


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_of_the_zoo(
    name: str, tmp_path: Path, digits: "dict[str, np.ndarray]", unseen: np.ndarray
) -> None:
    images, labels = digits["images"], digits["labels"]
    if name == "locator":  # reads windows of 32x32
        images, unseen = (np.pad(x, ((0, 0), (2, 2), (2, 2))) for x in (images, unseen))
    recipe = {"model": name, "epochs": 1, "batch": 64, "limit": 1000, "val_fraction": 0, "checkpoint_every": 0}
    model = inkling.train(images, labels, recipe, precision="f32")
    model.save(tmp_path / "m.safetensors")
    run_program("export", "--model", tmp_path / "m.safetensors", "--out", tmp_path / "m.onnx")
    expect_agreement(model, tmp_path / "m.onnx", unseen)


def test_the_reader(tmp_path: Path, unseen: np.ndarray) -> None:
    run_program("export", "--model", "reader", "--out", tmp_path / "reader.onnx")
    reader = inkling.Model.load(precision="f32")
    expect_agreement(reader, tmp_path / "reader.onnx", unseen)
    properties = {p.key: p.value for p in onnx.load(tmp_path / "reader.onnx").metadata_props}
    assert json.loads(properties["class_names"]) == list(reader.class_names)
    assert properties["inkling_version"] == inkling.__version__
    assert properties["input_form"] == "ink" and properties["reject_class"] == "not-a-digit"


def test_an_ensemble_and_a_model_with_views(
    tmp_path: Path, digits: "dict[str, np.ndarray]", unseen: np.ndarray
) -> None:
    for seed in (1, 2):
        recipe = {"model": "tiny", "epochs": 1, "seed": seed, "tta": True, "limit": 1000, "val_fraction": 0}
        inkling.train(digits["images"], digits["labels"], recipe).save(tmp_path / f"{seed}.safetensors")
    run_program("ensemble", tmp_path / "1.safetensors", tmp_path / "2.safetensors", "--out", tmp_path / "both")
    for model in (tmp_path / "1.safetensors", tmp_path / "both"):
        run_program("export", "--model", model, "--out", tmp_path / "m.onnx")
        expect_agreement(inkling.Model.load(model, precision="f32"), tmp_path / "m.onnx", unseen)


@pytest.mark.parametrize("opset", [13, 14, 15, 16, 17])
def test_every_opset_it_offers(opset: int, tmp_path: Path, unseen: np.ndarray) -> None:
    run_program("export", "--model", "reader", "--out", tmp_path / "m.onnx", "--opset", opset)
    expect_agreement(inkling.Model.load(precision="f32"), tmp_path / "m.onnx", unseen[:50])
    assert onnx.load(tmp_path / "m.onnx").opset_import[0].version == opset
