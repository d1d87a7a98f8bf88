#include "apps/proofmark/inputs.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "base/file.h"
#include "base/text.h"
#include "codec/json.h"
#include "lambda_package/reasons.h"
#include "lambda_package/trust.h"

namespace proofmark::cli {
namespace {

constexpr std::uint64_t kMaxKeyFile = 64U << 10U;
constexpr std::uint64_t kMaxCertificateFile = 1U << 20U;
constexpr std::uint64_t kMaxRevocationFile = 64U << 20U;
constexpr std::size_t kMaxPassphrase = 1024;

using codec::json::Array;
using codec::json::Value;
using lambda_package::PackageReason;
using lambda_package::Revocations;

std::unexpected<Error> within(Error error, std::string_view file) {
  return std::unexpected(std::move(error).within(printable(file)));
}

std::unexpected<Error> bad_list(std::string message) {
  return fail(PackageReason::bad_revocation_list, std::move(message));
}

/// The member `key` of the list: an array, or nothing.
Result<const Array*> array_at(const Value& document, std::string_view key) {
  const Value* member = document.find(key);
  if (member == nullptr) return nullptr;
  if (const Array* array = member->if_array()) return array;
  return bad_list(fmt::format("{} is not an array", key));
}

Result<void> add_job(const Value& item, Revocations& revocations) {
  const auto* text = item.if_string();
  if (text == nullptr) return bad_list("revokedJobs holds something that is no string");
  PM_TRY(auto job, aws::SigningJobArn::parse(*text));
  revocations.jobs.insert(std::move(job));
  return {};
}

/// Every member of a JSON object must be one that is known: half a list that is understood is worse than none.
Result<void> check_members(const codec::json::Object& object, std::initializer_list<std::string_view> known) {
  for (const auto& [key, value] : object) {
    if (std::ranges::find(known, key) == known.end())
      return bad_list(fmt::format("unknown member {}", proofmark::quoted(key)));
  }
  return {};
}

Result<void> add_profile_version(const Value& item, Revocations& revocations) {
  const auto* members = item.if_object();
  if (members == nullptr) return bad_list("revokedProfileVersions holds something that is no object");
  PM_TRY_VOID(check_members(*members, {"arn", "effectiveFrom"}));
  PM_TRY(const auto arn_text, item.string_at("arn"));
  PM_TRY(const auto time_text, item.string_at("effectiveFrom"));
  PM_TRY(auto arn, aws::ProfileVersionArn::parse(arn_text));
  PM_TRY(const auto from, parse_rfc3339(time_text));
  const auto [place, added] = revocations.profile_versions.emplace(std::move(arn), from);
  if (!added) place->second = std::min(place->second, from);
  return {};
}

Result<Revocations> parse_revocations(const Value& document) {
  const auto* members = document.if_object();
  if (members == nullptr) return bad_list("a revocation list is a JSON object");
  PM_TRY_VOID(check_members(*members, {"revokedJobs", "revokedProfileVersions"}));
  Revocations revocations;
  PM_TRY(const auto* jobs, array_at(document, "revokedJobs"));
  PM_TRY(const auto* profiles, array_at(document, "revokedProfileVersions"));
  if (jobs != nullptr) {
    for (const auto& item : *jobs) PM_TRY_VOID(add_job(item, revocations));
  }
  if (profiles != nullptr) {
    for (const auto& item : *profiles) PM_TRY_VOID(add_profile_version(item, revocations));
  }
  return revocations;
}

}  // namespace

Option passphrase_option() {
  return {.name = "--passphrase-file",
          .value = "FILE",
          .help = "file whose first line is the passphrase of the key; PROOFMARK_KEY_PASSPHRASE does the same",
          .offer = Offer::file};
}

Result<SecretBytes> read_passphrase(const Arguments& arguments, const Context& context) {
  if (const auto file = arguments.one("--passphrase-file"); !file.empty()) {
    PM_TRY(auto bytes, read_file(file, kMaxPassphrase));
    const SecretBytes whole(std::move(bytes));
    const auto text = as_text(whole.reveal());
    const auto line = text.substr(0, text.find_first_of("\r\n"));
    if (line.empty())
      return fail(UsageReason::bad_usage,
                  fmt::format("{}: the first line is empty; a passphrase is not", printable(file)));
    return SecretBytes(line);
  }
  auto variable = context.environment.get("PROOFMARK_KEY_PASSPHRASE");
  if (!variable) return SecretBytes();
  SecretBytes passphrase(*variable);
  wipe({reinterpret_cast<std::uint8_t*>(variable->data()), variable->size()});
  return passphrase;
}

Result<std::unique_ptr<crypto::SigningKey>> read_key(const std::string& file, const Arguments& arguments,
                                                     Context& context) {
  PM_TRY(auto bytes, read_file(file, kMaxKeyFile));
  const SecretBytes pem(std::move(bytes));
  PM_TRY(SecretBytes passphrase, read_passphrase(arguments, context));
  auto key = crypto::load_signing_key(pem.reveal(), passphrase.empty() ? nullptr : &passphrase);
  if (!key && key.error().is(crypto::CryptoReason::passphrase_required)) {
    auto asked = context.terminal.ask_secret(fmt::format("Passphrase of {}: ", printable(file)));
    if (asked) key = crypto::load_signing_key(pem.reveal(), &*asked);
  }
  if (!key) return within(std::move(key).error(), file);
  return key;
}

Result<std::vector<x509::Certificate>> read_certificates(const std::string& file) {
  PM_TRY(const auto pem, read_file(file, kMaxCertificateFile));
  auto certificates = x509::parse_pem_chain(pem);
  if (!certificates) return within(std::move(certificates).error(), file);
  return certificates;
}

Result<x509::TrustedRoots> read_roots(const std::vector<std::string>& files) {
  if (files.empty()) return lambda_package::aws_signer_roots();
  std::vector<x509::Certificate> roots;
  for (const auto& file : files) {
    PM_TRY(const auto certificates, read_certificates(file));
    roots.insert(roots.end(), certificates.begin(), certificates.end());
  }
  if (roots.size() > x509::TrustedRoots::kMaxRoots) {
    return fail(x509::X509Reason::too_many_certificates,
                fmt::format("--root names {} certificates; at most {} can be trusted", roots.size(),
                            x509::TrustedRoots::kMaxRoots));
  }
  return x509::TrustedRoots(std::move(roots));
}

Result<Revocations> read_revocations(const std::string& file) {
  if (file.empty()) return Revocations{};
  PM_TRY(const auto text, read_file(file, kMaxRevocationFile));
  auto document = codec::json::parse(as_text(text), {.max_bytes = kMaxRevocationFile, .max_depth = 8});
  if (!document) return within(std::move(document).error(), file);
  auto revocations = parse_revocations(*document);
  if (!revocations) return within(std::move(revocations).error(), file);
  return revocations;
}

}  // namespace proofmark::cli
