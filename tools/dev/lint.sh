# Layout, bug patterns, scripts and house rules. Sourced by ./dev.
# shellcheck shell=bash
: "${root:?}"

# Our files that match the patterns, NUL-separated; what git ignores isn't ours.
our_files() { git -c "safe.directory=$root" ls-files -z --cached --others --exclude-standard --deduplicate -- "$@"; }

cmd_format() {
  no_arguments format "$@"
  setup_groups build lint
  our_files '*.h' '*.cc' | xargs -0r clang-format-19 -i
}

# All checks run, so that one call shows everything there is to mend.
cmd_lint() {
  no_arguments lint "$@"
  setup_groups build lint
  local code=0
  say "text: house rules"
  python3 tools/check_text.py || code=1
  say "clang-format-19: layout"
  our_files '*.h' '*.cc' | xargs -0r clang-format-19 --dry-run -Werror || code=1
  say "shellcheck: scripts"
  our_files dev .ci/run '*.sh' | xargs -0r shellcheck -x || code=1
  say "clang-tidy-19: bug patterns in src/"
  cmake --preset dev --log-level=WARNING >/dev/null
  python3 tools/tidy.py build/dev || code=1
  ((code == 0)) && say "lint: nothing found"
  return "$code"
}
