"""Bluetooth devices made of script, in a page: see web/coach/fake_gatt.js."""

from pathlib import Path

#: Evaluated once in a page.
GATT = (Path(__file__).parent / "web/coach/fake_gatt.js").read_text(encoding="utf-8")
#: What every test of a link begins with.
BEGIN = """
const { Bluetooth } = await asset("coach-bluetooth.js");
const { soon } = gatt, wait = (ms) => new Promise((over) => setTimeout(over, ms));
const senses = gatt.senses(), told = [];
const begin = (devices, options = {}) => {
  const made = new Bluetooth(senses, { bluetooth: gatt.chooser(...devices), again_ms: [5, 10, 20], ...options });
  made.addEventListener("device", ({ detail }) => told.push(detail.connected));
  return made;
};
"""
