/* SHA-256 (FIPS 180-4): it names the file of an issuer's keys, and tells whether a file is the one that was read last. */
#ifndef SQLJWT_SHA256_H
#define SQLJWT_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_HEX = 2 * SHA256_BYTES + 1 };

void sha256(const void *data, size_t len, uint8_t digest[SHA256_BYTES]);

/** The digest in lower-case hexadecimal digits, with a NUL behind them. */
void sha256_hex(const void *data, size_t len, char hex[SHA256_HEX]);

#endif
