"""tools/test_summary.py counts what ctest and the GoogleTest programs wrote."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

GTEST = """<testsuites><testsuite name="Json">
<testcase name="a" status="run" result="completed"/><testcase name="b" status="run" result="completed"/>
{extra}</testsuite></testsuites>"""


class Summary(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.results = pathlib.Path(folder.name)
        (self.results / "gtest").mkdir()

    def ctest(self, part: str, **status: str):
        cases = "".join(
            f'<testcase name="{name}" status="{value}">{"<failure/>" if value == "fail" else ""}</testcase>'
            for name, value in status.items()
        )
        (self.results / f"{part}.xml").write_text(f"<testsuite>{cases}</testsuite>", encoding="utf-8")

    def gtest(self, name: str, extra: str = ""):
        (self.results / "gtest" / f"{name}.xml").write_text(GTEST.format(extra=extra), encoding="utf-8")

    def assert_summary(self, line: str, code: int):
        command = [sys.executable, str(ROOT / "tools/test_summary.py"), str(self.results)]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        self.assertEqual((line + "\n", code), (run.stdout, run.returncode), run.stderr)
        self.assertEqual(line + "\n", (self.results / "summary.txt").read_text(encoding="utf-8"))

    def test_cases_of_programs_and_plain_tests_are_added_over_parts(self):
        self.ctest("fast", codec_test="run", includes="run")
        self.gtest("codec_test")
        self.ctest("slow", sweep="run")
        self.assert_summary("4 passed, 0 failed", 0)

    def test_failed_case_is_counted_once(self):
        self.ctest("fast", codec_test="fail")
        self.gtest("codec_test", '<testcase name="c" status="run" result="completed"><failure/></testcase>')
        self.assert_summary("2 passed, 1 failed", 1)

    def test_program_that_fails_outside_its_cases_is_a_failure(self):
        self.ctest("fast", codec_test="fail")
        self.gtest("codec_test")
        self.assert_summary("2 passed, 1 failed", 1)

    def test_program_that_crashed_has_no_report(self):
        self.ctest("fast", codec_test="fail")
        self.assert_summary("0 passed, 1 failed", 1)

    def test_skipped_cases_are_not_passed(self):
        self.ctest("fast", codec_test="run")
        self.gtest("codec_test", '<testcase name="c" status="run" result="skipped"><skipped/></testcase>')
        self.assert_summary("2 passed, 0 failed, 1 skipped", 0)

    def test_nothing_ran_is_no_success(self):
        self.assert_summary("0 passed, 0 failed", 1)


if __name__ == "__main__":
    unittest.main()
