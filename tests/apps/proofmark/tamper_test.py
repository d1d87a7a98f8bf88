"""What an attacker does to a signed zip, and what innocent tools do to it. aws-signing facts 1.2 and 1.7.

The altered archives are rewritten properly, with right lengths, offsets and checksums: only the signature can tell.
"""

import base64
import copy
import json
import pathlib
import struct
import subprocess
import zipfile

from session import BOUNDARIES, MEMBERS, SIGNATURE, CommandLineTest, alter_zip, contents, main, peer, write_zip

Archive, Member = alter_zip.Archive, alter_zip.Member


def pem(der: bytes, label: str = "PKCS7") -> bytes:
    text = base64.encodebytes(der).replace(b"\n", b"")
    lines = [text[at : at + 64] for at in range(0, len(text), 64)]
    head, tail = (f"-----{word} {label}-----\n".encode() for word in ("BEGIN", "END"))
    return head + b"\n".join(lines) + b"\n" + tail


def der(body: bytes) -> bytes:
    return base64.b64decode(b"".join(body.split(b"\n")[1:-2]))


def with_envelope(change):
    """A change of the CMS envelope inside the signature member."""

    def apply(archive: Archive):
        member = archive[SIGNATURE]
        member.body = pem(change(der(member.body)))

    return apply


def with_signature_text(change):
    def apply(archive: Archive):
        archive[SIGNATURE].body = change(archive[SIGNATURE].body)

    return apply


def named(change: str, *arguments: str):
    return lambda archive: alter_zip.CHANGES[change](archive, *arguments)


def replaced_once(old: bytes, new: bytes):
    def apply(data: bytes) -> bytes:
        assert data.count(old) == 1 and len(old) == len(new), (data.count(old), old)
        return data.replace(old, new)

    return apply


def flipped_last_bit(data: bytes) -> bytes:
    """The last byte of the envelope is the last byte of the signature's s."""
    return data[:-1] + bytes([data[-1] ^ 1])


def second_signature(archive: Archive):
    archive.members.append(copy.copy(archive[SIGNATURE]))


def member_before(index: int, name: str, body: bytes = b"x"):
    return lambda archive: archive.members.insert(index, Member(name.encode(), body))


def directory_becomes_file(archive: Archive):
    archive["lib/"].name = b"lib"


def without_directories_slash(archive: Archive):
    archive["META_INF/"].name = b"META_INF"


# Every way to alter what is signed, and why it is refused. facts 1.7: all of these are integrity failures.
ATTACKS = {
    "a body is edited": (named("edit", "handler.py", "200", "201"), "cms.digest_mismatch"),
    "a body grows": (named("edit", "config.json", "100", "1000"), "cms.digest_mismatch"),
    "a body is emptied": (named("edit", "config.json", '{"limit": 100}\n', ""), "cms.digest_mismatch"),
    "a member is renamed": (named("rename", "handler.py", "handlers.py"), "cms.digest_mismatch"),
    "a member's name changes case": (named("rename", "handler.py", "Handler.py"), "cms.digest_mismatch"),
    "two members change places": (named("swap", "handler.py", "config.json"), "cms.digest_mismatch"),
    "a member is added at the end": (named("add", "evil.py", "pass"), "cms.digest_mismatch"),
    "a member is added at the start": (member_before(0, "evil.py"), "cms.digest_mismatch"),
    "an empty member is added": (member_before(1, "lib/__init__.py", b""), "cms.digest_mismatch"),
    "a directory is added": (member_before(1, "evil/", b""), "cms.digest_mismatch"),
    "a member is removed": (named("remove", "config.json"), "cms.digest_mismatch"),
    "a directory is removed": (named("remove", "lib/"), "cms.digest_mismatch"),
    "META_INF/ is removed": (named("remove", "META_INF/"), "cms.digest_mismatch"),
    "META_INF/ is no directory any more": (without_directories_slash, "zip.file_is_directory"),
    "a directory is no directory any more": (directory_becomes_file, "zip.file_is_directory"),
    "a second file signature": (second_signature, "zip.duplicate_name"),
    "a member is there twice": (member_before(0, "handler.py"), "zip.duplicate_name"),
    "a second name that differs in case only": (named("add", "HANDLER.PY", "pass"), "zip.duplicate_name"),
    "a member leads out of the folder": (named("add", "../evil.py", "pass"), "zip.unsafe_name"),
    "a member has an absolute name": (named("add", "/etc/evil", "x"), "zip.unsafe_name"),
    "a bit of the signature is flipped": (with_envelope(flipped_last_bit), "cms.bad_signature"),
    "the profile is edited": (with_envelope(replaced_once(b"/my_app/", b"/my_ape/")), "cms.bad_signature"),
    "the job is edited": (with_envelope(replaced_once(b"0f5e1a4c", b"0f5e1a4d")), "cms.bad_signature"),
    "bytes behind the envelope": (with_envelope(lambda envelope: envelope + b"\0"), "cms.malformed"),
    "the envelope is cut": (with_envelope(lambda envelope: envelope[:-1]), "cms.malformed"),
    "the envelope is empty": (with_envelope(lambda envelope: b""), "lambda_package.bad_signature_member"),
    "deep BER": (with_envelope(lambda _: b"\x30\x80" * 9000 + b"\0\0" * 9000), "cms.malformed"),
    "deep constructed strings": (with_envelope(lambda _: b"\x24\x80" * 9000 + b"\0\0" * 9000), "cms.malformed"),
    "the envelope is no CMS": (with_envelope(lambda _: b"\x30\x03\x02\x01\x01"), "cms.malformed"),
    "another label": (
        with_signature_text(lambda text: text.replace(b"PKCS7", b"CERTIFICATE")),
        "lambda_package.bad_signature_member",
    ),
    "two envelopes": (with_signature_text(lambda text: text + text), "lambda_package.bad_signature_member"),
    "text behind the envelope": (
        with_signature_text(lambda text: text + b"more"),
        "lambda_package.bad_signature_member",
    ),
    "an empty signature": (with_signature_text(lambda text: b""), "lambda_package.bad_signature_member"),
    "a signature of 2 MiB": (with_signature_text(lambda text: text + b"\n" * (2 << 20)), "zip.entry_too_large"),
}


