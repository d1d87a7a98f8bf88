#!/usr/bin/env python3
"""Measures the product beside its yardsticks, in one run, and says which targets are met.

BIN_DIR holds proofmark and p384_bench (./dev bench gives it). --quick takes small packages and few rounds: to see that
everything runs, not to compare with the targets. Both sides of a ratio take turns (A B A B ...), on the same files,
with nothing pinned. Of times the best round of each side counts, because other programs on the machine only ever make a
round slower; of start-up times and of rates the median. All rounds are in the JSON output. Nothing is written outside
of a temporary folder ($TMPDIR).

The exit code is 0 when everything was measured, whether the targets are met or missed.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import platform
import random
import re
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import zipfile

MIB = 1 << 20
PROFILE = "arn:aws:signer:eu-central-1:123456789012:/signing-profiles/bench/AbCdEfGhIj"
JOB = "arn:aws:signer:eu-central-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11"


@dataclasses.dataclass
class Row:
    """One line of the result. `ratio` is ours to the yardstick's: of times, or of operations a second. `cpu_ratio` is
    the same of CPU time, which a busy machine changes less. Without a target a row only informs."""

    what: str
    ours: str
    yardstick: str = ""
    ratio: float | None = None
    cpu_ratio: float | None = None
    target: str = ""
    met: bool | None = None
    details: dict = dataclasses.field(default_factory=dict)

    def verdict(self) -> str:
        return "" if self.met is None else "met" if self.met else "MISSED"


@dataclasses.dataclass
class Bench:
    bin: pathlib.Path
    folder: pathlib.Path
    quick: bool
    package_bytes: int = 0
    rounds: int = 0
    rows: list[Row] = dataclasses.field(default_factory=list)

    def __post_init__(self):
        self.package_bytes = 16 * MIB if self.quick else 250 * MIB
        self.rounds = 2 if self.quick else 5

    def proofmark(self, *words) -> list[str]:
        return [str(self.bin / "proofmark"), *map(str, words)]

    def sign(self, package, out) -> list[str]:
        key, chain = self.folder / "ca/signer.key", self.folder / "ca/signer.crt"
        arns = ("--profile-version-arn", PROFILE, "--job-arn", JOB)
        return self.proofmark("lambda", "sign", "--key", key, "--chain", chain, *arns, package, out)

    def verify(self, package) -> list[str]:
        trust = ("--root", self.folder / "ca/root.crt", "--allowed-profile", PROFILE)
        return self.proofmark("lambda", "verify", *trust, package)

    def note(self, text: str):
        print(text, file=sys.stderr, flush=True)


class Failed(Exception):
    """A measurement that could not be made."""


@dataclasses.dataclass
class Run:
    wall: float
    cpu: float  # user and system time of all its processes


def run(command: list[str] | str) -> Run:
    """Runs a command, or a shell's pipeline, and takes its time."""
    words = command if isinstance(command, list) else ["sh", "-c", command]
    with tempfile.TemporaryFile() as messages:
        actions = [
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_DUP2, messages.fileno(), 2),
        ]
        start = time.perf_counter()
        pid = os.posix_spawnp(words[0], words, os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        wall = time.perf_counter() - start
        messages.seek(0)
        if status != 0:
            text = messages.read(2000).decode(errors="replace").strip()
            raise Failed(f"status {os.waitstatus_to_exitcode(status)} of {command}: {text}")
    return Run(wall, usage.ru_utime + usage.ru_stime)


def take_turns(rounds: int, *commands) -> list[list[Run]]:
    """Runs the commands in turn, round after round; one list of runs for each."""
    runs = [[] for _ in commands]
    for _ in range(rounds):
        for command, list_of_runs in zip(commands, runs):
            list_of_runs.append(run(command))
    return runs


def best(runs: list[Run]) -> float:
    return min(one.wall for one in runs)


def times(runs: list[Run]) -> dict:
    return {
        "best": best(runs),
        "median": statistics.median(one.wall for one in runs),
        "bestCpu": min(one.cpu for one in runs),
        "all": [round(one.wall, 4) for one in runs],
    }


# --- packages ---


def system_files() -> tuple[list[pathlib.Path], list[pathlib.Path]]:
    """Text and binaries such as vendored libraries are made of: Python's library, and this system's shared objects."""
    text = sorted(pathlib.Path(sysconfig.get_path("stdlib")).rglob("*.py"))
    folders = [pathlib.Path(sysconfig.get_config_var("LIBDIR") or "/usr/lib"), pathlib.Path("/usr/lib")]
    folders += pathlib.Path("/usr/lib").glob("*-linux-gnu")
    binaries = {file.resolve() for folder in folders for file in folder.glob("*.so*") if file.is_file()}
    small = sorted(file for file in binaries if file.stat().st_size < 8 * MIB)
    if not text or not small:
        raise Failed("this system has no Python library or no shared objects to fill packages with")
    return text, small


def bodies_of(kind: str):
    """Endless (name, body) pairs."""
    text, binaries = system_files()
    generator = random.Random(250)
    copy = 0
    while True:
        if kind == "incompressible":
            yield f"data/{copy:04}.bin", generator.randbytes(MIB)
        elif kind == "text":
            for file in text:
                yield f"site{copy}/{file.relative_to(file.anchor)}", file.read_bytes()
        else:
            # As many bytes of text as of binaries.
            written, pending = 0, iter(text)
            for binary in binaries:
                body = binary.read_bytes()
                yield f"lib{copy}/{binary.name}", body
                written += len(body)
                for file in pending:
                    body = file.read_bytes()
                    yield f"site{copy}/{file.relative_to(file.anchor)}", body
                    written -= len(body)
                    if written <= 0:
                        break
        copy += 1


def make_package(bench: Bench, kind: str) -> pathlib.Path:
    """A zip of `package_bytes` bytes, uncompressed, to the last one."""
    path = bench.folder / f"{kind}.zip"
    left = bench.package_bytes
    method = zipfile.ZIP_STORED if kind == "incompressible" else zipfile.ZIP_DEFLATED
    names = set()
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, body in bodies_of(kind):
            if name in names:
                continue
            names.add(name)
            archive.writestr(name, body[:left])
            left -= len(body[:left])
            if left == 0:
                return path


def make_many_members(bench: Bench) -> tuple[pathlib.Path, int]:
    """As many members as a package may have, less the two that signing adds."""
    count = 1_998 if bench.quick else 99_998
    path = bench.folder / "many.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(count):
            name = f"node_modules/package-{number // 40:05}/lib/module-{number % 40:02}.js"
            archive.writestr(name, f"exports.n={number}")
    return path, count + 2


# --- what is measured ---


def bench_zip(bench: Bench, kind: str, package: pathlib.Path):
    signed = bench.folder / "signed.zip"
    scratch = bench.folder / "scratch.zip"
    run(bench.sign(package, signed))
    size = f"{bench.package_bytes // MIB} MiB, {kind}"

    yardstick = f"unzip -p '{signed}' | sha384sum"
    ours, theirs = take_turns(bench.rounds, bench.verify(signed), yardstick)
    bench.rows.append(time_row(f"verify {size}", ours, theirs))

    yardstick = f"unzip -p '{package}' | sha384sum"
    copy = f"cp '{package}' '{scratch}' && sync '{scratch}'"
    ours, theirs, copies = take_turns(bench.rounds, bench.sign(package, signed), yardstick, copy)
    row = time_row(f"sign {size}", ours, theirs)
    row.details["copyAndSync"] = times(copies)
    bench.rows.append(row)
    what = "  beside: copying and syncing the same file"
    bench.rows.append(Row(what, "", f"{best(copies):.2f} s", details=times(copies)))
    signed.unlink()
    scratch.unlink()


def time_row(what: str, ours: list[Run], theirs: list[Run]) -> Row:
    ratio = best(ours) / best(theirs)
    return Row(
        what,
        f"{best(ours):.2f} s",
        f"{best(theirs):.2f} s",
        ratio,
        times(ours)["bestCpu"] / times(theirs)["bestCpu"],
        "<= 1.00",
        ratio <= 1.0,
        {"ours": times(ours), "unzip | sha384sum": times(theirs)},
    )


PEAK = """
import os, sys
pid = os.fork()
if pid == 0:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.execvp(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
print(usage.ru_maxrss if status == 0 else -1)
"""


def peak_kib(command: list[str]) -> int:
    """Peak resident memory. A process starts with its parent's peak, so a small Python forks it, not this one."""
    result = subprocess.run([sys.executable, "-I", "-S", "-c", PEAK, *command], capture_output=True, text=True)
    peak = int(result.stdout or -1)
    if peak < 0:
        raise Failed(f"{command}: {result.stderr[:2000]}")
    return peak


def bench_memory(bench: Bench, what: str, package: pathlib.Path):
    signed = bench.folder / "signed.zip"
    for verb, command in (("sign", bench.sign(package, signed)), ("verify", bench.verify(signed))):
        mib = peak_kib(command) / 1024
        bench.rows.append(
            Row(
                f"peak memory, {verb} {what}",
                f"{mib:.1f} MiB",
                target="< 64 MiB",
                met=mib < 64,
                details={"mib": mib},
            )
        )
    signed.unlink()


def bench_memory_floor(bench: Bench):
    mib = peak_kib(["true"]) / 1024
    what = "  the least that this way of measuring can show (true)"
    bench.rows.append(Row(what, f"{mib:.1f} MiB", details={"mib": mib}))


def openssl_speed(seconds: int) -> dict[str, float]:
    result = subprocess.run(
        ["openssl", "speed", "-seconds", str(seconds), "-mr", "ecdsap384"], capture_output=True, text=True
    )
    found = re.search(r"^\+F4:\d+:384:([\d.]+):([\d.]+)$", result.stdout, re.MULTILINE)
    if not found:
        raise Failed(f"openssl speed printed something else: {result.stdout[-500:]} {result.stderr[-500:]}")
    return {"sign": float(found[1]), "verify": float(found[2])}


def p384_bench(bench: Bench, measure: str, seconds: int, package: pathlib.Path) -> float:
    key, chain = bench.folder / "ca/signer.key", bench.folder / "ca/signer.crt"
    words = [bench.bin / "p384_bench", measure, seconds, key, chain, package]
    result = subprocess.run([str(word) for word in words], capture_output=True, text=True)
    if result.returncode != 0:
        raise Failed(result.stderr.strip())
    operations, cpu_seconds = result.stdout.split()
    return int(operations) / float(cpu_seconds)


P384_MEASURES = {
    "package-verify": ("verify", "P-384: small packages verified, chain cached"),
    "cms-verify": ("verify", "P-384: envelopes verified, chain cached"),
    "raw-verify": ("verify", "P-384: signatures verified"),
    "cms-sign": ("sign", "P-384: envelopes signed"),
    "raw-sign": ("sign", "P-384: signatures made"),
}


def bench_p384(bench: Bench, package: pathlib.Path):
    """Rates in CPU time have no lucky rounds that only others spoil, but ticks and turns of a busy machine: the medians
    of many short rounds are compared."""
    yardstick = {"sign": [], "verify": []}
    ours = {measure: [] for measure in P384_MEASURES}
    for _ in range(1 if bench.quick else 11):
        for measure, rates in ours.items():
            rates.append(p384_bench(bench, measure, 1, package))
        for verb, rate in openssl_speed(1).items():
            yardstick[verb].append(rate)
    for measure, (verb, what) in P384_MEASURES.items():
        rate, openssl_rate = statistics.median(ours[measure]), statistics.median(yardstick[verb])
        ratio = rate / openssl_rate
        bench.rows.append(
            Row(
                what,
                f"{rate:.0f} /s",
                f"{openssl_rate:.0f} /s",
                ratio,
                target=">= 0.90",
                met=ratio >= 0.9,
                details={"ours": ours[measure], "openssl speed": yardstick[verb]},
            )
        )


def bench_start_up(bench: Bench):
    ours, nothing = take_turns(20 if bench.quick else 100, bench.proofmark("version"), ["true"])
    medians = [statistics.median(one.wall for one in runs) * 1000 for runs in (ours, nothing)]
    bench.rows.append(
        Row(
            "start-up: proofmark version (median; beside: true)",
            f"{medians[0]:.2f} ms",
            f"{medians[1]:.2f} ms",
            target="< 5 ms",
            met=medians[0] < 5,
            details={"ours": times(ours), "true": times(nothing)},
        )
    )


def make_small_package(bench: Bench) -> pathlib.Path:
    path = bench.folder / "small.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("handler.py", "def handler(event, context):\n    return 'ok'\n" * 20)
        archive.writestr("config.json", json.dumps({"limit": 100}))
    return path


# The same job with Python and OpenSSL: hash the members, let `openssl cms` sign, add the result to a copy.
BY_HAND_SIGN = """
import hashlib, shutil, subprocess, sys, zipfile
package, out, key, chain, issuer = sys.argv[1:]
shutil.copyfile(package, out)
content = hashlib.sha384()
with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
    archive.writestr(zipfile.ZipInfo("META_INF/"), b"")
    for entry in archive.infolist():
        content.update(entry.filename.encode() + archive.read(entry))
    signature = subprocess.run(
        ["openssl", "cms", "-sign", "-binary", "-md", "sha384", "-signer", chain, "-certfile", issuer, "-inkey", key,
         "-outform", "PEM"], input=content.digest(), capture_output=True, check=True).stdout
    archive.writestr("META_INF/aws_signer_signature_v1.0.SF", signature)
"""
BY_HAND_VERIFY = """
import hashlib, subprocess, sys, tempfile, zipfile
package, root = sys.argv[1:]
content = hashlib.sha384()
with zipfile.ZipFile(package) as archive, tempfile.NamedTemporaryFile() as file:
    for entry in archive.infolist():
        if entry.filename != "META_INF/aws_signer_signature_v1.0.SF":
            content.update(entry.filename.encode() + archive.read(entry))
    file.write(content.digest())
    file.flush()
    subprocess.run(
        ["openssl", "cms", "-verify", "-binary", "-inform", "PEM", "-content", file.name, "-CAfile", root,
         "-purpose", "any"],
        input=archive.read("META_INF/aws_signer_signature_v1.0.SF"), capture_output=True, check=True)
"""


def bench_small(bench: Bench, package: pathlib.Path):
    rounds = 3 if bench.quick else 10
    signed, by_hand = bench.folder / "small-signed.zip", bench.folder / "by-hand.zip"
    files = ("signer.key", "signer.crt", "intermediate.crt", "root.crt")
    key, chain, issuer, root = (str(bench.folder / "ca" / name) for name in files)
    script = [sys.executable, "-c", BY_HAND_SIGN, str(package), str(by_hand), key, chain, issuer]
    ours, theirs = take_turns(rounds, bench.sign(package, signed), script)
    bench.rows.append(small_row("sign a small package (beside: python and openssl cms)", ours, theirs))
    script = [sys.executable, "-c", BY_HAND_VERIFY, str(by_hand), root]
    ours, theirs = take_turns(rounds, bench.verify(signed), script)
    bench.rows.append(small_row("verify a small package (beside: python and openssl cms)", ours, theirs))


def small_row(what: str, ours: list[Run], theirs: list[Run]) -> Row:
    ratio = best(ours) / best(theirs)
    return Row(
        what,
        f"{best(ours) * 1000:.1f} ms",
        f"{best(theirs) * 1000:.1f} ms",
        ratio,
        details={"ours": times(ours), "python and openssl": times(theirs)},
    )


# --- the whole ---


def measure_all(bench: Bench):
    run(bench.proofmark("ca", "init", bench.folder / "ca"))
    run(bench.proofmark("ca", "issue", bench.folder / "ca", "signer"))
    small = make_small_package(bench)
    bench.note("start-up and small packages ...")
    bench_start_up(bench)
    bench_small(bench, small)
    bench.note("P-384 beside openssl speed ...")
    bench_p384(bench, bench.folder / "small-signed.zip")
    memory = []
    for kind in ("realistic", "text", "incompressible"):
        bench.note(f"{bench.package_bytes // MIB} MiB, {kind} ...")
        package = make_package(bench, kind)
        bench_zip(bench, kind, package)
        if kind == "realistic":
            zip_rows, bench.rows = bench.rows, memory
            bench_memory(bench, f"{bench.package_bytes // MIB} MiB", package)
            bench.rows = zip_rows
        package.unlink()
    bench.rows += memory
    bench.note("many members ...")
    package, members = make_many_members(bench)
    bench_memory(bench, f"{members} members", package)
    bench_memory_floor(bench)


def machine() -> dict:
    info = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace")
    model = re.search(r"^model name\s*:\s*(.*)$", info, re.MULTILINE)
    openssl = subprocess.run(["openssl", "version"], capture_output=True, text=True).stdout.strip()
    return {
        "cpu": model[1] if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "kernel": platform.release(),
        "openssl": openssl,
        "loadBefore": round(os.getloadavg()[0], 2),
    }


def print_table(rows: list[Row], about: dict, quick: bool):
    print(f"\n{about['cpu']}, {about['cores']} cores, load {about['loadBefore']} before, {about['loadAfter']} after")
    print(f"{about['openssl']}; proofmark syncs what it writes, the yardsticks of signing do not")
    if quick:
        print("quick run: small packages, few rounds; ratios say little")
    print(f"\n{'':55} {'ours':>10} {'beside':>10} {'ratio':>6} {'cpu':>5}  {'target':8} verdict")
    for row in rows:
        ratio, cpu = ("" if value is None else f"{value:.2f}" for value in (row.ratio, row.cpu_ratio))
        line = f"{row.what:55} {row.ours:>10} {row.yardstick:>10} {ratio:>6} {cpu:>5}  {row.target:8} {row.verdict()}"
        print(line.rstrip())
    judged = [row for row in rows if row.met is not None]
    print(f"\n{sum(row.met for row in judged)} of {len(judged)} targets met")


def print_json(rows: list[Row], about: dict, quick: bool):
    document = {"machine": about, "quick": quick, "measurements": [dataclasses.asdict(row) for row in rows]}
    print(json.dumps(document, indent=2))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin_dir", metavar="BIN_DIR", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--output", choices=("text", "json"), default="text")
    options = parser.parse_args()
    os.environ.pop("PROOFMARK_KEY_PASSPHRASE", None)
    about = machine()
    with tempfile.TemporaryDirectory(prefix="proofmark-bench-") as folder:
        bench = Bench(options.bin_dir.resolve(), pathlib.Path(folder), options.quick)
        try:
            measure_all(bench)
        except (Failed, OSError) as error:
            print(f"bench: a measurement failed: {error}", file=sys.stderr)
            return 1
    about["loadAfter"] = round(os.getloadavg()[0], 2)
    (print_json if options.output == "json" else print_table)(bench.rows, about, options.quick)
    return 0


if __name__ == "__main__":
    sys.exit(main())
