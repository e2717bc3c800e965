import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds, by rule: WCAG 2.0 to 2.2, A and AA, and its best practices. */
export async function findViolations(page) {
  // By the debugger's own evaluation, which the page's Content-Security-Policy does not bar.
  const session = await page.context().newCDPSession(page);
  const evaluate = async (expression) => {
    const done = await session.send('Runtime.evaluate', {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (done.exceptionDetails) {
      throw new Error(done.exceptionDetails.exception?.description ?? done.exceptionDetails.text);
    }
    return done.result.value;
  };
  try {
    await evaluate(`${AXE}; undefined`);
    const found = await evaluate(`axe.run(document, {resultTypes: ['violations']}).then((results) =>
        results.violations.map(({id, impact, help, nodes}) =>
            ({id, impact, help, nodes: nodes.length, first: nodes.slice(0, 3).map((node) => node.html.slice(0, 300))})))`);
    return found.map((violation) => ({ ...violation, page: page.url() }));
  } finally {
    await session.detach();
  }
}
