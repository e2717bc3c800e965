// Elements as templates. What no value changes in a template is made anew each time as well: htm would
// keep it, and by its parents all that was ever drawn around it.

import htm from "./lib/htm.js";
import { h } from "./lib/preact.js";

export const html = htm.bind(function element(type, properties, ...children) {
  // htm's sign for an element that is not to be kept.
  this[0] = 3;
  return h(type, properties, ...children);
});
