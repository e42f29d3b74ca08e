// Change cells in the table of a register. Without script the page of each record does the same.
const table = document.querySelector("table.cells");
const failed = document.getElementById("cell-failed");
const notice = document.getElementById("done");
const heads = [...table.querySelectorAll("thead th")];
const rows = () => [...table.tBodies[0].rows];
const names = heads.map(head => head.dataset.column);
let open = null;

const address = cell => {
  const link = cell.parentElement.querySelector("a[id]");
  return `${link.pathname}/${names[cell.cellIndex]}`;
};

// A cell at a time is in the tab order; the arrow keys walk.
function prepare() {
  table.setAttribute("role", "grid");
  for (const row of rows()) for (const cell of row.cells) if (names[cell.cellIndex]) cell.tabIndex = -1;
  // Not the name: its link is a stop of its own.
  const first = rows()[0]?.cells[names.findIndex(name => name && name !== "name")];
  if (first) first.tabIndex = 0;
  document.querySelector("[data-cells-help]").hidden = false;
}

function stand(cell) {
  for (const other of table.querySelectorAll("td[tabindex='0']")) other.tabIndex = -1;
  cell.tabIndex = 0;
  cell.focus();
}

function beside(cell, down, right) {
  const row = rows()[rows().indexOf(cell.parentElement) + down];
  const next = row?.cells[cell.cellIndex + right];
  return next && names[next.cellIndex] ? next : null;
}

// The next cell in reading order, or the one before.
function following(cell, step) {
  const all = rows().flatMap(row => [...row.cells].filter(one => names[one.cellIndex]));
  return all[all.indexOf(cell) + step] ?? null;
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  const text = await answer.text();
  if (answer.redirected || ![200, 409, 422].includes(answer.status)) throw new Error(`answered ${answer.status}`);
  return {status: answer.status, part: new DOMParser().parseFromString(text, "text/html").body};
}

function place(cell, part) {
  cell.replaceChildren(...part.childNodes);
  cell.classList.add("cell-open");
  cell.removeAttribute("tabindex"); // while it is open its input is what can be reached
  const input = cell.querySelector("#cell-input");
  input.focus();
  input.select?.();
}

function close(cell, content) {
  cell.classList.remove("cell-open");
  cell.tabIndex = 0;
  cell.replaceChildren(...content);
  open = null;
}

async function edit(cell) {
  if (open && !(await save())) return;
  failed.hidden = true;
  open = {cell, content: [...cell.childNodes], busy: true};
  try {
    const {part} = await ask(address(cell));
    place(cell, part);
    open.busy = false;
    open.before = told(cell);
  } catch {
    giveUp(cell);
  }
}

const told = cell => {
  const input = cell.querySelector("#cell-input");
  return input.type === "checkbox" ? String(input.checked) : input.value;
};

function giveUp(cell) {
  close(cell, open.content);
  failed.hidden = false;
  stand(cell);
}

// Save what is open; tell whether the cell is closed now.
async function save() {
  const {cell, content} = open;
  if (open.busy) return false;
  const form = cell.querySelector("form");
  if (told(cell) === open.before && !cell.querySelector("#cell-error")) {
    close(cell, content);
    return true;
  }
  open.busy = true;
  try {
    const {status, part} = await ask(form.action, {method: "POST", body: new FormData(form)});
    if (status !== 200) {
      place(cell, part);
      open.busy = false;
      return false;
    }
    const text = part.querySelector("[data-text]").textContent;
    const link = content.find(node => node.nodeName === "A");
    if (link) link.textContent = text;
    const done = part.querySelector("[data-done]");
    close(cell, link ? content : [document.createTextNode(text)]);
    notice.replaceChildren(...(done ? done.childNodes : []));
    for (const undo of notice.querySelectorAll("form")) {
      const back = Object.assign(document.createElement("input"), {type: "hidden", name: "back"});
      back.value = location.pathname + location.search;
      undo.append(back);
    }
    return true;
  } catch {
    giveUp(cell);
    return false;
  }
}

function cancel() {
  const {cell, content} = open;
  close(cell, content);
  stand(cell);
}

async function inside(event) {
  const {cell} = open;
  if (event.key === "Escape") {
    event.preventDefault();
    cancel();
  } else if (event.key === "Enter" && !event.shiftKey) {
    event.preventDefault();
    if (await save()) stand(beside(cell, 1, 0) ?? cell);
  } else if (event.key === "Tab") {
    event.preventDefault();
    const next = following(cell, event.shiftKey ? -1 : 1);
    if (!(await save())) return;
    if (next) {
      stand(next);
      await edit(next);
    } else stand(cell);
  }
}

const walk = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1]};

table.addEventListener("keydown", event => {
  const cell = event.target.closest("td");
  if (!cell || !names[cell.cellIndex]) return;
  if (open?.cell === cell) {
    if (!open.busy) inside(event);
  } else if (event.target === cell) {
    if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(cell);
    } else if (walk[event.key]) {
      event.preventDefault();
      const next = beside(cell, ...walk[event.key]);
      if (next) stand(next);
    }
  }
});

table.addEventListener("click", event => {
  const cell = event.target.closest("td");
  if (!cell || !names[cell.cellIndex] || open?.cell === cell || event.target.closest("a, button, input")) return;
  if (String(getSelection())) return;
  stand(cell);
  edit(cell);
});

table.addEventListener("submit", event => {
  if (!event.target.matches(".cell-form")) return;
  event.preventDefault();
});

// Somebody who clicks elsewhere has not cancelled.
table.addEventListener("focusout", event => {
  const left = open;
  if (!left || left.busy || !left.cell.contains(event.target) || left.cell.contains(event.relatedTarget)) return;
  setTimeout(() => {
    if (open === left && !left.busy && !left.cell.contains(document.activeElement)) save();
  });
});

prepare();
