// Internal to store/remote: one file of a repository of the Hugging Face Hub, in huggingface_hub's
// cache:
//
//   models--OWNER--NAME/refs/REVISION              the commit a branch or tag stood at
//                       snapshots/COMMIT/FILE      a link to the blob
//                       blobs/HASH                 SHA-256 of large files, git's SHA-1 of others
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace inkling {

struct HubName {
  std::string owner, name;
  std::string revision = "main";  // a branch, a tag or a commit
};

// OWNER/NAME[@REVISION]. Throws Error (input) if it is not that.
HubName parse_hub_name(std::string_view text);

// As fetch_model; `file` is a path in the repository.
std::filesystem::path fetch_from_hub(const HubName& name, const std::string& file);

}  // namespace inkling
