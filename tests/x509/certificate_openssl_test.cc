// Decoding, against the openssl program.
#include "x509/certificate.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <sstream>

#include "x509/openssl_authority.h"
#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

/// What "openssl x509" prints, by line: "serial=…".
std::string field(const std::string& out, std::string_view name) {
  std::istringstream lines(out);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name)) return line.substr(name.size());
  }
  ADD_FAILURE() << name << " is not in " << out;
  return {};
}

std::string lower_hex(std::string text) {
  std::erase(text, ':');
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

/// "2026-01-01 00:00:00Z", as -dateopt iso_8601 prints it.
std::string iso(Instant instant) {
  std::string text = to_rfc3339(instant);
  text[10] = ' ';
  return text;
}

void expect_the_same_decode(const std::string& pem) {
  const auto shown = test::run({"openssl", "x509", "-noout", "-serial", "-subject", "-issuer", "-dates", "-dateopt",
                                "iso_8601", "-fingerprint", "-sha256", "-nameopt", "RFC2253,utf8,-esc_msb"},
                               ".", pem);
  ASSERT_EQ(shown.exit_code, 0) << shown.err;
  ASSERT_OK(const auto chain, parse_pem_chain(as_bytes(pem)));
  ASSERT_EQ(chain.size(), 1U);
  const Certificate& certificate = chain.front();
  EXPECT_EQ(serial_to_string(certificate), lower_hex(field(shown.out, "serial=")));
  EXPECT_EQ(name_to_string(certificate.subject()), field(shown.out, "subject="));
  EXPECT_EQ(name_to_string(certificate.issuer()), field(shown.out, "issuer="));
  EXPECT_EQ(iso(certificate.not_before()), field(shown.out, "notBefore="));
  EXPECT_EQ(iso(certificate.not_after()), field(shown.out, "notAfter="));
  EXPECT_EQ(to_hex(certificate.fingerprint()), lower_hex(field(shown.out, "sha256 Fingerprint=")));
}

TEST(CertificateOpenssl, the_aws_roots_are_decoded_alike) {
  for (const auto* name : {"aws-signer-lambda-root.pem", "aws-signer-notation-root.pem"}) {
    expect_the_same_decode(std::string(as_text(test::read(std::string(PROOFMARK_TEST_DATA "/") + name))));
  }
}

TEST(CertificateOpenssl, names_of_all_shapes_are_decoded_alike) {
  test::OpensslAuthority authority;
  int count = 0;
  for (const auto* subject : {
           "/C=US/ST=WA/O=Company/OU=Unit/CN=Example",
           "/CN=Lučić/O=Łódź",
           "/O=a, b + c; d < e > f \\\\ \"g\"/CN=#x",
           "/CN= leading and trailing ",
           "/CN=a=b",
       }) {
    expect_the_same_decode(authority.mint("name" + std::to_string(++count),
                                          {.subject = subject, .extensions = test::openssl_root_extensions()}));
  }
}

TEST(CertificateOpenssl, dates_on_both_sides_of_2050_are_decoded_alike) {
  test::OpensslAuthority authority;
  for (const auto* end : {"20491231235959Z", "20500101000000Z", "21200716192147Z", "99991231235959Z"}) {
    expect_the_same_decode(
        authority.mint(end, {.subject = "/CN=Dates", .extensions = test::openssl_root_extensions(), .not_after = end}));
  }
}

TEST(CertificateOpenssl, our_test_certificates_are_decoded_alike) {
  const auto& pki = test::shared_pki();
  for (const auto& each : {pki.root, pki.intermediate, pki.leaf}) expect_the_same_decode(to_pem(each.certificate));
}

}  // namespace
}  // namespace proofmark::x509
