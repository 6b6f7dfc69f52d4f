// The paper fetched while the page waits, sealed; what the start answers with opens it, and nothing before.
// It is held in this window alone: a page without it is sent its questions whole.
import { bytes } from "./sitting_seal.js";

const TRIES = 3;
const TOO_LONG = 20000;

export class Ahead {
  // Without an address (practice), or without a secure context, which a browser opens nothing in, none is fetched.
  constructor(address, sitting) {
    this.address = address;
    this.sitting = sitting;
    this.paper = null;
    this.tries = address && crypto.subtle ? TRIES : 0;
  }

  async fetch() {
    if (this.paper || this.isBusy || !this.tries) return;
    this.isBusy = true;
    this.tries -= 1;
    try {
      const response = await fetch(`${this.address}/ahead`, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(TOO_LONG) });
      if (response.ok) this.paper = await response.json();
    } catch {
      // A page in place of an answer, or none: it is tried again with the next sign of life.
    }
    this.isBusy = false;
  }

  // What the start is asked with.
  get held() { return this.paper ? { sealed: this.paper.name } : {}; }

  // The questions; null where the seal is broken, and then it is held no longer.
  async opened(key) {
    try {
      const { iv, sealed } = this.paper;
      const opening = await crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["decrypt"]);
      const bound = { name: "AES-GCM", iv: bytes(iv), additionalData: new TextEncoder().encode(this.sitting) };
      return JSON.parse(new TextDecoder().decode(await crypto.subtle.decrypt(bound, opening, bytes(sealed))));
    } catch {
      this.paper = null;
      this.tries = 0;
      return null;
    }
  }
}
