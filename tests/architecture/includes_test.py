"""src/ keeps to cmake/tiers.txt and third_party.txt, and the checker that says so finds what it must find."""

import pathlib
import tempfile
import unittest

import includes

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

TIERS = """
# folder  tier  may include
base       0
codec      1  base
codec/zip  1  base
crypto     1  base
x509       2  base codec crypto
"""
THIRD_PARTY = """
openssl/  crypto
zlib.h    codec/zip
curl/
"""


class OurTree(unittest.TestCase):
    def test_every_include_is_allowed(self):
        found = includes.violations(
            ROOT / "src", ROOT / "cmake/tiers.txt", ROOT / "tests/architecture/third_party.txt"
        )
        self.assertEqual([], found, "\n" + "\n".join(found))

    def test_every_listed_folder_exists(self):
        for folder in includes.read_table(ROOT / "cmake/tiers.txt"):
            self.assertTrue((ROOT / "src" / folder / "CMakeLists.txt").is_file(), folder)

    def test_the_tree_is_seen(self):
        self.assertIn("base", includes.read_table(ROOT / "cmake/tiers.txt"))
        self.assertGreater(len(list((ROOT / "src").rglob("*.cc"))), 5)


class Checker(unittest.TestCase):
    """Each test writes a small src/ with one line that must be reported, or must not."""

    def check(self, files: dict[str, str]) -> list[str]:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / "tiers.txt").write_text(TIERS, encoding="utf-8")
            (folder / "third_party.txt").write_text(THIRD_PARTY, encoding="utf-8")
            for path, text in files.items():
                file = folder / "src" / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return includes.violations(folder / "src", folder / "tiers.txt", folder / "third_party.txt")

    def assert_reported(self, files: dict[str, str], *words: str):
        found = self.check(files)
        self.assertEqual(1, len(found), found)
        for word in words:
            self.assertIn(word, found[0])

    def test_downward_includes_are_allowed(self):
        source = '#include <vector>\n#include "crypto/key.h"\n#include "x509/a.h"\n'
        self.assertEqual([], self.check({"x509/a.cc": source}))

    def test_upward_include_is_reported(self):
        self.assert_reported({"base/a.cc": '#include "crypto/key.h"\n'}, "base/a.cc", "may not use crypto")

    def test_sideways_include_is_reported(self):
        self.assert_reported({"codec/a.h": '#include "crypto/key.h"\n'}, "codec may not use crypto")

    def test_folder_inside_another_is_a_folder_of_its_own(self):
        self.assert_reported({"codec/zip/a.h": '#include "codec/json.h"\n'}, "codec/zip may not use codec")
        self.assert_reported({"codec/a.h": '#include "codec/zip/reader.h"\n'}, "codec may not use codec/zip")

    def test_use_is_not_inherited(self):
        self.assert_reported({"x509/a.h": '#include "codec/zip/reader.h"\n'}, "x509 may not use codec/zip")

    def test_unlisted_folder_is_reported(self):
        self.assert_reported({"extra/a.h": "#pragma once\n"}, "extra/a.h is in no folder")

    def test_include_of_unlisted_folder_is_reported(self):
        self.assert_reported({"x509/a.h": '#include "extra/a.h"\n'}, "extra/a.h, which is in no folder")

    def test_indented_and_spaced_include_is_seen(self):
        self.assert_reported({"base/a.cc": '  #  include   "crypto/key.h"\n'}, "may not use crypto")

    def test_include_without_its_folder_is_reported(self):
        self.assert_reported({"base/a.cc": '#include "b.h"\n', "base/b.h": ""}, "without its folder")

    def test_generated_header_has_no_folder(self):
        self.assertEqual([], self.check({"base/a.cc": '#include "base_generated.h"\n'}))

    def test_third_party_is_for_its_folder(self):
        self.assert_reported({"x509/a.cc": "#include <openssl/x509.h>\n"}, "openssl/x509.h", "for crypto only")
        self.assert_reported({"crypto/a.cc": "#include <zlib.h>\n"}, "for codec/zip only")
        self.assert_reported({"base/a.cc": '#include "curl/curl.h"\n'}, "for nobody only")
        self.assertEqual([], self.check({"crypto/a.cc": "#include <openssl/evp.h>\n"}))

    def test_third_party_stays_out_of_headers(self):
        self.assert_reported({"crypto/a.h": "#include <openssl/evp.h>\n"}, "headers don't show")
        self.assertEqual([], self.check({"crypto/openssl_handles.h": "#include <openssl/evp.h>\n"}))

    def test_handles_are_private_to_their_folder(self):
        self.assert_reported({"x509/a.cc": '#include "crypto/openssl_handles.h"\n'}, "private to crypto")
        self.assertEqual([], self.check({"crypto/a.cc": '#include "crypto/openssl_handles.h"\n'}))


if __name__ == "__main__":
    unittest.main()
