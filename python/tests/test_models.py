"""Model: arrays, pictures, files, threads."""

import array
import copy
import pickle
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import inkling


def test_the_built_in_reader_reads_pictures_however_they_come(row: Path) -> None:
    reader = inkling.Model.load()
    assert reader.class_names[-1] == "not-a-digit" and reader.refuses and reader.reads_ink
    image = Image.open(row)
    for picture in (row, str(row), row.read_bytes(), image, image.convert("RGB"), image.convert("RGBA")):
        reading = reader.read(picture)
        assert reading.text == "8305" and reading.reason is None
    assert [digit.digit for digit in reading.digits] == [8, 3, 0, 5]
    assert reading.digits[1].box.x > reading.digits[0].box.x


def test_one_picture_gives_one_prediction_and_a_list_gives_an_array(row: Path) -> None:
    reader = inkling.Model.load()
    three = Image.open(row).crop((80, 0, 165, 120))
    assert reader.predict(three) == 3
    assert reader.predict_proba(three).shape == (11,)
    assert reader.predict([three, three]).tolist() == [3, 3]
    assert reader.predict_proba([three, three]).shape == (2, 11)
    found = reader.predict_picture(three)
    assert found.label == "3" and found.box is not None and found.confidence is not None


def test_nothing_is_refused_with_a_reason() -> None:
    reader = inkling.Model.load()
    blank = Image.new("L", (60, 80), 230)
    found = reader.predict_picture(blank)
    assert (found.digit, found.label, found.confidence, found.reason) == (-1, None, None, "blank")
    assert reader.predict(blank) == -1 and reader.predict_proba(blank).sum() == 0
    assert reader.read(blank).text == "" and reader.read(blank).reason == "blank"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"])
def test_every_mode_of_pil_is_taken(row: Path, mode: str) -> None:
    grey = Image.open(row).convert("L")
    if mode == "I;16":
        image = Image.fromarray((np.asarray(grey).astype(np.uint16) * 257))
    elif mode == "PA":
        image = grey.convert("P").convert("PA")
    else:
        image = (grey.convert("RGB") if mode == "HSV" else grey).convert(mode)
    assert inkling.Model.load().read(image).text == "8305"


def test_exif_orientation_of_pil_images_counts(row: Path) -> None:
    image = Image.open(row).convert("RGB").transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    image.info["exif"] = exif.tobytes()
    image.getexif()[0x0112] = 6
    assert inkling.Model.load().read(image).text == "8305"


def test_arrays_of_every_shape_and_type_give_the_same(small: inkling.Model, digits: "dict[str, np.ndarray]") -> None:
    images = digits["images"][:50]
    expected = small.predict_proba(images)
    assert expected.shape == (50, 10) and np.allclose(expected.sum(axis=1), 1, atol=1e-5)
    floats = (images / np.float32(255)).astype(np.float32)
    for x in (
        images.reshape(50, 784),
        images[:, None],
        images[..., None],
        floats,
        floats.astype(np.float64),
        images.astype(np.int64),
        np.asfortranarray(images),
        np.repeat(images, 2, axis=0)[::2],
        images.tolist(),
        memoryview(np.ascontiguousarray(images)),
    ):
        assert np.array_equal(small.predict_proba(x), expected)
    assert np.array_equal(small.predict_proba(images[7]), expected[7:8])
    assert np.array_equal(small.predict(images), expected.argmax(axis=1))
    assert np.allclose(np.exp(small.logits(images)) / np.exp(small.logits(images)).sum(1, keepdims=True), expected, atol=1e-5)
    assert small.predict(images[:0]).shape == (0,)


def test_the_buffer_and_array_protocols_are_taken(small: inkling.Model, digits: "dict[str, np.ndarray]") -> None:
    image = digits["images"][3]

    class Wrapped:
        def __array__(self, dtype: object = None, copy: object = None) -> np.ndarray:
            return image[None]

    assert small.predict(Wrapped()) == small.predict(image)
    flat = memoryview(array.array("B", image.tobytes())).cast("B", (28, 28))
    assert small.predict(flat) == small.predict(image)


