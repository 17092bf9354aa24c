// report.html in a real browser: phone, laptop, print, light and dark. Draws a small data set,
// trains on it, writes the report and looks at it.
//   node report_test.mjs PROGRAM [FOLDER]      screenshots go to FOLDER, where one is named
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [program, shots] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'inkling-report-'));
const run = join(folder, 'run');
const page_file = join(run, 'report.html');

function inkling(...words) {
  execFileSync(program, words, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
}

const kViews = [
  { name: 'phone', width: 390, height: 844, scheme: 'light' },
  { name: 'phone-dark', width: 390, height: 844, scheme: 'dark' },
  { name: 'laptop', width: 1280, height: 800, scheme: 'light' },
  { name: 'laptop-dark', width: 1280, height: 800, scheme: 'dark' },
  { name: 'print', width: 794, height: 1123, scheme: 'dark', media: 'print' },
];

// Contrast of text with what is behind it, by WCAG 2.1, of every element with text of its own.
// Runs in the page.
function faintTexts() {
  const channels = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return parts.length > 3 ? parts : [...parts, 1];
  };
  const over = (top, below) => top.slice(0, 3).map((v, i) => v * top[3] + below[i] * (1 - top[3]));
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let e = element; e; e = e.parentElement) layers.push(channels(getComputedStyle(e).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const faint = [];
  for (const element of document.querySelectorAll('body *')) {
    const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const back = behind(element);
    const pair = [luminance(over(channels(getComputedStyle(element).color), back)), luminance(back)];
    const contrast = (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05);
    if (contrast < 4.5) faint.push(`${element.outerHTML.slice(0, 80)}: ${contrast.toFixed(2)}`);
  }
  return faint;
}

async function look(browser, view) {
  const page = await browser.newPage({
    viewport: { width: view.width, height: view.height }, colorScheme: view.scheme });
  const complaints = [], requests = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(pathToFileURL(page_file).href);
  if (view.media) await page.emulateMedia({ media: view.media, colorScheme: view.scheme });
  assert.deepEqual(complaints, [], `${view.name}: the console is quiet`);
  assert.deepEqual(requests, [pathToFileURL(page_file).href], `${view.name}: only the file is read`);

  const images = await page.$$eval('img', (all) => all.map((image) => ({
    alt: image.alt, broken: image.complete && image.naturalWidth === 0, html: image.outerHTML.slice(0, 60) })));
  assert(images.length > 30);
  for (const image of images) assert(image.alt.trim() && !image.broken, `${view.name}: ${image.html}`);

  const overflow = await page.evaluate(() =>
    document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(overflow, 0, `${view.name}: nothing sticks out to the side`);
  assert.deepEqual(await page.evaluate(faintTexts), [], `${view.name}: text has a contrast of 4.5`);

  if (!view.media) await open_a_cell(page, view);
  if (shots) await page.screenshot({ path: join(shots, `${view.name}.png`), fullPage: true });
  await page.close();
}

// By the pointer and by the keyboard alone.
async function open_a_cell(page, view) {
  const cell = page.locator('.matrix td[class^="l"] button').first();
  const panel = page.locator('#' + await cell.getAttribute('popovertarget'));
  const count = Number(await cell.innerText());
  assert(!await panel.isVisible());
  await cell.click();
  assert(await panel.isVisible(), `${view.name}: a cell opens its images`);
  assert.equal(await panel.locator('img').count(), count, `${view.name}: as many as it says`);
  assert.deepEqual(await page.evaluate(faintTexts), [], `${view.name}: also in what it opens`);
  if (shots) await page.screenshot({ path: join(shots, `${view.name}-cell.png`) });
  await panel.getByRole('button', { name: 'Close' }).click();
  assert(!await panel.isVisible(), `${view.name}: and closes`);
  await cell.focus();
  await page.keyboard.press('Enter');
  assert(await panel.isVisible(), `${view.name}: the keyboard opens it`);
  await page.keyboard.press('Escape');
  assert(!await panel.isVisible(), `${view.name}: and closes it`);
}

try {
  if (shots) mkdirSync(shots, { recursive: true });
  inkling('data', 'synth', '--count', '600', '--out', join(folder, 'pen'));
  inkling('train', '--dataset', 'pen', '--data-dir', folder, '--model', 'logistic', '--epochs', '3',
    '--val-fraction', '0.5', '--out', run);
  inkling('inspect', '--dataset', 'pen', '--data-dir', folder, '--no-suspects',
    '--out', join(folder, 'data'));
  inkling('report', run, '--data-dir', folder);
  assert(statSync(page_file).size < 8 << 20, 'the page is below 8 MB');
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM });
  for (const view of kViews) await look(browser, view);
  await browser.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
