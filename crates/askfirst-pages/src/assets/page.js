// Reading a chart by keyboard, and menus that close. Every page is whole without this.
"use strict";

// A chart's box takes focus once; arrows move over its buckets. What is read out comes from the table under the
// chart, so there is one source of every number.
for (const box of document.querySelectorAll(".figure[data-table]")) {
  const table = document.getElementById(box.dataset.table);
  const output = box.parentElement.querySelector("output");
  const rows = table ? [...table.tBodies[0].rows] : [];
  const heads = table ? [...table.tHead.rows[0].cells].map((cell) => cell.textContent.trim()) : [];
  const bars = [...box.querySelectorAll(".chart .bar")];
  if (!output || rows.length === 0) continue;
  let at = -1;

  const read = (row) => {
    const cells = [...row.cells].map((cell) => cell.textContent.trim());
    const said = cells.slice(1).map((text, i) => [heads[i + 1], text]).filter(([, text]) => text !== "0" && text !== "–");
    const all = said.filter(([head]) => head === "Messages");
    const parts = [...all, ...said.filter((pair) => !all.includes(pair))];
    return `${cells[0]}: ` + (parts.length ? parts.map(([head, text]) => `${head} ${text}`).join(", ") : "none");
  };
  const show = (next) => {
    bars[at]?.classList.remove("on");
    at = next;
    bars[at]?.classList.add("on");
    output.hidden = at < 0;
    output.textContent = at < 0 ? "" : read(rows[at]);
  };

  box.tabIndex = 0;
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "Chart. Left and right arrow read its values.");
  box.addEventListener("blur", () => show(-1));
  box.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const last = rows.length - 1;
    if (event.key === "Escape") return box.blur();
    const next = {
      ArrowLeft: at < 0 ? last : Math.max(at - 1, 0),
      ArrowRight: Math.min(at + 1, last),
      Home: 0,
      End: last,
    }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    show(next);
  });
}

// One menu is open at a time. Escape and a click elsewhere close it.
const menus = [...document.querySelectorAll("details.menu")];
const close = (but) => menus.forEach((menu) => { if (menu !== but) menu.open = false; });
for (const menu of menus) {
  menu.addEventListener("toggle", () => { if (menu.open) close(menu); });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}
document.addEventListener("click", (event) => { if (!event.target.closest("details.menu")) close(null); });
