"""What is different on a terminal: progress, and the question for a passphrase."""

import os
import pathlib
import signal
import stat

from session import PROGRAM, CommandLineTest, environment, main, write_zip
from terminal import OnTerminal


class Progress(CommandLineTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        write_zip(cls.home / "large.zip", {f"{number}.bin": os.urandom(1 << 20) * 8 for number in range(5)})
        cls.must(*cls.sign_words("large.zip", "large-signed.zip"))

    def on_terminal(self, words, stdout=None) -> OnTerminal:
        return OnTerminal([str(PROGRAM), *map(str, words)], self.home, environment(TERM="dumb"), stdout)

    def assert_shows_progress(self, words, verb: str) -> str:
        with self.on_terminal(words, self.folder / "stdout.txt") as program:
            code, shown = program.finish()
        self.assertEqual(code, 0, shown)
        self.assertRegex(shown, rf"\r\x1b\[K{verb} \S+ \d+%")
        self.assertRegex(shown, r"\r\x1b\[K\Z", "the line is wiped at the end")
        self.assertLessEqual(shown.count("%"), 101, "whole percents only")
        return (self.folder / "stdout.txt").read_text(encoding="utf-8")

    def test_signing(self):
        text = self.assert_shows_progress(self.sign_words("large.zip", self.folder / "out.zip"), "signing")
        self.assertRegex(text, r"\ASigned large.zip")
        self.assertNotIn("\x1b", text)

    def test_verifying(self):
        text = self.assert_shows_progress(self.verify_words("large-signed.zip"), "verifying")
        self.assertRegex(text, r"\Alarge-signed.zip: verified")
        self.assertNotIn("%", text)

    def test_digest(self):
        text = self.assert_shows_progress(["lambda", "digest", "large.zip"], "reading")
        self.assertRegex(text, r"\A[0-9a-f]{96}\n\Z")

    def test_nothing_when_piped(self):
        for words in (self.sign_words("large.zip", self.folder / "out.zip"), self.verify_words("large-signed.zip")):
            result = self.run_program(*words)
            self.assertEqual((result.returncode, result.stderr), (0, ""))
            self.assertNotIn("%", result.stdout)

    def test_nothing_for_what_takes_no_time(self):
        with self.on_terminal(self.verify_words("signed.zip")) as program:
            code, shown = program.finish()
        self.assertEqual(code, 0)
        self.assertNotIn("%", shown)
        self.assertNotIn("\x1b", shown)

    def test_an_error_stands_on_a_line_of_its_own(self):
        data = bytearray((self.home / "large.zip").read_bytes())
        data[len(data) // 2] ^= 1
        (self.folder / "damaged.zip").write_bytes(data)
        with self.on_terminal(self.sign_words(self.folder / "damaged.zip", self.folder / "out.zip")) as program:
            code, shown = program.finish()
        self.assertEqual(code, 1)
        self.assertRegex(shown, r"\r\x1b\[Kproofmark: \S*damaged.zip: ")

    def test_what_is_interrupted_leaves_nothing_behind(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number):
                folder = self.folder / number.name
                folder.mkdir()
                (folder / "out.zip").write_bytes(b"precious")
                with self.on_terminal(self.sign_words("large.zip", folder / "out.zip")) as program:
                    program.wait_for(rb" [1-9]\d?%")
                    os.kill(program.pid, number)
                    code, _ = program.finish()
                self.assertEqual(code, -number)
                self.assertEqual((folder / "out.zip").read_bytes(), b"precious")
                self.assert_only_files(folder, "out.zip")


class Passphrase(CommandLineTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        locked = environment(PROOFMARK_KEY_PASSPHRASE="correct horse")
        cls.must("ca", "init", "locked", env=locked)
        cls.must("ca", "issue", "locked", "signer", env=locked)

    def asked(self, answer: bytes) -> tuple[int, str, pathlib.Path]:
        out = self.folder / "out.zip"
        words = self.sign_words("function.zip", out)
        words[3], words[5] = "locked/signer.key", "locked/signer.crt"
        with OnTerminal([str(PROGRAM), *map(str, words)], self.home, environment()) as program:
            program.wait_for(rb"Passphrase of locked/signer.key: ")
            program.press(answer)
            code, shown = program.finish()
        return code, shown, out

    def test_is_asked_for_and_not_echoed(self):
        code, shown, out = self.asked(b"correct horse\n")
        self.assertEqual(code, 0, shown)
        self.assertNotIn("horse", shown)
        self.assertTrue(stat.S_ISREG(out.stat().st_mode))

    def test_a_wrong_one_is_refused_and_not_echoed(self):
        code, shown, out = self.asked(b"battery staple\n")
        self.assertEqual(code, 1)
        self.assertIn("Check the passphrase", shown)
        self.assertNotIn("staple", shown)
        self.assertFalse(out.exists())

    def test_none_is_refused(self):
        code, shown, _ = self.asked(b"\n")
        self.assertEqual(code, 1, shown)
        code, shown, _ = self.asked(b"\x04")
        self.assertEqual(code, 1, shown)


if __name__ == "__main__":
    main()
