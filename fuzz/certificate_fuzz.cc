// Hostile certificates: what is accepted must be told apart, printed and read again in exactly one way; the rest is
// refused.
#include <cassert>
#include <cstddef>
#include <cstdint>

#include "base/text.h"
#include "x509/chain.h"

namespace {

using namespace proofmark;

/// No control character reaches a terminal: names are UTF-8 without one.
void check_name(ByteView name) {
  const std::string text = x509::name_to_string(name);
  assert(is_utf8(text));
  for (const char c : text) assert(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
}

void check_getters(const x509::Certificate& certificate) {
  assert(certificate.not_before() <= certificate.not_after());
  assert(!certificate.serial().empty() && certificate.serial().size() <= 20);
  assert(!x509::serial_to_string(certificate).empty());
  assert(certificate.tbs().size() < certificate.der().size());
  const auto constraints = certificate.basic_constraints();
  assert(!constraints || constraints->is_ca || !constraints->path_length);
  assert(!certificate.is_version_1() || (certificate.is_self_issued() && !certificate.key_usage()));
  const auto& purposes = certificate.extended_key_usage();
  assert(!purposes || purposes->size() <= certificate.extended_key_usage_count());
  check_name(certificate.issuer());
  check_name(certificate.subject());
}

/// DER is one to one, and so is the PEM that we write.
void check_read_again(const x509::Certificate& certificate, ByteView input) {
  assert(equal(certificate.der(), input));
  const auto again = x509::Certificate::parse(certificate.der());
  assert(again && *again == certificate && again->fingerprint() == certificate.fingerprint());
  const auto chain = x509::parse_pem_chain(as_bytes(x509::to_pem(certificate)));
  assert(chain && chain->size() == 1 && chain->front() == certificate);
}

/// Whatever it is, it ends, and trusts nothing when nothing is trusted.
void check_chain(const x509::Certificate& certificate) {
  const auto profile = x509::ChainProfile::lambda();
  assert(!x509::build_chain(certificate, {certificate}, x509::TrustedRoots({}), profile, certificate.not_before()));
  const auto self =
      x509::build_chain(certificate, {}, x509::TrustedRoots({certificate}), profile, certificate.not_before());
  assert(!self || (self->size() == 1 && certificate.has_purpose(x509::Purpose::code_signing)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView input(data, size);
  check_name(input);
  (void)x509::parse_pem_chain(input);
  const auto certificate = x509::Certificate::parse(input);
  if (!certificate) return 0;
  check_getters(*certificate);
  check_read_again(*certificate, input);
  check_chain(*certificate);
  return 0;
}
