// Says on top of every part what is wrong with a port.

import { html } from "./html.js";
import { clock } from "./format.js";
import { service } from "./service.js";

export function Notice({ ports }) {
  const { management, users } = ports;
  if (management.state === "lost") {
    return html`<div class="notice" role="alert">
      <b>Connection lost at ${clock(management.since)}.</b>
      <span>What is shown is from before. The page goes on by itself as soon as the process answers.</span>
    </div>`;
  }
  if (users.state === "lost") {
    return html`<div class="notice" role="alert">
      <b>The port of users does not answer at ${users.origin}.</b><span>${why(users.origin)}</span>
    </div>`;
  }
  return html`<div hidden></div>`;
}

function why(origin) {
  if (location.protocol === "https:" && origin?.startsWith("http:")) {
    return "Browsers do not let a page that came over TLS ask a port without; give http.tls as well.";
  }
  if (service.get()?.http?.startsWith("https:")) {
    return html`If its certificate is not known to this browser, <a href=${origin} target="_blank" rel="noreferrer">open it once</a>.`;
  }
  return "Views, users, jobs and changes are missing until it does; all else works.";
}
