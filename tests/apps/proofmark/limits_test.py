"""Large packages: up to the limits they work, beyond them they are refused with the reason, and memory stays small."""

import json
import re
import subprocess
import sys
import zipfile

from session import PROGRAM, CommandLineTest, environment, main

MIB = 1 << 20
LIMIT = 250 * MIB
MEMORY = 64 * MIB
# A process starts with its parent's peak, so a small Python forks the program: it tells peak and exit code.
PEAK = """
import os, sys
pid = os.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
_, status, usage = os.wait4(pid, 0)
print(f"peak {usage.ru_maxrss} KiB, exit code {os.waitstatus_to_exitcode(status)}", file=sys.stderr)
"""


class Limits(CommandLineTest):
    def deflated(self, name: str, sizes: list[int]):
        """Members of zeros: what deflate packs best, a thousand to one."""
        path = self.folder / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for number, size in enumerate(sizes):
                archive.writestr(f"{number}.bin", bytes(size))
        return path

    def peak(self, *words) -> tuple[int, int, str]:
        """Peak memory in bytes, exit code, output."""
        result = subprocess.run(
            [sys.executable, "-I", "-S", "-c", PEAK, str(PROGRAM), *map(str, words)],
            cwd=self.home,
            env=environment(),
            capture_output=True,
            text=True,
        )
        found = re.search(r"peak (\d+) KiB, exit code (-?\d+)\n\Z", result.stderr)
        return int(found[1]) * 1024, int(found[2]), result.stdout + result.stderr

    def assert_signs_and_verifies_in_little_memory(self, package):
        signed = self.folder / "signed.zip"
        for words in (self.sign_words(package, signed), self.verify_words(signed)):
            peak, code, text = self.peak(*words)
            self.assertEqual(code, 0, text)
            self.assertLess(peak, MEMORY)

    def test_250_mib_in_one_member(self):
        self.assert_signs_and_verifies_in_little_memory(self.deflated("one.zip", [LIMIT]))

    def test_250_mib_in_many_members(self):
        self.assert_signs_and_verifies_in_little_memory(self.deflated("many.zip", [MIB] * 249 + [MIB // 2] * 2))

    def test_one_byte_more_is_refused(self):
        for name, sizes in {"one.zip": [LIMIT + 1], "two.zip": [LIMIT // 2, LIMIT // 2 + 1]}.items():
            with self.subTest(name):
                package = self.deflated(name, sizes)
                self.assert_refuses(self.sign_words(package, self.folder / "out.zip"), f"{name}: .*(262144000|250 MiB)")
                self.assertFalse((self.folder / "out.zip").exists())
                self.assert_refuses(["lambda", "digest", package], f"{name}: ")
                self.assert_fails_check("integrity", "262144000|250 MiB", package)

    def test_100000_members(self):
        package = self.folder / "package.zip"
        with zipfile.ZipFile(package, "w") as archive:
            for number in range(99_998):
                archive.writestr(f"{number}", b"")
        self.assert_signs_and_verifies_in_little_memory(package)
        with zipfile.ZipFile(package, "a") as archive:
            archive.writestr("one-more", b"")
        self.assert_refuses(self.sign_words(package, self.folder / "out.zip"), "package.zip: 99999 members", "100000")
        with zipfile.ZipFile(package, "a") as archive:
            archive.writestr("two-more", b"")
            archive.writestr("three-more", b"")
        result = self.run_program(*self.verify_words("--output", "json", package))
        (verdict,) = json.loads(result.stdout)["packages"]
        self.assertEqual(verdict["error"]["reason"], "zip.too_many_entries")

    def test_a_bomb_is_refused_before_it_goes_off(self):
        package = self.deflated("bomb.zip", [10 * MIB] * 40)
        self.assertLess(package.stat().st_size, 2 * MIB)
        peak, code, text = self.peak(*self.verify_words(package))
        self.assertEqual(code, 1, text)
        self.assertRegex(text, "integrity +FAILED")
        self.assertLess(peak, MEMORY)


if __name__ == "__main__":
    main()
