#include "sys/hash.h"

#include <fmt/core.h>
#include <openssl/evp.h>

#include "base/check.h"
#include "base/error.h"

namespace inkling {
namespace {

std::string hex_of(const unsigned char* digest, unsigned size) {
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace

struct Sha256::Context {
  EVP_MD_CTX* md = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(md); }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {
  INKLING_CHECK(EVP_DigestInit_ex(context_->md, EVP_sha256(), nullptr) == 1);
}

Sha256::~Sha256() = default;

void Sha256::update(const void* data, size_t bytes) {
  INKLING_CHECK(EVP_DigestUpdate(context_->md, data, bytes) == 1);
}

std::string Sha256::hex() {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  INKLING_CHECK(EVP_DigestFinal_ex(context_->md, digest, &size) == 1);
  return hex_of(digest, size);
}

std::string sha256_hex(const void* data, size_t bytes) {
  Sha256 hash;
  hash.update(data, bytes);
  return hash.hex();
}

std::string git_blob_hex(const void* data, size_t bytes) {
  const std::string begin = "blob " + std::to_string(bytes);
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  const bool done = context != nullptr && EVP_DigestInit_ex(context, EVP_sha1(), nullptr) == 1 &&
                    EVP_DigestUpdate(context, begin.c_str(), begin.size() + 1) == 1 &&
                    EVP_DigestUpdate(context, data, bytes) == 1 &&
                    EVP_DigestFinal_ex(context, digest, &size) == 1;
  EVP_MD_CTX_free(context);
  if (!done) throw system_error("this machine's libcrypto does not compute SHA-1");
  return hex_of(digest, size);
}

std::string md5_hex(const void* data, size_t bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  if (EVP_Digest(data, bytes, digest, &size, EVP_md5(), nullptr) != 1) {
    throw system_error("this machine's libcrypto does not compute MD5");
  }
  return hex_of(digest, size);
}

}  // namespace inkling
