"use strict";
// Writes what was filled in as one line of JSON, which the person sends to the organiser.
// Nothing is sent from here: the page's policy allows no connection.
const form = document.querySelector("form");

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(form));
  const adult = given.adult;
  const consent = given.consent;
  delete given.adult;
  delete given.consent;
  if (!adult) {
    return;
  }
  const line = {
    kancil: "registration/1",
    activity: form.dataset.activity,
    ...given,
    consent_on: consent ? new Date().toISOString().slice(0, 10) : "",
    consent_to: consent ? form.dataset.consent : "",
  };
  const bytes = new Uint8Array(4);
  crypto.getRandomValues(bytes);
  const mark = Array.from(bytes, (each) => each.toString(16).padStart(2, "0")).join("");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(
    new Blob([JSON.stringify(line) + "\n"], { type: "application/json" })
  );
  link.download = `registration-${form.dataset.activity}-${mark}.jsonl`;
  document.body.append(link);
  link.click();
  link.remove();
  document.querySelector("output").hidden = false;
});
