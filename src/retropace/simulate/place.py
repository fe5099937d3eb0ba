"""Place: a made-up straight, run one way and back, with a tight turn at each end."""

import math
from dataclasses import dataclass

import numpy as np

from retropace.errors import OutOfRange
from retropace.recording import FloatArray

_EARTH_RADIUS_M = 6_371_008.8


@dataclass(frozen=True, slots=True)
class Place:
    """A clear straight of `clear_length_m` towards `bearing_deg`; the way back lies two turn radii to the left.

    The path is a closed loop: positions on it are metres from the starting point, growing anticlockwise without end. Local
    axes are x along the bearing, y to its left; angles turn left from x. The default is an old airfield that is now a
    public park, where nobody lives.

    >>> Place(clear_length_m=100, turn_radius_m=1).loop_m
    206.2831853071796
    """

    clear_length_m: float = 120.0
    latitude_deg: float = 52.4735
    longitude_deg: float = 13.4015
    bearing_deg: float = 86.0
    altitude_m: float = 48.0
    turn_radius_m: float = 1.5

    def __post_init__(self) -> None:
        if not (self.clear_length_m > 0 and self.turn_radius_m > 0):
            raise OutOfRange("The straight needs a length and a turn radius above zero", field="clear_length_m")

    @property
    def turn_m(self) -> float:
        """Length of one turn."""
        return math.pi * self.turn_radius_m

    @property
    def loop_m(self) -> float:
        """Length of the whole loop: there, turn, back, turn."""
        return 2 * (self.clear_length_m + self.turn_m)

    def clear_ahead_m(self, path_m: float, along: float) -> float:
        """Metres of straight left in the direction `along` (+1 or -1); zero in a turn."""
        place = path_m % (self.loop_m / 2)
        if place > self.clear_length_m:
            return 0.0
        return self.clear_length_m - place if along > 0 else place

    def tangent_rad(self, path_m: FloatArray) -> FloatArray:
        """Angle of the path [rad], continuous, growing by 2π with every loop."""
        half, place = np.divmod(path_m, self.loop_m / 2)
        return np.asarray(np.pi * half + np.maximum(place - self.clear_length_m, 0) / self.turn_radius_m)

    def curvature_per_m(self, path_m: FloatArray) -> FloatArray:
        """Left curvature of the path [1/m]: zero on the straights."""
        return np.where(np.mod(path_m, self.loop_m / 2) > self.clear_length_m, 1 / self.turn_radius_m, 0.0)

    def point_m(self, path_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Local x and y [m] of places on the path."""
        half, place = np.divmod(path_m, self.loop_m / 2)
        turned = np.maximum(place - self.clear_length_m, 0) / self.turn_radius_m
        x = np.minimum(place, self.clear_length_m) + self.turn_radius_m * np.sin(turned)
        y = self.turn_radius_m * (1 - np.cos(turned))
        back = np.mod(half, 2) > 0
        return (
            np.where(back, self.clear_length_m - x, x),
            np.where(back, 2 * self.turn_radius_m - y, y),
        )

    def heading_deg(self, angle_rad: FloatArray) -> FloatArray:
        """Compass direction, clockwise from north in [0, 360), of a local angle."""
        return np.mod(self.bearing_deg - np.degrees(angle_rad), 360.0)

    def coordinates_deg(self, x_m: FloatArray, y_m: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Latitude and longitude [°] of local points."""
        bearing = math.radians(self.bearing_deg)
        east_m = x_m * math.sin(bearing) - y_m * math.cos(bearing)
        north_m = x_m * math.cos(bearing) + y_m * math.sin(bearing)
        per_degree = math.radians(1) * _EARTH_RADIUS_M
        shrink = math.cos(math.radians(self.latitude_deg))
        return self.latitude_deg + north_m / per_degree, self.longitude_deg + east_m / (per_degree * shrink)
