"""`retropace simulate`: recordings of a virtual runner, as files, with the truth beside them."""

import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from retropace.cli.output import write_bytes
from retropace.errors import UnusableInput
from retropace.person import checked
from retropace.session import load_session
from retropace.simulate import Device, Place, Runner, demo_session, simulate
from retropace.simulate.demo import DEMO_PHONE, truth_json
from retropace.simulate.virtual import DEFAULT_START
from retropace.writers.fit import activity_bytes
from retropace.writers.sensor_logger import archive_bytes


def run(options: Namespace) -> int:
    """Write the watch's FIT file, the phone's raw sensors, and the truth."""
    session = load_session(options.session) if options.session else demo_session()
    if not 25 <= options.rate <= 800:
        raise UnusableInput(f"{options.rate:g} Hz is no rate", field="--rate", remedy="Give 25 to 800.")
    runner = Runner(mass_kg=checked("mass_kg", options.mass), height_m=checked("height_m", options.height))
    watch = Device(kind="watch", placement="wrist")
    phone = replace(DEMO_PHONE, placement=options.placement, rate_hz=options.rate)
    watched, truth = simulate(session, runner, Place(), watch, options.seed, DEFAULT_START)
    felt, _ = simulate(session, runner, Place(), phone, options.seed, DEFAULT_START)
    folder: Path = options.out
    contents = {
        "simulated.fit": activity_bytes(watched),
        "simulated-sensors.zip": archive_bytes(felt),
        "truth.json": truth_json(truth, session).encode(),
    }
    for name, content in contents.items():
        write_bytes(folder / name, content)
        sys.stdout.write(f"{folder / name}\n")
    return 0
