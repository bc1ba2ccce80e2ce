/* Asks sqljwt-agent for a login over its unix socket, and believes it only when the socket is where nobody else could put one. */
#ifndef SQLJWT_PAM_AGENT_H
#define SQLJWT_PAM_AGENT_H

#include <stdbool.h>
#include <stddef.h>

/** What the agent has answered. */
typedef struct agent_answer {
  bool is_accepted;
  /** Accepted: who logs in. */
  char user[256];
  /** One line for the log, from the agent; or why there is no answer, from here. */
  char log_line[2048];
} agent_answer;

/**
 * Asks.
 *
 * @param user  the requested user; NULL to be told the only one that the token gives
 * @param peer  who connects, for the agent's log
 * @return false when there is no answer: nobody logs in
 */
bool agent_ask(const char *socket_path, const char *token, const char *user, const char *peer, agent_answer *answer);

#endif
