// Makes ZIP archives record by record, so that a test can tell any lie: what add() returns is honest until it is
// changed. Written from APPNOTE 6.3.10 without the product's own code: the two must agree on their own.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.h"
#include "base/file.h"
#include "codec/zip/reader.h"

namespace proofmark::test {

/// Little-endian numbers, joined: le({{2, 0x0001}, {2, 8}, {8, size}}).
struct Number {
  unsigned size;  // bytes
  std::uint64_t value;
};
Bytes le(std::initializer_list<Number> numbers);
Bytes join(std::initializer_list<ByteView> parts);
/// An extra field: id, length, content.
Bytes extra_field(std::uint16_t id, ByteView content);
/// A Unicode Path field (0x7075) for a header whose name is `header_name`.
Bytes unicode_path(std::string_view header_name, std::string_view path);

std::uint32_t crc32_of(ByteView bytes);
/// A raw deflate stream.
Bytes deflated(ByteView bytes);
/// A raw deflate stream of `size` zeros, made in constant memory.
Bytes deflated_zeros(std::uint64_t size);

/// The fields of a local header or a central record, in the width that they have there.
struct Header {
  std::uint32_t signature = 0;
  std::uint16_t made_by = 0x0314;  // central only
  std::uint16_t version = 20;
  std::uint16_t flags = 0;
  std::uint16_t method = 0;
  std::uint16_t time = 0x6000;
  std::uint16_t date = 0x5d2a;
  std::uint32_t crc = 0;
  std::uint32_t compressed = 0;
  std::uint32_t uncompressed = 0;
  std::string name;
  Bytes extra;
  std::string comment;  // central only, from here on
  std::uint16_t disk = 0;
  std::uint32_t external = 0x81a40000;
  std::optional<std::uint32_t> offset;  // where the local header is, unless said
};

enum class Descriptor { plain12, signed16, wide20, signed_wide24 };

struct Member {
  Bytes before;  // bytes that belong to nothing
  Header local;
  Bytes data;
  Bytes descriptor;
  Header central;

  /// Changes both headers alike.
  Member& both(const std::function<void(Header&)>& change);
};

/// The end record, or the ZIP64 one.
struct End {
  std::uint64_t disk = 0;
  std::uint64_t directory_disk = 0;
  std::uint64_t disk_entries = 0;
  std::uint64_t entries = 0;
  std::uint64_t directory_size = 0;
  std::uint64_t directory_offset = 0;
};

struct Zip64End {
  End end;
  std::uint32_t signature = 0x06064b50;
  std::uint64_t size = 44;
  std::uint32_t locator_disk = 0;
  std::uint64_t locator_offset = 0;
  std::uint32_t disks = 1;
};

class ArchiveBuilder {
 public:
  /// The member stays where it is when more are added.
  Member& add(std::string name, std::string_view body = {}, codec::zip::Method method = codec::zip::Method::stored);
  /// With flag bit 3: zeros in the local header, and a descriptor.
  Member& add_streamed(std::string name, std::string_view body, codec::zip::Method method, Descriptor form);
  /// With ZIP64 extra fields and saturated sizes in both headers.
  Member& add_zip64(std::string name, std::string_view body, codec::zip::Method method);

  [[nodiscard]] Bytes build() const;

  std::deque<Member> members;
  bool reverse_directory = false;  // central records in the opposite order
  Bytes before_directory;
  Bytes in_directory;  // behind its last record, counted as part of it
  Bytes before_end;
  Bytes before_locator;
  std::string comment;
  Bytes after_end;
  bool zip64 = false;
  std::function<void(End&)> change_end;
  std::function<void(Zip64End&)> change_zip64;
};

/// A FileWriter in memory that can fail.
class MemoryFile final : public FileWriter {
 public:
  [[nodiscard]] Result<void> write(ByteView bytes) override;
  [[nodiscard]] Result<std::unique_ptr<RandomAccess>> written() override;
  [[nodiscard]] Result<void> commit() override;
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  /// The write with this number, from 0, fails.
  std::optional<std::size_t> fail_at;
  [[nodiscard]] std::size_t writes() const { return writes_; }

 private:
  Bytes bytes_;
  std::size_t writes_ = 0;
};

/// Names and bodies in order: what the signature covers.
using Contents = std::vector<std::pair<std::string, Bytes>>;

/// Opens an archive and reads every body.
Result<Contents> contents(const RandomAccess& source, const codec::zip::Limits& limits = {});
Result<Contents> contents(ByteView archive, const codec::zip::Limits& limits = {});

/// A valid archive with every form that the reader knows: stored, deflated, empty, folders, all four descriptors, ZIP64
/// fields, and a comment.
ArchiveBuilder every_form();

}  // namespace proofmark::test
