"use strict";
// A form that takes a while says so, and cannot be sent twice.
document.addEventListener("submit", (event) => {
  const text = event.target.dataset.busy;
  const button = text && event.target.querySelector("button[type=submit]");
  if (!button) return;
  button.disabled = true;
  button.textContent = text;
  event.target.append(document.createElement("progress"));
});
