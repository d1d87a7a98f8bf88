#include "lambda_package/boundaries.h"

#include <fmt/format.h>

#include <iterator>
#include <string>

#include "lambda_package/content.h"

namespace proofmark::lambda_package {
namespace {

constexpr std::string_view kHeader = "boundaries 1\n";
/// Of 100 000 members with names of 4 KiB and bodies of 250 MiB: 4 + 1 + 9 + 1 characters a line.
constexpr std::uint64_t kMaxList = 2U << 20U;

void add_line(std::string& list, std::uint64_t name, std::uint64_t body) {
  fmt::format_to(std::back_inserter(list), "{} {}\n", name, body);
}

/// The list over the members before the list itself (all of them when there is none).
std::string list_of(const codec::zip::Archive& archive) {
  std::string list(kHeader);
  for (const auto& entry : archive.entries()) {
    if (entry.name == kSignatureName || entry.name == kBoundariesName) continue;
    add_line(list, entry.name.size(), entry.uncompressed_size);
  }
  return list;
}

}  // namespace

void BoundaryListScanner::update(ByteView piece) {
  std::string_view text = as_text(piece);
  while (!text.empty()) {
    if (state_ == State::name && matched_ == 0) {
      // Nothing begun: on to the next "M", at the speed of memchr.
      const auto start = text.find(kBoundariesName.front());
      if (start == std::string_view::npos) return;
      text.remove_prefix(start);
    }
    step(text.front());
    text.remove_prefix(1);
  }
}

void BoundaryListScanner::restart(char c) {
  state_ = State::name;
  matched_ = c == kBoundariesName.front() ? 1 : 0;
}

void BoundaryListScanner::step(char c) {
  const bool digit = c >= '0' && c <= '9';
  switch (state_) {
    case State::name:
      if (c != kBoundariesName[matched_]) return restart(c);
      if (++matched_ == kBoundariesName.size()) {
        state_ = State::header;
        matched_ = 0;
      }
      return;
    case State::header:
      if (c != kHeader[matched_]) return restart(c);
      if (++matched_ == kHeader.size()) state_ = State::line_start;
      return;
    case State::line_start:
      if (!digit) return restart(c);
      state_ = State::name_length;
      return;
    case State::name_length:
      if (c == ' ') {
        state_ = State::space;
      } else if (!digit) {
        restart(c);
      }
      return;
    case State::space:
      if (!digit) return restart(c);
      state_ = State::body_length;
      return;
    case State::body_length:
      if (c == '\n') {
        state_ = State::line_start;
      } else if (!digit) {
        restart(c);
      }
      return;
  }
}

Bytes boundary_list(const codec::zip::Archive& archive, std::span<const std::pair<std::size_t, std::size_t>> more) {
  std::string list = list_of(archive);
  for (const auto& [name, body] : more) add_line(list, name, body);
  return to_bytes(as_bytes(list));
}

Result<void> require_pinned_boundaries(const codec::zip::Archive& archive) {
  const codec::zip::Entry* last = nullptr;
  for (const auto& entry : archive.entries()) {
    if (entry.name != kSignatureName) last = &entry;
  }
  if (last == nullptr || last->name != kBoundariesName) {
    return fail(
        PackageReason::boundaries_not_pinned,
        fmt::format(
            "names and bodies could be shifted without the signature noticing: the last signed member is not {}; "
            "sign with --pin-boundaries to rule that out",
            kBoundariesName));
  }
  PM_TRY(const Bytes found, archive.read_all(*last, kMaxList));
  if (as_text(found) == list_of(archive)) return {};
  return fail(PackageReason::bad_boundaries,
              fmt::format("{} does not describe this package: its names and bodies were shifted", kBoundariesName));
}

}  // namespace proofmark::lambda_package
