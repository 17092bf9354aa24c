// How often work allocates. malloc and its kin are replaced for the whole of a test program by ones
// that count (glibc's manual, "Replacing malloc"); so one source file a program includes this. The
// sanitizers replace them too: there INKLING_COUNTS_ALLOCATIONS is not defined.
//
//   EXPECT_EQ(allocations_of([&] { step(); }), 0);
#pragma once

#include <atomic>
#include <cstdint>
#include <cstdlib>

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define INKLING_COUNTS_ALLOCATIONS

namespace inkling {

inline std::atomic<int64_t> g_allocations = 0;

int64_t allocations_of(auto&& work) {
  const int64_t before = g_allocations.load();
  work();
  return g_allocations.load() - before;
}

}  // namespace inkling

// NOLINTBEGIN(misc-definitions-in-headers): that is the point
extern "C" {
void* __libc_malloc(size_t size);
void* __libc_calloc(size_t count, size_t size);
void* __libc_realloc(void* old, size_t size);
void* __libc_memalign(size_t alignment, size_t size);

void* malloc(size_t size) {
  inkling::g_allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_malloc(size);
}
void* calloc(size_t count, size_t size) {
  inkling::g_allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_calloc(count, size);
}
void* realloc(void* old, size_t size) {
  inkling::g_allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_realloc(old, size);
}
void* aligned_alloc(size_t alignment, size_t size) {
  inkling::g_allocations.fetch_add(1, std::memory_order_relaxed);
  return __libc_memalign(alignment, size);
}
}
// NOLINTEND(misc-definitions-in-headers)

#endif
