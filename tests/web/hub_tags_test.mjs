// What a package's card calls itself is known to the Hub: node hub_tags_test.mjs FOLDER
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MODEL_LIBRARIES_UI_ELEMENTS, PIPELINE_DATA } from '@huggingface/tasks';

const front = readFileSync(join(process.argv[2], 'README.md'), 'utf8').split('---\n')[1];
const value = (key) => new RegExp(`^${key}: (.*)$`, 'm').exec(front)[1];
assert.ok(PIPELINE_DATA[value('pipeline_tag')], 'pipeline_tag');
const tags = JSON.parse(value('tags'));
for (const tag of ['onnx', 'transformers.js', 'safetensors']) assert.ok(tags.includes(tag), tag);
for (const tag of ['transformers.js']) assert.ok(MODEL_LIBRARIES_UI_ELEMENTS[tag], tag);
assert.ok(tags.includes(value('pipeline_tag')));
for (const tag of tags) assert.match(tag, /^[a-z0-9.-]+$/);
console.log(`pipeline_tag ${value('pipeline_tag')}, tags ${tags.join(', ')}`);
