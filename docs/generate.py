#!/usr/bin/env python3
"""Writes the pages that are made from the code: nomenclature, metrics, exercises, bibliography, words to translate.

`--check` only says what is stale.
"""

import datetime as dt
import sys
from collections.abc import Callable, Iterable
from functools import partial
from io import BytesIO
from pathlib import Path

from retropace.exercises import EXERCISES, Dose, Exercise, WorkKind, WorkLevel, exercises, minutes, workout
from retropace.metrics import METRICS, Metric
from retropace.quantities import QUANTITIES, Quantity
from retropace.readers.known import KNOWN
from retropace.rules import rules_on
from retropace.sources import Source, bibliography
from retropace.views.document import schema_text
from retropace.views.palette import DARK, LIGHT
from retropace.views.pose import standalone_figure, told_of
from retropace.web.api.description import description_text
from retropace.writers import WRITERS, Feature, Writer, plan_json

HERE = Path(__file__).parent
_MADE = "<!-- Made by docs/generate.py: change the code, then run it. -->"


def nomenclature() -> str:
    """Every quantity by key."""
    rows = (_quantity_row(quantity) for quantity in QUANTITIES.values())
    intro = (
        "Names carry their unit. Body axes: x anterior (the way the chest faces), y left, z up. *Forward* and *backward* "
        "mean travel relative to facing and nothing else."
    )
    return _page("Nomenclature", intro, _table(("key", "name", "unit", "meaning", "range", "sign"), rows))


def metrics() -> str:
    """Every metric by key."""
    intro = (
        "Each figure with what it needs, how the figures of several bouts become one, how far it may be believed and what "
        "it rests on. A bout whose direction is unknown gets no figure that depends on direction, only the reason."
    )
    parts = [f"## {metric.name}\n\n{_metric_part(metric)}" for metric in METRICS]
    return _page("Metrics", intro, "\n".join(parts))


def references() -> str:
    """Every source by key."""
    intro = (
        "Each paper once. *Read* says that the numbers we take from it were read, and where, mostly in the abstract; "
        "*not read* means remembered only, and nothing rests on it."
    )
    return _page("Bibliography", intro, "\n".join(_source_part(source) for source in bibliography().values()))


def export() -> str:
    """What every writer makes of every feature of a plan."""
    intro = (
        "Formats a session or a programme can be given in, and what each makes of it. *Exact*: the format holds it whole. "
        "*Degraded*: it holds part of it, or holds it as words. *Unsupported*: it has no place for it. What a format could "
        "not hold of one particular plan is told when it is written; what would become another plan is refused."
    )
    head = ("", *(writer.name for writer in WRITERS))
    rows = ((feature.value, *(writer.features[feature].degree.value for writer in WRITERS)) for feature in Feature)
    parts = [f"## {writer.name}\n\n{_writer_part(writer)}" for writer in WRITERS]
    return _page("Export", intro, "\n".join((_table(head, rows), "", *parts, _ACTIVITIES)))


_ACTIVITIES = """## Recorded activities

`retropace.writers.fit_direction.activity_with_direction` gives a recording back as a FIT activity in which every second
carries its [direction](formats.md#direction-of-travel-our-developer-field) and every stretch is a lap ("BACK 20s"). What is
unknown, or forward by assumption only, carries nothing.
"""


def _writer_part(writer: Writer) -> str:
    about = f"`{writer.key}`, from a {writer.takes}, as `{writer.suffix}`. {writer.delivery}"
    rows = ((f.value, writer.features[f].degree.value, writer.features[f].says) for f in Feature)
    return f"{about}\n\n{_table(('feature', 'held', 'how'), rows)}\n"


def home_exercises() -> str:
    """Every exercise with its figure, the workouts by level, and the rules around them."""
    intro = (
        "No equipment: a wall, a chair and a counter. Doses by level: *gentle* for whom a home test says so or is missing, "
        "*steady* and *strong* by the home tests. Sets × repeats or seconds; tempo is seconds up-hold-down."
    )
    parts = [f"## {exercise.name}\n\n{_exercise_part(exercise)}" for exercise in EXERCISES]
    return _page("Home exercises", intro, f"{_workouts_part()}\n" + "\n".join(parts))


