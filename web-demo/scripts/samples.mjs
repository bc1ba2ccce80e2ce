// Is src/samples.json what the test vectors say? `cargo xtask update` writes it anew: then UPDATE_INTO names a folder that takes
// the file, under its path in the repository, and that may have newer vectors than the repository.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const into = process.env.UPDATE_INTO;
const output = 'web-demo/src/samples.json';

// group, then [file, id of the vector, title].
const chosen = {
  'Start here': [
    ['providers', 'keycloak-user', 'A login that works'],
    ['providers', 'azure-v1-resource-slash', 'One slash is missing'],
    ['claims', 'order-3-key', 'Wrong in eight ways at once'],
  ],
  Keycloak: [
    ['providers', 'keycloak-at-jwt', 'Access token, named by preferred_username'],
    ['providers', 'keycloak-roles', 'A nested role becomes the user'],
    ['providers', 'keycloak-no-sub-needed', 'No sub without the basic scope'],
    ['providers', 'keycloak-account', 'The audience that every client has'],
    ['providers', 'keycloak-other-realm', 'Token of another realm'],
  ],
  'Microsoft Entra': [
    ['providers', 'azure-v2-name', 'Person, v2.0 token'],
    ['providers', 'azure-v1-oid', 'Managed identity, v1.0 token'],
    ['providers', 'azure-v2-v1-issuer', 'v1.0 token where v2.0 is configured'],
    ['providers', 'azure-v1-no-slash', 'Issuer configured without its slash'],
    ['providers', 'azure-v2-guest-unescaped', 'Guest: # begins a comment in the map'],
  ],
  'Google Cloud': [
    ['providers', 'gcp-email', 'Service account, named by e-mail'],
    ['providers', 'google-user-email', 'Workspace person'],
    ['providers', 'gcp-email-other-project', 'Same name, another project'],
    ['providers', 'gcp-sub-number', 'sub as a number loses digits'],
  ],
  'AWS and Kubernetes': [
    ['providers', 'eks-exact', 'EKS service account'],
    ['providers', 'kubernetes-projected', 'Kubernetes projected token'],
    ['providers', 'cognito-id', 'Cognito ID token'],
    ['providers', 'kubernetes-api-server', 'The token every pod has'],
    ['providers', 'eks-no-map', 'No identity map for the issuer'],
    ['providers', 'cognito-access', 'Cognito access token has no aud'],
  ],
  'Okta and Auth0': [
    ['providers', 'okta-custom', 'Okta, custom authorization server'],
    ['providers', 'auth0-user', 'Auth0, own directory'],
    ['providers', 'okta-org-access', 'Okta access token meant for Okta'],
    ['providers', 'auth0-bar', 'Auth0: an unescaped | means or'],
  ],
  'GitHub and GitLab': [
    ['providers', 'github-branch-new', 'GitHub Actions on main, newer subject'],
    ['providers', 'gitlab-branch', 'GitLab CI on main'],
    ['providers', 'github-pull-request', 'GitHub Actions for a pull request'],
    ['providers', 'gitlab-old-issuer', 'GitLab CI, older issuer'],
  ],
  'Other providers': [
    ['providers', 'other-cockroach-cloud', 'CockroachDB Cloud'],
    ['providers', 'other-adfs', 'AD FS'],
    ['providers', 'other-dex', 'Dex'],
    ['providers', 'other-spiffe', 'SPIFFE JWT-SVID'],
  ],
  'Time and keys': [
    ['attacks', 'time-expired', 'Expired an hour ago'],
    ['attacks', 'time-nbf-future', 'Not valid yet'],
    ['options', 'issuer-lifetime', 'Lives longer than is allowed'],
    ['attacks', 'emb-jwk-new-kid', 'Signed with a key nobody knows'],
    ['options', 'issuer-keys-bound-other-renamed', 'The signature does not fit'],
    ['options', 'fetch-discovery', 'Keys have to be fetched first'],
  ],
  'Forged and broken': [
    ['attacks', 'alg-none-keep-sig', 'alg none'],
    ['attacks', 'alg-hs256-n-b64', 'HS256 with the public key'],
    ['attacks', 'shape-jwe-5-parts', 'An encrypted token'],
    ['attacks', 'shape-inner-newline', 'A line break in the middle'],
    ['attacks', 'id-reserved-root', 'The user root'],
    ['claims', 'kind-cnf-jkt', 'A token bound to a key'],
  ],
  'Settings at fault': [
    ['options', 'settings-unknown', 'A misspelt setting'],
    ['attacks', 'jwks-private-rsa', 'A private key in the key set'],
    ['providers', 'gcp-sub-docs-typo', 'A range the wrong way round'],
    ['providers', 'eks-two-groups', 'Two groups: only \\1 is carried'],
    ['attacks', 'cfg-disabled', 'Token logins are off'],
  ],
};

const files = {};

/** A file of the repository, in its newest version. */
function read(path) {
  const newer = into && join(into, path);
  return readFileSync(newer && existsSync(newer) ? newer : join(repository, path), 'utf8');
}

function vector(file, id) {
  files[file] ??= JSON.parse(read(`tests/vectors/${file}.json`));
  const found = files[file].vectors.find((candidate) => candidate.id === id);
  if (!found) throw new Error(`tests/vectors/${file}.json has no vector ${id}`);
  return found;
}

/** The settings of a vector as SQL that reads well: short ones first, the key set near the end, the switch last. */
function sql(file, found) {
  const settings = { ...files[file].settings[found.settings.base], ...found.settings.set };
  const order = ['issuers', 'audience', 'claim', 'identity_map', 'jwks', 'enabled'];
  const rank = (name) => {
    const at = order.findIndex((word) => name.includes(word));
    return name.startsWith('engine.') ? -1 : at < 0 ? 3.5 : at;
  };
  const names = Object.keys(settings).filter((name) => settings[name] !== '');
  names.sort((a, b) => rank(a) - rank(b));
  return names.map((name) => statement(name, settings[name])).join('');
}

function statement(name, value) {
  if (name.startsWith('engine.')) return `-- sqljwt: ${name} = ${JSON.stringify(value)}\n`;
  if (typeof value !== 'string' && typeof value !== 'object') return `SET CLUSTER SETTING ${name} = ${value};\n`;
  let text = typeof value === 'string' ? value : JSON.stringify(value);
  if (name.endsWith('.jwks')) text = keySet(text);
  if (name.endsWith('identity_map.configuration') && !text.includes('\n')) text = `\n${text}\n`;
  return `SET CLUSTER SETTING ${name} = '${text.replaceAll("'", "''")}';\n`;
}

/** A key set with one key on a line. */
function keySet(text) {
  let keys;
  try {
    keys = JSON.parse(text).keys;
  } catch {
    return text;
  }
  if (!Array.isArray(keys)) return text;
  return `{"keys": [\n${keys.map((key) => `  ${JSON.stringify(key)}`).join(',\n')}\n]}`;
}

const samples = Object.entries(chosen).flatMap(([group, rows]) =>
  rows.map(([file, id, title]) => {
    const found = vector(file, id);
    return {
      id,
      group,
      title,
      settings: sql(file, found),
      token: found.token,
      user: found.user,
      now: found.now,
      expect: { decision: found.expect.decision, code: found.expect.code },
    };
  }),
);

const text = `${JSON.stringify(samples, null, 1)}\n`;
if (into) {
  mkdirSync(dirname(join(into, output)), { recursive: true });
  writeFileSync(join(into, output), text);
} else if (read(output) !== text) {
  console.error(`${output} is not what the test vectors say: run \`cargo xtask update\``);
  process.exit(1);
}
