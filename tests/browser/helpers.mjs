// What every journey works with: the demonstration on a database of its own, a browser, the keyboard, and axe.
import { spawn, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, mkdirSync, existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import AxeBuilder from '@axe-core/playwright';

const PROGRAM = process.env.HEARD_PROGRAM ?? 'target/debug/heard';
const PASSWORD = 'heard demonstration';
const WIDTHS = [320, 1280];
export const SCREENS = 'tests/browser/screens';
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const outcomes = { passed: 0, failed: 0 };

/** Who signs in for each role in the demonstration. */
const EMAIL = { officer: 'marcus.adeyemi@heard.example', senior: 'priya.nair@heard.example' };
export const email = (who) => EMAIL[who] ?? `${who}@demo.heard.example`;

/** One test: its name says the rule. */
export async function test(name, body) {
  try {
    await body();
    outcomes.passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    outcomes.failed += 1;
    console.log(`FAILED  ${name}\n        ${String(error.stack ?? error).replaceAll('\n', '\n        ')}`);
  }
}

export function check(truth, sentence) {
  if (!truth) throw new Error(sentence);
}

function sparePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The demonstration on a database of its own; other settings, if wanted, as environment variables. */
export async function startService(settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'heard-browser-'));
  const port = await sparePort();
  const base = `http://127.0.0.1:${port}`;
  const service = spawn(PROGRAM, ['--data-dir', folder, 'demo'], {
    env: { PATH: process.env.PATH, RUST_LOG: 'warn', HEARD_SERVER__ADDRESS: `127.0.0.1:${port}`, HEARD_SERVER__PUBLIC_URL: base, ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((_, reject) => service.on('exit', (code) => reject(new Error(`the service ended: ${code}`))));
  exited.catch(() => {});
  const ready = new Promise((resolve) => {
    let said = '';
    service.stdout.on('data', (text) => {
      said += text;
      if (said.includes('Heard is at')) resolve();
    });
  });
  await Promise.race([ready, exited]);
  const heard = (...args) => execFileSync(PROGRAM, ['--data-dir', folder, ...args], { encoding: 'utf8' });
  return { base, heard, stop: () => { service.kill(); rmSync(folder, { recursive: true, force: true }); } };
}

export async function open(browser, base, { scripts = true, width = 1280 } = {}) {
  const context = await browser.newContext({ baseURL: base, javaScriptEnabled: scripts, viewport: { width, height: 900 } });
  const page = await context.newPage();
  page.problems = [];
  // A form that comes back with what is wrong with it, or that somebody else was quicker with, is no problem of the page.
  const meant = /status of (409|422)/;
  page.on('console', (message) => { if (message.type() === 'error' && !meant.test(message.text())) page.problems.push(message.text()); });
  page.on('pageerror', (error) => page.problems.push(String(error)));
  return page;
}

export async function signIn(page, who) {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail address').fill(email(who));
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((address) => address.pathname !== '/sign-in');
}

/** No violation, nothing wider than the window, at every width; a picture of each for the eye. */
export async function looksRight(page, name, widths = WIDTHS) {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 });
    const { violations } = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze();
    const told = violations.map((it) => `${it.id} (${it.help}): ${it.nodes.map((node) => node.target).slice(0, 3).join('; ')}`);
    check(violations.length === 0, `axe at ${width}: ${told.join('\n')}`);
    await fits(page, name, width);
  }
}

/** A picture for the eye, and nothing wider than the window. */
async function fits(page, name, width) {
  await page.screenshot({ path: `${SCREENS}/${name}-${width}.png`, fullPage: true });
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  check(over <= 0, `the page is ${over} pixels wider than ${width}`);
}

/** What is read of the element that has the focus. Nothing is waited for: the focus may be nowhere. */
async function atFocus(page, read, wanted) {
  const element = await page.evaluateHandle(() => document.activeElement ?? document.body);
  return element.evaluate(read, wanted);
}

