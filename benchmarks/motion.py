"""Raw motion: an hour of 100 Hz, nine axes, from arrays to a summary, beside scikit-digital-health's gait on the same data.

Then a whole day in pieces (time and memory), and an hour as it comes, second by second. CPU time, best of several, because
machines are shared. The peer lives in a folder of its own, `.venv-peers`, which this makes; without a network it says so.
Run: .venv/bin/python benchmarks/motion.py
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

# As the command line does, and as the peer gets it: no second processor.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import numpy as np

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "src")]

from retropace.motion.listener import Listener, listen  # noqa: E402
from retropace.motion.samples import RATE_HZ  # noqa: E402
from retropace.quantities import Direction, Gait  # noqa: E402
from retropace.recording import MOTION_CHANNELS, Recording, Stream  # noqa: E402
from retropace.session import Session, Step  # noqa: E402
from retropace.simulate import Device, Place, Runner, simulate  # noqa: E402
from retropace.summary import summarise  # noqa: E402

BUDGET_S, STRETCH_S, BUDGET_RATIO = 0.20, 0.10, 0.65
DAY_BUDGET_S, DAY_BUDGET_MB, PUSH_BUDGET_MS = 5.0, 300, 5.0
#: Rounds of ours, of which the least counts, and of the peer, which takes ten times as long.
ROUNDS, PEER_ROUNDS = 15, 5
#: Samples in an hour, and in the pieces in which a day comes.
HOUR, PIECE = 360_000, 12_000
SENSORS = ("accelerometer", "gyroscope", "magnetometer")
PEER = "scikit-digital-health==0.17.18"
PEERS = ROOT / ".venv-peers"
PHONE = Device(
    kind="phone",
    placement="waist",
    rate_hz=100.0,
    mount_deg=(37.0, -12.0, 88.0),
    heart_rate=False,
    magnetometer=True,
    resonance_hz=11.0,
)
_PEER_CODE = """
import json, sys, time, warnings
warnings.filterwarnings("ignore")
import numpy as np, skdh
from skdh.gait import GaitLumbar
data = np.load(sys.argv[1])
time_s, accel = data["time_s"] + 1.6e9, np.ascontiguousarray(data["accelerometer"].T / 9.80665)
gyro = np.ascontiguousarray(data["gyroscope"].T)
def gait():
    found = skdh.context.PredictGaitLumbarLgbm().predict(time=time_s, accel=accel, fs=100.0)
    bouts = np.stack([found["Gait Bout Start Index"], found["Gait Bout Stop Index"]], 1).astype(int)
    return GaitLumbar().predict(time=time_s, accel=accel, gyro=gyro, fs=100.0, height=1.75, gait_bouts=bouts)
taken = []
for _ in range(int(sys.argv[2]) + 1):
    start = time.process_time()
    steps = gait()
    taken.append(time.process_time() - start)
print(json.dumps({"seconds": min(taken[1:]), "steps": len(next(iter(steps.values()))) if steps else 0}))
"""


def hour() -> Recording:
    """An hour of walking, running and running backward with a phone on the belt, all of it simulated."""
    walk, run = (Step(gait, Direction.FORWARD, 60, "forward") for gait in (Gait.WALK, Gait.RUN))
    back = Step(Gait.RUN, Direction.BACKWARD, 30, "reverse run")
    stand = Step(Gait.STAND, Direction.NONE, 10, "stand")
    session = Session("an hour", (walk, run, back, stand, walk, back) * 15)
    recording = simulate(session, Runner(), Place(), PHONE, seed=1)[0]
    track = recording.track
    before = track.time_s < HOUR / RATE_HZ
    return replace(
        recording,
        track=Stream(track.time_s[before], {key: values[before] for key, values in track.channels.items()}),
        motion=cut(recording.motion, 0, HOUR),
    )


def cut(motion: Mapping[str, Stream], first: int, last: int, by_s: float = 0.0) -> dict[str, Stream]:
    """Samples `first` to before `last` of each raw sensor, later by `by_s`."""
    part = slice(first, last)
    return {
        name: Stream(stream.time_s[part] + by_s, {key: values[part] for key, values in stream.channels.items()})
        for name, stream in motion.items()
    }


def cpu_s(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Least CPU time of several runs after one warm-up."""
    work()
    taken = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return min(taken)


