// Hashes on a second core what the first one inflates: the two cost about the same, so a large package takes half as
// long.
#pragma once

#include <array>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <thread>

#include "base/bytes.h"
#include "crypto/hash.h"

namespace proofmark::lambda_package {

/// A Hasher whose update() copies into one of a few buffers; a thread of its own hashes them in order. Small inputs are
/// hashed at once, on the caller's thread. Memory: kBuffers * kBufferSize.
class HashPipeline {
 public:
  /// `expected` bytes decide whether a thread is worth it.
  HashPipeline(crypto::HashAlgorithm algorithm, std::uint64_t expected);
  HashPipeline(const HashPipeline&) = delete;
  HashPipeline& operator=(const HashPipeline&) = delete;
  ~HashPipeline();

  void update(ByteView bytes);
  /// Once, at the end.
  crypto::Digest finish();

 private:
  static constexpr std::size_t kBuffers = 4;
  static constexpr std::size_t kBufferSize = 512U << 10U;
  static constexpr std::uint64_t kWorthAThread = 2U << 20U;

  void run();
  /// Hands the buffer being filled to the thread and waits for a free one.
  void hand_over();
  void stop();

  crypto::Hasher hasher_;
  std::array<Bytes, kBuffers> buffers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t filled_ = 0;  // buffers handed over so far
  std::size_t hashed_ = 0;  // buffers hashed so far
  bool ended_ = false;
  std::thread thread_;
};

}  // namespace proofmark::lambda_package
