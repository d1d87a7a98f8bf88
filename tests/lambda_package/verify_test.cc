#include "lambda_package/verify.h"

#include "codec/pem.h"
#include "envelope/cms/signed_data.h"
#include "lambda_package/content.h"
#include "lambda_package/trust.h"
#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;
using envelope::cms::CmsReason;
using x509::X509Reason;

const Bytes& signed_function() {
  static const Bytes zip = sign_zip(make_zip(kFunction)).value();
  return zip;
}

TEST(LambdaPackageVerify, a_signed_package_is_intact_and_names_its_publisher) {
  const auto reading = verify_zip(signed_function());
  ASSERT_TRUE(is_verified(reading));
  const auto& package = std::get<VerifiedPackage>(reading);
  EXPECT_EQ(package.claims().profile_version.text(), kProfile);
  EXPECT_EQ(package.claims().signing_time, kSigned);
  EXPECT_FALSE(package.boundaries_pinned());
}

// The tamper matrix as it was recorded from AWS, and what its re-implementation adds. aws-signing facts 1.7
TEST(LambdaPackageVerify, recompressed_and_retimed_packages_are_accepted) {
  const auto nothing = [](Members&) {};
  EXPECT_TRUE(is_verified(verify_zip(rebuilt(signed_function(), nothing, Method::stored))));
  EXPECT_TRUE(is_verified(verify_zip(rebuilt(signed_function(), nothing, Method::deflated, at("2033-03-03")))));
}

TEST(LambdaPackageVerify, whatever_changes_names_bodies_or_order_is_refused) {
  const std::initializer_list<std::function<void(Members&)>> attacks{
      [](Members& m) { m[0].first = "other.py"; },
      [](Members& m) { m[0].second += "# changed\n"; },
      [](Members& m) { m[0].second.clear(); },
      [](Members& m) { std::swap(m[0], m[2]); },
      [](Members& m) { std::ranges::reverse(m); },
      [](Members& m) { m.insert(m.begin(), {"added.py", "evil"}); },
      [](Members& m) { m.push_back({"added.py", "evil"}); },
      [](Members& m) { m.push_back({"empty/", ""}); },
      [](Members& m) { m.erase(m.begin()); },
      [](Members& m) { std::erase_if(m, [](const auto& member) { return member.first == "META_INF/"; }); },
  };
  for (const auto& attack : attacks)
    EXPECT_NOT_INTACT(verify_zip(rebuilt(signed_function(), attack)), CmsReason::digest_mismatch);
}

TEST(LambdaPackageVerify, the_signature_may_stand_anywhere) {
  const auto zip = rebuilt(signed_function(), [](Members& m) { std::rotate(m.begin(), m.end() - 1, m.end()); });
  EXPECT_TRUE(is_verified(verify_zip(zip)));
}

TEST(LambdaPackageVerify, a_second_signature_is_a_duplicate_name) {
  // make_archive refuses to write it; so a different name of the same length is patched in both headers.
  const std::string twin = "META_INF/aws_signer_signature_v1.0.SG";
  auto zip = rebuilt(signed_function(), [&](Members& m) { m.push_back({twin, "x"}); });
  std::string text(as_text(zip));
  for (auto where = text.find(twin); where != std::string::npos; where = text.find(twin))
    text.replace(where, twin.size(), kSignatureName);
  EXPECT_NOT_INTACT(verify_zip(to_bytes(as_bytes(text))), codec::zip::ZipReason::duplicate_name);
}

Bytes with_cms(const std::function<Bytes(Bytes)>& change) {
  return rebuilt(signed_function(), [&](Members& members) {
    auto& text = members.back().second;
    text = codec::write_pem("PKCS7", change(codec::read_only_pem(text)->data));
  });
}

TEST(LambdaPackageVerify, a_changed_envelope_is_refused) {
  EXPECT_NOT_INTACT(verify_zip(with_cms([](Bytes cms) {
                      cms.back() ^= 1U;  // the end of the signature
                      return cms;
                    })),
                    CmsReason::bad_signature);
  EXPECT_NOT_INTACT(verify_zip(with_cms([](Bytes cms) {
                      cms.push_back(0);
                      return cms;
                    })),
                    CmsReason::malformed);
  EXPECT_NOT_INTACT(verify_zip(with_cms([](Bytes cms) {
                      std::string text(as_text(cms));
                      text.replace(text.find("AbCdEfGh12"), 10, "AbCdEfGh13");
                      return to_bytes(as_bytes(text));
                    })),
                    CmsReason::bad_signature);
  // 70 indefinite wrappers around it
  EXPECT_NOT_INTACT(verify_zip(with_cms([](Bytes cms) {
                      Bytes deep;
                      for (int i = 0; i < 70; ++i) append(deep, Bytes{0x30, 0x80});
                      append(deep, cms);
                      deep.insert(deep.end(), 140, 0);
                      return deep;
                    })),
                    CmsReason::malformed);
}

