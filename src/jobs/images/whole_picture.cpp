#include "jobs/images/whole_picture.h"

#include "base/error.h"
#include "data/formats/picture.h"

namespace inkling {

Dataset whole_picture(const std::string& file, const Architecture& net) {
  Picture picture = read_picture(file);
  if (net.input.channels == 1) picture = to_grey(std::move(picture));
  const Shape found{picture.height, picture.width, picture.channels};
  if (found != net.input) {
    throw input_error("{}: expected a picture of {} pixels and channels, found {}", file,
                      to_string(net.input), to_string(found));
  }
  Dataset dataset;
  dataset.name = file;
  dataset.height = picture.height;
  dataset.width = picture.width;
  dataset.channels = picture.channels;
  dataset.classes = net.classes;
  dataset.images = std::move(picture.pixels);
  return dataset;
}

}  // namespace inkling
