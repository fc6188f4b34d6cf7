// Letters and sheets to give: a senior officer changes a text safely; an officer fills one, prints it, and has it as a Word file.
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { check, heading, journey, looksRight, open, signIn, test } from '../helpers.mjs';

/** A file of a zip archive, by its name: read from the directory at the archive's end. */
function unzip(bytes, wanted) {
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== 0x06054b50) end -= 1;
  check(end >= 0, 'this is no zip archive');
  let place = bytes.readUInt32LE(end + 16);
  for (let count = bytes.readUInt16LE(end + 10); count > 0; count -= 1) {
    const [size, name, extra, comment] = [20, 28, 30, 32].map((at, index) => (index ? bytes.readUInt16LE(place + at) : bytes.readUInt32LE(place + at)));
    const method = bytes.readUInt16LE(place + 10);
    const local = bytes.readUInt32LE(place + 42);
    if (bytes.toString('utf8', place + 46, place + 46 + name) === wanted) {
      const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
      const packed = bytes.subarray(start, start + size);
      return (method === 0 ? packed : inflateRawSync(packed)).toString('utf8');
    }
    place += 46 + name + extra + comment;
  }
  throw new Error(`the archive has no ${wanted}`);
}

async function ownCase(page) {
  await page.goto('/cases?state=open');
  const first = page.locator('tbody a').first();
  const name = await first.innerText();
  return [await first.getAttribute('href'), name.split(' ')[0]];
}

/** What another program reads in the Word file: its headings, and its paragraphs. */
async function opensAsWord(page) {
  await signIn(page, 'officer');
  const [address] = await ownCase(page);
  await page.goto(`${address}/documents/introduction`);
  await page.getByLabel('What they are called').fill('Zoë <b> & co');
  await page.getByLabel('How to reach the officer').fill('Ring me.\n# No heading of mine\n[officer]');
  await page.getByRole('button', { name: 'Make it and keep it on record' }).click();
  await page.getByText('It is on record as it is given').waitFor();
  check(await page.locator('.heard-letter b').count() === 0, 'what was filled in is taken for code');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download it as a Word file' }).click(),
  ]);
  check(/^introduction-\d{4}-\d\d-\d\d\.docx$/.test(download.suggestedFilename()), download.suggestedFilename());
  const xml = unzip(readFileSync(await download.path()), 'word/document.xml');
  const read = await page.evaluate((text) => {
    const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
    const parsed = new DOMParser().parseFromString(text, 'application/xml');
    if (parsed.querySelector('parsererror')) throw new Error(parsed.querySelector('parsererror').textContent);
    return [...parsed.getElementsByTagNameNS(WORD, 'p')].map((it) => [
      it.getElementsByTagNameNS(WORD, 'pStyle')[0]?.getAttributeNS(WORD, 'val') ?? '', it.textContent]);
  }, xml);
  const headings = read.filter(([style]) => style === 'Heading1').map(([, text]) => text);
  check(headings[0] === 'Hello Zoë <b> & co' && headings.includes('When I cannot keep a secret'), JSON.stringify(headings));
  check(!headings.includes('No heading of mine') && read.some(([, text]) => text === 'No heading of mine'), 'words became a heading');
  await page.emulateMedia({ media: 'print' });
  check(!(await page.locator('.heard-header').isVisible()) && await page.locator('.heard-letter').isVisible(), 'the paper shows more than the letter');
  await page.screenshot({ path: 'tests/browser/screens/document-on-paper.png', fullPage: true });
}

export default async function documents({ browser, base }) {
  await journey({ browser, base }, 'a sheet with their views is filled and given', async (page, keys, look) => {
    await signIn(page, 'officer');
    const [address, first] = await ownCase(page);
    await page.goto(address);
    await keys.follow('Make a letter or a sheet to give');
    await look('documents-choose');
    await keys.follow('My views for a conference');
    check((await page.getByLabel('What they are called').inputValue()).length > 0, `${first} is not filled in`);
    await look('documents-make');
    await keys.type('The day of the conference', '20 April 2027');
    await keys.type('What they want to happen', 'I want to stay at my school.');
    await keys.follow('Make it and keep it on record');
    await page.getByText('It is on record as it is given').waitFor();
    check(await heading(page) === 'My views for a conference', await heading(page));
    await page.locator('.heard-letter').getByText('I want to stay at my school.').waitFor();
    await look('document');
    await page.goto(address);
    await page.getByRole('link', { name: 'My views for a conference' }).first().waitFor();
  });
  await journey({ browser, base }, 'a text is changed safely, and an older one used again', async (page, keys, look) => {
    await signIn(page, 'senior');
    await page.goto('/documents/texts');
    await look('documents-texts');
    await keys.follow('Letter at the end');
    await keys.type('The text', '# Goodbye [known as] from [social worker]');
    await keys.follow('Keep this text');
    await page.locator('.govuk-error-summary').getByText('[social worker] is none of the words').waitFor();
    await look('documents-text-error');
    await keys.type('The text', '# Goodbye [known as]');
    await keys.follow('Keep this text');
    await page.getByText('The text is kept, and used from now on').waitFor();
    await page.locator('.heard-letter').getByText('Goodbye Robin').waitFor();
    await look('documents-text');
    await keys.follow('Versions before this');
    await look('documents-versions');
    await keys.follow('Use this one again');
    await page.getByText('The older text is used again').waitFor();
    page.problems.length = 0; // The browser notes the answer 422 of the text that was refused.
  });
  await test('the letter alone is printed, and its Word file has headings and paragraphs', async () => {
    await opensAsWord(await open(browser, base));
  });
}
