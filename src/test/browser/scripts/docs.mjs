import assert from 'node:assert/strict';

const CREATE = '#operations-users-createUser';
const GET = '#operations-users-getUser';
const BODY = { name: 'Alice', email: 'alice@example.org', attributes: { team: 'blue' } };

/** The contract of HTTP as a page, at the address that a browser is sent to. */
export default async function ({ base, token, browser, step }) {
  const page = await browser.open(`${base}/`);

  await step('the root leads to the contract', async () => {
    assert.equal(page.url(), `${base}/docs`);
    await page.locator(CREATE).waitFor();
    assert.equal(await page.locator('.errors-wrapper').count(), 0);
    for (const name of ['users', 'views', 'jobs', 'service']) {
      assert.equal(await page.locator(`#operations-tag-${name}`).count(), 1);
    }
  });

  await step('a keyboard opens an operation, which has an address of its own', async () => {
    await page.locator(`${CREATE} .opblock-summary-control`).focus();
    await page.keyboard.press('Enter');
    await page.locator(`${CREATE} .execute`).waitFor();
    assert.equal(new URL(page.url()).hash, '#/users/createUser');
    assert.deepEqual(JSON.parse(await page.locator(`${CREATE} textarea`).inputValue()), BODY);
    // A key for repeating a write is for whoever sends it to choose.
    assert.equal(await page.locator(`${CREATE} tr[data-param-name=Idempotency-Key] input`).inputValue(), '');
  });

  await step('a try without a token is refused', async () => {
    page.expectNotices(/responded with a status of 401/);
    assert.match(await tried(page, CREATE, 401), /a key or a token is needed/);
  });

  for (const theme of ['light', 'dark']) {
    for (const width of [1280, 360]) {
      await step(`it can be read: ${theme}, ${width} pixels wide`, async () => {
        await page.look({ theme, width });
        await page.evaluate(() => scrollTo(0, 0));
        await page.shot('page');
        await page.locator(CREATE).evaluate((operation) => operation.scrollIntoView());
        await page.shot('operation');
        await page.locator(`${CREATE} .live-responses-table`).evaluate((answer) => answer.scrollIntoView());
        await page.shot('answer');
        assert.equal(await page.overhang(), 0);
        await page.axe();
      });
    }
  }

  await step('a token that is given once goes with each try, and is kept nowhere', async () => {
    await page.locator('.authorize').first().click();
    await page.locator('.modal-ux input').fill(token);
    await page.axe();
    await page.shot('token');
    await page.locator('.modal-ux button[type=submit]').click();
    await page.locator('.modal-ux .btn-done').click();
    assert.match(await tried(page, CREATE, 201), /"name": "Alice"/);
    await page.locator(`${GET} .opblock-summary-control`).click();
    await page.locator(`${GET} tr[data-param-name=id] input`).fill('1');
    assert.match(await tried(page, GET, 200), /"name": "Alice"/);
    const kept = await page.evaluate(() => [document.cookie, localStorage.length, sessionStorage.length]);
    assert.deepEqual(kept, ['', 0, 0]);
  });

  await step('the address of an operation leads to it', async () => {
    const again = await browser.open(`${base}/docs#/users/getUser`);
    await again.locator(`${GET} .execute`).waitFor();
  });
}

/** Sends what an operation's form holds; gives the body of the answer. */
async function tried(page, operation, status) {
  const answered = page.waitForResponse((response) => response.request().resourceType() === 'fetch');
  await page.locator(`${operation} .execute`).click();
  assert.equal((await answered).status(), status);
  const shown = page.locator(`${operation} .live-responses-table`);
  await shown.getByText(`${status}`, { exact: true }).first().waitFor();
  return shown.locator('.highlight-code').first().innerText();
}
