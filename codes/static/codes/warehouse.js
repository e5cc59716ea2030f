// The warehouse's page: gathers scans into deeds, keeps them on the device and has them sent.
import { Camera, formats } from "./warehouse_camera.js";
import { Queue } from "./offline_queue.js";

const { user, places, addresses, deeds: deedWords, words } = JSON.parse(document.getElementById("known").textContent);
const root = document.querySelector("[data-warehouse]");
const part = (name, within = root) => within.querySelector(`[data-${name}]`);
const copy = (name) => document.querySelector(`template[data-${name}]`).content.firstElementChild.cloneNode(true);
const show = (element, visible = true) => { element.hidden = !visible; };
const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (_all, name) => facts[name]);
const TRY_AGAIN = 15000;
const CODE = /(?:\/c\/|\/21\/|^)([0-9a-z][0-9a-z\- ]{15,30})(?:[/?#].*)?$/i;
const levels = words.levels.split(",");
const NAMES = { item: levels[0], case: levels[1], pallet: levels[2] };

// One unit however it was scanned: the code alone, in capitals.
function bare(text) {
  const found = CODE.exec(text.trim());
  return (found ? found[1] : text.trim()).replace(/[- ]/g, "").toUpperCase();
}

const fresh = () => ({ place: places[0].key, kind: places[0].deeds[0].kind, other: "", reference: "", whole: false, parent: null, units: [] });
const queue = new Queue({ page: "warehouse", user, address: addresses.deeds, changed: () => draw() });
let draft = usable(queue.draft) || fresh();
let delivery = null;
let drawnLog = "";

function usable(kept) {
  const place = kept && places.find((each) => each.key === kept.place);
  return place && place.deeds.some((deed) => deed.kind === kept.kind) ? kept : null;
}

const place = () => places.find((each) => each.key === draft.place);
const deed = () => place().deeds.find((each) => each.kind === draft.kind);
const nameOf = (unit) => (unit.known ? `${NAMES[unit.known.level]} ${unit.known.serial}` : `${bare(unit.code).slice(0, 4)}…${bare(unit.code).slice(-2)}`);
const say = (text) => { part("said").textContent = text; };
const keep = () => queue.keepDraft(draft);

// ---- gathering

function scan(text) {
  if (!text.trim()) return;
  if (/^B/.test(bare(text)) && deed().asks) {
    draft.other = bare(text);
    navigator.vibrate?.(40);
    return keep();
  }
  const all = draft.parent ? [draft.parent, ...draft.units] : draft.units;
  if (all.some((unit) => bare(unit.code) === bare(text))) {
    navigator.vibrate?.([40, 60, 40]);
    return say(words.again);
  }
  const unit = { code: text.trim(), counted: null, known: null, fault: "" };
  if (draft.kind === "pack" && !draft.parent) draft.parent = unit;
  else draft.units.push(unit);
  navigator.vibrate?.(40);
  keep();
  say(fill(unit === draft.parent ? words.parent_set : words.added, { what: nameOf(unit) }));
  look(unit);
}

// Ask what it is; without a line it is found out when the deed is sent.
async function look(unit) {
  try {
    const query = new URLSearchParams({ place: draft.place, code: unit.code });
    const answer = await fetch(`${addresses.unit}?${query}`, { credentials: "same-origin" });
    const told = await answer.json();
    const here = [draft.parent, ...draft.units].find((each) => each && each.code === unit.code);
    if (!here || (!answer.ok && answer.status !== 404)) return;
    if (answer.ok) here.known = told;
    else here.fault = told.detail;
    keep();
    say(here.fault || fill(words.added, { what: nameOf(here) }));
  } catch { /* no line */ }
}

function remove(unit) {
  draft.units = draft.units.filter((each) => each.code !== unit.code);
  keep();
  say(words.removed);
  part("code").focus();
}

function send() {
  const missing = draft.kind === "pack" && !draft.parent ? words.parent_first : !draft.units.length ? words.scan_first : deed().asks && !draft.other.trim() ? words.other_first : "";
  if (missing) {
    notice(missing, true);
    (missing === words.other_first ? part("other") : part("code")).focus();
    return;
  }
  const body = {
    kind: draft.kind,
    place: draft.place,
    units: draft.units.map((unit) => ({ code: unit.code, counted: draft.kind === "receive" && counts(unit) ? unit.counted : null })),
    happened_at: new Date().toISOString(),
    other: deed().asks ? draft.other.trim() : "",
    parent: draft.parent?.code || "",
    reference: draft.kind === "pack" ? "" : draft.reference.trim(),
    whole_delivery: draft.kind === "receive" && draft.whole && draft.reference.trim() !== "",
  };
  queue.add(body, { ...draft });
  draft = { ...fresh(), place: draft.place, kind: draft.kind, other: draft.other };
  delivery = null;
  keep();
  queue.send();
  part("code").focus();
}

// ---- drawing

function draw() {
  drawForm();
  drawScanned();
  drawLog();
  drawLine();
}

function drawForm() {
  const chosen = deed();
  const other = part("other-field");
  part("place").value = draft.place;
  drawDeeds();
  show(other, chosen.asks);
  part("other-label").textContent = deedWords[draft.kind].other;
  set(part("other"), draft.other);
  show(part("note-field"), draft.kind !== "pack" && draft.kind !== "destroy" && draft.kind !== "sample");
  show(part("whole-field"), draft.kind === "receive" && draft.reference.trim() !== "");
  set(part("reference"), draft.reference);
  part("whole").checked = draft.whole;
  show(part("full-field"), draft.kind === "pack");
  show(part("parent"), Boolean(draft.parent));
  if (draft.parent) part("parent-name").textContent = draft.parent.fault || described(draft.parent);
}

const set = (input, value) => { if (document.activeElement !== input || !value) input.value = value; };

function drawDeeds() {
  const box = part("deeds");
  const wanted = place().deeds.map((each) => each.kind).join();
  if (box.dataset.drawn !== wanted) {
    box.dataset.drawn = wanted;
    for (const label of box.querySelectorAll("label")) label.remove();
    for (const { kind } of place().deeds) {
      const label = document.createElement("label");
      const input = Object.assign(document.createElement("input"), { type: "radio", name: "deed", value: kind });
      const text = Object.assign(document.createElement("span"), { textContent: deedWords[kind].name });
      label.append(input, text);
      box.append(label);
    }
    const list = part("others");
    list.replaceChildren(...place().others.map(({ number, name }) => Object.assign(document.createElement("option"), { value: number, textContent: name })));
  }
  for (const input of box.querySelectorAll("input")) input.checked = input.value === draft.kind;
}

const counts = (unit) => !unit.known || unit.known.level !== "item";
const items = () => draft.units.reduce((sum, unit) => sum + (unit.known ? unit.known.items : 0), 0);
const full = () => Number(part("full").value) || 0;

function described(unit) {
  const known = unit.known;
  if (!known) return nameOf(unit);
  return [nameOf(unit), known.product, known.lot].filter(Boolean).join(" · ");
}

function drawScanned() {
  const focused = document.activeElement?.closest?.(".scanned__row")?.dataset.code;
  const list = part("scanned");
  if (!(focused && document.activeElement.matches("[data-counted]"))) list.replaceChildren(...[...draft.units].reverse().map(rowOf));
  const facts = { units: draft.units.length, items: items(), full: full() };
  const isPacking = draft.kind === "pack";
  show(part("tally"), draft.units.length > 0);
  part("count").textContent = isPacking && full() ? fill(words.of_case, facts) : fill(facts.items ? words.count_items : words.count, facts);
  part("send").textContent = isPacking && full() && facts.units && facts.units !== full() ? fill(words.partial, facts) : deedWords[draft.kind].send;
  const isExpected = delivery && delivery.sent > 0 && draft.kind === "receive";
  show(part("expected"), Boolean(isExpected));
  if (isExpected) part("expected").textContent = fill(words.of_delivery, { items: delivery.received + facts.items, sent: delivery.sent });
}

function rowOf(unit) {
  const row = copy("row");
  row.dataset.code = unit.code;
  const known = unit.known;
  row.querySelector("[data-name]").textContent = nameOf(unit);
  const inside = known && known.level !== "item" ? fill(words.inside, { count: known.inside }) : "";
  const facts = known ? [known.product, known.lot, inside, known.last && fill(words.last, { what: known.last })] : [words.unchecked];
  row.querySelector("[data-detail]").textContent = facts.filter(Boolean).join(" · ");
  const fault = row.querySelector("[data-fault]");
  fault.textContent = unit.fault;
  show(fault, Boolean(unit.fault));
  row.classList.toggle("scanned__row--bad", Boolean(unit.fault));
  const off = row.querySelector("[data-off]");
  off.setAttribute("aria-label", fill(words.remove, { what: nameOf(unit) }));
  off.addEventListener("click", () => remove(unit));
  if (draft.kind === "receive" && counts(unit)) drawCount(row, unit);
  return row;
}

function drawCount(row, unit) {
  const input = row.querySelector("[data-counted]");
  show(row.querySelector("[data-count-field]"));
  row.querySelector("[data-count-label]").textContent = fill(words.counted, { what: nameOf(unit) });
  row.querySelector("[data-count-of]").textContent = unit.known ? `/ ${unit.known.inside}` : "";
  input.value = unit.counted ?? "";
  input.addEventListener("change", () => { unit.counted = input.value === "" ? null : Math.max(0, Math.floor(Number(input.value))); keep(); });
}

const TONES = { queued: "tone-warn", sending: "tone-calm", sent: "tone-good", refused: "tone-bad" };

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
  entry.querySelector("[data-title]").textContent = deedWords[done.body.kind].name;
  const state = entry.querySelector("[data-state]");
  state.textContent = words[done.state];
  state.classList.add(TONES[done.state]);
  const into = done.units.parent ? `${nameOf(done.units.parent)} ← ` : "";
  entry.querySelector("[data-units]").textContent = into + done.units.units.map(nameOf).join(", ");
  const result = resultOf(done);
  entry.querySelector("[data-result]").textContent = result;
  show(entry.querySelector("[data-result]"), Boolean(result));
  const buttons = entry.querySelector("[data-buttons]");
  if (done.state === "refused") buttons.append(button(words.fix, () => putBack(done)), button(words.drop, () => queue.drop(done.key)));
  if (done.state === "queued" && !done.tried) buttons.append(button(words.take_back, () => putBack(done)));
  return entry;
}

function resultOf(done) {
  if (done.state === "sent") {
    const said = [fill(words.items, { items: done.answer.items })];
    if (done.answer.flags.length) said.push(fill(words.flagged, { what: done.answer.flags.join(", ") }));
    return said.join(" · ");
  }
  if (done.state === "refused") {
    const reasons = Object.values(done.problem.fields || {}).flat();
    return `${reasons.length ? reasons.join(" ") : done.problem.detail || ""} ${words.advice}`;
  }
  return done.state === "queued" && done.tried ? words.may_have_arrived : "";
}

function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: text });
  made.addEventListener("click", act);
  return made;
}

