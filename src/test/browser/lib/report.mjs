// What a script saw, as the tests in Java read it.
export class Report {
  /** Each step that was done, with the error that ended it, if one did. */
  steps = [];

  /** What pages said without being asked: console, errors, requests that failed or went elsewhere. */
  notices = [];

  /** What axe holds against pages, each with its impact. */
  violations = [];

  /** Measures and the like that a test in Java judges. */
  values = {};

  /** Does one thing that can be told in a sentence; what fails here keeps no other step from running. */
  async step(title, body) {
    const began = performance.now();
    try {
      await body();
      this.steps.push({ title, ms: Math.round(performance.now() - began) });
    } catch (e) {
      this.fail(title, e);
    }
  }

  fail(title, error) {
    this.steps.push({ title, error: String(error?.stack ?? error) });
  }
}
