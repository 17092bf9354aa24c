#!/usr/bin/python3
"""cnn3 and keras in PyTorch, trained and asked as bench/run asks Inkling: MNIST in memory, batch 128,
Adam 1e-3, 60,000 images an epoch, no augmentation. Prints one JSON object.

Settings are the fastest found for two cores with PyTorch 1.13 (Debian): channels last and foreach
Adam in f32, a scripted model under autocast in bf16; `--plain` is PyTorch as people install it.
"""
import argparse
import gzip
import json
import os
import resource
import statistics
import time

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

BATCH, INFER_BATCH = 128, 256


def read_idx(folder, name, header):
    for suffix, opener in (("", open), (".gz", gzip.open)):
        path = os.path.join(folder, name + suffix)
        if os.path.exists(path):
            with opener(path, "rb") as file:
                return np.frombuffer(file.read(), np.uint8)[header:].copy()
    raise SystemExit(f"{folder}: no {name} and no {name}.gz")


def load_mnist(folder, images, labels):
    pixels = read_idx(folder, images, 16).reshape(-1, 1, 28, 28)
    x = (torch.from_numpy(pixels).float().div_(255) - 0.1307) / 0.3081
    return x, torch.from_numpy(read_idx(folder, labels, 8).astype(np.int64))


def block(channels_in, channels_out, pool):
    layers = [nn.Conv2d(channels_in, channels_out, 3, padding=1), nn.BatchNorm2d(channels_out),
              nn.ReLU(inplace=True)]
    return layers + ([nn.MaxPool2d(2)] if pool else [])


def make_network(name):
    if name == "cnn3":
        return nn.Sequential(
            *block(1, 32, True), *block(32, 64, True), *block(64, 128, False), nn.Flatten(),
            nn.Linear(6272, 128), nn.ReLU(inplace=True), nn.Dropout(0.5),
            nn.Linear(128, 64), nn.ReLU(inplace=True), nn.Dropout(0.3), nn.Linear(64, 10))
    return nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 3), nn.ReLU(inplace=True), nn.MaxPool2d(2),
        nn.Flatten(), nn.Dropout(0.5), nn.Linear(1600, 10))


class Peer:
    def __init__(self, options):
        torch.manual_seed(0)
        torch.set_num_threads(options.threads)
        self.bf16 = options.precision == "bf16"
        self.layout = torch.contiguous_format if options.plain else torch.channels_last
        self.model = make_network(options.model).to(memory_format=self.layout)
        self.forward = torch.jit.script(self.model) if self.bf16 else self.model
        self.optimiser = torch.optim.Adam(self.model.parameters(), lr=1e-3,
                                          foreach=not options.plain and not self.bf16)

    def autocast(self):
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self.bf16)

    def step(self, x, y):
        x = x.contiguous(memory_format=self.layout)
        self.optimiser.zero_grad(set_to_none=True)
        with self.autocast():
            out = self.forward(x)
        F.cross_entropy(out.float(), y).backward()
        self.optimiser.step()

    def train(self, x, y, epochs):
        """Seconds of each epoch."""
        seconds = []
        for _ in range(epochs):
            start = time.perf_counter()
            order = torch.randperm(len(x))
            for first in range(0, len(x), BATCH):
                chosen = order[first:first + BATCH]
                self.step(x[chosen], y[chosen])
            seconds.append(time.perf_counter() - start)
        return seconds

    def frozen(self, example):
        """The fastest form of the model found for inference."""
        self.model.eval()
        with torch.no_grad(), self.autocast():
            traced = torch.jit.trace(self.model, example, check_trace=False)
            made = torch.jit.freeze(traced) if self.bf16 else torch.jit.optimize_for_inference(traced)
            for _ in range(3):
                made(example)
        return made

    def infer(self, x):
        x = x.contiguous(memory_format=self.layout)
        many, one = self.frozen(x[:INFER_BATCH]), self.frozen(x[:1])
        rates, latencies = [], []
        with torch.no_grad(), self.autocast():
            for _ in range(5):
                start = time.perf_counter()
                for first in range(0, len(x) - INFER_BATCH + 1, INFER_BATCH):
                    many(x[first:first + INFER_BATCH])
                rates.append((first + INFER_BATCH) / (time.perf_counter() - start))
            best = None
            for threads in (torch.get_num_threads(), 1):
                torch.set_num_threads(threads)
                for _ in range(100):
                    one(x[:1])
                latencies = []
                for i in range(1000):
                    start = time.perf_counter()
                    one(x[i:i + 1])
                    latencies.append(time.perf_counter() - start)
                median = statistics.median(latencies)
                best = median if best is None else min(best, median)
        return statistics.median(rates), best * 1e6

    def export(self, path, x):
        """The trained network as ONNX, the batch's size left open, for ONNX Runtime."""
        self.model.eval()
        torch.onnx.export(self.model.to(memory_format=torch.contiguous_format), x[:1].contiguous(),
                          path, input_names=["image"], output_names=["logits"], opset_version=13,
                          dynamic_axes={"image": {0: "n"}, "logits": {0: "n"}})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder of MNIST's four files")
    parser.add_argument("--model", choices=("cnn3", "keras"), default="cnn3")
    parser.add_argument("--precision", choices=("f32", "bf16"), default="f32")
    parser.add_argument("--plain", action="store_true", help="as installed, no setting touched")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--onnx", help="write the network there")
    options = parser.parse_args()
    x, y = load_mnist(options.data, "train-images-idx3-ubyte", "train-labels-idx1-ubyte")
    peer = Peer(options)
    for first in range(0, 20 * BATCH, BATCH):  # the first steps choose kernels
        peer.step(x[first:first + BATCH], y[first:first + BATCH])
    result = {"epoch_seconds": peer.train(x, y, options.epochs),
              "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}
    if options.onnx:
        peer.export(options.onnx, x)
    if not options.plain:
        result["images_per_second"], result["latency_us"] = peer.infer(x[:10000])
    print(json.dumps(result))


if __name__ == "__main__":
    main()
