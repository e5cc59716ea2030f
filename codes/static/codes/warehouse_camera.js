// The camera as a scanner, where the browser reads codes by itself. No library: elsewhere a hand scanner or the keyboard does.
const WANTED = ["qr_code", "data_matrix", "code_128"];
const LOOK_EVERY = 200;
const SAME_AGAIN = 3000;

export async function formats() {
  if (!("BarcodeDetector" in window) || !navigator.mediaDevices?.getUserMedia) return [];
  const known = await BarcodeDetector.getSupportedFormats().catch(() => []);
  return WANTED.filter((format) => known.includes(format));
}

export class Camera {
  constructor(video, found) {
    this.video = video;
    this.found = found;
    this.stream = null;
  }

  get isOn() { return this.stream !== null; }

  async start() {
    this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    this.video.srcObject = this.stream;
    this.video.hidden = false;
    await this.video.play();
    this.look(new BarcodeDetector({ formats: await formats() }));
  }

  stop() {
    for (const track of this.stream?.getTracks() || []) track.stop();
    this.stream = null;
    this.video.hidden = true;
  }

  async look(detector) {
    let last = { text: "", at: 0 };
    while (this.stream) {
      const codes = await detector.detect(this.video).catch(() => []);
      for (const { rawValue: text } of codes) {
        if (text !== last.text || Date.now() - last.at > SAME_AGAIN) this.found(text);
        last = { text, at: Date.now() };
      }
      await new Promise((done) => setTimeout(done, LOOK_EVERY));
    }
  }
}
