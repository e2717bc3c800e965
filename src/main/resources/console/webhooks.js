// Webhooks and followers: who is told of changes, and how far each one is behind.

import { useEffect, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { askUsers, attempt } from "./service.js";
import { Empty, Head, Trouble, Waiting } from "./common.js";
import { date, number } from "./format.js";
import { useValue } from "./state.js";

const EVERY = 5000;

/** So many of each are shown: those that need to be looked at most. */
const SHOWN = 100;

const STATES = ["paused", "failing", "delivering"];

/** Both lists, read again and again. */
function useLists() {
  const again = useValue(attempt);
  const [state, set] = useState({});
  useEffect(() => {
    const gone = new AbortController();
    let timer = 0;
    const list = async (path) => (await (await askUsers(path, { signal: gone.signal })).json()).items;
    const read = async () => {
      try {
        const [webhooks, followers] = await Promise.all([list("webhooks"), list("followers")]);
        set({ webhooks, followers });
      } catch (failure) {
        if (!gone.signal.aborted) set((before) => ({ ...before, failure }));
      }
      if (!gone.signal.aborted) timer = setTimeout(read, EVERY);
    };
    read();
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [again]);
  return state;
}

const furthestFirst = (one, other) => other.lag - one.lag || (one.name < other.name ? -1 : 1);
const worstFirst = (one, other) => STATES.indexOf(one.state) - STATES.indexOf(other.state) || furthestFirst(one, other);

/** Without its path and query, which may hold what only its owner is to know. */
function origin(url) {
  try {
    return new URL(url).origin;
  } catch {
    return "–";
  }
}

function Webhook({ webhook }) {
  const { name, url, state, pausedFor, lag, parked, lost, position, lastError, createdBy } = webhook;
  return html`<tr>
    <td class="name">${name}</td>
    <td><span class=${"state " + (state === "delivering" ? "" : "bad")}>${state}</span></td>
    <td class="number">${number(lag)}</td>
    <td class=${"number " + (parked ? "bad" : "")}>${number(parked)}</td>
    <td class=${"number " + (lost ? "bad" : "")}>${number(lost)}</td>
    <td class="number mono">${position}</td>
    <td class="words">${pausedFor ?? lastError ?? html`<span class="quiet">–</span>`}</td>
    <td class="where quiet">${origin(url)}</td>
    <td class="quiet">${createdBy ?? "–"}</td>
  </tr>`;
}

function More({ all }) {
  return all.length > SHOWN && html`<p class="quiet note">and ${number(all.length - SHOWN)} more</p>`;
}

function WebhookTable({ webhooks }) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Webhooks">
      <table class="told">
        <caption class="unseen">Webhooks, those that need to be looked at first</caption>
        <thead><tr><th scope="col">Webhook</th><th scope="col">State</th><th scope="col" class="number">Behind</th><th scope="col" class="number">Parked</th><th scope="col" class="number">Lost</th><th scope="col" class="number">Position</th><th scope="col">Last error</th><th scope="col">To</th><th scope="col">By</th></tr></thead>
        <tbody>${[...webhooks].sort(worstFirst).slice(0, SHOWN).map((each) => html`<${Webhook} key=${each.name} webhook=${each} />`)}</tbody>
      </table>
    </div>
    <${More} all=${webhooks} />`;
}

function FollowerTable({ followers }) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label="Followers">
      <table class="told">
        <caption class="unseen">Followers with a kept cursor, the furthest behind first</caption>
        <thead><tr><th scope="col">Follower</th><th scope="col" class="number">Behind</th><th scope="col" class="number">Position</th><th scope="col">Confirmed</th><th scope="col">By</th></tr></thead>
        <tbody>
          ${[...followers].sort(furthestFirst).slice(0, SHOWN).map(
            ({ name, lag, position, movedAt, by }) => html`<tr key=${name}>
              <td class="name">${name}</td><td class="number">${number(lag)}</td><td class="number mono">${position}</td><td class="quiet">${date(movedAt)}</td><td class="quiet">${by ?? "–"}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
    <${More} all=${followers} />`;
}

export function Webhooks() {
  const { webhooks, followers, failure } = useLists();
  const unwell = (webhooks ?? []).filter(({ state }) => state !== "delivering").length;
  return html`
    <${Head} title="Webhooks"><span class=${unwell ? "bad" : "quiet"} role="status">${unwell ? `${number(unwell)} of ${number(webhooks.length)} not well` : webhooks ? "All deliver" : ""}</span><//>
    <${Trouble} failure=${failure} port="port of users" />
    ${!webhooks && !failure && html`<${Waiting}>Asking who is told of changes…<//>`}
    ${webhooks?.length === 0 && html`<${Empty} title="No webhooks">PUT /webhooks/{name} declares one: a URL to which changes are posted.<//>`}
    ${webhooks?.length > 0 && html`<${WebhookTable} webhooks=${webhooks} />`}
    ${followers?.length > 0 && html`<${FollowerTable} followers=${followers} />`}`;
}
