// Changes: the feed of all users, as it comes.

import { useEffect, useRef, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { askUsers, attempt, users } from "./service.js";
import { Empty, Head, Trouble, useKeys, Waiting } from "./common.js";
import { clock, number } from "./format.js";
import { followEvents } from "./events.js";
import { newest } from "./users.js";
import { useValue } from "./state.js";

/** So many are on the page; what is older is dropped. */
const SHOWN = 200;
const BEFORE = 50;
const EVERY = 400;

const KINDS = ["created", "updated", "deleted"];

/** Where the stream begins: a few changes back, as far as the feed still has them. */
async function open(signal, lastId) {
  const from = lastId ?? Math.max(0, (await newest(signal)) - BEFORE);
  const ask = (after) => askUsers("users/changes?after=" + after, { accept: "text/event-stream", signal, lasting: true });
  try {
    return await ask(from);
  } catch (failure) {
    // So many changes back there are none in this feed any more.
    if (failure.status !== 410) throw failure;
    return ask(await newest(signal));
  }
}

/** The newest changes; those that come while it is paused are counted only. */
function useChanges(paused) {
  const again = useValue(attempt);
  const [state, set] = useState({ rows: [], missed: 0 });
  const held = useRef(paused);
  held.current = paused;
  useEffect(() => {
    let coming = [];
    let missed = 0;
    const stop = followEvents(open, {
      handle: (kind, change) => {
        if (held.current) missed++;
        else coming.push(change);
        if (coming.length > SHOWN) coming.shift();
      },
      opened: () => set((before) => ({ ...before, open: true, failure: null })),
      lost: (failure) => set((before) => ({ ...before, failure })),
    });
    const timer = setInterval(() => {
      if (!coming.length && !missed) return;
      const newer = coming.reverse();
      const more = missed;
      coming = [];
      missed = 0;
      set((before) => ({ ...before, rows: [...newer, ...before.rows].slice(0, SHOWN), missed: held.current ? before.missed + more : 0 }));
    }, EVERY);
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [again]);
  return state;
}

export function Changes() {
  const [paused, pause] = useState(false);
  const [kind, only] = useState("");
  const port = useValue(users);
  const { rows, missed, open: isOpen, failure } = useChanges(paused);
  useKeys({ p: () => pause(!paused), "/": () => document.getElementById("change-kind")?.focus() });
  const shown = kind ? rows.filter((change) => change.kind === kind) : rows;
  return html`
    <${Head} title="Changes">
      <span class="quiet" role="status">${paused ? `Paused, ${number(missed)} left out` : isOpen ? "As they come" : ""}</span>
      <form class="end fields" onSubmit=${(event) => event.preventDefault()}>
        <label>Kind <select id="change-kind" value=${kind} onChange=${(event) => only(event.target.value)}>
          <option value="">all</option>
          ${KINDS.map((each) => html`<option value=${each}>${each}</option>`)}
        </select></label>
        <button type="button" class="button" aria-pressed=${paused} onClick=${() => pause(!paused)}>${paused ? "Go on" : "Pause"}</button>
      </form>
    <//>
    <${Trouble} failure=${port.state === "lost" ? null : failure} port="port of users" />
    ${!rows.length && !failure && !isOpen && html`<${Waiting}>Opening the feed…<//>`}
    ${!shown.length && isOpen && html`<${Empty} title="No changes so far">Those to come are shown as soon as they are committed.<//>`}
    ${shown.length > 0 &&
    html`<div class="scroll" tabindex="0" role="region" aria-label="The newest changes">
      <table class="changes">
        <caption class="unseen">The newest changes, the newest first</caption>
        <thead><tr><th scope="col" class="number">Seq</th><th scope="col">Time</th><th scope="col">Kind</th><th scope="col" class="number">User</th><th scope="col">Name</th><th scope="col" class="number">Version</th><th scope="col">By</th></tr></thead>
        <tbody>
          ${shown.map(
            (change) => html`<tr key=${change.seq}>
              <td class="number mono">${change.seq}</td>
              <td class="quiet">${clock(change.at, true)}</td>
              <td><span class=${"kind " + change.kind}>${change.kind}</span></td>
              <td class="number">${change.id}</td>
              <td>${change.user ? String(change.user.name) : html`<span class="quiet">no longer kept</span>`}</td>
              <td class="number">${change.version}</td>
              <td class="quiet">${change.by ?? "–"}</td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>`}`;
}
