// Damage of every kind: no changed bit of a certificate may get through.
#include "x509/chain.h"

#include <gtest/gtest.h>

#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

using test::pki_time;

// Take a good leaf, flip each bit: it is no certificate any more, or not this issuer's.
TEST(BuildChain, no_flipped_bit_of_the_leaf_gets_through) {
  const auto& pki = test::shared_pki();
  const Bytes good = to_bytes(pki.leaf.certificate.der());
  const TrustedRoots roots = pki.roots();
  for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes flipped = good;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << (bit % 8));
    const auto leaf = Certificate::parse(flipped);
    if (!leaf) continue;
    const auto chain = build_chain(*leaf, pki.candidates(), roots, ChainProfile::lambda(), pki_time());
    EXPECT_FALSE(chain.has_value()) << "bit " << bit << " of the leaf may be flipped";
  }
}

TEST(BuildChain, no_flipped_byte_of_the_intermediate_gets_through) {
  const auto& pki = test::shared_pki();
  const Bytes good = to_bytes(pki.intermediate.certificate.der());
  const TrustedRoots roots = pki.roots();
  for (std::size_t i = 0; i < good.size(); ++i) {
    Bytes flipped = good;
    flipped[i] ^= 0x01U;
    const auto intermediate = Certificate::parse(flipped);
    if (!intermediate) continue;
    const auto chain = build_chain(pki.leaf.certificate, {*intermediate}, roots, ChainProfile::lambda(), pki_time());
    EXPECT_FALSE(chain.has_value()) << "byte " << i << " of the intermediate may be changed";
  }
}

}  // namespace
}  // namespace proofmark::x509
