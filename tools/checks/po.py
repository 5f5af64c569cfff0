"""Is every word of an addon there in Chinese, and is the template of today's words?"""

import re
from pathlib import Path

import polib

CJK = re.compile(r"[\u3400-\u9fff]")
LETTERS = re.compile(r"[A-Za-z]{2}")
#: a text with Chinese in it is a sentence of another language all the same with this many words
SENTENCE = 3


def needs_translation(text: str) -> bool:
    """Tell whether a source text is to be read in another language than Chinese.

    A Chinese name with a code or a term beside it is not; an English sentence with a Chinese term
    in it is.
    """
    bare = re.sub(r"<[^>]*>|%\(\w+\)[sdrf]|%[sdrf]|\{[^}]*\}|&\w+;", " ", text)
    if CJK.search(bare):
        return len(re.findall(r"\b[A-Za-z][a-z]+\b", bare)) >= SENTENCE
    return bool(LETTERS.search(bare))


def words(source: str | Path) -> dict[str, polib.POEntry]:
    """Return the entries of a .po/.pot file (or its text) by their source text."""
    entries = polib.pofile(str(source), encoding="utf-8")
    return {entry.msgid: entry for entry in entries if not entry.obsolete}


def untranslated(template: dict, translated: dict) -> list[str]:
    """Return the source texts of ``template`` that have no good translation."""
    missing = []
    for text in template:
        entry = translated.get(text)
        if needs_translation(text) and (entry is None or not entry.msgstr or entry.fuzzy):
            missing.append(text)
    return missing


def outdated(fresh: dict, committed: dict) -> tuple[list[str], list[str]]:
    """Return what the committed template lacks, and what it has too much."""
    return sorted(set(fresh) - set(committed)), sorted(set(committed) - set(fresh))


def check_addon(addon: Path, fresh: Path) -> list[str]:
    """Return what is wrong with an addon's translation, given a fresh export of its words."""
    now = words(fresh)
    if not now:
        return []
    template, chinese = addon / "i18n" / f"{addon.name}.pot", addon / "i18n" / "zh_CN.po"
    if not template.exists() or not chinese.exists():
        return [f"{addon.name}: i18n/{addon.name}.pot or i18n/zh_CN.po is missing"]
    lacking, extra = outdated(now, words(template))
    found = [f"{template.name} lacks: {text!r}" for text in lacking]
    found += [f"{template.name} has a text no longer used: {text!r}" for text in extra]
    found += [
        f"{addon.name}: no Chinese for {text!r}" for text in untranslated(now, words(chinese))
    ]
    return found


def refresh(addon: Path, fresh: Path) -> list[str]:
    """Write the template and carry the Chinese over; return the texts that still lack it.

    Translations of texts that are gone are dropped. A file whose texts are the same stays as it
    is, so that a date alone makes no change.
    """
    folder = addon / "i18n"
    folder.mkdir(exist_ok=True)
    now = polib.pofile(str(fresh), encoding="utf-8")
    template, target = folder / f"{addon.name}.pot", folder / "zh_CN.po"
    if not template.exists() or _texts(polib.pofile(str(template))) != _texts(now):
        template.write_text(fresh.read_text(encoding="utf-8"), encoding="utf-8")
    known = words(target) if target.exists() else {}
    chinese = polib.POFile(wrapwidth=78)
    chinese.metadata = {
        **now.metadata,
        "Language": "zh_CN",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for entry in now:
        old = known.get(entry.msgid)
        entry.msgstr = old.msgstr if old else ""
        if old and old.fuzzy:
            entry.flags.append("fuzzy")
        chinese.append(entry)
    if not target.exists() or _texts(polib.pofile(str(target))) != _texts(chinese):
        chinese.save(str(target))
    return untranslated(words(fresh), words(target))


def _texts(entries: polib.POFile) -> list[tuple]:
    """Return what matters of a file: all but its head with the dates."""
    return [(e.msgid, e.msgstr, e.comment, sorted(e.occurrences), e.obsolete) for e in entries]
