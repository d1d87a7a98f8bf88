#include "codec/zip/body.h"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>
#include <span>

#include "base/text.h"

namespace proofmark::codec::zip {
namespace {

/// A buffer that is not cleared first: most bodies are short, and clearing would cost more than reading them.
class Buffer {
 public:
  explicit Buffer(std::uint64_t wanted)
      : size_(static_cast<std::size_t>(std::clamp<std::uint64_t>(wanted, 1, kMaxPiece))),
        bytes_(std::make_unique_for_overwrite<std::uint8_t[]>(size_)) {}
  [[nodiscard]] std::span<std::uint8_t> span() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<std::uint8_t[]> bytes_;
};

/// What has come out so far, against what the central directory says.
class Checker {
 public:
  Checker(const Entry& entry, const Sink& sink) : entry_(entry), sink_(sink) {}

  Result<void> take(ByteView piece) {
    if (piece.empty()) return {};
    if (piece.size() > entry_.uncompressed_size - produced_) {
      return fail(ZipReason::size_mismatch, fmt::format("entry {} has more than the {} bytes that it states",
                                                        quoted(entry_.name), entry_.uncompressed_size));
    }
    produced_ += piece.size();
    crc_ = crc32_z(crc_, piece.data(), piece.size());
    return sink_(piece);
  }

  [[nodiscard]] Result<void> finish() const {
    if (produced_ != entry_.uncompressed_size) {
      return fail(ZipReason::size_mismatch, fmt::format("entry {} has {} bytes, but states {}", quoted(entry_.name),
                                                        produced_, entry_.uncompressed_size));
    }
    if (crc_ != entry_.crc32) {
      return fail(ZipReason::crc_mismatch,
                  fmt::format("entry {}: the body's CRC-32 is {:#010x}, but {:#010x} is stated", quoted(entry_.name),
                              crc_, entry_.crc32));
    }
    return {};
  }

 private:
  const Entry& entry_;
  const Sink& sink_;
  std::uint64_t produced_ = 0;
  uLong crc_ = 0;
};

Result<void> read_stored(const RandomAccess& source, const Entry& entry, Checker& checker) {
  const Buffer buffer(entry.compressed_size);
  std::uint64_t offset = entry.data_offset;
  std::uint64_t left = entry.compressed_size;
  while (left != 0) {
    const auto piece = buffer.span().first(static_cast<std::size_t>(std::min<std::uint64_t>(left, kMaxPiece)));
    PM_TRY_VOID(source.read_at(offset, piece));
    PM_TRY_VOID(checker.take(piece));
    offset += piece.size();
    left -= piece.size();
  }
  return {};
}

class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() { inflateEnd(&stream_); }
  [[nodiscard]] z_stream& stream() { return stream_; }

 private:
  z_stream stream_{};
};

std::unexpected<Error> bad_deflate(const Entry& entry, std::string_view what) {
  return fail(ZipReason::bad_deflate, fmt::format("entry {}: the compressed data {}", quoted(entry.name), what));
}

/// Feeds an entry's compressed data to zlib and hands on what comes out, in full pieces.
class DeflatedBody {
 public:
  DeflatedBody(const RandomAccess& source, const Entry& entry)
      : source_(source),
        entry_(entry),
        offset_(entry.data_offset),
        left_(entry.compressed_size),
        in_(entry.compressed_size),
        out_(entry.uncompressed_size + 1) {}  // one more, so that the end of a short stream shows in the first piece

  Result<void> read(Checker& checker) {
    while (true) {
      z_stream& stream = inflater_.stream();
      stream.next_out = out_.span().data();
      stream.avail_out = static_cast<uInt>(out_.span().size());
      PM_TRY(const bool ended, fill());
      PM_TRY_VOID(checker.take(out_.span().first(out_.span().size() - stream.avail_out)));
      if (ended) break;
    }
    if (left_ != 0 || inflater_.stream().avail_in != 0) return bad_deflate(entry_, "go on behind their end");
    return {};
  }

 private:
  /// Inflates until the piece is full or the stream has ended, which is told.
  Result<bool> fill() {
    z_stream& stream = inflater_.stream();
    while (true) {
      if (stream.avail_in == 0 && left_ != 0) PM_TRY_VOID(refill());
      // With all input there, Z_FINISH spares zlib the copy of its window.
      const int status = inflate(&stream, left_ == 0 ? Z_FINISH : Z_NO_FLUSH);
      if (status == Z_STREAM_END) return true;
      if (status == Z_MEM_ERROR) throw std::bad_alloc();
      if (status == Z_NEED_DICT) return bad_deflate(entry_, "need a dictionary");
      if (status != Z_OK && status != Z_BUF_ERROR) {
        return bad_deflate(entry_, stream.msg != nullptr ? stream.msg : "are not deflate");
      }
      if (stream.avail_out == 0) return false;
      if (stream.avail_in == 0 && left_ == 0) return bad_deflate(entry_, "end before their stream does");
    }
  }

  Result<void> refill() {
    const auto block = in_.span().first(static_cast<std::size_t>(std::min<std::uint64_t>(left_, in_.span().size())));
    PM_TRY_VOID(source_.read_at(offset_, block));
    offset_ += block.size();
    left_ -= block.size();
    inflater_.stream().next_in = block.data();
    inflater_.stream().avail_in = static_cast<uInt>(block.size());
    return {};
  }

  const RandomAccess& source_;
  const Entry& entry_;
  std::uint64_t offset_;
  std::uint64_t left_;
  Buffer in_;
  Buffer out_;
  Inflater inflater_;
};

}  // namespace

Result<void> read_body(const RandomAccess& source, const Entry& entry, const Sink& sink) {
  Checker checker(entry, sink);
  if (entry.method == Method::stored) {
    PM_TRY_VOID(read_stored(source, entry, checker));
  } else {
    DeflatedBody body(source, entry);
    PM_TRY_VOID(body.read(checker));
  }
  return checker.finish();
}

}  // namespace proofmark::codec::zip
