// Talking to our own API: JSON in and out, a time-out, and every failure as one Refusal with a stable code.

export class Refusal extends Error {
  constructor(code, { detail = "", retryAfter = 0 } = {}) {
    super(code);
    this.code = code;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }
}

export const newKey = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

export const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

export async function call(path, { method = "GET", body, key, keepalive = false } = {}) {
  const headers = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 10000);
  try {
    const answer = await fetch(path, {
      method, headers, keepalive, credentials: "same-origin", signal: abort.signal,
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    const retryAfter = Number(answer.headers.get("Retry-After")) || 0;
    throw new Refusal(told.code || (answer.status >= 500 ? "unavailable" : "other"), { detail: told.detail, retryAfter });
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("offline");
  } finally {
    clearTimeout(timer);
  }
}

// A POST that may be repeated: the same key gets the first call's answer, also while that call still runs.
export async function post(path, body, key, options = {}) {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call(path, { method: "POST", body, key, ...options });
    } catch (refusal) {
      if (refusal.code !== "idempotent_call_running" || attempt >= 5) throw refusal;
      await wait(800);
    }
  }
}