def peer_python() -> str | None:
    """The peer's own Python, made on first use; None where that does not work."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        print(f"installing {PEER} into {PEERS.name}, once ...", flush=True)
        made = subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=False, capture_output=True)
        if made.returncode == 0:
            subprocess.run([str(python), "-m", "pip", "install", "-q", PEER], check=False, capture_output=True)
    there = subprocess.run([str(python), "-c", "import skdh"], check=False, capture_output=True).returncode == 0
    return str(python) if there else None


def peer(arrays: Path) -> tuple[float, int] | None:
    """CPU seconds of the peer's gait on the same arrays, on one processor, and how many steps it found."""
    python = peer_python()
    if python is None:
        return None
    command = [python, "-c", _PEER_CODE, str(arrays), str(PEER_ROUNDS)]
    alone = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    answer = json.loads(told(command, alone))
    return answer["seconds"], answer["steps"]


def told(command: list[str], environment: Mapping[str, str] | None = None) -> str:
    """The last line that `command` prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout.splitlines()[-1]


def keep(recording: Recording, arrays: Path) -> None:
    """Writes the raw sensors as plain arrays, which every process of this benchmark reads."""
    force, turning, field = (
        np.stack([recording.motion[name].channels[key] for key in MOTION_CHANNELS[name]]) for name in SENSORS
    )
    time_s = recording.motion["accelerometer"].time_s
    np.savez(arrays, time_s=time_s, accelerometer=force, gyroscope=turning, magnetometer=field)


def day(arrays: str) -> None:
    """Hears an hour 24 times over, in pieces of two minutes, and prints CPU seconds, rows and peak memory [MB]."""
    data = np.load(arrays)
    motion = {
        name: Stream(data["time_s"], dict(zip(MOTION_CHANNELS[name], data[name], strict=True))) for name in SENSORS
    }
    before_mb = peak_mb()
    start = time.process_time()
    listener = Listener(list(motion))
    for number in range(24):
        for first in range(0, HOUR, PIECE):
            listener.push(cut(motion, first, first + PIECE, number * HOUR / RATE_HZ))
    rows = len(listener.finish())
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "rows": rows, "peak_mb": peak_mb(), "before_mb": before_mb}))


def peak_mb() -> float:
    """The most memory this process ever held."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def pushes(recording: Recording) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """CPU milliseconds of each second of an hour as it comes, with what is heard so far."""
    listener = Listener(list(recording.motion))
    taken = []
    for first in range(0, HOUR, 100):
        came = cut(recording.motion, first, first + 100)
        start = time.process_time()
        listener.push(came)
        listener.heard()
        taken.append(1000 * (time.process_time() - start))
    return np.array(taken)


def main() -> None:
    recording = hour()
    print("1 h of 100 Hz, nine axes")
    heard = cpu_s(lambda: listen(recording.motion))
    own = cpu_s(lambda: summarise(recording))
    print(f"heard           {heard:.3f} s CPU")
    print(f"summary         {own:.3f} s CPU   budget {BUDGET_S:.2f} s, stretch {STRETCH_S:.2f} s")
    with tempfile.TemporaryDirectory() as folder:
        arrays = Path(folder) / "hour.npz"
        keep(recording, arrays)
        other = peer(arrays)
        whole = json.loads(told([sys.executable, __file__, "day", str(arrays)]))
    if other is None:
        print(f"{PEER} cannot be installed here: no comparison")
    else:
        print(f"skdh gait       {other[0]:.3f} s CPU   {other[1]} steps")
        print(f"ratio           {own / other[0]:.2f}          budget {BUDGET_RATIO}")
    print(f"24 h in pieces  {whole['seconds']:.2f} s CPU   {whole['rows']} rows   budget {DAY_BUDGET_S:.0f} s")
    print(f"  peak memory   {whole['peak_mb']:.0f} MB ({whole['before_mb']:.0f} before)   budget {DAY_BUDGET_MB} MB")
    taken = pushes(recording)
    print(
        f"a second's push {np.median(taken):.2f} ms, p99 {np.percentile(taken, 99):.2f} ms   budget {PUSH_BUDGET_MS} ms"
    )


if __name__ == "__main__":
    day(sys.argv[2]) if sys.argv[1:2] == ["day"] else main()
