"""Compares the #include lines of src/ with the tables that say who may include whom."""

import pathlib
import re
from typing import Iterator

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+(["<])([^">]+)[">]', re.MULTILINE)


def read_table(path: pathlib.Path) -> dict[str, list[str]]:
    """First word -> the other words of each line; comments and blank lines are passed over."""
    rows = (line.split() for line in path.read_text(encoding="utf-8").splitlines())
    return {row[0]: row[1:] for row in rows if row and not row[0].startswith("#")}


def folder_of(path: str, folders: dict[str, list[str]]) -> str | None:
    """The longest listed folder that holds the file: codec/zip/reader.h lies in codec/zip, not in codec."""
    inside = [folder for folder in folders if path.startswith(folder + "/")]
    return max(inside, key=len, default=None)


def check_own(name: str, included: str, allowed: dict[str, list[str]], source: pathlib.Path) -> Iterator[str]:
    """An include of ours: it names a folder, and the table lets this file's folder use that one."""
    here = folder_of(name, allowed)
    if "/" not in included:
        if (source / name).parent.joinpath(included).is_file():
            yield f"{name} includes {included} without its folder"
        return
    there = folder_of(included, allowed)
    if there is None:
        yield f"{name} includes {included}, which is in no folder of the table"
    elif there != here and there not in (allowed[here] if here else []):
        yield f"{name} includes {included}, but {here} may not use {there}"
    elif there != here and included.endswith("_handles.h"):
        yield f"{name} includes {included}, which is private to {there}"


def check_third_party(name: str, included: str, here: str | None, third_party: dict[str, list[str]]) -> Iterator[str]:
    for prefix, users in third_party.items():
        if not included.startswith(prefix):
            continue
        if here not in users:
            yield f"{name} includes {included}, which is for {', '.join(users) or 'nobody'} only"
        elif name.endswith(".h") and not name.endswith("_handles.h"):
            yield f"{name} includes {included}; headers don't show third-party types"


def violations(source: pathlib.Path, tiers: pathlib.Path, third_party: pathlib.Path) -> list[str]:
    """One line for each include in `source` (src/) that the tables don't allow, and for each folder they don't list."""
    # tiers.txt: folder, tier, folders that it may include.
    allowed = {folder: row[1:] for folder, row in read_table(tiers).items()}
    strangers = read_table(third_party)
    found = []
    for path in sorted(p for suffix in ("*.h", "*.cc", "*.in") for p in source.rglob(suffix)):
        name = path.relative_to(source).as_posix()
        here = folder_of(name, allowed)
        if here is None:
            found.append(f"{name} is in no folder of the table")
        for quote, included in INCLUDE.findall(path.read_text(encoding="utf-8")):
            stranger = list(check_third_party(name, included, here, strangers))
            found += stranger
            if quote == '"' and not any(included.startswith(prefix) for prefix in strangers):
                found += check_own(name, included, allowed, source)
    return found
