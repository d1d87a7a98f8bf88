"""./dev as a person meets it, and its setup against a made-up package system."""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# What ./dev may use of the real system; everything else, sudo above all, is out of its sight.
REAL_PROGRAMS = "awk bash cat cmp cp cut dirname dpkg env find getent grep ln mkdir mktemp nproc readlink rm sort tail"


def pins(name: str) -> dict[str, tuple[str, str]]:
    """Package -> (version, rule) of one file of tools/setup."""
    table = {}
    for line in (ROOT / "tools/setup" / name).read_text(encoding="utf-8").splitlines():
        words = line.split("#")[0].split()
        if words:
            table[words[0]] = (words[1], words[2] if len(words) > 2 else "")
    return table


class PackageSystem:
    """A folder for PATH with a dpkg-query, apt-cache and apt-get that know what the test tells them."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.installed = {package: version for package, (version, _) in pins("apt-build.txt").items()}
        self.served: dict[str, list[str]] = {package: [version] for package, version in self.installed.items()}
        for program in REAL_PROGRAMS.split():
            path = shutil.which(program)
            assert path, program
            (folder / program).symlink_to(path)

    def script(self, name: str, body: str):
        file = self.folder / name
        file.write_text(f"#!{shutil.which('bash')}\n{body}\n", encoding="utf-8")
        file.chmod(0o755)

    def run(self, *arguments: str, user: int = 0) -> subprocess.CompletedProcess[str]:
        listing = "".join(f"{package} installed {version}\n" for package, version in self.installed.items())
        self.script("dpkg-query", f"cat <<'END'\n{listing}END")
        served = "".join(f"{p} | {v} | somewhere\n" for p, versions in self.served.items() for v in versions)
        self.script("apt-cache", f"grep \"^$2 \" <<'END'\n{served}END")
        self.script("apt-get", f'echo "$*" >>{self.folder}/calls')
        self.script("id", f"echo {user}")
        environment = {"PATH": str(self.folder), "HOME": str(self.folder), "LANG": "C"}
        return subprocess.run(
            ["bash", str(ROOT / "dev"), *arguments],
            env=environment,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self) -> list[str]:
        file = self.folder / "calls"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


class Commands(unittest.TestCase):
    def dev(self, *arguments: str, **options) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(ROOT / "dev"), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **options,
        )

    def test_alone_it_lists_every_command(self):
        run = self.dev(cwd="/")
        self.assertEqual((0, ""), (run.returncode, run.stderr))
        scripts = [ROOT / "dev", *(ROOT / "tools/dev").glob("*.sh")]
        source = "".join(script.read_text(encoding="utf-8") for script in scripts)
        commands = set(re.findall(r"^cmd_(\w+)\(\)", source, re.MULTILINE))
        self.assertLessEqual({"setup", "build", "demo", "test", "bench", "lint", "fuzz"}, commands)
        for command in commands:
            self.assertRegex(run.stdout, rf"(?m)^  {command}\b", command)

    def test_unknown_command_says_so(self):
        run = self.dev("frobnicate")
        self.assertEqual(2, run.returncode)
        self.assertIn("there is no command 'frobnicate'", run.stderr)

    def test_unknown_preset_option_and_target_say_so(self):
        for arguments in (("build", "relaese"), ("setup", "--everything"), ("fuzz", "nothing")):
            run = self.dev(*arguments)
            self.assertEqual(2, run.returncode, arguments)
            self.assertIn(arguments[1], run.stderr)

    def test_it_runs_through_a_link(self):
        with tempfile.TemporaryDirectory() as folder:
            link = pathlib.Path(folder, "dev")
            link.symlink_to(ROOT / "dev")
            run = subprocess.run([str(link)], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            self.assertEqual(0, run.returncode, run.stderr)


class Setup(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.system = PackageSystem(pathlib.Path(folder.name))

    def test_nothing_missing_asks_nobody(self):
        run = self.system.run("setup", "--build")
        self.assertEqual((0, "", ""), (run.returncode, run.stdout, run.stderr))
        self.assertEqual([], self.system.calls())

    def test_missing_package_is_installed_at_its_pin(self):
        del self.system.installed["cmake"]
        self.system.served["cmake"] = ["3.31.6-2", "3.25.1-1"]
        run = self.system.run("setup", "--build")
        self.assertEqual(0, run.returncode, run.stderr)
        update, install = self.system.calls()
        self.assertTrue(update.endswith(" update"), update)
        self.assertTrue(install.endswith("install -y --no-install-recommends cmake=3.25.1-1"), install)

    def test_without_root_and_sudo_the_missing_packages_are_named(self):
        del self.system.installed["cmake"], self.system.installed["clang-19"]
        run = self.system.run("setup", "--build", user=1000)
        self.assertEqual(1, run.returncode)
        self.assertIn("needs root or sudo", run.stderr)
        self.assertIn("cmake", run.stderr)
        self.assertIn("clang-19", run.stderr)
        self.assertEqual([], self.system.calls())

    def test_user_with_sudo_installs_through_it(self):
        del self.system.installed["cmake"]
        self.system.script("sudo", f'echo "sudo $*" >>{self.system.folder}/calls')
        run = self.system.run("setup", "--build", user=1000)
        self.assertEqual(0, run.returncode, run.stderr)
        self.assertEqual(2, len(self.system.calls()))
        for call in self.system.calls():
            self.assertTrue(call.startswith("sudo env DEBIAN_FRONTEND=noninteractive apt-get"), call)

    def test_security_series_replaces_a_pin_that_is_gone(self):
        del self.system.installed["libssl-dev"]
        self.system.served["libssl-dev"] = ["3.0.99-1~deb12u1", "3.0.98-1~deb12u1", "3.5.1-1"]
        run = self.system.run("setup", "--build")
        self.assertEqual(0, run.returncode, run.stderr)
        pin = pins("apt-build.txt")["libssl-dev"][0]
        self.assertIn(f"libssl-dev: taking 3.0.99-1~deb12u1 for the pinned {pin}", run.stdout)
        self.assertIn("libssl-dev=3.0.99-1~deb12u1", self.system.calls()[1])

    def test_new_debian_revision_replaces_a_pin_that_is_gone(self):
        del self.system.installed["cmake"]
        self.system.served["cmake"] = ["3.25.1-1+deb12u1"]
        run = self.system.run("setup", "--build")
        self.assertEqual(0, run.returncode, run.stderr)
        self.assertIn("cmake=3.25.1-1+deb12u1", self.system.calls()[1])

    def test_another_upstream_version_is_refused(self):
        del self.system.installed["cmake"]
        self.system.served["cmake"] = ["3.25.2-1"]
        run = self.system.run("setup", "--build")
        self.assertEqual(1, run.returncode)
        for word in ("cmake", "3.25.1-1", "3.25.2-1"):
            self.assertIn(word, run.stderr)
        self.assertFalse(any("install -y" in call for call in self.system.calls()))

    def test_package_that_the_mirror_lacks_is_named(self):
        del self.system.installed["cmake"], self.system.served["cmake"]
        run = self.system.run("setup", "--build")
        self.assertEqual(1, run.returncode)
        self.assertIn("cmake 3.25.1-1 is pinned, but the package mirror serves no version of it", run.stderr)

    def test_installed_version_outside_the_rule_is_left_alone_and_named(self):
        self.system.installed["cmake"] = "3.31.6-2"
        run = self.system.run("setup", "--build")
        self.assertEqual(1, run.returncode)
        self.assertIn("cmake 3.31.6-2 is installed, but Proofmark is pinned to 3.25.1-1", run.stderr)
        self.assertEqual([], self.system.calls())

    def test_installed_version_inside_the_rule_is_accepted(self):
        self.system.installed["openssl"] = "3.0.11-1~deb12u2"
        self.system.installed["cmake"] = "3.25.1-1+deb12u9"
        self.assertEqual(0, self.system.run("setup", "--build").returncode)

    def test_failure_of_the_package_client_is_shown(self):
        del self.system.installed["cmake"]
        self.system.script("sudo", "echo E: no space left; exit 100")
        run = self.system.run("setup", "--build", user=1000)
        self.assertEqual(1, run.returncode)
        self.assertIn("no space left", run.stderr)


class Pins(unittest.TestCase):
    def test_every_line_has_a_version_a_known_rule_and_a_reason(self):
        for file in sorted((ROOT / "tools/setup").glob("apt-*.txt")):
            for line in file.read_text(encoding="utf-8").splitlines():
                if not line.startswith("#"):
                    self.assertRegex(line, r"^[a-z0-9.+-]+ +[0-9][\w.:+~-]* +((security|any) +)?# \S", file.name)

    def test_one_package_has_one_pin(self):
        seen: dict[str, tuple[str, str]] = {}
        for file in sorted((ROOT / "tools/setup").glob("apt-*.txt")):
            for package, pin in pins(file.name).items():
                self.assertEqual(pin, seen.setdefault(package, pin), package)


if __name__ == "__main__":
    unittest.main()
