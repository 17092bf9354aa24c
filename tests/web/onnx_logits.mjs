// A model's logits by ONNX Runtime for Node: onnx_logits.mjs MODEL.onnx INPUT OUTPUT BATCH
// INPUT: floats of images one after another; OUTPUT: floats [n, classes].
import { readFileSync, writeFileSync } from 'node:fs';
import ort from 'onnxruntime-node';

const [model, input, output, batch] = process.argv.slice(2);
const session = await ort.InferenceSession.create(model, { executionProviders: ['cpu'] });
const shape = session.inputMetadata[0].shape.slice(1);
const size = shape.reduce((a, b) => a * b);
const bytes = readFileSync(input);
const floats = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
const logits = [];
for (let begin = 0; begin < floats.length; begin += batch * size) {
  const part = floats.slice(begin, begin + batch * size);
  const image = new ort.Tensor('float32', part, [part.length / size, ...shape]);
  logits.push(...(await session.run({ image })).logits.data);
}
writeFileSync(output, Buffer.from(Float32Array.from(logits).buffer));
