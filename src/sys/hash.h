// Hashes as lower-case hex (OpenSSL's libcrypto: uses the CPU's SHA instructions). SHA-256 may be
// fed in pieces.
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

// What git calls a file of these bytes: SHA-1 of "blob SIZE", a zero byte and the bytes. Only to
// compare with names that others publish.
std::string git_blob_hex(const void* data, size_t bytes);

// MD5, only to compare with sums that others publish: it proves nothing against intent. Throws
// Error (system) where this machine's libcrypto is forbidden to compute it.
std::string md5_hex(const void* data, size_t bytes);

}  // namespace inkling
