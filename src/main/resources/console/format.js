// Numbers, times and texts as the console writes them.

const EMPTY = "–";

/** A number in at most four places: 0.12, 3.4, 41, 1,240, 12.4 k. */
export function number(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return EMPTY;
  const size = Math.abs(value);
  if (size >= 1e9) return (value / 1e9).toFixed(1) + " G";
  if (size >= 1e6) return (value / 1e6).toFixed(1) + " M";
  if (size >= 1e4) return (value / 1e3).toFixed(1) + " k";
  if (size >= 100 || Number.isInteger(value)) return Math.round(value).toLocaleString("en");
  if (size >= 10) return value.toFixed(1);
  return value === 0 ? "0" : size < 0.01 ? "<0.01" : value.toFixed(2);
}

/** Milliseconds with their unit: 0.4 ms, 12.3 ms, 240 ms, 1.24 s. */
export function millis(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return EMPTY;
  if (value === Infinity) return "> 10 s";
  if (value >= 60_000) return (value / 60_000).toFixed(1) + " min";
  if (value >= 1000) return (value / 1000).toFixed(2) + " s";
  return (value >= 100 ? value.toFixed(0) : value.toFixed(1)) + " ms";
}

/** A mark on an axis: no decimals that are not needed. */
export function mark(value) {
  if (value === 0) return "0";
  return value >= 1000 ? +(value / 1000).toFixed(2) + " s" : +value.toFixed(2) + " ms";
}

export function share(value) {
  if (value === null || value === undefined || Number.isNaN(value)) return EMPTY;
  const percent = value * 100;
  return (percent === 0 || percent >= 10 ? percent.toFixed(0) : percent.toFixed(1)) + " %";
}

export function bytes(value) {
  if (!Number.isFinite(value)) return EMPTY;
  if (value >= 2 ** 30) return (value / 2 ** 30).toFixed(1) + " GiB";
  if (value >= 2 ** 20) return (value / 2 ** 20).toFixed(0) + " MiB";
  return value >= 1024 ? (value / 1024).toFixed(0) + " KiB" : value + " B";
}

const two = (part) => String(part).padStart(2, "0");

/** The time of day of an instant, in the reader's zone. */
export function clock(instant, withMillis = false) {
  const at = new Date(instant);
  const text = `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
  return withMillis ? text + "." + String(at.getMilliseconds()).padStart(3, "0") : text;
}

/** The day and the time of an instant, in the reader's zone. */
export function date(instant) {
  if (!instant) return EMPTY;
  const at = new Date(instant);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock(at)}`;
}

/** How long something took or has taken, from seconds: 12 s, 3 min, 2.1 h. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return EMPTY;
  if (seconds < 60) return Math.round(seconds) + " s";
  if (seconds < 3600) return Math.round(seconds / 60) + " min";
  return seconds < 172_800 ? (seconds / 3600).toFixed(1) + " h" : Math.round(seconds / 86_400) + " d";
}

/** The least round number that an axis of four divisions may end at. */
export function roundUp(value) {
  const quarter = Math.max(value, 0.4) / 4;
  const power = 10 ** Math.floor(Math.log10(quarter));
  for (const step of [1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10]) {
    if (quarter <= step * power * 1.0001) return 4 * step * power;
  }
  return 40 * power;
}
