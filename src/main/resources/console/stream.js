// The fetches of views as they end: so many as a reader can look at, and a count of the others.

import { askManagement } from "./service.js";
import { followEvents } from "./events.js";

/** So many are on the page, and so many at most come at once. */
const SHOWN = 40;
const AT_ONCE = 6;
const EVERY = 400;

/** Over so many turns it is told which share is shown. */
const TURNS = 12;

/** Follows fetches by a query; calls `changed` with what there is to show, every now and then. */
export class FetchStream {
  #query;
  #changed;
  #stop = () => {};
  #timer = 0;
  #coming = [];
  #rows = [];
  #count = 0;
  #turns = [];
  #number = 0;
  #paused = false;
  #loaded = false;
  #failure = null;

  constructor(query, changed) {
    this.#query = query;
    this.#changed = changed;
  }

  start() {
    this.#timer = setInterval(() => this.#turn(), EVERY);
    this.#stop = followEvents(
      (signal) => askManagement("fetches/live" + this.#query, { accept: "text/event-stream", signal, lasting: true }),
      {
        handle: (kind, data) => this.#take(kind, data),
        opened: () => this.#load(),
        lost: (failure) => this.#tell(failure),
      },
    );
  }

  /** Ends it; what is still on its way is not told any more. */
  stop() {
    clearInterval(this.#timer);
    this.#changed = () => {};
    this.#stop();
  }

  pause(paused) {
    this.#paused = paused;
    this.#publish();
  }

  /** What ended before the stream began. */
  async #load() {
    const limit = (this.#query ? "&" : "?") + "limit=" + SHOWN;
    try {
      const { items } = await (await askManagement("fetches" + this.#query + limit)).json();
      if (!this.#rows.length) this.#rows = items.map((fetched) => ({ ...fetched, key: ++this.#number }));
      this.#loaded = true;
      this.#tell(null);
    } catch (failure) {
      this.#tell(failure);
    }
  }

  #take(kind, data) {
    if (kind === "skipped") this.#count += data.count;
    else {
      this.#count++;
      // What comes between two turns is thinned out as it comes, so that it takes no room.
      if (this.#coming.length < AT_ONCE * 8) this.#coming.push(data);
      else this.#coming[Math.floor(Math.random() * this.#coming.length)] = data;
    }
  }

  #turn() {
    const coming = this.#paused ? [] : spread(this.#coming.sort((one, other) => (one.at < other.at ? -1 : 1)), AT_ONCE);
    this.#turns.push({ all: this.#count, shown: this.#paused ? 0 : coming.length });
    if (this.#turns.length > TURNS) this.#turns.shift();
    this.#count = 0;
    this.#coming = [];
    if (coming.length) {
      const newest = coming.reverse().map((fetched) => ({ ...fetched, key: ++this.#number }));
      this.#rows = [...newest, ...this.#rows].slice(0, SHOWN);
    }
    this.#publish();
  }

  #tell(failure) {
    this.#failure = failure;
    this.#publish();
  }

  #publish() {
    const all = this.#turns.reduce((sum, turn) => sum + turn.all, 0);
    const shown = this.#turns.reduce((sum, turn) => sum + turn.shown, 0);
    this.#changed({
      rows: this.#rows,
      perSecond: (all * 1000) / (EVERY * Math.max(1, this.#turns.length)),
      oneOf: shown && all > shown ? Math.max(2, Math.round(all / shown)) : 1,
      paused: this.#paused,
      loaded: this.#loaded,
      failure: this.#failure,
    });
  }
}

/** So many of a list, evenly. */
function spread(all, most) {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (unused, index) => all[Math.floor((index * all.length) / most)]);
}
