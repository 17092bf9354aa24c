"""`inkling package`: a Hugging Face model repository, run by the snippets of its own card."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Callable

import numpy as np
import pytest
from huggingface_hub import ModelCard
from PIL import Image, ImageDraw

from conftest import SOURCE, run_program

WEB = SOURCE / "tests" / "web" / "run"


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of a fresh run, moved away from where it was made; its data and its run are gone."""
    work = tmp_path_factory.mktemp("package")
    run_program("data", "synth", "--out", work / "data" / "pen", "--count", 3000, "--seed", 7)
    named = ("--data-dir", work / "data")
    run_program(
        "train", "--dataset", "pen", *named, "--model", "tiny", "--epochs", 3, "--lr", 5e-3, "--out", work / "run"
    )
    run_program("evaluate", "--model", work / "run", *named, "--robustness")
    run_program("report", work / "run", *named)
    run_program("package", work / "run", "--out", work / "made" / "digits", *named)
    moved = tmp_path_factory.mktemp("elsewhere") / "digits"
    shutil.move(work / "made" / "digits", moved)
    shutil.rmtree(work)
    return moved


def snippet(folder: Path, language: str, index: int = 0) -> str:
    return re.findall(rf"```{language}\n(.*?)```", (folder / "README.md").read_text(), re.S)[index]


def label_and_score(text: str) -> "tuple[str, float]":
    label, score = text.strip().rsplit(" ", 1)
    return label, float(score)


def by_command_line(folder: Path) -> "tuple[str, float]":
    words = snippet(folder, "sh").split()
    assert words[0] == "inkling"
    found = json.loads(run_program(*words[1:], "--json", cwd=folder))
    return found["label"], found["confidence"]


