"""--output json against docs/schemas and docs/json-output.md: neither can drift from what the program prints."""

import json
import os
import re

from json_schema import Invalid, Validator
from session import JOB, OTHER_PROFILE, PROFILE, ROOT, CommandLineTest, alter_zip, contents, main, write_zip

SCHEMAS = ROOT / "docs/schemas"
PAGE = (ROOT / "docs/json-output.md").read_text(encoding="utf-8")


def schema(name: str) -> dict:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


def strict(text: str):
    """Parses JSON; a member that is there twice is an error."""

    def once(pairs):
        assert len({name for name, _ in pairs}) == len(pairs), f"a member twice: {pairs}"
        return dict(pairs)

    return json.loads(text, object_pairs_hook=once)


class Documents(CommandLineTest):
    def document(self, validator: Validator, *words, code=0):
        result = self.run_program(*words, "--output", "json")
        self.assertEqual((result.returncode, result.stderr), (code, ""), result.stdout)
        self.assertTrue(result.stdout.endswith("}\n"))
        document = strict(result.stdout)
        validator.validate(document)
        return document

    def assert_all_seen(self, validator: Validator):
        """The schema describes nothing that never comes."""
        self.assertEqual(validator.all_properties() - validator.properties_seen, set())

    def test_sign(self):
        validator = Validator(schema("sign"))
        for options, pinned in (((), False), (("--pin-boundaries",), True)):
            out = self.folder / f"{pinned}.zip"
            document = self.document(validator, *self.sign_words("function.zip", out, *options))
            self.assertEqual(document["file"], str(out))
            self.assertEqual(document["boundariesPinned"], pinned)
            self.assertEqual(document["signature"]["signingProfileVersionArn"], PROFILE)
            self.assertEqual(document["signature"]["signingJobArn"], JOB)
            self.assertEqual(document["contentSha384"], self.must("lambda", "digest", out).stdout.strip())
        self.assert_all_seen(validator)

    def test_verify(self):
        validator = Validator(schema("verify"))
        altered = self.folder / "altered.zip"
        data = (self.home / "signed.zip").read_bytes()
        altered.write_bytes(alter_zip.altered(data, "edit", "config.json", "100", "999"))
        revoked = self.folder / "revoked.json"
        since = "2020-01-01T00:00:00Z"
        revoked.write_text(json.dumps({"revokedProfileVersions": [{"arn": PROFILE, "effectiveFrom": since}]}))
        job = self.folder / "job.json"
        job.write_text(json.dumps({"revokedJobs": [JOB]}))
        root = ["lambda", "verify", "--root", "ca/root.crt"]
        allowed = [*root, "--allowed-profile", PROFILE]
        self.assertTrue(self.document(validator, *allowed, "signed.zip")["verified"])
        mixed = self.document(validator, *allowed, "signed.zip", "function.zip", altered, "nothing.zip", code=1)
        self.assertFalse(mixed["verified"])
        self.assertEqual([package["verified"] for package in mixed["packages"]], [True, False, False, False])
        self.assertEqual([package["file"] for package in mixed["packages"]][1:2], ["function.zip"])
        self.assertEqual(["error" in package for package in mixed["packages"]], [False, False, True, True])
        self.assertEqual(["signature" in package for package in mixed["packages"]], [True, False, False, False])
        self.document(validator, *allowed, "--at", "2099-01-01", "signed.zip", code=1)
        self.document(validator, *root, "--allowed-profile", OTHER_PROFILE, "signed.zip", code=1)
        self.document(validator, *allowed, "--revocations", revoked, "signed.zip", code=1)
        self.document(validator, *allowed, "--revocations", job, "signed.zip", code=1)
        self.assert_all_seen(validator)
        codes = {value for value in validator.all_enum_values() if value[0].endswith(".code")}
        self.assertEqual(validator.all_enum_values() - validator.enum_values_seen - codes, set())

    def test_inspect(self):
        validator = Validator(schema("inspect"))
        document = self.document(validator, "lambda", "inspect", "signed.zip")
        members = contents(self.home / "signed.zip")
        self.assertEqual(document["members"], len(members))
        self.assertEqual(document["uncompressedBytes"], sum(len(body) for _, body in members[:-1]))
        self.assertEqual(document["signer"], document["certificates"][0])
        self.assertEqual(len(document["certificates"]), 3)
        self.assertFalse(self.document(validator, "lambda", "inspect", "function.zip")["signed"])
        self.assert_all_seen(validator)

    def test_digest(self):
        validator = Validator(schema("digest"))
        documents = [self.document(validator, "lambda", "digest", file) for file in ("signed.zip", "function.zip")]
        self.assertEqual(documents[0]["contentSha384"], documents[1]["contentSha384"])
        self.assert_all_seen(validator)

    def test_version(self):
        validator = Validator(schema("version"))
        document = self.document(validator, "version")
        self.assertEqual(f"proofmark {document['version']}\n", self.must("version").stdout)
        self.assert_all_seen(validator)

    def test_ca(self):
        validator = Validator(schema("ca-init"))
        authority = self.document(validator, "ca", "init", self.folder / "ca")
        self.assertEqual(authority["intermediate"]["issuer"], authority["root"]["subject"])
        self.assert_all_seen(validator)
        validator = Validator(schema("ca-issue"))
        issued = self.document(validator, "ca", "issue", self.folder / "ca", "signer")
        self.assertTrue(os.path.isfile(issued["key"]) and os.path.isfile(issued["chain"]))
        self.assertEqual(issued["certificate"]["issuer"], authority["intermediate"]["subject"])
        self.assert_all_seen(validator)

    def test_the_revocation_list_is_what_the_program_takes(self):
        validator = Validator(schema("revocation-list"))
        file = self.folder / "list.json"
        document = {
            "revokedJobs": [JOB],
            "revokedProfileVersions": [{"arn": PROFILE, "effectiveFrom": "2026-01-01T00:00:00Z"}],
        }
        validator.validate(document)
        self.assert_all_seen(validator)
        file.write_text(json.dumps(document), encoding="utf-8")
        self.assertEqual(self.run_program(*self.verify_words("--revocations", file, "signed.zip")).stderr, "")
        for bad in (
            {"revokedJob": []},
            {"revokedJobs": [PROFILE]},
            {"revokedProfileVersions": [{"arn": PROFILE}]},
            [],
            {"revokedProfileVersions": [{"arn": PROFILE, "effectiveFrom": "2026-01-01", "x": 1}]},
        ):
            with self.subTest(bad):
                with self.assertRaises(Invalid):
                    validator.validate(bad)
                file.write_text(json.dumps(bad), encoding="utf-8")
                self.assert_refuses(self.verify_words("--revocations", file, "signed.zip"), "list.json: ")

    def test_an_error_is_text_on_standard_error_whatever_the_output(self):
        self.assert_refuses(["lambda", "inspect", "--output", "json", "nothing.zip"], "nothing.zip: No such file")
        self.assert_refuses(["lambda", "digest", "--output", "json", "nothing.zip"], "nothing.zip: No such file")
        self.assert_refuses(
            [*self.sign_words("signed.zip", self.folder / "x.zip"), "--output", "json"], "signed already"
        )

    def test_names_of_files_that_are_no_utf8_still_make_json(self):
        name = os.fsencode(self.folder) + b"/\xff\xfe \x1b.zip"
        write_zip(self.folder / "plain.zip", {"handler.py": b"pass"})
        os.rename(self.folder / "plain.zip", name)
        result = self.run_program("lambda", "digest", "--output", "json", os.fsdecode(name))
        document = strict(result.stdout)
        Validator(schema("digest")).validate(document)
        self.assertTrue(document["file"].isprintable(), document)


