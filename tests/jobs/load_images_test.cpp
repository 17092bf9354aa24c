#include "jobs/load_images.h"

#include <gtest/gtest.h>

#include "data/formats/picture.h"
#include "support/expect_error.h"
#include "support/recording_observer.h"
#include "support/temporary_folder.h"
#include "sys/file.h"

namespace inkling {
namespace {

TEST(LoadImages, ACancelledObserverEndsTheReadingOfPictures) {
  const TemporaryFolder folder;
  make_folder(folder / "a");
  write_file(folder / "a" / "1.png",
             encode_png({.width = 1, .height = 1, .pixels = std::vector<uint8_t>{7}}));
  const ImageSource source{.pictures = folder.path()};
  ThreadPool pool(1);
  RecordingObserver observer;
  EXPECT_EQ(load_images(source, Split::kTrain, pool, observer).bytes(), std::vector<uint8_t>{7});
  observer.cancel = [] { return true; };
  EXPECT_ERROR(load_images(source, Split::kTrain, pool, observer), ErrorKind::kInterrupted,
               "reading pictures");
}

}  // namespace
}  // namespace inkling
