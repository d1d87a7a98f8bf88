# Installs what is missing, at the versions that tools/setup pins. Sourced by ./dev.
# shellcheck shell=bash
: "${root:?}"

# Sets pinned_version and pinned_rule by package, for the files given.
read_pins() {
  declare -gA pinned_version=() pinned_rule=()
  local file package version rule _rest
  for file in "$@"; do
    while read -r package version rule _rest; do
      [[ -z $package || $package == \#* ]] && continue
      case $rule in
        security | any) ;;
        '#'* | '') rule=upstream ;;
        *) die "$file: $package has the unknown rule '$rule'" ;;
      esac
      pinned_version[$package]=$version
      pinned_rule[$package]=$rule
    done <"$file"
  done
}

# The part of a Debian version that two versions share when the rule takes one for the other.
version_key() {
  local version=$1 rule=$2
  case $rule in
    any) printf 'any' ;;
    security)
      [[ $version =~ ^([0-9]+:)?[0-9]+(\.[0-9]+)? ]] && printf '%s' "${BASH_REMATCH[0]}"
      ;;
    *) printf '%s' "${version%-*}" ;;
  esac
}

version_accepted() {
  local package=$1 version=$2
  [[ $version == "${pinned_version[$package]}" ]] && return 0
  local rule=${pinned_rule[$package]}
  [[ $(version_key "$version" "$rule") == "$(version_key "${pinned_version[$package]}" "$rule")" ]]
}

# Sets missing to the pinned packages that aren't installed. One that is installed at another version stops here: it is
# the person's own, so it isn't replaced unasked.
find_missing() {
  declare -ga missing=()
  local -A installed=()
  local package status version
  while read -r package status version; do
    [[ $status == installed ]] && installed[$package]=$version
  done < <(dpkg-query -W -f '${Package} ${db:Status-Status} ${Version}\n' "${!pinned_version[@]}" 2>/dev/null)
  for package in "${!pinned_version[@]}"; do
    version=${installed[$package]:-}
    if [[ -z $version ]]; then
      missing+=("$package")
    elif ! version_accepted "$package" "$version"; then
      die "$package $version is installed, but Proofmark is pinned to ${pinned_version[$package]} (tools/setup);" \
        "install that version, or change the pin and run ./dev test"
    fi
  done
}

# Prints the version of `package` to install: the pinned one, or the newest that its rule accepts.
choose_version() {
  local package=$1 pin=${pinned_version[$1]} best='' newest='' version
  while read -r version; do
    [[ $version == "$pin" && ${pinned_rule[$package]} != any ]] && {
      printf '%s' "$pin"
      return 0
    }
    if [[ -z $newest ]] || dpkg --compare-versions "$version" gt "$newest"; then newest=$version; fi
    version_accepted "$package" "$version" || continue
    if [[ -z $best ]] || dpkg --compare-versions "$version" gt "$best"; then best=$version; fi
  done < <(apt-cache madison "$package" 2>/dev/null | awk -F '|' '{ gsub(/ /, "", $2); print $2 }')
  [[ -n $best ]] || die "$package $pin is pinned, but the package mirror serves ${newest:-no version of it}"
  printf '%s' "$best"
}

# Runs a command quietly; its output is shown only when it fails.
run_logged() {
  local log
  log=$(mktemp)
  if ! "$@" </dev/null >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    die "failed: $*"
  fi
  rm -f "$log"
}

