// Checking in: the place if the person adds it, and the camera where the browser can read QR codes by itself.
const form = document.querySelector("[data-check-in]");
const part = (name) => form.querySelector(`[data-${name}]`);
const LOOK_EVERY = 250;

if ("geolocation" in navigator && window.isSecureContext) {
  const status = part("place-status");
  part("place").hidden = false;
  part("find").addEventListener("click", () => {
    status.textContent = status.dataset.searching;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude;
        form.elements.longitude.value = coords.longitude;
        status.textContent = status.dataset.found;
      },
      () => { status.textContent = status.dataset.lost; },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 },
    );
  });
}

async function scan(video) {
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  video.srcObject = stream;
  video.hidden = false;
  await video.play();
  try {
    for (;;) {
      const [found] = await detector.detect(video);
      if (found) return found.rawValue;
      await new Promise((done) => setTimeout(done, LOOK_EVERY));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.hidden = true;
  }
}

if ("BarcodeDetector" in window && navigator.mediaDevices) {
  part("camera").hidden = false;
  part("scan-sign").addEventListener("click", async ({ currentTarget: button }) => {
    button.disabled = true;
    const text = await scan(part("video")).catch(() => "");
    button.disabled = false;
    if (text) form.elements.code.value = text;
    form.elements.code.focus();
  });
}
