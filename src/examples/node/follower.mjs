import { EventEmitter } from 'node:events';

const PAUSE = 5000;

/** Sees every change once, in order, as the event 'change'. What is published is only a hint. */
export class Follower extends EventEmitter {
  /** The last change that was seen. A real service stores it with what it makes of the changes. */
  seen = 0;
  #request;
  #reading = null;
  #again = false;
  #timer = null;

  constructor(request) {
    super();
    this.#request = request;
  }

  /** Listens first and then reads, so that nothing falls between; resolves when caught up. */
  async follow(bus) {
    const read = () => this.#read().catch((fault) => console.error(`${fault.message}; trying again`));
    bus.registerHandler('rollcall.users.changed', read);
    // A hint may be lost.
    this.#timer = setInterval(read, PAUSE);
    await this.#read();
  }

  /** To be called when the bus is gone as well: what was asked then is never answered. */
  stop() {
    clearInterval(this.#timer);
    this.#reading = null;
  }

  /** A hint that comes while the feed is read has it read once more. */
  #read() {
    this.#again = true;
    this.#reading ??= this.#readAll();
    return this.#reading;
  }

  async #readAll() {
    try {
      while (this.#again) {
        this.#again = false;
        let page;
        do {
          page = (await this.#request('rollcall.users.changes', { after: this.seen })).body;
          page.items.forEach((change) => this.emit('change', change));
          this.seen = page.next;
        } while (page.items.length > 0);
      }
    } finally {
      this.#reading = null;
    }
  }
}
