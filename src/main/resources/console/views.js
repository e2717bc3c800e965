// Which views are declared, as far as the reader may know.

import { useEffect, useState } from "./lib/preact.js";
import { askUsers, attempt } from "./service.js";
import { useValue } from "./state.js";

/** The declared views: none before they are known, or where the port of users does not tell. */
export function useViews() {
  const again = useValue(attempt);
  const [views, set] = useState([]);
  useEffect(() => {
    const gone = new AbortController();
    askUsers("views", { signal: gone.signal })
      .then((answer) => answer.json())
      .then(({ items }) => set(items))
      .catch(() => {
        // The frame tells that the port is lost or refuses; without views there are no deadlines.
      });
    return () => gone.abort();
  }, [again]);
  return views;
}
