"""Every word a person sees goes through translation, and every template keeps to the strict policy."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "src" / "retropace" / "web"
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
#: Words that are the same in every language: our name, units, file formats.
SAME = {
    "retropace",
    *("kcal", "kg", "km", "min", "bpm", "spm", "mm", "ms", "cm", "lb", "ft", "mi", "mph", "mg", "kB", "MB", "GB"),
    *("FIT", "TCX", "GPX", "CSV", "PDF", "JSON", "ZIP", "HTML", "PNG", "ICS", "URL", "TOTP", "QR", "API"),
    *("doi", "nbsp", "amp", "lt", "gt", "quot", "times", "minus", "ndash", "middot", "hellip", "doctype"),
}
_TRANSLATED = re.compile(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", re.DOTALL)
_CODE = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<!doctype[^>]*>|<script.*?</script>", re.DOTALL)
#: The block in the body's tag holds a class, not words.
_CLASSES = re.compile(r"\{% block body %\}.*?\{% endblock %\}")
_ATTRIBUTE = re.compile(r'\b(?:aria-label|aria-description|title|alt|placeholder)="([^"]*)"')
_WORD = re.compile(r"[^\W\d_]{2,}")


def spoken(text: str) -> set[str]:
    return set(_WORD.findall(text)) - SAME


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_words_can_be_translated(path: Path) -> None:
    text = _CODE.sub(" ", _TRANSLATED.sub(" ", _CLASSES.sub(" ", path.read_text(encoding="utf-8"))))
    shown = re.sub(r"<[^>]*>", " ", text)
    assert not spoken(shown), "put these words into {% trans %} or _()"
    assert not spoken(" ".join(_ATTRIBUTE.findall(text))), "put these attributes into _()"


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_nothing_inline(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=", text), "the policy allows no inline style or handler"
    assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", text), "the policy allows no inline script"
    assert not re.search(r"""(?:href|src|action)=["'](?:https?:)?//""", text.replace("webcal://", "")), (
        "loads from elsewhere"
    )
