#include "x509/chain.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "x509/test_pki.h"

namespace proofmark::x509 {
namespace {

using test::intermediate_spec;
using test::leaf_spec;
using test::mint;
using test::pki_time;

const ChainProfile kLambda = ChainProfile::lambda();

TEST(ChainCache, remembers_a_good_verdict) {
  const auto& pki = test::shared_pki();
  ChainCache cache;
  ASSERT_OK(const auto first, cache.build(pki.leaf.certificate, pki.candidates(), pki.roots(), kLambda, pki_time()));
  ASSERT_OK(const auto second, cache.build(pki.leaf.certificate, pki.candidates(), pki.roots(), kLambda, pki_time()));
  EXPECT_EQ(first, second);
  EXPECT_EQ(first.size(), 3U);
  EXPECT_EQ(cache.statistics().hits, 1U);
  EXPECT_EQ(cache.statistics().misses, 1U);
  EXPECT_EQ(cache.statistics().entries, 1U);
}

TEST(ChainCache, the_order_and_number_of_candidates_does_not_matter) {
  const auto& pki = test::shared_pki();
  ChainCache cache;
  const auto& root = pki.root.certificate;
  const auto& intermediate = pki.intermediate.certificate;
  EXPECT_OK(cache.build(pki.leaf.certificate, {root, intermediate}, pki.roots(), kLambda, pki_time()));
  EXPECT_OK(cache.build(pki.leaf.certificate, {intermediate, root, intermediate}, pki.roots(), kLambda, pki_time()));
  EXPECT_EQ(cache.statistics().hits, 1U);
}

// The span is that in which every certificate of the chain is valid, bounds included.
TEST(ChainCache, a_verdict_holds_as_long_as_the_whole_chain_is_valid) {
  const auto& pki = test::shared_pki();
  auto spec = intermediate_spec();
  spec.not_before = test::at("2026-03-01T00:00:00Z");
  spec.not_after = test::at("2026-09-01T00:00:00Z");
  const auto intermediate = mint(spec, &pki.root);
  const auto leaf = mint(leaf_spec(), &intermediate);
  ChainCache cache;
  const auto at = [&](std::string_view time) {
    return cache.build(leaf.certificate, {intermediate.certificate}, pki.roots(), kLambda, test::at(time));
  };
  EXPECT_OK(at("2026-06-01T00:00:00Z"));
  EXPECT_OK(at("2026-03-01T00:00:00Z"));
  EXPECT_OK(at("2026-09-01T00:00:00Z"));
  EXPECT_EQ(cache.statistics().hits, 2U);
  EXPECT_REFUSED(at("2026-02-28T23:59:59.999Z"), X509Reason::not_yet_valid);
  EXPECT_REFUSED(at("2026-09-01T00:00:00.001Z"), X509Reason::expired);
  EXPECT_EQ(cache.statistics().hits, 2U);
  EXPECT_EQ(cache.statistics().misses, 3U);
}

TEST(ChainCache, another_time_may_lead_to_another_chain) {
  const auto& pki = test::shared_pki();
  auto early = intermediate_spec("Crossed");
  early.not_after = test::at("2026-03-01T00:00:00Z");
  auto late = intermediate_spec("Crossed");
  late.not_before = test::at("2026-04-01T00:00:00Z");
  const auto first = mint(early, &pki.root);
  const auto second = mint(late, &pki.root, first.key);
  const auto leaf = mint(leaf_spec(), &first);
  ChainCache cache;
  const auto issuer_at = [&](std::string_view time) {
    return cache.build(leaf.certificate, {first.certificate, second.certificate}, pki.roots(), kLambda, test::at(time))
        .value()[1];
  };
  EXPECT_EQ(issuer_at("2026-02-01T00:00:00Z"), first.certificate);
  EXPECT_EQ(issuer_at("2026-06-01T00:00:00Z"), second.certificate);
  EXPECT_EQ(issuer_at("2026-07-01T00:00:00Z"), second.certificate);
  EXPECT_EQ(cache.statistics().entries, 1U);
}

TEST(ChainCache, other_roots_mean_another_verdict) {
  const auto& pki = test::shared_pki();
  ChainCache cache;
  EXPECT_OK(cache.build(pki.leaf.certificate, pki.candidates(), pki.roots(), kLambda, pki_time()));
  EXPECT_REFUSED(cache.build(pki.leaf.certificate, pki.candidates(), TrustedRoots({}), kLambda, pki_time()),
                 X509Reason::issuer_not_found);
  EXPECT_REFUSED(cache.build(pki.leaf.certificate, {}, pki.roots(), kLambda, pki_time()), X509Reason::issuer_not_found);
}

TEST(ChainCache, other_rules_under_the_same_id_mean_another_verdict) {
  const auto& pki = test::shared_pki();
  ChainCache cache;
  EXPECT_OK(cache.build(pki.leaf.certificate, pki.candidates(), pki.roots(), kLambda, pki_time()));
  ChainProfile other_purpose = kLambda;
  other_purpose.purpose = Purpose::time_stamping;
  EXPECT_REFUSED(cache.build(pki.leaf.certificate, pki.candidates(), pki.roots(), other_purpose, pki_time()),
                 X509Reason::wrong_purpose);
  ChainProfile other_keys = kLambda;
  other_keys.leaf_keys = {crypto::KeyType::rsa};
  EXPECT_REFUSED(cache.build(pki.leaf.certificate, pki.candidates(), pki.roots(), other_keys, pki_time()),
                 X509Reason::wrong_key);
}

TEST(ChainCache, refusals_are_not_remembered) {
  const auto& pki = test::shared_pki();
  ChainCache cache;
  for (int i = 0; i < 2; ++i) {
    EXPECT_REFUSED(cache.build(pki.leaf.certificate, {}, pki.roots(), kLambda, pki_time()),
                   X509Reason::issuer_not_found);
  }
  EXPECT_EQ(cache.statistics().entries, 0U);
  EXPECT_EQ(cache.statistics().misses, 2U);
}

TEST(ChainCache, is_bounded) {
  const auto& pki = test::shared_pki();
  ChainCache cache(2);
  std::vector<test::Identity> leaves;
  for (int i = 0; i < 3; ++i) leaves.push_back(mint(leaf_spec(), &pki.intermediate));
  for (const auto& leaf : leaves) {
    EXPECT_OK(cache.build(leaf.certificate, pki.candidates(), pki.roots(), kLambda, pki_time()));
  }
  EXPECT_EQ(cache.statistics().entries, 2U);
  EXPECT_OK(cache.build(leaves[2].certificate, pki.candidates(), pki.roots(), kLambda, pki_time()));
  EXPECT_OK(cache.build(leaves[0].certificate, pki.candidates(), pki.roots(), kLambda, pki_time()));
  EXPECT_EQ(cache.statistics().hits, 1U);
}

// A certificate that differs in its signature only is another certificate.
TEST(ChainCache, a_forged_twin_gets_no_cached_verdict) {
  const auto& pki = test::shared_pki();
  ChainCache cache;
  EXPECT_OK(cache.build(pki.leaf.certificate, pki.candidates(), pki.roots(), kLambda, pki_time()));
  Bytes forged = to_bytes(pki.leaf.certificate.der());
  forged.back() ^= 1U;
  ASSERT_OK(const auto twin, Certificate::parse(forged));
  EXPECT_REFUSED(cache.build(twin, pki.candidates(), pki.roots(), kLambda, pki_time()), X509Reason::bad_signature);
}

// For the thread sanitizer; the verdicts stay right.
TEST(ChainCache, serves_many_threads) {
  const auto& pki = test::shared_pki();
  const TrustedRoots roots = pki.roots();
  std::vector<test::Identity> leaves;
  for (int i = 0; i < 3; ++i) leaves.push_back(mint(leaf_spec(), &pki.intermediate));
  ChainCache cache(2);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::size_t i = 0; i < 20; ++i) {
        const auto& leaf = leaves[(i / 2 + t) % leaves.size()].certificate;
        const auto chain = cache.build(leaf, pki.candidates(), roots, kLambda, pki_time());
        if (chain && chain->front() == leaf) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 80);
  EXPECT_EQ(cache.statistics().hits + cache.statistics().misses, 80U);
  EXPECT_EQ(cache.statistics().entries, 2U);
}

TEST(CertificateCache, gives_the_same_certificate_again) {
  const auto& pki = test::shared_pki();
  CertificateCache cache;
  ASSERT_OK(const auto first, cache.parse(pki.leaf.certificate.der()));
  ASSERT_OK(const auto second, cache.parse(pki.leaf.certificate.der()));
  EXPECT_EQ(first, pki.leaf.certificate);
  EXPECT_EQ(first.der().data(), second.der().data());  // shared, not parsed again
}

TEST(CertificateCache, is_bounded) {
  const auto& pki = test::shared_pki();
  CertificateCache cache(1);
  ASSERT_OK(const auto first, cache.parse(pki.leaf.certificate.der()));
  EXPECT_OK(cache.parse(pki.root.certificate.der()));
  ASSERT_OK(const auto again, cache.parse(pki.leaf.certificate.der()));
  EXPECT_EQ(first, again);
  EXPECT_NE(first.der().data(), again.der().data());
}

TEST(CertificateCache, refuses_what_parse_refuses) {
  CertificateCache cache;
  for (int i = 0; i < 2; ++i) EXPECT_REFUSED(cache.parse(test::hex("3000")), X509Reason::malformed);
  EXPECT_REFUSED(cache.parse(Bytes(64UL * 1024 + 1)), X509Reason::too_large);
}

TEST(CertificateCache, serves_many_threads) {
  const auto& pki = test::shared_pki();
  CertificateCache cache(2);
  std::atomic<int> good = 0;
  std::vector<std::thread> threads;
  for (std::size_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      const std::vector<Certificate> all{pki.leaf.certificate, pki.intermediate.certificate, pki.root.certificate};
      for (std::size_t i = 0; i < 30; ++i) {
        const auto& wanted = all[(i + t) % all.size()];
        if (const auto got = cache.parse(wanted.der()); got && *got == wanted) ++good;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 120);
}

}  // namespace
}  // namespace proofmark::x509
