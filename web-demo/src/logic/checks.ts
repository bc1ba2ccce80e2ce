// What do people call the checks?

export const NAMES: Record<string, string> = {
  settings: 'Settings',
  enabled: 'Enabled',
  token: 'Token',
  header: 'Header',
  issuer: 'Issuer',
  key: 'Key',
  signature: 'Signature',
  time: 'Time',
  audience: 'Audience',
  principal: 'Principal',
  identity_map: 'Identity map',
  user: 'SQL user',
  reserved: 'Reserved',
  groups: 'Groups',
};
