// A schedule from the file to the record: its columns named, its preview looked at, its bad row mended.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, heading, journey, signIn } from '../helpers.mjs';

const folder = mkdtempSync(join(tmpdir(), 'heard-files-'));
const day = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);

/** A schedule with a title above its header, and a name for a column that nobody knows yet. */
function schedule(walk, kind) {
  const path = join(folder, `April ${walk}.csv`);
  writeFileSync(path, [
    'Conferences of these weeks',
    '',
    `Meeting ID ${walk},conference_type,conference_date,child_ref,first_name,last_name,date_of_birth`,
    `W-${walk}-1,initial,${day(20)},W-${walk}-1,Invented,Child,2012-03-04`,
    `W-${walk}-2,${kind},${day(20)},W-${walk}-2,Another,Child,2011-03-04`,
  ].join('\n'));
  return path;
}

let walks = 0;

async function fromTheFileToTheRecord(page, keys, look) {
  walks += 1;
  await signIn(page, 'senior');
  await keys.follow('Imports');
  await look('imports');
  await keys.follow('Bring a file in');
  await look('import-new');
  await page.locator('input[type=file]').setInputFiles(schedule(walks, 'tea party'));
  await keys.press('Show what it would do');
  await page.getByText('conference_ref is missing').waitFor();
  await look('import-not-read');

  await keys.follow('Say what each column stands for');
  await look('import-columns');
  await keys.select(`Meeting ID ${walks}`, 'conference_ref');
  await keys.press('Read the file with these names');
  await page.getByText('This is what the file would do').waitFor();
  await look('import-preview');

  await keys.press('Put it on record');
  await page.getByRole('heading', { name: 'Rejected rows' }).waitFor();
  await look('import-result');
  await keys.follow('Mend row 2');
  await look('import-mend');
  // The sentence leads to its field.
  await keys.press('Conference type is not one of');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('initial');
  await keys.follow('Take the row in');
  await page.getByText('The row is mended').waitFor();
  await look('import-mended');

  await page.goto('/imports/columns');
  await look('import-names');
  await keys.follow(`Meeting ID ${walks}`);
  check(await heading(page) === `Meeting ID ${walks}`, 'it is another name');
  await look('import-name');
  await page.goto('/imports/guide');
  await look('import-guide');
}

async function aSecondFileShowsWhatItChanges(page, keys, look) {
  await signIn(page, 'senior');
  const path = join(folder, 'Again.csv');
  writeFileSync(path, [
    'conference_ref,conference_type,conference_date,child_ref,first_name,last_name,date_of_birth,venue',
    `W-1-1,initial,${day(21)},W-1-1,Invented,Child,2012-03-04,Town hall ${Math.random()}`,
  ].join('\n'));
  await page.goto('/imports/new');
  await page.locator('input[type=file]').setInputFiles(path);
  await keys.press('Show what it would do');
  await page.getByRole('heading', { name: 'What changes' }).waitFor();
  await look('import-changes');
  await keys.press('Throw the file away');
  await page.getByText('The file is thrown away').waitFor();
}

async function aTeamMovesIn(page, keys, look) {
  await signIn(page, 'senior');
  await page.goto('/imports/new');
  await keys.choose('Moved-in spreadsheet');
  const path = join(folder, 'referrals.csv');
  writeFileSync(path, [
    'referral_ref,child_ref,first_name,last_name,date_of_birth,stream,source,received_on,decision,outcome',
    'OLD-1,OLD-1,Invented,Elder,2008-01-02,child_protection,self,2022-02-01,in_remit,no_response',
  ].join('\n'));
  await page.locator('input[type=file]').setInputFiles(path);
  await keys.press('Show what it would do');
  await page.getByText('This is what the file would do').waitFor();
  await keys.press('Put it on record');
  await page.getByRole('heading', { name: 'What came in' }).waitFor();
  await look('import-moved-in');
}

export default async (given) => {
  await journey(given, 'a schedule comes in with its columns named and its bad row mended', fromTheFileToTheRecord);
  await journey(given, 'a preview shows what would change, and the file may be thrown away', aSecondFileShowsWhatItChanges);
  await journey(given, 'a moved-in spreadsheet comes in and is counted', aTeamMovesIn);
};
