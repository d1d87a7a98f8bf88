#include "base/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/random.h"
#include "base/text.h"

namespace proofmark {
namespace {

std::string shown(const std::filesystem::path& path) {
  return path.empty() ? std::string("\"\"") : printable(path.string());
}

std::string system_error(int error) {
  std::array<char, 256> buffer{};
  return strerror_r(error, buffer.data(), buffer.size());
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }
  /// Closes now and says whether that worked: a delayed write error shows up here.
  int close() { return ::close(std::exchange(fd_, -1)); }

 private:
  int fd_;
};

/// A file that is read with pread. `owned` keeps the descriptor when the file is ours alone.
class File final : public RandomAccess {
 public:
  File(Descriptor fd, std::uint64_t size, std::filesystem::path path)
      : fd_(std::move(fd)), size_(size), path_(std::move(path)) {}
  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<void> read_at(std::uint64_t offset, std::span<std::uint8_t> out) const override {
    if (offset > size_ || out.size() > size_ - offset) {
      return fail(FileReason::cannot_read, fmt::format("{}: read past the end", shown(path_)));
    }
    while (!out.empty()) {
      const ssize_t got = ::pread(fd_.get(), out.data(), out.size(), static_cast<off_t>(offset));
      if (got < 0) {
        if (errno == EINTR) continue;
        return fail(FileReason::cannot_read, fmt::format("{}: {}", shown(path_), system_error(errno)));
      }
      if (got == 0) return fail(FileReason::changed, fmt::format("{}: became shorter while it was read", shown(path_)));
      offset += static_cast<std::uint64_t>(got);
      out = out.subspan(static_cast<std::size_t>(got));
    }
    return {};
  }

 private:
  Descriptor fd_;
  std::uint64_t size_;
  std::filesystem::path path_;
};

/// A file without a name (O_TMPFILE), so that nothing remains however the program ends; it gets a name when it is
/// committed. Where the file system can't do that, a hidden file beside the final place, removed unless committed.
class AtomicWriter final : public FileWriter {
 public:
  AtomicWriter(Descriptor fd, std::filesystem::path temporary, std::filesystem::path path, Overwrite overwrite,
               bool named)
      : fd_(std::move(fd)),
        temporary_(std::move(temporary)),
        path_(std::move(path)),
        overwrite_(overwrite),
        named_(named) {}
  AtomicWriter(const AtomicWriter&) = delete;
  AtomicWriter& operator=(const AtomicWriter&) = delete;
  ~AtomicWriter() override {
    if (named_) ::unlink(temporary_.c_str());
  }

