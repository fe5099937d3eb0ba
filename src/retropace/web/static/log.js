// The log: numbers on the body by touch and key, counts by button, and what changes while one answers. The form works
// without all of it.

document.documentElement.classList.add("js")

const level = value => value > 5 ? 3 : value > 2 ? 2 : value > 0 ? 1 : 0
const shown = value => String(Number(value))

class Body {
  constructor(root) {
    this.root = root
    this.panel = root.querySelector(".panel")
    this.said = root.querySelector("[data-panel=said]")
    this.inputs = [...root.querySelectorAll(".hit input")]
    this.current = null
    for (const input of this.inputs) {
      input.addEventListener("focus", () => this.open(input))
      input.addEventListener("input", () => this.mark(input))
      input.addEventListener("keydown", event => this.key(event, input))
      input.addEventListener("wheel", event => event.preventDefault(), { passive: false })
      this.mark(input)
    }
    for (const button of this.panel.querySelectorAll("[data-set]")) button.addEventListener("click", () => this.set(button))
    this.panel.addEventListener("keydown", event => {
      if (event.key === "Escape" && this.current) this.current.focus()
    })
    for (const choice of root.querySelectorAll(".asl input")) choice.addEventListener("change", () => this.layout())
    this.layout()
  }

  // On the body the number comes from the panel, so no keyboard of the phone covers it; typing a digit works all the same.
  layout() {
    const list = this.root.querySelector(".aslist").checked
    for (const input of this.inputs) input.inputMode = list ? "decimal" : "none"
    if (list) this.panel.hidden = true
  }

  open(input) {
    if (this.current) this.current.parentElement.classList.remove("at")
    this.current = input
    input.parentElement.classList.add("at")
    if (this.root.querySelector(".aslist").checked) return
    this.panel.hidden = false
    const words = input.dataset.words
    this.panel.setAttribute("aria-label", words)
    this.panel.querySelector("[data-panel=place]").textContent = words[0].toUpperCase() + words.slice(1)
    this.show(input)
    const hidden = input.getBoundingClientRect().bottom - this.panel.getBoundingClientRect().top
    if (hidden > 0 && this.panel.getBoundingClientRect().left < input.getBoundingClientRect().right) scrollBy(0, hidden + 8)
  }

  show(input) {
    const value = input.value === "" ? null : Number(input.value)
    this.panel.querySelector(".num").hidden = value === null
    this.panel.querySelector("[data-panel=value]").textContent = value === null ? "" : shown(value)
    let word = ""
    for (const button of this.panel.querySelectorAll("[data-set]")) {
      const chosen = button.dataset.set === (value === null ? "" : shown(value))
      button.setAttribute("aria-pressed", chosen && value !== null)
      if (button.dataset.set !== "" && value !== null && Number(button.dataset.set) <= value) word = button.dataset.word
    }
    this.panel.querySelector("[data-panel=word]").textContent = word
  }

  set(button) {
    if (!this.current) return
    this.current.value = button.dataset.set
    this.current.dispatchEvent(new Event("input", { bubbles: true }))
    const value = button.dataset.set
    const words = value === "" || value === "0" ? this.said.dataset.none : this.said.dataset.words
    this.said.textContent = words.replace("{place}", this.current.dataset.words).replace("{value}", value)
  }

  key(event, input) {
    if (event.key === "Enter") {
      event.preventDefault()
      if (!this.panel.hidden) {
        const chosen = this.panel.querySelector("[aria-pressed=true]") || this.panel.querySelector("[data-set]")
        chosen.focus()
      }
    }
  }

  mark(input) {
    const number = level(Number(input.value))
    const key = input.dataset.place
    const drawn = this.root.querySelector(`[data-mark="${key}"]`)
    const name = this.root.dataset.body
    drawn.setAttribute("class", `bm-mark lv${number}`)
    if (number) drawn.setAttribute("fill", `url(#${name}${number})`)
    else drawn.removeAttribute("fill")
    const hit = input.parentElement
    hit.classList.remove("lv0", "lv1", "lv2", "lv3")
    hit.classList.add(`lv${number}`)
    if (input.value === "") input.removeAttribute("aria-valuetext")
    else input.setAttribute("aria-valuetext", this.said.dataset.value.replace("{value}", shown(input.value)))
    if (input === this.current && !this.panel.hidden) this.show(input)
  }
}

for (const root of document.querySelectorAll(".onbody")) new Body(root)

for (const button of document.querySelectorAll("[data-step]")) {
  const input = document.getElementById(button.dataset.for)
  button.addEventListener("click", () => {
    const next = Number(input.value || 0) + Number(button.dataset.step)
    input.value = Math.min(Number(input.max), Math.max(Number(input.min), next))
    input.dispatchEvent(new Event("input", { bubbles: true }))
  })
}

// What it changes, while one answers. Only the last question counts.
const form = document.querySelector("form[data-preview]")
if (form) {
  const place = document.getElementById("change")
  const says = document.getElementById("changed")
  let waiting = 0
  let asking = null
  const ask = async () => {
    if (asking) asking.abort()
    asking = new AbortController()
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form), signal: asking.signal,
        headers: { "x-csrf": document.querySelector("meta[name=csrf]").content } })
      if (!answer.ok) return
      place.innerHTML = await answer.text()
      const heading = place.querySelector("h2")
      const words = heading ? heading.textContent : ""
      if (words !== says.textContent) says.textContent = words
    } catch (error) {
      if (error.name !== "AbortError") place.classList.add("stale")
    }
  }
  const soon = () => {
    clearTimeout(waiting)
    waiting = setTimeout(ask, 300)
  }
  form.addEventListener("input", soon)
  if (form.querySelector("[name=done]:checked")) soon()
}
