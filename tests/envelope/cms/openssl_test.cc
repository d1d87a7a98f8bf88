// OpenSSL's command line as the oracle: it must accept what we sign and refuse what we refuse.
#include "envelope/cms/signer.h"

#include "cms_builder.h"
#include "codec/pem.h"

namespace proofmark::envelope::cms {
namespace {

using proofmark::test::run;
using proofmark::test::signing_authority;
using proofmark::test::TempFolder;

int openssl_verify(const TempFolder& folder, const Bytes& encoded, std::string_view content) {
  proofmark::test::write(folder / "sig.pem", codec::write_pem("CMS", encoded));
  proofmark::test::write(folder / "content", content);
  proofmark::test::write(folder / "root.crt", x509::to_pem(signing_authority().chain.back()));
  return run({"openssl", "cms", "-verify", "-binary", "-inform", "PEM", "-in", "sig.pem", "-content", "content",
              "-CAfile", "root.crt", "-purpose", "any", "-attime", "1790587166", "-out", "/dev/null"},
             folder.path())
      .exit_code;
}

TEST(CmsOpenssl, accepts_what_we_sign) {
  const TempFolder folder;
  const auto& authority = signing_authority();
  ASSERT_OK(const auto encoded,
            sign(crypto::hash(crypto::HashAlgorithm::sha384, as_bytes("content")), *authority.leaf_key, authority.chain,
                 proofmark::test::at("2026-09-28T09:19:26.806Z"), {}));
  EXPECT_EQ(openssl_verify(folder, encoded, "content"), 0);
  EXPECT_NE(openssl_verify(folder, encoded, "Content"), 0);
}

TEST(CmsOpenssl, accepts_indefinite_wrappers_and_refuses_a_bad_signature_as_we_do) {
  const TempFolder folder;
  test::CmsBuilder builder;
  builder.indefinite_wrappers = true;
  EXPECT_EQ(openssl_verify(folder, builder.build(), "content"), 0);
  builder.flip_signature = true;
  EXPECT_NE(openssl_verify(folder, builder.build(), "content"), 0);
}

// OpenSSL signs with a key and chain of ours; we accept its envelope (its signing time is UTCTime, it adds SMIME
// capabilities only when asked).
TEST(CmsOpenssl, signs_what_we_accept) {
  const TempFolder folder;
  proofmark::test::FakeRandom random(3);
  const auto& authority = signing_authority();
  ASSERT_OK(const auto key, crypto::generate_signing_key(crypto::KeyType::ec_p384));
  ASSERT_OK(const auto leaf, x509::issue({.kind = x509::CertificateKind::code_signing,
                                          .common_name = "OpenSSL's",
                                          .not_before = proofmark::test::at("2026-01-01"),
                                          .not_after = proofmark::test::at("2045-01-01")},
                                         key->public_key(), &authority.chain[1], *authority.intermediate_key, random));
  ASSERT_OK(const auto pem, crypto::private_key_pem(*key, nullptr));
  proofmark::test::write(folder / "key.pem", pem.reveal());
  proofmark::test::write(folder / "leaf.crt", x509::to_pem(leaf));
  proofmark::test::write(folder / "rest.crt", x509::to_pem(authority.chain[1]) + x509::to_pem(authority.chain[2]));
  proofmark::test::write(folder / "content", "content");
  const auto outcome =
      run({"openssl", "cms", "-sign", "-binary", "-in", "content", "-signer", "leaf.crt", "-inkey", "key.pem",
           "-certfile", "rest.crt", "-md", "sha384", "-nosmimecap", "-outform", "DER", "-out", "sig.der"},
          folder.path());
  ASSERT_EQ(outcome.exit_code, 0) << outcome.err;
  x509::CertificateCache certificates;
  x509::ChainCache chains;
  ASSERT_OK(const auto unverified,
            UnverifiedSignedData::parse(proofmark::test::read(folder / "sig.der"), certificates));
  EXPECT_OK(VerifiedSignedData::verify(unverified, crypto::hash(crypto::HashAlgorithm::sha384, as_bytes("content")),
                                       authority.roots(), x509::ChainProfile::lambda(), chains));
}

}  // namespace
}  // namespace proofmark::envelope::cms
