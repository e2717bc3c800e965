// Sources: how each one is, and how long it takes.

import { html } from "./html.js";
import { between, percentile, rate, readings, span } from "./metrics.js";
import { mark, millis, number, share } from "./format.js";
import { Empty, Head, Waiting } from "./common.js";
import { useValue } from "./state.js";

/** The last minute, in readings. */
const MINUTE = 29;

const TIMES = "rollcall_view_sources_seconds";
const ENDS = ["ok", "absent", "failed", "timeout", "refused", "cancelled", "skipped"];
const BREAKER = ["closed", "trying", "open"];

/** What was and is of one source. */
function look(source, older, newer) {
  const where = { source };
  const asked = (status) => between(older.histogram(TIMES, { ...where, status }), newer.histogram(TIMES, { ...where, status }));
  const ends = Object.fromEntries(ENDS.map((status) => [status, rate(older, newer, TIMES + "_count", { ...where, status }) ?? 0]));
  const times = sumUp([asked("ok"), asked("absent"), asked("failed"), asked("timeout")]);
  const attempts = (kind) => rate(older, newer, "rollcall_source_attempts_total", { ...where, kind }) ?? 0;
  const first = attempts("first");
  const all = Object.values(ends).reduce((sum, each) => sum + each, 0);
  const cached = rate(older, newer, "rollcall_source_cached_total", where) ?? 0;
  return {
    source, ends, times, all,
    level: newer.has("rollcall_source_breaker") ? newer.sum("rollcall_source_breaker", where) : null,
    inFlight: newer.sum("rollcall_source_in_flight", where),
    limit: newer.has("rollcall_source_limit") ? newer.sum("rollcall_source_limit", where) : null,
    waiting: newer.sum("rollcall_source_waiting", where),
    p50: inMillis(percentile(times, 0.5)),
    p99: inMillis(percentile(times, 0.99)),
    hedges: first ? attempts("hedge") / first : null,
    won: rate(older, newer, "rollcall_source_hedges_won_total", where) ?? 0,
    hedgesMade: attempts("hedge"),
    retries: first ? attempts("retry") / first : null,
    cached: all ? cached / all : null,
    joined: all ? (rate(older, newer, "rollcall_source_joined_total", where) ?? 0) / all : null,
  };
}

const inMillis = (seconds) => (seconds === null ? null : seconds * 1000);

function sumUp(histograms) {
  const counts = new Map();
  for (const histogram of histograms) {
    for (const [bound, count] of histogram) counts.set(bound, (counts.get(bound) ?? 0) + count);
  }
  return [...counts].sort((one, other) => one[0] - other[0]);
}

function Breaker({ level }) {
  if (level === null) return null;
  const name = BREAKER[level] ?? "unknown";
  const words = { closed: "Breaker closed", trying: "Breaker half open: trying", open: "Breaker open: left alone" };
  return html`<span class=${"breaker " + name}><i aria-hidden="true"></i>${words[name] ?? name}</span>`;
}

/** How often which time was taken, a column for each bound. */
function Histogram({ times, p50, p99 }) {
  const most = Math.max(1, ...times.map(([, count]) => count));
  const spoken = `Latency: half within ${millis(p50)}, 99 of 100 within ${millis(p99)}.`;
  return html`
    <figure class="histogram" role="img" aria-label=${spoken}>
      <div class="columns">
        ${times.map(([bound, count]) => {
          const height = count ? Math.max(3, (count / most) * 100) : 0;
          return html`<div title=${`${count} up to ${bound === Infinity ? "more" : mark(bound * 1000)}`}><i style=${{ height: height.toFixed(1) + "%" }}></i></div>`;
        })}
      </div>
      <div class="bounds">
        ${times.map(([bound], place) => html`<span>${place % 3 === 0 && bound !== Infinity ? mark(bound * 1000) : ""}</span>`)}
      </div>
    </figure>`;
}

/** How its answers ended, as parts of one bar. */
function Ends({ ends, all }) {
  if (!all) return html`<p class="quiet">Not asked in the last minute.</p>`;
  const there = ENDS.filter((status) => ends[status] > 0);
  return html`
    <div class="ends" aria-hidden="true">
      ${there.map((status) => html`<i class=${status} style=${{ flexGrow: ends[status] }}></i>`)}
    </div>
    <ul class="ends-words">
      ${there.map((status) => html`<li class=${status}><i aria-hidden="true"></i>${share(ends[status] / all)} ${status}</li>`)}
    </ul>`;
}

function Source({ seen }) {
  const { source, level, inFlight, limit, waiting, p50, p99, hedges, won, hedgesMade, retries, cached, joined, times, all } = seen;
  const figures = [
    ["Asked", number(all) + " /s"], ["p50", millis(p50)], ["p99", millis(p99)], ["In flight", number(inFlight) + (limit ? " of " + number(limit) : "")],
    ["Waiting", number(waiting)], ["Hedged", share(hedges)], ["Won", hedgesMade ? share(won / hedgesMade) : "–"],
    ["Retried", share(retries)], ["Cached", share(cached)], ["Joined", share(joined)],
  ];
  return html`
    <section class="panel source-panel" aria-label=${source}>
      <header><h2>${source}</h2><${Breaker} level=${level} /></header>
      <dl class="small-figures">
        ${figures.map(([name, value]) => html`<div><dt>${name}</dt><dd class=${name === "Waiting" && waiting > 0 ? "late" : ""}>${value}</dd></div>`)}
      </dl>
      ${times.length > 0 && html`<${Histogram} times=${times} p50=${p50} p99=${p99} />`}
      <${Ends} ends=${seen.ends} all=${all} />
    </section>`;
}

export function Sources() {
  useValue(readings);
  const known = span(MINUTE);
  if (!known) return html`<${Head} title="Sources" /><${Waiting}>The first figures are there after two readings, in four seconds.<//>`;
  const { older, newer } = known;
  const names = [...new Set([...newer.values("rollcall_source_breaker", "source"), ...newer.values(TIMES + "_count", "source")])].sort();
  const seen = names.map((source) => look(source, older, newer));
  const open = seen.filter(({ level }) => level === 2).map(({ source }) => source);
  return html`
    <${Head} title="Sources">
      <span class="quiet">The last ${Math.round((newer.at - older.at) / 1000)} seconds of this process</span>
      <span class="end" role="status">${open.length ? html`<span class="bad">Left alone: ${open.join(", ")}</span>` : ""}</span>
    <//>
    ${names.length
      ? html`<div class="panels source-panels">${seen.map((each) => html`<${Source} key=${each.source} seen=${each} />`)}</div>`
      : html`<${Empty} title="No sources">None is declared, or none was asked here. <code>sources</code> and <code>views</code> in the configuration declare them.<//>`}`;
}
