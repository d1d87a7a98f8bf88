"""Bad input anywhere: an error that names the input and the reason, exit code 1, nothing half-written, nothing lost."""

import datetime
import json
import os
import pathlib
import resource
import shutil
import signal
import stat
import subprocess
import zipfile

from session import JOB, MEMBERS, PROFILE, PROGRAM, SIGNATURE, CommandLineTest, contents, environment, main, peer
from session import write_zip

NOBODY = 65534
ISSUING = """
[ca]
default_ca = authority
[authority]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha384
policy = any
[any]
commonName = supplied
[code_signing]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = codeSigning
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[server]
basicConstraints = CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
"""


def openssl(*words, cwd) -> bytes:
    result = subprocess.run(
        [peer("openssl"), *map(str, words)], cwd=cwd, env=environment(), capture_output=True, stdin=subprocess.DEVNULL
    )
    if result.returncode != 0:
        raise AssertionError(f"openssl {words}: {result.stderr.decode()}")
    return result.stdout


class Files(CommandLineTest):
    """What is named is not there, not readable, or not what it should be."""

    FILE_OPTIONS = {
        "--key": ["lambda", "sign"],
        "--chain": ["lambda", "sign"],
        "IN.zip": ["lambda", "sign"],
        "--root": ["lambda", "verify"],
        "--revocations": ["lambda", "verify"],
        "--passphrase-file": ["ca", "init"],
        "FILE.zip of inspect": ["lambda", "inspect"],
        "FILE.zip of digest": ["lambda", "digest"],
    }

    def words_with(self, option: str, file) -> list:
        """A command line that is right but for the file of one option."""
        if option == "--passphrase-file":
            return ["ca", "init", "--passphrase-file", file, self.folder / "new-ca"]
        if option.startswith("FILE.zip"):
            return [*self.FILE_OPTIONS[option], file]
        if self.FILE_OPTIONS[option][1] == "verify":
            return self.verify_words(option, file, "signed.zip")
        words = self.sign_words("function.zip", self.folder / "out.zip")
        words[-2 if option == "IN.zip" else words.index(option) + 1] = file
        return words

    def assert_each_refuses(self, file, pattern: str):
        before = sorted(self.folder.iterdir())
        for option in self.FILE_OPTIONS:
            with self.subTest(option):
                self.assert_refuses(self.words_with(option, file), pattern)
                self.assertEqual(sorted(self.folder.iterdir()), before, "something was left behind")

    def test_missing(self):
        self.assert_each_refuses(self.folder / "nothing", "/nothing: No such file or directory")

    def test_a_folder(self):
        (self.folder / "some").mkdir()
        self.assert_each_refuses(self.folder / "some", "/some.*not a (regular )?file|/some.*[Ii]s a directory")

    def test_a_pipe_is_refused_not_waited_for(self):
        os.mkfifo(self.folder / "pipe")
        self.assert_each_refuses(self.folder / "pipe", "/pipe.*not a (regular )?file")

    def test_a_device(self):
        self.assert_each_refuses("/dev/zero", "/dev/zero.*not a (regular )?file")

    def test_empty(self):
        (self.folder / "empty").write_bytes(b"")
        self.assert_each_refuses(self.folder / "empty", "/empty")

    def test_garbage(self):
        (self.folder / "garbage").write_bytes(bytes(range(256)) * 300)
        self.assert_each_refuses(self.folder / "garbage", "/garbage")

    def test_verify_reports_a_file_that_is_not_there_and_goes_on(self):
        result = self.run_program(*self.verify_words("nothing.zip", "signed.zip"))
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stdout, r"integrity +FAILED +nothing.zip: No such file or directory")
        self.assertIn("signed.zip: verified", result.stdout)

    def test_a_zip_that_is_cut_anywhere(self):
        data = (self.home / "signed.zip").read_bytes()
        names = []
        for length in range(0, len(data), 61):
            names.append(self.folder / f"{length}.zip")
            names[-1].write_bytes(data[:length])
        result = self.run_program(*self.verify_words("--output", "json", *names))
        packages = json.loads(result.stdout)["packages"]
        self.assertEqual(len(packages), len(names))
        self.assertEqual({package["signatureStatus"] for package in packages}, {"INVALID"})
        for length in (0, 1, 21, 100, len(data) // 2, len(data) - 1):
            cut = self.folder / "cut.zip"
            cut.write_bytes(data[:length])
            self.assert_refuses(self.sign_words(cut, self.folder / "out.zip"), "cut.zip: ", "Is it a ZIP archive")
            self.assertFalse((self.folder / "out.zip").exists())

    def test_what_may_not_be_read(self):
        program, key = self.home / "program", self.home / "ca/signer.key"
        user = {}
        if os.geteuid() == 0:
            # Nothing is forbidden to root: another user runs the program, from a place that he can reach.
            shutil.copy(PROGRAM, program)
            self.home.chmod(0o711)
            user = {"user": NOBODY, "group": NOBODY}
        else:
            program = PROGRAM
            key = self.folder / "locked.key"
            shutil.copy(self.home / "ca/signer.key", key)
            key.chmod(0)
        words = self.sign_words("function.zip", "/dev/null/out.zip")
        words[words.index("--key") + 1] = key
        result = subprocess.run(
            [program, *map(str, words)], cwd=self.home, env=environment(), capture_output=True, text=True, **user
        )
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, rf"{key.name}: Permission denied")


