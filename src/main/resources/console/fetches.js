// Fetches: views as they are fetched, as waterfalls.

import { useEffect, useMemo, useRef, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { Axis, describe, Waterfall } from "./waterfall.js";
import { clock, millis, number, roundUp } from "./format.js";
import { Empty, Head, Trouble, useKeys, Waiting } from "./common.js";
import { FetchDetails } from "./details.js";
import { FetchStream } from "./stream.js";
import { attempt, management } from "./service.js";
import { useViews } from "./views.js";
import { useValue } from "./state.js";

const STATUSES = [200, 404, 499, 502, 503, 504];
const NOTHING = { rows: [], oneOf: 1, perSecond: 0 };

function query({ view, status, slower }) {
  const wanted = new URLSearchParams();
  if (view) wanted.set("view", view);
  if (status) wanted.set("status", status);
  if (slower) wanted.set("slowerThan", slower);
  return wanted.size ? "?" + wanted : "";
}

/** The axis fits nine of ten, and never changes by little. */
function axisOf(rows, last) {
  if (!rows.length) return last;
  const times = rows.map(({ ms }) => ms).sort((one, other) => one - other);
  const most = times[times.length - 1];
  const usual = times[Math.floor(times.length * 0.9)];
  const wanted = roundUp(Math.min(most, usual * 2.5) * 1.02);
  return wanted > last || wanted < last * 0.55 ? wanted : last;
}

function Row({ fetched, max, deadline, open, isOpen }) {
  const { id, view, mode, status, complete, ms, at, sources } = fetched;
  const verdict = status >= 500 ? "bad" : status === 200 && complete ? "" : "late";
  const spoken = Object.entries(sources).map(([name, source]) => describe(name, source)).join("; ");
  return html`
    <li class=${"fetch" + (isOpen ? " open" : "")}>
      <button type="button" onClick=${open}>
        <span class="fetch-facts">
          <span class="fetch-view">${view}</span>
          <span class="fetch-ms">${millis(ms)}</span>
          <span class="quiet">user ${id} · ${mode}</span>
          <span class=${"fetch-status " + verdict}>${status}${status === 200 && !complete ? " partial" : ""}</span>
          <span class="quiet fetch-at">${clock(at)}</span>
        </span>
        <span class="unseen">${spoken}</span>
        <${Waterfall} fetched=${fetched} max=${max} deadline=${deadline} />
      </button>
    </li>`;
}

export function Fetches() {
  const again = useValue(attempt);
  const port = useValue(management);
  const views = useViews();
  const [wanted, want] = useState({ view: "", status: "", slower: "" });
  const [paused, pause] = useState(false);
  const [held, hold] = useState(false);
  const [seen, set] = useState(NOTHING);
  const [open, show] = useState(null);
  const stream = useRef(null);
  const axis = useRef(100);
  const asked = query(wanted);
  // What another choice found is not shown until the new one has an answer.
  const state = seen.asked === asked ? seen : NOTHING;

  useEffect(() => {
    set(NOTHING);
    stream.current = new FetchStream(asked, (found) => set({ ...found, asked }));
    stream.current.start();
    stream.current.pause(paused || held);
    return () => stream.current.stop();
  }, [asked, again]);
  // Nobody can point at what moves on.
  useEffect(() => stream.current.pause(paused || held || open !== null), [paused, held, open]);
  useKeys({ p: () => pause(!paused), "/": () => document.getElementById("fetch-view")?.focus() });

  const deadlines = useMemo(() => new Map(views.map((view) => [view.name, view.deadlineMs])), [views]);
  const max = (axis.current = axisOf(state.rows, axis.current));
  const known = [...new Set([...views.map(({ name }) => name), ...state.rows.map(({ view }) => view), wanted.view])].filter(Boolean).sort();
  const set1 = (name) => (event) => want({ ...wanted, [name]: event.target.value });

  return html`
    <${Head} title="Fetches">
      <span class="quiet" role="status">
        ${paused ? "Paused" : held ? "Held while you point at it" : state.oneOf > 1 ? html`Showing <b>1 of ${number(state.oneOf)}</b>` : "Showing all"}
        ${" · "}${number(state.perSecond)} a second
      </span>
      <form class="end fields" onSubmit=${(event) => event.preventDefault()}>
        <label>View <select id="fetch-view" value=${wanted.view} onChange=${set1("view")}>
          <option value="">all</option>
          ${known.map((name) => html`<option value=${name}>${name}</option>`)}
        </select></label>
        <label>Status <select id="fetch-status" value=${wanted.status} onChange=${set1("status")}>
          <option value="">all</option>
          ${STATUSES.map((status) => html`<option value=${status}>${status}</option>`)}
        </select></label>
        <label>Slower than <input type="number" min="0" max="600000" step="10" placeholder="0 ms" value=${wanted.slower} onChange=${set1("slower")} /></label>
        <button type="button" class="button" aria-pressed=${paused} onClick=${() => pause(!paused)}>${paused ? "Go on" : "Pause"}</button>
      </form>
    <//>
    <${Trouble} failure=${port.state === "lost" ? null : state.failure} port="management port" />
    ${state.rows.length > 0 &&
    html`<div class="fetch-axis"><span class="quiet">Newest first</span><${Axis} max=${max} /></div>
      <ol class="fetches" onMouseEnter=${() => hold(true)} onMouseLeave=${() => hold(false)}
        onFocusIn=${() => hold(true)} onFocusOut=${(event) => hold(event.currentTarget.matches(":hover"))}>
        ${state.rows.map(
          (row) => html`<${Row} key=${row.key} fetched=${row} max=${max} deadline=${deadlines.get(row.view)}
            isOpen=${open?.key === row.key} open=${() => show(row)} />`,
        )}
      </ol>
      <${Legend} />`}
    ${!state.rows.length && !state.failure && !state.loaded && html`<${Waiting}>Asking for the newest fetches…<//>`}
    ${!state.rows.length && state.loaded &&
    html`<${Empty} title=${asked ? "No fetch like that so far" : "No view has been fetched so far"}>
      ${asked ? "Those to come are shown as they end." : html`<code>GET /users/{id}/views/{view}</code> on the port of users fetches one. Nothing is kept where <code>management.fetches</code> is 0.`}
    <//>`}
    ${open && html`<${FetchDetails} fetched=${open} deadline=${deadlines.get(open.view)} close=${() => show(null)} />`}`;
}

function Legend() {
  const kinds = [["bar ok", "answered"], ["wait", "waits for a permit"], ["bar ok hedge", "hedge"], ["bar cancelled", "cancelled"], ["bar timeout", "too late"], ["bar failed", "failed"], ["point refused", "refused"], ["point ok", "from memory"]];
  return html`<ul class="legend" aria-label="What the bars mean">
    ${kinds.map(([kind, meaning]) => html`<li><span class="sample"><i class=${kind}></i></span>${meaning}</li>`)}
  </ul>`;
}
