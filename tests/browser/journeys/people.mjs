// Who a young person is: details, legal status with a correction, warnings, family, and the address that few may see.
import { check, heading, journey, signIn } from '../helpers.mjs';

const says = async (page, words, sentence) => check((await page.locator('main').innerText()).includes(words), sentence);

/** A form that was refused on purpose: the browser notes its answer, 422, as a problem. */
const refused = async (page, sentence) => {
  await page.getByRole('link', { name: sentence }).waitFor();
  page.problems = page.problems.filter((it) => !it.includes('422'));
};

async function tellWhoTheyAre(page, keys, look) {
  // Each of the two walks takes a young person of its own.
  const which = page.viewportSize().width < 600 ? 0 : 1;
  await signIn(page, 'officer');
  await page.goto('/cases?officer=me');
  const [name, other] = [['Kezia Dunmore', 'Dami Oyelaran'], ['Zara Khoury', 'Dami Oyelaran']][which];
  const address = await page.getByRole('link', { name }).first().getAttribute('href');
  await page.goto(address);
  await keys.follow('The whole record');
  const record = page.url();
  await keys.follow('All details');
  const details = page.url();

  await keys.follow('name and birth');
  await look('people-name');
  await keys.type('Known as', 'Zo');
  await keys.type('Pronouns', 'they/them');
  await keys.follow('Save');
  await says(page, 'they/them', 'the pronouns are not on the page');
  await keys.follow('gender and ethnicity');
  await look('people-background');
  await keys.type('Gender, in their own words', 'Non-binary');
  await keys.follow('Save');
  await says(page, 'Non-binary', 'the gender in their words is not on the page');
  await keys.follow('language, communication');
  await keys.type('Language they speak best', 'Polish');
  await keys.choose('Hearing');
  await look('people-communication');
  await keys.follow('Save');
  await keys.follow('What was changed here');
  await says(page, 'Polish', 'the history does not say what was changed');
  await page.goto(details);

  await keys.follow('A legal status starts');
  await keys.follow('Save');
  await refused(page, 'Choose the legal status');
  await keys.select('Legal status', 'Interim');
  await keys.date('When does it start?', '2021-06-01');
  await look('people-legal-status');
  await keys.follow('Save');
  await says(page, 'Interim care order (section 38)', 'the legal status is not on the page');
  await keys.follow('Interim care order');
  await keys.select('What is the right legal status?', 'Care order');
  await keys.type('What was wrong?', 'The order was final.');
  await look('people-correction');
  await keys.follow('Correct');
  await says(page, 'Care order (section 31)', 'the correction is not on the page');
  await keys.press('What was corrected');
  await page.getByText('The order was final.').waitFor();
  await keys.follow('Add a plan or order');
  await keys.choose('Child protection plan');
  await look('people-flag');
  await keys.follow('Save');
  await says(page, 'Care order (section 31), child protection plan', 'the bar does not say the status in words');

  await keys.follow('Set a warning');
  await keys.choose('Never send post');
  await keys.type('What to do, or not to do', 'Dad opens every letter.');
  await look('people-warning');
  await keys.follow('Set the warning');
  await page.goto(address);
  await keys.follow('The referral it came from');
  await says(page, 'Never send post: Dad opens every letter.', 'the form where contact is made shows no warning');
  await page.goto(details);
  await keys.follow('Never send post');
  await look('people-warning-review');
  await page.goto(details);

  await keys.follow('Add somebody');
  await keys.type('Name', 'Leanne Tarrant-Oxby');
  await keys.select('What are they to the young person?', 'Mother');
  await keys.choose('They have parental responsibility');
  await keys.follow('Save');
  await says(page, 'Mother: Leanne Tarrant-Oxby', 'the mother is not on the page');
  await keys.follow('Add somebody');
  await keys.type('Name', other);
  await keys.select('What are they to the young person?', 'Brother or');
  await keys.follow('Save');
  await refused(page, /Say whether it is somebody on record/);
  await look('people-relation');
  await keys.choose(other);
  await keys.follow('Save');
  await keys.follow(other);
  check(await heading(page) === other, `${await heading(page)} is not ${other}`);
  await says(page, name, 'the relation does not stand on the other record');
  await page.goto(details);

  await keys.follow('Add a professional');
  await keys.choose('Social worker');
  await keys.type('Name', 'Owen Baptiste');
  await keys.type('Phone', '01632 960114');
  await look('people-professional');
  await keys.follow('Save');

  await keys.follow('Add where they live');
  await keys.select('Where do they live?', 'With foster');
  await keys.type('Address', '9 Hidden Row');
  await keys.choose('The address is confidential');
  await look('people-home');
  await keys.follow('Save');
  await says(page, 'The address is confidential', 'the home is not on the page');
  check(!(await page.content()).includes('Hidden Row'), 'a confidential address stands on the details page');
  await look('people-details');
  await keys.follow('With foster');
  check(!(await page.content()).includes('Hidden Row'), 'a confidential address stands in a form');
  await page.goto(details);
  await keys.follow('Show the address');
  await says(page, '9 Hidden Row', 'the address is not shown');
  await look('people-address');
  await page.emulateMedia({ media: 'print' });
  check(!(await page.locator('main').innerText()).includes('Hidden Row'), 'a confidential address would be printed');
  await page.emulateMedia({ media: null });
  await page.goto(record);
  await says(page, 'confidential address seen', 'the look is not in the record');
  check(!(await page.content()).includes('Hidden Row'), 'a confidential address stands on the record page');
  await look('people-record');
}

export default async function people(tools) {
  await journey(tools, 'an officer keeps who a young person is', tellWhoTheyAre);
}
