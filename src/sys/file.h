// Whole files in and out. Reading names what went wrong; writing is atomic: the bytes go beside
// their place, are synced, and only then take the name, so no reader ever sees half a file and a
// failure leaves the old one untouched; the folder is synced last, so that a power cut does not
// bring the old one back. Only files are replaced: what a symbolic link points to, not the link; a
// device, a pipe (/dev/null, /dev/stdout, a FIFO) or the file that is stdout or stderr is written
// to where it stands.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace inkling {

// Throws Error if the file is missing, a folder, unreadable, or longer than max_bytes.
std::vector<uint8_t> read_file(const std::filesystem::path& path,
                               uint64_t max_bytes = uint64_t{1} << 32);
std::string read_text_file(const std::filesystem::path& path,
                           uint64_t max_bytes = uint64_t{1} << 26);

// All of standard input. Throws Error if it cannot be read or is longer than max_bytes.
std::vector<uint8_t> read_stdin(uint64_t max_bytes);

// Throws Error if the folder is not writable or the disk is full; nothing is left behind then.
void write_file(const std::filesystem::path& path, std::span<const uint8_t> bytes);
void write_file(const std::filesystem::path& path, std::string_view text);

// Adds one line (a newline is put behind it) to the end of a file with a single write.
// Throws Error as write_file does, and takes back what was written of the line.
void append_line(const std::filesystem::path& path, std::string_view line);

// Makes the folder and those above it. Throws Error where that is impossible.
void make_folder(const std::filesystem::path& path);

}  // namespace inkling
