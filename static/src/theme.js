// Runs before the page is drawn, so that a dark page never flashes light. The choice itself is a cookie the server reads.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
function follow() {
  if (root.dataset.theme === "system") root.dataset.bsTheme = dark.matches ? "dark" : "light";
}
follow();
dark.addEventListener("change", follow);
