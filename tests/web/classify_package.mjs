// A package's example.png by transformers.js, in Node by the card's own snippet or in Chromium:
//   node classify_package.mjs node|chromium FOLDER
// Prints {"label", "score"}. Chromium gets everything, ONNX Runtime's WebAssembly too, from loopback.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const [place, folder] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const snippet = /```js\n([\s\S]*?)```/.exec(readFileSync(join(folder, 'README.md'), 'utf8'))[1];

function inNode() {
  const file = join(here, `snippet-${process.pid}.mjs`);  // where its import is found
  writeFileSync(file, snippet);
  try {
    const [label, score] = execFileSync('node', [file], { cwd: folder, encoding: 'utf8' }).trim().split(/ (?=\S+$)/);
    return { label, score: Number(score) };
  } finally {
    rmSync(file);
  }
}

async function inChromium() {
  const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };
  const page_text = `<!doctype html><title>t</title><script type="importmap">{"imports": {
      "@huggingface/transformers": "/modules/@huggingface/transformers/dist/transformers.web.js",
      "onnxruntime-web/webgpu": "/modules/onnxruntime-web/dist/ort.all.mjs",
      "onnxruntime-web": "/modules/onnxruntime-web/dist/ort.all.mjs",
      "onnxruntime-common": "/modules/onnxruntime-common/dist/esm/index.js"}}</script>
    <script type="module">
      import { env, pipeline } from '@huggingface/transformers';
      env.allowRemoteModels = false;
      env.allowLocalModels = true;
      env.localModelPath = '/';
      env.backends.onnx.wasm.wasmPaths = '/modules/onnxruntime-web/dist/';
      try {
        const classify = await pipeline('image-classification', 'package');
        window.result = (await classify('/package/example.png'))[0];
      } catch (error) { window.result = { error: String(error.stack ?? error) }; }
    </script>`;
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(request.url.split('?')[0]));
    if (path === '/') return response.end(page_text);
    const file = path.startsWith('/modules/') ? join(here, 'node_modules', path.slice(9))
      : path.startsWith('/package/') ? join(folder, path.slice(9)) : '';
    try {
      const bytes = readFileSync(file);
      response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
      response.end(request.method === 'HEAD' ? '' : bytes);
    } catch {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
  try {
    const page = await browser.newPage();
    const strangers = [];
    await page.route('**', (route) => {
      if (new URL(route.request().url()).hostname === '127.0.0.1') return route.continue();
      strangers.push(route.request().url());
      return route.abort();
    });
    page.on('console', (message) => console.error(message.text()));
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await page.waitForFunction(() => window.result, null, { timeout: 60000 });
    const result = await page.evaluate(() => window.result);
    assert.equal(result.error, undefined, result.error);
    assert.deepEqual(strangers, []);
    return result;
  } finally {
    await browser.close();
    server.close();
  }
}

console.log(JSON.stringify(place === 'node' ? inNode() : await inChromium()));
