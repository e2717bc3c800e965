// Runs a script of the folder scripts in a real browser: run.mjs NAME, with the script's arguments
// as one JSON object on standard input. Prints what it saw as one JSON object on standard output.
import { text } from 'node:stream/consumers';
import { startBrowser } from './lib/browser.mjs';
import { Report } from './lib/report.mjs';

const [name] = process.argv.slice(2);
if (!/^[a-z][a-z-]*$/.test(name ?? '')) {
  console.error('usage: run.mjs NAME < ARGUMENTS.json');
  process.exit(2);
}
const given = JSON.parse((await text(process.stdin)) || '{}');
const { default: script } = await import(`./scripts/${name}.mjs`);
const report = new Report();
const browser = await startBrowser({ chromium: given.chromium, shots: given.shots, script: name, report });
try {
  await script({ ...given, browser, step: (title, body) => report.step(title, body) });
} catch (e) {
  report.fail('the script itself', e);
} finally {
  await browser.close();
}
process.stdout.write(JSON.stringify(report) + '\n');
