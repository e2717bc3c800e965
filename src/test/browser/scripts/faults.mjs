import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';

const PAGE = `<!doctype html><html><title>Faults</title><h1>Faults</h1>
  <button></button><img src="missing.png" alt=""><img src="http://127.0.0.2:9/" alt="">
  <script>console.info('said by the page'); setTimeout(() => { throw new Error('thrown by the page'); })</script>`;

/** A page with one of each fault that a test has to see, or it could not fail. */
export default async function ({ browser, step }) {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' });
    response.end(request.url === '/' ? PAGE : '');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  await step('a step that fails', async () => {
    const page = await browser.open(`http://127.0.0.1:${server.address().port}/`);
    await page.axe();
    assert.equal(await page.title(), 'No faults');
  });
  await step('a step after it', async () => {});
  server.close();
}
