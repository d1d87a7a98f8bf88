# libFuzzer runs. Sourced by ./dev.
# shellcheck shell=bash

fuzz_max_len=65536     # bytes; what is deep rather than long is found below this
corpus_max_files=300   # per target, in git
corpus_max_bytes=16384 # per file, in git

# fuzz_one NAME SECONDS: fuzzes on a working copy of the corpus; prints one line.
fuzz_one() {
  local name=$1 seconds=$2
  local work=build/fuzz/corpus/$name log=build/fuzz/log/$name.log
  mkdir -p "$work" build/fuzz/log build/fuzz/found
  if [[ -d fuzz/corpus/$name ]]; then cp -n "fuzz/corpus/$name"/* "$work/"; fi
  local -a dictionary=()
  if [[ -f fuzz/dict/$name.dict ]]; then dictionary=("-dict=fuzz/dict/$name.dict"); fi
  if "build/fuzz/bin/${name}_fuzz" "${dictionary[@]}" -max_total_time="$seconds" -max_len="$fuzz_max_len" -timeout=10 \
    -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="build/fuzz/found/$name-" "$work" \
    </dev/null >"$log" 2>&1; then
    local inputs edges
    inputs=$(awk '/number_of_executed_units/ { print $2 }' "$log")
    edges=$(grep -o ' cov: [0-9]*' "$log" | tail -n 1 | grep -o '[0-9]*')
    say "$name: $inputs inputs, $edges edges, $(find "$work" -type f | wc -l) files in the corpus, nothing found"
    return 0
  fi
  tail -n 40 "$log" >&2
  say "$name: FAILED; the input is in build/fuzz/found/, the report in $log" >&2
  return 1
}

# Adds to fuzz/corpus/NAME what reaches code that it doesn't reach yet, the smallest files first, within the bounds.
keep_findings() {
  local name=$1 kept=fuzz/corpus/$1 merged=build/fuzz/merged/$1 file
  rm -rf "$merged"
  mkdir -p "$kept" "$merged"
  cp -r "$kept/." "$merged"
  "build/fuzz/bin/${name}_fuzz" -merge=1 -max_len="$corpus_max_bytes" "$merged" "build/fuzz/corpus/$name" </dev/null \
    >"build/fuzz/log/$name.merge.log" 2>&1 || die "merging failed, see build/fuzz/log/$name.merge.log"
  while read -r file; do
    (($(find "$kept" -type f | wc -l) < corpus_max_files)) || break
    [[ -e $kept/$file ]] || cp "$merged/$file" "$kept/$file"
  done < <(find "$merged" -type f -size "-$((corpus_max_bytes + 1))c" -printf '%s %f\n' | sort -n | cut -d' ' -f2-)
  say "$name: $(find "$kept" -type f | wc -l) files in fuzz/corpus/$name"
}

cmd_fuzz() {
  local seconds=600 keep=no argument
  local -a names=() all=()
  for argument in fuzz/targets/*.cmake; do
    argument=${argument##*/}
    all+=("${argument%.cmake}")
  done
  for argument in "$@"; do
    if [[ $argument == --keep ]]; then
      keep=yes
    elif [[ $argument =~ ^[0-9]+$ ]]; then
      seconds=$argument
    elif [[ -f fuzz/targets/$argument.cmake ]]; then
      names+=("$argument")
    else
      usage_error "there is no fuzz target '$argument'; there are: ${all[*]}"
    fi
  done
  ((${#names[@]} > 0)) || names=("${all[@]}")
  setup_groups build test
  build_preset fuzz all
  say "Fuzzing ${names[*]}, $seconds s each, $(nproc) at a time"
  export -f fuzz_one say
  export fuzz_max_len
  printf '%s\n' "${names[@]}" | xargs -P "$(nproc)" -I NAME bash -c 'fuzz_one NAME '"$seconds" ||
    die "at least one target failed"
  if [[ $keep == yes ]]; then
    for argument in "${names[@]}"; do keep_findings "$argument"; done
  fi
}
