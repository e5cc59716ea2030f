// The page behind a code: posts the scan once, with the place if allowed, and tells what came of it.
import { newKey, post } from "./api.js";
import { startEnvelope } from "./envelope.js";
import * as place from "./place.js";

const SAME_VIEW = 10 * 60 * 1000; // a reload within ten minutes is the same look at the same code
const UNASKED = 20000; // nobody answered the question: note the scan without a place

const root = document.querySelector("[data-scan]");
const words = JSON.parse(document.getElementById("words").textContent);
const part = (name) => root.querySelector(`[data-${name}]`);
const show = (element, visible = true) => { if (element) element.hidden = !visible; };
const tell = (text) => { part("status").textContent = text; };
const sentence = (refusal) => words.problems[refusal.code] || refusal.detail || words.problems.other;

const VIEW = `onecode-scan:${root.dataset.code}`;

// What this view knows of its scan: the key it is posted under, and whether it was sent before a reload.
function thisView() {
  try {
    const known = JSON.parse(sessionStorage.getItem(VIEW) || "null");
    if (known && Date.now() - known.at < SAME_VIEW) return known;
  } catch { /* private mode: every reload is a new view */ }
  return { nonce: newKey(), at: Date.now(), sent: false };
}

function remember(view) {
  try { sessionStorage.setItem(VIEW, JSON.stringify(view)); } catch { /* as above */ }
}

const view = thisView();
remember(view);
let posting = null; // the one post of this view, as a promise of its answer
let choose = null; // settles the question for the place

// A code that is not genuine opens nothing, and a scan that was sent stays as it is: no question for the place then.
const choiceHere = () => ("asks" in root.dataset && !view.sent ? place.choice() : "without");

function send(spot, options) {
  const body = { code: root.dataset.code, ...spot };
  if (root.dataset.via) body.via = root.dataset.via;
  remember({ ...view, sent: true });
  return post("/api/v1/scans", body, view.nonce, options);
}

async function note() {
  show(part("retry"), false);
  const chosen = choiceHere() || (await new Promise((done) => { choose = done; }));
  show(part("ask"), false);
  tell(words.keeping);
  const answer = await send(chosen === "allow" ? await place.find() : {});
  tell(words.kept);
  show(part("noted"));
  show(part("here"), false);
  if (root.dataset.verdict && answer.verdict !== root.dataset.verdict) correct(answer);
  return answer;
}

function failed(refusal) {
  posting = null;
  tell("");
  part("retry-text").textContent = sentence(refusal);
  show(part("retry"));
  throw refusal;
}

// The answer to this view's scan; however often it is asked for, there is one post.
function scanned() {
  posting ??= note().catch(failed);
  return posting;
}

// Opening the envelope answers the question for the place as well: without.
function scannedAtOnce() {
  choose?.("without");
  return scanned();
}

// Between looking and noting, somebody else was first, or this view's own scan was the first: say so.
function correct(answer) {
  const said = words.verdicts[answer.verdict];
  const card = part("verdict");
  if (!said || root.dataset.mine) return;
  card.className = card.className.replace(/tone-\w+/, `tone-${said.tone}`);
  card.dataset.verdict = answer.verdict;
  for (const name of ["title", "meaning", "advice"]) part(`verdict-${name}`).textContent = said[name];
  const icon = document.querySelector(`template[data-icon="${said.icon}"]`);
  part("verdict-icon").replaceChildren(icon.content.cloneNode(true));
  show(part("history"), answer.verdict === "genuine_repeat");
}

const start = () => scanned().catch(() => {});

function ask() {
  if (choiceHere()) return;
  show(part("ask"));
  for (const button of part("ask").querySelectorAll("button")) {
    button.addEventListener("click", () => {
      place.remember(button.value);
      choose?.(button.value);
    });
  }
  setTimeout(() => choose?.("without"), UNASKED);
  addEventListener("pagehide", () => { if (choose && !part("ask").hidden) send({}, { keepalive: true }); });
}

part("retry").querySelector("button").addEventListener("click", start);
part("here")?.addEventListener("click", (event) => {
  event.currentTarget.disabled = true;
  start();
  ask();
});
if (!part("here")) {
  start();
  ask();
}
startEnvelope(root, words, scannedAtOnce, sentence);