def by_python(folder: Path, index: int) -> "tuple[str, float]":
    import sys

    done = subprocess.run(
        [sys.executable, "-c", snippet(folder, "python", index)], cwd=folder, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return label_and_score(done.stdout)


def by_javascript(folder: Path, place: str) -> "tuple[str, float]":
    done = subprocess.run([WEB, "classify_package.mjs", place, folder], capture_output=True, text=True)
    if done.returncode == 77:
        pytest.skip(done.stdout)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return found["label"], found["score"]


def by_compiler(folder: Path, language: str, tmp_path: Path) -> "tuple[str, float]":
    library = Path(os.environ["INKLING_LIBRARY"]).parent
    compiler = {"c": ["cc", "-std=c11"], "cpp": ["c++", "-std=c++20"]}[language]
    source = tmp_path / f"snippet.{language}"
    source.write_text(snippet(folder, language))
    flags = ["-I", str(SOURCE / "include"), f"-L{library}", "-linkling", f"-Wl,-rpath,{library}"]
    warnings = ["-Wall", "-Wextra", "-Werror"]
    subprocess.run([*compiler, *warnings, source, *flags, "-o", tmp_path / "snippet"], check=True)
    done = subprocess.run([tmp_path / "snippet"], cwd=folder, capture_output=True, text=True, check=True)
    return label_and_score(done.stdout)


def expect_agreement(folder: Path, tmp_path: Path) -> None:
    label, score = by_command_line(folder)
    ways: "dict[str, Callable[[], tuple[str, float]]]" = {
        "Python": lambda: by_python(folder, 0),
        "ONNX Runtime": lambda: by_python(folder, 1),
        "Node": lambda: by_javascript(folder, "node"),
        "Chromium": lambda: by_javascript(folder, "chromium"),
        "C": lambda: by_compiler(folder, "c", tmp_path),
        "C++": lambda: by_compiler(folder, "cpp", tmp_path),
    }
    for name, way in ways.items():
        found = way()
        assert found[0] == label and abs(found[1] - score) < 1e-4, (name, found, (label, score))


def test_every_snippet_of_the_card_runs_and_agrees(package: Path, tmp_path: Path) -> None:
    expect_agreement(package, tmp_path)


def test_the_hub_s_own_tools_read_the_card(package: Path) -> None:
    card = ModelCard.load(package / "README.md")
    metrics = json.loads((package / "metrics.json").read_text())
    data = card.data
    assert data.license == "mit" and data.library_name == "inkling" and data.pipeline_tag == "image-classification"
    assert data.model_name == "run"
    results = {result.metric_type: result for result in data.eval_results}
    assert results["accuracy"].metric_value == metrics["accuracy"]
    assert results["f1"].metric_value == metrics["macro"]["f1"]
    assert results["accuracy"].dataset_name == "pen" and results["accuracy"].task_type == "image-classification"
    assert "model-index" in data.to_dict()
    for part in ("Intended use and limits", "Preprocessing", "Evaluation", "Calibration", "Robustness", "Cost"):
        assert f"\n## {part}\n" in card.text
    assert "| shot\\_noise |" in card.text


def test_its_tags_are_the_hub_s(package: Path) -> None:
    done = subprocess.run([WEB, "hub_tags_test.mjs", package], capture_output=True, text=True)
    if done.returncode == 77:
        pytest.skip(done.stdout)
    assert done.returncode == 0, done.stderr


def test_nothing_in_it_names_the_machine_it_was_made_on(package: Path) -> None:
    for file in package.rglob("*"):
        if file.suffix in (".md", ".json"):
            assert "/tmp" not in file.read_text() and str(SOURCE) not in file.read_text(), file


def edited(path: Path, change: "Callable[[str], str]") -> None:
    before = path.read_text()
    after = change(before)
    assert after != before
    path.write_text(after)


def edited_json(path: Path, change: "Callable[[dict], object]") -> None:
    document = json.loads(path.read_text())
    change(document)
    path.write_text(json.dumps(document))


FAULTS: "dict[str, tuple[Callable[[Path], object], str]]" = {
    "no card": (lambda p: (p / "README.md").unlink(), "README.md"),
    "no licence": (lambda p: (p / "LICENSE").unlink(), "LICENSE"),
    "an empty licence": (lambda p: (p / "LICENSE").write_text("\n"), "LICENSE: is empty"),
    "no weights": (lambda p: (p / "model.safetensors").unlink(), "model.safetensors"),
    "weights cut off": (
        lambda p: (p / "model.safetensors").write_bytes((p / "model.safetensors").read_bytes()[:-4]),
        "model.safetensors",
    ),
    "weights of another model": (
        lambda p: run_program("export", "--model", "reader", "--out", p / "model.safetensors"),
        "id2label",
    ),
    "no ONNX": (lambda p: (p / "model.onnx").unlink(), "model.onnx"),
    "ONNX with another byte": (
        lambda p: (p / "onnx" / "model.onnx").write_bytes((p / "onnx" / "model.onnx").read_bytes()[:-1] + b"x"),
        "onnx/model.onnx",
    ),
    "ONNX files exchanged": (lambda p: shutil.copy(p / "model.onnx", p / "onnx" / "model.onnx"), "onnx/model.onnx"),
    "configuration that is no JSON": (lambda p: edited(p / "config.json", lambda t: t[:-5]), "config.json"),
    "a class with another name": (
        lambda p: edited_json(p / "config.json", lambda d: d["id2label"].update({"3": "three"})),
        "config.json: id2label",
    ),
    "indices that are not the names'": (
        lambda p: edited_json(p / "config.json", lambda d: d["label2id"].update({"3": 4})),
        "config.json: label2id",
    ),
    "an architecture transformers.js does not know": (
        lambda p: edited_json(p / "config.json", lambda d: d.update(model_type="inkling")),
        "config.json: model_type",
    ),
    "another size": (
        lambda p: edited_json(p / "preprocessor_config.json", lambda d: d["size"].update(height=32)),
        "preprocessor_config.json: size",
    ),
    "normalised twice": (
        lambda p: edited_json(p / "preprocessor_config.json", lambda d: d.update(do_normalize=True)),
        "preprocessor_config.json: do_normalize",
    ),
    "results of other weights": (
        lambda p: edited_json(p / "metrics.json", lambda d: d.update(weights_sha256="0" * 64)),
        "metrics.json: weights_sha256",
    ),
    "an accuracy nobody measured": (
        lambda p: edited(p / "README.md", lambda t: re.sub(r'"type":"accuracy","value":[0-9.]+', '"type":"accuracy","value":0.9999', t)),
        "README.md: model-index",
    ),
    "no front matter": (lambda p: edited(p / "README.md", lambda t: t.split("---\n", 2)[2]), "front matter"),
    "no licence in the front matter": (
        lambda p: edited(p / "README.md", lambda t: t.replace("license: mit\n", "")),
        "license",
    ),
    "another task": (
        lambda p: edited(p / "README.md", lambda t: t.replace("pipeline_tag: image-", "pipeline_tag: text-")),
        "pipeline_tag",
    ),
    "a figure that is not there": (lambda p: (p / "figures" / "confusion_matrix.png").unlink(), "confusion_matrix.png"),
    "no example": (lambda p: (p / "example.png").unlink(), "example.png"),
    "large files in git": (lambda p: (p / ".gitattributes").write_text("*.png filter=lfs\n"), ".gitattributes"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_check_catches(fault: str, package: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(package, copy)
    run_program("package", "--check", copy)
    plant, message = FAULTS[fault]
    plant(copy)
    done = subprocess.run([os.environ["INKLING_PROGRAM"], "package", "--check", copy], capture_output=True, text=True)
    assert done.returncode == 1 and message in done.stderr, done.stderr


def test_a_folder_of_something_else_is_not_replaced(tmp_path: Path, package: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "precious" / "thesis.txt").write_text("years of work")
    done = subprocess.run(
        [os.environ["INKLING_PROGRAM"], "package", package, "--out", tmp_path / "precious"], capture_output=True, text=True
    )
    assert done.returncode == 2 and "something else" in done.stderr
    assert (tmp_path / "precious" / "thesis.txt").exists() and len(list(tmp_path.iterdir())) == 1
    run_program("package", package, "--out", tmp_path / "new")
    run_program("package", "reader", "--out", tmp_path / "new")
    run_program("package", "--check", tmp_path / "new")


def test_the_reader_as_a_package_runs_too(tmp_path: Path) -> None:
    run_program("package", "reader", "--out", tmp_path / "reader")
    expect_agreement(tmp_path / "reader", tmp_path)


def draw_shapes(folder: Path) -> None:
    """Three classes of coloured shapes, 60 pictures each, of many sizes."""
    random = np.random.default_rng(5)
    for name in ("circle", "square", "two words"):
        (folder / name).mkdir(parents=True)
        for i in range(60):
            side = int(random.integers(40, 90))
            image = Image.new("RGB", (side, side), tuple(random.integers(150, 255, 3)))
            draw = ImageDraw.Draw(image)
            x, y, size = side * random.uniform(0.15, 0.4), side * random.uniform(0.15, 0.4), side * 0.45
            colour = tuple(int(v) for v in random.integers(0, 120, 3))
            if name == "circle":
                draw.ellipse((x, y, x + size, y + size), fill=colour)
            elif name == "square":
                draw.rectangle((x, y, x + size, y + size), fill=colour)
            else:
                draw.line((x, y, x + size, y + size), fill=colour, width=side // 8)
            image.save(folder / name / f"{i}.png")


def test_not_only_digits(tmp_path: Path) -> None:
    """A folder of colour pictures, from training over the report to a package that transformers.js runs."""
    draw_shapes(tmp_path / "shapes")
    (tmp_path / "net.toml").write_text(
        'name = "shapes"\ninput = [32, 32, 3]\nclasses = 3\nlayers = [\n'
        '  { type = "conv", filters = 16, padding = "same" }, { type = "batch_norm" }, { type = "relu" },\n'
        '  { type = "max_pool" }, { type = "conv", filters = 32 }, { type = "batch_norm" }, { type = "relu" },\n'
        '  { type = "global_average_pool" }, { type = "dense", units = 3 },\n]\n'
    )
    run = tmp_path / "run"
    pictures = ("--pictures", tmp_path / "shapes")
    run_program("train", *pictures, "--model", tmp_path / "net.toml", "--epochs", 20, "--batch", 16, "--lr", 5e-3, "--out", run)
    run_program("report", run)
    run_program("package", run, "--out", tmp_path / "shapes-package")
    config = json.loads((tmp_path / "shapes-package" / "config.json").read_text())
    assert list(config["label2id"]) == ["circle", "square", "two words"]
    assert json.loads((tmp_path / "shapes-package" / "metrics.json").read_text())["accuracy"] > 0.8
    expect_agreement(tmp_path / "shapes-package", tmp_path)
