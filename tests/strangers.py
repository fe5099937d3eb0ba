"""More tables as strangers write them, of what once was read wrongly or not at all: the same quarter of a minute in each.

The foot's sensor is the one to be read; what stands beside it is made of the same movement, made smaller.
"""

from collections.abc import Sequence

import numpy as np

from retropace.recording import FloatArray
from writings import E0, REST, A, Cells, D, G, M, N, T, W, Writing, ints, iso, rows

STRANGERS: dict[str, Writing] = {}
#: Another sensor on the same person, which swings less.
_SWING = 0.35 * np.sin(2 * np.pi * T / 1.1)
B = G * np.stack([np.sin(_SWING), 0 * T, np.cos(_SWING)]) + 0.8 * REST
V = np.stack([0.2 * np.gradient(_SWING, T), np.gradient(_SWING, T), 0.1 * np.cos(2 * np.pi * T / 1.1)])
BOTH = [*B, *np.degrees(V), *A, *D]


def written(name: str, data: bytes, holds: str = "AW") -> None:
    """Adds one."""
    STRANGERS[name] = Writing(data, holds)


def spread(places: Sequence[str], sensors: Sequence[str], axes: str, pattern: str) -> str:
    """A header of several sensors: every axis of every kind of sensor at each place."""
    return ",".join(
        pattern.format(p=place, s=sensor, a=axis) for place in places for sensor in sensors for axis in axes
    )


def parted(header: str, columns: Sequence[Cells], above: str) -> bytes:
    """A table with lines of names over its own."""
    return f"{above}\n{header}\n".encode() + rows(None, columns)


# -- time -----------------------------------------------------------------------------------------------------------------

SIX = "ax,ay,az,gx,gy,gz"
_FINE = T * 1e6 + 2.0**32 - 5e6
written(
    "camargo.csv",
    rows(f"Header,{spread(('trunk', 'foot'), ('Accel', 'Gyro'), 'XYZ', '{p}_{s}_{a}')}", [T, *B / G, *V, *A / G, *W]),
)
written(
    "dot_begins_anew.csv",
    rows(
        "PacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z",
        [ints(range(N)), ints(_FINE % 2**32), *A, *D],
    ),
)
written("micros_begin_anew.csv", rows(f"micros,{SIX}", [ints(_FINE % 2**32), *A, *W]))
written("excel_days.csv", rows(f"Time,{SIX}", [[f"{45000.4 + t / 86400:.9f}" for t in T], *A, *W]))
written("matlab_days.csv", rows(f"t,{SIX}", [[f"{738000.4 + t / 86400:.9f}" for t in T], *A, *W]))
written(
    "net_ticks.csv", rows(f"Ticks timestamp,{SIX}", [[f"{638000000000000000 + round(t * 1e7)}" for t in T], *A, *W])
)
written("numbers.csv", rows(f"time,{SIX}", [ints(range(N)), *A, *W]), "only numbers the rows")
written("numbers_at_rate.csv", rows(f"time,{SIX}", [ints(range(N)), *A, *W], pre="# fs = 100\n"))
written("scientific.csv", rows(f"time,{SIX}", [[f"{(E0 + t) * 1e3:.12e}" for t in T], *A, *W]))
written("too_coarse.csv", rows(f"timestamp,{SIX}", [[f"{(E0 + t) * 1e9:.6E}" for t in T], *A, *W]), "too coarse")
written("ticks.csv", rows(f"Timestamp (ticks),{SIX}", [ints(T * 1e7), *A, *W]), "counts ticks")
written("minutes.csv", rows(f"Time,{SIX}", [[f"{int((t + 55) // 60):02}:{(t + 55) % 60:06.3f}" for t in T], *A, *W]))
written("one_number.csv", rows(f"timestamp,{SIX}", [iso("%Y%m%d%H%M%S%f"), *A, *W]))
written("one_word.csv", rows(f"timestamp,{SIX}", [iso("%Y%m%d_%H%M%S_%f"), *A, *W]))
written("greenwich.csv", rows(f"timestamp,{SIX}", [[f"{s} UTC" for s in iso("%Y-%m-%d %H:%M:%S.%f")], *A, *W]))
written("unix_words.csv", rows(f"timestamp,{SIX}", [iso("%a %b %d %H:%M:%S.%f %Y"), *A, *W]))
written("no_moment.csv", rows(f"timestamp,{SIX}", [["noon"] * N, *A, *W]), "not understood, as 'noon'")
written("hz_in_words.csv", rows(SIX, [*A, *W], pre="Recorded with 100 Hz\nLow pass filter: 20 Hz\n"))
written("period.csv", rows(SIX, [*A, *W], pre="Sample period: 10 ms\n"))

