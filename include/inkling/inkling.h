/**
 * @file inkling.h
 * Inkling's C interface: load a model, classify images, read digits in pictures, train, save.
 *
 *     inkling_model* model = NULL;
 *     if (inkling_load(NULL, NULL, &model) != INKLING_OK) {  // NULL: the built-in reader
 *       fprintf(stderr, "%s\n", inkling_last_error());
 *       return 1;
 *     }
 *     inkling_picture picture = {.size = sizeof picture, .format = INKLING_ENCODED,
 *                                .data = bytes, .bytes = length};
 *     inkling_prediction seven = {.size = sizeof seven};
 *     inkling_predict(model, &picture, &seven, NULL);
 *     inkling_free(model);
 *
 * Every function that can fail returns an inkling_status; inkling_last_error() then says what was
 * wrong. No exception crosses this interface, and no memory does: what is returned by pointer
 * belongs to a handle and lives as long as it, what is filled belongs to the caller. On failure
 * outputs keep what they held, handles become NULL.
 *
 * Every struct begins with its size, sizeof of the struct as the caller was compiled; fields that a
 * later version adds are zero for a caller that does not know them, and a library that does not
 * know them refuses anything but zero.
 *
 * Threads: a model may be used by any number of threads at the same time, until it is freed.
 * Functions without a model may be called by any thread at any time. A process that forks must not
 * use its models in the child.
 *
 * Images are [n, height, width, channels], channels last, without gaps. Text is UTF-8.
 */
#ifndef INKLING_INKLING_H
#define INKLING_INKLING_H

#include <stddef.h>
#include <stdint.h>

#if defined(__GNUC__)
#define INKLING_API __attribute__((visibility("default"))) /**< Exported. */
#else
#define INKLING_API /**< Exported. */
#endif

