// Reads ZIP archives strictly: an archive that two readers could understand differently is refused.
// The central directory is read first; then every local header must agree with it field by field, and the entries must
// tile the file without overlap or gap. Bodies are inflated as a stream under limits, in constant memory.
// Sources: PKWARE APPNOTE 6.3.10; what other readers let through is in docs/adr/0003.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/result.h"
#include "codec/zip/reasons.h"

namespace proofmark::codec::zip {

struct Limits {
  std::uint64_t max_entries = 100'000;
  std::uint64_t max_central_directory = 32ULL << 20U;  // bytes; it is held in memory
  std::uint32_t max_name = 4'096;                      // bytes, Linux' PATH_MAX
  std::uint64_t max_entry = 251ULL << 20U;             // bytes, uncompressed
  std::uint64_t max_total = 251ULL << 20U;             // bytes, uncompressed, all entries
  /// Uncompressed to compressed size of one entry. 1032 is what deflate can reach at most (zlib's technical notes),
  /// so the default refuses only lies; the total limit is what stops a bomb.
  std::uint32_t max_ratio = 1'032;
};

enum class Method : std::uint16_t { stored = 0, deflated = 8 };

/// One entry of the central directory, checked against its local header. `name` lives as long as its Archive.
struct Entry {
  std::string_view name;  // exactly as stored; ends with '/' for a directory
  Method method = Method::stored;
  std::uint16_t version_made_by = 0;
  std::uint16_t version_needed = 0;
  std::uint16_t flags = 0;
  std::uint16_t dos_time = 0;
  std::uint16_t dos_date = 0;
  std::uint32_t crc32 = 0;
  std::uint64_t compressed_size = 0;
  std::uint64_t uncompressed_size = 0;
  std::uint32_t external_attributes = 0;
  std::uint64_t header_offset = 0;  // of the local header
  std::uint64_t data_offset = 0;    // of the compressed data
  std::uint64_t end_offset = 0;     // behind the data and its descriptor

  [[nodiscard]] bool is_directory() const { return name.ends_with('/'); }
};

/// Takes pieces of a body in order; an error stops the reading and is passed on.
using Sink = std::function<Result<void>(ByteView)>;

/// An opened archive: every structural check has passed; bodies are checked when they are read. Immutable: entries may
/// be read from several threads at once. The source must outlive it.
class Archive {
 public:
  /// Reasons: all of ZipReason but those about bodies; FileReason when the source can't be read.
  static Result<Archive> open(const RandomAccess& source, const Limits& limits);

  Archive(Archive&&) noexcept;
  Archive& operator=(Archive&&) noexcept;
  Archive(const Archive&) = delete;
  Archive& operator=(const Archive&) = delete;
  ~Archive();

  /// In central-directory order.
  [[nodiscard]] const std::vector<Entry>& entries() const;
  /// The entry of exactly that name, or null.
  [[nodiscard]] const Entry* find(std::string_view name) const;
  [[nodiscard]] std::uint64_t total_uncompressed() const;
  /// The raw central directory and where it starts; the writer copies both.
  [[nodiscard]] ByteView central_directory() const;
  [[nodiscard]] std::uint64_t central_directory_offset() const;
  [[nodiscard]] ByteView comment() const;
  [[nodiscard]] const RandomAccess& source() const;
  /// What the archive was opened with.
  [[nodiscard]] const Limits& limits() const;

  /// Streams the body of `entry` (one of entries()) into `sink` in pieces of at most 256 KiB. A directory has a stream
  /// too when it is deflated: only reading it shows that nothing is hidden there. Reasons: bad_deflate, size_mismatch,
  /// crc_mismatch, and whatever the sink says.
  [[nodiscard]] Result<void> read(const Entry& entry, const Sink& sink) const;
  /// The whole body of a small entry. Reason: entry_too_large (more than `limit` bytes), and those of read().
  [[nodiscard]] Result<Bytes> read_all(const Entry& entry, std::uint64_t limit) const;

 private:
  struct State;
  explicit Archive(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace proofmark::codec::zip
