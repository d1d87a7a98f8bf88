#include <fmt/format.h>

#include <algorithm>

#include "apps/proofmark/commands.h"
#include "apps/proofmark/inputs.h"
#include "apps/proofmark/report.h"
#include "base/text.h"
#include "lambda_package/sign.h"

namespace proofmark::cli {
namespace {

using codec::json::Array;
using codec::json::Object;
using lambda_package::Boundaries;
using lambda_package::Progress;

std::unexpected<Error> within(Error error, std::string_view file) {
  return std::unexpected(std::move(error).within(printable(file)));
}

/// Progress over the bytes that the archive is expected to hold; its compressed size is a floor that reads well enough
/// until then.
Progress progress_of(Context& context, std::string_view verb, const std::string& file, const RandomAccess& package) {
  auto archive = codec::zip::Archive::open(package, lambda_package::zip_limits());
  const std::uint64_t total = archive ? archive->total_uncompressed() : 0;
  if (total < (8U << 20U)) return {};
  return percent_progress(context.terminal, fmt::format("{} {}", verb, printable(file)), total);
}

// --- sign ---

struct SignInputs {
  lambda_package::SigningRequest request;
  std::unique_ptr<crypto::SigningKey> key;
  x509::Chain chain;
};

template <class Parsed>
Result<Parsed> of_option(Result<Parsed> parsed, std::string_view option) {
  if (!parsed) return within(std::move(parsed).error(), option);
  return parsed;
}

Result<SignInputs> read_sign_inputs(const Arguments& arguments, Context& context) {
  PM_TRY(auto profile,
         of_option(aws::ProfileVersionArn::parse(arguments.one("--profile-version-arn")), "--profile-version-arn"));
  PM_TRY(auto job, of_option(aws::SigningJobArn::parse(arguments.one("--job-arn")), "--job-arn"));
  PM_TRY(const auto validity, of_option(lambda_package::parse_validity(arguments.one("--validity")), "--validity"));
  const Instant now = context.clock.now();
  PM_TRY(const auto expiry, of_option(lambda_package::expiry_after(now, validity), "--validity"));
  PM_TRY(auto key, read_key(arguments.one("--key"), arguments, context));
  PM_TRY(const auto certificates, read_certificates(arguments.one("--chain")));
  auto chain = lambda_package::signing_chain(certificates, *key, now);
  if (!chain) return within(std::move(chain).error(), arguments.one("--chain"));
  return SignInputs{.request = {.claims = {std::move(job), std::move(profile), now, expiry},
                                .boundaries = arguments.has("--pin-boundaries") ? Boundaries::pinned : Boundaries::any},
                    .key = std::move(key),
                    .chain = *std::move(chain)};
}

Result<Exit> run_sign(const Arguments& arguments, Context& context) {
  const auto in_file = arguments.one("IN.zip");
  const auto out_file = arguments.one("OUT.zip");
  PM_TRY(const auto inputs, read_sign_inputs(arguments, context));
  PM_TRY(const auto package, open_file(in_file));
  PM_TRY(const auto out, create_file(out_file, Overwrite::allow));
  auto signed_package = lambda_package::sign(*package, *out, inputs.request, *inputs.key, inputs.chain,
                                             progress_of(context, "signing", in_file, *package));
  context.terminal.progress({});
  if (!signed_package) return within(std::move(signed_package).error(), in_file);
  PM_TRY_VOID(out->commit());

  const auto& claims = signed_package->claims();
  if (wants_json(arguments)) {
    print_json(context.terminal, Object{{"file", json_file_name(out_file)},
                                        {"signature", claims_json(claims)},
                                        {"contentSha384", to_hex(signed_package->content().bytes())},
                                        {"boundariesPinned", signed_package->boundaries_pinned()}});
  } else {
    context.terminal.out(fmt::format("Signed {} as {}, valid until {}\n  wrote {}\n", printable(in_file),
                                     claims.profile_version.text(), to_rfc3339(claims.expiry), printable(out_file)));
  }
  return Exit::success;
}

Command sign_command() {
  return {
      .path = {"lambda", "sign"},
      .summary = "Sign a Lambda function's zip",
      .description =
          "Copies IN.zip to OUT.zip and appends META_INF/ and the signature, in the format of AWS Signer's Lambda "
          "platform "
          "(AWSLambda-SHA384-ECDSA). Nothing is recompressed: names, bodies and their order stay as they are, and they "
          "are what is "
          "signed. OUT.zip appears only when it was read back and verified; it may be IN.zip.\n"
          "The ARNs become part of the signature: they say who published the package (the signing profile version) and "
          "which "
          "signing job did it. Verifiers allow publishers by profile.\n"
          "The key must be EC P-384, its certificate valid for code signing. 'proofmark ca' makes both for people "
          "without a PKI.",
      .arguments = {{.name = "IN.zip", .help = "the package as it was built; not signed yet"},
                    {.name = "OUT.zip", .help = "where the signed package goes; replaced when it exists"}},
      .options = {{.name = "--key",
                   .value = "KEY.pem",
                   .help = "the private key, PEM; may be encrypted",
                   .required = true,
                   .offer = Offer::file},
                  {.name = "--chain",
                   .value = "CHAIN.pem",
                   .help = "the key's certificate, its issuers and the root, PEM",
                   .required = true,
                   .offer = Offer::file},
                  {.name = "--profile-version-arn",
                   .value = "ARN",
                   .help = "who publishes: arn:aws:signer:REGION:ACCOUNT:/signing-profiles/NAME/VERSION",
                   .required = true},
                  {.name = "--job-arn",
                   .value = "ARN",
                   .help = "this signing: arn:aws:signer:REGION:ACCOUNT:/signing-jobs/UUID",
                   .required = true},
                  {.name = "--validity",
                   .value = "PERIOD",
                   .help = "how long the signature holds: days, months or years (90d, 135m, 2y), 135m at most",
                   .initial = "135m"},
                  {.name = "--pin-boundaries",
                   .help = "also sign where each name and body ends, so that 'verify --strict' accepts the package; "
                           "adds one member"},
                  passphrase_option(),
                  output_option()},
      .examples =
          {"proofmark lambda sign --key signer.key --chain signer.crt \\",
           "    --profile-version-arn arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app/AbCdEfGhIj \\",
           "    --job-arn arn:aws:signer:us-east-1:123456789012:/signing-jobs/0f5e1a4c-6c1b-4a5e-9c57-1f4f3f1d9a11 \\",
           "    function.zip function-signed.zip"},
      .run = run_sign};
}

// --- verify ---

struct VerifyInputs {
  lambda_package::DeploymentPolicy policy;
  lambda_package::Revocations revocations;
  Instant at;
};

Result<VerifyInputs> read_verify_inputs(const Arguments& arguments, const Context& context) {
  VerifyInputs inputs{.policy = {.on_untrusted = lambda_package::UntrustedArtifact::enforce, .allowed_publishers = {}},
                      .revocations = {},
                      .at = context.clock.now()};
  if (arguments.has("--any-profile")) {
    if (arguments.has("--allowed-profile")) {
      return fail(UsageReason::bad_usage, "--any-profile and --allowed-profile exclude each other");
    }
    inputs.policy.allowed_publishers = lambda_package::AnyPublisherUnsafe{};
  } else {
    std::vector<aws::SigningProfileArn> allowed;
    for (const auto& text : arguments.all("--allowed-profile")) {
      PM_TRY(auto arn, of_option(aws::SigningProfileArn::parse(text), "--allowed-profile"));
      allowed.push_back(std::move(arn));
    }
    inputs.policy.allowed_publishers = std::move(allowed);
  }
  if (const auto text = arguments.one("--at"); !text.empty()) {
    PM_TRY(inputs.at, of_option(parse_rfc3339(text), "--at"));
  }
  PM_TRY(inputs.revocations, read_revocations(arguments.one("--revocations")));
  return inputs;
}

Result<Exit> run_verify(const Arguments& arguments, Context& context) {
  PM_TRY(const auto inputs, read_verify_inputs(arguments, context));
  PM_TRY(auto roots, read_roots(arguments.all("--root")));
  lambda_package::Verifier verifier(std::move(roots), arguments.has("--strict") ? Boundaries::pinned : Boundaries::any);
  const bool json = wants_json(arguments);
  Array results;
  bool all_trusted = true;
  for (const auto& file : arguments.all("FILE.zip")) {
    auto package = open_file(file);
    // A file that can't be opened is a package of which nothing is known: judged like one that is not intact.
    const lambda_package::Reading reading =
        package ? verifier.verify(**package, inputs.at, progress_of(context, "verifying", file, **package))
                : lambda_package::Reading(std::move(package).error());
    context.terminal.progress({});
    const auto verdict = lambda_package::judge(reading, inputs.policy, inputs.revocations, inputs.at);
    all_trusted = all_trusted && verdict.trusted;
    if (json) {
      results.push_back(verdict_json(file, reading, verdict));
    } else {
      context.terminal.out(verdict_text(file, reading, verdict));
    }
  }
  if (json) print_json(context.terminal, Object{{"verified", all_trusted}, {"packages", std::move(results)}});
  return all_trusted ? Exit::success : Exit::failure;
}

Command verify_command() {
  return {
      .path = {"lambda", "verify"},
      .summary = "Verify signed zips: integrity, expiry, publisher, revocation",
      .description =
          "Makes the four checks of Lambda code signing, one line each: integrity (every name and body is what was "
          "signed, by a "
          "certificate of a trusted root), expiry, mismatch (is the publisher allowed?), revocation. Exit status 0 "
          "only when every check "
          "of every file passed.\n"
          "Trusted are AWS Signer's roots, unless --root names others. Nobody is allowed to publish unless "
          "--allowed-profile says so: "
          "a trusted root alone proves only that somebody with an account there signed.\n"
          "The certificate is judged at the time of signing (it lives for days, a signature for years), the "
          "signature's expiry now, or "
          "at the time that --at gives.",
      .arguments = {{.name = "FILE.zip", .help = "the packages", .repeatable = true}},
      .options = {{.name = "--root",
                   .value = "PEM",
                   .help = "trusted root certificates instead of AWS Signer's",
                   .repeatable = true,
                   .offer = Offer::file},
                  {.name = "--allowed-profile",
                   .value = "ARN",
                   .help =
                       "a signing profile that may publish; with its version only that one, without it all versions",
                   .repeatable = true},
                  {.name = "--any-profile",
                   .help = "allow every publisher under the trusted roots (know why you want this)"},
                  {.name = "--at",
                   .value = "TIME",
                   .help = "judge as of this time (RFC 3339: 2026-09-28T09:19:26Z) instead of now"},
                  {.name = "--revocations",
                   .value = "FILE",
                   .help = "JSON list of revoked signing jobs and profile versions (docs/json-output.md)",
                   .offer = Offer::file},
                  {.name = "--strict",
                   .help = "also refuse packages whose names and bodies could be shifted (sign --pin-boundaries)"},
                  output_option()},
      .examples =
          {"proofmark lambda verify --root my-ca/root.crt \\",
           "    --allowed-profile arn:aws:signer:us-east-1:123456789012:/signing-profiles/my_app function-signed.zip"},
      .run = run_verify};
}

// --- inspect and digest ---

Result<Exit> run_inspect(const Arguments& arguments, Context& context) {
  const auto file = arguments.one("FILE.zip");
  PM_TRY(const auto package, open_file(file));
  auto inspection = lambda_package::inspect(*package);
  if (!inspection) return within(std::move(inspection).error(), file);
  if (wants_json(arguments)) {
    print_json(context.terminal, inspection_json(file, *inspection));
  } else {
    context.terminal.out(inspection_text(file, *inspection));
  }
  return Exit::success;
}

Command inspect_command() {
  return {
      .path = {"lambda", "inspect"},
      .summary = "Show what a signed zip says of its signature, without verifying it",
      .description =
          "Prints the signer, the ARNs, the times and the certificates that stand in the package. Believe them when "
          "'proofmark lambda verify' has passed.",
      .arguments = {{.name = "FILE.zip", .help = "the package"}},
      .options = {output_option()},
      .examples = {"proofmark lambda inspect function-signed.zip"},
      .run = run_inspect};
}

Result<Exit> run_digest(const Arguments& arguments, Context& context) {
  const auto file = arguments.one("FILE.zip");
  PM_TRY(const auto package, open_file(file));
  auto digest = lambda_package::package_digest(*package, progress_of(context, "reading", file, *package));
  context.terminal.progress({});
  if (!digest) return within(std::move(digest).error(), file);
  if (arguments.has("--raw")) {
    context.terminal.out(as_text(digest->bytes()));
  } else if (wants_json(arguments)) {
    print_json(context.terminal, Object{{"file", json_file_name(file)}, {"contentSha384", to_hex(digest->bytes())}});
  } else {
    context.terminal.out(to_hex(digest->bytes()) + "\n");
  }
  return Exit::success;
}

Command digest_command() {
  return {
      .path = {"lambda", "digest"},
      .summary = "Print the signed content: a digest over all names and bodies",
      .description =
          "The SHA-384 over every member's name and body, in order, the signature itself left out. It is the content "
          "that the "
          "CMS signature is over. Of an unsigned package it is what would be signed, so it is the same before and "
          "after.",
      .arguments = {{.name = "FILE.zip", .help = "the package, signed or not"}},
      .options = {{.name = "--raw", .help = "the 48 bytes as they are, for other programs, instead of hexadecimal"},
                  output_option()},
      .examples =
          {"proofmark lambda digest --raw f.zip > content.bin",
           "unzip -p f.zip META_INF/aws_signer_signature_v1.0.SF > sig.pem",
           "openssl cms -verify -binary -inform PEM -in sig.pem -content content.bin -CAfile root.crt -purpose any"},
      .run = run_digest};
}

}  // namespace

void add_lambda_commands(Program& program) {
  program.groups.push_back({"lambda", "Signed zips for Lambda functions"});
  program.commands.push_back(sign_command());
  program.commands.push_back(verify_command());
  program.commands.push_back(inspect_command());
  program.commands.push_back(digest_command());
}

}  // namespace proofmark::cli
