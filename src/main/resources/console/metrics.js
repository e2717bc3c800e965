// What /metrics says, read every two seconds, and ten minutes of it in memory.

import { askManagement, Refusal } from "./service.js";
import { observable } from "./state.js";

export const INTERVAL = 2000;

/** So many readings are looked back on for a rate or a percentile: ten seconds. */
const WINDOW = 5;

/** Readings of the last minute are kept whole, of the last ten minutes what the curves show. */
const KEPT = 30;
const POINTS = 300;

/** One reading of all metrics. */
export class Reading {
  constructor(text, at) {
    this.at = at;
    this.families = new Map();
    for (const line of text.split("\n")) {
      if (line && line[0] !== "#") this.#add(line);
    }
  }

  #add(line) {
    const space = line.lastIndexOf(" ");
    const brace = line.indexOf("{");
    const name = brace < 0 ? line.slice(0, space) : line.slice(0, brace);
    const labels = {};
    if (brace >= 0) {
      for (const [, label, value] of line.slice(brace, space).matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)) {
        labels[label] = value;
      }
    }
    const value = line.slice(space + 1);
    const sample = { labels, value: value === "+Inf" ? Infinity : Number(value) };
    const family = this.families.get(name);
    if (family) family.push(sample);
    else this.families.set(name, [sample]);
  }

  samples(name, where = {}) {
    const wanted = Object.entries(where);
    const all = this.families.get(name) ?? [];
    return wanted.length ? all.filter(({ labels }) => wanted.every(([label, is]) => labels[label] === is)) : all;
  }

  has(name) {
    return this.families.has(name);
  }

  /** The sum over all that match. */
  sum(name, where, matches = () => true) {
    let sum = 0;
    for (const { labels, value } of this.samples(name, where)) {
      if (matches(labels) && Number.isFinite(value)) sum += value;
    }
    return sum;
  }

  /** The largest of all that match; 0 where there are none. */
  most(name, where) {
    return this.samples(name, where).reduce((most, { value }) => Math.max(most, value), 0);
  }

  /** Counts by upper bound, in ascending order, of a histogram in seconds. */
  histogram(name, where, matches = () => true) {
    const counts = new Map();
    for (const { labels, value } of this.samples(name + "_bucket", where)) {
      if (matches(labels)) {
        const bound = labels.le === "+Inf" ? Infinity : Number(labels.le);
        counts.set(bound, (counts.get(bound) ?? 0) + value);
      }
    }
    return [...counts].sort((one, other) => one[0] - other[0]);
  }

  /** The values of a label. */
  values(name, label) {
    return [...new Set(this.samples(name).map(({ labels }) => labels[label]))].sort();
  }
}

/** How many came between two readings of one histogram, by bound and not added up. */
export function between(older, newer) {
  const before = new Map(older);
  let below = 0;
  return newer.map(([bound, count]) => {
    const upTo = Math.max(0, count - (before.get(bound) ?? 0));
    const own = Math.max(0, upTo - below);
    below = Math.max(below, upTo);
    return [bound, own];
  });
}

/** A percentile in seconds, as near as the bounds tell; null where nothing came. */
export function percentile(counts, at) {
  const all = counts.reduce((sum, [, count]) => sum + count, 0);
  if (!all) return null;
  let left = at * all;
  let from = 0;
  for (const [bound, count] of counts) {
    if (count > 0 && left <= count) return bound === Infinity ? Infinity : from + (bound - from) * (left / count);
    left -= count;
    if (bound !== Infinity) from = bound;
  }
  return from;
}

/** The readings of the last minute, the newest last. */
export const readings = observable([]);

/** What the curves show: `times` in seconds, and lists of as many values by name. */
export const history = { times: [], values: {} };

/** A rate a second between two readings. */
export function rate(older, newer, name, where, matches) {
  const seconds = (newer.at - older.at) / 1000;
  return seconds > 0 ? Math.max(0, newer.sum(name, where, matches) - older.sum(name, where, matches)) / seconds : null;
}

/** The newest reading and the one that it is compared with; null before there are two. */
export function span(length = WINDOW) {
  const all = readings.get();
  return all.length < 2 ? null : { newer: all[all.length - 1], older: all[Math.max(0, all.length - 1 - length)] };
}

/** Reads now and from now on; `derive(older, newer)` gives what the curves show. */
export function startReading(derive) {
  const read = async () => {
    try {
      const text = await (await askManagement("metrics", { accept: "text/plain" })).text();
      add(new Reading(text, Date.now()), derive);
    } catch (failure) {
      // The notice on top tells it. A gap shows that nothing was known.
      if (!(failure instanceof Refusal)) gap();
    }
    setTimeout(read, INTERVAL);
  };
  read();
}

function add(reading, derive) {
  const last = readings.get().at(-1);
  // Counters that went back are those of another process.
  const same = !last || last.sum("process_start_time_seconds") === reading.sum("process_start_time_seconds");
  readings.set([...(same ? readings.get() : []), reading].slice(-KEPT));
  const known = span();
  if (known) push(reading.at / 1000, derive(known.older, known.newer));
}

function gap() {
  if (history.times.length && history.gap !== history.times.length) {
    push(Date.now() / 1000, {});
    history.gap = history.times.length;
  }
}

function push(time, values) {
  history.times.push(time);
  for (const name of Object.keys(values)) {
    history.values[name] ??= new Array(history.times.length - 1).fill(null);
  }
  for (const [name, list] of Object.entries(history.values)) {
    list.push(values[name] ?? null);
    if (list.length > POINTS) list.shift();
  }
  if (history.times.length > POINTS) {
    history.times.shift();
    if (history.gap) history.gap--;
  }
}