class Keys(CommandLineTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.home / "passphrase.txt").write_text("correct horse\nbattery staple\n", encoding="utf-8")
        cls.must("ca", "init", "--passphrase-file", "passphrase.txt", "locked")
        cls.must("ca", "issue", "--passphrase-file", "passphrase.txt", "locked", "signer")

    def sign(self, *more, key="ca/signer.key", chain="ca/signer.crt") -> list:
        words = self.sign_words("function.zip", self.folder / "out.zip", *more)
        words[words.index("--key") + 1], words[words.index("--chain") + 1] = key, chain
        return words

    def refuses(self, words, *patterns, **more):
        self.assert_refuses(words, *patterns, **more)
        self.assertFalse((self.folder / "out.zip").exists())

    def make_certificate(
        self, name: str, *, key=None, start="20200101000000Z", end="20990101000000Z", extensions="code_signing"
    ) -> tuple:
        """A key, and the chain of a certificate that the intermediate issued with OpenSSL."""
        folder = self.folder
        (folder / "ca.cnf").write_text(ISSUING, encoding="utf-8")
        (folder / "index.txt").touch()
        (folder / "serial").write_text(f"{len(list(folder.iterdir())):02X}\n", encoding="utf-8")
        key = key or ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384")
        openssl("genpkey", *key, "-out", f"{name}.key", cwd=folder)
        openssl("req", "-new", "-key", f"{name}.key", "-subj", f"/CN={name}", "-out", f"{name}.csr", cwd=folder)
        authority = ("-cert", self.home / "ca/intermediate.crt", "-keyfile", self.home / "ca/intermediate.key")
        openssl(
            "ca",
            "-batch",
            "-config",
            "ca.cnf",
            *authority,
            "-startdate",
            start,
            "-enddate",
            end,
            "-extensions",
            extensions,
            "-notext",
            "-in",
            f"{name}.csr",
            "-out",
            f"{name}.leaf",
            cwd=folder,
        )
        chain = (folder / f"{name}.leaf").read_bytes()
        for issuer in ("intermediate.crt", "root.crt"):
            chain += (self.home / "ca" / issuer).read_bytes()
        (folder / f"{name}.crt").write_bytes(chain)
        return folder / f"{name}.key", folder / f"{name}.crt"

    def test_a_certificate_of_openssl_is_as_good_as_ours(self):
        key, chain = self.make_certificate("good")
        self.must(*self.sign(key=key, chain=chain))
        self.assert_verified(self.folder / "out.zip")

    def test_an_expired_certificate(self):
        key, chain = self.make_certificate("old", end="20210101000000Z")
        self.refuses(self.sign(key=key, chain=chain), "old.crt: ", "expired|2021-01-01", "Issue a new certificate")

    def test_a_certificate_of_the_future(self):
        key, chain = self.make_certificate("new", start="20980101000000Z")
        self.refuses(self.sign(key=key, chain=chain), "new.crt: ", "2098-01-01")

    def test_a_certificate_for_something_else(self):
        key, chain = self.make_certificate("server", extensions="server")
        self.refuses(self.sign(key=key, chain=chain), "server.crt: ", "codeSigning")

    def test_an_rsa_key_or_another_curve_is_refused_with_advice(self):
        for name, key in {
            "rsa": ("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"),
            "p256": ("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"),
        }.items():
            with self.subTest(name):
                key_file, chain = self.make_certificate(name, key=key)
                self.refuses(self.sign(key=key_file, chain=chain), "P-384", "proofmark ca issue")

    def test_an_ed25519_key(self):
        openssl("genpkey", "-algorithm", "ED25519", "-out", "ed.key", cwd=self.folder)
        self.refuses(self.sign(key=self.folder / "ed.key"), "ed.key: ")

    def test_a_key_that_is_not_the_certificates(self):
        self.must("ca", "init", self.folder / "other")
        self.must("ca", "issue", self.folder / "other", "signer")
        self.refuses(
            self.sign(key=self.folder / "other/signer.key"), "ca/signer.crt: no certificate", "belongs to the key"
        )

    def test_a_chain_with_something_missing(self):
        leaf, intermediate, root = self.chain_parts()
        for name, parts, patterns in (
            ("leaf.crt", [leaf], ["root certificate"]),
            ("no-root.crt", [leaf, intermediate], ["root certificate"]),
            ("no-intermediate.crt", [leaf, root], ["Append the missing certificates"]),
            ("no-leaf.crt", [intermediate, root], ["no certificate of the chain is that of the signing key"]),
        ):
            with self.subTest(name):
                (self.folder / name).write_text("".join(parts), encoding="utf-8")
                self.refuses(self.sign(chain=self.folder / name), f"{name}: ", *patterns)

    def chain_parts(self) -> list[str]:
        end = "-----END CERTIFICATE-----\n"
        return [part + end for part in (self.home / "ca/signer.crt").read_text(encoding="utf-8").split(end)[:-1]]

    def test_a_chain_in_any_order_is_accepted(self):
        (self.folder / "mixed.crt").write_text("".join(reversed(self.chain_parts())), encoding="utf-8")
        self.must(*self.sign(chain=self.folder / "mixed.crt"))
        self.assert_verified(self.folder / "out.zip")

    def test_key_and_chain_swapped(self):
        self.refuses(self.sign(key="ca/signer.crt", chain="ca/signer.key"), "ca/signer.crt: ", "PRIVATE KEY")

    # --- encrypted keys ---

    LOCKED = {"key": "locked/signer.key", "chain": "locked/signer.crt"}

    def test_an_encrypted_key_without_passphrase(self):
        self.assertIn("ENCRYPTED", (self.home / "locked/signer.key").read_text(encoding="utf-8"))
        self.refuses(self.sign(**self.LOCKED), "signer.key: ", "--passphrase-file", "PROOFMARK_KEY_PASSPHRASE")

    def test_an_encrypted_key_with_its_passphrase(self):
        self.must(*self.sign("--passphrase-file", "passphrase.txt", **self.LOCKED))
        self.must(*self.sign(**self.LOCKED), env=environment(PROOFMARK_KEY_PASSPHRASE="correct horse"))

    def test_an_encrypted_key_with_a_wrong_passphrase(self):
        (self.folder / "wrong.txt").write_text("battery staple\n", encoding="utf-8")
        patterns = ("signer.key: ", "Check the passphrase")
        self.refuses(self.sign("--passphrase-file", self.folder / "wrong.txt", **self.LOCKED), *patterns)
        wrong = environment(PROOFMARK_KEY_PASSPHRASE="correct horse ")
        self.refuses(self.sign(**self.LOCKED), *patterns, env=wrong)
        # A file that is named counts more than the environment.
        right = environment(PROOFMARK_KEY_PASSPHRASE="correct horse")
        self.refuses(self.sign("--passphrase-file", self.folder / "wrong.txt", **self.LOCKED), *patterns, env=right)

    def test_the_passphrase_is_never_shown(self):
        wrong = environment(PROOFMARK_KEY_PASSPHRASE="a secret of mine")
        self.assertNotIn("secret", self.assert_refuses(self.sign(**self.LOCKED), env=wrong).stderr)

    def test_forms_of_a_passphrase_file(self):
        for number, text in enumerate(("correct horse", "correct horse\r\n", "correct horse\n\n\n")):
            (self.folder / f"{number}.txt").write_bytes(text.encode())
            self.must(*self.sign("--passphrase-file", self.folder / f"{number}.txt", **self.LOCKED))
        (self.folder / "out.zip").unlink()
        for name, data in {"empty": b"", "blank": b"\nx\n", "long": b"x" * 2000}.items():
            (self.folder / name).write_bytes(data)
            self.refuses(self.sign("--passphrase-file", self.folder / name, **self.LOCKED), f"/{name}")

    def test_keys_that_openssl_encrypted(self):
        plain = self.home / "ca/signer.key"
        openssl("ec", "-in", plain, "-aes256", "-passout", "pass:correct horse", "-out", "old.key", cwd=self.folder)
        openssl(
            "pkcs8",
            "-topk8",
            "-in",
            plain,
            "-v2",
            "aes-128-cbc",
            "-passout",
            "pass:correct horse",
            "-out",
            "new.key",
            cwd=self.folder,
        )
        for name in ("old.key", "new.key"):
            with self.subTest(name):
                self.must(*self.sign("--passphrase-file", "passphrase.txt", key=self.folder / name))

    def test_openssl_reads_our_encrypted_keys(self):
        text = openssl(
            "pkey", "-in", "locked/signer.key", "-passin", "pass:correct horse", "-noout", "-text", cwd=self.home
        )
        self.assertIn(b"NIST CURVE: P-384", text)