/** Follows the keyboard until what it says has the focus; fails if it never does. */
export async function tabTo(page, text) {
  for (let step = 0; step < 400; step += 1) {
    await page.keyboard.press('Tab');
    const focused = await atFocus(page, (it) => {
      // A table that scrolls has the focus too, and all its words; so has the page where nothing has it.
      if (it.getAttribute('role') === 'region' || it === document.body) return '';
      const label = it.labels?.[0]?.innerText ?? '';
      return `${label} ${it.innerText ?? ''} ${it.textContent ?? ''} ${it.getAttribute?.('aria-label') ?? ''}`;
    }).catch(() => '');
    if (focused.replace(/\s+/g, ' ').includes(text)) return;
  }
  throw new Error(`the keyboard never reaches "${text}"`);
}

export async function typeInto(page, text, value) {
  await tabTo(page, text);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(value);
}

export async function heading(page) {
  return (await page.locator('h1').first().innerText()).trim();
}


/** The keyboard alone: each deed goes by Tab to what it names. */
export function keysOf(page) {
  const enter = async (text) => { await tabTo(page, text); await page.keyboard.press('Enter'); };
  return {
    /** Follows a link, or presses a button, and waits for the page that answers. */
    async follow(text) {
      await tabTo(page, text);
      await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
    },
    press: enter,
    /** Types into the box with this label. */
    type: (label, value) => typeInto(page, label, value),
    /** Ticks a radio button or a checkbox. A radio group has one stop: the arrow keys go on from there. */
    async choose(label) {
      for (let step = 0; step < 400; step += 1) {
        await page.keyboard.press('Tab');
        // How many steps of the arrow keys it is away, or null where the focus is elsewhere.
        const moves = await atFocus(page, (it, wanted) => {
          const says = (input) => (input.labels?.[0]?.innerText ?? '').includes(wanted);
          if (it.type === 'checkbox') return says(it) ? 0 : null;
          if (it.type !== 'radio') return null;
          const group = [...document.querySelectorAll(`input[type=radio][name="${CSS.escape(it.name)}"]`)];
          return group.some(says) ? group.findIndex(says) - group.indexOf(it) : null;
        }, label).catch(() => null);
        if (moves === null) continue;
        await page.keyboard.press('Space');
        for (let move = 0; move < Math.abs(moves); move += 1) await page.keyboard.press(moves > 0 ? 'ArrowDown' : 'ArrowUp');
        return;
      }
      throw new Error(`the keyboard never reaches the choice "${label}"`);
    },
    /** Picks from a list that opens, by the first letters of the entry. */
    async select(label, letters) { await tabTo(page, label); await page.keyboard.type(letters); },
    /** A date in its three boxes; the group is named by its legend. */
    async date(legend, iso) {
      const [year, month, day] = iso.split('-').map(Number);
      for (let step = 0; step < 400; step += 1) {
        await page.keyboard.press('Tab');
        const inside = await atFocus(page, (it, wanted) =>
          (it.closest('fieldset')?.querySelector('legend')?.innerText ?? '').includes(wanted) && it.labels?.[0]?.innerText.trim() === 'Day', legend).catch(() => false);
        if (!inside) continue;
        for (const [index, part] of [day, month, year].entries()) {
          if (index > 0) await page.keyboard.press('Tab');
          await page.keyboard.press('Control+A');
          await page.keyboard.type(String(part));
        }
        return;
      }
      throw new Error(`the keyboard never reaches the date "${legend}"`);
    },
  };
}

/**
 * One journey, twice, by keyboard alone: without scripts on a phone of 320 pixels, and with scripts on a desktop.
 * `walk(page, keys, look)` gets a page that nobody has signed in to; `look(name)` takes a picture; with
 * scripts it also asks axe at both widths, which is a script itself and cannot run on a page that has none.
 */
export async function journey({ browser, base }, name, walk) {
  for (const [scripts, width] of [[false, 320], [true, 1280]]) {
    await test(`${name} (by keyboard, ${width} pixels, scripting ${scripts ? 'on' : 'off'})`, async () => {
      const page = await open(browser, base, { scripts, width });
      const look = async (picture) => {
        if (scripts) await looksRight(page, picture);
        else await fits(page, `${picture}-plain`, width);
        await page.setViewportSize({ width, height: 900 });
      };
      await walk(page, keysOf(page), look);
      check(page.problems.length === 0, page.problems.join('\n'));
      await page.context().close();
    });
  }
}

/** A browser for one run. */
export async function launch() {
  check(CHROMIUM, 'There is no Chromium at /usr/bin/chromium: apt-get install chromium');
  mkdirSync(SCREENS, { recursive: true });
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}