_WEB = HERE.parent / "src" / "retropace" / "web"
#: How words are marked in Python and in templates.
_KEYWORDS = {"say": None, "say_count": (1, 2), "_": None, "gettext": None, "ngettext": (1, 2)}
_METHODS = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
_OPTIONS = {
    "templates/**.html": {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trim_blocks": "true", "lstrip_blocks": "true"}
}


def messages_text() -> str:
    """Every message with the files that say it, in order; the same words give the same text."""
    from babel.messages.catalog import Catalog
    from babel.messages.extract import extract_from_dir
    from babel.messages.pofile import write_po

    catalog = Catalog(project="retropace", charset="utf-8")
    found = extract_from_dir(_WEB, _METHODS, _OPTIONS, keywords=_KEYWORDS, comment_tags=("Translators:",))
    for file, _, message, comments, context in sorted(found, key=lambda each: (each[0], each[1])):
        catalog.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    written = BytesIO()
    write_po(written, catalog, omit_header=True, include_lineno=False, sort_output=True, width=120)
    head = ('msgid ""', 'msgstr ""', '"Content-Type: text/plain; charset=utf-8\\n"')
    return "\n".join(
        ("# The words of the app. Written by docs/generate.py.", *head, "", written.getvalue().decode("utf-8"))
    )


_KNOWN = ("<!-- Made by docs/generate.py from readers/known.py. -->", "<!-- End of what is made. -->")


def formats() -> str:
    """The page on formats, written by hand but for the table of writings that were tried."""
    page = Path(__file__).with_name("formats.md").read_text(encoding="utf-8")
    before, rest = page.split(_KNOWN[0])
    rows = ((known.who, known.note) for known in KNOWN)
    table = _table(("sensor, program, data set", "how"), rows)
    return f"{before}{_KNOWN[0]}\n\n{table}\n\n{_KNOWN[1]}{rest.split(_KNOWN[1])[1]}"


#: File name of each page and what makes it.
PAGES: dict[str, Callable[[], str]] = {
    "exercises.md": home_exercises,
    **{f"figures/{e.key}.svg": partial(standalone_figure, e, LIGHT, dark=DARK, size=160) for e in EXERCISES},
    "nomenclature.md": nomenclature,
    "metrics.md": metrics,
    "bibliography.md": references,
    "summary.schema.json": schema_text,
    "plan.schema.json": plan_json.schema_text,
    "openapi.json": description_text,
    "retropace.pot": messages_text,
    "export.md": export,
    "formats.md": formats,
}


def _page(title: str, intro: str, body: str) -> str:
    return f"{_MADE}\n# {title}\n\n{intro}\n\n{body.rstrip()}\n"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _quantity_row(quantity: Quantity) -> tuple[str, ...]:
    span = f"{quantity.low:g} to {quantity.high:g}".replace("inf", "∞")
    return (f"`{quantity.key}`", quantity.name, quantity.unit or "–", quantity.meaning, span, quantity.sign or "–")


def _metric_part(metric: Metric) -> str:
    twin = f"`{metric.forward_twin}`" if metric.forward_twin else "none"
    facts = {
        "key": f"`{metric.key}`, in {metric.unit}",
        "needs": ", ".join(f"`{need}`" for need in metric.needs),
        "applies to": f"{', '.join(metric.gaits)}; direction {', '.join(metric.directions)}",
        "raw motion gives it": ", ".join(metric.placements) or "no",
        "of several bouts": f"{metric.aggregation}, shown per {metric.scope}",
        "better": str(metric.better),
        "forward twin": twin,
        "grade": str(metric.grade),
        "sources": ", ".join(f"[{key}](bibliography.md#{key})" for key in metric.sources),
    }
    return "\n".join((metric.meaning, "", *(f"- {name}: {fact}" for name, fact in facts.items()), ""))


#: The rules in force when the exercises were written.
_RULES = rules_on(dt.date(2026, 11, 22))


def _workouts_part() -> str:
    rows = []
    for kind in WorkKind:
        for level in WorkLevel:
            made = workout(kind, level)
            if made is not None:
                names = ", ".join(f"{exercises()[item.exercise].name} {_dose(item.dose)}" for item in made.items)
                rows.append((made.name, level.value, f"{minutes(made, _RULES):.0f}", names))
    told = "".join(f"- {rule.says}\n" for key, rule in sorted(_RULES.by_key.items()) if key.startswith("exercises."))
    return f"## Workouts\n\n{_table(('workout', 'level', 'min', 'exercises'), rows)}\n\n## Rules\n\n{told}"


def _exercise_part(exercise: Exercise) -> str:
    steps = "".join(f"{number}. {step}\n" for number, step in enumerate(exercise.how, start=1))
    forms = [("easier", exercise.easier), ("harder", exercise.harder)]
    facts = {
        "why": exercise.why,
        "feel": exercise.feel,
        "avoid": exercise.avoid,
        "for": ", ".join(exercise.targets),
        **{word: exercises()[key].name for word, key in forms if key is not None},
        **{level.value: f"{_dose(dose)}, {_pace(dose)}" for level, dose in exercise.doses.items()},
        "basis": f"{exercise.basis}, " + ", ".join(f"[{key}](bibliography.md#{key})" for key in exercise.sources),
    }
    told = "\n".join(f"- {name}: {fact}" for name, fact in facts.items())
    return f'<img src="figures/{exercise.key}.svg" width="160" alt="{told_of(exercise.key)}">\n\n{steps}\n{told}\n'


def _dose(dose: Dose) -> str:
    amount = f"{dose.reps}" if dose.reps is not None else f"{dose.hold_s:g} s"
    return f"{dose.sets} × {amount}{' each side' if dose.each_side else ''}"


def _pace(dose: Dose) -> str:
    tempo = f"tempo {dose.tempo}, " if dose.tempo else ""
    return f"{tempo}{dose.rest_s:g} s rest"


def _source_part(source: Source) -> str:
    sample = f" n = {source.n}." if source.n is not None else ""
    doi = f" doi:{source.doi}." if source.doi else ""
    read = "Read" if source.seen else "**Not read**"
    return (
        f'<a id="{source.key}"></a>\n'
        f"**{source.key}** · {source.authors} ({source.year}). {source.title}. {source.venue}.{doi} "
        f"{source.grade.capitalize()}: {source.population}.{sample} {read}: {source.where}.\n"
    )


def stale() -> list[str]:
    """Names of the pages that differ from what the code says."""
    return [
        name
        for name, made in PAGES.items()
        if not (HERE / name).exists() or (HERE / name).read_text(encoding="utf-8") != made()
    ]


def main(arguments: list[str]) -> int:
    """Write every page, or with --check say which are stale; 1 where some are."""
    if "--check" in arguments:
        for name in stale():
            sys.stderr.write(f"docs/{name} is stale: run docs/generate.py\n")
        return 1 if stale() else 0
    for name, made in PAGES.items():
        (HERE / name).parent.mkdir(exist_ok=True)
        (HERE / name).write_text(made(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
