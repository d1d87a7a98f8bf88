// How many P-384 signatures a second the product makes and verifies, raw and in its envelopes.
// usage: p384_bench MEASURE SECONDS KEY.pem CHAIN.pem SIGNED.zip
// Prints "OPERATIONS SECONDS", the seconds in CPU time of this process, as `openssl speed` counts them: other programs
// on the machine don't change the result much. Every cache is warm: certificates are parsed and their chain is judged
// once.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <exception>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/file.h"
#include "codec/zip/reader.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "envelope/cms/signed_data.h"
#include "envelope/cms/signer.h"
#include "lambda_package/content.h"
#include "lambda_package/sign.h"
#include "lambda_package/signature_member.h"
#include "lambda_package/verify.h"
#include "x509/certificate.h"
#include "x509/chain.h"

namespace {

using namespace proofmark;
using crypto::SignatureEncoding;
using crypto::SignatureScheme;

/// One operation to count. An error ends the run: a failed operation is not a fast one.
using Operation = std::function<Result<void>()>;

struct Inputs {
  std::unique_ptr<crypto::SigningKey> key;
  std::vector<x509::Certificate> chain;  // leaf first
  Bytes package;                         // signed
  Instant now;
};

Result<Inputs> read_inputs(const std::string& key_file, const std::string& chain_file,
                           const std::string& package_file) {
  constexpr std::uint64_t kMaxFile = 16U << 20U;
  Inputs inputs{.key = nullptr, .chain = {}, .package = {}, .now = system_clock().now()};
  PM_TRY(const auto key_pem, read_file(key_file, kMaxFile));
  PM_TRY(inputs.key, crypto::load_signing_key(key_pem, nullptr));
  PM_TRY(const auto chain_pem, read_file(chain_file, kMaxFile));
  PM_TRY(inputs.chain, x509::parse_pem_chain(chain_pem));
  PM_TRY(inputs.package, read_file(package_file, kMaxFile));
  return inputs;
}

/// The signature alone, the digest given.
Result<Operation> raw_verify(const Inputs& inputs) {
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha384, as_bytes("content"));
  PM_TRY(const auto signature, inputs.key->sign(SignatureScheme::ecdsa_sha384, SignatureEncoding::der, digest));
  return [&key = inputs.key->public_key(), digest, signature] {
    return key.verify(SignatureScheme::ecdsa_sha384, SignatureEncoding::der, digest, signature);
  };
}

Result<Operation> raw_sign(const Inputs& inputs) {
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha384, as_bytes("content"));
  return [&key = *inputs.key, digest]() -> Result<void> {
    PM_TRY_VOID(key.sign(SignatureScheme::ecdsa_sha384, SignatureEncoding::der, digest));
    return {};
  };
}

/// A whole small package in memory: archive, content digest, envelope, chain, claims.
Result<Operation> package_verify(const Inputs& inputs) {
  auto verifier = std::make_shared<lambda_package::Verifier>(x509::TrustedRoots({inputs.chain.back()}));
  return [verifier, &inputs]() -> Result<void> {
    const auto reading = verifier->verify(MemoryAccess(inputs.package), inputs.now);
    if (const auto* error = std::get_if<Error>(&reading)) return std::unexpected(*error);
    if (std::holds_alternative<lambda_package::VerifiedPackage>(reading)) return {};
    return fail(lambda_package::PackageReason::bad_signature_member, "the package is not signed");
  };
}

/// What a daemon keeps between two envelopes.
struct Warm {
  explicit Warm(const Inputs& inputs) : roots({inputs.chain.back()}) {}
  x509::CertificateCache certificates;
  x509::ChainCache chains;
  x509::TrustedRoots roots;
};

/// The envelope alone: parsed once; its signature is checked and its chain looked up each time.
Result<Operation> cms_verify(const Inputs& inputs) {
  const auto warm = std::make_shared<Warm>(inputs);
  const MemoryAccess package(inputs.package);
  PM_TRY(const auto archive, codec::zip::Archive::open(package, lambda_package::zip_limits()));
  PM_TRY(const auto signed_data, lambda_package::read_signature(archive, warm->certificates));
  if (!signed_data) return fail(lambda_package::PackageReason::bad_signature_member, "the package is not signed");
  PM_TRY(const auto content, lambda_package::package_digest(package));
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha384, content.bytes());
  return [warm, envelope = *signed_data, digest]() -> Result<void> {
    PM_TRY_VOID(envelope::cms::VerifiedSignedData::verify(envelope, digest, warm->roots, x509::ChainProfile::lambda(),
                                                          warm->chains));
    return {};
  };
}

/// The envelope alone, without the claims.
Result<Operation> cms_sign(const Inputs& inputs) {
  const auto digest = crypto::hash(crypto::HashAlgorithm::sha384, as_bytes("content"));
  return [&inputs, digest]() -> Result<void> {
    PM_TRY_VOID(envelope::cms::sign(digest, *inputs.key, inputs.chain, inputs.now, {}));
    return {};
  };
}

struct Measure {
  std::string_view name;
  Result<Operation> (*prepare)(const Inputs&);
};
constexpr Measure kMeasures[] = {{"raw-verify", raw_verify},
                                 {"raw-sign", raw_sign},
                                 {"cms-verify", cms_verify},
                                 {"cms-sign", cms_sign},
                                 {"package-verify", package_verify}};

double cpu_seconds() {
  return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

/// Once to warm up, then again and again for `seconds` by the clock on the wall.
Result<void> measure(const Operation& operation, double seconds) {
  using Wall = std::chrono::steady_clock;
  PM_TRY_VOID(operation());
  const auto end = Wall::now() + std::chrono::duration<double>(seconds);
  const double before = cpu_seconds();
  std::uint64_t done = 0;
  while (Wall::now() < end) {
    PM_TRY_VOID(operation());
    ++done;
  }
  fmt::print("{} {:.6f}\n", done, cpu_seconds() - before);
  return {};
}

Result<void> run(const std::vector<std::string>& words) {
  const auto usage = [] {
    return fail(FileReason::cannot_read, "usage: p384_bench MEASURE SECONDS KEY.pem CHAIN.pem SIGNED.zip");
  };
  if (words.size() != 5) return usage();
  const auto* const wanted = std::ranges::find(kMeasures, words[0], &Measure::name);
  double seconds = 0;
  const auto [end, error] = std::from_chars(words[1].data(), words[1].data() + words[1].size(), seconds);
  if (wanted == std::end(kMeasures) || error != std::errc{} || seconds <= 0) return usage();
  PM_TRY(const auto inputs, read_inputs(words[2], words[3], words[4]));
  PM_TRY(const auto operation, wanted->prepare(inputs));
  return measure(operation, seconds);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const auto done = run(std::vector<std::string>(argv + 1, argv + argc));
    if (done) return 0;
    fmt::print(stderr, "p384_bench: {}\n", done.error().describe());
  } catch (const std::exception& error) {
    (void)std::fprintf(stderr, "p384_bench: %s\n", error.what());
  }
  return 1;
}