TEST(LambdaPackageVerify, an_unsigned_package_is_unsigned_and_not_broken) {
  EXPECT_TRUE(std::holds_alternative<UnsignedPackage>(verify_zip(make_zip(kFunction))));
  EXPECT_TRUE(std::holds_alternative<UnsignedPackage>(verify_zip(make_zip({}))));
}

TEST(LambdaPackageVerify, an_unsigned_package_with_a_broken_body_is_not_intact) {
  auto zip = make_zip({{"a", "body"}}, Method::stored);
  std::string text(as_text(zip));
  text.replace(text.find("body"), 4, "bods");
  EXPECT_NOT_INTACT(verify_zip(to_bytes(as_bytes(text))), codec::zip::ZipReason::crc_mismatch);
}

TEST(LambdaPackageVerify, another_root_is_not_trusted) {
  const MemoryAccess in(signed_function());
  Verifier aws(aws_signer_roots());
  EXPECT_NOT_INTACT(aws.verify(in, at("2030-01-01")), X509Reason::untrusted_root);
  Verifier nobody(x509::TrustedRoots({}));
  EXPECT_NOT_INTACT(nobody.verify(in, at("2030-01-01")), X509Reason::untrusted_root);
}

// The leaf expired on 2026-09-30; the signature holds until 2037. aws-signing facts 1.6
TEST(LambdaPackageVerify, outlives_its_certificate) {
  EXPECT_TRUE(is_verified(verify_zip(signed_function(), at("2037-01-01"))));
}

// Expiry is for the judge: it is no part of integrity. facts 1.6
TEST(LambdaPackageVerify, an_expired_signature_is_intact) {
  EXPECT_TRUE(is_verified(verify_zip(signed_function(), at("2050-01-01"))));
}

TEST(LambdaPackageVerify, a_signature_from_the_future_is_refused) {
  EXPECT_NOT_INTACT(verify_zip(signed_function(), kSigned - std::chrono::milliseconds{1}),
                    PackageReason::signed_in_the_future);
  EXPECT_TRUE(is_verified(verify_zip(signed_function(), kSigned)));
}

TEST(LambdaPackageVerify, a_second_look_at_the_same_chain_costs_no_chain_building) {
  Verifier verifier(signing_authority().roots());
  const MemoryAccess in(signed_function());
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(is_verified(verifier.verify(in, at("2030-01-01"))));
  EXPECT_EQ(verifier.chain_statistics().misses, 1U);
  EXPECT_EQ(verifier.chain_statistics().hits, 2U);
}

// Every PackageReason is refused for by a test; this list says where, so that a new one is not forgotten.
TEST(LambdaPackageVerify, no_reason_is_without_a_test) {
  const std::vector<std::pair<PackageReason, std::string_view>> where{
      {PackageReason::empty, "sign_test"},
      {PackageReason::already_signed, "sign_test"},
      {PackageReason::too_large, "limits_test"},
      {PackageReason::bad_signature_member, "signature_member_test"},
      {PackageReason::bad_claim, "signature_member_test"},
      {PackageReason::claims_disagree, "signature_member_test"},
      {PackageReason::signed_in_the_future, "verify_test"},
      {PackageReason::boundaries_not_pinned, "boundaries_test"},
      {PackageReason::bad_boundaries, "boundaries_test"},
      {PackageReason::bad_validity, "sign_test"},
      {PackageReason::read_back_failed, "sign_test"},
      {PackageReason::bad_revocation_list, "apps/proofmark: errors_test.py"},
  };
  ASSERT_EQ(where.size(), static_cast<std::size_t>(last_reason(PackageReason{})) + 1);
  for (std::size_t i = 0; i < where.size(); ++i) EXPECT_EQ(static_cast<std::size_t>(where[i].first), i);
}

}  // namespace
}  // namespace proofmark::lambda_package
