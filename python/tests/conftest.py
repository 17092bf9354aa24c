"""What the tests share: the program, images, a small trained model."""

import os
import subprocess
from pathlib import Path

import numpy as np
import pytest

import inkling

SOURCE = Path(__file__).resolve().parents[2]


def run_program(*words: object, **options: object) -> str:
    """The program's standard output; fails the test if it fails."""
    command = [os.environ["INKLING_PROGRAM"], *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, **options)
    assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session")
def digits(tmp_path_factory: pytest.TempPathFactory) -> "dict[str, np.ndarray]":
    """Digits drawn by the program: `images` (3000, 28, 28) and `labels`, in a folder that --images takes."""
    folder = tmp_path_factory.mktemp("digits")
    run_program("data", "synth", "--out", folder, "--count", 3000, "--seed", 7)
    return {"images": read_idx(folder, "images", 16).reshape(-1, 28, 28), "labels": read_idx(folder, "labels", 8)}


@pytest.fixture(scope="session")
def unseen(digits: "dict[str, np.ndarray]") -> np.ndarray:
    """1,000 images: of MNIST's test set or, where it is not at hand, drawn ones."""
    import gzip

    file = Path(os.environ.get("INKLING_DATA", "data")) / "mnist" / "t10k-images-idx3-ubyte.gz"
    if not file.exists():
        return digits["images"][-1000:]
    return np.frombuffer(gzip.decompress(file.read_bytes()), np.uint8, offset=16).reshape(-1, 28, 28)[:1000]


def read_idx(folder: Path, what: str, header: int) -> np.ndarray:
    import gzip

    file = next(folder.rglob(f"train-{what}-*"))
    raw = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    return np.frombuffer(raw, np.uint8, offset=header)


@pytest.fixture(scope="session")
def small(digits: "dict[str, np.ndarray]") -> inkling.Model:
    """A network that has learned the drawn digits a little."""
    recipe = {"model": "tiny", "epochs": 3, "batch": 64, "seed": 3, "lr": 5e-3}
    return inkling.train(digits["images"], digits["labels"], recipe, threads=1, precision="f32")


@pytest.fixture
def row() -> Path:
    """A picture of 8305."""
    return SOURCE / "tests" / "library" / "8305.png"
