"""Help, usage errors, and shell completion, as a person at a terminal meets them."""

import re
import subprocess

from session import PROGRAM, CommandLineTest, environment, main, peer
from terminal import OnTerminal

COMMANDS = {
    "lambda sign": ["--key", "--chain", "--profile-version-arn", "--job-arn", "--validity", "--pin-boundaries"],
    "lambda verify": ["--root", "--allowed-profile", "--any-profile", "--at", "--revocations", "--strict", "--output"],
    "lambda inspect": ["--output"],
    "lambda digest": ["--raw", "--output"],
    "ca init": ["--name", "--passphrase-file", "--output"],
    "ca issue": ["--days", "--passphrase-file", "--output"],
    "version": ["--output"],
    "completion": [],
}


class Help(CommandLineTest):
    def test_alone_it_shows_where_to_start(self):
        text = self.must().stdout
        for command in COMMANDS:
            self.assertIn(f"  {command} ", text)
        self.assertIn("proofmark ca init", text)
        self.assertIn("Exit status", text)
        self.assertEqual(self.must("--help").stdout, text)
        self.assertEqual(self.must("-h").stdout, text)
        self.assertEqual(self.must("help").stdout, text)

    def test_a_group_lists_its_commands(self):
        text = self.must("lambda").stdout
        for command in ("sign", "verify", "inspect", "digest"):
            self.assertRegex(text, rf"(?m)^  {command} +\w")
        self.assertEqual(self.must("lambda", "--help").stdout, text)
        self.assertEqual(self.must("help", "lambda").stdout, text)

    def test_each_command_explains_its_options_arguments_and_an_example(self):
        for command, options in COMMANDS.items():
            with self.subTest(command):
                text = self.must(*command.split(), "--help").stdout
                self.assertIn(f"Usage:\n  proofmark {command}", text)
                for option in options:
                    self.assertRegex(text, rf"(?m)^  {option}\b.*")
                if command != "version":
                    self.assertRegex(text, r"Examples:\n(.*\n)*.*proofmark")
                self.assertEqual(self.must("help", *command.split()).stdout, text)

    def test_help_names_every_option_that_the_command_takes(self):
        """What the table of this test knows is all there is."""
        for command, options in COMMANDS.items():
            text = self.must(*command.split(), "--help").stdout
            listed = set(re.findall(r"(?m)^  (--[a-z-]+)", text)) - {"--help"}
            self.assertLessEqual(set(options), listed, command)
            known = set(options) | {"--output", "--passphrase-file"}
            self.assertLessEqual(listed, known, f"{command}: add the new option to this test's table")

    def test_help_fits_a_terminal_of_100_columns(self):
        for command in COMMANDS:
            for line in self.must(*command.split(), "--help").stdout.split("Examples:")[0].splitlines():
                self.assertLessEqual(len(line), 100, line)

    def test_help_wins_over_arguments_that_are_wrong(self):
        self.assertIn("Usage:", self.must("lambda", "sign", "--nonsense", "--help").stdout)

    def test_version(self):
        self.assertRegex(self.must("version").stdout, r"\Aproofmark \d+\.\d+\.\d+\n\Z")
        self.assertEqual(self.must("--version").stdout, self.must("version").stdout)


class Usage(CommandLineTest):
    """Wrong words: exit code 1, nothing on standard output, what is wrong and where help is."""

    def test_an_unknown_command(self):
        self.assert_refuses(["sing"], "there is no command .sing.", "Try 'proofmark --help'")
        self.assert_refuses(["lambda", "sing"], "there is no command .sing. in lambda", "Try 'proofmark lambda --help'")
        self.assert_refuses(["Lambda", "sign"], "there is no command")

    def test_an_unknown_option(self):
        self.assert_refuses(
            self.verify_words("--nonsense", "f.zip"),
            "there is no option .--nonsense.",
            "Try 'proofmark lambda verify --help'",
        )

    def test_options_are_not_abbreviated(self):
        self.assert_refuses(["lambda", "verify", "--allowed", "x", "f.zip"], "there is no option .--allowed.")

    def test_a_missing_argument_or_required_option(self):
        self.assert_refuses(["lambda", "verify"], "FILE.zip is missing")
        self.assert_refuses(["lambda", "digest"], "FILE.zip is missing")
        self.assert_refuses(["ca", "issue", "ca"], "NAME is missing")
        for option in ("--key", "--chain", "--profile-version-arn", "--job-arn"):
            words = [str(word) for word in self.sign_words("function.zip", "out.zip")]
            at = words.index(option)
            self.assert_refuses(words[:at] + words[at + 2 :], f"{option} [A-Za-z.]+ is missing")
        self.assert_refuses(self.sign_words("function.zip", "x")[:-1], "OUT.zip is missing")

    def test_a_value_is_missing_or_one_too_many(self):
        self.assert_refuses(["lambda", "verify", "f.zip", "--at"], "--at needs a value")
        self.assert_refuses(["lambda", "verify", "f.zip", "--strict=yes"], "--strict takes no value")
        self.assert_refuses(["lambda", "inspect", "a.zip", "b.zip"], "b.zip. is one word too many")

    def test_the_same_option_twice(self):
        self.assert_refuses(["lambda", "verify", "--at", "2026-01-01", "--at", "2027-01-01", "f.zip"], "given twice")

    def test_a_value_that_is_no_choice(self):
        self.assert_refuses(["version", "--output", "xml"], "--output can be text, json, not .xml.")
        self.assert_refuses(["completion", "tcsh"], "SHELL can be bash, zsh, fish")

    def test_values_may_be_joined_with_an_equals_sign(self):
        self.assertIn('"name"', self.must("version", "--output=json").stdout)

    def test_two_dashes_end_the_options(self):
        self.assert_refuses(["lambda", "digest", "--", "--raw"], "--raw: No such file")

    def test_control_characters_in_words_do_not_reach_the_terminal(self):
        result = self.assert_refuses(["\x1b[31mred"], "there is no command")
        self.assertNotIn("\x1b", result.stderr)
        result = self.assert_refuses(["lambda", "inspect", "\x1b[31mred.zip"], "No such file")
        self.assertNotIn("\x1b", result.stderr)


