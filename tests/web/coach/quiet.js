// An audio context that makes no sound and keeps the page's own time, for sessions whose clock runs ahead.
class Quiet extends EventTarget {
  state = "running"
  destination = {}
  get currentTime() { return performance.now() / 1000 }
  resume() { return Promise.resolve() }
  suspend() { return Promise.resolve() }
  decodeAudioData() { return Promise.reject(new Error("nothing is heard")) }
  createOscillator() { return new Node_() }
  createGain() { return new Node_() }
  createStereoPanner() { return new Node_() }
  createBufferSource() { return new Node_() }
}

class Node_ {
  gain = new Steady()
  frequency = new Steady()
  pan = new Steady()
  connect(to) { return to }
  disconnect() {}
  start() {}
  stop() {}
}

class Steady {
  value = 0
  setValueAtTime() { return this }
  linearRampToValueAtTime() { return this }
}

globalThis.AudioContext = Quiet
