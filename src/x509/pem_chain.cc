#include <fmt/format.h>

#include <utility>

#include "base/text.h"
#include "codec/pem.h"
#include "x509/certificate.h"

namespace proofmark::x509 {
namespace {

constexpr std::size_t kMaxPem = 1024UL * 1024;
constexpr std::size_t kMaxCertificates = 32;
constexpr std::string_view kLabel = "CERTIFICATE";

X509Reason reason_for(const Error& error) {
  if (error.is(codec::PemReason::no_block)) return X509Reason::no_certificate;
  if (error.is(codec::PemReason::too_many_blocks)) return X509Reason::too_many_certificates;
  return X509Reason::bad_pem;
}

std::string_view message_for(X509Reason reason) {
  if (reason == X509Reason::no_certificate) return "the PEM text has no certificate";
  if (reason == X509Reason::too_many_certificates) return "the PEM text has more than 32 certificates";
  return "the certificates are not valid PEM";
}

}  // namespace

Result<std::vector<Certificate>> parse_pem_chain(ByteView pem) {
  if (pem.size() > kMaxPem) {
    return fail(X509Reason::too_large, fmt::format("the PEM text is {} bytes long (at most {})", pem.size(), kMaxPem));
  }
  auto blocks = codec::read_pem(as_text(pem), kMaxCertificates);
  if (!blocks) {
    const X509Reason reason = reason_for(blocks.error());
    Error error(reason, std::string(message_for(reason)));
    return std::unexpected<Error>(std::move(error).caused_by(std::move(blocks).error()));
  }
  std::vector<Certificate> chain;
  for (const auto& block : *blocks) {
    if (block.label != kLabel) {
      return fail(X509Reason::bad_pem,
                  fmt::format("the PEM text has a block {} among the certificates", quoted(block.label, 60)));
    }
    auto certificate = Certificate::parse(block.data);
    if (!certificate) {
      const auto place = fmt::format("certificate {} of {}", chain.size() + 1, blocks->size());
      return std::unexpected<Error>(std::move(certificate).error().within(place));
    }
    chain.push_back(*std::move(certificate));
  }
  return chain;
}

std::string to_pem(const Certificate& certificate) {
  return codec::write_pem(kLabel, certificate.der());
}

}  // namespace proofmark::x509
