// A real identity provider for tests; tests/support/oidc.py starts it, and is its clients.
//
// The first line of stdin says who there is: {accounts: {name: claims}, systems: {client: {jwk, alg, claims}}}. When it
// is ready it prints {"issuer": …}; all else goes to stderr. It ends with stdin, so that it never outlives its tests.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

console.log = console.info = console.error;
const { default: Provider } = await import('oidc-provider'); // not earlier: it speaks while it is imported
const { createMemoryAdapter } = await import('oidc-provider/lib/adapters/memory_adapter.js');

const TOKEN_SECONDS = 600;

const input = createInterface({ input: process.stdin }).on('close', () => process.exit());
const { accounts, systems } = JSON.parse((await once(input, 'line'))[0]);

const pages = {
  client_id: 'pages',
  application_type: 'native', // its redirect may have any port
  token_endpoint_auth_method: 'none', // so PKCE it must be
  redirect_uris: ['http://127.0.0.1/callback', 'http://127.0.0.1/sign-in/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  id_token_signed_response_alg: 'ES256',
};
const systemClient = ([client_id, { jwk }]) => ({
  client_id,
  token_endpoint_auth_method: 'private_key_jwt',
  jwks: { keys: [jwk] },
  redirect_uris: [],
  response_types: [],
  grant_types: ['client_credentials'],
  id_token_signed_response_alg: 'ES256',
});

function newKeys() {
  const kinds = [['ec', { namedCurve: 'P-256' }], ['ed25519', {}]];
  return kinds.map(([kind, options]) => {
    const { privateKey } = generateKeyPairSync(kind, options);
    return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig' };
  });
}

/** With auth_time of the sign-in, not of the token: a refreshed one keeps it. */
function extraTokenClaims(ctx, token) {
  const { AuthorizationCode: code, RefreshToken: refresh } = ctx.oidc.entities;
  const signIn = code ?? refresh;
  return signIn ? { ...accounts[token.accountId], auth_time: signIn.authTime } : systems[token.clientId].claims;
}

let current = newKeys();
let old = [];
const remembered = createMemoryAdapter(); // whatever the keys: sessions, grants, what refreshes
let answer; // of the provider with the keys of now
const requests = {};

function restart(issuer) {
  answer = new Provider(issuer, {
    adapter: remembered,
    clients: [pages, ...Object.entries(systems).map(systemClient)],
    jwks: { keys: [...current, ...old] }, // it signs with the first that fits
    cookies: { keys: ['for tests'] },
    findAccount: (ctx, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
    claims: { openid: ['sub', ...new Set(Object.values(accounts).flatMap(Object.keys))] },
    conformIdTokenClaims: false, // an ID token says as much as an access token, and is still none
    extraTokenClaims,
    pkce: { required: () => true },
    ttl: { Grant: 86400, Interaction: 3600, Session: 86400, IdToken: TOKEN_SECONDS },
    features: {
      backchannelLogout: { enabled: true },
      clientCredentials: { enabled: true },
      devInteractions: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (ctx, resource, client) => ({
          scope: 'api',
          audience: resource, // a token for another API comes from here too
          accessTokenFormat: 'jwt',
          accessTokenTTL: TOKEN_SECONDS,
          jwt: { sign: { alg: systems[client.clientId]?.alg ?? 'ES256' } },
        }),
      },
    },
  }).callback();
}

/** What only a test may ask for. */
function ofTests(path, issuer) {
  if (path === '/test/rotate') [old, current] = [[...current, ...old], newKeys()];
  if (path === '/test/retire') old = [];
  if (path !== '/test/requests') restart(issuer);
  return { kids: current.map(({ kid }) => kid), requests };
}

const server = createServer((request, response) => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const path = new URL(request.url, issuer).pathname;
  if (path.startsWith('/test/')) {
    response.end(JSON.stringify(ofTests(path, issuer)));
  } else {
    requests[path] = (requests[path] ?? 0) + 1;
    answer(request, response);
  }
});
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  restart(issuer);
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
