// Jobs: what goes on in the background, and what did.

import { useEffect, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { askUsers, attempt } from "./service.js";
import { Dialog, Empty, Head, Trouble, Waiting } from "./common.js";
import { date, duration, number, share } from "./format.js";
import { followEvents } from "./events.js";
import { useValue } from "./state.js";

const SHOWN = 50;
const EVERY = 3000;

/** So many jobs are followed at once; the others are read with the list. */
const FOLLOWED = 4;

const goesOn = ({ state }) => state === "queued" || state === "running" || state === "interrupted";

/** The list, read again and again. */
function useJobs() {
  const again = useValue(attempt);
  const [state, set] = useState({});
  const [turn, next] = useState(0);
  useEffect(() => {
    const gone = new AbortController();
    let timer = 0;
    const read = async () => {
      try {
        const { items } = await (await askUsers("jobs?limit=" + SHOWN, { signal: gone.signal })).json();
        set({ items });
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
  }, [again, turn]);
  return [state, () => next(turn + 1)];
}

/** How far a job is, as its own stream tells it. */
function useProgress(job, follow) {
  const [progress, set] = useState(null);
  useEffect(() => {
    if (!follow) return undefined;
    return followEvents(
      (signal) => askUsers(`jobs/${job.id}/events`, { accept: "text/event-stream", signal, lasting: true }),
      { handle: (kind, data) => set(data) },
    );
  }, [job.id, follow]);
  return progress && progress.done >= job.done ? progress : null;
}

function Job({ job, follow, cancel }) {
  const progress = useProgress(job, follow);
  const { id, kind, view, source, state, done, failed, total, createdAt, startedAt, endedAt, detail, by } = { ...job, ...progress };
  const part = total ? done / total : 0;
  const seconds = startedAt ? ((endedAt ? Date.parse(endedAt) : Date.now()) - Date.parse(startedAt)) / 1000 : null;
  return html`
    <li class="panel job">
      <header>
        <h2>${kind === "fetch" ? html`View <b>${view}</b>` : html`Import from <b>${source}</b>`} <span class="quiet">job ${id}</span></h2>
        <span class=${"state " + (state === "failed" ? "bad" : "")}>${state}</span>
      </header>
      <div class="progress" role="progressbar" aria-label=${`Job ${id}`} aria-valuemin="0" aria-valuemax=${total} aria-valuenow=${done}>
        <i style=${{ width: (part * 100).toFixed(1) + "%" }}></i><i class="failed" style=${{ width: (total ? (failed / total) * 100 : 0).toFixed(1) + "%" }}></i>
      </div>
      <p class="job-facts">
        <span><b>${number(done)}</b> of ${number(total)} users${total ? `, ${share(part)}` : ""}</span>
        <span class=${failed ? "bad" : "quiet"}>${number(failed)} failed</span>
        ${progress && goesOn(job) && html`<span>${number(progress.rate)} a second${progress.secondsLeft === null ? "" : `, ${duration(progress.secondsLeft)} left`}</span>`}
        <span class="quiet">begun ${date(createdAt)}${seconds === null ? "" : `, ${endedAt ? "took" : "for"} ${duration(seconds)}`}${by ? ` · by ${by}` : ""}</span>
        ${detail && html`<span class="bad">${detail}</span>`}
        ${goesOn({ state }) && html`<button type="button" class="button danger" onClick=${cancel}>Cancel<span class="unseen"> job ${id}</span></button>`}
      </p>
    </li>`;
}

export function Jobs() {
  const [{ items, failure }, readAgain] = useJobs();
  const [asked, ask] = useState(null);
  const running = (items ?? []).filter(goesOn);
  const followed = new Set(running.slice(0, FOLLOWED).map(({ id }) => id));
  return html`
    <${Head} title="Jobs"><span class="quiet" role="status">${items ? `${running.length} under way` : ""}</span><//>
    <${Trouble} failure=${failure} port="port of users" />
    ${!items && !failure && html`<${Waiting}>Asking for the newest jobs…<//>`}
    ${items?.length === 0 && html`<${Empty} title="No jobs">POST /jobs starts one: a view of many users, or an import.<//>`}
    ${items?.length > 0 &&
    html`<ol class="jobs">
      ${items.map((job) => html`<${Job} key=${job.id} job=${job} follow=${followed.has(job.id)} cancel=${() => ask(job)} />`)}
    </ol>
    ${items.length === SHOWN && html`<p class="quiet note">These are the newest ${SHOWN}.</p>`}`}
    ${asked && html`<${Confirm} job=${asked} close=${() => ask(null)} done=${readAgain} />`}`;
}

function Confirm({ job, close, done }) {
  const [failure, fail] = useState(null);
  const [busy, work] = useState(false);
  const cancel = async () => {
    work(true);
    try {
      await askUsers("jobs/" + job.id, { method: "DELETE" });
      close();
      done();
    } catch (thrown) {
      fail(thrown);
      work(false);
    }
  };
  return html`
    <${Dialog} title=${`Cancel job ${job.id}?`} close=${close}>
      <p>Nothing more is begun, and what is at work is aborted. ${number(job.done)} of ${number(job.total)} users have a result, which stays. A cancelled job can't go on.</p>
      <${Trouble} failure=${failure} port="port of users" />
      <p class="fields">
        <button type="button" class="button" onClick=${close}>Let it go on</button>
        <button type="button" class="button danger" disabled=${busy} onClick=${cancel}>Cancel the job</button>
      </p>
    <//>`;
}