class Outputs(CommandLineTest):
    def test_into_a_folder_that_is_not_there(self):
        self.assert_refuses(self.sign_words("function.zip", self.folder / "no/out.zip"), "no/out.zip: No such file")
        self.assert_only_files(self.folder)

    def test_onto_a_folder(self):
        (self.folder / "out.zip").mkdir()
        self.assert_refuses(self.sign_words("function.zip", self.folder / "out.zip"), "out.zip")
        self.assert_only_files(self.folder, "out.zip")
        self.assert_only_files(self.folder / "out.zip")

    def test_an_existing_output_is_replaced_only_by_a_signed_package(self):
        out = self.folder / "out.zip"
        out.write_bytes(b"precious")
        self.assert_refuses(self.sign_words("signed.zip", out), "signed already")
        self.assertEqual(out.read_bytes(), b"precious")
        damaged = bytearray((self.home / "function.zip").read_bytes())
        damaged[40] ^= 1
        (self.home / "damaged.zip").write_bytes(damaged)
        self.assert_refuses(self.sign_words("damaged.zip", out), "damaged.zip: ")
        self.assertEqual(out.read_bytes(), b"precious")
        self.assert_only_files(self.folder, "out.zip")
        self.must(*self.sign_words("function.zip", out))
        self.assert_verified(out)
        self.assert_only_files(self.folder, "out.zip")

    def test_in_place(self):
        package = self.folder / "package.zip"
        shutil.copy(self.home / "function.zip", package)
        self.must(*self.sign_words(package, package))
        self.assert_verified(package)
        self.assert_refuses(self.sign_words(package, package), "signed already")
        self.assert_verified(package)
        self.assert_only_files(self.folder, "package.zip")

    def test_a_folder_that_may_not_be_written(self):
        closed = self.folder / "closed"
        closed.mkdir(mode=0o755)
        (closed / "out.zip").write_bytes(b"precious")
        words = self.sign_words(self.home / "function.zip", closed / "out.zip")
        program, user = PROGRAM, {}
        if os.geteuid() == 0:
            program = self.home / "program"
            shutil.copy(PROGRAM, program)
            for folder in (self.home, self.folder):
                folder.chmod(0o711)
            key = self.folder / "signer.key"
            shutil.copy(self.home / "ca/signer.key", key)
            key.chmod(0o644)
            words[words.index("--key") + 1] = key
            user = {"user": NOBODY, "group": NOBODY}
        else:
            closed.chmod(0o555)
        result = subprocess.run(
            [program, *map(str, words)], cwd=self.home, env=environment(), capture_output=True, text=True, **user
        )
        closed.chmod(0o755)
        self.assertEqual(result.returncode, 1)
        self.assertRegex(result.stderr, r"\Aproofmark: .*out.zip: Permission denied")
        self.assertEqual((closed / "out.zip").read_bytes(), b"precious")
        self.assert_only_files(closed, "out.zip")

    def test_a_disk_that_fills_up_at_any_point(self):
        """Writing fails at the 1st, the 2nd, ... byte: the old file stays, and nothing else."""
        out = self.folder / "out.zip"
        size = (self.home / "signed.zip").stat().st_size

        def limited(limit):
            def apply():
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # so that write() fails instead
                resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

            return apply

        for limit in [*range(0, size - 64, 199), size - 100]:
            out.write_bytes(b"precious")
            words = self.sign_words("function.zip", out)
            self.assert_refuses(words, "out.zip: ", "File too large", preexec_fn=limited(limit))
            self.assertEqual(out.read_bytes(), b"precious")
            self.assert_only_files(self.folder, "out.zip")
        self.must(*self.sign_words("function.zip", out), preexec_fn=limited(size + 1000))

    def test_standard_output_that_cannot_be_written(self):
        for words in (
            ["version"],
            ["lambda", "--help"],
            self.verify_words("signed.zip"),
            ["lambda", "digest", "signed.zip"],
        ):
            with open("/dev/full", "wb") as full:
                result = self.run_program(*words, stdout=full)
            self.assertEqual((result.returncode, "standard output" in result.stderr), (1, True), words)

    def test_standard_output_that_is_closed_does_not_get_into_a_file(self):
        """Else the first file that is opened takes its place, and messages land in it."""
        out = self.folder / "out.zip"
        for closed in ((1,), (0, 1), (0, 1, 2)):
            out.unlink(missing_ok=True)
            close = lambda closed=closed: [os.close(fd) for fd in closed]
            result = self.run_program(*self.sign_words("function.zip", out), preexec_fn=close)
            self.assertEqual(result.returncode, 1)
            self.assert_verified(out)
        result = self.run_program(*self.sign_words("function.zip", out), preexec_fn=lambda: os.close(2))
        self.assertEqual(result.returncode, 0)
        self.assertEqual(contents(out)[0][0], "handler.py")
        self.assert_verified(out)
        self.assert_only_files(self.folder, "out.zip")

    def test_the_signed_file_has_ordinary_permissions(self):
        for mask, mode in ((0o022, 0o644), (0o077, 0o600)):
            out = self.folder / f"{mask}.zip"
            self.must(*self.sign_words("function.zip", out), preexec_fn=lambda mask=mask: os.umask(mask))
            self.assertEqual(stat.S_IMODE(out.stat().st_mode), mode)


