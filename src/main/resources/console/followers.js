// How many changes the followers are behind whose position is kept.

import { html } from "./html.js";
import { number } from "./format.js";

/** So many are shown: those that are furthest behind. */
const MOST = 12;

const furthestFirst = (one, other) =>
  other.value - one.value || (one.labels.follower < other.labels.follower ? -1 : 1);

/** Nothing where there are no followers. */
export function Followers({ reading }) {
  const all = reading?.samples("rollcall_follower_lag") ?? [];
  if (!all.length) return null;
  const shown = [...all].sort(furthestFirst).slice(0, MOST);
  const behind = (lag) => (lag === 1 ? "1 change behind" : lag > 0 ? number(lag) + " changes behind" : "up to date");
  return html`
    <ul class="nodes" aria-label="Followers with a kept cursor">
      ${shown.map(
        ({ labels, value }) => html`<li key=${labels.follower}>
          ${labels.follower} <span class="quiet">${behind(value)}</span>
        </li>`,
      )}
      ${all.length > MOST && html`<li class="quiet">and ${number(all.length - MOST)} more</li>`}
    </ul>`;
}