def set_extra(archive: Archive):
    for member in archive.members:
        member.extra = b"\x55\x54\x05\x00\x01\x00\x00\x00\x00"  # a modification time


def set_member_comment(archive: Archive):
    archive["handler.py"].comment = b"looks good to me"


# What the signature does not cover; AWS was recorded to accept the first two.
INNOCENT = {
    "recompressed": named("recompress"),
    "other times": named("retime"),
    "other permissions": named("chmod"),
    "a comment of the archive": named("comment", "built on a Tuesday"),
    "a comment of a member": set_member_comment,
    "extra fields": set_extra,
}


class Verdicts(CommandLineTest):
    def verify_all(self, archives: dict[str, bytes], *options) -> dict[str, dict]:
        """The verdict on each archive, from one run of the program."""
        files = {}
        for number, (name, data) in enumerate(archives.items()):
            files[name] = self.folder / f"{number}.zip"
            files[name].write_bytes(data)
        result = self.run_program(*self.verify_words("--output", "json", *options, *files.values()))
        self.assertEqual(result.stderr, "")
        document = json.loads(result.stdout)
        self.assertEqual(document["verified"], result.returncode == 0)
        return dict(zip(files, document["packages"], strict=True))

    def signed(self) -> Archive:
        return alter_zip.read((self.home / "signed.zip").read_bytes())

    def altered(self, change) -> bytes:
        archive = self.signed()
        change(archive)
        return alter_zip.write(archive)


