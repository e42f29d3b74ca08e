// Whoever goes on to a client comes back to the list as it was: filtered, ordered, on the same page.
const list = document.querySelector("form[data-clients]");
const back = document.querySelector(".working-for a");
const kept = path => `clients ${path}`;

if (list) sessionStorage.setItem(kept(location.pathname), location.search);
const asked = back && sessionStorage.getItem(kept(back.pathname));
if (asked) back.search = asked;
