"""tools/check_text.py reports each thing that it is there to report, and nothing in files that keep the rules."""

import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import check_text  # noqa: E402


class TextRules(unittest.TestCase):
    def findings(self, name: str, text: str | bytes) -> list[tuple[int, str]]:
        content = text.encode() if isinstance(text, str) else text
        return list(check_text.check_file(name, content))

    def assert_reported(self, name: str, text: str | bytes, words: str, line: int = 1):
        found = self.findings(name, text)
        self.assertEqual(1, len(found), found)
        self.assertEqual(line, found[0][0])
        self.assertIn(words, found[0][1])

    def test_clean_files_pass(self):
        self.assertEqual([], self.findings("src/base/a.h", "#pragma once\n\nint f();\n"))
        self.assertEqual([], self.findings("tools/a.py", "print('x')\n"))
        self.assertEqual([], self.findings("README.md", "A long line is fine in prose. " * 20 + "Yes.\n"))

    def test_layout(self):
        self.assert_reported("a.md", "x", "no newline at the end")
        self.assert_reported("a.md", "x\n\n", "blank line at the end", 2)
        self.assert_reported("a.md", "x\ny \n", "white space at the end", 2)
        self.assert_reported("a.md", "x\r\n", "white space at the end")
        self.assert_reported("a.py", "if 1:\n\tx = 1\n", "tab", 2)
        self.assert_reported("a.sh", "#" * 121 + "\n", "121 columns")
        self.assert_reported("a.md", b"\xff\n", "not UTF-8")
        self.assertEqual([], self.findings("a.sh", "#" * 120 + "\n"))
        self.assertEqual([], self.findings("tests/interop/a.go", "func f() {\n\treturn\n}\n"))
        self.assertEqual([], self.findings("tests/x509/a_test.cc", 'auto go = R"go(func f() {\n\treturn\n})go";\n'))
        self.assert_reported("tests/x509/a_test.cc", 'auto a = R"(\t)";\n\tint b;\n', "tab", 2)

    def test_data_is_left_alone(self):
        self.assertEqual([], self.findings("fuzz/corpus/json/a.txt", "\t "))
        self.assertEqual([], self.findings("tests/codec/data/a.json", "\t "))

    def test_vague_names(self):
        for name in ("src/util/a.txt", "src/base/helpers.h", "tests/Common.cmake"):
            found = self.findings(name, "#pragma once\n")
            self.assertIn("hides what is inside", found[0][1], name)
        self.assertEqual([], self.findings("src/base/utility_types.h", "#pragma once\n"))

    def test_paths_of_one_machine(self):
        for folder in ("work", "root", "tmp"):
            self.assert_reported("a.md", f"see /{folder}/main\n", "path of one machine")
        self.assertEqual([], self.findings("a.md", "see docs/work/x and https://host.example/root/x\n"))

    def test_registry_hosts(self):
        lock = '{"resolved": "https://registry.npmjs' + '.org/x"}\n'
        self.assert_reported("package-lock.json", lock, "host of a package registry")
        self.assert_reported("a.md", "pypi" + ".org\n", "host of a package registry")

    def test_ambient_state_lives_in_base(self):
        for call in ("std::chrono::system_clock::now()", "getenv(x)", "std::random_device d", "sleep_for(d)"):
            self.assert_reported("src/x509/a.cc", f"// why\nauto x = {call};\n", "src/base only", 2)
            self.assertEqual([], self.findings("src/base/a.cc", f"auto x = {call};\n"))

    def test_comments_and_literals_are_not_code(self):
        for source in ("// getenv", "/* getenv\n getenv */", 'auto x = "getenv";', 'auto y = R"(getenv)";'):
            self.assertEqual([], self.findings("src/x509/a.cc", source + " int n = 1'000;\n"), source)
        self.assert_reported("src/x509/a.cc", "char c = '\"'; getenv(x); // \"\n", "src/base only")

    def test_tests_do_not_sleep(self):
        self.assert_reported("tests/base/a_test.cc", "void f() { sleep(1); }\n", "a test doesn't sleep")

    def test_headers(self):
        self.assert_reported("src/base/a.h", "int f();\n", "#pragma once")
        self.assert_reported("src/base/a.h", "#pragma once\nusing namespace std;\n", "using namespace in a header", 2)
        self.assertEqual([], self.findings("src/base/a.cc", "using namespace proofmark;\n"))

    def test_assertions_have_no_side_effects(self):
        for argument in ("++n > 0", "n = f(x)", "set.insert(x).second", "f(g(n--))"):
            self.assert_reported("src/base/a.cc", f"assert({argument});\n", "side effect")
        for argument in ("n == 1", "n <= f(x) && m >= 2", "n != 0", "!set.empty()"):
            self.assertEqual([], self.findings("src/base/a.cc", f"assert({argument});\n"), argument)

    def test_python_compiles(self):
        self.assert_reported("tools/a.py", "x = 1\ndef f(:\n", "does not compile", 2)


if __name__ == "__main__":
    unittest.main()
