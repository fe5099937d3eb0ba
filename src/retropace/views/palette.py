"""Palette: the colours of everything drawn, light, dark and for paper; one table for pages and pictures alike."""

import re

#: Light ground. Text on it reaches a contrast of at least 4.5.
LIGHT = {
    "ground": "#FBFAF7",
    "surface": "#FFFFFF",
    "sunk": "#F2F0EA",
    "ink": "#14161A",
    "quiet": "#565B63",
    "hair": "#E2DED5",
    "edge": "#7D818A",
    "fwd": "#0072B2",
    "back": "#C2410C",
    "side": "#8E44AD",
    "stand": "#7D828B",
    "stop": "#B00020",
    "back-hatch": "rgba(194,65,12,0.85)",
    "back-wash": "rgba(194,65,12,0.18)",
    "fwd-wash": "rgba(0,114,178,0.18)",
}

#: Dark ground, same names.
DARK = {
    "ground": "#101216",
    "surface": "#181B20",
    "sunk": "#20242A",
    "ink": "#F2F0EA",
    "quiet": "#A9AFB8",
    "hair": "#2C3138",
    "edge": "#7A808A",
    "fwd": "#56B4E9",
    "back": "#FF8A3D",
    "side": "#C79BE0",
    "stand": "#7A808A",
    "stop": "#FF5A66",
    "back-hatch": "rgba(255,138,61,0.9)",
    "back-wash": "rgba(255,138,61,0.18)",
    "fwd-wash": "rgba(86,180,233,0.18)",
}

#: Paper: black on white, direction told by side of the line, hatch and word alone.
PAPER = LIGHT | {
    "ground": "#FFFFFF",
    "sunk": "#FFFFFF",
    "ink": "#000000",
    "quiet": "#333333",
    "hair": "#BBBBBB",
    "edge": "#444444",
    "fwd": "#444444",
    "back": "#000000",
    "side": "#444444",
    "stand": "#444444",
    "stop": "#000000",
    "back-hatch": "#000000",
    "back-wash": "#FFFFFF",
    "fwd-wash": "#EEEEEE",
}

#: Direct sun: black on white, every hue darker than on paper of a light page, so that words reach a contrast of 7.
SUN = LIGHT | {
    "ground": "#FFFFFF",
    "sunk": "#FFFFFF",
    "ink": "#000000",
    "quiet": "#33363B",
    "hair": "#9A9A9A",
    "edge": "#4A4A4A",
    "fwd": "#00507F",
    "back": "#9A2F06",
    "side": "#74308F",
    "stand": "#4A4F57",
    "stop": "#9E001C",
    "back-hatch": "rgba(154,47,6,0.95)",
    "back-wash": "rgba(154,47,6,0.14)",
    "fwd-wash": "rgba(0,80,127,0.1)",
}


def declarations(palette: dict[str, str]) -> str:
    """The palette as CSS custom properties: "--ground:#FBFAF7;..."."""
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


def resolved(css: str, palette: dict[str, str]) -> str:
    """`css` with every var(--name) replaced by its colour, for renderers without custom properties.

    >>> resolved("fill:var(--fwd)", LIGHT)
    'fill:#0072B2'
    """
    return re.sub(r"var\(--([a-z-]+)\)", lambda found: palette[found[1]], css)
