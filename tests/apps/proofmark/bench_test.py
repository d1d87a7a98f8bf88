"""tools/bench.py measures everything that it promises. How fast anything is, is not judged here."""

import json
import subprocess
import sys

from session import PROGRAM, ROOT, CommandLineTest, environment, main

BENCH = ROOT / "tools/bench.py"
TARGETS = {
    "start-up": "< 5 ms",
    "P-384: small packages verified": ">= 0.90",
    "P-384: envelopes verified": ">= 0.90",
    "P-384: signatures verified": ">= 0.90",
    "P-384: envelopes signed": ">= 0.90",
    "P-384: signatures made": ">= 0.90",
    "verify 16 MiB, realistic": "<= 1.00",
    "sign 16 MiB, realistic": "<= 1.00",
    "verify 16 MiB, text": "<= 1.00",
    "sign 16 MiB, text": "<= 1.00",
    "verify 16 MiB, incompressible": "<= 1.00",
    "sign 16 MiB, incompressible": "<= 1.00",
    "peak memory, sign 16 MiB": "< 64 MiB",
    "peak memory, verify 16 MiB": "< 64 MiB",
    "peak memory, sign 2000 members": "< 64 MiB",
    "peak memory, verify 2000 members": "< 64 MiB",
}


class Bench(CommandLineTest):
    def run_bench(self, *words, folder=PROGRAM.parent) -> subprocess.CompletedProcess:
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        env = environment(TMPDIR=str(temporary))
        result = subprocess.run(
            [sys.executable, "-B", str(BENCH), str(folder), *words], env=env, capture_output=True, text=True
        )
        self.assert_only_files(temporary)
        return result

    def test_a_quick_run_measures_everything(self):
        result = self.run_bench("--quick", "--output", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        document = json.loads(result.stdout)
        self.assertTrue(document["quick"])
        rows = {row["what"]: row for row in document["measurements"]}
        judged = {what: row["target"] for what, row in rows.items() if row["met"] is not None}
        for start, target in TARGETS.items():
            (found,) = [what for what in judged if what.startswith(start)]
            self.assertEqual(judged.pop(found), target)
        self.assertEqual(judged, {}, "add the new target to this test's table")
        for what, row in rows.items():
            if row["ratio"] is not None:
                self.assertGreater(row["ratio"], 0, what)

    def test_a_measurement_that_cannot_be_made_is_an_error(self):
        result = self.run_bench("--quick", folder=self.folder)
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("bench: a measurement failed: ", result.stderr)


if __name__ == "__main__":
    main()
