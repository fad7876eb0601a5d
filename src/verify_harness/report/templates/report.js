"use strict";
for (const place of document.querySelectorAll(".command, .copied")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "copy";
  const source = place.querySelector("pre") || place;
  const text = source.textContent;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "copied";
    } catch {
      getSelection().selectAllChildren(source);
      button.textContent = "selected";
    }
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  });
  (place.querySelector(".name") || place).append(button);
}
const filter = document.querySelector(".filter");
if (filter) {
  const search = document.createElement("input");
  search.type = "search";
  search.className = "search";
  search.placeholder = "search: text, area or operation";
  search.setAttribute("aria-label", "search requirements");
  const rows = [...document.querySelectorAll(".req")].map((row) => [row, row.textContent.toLowerCase() + row.dataset.operations.toLowerCase()]);
  search.addEventListener("input", () => {
    const words = search.value.toLowerCase().split(/\s+/);
    for (const [row, text] of rows) row.classList.toggle("missed", !words.every((word) => text.includes(word)));
    for (const area of document.querySelectorAll(".area")) {
      const found = area.querySelector(".req:not(.missed)");
      area.classList.toggle("missed", !found);
      if (found && search.value) area.open = true;
    }
  });
  filter.after(search);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/INPUT|TEXTAREA/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
    }
  });
}