class Tampering(Verdicts):
    def test_what_an_attacker_rewrites_is_refused_as_not_intact(self):
        verdicts = self.verify_all({name: self.altered(change) for name, (change, _) in ATTACKS.items()})
        for name, (_, reason) in ATTACKS.items():
            with self.subTest(name):
                verdict = verdicts[name]
                self.assertFalse(verdict["verified"])
                self.assertEqual(verdict["signatureStatus"], "INVALID")
                outcomes = [(check["outcome"], check.get("refusal")) for check in verdict["checks"]]
                self.assertEqual(outcomes, [("failed", "not_intact")] + [("not_checked", None)] * 3)
                self.assertNotIn("signature", verdict)
                self.assertEqual(verdict["error"]["reason"], reason, verdict["error"]["message"])

    def test_attacks_are_seen_by_no_unzip_program(self):
        """Otherwise this file tests the reader, not the signature."""
        for name, (change, reason) in ATTACKS.items():
            if reason in ("cms.digest_mismatch", "cms.bad_signature"):
                file = self.folder / "attack.zip"
                file.write_bytes(self.altered(change))
                with self.subTest(name), zipfile.ZipFile(file) as archive:
                    self.assertIsNone(archive.testzip())
                result = subprocess.run([peer("unzip"), "-tq", str(file)], capture_output=True, text=True)
                self.assertEqual(result.returncode, 0, f"{name}: {result.stdout}{result.stderr}")

    def test_what_the_signature_does_not_cover_may_change(self):
        original = self.home / "signed.zip"
        archives = {name: self.altered(change) for name, change in INNOCENT.items()}
        for name, data in archives.items():
            self.assertNotEqual(data, original.read_bytes(), name)
        for name, verdict in self.verify_all(archives).items():
            with self.subTest(name):
                self.assertTrue(verdict["verified"], verdict["checks"])
                self.assertEqual(verdict["signatureStatus"], "VALID")
                self.assertNotIn("error", verdict)
                file = self.folder / "innocent.zip"
                file.write_bytes(archives[name])
                self.assertEqual(contents(file), contents(original))

    def test_all_innocent_changes_at_once(self):
        archive = self.signed()
        for change in INNOCENT.values():
            change(archive)
        self.assertTrue(self.verify_all({"all": alter_zip.write(archive)})["all"]["verified"])

    def test_order_is_that_of_the_central_directory(self):
        """The bodies stay where they are; two records of the directory change places. facts 1.2"""
        data = (self.home / "signed.zip").read_bytes()
        end, directory, _ = alter_zip.end_record(data)
        records = alter_zip.central_records(data)
        records[0], records[1] = records[1], records[0]
        swapped = data[:directory] + b"".join(records) + data[end:]
        self.assertEqual(len(swapped), len(data))
        verdict = self.verify_all({"swapped": swapped})["swapped"]
        self.assertEqual(verdict["error"]["reason"], "cms.digest_mismatch")

    def test_the_signature_may_lie_anywhere(self):
        """It is no part of the stream, so its place is not signed."""
        archive = self.signed()
        archive.members.insert(0, archive.members.pop(archive.find(SIGNATURE)))
        self.assertTrue(self.verify_all({"first": alter_zip.write(archive)})["first"]["verified"])

    def test_a_signature_of_another_package_is_refused(self):
        write_zip(self.folder / "other.zip", MEMBERS | {"handler.py": b"other"})
        self.must(*self.sign_words(self.folder / "other.zip", self.folder / "other-signed.zip"))
        archive = self.signed()
        archive[SIGNATURE].body = alter_zip.read((self.folder / "other-signed.zip").read_bytes())[SIGNATURE].body
        verdict = self.verify_all({"transplanted": alter_zip.write(archive)})["transplanted"]
        self.assertEqual(verdict["error"]["reason"], "cms.digest_mismatch")

    def test_without_its_signature_a_package_is_unsigned_not_altered(self):
        """facts 1.6: absence of the signature is of the mismatch class."""
        verdict = self.verify_all({"stripped": self.altered(named("remove", SIGNATURE))})["stripped"]
        self.assertEqual(verdict["signatureStatus"], "MISMATCH")
        self.assertEqual([check.get("refusal") for check in verdict["checks"]], [None, None, "unsigned", None])

    def test_an_unsigned_package_that_is_damaged_is_not_just_unsigned(self):
        data = bytearray((self.home / "function.zip").read_bytes())
        data[data.index(b"handler.py") + 12] ^= 1
        verdict = self.verify_all({"damaged": bytes(data)})["damaged"]
        self.assertEqual(verdict["signatureStatus"], "INVALID")

    def test_one_bad_package_among_good_ones_fails_the_run(self):
        good = (self.home / "signed.zip").read_bytes()
        verdicts = self.verify_all({"a": good, "b": self.altered(named("retime")), "c": b"", "d": good})
        self.assertEqual([verdict["verified"] for verdict in verdicts.values()], [True, True, False, True])

    def test_hidden_bytes_are_refused(self):
        data = (self.home / "signed.zip").read_bytes()
        end, directory, _ = alter_zip.end_record(data)
        moved = bytearray(data[:directory] + b"hidden" + data[directory:])
        struct.pack_into("<L", moved, end + 6 + 16, directory + 6)
        hidden = {"before": b"#!/bin/sh\n" + data, "behind": data + b"\n", "between": bytes(moved)}
        for name, verdict in self.verify_all(hidden).items():
            with self.subTest(name):
                self.assertFalse(verdict["verified"])
                self.assertRegex(verdict["error"]["reason"], r"\Azip\.")


