"""FIT profile: the base types, messages, fields and enumerations of the FIT protocol that retropace reads or writes.

Field numbers, types, scales and offsets are those of the protocol's public profile. A stored integer r means
r / scale − offset in the field's unit. Times (`timestamp`, `start_time`, ...) are seconds since `EPOCH`; positions are
semicircles, 2³¹ of them to 180°.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

#: Second 0 of every FIT timestamp.
EPOCH = datetime(1989, 12, 31, tzinfo=UTC)
#: Timestamps below this count seconds since the device was switched on: its clock had not been set.
SMALLEST_CLOCK_TIME = 0x1000_0000
SEMICIRCLES_PER_DEGREE = 2**31 / 180

#: Marks our own developer field. Only a `direction` field declared under this application_id is direction of travel: other
#: people's fields of that name hold compass courses.
DIRECTION_APPLICATION_ID = bytes.fromhex("7d1f6a0e52c94b7c9a3e5f0b8c41d2e6")
#: Record developer field, sint8: −1 backward, 0 standing, 1 forward, 2 sideways; 127 (no value) where unknown.
DIRECTION_FIELD_NAME = "direction"
#: `file_id.product_name` of a recording that no sensor made, so that it is called simulated wherever it is read again.
SIMULATED_PRODUCT_NAME = "retropace simulation"


@dataclass(frozen=True, slots=True)
class BaseType:
    """How a number is stored. `kind` is NumPy's type without byte order; `invalid` stands for "no value" (NaN in floats)."""

    name: str
    code: int
    kind: str
    invalid: int | None

    @property
    def size(self) -> int:
        """Bytes of one value."""
        return int(self.kind[1])


BASE_TYPES: dict[str, BaseType] = {
    base.name: base
    for base in (
        BaseType("enum", 0x00, "u1", 0xFF),
        BaseType("sint8", 0x01, "i1", 0x7F),
        BaseType("uint8", 0x02, "u1", 0xFF),
        BaseType("sint16", 0x83, "i2", 0x7FFF),
        BaseType("uint16", 0x84, "u2", 0xFFFF),
        BaseType("sint32", 0x85, "i4", 0x7FFF_FFFF),
        BaseType("uint32", 0x86, "u4", 0xFFFF_FFFF),
        BaseType("string", 0x07, "u1", 0x00),
        BaseType("float32", 0x88, "f4", None),
        BaseType("float64", 0x89, "f8", None),
        BaseType("uint8z", 0x0A, "u1", 0x00),
        BaseType("uint16z", 0x8B, "u2", 0x0000),
        BaseType("uint32z", 0x8C, "u4", 0x0000_0000),
        BaseType("byte", 0x0D, "u1", 0xFF),
        BaseType("sint64", 0x8E, "i8", 0x7FFF_FFFF_FFFF_FFFF),
        BaseType("uint64", 0x8F, "u8", 0xFFFF_FFFF_FFFF_FFFF),
        BaseType("uint64z", 0x90, "u8", 0x0000_0000_0000_0000),
    )
}
#: Base types by the low five bits of their code; the upper bits repeat what the size says and some writers drop them.
BASE_TYPE_BY_NUMBER: dict[int, BaseType] = {base.code & 0x1F: base for base in BASE_TYPES.values()}


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a message. `parts` is how many values it holds as an array, 1 for a single value, 0 for any number."""

    name: str
    number: int
    base: BaseType
    scale: float = 1.0
    offset: float = 0.0
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its global number, and the fields of it that retropace knows, by name."""

    name: str
    number: int
    fields: Mapping[str, Field]


