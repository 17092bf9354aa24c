// A folder of pictures as a dataset: one subfolder a class, named as the class is, any picture
// format. Pictures are taken whole, only scaled, unless the caller makes something else of them.
//
//   shapes/circle/1.png  shapes/circle/b.jpg  shapes/square/2.png ...
//   Dataset shapes = read_picture_folder("shapes", {.height = 28, .width = 28});
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/formats/picture.h"

namespace inkling {

struct PictureFolderOptions {
  // Every picture is scaled to this size, its proportions given up if need be. 0 (both): nothing is
  // scaled and the pictures must be of one size.
  int height = 0, width = 0;  // pixels
  int channels = 1;           // 1 grey, 3 RGB
  // What is made of a picture instead, of `channels` channels; nothing: the picture is blank, which
  // is an error. Any number of threads may call. Empty: scaled as above.
  std::function<std::optional<Picture>(const Picture&)> form{};
  // Class c is called class_names[c], and every subfolder must be one of them; a class may be
  // missing. Empty: the classes are the subfolders, ordered as numbers where all are numbers, else
  // by their bytes.
  std::vector<std::string> class_names{};
};

// Files and folders whose name begins with a dot are skipped, and so are files beside the
// subfolders; every other file in a subfolder must be a picture. Pictures come class by class, by
// the bytes of their names. The dataset's name is the folder's path. Throws Error (input), naming
// the file, if the folder has no subfolders or more than 256, a subfolder has a folder in it or is
// no known class, a picture cannot be decoded, is blank or has another size, all of them have more
// than 2 GiB of pixels; Error (interrupted) once `stop`, which is asked before each picture, says
// true. Runs on the calling thread alone.
Dataset read_picture_folder(const std::filesystem::path& folder,
                            const PictureFolderOptions& options = {},
                            const std::function<bool()>& stop = {});

}  // namespace inkling
