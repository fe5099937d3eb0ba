"""Sheet: the home exercises with their figures as one self-contained HTML page, for the wall or the phone."""

from collections.abc import Sequence

from retropace.exercises import Dose, Exercise
from retropace.views import drawing
from retropace.views.palette import DARK, LIGHT, declarations
from retropace.views.pose import figure_svg, pose_stylesheet
from retropace.views.terminal import cited_words

_STYLE = """
body{margin:0 auto;max-width:64rem;padding:16px;background:var(--ground);color:var(--ink);
font:16px/1.45 -apple-system,"Segoe UI",Roboto,Inter,system-ui,sans-serif}
main{display:grid;grid-template-columns:repeat(auto-fill,minmax(300px,1fr));gap:16px}
article{background:var(--surface);border:1px solid var(--hair);border-radius:10px;padding:16px;break-inside:avoid}
h1{font-size:28px;line-height:1.2}h2{font-size:20px;margin:0 0 8px}ol{padding-left:20px}
.q{color:var(--quiet);font-size:14px}svg{display:block;max-width:100%;height:auto}
"""


def exercise_sheet(found: Sequence[Exercise]) -> str:
    """The exercises as a page that needs no network and no script."""
    colours = (
        f":root{{color-scheme:light dark;{declarations(LIGHT)}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{declarations(DARK)}}}}}"
    )
    articles = "\n".join(_article(exercise) for exercise in found)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><title>Home exercises · retropace</title>'
        f"<style>{colours}{drawing.stylesheet()}{pose_stylesheet()}{_STYLE}</style></head>\n"
        f"<body><h1>Home exercises</h1><main>{articles}</main></body></html>\n"
    )


def _article(exercise: Exercise) -> str:
    steps = "".join(f"<li>{drawing.escaped(step)}</li>" for step in exercise.how)
    doses = "".join(
        f"<li>{drawing.escaped(str(level))}: {dose_words(dose)}</li>" for level, dose in exercise.doses.items()
    )
    told = (("Why", exercise.why), ("Feel", exercise.feel), ("Avoid", exercise.avoid))
    words = "".join(f"<p><b>{name}</b> {drawing.escaped(part)}</p>" for name, part in told)
    return (
        f"<article><h2>{drawing.escaped(exercise.name)}</h2>{figure_svg(exercise.key)}<ol>{steps}</ol>{words}"
        f'<ul class="q">{doses}</ul><p class="q">{drawing.escaped(cited_words(exercise.sources))}</p></article>'
    )


def dose_words(dose: Dose) -> str:
    """Sets and repetitions, or holds: "2 × 12 each side"."""
    amount = f"{dose.reps}" if dose.reps is not None else f"{dose.hold_s or 0:g} s"
    return f"{dose.sets} × {amount}{' each side' if dose.each_side else ''}"
