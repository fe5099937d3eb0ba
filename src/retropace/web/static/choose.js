// Two sessions are chosen for comparing: the bar says how many there are, and comes only when the first one is.
const form = document.getElementById("outings");
const bar = document.getElementById("compare-bar");
const words = document.getElementById("compare-words");
const go = document.getElementById("compare-go");

function told() {
  const count = form.querySelectorAll("input[name=s]:checked").length;
  bar.hidden = count === 0;
  go.disabled = count !== 2;
  words.textContent = words.dataset[["none", "one", "two"][count] ?? "many"];
}

if (form && bar) {
  form.addEventListener("change", told);
  addEventListener("pageshow", told);
  told();
}