#: One message a paragraph; field, number, base type, then scale, offset and [array length] where not 1, 0, 1.
_TABLE = """
file_id 0: type 0 enum, manufacturer 1 uint16, product 2 uint16, serial_number 3 uint32z, time_created 4 uint32,
    product_name 8 string

user_profile 3: gender 1 enum, age 2 uint8, height 3 uint8 100, weight 4 uint16 10, resting_heart_rate 8 uint8

sport 12: sport 0 enum, sub_sport 1 enum, name 3 string

session 18: event 0 enum, event_type 1 enum, start_time 2 uint32, sport 5 enum, sub_sport 6 enum,
    total_elapsed_time 7 uint32 1000, total_timer_time 8 uint32 1000, total_distance 9 uint32 100,
    total_calories 11 uint16, total_ascent 22 uint16, total_descent 23 uint16, first_lap_index 25 uint16,
    num_laps 26 uint16, timestamp 253 uint32, message_index 254 uint16

lap 19: event 0 enum, event_type 1 enum, start_time 2 uint32, total_elapsed_time 7 uint32 1000,
    total_timer_time 8 uint32 1000, total_distance 9 uint32 100, intensity 23 enum, lap_trigger 24 enum, sport 25 enum,
    wkt_step_index 71 uint16, timestamp 253 uint32, message_index 254 uint16

record 20: position_lat 0 sint32, position_long 1 sint32, altitude 2 uint16 5 500, heart_rate 3 uint8, cadence 4 uint8,
    distance 5 uint32 100, speed 6 uint16 1000, power 7 uint16, compressed_speed_distance 8 byte [3], temperature 13 sint8,
    gps_accuracy 31 uint8, vertical_oscillation 39 uint16 10, stance_time 41 uint16 10, activity_type 42 enum,
    time128 48 uint8 128, cadence256 52 uint16 256, fractional_cadence 53 uint8 128, enhanced_speed 73 uint32 1000,
    enhanced_altitude 78 uint32 5 500, stance_time_balance 84 uint16 100, step_length 85 uint16 10, timestamp 253 uint32

event 21: event 0 enum, event_type 1 enum, data 3 uint32, event_group 4 uint8, timestamp 253 uint32

device_info 23: device_index 0 uint8, manufacturer 2 uint16, serial_number 3 uint32z, product 4 uint16,
    product_name 27 string, timestamp 253 uint32

workout 26: sport 4 enum, capabilities 5 uint32z, num_valid_steps 6 uint16, wkt_name 8 string, sub_sport 11 enum,
    wkt_description 17 string, message_index 254 uint16

workout_step 27: wkt_step_name 0 string, duration_type 1 enum, duration_value 2 uint32, target_type 3 enum,
    target_value 4 uint32, custom_target_value_low 5 uint32, custom_target_value_high 6 uint32, intensity 7 enum,
    notes 8 string, message_index 254 uint16

schedule 28: manufacturer 0 uint16, product 1 uint16, serial_number 2 uint32z, time_created 3 uint32, completed 4 enum,
    type 5 enum, scheduled_time 6 uint32

activity 34: total_timer_time 0 uint32 1000, num_sessions 1 uint16, type 2 enum, event 3 enum, event_type 4 enum,
    local_timestamp 5 uint32, timestamp 253 uint32

hr 132: fractional_timestamp 0 uint16 32768, time256 1 uint8 256, filtered_bpm 6 uint8 [0],
    event_timestamp 9 uint32 1024 [0], event_timestamp_12 10 byte [0], timestamp 253 uint32

timestamp_correlation 162: fractional_timestamp 0 uint16 32768, system_timestamp 1 uint32,
    fractional_system_timestamp 2 uint16 32768, timestamp_ms 4 uint16, system_timestamp_ms 5 uint16, timestamp 253 uint32

gyroscope_data 164: timestamp_ms 0 uint16, sample_time_offset 1 uint16 [0], gyro_x 2 uint16 [0], gyro_y 3 uint16 [0],
    gyro_z 4 uint16 [0], calibrated_gyro_x 5 float32 [0], calibrated_gyro_y 6 float32 [0], calibrated_gyro_z 7 float32 [0],
    timestamp 253 uint32

accelerometer_data 165: timestamp_ms 0 uint16, sample_time_offset 1 uint16 [0], accel_x 2 uint16 [0], accel_y 3 uint16 [0],
    accel_z 4 uint16 [0], calibrated_accel_x 5 float32 [0], calibrated_accel_y 6 float32 [0],
    calibrated_accel_z 7 float32 [0], compressed_calibrated_accel_x 8 sint16 [0],
    compressed_calibrated_accel_y 9 sint16 [0], compressed_calibrated_accel_z 10 sint16 [0], timestamp 253 uint32

three_d_sensor_calibration 167: sensor_type 0 enum, calibration_factor 1 uint32, calibration_divisor 2 uint32,
    level_shift 3 uint32, offset_cal 4 sint32 [3], orientation_matrix 5 sint32 65535 [9], timestamp 253 uint32

field_description 206: developer_data_index 0 uint8, field_definition_number 1 uint8, fit_base_type_id 2 uint8,
    field_name 3 string, scale 6 uint8, offset 7 sint8, units 8 string, native_mesg_num 14 uint16,
    native_field_num 15 uint8

developer_data_id 207: developer_id 0 byte [16], application_id 1 byte [16], manufacturer_id 2 uint16,
    developer_data_index 3 uint8, application_version 4 uint32

magnetometer_data 208: timestamp_ms 0 uint16, sample_time_offset 1 uint16 [0], mag_x 2 uint16 [0], mag_y 3 uint16 [0],
    mag_z 4 uint16 [0], calibrated_mag_x 5 float32 [0], calibrated_mag_y 6 float32 [0], calibrated_mag_z 7 float32 [0],
    timestamp 253 uint32
"""


