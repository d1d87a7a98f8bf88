"""cmake/Tiers.cmake refuses tables with an edge that does not point down."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class Tiers(unittest.TestCase):
    def configure(self, table: str) -> subprocess.CompletedProcess[str]:
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "tiers.txt")
            file.write_text(table, encoding="utf-8")
            return subprocess.run(
                ["cmake", "-D", f"PROOFMARK_TIERS_FILE={file}", "-P", str(ROOT / "cmake/Tiers.cmake")],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )

    def assert_refused(self, table: str, words: str):
        run = self.configure(table)
        self.assertNotEqual(0, run.returncode)
        # CMake breaks its messages into lines as it likes.
        self.assertIn(words, " ".join(run.stderr.split()))

    def test_our_table_is_accepted(self):
        run = self.configure((ROOT / "cmake/tiers.txt").read_text(encoding="utf-8"))
        self.assertEqual(0, run.returncode, run.stderr)

    def test_downward_edges_are_accepted(self):
        run = self.configure("base 0\ncrypto 1 base\nx509 2 base crypto\n")
        self.assertEqual(0, run.returncode, run.stderr)

    def test_a_folder_may_use_the_one_around_it(self):
        run = self.configure("base 0\nenvelope 3 base\nenvelope/cms 3 base envelope\n")
        self.assertEqual(0, run.returncode, run.stderr)

    def test_upward_edge_is_refused(self):
        self.assert_refused("base 0 crypto\ncrypto 1 base\n", "base (tier 0) must not depend on crypto (tier 1)")

    def test_sideways_edge_is_refused(self):
        self.assert_refused("base 0\ncodec 1 base crypto\ncrypto 1 base\n", "codec (tier 1) must not depend on crypto")

    def test_a_folder_may_not_use_the_one_inside_it(self):
        self.assert_refused("codec 1 codec/zip\ncodec/zip 1\n", "codec (tier 1) must not depend on codec/zip (tier 1)")

    def test_unlisted_folder_is_refused(self):
        self.assert_refused("base 0\ncodec 1 base extra\n", "codec may include 'extra', which the table does not list")

    def test_folder_listed_twice_is_refused(self):
        self.assert_refused("base 0\nbase 1\n", "base is listed twice")

    def test_tier_that_is_no_number_is_refused(self):
        self.assert_refused("base\nbad low\n", "has the tier")


if __name__ == "__main__":
    unittest.main()
