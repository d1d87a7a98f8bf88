"""tools/demo.sh shows what it says, and notices when it doesn't."""

import pathlib
import re
import shutil
import subprocess

from session import PROGRAM, ROOT, CommandLineTest, environment, main, peer

DEMO = ROOT / "tools/demo.sh"


class Demo(CommandLineTest):
    def run_demo(self, folder: pathlib.Path, **changes) -> subprocess.CompletedProcess:
        (self.folder / "tmp").mkdir(exist_ok=True)
        env = environment(TMPDIR=str(self.folder / "tmp"), TERM="xterm", **changes)
        result = subprocess.run(
            [peer("bash"), str(DEMO), str(folder)], env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
        self.assert_only_files(self.folder / "tmp")  # it cleans up, whatever happens
        return result

    def doctored(self, script: str) -> pathlib.Path:
        """A folder with a proofmark that is not quite the real one."""
        folder = self.folder / "bin"
        folder.mkdir()
        (folder / "proofmark").write_text(f"#!{peer('bash')}\nreal={PROGRAM}\n{script}\n", encoding="utf-8")
        (folder / "proofmark").chmod(0o755)
        return folder

    def test_every_step_does_what_it_should(self):
        result = self.run_demo(PROGRAM.parent)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        self.assertRegex(result.stdout, r"(?m)^All \d\d steps did what they should\.$")
        self.assertNotIn("[WRONG]", result.stdout)
        self.assertEqual(result.stdout.count("[ok]"), int(re.search(r"All (\d+) steps", result.stdout)[1]))
        for reason in (
            "an altered body",
            "a renamed member",
            "another order",
            "an added member",
            "an unsigned package",
            "a publisher that is not allowed",
            "a root that nobody trusts",
            "an expired signature",
            "a revoked signature",
            "with --strict",
        ):
            self.assertRegex(result.stdout, rf"(?m)^  \[ok\] refused: .*{reason}")

    def test_it_reads_well_on_100_columns_and_has_colours_on_a_terminal_only(self):
        lines = self.run_demo(PROGRAM.parent).stdout.splitlines()
        self.assertNotIn("\x1b", "".join(lines))
        for line in lines:
            self.assertLessEqual(len(line), 106 if line.startswith("  $ ") else 100, line)

    def test_a_verifier_that_accepts_everything_is_noticed(self):
        folder = self.doctored(
            'if [[ "$1 $2" == "lambda verify" ]]; then echo "${!#}: verified"; exit 0; fi; exec "$real" "$@"'
        )
        result = self.run_demo(folder)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"\[WRONG\] refused: an altered body")
        self.assertRegex(result.stdout, r"(?m)^\d+ of \d+ steps did NOT do what they should:$")

    def test_a_verifier_that_refuses_everything_is_noticed(self):
        result = self.run_demo(self.doctored('[[ $2 == verify ]] && set -- "$@" --at 2001-01-01; exec "$real" "$@"'))
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"\[WRONG\] all four checks passed")

    def test_a_program_that_crashes_is_no_refusal(self):
        folder = self.doctored(
            'case "$*" in *edited.zip) echo "integrity FAILED the content is not what was signed"; '
            'kill -SEGV $$;; esac; exec "$real" "$@"'
        )
        self.assertRegex(self.run_demo(folder).stdout, r"\[WRONG\] refused: an altered body")

    def test_without_the_program_it_says_how_it_is_called(self):
        for words in ([], [str(self.folder)], [str(PROGRAM.parent), "more"]):
            result = subprocess.run([peer("bash"), str(DEMO), *words], capture_output=True, text=True)
            self.assertEqual(result.returncode, 2)
            self.assertIn("usage: tools/demo.sh BIN_DIR", result.stderr)

    def test_it_works_in_a_folder_with_a_blank_in_its_name(self):
        folder = self.folder / "a folder"
        folder.mkdir()
        shutil.copy(PROGRAM, folder / "proofmark")
        self.assertEqual(self.run_demo(folder).returncode, 0)


if __name__ == "__main__":
    main()
