#include "lambda_package/hash_pipeline.h"

#include <algorithm>
#include <system_error>

namespace proofmark::lambda_package {

HashPipeline::HashPipeline(crypto::HashAlgorithm algorithm, std::uint64_t expected) : hasher_(algorithm) {
  if (expected < kWorthAThread || std::thread::hardware_concurrency() < 2) return;
  for (auto& buffer : buffers_) buffer.reserve(kBufferSize);
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error&) {
    // No thread to be had: hash on this one.
  }
}

HashPipeline::~HashPipeline() {
  stop();
}

void HashPipeline::update(ByteView bytes) {
  if (!thread_.joinable()) {
    hasher_.update(bytes);
    return;
  }
  while (!bytes.empty()) {
    auto& buffer = buffers_[filled_ % kBuffers];
    const auto part = bytes.first(std::min(bytes.size(), kBufferSize - buffer.size()));
    append(buffer, part);
    bytes = bytes.subspan(part.size());
    if (buffer.size() == kBufferSize) hand_over();
  }
}

void HashPipeline::hand_over() {
  std::unique_lock lock(mutex_);
  ++filled_;
  changed_.notify_all();
  changed_.wait(lock, [this] { return filled_ - hashed_ < kBuffers; });
}

crypto::Digest HashPipeline::finish() {
  if (thread_.joinable()) {
    if (!buffers_[filled_ % kBuffers].empty()) hand_over();
    stop();
  }
  return hasher_.finish();
}

void HashPipeline::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void HashPipeline::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return hashed_ < filled_ || ended_; });
    if (hashed_ == filled_) return;
    auto& buffer = buffers_[hashed_ % kBuffers];
    lock.unlock();
    hasher_.update(buffer);
    buffer.clear();
    lock.lock();
    ++hashed_;
    changed_.notify_all();
  }
}

}  // namespace proofmark::lambda_package