# -- names ----------------------------------------------------------------------------------------------------------------

written("numbers_behind.csv", rows(f"time,{spread('12', ('acc', 'gyr'), 'XYZ', '{s}{a}{p}')}", [T, *A, *W, *B, *V]))
written("twice.csv", rows(f"time,{SIX},{SIX}", [T, *A, *W, *B, *V]))
written("pandas_twice.csv", rows(f"time,{SIX},ax.1,ay.1,az.1,gx.1,gy.1,gz.1", [T, *A, *W, *B, *V]))
written("short.csv", rows(f"t,{spread(('LF', 'RF'), 'ag', 'XYZ', '{p}_{s}{a}')}", [T, *A, *W, *B, *V]))
written(
    "angvel.csv", rows(f"timestamp,{spread(('left_foot',), ('ACC', 'ANGVEL'), 'xyz', '{p}_{s}_{a}')}", [T, *A / G, *D])
)
written("mpu.txt", rows("time,AcX,AcY,AcZ,Tmp,GyX,GyY,GyZ", [ints(T * 1e3), *A, T * 0 + 30, *D]))
written("omega.csv", rows("t [s],a_x [m/s^2],a_y [m/s^2],a_z [m/s^2],ω_x [rad/s],ω_y [rad/s],ω_z [rad/s]", [T, *A, *W]))
written("bare_beside.csv", rows("timestamp,x,y,z,gx,gy,gz", [T, *A / G, *D]))
written("bare_units.csv", rows("time;x;y;z;x;y;z\ns;m/s2;m/s2;m/s2;rad/s;rad/s;rad/s", [T, *A, *W], ";"))
written(
    "bare_merged.csv",
    rows(
        "epoc (ms),x-axis (g),y-axis (g),z-axis (g),x-axis (deg/s),y-axis (deg/s),z-axis (deg/s)", [T * 1e3, *A / G, *D]
    ),
)
written("matlab_mobile.csv", rows("Timestamp,X,Y,Z", [iso("%d-%b-%Y %H:%M:%S.%f"), *A]), "A")
written("bare_field.csv", rows("Timestamp,X,Y,Z", [T, *M]), "not understood")
written(
    "without_gravity.csv", rows(f"t,{spread(('foot',), ('lin_acc', 'gyr'), 'xyz', '{p}_{s}_{a}')}", [T, *REST, *W]), "W"
)
written(
    "noraxon_mr.csv",
    rows(
        ",".join(
            [
                "time",
                *(
                    f"Ultium Motion.{p}-{s} {a} [{u}]"
                    for p, s, u in (("Pelvis", "Accel", "mG"), ("Foot RT", "Accel", "mG"), ("Foot RT", "Gyro", "deg/s"))
                    for a in "XYZ"
                ),
            ]
        ),
        [T, *B / G * 1e3, *A / G * 1e3, *D],
        pre="Type,Ultium\nname,x\n",
    ),
)

# -- lines above, and rows of several sensors -----------------------------------------------------------------------------

written("merged_cells.csv", parted("s,ax,ay,az,gx,gy,gz,ax,ay,az,gx,gy,gz", [T, *BOTH], "Time,wrist,,,,,,foot,,,,,"))
written(
    "three_lines.csv",
    parted("time,x,y,z,x,y,z,x,y,z,x,y,z", [T, *BOTH], ",wrist,,,,,,foot,,,,,\n,acc,,,gyr,,,acc,,,gyr,,"),
)
written("two_lines.csv", parted(f"time,{SIX},{SIX}", [T, *BOTH], ",RW,RW,RW,RW,RW,RW,RF,RF,RF,RF,RF,RF"))


def _rows_of(names: Sequence[str], parts: Sequence[Sequence[FloatArray] | FloatArray], *, in_turn: bool) -> list[str]:
    """Rows that say whose they are, in turn or one block behind the other."""
    written = [
        [f"{T[at]:.3f},{name}," + ",".join(f"{axis[at]:.6f}" for axis in axes) for at in range(N)]
        for name, axes in zip(names, parts, strict=True)
    ]
    return [row for rows_ in (zip(*written, strict=True) if in_turn else written) for row in rows_]


for word, in_turn in (("in_turn", True), ("stacked", False)):
    _kinds = _rows_of(("acc", "gyro"), (A, W), in_turn=in_turn)
    written(f"kinds_{word}.csv", "\n".join(["time,sensor,x,y,z", *_kinds, ""]).encode())
    _places = _rows_of(("wrist", "foot"), ((*B, *V), (*A, *W)), in_turn=in_turn)
    written(f"places_{word}.csv", "\n".join([f"time,position,{SIX}", *_places, ""]).encode())
