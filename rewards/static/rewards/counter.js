// The counter's page: looks at vouchers, redeems them, keeps on the device what could not be sent yet.
import { Camera, formats } from "../codes/warehouse_camera.js";
import { Queue } from "../codes/offline_queue.js";

const { user, stores, addresses, words } = JSON.parse(document.getElementById("known").textContent);
const root = document.querySelector("[data-counter]");
const part = (name, within = root) => within.querySelector(`[data-${name}]`);
const copy = (name) => document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);
const show = (element, visible = true) => { element.hidden = !visible; };
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name]);
const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;
const TRY_AGAIN = 15000;
const VOUCHER = /(?:\/v\/|^)(v[0-9a-z\- ]{11,20})(?:[/?#].*)?$/i;
const TONES = { queued: "tone-warn", sending: "tone-calm", sent: "tone-good", refused: "tone-bad" };
const queue = new Queue({ page: "counter", user, address: addresses.deeds, changed: () => draw() });
let drawnLog = "";
let looked = 0;

const say = (text) => { part("said").textContent = text; };
const store = () => Number(part("store").value);

// The voucher's own twelve symbols, as the server reads them; empty for anything else.
function voucherIn(text) {
  const found = VOUCHER.exec(text.trim());
  const code = found ? found[1].toUpperCase().replace(/[- ]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1") : "";
  return /^V[0-9A-HJKMNP-TV-Z]{11}$/.test(code) ? code : "";
}

// ---- looking

async function look(text) {
  if (!text.trim()) {
    notice(words.scan_first);
    return part("code").focus();
  }
  clear();
  const code = voucherIn(text);
  if (code && queue.deeds.some((deed) => deed.body.code === code && deed.state !== "refused")) return notice(words.again);
  if (!navigator.onLine) return blind(code);
  say(words.looking);
  const mine = (looked += 1);
  try {
    const query = new URLSearchParams({ store: store(), code: text });
    const answer = await fetch(`${addresses.vouchers}?${query}`, { credentials: "same-origin", headers: { "X-Account": encodeURIComponent(user) } });
    const told = await answer.json();
    if (mine !== looked) return undefined;
    if (!answer.ok) return notice(told.code === "not_signed_in" ? words.signed_out : told.detail, told.code === "not_signed_in" ? addresses.sign_in : "");
    if (!told.vouchers.length) return notice(words.none);
    part("found").replaceChildren(...told.vouchers.map(cardOf));
    say(fill(words.found, { count: told.vouchers.length }));
    part("found").querySelector("button").focus();
  } catch {
    if (mine === looked) blind(code);
  }
  return undefined;
}

// Without a line nobody knows whether it is good: the owner decides.
function blind(code) {
  if (!code) return notice(words.member_offline);
  const card = copy("voucher");
  part("words", card).textContent = fill(words.unchecked, { code: `${code.slice(0, 4)}…` });
  part("pays", card).textContent = words.unchecked_hint;
  for (const name of ["gets", "until"]) part(name, card).remove();
  const button = part("redeem", card);
  button.textContent = words.redeem_blind;
  button.addEventListener("click", () => redeem({ code, words: `${code.slice(0, 4)}…`, compensation_fen: 0 }));
  part("found").replaceChildren(card);
  button.focus();
  return undefined;
}

function cardOf(voucher) {
  const card = copy("voucher");
  part("words", card).textContent = voucher.words;
  part("pays", card).textContent = voucher.pays_fen ? fill(words.pays, { amount: yuan(voucher.pays_fen) }) : voucher.worth_fen ? fill(words.takes_off, { amount: yuan(voucher.worth_fen) }) : words.free;
  part("gets", card).textContent = fill(words.gets, { amount: yuan(voucher.compensation_fen) });
  part("until", card).textContent = fill(words.until, { moment: new Date(voucher.valid_until).toLocaleString(document.documentElement.lang) });
  const button = part("redeem", card);
  button.textContent = words.redeem;
  button.addEventListener("click", () => redeem(voucher));
  return card;
}

function redeem({ code, words: what, compensation_fen: fen }) {
  const body = { store: store(), code, happened_at: new Date().toISOString() };
  queue.add(body, { what, fen });
  navigator.vibrate?.(40);
  clear();
  queue.send();
  part("code").focus();
}

function clear() {
  part("found").replaceChildren();
  show(part("notice"), false);
  part("notice").dataset.stays = "";
}

// ---- drawing

function draw() {
  drawLog();
  const line = part("line");
  line.textContent = navigator.onLine ? line.dataset.on : line.dataset.off;
  line.classList.toggle("tone-good", navigator.onLine);
  line.classList.toggle("tone-warn", !navigator.onLine);
  if (queue.signedOut) notice(words.signed_out, addresses.sign_in);
  else if (!queue.keeps) notice(words.no_storage);
}

function drawLog() {
  const deeds = [...queue.deeds].reverse();
  const now = JSON.stringify([deeds, navigator.onLine]);
  if (now === drawnLog) return; // a button under the finger stays where it is
  drawnLog = now;
  show(part("log-section"), deeds.length > 0);
  part("log").replaceChildren(...deeds.map(entryOf));
}

function entryOf(done) {
  const entry = copy("entry");
  entry.dataset.key = done.key;
  entry.dataset.state = done.state;
  part("title", entry).textContent = done.answer?.words || done.units.what;
  const state = part("state", entry);
  state.textContent = words[done.state];
  state.classList.add(TONES[done.state]);
  const fen = done.answer?.compensation_fen || done.units.fen;
  const place = stores.length > 1 ? stores.find((each) => each.id === done.body.store)?.name : "";
  const at = new Date(done.body.happened_at).toLocaleTimeString(document.documentElement.lang);
  part("detail", entry).textContent = [at, place, fen && fill(words.gets, { amount: yuan(fen) })].filter(Boolean).join(" · ");
  const said = done.state === "refused" ? reasonOf(done.problem) : done.state === "queued" && done.tried ? words.may_have_arrived : "";
  part("result", entry).textContent = said;
  show(part("result", entry), Boolean(said));
  if (done.state === "refused") part("buttons", entry).append(dropButton(done));
  return entry;
}

const reasonOf = (problem) => Object.values(problem?.fields || {}).flat().join(" ") || problem?.detail || words.failed;

function dropButton(done) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: words.drop });
  button.addEventListener("click", () => queue.drop(done.key));
  return button;
}