// A deed on the list again, each unit with what was wrong with it; what is on the list now is not lost.
function putBack(done) {
  const faults = done.problem?.fields || {};
  const units = done.units.units.map((unit, number) => ({ ...unit, fault: (faults[`units.${number}`] || []).join(" ") }));
  const taken = new Set(units.map((unit) => bare(unit.code)));
  const now = draft.kind === done.units.kind && draft.place === done.units.place ? draft.units : [];
  draft = { ...done.units, units: [...units, ...now.filter((unit) => !taken.has(bare(unit.code)))] };
  queue.drop(done.key);
  keep();
  part("code").focus();
}

function drawLine() {
  const line = part("line");
  line.textContent = navigator.onLine ? line.dataset.on : line.dataset.off;
  line.classList.toggle("tone-good", navigator.onLine);
  line.classList.toggle("tone-warn", !navigator.onLine);
  if (queue.signedOut) notice(words.signed_out, false, addresses.sign_in);
  else if (!queue.keeps) notice(words.no_storage);
  else if (!navigator.onLine) notice(words.offline);
  else if (!part("notice").dataset.stays) show(part("notice"), false);
}

function notice(text, stays = false, address = "") {
  const box = part("notice");
  box.dataset.stays = stays ? "yes" : "";
  const line = box.querySelector("p");
  if (line.textContent !== text) line.textContent = text;
  if (address) line.replaceChildren(Object.assign(document.createElement("a"), { href: address, textContent: text }));
  show(box);
  if (stays) { say(text); box.scrollIntoView({ block: "nearest" }); }
}

