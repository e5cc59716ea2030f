// Where the phone is, if the person lets us know. The choice is remembered on this phone alone.

const CHOICE = "onecode-place";
const PATIENCE = 4000;
const PATIENCE_WITH_QUESTION = 20000; // the browser itself asks first, and a person has to read that

const stored = () => { try { return localStorage.getItem(CHOICE); } catch { return null; } };
const store = (choice) => { try { localStorage.setItem(CHOICE, choice); } catch { /* private mode: asked again next time */ } };

export const canAsk = () => "geolocation" in navigator && window.isSecureContext;

// "allow", "without", or null where the person has not been asked yet.
export const choice = () => (canAsk() ? stored() : "without");
export const remember = store;

export async function find() {
  const state = await navigator.permissions?.query({ name: "geolocation" }).then((found) => found.state, () => "prompt");
  const patience = state === "prompt" ? PATIENCE_WITH_QUESTION : PATIENCE;
  return new Promise((done) => {
    const late = setTimeout(() => done({}), patience);
    const settle = (place) => { clearTimeout(late); done(place); };
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => settle({ latitude: coords.latitude, longitude: coords.longitude, accuracy_m: coords.accuracy }),
      () => settle({}),
      { enableHighAccuracy: true, timeout: patience, maximumAge: 60000 },
    );
  });
}
