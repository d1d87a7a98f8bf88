"""The four checks of `lambda verify`: who may publish, until when, and what was revoked.

aws-signing facts 1.6, 2.7 and 4.3.
"""

import datetime
import json

from session import JOB, OTHER_PROFILE, PROFILE, PROFILE_ALL_VERSIONS, CommandLineTest, main

MILLISECOND = datetime.timedelta(milliseconds=1)


def parse_time(text: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def format_time(time: datetime.datetime) -> str:
    return time.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Policy(CommandLineTest):
    def verdict(self, *words, package="signed.zip", root="ca/root.crt") -> dict:
        """The verdict under exactly these words, and the given root."""
        roots = ["--root", self.home / root] if root else []
        result = self.run_program("lambda", "verify", *roots, "--output", "json", *words, package)
        self.assertEqual(result.stderr, "")
        (package,) = json.loads(result.stdout)["packages"]
        self.assertEqual(result.returncode, 0 if package["verified"] else 1)
        return package

    def assert_status(self, status: str, refusal: str, *words, **more):
        verdict = self.verdict(*words, **more)
        self.assertEqual(verdict["signatureStatus"], status, verdict["checks"])
        refusals = [check["refusal"] for check in verdict["checks"] if "refusal" in check]
        self.assertEqual(refusals, [refusal] if refusal else [])

    def revocations(self, **lists) -> list:
        file = self.folder / "revocations.json"
        file.write_text(json.dumps(lists), encoding="utf-8")
        return ["--allowed-profile", PROFILE, "--revocations", file]

    # --- mismatch ---

    def test_the_publisher_must_be_listed(self):
        self.assert_status("VALID", "", "--allowed-profile", PROFILE)
        self.assert_status("MISMATCH", "publisher_unlisted", "--allowed-profile", OTHER_PROFILE)
        self.assert_status("VALID", "", "--allowed-profile", OTHER_PROFILE, "--allowed-profile", PROFILE)

    def test_a_profile_without_version_allows_all_its_versions(self):
        self.assert_status("VALID", "", "--allowed-profile", PROFILE_ALL_VERSIONS)
        self.assert_status("MISMATCH", "publisher_unlisted", "--allowed-profile", PROFILE[:-1] + "k")
        self.assert_status("MISMATCH", "publisher_unlisted", "--allowed-profile", PROFILE_ALL_VERSIONS[:-1])
        self.assert_status("MISMATCH", "publisher_unlisted", "--allowed-profile", PROFILE_ALL_VERSIONS + "s")

    def test_another_account_region_or_partition_is_another_publisher(self):
        for old, new in (("123456789012", "123456789013"), ("us-east-1", "us-east-2"), ("arn:aws:", "arn:aws-cn:")):
            with self.subTest(new):
                self.assert_status("MISMATCH", "publisher_unlisted", "--allowed-profile", PROFILE.replace(old, new))

    def test_nobody_is_allowed_unless_somebody_is(self):
        verdict = self.verdict()
        self.assertEqual(verdict["signatureStatus"], "MISMATCH")
        self.assertIn("no publisher is allowed", verdict["checks"][2]["message"])
        self.assert_status("VALID", "", "--any-profile")
        self.assert_refuses(
            ["lambda", "verify", "--any-profile", "--allowed-profile", PROFILE, "signed.zip"], "exclude"
        )

    def test_an_unsigned_package_is_a_mismatch(self):
        self.assert_status("MISMATCH", "unsigned", "--allowed-profile", PROFILE, package="function.zip")
        self.assert_status("MISMATCH", "unsigned", "--any-profile", package="function.zip")

    # --- integrity: whom to trust ---

    def test_without_roots_of_ours_only_aws_is_trusted(self):
        verdict = self.verdict("--allowed-profile", PROFILE, root=None)
        self.assertEqual(verdict["error"]["reason"], "x509.untrusted_root")
        text = self.run_program("lambda", "verify", "--allowed-profile", PROFILE, "signed.zip").stdout
        self.assertIn("--root root.crt", text)

    def test_another_authority_of_the_same_name_is_not_trusted(self):
        self.must("ca", "init", self.folder / "fake")
        self.must("ca", "issue", self.folder / "fake", "signer")
        root = self.folder / "fake/root.crt"
        verdict = self.verdict("--allowed-profile", PROFILE, root=root)
        self.assertEqual(verdict["signatureStatus"], "INVALID")
        # Both roots at once: the right one is found.
        self.assert_status("VALID", "", "--allowed-profile", PROFILE, "--root", root)

    def test_whatever_certificate_root_names_is_an_anchor(self):
        """Who trusts one intermediate only may say so; nothing above it is asked."""
        self.assert_status("VALID", "", "--allowed-profile", PROFILE, root="ca/intermediate.crt")
        self.must("ca", "init", self.folder / "other")
        intermediate = self.folder / "other/intermediate.crt"
        self.assert_status("INVALID", "not_intact", "--allowed-profile", PROFILE, root=intermediate)

    # --- expiry ---

    def test_a_signature_holds_until_the_very_moment_of_its_expiry(self):
        expiry = parse_time(self.verdict("--any-profile")["signature"]["expiry"])
        allowed = ("--allowed-profile", PROFILE)
        self.assert_status("VALID", "", *allowed, "--at", format_time(expiry - MILLISECOND))
        self.assert_status("EXPIRED", "expired", *allowed, "--at", format_time(expiry))

    def test_a_signature_of_tomorrow_is_not_intact(self):
        signed_at = parse_time(self.verdict("--any-profile")["signature"]["signingTime"])
        allowed = ("--allowed-profile", PROFILE)
        self.assert_status("VALID", "", *allowed, "--at", format_time(signed_at))
        self.assert_status("INVALID", "not_intact", *allowed, "--at", format_time(signed_at - MILLISECOND))

    def test_the_certificate_may_expire_before_the_signature(self):
        """facts 1.6: the chain is judged at the signing time."""
        verdict = self.verdict("--any-profile")
        certificate = parse_time(verdict["certificateChain"][0]["notAfter"])
        later = certificate + datetime.timedelta(days=1)
        self.assertLess(later, parse_time(verdict["signature"]["expiry"]))
        self.assert_status("VALID", "", "--allowed-profile", PROFILE, "--at", format_time(later))

    def test_forms_of_time(self):
        for text in ("2037-01-01", "2037-01-01T00:00:00Z", "2037-01-01T00:00:00.5+02:00"):
            self.assert_status("VALID", "", "--allowed-profile", PROFILE, "--at", text)
        for text in ("tomorrow", "2037-13-01", "2037-01-01T00:00:00", "2037-02-30", "0", "2037-01-01T25:00:00Z"):
            with self.subTest(text):
                self.assert_refuses(self.verify_words("--at", text, "signed.zip"), r"\Aproofmark: --at: ")

    # --- revocation ---

    def test_a_revoked_job(self):
        self.assert_status("REVOKED", "job_revoked", *self.revocations(revokedJobs=[JOB]))
        self.assert_status("VALID", "", *self.revocations(revokedJobs=[JOB[:-1] + "2"]))

    def test_a_revoked_profile_version_counts_from_its_moment_on(self):
        """facts 2.7: signatures made at that moment or before stay valid."""
        signed_at = parse_time(self.verdict("--any-profile")["signature"]["signingTime"])
        for offset, status in ((-MILLISECOND, "REVOKED"), (0 * MILLISECOND, "VALID"), (MILLISECOND, "VALID")):
            item = {"arn": PROFILE, "effectiveFrom": format_time(signed_at + offset)}
            words = self.revocations(revokedProfileVersions=[item])
            self.assert_status(status, "profile_revoked" if status == "REVOKED" else "", *words)

    def test_of_two_revocations_the_earlier_one_counts(self):
        items = [{"arn": PROFILE, "effectiveFrom": f"{year}-01-01T00:00:00Z"} for year in (2036, 2020, 2030)]
        self.assert_status("REVOKED", "profile_revoked", *self.revocations(revokedProfileVersions=items))

    def test_an_empty_list_revokes_nothing(self):
        self.assert_status("VALID", "", *self.revocations())
        self.assert_status("VALID", "", *self.revocations(revokedJobs=[], revokedProfileVersions=[]))

    def test_a_list_that_cannot_be_understood_is_refused_not_ignored(self):
        bad = {
            "not JSON": "revoked",
            "no object": "[]",
            "an unknown member": '{"revokedJob": []}',
            "a member twice": '{"revokedJobs": [], "revokedJobs": []}',
            "no array": '{"revokedJobs": "x"}',
            "no string": '{"revokedJobs": [1]}',
            "no ARN": '{"revokedJobs": ["x"]}',
            "the ARN of something else": json.dumps({"revokedJobs": [PROFILE]}),
            "no time": json.dumps({"revokedProfileVersions": [{"arn": PROFILE}]}),
            "a bad time": json.dumps({"revokedProfileVersions": [{"arn": PROFILE, "effectiveFrom": "soon"}]}),
            "a profile without version": json.dumps(
                {"revokedProfileVersions": [{"arn": PROFILE_ALL_VERSIONS, "effectiveFrom": "2026-01-01T00:00:00Z"}]}
            ),
            "an unknown member of an item": json.dumps(
                {"revokedProfileVersions": [{"arn": PROFILE, "effectiveFrom": "2026-01-01T00:00:00Z", "until": "x"}]}
            ),
            "empty": "",
        }
        file = self.folder / "revocations.json"
        for name, text in bad.items():
            with self.subTest(name):
                file.write_text(text, encoding="utf-8")
                self.assert_refuses(self.verify_words("--revocations", file, "signed.zip"), "revocations.json: ")

    # --- order ---

    def test_every_check_that_fails_is_reported_and_the_first_gives_the_status(self):
        """facts 1.6: expiry before mismatch before revocation."""
        file = self.revocations(revokedJobs=[JOB])[-1]
        words = ("--allowed-profile", OTHER_PROFILE, "--at", "2099-01-01", "--revocations", file)
        verdict = self.verdict(*words)
        self.assertEqual(verdict["signatureStatus"], "EXPIRED")
        self.assertEqual([check["outcome"] for check in verdict["checks"]], ["passed", "failed", "failed", "failed"])

    def test_the_text_has_a_line_for_each_check(self):
        lines = self.assert_verified("signed.zip").stdout.splitlines()
        self.assertEqual(lines[0], "signed.zip: verified")
        self.assertEqual([line.split()[0] for line in lines[1:]], ["integrity", "expiry", "mismatch", "revocation"])
        self.assertEqual([line.split()[1] for line in lines[1:]], ["passed"] * 4)


if __name__ == "__main__":
    main()