async function expect() {
  delivery = null;
  if (draft.kind !== "receive" || !draft.reference.trim()) return draw();
  try {
    const query = new URLSearchParams({ place: draft.place, reference: draft.reference.trim() });
    const answer = await fetch(`${addresses.delivery}?${query}`, { credentials: "same-origin" });
    if (answer.ok) delivery = await answer.json();
  } catch { /* no line */ }
  return draw();
}

// ---- what people do

part("form").addEventListener("submit", (event) => {
  event.preventDefault();
  const input = part("code");
  part("notice").dataset.stays = "";
  const text = input.value;
  input.value = "";
  scan(text);
});
part("send").addEventListener("click", send);
part("undo").addEventListener("click", () => draft.units.length && remove(draft.units.at(-1)));
part("parent-off").addEventListener("click", () => { draft.parent = null; keep(); part("code").focus(); });
part("place").addEventListener("change", ({ target }) => {
  const chosen = places.find((each) => each.key === target.value);
  draft.place = chosen.key;
  if (!chosen.deeds.some((each) => each.kind === draft.kind)) draft.kind = chosen.deeds[0].kind;
  keep();
});
part("deeds").addEventListener("change", ({ target }) => {
  if (draft.parent && target.value !== "pack") { draft.units.unshift(draft.parent); draft.parent = null; }
  draft.kind = target.value;
  keep();
  part("code").focus();
});
for (const [name, event] of [["other", "input"], ["reference", "input"]]) part(name).addEventListener(event, ({ target }) => { draft[name] = target.value; keep(); });
part("reference").addEventListener("change", expect);
part("whole").addEventListener("change", ({ target }) => { draft.whole = target.checked; keep(); });
part("full").addEventListener("input", () => { try { localStorage.setItem(`${queue.place}:full`, part("full").value); } catch { /* not kept */ } draw(); });
try { part("full").value = localStorage.getItem(`${queue.place}:full`) || ""; } catch { /* not kept */ }

const camera = new Camera(part("video"), scan);
formats().then((known) => {
  if (!known.length) return;
  part("hint").textContent = part("hint").dataset.camera;
  show(part("camera-field"));
});
const shutter = part("camera-field").querySelector("button");
shutter.addEventListener("click", async () => {
  if (camera.isOn) camera.stop();
  else await camera.start().catch(() => { camera.stop(); notice(words.camera_failed, true); });
  shutter.querySelector("span").textContent = camera.isOn ? shutter.dataset.on : shutter.dataset.off;
});

function lookAgain() {
  for (const unit of [draft.parent, ...draft.units]) if (unit && !unit.known && !unit.fault) look(unit);
}

addEventListener("online", () => { draw(); queue.send(); lookAgain(); });
addEventListener("offline", draw);
document.addEventListener("visibilitychange", () => { if (document.hidden) { if (camera.isOn) shutter.click(); } else queue.send(); });
setInterval(() => { if (!document.hidden && queue.waiting.length) queue.send(); }, TRY_AGAIN);
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register(addresses.worker, { scope: addresses.scope }).catch(() => { /* works while there is a line */ });
}
draw();
queue.send();
lookAgain();
if (matchMedia("(hover: hover)").matches) part("code").focus();
