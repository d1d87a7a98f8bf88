# Builds, and runs the tests. Sourced by ./dev.
# shellcheck shell=bash
: "${root:?}"

presets=(release dev asan tsan tidy fuzz coverage)

# build_preset PRESET TARGET
build_preset() {
  local preset=$1 target=$2
  cmake --preset "$preset" --log-level=WARNING >/dev/null
  cmake --build "build/$preset" --target "$target"
}

cmd_build() {
  local preset=${1:-release} known
  (($# <= 1)) || usage_error "build takes one preset"
  for known in "${presets[@]}"; do
    [[ $preset == "$known" ]] || continue
    case $preset in
      release) setup_groups build ;;
      tidy) setup_groups build lint ;;
      *) setup_groups build test ;;
    esac
    build_preset "$preset" "$([[ $preset == release ]] && echo proofmark || echo all)"
    return
  done
  usage_error "there is no preset '$preset'; there are: ${presets[*]}"
}

# run_ctest PRESET PART CTEST-ARGS...: runs a part of the tests; results go to build/PRESET/results/PART.xml.
run_ctest() {
  local preset=$1 part=$2 results=$root/build/$1/results
  shift 2
  GTEST_OUTPUT="xml:$results/gtest/" GTEST_COLOR=no \
    ctest --test-dir "build/$preset" --output-on-failure --output-junit "$results/$part.xml" "$@" </dev/null
}

# Prints `N passed, N failed` over all parts that ran; its exit code is 1 when something failed or nothing ran.
summarize() { python3 tools/test_summary.py "build/$1/results"; }

fresh_results() {
  rm -rf "build/$1/results"
  mkdir -p "build/$1/results/gtest"
}

cmd_test() {
  setup_groups build test
  build_preset release all
  fresh_results release
  local code=0 jobs
  jobs=$(nproc)
  if (($# > 0)); then
    run_ctest release all -j "$jobs" --no-tests=error "$@" || code=$?
  else
    run_ctest release fast -j "$jobs" --no-tests=error -LE '^slow$' || code=$?
    # Slow tests load the machine; alone they can't make another one late.
    run_ctest release slow --no-tests=ignore -L '^slow$' || code=$?
  fi
  summarize release || code=1
  return "$code"
}

cmd_sanitize() {
  no_arguments sanitize "$@"
  setup_groups build test
  build_preset asan unit_tests
  fresh_results asan
  local code=0
  ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1 UBSAN_OPTIONS=print_stacktrace=1 \
    ASAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19) UBSAN_SYMBOLIZER_PATH=$(command -v llvm-symbolizer-19) \
    run_ctest asan unit -j "$(nproc)" --no-tests=error -L '^unit$' || code=$?
  summarize asan || code=1
  return "$code"
}

cmd_coverage() {
  no_arguments coverage "$@"
  setup_groups build test
  build_preset coverage all
  fresh_results coverage
  local out=build/coverage/results profile
  LLVM_PROFILE_FILE="$root/$out/%p.profraw" run_ctest coverage unit -j "$(nproc)" --no-tests=error -L '^unit$'
  profile=$out/unit.profdata
  find "$out" -name '*.profraw' -print0 | xargs -0 llvm-profdata-19 merge -sparse -o "$profile"
  local -a programs=()
  local program
  for program in build/coverage/bin/*; do programs+=(-object "$program"); done
  llvm-cov-19 show "${programs[@]:1}" -instr-profile="$profile" -format=html -output-dir="$out/html" src >/dev/null
  llvm-cov-19 report "${programs[@]:1}" -instr-profile="$profile" src
  say "Line by line: $out/html/index.html"
}
