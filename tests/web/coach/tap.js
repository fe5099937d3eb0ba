// Listens in the audio graph itself: tells the time of every first sample after a tenth of a second of silence, and its side.
class Tap extends AudioWorkletProcessor {
  quiet = Infinity;

  process([input], [output]) {
    for (let side = 0; side < output.length; side += 1) if (input[side]) output[side].set(input[side]);
    const left = input[0] ?? new Float32Array(128);
    const right = input[1] ?? left;
    for (let k = 0; k < left.length; k += 1) {
      if (Math.abs(left[k]) > 1e-4 || Math.abs(right[k]) > 1e-4) {
        if (this.quiet > sampleRate / 10) this.port.postMessage([(currentFrame + k) / sampleRate, Math.abs(left[k]) - Math.abs(right[k])]);
        this.quiet = 0;
      } else this.quiet += 1;
    }
    return true;
  }
}

registerProcessor("tap", Tap);
