# ruff: noqa: E501 (headers stand as the files have them)
"""How public data sets, sensors and their programs write raw motion: the same quarter of a minute in each of these ways.

Written by hand after what their documents and headers show; the numbers are made up. Each says what is to be read of it.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest

from retropace.quantities import STANDARD_GRAVITY_MPS2
from retropace.recording import MOTION_CHANNELS, FloatArray, Recording

N = 1500
G = STANDARD_GRAVITY_MPS2
T = np.arange(N) / 100
#: A foot that swings once in 1.1 s: acceleration [m/s2], rotation [rad/s] and magnetic field [µT]; gravity, and the rest.
_PITCH = 0.6 * np.sin(2 * np.pi * T / 1.1)
PULL = G * np.stack([np.sin(_PITCH), 0 * T, np.cos(_PITCH)])
REST = np.stack([0 * T, 0.5 * np.sin(2 * np.pi * T / 0.55), 4 * np.maximum(0, np.sin(2 * np.pi * T / 1.1)) ** 8])
A = PULL + REST
W = np.stack([0.2 * np.gradient(_PITCH, T), np.gradient(_PITCH, T), 0.1 * np.cos(2 * np.pi * T / 1.1)])
M = np.stack([20 + 5 * np.sin(_PITCH), 5 + 0 * T, -40 + 3 * np.cos(_PITCH)])
D = np.degrees(W)
E0 = 1_537_874_495.705
Cells = FloatArray | Sequence[str]


@dataclass(frozen=True)
class Writing:
    """A file, and what is to be read of it: "A" acceleration, "W" rotation; a lack in words where it is to be refused."""

    data: bytes
    holds: str


def assert_as_felt(recording: Recording, holds: str) -> None:
    """Raise where a recording is not of these sensors, in our units and at this rate."""
    for letter, stream, felt in (("A", "accelerometer", A), ("W", "gyroscope", W)):
        if letter in holds:
            read = recording.motion[stream]
            values = np.stack([read.channels[key] for key in MOTION_CHANNELS[stream]])
            assert values == pytest.approx(felt, abs=0.02)
            assert np.ptp(read.time_s) == pytest.approx(np.ptp(T), abs=0.02)
        else:
            assert stream not in recording.motion


WRITINGS: dict[str, Writing] = {}


def written(name: str, data: bytes, holds: str = "AW") -> None:
    """Adds one."""
    WRITINGS[name] = Writing(data, holds)


def rows(
    header: str | None,
    columns: Sequence[Cells],
    sep: str = ",",
    pre: str = "",
    end: str = "",
    dec: str = ".",
    nl: str = "\n",
) -> bytes:
    """A table as text."""
    cells = [_cells(column.tobytes(), dec) if isinstance(column, np.ndarray) else column for column in columns]
    lines = [pre + header] if header is not None else [pre.removesuffix("\n")] if pre else []
    lines += [sep.join(row) + end for row in zip(*cells, strict=True)]
    return (nl.join(lines) + nl).encode()


@cache  # many files write the same columns
def _cells(column: bytes, dec: str) -> tuple[str, ...]:
    """Numbers, given as their bytes, with six decimals."""
    return tuple(f"{number:.6f}".replace(".", dec) for number in np.frombuffer(column).tolist())


@cache
def iso(pattern: str) -> tuple[str, ...]:
    """Each row's moment as a date."""
    start = dt.datetime(2024, 5, 3, 10)
    return tuple((start + dt.timedelta(seconds=float(t))).strftime(pattern) for t in T)


def ints(values: Sequence[float] | FloatArray | range) -> list[str]:
    """Whole numbers."""
    return [f"{round(value)}" for value in values]


