// A view of one user, seen while it happens: each source when it ends.

import { useEffect, useRef, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { askUsers, service } from "./service.js";
import { Axis, Waterfall, WORDS } from "./waterfall.js";
import { command } from "./details.js";
import { Copy, Trouble } from "./common.js";
import { millis, roundUp } from "./format.js";
import { readEvents } from "./events.js";
import { useValue } from "./state.js";
import { useViews } from "./views.js";

/** How often what still goes on is drawn anew, in milliseconds. */
const TICK = 50;

/** Fetches a view, and calls back with all that is known of it so far. */
async function watch(id, view, mode, signal, tell) {
  const began = performance.now();
  const sources = Object.fromEntries(view.sources.map(({ name }) => [name, null]));
  let end = null;
  const say = () => {
    const now = end?.ms ?? performance.now() - began;
    tell({ ms: now, end, sources: Object.fromEntries(Object.entries(sources).map(([name, seen]) => [name, seen ?? running(now)])) });
  };
  const timer = setInterval(say, TICK);
  try {
    const path = `users/${id}/views/${encodeURIComponent(view.name)}?mode=${mode}&explain=true`;
    const answer = await askUsers(path, { accept: "text/event-stream", signal, lasting: true });
    await readEvents(answer, (kind, data) => {
      if (kind === "source") sources[data.name] = data;
      else if (kind === "end") end = data;
    });
    if (!end) throw new Error("the view broke off");
  } finally {
    clearInterval(timer);
  }
  say();
}

const running = (now) => ({ status: "running", ms: now, timeline: [{ n: 1, at: 0, waited: 0, ms: now, end: "running", hedge: false, url: 0 }] });

export function ViewOfUser({ id }) {
  const views = useViews();
  const where = useValue(service) ?? {};
  const [chosen, choose] = useState({});
  const [seen, see] = useState(null);
  const [failure, fail] = useState(null);
  const gone = useRef(null);
  useEffect(() => () => gone.current?.abort(), []);
  const view = views.find(({ name }) => name === chosen.view) ?? views[0];
  if (!view) return null;
  const modes = [...new Set([view.mode, ...view.modes])];
  const mode = modes.includes(chosen.mode) ? chosen.mode : view.mode;

  const fetchIt = async (event) => {
    event.preventDefault();
    gone.current?.abort();
    gone.current = new AbortController();
    const { signal } = gone.current;
    fail(null);
    try {
      await watch(id, view, mode, signal, (state) => signal.aborted || see({ ...state, view: view.name, mode }));
    } catch (thrown) {
      if (!signal.aborted) {
        see(null);
        fail(thrown);
      }
    }
  };

  return html`
    <section class="viewing" aria-label="A view">
      <form class="fields" onSubmit=${fetchIt}>
        <label>View <select value=${view.name} onChange=${(event) => choose({ view: event.target.value })}>
          ${views.map(({ name }) => html`<option value=${name}>${name}</option>`)}
        </select></label>
        <label>Mode <select value=${mode} onChange=${(event) => choose({ view: view.name, mode: event.target.value })}>
          ${modes.map((name) => html`<option value=${name}>${name}</option>`)}
        </select></label>
        <button class="button main-one">Fetch</button>
        <${Copy} text=${command(where, { id, view: view.name, mode })} title="Copy as curl" />
      </form>
      <${Trouble} failure=${failure} port="port of users" />
      ${seen && html`<${Seen} seen=${seen} deadline=${view.deadlineMs} />`}
    </section>`;
}

function Seen({ seen, deadline }) {
  const max = roundUp(Math.max(seen.ms, 50));
  const { end, ms, sources } = seen;
  return html`
    <div class="big">
      <${Axis} max=${max} deadline=${deadline} />
      <${Waterfall} fetched=${seen} max=${max} deadline=${deadline} />
    </div>
    <p role="status">${end ? html`<b>${millis(ms)}</b>, ${end.complete ? "complete" : html`<span class="late">not complete</span>`}` : "Under way…"}</p>
    ${end &&
    Object.entries(sources).map(
      ([name, source]) => html`<details key=${name}>
        <summary>${name} <span class="quiet">${WORDS[source.status] ?? source.status}${source.detail ? ": " + source.detail : ""}</span></summary>
        ${source.value === undefined ? html`<p class="quiet">No value.</p>` : html`<pre tabindex="0">${JSON.stringify(source.value, null, 2)}</pre>`}
      </details>`,
    )}`;
}