install_missing() {
  ((${#missing[@]} > 0)) || return 0
  local -a as_root=()
  if [[ $(id -u) != 0 ]]; then
    command -v sudo >/dev/null ||
      die "these packages are missing, and installing them needs root or sudo: ${missing[*]}"
    as_root=(sudo)
  fi
  local -a apt=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300)
  say "Installing ${#missing[@]} packages: ${missing[*]}"
  run_logged "${apt[@]}" update
  local package version
  local -a wanted=()
  for package in "${missing[@]}"; do
    version=$(choose_version "$package")
    [[ $version == "${pinned_version[$package]}" ]] ||
      say "$package: taking $version for the pinned ${pinned_version[$package]} (rule: ${pinned_rule[$package]})"
    wanted+=("$package=$version")
  done
  run_logged "${apt[@]}" install -y --no-install-recommends "${wanted[@]}"
}

# True when `program` prints a version (`go version go1.19.8`, `v18.20.4`) that is at least major.minor.
program_at_least() {
  local program=$1 argument=$2 major=$3 minor=$4 text
  text=$("$program" "$argument" 2>/dev/null) || return 1
  [[ $text =~ (go|v)([0-9]+)\.([0-9]+) ]] || return 1
  ((BASH_REMATCH[2] > major || (BASH_REMATCH[2] == major && BASH_REMATCH[3] >= minor)))
}

# The folders below tests/ that hold a file of this name.
folders_with() { find tests -name node_modules -prune -o -name "$1" -printf '%h\n' | sort; }

# fetch_go_module MODULE VERSION SUM: prints the folder of a Go module in Go's own cache, fetched if it isn't there.
# Outside any module, where Go minds no version that a go.mod asks for; the sum is therefore compared here.
fetch_go_module() {
  local answer empty
  empty=$(mktemp -d)
  if ! answer=$(cd "$empty" && GOTOOLCHAIN=auto GOFLAGS='' GONOSUMDB='*' go mod download -json "$1@$2" </dev/null); then
    printf '%s\n' "$answer" >&2
    die "cannot fetch the Go module $1 $2"
  fi
  rmdir "$empty"
  [[ $answer == *"\"Sum\": \"$3\""* ]] || die "the Go module $1 $2 is not the one whose sum go.sum has ($3)"
  [[ $answer =~ \"Dir\":\ \"([^\"]+)\" ]] && printf '%s' "${BASH_REMATCH[1]}"
}

# The modules that each go.sum of the tests names, once per content. The Wycheproof vectors get a path of their own.
fetch_go_modules() {
  local folder stamp module version sum found vectors=$PROOFMARK_CACHE/wycheproof/testvectors_v1
  while read -r folder; do
    stamp=$PROOFMARK_CACHE/go/${folder//\//_}.sum
    if cmp -s "$folder/go.sum" "$stamp" && [[ $folder != tests/crypto/wycheproof || -d $vectors ]]; then continue; fi
    say "Fetching the Go modules of $folder"
    while read -r module version sum; do
      [[ $version == */go.mod ]] && continue
      found=$(fetch_go_module "$module" "$version" "$sum")
      if [[ $module == github.com/c2sp/wycheproof ]]; then
        [[ -d $found/testvectors_v1 ]] || die "$module $version has no folder testvectors_v1"
        mkdir -p "${vectors%/*}"
        ln -sfn "$found/testvectors_v1" "$vectors"
      fi
    done <"$folder/go.sum"
    mkdir -p "${stamp%/*}"
    cp "$folder/go.sum" "$stamp"
  done < <(folders_with go.sum)
}

# `npm ci` for each package-lock.json of the tests, into $PROOFMARK_CACHE/node/<folder name>.
fetch_node_packages() {
  local folder target
  while read -r folder; do
    target=$PROOFMARK_CACHE/node/${folder##*/}
    if cmp -s "$folder/package-lock.json" "$target/installed.json"; then continue; fi
    say "Fetching the Node packages of $folder"
    rm -rf "$target"
    mkdir -p "$target"
    cp "$folder/package.json" "$folder/package-lock.json" "$target/"
    (cd "$target" && run_logged npm ci --no-audit --no-fund --ignore-scripts)
    cp "$folder/package-lock.json" "$target/installed.json"
  done < <(folders_with package-lock.json)
}

# setup_groups build|test|lint ...: the packages of these groups; build is always among them.
setup_groups() {
  command -v apt-get >/dev/null || die "setup knows Debian 12 only (no apt-get here); tools/setup lists what is needed"
  local -a files=(tools/setup/apt-build.txt)
  local group tests=no
  for group in "$@"; do
    case $group in
      test)
        tests=yes
        files+=(tools/setup/apt-test.txt)
        if [[ -n $(folders_with go.mod) ]] && ! program_at_least go version 1 19; then
          files+=(tools/setup/apt-go.txt)
        fi
        if [[ -n $(folders_with package-lock.json) ]] &&
          ! { program_at_least node --version 18 0 && command -v npm >/dev/null; }; then
          files+=(tools/setup/apt-node.txt)
        fi
        ;;
      lint) files+=(tools/setup/apt-lint.txt) ;;
    esac
  done
  read_pins "${files[@]}"
  find_missing
  install_missing
  if [[ $tests == yes ]]; then
    fetch_go_modules
    fetch_node_packages
  fi
}

cmd_setup() {
  case ${1:---all} in
    --all) setup_groups build test lint ;;
    --build) setup_groups build ;;
    --test) setup_groups build test ;;
    *) usage_error "setup takes --all, --build or --test, not '$1'" ;;
  esac
}
