// The dialogs of the frame: the key, and what the keyboard does.

import { useState } from "./lib/preact.js";
import { html } from "./html.js";
import { Dialog } from "./common.js";
import { key } from "./service.js";
import { useValue } from "./state.js";

/** Asks for a key or token, which stays in this tab. */
export function KeyDialog({ close, inline }) {
  const [typed, type] = useState("");
  const submit = (event) => {
    event.preventDefault();
    if (typed.trim()) {
      key.set(typed.trim());
      close?.();
    }
  };
  const forget = () => {
    key.set("");
    close?.();
  };
  const form = html`
    <form class="key-form" onSubmit=${submit}>
      <p>Rollcall asks here who you are. Give a key, or a token of an issuer that it knows. What the parts need:
        <code>ops</code> for Now, Fetches and Sources; <code>users:read</code>, <code>views:read</code>, <code>jobs</code> and <code>webhooks</code> for the others; Erasures need <code>ops</code> and <code>users:read</code>.</p>
      <input type="text" name="username" autocomplete="username" value="rollcall" hidden />
      <label>Key or token
        <input type="password" autocomplete="off" value=${typed} onInput=${(event) => type(event.target.value)} />
      </label>
      <p class="quiet">It stays in this tab until the tab is closed, and is sent to this process alone.</p>
      <p class="fields">
        <button class="button main-one" disabled=${!typed.trim()}>Use it</button>
        ${key.get() && html`<button type="button" class="button" onClick=${forget}>Forget the one in use</button>`}
      </p>
    </form>`;
  return inline ? html`<div class="inline-form"><h1>Who are you?</h1>${form}</div>` : html`<${Dialog} title="Key" close=${close}>${form}<//>`;
}

export function Help({ parts, close, keys }) {
  const on = useValue(keys) === "on";
  const lines = [
    ...parts.map(({ title }, index) => [String(index + 1), title]),
    ["p", "pause, in Fetches and Changes"],
    ["/", "to the first field of a part"],
    ["Tab, Enter", "to a row, and open it"],
    ["Esc", "close what is open"],
    ["?", "this list"],
  ];
  return html`
    <${Dialog} title="Keyboard" close=${close}>
      <dl class="keys">${lines.map(([name, meaning]) => html`<div><dt><kbd>${name}</kbd></dt><dd>${meaning}</dd></div>`)}</dl>
      <label class="check"><input type="checkbox" checked=${on} onChange=${() => keys.set(on ? "off" : "on")} /> Single keys are on</label>
    <//>`;
}
