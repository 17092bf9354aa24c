// Any bytes as gzip: gunzip gives at most what it was allowed, which survives gzip and back, or
// throws Error; nothing else. Half of the mutants are well-formed members (a random change seldom
// keeps the checksum right), so that the way through is walked too.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "base/check.h"
#include "base/error.h"
#include "sys/gzip.h"

namespace {

using Bytes = std::vector<uint8_t>;

constexpr size_t kAllowed = 100'000;  // bytes inflated; a small input can claim more

}  // namespace

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t max_size);

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t max_size,
                                          unsigned seed) {
  if (seed % 2 == 0) return LLVMFuzzerMutate(data, size, max_size);
  Bytes inflated;
  try {
    inflated = inkling::gunzip({data, size}, "fuzz", kAllowed);
  } catch (const inkling::Error&) {
    inflated.assign(data, data + size);
  }
  const size_t length = inflated.size();
  inflated.resize(std::max(2 * length, size_t{64}));
  inflated.resize(LLVMFuzzerMutate(inflated.data(), length, inflated.size()));
  Bytes zipped = inkling::gzip(inflated);
  if (seed % 8 == 1) {  // a second member behind the first
    const Bytes first = zipped;
    zipped.insert(zipped.end(), first.begin(), first.end());
  }
  if (zipped.size() > max_size) return LLVMFuzzerMutate(data, size, max_size);
  std::copy(zipped.begin(), zipped.end(), data);
  return zipped.size();
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    const Bytes inflated = inkling::gunzip({data, size}, "fuzz", kAllowed);
    INKLING_CHECK(inkling::is_gzip({data, size}) && inflated.size() <= kAllowed);
    INKLING_CHECK(inkling::gunzip(inkling::gzip(inflated), "again", inflated.size()) == inflated);
  } catch (const inkling::Error& error) {
    INKLING_CHECK(error.kind() == inkling::ErrorKind::kInput);
  }
  return 0;
}
