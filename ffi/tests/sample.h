/* A login that succeeds, and what a test needs to check. The key that signed it is published: it protects nothing. */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ISSUER "https://idp.example"

#define RULES(option, value)                                                                \
  "{\"" option "\": \"" value "\","                                                         \
  " \"server.jwt_authentication.enabled\": true,"                                           \
  " \"server.jwt_authentication.issuers\": \"" ISSUER "\","                                 \
  " \"server.jwt_authentication.audience\": \"db-login\","                                  \
  " \"server.jwt_authentication.claim\": \"email\","                                        \
  " \"server.jwt_authentication.authorization.enabled\": true,"                             \
  " \"server.jwt_authentication.jwks\": {\"keys\": [{\"kty\": \"OKP\", \"kid\": \"k1\","    \
  "   \"crv\": \"Ed25519\", \"x\": \"E8fPeT8OHdRCQbGU4E0W6YPpz-b9FOl2eDY81h7Ux6I\"}]},"     \
  " \"server.identity_map.configuration\": \"" ISSUER " /^(.*)@corp\\\\.example$ \\\\1\"}"

static const char SETTINGS[] = RULES("engine.profile", "hardened");
static const char SETTINGS_COCKROACHDB[] = RULES("engine.profile", "cockroachdb");

/* The keys have to be fetched first. */
static const char SETTINGS_FETCHING[] =
    "{\"server.jwt_authentication.enabled\": true, \"server.jwt_authentication.issuers\": \"" ISSUER
    "\", \"server.jwt_authentication.audience\": \"db-login\","
    " \"server.jwt_authentication.jwks_auto_fetch.enabled\": true}";

/* ada@corp.example, groups readers and writers, valid from 1799999940 to 1800003600. */
static const char TOKEN[] =
    "eyJhbGciOiJFZERTQSIsInR5cCI6IkpXVCIsImtpZCI6ImsxIn0."
    "eyJpc3MiOiJodHRwczovL2lkcC5leGFtcGxlIiwic3ViIjoiYWRhIiwiZW1haWwiOiJhZGFAY29ycC5leGFtcGxlIiwiYXVkIjoiZGItbG9naW4i"
    "LCJpYXQiOjE3OTk5OTk5NDAsImV4cCI6MTgwMDAwMzYwMCwiZ3JvdXBzIjpbInJlYWRlcnMiLCJ3cml0ZXJzIl19."
    "OHQG87F5B89-UfthGAZipKvtNGx18NmKd1RA2K49DXPua--8BqDNatHoXZ8DpN02DoBLbip06bd2qMwlaAUWAQ";

enum { NOW = 1800000000, ISSUED_AT = 1799999940, EXPIRES_AT = 1800003600 };

/* A text literal as pointer and length. */
#define TEXT(text) text, sizeof(text) - 1

#define CHECK(fact)                                                          \
  do {                                                                       \
    if (!(fact)) {                                                           \
      fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #fact);     \
      exit(1);                                                               \
    }                                                                        \
  } while (0)

#endif
