import assert from 'node:assert/strict';

/** Each part is looked at once in each theme, and in each of these widths. */
const LOOKS = [{ theme: 'light', width: 1280 }, { theme: 'dark', width: 360 }];
const WALL = { theme: 'dark', width: 3840 };

/** What a page may hold of the fetches, however many there are. */
const ROWS = 40;

/** The console of a process whose sources are not all well, which views are fetched of meanwhile. */
export default async function ({ management, http, control, browser, step }) {
  const page = await browser.open(`${management}/console`, { also: [http] });
  // A part that is left hangs up on what it followed.
  page.expectNotices(/net::ERR_ABORTED/);
  const go = (part) => page.locator('nav.parts a', { hasText: part }).click();
  const look = async (name, looks = LOOKS) => {
    for (const each of looks) {
      await page.look(each);
      await page.shot(name);
      assert.equal(await page.overhang(), 0, `${name}, ${each.width} pixels wide`);
      await page.axe();
    }
    await page.look(LOOKS[0]);
  };

  await step('now: figures come, and curves', async () => {
    await page.locator('.panel', { hasText: 'Requests a second' }).locator('dd', { hasText: /[1-9]/ }).first().waitFor();
    assert.ok((await page.locator('.panel canvas').count()) >= 9);
    await page.locator('.head', { hasText: 'ready' }).waitFor();
    await look('now', [...LOOKS, WALL]);
  });

  await step('fetches: a race is drawn with its winner and its cancelled loser', async () => {
    await go('Fetches');
    const race = page.locator('.fetch', { hasText: '· race' }).filter({ has: page.locator('.bar.cancelled') });
    await race.filter({ has: page.locator('.source.won .bar.ok') }).first().waitFor();
    assert.ok((await page.locator('.fetch').count()) <= ROWS);
  });

  await step('fetches: a hedge is drawn, and the list holds still where it is pointed at', async () => {
    await page.locator('.fetch .bar.hedge').first().waitFor();
    await look('fetches');
    await page.locator('.fetches').hover();
    await page.locator('.head', { hasText: 'Held while you point' }).waitFor();
    const first = await page.locator('.fetch').first().innerText();
    await page.waitForTimeout(1000);
    assert.equal(await page.locator('.fetch').first().innerText(), first);
    await page.mouse.move(0, 0);
  });

  await step('fetches: what has left the list is held no longer', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable');
    const held = async () => {
      await session.send('HeapProfiler.collectGarbage');
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'Nodes').value;
    };
    const before = await held();
    await page.waitForTimeout(6000);
    const after = await held();
    // Fifty rows of some twenty nodes each came meanwhile, and as many went.
    assert.ok(after < before + 400, `${before} nodes before, ${after} after`);
    await session.detach();
  });

  await step('fetches: details come with a click, with a command that asks for the same', async () => {
    const details = page.locator('dialog[open]');
    const open = async () => {
      const began = await page.locator('.fetch button').first().evaluate((row) => {
        globalThis.opened = new Promise((done) => {
          new MutationObserver(() => document.querySelector('dialog[open]') && done(performance.now()))
            .observe(document.body, { childList: true, subtree: true, attributes: true });
        });
        const now = performance.now();
        row.click();
        return now;
      });
      browser.report.values.detailsMs = (await page.evaluate(() => globalThis.opened)) - began;
      return details.locator('code').first().innerText();
    };
    const close = async () => {
      await page.keyboard.press('Escape');
      await details.waitFor({ state: 'detached' });
    };
    // The fetches of a job came without a trace.
    let trace = await open();
    for (let tries = 0; trace === 'traceparent' && tries < 20; tries++) {
      await close();
      trace = await open();
    }
    assert.match(trace, /^[0-9a-f]{32}$/);
    const curl = await details.locator('pre').innerText();
    const url = /^curl '(http[^']+)'$/.exec(curl)?.[1];
    assert.ok(url?.startsWith(`${http}/users/`), curl);
    assert.ok([200, 404].includes((await fetch(url)).status));
    await look('details', [LOOKS[1]]);
    await close();
  });

  await step('fetches: filters leave out what is not wanted, at once', async () => {
    // So late may the next frame of a busy browser be.
    await page.evaluate(() => {
      globalThis.nextFrame = requestAnimationFrame;
      globalThis.requestAnimationFrame = (draw) => setTimeout(draw, 500);
    });
    await page.locator('#fetch-view').selectOption('stock');
    assert.equal(await page.locator('.fetch', { hasText: 'profile' }).count(), 0);
    await page.evaluate(() => (globalThis.requestAnimationFrame = globalThis.nextFrame));
    await page.locator('.fetch', { hasText: 'stock' }).first().waitFor();
    assert.equal(await page.locator('.fetch', { hasText: 'profile' }).count(), 0);
    await page.locator('#fetch-status').selectOption('502');
    await page.getByText('No fetch like that so far').waitFor();
  });

  await step('sources: one that fails is left alone', async () => {
    await go('Sources');
    await page.locator('.source-panel', { hasText: 'loyalty' }).locator('.breaker.open').waitFor({ timeout: 60_000 });
    await look('sources');
  });

  await step('users: found by id, e-mail and name; a view is seen while it is fetched', async () => {
    await go('Users');
    const find = page.getByLabel('Find');
    for (const [text, name] of [['user7@example.org', 'User 7'], ['User 12', 'User 12'], ['42', 'User 42']]) {
      await find.fill(text);
      await page.locator('td button', { hasText: new RegExp(`^${name}$`) }).waitFor();
    }
    const user = page.locator('.one-user');
    await user.getByText('user42@example.org').waitFor();
    await user.locator('.small-list li').first().waitFor();
    await user.locator('select').first().selectOption('profile');
    await user.getByRole('button', { name: 'Fetch' }).click();
    await user.locator('.source').first().waitFor();
    await user.locator('details').first().waitFor();
    await look('users');
    await find.fill('nobody@example.org');
    await page.getByText('Nobody like that').waitFor();
  });

  await step('jobs: one that goes on is cancelled, once that is confirmed', async () => {
    const job = await (await fetch(`${http}/jobs`, {
      method: 'POST', headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ view: 'basket', all: true, concurrency: 1 }),
    })).json();
    await go('Jobs');
    const shown = page.locator('.job', { hasText: `job ${job.id}` });
    await shown.getByRole('button', { name: 'Cancel' }).click();
    const dialog = page.locator('dialog[open]');
    await dialog.getByRole('button', { name: 'Let it go on' }).click();
    assert.notEqual((await (await fetch(`${http}/jobs/${job.id}`)).json()).state, 'cancelled');
    await shown.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('button', { name: 'Cancel the job' }).click();
    await shown.getByText('cancelled', { exact: true }).waitFor();
    assert.equal((await (await fetch(`${http}/jobs/${job.id}`)).json()).state, 'cancelled');
    await look('jobs', [LOOKS[1]]);
  });

  await step('changes: a new one is there at once', async () => {
    await go('Changes');
    await page.locator('.changes tbody tr').first().waitFor();
    await fetch(`${http}/users/9`, {
      method: 'PATCH', headers: { 'content-type': 'application/merge-patch+json' }, body: '{"name":"Seen at once"}',
    });
    await page.locator('.changes td', { hasText: 'Seen at once' }).waitFor();
    await look('changes', [LOOKS[1]]);
  });

  await step('the keyboard does it all', async () => {
    await page.locator('body').press('2');
    await page.getByRole('heading', { name: 'Fetches' }).waitFor();
    await page.locator('.fetch button').nth(2).focus();
    await page.keyboard.press('Enter');
    await page.locator('dialog[open]').waitFor();
    await page.keyboard.press('Escape');
    await page.locator('body').press('p');
    await page.getByRole('button', { name: 'Go on' }).waitFor();
    await page.locator('body').press('p');
    await page.locator('body').press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.shot('keyboard');
    await page.keyboard.press('Escape');
  });

  await step('a connection that is lost is told, and comes back by itself', async () => {
    page.expectNotices(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED_ENCODING|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED|status of 503/);
    await fetch(`${control}/lose`);
    await page.getByText('Connection lost at').waitFor();
    await page.shot('lost');
    await page.axe();
    await fetch(`${control}/find`);
    await page.getByText('Connection lost at').waitFor({ state: 'detached' });
    await page.locator('.dot.bad').first().waitFor({ state: 'detached' });
    await page.locator('nav.parts a', { hasText: 'Changes' }).click();
    await page.locator('.changes tbody tr').first().waitFor();
  });
}
