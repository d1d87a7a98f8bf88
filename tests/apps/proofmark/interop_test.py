"""Packages that other programs make are signed and verified; what is signed, other programs still read.

And three witnesses that share no code with the product: OpenSSL for the envelope, Python for the content's digest.
"""

import hashlib
import io
import os
import pathlib
import shutil
import subprocess
import zipfile

from session import ROOT, SIGNATURE, CommandLineTest, contents, environment, main, peer, stored_name

FILES = {
    "handler.py": b"def handler(event, context):\n    return {'statusCode': 200}\n" * 50,
    "empty.txt": b"",
    "a name with blanks.txt": b"blanks",
    "lib/pricing.py": b"def price(n):\n    return n * 2\n",
    "lib/deep/er/still.bin": bytes(range(256)) * 300,
    "d\u00e9j\u00e0/\u6f22\u5b57.txt": "\u00e9\u00e8".encode(),
    "random.bin": hashlib.shake_256(b"proofmark").digest(100_000),
}


def sha256(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


HASHES = {name: sha256(body) for name, body in FILES.items()}
DIRECTORIES = ["lib/", "lib/deep/"]
NAMES = [*DIRECTORIES, *FILES]
NODE_FOLDER = "node_zip"


class Unseekable(io.RawIOBase):
    """What a zip is streamed into: sizes come behind the data, in descriptors."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


def content_digest(file: pathlib.Path) -> bytes:
    """facts 1.2, with Python's own zip reader."""
    digest = hashlib.sha384()
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        for entry in archive.infolist():
            if entry.filename != SIGNATURE:
                digest.update(stored_name(entry).encode())
                digest.update(archive.read(entry))
    if "META_INF/" not in names:
        digest.update(b"META_INF/")
    return digest.digest()


class Interop(CommandLineTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files = cls.home / "files"
        for name, body in FILES.items():
            (cls.files / name).parent.mkdir(parents=True, exist_ok=True)
            (cls.files / name).write_bytes(body)
        cls.go_zip = str(cls.home / "go_zip")
        go = environment(GOTOOLCHAIN="local", GOFLAGS="-mod=mod", GO111MODULE="on", GOWORK="off")
        source = pathlib.Path(__file__).parent / "go_zip"
        cls.command([peer("go"), "build", "-o", cls.go_zip, "."], cwd=source, env=go)

    @classmethod
    def command(cls, words, cwd=None, env=None, **more) -> subprocess.CompletedProcess:
        """A peer that has to succeed."""
        result = subprocess.run(
            [str(word) for word in words],
            cwd=cwd or cls.files,
            env=env or environment(),
            timeout=300,
            **({"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | more),
        )
        if result.returncode != 0:
            raise AssertionError(f"exit code {result.returncode} of {words}: {result.stdout} {result.stderr}")
        return result

    # --- packages ---

    def python_zip(self, out, method, stream=False):
        with open(out, "wb") as file, zipfile.ZipFile(Unseekable(file) if stream else file, "w", method) as archive:
            for name in NAMES:
                archive.writestr(name, FILES.get(name, b""))

    def streamed(self, words, out):
        with open(out, "wb") as file:
            writer = subprocess.Popen(
                [str(word) for word in words], cwd=self.files, env=environment(), stdout=subprocess.PIPE
            )
            shutil.copyfileobj(writer.stdout, file)
            writer.stdout.close()
            self.assertEqual(writer.wait(), 0, words)

    def node_zip(self, out):
        cache = os.environ.get("PROOFMARK_CACHE") or os.path.join(
            os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "proofmark"
        )
        modules = os.path.join(cache, "node", NODE_FOLDER, "node_modules")
        self.assertTrue(
            os.path.isdir(os.path.join(modules, "yazl")), "the peer yazl is missing (./dev setup installs it)"
        )
        script = pathlib.Path(__file__).parent / NODE_FOLDER / "write.js"
        self.command([peer("node"), script, out, self.files, *NAMES], env=environment(NODE_PATH=modules))

    def writers(self):
        """Name -> what writes a package to the path that it is given."""
        zip_, seven, tar = peer("zip"), peer("7z"), peer("bsdtar")
        writers = {
            "Info-ZIP": lambda out: self.command([zip_, "-q", out, *NAMES]),
            "Info-ZIP, -X -9": lambda out: self.command([zip_, "-q", "-X", "-9", out, *NAMES]),
            "Info-ZIP, stored": lambda out: self.command([zip_, "-q", "-0", out, *NAMES]),
            "Info-ZIP, UTF-8 names": lambda out: self.command([zip_, "-q", "-UN=UTF8", out, *NAMES]),
            "Info-ZIP, streamed": lambda out: self.streamed([zip_, "-q", "-", *NAMES], out),
            "Python, deflated": lambda out: self.python_zip(out, zipfile.ZIP_DEFLATED),
            "Python, stored": lambda out: self.python_zip(out, zipfile.ZIP_STORED),
            "Python, streamed": lambda out: self.python_zip(out, zipfile.ZIP_DEFLATED, stream=True),
            "Python, stored and streamed": lambda out: self.python_zip(out, zipfile.ZIP_STORED, stream=True),
            "7-Zip": lambda out: self.command([seven, "a", "-tzip", "-bso0", out, *FILES]),
            "7-Zip, -mx=9": lambda out: self.command([seven, "a", "-tzip", "-mx=9", "-bso0", out, "."]),
            "bsdtar": lambda out: self.command([tar, "-n", "--format=zip", "-cf", out, *NAMES]),
            "Go": lambda out: self.command([self.go_zip, "write", out, self.files, *NAMES]),
            "Node": self.node_zip,
        }
        if jar := shutil.which("jar"):  # a JDK is no part of the setup
            writers["jar"] = lambda out: self.command([jar, "--create", "--no-manifest", "--file", out, *FILES])
        return writers

    # --- readers ---

    def extracted(self, package: pathlib.Path) -> dict[str, dict[str, str]]:
        """By program: the files that it makes of a package, with their hashes."""
        found = {}
        for name, words in {
            "unzip": ["unzip", "-q", package, "-d", self.folder / "by"],
            "7-Zip": ["7z", "x", "-bso0", package, f"-o{self.folder}/by"],
            "bsdtar": ["bsdtar", "-xf", package, "-C", self.folder / "by"],
            "Python": ["python3", "-m", "zipfile", "-e", package, self.folder / "by"],
        }.items():
            (self.folder / "by").mkdir()
            self.command([peer(words[0]), *words[1:]])
            files = [path for path in (self.folder / "by").rglob("*") if path.is_file()]
            found[name] = {str(path.relative_to(self.folder / "by")): sha256(path.read_bytes()) for path in files}
            shutil.rmtree(self.folder / "by")
        return found

    def assert_unpacks_as_before(self, package: pathlib.Path, signed: pathlib.Path):
        before, after = self.extracted(package), self.extracted(signed)
        for program, files in after.items():
            self.assertIn(SIGNATURE, files, program)
            del files[SIGNATURE]
            self.assertEqual(files, before[program], program)
            self.assertEqual(sorted(files.values()), sorted(HASHES.values()), program)
        self.command([peer("unzip"), "-tq", signed])
        self.command([peer("7z"), "t", "-bso0", signed])
        listed = self.command([self.go_zip, "list", signed]).stdout.decode()
        members = contents(signed)
        self.assertEqual(listed, "".join(f"{sha256(body)} {name}\n" for name, body in members))
        self.assertEqual({name: sha256(body) for name, body in members if name in FILES}, HASHES)

    # --- tests ---

    def test_packages_of_every_writer_are_signed_verified_and_still_unpacked(self):
        for name, write in self.writers().items():
            with self.subTest(name):
                package, signed = self.folder / "package.zip", self.folder / "signed.zip"
                package.unlink(missing_ok=True)
                write(package)
                before = contents(package)
                self.must(*self.sign_words(package, signed))
                self.assert_verified(signed)
                self.assert_unpacks_as_before(package, signed)
                after = contents(signed)
                self.assertTrue(after[: len(before)] == before, "members were changed")
                self.assertEqual([member for member, _ in after[len(before) :]], ["META_INF/", SIGNATURE])
                for file in (package, signed):
                    self.assertEqual(self.must("lambda", "digest", file).stdout.strip(), content_digest(file).hex())

    def test_signing_leaves_the_bytes_of_the_members_as_they_are(self):
        package, signed = self.home / "function.zip", self.home / "signed.zip"
        with zipfile.ZipFile(package) as archive:
            members = package.read_bytes()[: archive.start_dir]
        self.assertTrue(signed.read_bytes().startswith(members))

    def test_openssl_accepts_the_signature_over_the_raw_digest(self):
        content, signature = self.folder / "content.bin", self.folder / "signature.pem"
        content.write_bytes(self.must("lambda", "digest", "--raw", "signed.zip", raw=True).stdout)
        signature.write_bytes(dict(contents(self.home / "signed.zip"))[SIGNATURE])
        self.assertEqual(content.read_bytes(), content_digest(self.home / "signed.zip"))
        self.assertEqual(signature.read_bytes().split(b"\n")[0], b"-----BEGIN PKCS7-----")
        verify = [peer("openssl"), "cms", "-verify", "-binary", "-inform", "PEM", "-in", signature, "-content", content]
        trust = ["-CAfile", self.home / "ca/root.crt", "-purpose", "any"]
        self.assertEqual(self.command([*verify, *trust]).stdout, content.read_bytes())
        self.assertEqual(self.command([*verify, "-noverify"]).stdout, content.read_bytes())
        # And refuses it for anything else, or under another root.
        content.write_bytes(content.read_bytes()[:-1] + b"\0")
        with self.assertRaises(AssertionError):
            self.command([*verify, *trust])

    def test_openssl_finds_what_aws_signer_writes(self):
        """facts 1.3 and 1.4: one signer, P-384 and SHA-384, seven signed attributes, the whole chain."""
        signature = dict(contents(self.home / "signed.zip"))[SIGNATURE]
        words = [peer("openssl"), "cms", "-cmsout", "-print", "-inform", "PEM", "-noout"]
        text = self.command(words, input=signature).stdout.decode()
        objects = [
            "contentType",
            "messageDigest",
            "signingTime",
            "1.2.840.113549.1.9.52",
            "1.3.187.137.1.2",
            "1.3.187.137.1.3",
            "1.3.187.137.1.4",
        ]
        for name in objects:
            self.assertEqual(text.count(f"object: {name} ") + text.count(f"({name})\n"), 1, name)
        self.assertIn("algorithm: ecdsa-with-SHA384 (1.2.840.10045.4.3.3)", text)
        self.assertIn("eContent: <ABSENT>", text)
        self.assertEqual(text.count("d.certificate:"), 3)
        self.assertRegex(text, r"unsignedAttrs:\s+<(ABSENT|EMPTY)>")

    def test_a_signed_package_that_is_unpacked_and_packed_again_in_order_verifies(self):
        """facts 1.7: AWS was recorded to accept a recompressed package."""
        names = [name for name, _ in contents(self.home / "signed.zip")]
        self.command([peer("unzip"), "-q", self.home / "signed.zip", "-d", self.folder / "unpacked"])
        for number, options in enumerate((["-9"], ["-0", "-X"])):
            again = self.folder / f"again{number}.zip"
            self.command([peer("zip"), "-q", *options, again, *names], cwd=self.folder / "unpacked")
            self.assertEqual([name for name, _ in contents(again)], names)
            self.assert_verified(again)

    def test_a_package_with_a_signature_folder_of_its_own_gets_no_second_one(self):
        package, signed = self.folder / "package.zip", self.folder / "signed.zip"
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("META_INF/", b"")
            archive.writestr("handler.py", b"pass")
        self.must(*self.sign_words(package, signed))
        self.assertEqual([name for name, _ in contents(signed)], ["META_INF/", "handler.py", SIGNATURE])
        self.assert_verified(signed)

    def test_what_bsdtar_pads_is_refused_with_the_reason(self):
        """It fills what it streams up to whole blocks of a tape; another reader may find something in there."""
        package = self.folder / "package.zip"
        self.streamed([peer("bsdtar"), "-n", "--format=zip", "-cf", "-", *NAMES], package)
        words = self.sign_words(package, self.folder / "signed.zip")
        self.assert_refuses(words, r"package.zip: \d+ bytes follow the end record", "pack it anew")
        self.assert_only_files(self.folder, "package.zip")

    def test_a_zip64_package_is_signed(self):
        package, signed = self.folder / "package.zip", self.folder / "signed.zip"
        with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(70_000):
                archive.writestr(f"{number}", b"")
        self.must(*self.sign_words(package, signed))
        self.assert_verified(signed)
        self.command([peer("7z"), "t", "-bso0", signed])
        self.assertEqual(len(contents(signed)), 70_002)


class SetUp(CommandLineTest):
    def test_the_peer_of_node_is_pinned(self):
        folder = pathlib.Path(__file__).parent / NODE_FOLDER
        self.assertIn('"yazl": "3.3.1"', (folder / "package.json").read_text(encoding="utf-8"))
        self.assertIn('"integrity": "sha512-', (folder / "package-lock.json").read_text(encoding="utf-8"))
        self.assertTrue((ROOT / "dev").is_file())


if __name__ == "__main__":
    main()
