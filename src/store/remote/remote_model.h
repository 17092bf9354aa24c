// Models from the network: of the Hugging Face Hub, hf://OWNER/NAME[@REVISION], or any URL of a
// model file.
//
// What the Hub gives lies in the cache of Python's huggingface_hub, laid out as that does: each
// finds what the other fetched. The environment variables are its own: HF_ENDPOINT, HF_TOKEN (or
// the file that `hf auth login` writes), HF_HOME, HF_HUB_CACHE, HF_HUB_OFFLINE. Other URLs go to
// Inkling's own cache.
#pragma once

#include <filesystem>
#include <string>

namespace inkling {

// Begins with hf://, https:// or http://.
bool names_remote_model(const std::string& model);

// The file, on this machine: fetched, or of the cache where it is the newest or the network is not
// to be asked. Its hash is the one the Hub promised; a token goes to the Hub's own host alone. What
// was fetched of a file that broke off is resumed; the cache never holds half a file. Waits for
// other threads and processes that fetch the same.
//
// Throws Error (input) if the name is malformed, if there is no such model, no access or no
// network and no copy, or if the bytes are not those promised; (system) if the cache cannot be
// written; (interrupted) on Ctrl-C.
std::filesystem::path fetch_model(const std::string& model);

}  // namespace inkling