def test_contiguous_arrays_are_not_copied(digits: "dict[str, np.ndarray]") -> None:
    from inkling._inputs import as_images

    images = np.ascontiguousarray(digits["images"])
    assert np.shares_memory(as_images(images, 28, 28, 1), images)
    floats = np.zeros((5, 1, 28, 28), np.float32)
    assert np.shares_memory(as_images(floats, 28, 28, 1), floats)


@pytest.mark.parametrize(
    "x, message",
    [
        (np.zeros((3, 27, 28), np.uint8), "(3, 27, 28)"),
        (np.zeros((3, 783), np.uint8), "(3, 783)"),
        (np.full((1, 784), 256), "256"),
        (np.full((1, 784), 255.0), "expected floats from 0 to 1"),
        (np.full((1, 784), np.nan), "nan"),
        (np.full((1, 784), -0.5), "-0.5"),
        (np.full((1, 784), 1j), "complex"),
        (np.full((1, 784), "a"), "U1"),
        (None, "object"),
    ],
)
def test_what_is_no_image_is_refused(small: inkling.Model, x: object, message: str) -> None:
    with pytest.raises(inkling.ArgumentError, match=".*") as caught:
        small.predict(x)
    assert message in str(caught.value) and isinstance(caught.value, ValueError)


def test_errors_are_typed(tmp_path: Path, small: inkling.Model) -> None:
    with pytest.raises(inkling.InputError, match="nowhere"):
        inkling.Model.load(tmp_path / "nowhere")
    with pytest.raises(inkling.InputError):
        inkling.Model.from_bytes(b"nonsense")
    with pytest.raises(inkling.ArgumentError, match="quantum"):
        inkling.Model.load(isa="quantum")
    with pytest.raises(inkling.MachineError):
        small.save(tmp_path / "none" / "m.safetensors")
    with pytest.raises(inkling.InputError):
        inkling.Model.load().predict(b"not a picture")
    with pytest.raises(FileNotFoundError):
        inkling.Model.load().read(tmp_path / "nowhere.png")
    with pytest.raises(inkling.ArgumentError, match="path, bytes or a PIL image"):
        inkling.Model.load().read(np.zeros((28, 28)))
    assert issubclass(inkling.InputError, inkling.InklingError)


def test_models_are_saved_loaded_pickled_and_copied(
    tmp_path: Path, small: inkling.Model, digits: "dict[str, np.ndarray]"
) -> None:
    small.save(tmp_path / "m.safetensors")
    images = digits["images"][:20]
    expected = small.predict_proba(images)
    for other in (
        inkling.Model.load(tmp_path / "m.safetensors", precision="f32"),
        inkling.Model.from_bytes(small.to_bytes(), precision="f32"),
        pickle.loads(pickle.dumps(small)),
        copy.deepcopy(small),
    ):
        assert np.array_equal(other.predict_proba(images), expected)
        assert other.class_names == small.class_names


def test_threads_run_at_the_same_time() -> None:
    """While one thread computes, Python goes on in another: the GIL is released."""
    model = inkling.Model.load(threads=1)
    images = np.zeros((20000, 784), np.uint8)
    done = threading.Event()

    def work() -> None:
        model.predict_proba(images)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    ticks = 0
    while not done.is_set():
        time.sleep(0.001)
        ticks += 1
    thread.join()
    assert ticks > 20


def test_the_package_is_typed() -> None:
    import subprocess

    package = Path(inkling.__file__).parent
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", str(package)],
        capture_output=True,
        text=True,
        cwd=package.parent,
    )
    assert done.returncode == 0, done.stdout
    assert (package / "py.typed").exists()


def test_the_version_is_the_program_s() -> None:
    from conftest import run_program

    assert inkling.__version__ in run_program("--version")
