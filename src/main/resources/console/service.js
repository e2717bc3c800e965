// The two ports that the page asks, whose credential it sends along, and whether they answer.

import { observable } from "./state.js";

const KEY = "rollcall.key";
const here = new URL("..", import.meta.url);
const PATIENCE = 10_000;

/** How a port answers: `state` is waiting, ok, lost, key, scope or none; `detail` says more. */
export const management = observable({ state: "waiting" });
export const users = observable({ state: "waiting" });

/** The port of users as the management port tells it: `{http, httpServed, keyNeeded}`. */
export const service = observable(null);

export const key = observable(sessionStorage.getItem(KEY) ?? "");
key.follow((value) => {
  if (value) sessionStorage.setItem(KEY, value);
  else sessionStorage.removeItem(KEY);
  retryNow();
});

/** Counts the times at which everything is to be asked again: a new key, a port that is back. */
export const attempt = observable(0);

function retryNow() {
  attempt.set(attempt.get() + 1);
}

/** What an answer was instead of a good one. */
export class Refusal extends Error {
  constructor(status, detail, scope) {
    super(detail);
    this.status = status;
    this.scope = scope;
  }
}

/** Asks where users are; what changed since the page was loaded needs a new page with a new policy. */
export async function locate() {
  const found = await (await fetch(new URL("console/service.json", here), { cache: "no-store" })).json();
  const known = service.get();
  if (known && known.http !== found.http && found.http) location.reload();
  if (!known || JSON.stringify(known) !== JSON.stringify(found)) service.set(found);
  if (!found.httpServed) users.set({ state: "none", detail: "This node serves no users over HTTP (deploy.http is 0)." });
  return found;
}

/** Asks the management port; fails with a Refusal, or with another error where it is lost. */
export function askManagement(path, options) {
  return ask(management, new URL(path, here), options);
}

/** Asks the port of users, as askManagement does. */
export async function askUsers(path, options) {
  const origin = (service.get() ?? (await locate())).http;
  if (!origin) throw new Refusal(0, users.get().detail ?? "The port of users does not listen yet.");
  return ask(users, new URL(path, origin), options);
}

async function ask(port, url, { method = "GET", accept = "application/json", signal, lasting = false } = {}) {
  const gone = new AbortController();
  const late = lasting ? 0 : setTimeout(() => gone.abort(), PATIENCE);
  const stop = () => gone.abort();
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) gone.abort();
  const headers = { Accept: accept };
  if (key.get()) headers.Authorization = "Bearer " + key.get();
  try {
    // Nothing is asked before it is known whether that needs a key.
    if ((service.get() ?? (await locate())).keyNeeded && !key.get()) {
      throw new Refusal(401, "This service asks who you are: give a key.");
    }
    const answer = await fetch(url, {
      method, headers, signal: gone.signal, cache: "no-store", credentials: "same-origin", redirect: "error", referrerPolicy: "no-referrer",
    });
    if (!answer.ok) throw await refusal(answer);
    if (port.get().state !== "ok") port.set({ state: "ok" });
    return answer;
  } catch (failure) {
    if (!signal?.aborted) note(port, failure, url);
    throw failure;
  } finally {
    clearTimeout(late);
    if (!lasting) signal?.removeEventListener("abort", stop);
  }
}

async function refusal(answer) {
  let detail = answer.statusText;
  try {
    const body = await answer.json();
    detail = body.detail ?? body.reason ?? detail;
  } catch {
    // A proxy in front may answer with anything.
  }
  const challenge = answer.headers.get("WWW-Authenticate") ?? "";
  return new Refusal(answer.status, String(detail), /scope="([^"]*)"/.exec(challenge)?.[1]);
}

function note(port, failure, url) {
  if (failure instanceof Refusal) {
    if (failure.status === 401) port.set({ state: "key", detail: failure.message });
    else if (failure.status === 403 && failure.scope) port.set({ state: "ok" });
    else if (failure.status > 0 && port.get().state !== "ok") port.set({ state: "ok" });
  } else if (port.get().state !== "lost") {
    port.set({ state: "lost", since: Date.now(), origin: url.origin });
  }
}
