// What was changed and has not arrived, kept on this device: in IndexedDB, so that a crash loses nothing.
// Beside it what the page is to tell of itself, the name this device gave itself, the count of its changes, and the flags.
const STORES = ["edits", "facts", "events"];
const KEYS = { edits: { keyPath: "sequence" }, events: { keyPath: "name" } };

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

const committed = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});

function named() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Journal {
  static async open(name) {
    const journal = new Journal();
    const asked = indexedDB.open(`plumbline.sitting.${name}`, 2);
    asked.onupgradeneeded = () => {
      const known = asked.result.objectStoreNames;
      for (const store of STORES) if (!known.contains(store)) asked.result.createObjectStore(store, KEYS[store]);
    };
    try {
      journal.base = await done(asked);
    } catch {
      journal.base = null; // a browser that keeps nothing: the page still sends at once
    }
    await journal.#read();
    return journal;
  }

  // `edits` by their sequence, in the order in which they were made.
  async #read() {
    this.edits = new Map();
    this.events = new Map();
    this.facts = { device: named(), count: 0, flags: [] };
    if (!this.base) return;
    const reading = this.base.transaction(STORES);
    const [edits, events, kept] = await Promise.all([
      done(reading.objectStore("edits").getAll()),
      done(reading.objectStore("events").getAll()),
      done(reading.objectStore("facts").get("facts")),
    ]);
    for (const edit of edits) this.edits.set(edit.sequence, edit);
    for (const event of events) this.events.set(event.name, event);
    if (kept) this.facts = kept;
    else await this.#write((transaction) => transaction.objectStore("facts").put(this.facts, "facts"));
  }

  async #write(act) {
    if (!this.base) return;
    const transaction = this.base.transaction(STORES, "readwrite", { durability: "strict" });
    act(transaction);
    await committed(transaction);
  }

  // Another device's changes never carry this one's count: it goes on from what the server has.
  countFrom(sequence) { this.facts.count = Math.max(this.facts.count, sequence); }

  // A change with the next number, kept before it is sent; older ones of its question go with it.
  async add(number, value, madeAt) {
    this.facts.count += 1;
    const edit = { number, value, made_at: madeAt, sequence: this.facts.count };
    const older = [...this.edits.values()].filter((one) => one.number === number && !one.tried);
    for (const one of older) this.edits.delete(one.sequence);
    this.edits.set(edit.sequence, edit);
    await this.#write((transaction) => {
      for (const one of older) transaction.objectStore("edits").delete(one.sequence);
      transaction.objectStore("edits").put(edit);
      transaction.objectStore("facts").put(this.facts, "facts");
    });
    return edit;
  }

  async remove(edit) {
    this.edits.delete(edit.sequence);
    await this.#write((transaction) => transaction.objectStore("edits").delete(edit.sequence));
  }

  async addEvent(event) {
    this.events.set(event.name, event);
    await this.#write((transaction) => transaction.objectStore("events").put(event));
  }

  async removeEvents(events) {
    for (const { name } of events) this.events.delete(name);
    await this.#write((transaction) => {
      for (const { name } of events) transaction.objectStore("events").delete(name);
    });
  }

  async flag(number, isFlagged) {
    const flags = new Set(this.facts.flags);
    if (isFlagged) flags.add(number);
    else flags.delete(number);
    this.facts.flags = [...flags];
    await this.#write((transaction) => transaction.objectStore("facts").put(this.facts, "facts"));
  }

  get first() { return this.edits.values().next().value; }

  get size() { return this.edits.size; }

  unsaved(number) { return [...this.edits.values()].some((one) => one.number === number); }
}
