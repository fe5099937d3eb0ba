"""Bluetooth devices that the browser itself emulates: chosen, connected, discovered, read and written to like real ones."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

from phone import Phone

#: Whom a browser finds.
ADDRESS = "09:09:09:09:09:09"
#: Descriptor by which a client asks to be told.
_CONFIGURATION = 0x2902
#: In the page: every characteristic that is listened to by its number, as nothing can be notified from outside; reading one
#: tells its listeners, too.
KEEP = """
self.chars = {};
const start = BluetoothRemoteGATTCharacteristic.prototype.startNotifications;
BluetoothRemoteGATTCharacteristic.prototype.startNotifications = function () {
  chars[this.uuid.slice(4, 8)] = this;
  return start.call(this);
};
"""


def uuid(number: int) -> str:
    """The long form of a number that Bluetooth gave away."""
    return f"0000{number:04x}-0000-1000-8000-00805f9b34fb"


class Peripheral:
    """One device with `services`: characteristics by number, each with its value, or what answers a written one.

    `frames` are what the next reads give, by number; `written` what was written, in order.
    """

    def __init__(self, phone: Phone, services: Mapping[int, Mapping[int, bytes]]) -> None:
        self.phone, self.services = phone, services
        self.frames = {number: value for parts in services.values() for number, value in parts.items()}
        self.written: list[tuple[int, bytes]] = []
        self.numbers: dict[str, int] = {}
        self.chosen: set[str] = set()
        self._emulate()

    def _emulate(self) -> None:
        wide, page = self.phone.wide, self.phone.cdp
        wide.send("BluetoothEmulation.enable", {"state": "powered-on", "leSupported": True})
        known = [uuid(number) for number in self.services]
        found = {"address": ADDRESS, "name": "One", "manufacturerData": [], "knownServiceUuids": known}
        wide.send("BluetoothEmulation.simulatePreconnectedPeripheral", found)
        wide.on("BluetoothEmulation.gattOperationReceived", self._connecting)
        wide.on("BluetoothEmulation.characteristicOperationReceived", self._operated)
        page.send("DeviceAccess.enable")
        page.on("DeviceAccess.deviceRequestPrompted", self._choose)

    def disconnect(self) -> None:
        """Go out of reach."""
        self.phone.wide.send("BluetoothEmulation.simulateGATTDisconnection", {"address": ADDRESS})

    def _choose(self, asked: dict[str, Any]) -> None:
        if asked["devices"] and asked["id"] not in self.chosen:
            self.chosen.add(asked["id"])
            one = {"id": asked["id"], "deviceId": asked["devices"][0]["id"]}
            self.phone.cdp.send("DeviceAccess.selectPrompt", one)

    def _connecting(self, asked: dict[str, Any]) -> None:
        if asked["type"] == "discovery":
            for number, parts in self.services.items():
                self._discovered(number, parts)
        answer = {"address": asked["address"], "type": asked["type"], "code": 0}
        self.phone.wide.send("BluetoothEmulation.simulateGATTOperationResponse", answer)

    def _discovered(self, number: int, parts: Mapping[int, bytes]) -> None:
        send: Callable[..., dict[str, Any]] = self.phone.wide.send
        service = send("BluetoothEmulation.addService", {"address": ADDRESS, "serviceUuid": uuid(number)})["serviceId"]
        for part in parts:
            asked = {"serviceId": service, "characteristicUuid": uuid(part)}
            asked |= {"properties": {"notify": True, "read": True, "write": True}}
            made = send("BluetoothEmulation.addCharacteristic", asked)["characteristicId"]
            told = {"characteristicId": made, "descriptorUuid": uuid(_CONFIGURATION)}
            send("BluetoothEmulation.addDescriptor", told)
            self.numbers[made] = part

    def _operated(self, asked: dict[str, Any]) -> None:
        number = self.numbers[asked["characteristicId"]]
        answer = {"characteristicId": asked["characteristicId"], "type": asked["type"], "code": 0}
        if asked["type"] == "read":
            answer["data"] = base64.b64encode(self.frames[number]).decode()
        if asked["type"] == "write":
            self.written.append((number, base64.b64decode(asked["data"])))
        self.phone.wide.send("BluetoothEmulation.simulateCharacteristicOperationResponse", answer)
