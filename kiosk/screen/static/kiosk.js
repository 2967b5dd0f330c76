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
}

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

// ---- time

function tellTime() {
  const options = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone };
  const text = new Intl.DateTimeFormat(root.lang, options).format(new Date());
  if (element("clock").textContent !== text) element("clock").textContent = text;
}

tellTime();

// ---- the mirror

function fitted(picture) {
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
  return { x: (wide - width) / 2, y: (high - height) / 2, width, height };
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
        const place = fitted(picture);
        brush.drawImage(picture, place.x, place.y, place.width, place.height);
        picture.close();
        frameFaces(faces, place);
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
