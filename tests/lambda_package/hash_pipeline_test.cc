#include "lambda_package/hash_pipeline.h"

#include "support/support.h"

namespace proofmark::lambda_package {
namespace {

TEST(HashPipeline, gives_the_same_digest_whatever_the_pieces) {
  Bytes data(7U << 20U);
  proofmark::test::FakeRandom random(1);
  for (auto& byte : data) byte = static_cast<std::uint8_t>(random.next());
  const auto wanted = crypto::hash(crypto::HashAlgorithm::sha384, data);
  for (const std::size_t piece : {std::size_t{1000}, std::size_t{524288}, std::size_t{1000003}, data.size()}) {
    HashPipeline pipeline(crypto::HashAlgorithm::sha384, data.size());
    for (std::size_t from = 0; from < data.size(); from += piece) {
      pipeline.update(ByteView(data).subspan(from, std::min(piece, data.size() - from)));
    }
    EXPECT_EQ(pipeline.finish(), wanted) << piece;
  }
}

TEST(HashPipeline, can_be_given_up_and_can_be_empty) {
  {
    HashPipeline abandoned(crypto::HashAlgorithm::sha384, 100U << 20U);
  }
  {
    HashPipeline abandoned(crypto::HashAlgorithm::sha384, 100U << 20U);
    abandoned.update(Bytes(3U << 20U));
  }
  HashPipeline empty(crypto::HashAlgorithm::sha384, 100U << 20U);
  EXPECT_EQ(empty.finish(), crypto::hash(crypto::HashAlgorithm::sha384, {}));
}

}  // namespace
}  // namespace proofmark::lambda_package