class Packages(CommandLineTest):
    """What can't be signed at all."""

    def refuses(self, package, *patterns):
        self.assert_refuses(self.sign_words(package, self.folder / "out.zip"), *patterns)
        self.assertFalse((self.folder / "out.zip").exists())

    def test_an_empty_archive(self):
        write_zip(self.folder / "empty.zip", {})
        self.refuses(self.folder / "empty.zip", "empty.zip: .*nothing to sign", "Zip the function's files first")

    def test_a_signed_one(self):
        self.refuses("signed.zip", "signed.zip: the package is signed already", "not signed again")

    def test_one_with_a_boundary_list(self):
        write_zip(self.folder / "list.zip", MEMBERS | {"META_INF/proofmark_boundaries_v1": b"x"})
        words = self.sign_words(self.folder / "list.zip", self.folder / "out.zip", "--pin-boundaries")
        self.assert_refuses(words, "proofmark_boundaries_v1 already")

    def test_an_encrypted_one(self):
        (self.folder / "secret.txt").write_bytes(b"secret")
        words = [peer("zip"), "-q", "-P", "pass", "encrypted.zip", "secret.txt"]
        subprocess.run(words, cwd=self.folder, check=True)
        self.refuses(self.folder / "encrypted.zip", "encrypted.zip: .*secret.txt.*encrypted")

    def test_another_compression(self):
        write_zip(self.folder / "bzip2.zip", {"handler.py": b"pass" * 100}, zipfile.ZIP_BZIP2)
        self.refuses(self.folder / "bzip2.zip", "bzip2.zip: .*handler.py.*method")

    def test_a_body_that_does_not_fit_its_checksum(self):
        data = bytearray((self.home / "function.zip").read_bytes())
        at = data.index(b"config.json") + len("config.json") + 3
        data[at] ^= 0x10
        (self.folder / "damaged.zip").write_bytes(data)
        self.refuses(self.folder / "damaged.zip", "damaged.zip: .*config.json")


