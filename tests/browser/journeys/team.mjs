// The senior officer sees today, and allocates several referrals from the team board.
import { writeFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, journey, signIn } from '../helpers.mjs';

const day = (ahead) => new Date(Date.now() + ahead * 86_400_000).toISOString().slice(0, 10);

/** Children who wait: two a run, so that the second run finds its own. */
function schedule(service) {
  const folder = mkdtempSync(join(tmpdir(), 'heard-schedule-'));
  const header = 'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth';
  const rows = ['Brook', 'Dale', 'Fern', 'Glen'].map((first, index) =>
    `T-${index},initial,${day(2 + index)},T${index},${first},Waiting,${day(-13 * 366)}`);
  writeFileSync(join(folder, 'schedule.csv'), `${[header, ...rows].join('\n')}\n`);
  service.heard('import', 'conferences', join(folder, 'schedule.csv'));
  rmSync(folder, { recursive: true });
}

export default async function journeys({ browser, base, service }) {
  schedule(service);
  const pairs = [['Brook Waiting', 'Dale Waiting'], ['Fern Waiting', 'Glen Waiting']];
  await journey({ browser, base }, 'the senior officer sees today and gives two referrals at once', async (page, keys, look) => {
    const [one, other] = pairs.shift();
    await signIn(page, 'senior');
    check((await page.locator('h1').innerText()) === 'My work', 'today is not the first page');
    await look('team-my-work');
    await keys.follow('Team');
    await look('team-board');
    // Nothing is ticked: the page says what is missing.
    await keys.follow('Give');
    await page.getByText('Tick at least one referral').first().waitFor();
    await look('team-board-error');
    // The refusal that was asked for is no problem of the page.
    page.problems = page.problems.filter((it) => !it.includes('422'));
    await keys.choose(`Give ${one}`);
    await keys.choose(`Give ${other}`);
    await keys.select('Give the ticked referrals to', 'Marcus');
    await keys.follow('Give');
    await page.getByText('The referrals have their officer').waitFor();
    const waiting = await page.locator('main').innerText();
    check(waiting.includes(one) && waiting.includes(other), 'they do not wait for first contact');
    check((await page.getByLabel(`Give ${one}`).count()) === 0, 'they can be given again');
  });

  await journey({ browser, base }, 'an officer logs an attempt one click from My work', async (page, keys, look) => {
    await signIn(page, 'officer');
    await look('my-work-officer');
    await keys.follow('Log an attempt');
    await keys.select('How', 'Phone');
    await keys.select('With whom', 'Parent');
    await keys.follow('Log the attempt');
    await page.getByText('The attempt is on record').waitFor();
    await page.goto('/team');
    check((await page.locator('input[type=checkbox]').count()) === 0, 'an officer can allocate');
    await look('team-board-officer');
  });
}
