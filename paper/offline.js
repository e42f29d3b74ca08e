"use strict";
// Nothing is kept or sent: what is ticked lives as long as the page stays open.
const root = document.documentElement;
const search = document.getElementById("search");
const told = document.getElementById("found");
const rows = [...document.querySelectorAll("tbody tr, .text")];
const words = rows.map((row) => row.textContent.toLowerCase());

function show() {
  const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  rows.forEach((row, nth) => {
    row.hidden = !wanted.every((word) => words[nth].includes(word));
    count += row.hidden ? 0 : 1;
  });
  for (const part of document.querySelectorAll(".block, section")) {
    const own = [...part.querySelectorAll("tbody tr, .text")];
    part.hidden = wanted.length > 0 && own.every((row) => row.hidden);
  }
  told.textContent = wanted.length ? root.dataset.found.replace("{count}", String(count)) : "";
}

function note(box) {
  const time = new Date().toLocaleTimeString(root.lang, { hour: "2-digit", minute: "2-digit" });
  box.nextElementSibling.textContent = box.checked ? root.dataset.ticked.replace("{time}", time) : "";
}

search.closest("form").addEventListener("submit", (event) => event.preventDefault());
search.addEventListener("input", show);
document.addEventListener("change", (event) => {
  if (event.target.matches("input[type=checkbox]")) note(event.target);
});
// In a frame of the offline kit a browser takes a link within the page for one to a file, and refuses it.
if (window !== window.parent) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
    target.scrollIntoView();
  });
}
root.classList.add("ready");