_NUMBERS = _rows_of(("7", "12"), ((*A, *W), (*B, *V)), in_turn=True)
written("numbered_rows.csv", "\n".join([f"time,device_id,{SIX}", *_NUMBERS, ""]).encode())
written(
    "activities.csv", rows(f"time,activity,type,{SIX}", [T, ["walk"] * 700 + ["jog"] * (N - 700), ["a"] * N, *A, *W])
)

# -- letters, and tables without names ------------------------------------------------------------------------------------

written("windows.csv", rows(f"time,{SIX}", [T, *A, *W]).decode().encode("utf-16-le"))
written(
    "geneactiv.csv",
    b"Device Type,GENEActiv\nMeasurement Frequency,100 Hz\n\n"
    + rows(None, [iso("%Y-%m-%d %H:%M:%S:%f"), *A / G, ["12"] * N, ["0"] * N, ["27.1"] * N]),
    "A",
)

# -- units, however they are written --------------------------------------------------------------------------------------


def _in_units(force: str, turns: str, pattern: str = "{axis} [{unit}]") -> str:
    """A header with these units."""
    named = [(f"{kind}{axis}", unit) for kind, unit in (("a", force), ("g", turns)) for axis in "xyz"]
    return ",".join(["time", *(pattern.format(axis=axis, unit=unit) for axis, unit in named)])


written("words.csv", rows(_in_units("m/s/s", "degree/sec"), [T, *A, *D]))
written("thousandths.csv", rows(_in_units("milli-g", "mdeg/s"), [T, *A / G * 1e3, *D * 1e3]))
written("plural.csv", rows(_in_units("G's", "deg per s"), [T, *A / G, *D]))
written("centimetres.csv", rows(_in_units("cm/s²", "rpm"), [T, *A * 100, *W * 30 / np.pi]))
written("turns.csv", rows(_in_units("g0", "rev/s"), [T, *A / G, *W / (2 * np.pi)]))
written("dotted_units.csv", rows(_in_units("m.s-2", "rad.s-1"), [T, *A, *W]))
written("underlined.csv", rows(_in_units("m_s2", "deg_s", "{axis}_{unit}"), [T, *A, *D]))

# -- more names and times -------------------------------------------------------------------------------------------------

CLOCK = [["10"] * N, ints(58 + np.floor(T / 60)), ints(np.floor(T % 60)), ints(np.round(T % 1 * 1000))]
written("clock_apart.csv", rows(f"hour,minute,second,ms,{SIX}", [*CLOCK, *A, *W]))
written("seconds_apart.csv", rows(f"secs,nsecs,{SIX}", [ints(np.floor(E0 + T)), ints((E0 + T) % 1 * 1e9), *A, *W]))
written("letters.csv", rows("time,a1x,a1y,a1z,w1x,w1y,w1z", [T, *A, *W]))
written("sides.csv", rows(f"time,{spread('lr', 'ag', 'xyz', '{s}{a}_{p}')}", [T, *A, *W, *B, *V]))
written("ship.csv", rows("time,ax,ay,az,roll_rate,pitch_rate,yaw_rate", [T, *A, *W]))
for word, time, force, turns in (
    ("es", "Tiempo", "Aceleración", "Giroscopio"),
    ("it", "Tempo", "Accelerazione", "Giroscopio"),
    ("pt", "Tempo", "Aceleração", "Giroscópio"),
    ("de", "Zeit", "Beschl.", "Drehrate"),
):
    _header = ";".join([time, *(f"{kind} {axis}" for kind in (force, turns) for axis in "XYZ")])
    written(f"{word}.csv", rows(_header, [T, *A, *W], ";", dec=","))
written(
    "qtm.tsv",
    rows("Sample\tAcc X\tAcc Y\tAcc Z\tGyro X\tGyro Y\tGyro Z", [ints(range(N)), *A, *D], "\t", pre="FREQUENCY\t100\n"),
)
written(
    "vicon.csv",
    b"Rate,100,,,,,,\n,,Delsys - ACC,,,Delsys - GYR,,\nFrame,Sub Frame,ACCX1,ACCY1,ACCZ1,GYRX1,GYRY1,GYRZ1\n"
    b",,g,g,g,deg/s,deg/s,deg/s\n" + rows(None, [ints(range(N)), ["0"] * N, *A / G, *D]),
)
_LABELS = zip(("t", "ax", "ay", "az", "gx", "gy", "gz"), (T, *A, *W), strict=True)
_CELLS = [[f"{label}: {value:.6f}" for value in column] for label, column in _LABELS]
written("labelled.txt", "\n".join(", ".join(row) for row in zip(*_CELLS, strict=True)).encode() + b"\n")
