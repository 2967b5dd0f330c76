"use strict";
// Today's check-ins as they come. EventSource reconnects by itself and says which event it saw
// last, so nothing is missed; an event that comes twice finds its line already there.

const list = document.getElementById("check-ins");
const pill = document.getElementById("connection");
const LONGEST = 200;

function show(connected) {
  pill.textContent = connected ? pill.dataset.on : pill.dataset.off;
  pill.classList.toggle("is-on", connected);
}

function add(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html.trim();
  const line = holder.content.firstElementChild;
  if (document.getElementById(line.id)) return;
  list.prepend(line);
  document.getElementById("nobody").hidden = true;
  while (list.children.length > LONGEST) list.lastElementChild.remove();
  document.body.dispatchEvent(new CustomEvent("check-in"));
}

function listen(address) {
  const source = new EventSource(address);
  source.addEventListener("open", () => show(true));
  source.addEventListener("check-in", (event) => {
    last = event.lastEventId;
    add(event.data);
  });
  source.addEventListener("error", () => {
    show(false);
    // The browser gives up after an answer other than 200 (a server that is starting).
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(resume()), 3000);
  });
}

let last = null;

function resume() {
  const address = new URL(list.dataset.events, location.href);
  if (last !== null) address.searchParams.set("after", last);
  return address;
}

listen(resume());
// A page left open overnight begins the new day by itself.
const today = new Date().toDateString();
setInterval(() => { if (new Date().toDateString() !== today) location.reload(); }, 60000);
