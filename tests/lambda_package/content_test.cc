#include "lambda_package/content.h"

#include "package_maker.h"

namespace proofmark::lambda_package {
namespace {

using namespace test;

std::string digest_of(const Bytes& zip) {
  const MemoryAccess in(zip);
  const auto archive = codec::zip::Archive::open(in, zip_limits()).value();
  return to_hex(content_digest(archive).value().bytes());
}

std::string sha384(std::string_view text) {
  return to_hex(crypto::hash(crypto::HashAlgorithm::sha384, as_bytes(text)).bytes());
}

// aws-signing facts 1.2: names and bodies, in order, nothing between them.
TEST(LambdaPackageContent, is_the_hash_of_names_and_bodies) {
  EXPECT_EQ(digest_of(make_zip({{"a.py", "one"}, {"d/", ""}, {"d/b", "two"}})), sha384("a.pyoned/d/btwo"));
}

TEST(LambdaPackageContent, does_not_depend_on_compression_and_times) {
  EXPECT_EQ(digest_of(make_zip(kFunction, Method::stored)),
            digest_of(make_zip(kFunction, Method::deflated, at("2031-05-05"))));
}

TEST(LambdaPackageContent, leaves_out_the_signature_and_nothing_else) {
  EXPECT_EQ(digest_of(make_zip({{"a", "x"}, {"META_INF/", ""}, {std::string(kSignatureName), "sig"}})),
            sha384("axMETA_INF/"));
  EXPECT_EQ(digest_of(make_zip({{"a", "x"}, {"META_INF/aws_signer_signature_v1.0.sF2", "sig"}})),
            sha384("axMETA_INF/aws_signer_signature_v1.0.sF2sig"));
}

// The collision of facts 1.2, as it is: the format cannot tell these apart. boundaries.h is the answer.
TEST(LambdaPackageContent, names_and_bodies_have_no_boundary) {
  EXPECT_EQ(digest_of(make_zip({{"ab", ""}})), digest_of(make_zip({{"a", "b"}})));
  EXPECT_EQ(digest_of(make_zip({{"ab", "c"}})), digest_of(make_zip({{"a", "bc"}})));
}

TEST(LambdaPackageContent, progress_counts_to_the_size) {
  const auto zip = make_zip({{"a", std::string(3U << 20U, 'x')}, {"b", "y"}}, Method::stored);
  const MemoryAccess in(zip);
  const auto archive = codec::zip::Archive::open(in, zip_limits()).value();
  std::uint64_t last = 0;
  EXPECT_OK(content_digest(archive, {}, [&](std::uint64_t done) {
    EXPECT_GT(done, last);
    last = done;
  }));
  EXPECT_EQ(last, (3U << 20U) + 1);
}

TEST(LambdaPackageContent, a_large_package_hashes_the_same_on_two_cores) {
  std::string body(9U << 20U, '\0');
  proofmark::test::FakeRandom random(5);
  for (auto& c : body) c = static_cast<char>(random.next());
  EXPECT_EQ(digest_of(make_zip({{"a", body}, {"b", body}}, Method::stored)), sha384("a" + body + "b" + body));
}

}  // namespace
}  // namespace proofmark::lambda_package
