"""A mutation sweep: every single bit of a signed zip is flipped, every byte is left out, and one is put in everywhere.

A mutant is refused, or it verifies, and then Python reads the same names, order and bodies from it as before: that is
possible only for what the signature does not cover (times, permissions, versions). None crashes.
"""

import json
import zipfile
import zlib

from session import SIGNATURE, CommandLineTest, contents, main

BATCH = 500
MEMBERS = {"a.py": b"def handler(event, context):\n    return 'ok'\n", "lib/": b"", "lib/b.bin": bytes(range(40))}


class Sweep(CommandLineTest):
    def package(self, method: int, *options) -> bytes:
        with zipfile.ZipFile(self.folder / "package.zip", "w", method) as archive:
            for name, body in MEMBERS.items():
                archive.writestr(name, body)
        signed = self.folder / "signed.zip"
        self.must(*self.sign_words(self.folder / "package.zip", signed, *options))
        return signed.read_bytes()

    def verified(self, mutants: list[bytes], *options) -> list[int]:
        """Which ones verify. The program is run on many files at a time, so that a chain is judged once."""
        files = [self.folder / f"{number}.zip" for number in range(len(mutants))]
        for file, data in zip(files, mutants):
            file.write_bytes(data)
        names = [file.name for file in files]
        result = self.run_program(*self.verify_words("--output", "json", *options, *names), cwd=self.folder)
        self.assertEqual(result.stderr, "")
        packages = json.loads(result.stdout)["packages"]
        self.assertEqual([package["file"] for package in packages], names)
        for package in packages:
            self.assertEqual(package["verified"], package["signatureStatus"] == "VALID")
        return [number for number, package in enumerate(packages) if package["verified"]]

    def sweep(self, original: bytes, mutants, *options) -> int:
        """The number of mutants that verify, each of them with the content of the original."""
        wanted = contents(original)
        survivors, batch = 0, []

        def judge():
            nonlocal survivors
            for number in self.verified([data for _, data in batch], *options):
                place, data = batch[number]
                survivors += 1
                try:
                    found = contents(data)
                except NotImplementedError as error:
                    # The version that an entry needs, above all that there are: nothing is read, so nothing else.
                    self.assertIn("zip file version", str(error))
                    continue
                self.assertEqual([name for name, _ in found], [name for name, _ in wanted], f"names, mutant {place}")
                for (name, body), (_, expected) in zip(found, wanted):
                    # The signature isn't covered by itself; how its text is compressed and wrapped may differ.
                    self.assertTrue(name == SIGNATURE or body == expected, f"body of {name}, mutant {place}")
            batch.clear()

        for mutant in mutants:
            batch.append(mutant)
            if len(batch) == BATCH:
                judge()
        if batch:
            judge()
        return survivors

    def bit_flips(self, data: bytes):
        for at in range(len(data) * 8):
            mutant = bytearray(data)
            mutant[at // 8] ^= 1 << (at % 8)
            yield f"byte {at // 8} bit {at % 8}", bytes(mutant)

    def test_every_bit_of_a_deflated_package(self):
        data = self.package(zipfile.ZIP_DEFLATED)
        survivors = self.sweep(data, self.bit_flips(data))
        print(f"{len(data) * 8} bits flipped, {survivors} mutants verify, all with the same content")
        self.assertGreater(survivors, 0)
        self.assertLess(survivors, len(data) * 8 // 4)

    def test_every_bit_of_a_pinned_package_strictly(self):
        data = self.package(zipfile.ZIP_STORED, "--pin-boundaries")
        survivors = self.sweep(data, self.bit_flips(data), "--strict")
        print(f"{len(data) * 8} bits flipped, {survivors} mutants verify strictly, all with the same content")
        self.assertGreater(survivors, 0)

    def test_every_byte_left_out_or_put_in(self):
        data = self.package(zipfile.ZIP_DEFLATED)
        left_out = ((f"without byte {at}", data[:at] + data[at + 1 :]) for at in range(len(data)))
        put_in = ((f"a byte before {at}", data[:at] + b"\0" + data[at:]) for at in range(len(data) + 1))
        self.assertEqual(self.sweep(data, left_out), 0)
        self.assertEqual(self.sweep(data, put_in), 0)

    def test_no_bit_of_a_body_or_name_survives(self):
        """The bytes that are signed, flipped together with their checksum, as an attacker would."""
        data = self.package(zipfile.ZIP_STORED)
        body = MEMBERS["a.py"]
        start = data.index(body)
        mutants = []
        for at in range(len(body) * 8):
            changed = bytearray(body)
            changed[at // 8] ^= 1 << (at % 8)
            mutant = data[:start] + changed + data[start + len(body) :]
            before, after = (zlib.crc32(one).to_bytes(4, "little") for one in (body, changed))
            self.assertEqual(mutant.count(before), 2)
            mutants.append((f"bit {at}", mutant.replace(before, after)))
        for _, mutant in mutants[:8]:
            self.assertNotEqual(contents(mutant), contents(data))
        self.assertEqual(self.sweep(data, mutants), 0)

    def test_the_original_verifies(self):
        """So that the sweeps above don't pass because nothing ever does."""
        for options in ((), ("--pin-boundaries",)):
            data = self.package(zipfile.ZIP_DEFLATED, *options)
            self.assertEqual(self.verified([data]), [0])
        self.assertEqual([name for name, _ in contents(data)][:3], list(MEMBERS))


if __name__ == "__main__":
    main()
