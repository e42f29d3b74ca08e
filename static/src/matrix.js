// Walk a matrix of check boxes with the arrow keys. Without script the tab key visits every box.
const table = document.querySelector("table.matrix");
const rows = [...table.tBodies[0].rows].map(row => [...row.querySelectorAll("input[type=checkbox]")]);

table.setAttribute("role", "grid");
document.querySelector("[data-matrix-help]").hidden = false;

// One box at a time is in the tab order.
function stand(box) {
  for (const other of rows.flat()) other.tabIndex = other === box ? 0 : -1;
}

function place(box) {
  const row = rows.findIndex(boxes => boxes.includes(box));
  return [row, rows[row].indexOf(box)];
}

const walk = {
  ArrowUp: (row, column) => [row - 1, column],
  ArrowDown: (row, column) => [row + 1, column],
  ArrowLeft: (row, column) => [row, column - 1],
  ArrowRight: (row, column) => [row, column + 1],
  Home: row => [row, 0],
  End: row => [row, rows[row].length - 1],
  PageUp: (row, column) => [0, column],
  PageDown: (row, column) => [rows.length - 1, column],
};

table.addEventListener("keydown", event => {
  if (!walk[event.key] || !event.target.matches("input[type=checkbox]") || event.altKey || event.metaKey) return;
  const [row, column] = walk[event.key](...place(event.target));
  event.preventDefault();
  const next = rows[row]?.[column];
  if (next) {
    stand(next);
    next.focus();
  }
});

// Whoever clicks a box goes on from there.
table.addEventListener("focusin", event => {
  if (event.target.matches("input[type=checkbox]")) stand(event.target);
});

if (rows.flat().length) stand(rows[0][0]);
