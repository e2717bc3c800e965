// Values that the parts of the page share and are told of.

import { useEffect, useState } from "./lib/preact.js";

/** A value that can be followed. */
export function observable(initial) {
  let value = initial;
  const followers = new Set();
  return {
    get: () => value,
    set(next) {
      if (next !== value) {
        value = next;
        for (const follower of [...followers]) follower(value);
      }
    },
    follow(follower) {
      followers.add(follower);
      return () => followers.delete(follower);
    },
  };
}

/** The value of an observable, within a component. */
export function useValue(source) {
  const [, draw] = useState(0);
  useEffect(() => {
    let last = source.get();
    const again = (value) => {
      if (value !== last) {
        last = value;
        draw((count) => count + 1);
      }
    };
    return source.follow(again);
  }, [source]);
  return source.get();
}

/** A choice that the browser remembers; it works without where the browser won't. */
export function remembered(name, fallback) {
  let found = fallback;
  try {
    found = localStorage.getItem(name) ?? fallback;
  } catch {
    // The reader does not let the page keep anything.
  }
  const choice = observable(found);
  choice.follow((value) => {
    try {
      localStorage.setItem(name, value);
    } catch {
      // As above: it holds until the page is closed.
    }
  });
  return choice;
}
