#!/usr/bin/env python3
"""Runs clang-tidy-19 on the files of src/ that changed since they last passed.

usage: tidy.py BUILD_FOLDER

BUILD_FOLDER has the compile_commands.json. A file that passes leaves an empty file in $PROOFMARK_CACHE/tidy, named by
the hash of all that the result depends on: the source, our headers that it reaches, its compile command, .clang-tidy,
and the versions of tool and libraries.
"""

import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
TOOL = "clang-tidy-19"
INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)
KEPT_DAYS = 30


Contents = dict[pathlib.Path, bytes]


def reached(file: pathlib.Path, folders: list[pathlib.Path], seen: Contents) -> Contents:
    """`file` and all headers of ours, written or generated, that it includes, directly or not, with their content."""
    if file in seen or not file.is_file():
        return seen
    seen[file] = file.read_bytes()
    for include in INCLUDE.findall(seen[file]):
        for folder in [file.parent, *folders]:
            reached((folder / include.decode()).resolve(), folders, seen)
    return seen


def key_of(file: pathlib.Path, command: str, surroundings: bytes) -> str:
    digest = hashlib.sha256(surroundings)
    digest.update(command.replace(str(ROOT), "").encode())
    folders = [pathlib.Path(folder) for folder in re.findall(r"-I(\S+)", command)]
    for path, content in sorted(reached(file, folders, {}).items()):
        digest.update(f"\0{path.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()


def surroundings() -> bytes:
    version = subprocess.run([TOOL, "--version"], capture_output=True, check=True).stdout
    packages = subprocess.run(
        ["dpkg-query", "-W", "libstdc++-12-dev", "libboost1.81-dev", "libfmt-dev", "libssl-dev"],
        capture_output=True,
        check=True,
    ).stdout
    return version + packages + (ROOT / ".clang-tidy").read_bytes()


def lint(build: pathlib.Path, file: pathlib.Path) -> tuple[pathlib.Path, bool, str, float]:
    started = time.monotonic()
    command = [TOOL, "-p", str(build), "--quiet", str(file)]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return file, run.returncode == 0, run.stdout + (run.stderr if run.returncode else ""), time.monotonic() - started


def forget_old(cache: pathlib.Path) -> None:
    oldest = time.time() - KEPT_DAYS * 86400
    for stamp in cache.iterdir():
        if stamp.stat().st_mtime < oldest:
            stamp.unlink(missing_ok=True)


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    build = pathlib.Path(sys.argv[1]).resolve()
    cache = pathlib.Path(os.environ.get("PROOFMARK_CACHE", pathlib.Path.home() / ".cache/proofmark")) / "tidy"
    cache.mkdir(parents=True, exist_ok=True)
    forget_old(cache)
    commands = json.loads((build / "compile_commands.json").read_text(encoding="utf-8"))
    base = surroundings()
    wanted: dict[pathlib.Path, str] = {}
    ours = 0
    for entry in commands:
        file = pathlib.Path(entry["directory"], entry["file"]).resolve()
        if not file.is_relative_to(ROOT / "src"):
            continue
        ours += 1
        key = key_of(file, entry["command"], base)
        if (cache / key).exists():
            (cache / key).touch()
        else:
            wanted[file] = key
    if ours == 0:
        print(f"tidy: no file of src/ in {build}/compile_commands.json", file=sys.stderr)
        return 1
    failures = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for file, passed, output, seconds in pool.map(lambda file: lint(build, file), wanted):
            print(f"  {file.relative_to(ROOT)}: {'ok' if passed else 'FAILED'} ({seconds:.1f} s)", flush=True)
            if passed:
                (cache / wanted[file]).touch()
            else:
                failures += 1
                print(output)
    print(f"tidy: {ours} files, {len(wanted)} checked anew, {failures} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
