// One model in eight threads (run under ThreadSanitizer too).
#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "data/formats/picture.h"
#include "inkling/inkling.h"
#include "support/c_interface.h"
#include "support/digit_row.h"

namespace inkling {
namespace {

TEST(CThreads, OneModelServesEight) {
  const CModel model;
  const Picture row = row_of("42", 40);
  const std::vector<uint8_t> images(200 * 784, 90);
  const auto read = [&] {
    const inkling_picture picture{.size = sizeof(inkling_picture),
                                  .format = INKLING_GREY,
                                  .data = row.pixels.data(),
                                  .bytes = row.pixels.size(),
                                  .width = row.width,
                                  .height = row.height,
                                  .stride = 0};
    inkling_reading* reading = nullptr;
    if (inkling_read(model.get(), &picture, &reading) != INKLING_OK) return std::string("failed");
    const std::string text = inkling_reading_text(reading);
    inkling_free_reading(reading);
    return text;
  };
  const auto classify = [&](std::vector<float>& values) {
    values.resize(200 * 11);
    return inkling_classify(model.get(), images.data(), INKLING_U8, 200, INKLING_PROBABILITIES,
                            values.data());
  };
  std::vector<float> expected;
  ASSERT_EQ(classify(expected), INKLING_OK);
  std::vector<std::string> texts(8);
  std::vector<std::vector<float>> values(8);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      texts[i] = read();
      classify(values[i]);
      // Each thread has an error of its own.
      EXPECT_EQ(inkling_load(("/nowhere/" + std::to_string(i)).c_str(), nullptr, nullptr),
                INKLING_BAD_ARGUMENT);
      inkling_model* none = nullptr;
      inkling_load(("/nowhere/" + std::to_string(i)).c_str(), nullptr, &none);
      EXPECT_NE(std::string(inkling_last_error()).find("/nowhere/" + std::to_string(i)),
                std::string::npos);
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (size_t i = 0; i < 8; ++i) {
    EXPECT_EQ(texts[i], "42");
    EXPECT_EQ(values[i], expected);
  }
}

}  // namespace
}  // namespace inkling
