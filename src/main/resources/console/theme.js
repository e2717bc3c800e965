// Dark or light: as the system has it, until the reader chooses.

import { observable, remembered } from "./state.js";

export const choice = remembered("rollcall.theme", "system");

const sheet = document.getElementById("dark");
const dark = matchMedia("(prefers-color-scheme: dark)");

/** Changes whenever colours do. */
export const look = observable("");

function apply() {
  const chosen = choice.get();
  sheet.media = chosen === "system" ? dark.media : chosen === "dark" ? "all" : "not all";
  look.set(chosen === "system" ? (dark.matches ? "dark" : "light") : chosen);
}

choice.follow(apply);
dark.addEventListener("change", apply);
apply();
