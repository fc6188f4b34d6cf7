// A schedule that should not have come in: undone as a batch; and one that somebody has worked on, with what stands in the way.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, heading, journey, signIn } from '../helpers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'heard-undo-'));
const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);

/** A schedule of two children, one of whom has come before with another language. */
function schedule(walk, name, children) {
  const path = join(folder, name);
  writeFileSync(path, [
    'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth,language',
    ...children.map(([who, first, language]) => `U-${walk}-${who},initial,${day(20)},U-${walk}-${who},${first},Invented${walk},2012-03-04,${language}`),
  ].join('\n'));
  return path;
}

async function bringIn(page, path) {
  await page.goto('/imports/new');
  await page.locator('input[type=file]').setInputFiles(path);
  await page.getByRole('button', { name: 'Show what it would do' }).click();
  await page.getByText('This is what the file would do').waitFor();
  await page.getByRole('button', { name: 'Put it on record' }).click();
  await page.getByRole('heading', { name: 'Row by row' }).waitFor();
  return page.url();
}

let walks = 0;

export default async function undo(site) {
  await journey(site, 'a senior officer undoes an import, the newest first', async (page, keys, look) => {
    walks += 1;
    await signIn(page, 'senior');
    const first = await bringIn(page, schedule(walks, `Monday ${walks}.csv`, [['1', 'Amber', 'English']]));
    const second = await bringIn(page, schedule(walks, `Tuesday ${walks}.csv`, [['1', 'Amber', 'Polish'], ['2', 'Basil', 'English']]));

    // The first one cannot go: the second rests on it.
    await page.goto(first);
    await keys.follow('Undo this import');
    check(await page.getByText('It cannot be undone now').isVisible(), 'nothing stands in the way');
    await look('undo-in-the-way');
    await keys.follow(`Tuesday ${walks}.csv`);
    check(page.url() === second, 'the link leads elsewhere');

    await keys.follow('Undo this import');
    check(await heading(page) === 'Undo this import', await heading(page));
    for (const words of ['1 child or young person', '1 referral', 'Polish']) {
      check((await page.locator('main').innerText()).includes(words), `${words} is not told`);
    }
    await look('undo-figures');
    await keys.follow('Undo the import');
    await page.getByText('Say why this import is undone').first().waitFor();
    await look('undo-why');
    await keys.type('Why is it undone?', 'It was the schedule of another council.');
    await keys.follow('Undo the import');
    await page.getByText('The import is undone').waitFor();
    check(await page.getByText('This import was undone').isVisible(), 'the import does not say so');
    await look('undo-done');

    await page.goto(first);
    await keys.follow('Undo this import');
    await keys.type('Why is it undone?', 'So was this.');
    await keys.follow('Undo the import');
    await page.getByText('The import is undone').waitFor();
    await page.goto('/imports');
    await look('undo-list');
  });
}