#ifdef __cplusplus
#define INKLING_INT : int /**< What an enumeration is kept in: any value may come from C. */
extern "C" {
#else
#define INKLING_INT /**< What an enumeration is kept in. */
#endif

/** How a call ended. */
typedef enum inkling_status INKLING_INT {
  INKLING_OK = 0,
  INKLING_BAD_ARGUMENT = 1, /**< The caller's mistake: NULL, a wrong size, an unknown option. */
  INKLING_BAD_INPUT = 2,    /**< A file or bytes that are not what they should be. */
  INKLING_SYSTEM_ERROR = 3, /**< The machine refused: no memory, disk full, no permission. */
  INKLING_STOPPED = 4,      /**< The progress callback stopped a training. */
  INKLING_INTERNAL = 5      /**< A fault of the library. */
} inkling_status;

/** What the last failed call of this thread was about; "" before any. Valid until the next. */
INKLING_API const char* inkling_last_error(void);

/** The library's version, "0.1.0". */
INKLING_API const char* inkling_version(void);

/** The variant of the kernels this CPU runs: "avx512_bf16", "avx2", "generic" ... */
INKLING_API const char* inkling_cpu_variant(void);

/** What a model computes with. NULL stands for the defaults: all zero but the size. */
typedef struct inkling_options {
  size_t size;           /**< sizeof(inkling_options). */
  int32_t threads;       /**< For many images in one call and training; 0: all available cores. */
  const char* isa;       /**< Limits the CPU variant by its name; NULL: the best. */
  const char* precision; /**< "f32" or "bf16"; NULL: bf16 if the CPU is faster in it. */
} inkling_options;

/** A trained network, loaded. */
typedef struct inkling_model inkling_model;

/**
 * Loads a model.
 * @param path a run folder, a package or a model file; NULL: the built-in reader
 * @param options NULL: the defaults
 * @param model receives the handle, to be freed by inkling_free
 */
INKLING_API inkling_status inkling_load(const char* path, const inkling_options* options,
                                        inkling_model** model);

/** The same from the bytes of a model file, which are copied. */
INKLING_API inkling_status inkling_load_bytes(const void* data, size_t bytes,
                                              const inkling_options* options,
                                              inkling_model** model);

/** Frees a model; NULL is allowed. No other thread may be using it. */
INKLING_API void inkling_free(inkling_model* model);

/** Writes the model file (safetensors), atomically. */
INKLING_API inkling_status inkling_save(const inkling_model* model, const char* path);

/**
 * The bytes of the model file.
 * @param model may be used by other threads meanwhile
 * @param data receives them; NULL: only their number is wanted
 * @param capacity of data; less than their number is INKLING_BAD_ARGUMENT
 * @param bytes receives their number
 */
INKLING_API inkling_status inkling_save_bytes(const inkling_model* model, void* data,
                                              size_t capacity, size_t* bytes);

/** What a model is. */
typedef struct inkling_info {
  size_t size;         /**< sizeof(inkling_info), set by the caller. */
  const char* name;    /**< Of its network. */
  int32_t height;      /**< Of its images, pixels. */
  int32_t width;       /**< Of its images, pixels. */
  int32_t channels;    /**< Of its images: 1 grey, 3 RGB. */
  int32_t classes;     /**< The reject class included. */
  int32_t reads_ink;   /**< 1: finds the ink of a picture; 0: takes pictures whole, scaled. */
  int32_t refuses;     /**< 1: the last class is the reject class. */
  uint64_t parameters; /**< Their number. */
  double mflop;        /**< Millions of operations for one image. */
} inkling_info;

/** Fills info; its name lives as long as the model. */
INKLING_API inkling_status inkling_describe(const inkling_model* model, inkling_info* info);

/** The name of a class, which lives as long as the model; NULL if there is no such class. */
INKLING_API const char* inkling_class_name(const inkling_model* model, int32_t index);

/** Of a pixel, 0 … 255 or 0 … 1. */
typedef enum inkling_type INKLING_INT {
  INKLING_U8 = 0, /**< A byte, 0 … 255. */
  INKLING_F32 = 1 /**< A float, 0 … 1. */
} inkling_type;

/** What a network gives for an image, a value a class. */
typedef enum inkling_output INKLING_INT {
  INKLING_PROBABILITIES = 0, /**< The mean over several views if the model predicts so. */
  INKLING_LOGITS = 1         /**< Of the image as it is. */
} inkling_output;

/**
 * Images of the network's own size, as they are: no ink is looked for.
 * @param model may be used by other threads meanwhile; many images are spread over its threads
 * @param images [n, height, width, channels] of `type`
 * @param type of a pixel
 * @param n their number; 0 does nothing
 * @param output which values
 * @param values receives [n, classes]
 */
INKLING_API inkling_status inkling_classify(const inkling_model* model, const void* images,
                                            inkling_type type, size_t n, inkling_output output,
                                            float* values);

/** What a picture's data are. */
typedef enum inkling_format INKLING_INT {
  INKLING_ENCODED = 0, /**< A PNG, JPEG, BMP, GIF, TIFF, WebP or PNM file. */
  INKLING_GREY = 1,    /**< 1 byte a pixel. */
  INKLING_RGB = 2,     /**< 3 bytes a pixel. */
  INKLING_RGBA = 3     /**< 4 bytes a pixel, alpha not premultiplied. */
} inkling_format;

/** A picture of any size. */
typedef struct inkling_picture {
  size_t size;           /**< sizeof(inkling_picture). */
  inkling_format format; /**< What data are. */
  const void* data;      /**< The file, or rows of pixels from the top. */
  size_t bytes;          /**< Of data. */
  int32_t width;         /**< Pixels; of encoded pictures not used. */
  int32_t height;        /**< Pixels; of encoded pictures not used. */
  size_t stride;         /**< Bytes from row to row; 0: rows without gaps. */
} inkling_picture;

/** Pixels of the picture as shown. */
typedef struct inkling_box {
  int32_t x;      /**< Of the left edge. */
  int32_t y;      /**< Of the upper edge. */
  int32_t width;  /**< Pixels. */
  int32_t height; /**< Pixels. */
} inkling_box;

/** Why nothing was read. */
typedef enum inkling_reason INKLING_INT {
  INKLING_READ = 0,        /**< Something was. */
  INKLING_BLANK = 1,       /**< There is no ink. */
  INKLING_NOT_A_DIGIT = 2, /**< There is ink that is no digit, or several. */
  INKLING_UNREADABLE = 3   /**< No digit is likely enough. */
} inkling_reason;

/** "blank", "not-a-digit", "unreadable"; "" for INKLING_READ and unknown values. */
INKLING_API const char* inkling_reason_name(inkling_reason reason);

/** The one digit (or object) in a picture. */
typedef struct inkling_prediction {
  size_t size;           /**< sizeof(inkling_prediction), set by the caller. */
  int32_t digit;         /**< Index of its class; -1: refused. */
  inkling_reason reason; /**< Why it was refused. */
  double confidence;     /**< Its probability; -1: refused. */
  double p_refused;      /**< Of the reject class; with the other probabilities 1. */
  inkling_box box;       /**< Of its ink; width 0: the picture was taken whole, or is blank. */
} inkling_prediction;

/**
 * Finds the digit in a picture, brings it to the network's form and classifies it.
 * @param model may be used by other threads meanwhile
 * @param picture of any size
 * @param prediction is filled
 * @param probabilities receives [classes], the reject class included; zeros for a blank picture.
 *     NULL: not wanted
 */
INKLING_API inkling_status inkling_predict(const inkling_model* model,
                                           const inkling_picture* picture,
                                           inkling_prediction* prediction, float* probabilities);

/** What was read in a picture: a handle. */
typedef struct inkling_reading inkling_reading;

/** One of its digits. */
typedef struct inkling_digit {
  size_t size;       /**< sizeof(inkling_digit), set by the caller. */
  int32_t digit;     /**< Index of its class. */
  double confidence; /**< Its probability. */
  inkling_box box;   /**< Of its ink. */
  int32_t row;       /**< From the top, 0. */
} inkling_digit;

/**
 * Reads every digit in a picture, row by row.
 * @param model may be used by other threads meanwhile; must be a model of digits that finds ink
 * @param picture of any size
 * @param reading receives the handle, to be freed by inkling_free_reading
 */
INKLING_API inkling_status inkling_read(const inkling_model* model, const inkling_picture* picture,
                                        inkling_reading** reading);

/** The text, rows separated by newlines; "" if nothing was read. */
INKLING_API const char* inkling_reading_text(const inkling_reading* reading);
/** The probability that all of it is right. */
INKLING_API double inkling_reading_confidence(const inkling_reading* reading);
/** Why nothing was read; INKLING_READ if something was. */
INKLING_API inkling_reason inkling_reading_reason(const inkling_reading* reading);
/** How many digits. */
INKLING_API size_t inkling_reading_digits(const inkling_reading* reading);
/** Digit `index` of them, row by row from the left. */
INKLING_API inkling_status inkling_reading_digit(const inkling_reading* reading, size_t index,
                                                 inkling_digit* digit);
/** Frees a reading; NULL is allowed. */
INKLING_API void inkling_free_reading(inkling_reading* reading);

/** Labelled images to train on. They are copied. */
typedef struct inkling_images {
  size_t size;                    /**< sizeof(inkling_images). */
  const void* pixels;             /**< [n, height, width, channels]. */
  inkling_type type;              /**< Of a pixel. */
  size_t n;                       /**< Images. */
  int32_t height;                 /**< Pixels. */
  int32_t width;                  /**< Pixels. */
  int32_t channels;               /**< 1 grey, 3 RGB. */
  const uint8_t* labels;          /**< [n], each below classes. */
  int32_t classes;                /**< 2 to 256. */
  const char* const* class_names; /**< [classes]; NULL: "0", "1" ... */
} inkling_images;

/** How far a training is. */
typedef struct inkling_progress {
  size_t size;              /**< sizeof(inkling_progress) as the library was compiled. */
  int32_t epoch;            /**< From 1. */
  int32_t epochs;           /**< In all. */
  int64_t images_done;      /**< Of this epoch. */
  int64_t images;           /**< Of this epoch, in all. */
  double loss;              /**< Mean of the epoch so far. */
  double images_per_second; /**< So far. */
  double seconds_left;      /**< Of the whole training, about. */
  int32_t epoch_finished;   /**< 1: the fields below are set, once an epoch; else they are NaN. */
  double train_loss;        /**< Over the epoch. */
  double train_accuracy;    /**< Over the epoch. */
  double val_loss;          /**< NaN without validation images. */
  double val_accuracy;      /**< NaN without validation images. */
} inkling_progress;

/** Called after each step, on the thread that trains. Returns 0 to go on, anything else to stop. */
typedef int (*inkling_progress_callback)(const inkling_progress* progress, void* user);

/**
 * Trains a network.
 * @param recipe TOML, as in recipes/ and docs/recipes.md; NULL or "": the defaults. Where it names
 *     a dataset or files, those are not read.
 * @param images to train on; a part is kept for validation as the recipe says
 * @param options NULL: the defaults; isa and precision, if given, go before the recipe's
 * @param callback NULL: none
 * @param user is passed to it
 * @param model receives the trained model; also with INKLING_STOPPED, trained so far
 */
INKLING_API inkling_status inkling_train(const char* recipe, const inkling_images* images,
                                         const inkling_options* options,
                                         inkling_progress_callback callback, void* user,
                                         inkling_model** model);

#ifdef __cplusplus
}
#endif

#endif
