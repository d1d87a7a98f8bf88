#include "codec/zip/peers.h"

#include <fmt/format.h>
#include <zip.h>

#include <memory>
#include <sstream>

#include "base/environment.h"

namespace proofmark::test {
namespace {

/// Writes the archives one after another, each with its length in front.
std::string write_batch(const TempFolder& folder, const std::vector<Bytes>& archives) {
  Bytes batch;
  for (const Bytes& archive : archives) append(batch, join({le({{4, archive.size()}}), archive}));
  const std::filesystem::path path = folder / "batch";
  write(path, batch);
  return path.string();
}

std::vector<std::string> lines_of(const Outcome& outcome) {
  EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  std::vector<std::string> lines;
  std::istringstream text(outcome.out);
  for (std::string line; std::getline(text, line);) lines.push_back(std::move(line));
  return lines;
}

std::string word_of(std::string_view name, ByteView body) {
  return fmt::format(" {}:{:08x}:{}", to_hex(as_bytes(name)), crc32_of(body), body.size());
}

/// What a test gives libzip has bodies of less; a lie about it would cost memory.
constexpr zip_uint64_t kLargestBody = 1U << 20U;

using Source = std::unique_ptr<zip_source_t, decltype(&zip_source_free)>;
using Archive = std::unique_ptr<zip_t, decltype(&zip_discard)>;
using File = std::unique_ptr<zip_file_t, decltype(&zip_fclose)>;

std::string refusal(zip_error_t& error) {
  std::string line = std::string("refused ") + zip_error_strerror(&error);
  zip_error_fini(&error);
  return line;
}

}  // namespace

std::string peer_source(std::string_view name) {
  return fmt::format("{}/tests/codec/zip/{}", PROOFMARK_SOURCE_DIR, name);
}

std::string go_peer(const TempFolder& folder) {
  const std::filesystem::path program = folder / "go-peer";
  if (!std::filesystem::exists(program)) {
    const Outcome built = run({"go", "build", "-buildvcs=false", "-o", program.string(), "."}, peer_source("go"));
    EXPECT_EQ(built.exit_code, 0) << built.err;
  }
  return program.string();
}

std::string node_modules(std::string_view name) {
  const auto cache = system_environment().get("PROOFMARK_CACHE");
  EXPECT_TRUE(cache.has_value()) << "PROOFMARK_CACHE does not say where the Node packages are: run ./dev test";
  const std::string path = fmt::format("{}/node/{}/node_modules", cache.value_or(""), name);
  EXPECT_TRUE(std::filesystem::is_directory(path)) << path << " is missing: ./dev setup --test installs it";
  return path;
}

std::string line_of(const Contents& contents) {
  std::string line = "ok";
  for (const auto& [name, body] : contents) line += word_of(name, body);
  return line;
}

std::vector<std::string> ask_python(const TempFolder& folder, const std::vector<Bytes>& archives) {
  return lines_of(run({"python3", peer_source("peer.py"), "list", write_batch(folder, archives)}));
}

std::vector<std::string> ask_go(const TempFolder& folder, const std::vector<Bytes>& archives) {
  return lines_of(run({go_peer(folder), "list", write_batch(folder, archives)}));
}

std::string ask_libzip(ByteView bytes) {
  zip_error_t error;
  zip_error_init(&error);
  Source source(zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error), zip_source_free);
  const Archive archive(zip_open_from_source(source.get(), ZIP_RDONLY | ZIP_CHECKCONS, &error), zip_discard);
  if (!archive) return refusal(error);
  (void)source.release();  // the archive's own now
  zip_error_fini(&error);
  std::string line = "ok";
  const auto count = static_cast<zip_uint64_t>(zip_get_num_entries(archive.get(), 0));
  for (zip_uint64_t i = 0; i < count; ++i) {
    zip_stat_t status;
    zip_stat_init(&status);
    if (zip_stat_index(archive.get(), i, ZIP_FL_ENC_RAW, &status) != 0) return "refused to stat";
    if (status.size > kLargestBody) return "refused to believe a size";
    const File file(zip_fopen_index(archive.get(), i, 0), zip_fclose);
    if (!file) return "refused to open an entry";
    Bytes body(static_cast<std::size_t>(status.size) + 1);
    const zip_int64_t got = zip_fread(file.get(), body.data(), body.size());
    if (got != static_cast<zip_int64_t>(status.size)) return "refused to read an entry";
    body.pop_back();
    line += word_of(status.name, body);
  }
  return line;
}

}  // namespace proofmark::test
