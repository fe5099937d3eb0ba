"""Known: sensors, programs and public data sets whose raw motion is read, for the page on formats; each has its cases.

Nothing is read by this list: files are understood by the rules of `headers`, `columns` and `unnamed`. It says what those
rules were tried on; the cases are in `tests/writings.py`, `tests/strangers.py` and
`tests/readers/test_arrays.py`.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Known:
    """Who writes so, what is to be known of it, and the files in the tests that are written so."""

    who: str
    note: str
    cases: tuple[str, ...]


_RATE = "no time in it: `--rate`"
KNOWN: tuple[Known, ...] = (
    Known("Xsens MTw, MTi", "`// Update Rate` or ticks of 0.1 ms", ("mtw.txt", "mtw_semi.txt", "mti_utc.txt")),
    Known("Movella DOT", "rotation in °/s; *FreeAcc* alone lacks gravity", ("dot.csv", "dot_free.csv")),
    Known("Shimmer", "a line of units; several lines of names", ("shimmer.csv", "shimmer_wr.csv", "shimmer_raw.csv")),
    Known("APDM Opal", "as CSV; not its HDF5", ("apdm.csv", "apdm2.csv")),
    Known("Physilog, Gait Up", "a line of units", ("physilog.csv", "gaitup.csv")),
    Known(
        "gaitmap, NilsPod, PyShoe, OpenShoe",
        "tables, index lines, arrays of MATLAB",
        ("gaitmap.csv", "pyshoe.csv", "pyshoe.mat", "openshoe.mat"),
    ),
    Known("Axivity AX3, AX6", "with or without header", ("ax3.csv", "ax6.csv", "cwa.csv")),
    Known(
        "ActiGraph",
        "raw CSV, its rate in the first line; not counts",
        ("actigraph.csv", "actigraph_ts.csv", "actigraph_imu.csv"),
    ),
    Known(
        "VectorNav, LORD MicroStrain, WitMotion",
        "axes numbered or named; `$VNIMU` lines want `--rate`",
        ("vectornav.csv", "vectornav_xyz.csv", "vnimu.txt", "lord.csv", "witmotion.txt"),
    ),
    Known(
        "mbientlab, Polar, Movesense, ST",
        "one sensor a file",
        ("metawear_acc.csv", "metawear_gyr.csv", "polar_acc.txt", "polar_gyro.txt", "movesense_acc.csv", "st.csv"),
    ),
    Known("Delsys, Noraxon, Moticon", "sensor and axis among other words", ("delsys.csv", "noraxon.csv", "insole.txt")),
    Known("ROS, EuRoC, RoNIN, Arduino", "", ("ros.csv", "euroc.csv", "npose.csv", "arduino_ms.csv")),
    Known("AndroSensor, Physics Toolbox", "", ("androsensor.csv", "ptoolbox.csv", "ptoolbox_clock.csv")),
    Known(
        "SensorLog, MotionSense",
        "Apple's sign set right; gravity added",
        ("sensorlog.csv", "sensorlog_ug.csv", "motionsense.csv"),
    ),
    Known(
        "WISDM, RealWorld, MobiAct, WEDA-FALL",
        "one sensor a file, or both",
        ("wisdm.txt", "data_1600_gyro_phone.txt", "acc_walking_chest.csv", "mobiact.csv"),
    ),
    Known(
        "SHL, PAMAP2, OPPORTUNITY",
        "no header: the first sensor that is sure",
        ("shl.txt", "pamap2.dat", "opportunity.dat"),
    ),
    Known(
        "UCI-HAR, mHealth, HuGaDB, USC-HAD",
        f"{_RATE}; HuGaDB's counts want `--counts`, mHealth's shifted columns a column map",
        ("acc_exp01_user01.txt", "mhealth.log", "hugadb.txt"),
    ),
    Known(
        "KU-HAR, OxIOD, Daphnet, IPOL 2019",
        "refused: gravity taken out, or columns that nothing tells; a column map",
        ("kuhar.csv", "oxiod.csv", "daphnet.txt", "ipol2019.csv"),
    ),
    Known(
        "Gait laboratories: Camargo, `LF_aX`, `foot/acc/x`",
        "several sensors: the foot first, or `--sensor`",
        ("camargo.csv", "short.csv", "angvel.csv"),
    ),
    Known(
        "Vicon, Qualisys, Noraxon MR",
        "lines of names and of units, `FREQUENCY 100`",
        ("vicon.csv", "qtm.tsv", "noraxon_mr.csv"),
    ),
    Known(
        "Rows of several sensors or places",
        "parted by the column that says whose they are",
        ("kinds_in_turn.csv", "places_stacked.csv", "numbered_rows.csv"),
    ),
    Known("MATLAB Mobile, GENEActiv as CSV", "", ("matlab_mobile.csv", "geneactiv.csv")),
    Known(
        "MPU-6050 and the like",
        "counts of its converter want `--counts`; lines as `ax:0.12 ay:0.98`",
        ("mpu.txt", "labelled.txt"),
    ),
    Known("MVN as Excel", "refused: segments without gravity say too little", ("mvn.xlsx",)),
    Known("OpenSense", "refused: orientation alone says too little", ("opensense.sto",)),
)