written("pyshoe.csv", rows("timestamp,accel_x,accel_y,accel_z,gyro_x,gyro_y,gyro_z", [ints((E0 + T) * 1e9), *A, *W]))
written("pyshoe_idx.csv", rows(",t,ax,ay,az,wx,wy,wz", [ints(range(N)), T, *A, *W]))
written(
    "gaitmap.csv",
    rows(
        "sensor,left_sensor,left_sensor,left_sensor,left_sensor,left_sensor,left_sensor\naxis,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z\ntime [s],,,,,,",
        [T, *A, *D],
    ),
)
written("gaitmap_flat.csv", rows("time,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z", [T, *A, *D]))
written(
    "nilspod.csv", rows("n_samples,gyr_x,gyr_y,gyr_z,acc_x,acc_y,acc_z", [ints(range(N)), *D, *A]), "no rate is named"
)
written(
    "mtw.txt",
    rows(
        "PacketCounter\tSampleTimeFine\tAcc_X\tAcc_Y\tAcc_Z\tGyr_X\tGyr_Y\tGyr_Z\tMag_X\tMag_Y\tMag_Z\tQuat_q0\tQuat_q1\tQuat_q2\tQuat_q3",
        [ints(range(N)), ints(T * 1e4 + 12345), *A, *W, *(M / 50), *[np.ones(N) * 0.5] * 4],
        "\t",
        pre="// Start Time: Unknown\n// Update Rate: 100.0Hz\n// Filter Profile: human (46.1)\n// Option Flags: AHS Disabled ICC Disabled \n// Firmware Version: 4.0.2\n",
    ),
)
written(
    "mtw_semi.txt",
    rows(
        "PacketCounter;SampleTimeFine;Acc_X;Acc_Y;Acc_Z;Gyr_X;Gyr_Y;Gyr_Z",
        [ints(range(N)), ints(T * 1e4), *A, *W],
        ";",
        dec=",",
    ),
)
written(
    "mti_utc.txt",
    rows(
        "PacketCounter\tSampleTimeFine\tUTC_Nano\tUTC_Year\tUTC_Month\tUTC_Day\tUTC_Hour\tUTC_Minute\tUTC_Second\tUTC_Valid\tAcc_X\tAcc_Y\tAcc_Z\tGyr_X\tGyr_Y\tGyr_Z\tOriInc_q1",
        [ints(range(N)), ints(T * 1e4), *[["0"] * N] * 8, *A, *W, ["0.1"] * N],
        "\t",
    ),
)
written(
    "dot.csv",
    rows(
        "PacketCounter,SampleTimeFine,Euler_X,Euler_Y,Euler_Z,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z,Mag_X,Mag_Y,Mag_Z",
        [ints(range(N)), ints(T * 1e6 + 3e9), *[T] * 3, *A, *D, *(M / 50)],
        pre="sep=,\nDeviceTag:,Xsens DOT\nFirmwareVersion:,2.0.0\nAppVersion:,v2021.0\nSyncStatus:,Synced\nOutputRate:,100Hz\nFilterProfile:,General\nMeasurementMode:,Rate quantities (with mag)\nStartTime:,2021-09-08_11-05-18_345 GMT+0\n \n",
    ),
)
written(
    "dot_free.csv",
    rows(
        "PacketCounter,SampleTimeFine,Quat_W,Quat_X,Quat_Y,Quat_Z,FreeAcc_X,FreeAcc_Y,FreeAcc_Z,Status",
        [ints(range(N)), ints(T * 1e6), *[T] * 4, *REST, ["0"] * N],
    ),
    "without gravity",
)
written(
    "shimmer.csv",
    rows(
        "Shimmer_AD66_Timestamp_Unix_CAL\tShimmer_AD66_Accel_LN_X_CAL\tShimmer_AD66_Accel_LN_Y_CAL\tShimmer_AD66_Accel_LN_Z_CAL\tShimmer_AD66_Gyro_X_CAL\tShimmer_AD66_Gyro_Y_CAL\tShimmer_AD66_Gyro_Z_CAL\tShimmer_AD66_Battery_CAL\nms\tm/(s^2)\tm/(s^2)\tm/(s^2)\tdeg/s\tdeg/s\tdeg/s\tmV",
        [(E0 + T) * 1e3, *A, *D, T],
        "\t",
        pre='"sep=\t"\n',
        end="\t",
    ),
)
written(
    "shimmer_wr.csv",
    rows(
        "Shimmer_AD66_Timestamp_FormattedUnix_CAL,Shimmer_AD66_Accel_WR_X_CAL,Shimmer_AD66_Accel_WR_Y_CAL,Shimmer_AD66_Accel_WR_Z_CAL,Shimmer_AD66_Accel_LN_X_CAL,Shimmer_AD66_Accel_LN_Y_CAL,Shimmer_AD66_Accel_LN_Z_CAL,Shimmer_AD66_Gyro_X_CAL,Shimmer_AD66_Gyro_Y_CAL,Shimmer_AD66_Gyro_Z_CAL\nyyyy/mm/dd hh:mm:ss.000,m/(s^2),m/(s^2),m/(s^2),m/(s^2),m/(s^2),m/(s^2),deg/s,deg/s,deg/s",
        [iso("%Y/%m/%d %H:%M:%S.%f"), *A, *A, *D],
    ),
)
written(
    "shimmer_raw.csv",
    rows(
        "Timestamp\tLow Noise Accelerometer X\tLow Noise Accelerometer Y\tLow Noise Accelerometer Z\tGyroscope X\tGyroscope Y\tGyroscope Z\nCAL\tCAL\tCAL\tCAL\tCAL\tCAL\tCAL\nmSecs\tm/(sec^2)\tm/(sec^2)\tm/(sec^2)\tdeg/sec\tdeg/sec\tdeg/sec",
        [T * 1e3, *A, *D],
        "\t",
        pre="Shimmer 6748\tShimmer 6748\n",
    ),
)
written(
    "apdm.csv",
    rows(
        "Time,Sensors/XI-001234/Accelerometer/X,Sensors/XI-001234/Accelerometer/Y,Sensors/XI-001234/Accelerometer/Z,Sensors/XI-001234/Gyroscope/X,Sensors/XI-001234/Gyroscope/Y,Sensors/XI-001234/Gyroscope/Z",
        [ints((E0 + T) * 1e6), *A, *W],
    ),
)
written(
    "apdm2.csv",
    rows(
        "time,Right_Foot_Accelerometer_X (m/s^2),Right_Foot_Accelerometer_Y (m/s^2),Right_Foot_Accelerometer_Z (m/s^2),Right_Foot_Gyroscope_X (rad/s),Right_Foot_Gyroscope_Y (rad/s),Right_Foot_Gyroscope_Z (rad/s)",
        [T, *A, *W],
    ),
)
written(
    "physilog.csv",
    rows(
        "Time,Gyro X,Gyro Y,Gyro Z,Accel X,Accel Y,Accel Z\n[s],[deg/s],[deg/s],[deg/s],[g],[g],[g]",
        [T, *D, *(A / G)],
        pre="Physilog5,,,,,,\nSampling frequency,128 Hz,,,,,\n",
    ),
)
written("gaitup.csv", rows("timestamps,ax,ay,az,gx,gy,gz\ns,g,g,g,dps,dps,dps", [T, *(A / G), *D], ";"))
written(
    "opensense.sto",
    rows(
        "time\ttorso_imu\tfoot_imu",
        [T, ["0.9,0.1,0.2,0.3"] * N, ["0.9,0.1,0.2,0.3"] * N],
        "\t",
        pre="DataRate=100.000000\nDataType=Quaternion\nversion=3\nOpenSimVersion=4.1\nendheader\n",
    ),
    "orientation without acceleration",
)
written("ax3.csv", rows(None, [iso("%Y-%m-%d %H:%M:%S.%f"), *(A / G)]), "A")
written("ax6.csv", rows(None, [iso("%Y-%m-%d %H:%M:%S.%f"), *(A / G), *D]))
written(
    "cwa.csv",
    rows(
        "Time,Accel-X (g),Accel-Y (g),Accel-Z (g),Gyro-X (d/s),Gyro-Y (d/s),Gyro-Z (d/s)",
        [iso("%Y-%m-%d %H:%M:%S.%f"), *(A / G), *D],
    ),
)
AG = "------------ Data File Created By ActiGraph GT3X+ ActiLife v6.13.3 Firmware v3.2.1 date format M/d/yyyy at 100 Hz  Filter Normal -----------\nSerial Number: MOS2A1234\nStart Time 09:00:00\nStart Date 5/3/2016\nEpoch Period (hh:mm:ss) 00:00:00\nDownload Time 12:00:00\nDownload Date 5/4/2016\nCurrent Memory Address: 0\nCurrent Battery Voltage: 4.1     Mode = 12\n--------------------------------------------------\n"
written("actigraph.csv", rows("Accelerometer X,Accelerometer Y,Accelerometer Z", [*(A / G)], pre=AG), "A")
written(
    "actigraph_ts.csv",
    rows(
        "Timestamp,Accelerometer X,Accelerometer Y,Accelerometer Z",
        [[f"5/3/2016 10:{int(t // 60):02}:{t % 60:06.3f}" for t in T], *(A / G)],
        pre=AG,
    ),
    "A",
)
written(
    "actigraph_imu.csv",
    rows(
        "Timestamp,Accelerometer X,Accelerometer Y,Accelerometer Z,Temperature,Gyroscope X,Gyroscope Y,Gyroscope Z,Magnetometer X,Magnetometer Y,Magnetometer Z",
        [iso("%Y-%m-%dT%H:%M:%S.%f0"), *(A / G), np.full(N, 30.0), *D, *M],
        pre=AG.replace("ActiGraph GT3X+", "ActiGraph wGT3X-BT IMU"),
    ),
)
written(
    "androsensor.csv",
    rows(
        "ACCELEROMETER X (m/s²);ACCELEROMETER Y (m/s²);ACCELEROMETER Z (m/s²);GRAVITY X (m/s²);GRAVITY Y (m/s²);GRAVITY Z (m/s²);LINEAR ACCELERATION X (m/s²);LINEAR ACCELERATION Y (m/s²);LINEAR ACCELERATION Z (m/s²);GYROSCOPE X (rad/s);GYROSCOPE Y (rad/s);GYROSCOPE Z (rad/s);LIGHT (lux);MAGNETIC FIELD X (μT);MAGNETIC FIELD Y (μT);MAGNETIC FIELD Z (μT);Time since start in ms ;YYYY-MO-DD HH-MI-SS_SSS",
        [*A, *PULL, *REST, *W, T, *M, ints(T * 1e3), iso("%Y-%m-%d %H-%M-%S:%f")],
        ";",
    ),
)
written("ptoolbox.csv", rows("time,gFx,gFy,gFz,ax,ay,az,wx,wy,wz", [T, *(A / G), *REST, *W]))
written(
    "ptoolbox_clock.csv",
    rows("time;gFx;gFy;gFz;TgF;wx;wy;wz", [iso("%H:%M:%S:%f"), *(A / G), np.linalg.norm(A / G, axis=0), *W], ";"),
)
written(
    "sensorlog.csv",
    rows(
        "loggingTime(txt),loggingSample(N),locationTimestamp_since1970(s),accelerometerTimestamp_sinceReboot(s),accelerometerAccelerationX(G),accelerometerAccelerationY(G),accelerometerAccelerationZ(G),motionTimestamp_sinceReboot(s),motionYaw(rad),motionRoll(rad),motionPitch(rad),motionRotationRateX(rad/s),motionRotationRateY(rad/s),motionRotationRateZ(rad/s),motionUserAccelerationX(G),motionUserAccelerationY(G),motionUserAccelerationZ(G),motionGravityX(G),motionGravityY(G),motionGravityZ(G),label(N)",
        [
            iso("%Y-%m-%dT%H:%M:%S.%f+02:00"),
            ints(range(N)),
            ["0"] * N,
            T + 1000,
            *(-A / G),
            T + 1000,
            T,
            T,
            T,
            *W,
            *(-REST / G),
            *(-PULL / G),
            ["0"] * N,
        ],
    ),
    "AW",
)
written(
    "sensorlog_ug.csv",
    rows(
        "loggingTime(txt),motionRotationRateX(rad/s),motionRotationRateY(rad/s),motionRotationRateZ(rad/s),motionUserAccelerationX(G),motionUserAccelerationY(G),motionUserAccelerationZ(G),motionGravityX(G),motionGravityY(G),motionGravityZ(G)",
        [iso("%Y-%m-%dT%H:%M:%S.%f+02:00"), *W, *(-REST / G), *(-PULL / G)],
    ),
    "AW",
)
written(
    "motionsense.csv",
    rows(
        ",attitude.roll,attitude.pitch,attitude.yaw,gravity.x,gravity.y,gravity.z,rotationRate.x,rotationRate.y,rotationRate.z,userAcceleration.x,userAcceleration.y,userAcceleration.z",
        [ints(range(N)), T, T, T, *(-PULL / G), *W, *(-REST / G)],
    ),
    "no rate is named",
)
written(
    "metawear_acc.csv",
    rows(
        "epoc (ms),timestamp (-04:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)",
        [ints((E0 + T) * 1e3), iso("%Y-%m-%dT%H.%M.%S.%f"), T, *(A / G)],
    ),
    "A",
)
written(
    "metawear_gyr.csv",
    rows(
        "epoch (ms),time (-04:00),elapsed (s),x-axis (deg/s),y-axis (deg/s),z-axis (deg/s)",
        [ints((E0 + T) * 1e3), iso("%Y-%m-%dT%H:%M:%S.%f"), T, *D],
    ),
    "W",
)
written("wisdm.txt", rows(None, [["33"] * N, ["Jogging"] * N, ints(T * 1e9 + 49105962326000), *A], end=";"), "A")
written(
    "data_1600_gyro_phone.txt", rows(None, [["1600"] * N, ["A"] * N, ints(T * 1e9 + 252207666810782), *W], end=";"), "W"
)
IMU: list[Cells] = [np.full(N, 30.0), *A, *A, *W, *M, *[np.full(N, 0.5)] * 4]
written("pamap2.dat", rows(None, [8.38 + T, ["4"] * N, ["NaN"] * N, *IMU, *IMU, *IMU], " "))
written(
    "mobiact.csv",
    rows(
        "timestamp,rel_time,acc_x,acc_y,acc_z,gyro_x,gyro_y,gyro_z,azimuth,pitch,roll,label",
        [ints(T * 1e9 + 1268453333e3), T, *A, *W, T, T, T, ["WAL"] * N],
    ),
)
written("acc_exp01_user01.txt", rows(None, [*(A / G)], " "), "no rate is named")
written("kuhar.csv", rows(None, [T, *REST, T, *W]), "not understood")
written(
    "acc_walking_chest.csv",
    rows("id,attr_time,attr_x,attr_y,attr_z", [ints(range(1, N + 1)), ints((E0 + T) * 1e3), *A]),
    "A",
)
written(
    "Gyroscope_walking_chest.csv",
    rows("id,attr_time,attr_x,attr_y,attr_z", [ints(range(1, N + 1)), ints((E0 + T) * 1e3), *W]),
    "W",
)
written(
    "opportunity.dat",
    rows(None, [ints(T * 1e3), *[ints(x) for _ in range(5) for x in (*(A / G * 1000), *(D), *(M * 10))]], " "),
    "AW",
)
written(
    "daphnet.txt",
    rows(None, [ints(T * 1e3), *[ints(x) for _ in range(3) for x in A / G * 1000], ["1"] * N], " "),
    "not understood",
)
written(
    "mhealth.log",
    rows(None, [*A, np.sin(50 * T), np.cos(50 * T), *A[[2, 0, 1]], *D, *M / 50, *A, *D, *M / 50, ["9"] * N], "\t"),
    "not understood",
)
written(
    "shl.txt",
    rows(None, [ints((E0 + T) * 1e3), *A, *W, *M, *[np.full(N, 0.5)] * 4, *PULL, *REST, T + 1000, T + 100, T], " "),
)
written(
    "polar_acc.txt",
    rows(
        "Phone timestamp;sensor timestamp [ns];X [mg];Y [mg];Z [mg]",
        [iso("%Y-%m-%dT%H:%M:%S.%f"), ints((E0 + T) * 1e9), *[ints(x) for x in A / G * 1000]],
        ";",
    ),
    "A",
)
written(
    "polar_gyro.txt",
    rows(
        "Phone timestamp;sensor timestamp [ns];X [dps];Y [dps];Z [dps]",
        [iso("%Y-%m-%dT%H:%M:%S.%f"), ints((E0 + T) * 1e9), *D],
        ";",
    ),
    "W",
)
written(
    "hugadb.txt",
    rows(
        "acc_rf_x\tacc_rf_y\tacc_rf_z\tgyro_rf_x\tgyro_rf_y\tgyro_rf_z\tacc_rs_x\tacc_rs_y\tacc_rs_z\tgyro_rs_x\tgyro_rs_y\tgyro_rs_z\tEMG_r\tact",
        [
            *[ints(x) for x in A / G * 16384],
            *[ints(x) for x in D * 16.4],
            *[ints(x) for x in A / G * 16384],
            *[ints(x) for x in D * 16.4],
            ["1"] * N,
            ["1"] * N,
        ],
        "\t",
        pre="#Activity\twalking \n#ActivityID\t1 \n#Date\t11.08 21:52 \n",
    ),
    "no rate is named",
)
written(
    "vectornav.csv",
    rows(
        "TimeStartup,Accel0,Accel1,Accel2,AngularRate0,AngularRate1,AngularRate2,Mag0,Mag1,Mag2",
        [ints(T * 1e9 + 5e9), *A, *W, *M / 100],
    ),
)
written(
    "vectornav_xyz.csv",
    rows(
        "GpsTow,TimeStartup,UncompMagX,UncompAccX,UncompAccY,UncompAccZ,UncompGyroX,UncompGyroY,UncompGyroZ,Temperature",
        [T, ints(T * 1e9 + 5e9), T, *A, *W, T],
    ),
)
written(
    "vnimu.txt",
    rows(None, [["$VNIMU"] * N, *M / 100, *A, *W, np.full(N, 31.0), [f"{101.2:.3f}*{i % 256:02X}" for i in range(N)]]),
    "no rate is named",
)
written(
    "lord.csv",
    rows(
        "Time,scaledAccelX,scaledAccelY,scaledAccelZ,scaledGyroX,scaledGyroY,scaledGyroZ",
        [iso("%m/%d/%Y %H:%M:%S.%f000"), *(A / G), *W],
        pre="DATA_START\n",
    ),
)
written(
    "euroc.csv",
    rows(
        "#timestamp [ns],w_RS_S_x [rad s^-1],w_RS_S_y [rad s^-1],w_RS_S_z [rad s^-1],a_RS_S_x [m s^-2],a_RS_S_y [m s^-2],a_RS_S_z [m s^-2]",
        [ints((E0 + T) * 1e9), *W, *A],
    ),
)
written(
    "ros.csv",
    rows(
        "Time,header.seq,header.stamp.secs,header.stamp.nsecs,header.frame_id,orientation.x,orientation.y,orientation.z,orientation.w,angular_velocity.x,angular_velocity.y,angular_velocity.z,linear_acceleration.x,linear_acceleration.y,linear_acceleration.z",
        [E0 + T, ints(range(N)), ints(np.floor(E0 + T)), ["0"] * N, ["imu"] * N, *[np.full(N, 0.5)] * 4, *W, *A],
    ),
)
written(
    "oxiod.csv",
    rows(None, [E0 + T, _PITCH, _PITCH / 9, _PITCH / 7, *W, *(-PULL / G), *(-REST / G), *M]),
    "not understood",
)
written("npose.csv", rows("time,gyro_0,gyro_1,gyro_2,acce_0,acce_1,acce_2", [T, *W, *A]))
written("idx.csv", rows("time,acc_1,acc_2,acc_3,gyr_1,gyr_2,gyr_3", [T, *A, *W]))
written("arduino.csv", rows("aX,aY,aZ,gX,gY,gZ", [*(A / G), *D]), "no rate is named")
written("arduino_ms.csv", rows("millis,aX,aY,aZ,gX,gY,gZ", [ints(T * 1e3), *(A / G), *D]))
written(
    "sense.csv",
    rows(
        "Timestamp,AccelX(g),AccelY(g),AccelZ(g),GyroX(deg/s),GyroY(deg/s),GyroZ(deg/s)",
        [iso("%d/%m/%Y %H:%M:%S.%f"), *(A / G), *D],
    ),
)
written(
    "witmotion.txt",
    rows(
        "time\tDeviceName\tVersion\tAccX(g)\tAccY(g)\tAccZ(g)\tAsX(°/s)\tAsY(°/s)\tAsZ(°/s)\tAngleX(°)\tAngleY(°)\tAngleZ(°)\tHX(uT)\tHY(uT)\tHZ(uT)",
        [iso("%Y-%m-%d %H:%M:%S:%f"), ["WT901(COM3)"] * N, ["1"] * N, *(A / G), *D, T, T, T, *M],
        "\t",
    ),
)
written(
    "german.csv",
    rows(
        "Zeit (s);Beschleunigung x (m/s^2);Beschleunigung y (m/s^2);Beschleunigung z (m/s^2);Drehrate x (rad/s);Drehrate y (rad/s);Drehrate z (rad/s)",
        [T, *A, *W],
        ";",
        dec=",",
    ),
)
written(
    "noyes.csv",
    rows(
        "t,Accelerometer_x_mG,Accelerometer_y_mG,Accelerometer_z_mG,Gyroscope_x_mdps,Gyroscope_y_mdps,Gyroscope_z_mdps",
        [ints(T * 1e3), *(A / G * 1000), *(D * 1000)],
    ),
)
written(
    "st.csv",
    rows(
        "hostTimestamp (ms),NodeName,NodeTimestamp,X (mg),Y (mg),Z (mg)",
        [ints((E0 + T) * 1e3), ["n"] * N, ints(T * 1e3), *(A / G * 1000)],
        pre="Log start on,2023-01-01\nFeature,Accelerometer\nNodes,SensorTile\n",
    ),
    "A",
)
written("movesense_acc.csv", rows("timestamp,x,y,z", [ints(T * 1e3), *A]), "A")
written(
    "insole.txt",
    rows(
        "Time\tLeft acceleration X [g]\tLeft acceleration Y [g]\tLeft acceleration Z [g]\tLeft angular X [dps]\tLeft angular Y [dps]\tLeft angular Z [dps]\tLeft total force [N]",
        [T, *(A / G), *D, T],
        "\t",
        pre="# Version 22 OpenGo\n",
    ),
)
written(
    "delsys.csv",
    rows(
        'X [s],"Avanti sensor 1: ACC.X 1 [g]",X [s].1,"Avanti sensor 1: ACC.Y 1 [g]",X [s].2,"Avanti sensor 1: ACC.Z 1 [g]",X [s].3,"Avanti sensor 1: GYRO.X 1 [deg/s]",X [s].4,"Avanti sensor 1: GYRO.Y 1 [deg/s]",X [s].5,"Avanti sensor 1: GYRO.Z 1 [deg/s]"',
        [T, A[0] / G, T, A[1] / G, T, A[2] / G, T, D[0], T, D[1], T, D[2]],
    ),
)
written(
    "noraxon.csv",
    rows(
        "time,Foot LT Accel Sensor X (mG),Foot LT Accel Sensor Y (mG),Foot LT Accel Sensor Z (mG),Foot LT Gyroscope X (deg/s),Foot LT Gyroscope Y (deg/s),Foot LT Gyroscope Z (deg/s)",
        [T, *(A / G * 1000), *D],
    ),
)
written("dlr.txt", rows(None, [T, *A, *W, *M / 50], " "))
written("openshoe.txt", rows(None, [*A, *W], " "), "no rate is named")
written(
    "vel.csv",
    rows(
        "Time (s),Angular Velocity X (rad/s),Angular Velocity Y (rad/s),Angular Velocity Z (rad/s),Specific Force X (m/s^2),Specific Force Y (m/s^2),Specific Force Z (m/s^2)",
        [T, *W, *A],
    ),
)
written(
    "garmin.csv",
    rows(
        "sample_time_offset,calibrated_accel_x,calibrated_accel_y,calibrated_accel_z", [ints(T * 1e3), *(A / G * 1000)]
    ),
    "A",
)
written("trailing.csv", rows("time,ax,ay,az,gx,gy,gz,", [T, *A, *W], end=","))
written(
    "quoted_dec.csv",
    rows(
        '"time";"ax";"ay";"az";"gx";"gy";"gz"', [[f'"{x:.3f}"'.replace(".", ",") for x in c] for c in (T, *A, *W)], ";"
    ),
)
written(
    "quoted_dec_comma.csv",
    rows("time,ax,ay,az,gx,gy,gz", [[f'"{x:.3f}"'.replace(".", ",") for x in c] for c in (T, *A, *W)], ","),
)
written("crlf.csv", rows("time,ax,ay,az,gx,gy,gz", [T, *A, *W], nl="\r\n"))
written("utf16.txt", rows("time\tax\tay\taz\tgx\tgy\tgz", [T, *A, *W], "\t").decode().encode("utf-16"))
written("hhmmss.csv", rows("Time,ax,ay,az,gx,gy,gz", [iso("%H:%M:%S.%f"), *A, *W]))
written("date_time.csv", rows("Date,Time,ax,ay,az,gx,gy,gz", [iso("%Y-%m-%d"), iso("%H:%M:%S.%f"), *A, *W]))
written("ampm.csv", rows("Timestamp,ax,ay,az,gx,gy,gz", [iso("%m/%d/%Y %I:%M:%S.%f %p"), *A, *W]))
written("dmy_dots.csv", rows("Zeitstempel;ax;ay;az;gx;gy;gz", [iso("%d.%m.%Y %H:%M:%S,%f"), *A, *W], ";"))
written("epoch_frac.csv", rows("unix_time,ax,ay,az,gx,gy,gz", [E0 + T, *A, *W]))
written(
    "left_right.csv",
    rows(
        "time,L_FOOT_IMU_AccX,L_FOOT_IMU_AccY,L_FOOT_IMU_AccZ,L_FOOT_IMU_GyrX,L_FOOT_IMU_GyrY,L_FOOT_IMU_GyrZ,R_FOOT_IMU_AccX,R_FOOT_IMU_AccY,R_FOOT_IMU_AccZ,R_FOOT_IMU_GyrX,R_FOOT_IMU_GyrY,R_FOOT_IMU_GyrZ",
        [T, *A, *W, *A * 0.99, *W],
    ),
)
written(
    "ipol2019.csv",
    rows("LAV,LAX,LAY,LAZ,LRV,LRX,LRY,LRZ,RAV,RAX,RAY,RAZ,RRV,RRX,RRY,RRZ", [T, *A, T, *W, T, *A, T, *W]),
    "not understood",
)
written("rate_line.txt", rows("ax ay az gx gy gz", [*A, *W], " ", pre="Sampling rate: 100 Hz\n"))
written("sr_col.csv", rows("sample,ax,ay,az,gx,gy,gz", [ints(range(N)), *A, *W], pre="# Fs=100\n"))
