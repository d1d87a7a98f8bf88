"""What the tests of the command line share: a folder with a certificate authority, and the program run in it.

PROOFMARK_BIN_DIR is the folder of the program. Every run is checked for one thing: whatever happens, the exit code is 0
or 1, so a crash is never taken for a refusal.
"""

import io
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as ElementTree
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import alter_zip  # the attacker of the demo is the attacker of the tests

PROGRAM = pathlib.Path(os.environ["PROOFMARK_BIN_DIR"]).resolve() / "proofmark"
PROFILE = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGhIj"
PROFILE_ALL_VERSIONS = PROFILE.rpartition("/")[0]
OTHER_PROFILE = "arn:aws:signer:us-east-1:123456789012:/signing-profiles/other_app/AbCdEfGhIj"
JOB = "arn:aws:signer:us-east-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11"
SIGNATURE = "META_INF/aws_signer_signature_v1.0.SF"
BOUNDARIES = "META_INF/proofmark_boundaries_v1"

MEMBERS = {
    "handler.py": b"def handler(event, context):\n    return {'statusCode': 200}\n" * 3,
    "config.json": b'{"limit": 100}\n',
    "lib/": b"",
    "lib/pricing.py": b"def price(n):\n    return n * 2\n",
    "data/blob.bin": bytes(range(256)) * 4,
}


def environment(**changes: str) -> dict[str, str]:
    """This process' environment without what would change how the program behaves."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PROOFMARK_KEY")}
    return clean | {"LC_ALL": "C.UTF-8", "TZ": "UTC"} | changes


def peer(name: str) -> str:
    """The path of another program. A peer that is missing fails the test."""
    found = shutil.which(name) or shutil.which(name, path="/usr/local/go/bin:/usr/lib/jvm/default-java/bin")
    if not found:
        raise AssertionError(f"the peer {name} is missing (./dev setup installs it)")
    return found


def write_zip(path: pathlib.Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, body in members.items():
            archive.writestr(name, body)


def stored_name(entry: zipfile.ZipInfo) -> str:
    """Names are UTF-8 whether or not the entry says so; Python takes one that doesn't for code page 437."""
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & 0x800 else "cp437").decode("utf-8")


def contents(data: pathlib.Path | bytes) -> list[tuple[str, bytes]]:
    """Names and bodies, in order, as Python's own reader sees them."""
    with zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data) as archive:
        return [(stored_name(entry), archive.read(entry)) for entry in archive.infolist()]


