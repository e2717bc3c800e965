import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { openPage } from './page.mjs';

/** Longer than anything on a busy machine; it is waited for only where a step fails. */
const PATIENCE = 20_000;

/**
 * Starts Chromium, whose pages tell the report what they say.
 *
 * @param chromium the path of the program
 * @param shots the folder that takes screenshots, named for the script
 */
export async function startBrowser({ chromium: executablePath, shots, script, report }) {
  mkdirSync(shots, { recursive: true });
  const started = await chromium.launch({ executablePath });
  return {
    report,
    close: () => started.close(),

    /**
     * Opens a page at an address, in a context of its own: nothing is kept from the one before.
     *
     * @param theme dark or light
     * @param width in CSS pixels
     * @param also the other origins that the page may ask
     * @param options of Playwright's newContext, such as ignoreHTTPSErrors
     */
    async open(url, { theme = 'light', width = 1280, height = 800, also = [], ...options } = {}) {
      const context = await started.newContext({
        colorScheme: theme,
        viewport: { width, height },
        reducedMotion: 'reduce',
        locale: 'en-GB',
        ...options,
      });
      context.setDefaultTimeout(PATIENCE);
      return openPage(context, { url, also, theme, width, shots, script, report });
    },
  };
}
