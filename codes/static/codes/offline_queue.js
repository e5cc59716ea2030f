// What was scanned and done on a page, kept on this device until the server has it. Each deed is sent under a key of its own, so
// that a line that breaks in the middle never makes two of one.
const SENT_KEPT = 20;
const WAITING = new Set(["queued", "sending"]);

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) || "";

export class Queue {
  constructor({ page, user, address, changed }) {
    this.user = user;
    this.place = `onecode-${page}:${user}`;
    this.address = address;
    this.changed = changed;
    this.memory = { draft: null, deeds: [] };
    this.keeps = true;
    this.signedOut = false;
    addEventListener("storage", (event) => { if (event.key === this.place) this.changed(); });
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.place)) || { draft: null, deeds: [] };
    } catch {
      return this.memory;
    }
  }

  // Change what is kept, as it is at this moment: another window may have changed it since.
  change(work) {
    const state = this.keeps ? this.read() : this.memory;
    work(state);
    const sent = state.deeds.filter((deed) => deed.state === "sent");
    const old = new Set(sent.slice(0, Math.max(0, sent.length - SENT_KEPT)).map((deed) => deed.key));
    state.deeds = state.deeds.filter((deed) => !old.has(deed.key));
    this.memory = state;
    try {
      localStorage.setItem(this.place, JSON.stringify(state));
      this.keeps = true;
    } catch {
      this.keeps = false;
    }
    this.changed();
  }

  get draft() { return this.state().draft; }
  get deeds() { return this.state().deeds; }
  get waiting() { return this.deeds.filter((deed) => WAITING.has(deed.state)); }
  state() { return this.keeps ? this.read() : this.memory; }

  keepDraft(draft) { this.change((state) => { state.draft = draft; }); }

  add(body, units) {
    this.change((state) => {
      state.deeds.push({ key: newKey(), body, units, state: "queued", tried: false });
      state.draft = null;
    });
  }

  drop(key) { this.change((state) => { state.deeds = state.deeds.filter((deed) => deed.key !== key); }); }

  mark(key, facts) {
    this.change((state) => { Object.assign(state.deeds.find((deed) => deed.key === key) || {}, facts); });
  }

  // Send what waits, in order, one window at a time.
  async send() {
    const work = () => this.sendAll();
    if (navigator.locks) return navigator.locks.request(this.place, { ifAvailable: true }, (lock) => lock && work());
    return work();
  }

  async sendAll() {
    if (this.sending || !navigator.onLine) return;
    this.sending = true;
    try {
      for (const { key } of this.waiting) {
        const deed = this.deeds.find((each) => each.key === key);
        if (deed && !(await this.sendOne(deed))) break;
      }
    } finally {
      this.sending = false;
      this.changed();
    }
  }

  // Whether to go on with the next one.
  async sendOne(deed) {
    this.mark(deed.key, { state: "sending", tried: true });
    const headers = { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken"), "Idempotency-Key": deed.key, "X-Account": encodeURIComponent(this.user) };
    let answer;
    try {
      answer = await fetch(this.address, { method: "POST", headers, credentials: "same-origin", body: JSON.stringify(deed.body) });
    } catch {
      this.mark(deed.key, { state: "queued" });
      return false;
    }
    const told = await answer.json().catch(() => ({}));
    this.signedOut = told.code === "not_signed_in";
    if (answer.ok) this.mark(deed.key, { state: "sent", answer: told });
    else if (this.signedOut || told.retry || answer.status >= 500) {
      this.mark(deed.key, { state: "queued" });
      return false;
    } else this.mark(deed.key, { state: "refused", problem: told });
    return true;
  }
}
