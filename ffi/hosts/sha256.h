/* SHA-256 (FIPS 180-4): it tells whether a file is the one that was read last. */
#ifndef SQLJWT_SHA256_H
#define SQLJWT_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32 };

void sha256(const void *data, size_t len, uint8_t digest[SHA256_BYTES]);

#endif
