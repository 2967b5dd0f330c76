// Keeps the page true: words by Server-Sent Events, pictures one after the other.
"use strict";

const root = document.documentElement;
const body = document.body;
const element = (id) => document.getElementById(id);

const LOST_AFTER_MS = 3000; // a kiosk that starts again is back sooner, mostly
const SILENT_AFTER_MS = 25000; // the stream says something every ten seconds
const PICTURE_EVERY_MS = 100; // ten a second look fluent and cost little

const canvas = element("preview");
const brush = canvas.getContext("2d", { alpha: false });

let lost = false;
let lastWord = Date.now();
let zone = body.dataset.zone;
let entry = null; // what is being entered: how many digits, never which

// ---- words

function put(id, text) {
  // Writing the same text again would make a screen reader say it again.
  if (element(id).textContent !== text) element(id).textContent = text;
}

function nameLength(name) {
  const length = Array.from(name).length;
  if (length > 26) return "very-long";
  return length > 13 ? "long" : "";
}

function show(words) {
  root.dataset.state = words.state;
  element("name").dataset.length = nameLength(words.name);
  put("headline", words.headline);
  put("name", words.name);
  put("detail", words.detail);
  if (words.state === "camera_lost") blank();
  showEntry(words.entry || null);
  cueFor(words.state, words.entry || null);
}

// ---- entering: dots for digits, a ring while a symbol is held

const MOST_DOTS = 8;

function dots(count, empty) {
  const place = element("typed");
  place.textContent = "";
  for (let n = 0; n < Math.max(count, empty); n += 1) {
    const dot = document.createElement("i");
    dot.className = n < count ? "full" : "";
    place.append(dot);
  }
  place.setAttribute("aria-label", place.dataset.digits.replace("{n}", count));
}

function showEntry(next) {
  const before = entry;
  entry = next;
  root.dataset.field = next ? next.field : "";
  root.toggleAttribute("data-other-way", Boolean(next && next.other_way));
  if (!next) return;
  if (next.field === "number") element("typed").textContent = next.shown;
  else if (!before || before.typed !== next.typed || before.field !== next.field) {
    dots(Math.min(next.typed, MOST_DOTS), next.field === "challenge" ? next.challenge.length : 4);
  }
  put("challenge", next.challenge);
  put("left", next.left_s > 0 ? element("left").dataset.seconds.replace("{n}", next.left_s) : "");
  document.querySelector('[data-key="enter"]').disabled = !next.can_send;
}

function press(key, source) {
  fetch("key", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Lintel-Key": "1" },
    body: JSON.stringify({ key, source }),
  }).catch(() => {}); // a kiosk that has stopped is said by the stream
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-key]");
  if (!button) return;
  press(button.dataset.key, "keypad");
  // The key that was touched must not be pressed again by the keyboard's Enter.
  if (event.detail > 0) button.blur();
});

const NAMED = { Backspace: "delete", Delete: "delete", Enter: "enter", Escape: "cancel" };

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const onControl = event.target.closest("a, button") && (event.key === "Enter" || event.key === " ");
  const key = NAMED[event.key] || (event.key.length === 1 && event.key !== " " ? event.key : "");
  if (!key || onControl) return;
  if (!entry && !/^[0-9A-Za-z]$/.test(key)) return;
  event.preventDefault();
  press(key, "keyboard");
});

function listen() {
  const events = new EventSource("events" + location.search);
  events.addEventListener("open", () => {
    lastWord = Date.now();
    // The kiosk was started again: it may be another version, in another time zone.
    if (lost) location.reload();
  });
  events.addEventListener("alive", () => { lastWord = Date.now(); });
  events.addEventListener("view", (event) => {
    lastWord = Date.now();
    const words = JSON.parse(event.data);
    zone = words.zone;
    show(words);
    tellTime();
  });
  return events;
}

let events = listen();

setInterval(() => {
  const silence = Date.now() - lastWord;
  const connecting = events.readyState !== EventSource.OPEN;
  if ((connecting && silence > LOST_AFTER_MS) || silence > SILENT_AFTER_MS) {
    lost = true;
    show({ state: "no_kiosk", headline: body.dataset.noKiosk, name: "", detail: body.dataset.noKioskDo });
    if (events.readyState === EventSource.CLOSED || silence > SILENT_AFTER_MS) {
      events.close();
      lastWord = Date.now() - LOST_AFTER_MS;
      events = listen();
    }
  }
  tellTime();
}, 1000);

// ---- sounds: short, made here, and silent where somebody wants them so

const CUES = {
  digit: [[880, 0.06]],
  delete: [[440, 0.08]],
  ask: [[660, 0.09], [880, 0.09]],
  welcome: [[660, 0.1], [880, 0.1], [1175, 0.18]],
  emergency: [[988, 0.25], [740, 0.25], [988, 0.25], [740, 0.25]],
  refused: [[330, 0.16], [247, 0.26]],
};
let audio = null;
let quiet = localStorage.getItem("quiet") === "yes";
let cuedState = root.dataset.state;
let cuedDigits = 0;

function cue(name) {
  if (quiet) return;
  audio = audio || new AudioContext();
  let at = audio.currentTime + 0.01;
  for (const [pitch, seconds] of CUES[name]) {
    const tone = audio.createOscillator();
    const loud = audio.createGain();
    tone.frequency.value = pitch;
    loud.gain.setValueAtTime(0.12, at);
    loud.gain.exponentialRampToValueAtTime(0.001, at + seconds);
    tone.connect(loud).connect(audio.destination);
    tone.start(at);
    tone.stop(at + seconds);
    at += seconds;
  }
  body.dataset.cue = name;
}

