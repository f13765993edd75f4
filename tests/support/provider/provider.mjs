// A certified OpenID provider on a free port of this machine, for the tests: the code flow alone, with PKCE enforced, and
// a page on which people sign in by name and password. Asked at /test/rotate it makes new keys; what is sent to
// /test/know are accounts more.
//
// It is given its accounts and clients as JSON in its one argument, and prints its issuer when it is ready.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import http from 'node:http';
import { Provider } from 'oidc-provider';

const { accounts, clients, claimsInIdToken, ways } = JSON.parse(process.argv[2]);

function makeKeys() {
  const kinds = [['rsa', { modulusLength: 2048 }], ['ec', { namedCurve: 'P-256' }], ['ed25519', {}]];
  return kinds.map(([kind, options]) => {
    const { privateKey } = generateKeyPairSync(kind, options);
    return { ...privateKey.export({ format: 'jwk' }), kid: randomUUID(), use: 'sig' };
  });
}

function makeProvider(issuer, keys) {
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys },
    clientAuthMethods: ways,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: !claimsInIdToken,
    cookies: { keys: [randomUUID()] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
    features: { devInteractions: { enabled: false } },
    findAccount(_, id) {
      const known = Object.values(accounts).find((each) => each.sub === id);
      const { password, ...claims } = known ?? {};
      return known && { accountId: id, claims: () => claims };
    },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    responseTypes: ['code'],
  });
  provider.on('server_error', (_, error) => console.error(error));
  return provider;
}

async function bodyOf(request) {
  let body = '';
  for await (const part of request) body += part;
  return body;
}

async function interact(request, response) {
  if (request.method !== 'POST') {
    const form = '<form method="post"><input name="login"><input name="password" type="password"><button></form>';
    response.setHeader('content-type', 'text/html').end(form);
    return;
  }
  const { params } = await provider.interactionDetails(request, response);
  const given = new URLSearchParams(await bodyOf(request));
  const account = accounts[given.get('login')];
  if (!account || account.password !== given.get('password')) {
    response.writeHead(403).end('Wrong name or password.');
    return;
  }
  const grant = new provider.Grant({ accountId: account.sub, clientId: params.client_id });
  grant.addOIDCScope(params.scope);
  const result = { login: { accountId: account.sub }, consent: { grantId: await grant.save() } };
  await provider.interactionFinished(request, response, result);
}

let keys = makeKeys();
let provider;

const server = http.createServer((request, response) => {
  if (request.url === '/test/rotate') {
    keys = [...makeKeys(), ...keys];
    provider = makeProvider(provider.issuer, keys);
    response.end('rotated');
  } else if (request.url === '/test/know') {
    bodyOf(request).then((body) => response.end(String(Object.keys(Object.assign(accounts, JSON.parse(body))).length)));
  } else if (request.url.startsWith('/interaction/')) {
    interact(request, response).catch((error) => response.writeHead(400).end(String(error)));
  } else {
    provider.callback()(request, response);
  }
});

server.listen(0, '127.0.0.1', () => {
  provider = makeProvider(`http://127.0.0.1:${server.address().port}`, keys);
  console.log(provider.issuer);
});
