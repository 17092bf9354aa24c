#!/usr/bin/env python3
"""The Python package beside the program and scikit-learn, in one sitting.

    INKLING_LIBRARY=build/release/lib/libinkling.so PYTHONPATH=python build/venv/bin/python bench/python_bench.py PROGRAM

MNIST in $INKLING_DATA. Prints: images/s of two threads on one model beside two processes; seconds of one training from
NumPy beside the program's; accuracy and seconds of the estimator beside scikit-learn's with their default settings.
"""

import gzip
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.neural_network import MLPClassifier

import inkling

ROUNDS = 3


def load(name: str, header: int) -> np.ndarray:
    file = Path(os.environ["INKLING_DATA"]) / "mnist" / f"{name}.gz"
    return np.frombuffer(gzip.decompress(file.read_bytes()), np.uint8, offset=header)


def predict_for(seconds: float, counts: "list[int]", begin: threading.Barrier) -> None:
    model = inkling.Model.load(threads=1)
    images = load("t10k-images-idx3-ubyte", 16).reshape(-1, 28, 28)[:2000]
    model.predict_proba(images)
    begin.wait()
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        model.predict_proba(images)
        counts[0] += len(images)


def two_threads(seconds: float) -> float:
    counts, begin = ([0], [0]), threading.Barrier(2)
    threads = [threading.Thread(target=predict_for, args=(seconds, count, begin)) for count in counts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (counts[0][0] + counts[1][0]) / seconds


def one_process(seconds: float, begin: "multiprocessing.synchronize.Barrier", rates: "multiprocessing.Queue[float]") -> None:
    count = [0]
    predict_for(seconds, count, begin)  # type: ignore[arg-type]
    rates.put(count[0] / seconds)


def two_processes(seconds: float) -> float:
    context = multiprocessing.get_context("spawn")
    begin, rates = context.Barrier(2), context.Queue()
    processes = [context.Process(target=one_process, args=(seconds, begin, rates)) for _ in range(2)]
    for process in processes:
        process.start()
    total = rates.get() + rates.get()
    for process in processes:
        process.join()
    return total


def main(program: str) -> None:
    threads, processes = [], []
    for _ in range(ROUNDS):
        threads.append(two_threads(5))
        processes.append(two_processes(5))
    a, b = statistics.median(threads), statistics.median(processes)
    print(f"two threads {a:,.0f} images/s, two processes {b:,.0f}: {a / b:.2f}")

    ours, theirs = [], []
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "run"
            begin = time.monotonic()
            words = ["--dataset", "mnist", "--model", "cnn3", "--epochs", "1", "--checkpoint-every", "0", "--out", out]
            subprocess.run([program, "train", *map(str, words)], check=True, capture_output=True)
            theirs.append(time.monotonic() - begin)
        begin = time.monotonic()
        images, labels = load("train-images-idx3-ubyte", 16).reshape(-1, 28, 28), load("train-labels-idx1-ubyte", 8)
        inkling.train(images, labels, {"model": "cnn3", "epochs": 1})
        ours.append(time.monotonic() - begin)
    a, b = statistics.median(ours), statistics.median(theirs)
    print(f"cnn3, one epoch, reading the files too: from NumPy {a:.2f} s, the program {b:.2f} s: {a / b:.3f}")

    X, y = load("train-images-idx3-ubyte", 16).reshape(-1, 784), load("train-labels-idx1-ubyte", 8)
    X_test, y_test = load("t10k-images-idx3-ubyte", 16).reshape(-1, 784), load("t10k-labels-idx1-ubyte", 8)
    for name, estimator, scale in (
        ("inkling.Classifier(n_jobs=-1)", inkling.Classifier(random_state=0, n_jobs=-1), 1),
        ("MLPClassifier()", MLPClassifier(random_state=0), 255),
        ("RandomForestClassifier(n_jobs=-1)", RandomForestClassifier(random_state=0, n_jobs=-1), 255),
    ):
        begin = time.monotonic()
        estimator.fit(X if scale == 1 else X / scale, y)
        seconds = time.monotonic() - begin
        accuracy = estimator.score(X_test if scale == 1 else X_test / scale, y_test)
        print(f"{name}: {100 * accuracy:.2f} % in {seconds:.1f} s")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
