// One fetch of a view: every attempt, the trace, and how to ask for it again.

import { html } from "./html.js";
import { Axis, Waterfall, winner, WORDS } from "./waterfall.js";
import { date, millis, roundUp } from "./format.js";
import { Copy, Dialog } from "./common.js";
import { service } from "./service.js";
import { useValue } from "./state.js";

/** The command that asks for the same view; no credential is in it. */
export function command({ http, keyNeeded }, { id, view, mode }) {
  const url = new URL(`/users/${id}/views/${encodeURIComponent(view)}?mode=${mode}&explain=true`, http ?? "http://127.0.0.1:8080");
  return `curl ${keyNeeded ? '-H "Authorization: Bearer $ROLLCALL_KEY" ' : ""}'${url}'`;
}

export function FetchDetails({ fetched, deadline, close }) {
  const where = useValue(service) ?? {};
  const { id, view, mode, status, complete, ms, at, traceId, sources } = fetched;
  const max = roundUp(deadline && deadline < ms * 3 ? Math.max(ms, deadline) : ms);
  const first = winner(fetched);
  const curl = command(where, fetched);
  return html`
    <${Dialog} title=${`${view} of user ${id}`} close=${close} side>
      <dl class="facts">
        <div><dt>Took</dt><dd>${millis(ms)}</dd></div>
        <div><dt>Status</dt><dd class=${status >= 500 ? "bad" : ""}>${status}${complete ? "" : ", not complete"}</dd></div>
        <div><dt>Mode</dt><dd>${mode}${first ? html`, <b>${first}</b> was first` : ""}</dd></div>
        <div><dt>Deadline</dt><dd>${millis(deadline)}</dd></div>
        <div><dt>Began</dt><dd>${date(at)}</dd></div>
      </dl>
      <div class="big">
        <${Axis} max=${max} deadline=${deadline} />
        <${Waterfall} fetched=${fetched} max=${max} deadline=${deadline} />
      </div>
      <div class="scroll" tabindex="0" role="region" aria-label="Attempts">
        <table>
          <caption class="unseen">Attempts</caption>
          <thead>
            <tr><th scope="col">Source</th><th scope="col">Attempt</th><th scope="col" class="number">Begins at</th>
              <th scope="col" class="number">Waits</th><th scope="col" class="number">Takes</th><th scope="col">Ends</th></tr>
          </thead>
          <tbody>
            ${Object.entries(sources).map(([name, source]) => attempts(name, source))}
          </tbody>
        </table>
      </div>
      <section class="copyable" aria-label="Trace">
        <h3>Trace ${traceId && html`<${Copy} text=${traceId} label="trace id" />`}</h3>
        ${traceId ? html`<code>${traceId}</code>` : html`<p class="quiet">The request came without a <code>traceparent</code>.</p>`}
      </section>
      <section class="copyable" aria-label="Command">
        <h3>Ask again <${Copy} text=${curl} label="command" /></h3>
        <pre tabindex="0">${curl}</pre>
      </section>
    <//>`;
}

function attempts(name, { status, ms, timeline = [] }) {
  if (!timeline.length) {
    const how = status === "ok" ? "answered from memory" : WORDS[status] ?? status;
    return html`<tr><th scope="row">${name}</th><td class="quiet">none</td><td colspan="2"></td><td class="number">${millis(ms)}</td><td>${how}</td></tr>`;
  }
  return timeline.map(
    (each, index) => html`<tr>
      ${index === 0 ? html`<th scope="row" rowspan=${timeline.length}>${name}</th>` : null}
      <td>${each.n}${each.hedge ? " hedge" : each.n > 1 ? " retry" : ""}${each.url ? html` <span class="quiet">URL ${each.url + 1}</span>` : ""}</td>
      <td class="number">${millis(each.at)}</td>
      <td class="number">${each.waited > 0.05 ? millis(each.waited) : ""}</td>
      <td class="number">${millis(each.ms)}</td>
      <td class=${each.end === "failed" ? "bad" : each.end === "timeout" ? "late" : ""}>${WORDS[each.end] ?? each.end}</td>
    </tr>`,
  );
}
