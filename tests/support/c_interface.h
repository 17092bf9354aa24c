// Handles of the C interface, freed with their owners.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "inkling/inkling.h"

namespace inkling {

class CModel {
 public:
  explicit CModel(inkling_model* model) : model_(model) {}
  // The built-in reader.
  CModel() { EXPECT_EQ(inkling_load(nullptr, nullptr, &model_), INKLING_OK); }
  explicit CModel(const std::vector<uint8_t>& file, int threads = 1) {
    inkling_options options{};
    options.size = sizeof options;
    options.threads = threads;
    EXPECT_EQ(inkling_load_bytes(file.data(), file.size(), &options, &model_), INKLING_OK)
        << inkling_last_error();
  }
  ~CModel() { inkling_free(model_); }
  CModel(const CModel&) = delete;
  CModel& operator=(const CModel&) = delete;

  const inkling_model* get() const { return model_; }

 private:
  inkling_model* model_ = nullptr;
};

}  // namespace inkling
