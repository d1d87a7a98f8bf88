// Files: read at an offset without holding them in memory, and written so that they appear whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>

#include "base/bytes.h"
#include "base/result.h"

namespace proofmark {

enum class FileReason { cannot_open, cannot_read, cannot_write, too_large, not_a_file, already_exists, changed };
constexpr std::string_view reason_domain(FileReason) {
  return "file";
}
constexpr ReasonInfo reason_info(FileReason reason) {
  switch (reason) {
    case FileReason::cannot_open:
      return {Code::not_found, "cannot_open"};
    case FileReason::cannot_read:
      return {Code::unavailable, "cannot_read"};
    case FileReason::cannot_write:
      return {Code::unavailable, "cannot_write"};
    case FileReason::too_large:
      return {Code::exhausted, "too_large"};
    case FileReason::not_a_file:
      return {Code::invalid_argument, "not_a_file"};
    case FileReason::already_exists:
      return {Code::conflict, "already_exists"};
    case FileReason::changed:
      return {Code::conflict, "changed"};
  }
  return {Code::internal, "unknown"};
}
constexpr FileReason last_reason(FileReason) {
  return FileReason::changed;
}

/// Bytes at offsets: a file, a buffer, or (later) an object store.
class RandomAccess {
 public:
  RandomAccess() = default;
  RandomAccess(const RandomAccess&) = delete;
  RandomAccess& operator=(const RandomAccess&) = delete;
  virtual ~RandomAccess() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Fills `out` from `offset`. The whole range must lie inside; a short read is an error (the file shrank).
  [[nodiscard]] virtual Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const = 0;
};

/// Bytes in memory that the caller keeps alive.
class MemoryAccess final : public RandomAccess {
 public:
  explicit MemoryAccess(ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size() const override { return bytes_.size(); }
  [[nodiscard]] Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override;

 private:
  ByteView bytes_;
};

/// A regular file opened for reading. Reads at the same time from several threads are fine.
/// Reasons: cannot_open, not_a_file.
Result<std::unique_ptr<RandomAccess>> open_file(const std::filesystem::path& path);

/// The whole of a small file. Reasons: cannot_open, not_a_file, cannot_read, too_large (more than `limit` bytes).
Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t limit);

enum class Overwrite { allow, refuse };

/// A file being written beside its final place. It appears there, whole and synced to disk, on commit(); without commit
/// nothing remains. Created readable by its owner only when `mode` says so.
class FileWriter {
 public:
  FileWriter(const FileWriter&) = delete;
  FileWriter& operator=(const FileWriter&) = delete;
  virtual ~FileWriter() = default;
  [[nodiscard]] virtual Result<void> write(ByteView bytes) = 0;
  /// What was written so far, for reading it back before it is committed. Valid while this object lives.
  [[nodiscard]] virtual Result<std::unique_ptr<RandomAccess>> written() = 0;
  /// fsync, rename, fsync of the folder. Reasons: cannot_write, already_exists (Overwrite::refuse).
  [[nodiscard]] virtual Result<void> commit() = 0;

 protected:
  FileWriter() = default;
};

/// Reasons: cannot_write, already_exists.
Result<std::unique_ptr<FileWriter>> create_file(const std::filesystem::path& path, Overwrite overwrite,
                                                unsigned mode = 0644);

/// create_file, write, commit.
Result<void> write_file(const std::filesystem::path& path, ByteView bytes, Overwrite overwrite, unsigned mode = 0644);

}  // namespace proofmark
