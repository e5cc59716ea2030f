// The red envelope: sign in if needed, open once, then follow the money until it has arrived.
import { Refusal, call, newKey, post, wait } from "./api.js";

const SHORTEST_SHOW = 700; // the seal turns at least that long
const LONGEST_FOLLOW = 120000;

const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;

export function startEnvelope(root, words, scanned, sentence) {
  const box = root.querySelector("[data-envelope]");
  if (!box) return;
  const part = (name) => box.querySelector(`[data-${name}]`);
  const form = part("sign-in");
  const button = part("open");
  let busy = false;

  const tell = (text) => { part("envelope-status").textContent = text; };
  const complain = (text = "") => {
    part("refusal-text").textContent = text;
    part("refusal").hidden = !text;
  };
  const needName = (needed) => {
    if (form) form.hidden = !needed;
    button.disabled = needed;
  };

  async function once(work) {
    if (busy) return;
    busy = true;
    complain();
    try {
      await work();
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      box.dataset.state = "closed";
      tell("");
      complain(sentence(refusal));
      if (refusal.code === "not_signed_in") needName(true);
    } finally {
      busy = false;
      button.removeAttribute("aria-busy");
    }
  }

  async function signIn() {
    const name = form.elements.name.value.trim();
    if (!name || name.length > 60) {
      complain(words.name_missing);
      form.elements.name.focus();
      return;
    }
    await post("/api/v1/sessions/local", { name, brand: box.dataset.brand }, newKey());
    needName(false);
    button.focus();
  }

  async function open() {
    box.dataset.state = "opening";
    button.setAttribute("aria-busy", "true");
    tell(words.opening);
    const seen = wait(SHORTEST_SHOW);
    const scan = await scanned();
    const envelope = await post(`/api/v1/scans/${scan.id}/claim`, {}, `claim-${scan.id}`);
    await seen;
    reveal(envelope);
    if (envelope.state === "promised" && envelope.amount_fen) await follow(envelope);
  }

  function reveal(envelope) {
    box.dataset.state = "open";
    button.hidden = true;
    if (envelope.voucher) return unwrap(envelope);
    if (!envelope.amount_fen) {
      part("thanks").hidden = false;
      tell(words.thanks);
      return;
    }
    part("amount").textContent = yuan(envelope.amount_fen);
    part("prize").hidden = false;
    part("prize").focus();
    heed(envelope);
  }

  // A voucher: what it is, and the way to the page that the shop scans.
  function unwrap({ voucher, text }) {
    part("amount").textContent = voucher.words;
    part("amount").classList.add("envelope__amount--words");
    part("prize").hidden = false;
    part("prize").focus();
    tell(text);
    part("wallet").hidden = false;
    const link = part("wallet").querySelector("a");
    link.href = voucher.path;
    link.textContent = words.show_voucher;
    link.classList.add("button--primary");
  }

  const payment = ({ state, payout }) => (payout?.state === "awaiting_confirmation" && state === "promised" ? payout.state : state);

  function heed(envelope) {
    box.dataset.payment = payment(envelope);
    tell(envelope.state === "locked" ? envelope.text : words[payment(envelope)] || words.on_its_way);
    part("wallet").hidden = false;
  }

  async function follow(envelope) {
    const since = Date.now();
    for (let told = envelope; !["paid", "released"].includes(told.state); ) {
      const age = Date.now() - since;
      if (age > LONGEST_FOLLOW) { tell(words.slow); return; }
      await wait(age < 10000 ? 500 : 2000);
      told = await call(`/api/v1/envelopes/${envelope.id}`).catch(() => told);
      if (payment(told) !== box.dataset.payment) heed(told);
    }
  }

  if (!button) { // opened before this view: follow what is still on its way
    if (box.dataset.id) follow({ id: box.dataset.id, state: box.dataset.payment });
    return;
  }
  form?.addEventListener("submit", (event) => { event.preventDefault(); once(signIn); });
  button.addEventListener("click", () => once(open));
  if (form && !form.hidden) button.disabled = true;
}
