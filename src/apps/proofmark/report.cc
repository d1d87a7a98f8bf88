#include "apps/proofmark/report.h"

#include <fmt/format.h>

#include <variant>

#include "apps/proofmark/advice.h"
#include "base/text.h"

namespace proofmark::cli {

using codec::json::Array;
using codec::json::Object;
using codec::json::Value;
using lambda_package::Claims;
using lambda_package::Inspection;
using lambda_package::Reading;
using lambda_package::Verdict;
using lambda_package::VerifiedPackage;

namespace {

std::string size_text(std::uint64_t bytes) {
  if (bytes < 10'000) return fmt::format("{} bytes", bytes);
  if (bytes < 10'000'000) return fmt::format("{:.1f} KiB", static_cast<double>(bytes) / 1024);
  return fmt::format("{:.1f} MiB", static_cast<double>(bytes) / (1024 * 1024));
}

Array chain_json(const std::vector<x509::Certificate>& certificates) {
  Array chain;
  for (const auto& certificate : certificates) chain.emplace_back(certificate_json(certificate));
  return chain;
}

Value check_json(const lambda_package::CheckResult& result) {
  Object check{{"check", name(result.check)}, {"outcome", name(result.outcome)}};
  if (result.refusal) check.emplace_back("refusal", name(*result.refusal));
  check.emplace_back("message", result.message);
  return check;
}

}  // namespace

std::string json_file_name(const std::string& file) {
  return is_utf8(file) ? file : printable(file);
}

std::string error_text(const Error& error) {
  std::string text = "proofmark: " + error.describe() + "\n";
  if (const auto advice = advice_for(error); !advice.empty()) text += fmt::format("  {}\n", advice);
  return text;
}

Value error_json(const Error& error) {
  return Object{{"code", name(error.code())},
                {"reason", fmt::format("{}.{}", error.domain(), error.reason())},
                {"message", error.describe()}};
}

Value certificate_json(const x509::Certificate& certificate) {
  return Object{{"subject", x509::name_to_string(certificate.subject())},
                {"issuer", x509::name_to_string(certificate.issuer())},
                {"serialNumber", x509::serial_to_string(certificate)},
                {"notBefore", to_rfc3339(certificate.not_before())},
                {"notAfter", to_rfc3339(certificate.not_after())},
                {"sha256Fingerprint", to_hex(certificate.fingerprint())}};
}

Value claims_json(const Claims& claims) {
  return Object{{"signingJobArn", claims.job.text()},
                {"signingProfileVersionArn", claims.profile_version.text()},
                {"signingTime", to_rfc3339(claims.signing_time)},
                {"expiry", to_rfc3339(claims.expiry)}};
}

std::string verdict_text(const std::string& file, const Reading& reading, const Verdict& verdict) {
  std::string text = fmt::format("{}: {}\n", printable(file), verdict.trusted ? "verified" : "NOT verified");
  for (const auto& result : verdict.checks) {
    const std::string_view word = result.outcome == lambda_package::Outcome::passed   ? "passed"
                                  : result.outcome == lambda_package::Outcome::failed ? "FAILED"
                                                                                      : "-";
    text += fmt::format("  {:<10}  {:<6}  {}\n", name(result.check), word, result.message);
  }
  if (const auto advice = advice_for(reading, verdict); !advice.empty()) text += fmt::format("  {}\n", advice);
  return text;
}

Value verdict_json(const std::string& file, const Reading& reading, const Verdict& verdict) {
  Object object{
      {"file", json_file_name(file)}, {"verified", verdict.trusted}, {"signatureStatus", signature_status(verdict)}};
  Array checks;
  for (const auto& result : verdict.checks) checks.push_back(check_json(result));
  object.emplace_back("checks", std::move(checks));
  if (const auto* package = std::get_if<VerifiedPackage>(&reading)) {
    object.emplace_back("signature", claims_json(package->claims()));
    object.emplace_back("contentSha384", to_hex(package->content().bytes()));
    object.emplace_back("boundariesPinned", package->boundaries_pinned());
    object.emplace_back("certificateChain", chain_json(package->chain()));
  } else if (const auto* error = std::get_if<Error>(&reading)) {
    object.emplace_back("error", error_json(*error));
  }
  return object;
}

std::string inspection_text(const std::string& file, const Inspection& inspection) {
  std::string text = fmt::format("{}: {} members, {} uncompressed\n", printable(file), inspection.members,
                                 size_text(inspection.uncompressed));
  if (!inspection.signature) return text + "  not signed\n";
  const auto& signature = *inspection.signature;
  text += "  what the signature says (inspect does not verify; use 'proofmark lambda verify'):\n";
  const auto line = [&](std::string_view label, std::string_view value) {
    text += fmt::format("  {:<16}{}\n", label, value);
  };
  line("signed by", x509::name_to_string(signature.signer.subject()));
  line("profile", signature.claims.profile_version.text());
  line("job", signature.claims.job.text());
  line("signed at", to_rfc3339(signature.claims.signing_time));
  line("expires", to_rfc3339(signature.claims.expiry));
  line("digest", "sha384:" + to_hex(signature.message_digest.bytes()));
  line("boundaries", signature.has_boundary_list ? "listed" : "not listed");
  text += "  certificates:\n";
  for (const auto& certificate : signature.certificates) {
    text += fmt::format("    {}\n      serial {}, valid {} to {}\n      SHA-256 {}\n",
                        x509::name_to_string(certificate.subject()), x509::serial_to_string(certificate),
                        to_rfc3339(certificate.not_before()), to_rfc3339(certificate.not_after()),
                        to_hex(certificate.fingerprint()));
  }
  return text;
}

Value inspection_json(const std::string& file, const Inspection& inspection) {
  Object object{{"file", json_file_name(file)},
                {"members", static_cast<std::uint64_t>(inspection.members)},
                {"uncompressedBytes", inspection.uncompressed},
                {"signed", inspection.signature.has_value()}};
  if (inspection.signature) {
    const auto& signature = *inspection.signature;
    object.emplace_back("signature", claims_json(signature.claims));
    object.emplace_back("messageDigestSha384", to_hex(signature.message_digest.bytes()));
    object.emplace_back("boundariesListed", signature.has_boundary_list);
    object.emplace_back("signer", certificate_json(signature.signer));
    object.emplace_back("certificates", chain_json(signature.certificates));
  }
  return object;
}

void print_json(Terminal& terminal, const Value& value) {
  terminal.out(codec::json::serialize(value, codec::json::Style::indented) + "\n");
}

}  // namespace proofmark::cli
