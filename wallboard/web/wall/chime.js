/* One soft chime when something turns red that was not red before, for boards that ask for it. Never the only sign.

Browsers let a page sound only after a touch, or with --autoplay-policy=no-user-gesture-required (docs/wall.md). */

const LEAST_S = 60;
const NOTES_HZ = [660, 880];
const NOTE_S = 0.25;
const LOUDNESS = 0.2;

let audio = null;
let rungAt = -Infinity;

/* now in seconds of any steady clock. At most once a minute. */
export function chime(now) {
  if (now - rungAt < LEAST_S) return;
  rungAt = now;
  audio = audio || new AudioContext();
  if (audio.state !== "running") {
    audio.resume().catch(() => {});
    return;
  }
  NOTES_HZ.forEach((frequency, place) => note(frequency, audio.currentTime + place * NOTE_S));
}

function note(frequency, at) {
  const tone = new OscillatorNode(audio, { frequency });
  const loud = new GainNode(audio, { gain: 0 });
  loud.gain.setValueAtTime(0, at);
  loud.gain.linearRampToValueAtTime(LOUDNESS, at + NOTE_S / 10);
  loud.gain.exponentialRampToValueAtTime(LOUDNESS / 1000, at + NOTE_S * 2);
  tone.connect(loud).connect(audio.destination);
  tone.start(at);
  tone.stop(at + NOTE_S * 2);
}
