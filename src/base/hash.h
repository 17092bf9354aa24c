// SHA-256 as lower-case hex, fed in pieces (OpenSSL's libcrypto: uses the CPU's SHA instructions).
#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace inkling {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(const void* data, size_t bytes);
  std::string hex();  // ends the hash; call once

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

std::string sha256_hex(const void* data, size_t bytes);

}  // namespace inkling
