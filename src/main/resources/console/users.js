// Users: find one, see it, its changes, and a view of it.

import { useEffect, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { askUsers, attempt } from "./service.js";
import { Empty, Head, Trouble, useKeys, Waiting } from "./common.js";
import { date } from "./format.js";
import { ViewOfUser } from "./viewing.js";
import { useValue } from "./state.js";

const PAGE = 50;

/** Digits are an id, what has an @ is an address, all else begins a name. */
function query(text) {
  const wanted = new URLSearchParams({ limit: PAGE });
  if (/^\d{1,16}$/.test(text)) wanted.set("id", text);
  else if (text.includes("@")) wanted.set("email", text);
  else if (text) wanted.set("name", text);
  return "users?" + wanted;
}

/** What an address answers, asked again when it changes or the port is back. */
function useAnswer(path) {
  const again = useValue(attempt);
  const [state, set] = useState({});
  useEffect(() => {
    const gone = new AbortController();
    set({});
    const timer = setTimeout(async () => {
      try {
        const value = await (await askUsers(path, { signal: gone.signal })).json();
        set({ path, value });
      } catch (failure) {
        if (!gone.signal.aborted) set({ path, failure });
      }
    }, 150);
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [path, again]);
  return state.path === path ? state : {};
}

export function Users() {
  const [text, type] = useState("");
  const [chosen, choose] = useState(null);
  const { value, failure } = useAnswer(query(text.trim()));
  useKeys({ "/": () => document.getElementById("find-user")?.focus(), Escape: () => choose(null) });
  const items = value?.items ?? [];
  const user = items.find(({ id }) => id === chosen) ?? (items.length === 1 ? items[0] : null);
  return html`
    <${Head} title="Users">
      <form class="end fields" role="search" onSubmit=${(event) => event.preventDefault()}>
        <label>Find <input id="find-user" type="search" placeholder="id, e-mail or name" value=${text} autocomplete="off" spellcheck="false"
          onInput=${(event) => { type(event.target.value); choose(null); }} /></label>
      </form>
    <//>
    <${Trouble} failure=${failure} port="port of users" />
    ${!value && !failure && html`<${Waiting}>Looking…<//>`}
    ${value && !items.length && html`<${Empty} title=${text ? "Nobody like that" : "No users yet"}>${text ? "An id and an e-mail are looked for whole, a name by how it begins." : "POST /users creates one."}<//>`}
    ${items.length > 0 &&
    html`<div class=${"sides" + (user ? " two" : "")}>
      <div class="scroll" tabindex="0" role="region" aria-label="Users">
        <table>
          <caption class="unseen">Users that were found</caption>
          <thead><tr><th scope="col" class="number">Id</th><th scope="col">Name</th><th scope="col">E-mail</th></tr></thead>
          <tbody>
            ${items.map(
              (each) => html`<tr key=${each.id} class=${"pick" + (user?.id === each.id ? " chosen" : "")} onClick=${() => choose(each.id)}>
                <td class="number">${each.id}</td>
                <td><button type="button" class="plain" aria-pressed=${user?.id === each.id}>${String(each.name)}</button></td>
                <td class="quiet">${String(each.email ?? "")}</td>
              </tr>`,
            )}
          </tbody>
        </table>
        ${value.next && html`<p class="quiet note">These are the first ${PAGE}.</p>`}
      </div>
      ${user && html`<${User} key=${user.id} user=${user} />`}
    </div>`}`;
}

function User({ user }) {
  const { id, name, email, attributes, version, createdAt, updatedAt } = user;
  return html`
    <article class="panel one-user" aria-label=${"User " + id}>
      <header><h2>${String(name)}</h2><span class="quiet">user ${id}</span></header>
      <dl class="facts">
        <div><dt>E-mail</dt><dd>${email === null ? html`<span class="quiet">none</span>` : String(email)}</dd></div>
        <div><dt>Version</dt><dd>${version}</dd></div>
        <div><dt>Created</dt><dd>${date(createdAt)}</dd></div>
        <div><dt>Updated</dt><dd>${date(updatedAt)}</dd></div>
      </dl>
      ${Object.keys(attributes).length > 0 && html`<h3>Attributes</h3><pre tabindex="0">${JSON.stringify(attributes, null, 2)}</pre>`}
      <${ViewOfUser} id=${id} />
      <${ChangesOf} id=${id} version=${version} />
    </article>`;
}

/** So many of the newest changes are looked through for those of one user. */
const LOOKED_AT = 5000;

function ChangesOf({ id, version }) {
  const [state, set] = useState({});
  useEffect(() => {
    const gone = new AbortController();
    find(id, gone.signal).then((changes) => set({ changes })).catch((failure) => gone.signal.aborted || set({ failure }));
    return () => gone.abort();
  }, [id, version]);
  const { changes, failure } = state;
  return html`
    <section aria-label="Changes">
      <h3>Changes</h3>
      <${Trouble} failure=${failure} port="port of users" />
      ${changes?.length === 0 && html`<p class="quiet">None among the last ${LOOKED_AT.toLocaleString("en")} of the feed.</p>`}
      ${changes?.length > 0 &&
      html`<ol class="small-list">
        ${changes.map(
          (change) => html`<li><span class="mono">${change.seq}</span> <b>${change.kind}</b> <span class="quiet">version ${change.version} · ${date(change.at)}${change.by ? " · by " + change.by : ""}</span></li>`,
        )}
      </ol>`}
    </section>`;
}

/** The changes of a user among the newest of the feed, the newest first. */
async function find(id, signal) {
  const end = await newest(signal);
  for (let back = LOOKED_AT; ; back = Math.floor(back / 10)) {
    try {
      return await between(Math.max(0, end - back), id, signal);
    } catch (failure) {
      // A feed that is bounded may keep fewer.
      if (failure.status !== 410 || back < 10) throw failure;
    }
  }
}

async function between(from, id, signal) {
  const found = [];
  for (let after = from; ; ) {
    const { items, next } = await (await askUsers(`users/changes?limit=1000&after=${after}`, { signal })).json();
    found.push(...items.filter((change) => change.id === id));
    if (items.length < 1000 || next >= from + 2 * LOOKED_AT) return found.reverse().slice(0, 20);
    after = next;
  }
}

/** The newest seq of the feed, which the head of an export tells. */
export async function newest(signal) {
  const head = await askUsers("users/export", { method: "HEAD", accept: "application/x-ndjson", signal });
  return Number(head.headers.get("Rollcall-Changes-After"));
}
