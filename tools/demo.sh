#!/usr/bin/env bash
# Shows the main job: a Lambda function's zip is signed, verified, altered and refused, each with its reason.
# usage: demo.sh BIN_DIR      (the folder of the program proofmark; ./dev demo gives it)
# It is a check too: the exit code is 1 when any step did not do what it should.
set -uo pipefail

if (($# != 1)) || [[ ! -x $1/proofmark ]]; then
  echo "usage: tools/demo.sh BIN_DIR      the folder that holds the program proofmark" >&2
  exit 2
fi
tools=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
bin=$(cd "$1" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/proofmark-demo-XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
export PATH=$bin:$tools:$PATH PYTHONDONTWRITEBYTECODE=1
unset PROOFMARK_KEY_PASSPHRASE

# --- how a step looks ---

bold='' dim='' good='' bad='' plain=''
if [[ -t 1 && ${TERM:-dumb} != dumb && -z ${NO_COLOR:-} ]]; then
  bold=$'\e[1m' dim=$'\e[2m' good=$'\e[32m' bad=$'\e[31m' plain=$'\e[0m'
fi
steps=0 wrong=()

heading() { printf '\n%s%s%s\n' "$bold" "$*" "$plain"; }
say() { printf '%s\n' "$*" | fold -s -w 96 | sed 's/^/  /; s/ *$//'; }

# Breaks long lines at blanks; what follows a break is indented further.
wrap() {
  awk '{
    indent = "    "; line = $0
    while (length(indent line) > 100) {
      at = 101 - length(indent)
      while (at > 15 && substr(line, at, 1) != " ") --at
      if (substr(line, at, 1) != " ") at = 100 - length(indent)
      print indent substr(line, 1, at)
      line = substr(line, at + 1)
      sub(/^ +/, "", line)
      indent = "          "
    }
    print indent line
  }' | sed 's/ *$//'
}

# run COMMAND [SHOWN]: shows the command, runs exactly that, shows what it printed. With SHOWN=failed the lines of
# checks that were not made are left out.
run() {
  local command=$1 shown=${2:-all}
  printf '  %s$ %s%s\n' "$bold" "$command" "$plain"
  output=$(eval "$command" 2>&1)
  code=$?
  [[ -n $output ]] || return 0
  if [[ $shown == failed ]]; then
    grep -v '^  [a-z]* *-  ' <<<"$output" | wrap
  else
    wrap <<<"$output"
  fi
}

# define NAME VALUE: shows and makes a shell variable. VALUE may use earlier ones.
define() {
  local value=$2
  [[ $value != *' '* ]] || value=\"$value\"
  printf '  %s$ %s=%s%s\n' "$bold" "$1" "$value" "$plain"
  eval "$1=$value"
}

right() { printf '  %s[ok]%s %s\n' "$good" "$plain" "$1"; }
wrong() {
  wrong+=("$1")
  printf '  %s[WRONG]%s %s\n' "$bad" "$plain" "$1"
  if [[ -n $output ]]; then
    printf '  The whole output, exit code %s:\n' "$code"
    wrap <<<"$output"
  fi
}

# The last command succeeded, and printed something that matches PATTERN.
succeeded() {
  local what=$1 pattern=${2:-}
  steps=$((steps + 1))
  if ((code == 0)) && [[ $output =~ $pattern ]]; then right "$what"; else wrong "$what"; fi
}

# The last command refused, for the reason that matches PATTERN, with exit code 1 (proofmark) or CODE.
refused() {
  local what=$1 pattern=$2
  steps=$((steps + 1))
  if ((code == ${3:-1})) && [[ $output =~ $pattern ]]; then right "refused: $what"; else wrong "refused: $what"; fi
}

# --- the job ---

intro() {
  printf '%sProofmark: sign what a team ships, refuse what is not properly signed%s\n' "$bold" "$plain"
  say "Everything below happens in a temporary folder, with no account and no network. Commands are shown as they" \
    "are run."
}

make_project() {
  mkdir -p src/vendor/greeting
  cat >src/handler.py <<'PY'
import json
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE / "vendor"))
import greeting

CONFIG = json.loads((HERE / "config.json").read_text())


def handler(event, context):
    if event["amount"] > CONFIG["limit"]:
        return {"statusCode": 403}
    return {"statusCode": 200, "body": greeting.greet(event["name"])}
PY
  printf '{"limit": 100, "currency": "EUR"}\n' >src/config.json
  cat >src/vendor/greeting/__init__.py <<'PY'
def greet(name):
    return f"Hello, {name}!"
PY
}

