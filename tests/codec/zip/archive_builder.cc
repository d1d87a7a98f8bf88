#include "codec/zip/archive_builder.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cstdlib>

namespace proofmark::test {
namespace {

using codec::zip::Archive;
using codec::zip::Limits;
using codec::zip::Method;

constexpr std::uint16_t kStreamed = 1U << 3U;

Bytes local_record(const Header& h) {
  return join({le({{4, h.signature},
                   {2, h.version},
                   {2, h.flags},
                   {2, h.method},
                   {2, h.time},
                   {2, h.date},
                   {4, h.crc},
                   {4, h.compressed},
                   {4, h.uncompressed},
                   {2, h.name.size()},
                   {2, h.extra.size()}}),
               as_bytes(h.name), h.extra});
}

Bytes central_record(const Header& h, std::uint64_t offset) {
  return join({le({{4, h.signature},
                   {2, h.made_by},
                   {2, h.version},
                   {2, h.flags},
                   {2, h.method},
                   {2, h.time},
                   {2, h.date},
                   {4, h.crc},
                   {4, h.compressed},
                   {4, h.uncompressed},
                   {2, h.name.size()},
                   {2, h.extra.size()},
                   {2, h.comment.size()},
                   {2, h.disk},
                   {2, 0},
                   {4, h.external},
                   {4, h.offset.value_or(static_cast<std::uint32_t>(offset))}}),
               as_bytes(h.name), h.extra, as_bytes(h.comment)});
}

Bytes run_deflate(const std::function<void(z_stream&, Bytes&)>& feed) {
  z_stream stream{};
  if (deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  Bytes out;
  feed(stream, out);
  deflateEnd(&stream);
  return out;
}

void deflate_some(z_stream& stream, ByteView bytes, int flush, Bytes& out) {
  stream.next_in = const_cast<Bytef*>(bytes.data());
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::array<std::uint8_t, 65536> piece{};
  do {
    stream.next_out = piece.data();
    stream.avail_out = piece.size();
    deflate(&stream, flush);
    append(out, ByteView(piece).first(piece.size() - stream.avail_out));
  } while (stream.avail_out == 0);
}

}  // namespace

Bytes le(std::initializer_list<Number> numbers) {
  Bytes out;
  for (const Number& number : numbers) {
    for (unsigned i = 0; i < number.size; ++i) out.push_back(static_cast<std::uint8_t>(number.value >> (8 * i)));
  }
  return out;
}

Bytes join(std::initializer_list<ByteView> parts) {
  Bytes out;
  for (const ByteView part : parts) append(out, part);
  return out;
}

Bytes extra_field(std::uint16_t id, ByteView content) {
  return join({le({{2, id}, {2, content.size()}}), content});
}

Bytes unicode_path(std::string_view header_name, std::string_view path) {
  return extra_field(0x7075, join({le({{1, 1}, {4, crc32_of(as_bytes(header_name))}}), as_bytes(path)}));
}

std::uint32_t crc32_of(ByteView bytes) {
  return static_cast<std::uint32_t>(crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

Bytes deflated(ByteView bytes) {
  return run_deflate([&](z_stream& stream, Bytes& out) { deflate_some(stream, bytes, Z_FINISH, out); });
}

Bytes deflated_zeros(std::uint64_t size) {
  return run_deflate([&](z_stream& stream, Bytes& out) {
    const Bytes zeros(1U << 20U);
    for (; size > zeros.size(); size -= zeros.size()) deflate_some(stream, zeros, Z_NO_FLUSH, out);
    deflate_some(stream, ByteView(zeros).first(static_cast<std::size_t>(size)), Z_FINISH, out);
  });
}

Member& Member::both(const std::function<void(Header&)>& change) {
  change(local);
  change(central);
  return *this;
}

Member& ArchiveBuilder::add(std::string name, std::string_view body, Method method) {
  Header header;
  header.signature = 0x04034b50;
  header.method = static_cast<std::uint16_t>(method);
  header.crc = crc32_of(as_bytes(body));
  header.external = name.ends_with('/') ? 0x41ed0010 : 0x81a40000;
  header.name = std::move(name);
  header.uncompressed = static_cast<std::uint32_t>(body.size());
  Bytes data = method == Method::deflated ? deflated(as_bytes(body)) : to_bytes(as_bytes(body));
  header.compressed = static_cast<std::uint32_t>(data.size());
  Header central = header;
  central.signature = 0x02014b50;
  return members.emplace_back(Bytes{}, std::move(header), std::move(data), Bytes{}, std::move(central));
}

Member& ArchiveBuilder::add_streamed(std::string name, std::string_view body, Method method, Descriptor form) {
  Member& member = add(std::move(name), body, method);
  const Header& central = member.central;
  const unsigned width = form == Descriptor::wide20 || form == Descriptor::signed_wide24 ? 8 : 4;
  if (form == Descriptor::signed16 || form == Descriptor::signed_wide24)
    append(member.descriptor, le({{4, 0x08074b50}}));
  append(member.descriptor, le({{4, central.crc}, {width, central.compressed}, {width, central.uncompressed}}));
  member.both([](Header& header) { header.flags |= kStreamed; });
  member.local.crc = member.local.compressed = member.local.uncompressed = 0;
  return member;
}

Member& ArchiveBuilder::add_zip64(std::string name, std::string_view body, Method method) {
  Member& member = add(std::move(name), body, method);
  return member.both([](Header& header) {
    append(header.extra, extra_field(0x0001, le({{8, header.uncompressed}, {8, header.compressed}})));
    header.compressed = header.uncompressed = 0xffffffff;
    header.version = 45;
  });
}

Bytes ArchiveBuilder::build() const {
  Bytes out;
  std::vector<Bytes> records;
  for (const Member& member : members) {
    append(out, member.before);
    records.push_back(central_record(member.central, out.size()));
    append(out, join({local_record(member.local), member.data, member.descriptor}));
  }
  if (reverse_directory) std::ranges::reverse(records);
  append(out, before_directory);
  const std::uint64_t offset = out.size();
  for (const Bytes& record : records) append(out, record);
  append(out, in_directory);
  End end{0, 0, members.size(), members.size(), out.size() - offset, offset};
  append(out, before_end);
  if (zip64) {
    Zip64End wide{end};
    wide.locator_offset = out.size();
    if (change_zip64) change_zip64(wide);
    append(out, le({{4, wide.signature},
                    {8, wide.size},
                    {2, 45},
                    {2, 45},
                    {4, wide.end.disk},
                    {4, wide.end.directory_disk},
                    {8, wide.end.disk_entries},
                    {8, wide.end.entries},
                    {8, wide.end.directory_size},
                    {8, wide.end.directory_offset}}));
    append(out, before_locator);
    append(out, le({{4, 0x07064b50}, {4, wide.locator_disk}, {8, wide.locator_offset}, {4, wide.disks}}));
  }
  if (change_end) change_end(end);
  append(out, join({le({{4, 0x06054b50},
                        {2, end.disk},
                        {2, end.directory_disk},
                        {2, end.disk_entries},
                        {2, end.entries},
                        {4, end.directory_size},
                        {4, end.directory_offset},
                        {2, comment.size()}}),
                    as_bytes(comment), after_end}));
  return out;
}

Result<void> MemoryFile::write(ByteView bytes) {
  const std::size_t number = writes_++;
  if (fail_at && number == *fail_at) return fail(FileReason::cannot_write, "the disk is full");
  append(bytes_, bytes);
  return {};
}

Result<std::unique_ptr<RandomAccess>> MemoryFile::written() {
  return std::make_unique<MemoryAccess>(bytes_);
}

Result<void> MemoryFile::commit() {
  return {};
}

Result<Contents> contents(const RandomAccess& source, const Limits& limits) {
  PM_TRY(const Archive archive, Archive::open(source, limits));
  Contents all;
  for (const auto& entry : archive.entries()) {
    PM_TRY(Bytes body, archive.read_all(entry, limits.max_entry));
    all.emplace_back(entry.name, std::move(body));
  }
  return all;
}

Result<Contents> contents(ByteView archive, const Limits& limits) {
  return contents(MemoryAccess(archive), limits);
}

ArchiveBuilder every_form() {
  ArchiveBuilder builder;
  const std::string text =
      "The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog.\n";
  builder.add("stored.txt", "stored body\n");
  builder.add("deflated.txt", text, Method::deflated);
  builder.add("folder/");
  builder.add("folder/empty");
  builder.add("folder/deflated-empty", "", Method::deflated);
  builder.add("deflated-folder/", "", Method::deflated);
  builder
      .add(
          "gr\xc3\xbc\xc3\x9f"
          "e.txt",
          "name in UTF-8")
      .both([](Header& h) { h.flags |= 1U << 11U; });
  builder.add_streamed("plain12", text, Method::deflated, Descriptor::plain12);
  builder.add_streamed("signed16", text, Method::deflated, Descriptor::signed16);
  builder.add_streamed("stored-signed16", "stored and streamed", Method::stored, Descriptor::signed16);
  builder.add_streamed("wide20", text, Method::deflated, Descriptor::wide20);
  builder.add_streamed("wide24", text, Method::deflated, Descriptor::signed_wide24);
  builder.add_zip64("zip64.txt", text, Method::deflated);
  builder.comment = "a comment";
  return builder;
}

}  // namespace proofmark::test
