"""Answers to the screening, as a person would write them into a file."""

import datetime as dt

from retropace.rules.questionnaire import questions

DAY = dt.date(2026, 11, 22)
FIELDS = {"age_years", "sex", "pregnant", "active", "ordinary_runs_per_week", "knee_rehabilitation"}
TESTS = {
    "backward_walk_3m_s": 2.4,
    "single_leg_left_s": 45,
    "single_leg_right_s": 44,
    "sit_to_stand_5_s": 8,
    "heel_raises_left": 25,
    "heel_raises_right": 24,
    "neck_left_deg": 75,
    "neck_right_deg": 74,
}


def answers_toml(**health: bool) -> str:
    told = {key: False for key in questions(DAY) if key not in FIELDS} | health
    return (
        '[answers]\nday = 2026-11-22\nage_years = 34\nsex = "female"\nactive = true\npregnant = false\n'
        "knee_rehabilitation = false\nordinary_runs_per_week = 2\n[answers.health]\n"
        + "".join(f"{key} = {str(value).lower()}\n" for key, value in told.items())
        + "[answers.tests]\n"
        + "".join(f"{key} = {value}\n" for key, value in TESTS.items())
        + '[place]\nsurface = "track"\nslope = 0.0\nclear_length_m = 90\nclear_width_m = 2.4\n'
        + 'dry = true\ndaylight = true\nothers = false\nwatcher = "spotter"\n'
    )
