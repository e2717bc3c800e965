// Dark or light: as the system has it, until the reader chooses.

import { observable, remembered } from "./state.js";

export const choice = remembered("rollcall.theme", "system");

const dark = matchMedia("(prefers-color-scheme: dark)");

/** Changes whenever colours do. */
export const look = observable("");

function apply() {
  const chosen = choice.get();
  if (chosen === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = chosen;
  look.set(chosen === "system" ? (dark.matches ? "dark" : "light") : chosen);
}

choice.follow(apply);
dark.addEventListener("change", apply);
apply();
