"""Model files and the safetensors package: each reads the other's, and malformed files are refused by both."""

import json
import struct
from pathlib import Path
from typing import Any, Callable

import numpy as np
import pytest
import safetensors
import safetensors.numpy

import inkling
from conftest import run_program

BYTES = {"F32": 4, "F16": 2, "BF16": 2, "I8": 1}


def parts_of(file: bytes) -> "tuple[dict[str, Any], bytes]":
    (length,) = struct.unpack("<Q", file[:8])
    return json.loads(file[8 : 8 + length]), file[8 + length :]


def file_of(header: Any, data: bytes) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_the_package_reads_ours(small: inkling.Model) -> None:
    tensors = safetensors.numpy.load(small.to_bytes())
    assert sum(tensor.size for tensor in tensors.values()) == small.parameters
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16", "I8"])
def test_smaller_weights_are_read_by_the_package_and_by_us(
    dtype: str, tmp_path: Path, small: inkling.Model, digits: "dict[str, np.ndarray]"
) -> None:
    small.save(tmp_path / "m.safetensors")
    run_program("export", "--model", tmp_path / "m.safetensors", "--out", tmp_path / "s.safetensors", "--dtype", dtype)
    with safetensors.safe_open(tmp_path / "s.safetensors", "numpy") as file:
        assert {file.get_slice(name).get_dtype() for name in file.keys()} <= {dtype, "F32"}
        assert file.metadata()["format"] == "inkling"
    back = inkling.Model.load(tmp_path / "s.safetensors", precision="f32")
    p, q = small.predict_proba(digits["images"]), back.predict_proba(digits["images"])
    assert np.abs(p - q).max() < {"F32": 1e-7, "F16": 5e-3, "BF16": 5e-2, "I8": 8e-2}[dtype]
    assert (p.argmax(1) == q.argmax(1)).mean() > 0.99


@pytest.mark.parametrize("dtype", ["F32", "F16", "BF16"])
def test_we_read_what_the_package_writes(
    dtype: str, small: inkling.Model, digits: "dict[str, np.ndarray]"
) -> None:
    import ml_dtypes

    numbers = {"F32": np.float32, "F16": np.float16, "BF16": ml_dtypes.bfloat16}[dtype]
    metadata = parts_of(small.to_bytes())[0]["__metadata__"]
    tensors = safetensors.numpy.load(small.to_bytes())
    written = safetensors.numpy.save({name: tensor.astype(numbers) for name, tensor in tensors.items()}, metadata)
    assert {entry["dtype"] for name, entry in parts_of(written)[0].items() if name != "__metadata__"} == {dtype}
    back = inkling.Model.from_bytes(written, precision="f32")
    theirs = safetensors.numpy.load(back.to_bytes())
    for name, tensor in tensors.items():
        assert np.array_equal(theirs[name], tensor.astype(numbers).astype(np.float32))


def malformed(small: inkling.Model) -> "list[tuple[str, bytes]]":
    """Files that are no safetensors, each from a good one by one change."""
    good = small.to_bytes()
    header, data = parts_of(good)
    names = [name for name in header if name != "__metadata__"]
    first, second = names[0], names[1]
    bad: "list[tuple[str, bytes]]" = []

    def raw(what: str, file: bytes) -> None:
        bad.append((what, file))

    def changed(what: str, change: "Callable[[dict[str, Any]], None]", more: bytes = b"", less: int = 0) -> None:
        copy = json.loads(json.dumps(header))
        change(copy)
        bad.append((what, file_of(copy, data[: len(data) - less] + more)))

    def field(what: str, name: str, value: Any) -> None:
        changed(f"{name} {what}", lambda h: h[first].__setitem__(name, value))

    for length in (0, 1, 7, 8, 9, 100, 8 + len(json.dumps(header)) // 2, len(good) - 1, len(good) // 2):
        raw(f"cut to {length} bytes", good[:length])
    for claim in (0, 1, 2**31, 2**63, 2**64 - 1, len(good), len(good) - 7):
        raw(f"header of {claim} bytes claimed", struct.pack("<Q", claim) + good[8:])
    for text in (b"", b"[]", b"null", b"1", b'"a"', b"{", b"{}x", b"{'a':1}", b'{"a":}', b"\xff\xfe", b"{" * 200, b"{,}"):
        raw(f"header {text[:10]!r}", file_of(text, data))
    for value in ("F64", "I64", "U8", "BOOL", "f32", "", 3, None, ["F32"]):
        field(repr(value), "dtype", value)
    for value in (None, 3, "3", [-1], [1.5], ["3"], [[3]], [2**62, 4], [2**64], [3], [0]):
        field(repr(value), "shape", value)
    for value in (None, 0, [0], [0, 1, 2], [0, 3], [4, 0], [-4, 0], [0, 2**64], ["0", "4"], [0.0, 4.0], [8, 12]):
        field(repr(value), "data_offsets", value)
    for name in ("dtype", "shape", "data_offsets"):
        changed(f"without {name}", lambda h, name=name: h[first].pop(name))
    changed("an entry that is a number", lambda h: h.__setitem__(first, 3))
    changed("a tensor less", lambda h: h.pop(names[-1]))
    changed("two tensors in one place", lambda h: h[second].__setitem__("data_offsets", h[first]["data_offsets"]))
    changed("a byte more", lambda h: None, more=b"\0")
    changed("four bytes less", lambda h: None, less=4)
    changed("metadata that are a list", lambda h: h.__setitem__("__metadata__", []))
    changed("metadata that hold a number", lambda h: h["__metadata__"].__setitem__("x", 1))
    twice = json.dumps(header)[:-1] + f', "{first}": {json.dumps(header[first])}}}'
    raw("a name twice", file_of(twice.encode(), data))
    return bad


def test_malformed_files_are_refused_with_messages(tmp_path: Path, small: inkling.Model) -> None:
    files = malformed(small)
    assert len(files) >= 60
    path = tmp_path / "bad.safetensors"
    for what, file in files:
        path.write_bytes(file)
        with pytest.raises(inkling.InputError, match="bad.safetensors"):
            inkling.Model.load(path)
            pytest.fail(f"taken: {what}")


def test_what_the_package_refuses_we_refuse(small: inkling.Model) -> None:
    """And most of it the other way round: it lets a few of ours pass."""
    refused = 0
    for _, file in malformed(small):
        try:
            safetensors.deserialize(file)
        except Exception:  # of several kinds
            refused += 1
    assert refused > 50


def test_sound_files_of_other_networks_are_refused(tmp_path: Path, small: inkling.Model) -> None:
    header, data = parts_of(small.to_bytes())
    for key in ("network", "class_names", "input_mean"):
        copy = json.loads(json.dumps(header))
        del copy["__metadata__"][key]
        with pytest.raises(inkling.InputError, match=key):
            inkling.Model.from_bytes(file_of(copy, data))
    stranger = safetensors.numpy.save({"weight": np.zeros(3, np.float32)})
    with pytest.raises(inkling.InputError, match="not an Inkling model"):
        inkling.Model.from_bytes(stranger)
