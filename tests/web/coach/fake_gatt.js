// A device made of script: services and characteristics by number, notified and written to by hand.
(() => {
  const gone = (name) => Object.assign(new Error(name), { name });

  class Characteristic extends EventTarget {
    constructor(owner, value) {
      super();
      Object.assign(this, { owner, value: view(value ?? []), notifying: 0, written: [], answer: null, fails: 0, hangs: false });
    }
    async startNotifications() { this.notifying += 1; return this; }
    async readValue() { return this.value; }
    notify(bytes) { this.value = view(bytes); this.dispatchEvent(new Event("characteristicvaluechanged")); }
    async writeValueWithResponse(bytes) {
      if (this.busy) throw gone("NetworkError");
      if (!this.owner.gatt.connected) throw gone("NetworkError");
      this.written.push([...bytes]);
      if (this.hangs) { this.busy = true; await new Promise((over) => { this.unhang = over; }); this.busy = false; }
      if (this.fails > 0) { this.fails -= 1; throw gone("NotSupportedError"); }
      const result = this.answer ? this.answer([...bytes]) : 1;
      if (result !== null) setTimeout(() => this.notify([0x80, bytes[0], result]));
    }
  }

  const view = (bytes) => new DataView(Uint8Array.from(bytes).buffer);

  class Device extends EventTarget {
    constructor(id, services) {
      super();
      Object.assign(this, { id, name: id, refuses: 0, connections: 0 });
      this.services = Object.fromEntries(Object.entries(services).map(([number, parts]) => [number,
        Object.fromEntries(Object.entries(parts).map(([key, value]) => [key, new Characteristic(this, value)]))]));
      this.gatt = { connected: false, connect: () => this.connect(), disconnect: () => this.drop() };
    }
    async connect() {
      this.connections += 1;
      if (this.refuses > 0) { this.refuses -= 1; throw gone("NetworkError"); }
      this.gatt.connected = true;
      return { getPrimaryService: async (number) => this.service(this.services[number]) };
    }
    service(parts) {
      if (!parts) throw gone("NotFoundError");
      return { getCharacteristic: async (number) => { if (!parts[number]) throw gone("NotFoundError"); return parts[number]; } };
    }
    drop() {
      if (!this.gatt.connected) return;
      this.gatt.connected = false;
      this.dispatchEvent(new Event("gattserverdisconnected"));
    }
    at(service, characteristic) { return this.services[service][characteristic]; }
  }

  self.gatt = {
    Device,
    strap: () => new Device("strap", { 0x180d: { 0x2a37: null } }),
    pod: () => new Device("pod", { 0x1814: { 0x2a53: null } }),
    // 0.8 to 12 km/h in steps of a tenth; its speed may be set.
    mill: (more = {}) => new Device("mill", { 0x1826: {
      0x2acd: null, 0x2acc: [0, 0, 0, 0, 1, 0, 0, 0], 0x2ad4: [80, 0, 0xb0, 4, 10, 0], 0x2ad9: null, 0x2ada: null, ...more,
    } }),
    chooser: (...devices) => ({ asked: [], async requestDevice(what) {
      this.asked.push(what);
      const next = devices.shift();
      if (!next) throw gone("NotFoundError");
      return next;
    } }),
    senses: () => ({ heard: [], feel(kind, detail) { this.heard.push([kind, detail]); } }),
    soon: async (found) => { for (let k = 0; k < 100 && !found(); k += 1) await new Promise((over) => setTimeout(over, 10)); return found(); },
  };
})();
