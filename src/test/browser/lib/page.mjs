import { join } from 'node:path';
import { findViolations } from './axe.mjs';

/** Opens a page and puts down what it says: Playwright's page, with what the scripts need beside. */
export async function openPage(context, { url, also, theme, width, shots, script, report }) {
  const page = await context.newPage();
  let look = { theme, width };
  const ours = [url, ...also].map((each) => new URL(each).host);
  const expected = [];
  const notice = (kind, text) => {
    if (!expected.some((pattern) => pattern.test(text))) {
      report.notices.push({ kind, text, page: page.url() });
    }
  };
  page.on('console', (message) => notice(`console.${message.type()}`, message.text()));
  page.on('pageerror', (error) => notice('error', String(error.stack ?? error)));
  page.on('requestfailed', (request) =>
    notice('failed', `${request.method()} ${request.url()}: ${request.failure()?.errorText}`));
  page.on('request', (request) => {
    const asked = new URL(request.url());
    if (/^(http|ws)s?:$/.test(asked.protocol) && !ours.includes(asked.host)) {
      notice('elsewhere', request.url());
    }
  });

  /** Notices that match are no fault from now on, such as those of a connection that is to be lost. */
  page.expectNotices = (...patterns) => expected.push(...patterns);

  /** A picture in the folder for them, named for the script, this name, the theme and the width. */
  page.shot = (name, options = {}) =>
    page.screenshot({ path: join(shots, `${script}-${name}-${look.theme}-${look.width}.png`), ...options });

  /** Goes on in another theme and width, without loading the page again. */
  page.look = async (changed) => {
    look = { ...look, ...changed };
    await page.emulateMedia({ colorScheme: look.theme });
    await page.setViewportSize({ ...page.viewportSize(), width: look.width });
  };

  /** Has axe look at what is shown now. */
  page.axe = async () => report.violations.push(...(await findViolations(page)));

  /** The pixels by which the page is wider than its window: 0 where nothing is cut off. */
  page.overhang = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  page.response = await page.goto(url);
  return page;
}
