// classes.txt: what the classes of a dataset are called, one name a line, class 0 first. UTF-8;
// the last line may lack its newline, Windows line ends are taken too.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace inkling {

inline constexpr const char* kClassNamesFile = "classes.txt";
inline constexpr int kMaxClasses = 256;  // labels are bytes

// Throws Error, naming file and line, if the file cannot be read, holds no or more than kMaxClasses
// names, or a name that is empty, longer than 200 bytes, there twice, or holds a control character.
std::vector<std::string> read_class_names(const std::filesystem::path& path);

}  // namespace inkling
