// The C interface's functions about models: loading, saving, what they are, images.
#include <algorithm>
#include <memory>

#include "api/loaded_model.h"
#include "api/status.h"
#include "base/index.h"
#include "store/default_reader.h"
#include "store/find_model.h"
#include "store/model_file.h"

using namespace inkling;

extern "C" {

inkling_status inkling_load(const char* path, const inkling_options* options,
                            inkling_model** model) {
  if (model != nullptr) *model = nullptr;
  return guarded([&] {
    expect_given(model, "model");
    const EngineOptions engine = engine_options(options);
    *model =
        std::make_unique<inkling_model>(
            path == nullptr ? default_reader() : find_model(path, "inkling_load").model, engine)
            .release();
  });
}

inkling_status inkling_load_bytes(const void* data, size_t bytes, const inkling_options* options,
                                  inkling_model** model) {
  if (model != nullptr) *model = nullptr;
  return guarded([&] {
    expect_given(model, "model");
    expect_given(static_cast<const uint8_t*>(data), "data");
    const EngineOptions engine = engine_options(options);
    *model =
        std::make_unique<inkling_model>(
            load_model({static_cast<const uint8_t*>(data), bytes}, "inkling_load_bytes"), engine)
            .release();
  });
}

void inkling_free(inkling_model* model) { delete model; }

inkling_status inkling_save(const inkling_model* model, const char* path) {
  return guarded([&] {
    expect_given(path, "path");
    save_model(path, expect_given(model, "model").model());
  });
}

inkling_status inkling_save_bytes(const inkling_model* model, void* data, size_t capacity,
                                  size_t* bytes) {
  return guarded([&] {
    expect_given(bytes, "bytes");
    const std::vector<uint8_t> file = encode_model(expect_given(model, "model").model());
    if (data != nullptr) {
      if (capacity < file.size()) {
        throw usage_error("capacity: expected at least {}, found {}", file.size(), capacity);
      }
      std::ranges::copy(file, static_cast<uint8_t*>(data));
    }
    *bytes = file.size();
  });
}

inkling_status inkling_describe(const inkling_model* model, inkling_info* info) {
  return guarded([&] {
    const Model& about = expect_given(model, "model").model();
    given(info, "inkling_info");
    const Architecture& net = *about.net;
    info->name = net.name.c_str();
    info->height = net.input.height;
    info->width = net.input.width;
    info->channels = net.input.channels;
    info->classes = net.classes;
    info->reads_ink = model->reader().reads_ink();
    info->refuses = about.refuses();
    info->parameters = net.parameter_count();
    info->mflop = net.flops() / 1e6;
  });
}

const char* inkling_class_name(const inkling_model* model, int32_t index) {
  if (model == nullptr || index < 0 || index >= count_of(model->model().class_names)) {
    return nullptr;
  }
  return at(model->model().class_names, index).c_str();
}

inkling_status inkling_classify(const inkling_model* model, const void* images, inkling_type type,
                                size_t n, inkling_output output, float* values) {
  return guarded([&] {
    expect_given(model, "model");
    if (type != INKLING_U8 && type != INKLING_F32) {
      throw usage_error("type: expected INKLING_U8 or INKLING_F32, found {}", int{type});
    }
    if (output != INKLING_PROBABILITIES && output != INKLING_LOGITS) {
      throw usage_error("output: expected INKLING_PROBABILITIES or INKLING_LOGITS, found {}",
                        int{output});
    }
    if (n == 0) return;
    expect_given(static_cast<const uint8_t*>(images), "images");
    expect_given(values, "values");
    model->classify(images, type, n, output, values);
  });
}

}  // extern "C"
