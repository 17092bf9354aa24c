// The options of a training: --recipe, and one for every field of a recipe, from its table. The
// command line overrides the recipe file, which overrides the defaults.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "cli/command_line.h"
#include "data/sources/image_source.h"
#include "train/recipe/recipe.h"

namespace inkling {

class RecipeOptions {
 public:
  // `line` keeps pointers to this object.
  void add_to(CommandLine& line);

  // Without --recipe, `otherwise` (a run's own recipe; empty: none) is the file. Throws Error
  // (usage) naming option or line.
  Recipe resolve(const std::filesystem::path& otherwise = {}) const;
  // Where that recipe's images are on this machine.
  ImageSource images_of(const Recipe& recipe) const;

 private:
  std::string file_, data_dir_;
  std::map<std::string, std::string> given_;  // by a field's path, as typed
};

}  // namespace inkling
