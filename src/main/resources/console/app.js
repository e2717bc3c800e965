// The frame of the console: its parts, the state of both ports, the keyboard.

import { render, useEffect, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { askManagement, askUsers, attempt, key, locate, management, service, users } from "./service.js";
import { derive, Now } from "./now.js";
import { startReading } from "./metrics.js";
import { Changes } from "./changes.js";
import { Erasures } from "./erasures.js";
import { Fetches } from "./fetches.js";
import { Jobs } from "./jobs.js";
import { Sources } from "./sources.js";
import { Users } from "./users.js";
import { Webhooks } from "./webhooks.js";
import { Help, KeyDialog } from "./dialogs.js";
import { Notice } from "./notice.js";
import { choice } from "./theme.js";
import { isTyping } from "./common.js";
import { remembered, useValue } from "./state.js";

const PARTS = [
  { name: "now", title: "Now", part: Now },
  { name: "fetches", title: "Fetches", part: Fetches },
  { name: "sources", title: "Sources", part: Sources },
  { name: "users", title: "Users", part: Users },
  { name: "jobs", title: "Jobs", part: Jobs },
  { name: "changes", title: "Changes", part: Changes },
  { name: "webhooks", title: "Webhooks", part: Webhooks },
  { name: "erasures", title: "Erasures", part: Erasures },
];

const THEMES = { system: "light", light: "dark", dark: "system" };
export const singleKeys = remembered("rollcall.keys", "on");

/** `#fetches` is a part, `#key` and `#help` are dialogs over the one before. */
function useHash() {
  const [hash, set] = useState(location.hash.slice(1));
  useEffect(() => {
    const change = () => set(location.hash.slice(1));
    addEventListener("hashchange", change);
    return () => removeEventListener("hashchange", change);
  }, []);
  return hash;
}

/** Whether the process is ready, asked every few seconds. */
function useReadiness() {
  const [ready, set] = useState("");
  useEffect(() => {
    let timer = 0;
    const ask = async () => {
      try {
        const { reason } = await (await askManagement("health/ready")).json();
        set("ready, " + reason);
      } catch (failure) {
        set(failure.status === 503 ? "not ready, " + failure.message : "");
      }
      timer = setTimeout(ask, 5000);
    };
    ask();
    return () => clearTimeout(timer);
  }, []);
  return ready;
}

function Port({ name, port }) {
  const words = { waiting: "asking…", ok: "answers", lost: "lost", key: "needs a key", none: "not here" };
  const dot = port.state === "ok" ? "" : port.state === "lost" || port.state === "key" ? "bad" : "off";
  const usual = port.state === "ok";
  return html`<span class="row"><i class=${"dot " + dot}></i>${name}<span class=${usual ? "unseen" : "wide"}>${words[port.state]}</span></span>`;
}

function App() {
  const hash = useHash();
  const ports = { management: useValue(management), users: useValue(users) };
  const theme = useValue(choice);
  const where = useValue(service);
  const ready = useReadiness();
  const [shown, show] = useState("now");
  const held = useValue(key);
  const part = PARTS.find(({ name }) => name === hash) ?? PARTS.find(({ name }) => name === shown);

  useEffect(() => {
    if (PARTS.some(({ name }) => name === hash)) show(hash);
    document.title = part.title + " · Rollcall console";
  }, [hash]);
  useEffect(() => {
    const press = (event) => {
      if (singleKeys.get() === "off" || isTyping(event)) return;
      const chosen = PARTS[Number(event.key) - 1];
      if (chosen) location.hash = chosen.name;
      else if (event.key === "?") location.hash = "help";
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);

  const back = () => (location.hash = part.name);
  const needsKey = where?.keyNeeded && !held;
  return html`
    <div class="frame">
      <a class="skip" href="#main" onClick=${(event) => { event.preventDefault(); document.getElementById("main").focus(); }}>To the content</a>
      <header class="rail">
        <div class="brand">
          <svg viewBox="0 0 20 20" aria-hidden="true"><path fill="currentColor" d="M1 2h11v4H1zM1 8h18v4H1zM1 14h7v4H1z" /></svg>Rollcall
        </div>
        <nav class="parts" aria-label="Parts">
          ${PARTS.map(
            ({ name, title }, index) => html`
              <a href=${"#" + name} aria-current=${name === part.name ? "page" : undefined}>${title}<kbd aria-hidden="true">${index + 1}</kbd></a>`,
          )}
        </nav>
        <div class="rail-end">
          <${Port} name="Management" port=${ports.management} />
          <${Port} name="Users" port=${ports.users} />
          ${where?.keyNeeded && html`<a class="row link" href="#key">${held ? "Change the key" : "Give a key"}</a>`}
          <button type="button" class="link row" onClick=${() => choice.set(THEMES[theme])} aria-label=${"Colours: " + theme + ". Change"}>Colours: ${theme}</button>
          <a class="link row wide" href="#help">Keyboard</a>
        </div>
      </header>
      <${Notice} ports=${ports} />
      <main class="main" id="main" tabindex="-1">
        ${needsKey
          ? html`<${KeyDialog} inline />`
          : html`<${part.part} key=${part.name} ready=${ready} />`}
      </main>
      ${hash === "help" && html`<${Help} parts=${PARTS} close=${back} keys=${singleKeys} />`}
      ${hash === "key" && !needsKey && html`<${KeyDialog} close=${back} />`}
    </div>`;
}

/** Looks for what is lost or not there yet, so that it comes back by itself. */
async function watch() {
  if (users.get().state !== "ok" || management.get().state === "lost") {
    try {
      const { http } = await locate();
      const lost = users.get().state === "lost";
      // The index is open to everybody.
      if (http && users.get().state !== "key") await askUsers("");
      if (lost) attempt.set(attempt.get() + 1);
    } catch {
      // The notice on top says so.
      if (management.get().state === "lost" && users.get().state === "ok") users.set({ state: "waiting" });
    }
  }
  setTimeout(watch, 3000);
}

async function begin() {
  for (;;) {
    try {
      await locate();
      break;
    } catch {
      management.set({ state: "lost", since: Date.now() });
      await new Promise((again) => setTimeout(again, 2000));
    }
  }
  startReading(derive);
  watch();
}

render(html`<${App} />`, document.getElementById("console"));
begin();
