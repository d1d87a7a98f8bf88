#!/usr/bin/env python3
"""House rules that a reader of text can check: layout of every text file, and rules of docs/style for C++ and Python.

usage: check_text.py [ROOT]

Prints one line per finding, `file:line: what`, and exits 1 when there is any.
"""

import pathlib
import re
import subprocess
import sys
import warnings

MAX_COLUMNS = 120
WIDTH_SUFFIXES = {".h", ".cc", ".py", ".sh", ".cmake"}
TEXT_SUFFIXES = WIDTH_SUFFIXES | {".txt", ".md", ".json", ".yml", ".yaml", ".mod", ".js", ".mjs", ".go"}
TEXT_NAMES = {"dev", "run", "LICENSE", ".clang-format", ".clang-tidy", ".gitignore"}
TAB_SUFFIXES = {".go", ".mod"}  # gofmt lays these out with tabs
# Vectors and corpora are bytes that somebody else wrote, or that must stay as they are.
DATA_FOLDERS = re.compile(r"^(fuzz/corpus/|tests/(.+/)?data/)")

# Names that hide what a folder or file holds.
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "manager"}

# Spelt in halves so that this file passes its own check.
MACHINE_PATHS = re.compile(r"(?<![\w.-])/" + r"(work|root|tmp)" + r"/[\w.]")
REGISTRY_HOSTS = re.compile(
    "|".join(
        re.escape(first + "." + second)
        for first, second in [
            ("pypi", "org"),
            ("files.pythonhosted", "org"),
            ("crates", "io"),
            ("proxy.golang", "org"),
            ("sum.golang", "org"),
            ("registry.npmjs", "org"),
            ("repo1.maven", "org"),
            ("repo.maven.apache", "org"),
            ("deb.debian", "org"),
            ("security.debian", "org"),
        ]
    )
)

# What is passed in, never ambient: only base touches the system.
AMBIENT = re.compile(r"\b(system_clock::now|getenv|random_device|sleep_for|sleep_until|usleep|nanosleep)\b")
SLEEPS = re.compile(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b|\bsleep\s*\(")
ASSERTION = re.compile(r"\b(?:assert|PM_ASSERT)\s*\(")
SIDE_EFFECT = re.compile(r"\+\+|--|(?<![=!<>])=(?!=)|\b(?:push_back|emplace_back|insert|erase|release|reset)\s*\(")
RAW_STRING = re.compile(r'R"([^\s()\\]*)\(.*?\)\1"', re.DOTALL)
COMMENT_OR_LITERAL = re.compile(
    r'//[^\n]*|/\*.*?\*/|R"([^\s()\\]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"'
    r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'",
    re.DOTALL,
)


def our_files(root: pathlib.Path) -> list[str]:
    """Paths, relative to the root, of what git tracks or would track."""
    listing = subprocess.run(
        ["git", "-c", f"safe.directory={root}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    names = {name for name in listing.stdout.decode().split("\0") if name}
    return sorted(name for name in names if (root / name).is_file() and not (root / name).is_symlink())


def blank_comments_and_strings(source: str) -> str:
    """C++ source with the text of comments and literals replaced by spaces; lines stay where they are."""
    return COMMENT_OR_LITERAL.sub(lambda match: re.sub(r"[^\n]", " ", match.group(0)), source)


def balanced_argument(code: str, start: int) -> str:
    """The text from `start`, just behind an opening parenthesis, to the closing one."""
    depth = 1
    for index in range(start, len(code)):
        depth += {"(": 1, ")": -1}.get(code[index], 0)
        if depth == 0:
            return code[start:index]
    return code[start:]


def line_of(text: str, index: int) -> int:
    return text.count("\n", 0, index) + 1


def check_layout(name: str, text: str):
    suffix = pathlib.PurePath(name).suffix
    wide = suffix in WIDTH_SUFFIXES or name in ("dev", ".ci/run")
    if text and not text.endswith("\n"):
        yield line_of(text, len(text)), "no newline at the end of the file"
    if text.endswith("\n\n"):
        yield line_of(text, len(text)) - 1, "blank line at the end of the file"
    tabs_allowed = suffix in TAB_SUFFIXES
    # A raw string may be a program in another language, with that language's tabs.
    outside = text
    if suffix in (".h", ".cc"):
        outside = RAW_STRING.sub(lambda match: match.group(0).replace("\t", " "), text)
    for number, (line, checked) in enumerate(zip(text.split("\n"), outside.split("\n")), 1):
        if line.endswith((" ", "\t", "\r")):
            yield number, "white space at the end of the line"
        if "\t" in checked and not tabs_allowed:
            yield number, "tab"
        if wide and len(line) > MAX_COLUMNS:
            yield number, f"{len(line)} columns, {MAX_COLUMNS} are allowed"


def check_names(text: str):
    for what, pattern in (("path of one machine", MACHINE_PATHS), ("host of a package registry", REGISTRY_HOSTS)):
        for match in pattern.finditer(text):
            yield line_of(text, match.start()), f"{what}: {match.group(0)}"


def check_cpp(name: str, text: str):
    code = blank_comments_and_strings(text)
    if name.endswith(".h"):
        if not re.search(r"^#pragma once$", text, re.MULTILINE):
            yield 1, "a header starts with #pragma once"
        for match in re.finditer(r"\busing\s+namespace\b", code):
            yield line_of(code, match.start()), "using namespace in a header"
    if name.startswith("src/") and not name.startswith("src/base/"):
        for match in AMBIENT.finditer(code):
            yield line_of(code, match.start()), f"{match.group(0)} lives in src/base only; take it as an argument"
    if name.startswith("tests/"):
        for match in SLEEPS.finditer(code):
            yield line_of(code, match.start()), "a test doesn't sleep"
    for match in ASSERTION.finditer(code):
        if SIDE_EFFECT.search(balanced_argument(code, match.end())):
            yield line_of(code, match.start()), "an assertion with a side effect"


def check_python(name: str, text: str):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compile(text, name, "exec")
    except (SyntaxError, SyntaxWarning, DeprecationWarning) as error:
        yield getattr(error, "lineno", None) or 1, f"does not compile: {error}"


def check_file(name: str, content: bytes):
    """Yields (line, finding) for one file."""
    path = pathlib.PurePath(name)
    vague = VAGUE_NAMES & {part.split(".")[0].lower() for part in path.parts}
    if vague:
        yield 1, f"the name '{vague.pop()}' hides what is inside"
    if DATA_FOLDERS.match(name) or (path.suffix not in TEXT_SUFFIXES and path.name not in TEXT_NAMES):
        return
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        yield line_of(content[: error.start].decode("latin-1"), error.start), "not UTF-8"
        return
    yield from check_layout(name, text)
    yield from check_names(text)
    if path.suffix in (".h", ".cc"):
        yield from check_cpp(name, text)
    if path.suffix == ".py":
        yield from check_python(name, text)


def main() -> int:
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent.parent).resolve()
    names = our_files(root)
    findings = 0
    for name in names:
        for line, finding in check_file(name, (root / name).read_bytes()):
            print(f"{name}:{line}: {finding}")
            findings += 1
    if findings or not names:
        print(f"check_text: {findings} findings in {len(names)} files", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
