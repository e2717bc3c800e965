// A curve over the last ten minutes.

import { useEffect, useRef } from "./lib/preact.js";
import { html } from "./html.js";
import uPlot from "./lib/uplot.js";
import { history, readings } from "./metrics.js";
import { clock } from "./format.js";
import { look } from "./theme.js";

const SPAN = 600;

/** As long as less is known, the curves are no wider than this, in seconds. */
const LEAST = 60;
const ONE_CURSOR = "curves";

/**
 * Curves of some series of the history: `[{name, colour, fill}]`, whose values `unit` writes.
 * `show(index)` is called with the place that the reader points at; null for none.
 */
export function Curve({ series, unit, height = 84, show, least = 1 }) {
  const place = useRef(null);
  const state = useRef({});
  state.current.show = show;

  useEffect(() => {
    const box = place.current;
    const plot = new uPlot(options(box, series, unit, height, least, state.current), data(series), box);
    const redraw = () => plot.setData(data(series), false) ?? scale(plot);
    const sizes = new ResizeObserver(() => {
      if (box.clientWidth) plot.setSize({ width: box.clientWidth, height: box.clientHeight });
    });
    sizes.observe(box);
    scale(plot);
    const ends = [readings.follow(redraw), look.follow(() => requestAnimationFrame(() => plot.redraw(false)))];
    return () => {
      sizes.disconnect();
      ends.forEach((end) => end());
      plot.destroy();
    };
  }, []);

  return html`<div class="curve" ref=${place} aria-hidden="true"></div>`;
}

function scale(plot) {
  const now = history.times.at(-1) ?? Date.now() / 1000;
  const first = history.times[0] ?? now;
  plot.setScale("x", { min: Math.max(now - SPAN, Math.min(first, now - LEAST)), max: now });
}

function data(series) {
  const { times, values } = history;
  const none = new Array(times.length).fill(null);
  return [times, ...series.map(({ name }) => (values[name] ?? none).map((each) => (Number.isFinite(each) ? each : null)))];
}

/** A colour of the style sheet, as it is now. */
function colour(name, alpha = 1) {
  const value = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  return alpha === 1 ? value : value + Math.round(alpha * 255).toString(16).padStart(2, "0");
}

function options(box, series, unit, height, least, state) {
  const size = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  const font = `${Math.round(size * 0.76)}px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: () => colour("quiet"), font, ticks: { show: false }, gap: 4 };
  return {
    width: box.clientWidth || 300,
    height: box.clientHeight || height,
    padding: [6, 2, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true },
      y: { range: (plot, min, max) => [0, Math.max(least, (max ?? 0) * 1.12)] },
    },
    axes: [
      {
        ...axis, size: size * 1.35, space: size * 8, grid: { show: false },
        values: (plot, splits, place, space, step) => splits.map((at) => clock(at * 1000).slice(0, step < 60 ? 8 : 5)),
      },
      {
        ...axis, size: size * 3.6, space: size * 2.1, grid: { stroke: () => colour("line"), width: 1 },
        values: (plot, splits) => splits.map((value) => unit(value)),
      },
    ],
    series: [
      {},
      ...series.map((each) => ({
        stroke: () => colour(each.colour), width: 1.5, spanGaps: false, points: { show: false },
        dash: each.dash, fill: each.fill ? () => colour(each.colour, 0.1) : undefined,
      })),
    ],
    cursor: { sync: { key: ONE_CURSOR }, points: { size: 6 }, drag: { x: false, y: false }, y: false },
    hooks: { setCursor: [(plot) => state.show?.(plot.cursor.left >= 0 ? plot.cursor.idx : null)] },
  };
}