function notice(text, address = "") {
  const box = part("notice");
  const line = box.querySelector("p");
  line.textContent = text;
  if (address) line.replaceChildren(Object.assign(document.createElement("a"), { href: address, textContent: text }));
  show(box);
  say(text);
}

// ---- what people do

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = part("code").value;
  part("code").value = "";
  look(text);
});
part("store").addEventListener("change", clear);

const camera = new Camera(part("video"), look);
const shutter = part("camera-field").querySelector("button");
formats().then((known) => show(part("camera-field"), known.length > 0));
shutter.addEventListener("click", async () => {
  if (camera.isOn) camera.stop();
  else await camera.start().catch(() => { camera.stop(); notice(words.camera_failed); });
  shutter.querySelector("span").textContent = camera.isOn ? shutter.dataset.on : shutter.dataset.off;
});

addEventListener("online", () => { draw(); queue.send(); });
addEventListener("offline", () => { draw(); notice(words.offline); });
document.addEventListener("visibilitychange", () => { if (document.hidden) { if (camera.isOn) shutter.click(); } else queue.send(); });
setInterval(() => { if (!document.hidden && queue.waiting.length) queue.send(); }, TRY_AGAIN);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(addresses.worker, { scope: addresses.scope }).catch(() => { /* works while there is a line */ });
}
draw();
queue.send();
const handed = new URLSearchParams(location.search).get("code");
if (handed) { // scanned with the telephone's own camera: once, not again after a reload
  history.replaceState(null, "", location.pathname);
  look(handed);
} else if (matchMedia("(hover: hover)").matches) part("code").focus();
