/** An identity provider on this machine, which is in order or in whatever trouble a test says. */

import { createPrivateKey, sign } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";

/** When the logins of the tests take place: time is written, never read. */
export const NOW = 1_800_000_000;

/** For tests of what waits: one that would wait without end fails, and no machine is so busy that the others take as long. */
export const BOUNDED = { timeout: 120_000 };

/** One of the published test keys, under an id. */
export function key(name, kid) {
  const { test_only: _, ...jwk } = JSON.parse(readFileSync(new URL(`../../tests/keys/${name}.json`, import.meta.url)));
  const { kty, n, e } = jwk;
  return { kid, secret: createPrivateKey({ key: jwk, format: "jwk" }), jwk: { kty, n, e, kid, alg: "RS256", use: "sig" } };
}

/** A token that a key has signed for `alice`; it lives for an hour. */
export function token({ kid, secret }, issuer, claims = {}, now = NOW) {
  const encoded = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const payload = { iss: issuer, sub: "alice", aud: "db-login", iat: now, exp: now + 3600, ...claims };
  const signed = `${encoded({ alg: "RS256", kid })}.${encoded(payload)}`;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), secret).toString("base64url")}`;
}

/** Settings that fetch an issuer's keys. */
export function fetching(issuer, more = {}) {
  return {
    "server.jwt_authentication.enabled": true,
    "server.jwt_authentication.issuers": issuer,
    "server.jwt_authentication.audience": "db-login",
    "server.jwt_authentication.jwks_auto_fetch.enabled": true,
    ...more,
  };
}

const DOCUMENT = "/.well-known/openid-configuration";
const USER_INFO = "/userinfo";

/** Serves a discovery document and the `keys` until it is closed. `trouble` answers a request otherwise, or lets it pass. */
export class Provider {
  keys = [];
  /** What the userinfo endpoint answers; without it there is none. */
  userInfo;
  trouble = () => false;
  /** What was asked, in order: paths and header fields. */
  asked = [];
  #tls;
  #server;
  #port = 0;

  /** `tls`: the key and the certificate, in PEM, of one that speaks HTTPS. */
  constructor(tls) {
    this.#tls = tls;
    const answer = (request, response) => this.#answer(request, response);
    this.#server = tls ? createTlsServer(tls, answer) : createServer(answer);
  }

  #answer(request, response) {
    this.asked.push({ path: request.url, headers: request.headers });
    // Each answer on a connection of its own: none is there to break when the provider goes down.
    response.setHeader("connection", "close");
    response.setHeader("cache-control", "max-age=300");
    // By the server's own clock the keys would be months old at the time of the tests.
    response.sendDate = false;
    const address = { [DOCUMENT]: "document", [USER_INFO]: "userinfo" }[request.url] ?? "keys";
    if (!this.trouble(address, response)) response.end(this.body(request.url));
  }

  static async started(...keys) {
    return Provider.startedWith(undefined, ...keys);
  }

  static async startedWith(tls, ...keys) {
    const provider = new Provider(tls);
    provider.keys = keys;
    await provider.up();
    return provider;
  }

  get issuer() {
    return `${this.#tls ? "https" : "http"}://127.0.0.1:${this.#port}`;
  }

  body(path) {
    const { issuer } = this;
    if (path === USER_INFO) return JSON.stringify(this.userInfo);
    const endpoint = this.userInfo && { userinfo_endpoint: issuer + USER_INFO };
    return JSON.stringify(path === DOCUMENT ? { issuer, jwks_uri: `${issuer}/keys`, ...endpoint } : { keys: this.keys.map(({ jwk }) => jwk) });
  }

  async up() {
    if (this.#server.listening) return;
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = this.#server.address().port;
  }

  async down() {
    if (!this.#server.listening) return;
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}
