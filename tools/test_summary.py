#!/usr/bin/env python3
"""Prints `N passed, N failed` for one test run, counting each case of a GoogleTest program.

usage: test_summary.py RESULTS_FOLDER

RESULTS_FOLDER holds what ctest wrote (*.xml, JUnit form) and, in gtest/, what the programs wrote. The counts also go to
RESULTS_FOLDER/summary.txt. The exit code is 1 when something failed or nothing ran.
"""

import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def cases_of(report: pathlib.Path) -> tuple[int, int, int]:
    """(passed, failed, skipped) of one GoogleTest report."""
    passed = failed = skipped = 0
    for case in ElementTree.parse(report).getroot().iter("testcase"):
        if case.find("failure") is not None:
            failed += 1
        elif case.get("result") == "skipped" or case.get("status") == "notrun":
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def count(results: pathlib.Path) -> tuple[int, int, int]:
    """(passed, failed, skipped) of all that ctest ran."""
    totals = [0, 0, 0]
    for part in sorted(results.glob("*.xml")):
        for test in ElementTree.parse(part).getroot().iter("testcase"):
            failed = test.get("status") == "fail" or test.find("failure") is not None
            skipped = not failed and test.get("status") != "run"
            report = results / "gtest" / f"{test.get('name')}.xml"
            if report.is_file() and not skipped:
                cases = list(cases_of(report))
                # A program that failed outside its cases (a crash, a leak) counts as one failure more.
                if failed and cases[1] == 0:
                    cases[1] = 1
            else:
                cases = [int(not failed and not skipped), int(failed), int(skipped)]
            totals = [total + n for total, n in zip(totals, cases)]
    return totals[0], totals[1], totals[2]


def main() -> int:
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    results = pathlib.Path(sys.argv[1])
    passed, failed, skipped = count(results)
    line = f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else "")
    (results / "summary.txt").write_text(line + "\n", encoding="utf-8")
    print(line)
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