class Claims(CommandLineTest):
    """--validity and the ARNs."""

    def signed(self, *more, **named) -> dict:
        out = self.folder / "out.zip"
        result = self.must(*self.sign_words("function.zip", out, "--output", "json", *more, **named))
        return json.loads(result.stdout)["signature"]

    def test_validity_counts_calendar_months_and_days(self):
        for period, months, days in (
            ("1d", 0, 1),
            ("90d", 0, 90),
            ("1m", 1, 0),
            ("135m", 135, 0),
            ("2y", 24, 0),
            ("11y", 132, 0),
        ):
            with self.subTest(period):
                claims = self.signed("--validity", period)
                start, end = (
                    datetime.datetime.fromisoformat(claims[name].replace("Z", "+00:00"))
                    for name in ("signingTime", "expiry")
                )
                month = start.month - 1 + months
                day = min(start.day, 28) if months else start.day
                expected = start.replace(day=day, year=start.year + month // 12, month=month % 12 + 1)
                expected += datetime.timedelta(days=days)
                self.assertEqual(end.replace(day=min(end.day, 28) if months else end.day), expected)

    def test_the_default_is_135_months(self):
        claims = self.signed()
        self.assertEqual(claims["expiry"][:7], self.signed("--validity", "135m")["expiry"][:7])

    def test_a_validity_that_is_none(self):
        for period in (
            "",
            "d",
            "m",
            "10",
            "10w",
            "0d",
            "0m",
            "-1d",
            "+5d",
            " 5d",
            "5d ",
            "1.5y",
            "5D",
            "99999999999999d",
            "1d1m",
        ):
            with self.subTest(period):
                self.assert_refuses(
                    self.sign_words("function.zip", self.folder / "x.zip", f"--validity={period}"), "--validity"
                )

    def test_a_validity_that_is_too_long(self):
        for period in ("136m", "12y", "5000d", "2147483647y"):
            with self.subTest(period):
                words = self.sign_words("function.zip", self.folder / "x.zip", "--validity", period)
                self.assert_refuses(words, "--validity: .*135 months at most")

    def test_arns_of_every_partition(self):
        for partition, region in (("aws", "eu-central-1"), ("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")):
            profile, job = (
                arn.replace("arn:aws:", f"arn:{partition}:").replace("us-east-1", region) for arn in (PROFILE, JOB)
            )
            claims = self.signed(profile=profile, job=job)
            self.assertEqual((claims["signingProfileVersionArn"], claims["signingJobArn"]), (profile, job))

    def test_profile_and_job_may_be_of_two_accounts(self):
        """facts 1.4, last line: cross-account signing."""
        self.signed(job=JOB.replace("123456789012", "999999999999"))

    def test_profile_and_job_of_two_regions_are_refused(self):
        words = self.sign_words("function.zip", self.folder / "x.zip", job=JOB.replace("us-east-1", "us-west-2"))
        self.assert_refuses(words, "us-east-1|us-west-2|Region")
        self.assertFalse((self.folder / "x.zip").exists())

    def test_what_is_no_profile_version(self):
        for arn in (
            "",
            "my_app",
            JOB,
            PROFILE.rpartition("/")[0],
            PROFILE + "/",
            PROFILE + "x",
            PROFILE[:-1],
            PROFILE + " ",
            PROFILE.replace("arn:", "ARN:"),
            PROFILE.replace("signer", "lambda"),
            PROFILE.replace("123456789012", "12345678901"),
            PROFILE.replace("123456789012", "12345678901x"),
            PROFILE.replace("us-east-1", ""),
            PROFILE.replace("my_app", "my-app"),
            PROFILE.replace("my_app", "m"),
            PROFILE.replace("my_app", "m" * 65),
            PROFILE.replace("my_app", "my\u00e4app"),
        ):
            with self.subTest(arn):
                words = self.sign_words("function.zip", self.folder / "x.zip", profile=arn)
                self.assert_refuses(words, "--profile-version-arn: |--profile-version-arn ")

    def test_what_is_no_job(self):
        for arn in (
            "",
            PROFILE,
            JOB[:-1],
            JOB + "1",
            JOB.upper(),
            JOB.replace("0f5e", "0F5E"),
            JOB.replace("-4a5e-", "-4a5-e"),
        ):
            with self.subTest(arn):
                words = self.sign_words("function.zip", self.folder / "x.zip", job=arn)
                self.assert_refuses(words, "--job-arn: |--job-arn ")

    def test_an_allowed_profile_that_is_no_arn(self):
        for arn in ("", "*", "my_app", JOB, PROFILE + "*"):
            with self.subTest(arn):
                words = ["lambda", "verify", "--root", "ca/root.crt", "--allowed-profile", arn, "signed.zip"]
                self.assert_refuses(words, "--allowed-profile")


class Authority(CommandLineTest):
    def everything(self, folder: pathlib.Path) -> dict:
        return {
            path.name: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode) for path in folder.iterdir()
        }

    def test_keys_are_for_their_owner_only_whatever_the_mask(self):
        for mask in (0, 0o022, 0o077):
            folder = self.folder / f"{mask}"
            change = {"preexec_fn": lambda mask=mask: os.umask(mask)}
            self.must("ca", "init", folder, **change)
            self.must("ca", "issue", folder, "signer", **change)
            for path in folder.iterdir():
                mode = 0o600 if path.suffix == ".key" else 0o644 & ~mask
                self.assertEqual(stat.S_IMODE(path.stat().st_mode), mode, path)

    def test_twice_refuses_and_changes_nothing(self):
        before = self.everything(self.home / "ca")
        self.assert_refuses(["ca", "init", "ca"], "ca/root.key", "exists", "Nothing was overwritten")
        self.assert_refuses(["ca", "issue", "ca", "signer"], "ca/signer.key", "exists", "Nothing was overwritten")
        self.assertEqual(self.everything(self.home / "ca"), before)

    def test_one_file_that_is_there_already_stops_it_all(self):
        for name in ("root.crt", "root.key", "intermediate.crt", "intermediate.key"):
            folder = self.folder / name
            folder.mkdir()
            (folder / name).write_bytes(b"precious")
            self.assert_refuses(["ca", "init", folder], name, "exists")
            self.assertEqual({path: value[0] for path, value in self.everything(folder).items()}, {name: b"precious"})

    def test_one_file_of_a_certificate_that_is_there_already(self):
        for name in ("lone.key", "lone.crt"):
            path = self.home / "ca" / name
            path.write_bytes(b"precious")
            before = self.everything(self.home / "ca")
            self.assert_refuses(["ca", "issue", "ca", "lone"], name, "exists")
            self.assertEqual(self.everything(self.home / "ca"), before)
            path.unlink()

    def test_names(self):
        for name in ("a", "0", "Build-Server_1.example", "x" * 64):
            self.must("ca", "issue", "ca", name)
            self.assertTrue((self.home / f"ca/{name}.crt").is_file())
        before = self.everything(self.home / "ca")
        for name in ("", ".", "..", ".hidden", "a/b", "../x", "x" * 65, "a b", "\u00fc", "a\n", "-x"):
            with self.subTest(name):
                self.assert_refuses(["ca", "issue", "--", "ca", name], "NAME")
        for name in ("root", "intermediate"):
            self.assert_refuses(["ca", "issue", "ca", name], "exists")
        self.assertEqual(self.everything(self.home / "ca"), before)

    def test_days(self):
        for days in ("0", "-1", "3651", "", "x", "1.5", "99999999999"):
            with self.subTest(days):
                self.assert_refuses(["ca", "issue", f"--days={days}", "ca", "never"], "--days")
        document = json.loads(self.must("ca", "issue", "--days", "3", "--output", "json", "ca", "short").stdout)
        start, end = (
            datetime.datetime.fromisoformat(document["certificate"][key][:-1]) for key in ("notBefore", "notAfter")
        )
        self.assertEqual(end - start, datetime.timedelta(days=3))

    def test_a_certificate_does_not_outlive_its_issuer(self):
        document = json.loads(self.must("ca", "issue", "--days", "3650", "--output", "json", "ca", "long").stdout)
        issuer = openssl(
            "x509", "-in", "ca/intermediate.crt", "-noout", "-enddate", "-dateopt", "iso_8601", cwd=self.home
        )
        self.assertLessEqual(
            document["certificate"]["notAfter"], issuer.decode().strip().split("=")[1].replace(" ", "T")
        )

    def test_a_folder_that_is_no_authority(self):
        self.assert_refuses(["ca", "issue", self.folder, "signer"], "root.crt: No such file")
        self.assert_only_files(self.folder)

    def test_the_name_of_the_authority(self):
        self.must("ca", "init", "--name", "Example & S\u00f6hne", self.folder / "named")
        subject = openssl(
            "x509",
            "-in",
            "root.crt",
            "-noout",
            "-subject",
            "-nameopt",
            "utf8,sep_comma_plus",
            cwd=self.folder / "named",
        )
        self.assertIn("CN=Example & S\u00f6hne Root", subject.decode())
        for name in ("", "x" * 100, "a\nb"):
            with self.subTest(name):
                self.assert_refuses(["ca", "init", "--name", name, self.folder / "bad"], "name")
                self.assertFalse((self.folder / "bad").exists())

    def test_openssl_finds_the_chain_valid(self):
        words = ("-purpose", "codesign", "-CAfile", "ca/root.crt", "-untrusted", "ca/intermediate.crt", "ca/signer.crt")
        self.assertEqual(openssl("verify", "-x509_strict", *words[2:], cwd=self.home), b"ca/signer.crt: OK\n")
        text = openssl("x509", "-in", "ca/signer.crt", "-noout", "-text", cwd=self.home).decode()
        for pattern in ("NIST CURVE: P-384", "ecdsa-with-SHA384", "Code Signing", "CA:FALSE", "Digital Signature"):
            self.assertIn(pattern, text)

    def test_a_folder_that_cannot_be_made(self):
        self.assert_refuses(["ca", "init", "/dev/null/ca"], "/dev/null/ca")
        (self.folder / "file").write_bytes(b"")
        self.assert_refuses(["ca", "init", self.folder / "file"], "/file")

    def test_the_signature_member_is_one_that_people_can_look_at(self):
        text = dict(contents(self.home / "signed.zip"))[SIGNATURE].decode()
        lines = text.splitlines()
        self.assertEqual((lines[0], lines[-1]), ("-----BEGIN PKCS7-----", "-----END PKCS7-----"))
        self.assertEqual({len(line) for line in lines[1:-2]}, {64})


if __name__ == "__main__":
    main()
