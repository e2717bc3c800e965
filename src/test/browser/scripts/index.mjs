import assert from 'node:assert/strict';

/** What a browser shows at the root of the service. */
export default async function ({ base, browser, step }) {
  await step('the index names the contract', async () => {
    const page = await browser.open(`${base}/`);
    assert.equal(page.response.status(), 200);
    assert.match(await page.locator('body').innerText(), /openapi\.yaml/);
    await page.shot('page');
  });
}