class Page(CommandLineTest):
    """docs/json-output.md."""

    def sections(self) -> dict[str, str]:
        """Schema -> the part of the page that links to it."""
        parts = re.split(r"(?m)^## ", PAGE)[1:]
        found = {}
        for part in parts:
            if link := re.search(r"\(schemas/([a-z-]+)\.schema\.json\)", part):
                found[link[1]] = part
        return found

    def test_every_schema_has_a_section_and_every_section_a_schema(self):
        files = {path.name.removesuffix(".schema.json") for path in SCHEMAS.iterdir()}
        self.assertEqual(set(self.sections()), files)

    def test_the_examples_are_what_the_schemas_describe(self):
        for name, part in self.sections().items():
            examples = re.findall(r"(?ms)^```json\n(.*?)^```$", part)
            self.assertTrue(examples, name)
            for example in examples:
                with self.subTest(name):
                    Validator(schema(name)).validate(strict(example))

    def test_every_field_is_explained(self):
        shared = PAGE[PAGE.index("## Parts that come more than once") :]
        for name, part in self.sections().items():
            for place in Validator(schema(name)).all_properties():
                field = place.rpartition(".")[2]
                self.assertIn(f"`{field}`", part + shared, f"{name}: {place}")

    def test_every_enum_value_is_explained(self):
        for name in self.sections():
            for place, value in Validator(schema(name)).all_enum_values():
                self.assertIn(f"`{value}`", PAGE, f"{name}: {place}")


class TheValidatorItself(CommandLineTest):
    def test_it_refuses_what_a_schema_does_not_describe(self):
        good = {"file": "x", "contentSha384": "0" * 96}
        Validator(schema("digest")).validate(good)
        for bad in ([], {}, {"file": "x"}, good | {"more": 1}, good | {"file": 1}, good | {"contentSha384": "0" * 95}):
            with self.subTest(bad), self.assertRaises(Invalid):
                Validator(schema("digest")).validate(bad)
        with self.assertRaises(NotImplementedError):
            Validator({"oneOf": []}).validate({})


if __name__ == "__main__":
    main()