build_and_sign() {
  heading "1. A Lambda function: a handler, its configuration, a vendored library"
  make_project
  run "cd src && zip -q -X ../function.zip handler.py config.json vendor/greeting/__init__.py"
  run "unzip -l function.zip"
  succeeded "an ordinary zip, as any build makes it" "3 files"

  heading "2. Who may sign: a certificate authority, and a signing key with its certificate"
  run "proofmark ca init ca"
  succeeded "a root and an intermediate" "root.crt"
  run "proofmark ca issue ca signer"
  succeeded "a key and a certificate for code signing" "signer.crt"

  heading "3. Sign"
  define profile arn:aws:signer:eu-central-1:123456789012:/signing-profiles/shop/AbCdEfGhIj
  define job arn:aws:signer:eu-central-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11
  define signer "--key ca/signer.key --chain ca/signer.crt --job-arn \$job"
  run "proofmark lambda sign \$signer --profile-version-arn \$profile function.zip signed.zip"
  succeeded "signed" "Signed function.zip"

  heading "4. Verify: is it what was signed, is it in date, may this publisher publish, was anything revoked?"
  define trust "--root ca/root.crt --allowed-profile \$profile"
  run "proofmark lambda verify \$trust signed.zip"
  succeeded "all four checks passed" "signed.zip: verified"

  heading "5. It is still a zip, and the function still runs"
  run "unzip -q signed.zip -d deployed && ls -A deployed"
  succeeded "unpacked by a program that knows nothing of signatures" "META_INF"
  run "cd deployed && python3 -c 'import handler; print(handler.handler({\"name\": \"Ada\", \"amount\": 5}, None))'"
  succeeded "the handler answers" "Hello, Ada!"
}

# attack HEADING ALTERATION OUT ARGUMENTS WHAT-IS-REFUSED PATTERN
attack() {
  heading "$1"
  run "alter_zip.py $2 signed.zip $3.zip $4"
  run "unzip -tq $3.zip"
  succeeded "a sound archive" "No errors detected"
  run "proofmark lambda verify \$trust $3.zip" failed
  refused "$5" "$6"
}

altered_contents() {
  heading "Attacks on the contents"
  say "Lengths and checksums of each altered zip are right: unzip -t finds nothing wrong with it. Checks that are" \
    "not made because the package is not intact are left out from here on."
  local altered="integrity +FAILED +the content is not what was signed"
  attack "6. One byte of the handler: the limit is never reached" \
    edit edited "handler.py 'amount\"] >' 'amount\"] <'" "an altered body" "$altered"
  attack "7. A member gets another name" rename renamed "config.json old-config.json" "a renamed member" "$altered"
  attack "8. Two members change places" swap reordered "handler.py config.json" "another order" "$altered"
  attack "9. A member is added" add extended "vendor/json.py 'import os'" "an added member" "$altered"
  attack "10. The signature is taken off" \
    remove stripped META_INF/aws_signer_signature_v1.0.SF "an unsigned package" "mismatch +FAILED"
}

wrong_signers() {
  heading "Intact, but not to be trusted"
  heading "11. Another publisher of the same authority"
  run "proofmark lambda sign \$signer --profile-version-arn \${profile/shop/games} function.zip games.zip"
  run "proofmark lambda verify \$trust games.zip" failed
  refused "a publisher that is not allowed" "mismatch +FAILED"

  heading "12. An authority that calls itself the same, and signs in the name of the allowed publisher"
  run "proofmark ca init fake-ca >/dev/null && proofmark ca issue fake-ca signer >/dev/null"
  define fake "--key fake-ca/signer.key --chain fake-ca/signer.crt --job-arn \$job"
  run "proofmark lambda sign \$fake --profile-version-arn \$profile function.zip fake.zip"
  run "proofmark lambda verify \$trust fake.zip" failed
  refused "a root that nobody trusts" "integrity +FAILED.*not a trusted one"

  heading "13. A signature for 90 days, a year later"
  local later
  later=$(date -u -d '+1 year' +%Y-%m-%dT%H:%M:%SZ)
  run "proofmark lambda sign \$signer --profile-version-arn \$profile --validity 90d function.zip short.zip"
  run "proofmark lambda verify \$trust short.zip | grep zip:"
  succeeded "accepted today" "short.zip: verified"
  run "proofmark lambda verify \$trust --at $later short.zip" failed
  refused "an expired signature" "expiry +FAILED"

  heading "14. The signing job is revoked"
  # shellcheck disable=SC2154  # define made it
  printf '{"revokedJobs": ["%s"]}\n' "$job" >revoked.json
  run "cat revoked.json && proofmark lambda verify \$trust --revocations revoked.json signed.zip" failed
  refused "a revoked signature" "revocation +FAILED"
}

