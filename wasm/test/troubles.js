/** What a server may do instead of answering, at which of its addresses, and with which fault the fetch then fails. */

const MEGABYTE = 1_048_576;

/** The fault of what is read to its end and is nothing. */
const INVALID = { document: "discovery_invalid", keys: "keys_invalid", userinfo: "userinfo_invalid" };

const PATHS = { document: "/.well-known/openid-configuration", keys: "/keys", userinfo: "/userinfo" };

/** Each a fault, and what is done with the response; `good` is what it would be, `attacker` has keys of its own. */
const TROUBLES = {
  "is slow": ["silent", () => {}],
  "drips bytes": ["silent", (response) => {
    const drip = setInterval(() => response.write(" "), 10);
    response.once("close", () => clearInterval(drip));
  }],
  "never ends": ["body_too_long", (response) => {
    const flood = () => {
      while (!response.destroyed && response.write(" ".repeat(65_536)));
    };
    response.on("drain", flood);
    flood();
  }],
  "hangs up": ["unreachable", (response) => response.destroy()],
  "hangs up half way": ["unreachable", (response) => {
    response.writeHead(200, { "content-length": 1000 }).write("{", () => response.destroy());
  }],
  "speaks no HTTP": ["unreachable", (response) => response.socket.end("220 mail.example ESMTP\r\n")],
  "answers 500": ["http_status", (response) => response.writeHead(500).end("out of\u001b[2J order")],
  "answers 404 with keys": ["http_status", (response, { attacker }) => response.writeHead(404).end(attacker.body("/keys"))],
  "answers 2 MB": ["body_too_long", (response, { good }) => response.end(good + " ".repeat(2 * MEGABYTE))],
  "answers garbage": ["invalid", (response) => response.end("<html>")],
  "answers a list": ["invalid", (response) => response.end("[]")],
  "answers no text": ["invalid", (response) => response.end(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]))],
  "answers nothing": ["invalid", (response) => response.end()],
  "says that it is compressed": ["unreachable", (response, { good }) => {
    response.writeHead(200, { "content-encoding": "gzip" }).end(good);
  }],
  "redirects": ["redirected", (response, { attacker, path }) => {
    response.writeHead(302, { location: attacker.issuer + path }).end();
  }],
  "redirects for good, with keys": ["redirected", (response, { attacker, path }) => {
    response.writeHead(308, { location: attacker.issuer + path }).end(attacker.body(path));
  }],
};

/** Troubles of one address alone. */
const OF = {
  document: {
    "is another issuer's": ["discovery_issuer", (response, { attacker, path }) => response.end(attacker.body(path))],
    "names keys over http elsewhere": ["address_refused", (response, { issuer }) => {
      response.end(JSON.stringify({ issuer, jwks_uri: "http://keys.example/keys" }));
    }],
    "names a file": ["address_refused", (response, { issuer }) => {
      response.end(JSON.stringify({ issuer, jwks_uri: "file:///etc/passwd" }));
    }],
    "names no keys": ["jwks_uri_missing", (response, { issuer }) => response.end(JSON.stringify({ issuer }))],
  },
  keys: { "are none": ["keys_invalid", (response) => response.end("{}")] },
  userinfo: {},
};

/**
 * The troubles of one address of a provider: each with its name, the fault, whether nothing tells that it is over but the time,
 * and what begins it.
 */
export function troublesOf(address, provider, attacker) {
  const path = PATHS[address];
  return Object.entries({ ...TROUBLES, ...OF[address] }).map(([what, [fault, trouble]]) => ({
    what: `${address} ${what}`,
    fault: { silent: "unreachable", invalid: INVALID[address] }[fault] ?? fault,
    isSilent: fault === "silent",
    begin() {
      provider.trouble = (asked, response) => {
        if (asked !== address) return false;
        trouble(response, { attacker, path, good: provider.body(path), issuer: provider.issuer });
        return true;
      };
    },
  }));
}
