// Small pieces that the parts share.

import { useEffect, useRef, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { Refusal } from "./service.js";

/** The head of a part; what the keyboard and screen readers come to first. */
export function Head({ title, children }) {
  return html`<header class="head"><h1>${title}</h1>${children}</header>`;
}

/** Says that there is nothing, and why. */
export function Empty({ title, children }) {
  return html`<div class="empty"><p class="empty-title">${title}</p><p>${children}</p></div>`;
}

export function Waiting({ children }) {
  return html`<p class="waiting" role="status">${children}</p>`;
}

/** What a refusal or a loss means for the part that met it. */
export function Trouble({ failure, port }) {
  if (!failure) return null;
  return html`<div class="trouble" role="alert">${explain(failure, port)}</div>`;
}

function explain(failure, port) {
  if (!(failure instanceof Refusal)) {
    return html`<p><b>The ${port} does not answer.</b> This part goes on as soon as it does.</p>
      <p class="quiet">${String(failure?.message ?? "")}</p>`;
  }
  if (failure.status === 401) {
    return html`<p><b>The ${port} asks who you are.</b> ${failure.message}</p>
      <p><a href="#key">Give a key</a></p>`;
  }
  if (failure.status === 403 && failure.scope) {
    return html`<p><b>Your key lacks the scope <code>${failure.scope}</code>.</b> This part needs it.</p>
      <p><a href="#key">Give another key</a></p>`;
  }
  return html`<p><b>The ${port} refused.</b> ${failure.status ? failure.status + ": " : ""}${failure.message}</p>`;
}

/** A button that copies a text and says so. */
export function Copy({ text, label, title = "Copy" }) {
  const [said, say] = useState("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      say("Copied");
    } catch {
      // Browsers lend the clipboard to pages of TLS or of this machine alone.
      say("Select it and copy");
    }
    setTimeout(() => say(""), 1500);
  };
  return html`<button type="button" class="link copy" aria-label=${title + (title === "Copy" ? " " + label : "")} onClick=${copy}>
    <span role="status">${said || title}</span>
  </button>`;
}

/** A dialog over the page; the browser keeps the keyboard within, and Escape closes it. */
export function Dialog({ title, close, children, side }) {
  const place = useRef(null);
  useEffect(() => {
    const before = document.activeElement;
    place.current.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const outside = (event) => event.target === place.current && close();
  return html`
    <dialog ref=${place} class=${side ? "side" : ""} aria-label=${title} onClose=${close} onClick=${outside}>
      <div class="dialog">
        <header>
          <h2>${title}</h2>
          <button type="button" class="link" onClick=${close}>Close</button>
        </header>
        ${children}
      </div>
    </dialog>`;
}

/** Whether single keys mean something now: not while the reader writes, or has a dialog open. */
export function isTyping(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea, dialog") !== null;
}

/** Calls back on a key. */
export function useKeys(keys) {
  const last = useRef(keys);
  last.current = keys;
  useEffect(() => {
    const press = (event) => {
      const action = last.current[event.key];
      if (action && !isTyping(event)) {
        event.preventDefault();
        action();
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}
