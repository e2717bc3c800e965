// Erasures: who is being forgotten, what each of those says who knew the user, and the receipt.

import { useEffect, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { askManagement, askUsers, attempt, service } from "./service.js";
import { Copy, Dialog, Empty, Head, Trouble, Waiting } from "./common.js";
import { date, number } from "./format.js";
import { Reading } from "./metrics.js";
import { useValue } from "./state.js";

const EVERY = 5000;
const SHOWN = 20;
const STATES = ["stuck", "running", "complete"];

const complete = ({ state }) => state === "complete";

/** How many there are, by state. They are numbered from 1 on, so that the newest has their count. */
async function count(signal) {
  const reading = new Reading(await (await askManagement("metrics", { accept: "text/plain", signal })).text(), Date.now());
  const counts = Object.fromEntries(STATES.map((state) => [state, reading.sum("rollcall_erasures", { state })]));
  const newest = STATES.reduce((sum, state) => sum + counts[state], 0);
  return { ...counts, newest, known: reading.has("rollcall_erasures") };
}

/** One page of them, the newest first, read again and again; one that is complete changes no more. */
function useErasures(before) {
  const again = useValue(attempt);
  const [state, set] = useState({});
  useEffect(() => {
    const gone = new AbortController();
    const ended = new Map();
    let timer = 0;
    const one = async (id) => {
      const held = ended.get(id);
      if (held) return held;
      const erasure = await (await askUsers("erasures/" + id, { signal: gone.signal })).json();
      if (complete(erasure)) ended.set(id, erasure);
      return erasure;
    };
    const read = async () => {
      try {
        const counts = await count(gone.signal);
        const first = Math.min(before ?? Infinity, counts.newest);
        const ids = Array.from({ length: Math.min(SHOWN, first) }, (each, index) => first - index);
        set({ counts, items: await Promise.all(ids.map(one)) });
      } catch (failure) {
        if (!gone.signal.aborted) set((earlier) => ({ ...earlier, failure }));
      }
      if (!gone.signal.aborted) timer = setTimeout(read, EVERY);
    };
    read();
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [again, before]);
  return state;
}

function Target({ target }) {
  const { name, kind, state, at, attempts, detail } = target;
  return html`<tr>
    <td class="name">${name}</td>
    <td class="quiet">${kind}</td>
    <td><span class=${"state " + (state === "failed" ? "bad" : "")}>${state}</span></td>
    <td class="number">${number(attempts)}</td>
    <td class="quiet name">${date(at)}</td>
    <td class="words">${detail ?? html`<span class="quiet">–</span>`}</td>
  </tr>`;
}

function Targets({ id, targets }) {
  return html`
    <div class="scroll" tabindex="0" role="region" aria-label=${`Targets of erasure ${id}`}>
      <table>
        <thead><tr><th scope="col">Target</th><th scope="col">Kind</th><th scope="col">State</th><th scope="col" class="number">Attempts</th><th scope="col">At</th><th scope="col">Detail</th></tr></thead>
        <tbody>${targets.map((each) => html`<${Target} key=${each.kind + each.name} target=${each} />`)}</tbody>
      </table>
    </div>`;
}

function Erasure({ erasure, receipt }) {
  const { id, user, requestedAt, by, seq, state, targets } = erasure;
  const erased = targets.filter((each) => each.state === "erased").length;
  return html`
    <li class="panel job">
      <header>
        <h2>User <b>${user}</b> <span class="quiet">erasure ${id}</span></h2>
        <span class=${"state " + (state === "stuck" ? "bad" : "")}>${state}</span>
      </header>
      <p class="job-facts">
        <span><b>${number(erased)}</b> of ${number(targets.length)} have erased the user</span>
        <span class="quiet">asked for ${date(requestedAt)}${by ? ` · by ${by}` : ""}${seq === null ? ", the user is not deleted yet" : ""}</span>
        <button type="button" class="button" onClick=${receipt}>Receipt<span class="unseen"> of erasure ${id}</span></button>
      </p>
      ${targets.length > 0 && html`<details open=${!complete(erasure)}><summary>What each of them says</summary><${Targets} id=${id} targets=${targets} /></details>`}
    </li>`;
}

/** The receipt as it is now, which is signed for whoever asks. */
function Receipt({ id, close }) {
  const [{ text, failure }, set] = useState({});
  const { http, keyNeeded } = useValue(service);
  const address = new URL(`erasures/${id}/receipt`, http).href;
  useEffect(() => {
    const gone = new AbortController();
    askUsers(`erasures/${id}/receipt`, { accept: "application/jose", signal: gone.signal })
      .then((answer) => answer.text())
      .then((signed) => set({ text: signed }))
      .catch((thrown) => !gone.signal.aborted && set({ failure: thrown }));
    return () => gone.abort();
  }, [id]);
  return html`
    <${Dialog} title=${`Receipt of erasure ${id}`} close=${close}>
      <${Trouble} failure=${failure} port="port of users" />
      ${!text && !failure && html`<${Waiting}>It is being signed…<//>`}
      ${text && html`<pre>${text}</pre><p class="fields"><${Copy} text=${text} label="the receipt" title="Copy the receipt" /></p>`}
      <p class="quiet receipt">It says what is known now, signed by a key of <code>/.well-known/jwks.json</code>, and stands at ${keyNeeded ? html`<code>${address}</code>` : html`<a href=${address}>${address}</a>`}.</p>
    <//>`;
}

function Summary({ counts }) {
  const { running, stuck, newest } = counts;
  const words = [running && `${number(running)} running`, stuck && `${number(stuck)} stuck`, `${number(newest)} in all`];
  return html`<span class=${stuck ? "bad" : "quiet"} role="status">${words.filter(Boolean).join(", ")}</span>`;
}

export function Erasures() {
  const [before, go] = useState(null);
  const [shown, show] = useState(null);
  const { counts, items, failure } = useErasures(before);
  const last = items?.at(-1)?.id ?? 0;
  return html`
    <${Head} title="Erasures">
      ${counts?.newest > 0 && html`<${Summary} counts=${counts} />`}
      <span class="end">
        ${before !== null && html`<button type="button" class="button" onClick=${() => go(null)}>The newest</button>`}
        ${last > 1 && html`<button type="button" class="button" onClick=${() => go(last - 1)}>Older ones</button>`}
      </span>
    <//>
    <${Trouble} failure=${failure} port="service" />
    ${!items && !failure && html`<${Waiting}>Asking who is being forgotten…<//>`}
    ${items?.length === 0 && counts.known && html`<${Empty} title="No erasures">POST /users/{id}/erasure has everybody forget a user, and says who has.<//>`}
    ${items?.length === 0 && !counts.known && html`<${Empty} title="Not known here">This node has no store. The consoles of nodes with one list erasures.<//>`}
    ${items?.length > 0 && html`<ul class="jobs">${items.map((each) => html`<${Erasure} key=${each.id} erasure=${each} receipt=${() => show(each.id)} />`)}</ul>`}
    ${shown !== null && html`<${Receipt} id=${shown} close=${() => show(null)} />`}`;
}
