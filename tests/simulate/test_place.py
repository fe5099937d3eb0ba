import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retropace.errors import OutOfRange
from retropace.simulate.place import Place

places = st.builds(
    Place,
    clear_length_m=st.floats(5, 2000),
    turn_radius_m=st.floats(0.5, 20),
    bearing_deg=st.floats(0, 359),
    latitude_deg=st.floats(-70, 70),
)


@given(places, st.floats(-3000, 3000))
def test_the_path_moves_as_its_tangent_says(place: Place, path_m: float) -> None:
    step_m = 1e-4
    near = np.array([path_m, path_m + step_m])
    x, y = place.point_m(near)
    angle = float(place.tangent_rad(np.array([path_m + step_m / 2]))[0])
    assert np.diff(x)[0] / step_m == pytest.approx(np.cos(angle), abs=1e-3)
    assert np.diff(y)[0] / step_m == pytest.approx(np.sin(angle), abs=1e-3)


@given(places, st.floats(0, 2000))
def test_one_loop_later_one_is_back_and_has_turned_once(place: Place, path_m: float) -> None:
    both = np.array([path_m, path_m + place.loop_m])
    x, y = place.point_m(both)
    assert x[0] == pytest.approx(x[1], abs=1e-6)
    assert y[0] == pytest.approx(y[1], abs=1e-6)
    assert np.diff(place.tangent_rad(both))[0] == pytest.approx(2 * np.pi, abs=1e-6)


def test_coordinates_follow_the_bearing() -> None:
    north = Place(bearing_deg=0.0, latitude_deg=50.0)
    latitude, longitude = north.coordinates_deg(np.array([0.0, 111.2]), np.array([0.0, 0.0]))
    assert np.diff(latitude)[0] == pytest.approx(0.001, rel=1e-3)
    assert np.diff(longitude)[0] == pytest.approx(0.0, abs=1e-12)
    westward = north.coordinates_deg(np.array([0.0]), np.array([71.5]))[1][0] - north.longitude_deg
    assert westward == pytest.approx(-0.001, rel=1e-3), "left of north is west"
    assert north.heading_deg(np.array([0.0, np.pi / 2])).tolist() == pytest.approx([0.0, 270.0])


def test_clear_ahead_looks_the_way_one_goes() -> None:
    place = Place(clear_length_m=100)
    assert place.clear_ahead_m(30.0, 1.0) == pytest.approx(70)
    assert place.clear_ahead_m(30.0, -1.0) == pytest.approx(30)
    assert place.clear_ahead_m(101.0, 1.0) == 0.0


def test_a_straight_without_length_is_refused() -> None:
    with pytest.raises(OutOfRange, match="length"):
        Place(clear_length_m=0.0)