COMPLETE = r"""
eval "$(proofmark completion bash)"
COMP_WORDS=(proofmark "$@")
COMP_CWORD=$#
complete -p proofmark >&2
_proofmark
printf '%s\n' "${COMPREPLY[@]}"
"""


class Completion(CommandLineTest):
    def complete(self, *words: str) -> list[str]:
        """What bash offers for the last of `words`."""
        env = environment(PATH=f"{PROGRAM.parent}:{environment()['PATH']}")
        # compopt works only while bash itself completes; here it is a function that does nothing.
        script = "compopt() { :; }\n" + COMPLETE
        result = subprocess.run(
            [peer("bash"), "--norc", "-c", script, "bash", *words],
            cwd=self.home,
            env=env,
            capture_output=True,
            text=True,
        )
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(result.stderr, "complete -F _proofmark proofmark\n")
        return sorted(line for line in result.stdout.splitlines() if line)

    def test_commands(self):
        self.assertEqual(self.complete(""), ["ca", "completion", "help", "lambda", "version"])
        self.assertEqual(self.complete("l"), ["lambda"])
        self.assertEqual(self.complete("lambda", ""), ["digest", "inspect", "sign", "verify"])
        self.assertEqual(self.complete("ca", "i"), ["init", "issue"])
        self.assertEqual(self.complete("completion", ""), ["bash", "fish", "zsh"])

    def test_options(self):
        for command, options in COMMANDS.items():
            offered = self.complete(*command.split(), "--")
            self.assertLessEqual({"--help", *options}, set(offered), command)
        self.assertEqual(self.complete("lambda", "verify", "--st"), ["--strict"])

    def test_values(self):
        self.assertEqual(self.complete("version", "--output", ""), ["json", "text"])
        self.assertEqual(self.complete("lambda", "verify", "--at", ""), [])
        self.assertEqual(self.complete("lambda", "verify", "--root", "ca/ro"), ["ca/root.crt", "ca/root.key"])

    def test_files_and_folders(self):
        self.assertEqual(self.complete("lambda", "verify", "fun"), ["function.zip"])
        self.assertIn("ca", self.complete("ca", "issue", ""))
        self.assertNotIn("function.zip", self.complete("ca", "init", ""))

    def test_the_tab_key_of_a_real_bash_completes(self):
        env = environment(PATH=f"{PROGRAM.parent}:{environment()['PATH']}", PS1="ready> ", TERM="dumb", INPUTRC="none")
        with OnTerminal([peer("bash"), "--norc", "--noprofile", "-i"], self.home, env) as bash:
            bash.wait_for(b"ready> $")
            bash.press(b'eval "$(proofmark completion bash)"; echo loaded\n')
            bash.wait_for(b"\nloaded\r\nready> $")
            bash.press(b"echo :; proofmark lam\tver\t--st\tfunc\t")
            bash.wait_for(b"proofmark lambda verify --strict function.zip ")

    def test_zsh_gets_the_same_through_bashcompinit(self):
        script = self.must("completion", "zsh").stdout
        self.assertRegex(script, r"(?m)^autoload -U \+X bashcompinit && bashcompinit$")
        self.assertTrue(script.endswith(self.must("completion", "bash").stdout))

    def test_fish_lines_are_whole_and_name_everything(self):
        lines = self.must("completion", "fish").stdout.splitlines()
        for line in lines[1:]:
            # Every line is one `complete` command with closed quotes.
            self.assertRegex(line, r"\Acomplete -c proofmark(?: (?:'(?:[^'\\]|\\['\\])*'|[^' ]+))+\Z")
        text = "\n".join(lines)
        for command, options in COMMANDS.items():
            self.assertRegex(text, rf"-a {command.split()[-1]} -d ")
            for option in options:
                self.assertIn(f"-l {option.removeprefix('--')} ", text)


if __name__ == "__main__":
    main()
