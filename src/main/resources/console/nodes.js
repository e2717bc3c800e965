// Whether each node of the cluster is ready, as it says itself.

import { useEffect, useState } from "./lib/preact.js";
import { html } from "./html.js";
import { askManagement, attempt } from "./service.js";
import { useValue } from "./state.js";

const EVERY = 5000;

/** All nodes that this one sees, asked again and again; those known last while nobody answers. */
function useNodes() {
  const again = useValue(attempt);
  const [nodes, set] = useState([]);
  useEffect(() => {
    const gone = new AbortController();
    let timer = 0;
    const ask = async () => {
      try {
        set((await (await askManagement("nodes", { signal: gone.signal })).json()).items);
      } catch {
        // The notice on top says what is wrong with the port.
      }
      if (!gone.signal.aborted) timer = setTimeout(ask, EVERY);
    };
    ask();
    return () => {
      clearTimeout(timer);
      gone.abort();
    };
  }, [again]);
  return nodes;
}

const words = ({ ready, reason }) => (ready ? "ready" : ready === null ? "unknown: " + reason : "not ready: " + reason);
const colour = ({ ready }) => (ready ? "" : ready === null ? "off" : "bad");

/** Nothing for a process that is alone: the head says whether it is ready. */
export function Nodes() {
  const nodes = useNodes();
  if (nodes.length < 2) return null;
  return html`
    <ul class="nodes" aria-label="Nodes of the cluster">
      ${nodes.map(
        (each) => html`<li key=${each.node} title=${each.node}>
          <i class=${"dot " + colour(each)}></i>${each.self ? "this node" : each.node.slice(0, 8)}
          <span class=${each.ready ? "quiet" : "bad"}>${words(each)}</span>
        </li>`,
      )}
    </ul>`;
}
