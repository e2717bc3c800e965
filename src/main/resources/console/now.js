// Now: what the process does, and did in the last ten minutes.

import { useState } from "./lib/preact.js";
import { html } from "./html.js";
import { Curve } from "./curve.js";
import { between, history, percentile, rate, readings, span } from "./metrics.js";
import { bytes, clock, duration, mark, millis, number, share } from "./format.js";
import { useValue } from "./state.js";
import { Head, Waiting } from "./common.js";
import { Followers } from "./followers.js";
import { Nodes } from "./nodes.js";

const REQUESTS = "rollcall_http_requests_seconds";
const COMMITS = "rollcall_store_commits_seconds";
const LAG = "rollcall_eventloop_lag_seconds";
const isFault = ({ status }) => status >= "500";
const isRefusal = ({ status }) => status >= "400" && status < "500";

/** What the curves show of the time between two readings. */
export function derive(older, newer) {
  const times = (name, at) => {
    const value = percentile(between(older.histogram(name), newer.histogram(name)), at);
    return value === null ? null : value * 1000;
  };
  const hits = rate(older, newer, "cache_gets_total", { result: "hit" });
  const misses = rate(older, newer, "cache_gets_total", { result: "miss" });
  return {
    requests: rate(older, newer, REQUESTS + "_count"),
    faults: rate(older, newer, REQUESTS + "_count", {}, isFault),
    refusals: rate(older, newer, REQUESTS + "_count", {}, isRefusal),
    p50: times(REQUESTS, 0.5),
    p99: times(REQUESTS, 0.99),
    inFlight: newer.sum("rollcall_http_in_flight") + newer.sum("rollcall_bus_in_flight"),
    lag: times(LAG, 0.99),
    writes: rate(older, newer, "rollcall_store_commit_writes_sum"),
    commit50: times(COMMITS, 0.5),
    commit99: times(COMMITS, 0.99),
    hits: hits + misses > 0 ? hits / (hits + misses) : null,
    hashing: newer.sum("rollcall_credentials_waiting"),
    cpu: newer.sum("process_cpu_usage"),
    heap: newer.sum("jvm_memory_used_bytes", { area: "heap" }),
  };
}

const PANELS = [
  {
    title: "Requests a second", unit: number, least: 5, wide: true,
    series: [
      { name: "requests", label: "all", colour: "accent", fill: true },
      { name: "refusals", label: "4xx", colour: "late" },
      { name: "faults", label: "5xx", colour: "bad" },
    ],
  },
  {
    title: "Latency of requests", unit: millis, axis: mark, least: 2, wide: true,
    series: [
      { name: "p50", label: "p50", colour: "accent" },
      { name: "p99", label: "p99", colour: "quiet", dash: [4, 3] },
    ],
  },
  { title: "In flight", unit: number, least: 4, series: [{ name: "inFlight", label: "requests and messages", colour: "accent", fill: true }] },
  { title: "Lag of event loops", unit: millis, axis: mark, least: 2, series: [{ name: "lag", label: "p99", colour: "accent", fill: true }] },
  { title: "Writes a second", unit: number, least: 5, series: [{ name: "writes", label: "acknowledged", colour: "accent", fill: true }] },
  {
    title: "Commit", unit: millis, axis: mark, least: 2,
    series: [
      { name: "commit50", label: "p50", colour: "accent" },
      { name: "commit99", label: "p99", colour: "quiet", dash: [4, 3] },
    ],
  },
  { title: "Reads from the cache", unit: share, least: 1, series: [{ name: "hits", label: "of all reads", colour: "accent", fill: true }] },
  { title: "Hashing queue", unit: number, least: 4, series: [{ name: "hashing", label: "waiting", colour: "accent", fill: true }] },
  { title: "Processor", unit: share, least: 0.2, series: [{ name: "cpu", label: "of all processors", colour: "accent", fill: true }] },
  { title: "Heap", unit: bytes, least: 64 * 2 ** 20, series: [{ name: "heap", label: "used", colour: "accent", fill: true }] },
];

function Panel({ title, unit, axis, series, least, wide, at, point }) {
  const index = at ?? history.times.length - 1;
  const value = (name) => history.values[name]?.[index] ?? null;
  return html`
    <section class=${"panel" + (wide ? " wide" : "")} aria-label=${title}>
      <h2>${title}</h2>
      <dl class="figures">
        ${series.map(
          ({ name, label, colour }, place) => html`
            <div class=${place ? "second" : ""}>
              <dt>${series.length > 1 && html`<i class=${"key " + colour}></i>`}${label}</dt>
              <dd class=${colour === "bad" && value(name) > 0 ? "bad" : ""}>${unit(value(name))}</dd>
            </div>`,
        )}
      </dl>
      <${Curve} series=${series} unit=${axis ?? unit} least=${least} show=${point} />
    </section>`;
}

export function Now({ ready }) {
  useValue(readings);
  const [at, point] = useState(null);
  const known = span();
  const newest = readings.get().at(-1);
  const nodes = newest?.sum("rollcall_cluster_nodes");
  const shown = at !== null && history.times[at] ? clock(history.times[at] * 1000) : "now";
  return html`
    <${Head} title="Now">
      <span class="quiet">
        ${newest &&
        html`This process: ${ready.startsWith("ready") ? "ready" : html`<span class="bad">${ready}</span>`} · up
          ${" " + duration(newest.at / 1000 - newest.sum("process_start_time_seconds"))} ·
          ${nodes > 1 ? ` one of ${number(nodes)} nodes ·` : ""}
          ${" " + number(newest.sum("rollcall_http_connections"))} connections ·
          ${" " + number(newest.sum("cache_size"))} users in the cache · change ${number(newest.sum("rollcall_store_position"))}`}
      </span>
      <span class="end quiet" aria-hidden="true">${shown === "now" ? "the last ten minutes" : "at " + shown}</span>
    <//>
    <${Nodes} />
    <${Followers} reading=${newest} />
    ${known
      ? html`<div class="panels">
          ${PANELS.map((panel) => html`<${Panel} key=${panel.title} ...${panel} at=${at} point=${point} />`)}
        </div>`
      : html`<${Waiting}>The first figures are there after two readings, in four seconds.<//>`}`;
}
