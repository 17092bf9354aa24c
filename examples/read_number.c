/* Reads the digits in a picture: read_number PICTURE [MODEL]. C11. */
#include <inkling/inkling.h>
#include <stdio.h>
#include <stdlib.h>

static unsigned char* read_file(const char* path, size_t* size) {
  FILE* file = fopen(path, "rb");
  if (file == NULL) return NULL;
  unsigned char* bytes = NULL;
  size_t capacity = 0;
  *size = 0;
  do {
    capacity = capacity == 0 ? 65536 : 2 * capacity;
    unsigned char* larger = realloc(bytes, capacity);
    if (larger == NULL) break;
    bytes = larger;
    *size += fread(bytes + *size, 1, capacity - *size, file);
  } while (*size == capacity);
  fclose(file);
  return bytes;
}

int main(int count, char** arguments) {
  if (count < 2) {
    fprintf(stderr, "usage: read_number PICTURE [MODEL]\n");
    return 2;
  }
  size_t size = 0;
  unsigned char* bytes = read_file(arguments[1], &size);
  if (bytes == NULL) {
    perror(arguments[1]);
    return 1;
  }

  int code = 1;
  inkling_model* model = NULL;
  inkling_reading* reading = NULL;
  const inkling_picture picture = {
      .size = sizeof picture, .format = INKLING_ENCODED, .data = bytes, .bytes = size};
  if (inkling_load(count > 2 ? arguments[2] : NULL, NULL, &model) != INKLING_OK ||
      inkling_read(model, &picture, &reading) != INKLING_OK) {
    fprintf(stderr, "%s\n", inkling_last_error());
  } else if (inkling_reading_digits(reading) == 0) {
    printf("nothing: %s\n", inkling_reason_name(inkling_reading_reason(reading)));
    code = 0;
  } else {
    printf("%s (%.1f %%)\n", inkling_reading_text(reading),
           100 * inkling_reading_confidence(reading));
    code = 0;
  }
  inkling_free_reading(reading);
  inkling_free(model);
  free(bytes);
  return code;
}
