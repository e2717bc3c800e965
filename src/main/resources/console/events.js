// Server-sent events by fetch, since EventSource can send no credential.

/** An event of more than this is none of ours. */
const LONGEST = 8 * 1024 * 1024;

/**
 * Reads the events of an answer until it ends, and hands each on as (kind, data, id).
 * Fails where the answer breaks off.
 */
export async function readEvents(answer, handle) {
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      let end = rest.indexOf("\n\n");
      let start = 0;
      while (end >= 0) {
        dispatch(rest.slice(start, end), handle);
        start = end + 2;
        end = rest.indexOf("\n\n", start);
      }
      rest = rest.slice(start);
      if (rest.length > LONGEST) throw new Error("an event is too long");
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function dispatch(block, handle) {
  let kind = "message";
  let id;
  const data = [];
  for (const line of block.split("\n")) {
    if (line.startsWith("data:")) data.push(line.slice(line[5] === " " ? 6 : 5));
    else if (line.startsWith("event:")) kind = line.slice(6).trim();
    else if (line.startsWith("id:")) id = line.slice(3).trim();
  }
  if (data.length) handle(kind, JSON.parse(data.join("\n")), id);
}

/**
 * Keeps a stream going until it is stopped: begins again a second after it ends, later and later
 * where it can't begin. What it tells of itself: `opened()`, `lost(failure)`.
 *
 * @param open gives the promise of an answer, from a signal and the id of the last event
 * @return stops it
 */
export function followEvents(open, { handle, opened, lost }) {
  const stopped = new AbortController();
  let lastId;
  const take = (kind, data, id) => {
    lastId = id ?? lastId;
    if (!stopped.signal.aborted) handle(kind, data, id);
  };
  (async () => {
    for (let failures = 0; !stopped.signal.aborted; failures++) {
      let failure = null;
      try {
        const answer = await open(stopped.signal, lastId);
        if (stopped.signal.aborted) return;
        failures = 0;
        opened?.();
        await readEvents(answer, take);
      } catch (thrown) {
        failure = thrown;
      }
      if (stopped.signal.aborted) return;
      lost?.(failure);
      await new Promise((go) => {
        const timer = setTimeout(go, Math.min(1000 * 2 ** failures, 8000));
        stopped.signal.addEventListener("abort", () => { clearTimeout(timer); go(); });
      });
    }
  })();
  return () => stopped.abort();
}
