// A bounded map by SHA-256, that forgets what was used least recently. Thread-safe.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "x509/certificate.h"

namespace proofmark::x509 {

/// Values are copied out, so they should be cheap to copy. Holds at least one entry.
template <class Value>
class LruCache {
 public:
  explicit LruCache(std::size_t max_entries) : max_entries_(std::max<std::size_t>(max_entries, 1)) {}

  /// The value under `key`, which is then the most recently used.
  std::optional<Value> find(const Fingerprint& key) {
    const std::lock_guard lock(mutex_);
    const auto found = index_.find(key);
    if (found == index_.end()) return std::nullopt;
    entries_.splice(entries_.begin(), entries_, found->second);
    return found->second->second;
  }

  /// Sets the value under `key`, in place of what was there.
  void put(const Fingerprint& key, Value value) {
    const std::lock_guard lock(mutex_);
    if (const auto found = index_.find(key); found != index_.end()) {
      found->second->second = std::move(value);
      entries_.splice(entries_.begin(), entries_, found->second);
      return;
    }
    if (entries_.size() == max_entries_) {
      index_.erase(entries_.back().first);
      entries_.pop_back();
    }
    entries_.emplace_front(key, std::move(value));
    index_.emplace(key, entries_.begin());
  }

  [[nodiscard]] std::size_t size() const {
    const std::lock_guard lock(mutex_);
    return entries_.size();
  }

 private:
  /// The keys are hashes already: any eight bytes of one will do.
  struct FirstBytes {
    std::size_t operator()(const Fingerprint& key) const {
      std::size_t value = 0;
      std::memcpy(&value, key.data(), sizeof value);
      return value;
    }
  };
  using Entries = std::list<std::pair<Fingerprint, Value>>;

  const std::size_t max_entries_;
  mutable std::mutex mutex_;
  Entries entries_;  // most recently used first
  std::unordered_map<Fingerprint, typename Entries::iterator, FirstBytes> index_;
};

}  // namespace proofmark::x509