function cueFor(state, next) {
  const digits = next ? next.typed : 0;
  if (state !== cuedState) {
    if (state === "pin") cue("ask");
    else if (state === "welcome") cue("welcome");
    else if (state === "emergency" || state === "door_stuck") cue("emergency");
    else if (state === "refused" || state === "lockdown") cue("refused");
  } else if (next && digits !== cuedDigits) cue(digits > cuedDigits ? "digit" : "delete");
  cuedState = state;
  cuedDigits = digits;
}

function tellSound() { element("sound").setAttribute("aria-pressed", String(!quiet)); }

element("sound").addEventListener("click", () => {
  quiet = !quiet;
  localStorage.setItem("quiet", quiet ? "yes" : "no");
  tellSound();
  cue("digit");
});
tellSound();

// ---- time

function tellTime() {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const text = new Intl.DateTimeFormat(root.lang, options).format(new Date());
  if (element("clock").textContent !== text) element("clock").textContent = text;
}

tellTime();

// ---- the mirror

function fitted(picture, guide) {
  // The canvas has the screen's own pixels; the picture covers it and what juts out is cut off.
  const sharp = window.devicePixelRatio || 1;
  const wide = Math.max(1, Math.round(canvas.clientWidth * sharp));
  const high = Math.max(1, Math.round(canvas.clientHeight * sharp));
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  const scale = Math.max(wide / picture.width, high / picture.height);
  const width = picture.width * scale;
  const height = picture.height * scale;
  const place = { x: (wide - width) / 2, y: (high - height) / 2, width, height };
  if (guide) {
    // Nothing of the frame for hands may be cut off: the picture gives way.
    const edge = Math.min(wide, high) * 0.03;
    place.x = Math.min(0, Math.max(place.x, edge - guide[0] * width));
    place.y = Math.max(high - height, Math.min(place.y, high - edge - guide[3] * height));
  }
  return place;
}

function corners(left, top, right, bottom) {
  const arm = (right - left) * 0.22;
  const bend = arm * 0.55;
  for (const [x, y, dx, dy] of [[left, top, 1, 1], [right, top, -1, 1], [right, bottom, -1, -1], [left, bottom, 1, -1]]) {
    brush.moveTo(x + dx * arm, y);
    brush.arcTo(x, y, x, y + dy * arm, bend);
    brush.lineTo(x, y + dy * arm);
  }
}

function frameFaces(faces, place) {
  brush.beginPath();
  for (const [left, top, right, bottom] of faces) {
    // The detector's box ends at brow and chin; a head is larger.
    const x = ((right - left) * place.width) * 0.18;
    const y = ((bottom - top) * place.height) * 0.3;
    corners(
      place.x + left * place.width - x, place.y + top * place.height - y,
      place.x + right * place.width + x, place.y + bottom * place.height + y * 0.6,
    );
  }
  brush.lineWidth = Math.max(3, canvas.height / 110);
  brush.lineCap = "round";
  brush.strokeStyle = getComputedStyle(root).getPropertyValue("--glow");
  brush.shadowColor = "rgb(0 0 0 / 0.6)";
  brush.shadowBlur = brush.lineWidth;
  brush.stroke();
  brush.shadowBlur = 0;
}

const RING = { hold: "#ffd166", delete: "#ff8087", send: "#47d78a", "": "#ffd166" };

function frameGuide([left, top, right, bottom], place, shown) {
  const x = place.x + left * place.width;
  const y = place.y + top * place.height;
  const wide = (right - left) * place.width;
  const high = (bottom - top) * place.height;
  const line = Math.max(4, canvas.height / 70);
  brush.lineCap = "round";
  brush.beginPath();
  brush.roundRect(x, y, wide, high, wide * 0.08);
  brush.lineWidth = line * 0.6;
  brush.strokeStyle = "#ffffffd0";
  brush.setLineDash([line * 2, line * 1.4]);
  brush.stroke();
  brush.setLineDash([]);
  if (!shown.progress) return;
  // The canvas is a mirror: backwards here is clockwise for whoever looks.
  const begin = -Math.PI / 2;
  brush.beginPath();
  brush.arc(x + wide / 2, y + high / 2, wide * 0.44, begin, begin - 2 * Math.PI * shown.progress, true);
  brush.lineWidth = line * 1.6;
  brush.strokeStyle = RING[shown.ring];
  brush.shadowColor = "rgb(0 0 0 / 0.6)";
  brush.shadowBlur = line;
  brush.stroke();
  brush.shadowBlur = 0;
}

function blank() {
  brush.fillStyle = "#10151f";
  brush.fillRect(0, 0, canvas.width, canvas.height);
}

const wait = (ms) => new Promise((done) => setTimeout(done, ms));

async function mirror() {
  let number = 0;
  for (;;) {
    const began = performance.now();
    try {
      const answer = await fetch(`preview.jpg?after=${number}`);
      if (answer.status === 200) {
        number = Number(answer.headers.get("X-Frame"));
        const faces = JSON.parse(answer.headers.get("X-Faces"));
        const picture = await createImageBitmap(await answer.blob());
        const guide = entry && JSON.parse(answer.headers.get("X-Guide"));
        const place = fitted(picture, guide);
        brush.drawImage(picture, place.x, place.y, place.width, place.height);
        picture.close();
        frameFaces(faces, place);
        if (guide && entry) frameGuide(guide, place, entry);
      }
    } catch {
      blank();
      await wait(1000);
    }
    await wait(Math.max(0, PICTURE_EVERY_MS - (performance.now() - began)));
    // Nobody looks: make no pictures.
    while (document.hidden) await wait(500);
  }
}

mirror();
