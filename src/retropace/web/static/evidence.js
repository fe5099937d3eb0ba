// Comfort for the list of claims: filters while typing, without loading the page again. Without it the form asks the server.
const form = document.querySelector(".find[data-all]");
const cards = [...document.querySelectorAll(".claim")];

if (form && cards.length) {
  const words = form.elements.namedItem("words"), topic = form.elements.namedItem("topic");
  const chips = [...document.querySelectorAll(".verdicts a")], count = document.getElementById("count");
  const told = new Map(cards.map(card => [card, card.textContent.toLowerCase()]));
  let verdict = "";

  const filter = () => {
    const asked = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const card of cards) {
      const fits = (!topic.value || card.dataset.topic === topic.value) && (!verdict || card.dataset.verdict === verdict) &&
        asked.every(word => told.get(card).includes(word));
      card.hidden = !fits;
      left += fits;
    }
    for (const chip of chips) {
      if (chip.dataset.verdict === verdict) chip.setAttribute("aria-current", "true");
      else chip.removeAttribute("aria-current");
    }
    count.textContent = left ? count.dataset.some.replace("{count}", left).replace("{total}", cards.length) : count.dataset.none;
  };

  form.querySelector("button").hidden = true;
  form.addEventListener("submit", event => { event.preventDefault(); filter(); });
  words.addEventListener("input", filter);
  topic.addEventListener("change", filter);
  for (const chip of chips) chip.addEventListener("click", event => { event.preventDefault(); verdict = chip.dataset.verdict; filter(); });
  // A link from a source to its claim must find it, whatever is filtered.
  addEventListener("hashchange", () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.hidden) { words.value = ""; topic.value = ""; verdict = ""; filter(); target.scrollIntoView(); }
  });
}
