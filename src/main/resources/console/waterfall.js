// Draws what the sources of a view did, each a bar on one axis of time.

import { html } from "./html.js";
import { mark, millis } from "./format.js";

const percent = (value) => Math.min(100, Math.max(0, value)).toFixed(2) + "%";

/** What became of the source, in words. */
export const WORDS = {
  ok: "answered", absent: "has nothing for this user", failed: "failed", timeout: "too late", refused: "not asked: refused",
  cancelled: "cancelled: no longer wanted", skipped: "skipped", running: "under way",
};

/** Where the lines of the grid stand: four equal divisions. */
export function Axis({ max, deadline }) {
  return html`
    <div class="axis" aria-hidden="true">
      ${[0, 1, 2, 3, 4].map((place) => html`<span style=${{ left: percent(place * 25) }}>${mark((max * place) / 4)}</span>`)}
      ${deadline && deadline <= max && html`<span class="at-deadline" style=${{ left: percent((deadline / max) * 100) }}>deadline</span>`}
    </div>`;
}

/** One attempt: a line while it waits for a permit, then a bar. */
function Attempt({ attempt, max, place, of }) {
  const { at, waited, ms, end, hedge } = attempt;
  const top = percent((place / of) * 100);
  const height = percent(100 / of);
  const cut = at + ms > max * 1.001;
  const asked = Math.min(waited, ms);
  return html`
    ${asked > 0.05 &&
    html`<i class="wait" style=${{ left: percent((at / max) * 100), width: percent((asked / max) * 100), top, height }}></i>`}
    ${ms - asked > 0.05 || asked <= 0.05 || end === "refused" || end === "timeout"
      ? html`<i
          class=${`bar ${end}${hedge ? " hedge" : ""}${cut ? " cut" : ""}${at < 0 ? " joined" : ""}`}
          style=${{ left: percent(((at + asked) / max) * 100), width: percent(((Math.min(at + ms, max) - Math.max(at + asked, 0)) / max) * 100), top, height }}
        ></i>`
      : null}`;
}

/** Attempts that overlap stand below each other. */
function rows(timeline) {
  const ends = [];
  const places = timeline.map(({ at, ms }) => {
    let row = ends.findIndex((end) => end <= at + 0.01);
    if (row < 0) row = ends.length;
    ends[row] = at + ms;
    return row;
  });
  return { places, of: Math.max(1, ends.length) };
}

/** The bar of one source. */
export function Track({ source, max }) {
  const timeline = source.timeline ?? [];
  const { places, of } = rows(timeline);
  return html`
    <div class="track">
      ${timeline.map((attempt, index) => html`<${Attempt} attempt=${attempt} max=${max} place=${places[index]} of=${of} />`)}
      ${!timeline.length && source.status !== "skipped" &&
      html`<i class=${"point " + source.status} style=${{ left: percent((source.ms / max) * 100) }}></i>`}
    </div>`;
}

/** What a source's bar says, for those who don't see it. */
export function describe(name, source) {
  const attempts = source.timeline?.length ?? 0;
  const hedges = source.timeline?.filter(({ hedge }) => hedge).length ?? 0;
  return `${name} ${WORDS[source.status] ?? source.status} after ${millis(source.ms)}` +
    (attempts > 1 ? `, ${attempts} attempts` : "") + (hedges ? `, ${hedges} of them hedges` : "");
}

/** Which source gave the answer where one is enough; null where all do. */
export function winner({ mode, sources }) {
  if (mode !== "race" && mode !== "any") return null;
  const ended = Object.entries(sources).filter(([, { status }]) => status !== "cancelled" && status !== "skipped" && status !== "running");
  const good = ended.filter(([, { status }]) => mode === "race" || status === "ok");
  good.sort((one, other) => one[1].ms - other[1].ms);
  return good[0]?.[0] ?? null;
}

/** All sources of a fetch. */
export function Waterfall({ fetched, max, deadline }) {
  const first = winner(fetched);
  if (!Object.keys(fetched.sources).length) return html`<p class="unasked">No source was asked, since the user could not be had.</p>`;
  return html`
    <div class="fall">
      ${Object.entries(fetched.sources).map(
        ([name, source]) => html`
          <div class=${"source" + (name === first ? " won" : "")} key=${name}>
            <span class="source-name" aria-hidden="true">${name}</span>
            <${Track} source=${source} max=${max} />
          </div>`,
      )}
      ${deadline && deadline <= max && html`<div class="limit"><i style=${{ left: percent((deadline / max) * 100) }}></i></div>`}
    </div>`;
}