class Boundaries(Verdicts):
    """Names and bodies are signed as one stream; --pin-boundaries signs the cuts, too. facts 1.2, docs/adr/0004"""

    def pinned(self) -> Archive:
        file: pathlib.Path = self.home / "pinned.zip"
        if not file.exists():
            self.must(*self.sign_words("function.zip", "pinned.zip", "--pin-boundaries"))
        return alter_zip.read(file.read_bytes())

    def shifted(self, archive: Archive, name: str, count: int) -> bytes:
        alter_zip.shift(archive, name, str(count))
        return alter_zip.write(archive)

    def test_a_moved_cut_verifies_as_on_aws_but_not_strictly(self):
        """facts 1.2: ("ab", "c") and ("a", "bc") have the same content."""
        package = {"shifted": self.shifted(self.signed(), "config.json", 3)}
        verdict = self.verify_all(package)["shifted"]
        self.assertTrue(verdict["verified"])
        self.assertFalse(verdict["boundariesPinned"])
        verdict = self.verify_all(package, "--strict")["shifted"]
        self.assertEqual(verdict["error"]["reason"], "lambda_package.boundaries_not_pinned")

    def test_a_package_that_is_not_pinned_is_refused_strictly(self):
        verdict = self.verify_all({"plain": (self.home / "signed.zip").read_bytes()}, "--strict")["plain"]
        self.assertEqual(verdict["error"]["reason"], "lambda_package.boundaries_not_pinned")

    def test_a_pinned_package_verifies_in_both_modes(self):
        package = {"pinned": alter_zip.write(self.pinned())}
        for options in ((), ("--strict",)):
            verdict = self.verify_all(package, *options)["pinned"]
            self.assertTrue(verdict["verified"], verdict)
            self.assertTrue(verdict["boundariesPinned"])

    def test_a_pinned_package_may_be_recompressed(self):
        archive = self.pinned()
        for change in INNOCENT.values():
            change(archive)
        self.assertTrue(self.verify_all({"pinned": alter_zip.write(archive)}, "--strict")["pinned"]["verified"])

    def test_a_moved_cut_in_a_pinned_package_is_refused_in_both_modes(self):
        packages = {
            "before config.json": self.shifted(self.pinned(), "config.json", 3),
            "before blob.bin": self.shifted(self.pinned(), "data/blob.bin", 5),
        }
        for options in ((), ("--strict",)):
            for name, verdict in self.verify_all(packages, *options).items():
                with self.subTest(name, options=options):
                    self.assertEqual(verdict["error"]["reason"], "lambda_package.bad_boundaries")

    def test_a_list_that_is_shifted_out_of_sight_never_passes_strictly(self):
        archive = self.pinned()
        member = archive[BOUNDARIES]
        member.name, member.body = member.name[:-1], member.name[-1:] + member.body
        package = {"hidden": alter_zip.write(archive)}
        self.assertFalse(self.verify_all(package)["hidden"].get("boundariesPinned", False))
        verdict = self.verify_all(package, "--strict")["hidden"]
        self.assertEqual(verdict["error"]["reason"], "lambda_package.boundaries_not_pinned")

    def test_a_list_that_is_removed_or_edited_is_refused(self):
        removed, edited = self.pinned(), self.pinned()
        alter_zip.remove(removed, BOUNDARIES)
        alter_zip.edit(edited, BOUNDARIES, "boundaries 1", "boundaries 2")
        packages = {"removed": alter_zip.write(removed), "edited": alter_zip.write(edited)}
        for name, verdict in self.verify_all(packages).items():
            self.assertEqual(verdict["error"]["reason"], "cms.digest_mismatch", name)

    def test_the_list_holds_the_length_of_each_name_and_body(self):
        archive = self.pinned()
        expected = "boundaries 1\n"
        for member in archive.members[: archive.find(BOUNDARIES)]:
            expected += f"{len(member.name)} {len(member.body)}\n"
        self.assertEqual(archive[BOUNDARIES].body.decode(), expected)
        self.assertEqual(
            [member.name.decode() for member in archive.members[-3:]], ["META_INF/", BOUNDARIES, SIGNATURE]
        )


if __name__ == "__main__":
    main()