class CommandLineTest(unittest.TestCase):
    """A test with a folder that holds ca/ (root.crt, signer.key, signer.crt ...), function.zip, and signed.zip."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.holder = tempfile.TemporaryDirectory(prefix="proofmark-cli-")
        cls.addClassCleanup(cls.holder.cleanup)
        cls.home = pathlib.Path(cls.holder.name)
        cls.must("ca", "init", "ca")
        cls.must("ca", "issue", "ca", "signer")
        write_zip(cls.home / "function.zip", MEMBERS)
        cls.must(*cls.sign_words("function.zip", "signed.zip"))

    def setUp(self):
        """`self.folder` is this test's own; what it needs of the class's it names by `self.home`."""
        self.folder = pathlib.Path(tempfile.mkdtemp(dir=self.home))

    # --- running ---

    @classmethod
    def run_program(cls, *words, cwd=None, env=None, raw=False, **more) -> subprocess.CompletedProcess:
        """Runs `proofmark words...`; what it prints is text unless standard output is wanted `raw`."""
        more.setdefault("stdin", subprocess.DEVNULL)
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        result = subprocess.run(
            [str(PROGRAM), *map(str, words)], cwd=cwd or cls.home, env=env or environment(), timeout=300, **more
        )
        if result.stdout is not None and not raw:
            result.stdout = result.stdout.decode("utf-8")
        if result.stderr is not None:
            result.stderr = result.stderr.decode("utf-8")
        if result.returncode not in (0, 1):
            raise AssertionError(f"exit code {result.returncode} of {words}:\n{result.stderr}")
        return result

    @classmethod
    def must(cls, *words, **more) -> subprocess.CompletedProcess:
        """Runs what has to succeed, and say nothing on standard error."""
        result = cls.run_program(*words, **more)
        if result.returncode != 0 or result.stderr:
            raise AssertionError(f"exit code {result.returncode} of {words}:\n{result.stdout}{result.stderr}")
        return result

    @classmethod
    def sign_words(cls, package, out, *more, key="signer", profile=PROFILE, job=JOB) -> list:
        files = ["--key", cls.home / f"ca/{key}.key", "--chain", cls.home / f"ca/{key}.crt"]
        return ["lambda", "sign", *files, "--profile-version-arn", profile, "--job-arn", job, *more, package, out]

    @classmethod
    def verify_words(cls, *words) -> list:
        return ["lambda", "verify", "--root", cls.home / "ca/root.crt", "--allowed-profile", PROFILE, *words]

    # --- expecting ---

    def assert_refuses(self, words, *patterns: str, **more) -> subprocess.CompletedProcess:
        """An error: exit code 1, a message that matches all patterns, and nothing on standard output."""
        result = self.run_program(*words, **more)
        self.assertEqual(result.returncode, 1, f"accepted: {words}\n{result.stdout}")
        self.assertFalse(result.stdout)
        self.assertRegex(result.stderr, r"\Aproofmark: ")
        for pattern in patterns:
            self.assertRegex(result.stderr, pattern)
        return result

    def assert_verified(self, *words, **more):
        result = self.run_program(*self.verify_words(*words), **more)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertEqual(result.stderr, "")
        self.assertNotIn("FAILED", result.stdout)
        return result

    def assert_fails_check(self, check: str, pattern: str, *words, **more):
        """Verified with exit code 1; `check` is the only one that failed, for a reason that matches `pattern`."""
        result = self.run_program(*self.verify_words(*words), **more)
        self.assertEqual(result.returncode, 1, result.stdout)
        self.assertEqual(result.stderr, "")
        failed = [line.strip() for line in result.stdout.splitlines() if " FAILED " in line]
        self.assertEqual(len(failed), 1, result.stdout)
        self.assertRegex(failed[0], rf"\A{check} +FAILED +.*(?:{pattern})")
        return result

    def assert_only_files(self, folder: pathlib.Path, *names: str):
        """Nothing half-written is left, under whatever name."""
        self.assertEqual(sorted(entry.name for entry in folder.iterdir()), sorted(names))


def write_report(result: unittest.TestResult, cases: list[str]):
    """A report in GoogleTest's form beside those of the C++ tests, so that each case is counted. See ./dev test."""
    place, name = os.environ.get("GTEST_OUTPUT", ""), os.environ.get("PROOFMARK_TEST_NAME", "")
    if not place.startswith("xml:") or not name:
        return
    failed = {str(case).split(" (")[0] for case, _ in result.failures + result.errors}
    suite = ElementTree.Element("testsuite", name=name)
    for case in cases:
        element = ElementTree.SubElement(suite, "testcase", name=case, status="run", result="completed")
        if case in failed:
            ElementTree.SubElement(element, "failure")
    ElementTree.ElementTree(suite).write(pathlib.Path(place.removeprefix("xml:")) / f"{name}.xml")


def all_cases(suite: unittest.TestSuite) -> list[str]:
    cases = []
    for item in suite:
        cases += all_cases(item) if isinstance(item, unittest.TestSuite) else [str(item).split(" (")[0]]
    return cases


def main():
    """Runs the tests of the file that was started."""
    program = unittest.main(module="__main__", exit=False, verbosity=1)
    if program.result.skipped:
        print("a test of the command line is never skipped", file=sys.stderr)
        sys.exit(1)
    write_report(program.result, all_cases(program.testLoader.loadTestsFromModule(sys.modules["__main__"])))
    sys.exit(not program.result.wasSuccessful() or program.result.testsRun == 0)
