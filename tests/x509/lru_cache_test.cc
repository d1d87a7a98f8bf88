#include "x509/lru_cache.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace proofmark::x509 {
namespace {

Fingerprint key(std::uint8_t last) {
  Fingerprint fingerprint{};
  fingerprint.back() = last;  // the hash takes the first bytes: all of these collide
  return fingerprint;
}

TEST(LruCache, finds_what_was_put) {
  LruCache<int> cache(4);
  EXPECT_FALSE(cache.find(key(1)).has_value());
  cache.put(key(1), 10);
  EXPECT_EQ(cache.find(key(1)), 10);
  EXPECT_FALSE(cache.find(key(2)).has_value());
}

TEST(LruCache, puts_in_place_of_what_was_there) {
  LruCache<int> cache(4);
  cache.put(key(1), 10);
  cache.put(key(1), 11);
  EXPECT_EQ(cache.find(key(1)), 11);
  EXPECT_EQ(cache.size(), 1U);
}

TEST(LruCache, forgets_what_was_used_least_recently) {
  LruCache<int> cache(2);
  cache.put(key(1), 10);
  cache.put(key(2), 20);
  EXPECT_EQ(cache.find(key(1)), 10);
  cache.put(key(3), 30);
  EXPECT_EQ(cache.find(key(1)), 10);
  EXPECT_FALSE(cache.find(key(2)).has_value());
  EXPECT_EQ(cache.find(key(3)), 30);
  EXPECT_EQ(cache.size(), 2U);
  cache.put(key(1), 11);  // a use as well
  cache.put(key(4), 40);
  EXPECT_EQ(cache.find(key(1)), 11);
  EXPECT_FALSE(cache.find(key(3)).has_value());
}

TEST(LruCache, holds_at_least_one) {
  LruCache<int> cache(0);
  cache.put(key(1), 10);
  EXPECT_EQ(cache.find(key(1)), 10);
  cache.put(key(2), 20);
  EXPECT_EQ(cache.size(), 1U);
}

// For the thread sanitizer.
TEST(LruCache, serves_many_threads) {
  LruCache<int> cache(3);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&cache, t] {
      for (int i = 0; i < 500; ++i) {
        const auto k = static_cast<std::uint8_t>((i + t) % 7);
        if (const auto found = cache.find(key(k))) EXPECT_EQ(*found, k);
        cache.put(key(k), k);
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(cache.size(), 3U);
}

}  // namespace
}  // namespace proofmark::x509
