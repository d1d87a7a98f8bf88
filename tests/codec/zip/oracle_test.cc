// Other readers as oracles: whatever ours accepts, libzip (with ZIP_CHECKCONS), Python's zipfile and Go's archive/zip
// read in the same way. They may refuse more, for the reasons listed here.
#include <algorithm>
#include <functional>
#include <utility>

#include "codec/zip/archive_builder.h"
#include "codec/zip/peers.h"
#include "codec/zip/reader.h"
#include "support/support.h"

namespace proofmark::codec::zip {
namespace {

using test::ArchiveBuilder;

struct Sample {
  Bytes bytes;
  std::string line;  // what our reader sees
};

/// What our reader accepts of `bytes` with every single bit flipped.
std::vector<Sample> accepted_flips(Bytes bytes) {
  std::vector<Sample> samples;
  for (std::size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    const auto mask = static_cast<std::uint8_t>(1U << (bit % 8));
    bytes[bit / 8] ^= mask;
    if (const auto contents = test::contents(bytes)) samples.push_back({bytes, test::line_of(*contents)});
    bytes[bit / 8] ^= mask;
  }
  return samples;
}

std::vector<Sample> flipped_samples() {
  ArchiveBuilder plain = test::every_form();
  ArchiveBuilder zip64 = test::every_form();
  zip64.zip64 = true;
  zip64.change_end = [](test::End& end) { end.directory_offset = 0xffffffff; };
  std::vector<Sample> all = accepted_flips(plain.build());
  for (Sample& sample : accepted_flips(zip64.build())) all.push_back(std::move(sample));
  return all;
}

/// True when the archive has an entry of which `what` holds, given its central fields and its local header.
bool any_entry(ByteView bytes, const std::function<bool(const Entry&, ByteView)>& what) {
  const MemoryAccess source(bytes);
  const auto archive = Archive::open(source, Limits{});
  return archive && std::ranges::any_of(archive->entries(), [&](const Entry& entry) {
           return what(entry, bytes.subspan(static_cast<std::size_t>(entry.header_offset)));
         });
}

unsigned field16(ByteView bytes, std::size_t at) {
  return bytes[at] | (static_cast<unsigned>(bytes[at + 1]) << 8U);
}

/// What 7-Zip (-si) and Info-ZIP (-fz) write: version 4.5 in the local header only.
bool local_version_raised(const Entry& entry, ByteView local) {
  return field16(local, 4) > entry.version_needed;
}

/// What Info-ZIP and bsdtar write into a pipe: the uncompressed size is known, the checksum is not.
bool size_known_before_its_descriptor(const Entry& entry, ByteView local) {
  const bool checksum_open = field16(local, 14) == 0 && field16(local, 16) == 0;
  return (entry.flags & 8U) != 0 && checksum_open && field16(local, 22) != 0;
}

/// Nothing above 6.3 is specified; zipfile looks, others don't.
bool version_unheard_of(const Entry& entry, ByteView) {
  return entry.version_needed > 63;
}

/// The oracle sees what we see, or refuses an archive of a form for which it is known to.
void expect_agreement(const std::vector<Sample>& samples, const std::vector<std::string>& lines,
                      const std::function<bool(const Entry&, ByteView)>& known_refusal) {
  ASSERT_EQ(lines.size(), samples.size());
  std::size_t refused = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    if (lines[i] == samples[i].line) continue;
    EXPECT_TRUE(lines[i].starts_with("refused")) << lines[i] << "\nbut we see\n" << samples[i].line;
    EXPECT_TRUE(any_entry(samples[i].bytes, known_refusal)) << lines[i];
    ++refused;
  }
  EXPECT_LT(refused, samples.size() / 10);
}

bool never(const Entry&, ByteView) {
  return false;
}

std::vector<std::string> ask_libzip(const std::vector<Sample>& samples) {
  std::vector<std::string> lines;
  for (const Sample& sample : samples) lines.push_back(test::ask_libzip(sample.bytes));
  return lines;
}

std::vector<Bytes> bytes_of(const std::vector<Sample>& samples) {
  std::vector<Bytes> bytes;
  for (const Sample& sample : samples) bytes.push_back(sample.bytes);
  return bytes;
}

TEST(ZipOracle, libzip_sees_the_same) {
  const std::vector<Sample> all = flipped_samples();
  expect_agreement(all, ask_libzip(all), local_version_raised);
}

TEST(ZipOracle, python_sees_the_same) {
  const test::TempFolder folder;
  const std::vector<Sample> all = flipped_samples();
  expect_agreement(all, test::ask_python(folder, bytes_of(all)), version_unheard_of);
}

TEST(ZipOracle, go_sees_the_same) {
  const test::TempFolder folder;
  const std::vector<Sample> all = flipped_samples();
  expect_agreement(all, test::ask_go(folder, bytes_of(all)), never);
}

// The two exceptions to "what libzip refuses as inconsistent, we refuse", each the habit of programs that people use.
TEST(ZipOracle, libzip_refuses_two_forms_of_honest_programs) {
  ArchiveBuilder raised;
  test::Member& member = raised.add_zip64("a", "body", Method::deflated);
  member.central.version = 20;
  ArchiveBuilder known;
  test::Member& streamed = known.add_streamed("a", "body", Method::deflated, test::Descriptor::signed16);
  streamed.local.uncompressed = streamed.central.uncompressed;
  const auto expect_ours_alone = [](const Bytes& bytes, bool (*form)(const Entry&, ByteView)) {
    EXPECT_OK(test::contents(bytes));
    EXPECT_TRUE(any_entry(bytes, form));
    EXPECT_EQ(test::ask_libzip(bytes), "refused Zip archive inconsistent");
  };
  expect_ours_alone(raised.build(), local_version_raised);
  expect_ours_alone(known.build(), size_known_before_its_descriptor);
}

// libzip's consistency check is the strictest of the peers. Ours refuses whatever it refuses, but for the forms above.
TEST(ZipOracle, what_libzip_finds_inconsistent_we_refuse) {
  for (const bool zip64 : {false, true}) {
    ArchiveBuilder builder = test::every_form();
    builder.zip64 = zip64;
    Bytes bytes = builder.build();
    std::size_t refused = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
      const std::uint8_t before = bytes[at];
      for (const std::uint8_t value : {std::uint8_t{0}, std::uint8_t{0xff}}) {
        bytes[at] = value;
        if (value == before || test::ask_libzip(bytes).starts_with("ok")) continue;
        ++refused;
        EXPECT_TRUE(!test::contents(bytes) || any_entry(bytes, local_version_raised))
            << "byte " << at << " is " << int{value};
      }
      bytes[at] = before;
    }
    EXPECT_GT(refused, bytes.size() / 2);
  }
}

}  // namespace
}  // namespace proofmark::codec::zip