  [[nodiscard]] Result<void> write(ByteView bytes) override {
    while (!bytes.empty()) {
      const ssize_t put = ::write(fd_.get(), bytes.data(), bytes.size());
      if (put < 0) {
        if (errno == EINTR) continue;
        return refuse();
      }
      size_ += static_cast<std::uint64_t>(put);
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
  }

  [[nodiscard]] Result<std::unique_ptr<RandomAccess>> written() override {
    Descriptor copy(::fcntl(fd_.get(), F_DUPFD_CLOEXEC, 0));
    if (copy.get() < 0) return refuse();
    return std::make_unique<File>(std::move(copy), size_, path_);
  }

  [[nodiscard]] Result<void> commit() override {
    if (::fsync(fd_.get()) != 0) return refuse();
    PM_TRY_VOID(put_in_place());
    if (fd_.close() != 0) return refuse();
    const auto folder = path_.has_parent_path() ? path_.parent_path() : std::filesystem::path(".");
    const Descriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (directory.get() < 0 || ::fsync(directory.get()) != 0) return refuse();
    return {};
  }

 private:
  [[nodiscard]] Result<void> put_in_place() {
    if (overwrite_ == Overwrite::refuse) return give_name(path_);
    if (!named_) PM_TRY_VOID(give_name(temporary_));
    named_ = true;
    if (::rename(temporary_.c_str(), path_.c_str()) != 0) return refuse();
    named_ = false;
    return {};
  }

  /// A hard link that never replaces anything.
  [[nodiscard]] Result<void> give_name(const std::filesystem::path& name) const {
    const auto source = named_ ? temporary_.string() : fmt::format("/proc/self/fd/{}", fd_.get());
    if (::linkat(AT_FDCWD, source.c_str(), AT_FDCWD, name.c_str(), AT_SYMLINK_FOLLOW) == 0) return {};
    if (errno == EEXIST) return fail(FileReason::already_exists, fmt::format("{}: already exists", shown(path_)));
    return refuse();
  }

  [[nodiscard]] std::unexpected<Error> refuse() const {
    return fail(FileReason::cannot_write, fmt::format("{}: {}", shown(path_), system_error(errno)));
  }

  Descriptor fd_;
  std::filesystem::path temporary_;
  std::filesystem::path path_;
  Overwrite overwrite_;
  bool named_;  // temporary_ exists
  std::uint64_t size_ = 0;
};

}  // namespace

Result<void> MemoryAccess::read_at(std::uint64_t offset, std::span<std::uint8_t> out) const {
  if (offset > bytes_.size() || out.size() > bytes_.size() - offset) {
    return fail(FileReason::cannot_read, "read past the end");
  }
  if (!out.empty()) std::memcpy(out.data(), bytes_.data() + offset, out.size());
  return {};
}

Result<std::unique_ptr<RandomAccess>> open_file(const std::filesystem::path& path) {
  Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (fd.get() < 0) return fail(FileReason::cannot_open, fmt::format("{}: {}", shown(path), system_error(errno)));
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) {
    return fail(FileReason::cannot_open, fmt::format("{}: {}", shown(path), system_error(errno)));
  }
  if (!S_ISREG(status.st_mode)) {
    return fail(FileReason::not_a_file, fmt::format("{}: not a regular file", shown(path)));
  }
  return std::make_unique<File>(std::move(fd), static_cast<std::uint64_t>(status.st_size), path);
}

Result<Bytes> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  PM_TRY(const auto file, open_file(path));
  if (file->size() > limit) {
    return fail(FileReason::too_large,
                fmt::format("{}: {} bytes, more than the limit of {}", shown(path), file->size(), limit));
  }
  Bytes bytes(static_cast<std::size_t>(file->size()));
  PM_TRY_VOID(file->read_at(0, bytes));
  return bytes;
}

Result<std::unique_ptr<FileWriter>> create_file(const std::filesystem::path& path, Overwrite overwrite, unsigned mode) {
  struct stat status{};
  if (::lstat(path.c_str(), &status) == 0) {
    if (overwrite == Overwrite::refuse) {
      return fail(FileReason::already_exists, fmt::format("{}: already exists", shown(path)));
    }
    if (!S_ISREG(status.st_mode) && !S_ISLNK(status.st_mode)) {
      return fail(FileReason::not_a_file, fmt::format("{}: exists and is not a regular file", shown(path)));
    }
  }
  std::array<std::uint8_t, 8> suffix{};
  system_random().fill(suffix);
  auto temporary = path.parent_path() / fmt::format(".{}.{}.tmp", path.filename().string(), to_hex(suffix));
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  Descriptor unnamed(::open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, static_cast<mode_t>(mode)));
  if (unnamed.get() >= 0) {
    return std::make_unique<AtomicWriter>(std::move(unnamed), std::move(temporary), path, overwrite, false);
  }
  Descriptor fd(::open(temporary.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, static_cast<mode_t>(mode)));
  if (fd.get() < 0) return fail(FileReason::cannot_write, fmt::format("{}: {}", shown(path), system_error(errno)));
  return std::make_unique<AtomicWriter>(std::move(fd), std::move(temporary), path, overwrite, true);
}

Result<void> write_file(const std::filesystem::path& path, ByteView bytes, Overwrite overwrite, unsigned mode) {
  PM_TRY(const auto file, create_file(path, overwrite, mode));
  PM_TRY_VOID(file->write(bytes));
  return file->commit();
}

}  // namespace proofmark
