"use strict";
document.addEventListener("submit", (event) => {
  // What cannot be undone is asked for first.
  const question = event.submitter && event.submitter.dataset.confirm;
  if (question && !window.confirm(question)) {
    event.preventDefault();
    return;
  }
  // A form that takes a while says so, and cannot be sent twice.
  const text = event.target.dataset.busy;
  const button = text && event.target.querySelector("button[type=submit]");
  if (!button) return;
  button.disabled = true;
  button.textContent = text;
  event.target.append(document.createElement("progress"));
});
