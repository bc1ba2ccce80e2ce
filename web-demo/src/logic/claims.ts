// What the members of a token mean, in a sentence each.

export const CLAIMS: Record<string, string> = {
  iss: 'who issued the token; compared byte for byte with the configured issuers',
  sub: 'whom it is about: the provider’s own name for the person or workload',
  aud: 'whom it is for; one of the configured audiences must be in it',
  exp: 'when it ends; from that second on it is refused',
  nbf: 'from when it holds',
  iat: 'when it was issued',
  jti: 'the token’s own id',
  azp: 'the client that asked for it',
  appid: 'the application that asked for it (Entra v1.0)',
  azpacr: 'how that client proved itself',
  appidacr: 'how that application proved itself',
  client_id: 'the client that asked for it',
  cid: 'the client that asked for it (Okta)',
  uid: 'the person’s id (Okta)',
  email: 'the address; only as good as email_verified',
  email_verified: 'whether the provider checked the address',
  preferred_username: 'a display name that people may be able to change',
  upn: 'the directory’s log-in name, which may change',
  name: 'the full name',
  oid: 'the object’s id in the directory; never changes',
  tid: 'the tenant',
  ver: 'the version of the token’s format',
  idp: 'where the subject was authenticated',
  hd: 'the Workspace domain',
  scp: 'the scopes that were granted',
  scope: 'the scopes that were granted',
  roles: 'roles granted in the directory',
  groups: 'groups of the subject',
  realm_access: 'roles in the whole realm (Keycloak)',
  resource_access: 'roles per client (Keycloak)',
  typ: 'the kind of token',
  sid: 'the session',
  acr: 'how strongly the person was authenticated',
  amr: 'by which means the person was authenticated',
  auth_time: 'when the person last authenticated',
  nonce: 'ties it to one log-in request',
  token_use: 'access or ID token (Cognito)',
  username: 'the user’s name at the provider',
  cnf: 'binds the token to a key: it is no bearer token',
  'kubernetes.io': 'namespace, pod and service account (Kubernetes)',
  repository: 'the repository of the job',
  repository_id: 'the repository’s id; survives renaming',
  repository_owner: 'who owns the repository',
  ref: 'the branch or tag',
  environment: 'the deployment environment',
  actor: 'who set the job off',
  job_workflow_ref: 'the workflow file that runs',
  project_path: 'the project of the job (GitLab)',
  namespace_path: 'the group of the project (GitLab)',
  user_login: 'who set the job off (GitLab)',
  ref_protected: 'whether the branch is protected',
  google: 'the machine’s particulars (Google Cloud)',
  _claim_names: 'claims left out because there are too many',
  _claim_sources: 'where left-out claims can be fetched',
  events: 'a security event: this is no log-in token',
};

export const HEADER: Record<string, string> = {
  alg: 'the signature’s algorithm; it must fit the key',
  kid: 'which key of the issuer signed it',
  typ: 'the kind of token',
  x5t: 'thumbprint of a certificate; not used',
  jku: 'an address of keys; never followed',
  jwk: 'a key of its own; never trusted',
  x5c: 'certificates of its own; never trusted',
  crit: 'extensions that must be understood; refused',
  cty: 'what is inside; a nested token is refused',
  enc: 'how the content is encrypted',
  zip: 'how the content is compressed; refused',
};

export interface Row {
  name: string;
  /** Compact JSON text, or the text itself. */
  value: string;
  note: string | null;
  /** Unix seconds, when it is a time. */
  moment: number | null;
}

const TIMES = new Set(['exp', 'nbf', 'iat', 'auth_time', 'updated_at']);

/** The members of a header or of claims, one row each. */
export function rows(members: Record<string, unknown>, notes: Record<string, string>, times: boolean): Row[] {
  return Object.entries(members).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : raw(value),
    note: Object.hasOwn(notes, name) ? (notes[name] ?? null) : null,
    moment: times && TIMES.has(name) && typeof value === 'number' && Math.abs(value) < 8e12 ? value : null,
  }));
}

/** A number that JavaScript cannot hold, as it was written. */
export class WrittenNumber {
  constructor(readonly text: string) {}
}

function raw(value: unknown): string {
  if (value instanceof WrittenNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((element) => (typeof element === 'string' ? JSON.stringify(element) : raw(element))).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value).map(
      ([name, member]) => `${JSON.stringify(name)}: ${typeof member === 'string' ? JSON.stringify(member) : raw(member)}`,
    );
    return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`;
  }
  return JSON.stringify(value);
}

/** Reads a document of the engine; numbers that JavaScript would change stay as they are written. */
export function readDocument<T>(text: string): T {
  return JSON.parse(text, function (_key, value: unknown, context?: { source?: string }) {
    const changed = typeof value === 'number' && context?.source !== undefined && String(value) !== context.source;
    return changed ? new WrittenNumber(context.source as string) : value;
  } as (key: string, value: unknown) => unknown) as T;
}