# harmless HEADING ALTERATION OUT WHAT-IS-ACCEPTED
harmless() {
  heading "$1"
  run "alter_zip.py $2 signed.zip $3.zip"
  run "proofmark lambda verify \$trust $3.zip | grep zip:"
  if cmp -s signed.zip "$3.zip"; then wrong "$3.zip is another file"; else succeeded "$4" "$3.zip: verified"; fi
}

innocent_changes() {
  heading "What a signature does not cover, as on AWS"
  harmless "15. Every member is recompressed" recompress recompressed "accepted: the same names and bodies"
  harmless "16. Other times" retime retimed "accepted: times are not signed"
}

strict_mode() {
  heading "Stricter than AWS"
  say "The format signs names and bodies as one stream, without lengths. So an attacker can move the cut between a" \
    "body and the next name: here vendor/ wanders from a member's name to the end of config.json. AWS accepts that."
  local library=vendor/greeting/__init__.py
  heading "17. The cut between two members is moved"
  run "alter_zip.py shift signed.zip shifted.zip $library 7 && unzip -Z1 shifted.zip"
  run "proofmark lambda verify \$trust shifted.zip | grep zip:"
  succeeded "accepted, as AWS accepts it" "shifted.zip: verified"
  run "proofmark lambda verify \$trust --strict shifted.zip" failed
  refused "what could be cut differently, with --strict" "integrity +FAILED"

  heading "18. Signed with --pin-boundaries, the cuts are part of what is signed"
  run "proofmark lambda sign \$signer --profile-version-arn \$profile --pin-boundaries function.zip pinned.zip"
  run "proofmark lambda verify \$trust --strict pinned.zip"
  succeeded "accepted with --strict" "pinned.zip: verified"
  run "alter_zip.py shift pinned.zip shifted.zip $library 7"
  run "proofmark lambda verify \$trust shifted.zip" failed
  refused "a moved cut, with --strict or without" "integrity +FAILED"
}

independent_witness() {
  heading "An independent witness"
  heading "19. OpenSSL checks the signature over the signed content"
  run "proofmark lambda digest --raw signed.zip > content.bin"
  run "unzip -p signed.zip META_INF/aws_signer_signature_v1.0.SF > signature.pem"
  define witness "openssl cms -verify -binary -inform PEM -in signature.pem -CAfile ca/root.crt -purpose any"
  run "\$witness -content content.bin -out content.out"
  succeeded "OpenSSL agrees" "CMS Verification successful"
  heading "20. The same signature over the content of another zip"
  run "proofmark lambda digest --raw edited.zip > content.bin"
  run "\$witness -content content.bin -out content.out 2>&1 | grep Verification"
  refused "OpenSSL agrees with that, too" "CMS Verification failure" 4
}

summary() {
  if ((${#wrong[@]} == 0)); then
    printf '\n%s%sAll %d steps did what they should.%s\n' "$bold" "$good" "$steps" "$plain"
    printf '%sNext: proofmark lambda sign --help, and README.md%s\n' "$dim" "$plain"
    return 0
  fi
  printf '\n%s%d of %d steps did NOT do what they should:%s\n' "$bad" "${#wrong[@]}" "$steps" "$plain"
  printf '  %s\n' "${wrong[@]}"
  return 1
}

intro
build_and_sign
altered_contents
wrong_signers
innocent_changes
strict_mode
independent_witness
summary
