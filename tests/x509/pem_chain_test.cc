#include "x509/certificate.h"

#include <gtest/gtest.h>

#include "codec/pem.h"
#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

std::string repeat(const std::string& text, std::size_t count) {
  std::string all;
  for (std::size_t i = 0; i < count; ++i) all += text;
  return all;
}

TEST(PemChain, what_is_written_is_read) {
  const auto& pki = test::shared_pki();
  const std::string pem = to_pem(pki.leaf.certificate) + to_pem(pki.intermediate.certificate);
  EXPECT_TRUE(pem.starts_with("-----BEGIN CERTIFICATE-----\n"));
  ASSERT_OK(const auto chain, parse_pem_chain(as_bytes(pem)));
  ASSERT_EQ(chain.size(), 2U);
  EXPECT_EQ(chain[0], pki.leaf.certificate);
  EXPECT_EQ(chain[1], pki.intermediate.certificate);
}

// RFC 7468, 5.2
TEST(PemChain, text_outside_of_the_blocks_is_passed_over) {
  const std::string pem = "subject: somebody\r\n" + to_pem(test::shared_pki().leaf.certificate) + "\nthat was it\n";
  ASSERT_OK(const auto chain, parse_pem_chain(as_bytes(pem)));
  EXPECT_EQ(chain.size(), 1U);
}

TEST(PemChain, other_blocks_are_refused) {
  const std::string certificate = to_pem(test::shared_pki().leaf.certificate);
  const std::string key = codec::write_pem("PRIVATE KEY", test::hex("3000"));
  EXPECT_REFUSED(parse_pem_chain(as_bytes(certificate + key)), X509Reason::bad_pem);
  EXPECT_REFUSED(parse_pem_chain(as_bytes(key + certificate)), X509Reason::bad_pem);
}

TEST(PemChain, damaged_pem_is_refused) {
  const std::string pem = to_pem(test::shared_pki().leaf.certificate);
  EXPECT_REFUSED(parse_pem_chain(as_bytes(pem.substr(0, pem.size() - 30))), X509Reason::bad_pem);
  std::string bad_body = pem;
  bad_body[40] = '!';
  EXPECT_REFUSED(parse_pem_chain(as_bytes(bad_body)), X509Reason::bad_pem);
}

TEST(PemChain, there_must_be_a_certificate) {
  EXPECT_REFUSED(parse_pem_chain({}), X509Reason::no_certificate);
  EXPECT_REFUSED(parse_pem_chain(as_bytes("nothing here\n")), X509Reason::no_certificate);
}

TEST(PemChain, there_are_at_most_32) {
  const std::string one = to_pem(test::shared_pki().leaf.certificate);
  ASSERT_OK(const auto chain, parse_pem_chain(as_bytes(repeat(one, 32))));
  EXPECT_EQ(chain.size(), 32U);
  EXPECT_REFUSED(parse_pem_chain(as_bytes(repeat(one, 33))), X509Reason::too_many_certificates);
}

TEST(PemChain, the_text_is_at_most_1_mib) {
  const std::string one = to_pem(test::shared_pki().leaf.certificate);
  const std::string largest = one + std::string(1024UL * 1024 - one.size(), '\n');
  EXPECT_OK(parse_pem_chain(as_bytes(largest)));
  EXPECT_REFUSED(parse_pem_chain(as_bytes(largest + "\n")), X509Reason::too_large);
}

TEST(PemChain, a_bad_certificate_is_named_by_its_place) {
  const std::string pem =
      to_pem(test::shared_pki().leaf.certificate) + codec::write_pem("CERTIFICATE", test::hex("3000"));
  const auto refused = parse_pem_chain(as_bytes(pem));
  ASSERT_FALSE(refused.has_value());
  EXPECT_TRUE(refused.error().is(X509Reason::malformed));
  EXPECT_TRUE(refused.error().message().starts_with("certificate 2 of 2")) << refused.error().message();
}

}  // namespace
}  // namespace proofmark::x509
