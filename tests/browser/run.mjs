// Uses the service as people do: in a real Chromium, by keyboard, with scripting on and off, at phone and desktop
// width, and asks axe about every page. Run from the root of the project after `cargo build`; with words, only the
// files of journeys/ whose names hold one of them: `node tests/browser/run.mjs contacts`.
import { readdirSync } from 'node:fs';
import { launch, outcomes, startService } from './helpers.mjs';

const wanted = process.argv.slice(2);
const files = readdirSync(new URL('journeys/', import.meta.url)).filter((it) => it.endsWith('.mjs')).sort()
  .filter((it) => wanted.length === 0 || wanted.some((word) => it.includes(word)));
const browser = await launch();
try {
  for (const file of files) {
    const { default: journeys } = await import(`./journeys/${file}`);
    // Each file has a demonstration of its own: none depends on what another did.
    const service = await startService();
    console.log(`# ${file}`);
    try {
      await journeys({ browser, base: service.base, service });
    } finally {
      service.stop();
    }
  }
} finally {
  await browser.close();
}
console.log(`${outcomes.passed} passed, ${outcomes.failed} failed`);
process.exit(outcomes.failed === 0 ? 0 : 1);
