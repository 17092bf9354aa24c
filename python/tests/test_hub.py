"""Models from the Hugging Face Hub, played on loopback: with huggingface_hub in both directions, and misbehaving."""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import inkling
from conftest import run_program
from loopback_hub import LoopbackHub

REPOSITORY = "me/digits"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> "Iterator[LoopbackHub]":
    server = LoopbackHub()
    monkeypatch.setenv("HF_ENDPOINT", server.endpoint)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("HF_HUB_DISABLE_XET", "1")
    monkeypatch.setenv("HF_HUB_DISABLE_TELEMETRY", "1")
    for name in ("HF_TOKEN", "HF_HUB_CACHE", "HF_HUB_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    yield server
    server.close()


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("hub") / "package"
    run_program("package", "reader", "--out", made)
    return made


@pytest.fixture
def full(hub: LoopbackHub, folder: Path) -> LoopbackHub:
    """With the package in it."""
    hub.repositories[REPOSITORY] = {
        str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()
    }
    return hub


def in_python(script: str) -> str:
    """huggingface_hub reads its variables once, when it is imported: in a process of its own."""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def model_bytes(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def cache(tmp_path: Path) -> Path:
    return tmp_path / "home" / "hub" / "models--me--digits"


def test_hf_upload_uploads_it_and_both_download_the_same(hub: LoopbackHub, folder: Path, tmp_path: Path) -> None:
    command = [Path(sys.executable).parent / "hf", "upload", "--token", "hf_secret", REPOSITORY, folder]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    there = in_python(f"from huggingface_hub import snapshot_download; print(snapshot_download('{REPOSITORY}'))")
    for file in folder.rglob("*"):
        if file.is_file():
            assert (Path(there) / file.relative_to(folder)).read_bytes() == file.read_bytes()
    shutil.rmtree(tmp_path / "home")
    model = inkling.Model.load(f"hf://{REPOSITORY}")
    assert model.to_bytes() == model_bytes(folder)


def test_ours_finds_what_huggingface_hub_fetched(full: LoopbackHub, folder: Path) -> None:
    in_python(f"from huggingface_hub import snapshot_download; snapshot_download('{REPOSITORY}')")
    full.requests.clear()
    assert inkling.Model.load(f"hf://{REPOSITORY}").to_bytes() == model_bytes(folder)
    assert [request[:2] for request in full.requests] == [("hub", "HEAD")]


def test_huggingface_hub_finds_what_ours_fetched(full: LoopbackHub, folder: Path, tmp_path: Path) -> None:
    inkling.Model.load(f"hf://{REPOSITORY}")
    blobs = list((cache(tmp_path) / "blobs").iterdir())
    assert [blob.name for blob in blobs] == [hashlib.sha256(model_bytes(folder)).hexdigest()]
    full.requests.clear()
    found = in_python(
        f"from huggingface_hub import hf_hub_download; print(hf_hub_download('{REPOSITORY}', 'model.safetensors'))"
    )
    assert Path(found).resolve() == blobs[0].resolve() and not any(r[0] == "store" for r in full.requests)
    os.environ["HF_HUB_OFFLINE"] = "1"
    try:
        offline = in_python(
            f"from huggingface_hub import hf_hub_download; print(hf_hub_download('{REPOSITORY}', 'model.safetensors'))"
        )
    finally:
        del os.environ["HF_HUB_OFFLINE"]
    assert offline == found


def test_the_program_takes_a_name_of_the_hub(full: LoopbackHub, row: Path) -> None:
    assert "8305" in run_program("read", "--model", f"hf://{REPOSITORY}@main", row)


def test_offline_the_copy_is_used_and_nothing_is_asked(
    full: LoopbackHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(inkling.InputError, match="HF_HUB_OFFLINE"):
        inkling.Model.load(f"hf://{REPOSITORY}")
    monkeypatch.delenv("HF_HUB_OFFLINE")
    inkling.Model.load(f"hf://{REPOSITORY}")
    full.requests.clear()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert inkling.Model.load(f"hf://{REPOSITORY}").to_bytes() == model_bytes(folder)
    assert full.requests == []


def test_without_a_network_the_copy_is_used(full: LoopbackHub, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inkling.Model.load(f"hf://{REPOSITORY}")
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert inkling.Model.load(f"hf://{REPOSITORY}").to_bytes() == model_bytes(folder)
    with pytest.raises(inkling.InputError, match="127.0.0.1:1"):
        inkling.Model.load("hf://me/other")


def test_a_new_commit_is_fetched_and_the_old_one_stays(full: LoopbackHub, small: inkling.Model, tmp_path: Path) -> None:
    inkling.Model.load(f"hf://{REPOSITORY}")
    old = full.commit(REPOSITORY)
    full.repositories[REPOSITORY]["model.safetensors"] = small.to_bytes()
    assert inkling.Model.load(f"hf://{REPOSITORY}").name == "tiny"
    assert inkling.Model.load(f"hf://{REPOSITORY}@{old}").name == "reader"
    assert (cache(tmp_path) / "refs" / "main").read_text() == full.commit(REPOSITORY)


def test_the_token_goes_to_the_hub_and_nowhere_else(
    full: LoopbackHub, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    full.token = "hf_secret"
    with pytest.raises(inkling.InputError, match="needs a token"):
        inkling.Model.load(f"hf://{REPOSITORY}")
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    full.requests.clear()
    inkling.Model.load(f"hf://{REPOSITORY}")
    assert {request[3] for request in full.requests if request[0] == "hub"} == {"Bearer hf_secret"}
    assert {request[3] for request in full.requests if request[0] == "store"} == {None}
    monkeypatch.delenv("HF_TOKEN")
    shutil.rmtree(cache(tmp_path))
    (tmp_path / "home" / "token").write_text("hf_secret\n")
    inkling.Model.load(f"hf://{REPOSITORY}")


@pytest.mark.parametrize("status, message", [(401, "token"), (403, "no access"), (404, "no such model"), (418, "418")])
def test_what_the_hub_refuses_is_an_error(full: LoopbackHub, status: int, message: str, tmp_path: Path) -> None:
    full.trouble["statuses"] = [(status, {})]
    with pytest.raises(inkling.InputError, match=message):
        inkling.Model.load(f"hf://{REPOSITORY}")
    assert not cache(tmp_path).exists()


def test_it_waits_as_long_as_the_hub_asks(full: LoopbackHub) -> None:
    full.trouble["statuses"] = [(429, {"Retry_After": "2"})]
    begin = time.monotonic()
    inkling.Model.load(f"hf://{REPOSITORY}")
    assert 2 <= time.monotonic() - begin < 6
    full.trouble["statuses"] = [(429, {"Retry_After": "3600"})]
    begin = time.monotonic()
    with pytest.raises(inkling.InputError, match="wait 3600 s"):
        inkling.Model.load("hf://me/other")
    assert time.monotonic() - begin < 2


def test_a_download_cut_off_is_resumed(full: LoopbackHub, folder: Path) -> None:
    full.trouble["cut"] = 2
    assert inkling.Model.load(f"hf://{REPOSITORY}").to_bytes() == model_bytes(folder)
    assert sum(request[0] == "store" for request in full.requests) == 3


def test_cut_off_for_good_it_is_resumed_the_next_time(full: LoopbackHub, folder: Path, tmp_path: Path) -> None:
    full.trouble["cut"] = 3
    with pytest.raises(inkling.InputError, match="broke off"):
        inkling.Model.load(f"hf://{REPOSITORY}")
    assert not list((cache(tmp_path)).rglob("snapshots/*/*"))
    (part,) = (cache(tmp_path) / "blobs").iterdir()
    assert model_bytes(folder).startswith(part.read_bytes()) and part.stat().st_size > 0
    assert inkling.Model.load(f"hf://{REPOSITORY}").to_bytes() == model_bytes(folder)


def test_the_beginning_of_something_else_is_replaced(full: LoopbackHub, folder: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(model_bytes(folder)).hexdigest()
    (cache(tmp_path) / "blobs").mkdir(parents=True)
    (cache(tmp_path) / "blobs" / f"{digest}.inkling-part").write_bytes(b"x" * 1000)
    assert inkling.Model.load(f"hf://{REPOSITORY}").to_bytes() == model_bytes(folder)


@pytest.mark.parametrize("trouble, message", [("wrong", "hash"), ("endless", "at most")])
def test_bytes_that_were_not_promised_are_refused(
    full: LoopbackHub, trouble: str, message: str, tmp_path: Path
) -> None:
    full.trouble[trouble] = True
    with pytest.raises(inkling.InputError, match=message):
        inkling.Model.load(f"hf://{REPOSITORY}")
    assert not list((cache(tmp_path)).rglob("snapshots/*/*"))
    assert all(blob.stat().st_size == 0 for blob in (cache(tmp_path) / "blobs").iterdir())


def test_a_slow_download_arrives(full: LoopbackHub, folder: Path) -> None:
    full.trouble["slow"] = True
    assert inkling.Model.load(f"hf://{REPOSITORY}").to_bytes() == model_bytes(folder)


def test_two_processes_fetch_it_once(full: LoopbackHub) -> None:
    full.trouble["slow"] = True
    command = [os.environ["INKLING_PROGRAM"], "export", "--model", f"hf://{REPOSITORY}", "--out", "/dev/null.onnx"]
    running = [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(3)]
    for process in running:
        process.wait(timeout=60)
    assert sum(request[0] == "store" for request in full.requests) == 1


@pytest.mark.parametrize("name", ["me", "me/", "/digits", "me/digits@", "me/../x", "me/digits@../x", "a/b/c", "me/di gits"])
def test_malformed_names_are_refused(hub: LoopbackHub, name: str) -> None:
    with pytest.raises(inkling.InputError, match="hf://OWNER/NAME"):
        inkling.Model.load(f"hf://{name}")
    assert hub.requests == []


def test_any_url_of_a_model_file(full: LoopbackHub, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    digest = hashlib.sha256(model_bytes(folder)).hexdigest()
    full.large[digest] = model_bytes(folder)
    url = f"{full.store}/somewhere/{digest}"
    assert inkling.Model.load(url).to_bytes() == model_bytes(folder)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    full.requests.clear()
    assert inkling.Model.load(url).to_bytes() == model_bytes(folder)
    assert full.requests == []
    with pytest.raises(inkling.InputError, match="not in the cache"):
        inkling.Model.load(url + "0")