def _field(words: list[str]) -> Field:
    name, number, base, *rest = words
    parts = int(rest.pop().strip("[]")) if rest and rest[-1].startswith("[") else 1
    scale, offset = (*map(float, rest), 1.0, 0.0)[:2] if len(rest) != 1 else (float(rest[0]), 0.0)
    return Field(name, int(number), BASE_TYPES[base], scale, offset, parts)


def _message(paragraph: str) -> Message:
    head, _, body = paragraph.partition(":")
    name, number = head.split()
    fields = [_field(entry.split()) for entry in body.split(",")]
    return Message(name, int(number), {field.name: field for field in fields})


#: Every known message by name, and by its global number.
MESSAGES: dict[str, Message] = {m.name: m for m in map(_message, _TABLE.strip().split("\n\n"))}
MESSAGE_BY_NUMBER: dict[int, Message] = {message.number: message for message in MESSAGES.values()}

FILE_TYPES: dict[int, str] = {
    1: "device description",
    2: "settings file",
    3: "sport settings file",
    4: "activity",
    5: "workout",
    6: "course",
    7: "workout schedule",
    9: "weight log",
    10: "totals file",
    11: "goals file",
    14: "blood pressure log",
    15: "day log",
    20: "activity summary",
    28: "day log",
    32: "day log",
    34: "segment",
    35: "segment list",
    40: "screen layout",
}

_SPORTS = (
    "generic running cycling transition fitness_equipment swimming basketball soccer tennis american_football training "
    "walking cross_country_skiing alpine_skiing snowboarding rowing mountaineering hiking multisport paddling flying "
    "e_biking motorcycling boating driving golf hang_gliding horseback_riding hunting fishing inline_skating "
    "rock_climbing sailing ice_skating sky_diving snowshoeing snowmobiling stand_up_paddleboarding surfing wakeboarding "
    "water_skiing kayaking rafting windsurfing kitesurfing tactical jumpmaster boxing floor_climbing baseball"
)
SPORTS: dict[int, str] = dict(enumerate(_SPORTS.split())) | {
    53: "diving",
    62: "hiit",
    64: "racket",
    65: "wheelchair_push_walk",
    66: "wheelchair_push_run",
    83: "dance",
    84: "jump_rope",
}

_SUB_SPORTS = (
    "generic treadmill street trail track spin indoor_cycling road mountain downhill recumbent cyclocross hand_cycling "
    "track_cycling indoor_rowing elliptical stair_climbing lap_swimming open_water flexibility_training "
    "strength_training warm_up match exercise challenge indoor_skiing cardio_training indoor_walking e_bike_fitness bmx "
    "casual_walking speed_walking bike_to_run_transition run_to_bike_transition swim_to_bike_transition"
)
SUB_SPORTS: dict[int, str] = dict(enumerate(_SUB_SPORTS.split())) | {
    45: "indoor_running",
    46: "gravel_cycling",
    58: "virtual_activity",
    59: "obstacle",
    67: "ultra",
}

INTENSITIES = ("active", "rest", "warmup", "cooldown", "recovery", "interval", "other")

#: Makers as a person would write them; 255 is any maker without a number of its own.
MANUFACTURERS: dict[int, str] = {
    1: "Garmin",
    13: "Garmin",
    15: "Garmin",
    16: "Timex",
    23: "Suunto",
    32: "Wahoo",
    38: "o_synce",
    40: "Concept2",
    45: "Xplova",
    70: "Sigma Sport",
    71: "TomTom",
    95: "Stryd",
    107: "Magene",
    111: "Technogym",
    115: "iGPSPORT",
    123: "Polar",
    258: "Lezyne",
    260: "Zwift",
    265: "Strava",
    266: "Precor",
    267: "Bryton",
    289: "Hammerhead",
    294: "COROS",
    310: "Decathlon",
    326: "Nike",
}

#: `event.event` of the timer, and its `event_type`s.
TIMER_EVENT = 0
TIMER_START = 0
TIMER_STOPS = (1, 4, 8, 9)
TIMER_STOP_ALL = 4
#: `three_d_sensor_calibration.sensor_type`.
SENSOR_TYPES: dict[str, int] = {"accelerometer": 0, "gyroscope": 1, "magnetometer": 2}
#: `file_id.manufacturer` of software without a number of its own.
DEVELOPMENT = 255
