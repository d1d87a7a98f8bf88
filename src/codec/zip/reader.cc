#include "codec/zip/reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "base/text.h"
#include "codec/zip/body.h"
#include "codec/zip/central.h"
#include "codec/zip/end_record.h"
#include "codec/zip/local.h"
#include "codec/zip/names.h"

namespace proofmark::codec::zip {

struct Archive::State {
  const RandomAccess* source = nullptr;
  Limits limits;
  EndRecord end;
  Bytes directory;
  std::vector<Entry> entries;  // names are views into `directory`
  std::vector<std::size_t>
      by_name;  // indices into `entries`: sorted, not hashed, so that names can't be chosen to collide
  std::uint64_t total_uncompressed = 0;
};

namespace {

Result<void> check_counts(const EndRecord& end, const Limits& limits) {
  if (end.entries > limits.max_entries) {
    return fail(ZipReason::too_many_entries, fmt::format("{} entries, more than {}", end.entries, limits.max_entries));
  }
  if (end.directory_size > limits.max_central_directory) {
    return fail(ZipReason::central_directory_size, fmt::format("the central directory has {} bytes, more than {}",
                                                               end.directory_size, limits.max_central_directory));
  }
  return {};
}

Result<void> check_names(std::span<const Entry> entries) {
  std::vector<std::string_view> names;
  names.reserve(entries.size());
  for (const Entry& entry : entries) names.push_back(entry.name);
  return check_tree(names);
}

std::vector<std::size_t> sort_by_name(std::span<const Entry> entries) {
  std::vector<std::size_t> order(entries.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return entries[i].name; });
  return order;
}

}  // namespace

Result<Archive> Archive::open(const RandomAccess& source, const Limits& limits) {
  auto state = std::make_unique<State>();
  state->source = &source;
  state->limits = limits;
  PM_TRY(state->end, find_end_record(source));
  PM_TRY_VOID(check_counts(state->end, limits));
  state->directory.resize(static_cast<std::size_t>(state->end.directory_size));
  PM_TRY_VOID(source.read_at(state->end.directory_offset, state->directory));
  PM_TRY(state->entries, parse_central_directory(state->directory, state->end.entries, limits));
  PM_TRY_VOID(check_local_headers(source, state->entries, state->end.directory_offset));
  PM_TRY_VOID(check_names(state->entries));
  state->by_name = sort_by_name(state->entries);
  for (const Entry& entry : state->entries) state->total_uncompressed += entry.uncompressed_size;
  return Archive(std::move(state));
}

Archive::Archive(std::unique_ptr<State> state) : state_(std::move(state)) {}
Archive::Archive(Archive&&) noexcept = default;
Archive& Archive::operator=(Archive&&) noexcept = default;
Archive::~Archive() = default;

const std::vector<Entry>& Archive::entries() const {
  return state_->entries;
}

const Entry* Archive::find(std::string_view name) const {
  const auto name_of = [this](std::size_t i) { return state_->entries[i].name; };
  const auto at = std::ranges::lower_bound(state_->by_name, name, {}, name_of);
  return at != state_->by_name.end() && name_of(*at) == name ? &state_->entries[*at] : nullptr;
}

std::uint64_t Archive::total_uncompressed() const {
  return state_->total_uncompressed;
}
ByteView Archive::central_directory() const {
  return state_->directory;
}
std::uint64_t Archive::central_directory_offset() const {
  return state_->end.directory_offset;
}
ByteView Archive::comment() const {
  return state_->end.comment;
}
const RandomAccess& Archive::source() const {
  return *state_->source;
}
const Limits& Archive::limits() const {
  return state_->limits;
}

Result<void> Archive::read(const Entry& entry, const Sink& sink) const {
  return read_body(*state_->source, entry, sink);
}

Result<Bytes> Archive::read_all(const Entry& entry, std::uint64_t limit) const {
  if (entry.uncompressed_size > limit) {
    return fail(ZipReason::entry_too_large,
                fmt::format("entry {} has {} bytes, more than {}", quoted(entry.name), entry.uncompressed_size, limit));
  }
  Bytes body;
  body.reserve(static_cast<std::size_t>(entry.uncompressed_size));
  PM_TRY_VOID(read(entry, [&](ByteView piece) -> Result<void> {
    append(body, piece);
    return {};
  }));
  return body;
}

}  // namespace proofmark::codec::zip
