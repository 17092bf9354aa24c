// Images as data's load_images returns them, with an observer told of a download and asked whether
// to stop. Not which images: that is an ImageSource. Threads: observer.h.
#pragma once

#include "data/sources/image_source.h"
#include "jobs/observer.h"
#include "nn/architecture/architecture.h"
#include "nn/model.h"

namespace inkling {

// At their own size.
Dataset load_images(const ImageSource& source, Split split, ThreadPool& pool,
                    JobObserver& observer);
// Pictures of any size are scaled to the network's input.
Dataset load_images(const ImageSource& source, Split split, const Architecture& net,
                    ThreadPool& pool, JobObserver& observer);
// How a trained model takes a folder of pictures: its input's size and channels, its classes and,
// if it reads ink, the digit found in each, in the form of its training images.
PictureFolderOptions pictures_for(const Model& model);
// As data's load_images does.
Dataset load_images(const ImageSource& source, Split split, const PictureFolderOptions& pictures,
                    ThreadPool& pool, JobObserver& observer);

}  // namespace inkling
