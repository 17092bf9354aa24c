/**
 * @file inkling.hpp
 * Inkling's C++ interface, over the C one (inkling.h), header only, C++20.
 *
 *     const inkling::Model model;  // the built-in reader
 *     const inkling::Prediction seven = model.predict(inkling::Picture::encoded(bytes));
 *     if (seven.is_read()) std::cout << model.class_name(seven.digit) << '\n';
 *
 * What fails throws inkling::Error. A model may be used by any number of threads at the same time.
 */
#ifndef INKLING_INKLING_HPP
#define INKLING_INKLING_HPP

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "inkling.h"

namespace inkling {
/** Names apart from those inside the library, which a static one brings along. */
inline namespace api {

/** What is thrown: the status and the library's message. */
class Error : public std::runtime_error {
 public:
  /** From a status and what it was about. */
  Error(inkling_status status, const std::string& what)
      : std::runtime_error(what), status_(status) {}
  /** How the call ended. */
  inkling_status status() const { return status_; }

 private:
  inkling_status status_;
};

/** @cond */
namespace detail {
inline void check(inkling_status status) {
  if (status != INKLING_OK) throw Error(status, inkling_last_error());
}
}  // namespace detail
/** @endcond */

/** The library's version. */
inline std::string version() { return inkling_version(); }
/** The kernels' variant on this CPU. */
inline std::string cpu_variant() { return inkling_cpu_variant(); }

/** What a model computes with. */
struct Options {
  int threads = 0;            /**< 0: all available cores. */
  std::string isa = {};       /**< Limits the CPU variant; empty: the best. */
  std::string precision = {}; /**< "f32" or "bf16"; empty: what is faster. */
};

/** A picture of any size; refers to the caller's memory. */
struct Picture : inkling_picture {
  /** A PNG, JPEG ... file's bytes. */
  static Picture encoded(std::span<const std::uint8_t> file) {
    return make(INKLING_ENCODED, file, 0, 0);
  }
  /** Pixels without gaps between rows: [height, width] of 1, 3 or 4 bytes as `format` says. */
  static Picture raw(inkling_format format, std::span<const std::uint8_t> pixels, int width,
                     int height) {
    return make(format, pixels, width, height);
  }

 private:
  static Picture make(inkling_format format, std::span<const std::uint8_t> data, int width,
                      int height) {
    Picture picture{};
    picture.size = sizeof(inkling_picture);
    picture.format = format;
    picture.data = data.data();
    picture.bytes = data.size();
    picture.width = width;
    picture.height = height;
    return picture;
  }
};

/** One digit of a picture. */
struct Prediction {
  int digit = -1;                       /**< Index of its class; -1: refused. */
  inkling_reason reason = INKLING_READ; /**< Why it was refused. */
  double confidence = -1;               /**< Its probability; -1: refused. */
  double p_refused = 0;                 /**< Of the reject class. */
  std::optional<inkling_box> box;       /**< Of its ink, if it was looked for and found. */
  std::vector<float> probabilities;     /**< [classes], the reject class included. */

  /** Whether there is a digit. */
  bool is_read() const { return reason == INKLING_READ; }
};

/** All digits of a picture. */
struct Reading {
  std::string text;                     /**< Rows separated by newlines. */
  double confidence = 0;                /**< That all of it is right. */
  inkling_reason reason = INKLING_READ; /**< Why nothing was read. */
  std::vector<inkling_digit> digits;    /**< Row by row, from the left. */
};

/** Labelled images to train on; refers to the caller's memory. */
struct Images {
  std::span<const std::uint8_t> pixels;      /**< [n, height, width, channels]. */
  std::span<const std::uint8_t> labels;      /**< [n]. */
  int height = 28;                           /**< Pixels. */
  int width = 28;                            /**< Pixels. */
  int channels = 1;                          /**< 1 grey, 3 RGB. */
  int classes = 10;                          /**< 2 to 256. */
  std::vector<std::string> class_names = {}; /**< [classes]; empty: "0", "1" ... */
};

/** A trained network. */
class Model {
 public:
  /** The built-in reader. */
  explicit Model(const Options& options = {}) : Model(nullptr, options) {}
  /** A run folder, a package or a model file. */
  explicit Model(const std::string& path, const Options& options = {})
      : Model(path.c_str(), options) {}
  /** The bytes of a model file. */
  static Model from_bytes(std::span<const std::uint8_t> file, const Options& options = {}) {
    const inkling_options given = c_options(options);
    inkling_model* made = nullptr;
    detail::check(inkling_load_bytes(file.data(), file.size(), &given, &made));
    return Model(made);
  }

  /** Writes the model file. */
  void save(const std::string& path) const {
    detail::check(inkling_save(model_.get(), path.c_str()));
  }
  /** The bytes of the model file. */
  std::vector<std::uint8_t> bytes() const {
    std::size_t size = 0;
    detail::check(inkling_save_bytes(model_.get(), nullptr, 0, &size));
    std::vector<std::uint8_t> file(size);
    detail::check(inkling_save_bytes(model_.get(), file.data(), file.size(), &size));
    return file;
  }

  /** What the model is. */
  inkling_info info() const {
    inkling_info info{};
    info.size = sizeof info;
    detail::check(inkling_describe(model_.get(), &info));
    return info;
  }
  /** The name of a class. Throws std::out_of_range if there is none. */
  std::string class_name(int index) const {
    const char* name = inkling_class_name(model_.get(), index);
    if (name == nullptr) throw std::out_of_range("inkling: no class " + std::to_string(index));
    return name;
  }

  /** [n, classes] for images [n, height, width, channels] of the network's size. */
  std::vector<float> classify(std::span<const std::uint8_t> images,
                              inkling_output output = INKLING_PROBABILITIES) const {
    return classified(images.data(), images.size(), INKLING_U8, output);
  }
  /** The same of grey levels 0 … 1. */
  std::vector<float> classify(std::span<const float> images,
                              inkling_output output = INKLING_PROBABILITIES) const {
    return classified(images.data(), images.size(), INKLING_F32, output);
  }

  /** The one digit in a picture. */
  Prediction predict(const Picture& picture) const {
    Prediction prediction;
    prediction.probabilities.resize(static_cast<std::size_t>(info().classes));
    inkling_prediction filled{};
    filled.size = sizeof filled;
    detail::check(
        inkling_predict(model_.get(), &picture, &filled, prediction.probabilities.data()));
    prediction.digit = filled.digit;
    prediction.reason = filled.reason;
    prediction.confidence = filled.confidence;
    prediction.p_refused = filled.p_refused;
    if (filled.box.width > 0) prediction.box = filled.box;
    return prediction;
  }

  /** Every digit in a picture. */
  Reading read(const Picture& picture) const {
    inkling_reading* handle = nullptr;
    detail::check(inkling_read(model_.get(), &picture, &handle));
    const std::unique_ptr<inkling_reading, void (*)(inkling_reading*)> owner(handle,
                                                                             inkling_free_reading);
    Reading reading{.text = inkling_reading_text(handle),
                    .confidence = inkling_reading_confidence(handle),
                    .reason = inkling_reading_reason(handle),
                    .digits = {}};
    for (std::size_t i = 0; i < inkling_reading_digits(handle); ++i) {
      inkling_digit digit{};
      digit.size = sizeof digit;
      detail::check(inkling_reading_digit(handle, i, &digit));
      reading.digits.push_back(digit);
    }
    return reading;
  }

  /** The C handle, which stays the model's. */
  const inkling_model* handle() const { return model_.get(); }

  /** Told how far a training is; returns false to stop it. May throw, which ends it too. */
  using Callback = std::function<bool(const inkling_progress&)>;
  /** Trains a network by a recipe (TOML; empty: the defaults). Stopped: what was learned so far. */
  static Model train(const std::string& recipe, const Images& images, const Callback& callback = {},
                     const Options& options = {}) {
    std::vector<const char*> names;
    for (const std::string& name : images.class_names) names.push_back(name.c_str());
    if (images.pixels.size() != images.labels.size() * static_cast<std::size_t>(images.height) *
                                    static_cast<std::size_t>(images.width) *
                                    static_cast<std::size_t>(images.channels) ||
        (!names.empty() && names.size() != static_cast<std::size_t>(images.classes))) {
      throw Error(INKLING_BAD_ARGUMENT, "inkling: pixels, labels and class names do not fit");
    }
    inkling_images given{};
    given.size = sizeof given;
    given.pixels = images.pixels.data();
    given.type = INKLING_U8;
    given.n = images.labels.size();
    given.height = images.height;
    given.width = images.width;
    given.channels = images.channels;
    given.labels = images.labels.data();
    given.classes = images.classes;
    given.class_names = names.empty() ? nullptr : names.data();
    Told told{&callback, nullptr};
    const inkling_options chosen = c_options(options);
    inkling_model* made = nullptr;
    const inkling_status status =
        inkling_train(recipe.c_str(), &given, &chosen, callback ? tell : nullptr, &told, &made);
    if (told.thrown) {
      inkling_free(made);
      std::rethrow_exception(told.thrown);
    }
    if (status != INKLING_STOPPED) detail::check(status);
    return Model(made);
  }

 private:
  struct Free {
    void operator()(inkling_model* model) const { inkling_free(model); }
  };
  struct Told {
    const Callback* callback;
    std::exception_ptr thrown;
  };

  explicit Model(inkling_model* model) : model_(model) {}
  Model(const char* path, const Options& options) {
    const inkling_options given = c_options(options);
    inkling_model* made = nullptr;
    detail::check(inkling_load(path, &given, &made));
    model_.reset(made);
  }

  static inkling_options c_options(const Options& options) {
    inkling_options given{};
    given.size = sizeof given;
    given.threads = options.threads;
    given.isa = options.isa.empty() ? nullptr : options.isa.c_str();
    given.precision = options.precision.empty() ? nullptr : options.precision.c_str();
    return given;
  }

  static int tell(const inkling_progress* progress, void* user) {
    Told& told = *static_cast<Told*>(user);
    try {
      return (*told.callback)(*progress) ? 0 : 1;
    } catch (...) {  // nothing may be thrown through C
      told.thrown = std::current_exception();
      return 1;
    }
  }

  std::vector<float> classified(const void* images, std::size_t values, inkling_type type,
                                inkling_output output) const {
    const inkling_info about = info();
    const std::size_t image = static_cast<std::size_t>(about.height) *
                              static_cast<std::size_t>(about.width) *
                              static_cast<std::size_t>(about.channels);
    if (values % image != 0) {
      throw Error(INKLING_BAD_ARGUMENT, "inkling: expected whole images of " +
                                            std::to_string(image) + " values, found " +
                                            std::to_string(values) + " values");
    }
    std::vector<float> out(values / image * static_cast<std::size_t>(about.classes));
    detail::check(inkling_classify(model_.get(), images, type, values / image, output, out.data()));
    return out;
  }

  std::unique_ptr<inkling_model, Free> model_;
};

}  // namespace api
}  // namespace inkling

#endif
