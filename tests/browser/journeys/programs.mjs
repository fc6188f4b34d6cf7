// Other programs: the administrator makes an account and a token, and anybody reads the page of the interface.
import { check, journey, signIn } from '../helpers.mjs';

async function walk(page, keys, look) {
  await signIn(page, 'administrator');
  await keys.follow('Service accounts');
  await look('service-accounts-none');
  const name = `Conference scheduling ${page.viewportSize().width}`;
  await keys.type('Name of the program', name);
  await keys.choose('Send conference schedules');
  await keys.choose('Read its own receipts');
  await keys.follow('Add the account');
  await look('service-token-new');
  await keys.follow('Make the token');
  await look('service-token-given');
  check((await page.locator('.heard-token').innerText()).startsWith('eyJ'), 'the token is not shown');
  await keys.follow('Service accounts');
  check(await page.locator('.heard-token').count() === 0, 'the token is shown a second time');
  await look('service-accounts');
  await keys.follow('the page of the interface');
  await look('interface');
  await page.goBack();
  await keys.follow('Revoke');
  await page.getByText('The token was revoked').waitFor();
  await look('service-accounts-revoked');
}

export default async (given) => {
  await journey(given, 'a program gets a token that is shown once and is revoked', walk);
};
