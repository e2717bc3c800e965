import assert from 'node:assert/strict';

const LOOKS = [{ theme: 'light', width: 1280 }, { theme: 'dark', width: 400 }];

/** The console of a process that asks who calls, with keys that open more and more. */
export default async function ({ management, http, keys, browser, step }) {
  const page = await browser.open(`${management}/console`, { also: [http] });
  page.expectNotices(/net::ERR_ABORTED/);
  const give = async (key) => {
    if (await page.getByLabel('Key or token').count() === 0) {
      await page.getByRole('link', { name: /the key$|a key$/ }).first().click();
    }
    await page.getByLabel('Key or token').fill(key);
    await page.getByRole('button', { name: 'Use it' }).click();
  };

  await step('it asks for a key before it asks for data', async () => {
    await page.getByRole('heading', { name: 'Who are you?' }).waitFor();
    await page.axe();
    await page.shot('key');
  });

  await step('it says that a key does not hold', async () => {
    page.expectNotices(/status of 40[13]/);
    await page.locator('nav.parts a', { hasText: 'Fetches' }).click();
    await give('nobody');
    await page.getByText('asks who you are').first().waitFor();
  });

  await step('it names the scope that is missing', async () => {
    await give(keys.users);
    await page.getByText('Your key lacks the scope').waitFor();
    assert.equal(await page.locator('.trouble code').innerText(), 'ops');
    await page.shot('scope');
    await page.axe();
    await page.locator('nav.parts a', { hasText: 'Users' }).click();
    await page.locator('td button').first().waitFor();
    await page.locator('nav.parts a', { hasText: 'Jobs' }).click();
    await page.locator('.trouble code', { hasText: 'jobs' }).waitFor();
  });

  await step('a key with all of them opens all', async () => {
    await give(keys.all);
    await page.getByText('No jobs').waitFor();
    await page.locator('nav.parts a', { hasText: 'Fetches' }).click();
    await page.getByText('No view has been fetched so far').waitFor();
    await page.shot('empty');
  });

  await step('webhooks: what is wrong with one is told, as text, and not where exactly it leads', async () => {
    await page.locator('nav.parts a', { hasText: 'Webhooks' }).click();
    const row = page.locator('.told tr', { hasText: 'billing' });
    await row.getByText('failing').waitFor();
    await row.getByText('the host has no address that deliveries may go to').waitFor();
    await row.getByText('https://127.0.0.1', { exact: true }).waitFor();
    assert.ok(!(await page.locator('main').innerHTML()).includes('token'));
    await page.locator('.told tr', { hasText: 'archive' }).waitFor();
    for (const each of LOOKS) {
      await page.look(each);
      await page.shot('webhooks');
      assert.equal(await page.overhang(), 0);
      await page.axe();
    }
  });

  await step('erasures: what each target says, and a receipt', async () => {
    await page.locator('nav.parts a', { hasText: 'Erasures' }).click();
    const erasure = page.locator('.job', { hasText: 'erasure 1' });
    await erasure.locator('header .state', { hasText: 'running' }).waitFor();
    const target = (name) => erasure.locator('tbody tr', { hasText: name });
    await target('account').locator('.state', { hasText: 'failed' }).waitFor({ timeout: 60_000 });
    await target('archive').getByText('follower', { exact: true }).waitFor();
    await target('billing').getByText('webhook', { exact: true }).waitFor();
    for (const each of LOOKS) {
      await page.look(each);
      await page.shot('erasures');
      assert.equal(await page.overhang(), 0);
      await page.axe();
    }
    await erasure.getByRole('button', { name: 'Receipt' }).click();
    const dialog = page.getByRole('dialog', { name: 'Receipt of erasure 1' });
    await dialog.locator('pre').waitFor();
    const [, said] = (await dialog.locator('pre').innerText()).split('.');
    const receipt = JSON.parse(Buffer.from(said, 'base64url').toString());
    assert.equal(receipt.user, 2);
    assert.equal(receipt.targets.length, 3);
    await page.shot('receipt');
    assert.equal(await page.overhang(), 0);
    await page.axe();
    assert.ok(!(await page.content()).includes('Brünnhilde'));
    await page.keyboard.press('Escape');
  });

  await step('the key is kept in this tab alone', async () => {
    assert.equal(await page.evaluate(() => sessionStorage.getItem('rollcall.key')), keys.all);
    assert.ok(!(await page.evaluate(() => JSON.stringify(localStorage) + document.cookie + location)).includes(keys.all));
  });
}
