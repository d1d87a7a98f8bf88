// A file being written, in memory: what a test gives to code that writes a FileWriter.
#pragma once

#include "base/file.h"

namespace proofmark::test {

class MemoryFile final : public FileWriter {
 public:
  [[nodiscard]] Result<void> write(ByteView bytes) override {
    append(bytes_, bytes);
    return {};
  }
  [[nodiscard]] Result<std::unique_ptr<RandomAccess>> written() override {
    return std::make_unique<MemoryAccess>(bytes_);
  }
  [[nodiscard]] Result<void> commit() override {
    committed_ = true;
    return {};
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  [[nodiscard]] bool committed() const { return committed_; }

 private:
  Bytes bytes_;
  bool committed_ = false;
};

}  // namespace proofmark::test
