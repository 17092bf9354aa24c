// An ONNX file in ONNX Runtime (onnxruntime-node): images/s at batch 256 on two threads, and
// the median of one image on one thread and on two, the better. Prints one JSON object.
//
//   node onnxruntime_peer.mjs FILE.onnx
import * as ort from "onnxruntime-node";
import { performance } from "node:perf_hooks";

const file = process.argv[2];

function image(n) {
  const values = new Float32Array(n * 28 * 28);
  let state = 1;
  for (let i = 0; i < values.length; ++i) {
    state = (state * 48271) % 2147483647;
    values[i] = state / 2147483647 - 0.5;
  }
  return new ort.Tensor("float32", values, [n, 1, 28, 28]);
}

async function medianSeconds(threads, n, runs) {
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: threads, interOpNumThreads: 1, graphOptimizationLevel: "all" });
  const feeds = { [session.inputNames[0]]: image(n) };
  const times = [];
  for (let run = 0; run < runs; ++run) {
    const start = performance.now();
    await session.run(feeds);
    if (run >= runs / 10) times.push((performance.now() - start) / 1e3);
  }
  times.sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

const many = await medianSeconds(2, 256, 60);
const one = Math.min(await medianSeconds(1, 1, 2000), await medianSeconds(2, 1, 2000));
console.log(JSON.stringify({ images_per_second: 256 / many, latency_us: one * 1e6 }));
